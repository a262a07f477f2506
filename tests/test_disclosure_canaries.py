"""Marked words in every field of exports: none in any output of a public run, all of them in reach of the scan.

The outputs are looked at twice: by the scan with the values of the case, and by a search for the mark that all
marked words share, which knows no case.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import golden
import pytest
import yaml
from shell import walked
from worlds import ACCOUNTS, POSTS, account, desk, post, report

from kit import case as cases
from kit import report as reports
from kit.disclosure.readings import Reading, folded, readings
from kit.disclosure.scan import scan
from kit.publish import private

MARK = "zqcanary"
NOTEBOOKS = ["00_intake", "01_account_age", "03_targets"]
#: of so many folders of tests/formats an export can still be read after its texts were marked
LOADERS = 60
#: what a loader must understand to recognise a record: marking it makes another file
_MEANT = re.compile(r"(?:^|[^a-z])(?:type|kind|\$type|object|py_type|event|created|updated|date|time|at|timestamp|edited|indexed|visibility|language|lang|langs|status|uri|cid|id|ids|_id|privacy|errors|title|rev)s?$", re.IGNORECASE)  # fmt: skip


def rich(home: Path) -> Path:
    """A mapped case with a marked word in each column of each table and in every list; some records are no good."""
    number = count()

    def word(field: str) -> str:
        return f"{MARK}{field}{next(number):05}"

    def marked(row: dict[str, str], own: set[str], spaced: bool) -> dict[str, str]:
        return {k: v if k in own else word(k) + (" and more words of that field, as people write them" if spaced and k in ("text", "bio") else "") for k, v in row.items()}  # fmt: skip

    posts, accounts = {}, {}
    for group in ("studied", "control"):
        numeric = {
            "like",
            "reply",
            "share",
            "quote",
            "time",
            "captured",
            "id",
            "user",
            "re_post",
            "re_user",
            "rt_post",
            "rt_user",
            "qt_post",
            "thread",
            "lang",
            "names",
        }
        people = [f"{MARK}id{group}{i:03}" for i in range(30)]
        rows = []
        for i in range(120):
            row = post(
                f"{MARK}post{group}{i:04}",
                people[i % 30],
                f"2023-08-{7 + i % 20:02d}T{i % 24:02d}:00:00Z",
                lang="en" if i % 7 else word("language"),
            )
            row |= {
                "re_user": f"{MARK}target{i % 12:03}",
                "re_post": f"{MARK}root{i % 15:03}",
                "thread": f"{MARK}root{i % 15:03}",
            }
            row |= {
                "links": f"https://{MARK}host.example/{word('url')}",
                "tags": word("tag"),
                "files": f"https://{MARK}host.example/{word('file')}.jpg",
            }
            row |= {"names": json.dumps([{"handle": word("mention")}])}
            rows.append(marked(row, numeric | {"links", "tags", "files"}, True))
        rows += [post(f"{MARK}bad{group}{i}", people[0], word("time"), word("text")) for i in range(12)]
        rows += [
            post(
                f"{MARK}count{group}{i}", people[0], "2023-08-09T00:00:00Z", word("text"), like=word("likes")
            )
            for i in range(12)
        ]
        posts[group] = rows
        kept = {"id", "made", "followers", "following", "captured"}
        accounts[group] = [
            marked(account(one, f"20{10 + i % 9}-0{1 + i % 9}-11", followers=40 + i), kept, True)
            for i, one in enumerate(people)
        ]
    labels = "account,platform,group,reason,coder,date\n" + "".join(
        f"{MARK}idstudied{i:03},x,studied,{word('reason')} of a letter,{word('coder')},2023-10-01\n"
        for i in range(30)
    )
    roster = "name,role,category,party,platform,account_id,handle,account_kind,may_be_named\n" + "".join(
        f"{word('member')} hidden,{word('role')},group,party,x,{MARK}target{i:03},{word('rosterhandle')},official,no\n"
        for i in range(12)
    )
    return report(
        home,
        "rich",
        posts=posts,
        accounts=accounts,
        lists={"labels": labels, "roster": roster},
        languages=["en", "fr"],
        notebooks=NOTEBOOKS,
        synthetic=False,
    )


def native(home: Path) -> Path:
    """Native exports with a mark on every text that does not tell what a record is."""
    folder = home / "reports" / "native"
    folder.mkdir(parents=True)
    number, entries = count(), []

    def marked(value: Any, key: str) -> Any:
        if isinstance(value, dict):
            return {k: marked(v, str(k)) for k, v in value.items()}
        if isinstance(value, list):
            return [marked(v, key) for v in value]
        if (
            isinstance(value, str)
            and value
            and not _MEANT.search(key)
            and not re.match(r"https?:|\d|at:|did:", value)
        ):
            return (
                f"{value}{MARK}{next(number):05}" if key != "handle" else f"{MARK}{next(number):05}.{value}"
            )
        return value

    for one in golden.goldens():
        stem = f"{MARK}{one.name.replace('/', '-')}"
        if one.file.suffix in (".json", ".jsonl", ".ndjson"):
            try:
                objects = golden.objects(one.name)
            except (ValueError, RecursionError):
                continue
            path = folder / f"{stem}.jsonl"
            text = "".join(json.dumps(marked(each, "")) + "\n" for each in objects)
        elif one.file.suffix in (".csv", ".tsv"):
            try:
                rows = golden.rows(one.name)
            except (UnicodeDecodeError, csv.Error):
                continue
            if not rows or any(None in row or None in row.values() for row in rows):
                continue
            path, out = folder / f"{stem}.csv", io.StringIO()
            writer = csv.DictWriter(out, list(rows[0]))
            writer.writeheader()
            writer.writerows(marked(row, "") for row in rows)
            text = out.getvalue()
        else:
            continue
        path.write_text(text, encoding="utf-8", errors="surrogatepass")
        entries.append({"path": path.name, "group": "context"} | one.options)
    usable = largest(folder, [entry for entry in entries if readable(folder, entry)])
    assert len(usable) >= LOADERS, sorted(entry["path"] for entry in usable)
    about = {"title": "Native exports", "languages": ["en"], "notebooks": ["00_intake"], "exports": usable}
    (folder / "report.yml").write_text(yaml.safe_dump(about), encoding="utf-8")
    return folder


def largest(folder: Path, entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of each folder of tests/formats the export with most in it."""
    found: dict[str, dict[str, Any]] = {}
    for entry in sorted(entries, key=lambda e: (folder / e["path"]).stat().st_size):
        found[entry["path"].partition("-")[0]] = entry
    return list(found.values())


