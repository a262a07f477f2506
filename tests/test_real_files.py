"""Real files, read from where they are kept: each sample of a format, and each set of data through a case.

Only names of files, numbers of records and reasons stand here, nothing of what the files hold.
"""

from __future__ import annotations

import copy
import csv
import datetime as dt
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from worlds import desk, report

import kit
from kit import case as cases
from kit import loaders
from kit.errors import NotAnExport
from kit.loaders import Rejection

pytestmark = pytest.mark.real

# ---------------------------------------------------------------------------
# samples of formats

#: what each file is: its format, records, rejections; None for what is no export of posts or accounts
SAMPLES: dict[str, tuple[str, int, int] | None] = {
    "bluesky-atproto-sdk/custom_record.json": None,
    "bluesky-atproto-sdk/did_doc.json": None,
    "bluesky-atproto-sdk/extended_post_record.json": ("bluesky_posts", 1, 0),
    "bluesky-atproto-sdk/feed_record.json": None,
    "bluesky-atproto-sdk/get_follows.json": ("bluesky_accounts", 7, 0),
    "bluesky-atproto-sdk/like_record.json": None,
    "bluesky-atproto-sdk/post_record.json": ("bluesky_posts", 1, 0),
    "bluesky-atproto-sdk/resolve_handle.json": None,
    "bluesky-atproto-sdk/thread_view_post_with_embed_media.json": ("bluesky_posts", 1, 0),
    "bluesky-jetstream/events.jsonl": ("bluesky_jetstream", 32, 0),
    "facebook-crowdtangle/header_and_row_EXCERPT.csv": ("facebook_crowdtangle", 0, 1),
    "facebook-graph-api/comment_info.json": ("facebook_graph", 1, 0),
    "facebook-graph-api/comments_p1.json": ("facebook_graph", 10, 0),
    "facebook-graph-api/feed_fields_p1.json": ("facebook_graph", 5, 0),
    "facebook-graph-api/feed_p1.json": ("facebook_graph", 5, 0),
    "facebook-graph-api/single_default_page.json": ("facebook_graph_pages", 1, 0),
    "facebook-graph-api/single_post_data_fields.json": ("facebook_graph", 1, 0),
    "instagram-graph-api/comments_p1.json": ("instagram_graph", 2, 0),
    "instagram-graph-api/discovery_medias_p1.json": ("instagram_graph", 2, 0),
    "instagram-graph-api/hashtag_recent_medias_p1.json": ("instagram_graph", 5, 0),
    "instagram-graph-api/user_medias_p1.json": ("instagram_graph", 2, 0),
    "mastodon-api-json/test_account_search.0.json": ("mastodon_accounts", 2, 0),
    "mastodon-api-json/test_account_search.1.json": None,
    "mastodon-api-json/test_account_search.2.json": ("mastodon_accounts", 1, 0),
    "mastodon-api-json/test_account_search.3.json": None,
    "mastodon-api-json/test_account_search.4.json": None,
    "mastodon-api-json/test_account_search.5.json": ("mastodon_accounts", 2, 0),
    "mastodon-api-json/test_entity_account.0.json": ("mastodon_accounts", 1, 0),
    "mastodon-api-json/test_entity_account.1.json": ("mastodon_accounts", 1, 0),
    "mastodon-api-json/test_entity_quote.0.json": ("mastodon_posts", 1, 0),
    "mastodon-api-json/test_entity_status.0.json": ("mastodon_posts", 1, 0),
    "mastodon-api-json/test_entity_status.1.json": ("mastodon_posts", 1, 0),
    "mastodon-api-json/test_status_card.0.json": ("mastodon_posts", 1, 0),
    "mastodon-api-json/test_status_card.1.json": ("mastodon_posts", 1, 0),
    "mastodon-api-json/test_status_card.2.json": ("mastodon_posts", 1, 0),
    "mastodon-api-json/test_status_context.0.json": ("mastodon_posts", 1, 0),
    "mastodon-api-json/test_status_context.1.json": ("mastodon_posts", 0, 0),
    "mastodon-api-json/test_status_context.2.json": ("mastodon_posts", 1, 0),
    "mastodon-api-json/test_status_quotes.0.json": ("mastodon_posts", 1, 0),
    "mastodon-api-json/test_status_quotes.1.json": None,
    "mastodon-api-json/test_status_quotes.2.json": ("mastodon_posts", 1, 0),
    "mcl-csv-headers/facebook_posts_default_projection.txt": ("facebook_library", 0, 0),
    "mcl-csv-headers/instagram_posts_header.csv": ("instagram_library", 0, 0),
    "medium-account-export/claps__claps.html": ("medium_export_other", 0, 0),
    "medium-account-export/lists__lists.html": ("medium_export_other", 0, 0),
    "medium-account-export/posts__basic.html": ("medium_export", 1, 0),
    "medium-rss/feed_excerpt.xml": ("medium_rss", 1, 0),
    "reddit-api-json/TestComment.test_refresh.0.json": ("reddit_api", 1, 0),
    "reddit-api-json/TestComment.test_refresh.1.json": ("reddit_api", 3, 0),
    "reddit-api-json/TestComment.test_refresh__deleted_comment.0.json": ("reddit_api", 1, 0),
    "reddit-api-json/TestComment.test_refresh__deleted_comment.1.json": ("reddit_api", 1, 0),
    "reddit-api-json/TestRedditor.test_fullname_init.0.json": ("reddit_accounts", 1, 0),
    "reddit-api-json/TestRedditor.test_fullname_init.1.json": ("reddit_accounts", 1, 0),
    "reddit-api-json/TestRedditorListings.test_submissions__new.0.json": ("reddit_api", 4, 0),
    "reddit-api-json/TestSubmission.test_comments.0.json": ("reddit_api", 3, 0),
    "reddit-api-json/TestSubmission.test_duplicates.0.json": ("reddit_api", 4, 0),
    "reddit-api-json/TestSubredditListings.test_comments.0.json": ("reddit_api", 4, 0),
    "reddit-api-json/TestSubredditListings.test_new.0.json": ("reddit_api", 4, 0),
    "telegram-desktop-export/test_batch_export.json": ("telegram_desktop", 0, 0),
    "telegram-desktop-export/test_single_export.json": ("telegram_desktop", 0, 2),
    "tiktok-research-api/example_query.json": None,
    "tiktok-research-api/example_resp_comments.json": ("tiktok_research_comments", 1, 0),
    "tiktok-research-api/example_resp_q_user.json": ("tiktok_research_users", 0, 1),
    "tiktok-research-api/example_resp_q_videos.json": ("tiktok_research", 2, 0),
    "twitter-graphql-raw/_issue_42.json": ("x_web", 1, 0),
    "twitter-graphql-raw/card_audiospace.json": ("x_web", 1, 0),
    "twitter-graphql-raw/manual_tweet_with_video_1.json": ("x_web", 11, 0),
    "twitter-graphql-raw/raw_user_about.json": ("x_web_users", 1, 0),
    "twitter-graphql-raw/raw_user_by_login.json": ("x_web_users", 1, 0),
    "twitter-graphql-raw/tweet_results_first5.ndjson": ("x_web", 5, 0),
    "twitter-io-archive/consolidated_mirror_tweets_SHAPE.csv": ("x_archive_posts", 2, 0),
    "twitter-io-archive/consolidated_mirror_users_SHAPE.csv": ("x_archive_accounts", 0, 3),
    "twitter-io-archive/ira_2018_tweets_hashed_excerpt.csv": ("x_archive_posts", 2, 0),
    "twitter-io-archive/ira_2018_users_hashed_excerpt.csv": ("x_archive_accounts", 2, 0),
    "twitter-twarc2-jsonl/cashtags.jsonl": ("x_v2", 1, 0),
    "twitter-twarc2-jsonl/cotweet.jsonl": ("x_v2", 1, 0),
    "twitter-twarc2-jsonl/counts.jsonl": None,
    "twitter-twarc2-jsonl/edited.jsonl": ("x_v2", 1, 0),
    "twitter-twarc2-jsonl/edited_after.jsonl": ("x_v2", 1, 0),
    "twitter-twarc2-jsonl/edited_before.jsonl": ("x_v2", 1, 0),
    "twitter-twarc2-jsonl/geo_tweets.jsonl": ("x_v2", 2, 0),
    "twitter-twarc2-jsonl/lists.jsonl": None,
    "twitter-twarc2-jsonl/many_urls.jsonl": ("x_v2", 1, 0),
    "twitter-twarc2-jsonl/media_tweet.jsonl": ("x_v2", 1, 0),
    "twitter-twarc2-jsonl/mentions_tweet.jsonl": ("x_v2", 1, 0),
    "twitter-twarc2-jsonl/quoted_edit.jsonl": ("x_v2", 1, 0),
    "twitter-twarc2-jsonl/streaming_output_with_error.jsonl": ("x_v2", 7, 1),
    "twitter-twarc2-jsonl/tweets_compliance.jsonl": ("x_compliance", 2, 0),
    "twitter-twarc2-jsonl/two_tweets.jsonl": ("x_v2", 1, 0),
    "twitter-twarc2-jsonl/users.jsonl": ("x_v2_users", 96, 0),
    "twitter-twarc2-jsonl/users_compliance.jsonl": ("x_compliance_accounts", 2, 0),
    "twitter-twarc2-jsonl/verified_type.jsonl": ("x_v2", 1, 0),
    "twitter-v11-json/stream-excerpt.jsonl": ("x_v1", 10, 0),
    "weibo-crawler/readme_example.json": ("weibo_json", 2, 0),
    "youtube-comment-downloader/comments.jsonl": ("youtube_comment_downloader", 2, 0),
    "youtube-comment-downloader/comments_pretty.json": ("youtube_comment_downloader", 2, 0),
    "youtube-data-api/comment_threads_all_to_me.json": ("youtube_api", 4, 0),
    "youtube-data-api/comment_threads_by_channel.json": ("youtube_api", 2, 0),
    "youtube-data-api/comment_threads_by_video_paged_1.json": ("youtube_api", 5, 0),
    "youtube-data-api/comments_by_parent_paged_1.json": ("youtube_api", 2, 0),
    "youtube-data-api/info_multiple.json": ("youtube_api_channels", 2, 0),
    "youtube-data-api/search_videos_by_channel.json": ("youtube_api", 5, 0),
    "youtube-data-api/videos_info_multi.json": ("youtube_api", 2, 0),
    "youtube-data-api/videos_info_single.json": ("youtube_api", 1, 0),
}
#: why records of samples are rejected: each reason is a property of that file
REJECTED = {
    "facebook-crowdtangle/header_and_row_EXCERPT.csv": "no identifier: the address names no post",  # cut by hand
    "telegram-desktop-export/test_single_export.json": "no identifier of the chat",  # a chat without its number
    "tiktok-research-api/example_resp_q_user.json": "no name: the API does not repeat whom it was asked about",
    "twitter-io-archive/consolidated_mirror_users_SHAPE.csv": "",  # spoilt by a spreadsheet: see below
    "twitter-twarc2-jsonl/streaming_output_with_error.jsonl": "not JSON",  # a line that breaks off
}


