"""The tables of a case, as its exports fill them.

Loaders fill the columns marked `loaded`, the case adds the others (keys, groups,
file names). Times are UTC without a zone mark. `private` columns exist only in the
internal edition: they name or quote people. `identity` columns hold an account's
platform id; the public edition holds the keyed pseudonym of that account in the
same column. `moment`, `class`, `common` and `unseen` columns are told coarsely to queries
of the public edition (`kit.case.coarse`).
"""

from __future__ import annotations

from kit.schema.model import PLATFORMS, Column
from kit.schema.model import column as _c

_PROVENANCE = (
    _c("source_file", "VARCHAR", "file of the row; in public its `shown_as`, else its number", "case"),
    # with a published export at hand, the place in it is the name
    _c("source_record", "BIGINT", "number of the record in that export, from 1", "private"),
    _c(
        "source_line",
        "BIGINT",
        "line of the export on which the record starts, from 1; null where lines mean nothing",
        "private",
    ),
)

_PROFILE = (
    _c("handle", "VARCHAR", "name used in addresses, without a leading @, case as given", "private"),
    _c("display_name", "VARCHAR", "name shown on the page", "private"),
    _c(
        "bio",
        "VARCHAR",
        "profile text as given; empty text means seen and empty, null means not in the export",
        "private",
    ),
    _c("location", "VARCHAR", "place the profile states, unverified", "private"),
    _c("profile_url", "VARCHAR", "link the profile states", "private"),
    _c("created_at", "TIMESTAMP", "when the account was made", "moment"),
    _c("created_precision", "VARCHAR", "second, day, …: how exact created_at is"),
    _c("followers", "BIGINT", "accounts following this one when the profile was captured", "class"),
    _c("following", "BIGINT", "accounts this one follows when the profile was captured", "class"),
    _c("posts_stated", "BIGINT", "number of posts the platform states for the account", "class"),
    _c("profile_language", "VARCHAR", "interface language of the account, as given", "common"),
    _c("verified", "BOOLEAN", "carries the platform's mark of verification", "common"),
    _c("status", "VARCHAR", "active, suspended, deleted, private, withheld, as far as known", "common"),
    # with the pseudonym, country and the moment of a renaming could single a person out, as a place can
    _c("based_in", "VARCHAR", "country or region where the platform says the account is based", "private"),
    _c(
        "based_in_accurate",
        "BOOLEAN",
        "false where the platform warns of based_in, such as of a proxy",
        "common",
    ),
    _c(
        "created_in_accurate",
        "BOOLEAN",
        "false where the platform is not sure of the country of creation, which it does not name",
        "common",
    ),
    _c(
        "connected_via",
        "VARCHAR",
        "app store or client that the platform names for the account; a store names its country",
        "private",
    ),
    _c("registered_in", "VARCHAR", "country where the platform says the account was registered", "private"),
    _c("handle_changes", "BIGINT", "how often the handle was changed, as the platform states", "unseen"),
    _c("handle_changed_at", "TIMESTAMP", "when it was changed last", "private"),
    _c("captured_at", "TIMESTAMP", "when the profile was captured", "unseen"),
)

