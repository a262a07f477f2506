"""Formats of X beyond the archive and API v2: field values, and every shape that a tool has saved."""

from __future__ import annotations

import copy
import gzip
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import exports
import pytest
from exports import has, kept, lines, load, rejected, save, table
from worlds import desk, report

from kit import case as cases
from kit.errors import InputError, MetricError
from kit.ids import time_of
from kit.loaders import Record

A, B, C, D = "1394735776701816833", "1394735776701800001", "1394735776701700002", "1394735776701600003"
WHEN = "Tue May 18 19:24:56 +0000 2021"
EXACT = datetime(2021, 5, 18, 19, 24, 56, 760000)
ANCHOR = '<a href="https://app.invalid" rel="nofollow">Tool &amp; Co</a>'

# --- API v1.1

USER: dict[str, Any] = {
    "id": 900000000000000001,
    "id_str": "900000000000000001",
    "screen_name": "Sample_One",
    "name": "Sample & One",
    "location": "",
    "description": "bio",
    "url": "https://t.invalid/u",
    "entities": {"url": {"urls": [{"url": "https://t.invalid/u", "expanded_url": "https://one.invalid"}]}},
    "created_at": "Wed Aug 05 10:00:01 +0000 2015",
    "followers_count": 5,
    "friends_count": 6,
    "statuses_count": 7,
    "lang": "zh-cn",
    "verified": False,
    "protected": True,
}
OTHER = {**USER, "id": 2, "id_str": "2", "screen_name": "other", "protected": False}
EMPTY: dict[str, Any] = {"hashtags": [], "urls": [], "user_mentions": []}
PHOTO = {"id_str": "71", "type": "photo", "media_url_https": "https://p.invalid/1.jpg", "ext_alt_text": "alt"}
VIDEO = {
    "id_str": "72",
    "type": "video",
    "media_url_https": "https://p.invalid/2.jpg",
    "video_info": {
        "variants": [
            {"content_type": "application/x-mpegURL", "url": "https://v.invalid/l"},
            {"bitrate": 256000, "url": "https://v.invalid/small"},
            {"bitrate": 2176000, "url": "https://v.invalid/big"},
        ]
    },
}
V1: dict[str, Any] = {
    "created_at": WHEN,
    # the number lost its last digits on the way, the text beside it did not
    "id": 1394735776701816800,
    "id_str": A,
    "text": "fish &amp; chips … https://t.invalid/cut",
    "truncated": True,
    "extended_tweet": {
        "full_text": "fish &amp; chips &amp;amp; &lt;b&gt; 😀 to the end #Straße",
        "entities": {
            "hashtags": [{"text": "Straße"}],
            "urls": [{"url": "https://t.invalid/1", "expanded_url": "https://a.invalid/1,2"}],
            "user_mentions": [{"id_str": "2", "screen_name": "other"}],
        },
        "extended_entities": {"media": [PHOTO, VIDEO]},
    },
    "source": ANCHOR,
    "user": USER,
    "in_reply_to_status_id_str": B,
    "in_reply_to_user_id_str": "2",
    "is_quote_status": True,
    "quoted_status_id_str": C,
    "quoted_status": {"id_str": C, "created_at": WHEN, "text": "q", "user": OTHER, "entities": EMPTY},
    "entities": {"hashtags": [], "urls": [{"url": "https://t.invalid/cut"}], "user_mentions": []},
    "favorite_count": 1,
    "retweet_count": 2,
    "reply_count": 3,
    "quote_count": 4,
    "lang": "in",
    "timestamp_ms": "1621365896760",
}
REPOST = {
    **{k: v for k, v in V1.items() if not k.startswith(("in_reply", "quoted", "extended"))},
    "id_str": D,
    "text": "RT @Sample_One: fish…",
    "truncated": False,
    "entities": {**EMPTY, "user_mentions": [{"id_str": "900000000000000001", "screen_name": "Sample_One"}]},
    "retweeted_status": V1,
    "user": OTHER,
}
MESSAGES = lines({"delete": {"status": {"id_str": "1"}}}) + "\n" + lines({"limit": {"track": 5}})

# --- web client

NEW_USER: dict[str, Any] = {
    "__typename": "User",
    "rest_id": "900000000000000001",
    "core": {"screen_name": "Sample_One", "name": "One", "created_at": "Wed Aug 05 10:00:01 +0000 2015"},
    "legacy": {},
    "relationship_counts": {"followers": 5, "following": 6},
    "tweet_counts": {"tweets": 7, "media_tweets": 1},
    "location": {"location": "somewhere"},
    "profile_bio": {
        "description": "bio",
        "entities": {"url": {"urls": [{"expanded_url": "https://b.invalid"}]}},
    },
    "website": {"url": "https://t.invalid/w"},
    "is_blue_verified": True,
    "verification": {"verified": False},
    "privacy": {"protected": False},
}
OLD_USER = {
    "__typename": "User",
    "rest_id": "2",
    "is_blue_verified": False,
    "legacy": {k: v for k, v in OTHER.items() if k not in ("id", "id_str", "lang", "verified")},
}
WEB: dict[str, Any] = {
    "__typename": "Tweet",
    "rest_id": A,
    "id": 1394735776701816800,
    "core": {"user_results": {"result": NEW_USER}},
    "source": ANCHOR,
    "views": {"count": "1234", "state": "EnabledWithCount"},
    "legacy": {
        "id_str": A,
        "user_id_str": "900000000000000001",
        "created_at": WHEN,
        "conversation_id_str": C,
        "full_text": "cut &amp; short…",
        "lang": "en",
        "in_reply_to_status_id_str": B,
        "in_reply_to_user_id_str": "2",
        "is_quote_status": True,
        "quoted_status_id_str": C,
        "entities": {**EMPTY, "hashtags": [{"text": "Short"}]},
        "extended_entities": {"media": [PHOTO]},
        "favorite_count": 1,
        "retweet_count": 2,
        "reply_count": 3,
        "quote_count": 4,
        "bookmark_count": 9,
    },
    "note_tweet": {
        "note_tweet_results": {
            "result": {
                "text": "cut &amp; short no more",
                "entity_set": {
                    **EMPTY,
                    "hashtags": [{"text": "Long"}],
                    "urls": [{"url": "https://t.invalid/1", "expanded_url": "https://a.invalid"}],
                    "user_mentions": [{"id_str": "2", "screen_name": "other"}],
                },
            }
        }
    },
    "quoted_status_result": {
        "result": {
            "__typename": "TweetWithVisibilityResults",
            "tweet": {
                "__typename": "Tweet",
                "rest_id": C,
                "core": {"user_results": {"result": OLD_USER}},
                "legacy": {
                    "id_str": C,
                    "user_id_str": "2",
                    "created_at": WHEN,
                    "full_text": "q",
                    "entities": EMPTY,
                },
            },
        }
    },
}
WEB_REPOST: dict[str, Any] = {
    "__typename": "Tweet",
    "rest_id": D,
    "core": {"user_results": {"result": OLD_USER}},
    "views": {"state": "Enabled"},
    "legacy": {
        "id_str": D,
        "user_id_str": "2",
        "created_at": WHEN,
        "conversation_id_str": D,
        "full_text": "RT @Sample_One: cut…",
        "is_quote_status": True,
        "entities": EMPTY,
        "favorite_count": 0,
        "retweet_count": 9,
        "retweeted_status_result": {"result": {"__typename": "TweetWithVisibilityResults", "tweet": WEB}},
    },
}