def look(source: loaders.Source) -> tuple[str, list[Any]] | None:
    try:
        format_ = loaders.recognise(source)
    except NotAnExport:
        return None
    return format_.name, list(format_.read(source, {}))


def folders(root: Path) -> list[str]:
    return sorted({name.partition("/")[0] for name in SAMPLES})


def test_every_sample_is_what_it_is_known_to_be(real_data: Path) -> None:
    root = real_data / "format-samples"
    here = {p.name for p in root.iterdir() if p.is_dir()}
    assert here == set(folders(root)), "a folder that nobody has looked at"
    wrong: dict[str, Any] = {}
    seen = set()
    for folder in sorted(here):
        for source in loaders.sources(root / folder):
            name = f"{folder}/{source.name}"
            if source.name == "ORIGIN.txt":
                assert look(source) is None, name
                continue
            seen.add(name)
            found = look(source)
            bad = [item for item in found[1] if isinstance(item, Rejection)] if found else []
            kept = (
                sum(not isinstance(item, Rejection) and not item.context for item in found[1]) if found else 0
            )
            counted = (found[0], kept, len(bad)) if found else None
            if counted != SAMPLES.get(name, "unknown"):
                wrong[name] = counted
            assert (name in REJECTED) == bool(bad), f"{name}: {[(b.field, b.reason) for b in bad]}"
            assert all(REJECTED[name] in b.reason for b in bad), (
                f"{name}: {[(b.field, b.reason) for b in bad]}"
            )
    assert wrong == {}
    assert seen == set(SAMPLES), "a file is missing"