TABLES: dict[str, tuple[Column, ...]] = {
    "accounts": (
        _c(
            "account_key",
            "BIGINT",
            "integer that joins accounts to posts inside one case; no meaning outside it",
            "case",
        ),
        _c("platform", "VARCHAR", "one of " + ", ".join(PLATFORMS)),
        _c(
            "account_id",
            "VARCHAR",
            "platform identifier, always text; a hash where the release hashed it",
            "identity",
        ),
        _c("pseudonym", "VARCHAR", "keyed pseudonym (HMAC-SHA-256), stable inside one case", "case"),
        _c("group", "VARCHAR", "studied, control or context", "case"),
        _c(
            "group_reason",
            "VARCHAR",
            "why the account has this group: export or label with its reason",
            "case private",
        ),
        *_PROFILE,
        _c("group_given_by", "VARCHAR", "label or export", "case common"),
        _c(
            "has_bio",
            "BOOLEAN",
            "bio holds more than white space; null where bios were not exported",
            "case common",
        ),
        _c(
            "has_location",
            "BOOLEAN",
            "location holds more than white space; null where not exported",
            "case common",
        ),
        _c("has_profile_url", "BOOLEAN", "profile link given; null where not exported", "case common"),
        _c(
            "profile_source",
            "VARCHAR",
            "accounts where an accounts file was given, posts where built from posts",
            "case common",
        ),
        *_PROVENANCE,
    ),
    "posts": (
        _c("post_key", "BIGINT", "integer that joins posts to links, hashtags, mentions, media", "case"),
        _c("platform", "VARCHAR", "one of " + ", ".join(PLATFORMS)),
        _c("post_id", "VARCHAR", "platform identifier, always text", "private"),
        _c("account_key", "BIGINT", "author, joins to accounts; null where the export names none", "case"),
        _c("account_id", "VARCHAR", "author's platform identifier; null where not known", "identity"),
        _c(
            "group",
            "VARCHAR",
            "studied, control or context: the group of the author, or of the export where the author is not known",
            "case",
        ),
        _c(
            "created_at",
            "TIMESTAMP",
            "when it was posted; null where the export gives no usable time",
            "moment",
        ),
        _c("time_source", "VARCHAR", "field, identifier or estimate", "common"),
        _c("time_precision", "VARCHAR", "millisecond, second, minute, hour or day"),
        _c(
            "time_stated",
            "BOOLEAN",
            "the export states a time of its own; false where created_at is read out of the identifier alone",
            "common",
        ),
        _c(
            "identifier_time",
            "TIMESTAMP",
            "time in the post's identifier, where the platform numbers by time; null elsewhere",
            "case unseen",
        ),
        _c("kind", "VARCHAR", "first that holds of repost, reply, quote, post"),
        _c("is_reply", "BOOLEAN", "answers another post"),
        _c("is_quote", "BOOLEAN", "quotes another post (a post can be both)"),
        _c("is_repost", "BOOLEAN", "passes on another post unchanged"),
        _c("reply_to_id", "VARCHAR", "post it answers", "private"),
        _c("quoted_id", "VARCHAR", "post it quotes", "private"),
        _c("reposted_id", "VARCHAR", "post it passes on", "private"),
        _c("root_id", "VARCHAR", "first post of the thread", "private"),
        # a small group points at its members, so that its name is private as theirs are
        _c(
            "place",
            "VARCHAR",
            "community it stands in where that is not the author's own page: subreddit, group, page of another; as given",
            "private",
        ),
        _c(
            "posted_from",
            "VARCHAR",
            "country or region the platform shows for where it was made or posted, as given; a proxy moves it",
            "private",
        ),
        _c(
            "reply_to_key",
            "BIGINT",
            "integer standing for reply_to_id, the same number for the same post",
            "case",
        ),
        _c("reposted_key", "BIGINT", "integer standing for reposted_id", "case"),
        _c("reply_to_created_at", "TIMESTAMP", "when the post it answers was made, where known", "unseen"),
        _c("target_account_id", "VARCHAR", "account it answers", "identity"),
        _c("target_key", "BIGINT", "account it answers, as account_key", "case"),
        _c("reposted_account_id", "VARCHAR", "account it passes on", "identity"),
        _c("reposted_account_key", "BIGINT", "account it passes on, as account_key", "case"),
        _c("text", "VARCHAR", "visible text", "private"),
        _c("text_length", "BIGINT", "characters of text; null where text was not exported", "case class"),
        _c(
            "language",
            "VARCHAR",
            "language as the export states it, BCP 47 where it could be mapped; und = not known",
            "common",
        ),
        _c("client", "VARCHAR", "application it was posted with, as given", "private"),
        _c("likes", "BIGINT", "likes; null is not zero", "class"),
        _c(
            "reactions",
            "BIGINT",
            "reactions of every kind, also hostile ones, likes among them, where the platform has several kinds",
            "class",
        ),
        _c("replies", "BIGINT", "replies received", "class"),
        _c("reposts", "BIGINT", "reposts received", "class"),
        _c("quotes", "BIGINT", "quotes received", "class"),
        _c("views", "BIGINT", "views", "class"),
        _c(
            "status", "VARCHAR", "removed, private, withheld, available, … where the export says so", "common"
        ),
        _c("captured_at", "TIMESTAMP", "when the export captured it", "unseen"),
        *_PROVENANCE,
    ),
    "links": (
        _c("post_key", "BIGINT", "post it stands in", "case"),
        _c("url", "VARCHAR", "address as given", "private"),
        _c("expanded_url", "VARCHAR", "address behind a shortener where the export gives it", "private"),
        _c("domain", "VARCHAR", "host name without www", "case common"),
    ),
    "hashtags": (
        _c("post_key", "BIGINT", "post it stands in", "case"),
        _c("position", "BIGINT", "place in the post, from 1", "case"),
        _c("hashtag", "VARCHAR", "without the leading #, case folded", "private"),
    ),
    "mentions": (
        _c("post_key", "BIGINT", "post it stands in", "case"),
        _c("account_key", "BIGINT", "account mentioned", "case"),
        _c("account_id", "VARCHAR", "platform identifier of the account mentioned", "identity"),
        _c("handle", "VARCHAR", "name as written", "private"),
    ),
    "media": (
        _c("media_key", "BIGINT", "item", "case"),
        _c("media_id", "VARCHAR", "identifier or address of the item", "private"),
        _c("kind", "VARCHAR", "image, video, animation, audio, other"),
        _c("url", "VARCHAR", "address of the item; many expire", "private"),
        _c("alt_text", "VARCHAR", "description given by the author", "private"),
    ),
    "placements": (
        _c("media_key", "BIGINT", "item", "case"),
        _c("post_key", "BIGINT", "post it was placed on", "case"),
    ),
    "observations": (
        _c("table", "VARCHAR", "accounts or posts", "case"),
        _c("key", "BIGINT", "account_key or post_key", "case"),
        _c(
            "captured_at",
            "TIMESTAMP",
            "when this state was captured; null where the export does not say",
            "case unseen",
        ),
        _c("field", "VARCHAR", "column observed", "case"),
        _c("value", "VARCHAR", "its value at that capture, as text", "case private"),
        _c("source_file", "VARCHAR", "export the observation came from", "case"),
        _c("source_record", "BIGINT", "number of the record in that export", "case private"),
    ),
    "roster": (
        _c("roster_key", "BIGINT", "one account of a possible target", "case"),
        _c("member_key", "BIGINT", "the person or body, the same for all of its accounts", "case"),
        _c(
            "name",
            "VARCHAR",
            "name as the roster gives it; public edition: only where the roster allows naming",
        ),
        _c("role", "VARCHAR", "office or work; public edition: only where the roster allows naming"),
        _c("category", "VARCHAR", "category for shares, such as government, opposition, media", "common"),
        _c("party", "VARCHAR", "party or affiliation", "common"),
        _c("platform", "VARCHAR", "platform of this account"),
        _c("account_id", "VARCHAR", "platform identifier, where known", "identity"),
        _c("account_key", "BIGINT", "joins to targets", "case"),
        _c("handle", "VARCHAR", "handle, used where no identifier is known", "private"),
        _c("account_kind", "VARCHAR", "official or personal"),
        _c("may_be_named", "BOOLEAN", "may be named in a public edition"),
    ),
    "events": (
        _c("date", "DATE", "day of the event in the report's clock"),
        _c("end_date", "DATE", "last day, where it has several"),
        _c("label", "VARCHAR", "short name, shown on time charts"),
        _c("kind", "VARCHAR", "event, or gap where collection stopped"),
    ),
    "indicators": (
        _c("indicator_key", "BIGINT", "one indicator of one list", "case"),
        _c("list", "VARCHAR", "published list, as the report file or its file is called", "private"),
        _c("campaign", "VARCHAR", "campaign or cluster it is about, where the report file says so"),
        _c("published_at", "DATE", "day of publication, where the report file says so"),
        _c(
            "type",
            "VARCHAR",
            "account, url, domain, email, count, text, or none where a row gives only a procedure",
        ),
        _c("platform", "VARCHAR", "platform that the indicator names, one of the words above"),
        _c(
            "domain",
            "VARCHAR",
            "host without www; of hosts that name accounts in front, only the shared part",
            "private",
        ),
        _c("indicator", "VARCHAR", "as published, mostly defanged: site[.]com", "private"),
        _c(
            "value",
            "VARCHAR",
            "address or account taken back to its own form, for matching; never opened",
            "private",
        ),
        _c("handle", "VARCHAR", "account in a profile's address, for matching handles", "private"),
        _c("tactic", "VARCHAR", "publisher's class, as given", "private"),
        _c("technique", "VARCHAR", "publisher's class, within the tactic", "private"),
        _c("procedure", "VARCHAR", "publisher's class, within the technique", "private"),
        _c("note", "VARCHAR", "remark of the publisher", "private"),
        *_PROVENANCE,
    ),
    "incidents": (
        _c("incident_id", "VARCHAR", "identifier given by the researcher"),
        _c("date", "DATE", "day"),
        _c("type", "VARCHAR", "doxing, sexualised deepfake, threat, …"),
        _c("platform", "VARCHAR", "platform"),
        _c("role", "VARCHAR", "role of the person harmed, never a name"),
        _c("status", "VARCHAR", "open, removed, reported"),
    ),
    "rejected": (
        _c("source_file", "VARCHAR", "export", "case"),
        _c("table", "VARCHAR", "table the record would have gone to", "case"),
        _c("record", "BIGINT", "number of the record, from 1", "case unseen"),
        _c("line", "BIGINT", "line on which it starts", "case unseen"),
        _c("field", "VARCHAR", "field at fault", "case"),
        _c("reason", "VARCHAR", "why it could not be kept", "case"),
        _c("found", "VARCHAR", "what was found, escaped, at most 40 characters", "case private"),
        _c("raw", "BLOB", "the record's bytes as they stood in the export", "case private"),
    ),
    "known": (
        _c("source_file", "VARCHAR", "export", "case"),
        _c("group", "VARCHAR", "group of its rows", "case"),
        _c("platform", "VARCHAR", "platform of its rows", "case"),
        _c("table", "VARCHAR", "posts or accounts", "case"),
        _c("column", "VARCHAR", "column of that table, or a list of a post", "case"),
        _c("carried", "BOOLEAN", "the format carries the column, or the column map names it", "case"),
        _c("rows", "BIGINT", "rows of that file, group and platform", "case"),
        _c("filled", "BIGINT", "rows of them in which the column holds something", "case"),
    ),
    "accounting": (
        _c("source_file", "VARCHAR", "export", "case"),
        _c("table", "VARCHAR", "table its records go to", "case"),
        _c("format", "VARCHAR", "format recognised", "case"),
        _c("read", "BIGINT", "records read", "case"),
        _c("kept", "BIGINT", "records kept as rows", "case"),
        _c("observations", "BIGINT", "records kept as a further observation of a row", "case"),
        _c("duplicates", "BIGINT", "records equal to one kept before", "case"),
        _c("rejected", "BIGINT", "records not kept, listed in rejected", "case"),
    ),
    "set_aside": (
        _c("source_file", "VARCHAR", "file, as named in its folder or archive", "case private"),
        _c("kind", "VARCHAR", "what the file is, such as a PNG image or a table of another kind", "case"),
        _c("reason", "VARCHAR", "why it is no export", "case private"),
    ),
}


