"""A case accounts for every record, shows each edition what it may see, and is whole or absent."""

from __future__ import annotations

import hashlib
import io
import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
import yaml
from worlds import PLACES, account, content_of, desk, post, report

import kit
import kit.metrics.accounts
import kit.metrics.intake
from kit import case as cases
from kit import report as reports
from kit.case import coarse, memo, posts
from kit.case.pseudonyms import path_of, pseudonym
from kit.errors import ChangedError, KitError, MetricError, ReportError
from kit.metrics import METRICS
from kit.schema import TABLES, columns

ROOT = Path(__file__).resolve().parent.parent
BIG = 1690000000000000001  # and BIG + 2 are one number to a float
VIEWS = ["all_posts", *TABLES]

# ---------------------------------------------------------------------------
# one case with everything in it

#: marks that stand for what names or quotes people: none may be in the public edition
SECRETS = """
    idS1 idS2 idK1 idO1 idT1 idT2 idT3 idRepost idMention idNobody handleS1 handleT2 handleMention nameS1 bioS1 placeS1 urlS1
    textOne textTwo textConflict tagOne linkOne mediaOne reasonOne rosterHidden rosterHandle roleHidden
    70000000000000000001 80000000000000000002 postS2 postQuoted postThread postRepost foundBad
""".split()


def canary(word: str) -> str:
    assert word in SECRETS
    return f"canary{word}"


def base_rows() -> dict[str, dict[str, list[dict[str, str]]]]:
    c = canary
    s1, s2, k1, o1 = c("idS1"), c("idS2"), c("idK1"), c("idO1")
    first = post(
        BIG, s1, "2023-08-07 04:00:00", c("textOne"), lang="en", re_post="70000000000000000001",
        re_user=c("idT1"), like=0, reply=1, share=2, quote=3, captured="2023-10-01 00:00:00",
        tags=f"#{c('tagOne')} plain", links=f"https://www.public.example/{c('linkOne')}?q=1 http://short.example/a",
        names=json.dumps([{"account_id": c("idMention"), "handle": "@" + c("handleMention")}]),
        files=f"https://media.example/{c('mediaOne')}.jpg", thread=c("postThread"),
    )  # fmt: skip
    later = first | {"like": "9", "captured": "2023-10-02 00:00:00"}
    return {
        "posts": {
            "context": [
                later,
                first,
                first,  # a duplicate of the one kept
                later,  # a duplicate of the observation
                first | {"text": c("textConflict"), "captured": "2023-10-03 00:00:00"},  # a conflict
                post(BIG + 2, s1, "2023-08-07 03:59:59", c("textTwo")),  # a second before the period
                post(c("postS2"), s2, "2023-09-12 03:59:59", "b", rt_post=c("postRepost"), rt_user=c("idRepost")),
                post("5", o1, "2023-09-12 04:00:00", "c", qt_post=c("postQuoted")),  # a second after
                post("6", o1, "2023-08-20 12:00:00", "d", re_post=str(BIG), lang="fr"),
                post("7", o1, "2023-08-20 12:00:01", "e", re_post="80000000000000000002", re_user=c("idT3"), lang="qme"),
                post("8", o1, f"yesterday {c('foundBad')}", "f"),  # rejected: no time
                post("", o1, "2023-08-20 12:00:02", "g"),  # rejected: no identifier
            ],
            "control": [post("11", k1, "2023-08-21 08:00:00", "h", lang="fr", like=5)],
            "control@facebook": [post("1", k1, "2023-08-22 08:00:00", "i", lang="de")],
            "none": [post("12", s2, "2023-08-23 08:00:00", "j")],
        },
        "accounts": {
            "context": [
                account(s1, "2023-08-01", handle="@" + c("handleS1"), name=c("nameS1"), bio=c("bioS1"),
                        place=c("placeS1"), url=f"https://{c('urlS1')}.example", followers=3, following=0,
                        state="active", captured="2023-10-01 00:00:00"),
                account(s1, "2023-08-01", handle="@" + c("handleS1"), name=c("nameS1"), bio=c("bioS1"),
                        place=c("placeS1"), url=f"https://{c('urlS1')}.example", followers=4, following=0,
                        state="suspended", captured="2023-11-01 00:00:00"),
                account(s2, "", bio="  ", followers=0, captured="2023-10-01 00:00:00"),
                account(c("idT2"), "2010-01-01", handle=c("handleT2"), followers=9, captured="2023-10-01 00:00:00"),
                account(c("idT2"), "2010-01-01", handle=c("handleT2"), followers=9, captured="2023-10-01 00:00:00"),
                account("", "2010-01-01"),
            ],
        },
    }  # fmt: skip


def base_lists() -> dict[str, str]:
    c = canary
    return {
        "labels": "account,platform,group,reason,coder,date\n"
        f"{c('idS1')},x,studied,{c('reasonOne')},AB,2023-10-01\n{c('idS2')},,studied,,AB,2023-10-01\n"
        f"{c('idNobody')},x,studied,,AB,2023-10-01\n",
        "roster": "name,role,platform,account_id,handle,may_be_named\n"
        f"Open Member,member,x,{c('idT1')},,yes\nOpen Member,member,x,,@{c('handleT2').upper()},oui\n"
        f"{c('rosterHidden')},{c('roleHidden')},x,,{c('handleMention')},no\n"
        f"Lone Member,member,x,,{c('rosterHandle')},\n",
        "events": "date,end_date,label,kind\n2023-09-02,2023-09-04,Long weekend,event\n2023-08-15,,Hole,gap\n",
    }