def test_a_folder_of_samples_builds_a_case_with_nothing_lost(real_data: Path, tmp_path: Path) -> None:
    root = real_data / "format-samples"
    ready = [name for name in folders(root) if name != "mcl-csv-headers"]
    with desk(tmp_path):
        report(
            tmp_path, "samples", exports=[{"path": str(root / name), "group": "context"} for name in ready]
        )
        case = kit.open("samples")
    books = case.sql("SELECT * FROM accounting")
    names = ["kept", "observations", "duplicates", "rejected"]
    assert (books["read"] == books[names].sum(axis=1)).all()
    expected = [value for name, value in SAMPLES.items() if name.partition("/")[0] in ready]
    read = [value for value in expected if value]
    assert len(books) == len(read)
    assert books["read"].sum() == sum(n + bad for _, n, bad in read)
    aside = len(expected) - len(read) + len(ready)  # each folder says where it is from
    assert len(case.manifest["set_aside"]) == aside


# ---------------------------------------------------------------------------
# sets of data

AUTHOR = {
    "author.handle": "user_screen_name",
    "author.bio": "user_profile_description",
    "author.location": "user_reported_location",
    "author.followers": "follower_count",
    "author.following": "following_count",
}
YOUTUBE: dict[str, Any] = {
    "platform": "youtube",
    "columns": {"post_id": "COMMENT_ID", "created_at": "DATE", "text": "CONTENT"},
    "constants": {"account_id": "", "kind": "reply"},  # the file has names shown, and no account
    "time": {"zone": "UTC"},
}
MPS = "bluesky-canadian-mps"
X2 = "fixtures-twitter-v2-jsonl"
META = "meta-china-cib-indicators"
#: what is said about each export that no format knows, and how many records each holds: of posts or accounts
DATA: dict[str, tuple[int, dict[str, Any]]] = {
    f"{MPS}/all_mp_posts.csv": (
        1082,
        {
            "platform": "bluesky",
            "columns": {
                "post_id": "uri", "account_id": "author_handle", "text": "text", "created_at": "indexed_at",
                "likes": "like_count", "reply_to_id": "in_reply_to", "root_id": "in_reply_root",
                "is_repost": "is_reskeet",
            },
            "time": {"format": "iso", "zone": "UTC"},
            "nulls": {"reply_to_id": ["NA"], "root_id": ["NA"]},
        },
    ),
    f"{MPS}/cleaned_posts_narrow-labelled.csv": (
        575,
        {
            "platform": "bluesky",
            "columns": {
                "post_id": "post_id", "account_id": "author_handle", "text": "text", "created_at": "date_posted",
                "language": "language",
            },
        },
    ),
    "china-2019-english-sample-set1/china_2019_english_sample.csv": (
        1788,
        {
            "platform": "x",
            "columns": {
                "post_id": "tweetid", "account_id": "user_id", "author.handle": "screen_name",
                "author.created_at": "account_created_at", "author.followers": "followers_count",
                "text": "tweet_text", "created_at": "tweet_time_from_id",
            },
        },
    ),
    "coordination-russian-retweets/russian_coord_tweets.csv": (
        35125,
        {
            "platform": "x",
            "columns": {
                "post_id": "content_id", "account_id": "account_id", "reposted_id": "object_id",
                "created_at": "timestamp_share",
            },
            "time": {"format": "epoch_s"},
        },
    ),
    "labelled-russia-vs-real/russian_unseen.csv": (
        2000,
        {
            "platform": "x",
            "columns": {
                "post_id": "tweetid", "account_id": "user_screen_name", "text": "tweet_text",
                "created_at": "tweet_time", **AUTHOR,
            },
            "time": {"zone": "UTC"},
        },
    ),
    "youtube-spam-labelled/Youtube01-Psy.csv": (350, YOUTUBE),
    "youtube-spam-labelled/Youtube02-KatyPerry.csv": (350, YOUTUBE),
    "youtube-spam-labelled/Youtube03-LMFAO.csv": (438, YOUTUBE),
    "fixtures-bluesky-jetstream/expected_v1.jsonl": (32, {}),
    "tio-china-2019-08-set1-users/china_082019_1_users_csv_hashed.csv": (744, {}),
    "tio-thailand-2020-09/thailand_092020_tweets_csv_hashed.csv": (21385, {}),
    "tio-thailand-2020-09/thailand_092020_users_csv_hashed.csv": (926, {}),
    f"{X2}/brexit.jsonl": (100, {}),
    f"{X2}/cashtags.jsonl": (1, {}),
    f"{X2}/edited.jsonl": (1, {}),
    f"{X2}/flat.jsonl": (100, {}),
    f"{X2}/geo_tweets.jsonl": (2, {}),
    f"{X2}/mentions_tweet.jsonl": (1, {}),
    f"{X2}/noflat.jsonl": (100, {}),
    f"{X2}/quoted_edit.jsonl": (1, {}),
    f"{X2}/streaming_output_with_error.jsonl": (8, {}),
    f"{X2}/two_tweets.jsonl": (1, {}),
    f"{X2}/users.jsonl": (96, {}),
    f"{X2}/verified_type.jsonl": (1, {}),
    f"{X2}/withheld.jsonl": (215, {}),
    f"{META}/Q1_2023_China-based_CIB_network_1.csv": (23, {}),
    f"{META}/Q1_2023_China-based_CIB_network_2.csv": (51, {}),
    f"{META}/Q1_2024_CHINA_BASED_CIB_NETWORK.csv": (17, {}),
    f"{META}/Q1_2025_China-based_CIB_network.csv": (20, {}),
    f"{META}/Q2_2023_Spamouflage_China_based_CIB_updated.csv": (529, {}),
    f"{META}/Q3_2023_China-based_CIB_network_2.csv": (86, {}),
    f"{META}/Q3_2023__China-based_CIB_network_1.csv": (31, {}),
    f"{META}/Q4-1_2026_GithubIOCs_-_H1_2026_CHINA_BASED_CIB_NETWORK.csv": (20, {}),
    f"{META}/Q4_2023_China_based_CIB_network.csv": (19, {}),
    f"{META}/_Q4_2024_CHINA_BASED_CIB_NETWORK.csv": (25, {}),
}  # fmt: skip
#: a list of techniques without an indicator, beside the lists of indicators
NO_EXPORT = {f"{META}/Online_Operations_Killchain-TTPs.csv"}
#: why records of these sets are not kept, besides rows that hold nothing in lists of indicators
EXPECTED = {
    ("streaming_output_with_error.jsonl", "", "not JSON"): 1,
    # 39 rows give a repost a second time, by the same account at the same time, with another original
    ("russian_coord_tweets.csv", "post_id", "identifier seen before with other content"): 39,
}