#: what one row of each table stands for
ABOUT = {
    "accounts": "One row for each account seen: authors, and accounts that stand in an accounts export.",
    "posts": "One row for each post. A repost is a row of its own, by the account that passed it on.",
    "links": "One row for each link in a post.",
    "hashtags": "One row for each hashtag in a post.",
    "mentions": "One row for each account mentioned in a post.",
    "media": "One row for each image, video or sound. The same item on ten posts is one row here.",
    "placements": "One row for each media item on each post: how often an item was placed.",
    "observations": "One row for each value that a later capture of the same account or post gave.",
    "roster": "One row for each account of each possible target, from `roster.csv` of the report.",
    "events": "One row for each event, or gap in collection, from `events.csv` of the report.",
    "indicators": "One row for each indicator of a list that a platform published. Addresses and handles are in the "
    "internal edition only: the list is public where it stands, and repeating its accounts is no part of a page.",
    "incidents": "One row for each incident of harm that the researcher entered; no names, no content.",
    "rejected": "One row for each record that could not be kept, with the reason. Nothing is dropped in silence.",
    "accounting": "One row for each export and table: read = kept + observations + duplicates + rejected.",
    "known": "One row for each export, group, platform and column: whether the export could tell it, and how full it is. "
    "Nothing filled is an answer only where the column is carried.",
    "set_aside": "One row for each file of a folder or an archive that holds no export, such as pictures; "
    "a damaged export is an error instead.",
}
