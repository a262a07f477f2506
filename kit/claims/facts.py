"""Facts: counts of what was received. A fact has no interval and makes no claim."""

from __future__ import annotations

from kit.locale import N_

FACTS: dict[str, str] = {
    "accounts": N_("accounts received"),
    "accounts_posting": N_("accounts with at least one post in the period"),
    "accounts_silent": N_("accounts without a post in the period"),
    "followers_mean": N_("mean number of followers, all accounts"),
    "followers_mean_posting": N_("mean number of followers, accounts that posted"),
    "creation_peak_day": N_("accounts made on the day on which most were made"),
    "posts": N_("posts in the period"),
    "repost_share": N_("share of posts that are reposts"),
    "engagement_per_post": N_("likes, replies, reposts and quotes received per post"),
    "zero_engagement_share": N_("share of posts without any engagement"),
    "zero_engagement_share_original": N_("share of posts without any engagement, reposts left out"),
    "reply_share_original": N_("share of original posts that answer others"),
    "replied_to_accounts": N_("accounts answered"),
    "targeted_posts_5": N_("posts that drew at least 5 replies from the group"),
    "targeted_posts_5_accounts": N_("posts that drew replies from at least 5 accounts of the group"),
    "posts_with_text": N_("posts with text"),
    "posts_same_text": N_("posts whose exact text another post of the group has"),
    "posts_same_text_beyond_first": N_("posts whose exact text the group had posted before"),
    "posts_same_text_original": N_("posts whose exact text another post of the group has, reposts left out"),
    "weekend_share": N_("share of posts on Saturdays and Sundays"),
    "media_placements": N_("placements of images, videos and sounds"),
    "media_posts": N_("posts with an image, a video or a sound"),
    "media_accounts": N_("accounts that place images, videos or sounds"),
}

UNITS: dict[str, str] = {
    "accounts": N_("accounts"),
    "posts": N_("posts"),
    "followers per account": N_("followers per account"),
    "engagements per post": N_("engagements per post"),
    "share of posts": N_("share of posts"),
    "share of original posts": N_("share of original posts"),
    "share of accounts": N_("share of accounts"),
    "strength from 0 to 1": N_("strength from 0 to 1"),
    "accounts addressed": N_("accounts addressed"),
    "posts addressed": N_("posts addressed"),
    "share of posts answered": N_("share of posts answered"),
    "placements": N_("placements"),
    "placements per day": N_("placements per day"),
    "share of placements": N_("share of placements"),
    "share of posts that address somebody": N_("share of posts that address somebody"),
}

#: the sentence of any fact
SENTENCE = N_("{group}: {name}: {value}.")
SENTENCE_LABEL = N_("{group}: {name}: {value} ({label}).")