@pytest.fixture(scope="module")
def whole(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[cases.Case]:
    """One case of every set of data."""
    with desk(tmp_path_factory.mktemp("home")) as home:
        entries = [
            {"path": str(real_data / "data" / name), "group": "context"} | copy.deepcopy(options)
            for name, (_, options) in DATA.items()
        ]
        report(home, "whole", exports=entries)
        yield kit.open("whole", edition="internal")


def test_every_file_of_data_is_named_here(real_data: Path) -> None:
    root = real_data / "data"
    files = {p.relative_to(root).as_posix() for p in root.rglob("*") if p.is_file()}
    exports = {name for name in files if Path(name).name not in ("README.md", "LICENSE")}
    assert exports == set(DATA) | NO_EXPORT


def test_every_set_of_data_is_read_to_its_last_record(whole: cases.Case) -> None:
    books = whole.sql("SELECT * FROM accounting").set_index("source_file")
    names = ["kept", "observations", "duplicates", "rejected"]
    assert (books["read"] == books[names].sum(axis=1)).all()
    assert books["read"].to_dict() == {name.rpartition("/")[2]: n for name, (n, _) in DATA.items()}


def test_every_record_that_was_not_kept_is_explained(whole: cases.Case) -> None:
    found = whole.sql("SELECT source_file, field, reason, raw FROM rejected")
    why: Counter[tuple[str, str, str]] = Counter()
    for file, field, reason, raw in found.itertuples(index=False):
        if reason.startswith("an empty row"):
            assert not bytes(raw).strip(b",\r\n "), file
            continue
        why[file, field, reason.partition(":")[0]] += 1
    assert why == EXPECTED


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def moment(said: str, options: dict[str, Any]) -> dt.datetime:
    """The time a cell gives, in UTC: seconds since 1970, or written out."""
    if options.get("time", {}).get("format") == "epoch_s":
        return dt.datetime.fromtimestamp(int(said), dt.UTC).replace(tzinfo=None)
    return dt.datetime.fromisoformat(said).replace(tzinfo=None)


@pytest.mark.parametrize("name", [name for name, (_, options) in DATA.items() if options])
def test_a_mapped_row_holds_what_its_file_says(whole: cases.Case, real_data: Path, name: str) -> None:
    """Every kept record against the cells of its row, read with Python's own csv."""
    options = DATA[name][1]
    columns = options["columns"]
    rows = rows_of(real_data / "data" / name)
    found = whole.sql(
        "SELECT * FROM all_posts WHERE source_file = $file ORDER BY source_record", file=Path(name).name
    )
    assert len(found) > 0.9 * len(rows)
    nulls = options.get("nulls", {})
    for kept in found.to_dict("records"):
        row = rows[kept["source_record"] - 1]
        for column in ("post_id", "account_id", "text", "reply_to_id", "root_id", "reposted_id", "language"):
            if column in columns:
                said = row[columns[column]]
                wanted = None if said in ("", *nulls.get(column, ())) else said
                assert (none(kept[column]) or None) == wanted, (column, kept["source_record"])
        if "likes" in columns:
            assert kept["likes"] == int(row[columns["likes"]])
        said = row[columns["created_at"]]
        assert none(kept["created_at"]) == (moment(said, options) if said else None), kept["source_record"]


def none(value: Any) -> Any:
    return None if pd.isna(value) else value


def test_published_numbers_come_out(whole: cases.Case) -> None:
    def one(query: str) -> Any:
        return whole.sql(query).iloc[0, 0].item()

    thai = "source_file = 'thailand_092020_tweets_csv_hashed.csv'"
    assert one(f"SELECT count(*) FROM all_posts WHERE {thai}") == 21_385
    assert (
        one("SELECT count(*) FROM accounts WHERE source_file = 'thailand_092020_users_csv_hashed.csv'") == 926
    )
    youtube = "SELECT count(*) FROM all_posts WHERE platform = 'youtube'"
    assert one(youtube) == one(youtube + " AND account_key IS NULL") == 350 + 350 + 438
    assert one("SELECT count(*) FROM accounts WHERE platform = 'youtube'") == 0
    assert whole.manifest["set_aside"] == []