KEYS: dict[str, Any] = {
    "clock": "America/Toronto",
    "period": {"start": "2023-08-07", "end": "2023-09-11"},
    "languages": ["en", "fr"],
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with desk(tmp_path_factory.mktemp("home")) as folder:
        report(folder, "base", lists=base_lists(), **base_rows(), **KEYS)
        yield folder


@pytest.fixture(scope="module")
def inner(home: Path) -> cases.Case:
    return kit.open("base", edition="internal")


@pytest.fixture(scope="module")
def public(home: Path, inner: cases.Case) -> cases.Case:
    return kit.open("base")


def rows(case: cases.Case, query: str, **values: Any) -> list[tuple]:
    return [
        tuple(None if pd.isna(v) else v for v in r) for r in case.sql(query, **values).itertuples(index=False)
    ]


def one(case: cases.Case, query: str) -> Any:
    ((value,),) = rows(case, query)
    return value


def quick(home: Path, name: str, **content: Any) -> cases.Case:
    """A small report, written and opened in the internal edition."""
    report(home, name, **content)
    return kit.open(name, edition="internal")


# ---------------------------------------------------------------------------
# every record is accounted for


def test_every_record_is_kept_observed_a_duplicate_or_rejected(inner: cases.Case) -> None:
    found = inner.sql("SELECT * FROM accounting ORDER BY source_file").set_index("source_file")
    assert (found["read"] == found[["kept", "observations", "duplicates", "rejected"]].sum(axis=1)).all()
    names = ["read", "kept", "observations", "duplicates", "rejected"]
    assert {k: tuple(v) for k, v in found[names].iterrows()} == {
        "posts_context.csv": (12, 6, 1, 2, 3),
        "posts_control.csv": (1, 1, 0, 0, 0),
        "posts_control@facebook.csv": (1, 1, 0, 0, 0),
        "posts_none.csv": (1, 1, 0, 0, 0),
        "accounts_context.csv": (6, 3, 1, 1, 1),
    }
    assert one(inner, "SELECT count(*) FROM all_posts") == found.filter(like="posts", axis=0)["kept"].sum()


def test_the_first_capture_is_kept_and_later_ones_are_observed(inner: cases.Case) -> None:
    query = f"SELECT post_key, likes, text, captured_at FROM all_posts WHERE post_id = '{BIG}'"
    ((key, likes, text, when),) = rows(inner, query)
    assert (likes, text, str(when)) == (0, canary("textOne"), "2023-10-01 00:00:00")
    seen = rows(
        inner,
        "SELECT field, value, captured_at FROM observations WHERE \"table\" = 'posts' AND key = $key",
        key=int(key),
    )
    assert {field: value for field, value, _ in seen} == {
        "likes": "9",
        "replies": "1",
        "reposts": "2",
        "quotes": "3",
    }
    assert {str(when) for *_, when in seen} == {"2023-10-02 00:00:00"}
    profile = dict(
        rows(
            inner,
            f"""SELECT field, value FROM observations JOIN accounts ON key = account_key
                WHERE "table" = 'accounts' AND account_id = '{canary("idS1")}'""",
        )
    )
    assert (profile["followers"], profile["status"]) == ("4", "suspended")
    assert one(inner, f"SELECT followers FROM accounts WHERE account_id = '{canary('idS1')}'") == 3


def test_what_is_rejected_says_where_why_and_what(inner: cases.Case) -> None:
    found = rows(
        inner, 'SELECT source_file, "table", record, line, field, found, raw FROM rejected ORDER BY ALL'
    )
    files = [r[:5] for r in found]
    assert files == [
        ("accounts_context.csv", "accounts", 6, 7, "account_id"),
        ("posts_context.csv", "posts", 5, 6, "post_id"),
        ("posts_context.csv", "posts", 11, 12, "created_at"),
        ("posts_context.csv", "posts", 12, 13, "post_id"),
    ]
    conflict, time = found[1], found[2]
    assert (conflict[5], bytes(conflict[6]).decode()) == (str(BIG), canary("textConflict"))
    assert canary("foundBad") in time[5]
    assert canary("foundBad").encode() in bytes(time[6])
    assert b"\nyesterday" not in bytes(time[6])
    assert one(inner, "SELECT reason FROM rejected WHERE field = 'post_id' AND record = 5").startswith(
        "identifier seen"
    )


def test_long_identifiers_stay_exact(inner: cases.Case) -> None:
    found = rows(inner, f"SELECT post_id FROM all_posts WHERE account_id = '{canary('idS1')}' ORDER BY 1")
    assert found == [("1690000000000000001",), ("1690000000000000003",)]
    assert int(float(found[0][0])) == int(float(found[1][0])), (
        "the test means identifiers that a float cannot tell apart"
    )
    assert (
        one(inner, "SELECT reply_to_id FROM posts WHERE target_account_id = 'canaryidT1'")
        == "70000000000000000001"
    )


# ---------------------------------------------------------------------------
# tables, joins, kinds


def test_views_have_the_columns_of_the_schema_in_both_editions(inner: cases.Case, public: cases.Case) -> None:
    for view in VIEWS:
        table = "posts" if view == "all_posts" else view
        for case, shown in ((inner, columns(table)), (public, columns(table, private=False))):
            shown = coarse.columns(table) if case.edition == "public" else shown
            described = case.sql(f"SELECT column_name, column_type FROM (DESCRIBE {view})")
            assert described["column_name"].tolist() == shown, (view, case.edition)
            types = {c.name: c.type for c in TABLES[table]}
            assert dict(described.itertuples(index=False, name=None)) == {n: types[n] for n in shown}
    assert any(columns(t, private=True) for t in TABLES)


def test_posts_know_kind_target_and_what_they_refer_to(inner: cases.Case) -> None:
    found = inner.sql("SELECT * FROM all_posts").set_index("post_id")
    assert found["kind"].to_dict() == {
        str(BIG): "reply", str(BIG + 2): "post", "canarypostS2": "repost", "5": "quote", "6": "reply",
        "7": "reply", "11": "post", "1": "post", "12": "post",
    }  # fmt: skip
    answer = found.loc["6"]
    assert answer["target_account_id"] == canary("idS1"), "known from the post it answers"
    assert answer["reply_to_key"] == found.loc[str(BIG), "post_key"]
    assert str(answer["reply_to_created_at"]) == "2023-08-07 04:00:00"
    assert found.loc["canarypostS2", "reposted_account_id"] == canary("idRepost")
    assert found.loc["7", "language"] == "und"
    assert found.loc["6", "text_length"] == 1
    keys = dict(rows(inner, "SELECT account_id, account_key FROM accounts WHERE platform = 'x'"))
    assert answer["target_key"] == keys[canary("idS1")]
    assert found.loc["11", "account_key"] == keys[canary("idK1")]
    assert found.loc["1", "account_key"] != found.loc["11", "account_key"], "one identifier on two platforms"


def test_what_stands_in_a_post_has_rows_of_its_own(inner: cases.Case) -> None:
    key = int(one(inner, f"SELECT post_key FROM all_posts WHERE post_id = '{BIG}'"))
    links = rows(inner, "SELECT url, domain FROM links WHERE post_key = $key ORDER BY domain", key=key)
    assert [d for _, d in links] == ["public.example", "short.example"]
    assert rows(
        inner, "SELECT position, hashtag FROM hashtags WHERE post_key = $key ORDER BY 1", key=key
    ) == [
        (1, canary("tagOne").lower()),
        (2, "plain"),
    ]
    assert rows(inner, "SELECT account_id, handle FROM mentions") == [
        (canary("idMention"), canary("handleMention"))
    ]
    ((media,),) = rows(
        inner, "SELECT media_id FROM media JOIN placements USING (media_key) WHERE post_key = $key", key=key
    )
    assert canary("mediaOne") in media


def test_accounts_say_what_is_known_and_from_where(inner: cases.Case) -> None:
    found = inner.sql("SELECT * FROM accounts WHERE platform = 'x'").set_index("account_id")
    s1, s2, k1 = (found.loc[canary(n)] for n in ("idS1", "idS2", "idK1"))
    assert (s1["has_bio"], s1["handle"], s1["profile_source"]) == (True, canary("handleS1"), "accounts")
    assert s2["has_bio"] is False or not s2["has_bio"], "white space is no text"
    assert pd.isna(s2["created_at"])
    assert (k1["profile_source"], pd.isna(k1["has_bio"])) == ("none", True)
    assert set(found.index) == {canary(n) for n in ("idS1", "idS2", "idK1", "idO1", "idT2")}


def test_the_roster_joins_by_identifier_and_by_handle(inner: cases.Case, public: cases.Case) -> None:
    keys = dict(rows(inner, "SELECT account_id, account_key FROM accounts WHERE platform = 'x'"))
    target = one(inner, "SELECT target_key FROM posts WHERE target_account_id = 'canaryidT1'")
    mentioned = one(inner, "SELECT account_key FROM mentions")
    found = {(n, h): k for n, h, k in rows(inner, "SELECT name, handle, account_key FROM roster")}
    assert found == {
        ("Open Member", None): target,
        ("Open Member", canary("handleT2").upper()): keys[canary("idT2")],
        (canary("rosterHidden"), canary("handleMention")): mentioned,
        ("Lone Member", canary("rosterHandle")): None,
    }
    shown = rows(public, "SELECT name, role, may_be_named FROM roster ORDER BY name")
    open_member, nobody = ("Open Member", "member", True), (None, None, False)
    assert shown == [open_member, open_member, nobody, nobody], "named only where the roster says so"


def test_events_are_days(inner: cases.Case) -> None:
    found = rows(
        inner, "SELECT CAST(date AS VARCHAR), CAST(end_date AS VARCHAR), label, kind FROM events ORDER BY 1"
    )
    assert found == [
        ("2023-08-15", None, "Hole", "gap"),
        ("2023-09-02", "2023-09-04", "Long weekend", "event"),
    ]


def test_the_summary_counts_by_group_and_platform(inner: cases.Case) -> None:
    found = inner.summary()
    assert found[["group", "platform", "accounts", "posting_accounts", "posts"]].values.tolist() == [
        ["studied", "x", 2, 2, 3],
        ["control", "facebook", 1, 1, 1],
        ["control", "x", 1, 1, 1],
        ["context", "x", 2, 1, 2],
    ]
    assert found.attrs["name"] == "summary"
    first = found.set_index(["group", "platform"]).loc[("studied", "x")]
    assert (str(first["first_day"])[:10], str(first["last_day"])[:10]) == ("2023-08-07", "2023-09-11")


# ---------------------------------------------------------------------------
# what the public edition cannot show


def bytes_of(folder: Path) -> bytes:
    """Everything in a folder of Parquet files, also what compression and dictionaries hide."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            found.append(path.read_bytes())
            buffer = io.BytesIO()
            table = pq.read_table(path)
            pq.write_table(
                table,
                buffer,
                compression="none",
                use_dictionary=False,
                column_encoding="PLAIN" if table.num_columns else None,
            )
            found.append(buffer.getvalue())
    return b"\n".join(found).lower()


def test_no_private_word_is_in_the_public_files(inner: cases.Case, public: cases.Case) -> None:
    folder = cases.case_folder(inner.report)
    whole, shown = bytes_of(folder / "internal"), bytes_of(folder / "public") + bytes_of(folder / "exact")
    hidden = {"idNobody"}  # a label that names no account
    for word in SECRETS:
        token = (word if word[0].isdigit() else f"canary{word}").lower().encode()
        assert (token in whole) is (word not in hidden), f"{word}: the search must find what is there"
        assert token not in shown, word
    assert b"public.example" in whole
    assert b"public.example" not in shown, "a host that few link to can be a person's"


def test_no_private_column_is_in_the_public_files(inner: cases.Case) -> None:
    folder = cases.case_folder(inner.report)
    for table in TABLES:
        names = {
            view: pq.read_schema(folder / view / f"{table}.parquet").names
            for view in ("internal", "exact", "public")
        }
        assert names["internal"] == columns(table)
        assert names["exact"] == columns(table, private=False)
        assert names["public"] == coarse.columns(table) + ["in_period"] * (table == "posts")


def test_a_private_column_is_an_error_in_public(public: cases.Case) -> None:
    for table in TABLES:
        for name in columns(table, private=True):
            with pytest.raises(MetricError, match="internal edition") as caught:
                public.sql(f'SELECT "{name}" FROM {table}')
            assert "\n" not in str(caught.value)


def test_public_identities_are_pseudonyms_that_join(inner: cases.Case, public: cases.Case) -> None:
    told = partial(pseudonym, bytes.fromhex(path_of(inner.report).read_text()), "public", "base")
    names = dict(rows(inner, "SELECT account_key, account_id FROM accounts"))
    platforms = dict(rows(inner, "SELECT account_key, platform FROM accounts"))
    shown = rows(public, "SELECT account_key, account_id, pseudonym FROM accounts")
    assert len(shown) == len(names)
    for number, identity, name in shown:
        assert identity == name == told(platforms[number], names[number])
    real = dict(rows(inner, "SELECT post_key, target_account_id FROM all_posts"))
    for number, identity in rows(public, "SELECT post_key, target_account_id FROM all_posts"):
        assert identity == (told("x", real[number]) if real[number] else None)
    assert rows(public, "SELECT reposted_account_id FROM posts WHERE is_repost") == [
        (told("x", canary("idRepost")),)
    ]
    assert rows(public, "SELECT account_id FROM mentions") == [(told("x", canary("idMention")),)]


def test_two_reports_on_one_export_cannot_be_joined(home: Path, public: cases.Case) -> None:
    shutil.copytree(
        home / "reports" / "base", home / "reports" / "twin", ignore=shutil.ignore_patterns("out")
    )
    twin = kit.open("twin")
    first, second = ({r[0] for r in rows(c, "SELECT pseudonym FROM accounts")} for c in (public, twin))
    assert len(first) == len(second) == 6
    assert not first & second
    assert [
        r[1:] for r in rows(twin, "SELECT account_key, kind FROM all_posts ORDER BY created_at, kind")
    ] == [r[1:] for r in rows(public, "SELECT account_key, kind FROM all_posts ORDER BY created_at, kind")]


def test_the_manifest_names_no_path_and_no_key(inner: cases.Case, home: Path) -> None:
    text = (cases.case_folder(inner.report) / "manifest.json").read_text()
    assert path_of(inner.report).read_text().strip() not in text
    assert str(home) not in text
    assert (
        json.loads(text)["inputs"][0]["sha256"]
        == hashlib.sha256((home / "reports" / "base" / "posts_context.csv").read_bytes()).hexdigest()
    )
    assert any("3 labels" in warning and "1 of" in warning for warning in inner.manifest["warnings"])


# ---------------------------------------------------------------------------
# sql is the only door, and it opens one way


@pytest.mark.parametrize(
    "query,said",
    [
        ("SELECT txt FROM posts", "use one of: account_id, account_key"),
        ("SELECT p.post_kee FROM posts p", "did you mean 'post_key'?"),
        ("SELECT zzzz FROM accounts", "use one of: account_id, account_key"),
        ("SELECT count(*) FROM all_posts WHERE languag = 'fr'", "did you mean 'language'?"),
        ("SELECT handle FROM accounts", "need the internal edition"),
        ("SELECT text FROM posts", "need the internal edition"),
        ("SELEC 1", "syntax error"),
    ],
)
def test_a_slip_in_sql_is_told_apart_from_what_is_private(public: cases.Case, query: str, said: str) -> None:
    with pytest.raises(MetricError) as told:
        public.sql(query)
    assert said in str(told.value)
    assert "\n" not in str(told.value)
    assert ("internal edition" in str(told.value)) == ("internal edition" in said)


def test_sql_reads_no_file_and_changes_nothing(inner: cases.Case, public: cases.Case, tmp_path: Path) -> None:
    folder = cases.case_folder(inner.report)
    private = folder / "internal" / "posts.parquet"
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n")
    before = {p: p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
    for query in (
        f"SELECT * FROM read_parquet('{private}')",
        f"SELECT * FROM '{private}'",
        f"SELECT * FROM read_parquet('{folder}/public/../internal/posts.parquet')",
        f"SELECT * FROM read_csv('{secret}')",
        f"SELECT * FROM read_text('{secret}')",
        f"SELECT * FROM read_blob('{path_of(inner.report)}')",
        f"SELECT * FROM glob('{folder}/internal/*')",
        f"COPY (SELECT 1) TO '{tmp_path}/out.csv'",
        f"COPY (SELECT 1) TO '{folder}/public/posts.parquet'",
        f"COPY (SELECT 1) TO '{folder}/public/new.parquet'",
        f"ATTACH '{tmp_path}/a.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access=true",
        "SET allowed_directories=['/']",
        "RESET memory_limit",
        "CREATE OR REPLACE VIEW posts AS SELECT 1 AS a",
        "CREATE TABLE mine AS SELECT 1 AS a",
        "DROP VIEW posts",
        "PRAGMA database_list",
        "EXPORT DATABASE '/tmp/all'",
        "SELECT 1; DROP VIEW posts",
        "CALL pragma_version()",
        "",
        "SELEC 1",
    ):
        with pytest.raises(MetricError) as caught:
            public.sql(query)
        assert "\n" not in str(caught.value), query
    assert {p: p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()} == before
    assert [p.name for p in tmp_path.iterdir()] == ["secret.csv"]
    assert one(public, "SELECT count(*) FROM all_posts") == 9


def test_sql_takes_values_as_parameters(inner: cases.Case) -> None:
    hostile = "'; DROP VIEW posts; --"
    assert rows(inner, "SELECT $a AS a, $ab AS ab", a=1, ab=hostile, unused=3) == [(1, hostile)]
    assert rows(inner, "SELECT $ab AS ab", a=1, ab=2) == [(2,)]
    with pytest.raises(MetricError):
        inner.sql("SELECT $missing")
    assert one(inner, "WITH a AS (SELECT 1 AS b) SELECT b FROM a") == 1
    assert len(inner.sql("DESCRIBE posts")) == len(columns("posts"))


# ---------------------------------------------------------------------------
# narrower cases


def test_an_answer_given_before_is_a_copy_and_stays_inside_its_edition(
    inner: cases.Case, public: cases.Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = "SELECT account_key, bio FROM accounts WHERE account_key >= $least ORDER BY 1"
    first = inner.sql(query, least=0)
    kept = first.copy()
    first["bio"] = "changed by the caller"
    asked: list[str] = []
    real = cases.Case._asked
    monkeypatch.setattr(cases.Case, "_asked", lambda *a: (asked.append(a[1]), real(*a))[1])
    pd.testing.assert_frame_equal(inner.sql(query, least=0), kept)
    assert not asked, "the same question is answered from memory"
    assert len(inner.sql(query, least=int(kept["account_key"].max()))) == 1
    assert len(inner.where(platform="x").sql(query, least=0)) < len(kept)
    assert len(asked) == 2, "another value or filter is another question"
    with pytest.raises(MetricError, match="bio"):
        public.sql(query, least=0)
    table = pd.DataFrame({"n": [1]})
    assert inner.sql("SELECT n FROM given", tables={"given": table})["n"].item() == 1
    assert inner.sql("SELECT n FROM given", tables={"given": table + 1})["n"].item() == 2
    many = np.arange(2_000)
    first, second = (
        inner.sql("SELECT list_sum($n) AS n", n=one)["n"].item() for one in (many, many * (many != 900))
    )
    assert first - second == 900, "arrays that are written alike are not one question"
    monkeypatch.setattr(memo, "ROWS", 1)
    for _ in range(2):
        assert len(inner.sql(query, least=-1)) == len(kept)
    assert asked.count(query) == 5, "a large answer is not kept (and the public edition asked once)"


def test_where_narrows_every_table_that_has_the_column(inner: cases.Case) -> None:
    only = inner.where(platform="facebook")
    assert only.groups == ["control"]
    assert rows(only, "SELECT DISTINCT platform FROM all_posts") == [("facebook",)]
    assert one(only, "SELECT count(*) FROM links") == 0
    assert inner.groups == ["studied", "control", "context"], "the case itself stays as it was"
    studied = inner.where(group="studied")
    assert one(studied, "SELECT count(*) FROM all_posts") == 4
    assert one(studied, "SELECT count(*) FROM links") == 2
    assert one(studied, "SELECT count(*) FROM placements") == 1


def test_where_takes_lists_and_nests(inner: cases.Case) -> None:
    both = inner.where(group=["studied", "control"])
    assert both.groups == ["studied", "control"]
    assert both.where(group=("control", "context")).groups == ["control"]
    assert both.where(group="context").groups == []
    assert both.where(platform="x", language={"fr"}).summary().set_index("group")["posts"].to_dict() == {
        "studied": 0,
        "control": 1,
    }
    assert (
        both.where(platform="x").where(language="fr").filters
        == both.where(language="fr", platform="x").filters
    )


def test_where_knows_truth_numbers_and_what_is_missing(inner: cases.Case) -> None:
    assert one(inner.where(is_reply=True), "SELECT count(*) FROM all_posts") == 3
    assert one(inner.where(is_reply=False), "SELECT count(*) FROM all_posts") == 6
    assert one(inner.where(likes=5), "SELECT count(*) FROM posts") == 1
    assert one(inner.where(has_bio=True), "SELECT count(*) FROM accounts") == 1
    assert one(inner.where(language=None), "SELECT count(*) FROM all_posts") == 4
    assert one(inner.where(language=["fr", None]), "SELECT count(*) FROM all_posts") == 6


def test_where_refuses_what_it_does_not_know(inner: cases.Case, public: cases.Case) -> None:
    with pytest.raises(MetricError, match=r"'langage'.*did you mean 'language'"):
        inner.where(langage="fr")
    assert one(inner.where(handle=canary("handleS1")), "SELECT count(*) FROM accounts") == 1
    with pytest.raises(MetricError, match="cannot filter on 'handle'"):
        public.where(handle="somebody")


def test_a_filter_is_a_value_and_never_sql(inner: cases.Case) -> None:
    assert inner.where(group="x' OR '1'='1").groups == []
    assert inner.where(group=[]).groups == []


# ---------------------------------------------------------------------------
# the period is a matter of the report's clock


def test_the_period_holds_whole_days_of_the_clock(inner: cases.Case) -> None:
    inside = {r[0] for r in rows(inner, "SELECT post_id FROM posts")}
    outside = {r[0] for r in rows(inner, "SELECT post_id FROM all_posts")} - inside
    assert outside == {str(BIG + 2), "5"}, "a second before the first day and a second after the last"


def test_a_day_of_25_hours_is_one_day(home: Path) -> None:
    times = {"a": "2023-11-05 03:59:59", "b": "2023-11-05 04:00:00", "c": "2023-11-05 05:30:00",
             "d": "2023-11-05 06:30:00", "e": "2023-11-06 04:59:59", "f": "2023-11-06 05:00:00", "g": "", "h": "2023-11-05", "i": "2023-11-06"}  # fmt: skip
    mine = [post(i, "a", t) for i, t in times.items()]
    day = {"start": "2023-11-05", "end": "2023-11-05"}
    case = quick(home, "autumn", posts={"studied": mine}, clock="America/Toronto", period=day)
    assert rows(case, "SELECT post_id FROM posts ORDER BY 1") == [("b",), ("c",), ("d",), ("e",), ("h",)], (
        "a bare day stays that day"
    )
    assert one(case, "SELECT count(*) FROM all_posts") == 9
    report(home, "autumn", posts={"studied": mine}, clock="UTC", period={"end": "2023-11-05"})
    case = kit.open("autumn", edition="internal")
    assert rows(case, "SELECT post_id FROM posts ORDER BY 1") == [("a",), ("b",), ("c",), ("d",), ("h",)]


# ---------------------------------------------------------------------------
# groups

A, B = post("1", "a", "2023-08-08 10:00:00"), post("2", "b", "2023-08-08 11:00:00")


def labels(*given: str) -> dict[str, str]:
    return {"labels": "\n".join(["account,platform,group,reason", *given]) + "\n"}


CONFLICTS = {
    "label against export": ({"control": [A]}, labels("a,x,studied,"), ["labels, line 2", "a label and an export"]),
    "two labels": ({"context": [A]}, labels("b,,context,", "a,x,studied,", "a,,control,"), ["labels, line 3", "two labels"]),
    "two exports": ({"studied": [A], "control": [A]}, {}, ["posts_", "two exports of different groups"]),
    "two exports and a label with the first": (
        {"studied": [A], "control": [A]}, labels("a,x,control,"), ["labels, line 2", "a label and an export"],
    ),
    "two exports and a label with the second": (
        {"studied": [A], "control": [A]}, labels("a,x,studied,"), ["labels, line 2", "a label and an export"],
    ),
    "no label matches": ({"context": [A]}, labels("1,x,studied,", "a,facebook,studied,"), ["labels", "no label matches"]),
    "no group at all": ({"none": [A, B]}, labels("a,x,studied,"), ["export posts_none.csv", "1 accounts have no group"]),
    "the first of many lines": (
        {"control": [A, B]},
        labels(*[f"z{i},x,studied," for i in range(8)], "b,x,studied,", "a,x,studied,"),
        ["labels, line 10", "(2 accounts)"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("files,given,needles", CONFLICTS.values(), ids=CONFLICTS)
def test_a_conflict_of_groups_is_an_error(
    home: Path, files: dict[str, Any], given: dict[str, str], needles: list[str]
) -> None:
    folder = report(home, "conflict", posts=files, lists=given)
    with pytest.raises(ReportError) as caught:
        kit.open("conflict")
    for needle in needles:
        assert needle in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not (home / "data" / "cases" / "conflict").exists()
    assert not (home / "data" / "cases" / ".conflict.new").exists()
    shutil.rmtree(folder)


def test_a_label_goes_before_context_and_a_group_before_none(home: Path) -> None:
    files = {
        "context": [A, B],
        "none": [A, post("3", "c", "2023-08-08")],
        "control": [post("4", "c", "2023-08-09")],
    }
    case = quick(home, "mixed", posts=files, lists=labels("a,x,studied,named", "z,x,studied,"))
    found = {
        r[0]: r[1:]
        for r in rows(case, 'SELECT account_id, "group", group_given_by, group_reason FROM accounts')
    }
    assert found["a"] == ("studied", "label", "label: named")
    assert found["b"][:2] == ("context", "export")
    assert found["c"][:2] == ("control", "export")
    assert case.manifest["warnings"] == ["1 of 2 labels name accounts that no export holds"]
    assert dict(rows(case, 'SELECT account_id, "group" FROM all_posts')) == {
        "a": "studied",
        "b": "context",
        "c": "control",
    }


# ---------------------------------------------------------------------------
# one record says what another leaves out


def test_a_record_of_deletion_hides_no_profile(home: Path) -> None:
    told = [account("a", "2020-01-02", captured="2023-08-02", handle="anna_invented", bio="Filler.")]
    folder = report(
        home, "hidden", posts={"studied": [post("1", "a", "2023-08-07")]}, accounts={"studied": told}
    )
    (folder / "gone.csv").write_text("id,state,at\na,deleted,2023-08-01\n", "utf-8")
    content = yaml.safe_load((folder / "report.yml").read_text("utf-8"))
    columns_ = {"account_id": "id", "status": "state", "captured_at": "at"}
    gone = {"path": "gone.csv", "platform": "x", "table": "accounts", "group": "studied", "columns": columns_}
    content["exports"].append(gone | {"time": {"format": "iso", "zone": "UTC"}})
    (folder / "report.yml").write_text(yaml.safe_dump(content), "utf-8")
    case = kit.open("hidden", edition="internal")
    found = rows(
        case,
        "SELECT handle, bio, has_bio, CAST(CAST(created_at AS DATE) AS VARCHAR), status FROM accounts",
    )
    assert found == [("anna_invented", "Filler.", True, "2020-01-02", "deleted")]


def test_a_post_that_was_only_mentioned_first_is_no_conflict_with_its_text(home: Path) -> None:
    folder = report(home, "mentioned", posts={"studied": [post("1", "a", "2023-08-07", "Filler.")]})
    (folder / "bare.csv").write_text("id,user\n1,a\n", "utf-8")
    content = yaml.safe_load((folder / "report.yml").read_text("utf-8"))
    bare = {"path": "bare.csv", "platform": "x", "table": "posts", "group": "studied"}
    content["exports"].insert(0, bare | {"columns": {"post_id": "id", "account_id": "user"}})
    (folder / "report.yml").write_text(yaml.safe_dump(content), "utf-8")
    case = kit.open("mentioned", edition="internal")
    assert rows(case, "SELECT text, source_file FROM posts") == [("Filler.", "posts_studied.csv")]
    counts = "SELECT source_file, kept, observations + duplicates, rejected FROM accounting ORDER BY 1"
    assert rows(case, counts) == [("bare.csv", 0, 1, 0), ("posts_studied.csv", 1, 0, 0)]


# ---------------------------------------------------------------------------
# the same input gives the same case; another input gives another


def files_of(name: str) -> dict[str, bytes]:
    folder = cases.case_folder(reports.load(name))
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()
    }


def test_the_same_input_gives_the_same_bytes(home: Path, inner: cases.Case) -> None:
    first = files_of("base")
    shutil.rmtree(home / "data" / "cases" / "base")
    kit.open("base")
    second = files_of("base")
    assert first.keys() == second.keys()
    assert [k for k in first if first[k] != second[k]] == []


@pytest.mark.parametrize("rows_, small", [(1, 1 << 30), (5, 0)])
def test_a_case_put_together_in_parts_and_by_two_threads_has_the_same_bytes(
    home: Path, inner: cases.Case, monkeypatch: pytest.MonkeyPatch, rows_: int, small: int
) -> None:
    first = files_of("base")
    shutil.rmtree(home / "data" / "cases" / "base")
    monkeypatch.setattr("kit.case.posts.ROWS", rows_)
    monkeypatch.setattr(sys.modules["kit.case.build"], "SMALL", small)
    kit.open("base")
    assert files_of("base") == first


def test_a_post_lost_on_the_way_is_an_error(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report(home, "leaky", posts={"studied": [A, B]})
    whole = posts._ranges
    monkeypatch.setattr(
        "kit.case.posts._ranges", lambda con: (f"({one}) AND source_record > 1" for one in whole(con))
    )
    with pytest.raises(KitError, match="2 posts were kept but 1 are stored"):
        kit.open("leaky")
    shutil.rmtree(home / "reports" / "leaky")


def test_the_order_of_rows_does_not_matter(home: Path) -> None:
    found = []
    for shuffled in (False, True):
        content = base_rows()
        if shuffled:
            for files in content.values():
                for mine in files.values():
                    random.Random(5).shuffle(mine)
        report(home, "orderly", lists=base_lists(), **content, **KEYS)
        case = kit.open("orderly", edition="internal")
        found.append(
            content_of(case) | {f"public {k}": v for k, v in content_of(kit.open("orderly")).items()}
        )
    for table in found[0]:
        assert found[0][table] == found[1][table], table
    assert {c.name for t in TABLES.values() for c in t} > PLACES
    assert len(found[0]["observations"]) > 0


@pytest.fixture(scope="module")
def built_once(home: Path) -> list[Path]:
    """A report of three posts with its case and its key, kept aside."""
    given = labels("a,x,studied,")
    report(home, "small", posts={"context": [A, B, post("3", "b", "2023-08-09")]}, lists=given)
    kit.open("small")
    places = [home / "reports" / "small", home / "data" / "cases" / "small", path_of(reports.load("small"))]
    for place in places:
        aside = home / "aside" / place.relative_to(home)
        (shutil.copytree if place.is_dir() else _copied)(place, aside)
    return places


def _copied(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(source, target)


@pytest.fixture
def small(home: Path, built_once: list[Path]) -> Path:
    """A report of three posts, built, as it was at first."""
    for place in built_once:
        aside = home / "aside" / place.relative_to(home)
        shutil.rmtree(place) if place.is_dir() else place.unlink(missing_ok=True)
        (shutil.copytree if aside.is_dir() else _copied)(aside, place)
    return home / "reports" / "small"


def built(home: Path) -> int:
    return (home / "data" / "cases" / "small" / "manifest.json").stat().st_mtime_ns


def test_reopening_builds_nothing(home: Path, small: Path) -> None:
    before = built(home)
    os.utime(home / "data" / "cases" / "small" / "public" / "posts.parquet")
    (small / "report.yml").write_text((small / "report.yml").read_text() + "summary: another\n")
    case = kit.open("small", edition="internal")
    assert built(home) == before
    assert case.report.summary == "another"


def test_a_changed_export_is_read_again(home: Path, small: Path) -> None:
    before, seed = built(home), kit.open("small").seed
    path = small / "posts_context.csv"
    path.write_text(path.read_text().replace("2023-08-09", "2023-08-10"))
    case = kit.open("small", edition="internal")
    assert built(home) > before
    assert str(one(case, "SELECT max(created_at) FROM posts"))[:10] == "2023-08-10"
    assert case.seed != seed


def test_a_changed_label_is_read_again(home: Path, small: Path) -> None:
    before = built(home)
    (small / "labels.csv").write_text(labels("b,x,studied,")["labels"])
    case = kit.open("small", edition="internal")
    assert built(home) > before
    assert rows(case, "SELECT account_id FROM accounts WHERE \"group\" = 'studied'") == [("b",)]


@pytest.mark.parametrize("edition", ["internal", "public"])
def test_one_changed_byte_of_a_table_is_noticed(home: Path, small: Path, edition: str) -> None:
    case = kit.open("small", edition=edition)
    wanted = content_of(case)
    path = home / "data" / "cases" / "small" / edition / "posts.parquet"
    good = path.read_bytes()
    data = bytearray(good)
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)
    again = kit.open("small", edition=edition)
    assert path.read_bytes() == good
    assert content_of(again) == wanted


@pytest.mark.parametrize("damage", ["manifest.json", "public/accounts.parquet"])
def test_a_missing_or_torn_file_is_noticed(home: Path, small: Path, damage: str) -> None:
    path = home / "data" / "cases" / "small" / damage
    good = path.read_bytes()
    path.write_bytes(good[: len(good) // 2])
    kit.open("small")
    assert len(path.read_bytes()) == len(good)
    path.unlink()
    kit.open("small")
    assert len(path.read_bytes()) == len(good)


def test_the_key_is_looked_after(home: Path, small: Path) -> None:
    key = path_of(reports.load("small"))
    text = key.read_text()
    key.unlink()
    with pytest.raises(ReportError, match="is gone"):
        kit.open("small")
    export = small / "posts_context.csv"
    export.write_text(export.read_text().replace("2023-08-09", "2023-08-11"))
    with pytest.raises(ReportError, match="is gone"):
        kit.open("small")  # also where the case is built anew: pseudonyms must not change in silence
    key.write_text("11" * 32)
    key.chmod(0o600)
    with pytest.raises(ReportError, match="is another one"):
        kit.open("small")
    key.write_text(text)
    key.chmod(0o644)
    with pytest.raises(ReportError, match="other users"):
        kit.open("small")
    key.chmod(0o600)
    assert one(kit.open("small"), "SELECT count(*) FROM posts") == 3


def test_an_export_that_changes_while_it_is_read_is_an_error(
    home: Path, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = files_of("small")
    path, real = small / "posts_context.csv", cases.build
    path.write_text(path.read_text().replace("2023-08-09", "2023-08-12"))

    def slow(*given: Any) -> Any:
        staged = real(*given)
        with path.open("a") as file:  # a download that goes on
            file.write("4,c\n")
        return staged

    monkeypatch.setattr(cases, "build", slow)
    with pytest.raises(ChangedError, match=r"posts_context.csv.*changed while it was read") as caught:
        kit.open("small")
    assert caught.value.exit_code == 7
    assert files_of("small") == before
    assert not (home / "data" / "cases" / ".small.new").exists()


def test_an_error_while_building_leaves_the_old_case(home: Path, small: Path) -> None:
    before = files_of("small")
    (small / "posts_context.csv").write_text("nothing\nlike it\n")
    with pytest.raises(KitError):
        kit.open("small")
    assert files_of("small") == before


def test_forget_removes_everything_derived_and_nothing_else(home: Path) -> None:
    report(home, "gone", posts={"studied": [A]})
    kept = {p for p in home.rglob("*") if p.is_file()}
    mine = reports.load("gone")
    kit.open("gone")
    (mine.out / "public" / "en").mkdir(parents=True)
    (mine.out / "public" / "en" / "index.html").write_text("a page")
    for name in (".gone.new", ".gone.old"):
        (home / "data" / "cases" / name).mkdir()
        (home / "data" / "cases" / name / "left").write_text("over")
    removed = cases.forget(mine)
    assert {p for p in home.rglob("*") if p.is_file()} == kept
    assert len(removed) == 5
    assert str(path_of(mine)) in removed
    assert cases.forget(mine) == []


# ---------------------------------------------------------------------------
# kill -9 at any moment, and two at once

SCRIPT = """
import hashlib, json, os, random, shutil, signal, sys, time
from pathlib import Path
from kit import case as cases, report as reports

mine = reports.load("killed")
folder = cases.case_folder(mine)
keep = folder.parent / "backup"

def whole():
    if not folder.exists():
        return "nothing"
    manifest = json.loads((folder / "manifest.json").read_text())
    for name, entry in manifest["tables"].items():
        if hashlib.sha256((folder / name).read_bytes()).hexdigest() != entry["sha256"]:
            return "torn"
    return manifest["content"]

def counted(name, at):
    real = getattr(*name)
    def call(*given, **more):
        if len(seen) == at:
            os.kill(os.getpid(), signal.SIGKILL)
        seen.append(name[1])
        return real(*given, **more)
    setattr(*name, call)

def child(work):
    pid = os.fork()
    if pid == 0:
        try:
            work()
            os._exit(0)
        except BaseException as error:
            print(error, file=sys.stderr, flush=True)
            os._exit(9)
    return pid

def reset():
    for path in folder.parent.glob("*"):
        if path != keep and path.is_dir():
            shutil.rmtree(path)
    shutil.copytree(keep, folder)

def at_point(point):
    for name in ((os, "rename"), (os, "replace"), (shutil, "rmtree")):
        counted(name, point)
    cases.open("killed")

seen, found = [], {"points": [], "times": []}
os.waitpid(child(lambda: cases.open("killed")), 0)
shutil.copytree(folder, keep)
found["old"] = whole()
export = mine.folder / "posts_studied.csv"
export.write_text(export.read_text().replace("2023-08-09", "2023-08-10"))
for point in range(40):
    reset()
    status = os.waitpid(child(lambda: at_point(point)), 0)[1]
    found["points"].append([os.waitstatus_to_exitcode(status), whole()])
    if status == 0:
        break
found["new"] = whole()
for moment in json.loads(sys.argv[1]):
    reset()
    pid = child(lambda: cases.open("killed"))
    time.sleep(moment)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    found["times"].append(whole())
reset()
pids = [child(lambda: cases.open("killed")) for _ in range(2)]
found["two"] = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids]
found["after"] = whole()
found["left"] = sorted(p.name for p in folder.parent.iterdir() if p.name not in ("killed", "backup"))
print(json.dumps(found))
"""


def test_a_killed_build_leaves_the_old_case_or_none_and_two_at_once_are_both_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with desk(tmp_path):
        report(tmp_path, "killed", posts={"studied": [A, B, post("3", "b", "2023-08-09")]})
        moments = json.dumps([0.05, 0.2])
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT, moments], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        found = json.loads(done.stdout)
        old, new = found["old"], found["new"]
        assert old != new
        assert {"torn"}.isdisjoint([old, new])
        codes, states = zip(*found["points"], strict=True)
        assert len(codes) > 6, "the build was killed at each of its steps"
        assert set(codes[:-1]) == {-9}
        assert codes[-1] == 0
        assert set(states) <= {old, new, "nothing"}
        assert states[0] == old
        assert states[-1] == new
        assert set(found["times"]) <= {old, new, "nothing"}
        assert found["two"] == [0, 0]
        assert found["after"] == new
        assert found["left"] == [".killed.lock"], "nothing half-made stays"
        assert (
            str(one(kit.open("killed", edition="internal"), "SELECT max(created_at) FROM posts"))[:10]
            == "2023-08-10"
        )


# ---------------------------------------------------------------------------
# nothing, almost nothing, and nobody to study

EMPTY: dict[str, dict[str, Any]] = {
    "posts without a row": {"posts": {"studied": []}},
    "no row at all": {"posts": {"studied": []}, "accounts": {"control": []}},
    "one post": {"posts": {"studied": [A]}},
    "one account without a post": {"accounts": {"studied": [account("a", "2023-01-01", followers=1)]}},
    "no times": {
        "posts": {"studied": [post("1", "a"), post("2", "b")]},
        "accounts": {"control": [account("c"), account("d")]},
    },
    "nobody studied": {"posts": {"control": [A, B]}, "accounts": {"control": [account("a", "2023-01-01"), account("b")]}},
}  # fmt: skip


@pytest.mark.parametrize("content", EMPTY.values(), ids=EMPTY)
def test_every_metric_answers_where_there_is_almost_nothing(home: Path, content: dict[str, Any]) -> None:
    case = quick(home, "empty", **content)
    mine = {k: m for k, m in METRICS.items() if k.startswith(("accounts.", "intake."))}
    assert len(mine) > 15
    for name, metric in mine.items():
        table = metric(case)
        assert isinstance(table, pd.DataFrame), name
        assert table.attrs["name"] == name.partition(".")[2]
        assert table.attrs["title"]
        if "group" in table:
            assert set(table["group"]) <= set(case.groups), name
        for column in ("estimate", "low", "high", "share"):
            if column in table:
                assert table[column].dropna().between(0, 1).all() or name == "accounts.followers", name
    assert case.summary()["accounts"].sum() == one(case, "SELECT count(*) FROM accounts")


# --- what the public edition calls a file


def test_a_file_named_after_a_person_names_nobody_in_public(tmp_path: Path) -> None:
    with desk(tmp_path) as home:
        rows = [post(i, f"u{i}", "2023-08-07T10:00:00Z") for i in range(3)]
        folder = report(
            home, "one", posts={"studied": rows, "control": [post(9, "c", "2023-08-07T10:00:00Z")]}
        )
        (folder / "posts_studied.csv").rename(folder / "jane-invented.csv")
        content = yaml.safe_load((folder / "report.yml").read_text("utf-8"))
        content["exports"][0]["path"] = "jane-invented.csv"
        content["exports"][1]["shown_as"] = "the other side"
        (folder / "report.yml").write_text(yaml.safe_dump(content), "utf-8")
        public, inner = kit.open("one"), kit.open("one", edition="internal")
        names = "SELECT DISTINCT source_file FROM {} ORDER BY ALL"
        for table in ("accounting", "all_posts", "accounts"):
            found = {edition: case.sql(names.format(table))["source_file"].tolist()
                     for edition, case in (("public", public), ("internal", inner))}  # fmt: skip
            assert found["public"] == ["export 01", "the other side"], table
            assert found["internal"] == ["jane-invented.csv", "posts_control.csv"], table
        kept = home / "data" / "cases"
        assert not [p for p in kept.rglob("public/*") if b"jane" in p.read_bytes()]
