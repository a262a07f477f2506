"""Mastodon and servers that speak like it, and Truth Social, which was made from it.

A post is named by its `uri`, which is the same wherever it is seen; `id` is its number on
the server that answered, so that what it answers is looked up in the same file and else
named by that number. An account is named by the address of its page, which authors and
mentions both have. Truth Social is one server, and its numbers name everything.

Texts are HTML: links are whole, also where a page shows them shortened. What somebody sent
to those named alone ("direct") is passed over. Servers round the day an account was made.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from kit.loaders.contract import Format
from kit.loaders.files import Head
from kit.loaders.mastodon import accounts, posts
from kit.loaders.objects import RecordDict


def _is_account(one: Any) -> bool:
    return isinstance(one, dict) and {"id", "username", "acct"} <= set(one)


def _is_status(one: Any) -> bool:
    return (
        isinstance(one, dict)
        and {"id", "created_at", "account"} <= set(one)
        and _is_account(one["account"])
        and bool({"content", "text", "reblog", "visibility", "favourites_count"} & set(one))
    )


def _of_truth(one: RecordDict) -> bool:
    about = one.get("account") if isinstance(one.get("account"), dict) else one
    addresses = [thing.get(key) for thing in (one, about or {}) for key in ("url", "uri")]
    return any(isinstance(found, str) and found.startswith("https://truthsocial.com/") for found in addresses)


def _is_posts(head: Head, platform: str) -> bool:
    for page in head.objects[:5]:
        if "__import_meta" in page or "source_platform" in page:
            continue
        if (
            platform == accounts.MASTODON
            and set(page) == {"ancestors", "descendants"}
            and not any(page.values())
        ):
            return True
        listed = [one for key in posts.LISTS if isinstance(page.get(key), list) for one in page[key][:5]]
        if any(_is_status(one) and _of_truth(one) == (platform == accounts.TRUTH) for one in (page, *listed)):
            return True
    return False


def _is_accounts(head: Head, platform: str) -> bool:
    for page in head.objects[:5]:
        listed = page.get("accounts")
        for one in (page, *(listed[:5] if isinstance(listed, list) and "statuses" not in page else ())):
            if (
                _is_account(one)
                and "followers_count" in one
                and _of_truth(one) == (platform == accounts.TRUTH)
            ):
                return True
    return False


def _formats(platform: str, name: str, tool: str, lacks: str, caveats: tuple[str, ...]) -> tuple[Format, ...]:
    return (
        Format(
            f"{platform}_posts",
            f"{name}, posts",
            platform=platform,
            table="posts",
            tool=tool,
            sniff=partial(_is_posts, platform=platform),
            read=partial(posts.read, platform=platform),
            carries="posts, authors, replies, boosts, quotes, hashtags, links, mentions, media, counts, the application "
            "where the server says it",
            lacks=lacks
            + "; when a post was changed; polls; messages sent to those named alone, which are passed over",
            caveats=caveats,
        ),
        Format(
            f"{platform}_accounts",
            f"{name}, accounts",
            platform=platform,
            table="accounts",
            tool=tool,
            sniff=partial(_is_accounts, platform=platform),
            read=partial(accounts.read, platform=platform),
            carries="handles, names, texts, the day the account was made, counts, that it is suspended or limited",
            lacks="the hour the account was made; whether it says to be a bot, for which there is no column",
        ),
    )


FORMATS = (
    *_formats(
        accounts.MASTODON,
        "Mastodon",
        "clients of Mastodon's interface, such as Mastodon.py, and of servers that speak like it",
        "posts that the server asked had not heard of",
        (
            "counts are those that the server asked had heard of, and so are other servers' followers",
            "a post answered that is not in the file is named by its number on the server asked, and joins to nothing",
            "every account of a day seems made at the same time: only the day is known",
        ),
    ),
    *_formats(
        accounts.TRUTH,
        "Truth Social",
        "truthbrush and other tools that save what Truth Social's page receives",
        "views",
        ("every account of a day may seem made at the same time: where only the day is known, it says so",),
    ),
)