def readable(folder: Path, entry: dict[str, Any]) -> bool:
    """Whether an export is still one after its texts were marked."""
    from kit import loaders
    from kit.errors import InputError

    try:
        options = {k: v for k, v in entry.items() if k not in ("path", "group")}
        return any(
            True for _s, _f, items in loaders.open_exports(folder / entry["path"], options) for _one in items
        )
    except InputError:
        return False


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("canaries")
    with desk(folder):
        rich(folder)
        native(folder)
        yield folder


def marks_in(folder: Path) -> list[str]:
    """Files of a folder that hold the mark in any reading."""
    found = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        texts = (one.text for one in readings(path.name, path.read_bytes()) if isinstance(one, Reading))
        if MARK in folded(path.name) or any(MARK in folded(text) for text in texts):
            found.append(path.relative_to(folder).as_posix())
    return found


@pytest.mark.parametrize("name, language", [("rich", "en"), ("rich", "fr"), ("native", "en")])
def test_no_marked_word_is_in_any_output_of_a_public_run(
    home: Path, tmp_path: Path, name: str, language: str
) -> None:
    page = walked(name, tmp_path / "out", language=language).parent
    loaded = reports.load(name)
    assert len(list(page.rglob("*.csv"))) >= 5
    assert marks_in(page) == []
    outcome = scan(page, private.values(loaded), private.words(loaded))
    assert outcome.hits == [], {
        b.column: set(b.texts) for b in private.values(loaded) if b.column in {h.column for h in outcome.hits}
    }
    assert outcome.counts["values"] > (1000 if name == "rich" else 30)


@pytest.mark.parametrize("name", ["rich", "native"])
def test_every_marked_word_is_in_reach_of_the_scan(home: Path, tmp_path: Path, name: str) -> None:
    """Whatever mark stands in any table of the internal edition, or in a list, is found where it is planted."""
    loaded = reports.load(name)
    case = cases.open(loaded, edition="internal")
    words: set[str] = set()
    whole: set[str] = set()
    for table in (cases.case_folder(loaded) / "internal").glob("*.parquet"):
        known = "all_posts" if table.stem == "posts" else table.stem
        for column in case.sql(f"SELECT * FROM {known}").astype(str).items():
            whole |= {str(value) for value in column[1] if MARK in str(value).lower()}
            words |= {w for value in column[1] for w in re.findall(rf"{MARK}[a-z0-9]*", str(value).lower())}
    words |= {
        w
        for path in loaded.folder.iterdir()
        if path.is_file() and name == "rich"
        for w in re.findall(rf"{MARK}[a-z0-9]+", path.read_text("utf-8").lower())
    }
    assert len(words) > (1000 if name == "rich" else 30)
    values = list(private.values(loaded))
    planted = tmp_path / "planted"
    planted.mkdir()
    (planted / "all.csv").write_text(
        "\n".join(json.dumps(one, ensure_ascii=False) for one in sorted(words if name == "rich" else whole)),
        encoding="utf-8",
    )
    searched = " ".join(folded(text) for batch in values for text in batch.texts)
    missed = [word for word in words if word not in searched]
    assert missed == []
    found = scan(planted, values, private.words(loaded)).hits
    assert len(found) >= (1000 if name == "rich" else 20), "as many as are told, or all"


def test_every_column_of_the_mapped_tables_is_marked() -> None:
    """A column that a later version maps must be marked here as well."""
    assert set(POSTS) | set(ACCOUNTS) >= {
        "language",
        "hashtags",
        "urls",
        "mentions",
        "media",
        "profile_url",
        "location",
        "status",
    }