def response(*results: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A response of the site as it lists posts."""
    entries = [
        {"entryId": f"tweet-{n}", "content": {"itemContent": {"tweet_results": {"result": one}, **more}}}
        for n, one in enumerate(results)
    ]
    entries.append({"entryId": "cursor", "content": {"value": "x"}})
    return {"data": {"timeline": {"instructions": [{"type": "TimelineAddEntries", "entries": entries}]}}}


# --- snscrape

SNS_USER = {
    "_type": "snscrape.modules.twitter.User",
    "username": "Sample_One",
    "id": 900000000000000001,
    "displayname": "One",
    "rawDescription": "bio",
    "created": "2015-08-05T10:00:01+00:00",
    "followersCount": 5,
    "friendsCount": 6,
    "statusesCount": 7,
    "location": "",
    "verified": False,
    "protected": False,
    "link": {"text": "x", "url": "https://one.invalid", "tcourl": "https://t.invalid/u"},
}
SNS: dict[str, Any] = {
    "_type": "snscrape.modules.twitter.Tweet",
    "url": "https://twitter.com/Sample_One/status/" + A,
    "date": "2021-05-18T19:24:56+00:00",
    "rawContent": "fish &amp; chips",
    "renderedContent": "fish & chips",
    "id": int(A),
    "user": SNS_USER,
    "replyCount": 3,
    "retweetCount": 2,
    "likeCount": 1,
    "quoteCount": 4,
    "viewCount": 0,
    "conversationId": int(C),
    "lang": "en",
    "source": ANCHOR,
    "sourceLabel": "Tool & Co",
    "links": [{"text": "a", "url": "https://a.invalid", "tcourl": "https://t.invalid/1", "indices": [0, 1]}],
    "media": [
        {"_type": "snscrape.modules.twitter.Photo", "fullUrl": "https://p.invalid/1.jpg", "altText": "alt"},
        {
            "_type": "snscrape.modules.twitter.Video",
            "thumbnailUrl": "https://p.invalid/t.jpg",
            "variants": [
                {"url": "https://v.invalid/l", "bitrate": None},
                {"url": "https://v.invalid/b", "bitrate": 9},
            ],
        },
    ],
    "retweetedTweet": None,
    "quotedTweet": {"_type": "snscrape.modules.twitter.Tombstone", "id": int(C)},
    "inReplyToTweetId": int(B),
    "inReplyToUser": None,
    "mentionedUsers": [{"username": "other", "id": 2, "displayname": "Other"}],
    "hashtags": ["Straße"],
}
SNS_OLD = {
    **{k: v for k, v in SNS.items() if k not in ("rawContent", "links", "media", "hashtags", "quotedTweet")},
    "id": int(B),
    "content": "older &lt;b&gt;",
    "outlinks": ["https://a.invalid"],
    "tcooutlinks": ["https://t.invalid/1"],
    "inReplyToTweetId": None,
    "media": None,
    "hashtags": None,
    "quotedTweet": {**SNS, "id": int(C), "user": {**SNS_USER, "id": 2, "username": "other"}},
}

# --- personal archive

PERSONAL = [
    {
        "tweet": {
            "id": A,
            "id_str": A,
            "created_at": WHEN,
            "full_text": "fish &amp; chips #Tag",
            "source": ANCHOR,
            "lang": "en",
            "favorite_count": "1",
            "retweet_count": "2",
            "in_reply_to_status_id_str": B,
            "in_reply_to_user_id_str": "2",
            "entities": {
                **EMPTY,
                "hashtags": [{"text": "Tag"}],
                "user_mentions": [
                    {"id_str": "2", "screen_name": "other"},
                    {"id_str": "-1", "screen_name": "gone"},
                ],
            },
            "extended_entities": {
                "media": [
                    {
                        **VIDEO,
                        "video_info": {
                            "variants": [
                                {"bitrate": "9", "url": "https://v.invalid/9"},
                                {"bitrate": "10", "url": "https://v.invalid/10"},
                            ]
                        },
                    }
                ]
            },
        }
    },
    {
        "tweet": {
            "id_str": D,
            "created_at": WHEN,
            "full_text": "RT @other: fish…",
            "favorite_count": "0",
            "retweet_count": "50",
            "entities": {**EMPTY, "user_mentions": [{"id_str": "2", "screen_name": "other"}]},
        }
    },
]
ACCOUNT = [
    {
        "account": {
            "accountId": "900000000000000001",
            "username": "Sample_One",
            "accountDisplayName": "One",
            "email": "never@read.invalid",
            "phoneNumber": "+1",
            "createdAt": "2015-08-05T10:00:01.000Z",
        }
    }
]
TWEETS_JS = "window.YTD.tweets.part0 = " + json.dumps(PERSONAL, indent=2)
ACCOUNT_JS = "window.YTD.account.part0 = " + json.dumps(ACCOUNT)

# --- CSV of twarc

PLUGIN: dict[str, Any] = {
    "id": A,
    "conversation_id": C,
    "referenced_tweets.replied_to.id": B,
    "referenced_tweets.retweeted.id": "",
    "referenced_tweets.quoted.id": C,
    "author_id": "900000000000000001",
    "in_reply_to_user_id": "2",
    "in_reply_to_username": "other",
    "retweeted_user_id": "",
    "created_at": "2021-05-18T19:24:56.000Z",
    "text": 'fish &amp; chips\nline two, "quoted"',
    "lang": "in",
    "source": "Tool",
    "public_metrics.impression_count": "0",
    "public_metrics.reply_count": "3",
    "public_metrics.retweet_count": "2.0",
    "public_metrics.quote_count": "4",
    "public_metrics.like_count": "1",
    "edit_history_tweet_ids": json.dumps([A]),
    "withheld.country_codes": "",
    "entities.hashtags": json.dumps(["#Straße"]),
    "entities.mentions": json.dumps(["@other"]),
    "entities.urls": json.dumps(["https://a.invalid/1,2"]),
    "attachments.media": json.dumps(
        [
            {"media_key": "3_1", "type": "photo", "url": "https://p.invalid/1.jpg", "alt_text": "alt"},
            {
                "media_key": "7_2",
                "type": "video",
                "preview_image_url": "https://p.invalid/2.jpg",
                "variants": [{"bit_rate": 1, "url": "https://v.invalid/1"}],
            },
        ]
    ),
    "author.username": "Sample_One",
    "author.name": "One",
    "author.created_at": "2015-08-05T10:00:01.000Z",
    "author.description": "bio",
    "author.location": "",
    "author.url": "https://one.invalid",
    "author.protected": "False",
    "author.verified": "True",
    "author.public_metrics.followers_count": "5",
    "author.public_metrics.following_count": "6",
    "author.public_metrics.tweet_count": "7",
    "__twarc.retrieved_at": "2021-05-20T01:02:03+00:00",
}
PLUGIN_REPOST = {
    **PLUGIN,
    "id": D,
    "referenced_tweets.replied_to.id": "",
    "referenced_tweets.quoted.id": "",
    "referenced_tweets.retweeted.id": A,
    "retweeted_user_id": "900000000000000001",
    "author_id": "2",
    "in_reply_to_user_id": "",
    "text": "the whole original",
}
V1_CSV: dict[str, Any] = {
    "id": A,
    "tweet_url": "https://twitter.com/Sample_One/status/" + A,
    "created_at": WHEN,
    "parsed_created_at": "2021-05-18 19:24:56+00:00",
    "user_screen_name": "Sample_One",
    "text": "fish &amp; chips",
    "tweet_type": "reply",
    "hashtags": "Straße two",
    "media": "https://twitter.com/Sample_One/status/1/photo/1",
    "urls": "https://a.invalid https://b.invalid",
    "favorite_count": "1",
    "in_reply_to_status_id": B,
    "in_reply_to_user_id": "2",
    "lang": "und",
    "retweet_count": "2",
    "retweet_or_quote_id": C,
    "retweet_or_quote_user_id": "3",
    "source": ANCHOR,
    "user_id": "900000000000000001",
    "user_created_at": "Wed Aug 05 10:00:01 +0000 2015",
    "user_description": "bio",
    "user_followers_count": "5",
    "user_friends_count": "6",
    "user_location": "",
    "user_name": "One",
    "user_statuses_count": "7",
    "user_urls": "https://one.invalid",
    "user_verified": "False",
}
V1_CSV_REPOST = {
    **V1_CSV,
    "id": D,
    "tweet_type": "retweet",
    "in_reply_to_status_id": "",
    "in_reply_to_user_id": "",
}

# --- IO archive, the consolidated mirror

IO_HEAD = (
    "userid,user_display_name,user_screen_name,user_reported_location,user_profile_description,user_profile_url,"
    "follower_count,following_count,account_creation_date,account_language\n"
)
IO_MIRROR = (
    IO_HEAD
    + "900000000000000001,One,Sample_One,,,,1,22,7/3/2018,en\n"
    + "1.01421E+18,Two,Sample_Two,,,,,22,7/3/2018,en\n"
    + ",,,,,,,,,\n"
    + IO_HEAD
    + "3,Three,Sample_Three,,,,4,7,12/11/2018,en\n"
)

# --- what became of posts and accounts

GONE_POSTS: list[dict[str, Any]] = [
    {
        "id": A,
        "action": "delete",
        "created_at": "2021-05-18T19:24:56.760Z",
        "redacted_at": "2021-08-17T17:26:15.788Z",
        "reason": "suspended",
    },
    {"id": B, "action": "delete", "created_at": "2021-05-18T19:24:56.760Z", "reason": "protected"},
    {"id": C, "action": "scrub_geo", "created_at": "2021-05-18T19:24:56.760Z", "reason": "deleted"},
    {"id": D, "action": "bounce", "created_at": "2021-05-18T19:24:56.760Z", "reason": "deleted"},
    {"id": D, "action": "delete", "created_at": "2021-05-18T19:24:56.760Z", "reason": "tired"},
]
GONE_ACCOUNTS: list[dict[str, Any]] = [
    {"id": "1234567", "action": "delete", "created_at": "2013-06-04T16:25:04+00:00", "reason": "protected"},
    {
        "id": "900000000000000001",
        "action": "delete",
        "created_at": "2017-08-22T15:15:00.000Z",
        "redacted_at": "2021-08-17T17:26:15.788Z",
        "reason": "suspended",
    },
]
ATTRITION = [
    {"tweet_id": A, "user_id": "900000000000000001", "tweet_current_status": "suspended_user"},
    {"tweet_id": B, "user_id": "2", "tweet_current_status": "unavailable_retweet"},
    {"tweet_id": C, "user_id": "", "tweet_current_status": "available_tweet"},
    {"tweet_id": D, "user_id": "3", "tweet_current_status": "blocked_by_tweet_author"},
    {"tweet_id": A, "user_id": "3", "tweet_current_status": ""},
    {"tweet_id": A, "user_id": "3", "tweet_current_status": "gone_fishing"},
]

FIXTURES: dict[str, tuple[str, str | bytes]] = {
    "v1 lines": ("x_v1", MESSAGES + lines(V1, REPOST)),
    "v1 list": ("x_v1", json.dumps([V1, REPOST], indent=1)),
    "v1 gz": ("x_v1", gzip.compress(lines(V1, REPOST).encode())),
    "v1 messages alone": ("x_v1", MESSAGES),
    "web lines": ("x_web", lines(WEB, WEB_REPOST)),
    "web response": ("x_web", json.dumps(response(WEB, WEB_REPOST))),
    "web user": ("x_web_users", json.dumps({"data": {"user": {"result": NEW_USER}}})),
    "web users": ("x_web_users", lines(NEW_USER, OLD_USER)),
    "snscrape": ("x_snscrape", lines(SNS, SNS_OLD)),
    "personal": ("x_personal", TWEETS_JS),
    "personal old": ("x_personal", TWEETS_JS.replace("tweets.part0", "tweet.part12")),
    "personal account": ("x_personal_account", ACCOUNT_JS),
    "twarc-csv": ("x_twarc_csv", table([PLUGIN, PLUGIN_REPOST])),
    "twarc v1 csv": ("x_twarc_v1_csv", table([V1_CSV, V1_CSV_REPOST])),
    "io mirror": ("x_archive_accounts", IO_MIRROR),
    "compliance of posts": ("x_compliance", lines(*GONE_POSTS)),
    "compliance of accounts": ("x_compliance_accounts", lines(*GONE_ACCOUNTS)),
    "minet attrition": ("x_minet_attrition", table(ATTRITION)),
}


@pytest.mark.parametrize("name", FIXTURES)
def test_each_file_is_recognised_by_one_format_alone(tmp_path: Path, name: str) -> None:
    expected, data = FIXTURES[name]
    assert exports.recognised(save(tmp_path, "export", data)) == [expected]


# --- API v1.1


@pytest.mark.parametrize("name", ["v1 lines", "v1 list", "v1 gz"])
def test_v1(tmp_path: Path, name: str) -> None:
    source, _, found = load(save(tmp_path, "a", FIXTURES[name][1]))
    post, repost = kept(found)
    has(
        post.values,
        platform="x",
        post_id=A,
        account_id="900000000000000001",
        created_at=EXACT,
        time_source="identifier",
        time_precision="millisecond",
        kind="reply",
        is_reply=True,
        is_quote=True,
        is_repost=False,
        reply_to_id=B,
        reply_to_created_at=time_of("x_post", B),
        target_account_id="2",
        quoted_id=C,
        reposted_id=None,
        text="fish & chips &amp; <b> 😀 to the end #Straße",
        language="id",
        client="Tool & Co",
        likes=1,
        reposts=2,
        replies=3,
        quotes=4,
        captured_at=EXACT,
        hashtags=["strasse"],
        urls=[{"url": "https://t.invalid/1", "expanded_url": "https://a.invalid/1,2"}],
        mentions=[{"account_id": "2", "handle": "other"}],
        media=[
            {"media_id": "71", "kind": "image", "url": "https://p.invalid/1.jpg", "alt_text": "alt"},
            {"media_id": "72", "kind": "video", "url": "https://v.invalid/big", "alt_text": None},
        ],
    )
    has(
        post.author,
        account_id="900000000000000001",
        handle="Sample_One",
        display_name="Sample & One",
        bio="bio",
        location="",
        profile_url="https://one.invalid",
        created_at=datetime(2015, 8, 5, 10, 0, 1),
        created_precision="second",
        followers=5,
        following=6,
        posts_stated=7,
        profile_language="zh-CN",
        verified=False,
        status="private",
        captured_at=EXACT,
    )
    has(
        repost.values,
        post_id=D,
        account_id="2",
        kind="repost",
        is_repost=True,
        is_quote=False,
        is_reply=False,
        reposted_id=A,
        reposted_account_id="900000000000000001",
        quoted_id=None,
        text=post.values["text"],
        hashtags=["strasse"],
        likes=None,
        reposts=None,
    )
    # a repost of a quote holds both, and the quote by itself the other one
    assert [(r.number - repost.number, r.values["post_id"]) for r in kept(found, context=True)] == [
        (-1, C),
        (0, A),
        (0, C),
    ]
    if name == "v1 lines":
        assert source.warnings == {
            "messages of the stream that are no posts: delete": 1,
            "messages of the stream that are no posts: limit": 1,
            "blank lines, passed over": 1,
        }
        assert [r.line for r in (post, repost)] == [4, 5]


def test_v1_cut_gone_and_damaged(tmp_path: Path) -> None:
    cut = {
        k: v for k, v in V1.items() if k not in ("extended_tweet", "quoted_status", "quoted_status_id_str")
    }
    late = {**cut, "id_str": C, "created_at": "Tue May 18 21:25:56 +0200 2021", "truncated": False}
    source, _, found = load(
        save(
            tmp_path,
            "a",
            lines(
                cut,
                late,
                {**cut, "created_at": "Di Mai 18 19:24:56 +0000 2021"},
                {**cut, "id_str": 1.5},
                {k: v for k, v in cut.items() if k != "user"},
                {"what": 1},
                {**cut, "created_at": "Tue May 32 19:24:56 +0000 2021"},
            )
            + '{"id_str": "5", "created_',
        )
    )
    first, second, nobodys = kept(found)
    has(nobodys.values, account_id=None, post_id=first.values["post_id"])
    assert (nobodys.author, first.author is None) == (None, False), "an author that was cut off is not known"
    has(
        first.values, text="fish & chips … https://t.invalid/cut", is_quote=True, quoted_id=None, kind="reply"
    )
    has(
        second.values,
        created_at=datetime(2021, 5, 18, 19, 25, 56),
        time_source="field",
        time_precision="second",
    )
    assert [(r.number, r.field) for r in rejected(found)] == [
        (3, "created_at"),
        (4, "id_str"),
        (6, "id_str"),
        (7, "created_at"),
        (8, ""),
    ]
    assert source.warnings["texts that are cut: the whole is not in the file"] == 2
    assert source.warnings["time in the identifier differs from the time given; the time given was kept"] == 1


def test_v1_without_a_time_in_its_number(tmp_path: Path) -> None:
    old = {**V1, "id_str": "20", "created_at": "Tue Mar 21 20:50:14 +0000 2006"}
    (post,) = kept(load(save(tmp_path, "a", lines(old)))[2])
    has(
        post.values,
        created_at=datetime(2006, 3, 21, 20, 50, 14),
        time_source="field",
        time_precision="second",
    )


# --- web client


@pytest.mark.parametrize("name", ["web lines", "web response"])
def test_web(tmp_path: Path, name: str) -> None:
    _, _, found = load(save(tmp_path, "a", FIXTURES[name][1]))
    post, repost = kept(found)
    has(
        post.values,
        post_id=A,
        account_id="900000000000000001",
        created_at=EXACT,
        time_source="identifier",
        kind="reply",
        is_reply=True,
        is_quote=True,
        reply_to_id=B,
        target_account_id="2",
        quoted_id=C,
        root_id=C,
        text="cut & short no more",
        client="Tool & Co",
        likes=1,
        reposts=2,
        replies=3,
        quotes=4,
        views=1234,
        captured_at=None,
        hashtags=["long"],
        urls=[{"url": "https://t.invalid/1", "expanded_url": "https://a.invalid"}],
        mentions=[{"account_id": "2", "handle": "other"}],
        media=[{"media_id": "71", "kind": "image", "url": "https://p.invalid/1.jpg", "alt_text": "alt"}],
    )
    new, old = post.author, repost.author
    has(
        new,
        handle="Sample_One",
        display_name="One",
        bio="bio",
        location="somewhere",
        profile_url="https://b.invalid",
        created_at=datetime(2015, 8, 5, 10, 0, 1),
        followers=5,
        following=6,
        posts_stated=7,
        verified=True,
        status="active",
    )
    has(
        old,
        account_id="2",
        handle="other",
        display_name="Sample & One",
        bio="bio",
        location="",
        profile_url="https://one.invalid",
        created_at=datetime(2015, 8, 5, 10, 0, 1),
        followers=5,
        following=6,
        posts_stated=7,
        verified=False,
    )
    has(
        repost.values,
        kind="repost",
        is_quote=False,
        reposted_id=A,
        reposted_account_id="900000000000000001",
        text="cut & short no more",
        hashtags=["long"],
        likes=None,
        views=None,
    )
    assert {r.values["post_id"] for r in kept(found, context=True)} == {A, C}


def test_web_posts_that_are_gone_promoted_or_half_empty(tmp_path: Path) -> None:
    bare = copy.deepcopy(WEB)
    bare["core"] = {"user_results": {}}
    address = "https://twitter.com/Sample_One/status/%s/photo/1"
    bare["legacy"]["extended_entities"]["media"][0] = {**PHOTO, "expanded_url": address % A}
    bare["views"]["count"] = "0"
    bare["quoted_status_result"] = {"result": {"__typename": "TweetTombstone", "tombstone": {}}}
    borrowed = copy.deepcopy(bare)
    borrowed["legacy"]["extended_entities"]["media"][0]["expanded_url"] = address % B
    lost = {**copy.deepcopy(WEB), "rest_id": None}
    del lost["legacy"]["id_str"]
    _, _, found = load(
        save(
            tmp_path,
            "a",
            lines(
                bare,
                borrowed,
                {"__typename": "TweetTombstone", "tombstone": {"text": {"text": "gone"}}},
                {**WEB, "promoted": True},
                lost,
            ),
        )
    )
    first, second = kept(found)
    has(first.author, account_id="900000000000000001", handle="Sample_One")
    assert second.author is not None
    assert second.author["handle"] is None
    has(first.values, is_quote=True, quoted_id=C, views=None)  # 0 from before views were counted
    assert kept(found, context=True) == []
    assert [(r.number, r.field) for r in rejected(found)] == [
        (3, "__typename"),
        (4, "promoted"),
        (5, "legacy.id_str"),
    ]


def test_web_response_keeps_promoted_posts_apart_and_counts_each_post_once(tmp_path: Path) -> None:
    page = response(WEB, {})
    page["data"]["ad"] = response(WEB_REPOST, promotedMetadata={"x": 1})["data"]
    _, _, found = load(save(tmp_path, "a", json.dumps(page)))
    assert [r.values["post_id"] for r in kept(found)] == [A]
    (ad,) = rejected(found)
    assert "advertisement" in ad.reason
    assert json.loads(ad.raw)["tweet_results"]["result"]["rest_id"] == D


def test_web_oldest_layout(tmp_path: Path) -> None:
    old = {
        "id": 1,
        "type": "adaptive",
        "legacy": {**V1, "full_text": "x", "user_id_str": USER["id_str"]},
        "user": USER,
    }
    (post,) = kept(load(save(tmp_path, "a", lines(old)))[2])
    has(post.values, post_id=A, account_id=USER["id_str"], client="Tool & Co")
    has(post.author, handle="Sample_One", followers=5)


ABOUT = {
    "account_based_in": "Somewhere",
    "affiliate_username": "other",
    "created_country_accurate": True,
    "location_accurate": False,
    "source": "Somewhere App Store",
    "username_changes": {"count": "3", "last_changed_at_msec": "1690335192280"},
}


def about_response(**about: Any) -> str:
    user = {**NEW_USER, "about_profile": about}
    return json.dumps({"data": {"user_result_by_screen_name": {"result": user}}})


def test_about_this_account_is_kept(tmp_path: Path) -> None:
    source, format_, (account,) = load(save(tmp_path, "a", about_response(**ABOUT)))
    assert isinstance(account, Record)
    assert format_.name == "x_web_users"
    has(
        account.values,
        account_id="900000000000000001",
        handle="Sample_One",
        location="somewhere",
        based_in="Somewhere",
        based_in_accurate=False,
        created_in_accurate=True,
        connected_via="Somewhere App Store",
        handle_changes=3,
        handle_changed_at=datetime(2023, 7, 26, 1, 33, 12, 280000),
    )
    assert not source.warnings


def test_about_this_account_without_changes_or_out_of_shape(tmp_path: Path) -> None:
    never = about_response(username_changes={"count": "0", "last_changed_at_msec": "0"})
    (account,) = kept(load(save(tmp_path, "a", never))[2])
    has(account.values, based_in=None, based_in_accurate=None, handle_changes=0, handle_changed_at=None)
    (account,) = kept(load(save(tmp_path, "b", about_response(account_based_in="")))[2])
    has(account.values, based_in=None, handle_changes=None, handle_changed_at=None)
    (bad,) = rejected(load(save(tmp_path, "c", about_response(username_changes={"count": "many"})))[2])
    assert (bad.field, bad.found) == ("about_profile.username_changes.count", "many")


def test_about_this_account_goes_through_the_case_and_stays_out_of_public(tmp_path: Path) -> None:
    """The profile seen before and the one seen after its country changed are one account."""
    moved = {**ABOUT, "account_based_in": "Elsewhere"}
    plain = json.dumps({"data": {"user_result_by_screen_name": {"result": NEW_USER}}})
    for name, text in (("1", plain), ("2", about_response(**ABOUT)), ("3", about_response(**moved))):
        save(tmp_path, f"received/{name}.json", text)
    with desk(tmp_path):
        report(tmp_path, "about", exports=[{"path": str(tmp_path / "received"), "group": "context"}])
        case = cases.open("about", edition="internal")
        public = cases.open("about")
    names = "based_in, based_in_accurate, created_in_accurate, connected_via, handle_changes"
    (row,) = case.sql(f"SELECT {names}, handle_changed_at FROM accounts").itertuples(index=False)
    assert tuple(row)[:5] == ("Somewhere", False, True, "Somewhere App Store", 3)
    assert row.handle_changed_at == datetime(2023, 7, 26, 1, 33, 12, 280000)
    seen = case.sql("SELECT value FROM observations WHERE field = 'based_in' ORDER BY ALL")
    assert seen["value"].tolist() == ["Elsewhere", "Somewhere"]
    books = case.sql("SELECT sum(kept)::INT AS kept, sum(observations)::INT AS again FROM accounting")
    assert books.values.tolist() == [[1, 2]]
    with pytest.raises(MetricError):
        public.sql("SELECT based_in FROM accounts")
    with pytest.raises(MetricError):
        public.sql("SELECT connected_via, handle_changed_at FROM accounts")
    assert public.sql("SELECT handle_changes, based_in_accurate FROM accounts").values.tolist() == [
        [3, False]
    ]


# --- snscrape


def test_snscrape(tmp_path: Path) -> None:
    _, _, found = load(save(tmp_path, "a", lines(SNS, SNS_OLD)))
    post, old = kept(found)
    has(
        post.values,
        post_id=A,
        account_id="900000000000000001",
        created_at=EXACT,
        time_source="identifier",
        kind="reply",
        is_reply=True,
        is_quote=True,
        reply_to_id=B,
        target_account_id=None,
        quoted_id=C,
        root_id=C,
        text="fish & chips",
        client="Tool & Co",
        likes=1,
        reposts=2,
        replies=3,
        quotes=4,
        views=None,
        hashtags=["strasse"],
        urls=[{"url": "https://t.invalid/1", "expanded_url": "https://a.invalid"}],
        mentions=[{"account_id": "2", "handle": "other"}],
        media=[
            {
                "media_id": "https://p.invalid/1.jpg",
                "kind": "image",
                "url": "https://p.invalid/1.jpg",
                "alt_text": "alt",
            },
            {
                "media_id": "https://v.invalid/b",
                "kind": "video",
                "url": "https://v.invalid/b",
                "alt_text": None,
            },
        ],
    )
    has(
        post.author,
        handle="Sample_One",
        display_name="One",
        bio="bio",
        profile_url="https://one.invalid",
        created_at=datetime(2015, 8, 5, 10, 0, 1),
        followers=5,
        following=6,
        posts_stated=7,
        verified=False,
        status="active",
    )
    has(
        old.values,
        post_id=B,
        kind="quote",
        quoted_id=C,
        text="older <b>",
        urls=[{"url": "https://t.invalid/1", "expanded_url": "https://a.invalid"}],
        hashtags=[],
        media=[],
    )
    assert [(r.number, r.values["post_id"], r.values["account_id"]) for r in kept(found, context=True)] == [
        (2, C, "2")
    ]


# --- personal archive


@pytest.mark.parametrize("where", ["folder", "zip", "stated"])
def test_personal(tmp_path: Path, where: str) -> None:
    options: dict[str, Any] = {}
    if where == "folder":
        save(tmp_path, "data/account.js", ACCOUNT_JS)
        path = save(tmp_path, "data/tweets.js", TWEETS_JS)
    elif where == "zip":
        path = tmp_path / "a.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("data/tweets.js", TWEETS_JS + ";\n")
            archive.writestr("data/account.js", ACCOUNT_JS)
    else:
        path = save(tmp_path, "tweets.js", TWEETS_JS)
        options = {"constants": {"account_id": "900000000000000001"}}
    found: list[Any] = []
    from kit import loaders

    for source, format_, items in loaders.open_exports(path, options):
        if format_.name == "x_personal":
            found = list(items)
            assert list(source.warnings) == [
                "reposts known only by 'RT @', their text cut and their original not named"
            ]
    assert rejected(found) == []
    post, repost = kept(found)
    for item in found:
        exports.conforms(item)
    assert (post.number, repost.number) == (1, 2)
    has(
        post.values,
        post_id=A,
        account_id="900000000000000001",
        created_at=EXACT,
        time_source="identifier",
        kind="reply",
        reply_to_id=B,
        target_account_id="2",
        text="fish & chips #Tag",
        client="Tool & Co",
        likes=1,
        reposts=2,
        replies=None,
        is_quote=None,
        hashtags=["tag"],
        mentions=[{"account_id": "2", "handle": "other"}, {"account_id": None, "handle": "gone"}],
        media=[{"media_id": "72", "kind": "video", "url": "https://v.invalid/10", "alt_text": None}],
    )
    has(repost.values, kind="repost", is_repost=True, reposted_id=None, reposted_account_id="2", reposts=None)
    if where != "stated":
        has(post.author, handle="Sample_One", display_name="One", created_at=datetime(2015, 8, 5, 10, 0, 1))
    assert "never@read" not in repr(found)


def test_personal_account(tmp_path: Path) -> None:
    _, _, found = load(save(tmp_path, "account.js", ACCOUNT_JS))
    (account,) = found
    assert isinstance(account, Record)
    assert account.table == "accounts"
    has(account.values, account_id="900000000000000001", handle="Sample_One", created_precision="second")
    assert "+1" not in repr(account.values)


def test_personal_without_its_owner_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"tweets\.js: nothing says whose posts these are.*account\.js"):
        load(save(tmp_path, "tweets.js", TWEETS_JS))
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("tweets.js", TWEETS_JS)
    with pytest.raises(InputError, match="nothing says whose posts"):
        load(archive)


def test_personal_is_never_evaluated(tmp_path: Path) -> None:
    evil = 'window.YTD.tweets.part0 = [ {"tweet": require("fs")}, ' + json.dumps(PERSONAL[0]) + "]"
    _, _, found = load(save(tmp_path, "tweets.js", evil), constants={"account_id": "1"})
    assert [r.values["post_id"] for r in kept(found)] == [A]
    (bad,) = rejected(found)
    assert (bad.number, bad.reason[:8]) == (1, "not JSON")


# --- CSV of twarc


def test_twarc_csv(tmp_path: Path) -> None:
    _, _, found = load(save(tmp_path, "a.csv", table([PLUGIN, PLUGIN_REPOST])))
    post, repost = kept(found)
    has(
        post.values,
        post_id=A,
        account_id="900000000000000001",
        created_at=EXACT,
        time_source="identifier",
        kind="reply",
        is_reply=True,
        is_quote=True,
        is_repost=False,
        reply_to_id=B,
        quoted_id=C,
        root_id=C,
        target_account_id="2",
        text='fish & chips\nline two, "quoted"',
        language="id",
        client="Tool",
        likes=1,
        reposts=2,
        replies=3,
        quotes=4,
        views=None,
        captured_at=datetime(2021, 5, 20, 1, 2, 3),
        hashtags=["strasse"],
        urls=[{"url": "https://a.invalid/1,2", "expanded_url": None}],
        mentions=[{"account_id": None, "handle": "other"}],
        media=[
            {"media_id": "3_1", "kind": "image", "url": "https://p.invalid/1.jpg", "alt_text": "alt"},
            {"media_id": "7_2", "kind": "video", "url": "https://v.invalid/1", "alt_text": None},
        ],
    )
    has(
        post.author,
        handle="Sample_One",
        display_name="One",
        bio="bio",
        profile_url="https://one.invalid",
        created_at=datetime(2015, 8, 5, 10, 0, 1),
        followers=5,
        following=6,
        posts_stated=7,
        verified=True,
        status="active",
    )
    has(
        repost.values,
        kind="repost",
        reposted_id=A,
        reposted_account_id="900000000000000001",
        text="the whole original",
        likes=None,
        reposts=None,
    )


def test_twarc_csv_whole_entities_and_damage(tmp_path: Path) -> None:
    whole = {
        **PLUGIN,
        "entities.hashtags": json.dumps([{"tag": "Tag", "start": 0}]),
        "entities.mentions": json.dumps([{"username": "other", "id": "2"}]),
        "entities.urls": '[{"expanded_url": "https://a.invalid/\\ud800"}]',
        "edit_history_tweet_ids": json.dumps([B, A]),
    }
    source, _, found = load(
        save(
            tmp_path,
            "a.csv",
            table(
                [
                    whole,
                    {**PLUGIN, "id": "1.39474E+18"},
                    {**PLUGIN, "referenced_tweets.quoted.id": "1394735776701816833.0"},
                    {**PLUGIN, "entities.hashtags": "['#a']"},
                    dict(zip(PLUGIN, PLUGIN, strict=True)),
                    {**PLUGIN, "author_id": ""},
                ]
            ),
        )
    )
    post, nobody = kept(found)
    has(nobody.values, account_id=None)
    has(
        post.values,
        hashtags=["tag"],
        mentions=[{"account_id": "2", "handle": "other"}],
        urls=[{"url": "https://a.invalid/\ufffd", "expanded_url": None}],
    )
    assert [r.field for r in rejected(found)] == [
        "id",
        "referenced_tweets.quoted.id",
        "entities.hashtags",
        "id",
    ]
    assert "header again" in rejected(found)[3].reason
    assert source.warnings["posts that were edited: each version in the file counts as a post"] == 1


def test_twarc_v1_csv(tmp_path: Path) -> None:
    source, _, found = load(
        save(tmp_path, "a.csv", table([V1_CSV, V1_CSV_REPOST, {**V1_CSV, "tweet_type": "?"}]))
    )
    post, repost = kept(found)
    has(
        post.values,
        post_id=A,
        created_at=EXACT,
        kind="reply",
        is_reply=True,
        is_quote=True,
        reply_to_id=B,
        target_account_id="2",
        quoted_id=C,
        reposted_id=None,
        text="fish & chips",
        language="und",
        client="Tool & Co",
        likes=1,
        reposts=2,
        hashtags=["strasse", "two"],
        urls=[
            {"url": "https://a.invalid", "expanded_url": None},
            {"url": "https://b.invalid", "expanded_url": None},
        ],
    )
    has(
        post.author,
        handle="Sample_One",
        display_name="One",
        bio="bio",
        created_at=datetime(2015, 8, 5, 10, 0, 1),
        followers=5,
        following=6,
        posts_stated=7,
        verified=False,
    )
    has(repost.values, kind="repost", reposted_id=C, reposted_account_id="3", is_quote=False, likes=None)
    assert [r.field for r in rejected(found)] == ["tweet_type"]
    assert source.warnings == {"texts of reposts are cut at about 140 characters": 1}


# --- IO archive, the consolidated mirror


def test_consolidated_mirror(tmp_path: Path) -> None:
    path = save(tmp_path, "ioa_users.csv", IO_MIRROR)
    _, _, found = load(path, time={"format": "%m/%d/%Y"})
    assert [(r.values["account_id"], r.values["created_at"]) for r in kept(found)] == [
        ("900000000000000001", datetime(2018, 7, 3)),
        ("3", datetime(2018, 12, 11)),
    ]
    assert [(r.number, r.field) for r in rejected(found)] == [
        (2, "userid"),
        (3, "userid"),
        (4, rejected(found)[2].field),
    ]
    assert "scientific notation" in rejected(found)[0].reason
    _, _, undeclared = load(path)
    assert kept(undeclared) == []
    assert "order nobody declared" in rejected(undeclared)[0].reason


# --- nothing stops a loader


@pytest.mark.parametrize("name", ["x_v1", "x_web", "x_web_users", "x_snscrape", "x_personal"])
def test_any_value_anywhere_gives_a_record_or_a_rejection(tmp_path: Path, name: str) -> None:
    whole = {"x_v1": REPOST, "x_web": WEB_REPOST, "x_web_users": NEW_USER, "x_snscrape": SNS_OLD}.get(name)
    whole = PERSONAL[0] if whole is None else whole
    copies = exports.wrecked(whole)
    text = lines(*copies)
    if name == "x_personal":
        text = "window.YTD.tweets.part0 = " + json.dumps(copies)
    path = save(tmp_path, "a", text)
    _, _, found = load(path, format=name, constants={"account_id": "1"})
    assert len([r for r in found if not (isinstance(r, Record) and r.context)]) == len(copies)


# --- what became of posts and accounts


def test_compliance_of_posts(tmp_path: Path) -> None:
    source, format_, found = load(save(tmp_path, "a", lines(*GONE_POSTS)))
    assert format_.name == "x_compliance"
    suspended, protected = kept(found)
    has(
        suspended.values,
        post_id=A,
        created_at=EXACT,
        time_source="identifier",
        time_stated=True,
        status="removed",
        captured_at=datetime(2021, 8, 17, 17, 26, 15, 788000),
        text=None,
        kind=None,
        account_id=None,
    )
    has(protected.values, post_id=B, status="private", captured_at=None)
    assert [(r.number, r.field, r.found) for r in rejected(found)] == [
        (3, "action", "bounce"),
        (4, "reason", "tired"),
    ]
    assert source.warnings == {"lines about the place of a post alone (scrub_geo)": 1}


def test_compliance_of_accounts(tmp_path: Path) -> None:
    _, format_, found = load(save(tmp_path, "a", lines(*GONE_ACCOUNTS)))
    assert format_.name == "x_compliance_accounts"
    first, second = kept(found)
    has(
        first.values,
        account_id="1234567",
        status="private",
        created_at=datetime(2013, 6, 4, 16, 25, 4),
        created_precision="second",
    )
    has(second.values, status="suspended", captured_at=datetime(2021, 8, 17, 17, 26, 15, 788000))


def test_attrition(tmp_path: Path) -> None:
    source, format_, found = load(save(tmp_path, "a", table(ATTRITION)))
    assert format_.name == "x_minet_attrition"
    suspended, repost, there, blocked = kept(found)
    has(suspended.values, post_id=A, account_id="900000000000000001", status="removed", time_stated=False)
    assert suspended.author == {"platform": "x", "account_id": "900000000000000001", "status": "suspended"}
    has(repost.values, status="removed")
    has(there.values, account_id=None, status="available")
    has(blocked.values, status=None)
    assert [r.author for r in (repost, there, blocked)] == [None] * 3
    assert [(r.number, r.field, r.found) for r in rejected(found)] == [
        (5, "tweet_current_status", ""),
        (6, "tweet_current_status", "gone_fishing"),
    ]
    assert source.warnings == {"posts whose author blocks whoever asked: their state is not known": 1}


def test_what_became_of_a_post_is_an_observation_of_it(tmp_path: Path) -> None:
    """The post keeps its text, the account the state in which it was seen first."""
    save(tmp_path, "received/a.json", lines(V1))
    save(tmp_path, "received/b.csv", table(ATTRITION[:1]).replace("900000000000000001", V1["user"]["id_str"]))
    save(tmp_path, "received/c.jsonl", lines(*GONE_POSTS[:1]))
    with desk(tmp_path):
        report(tmp_path, "gone", exports=[{"path": str(tmp_path / "received"), "group": "studied"}])
        case = cases.open("gone", edition="internal")
    assert case.sql("SELECT kind, text IS NOT NULL AS said FROM posts").values.tolist() == [["reply", True]]
    seen = case.sql(
        """SELECT "table", value, CAST(captured_at AS VARCHAR) AS at FROM observations
           WHERE field = 'status' ORDER BY ALL"""
    )
    assert seen.astype(object).where(seen.notna(), None).values.tolist() == [
        ["accounts", "suspended", None],
        ["posts", "removed", "2021-08-17 17:26:15.788"],
        ["posts", "removed", None],
    ]
    assert not [warning for warning in case.manifest["warnings"] if "state alone" in warning]


def test_posts_known_by_their_state_alone_are_counted(tmp_path: Path) -> None:
    path = save(tmp_path, "received/b.csv", table(ATTRITION[:3]))
    with desk(tmp_path):
        report(tmp_path, "alone", exports=[{"path": str(path), "group": "context"}])
        case = cases.open("alone", edition="internal")
    rows = case.sql("SELECT status, text, kind FROM posts ORDER BY post_id DESC")
    assert rows["status"].tolist() == ["removed", "removed", "available"]
    assert rows["text"].isna().all()
    assert [warning for warning in case.manifest["warnings"] if "state alone" in warning] == [
        "3 posts are known by their state alone: no other export holds them, and their kind is a guess"
    ]
    states = case.sql("SELECT account_id, status FROM accounts ORDER BY 1")
    assert states.astype(object).where(states.notna(), None).values.tolist() == [
        ["2", None],
        ["900000000000000001", "suspended"],
    ]


# --- real files

_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def stated(written: str) -> datetime:
    _, month, day, clock, zone, year = written.split()
    assert zone == "+0000"
    hour, minute, second = map(int, clock.split(":"))
    return datetime(int(year), _MONTHS.index(month) + 1, int(day), hour, minute, second)


@pytest.mark.real
def test_real_v1(real_data: Path) -> None:
    path = real_data / "format-samples" / "twitter-v11-json" / "stream-excerpt.jsonl"
    _, format_, found = load(path)
    assert format_.name == "x_v1"
    assert rejected(found) == []
    raw = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    assert [r.values["post_id"] for r in kept(found)] == [one["id_str"] for one in raw]
    for record, one in zip(kept(found), raw, strict=True):
        value = record.values
        assert value["account_id"] == one["user"]["id_str"]
        assert value["created_at"].replace(microsecond=0) == stated(one["created_at"])
        milli = datetime.fromtimestamp(int(one["timestamp_ms"]) / 1000, UTC).replace(tzinfo=None)
        assert abs((value["created_at"] - milli).total_seconds()) < 0.001
        assert value["reply_to_id"] == one["in_reply_to_status_id_str"]
        assert value["target_account_id"] == one["in_reply_to_user_id_str"]
        assert value["reposted_id"] == one.get("retweeted_status", {}).get("id_str")
        assert record.author is not None
        assert record.author["followers"] == one["user"]["followers_count"]
        assert record.author["created_at"] == stated(one["user"]["created_at"])
        if "retweeted_status" not in one:
            assert (value["likes"], value["reposts"]) == (one["favorite_count"], one["retweet_count"])
            assert value["quoted_id"] == one.get("quoted_status_id_str")
        inner = one.get("retweeted_status", one)
        full = inner.get("extended_tweet", inner)
        text = full.get("full_text") or full["text"]
        assert value["text"] == text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        assert len(value["media"]) == len(full.get("extended_entities", {}).get("media", []))


@pytest.mark.real
def test_real_web(real_data: Path) -> None:
    folder = real_data / "format-samples" / "twitter-graphql-raw"
    path = folder / "tweet_results_first5.ndjson"
    _, format_, found = load(path)
    assert (format_.name, rejected(found)) == ("x_web", [])
    raw = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    for record, one in zip(kept(found), raw, strict=True):
        legacy, user = one["legacy"], one["core"]["user_results"]["result"]
        has(
            record.values,
            post_id=one["rest_id"],
            account_id=legacy["user_id_str"],
            root_id=legacy["conversation_id_str"],
            reply_to_id=legacy.get("in_reply_to_status_id_str"),
            likes=legacy["favorite_count"],
            replies=legacy["reply_count"],
            views=int(one["views"]["count"]),
        )
        assert record.values["created_at"].replace(microsecond=0) == stated(legacy["created_at"])
        has(
            record.author,
            handle=user["core"]["screen_name"],
            followers=user["relationship_counts"]["followers"],
            created_at=stated(user["core"]["created_at"]),
        )


@pytest.mark.real
def test_real_web_responses(real_data: Path) -> None:
    folder = real_data / "format-samples" / "twitter-graphql-raw"
    expected = {
        "_issue_42.json": (1, 1),
        "card_audiospace.json": (1, 1),
        "manual_tweet_with_video_1.json": (11, 0),
    }
    for name, (posts, context) in expected.items():
        _, format_, found = load(folder / name)
        assert (format_.name, rejected(found)) == ("x_web", [])
        assert (len(kept(found)), len(kept(found, context=True))) == (posts, context)
        raw = (folder / name).read_text(encoding="utf-8")
        for record in kept(found):
            assert f'"rest_id": "{record.values["post_id"]}"' in raw.replace('":"', '": "')
            # the older layout of profiles
            assert record.author is not None
            assert record.author["handle"]
    whole = json.loads((folder / "_issue_42.json").read_text(encoding="utf-8"))
    result = whole["content"]["itemContent"]["tweet_results"]["result"]
    other = result["legacy"]["retweeted_status_result"]["result"]
    (repost,) = kept(load(folder / "_issue_42.json")[2])
    has(repost.values, post_id=result["rest_id"], reposted_id=other["rest_id"], kind="repost")
    has(repost.author, followers=result["core"]["user_results"]["result"]["legacy"]["followers_count"])
    for name in ("raw_user_about.json", "raw_user_by_login.json"):
        source, format_, found = load(folder / name)
        (account,) = kept(found)
        assert format_.name == "x_web_users"
        assert account.values["account_id"] == "2244994945"
        assert account.values["created_at"] == datetime(2013, 12, 14, 4, 35, 55)
        assert not source.warnings
        result = json.loads((folder / name).read_text(encoding="utf-8"))["data"]
        about = next(iter(result.values()))["result"].get("about_profile") or {}
        assert bool(about) == ("about" in name)
        changes = about.get("username_changes") or {}
        has(
            account.values,
            based_in=about.get("account_based_in"),
            based_in_accurate=about.get("location_accurate"),
            created_in_accurate=about.get("created_country_accurate"),
            connected_via=about.get("source"),
            handle_changes=int(changes["count"]) if changes else None,
        )
        if changes:
            moment = account.values["handle_changed_at"].replace(tzinfo=UTC)
            assert round(moment.timestamp() * 1000) == int(changes["last_changed_at_msec"])


@pytest.mark.real
def test_real_compliance(real_data: Path) -> None:
    folder = real_data / "format-samples" / "twitter-twarc2-jsonl"
    states = {"protected": "private", "deactivated": "removed", "suspended": "removed", "deleted": "removed"}
    for name, format_name in (("tweets", "x_compliance"), ("users", "x_compliance_accounts")):
        path = folder / f"{name}_compliance.jsonl"
        told = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        _, format_, found = load(path)
        assert (format_.name, len(found), rejected(found)) == (format_name, len(told), [])
        for record, line in zip(kept(found), told, strict=True):
            value = record.values
            assert value.get("post_id", value.get("account_id")) == line["id"]
            assert value["created_at"] == datetime.fromisoformat(line["created_at"]).replace(tzinfo=None)
            assert name == "users" or value["status"] == states[line["reason"]]
            removed = line.get("redacted_at")
            when = datetime.fromisoformat(removed).replace(tzinfo=None) if removed else None
            assert value["captured_at"] == when


@pytest.mark.real
def test_real_archive_mirror(real_data: Path) -> None:
    folder = real_data / "format-samples" / "twitter-io-archive"
    _, format_, found = load(folder / "consolidated_mirror_users_SHAPE.csv", time={"format": "%m/%d/%Y"})
    assert format_.name == "x_archive_accounts"
    (account,) = kept(found)
    assert (account.values["created_at"], account.values["followers"]) == (datetime(2018, 8, 11), 4)
    # a number that a spreadsheet ruined, and the header again
    assert [r.field for r in rejected(found)] == ["userid", "userid"]
    _, format_, found = load(folder / "consolidated_mirror_tweets_SHAPE.csv")
    assert (format_.name, rejected(found)) == ("x_archive_posts", [])
    assert [r.values["post_id"] for r in kept(found)] == ["898925911294132224", "861871665780846592"]
    milli = (898925911294132224 >> 22) + 1288834974657
    assert kept(found)[0].values["created_at"] == datetime.fromtimestamp(milli / 1000, UTC).replace(
        tzinfo=None
    )
