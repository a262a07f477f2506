"""Hostile strings in every field, from the export to the page: shown, never obeyed; in public not shown at all."""

from __future__ import annotations

import csv
import io
import json
import re
import socket
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import yaml
from shell import CONTROLS, here, kit, refused, walked, words_of
from test_render import assert_inert, hostile, parsed
from worlds import desk, simulated

from kit import case as cases
from kit import redact
from kit.case.pseudonyms import BESIDE
from kit.publish.render import check
from kit.publish.render.blocks import clean_png
from simulation import tiny

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted(p.stem for p in (ROOT / "notebooks").glob("*.ipynb"))

OWN = {
    "script": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "mathematics": "$\\frac{$ $x^{$ \\input{/etc/passwd} $$",
    "bidi": "\u202egpj.exe\u202c\u2066a\u2069\u200f",
    "terminal": "\x1b[31m\x1b]0;title\x07\x9b2J\x08\x7f",
    "formula": '=cmd|"/C calc"!A0',
    "formula_at": "@SUM(1+1)*cmd|' /C calc'!A0",
    "formula_plus": '+HYPERLINK("http://t.invalid";"a")\t=1+1;=1+1|=1+1',
    "template": "{{ 7*7 }}{% raw %}{# #}${7*7}{0.__class__}%(x)s %s",
    "markdown": "![a](http://t.invalid/p.png) [b](javascript:alert(1)) # c\n\n<iframe src=//t.invalid>",
    "nul": "a\x00b",
    "quotes": "'; DROP TABLE posts; --\" \\ ' || $$",
    "lines": "a\r\nkit: forged line\nb\u2028c\u2029d",
    "marks": "Z" + "\u0301" * 60 + "\u200b\ufeff\u3164",
    "wide": "\uff1dcmd|A0",
}
#: words that stand in the private fields and nowhere else; a member who may be named is "zqnamed"
SECRET = (
    "zqhandle",
    "zqname",
    "zqbio",
    "zqplace",
    "zqprofile",
    "zqtext",
    "zqlink",
    "zqtag",
    "zqmedia",
    "zqhidden",
)


def strings() -> Iterator[str]:
    """Hostile strings without end, each made unique by what is put behind it."""
    found = [
        s for s in (OWN | {k: v for k, v in hostile().items() if 0 < len(v) < 3000}).values() if s.strip()
    ]
    for number in count():
        yield found[number % len(found)]


def whole(text: str) -> str:
    """`text` as UTF-8 can hold it."""
    return text.encode("utf-8", "replace").decode("utf-8")


def poison(path: Path, columns: dict[str, str], draw: Iterator[str], *, spaced: tuple[str, ...] = ()) -> None:
    """Put a hostile string with its secret word into every filled cell of `columns` of a CSV."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for number, row in enumerate(rows):
        for column, secret in columns.items():
            if row.get(column) or column in ("description", "location", "Intro", "channelDescription"):
                text = f"{whole(next(draw))} {secret}{number}"
                row[column] = re.sub(r"\s", "_", text) if column in spaced else text
    if path.name == "x_replies.csv":
        rows[3]["full_text"] = "=" + "A" * 5_000_000 + "zqtext"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


FIELDS = {
    "x_replies x_timelines x_control x_members": {
        "full_text": "zqtext",
        "tags": "zqtag",
        "links": "zqlink",
        "media_urls": "zqmedia",
        "lang": "zqlanguage",
    },
    "x_accounts x_accounts_control": {
        "username": "zqhandle",
        "name": "zqname",
        "description": "zqbio",
        "location": "zqplace",
        "url": "zqprofile",
        "state": "zqstate",
    },
    "facebook_comments facebook_control facebook_members": {
        "Message": "zqtext",
        "Link": "zqlink",
        "Attachment": "zqmedia",
    },
    "facebook_profiles facebook_profiles_control": {
        "Vanity name": "zqhandle",
        "Profile name": "zqname",
        "Intro": "zqbio",
        "Current city": "zqplace",
    },
    "youtube_comments youtube_control youtube_members": {"textOriginal": "zqtext"},
    "youtube_channels youtube_channels_control": {"channelTitle": "zqname", "channelDescription": "zqbio"},
}
ODD_NAME = "x <img src=a onerror=alert(1)> $\\frac{$ {{ 7*7 }} =cmd|A0 \u202egpj\x1b[31m.csv"


def surrogates(path: Path, draw: Iterator[str]) -> None:
    """Posts as twarc writes them, with lone surrogates and NUL in every text; one holds five million characters."""
    lines = []
    for number in range(24):
        sick = [f"{next(draw)} \ud800\x00 {word}s{number}" for word in SECRET]
        author = {
            "id": str(7000 + number % 12),
            "username": sick[0],
            "name": sick[1],
            "description": sick[2],
            "location": sick[3],
            "url": sick[4],
            "created_at": "2020-01-01T00:00:00.000Z",
            "public_metrics": {"followers_count": 1, "following_count": 2, "tweet_count": 3},
        }
        item = {
            "id": str(1_690_000_000_000_000_000 + number),
            "text": sick[5] if number else "=" + "B" * 5_000_000 + "zqtext",
            "lang": sick[5],
            "created_at": "2023-08-15T10:00:00.000Z",
            "author_id": author["id"],
            "conversation_id": str(1_690_000_000_000_000_000 + number),
            "public_metrics": {"retweet_count": 0, "reply_count": 0, "like_count": 0, "quote_count": 0},
            "author": author,
            "entities": {
                "hashtags": [{"start": 0, "end": 1, "tag": sick[7]}],
                "urls": [{"start": 0, "end": 1, "url": sick[6], "expanded_url": sick[6]}],
                "mentions": [{"start": 0, "end": 1, "username": sick[0], "id": "7001"}],
            },
        }
        lines.append(json.dumps(item))
    path.write_text("\n".join(lines) + "\n", encoding="ascii")


def poisoned_lists(folder: Path, draw: Iterator[str]) -> None:
    """Roster, labels and events of the report; every third member may not be named."""

    def rewrite(name: str, change: Any) -> None:
        path = folder / name
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        members: dict[str, dict[str, str]] = {}
        for row in rows:
            row |= change(row, members)
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)

    categories = {}

    def member(row: dict[str, str], known: dict[str, dict[str, str]]) -> dict[str, str]:
        if row["name"] not in known:
            may = len(known) % 3 != 2
            word = "zqnamed" if may else "zqhidden"
            known[row["name"]] = {
                "name": f"{whole(next(draw))} {word}{len(known)}",
                "role": f"{whole(next(draw))} {word}role{len(known)}",
                "may_be_named": "yes" if may else "no",
            }
        category = categories.setdefault(row["category"], f"{whole(next(draw))} zqcategory{len(categories)}")
        return known[row["name"]] | {"category": category, "handle": f"zqhandler{whole(next(draw))}"}

    rewrite("roster.csv", member)
    rewrite("labels.csv", lambda _row, _known: {"reason": f"{whole(next(draw))} zqreason"})
    rewrite("events.csv", lambda _row, _known: {"label": f"{whole(next(draw))} zqevent"})


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a report with hostile strings in everything that a text can stand in."""
    home = tmp_path_factory.mktemp("hostile")
    draw = strings()
    simulated(home, "hostile", tiny())
    exports, folder = home / "hostile-exports", home / "reports/hostile"
    for names, columns in FIELDS.items():
        for name in names.split():
            poison(
                exports / f"{name}.csv",
                columns,
                draw,
                spaced=("tags", "links", "media_urls", "Link", "Attachment"),
            )
    (exports / "x_timelines.csv").rename(exports / ODD_NAME)
    surrogates(exports / "tweets.jsonl", draw)
    poisoned_lists(folder, draw)
    path = folder / "report.yml"
    content = yaml.safe_load(path.read_text("utf-8"))
    for entry in content["exports"]:
        entry["path"] = entry["path"].replace("x_timelines.csv", ODD_NAME)
    content["exports"].append({"path": str(exports / "tweets.jsonl"), "group": "context"})
    evil = " ".join(whole(s) for s in OWN.values() if "\x00" not in s)
    for key in ("title", "summary", "contact", "content_note", "retention"):
        content[key] = f"zq{key} {evil}"
    content["authors"] = [evil]
    content["inclusion"] = {"rule": evil, "selected_on": [evil]}
    content["published"] = [
        {"id": "posts", "value": 3, "source": evil, "note": evil},
        {"id": evil, "value": evil},
    ]
    content |= {"notebooks": NOTEBOOKS, "synthetic": False}
    (path.parent / BESIDE).unlink()  # which only synthetic reports may bring along
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return home


@pytest.fixture(scope="module")
def real_run(home: Path) -> Path:
    """The public page of a real run."""
    done = kit(home, "run", "hostile", timeout=1800)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("reports/hostile/out/public/en/index.html\n")
    return home / "reports/hostile/out/public/en"


@pytest.fixture(scope="module")
def asked() -> list[str]:
    """Who asked for the network while the public page was made."""
    return []


@pytest.fixture(scope="module")
def public(home: Path, asked: list[str]) -> Path:
    """The public page, from notebooks run in this process with the network cut."""

    def cut(*wanted: object, **_more: object) -> None:
        asked.append(repr(wanted))
        raise OSError("the network is cut")

    with pytest.MonkeyPatch.context() as patch, desk(home):
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, cut)
        patch.setattr(socket, "getaddrinfo", cut)
        return walked("hostile", home / "outside").parent


@pytest.fixture(scope="module")
def internal(home: Path) -> Path:
    """The internal page, from notebooks run in this process."""
    with desk(home):
        return walked("hostile", home / "walked", edition="internal").parent


def assert_harmless(folder: Path) -> None:
    """Page, tables and pictures of a page folder: nothing live, all of it there."""
    assert check(folder) == []
    html = (folder / "index.html").read_text("utf-8")
    assert_inert(html)
    assert not re.search(
        "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]", html
    )
    json.loads((folder / "findings.json").read_bytes())
    pictures = sorted(folder.glob("figures/*.png"))
    assert len(pictures) >= 5
    for picture in pictures:
        assert clean_png(picture.read_bytes()) == picture.read_bytes()
    tables = sorted(folder.glob("tables/*.csv"))
    assert len(tables) >= 10
    for table in tables:
        text = table.read_text("utf-8")
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
        for row in csv.reader(io.StringIO(text)):
            for cell in row:
                live = re.match("[=+\\-@\t\r＝＋－＠]", cell)
                assert not live or re.fullmatch(r"-?\d+(\.\d+)?(e[+-]?\d+)?", cell), (table.name, cell)
                assert not re.search("[;|\t]\\s*[=+@]", cell), (table.name, cell)
        redact.read_csv_back(table)


def test_nothing_needs_the_network(public: Path, asked: list[str]) -> None:
    """Every notebook ran with the network cut, on exports of every kind that the simulation writes."""
    assert asked == []
    assert "Traceback" not in words_of((public / "index.html").read_text("utf-8"))


def test_the_public_page_is_harmless(public: Path) -> None:
    assert_harmless(public)


@pytest.mark.slow
def test_the_page_of_a_real_run_is_harmless(home: Path, real_run: Path) -> None:
    assert_harmless(real_run)
    assert_silent(real_run, home / "reports/hostile/out/.stages")


@pytest.mark.slow
def test_the_internal_page_is_harmless(internal: Path) -> None:
    assert_harmless(internal)


def test_no_private_word_is_anywhere_in_the_public_edition(home: Path, public: Path) -> None:
    assert_silent(public, home / "outside", home / "data/cases/hostile/public")


def assert_silent(*places: Path) -> None:
    """No word of a private field in any file of these folders."""
    files = [path for place in places for path in place.rglob("*") if path.is_file()]
    assert len(files) > 30
    for path in files:
        content = path.read_bytes().lower().replace(b"zqnamed", b"")
        for word in SECRET:
            assert word.encode() not in content, (path, word)


@pytest.mark.slow
def test_members_are_named_where_the_roster_allows_it(home: Path, public: Path, internal: Path) -> None:
    assert "zqnamed" in words_of((public / "index.html").read_text("utf-8"))
    both = b"".join(path.read_bytes() for path in internal.rglob("*.csv"))
    assert b"zqnamed" in both
    with desk(home):
        inside = cases.open("hostile", edition="internal").sql("SELECT name FROM roster")["name"]
        outside = cases.open("hostile", edition="public").sql("SELECT name, may_be_named FROM roster")
    assert inside.str.contains("zqhidden").any()
    assert outside["name"][~outside["may_be_named"]].isna().all()


def test_what_the_researcher_wrote_is_shown_not_obeyed(public: Path) -> None:
    html = (public / "index.html").read_text("utf-8")
    words = words_of(html)
    for word in ("zqtitle", "zqsummary", "zqcontact", "zqcontent_note"):
        assert word in words, word
    assert "<script>alert(1)</script>" in words
    assert "{{ 7*7 }}" in words
    assert "49" not in re.findall(r"\b49\b", words.split("zqtitle")[1][:200])
    assert not [
        value for _tag, name, value in parsed(html).values if name in ("href", "src") and "invalid" in value
    ]


def test_the_hostile_case_is_whole(home: Path, public: Path) -> None:
    assert public.exists()
    with desk(home):
        case = cases.open("hostile", edition="internal")
        sizes = case.sql("SELECT max(length(text)) AS n, count(*) AS posts FROM all_posts").iloc[0]
        kept = case.sql("SELECT sum(kept) AS kept, sum(read) AS read FROM accounting").iloc[0]
    assert sizes["n"] > 4_000_000, "a text of five million characters is kept, or said to be too long"
    assert kept["kept"] > 700
    assert sizes["posts"] > 700


def test_nothing_drives_the_terminal(home: Path, public: Path) -> None:
    assert public.exists()
    with desk(home):
        for arguments in (["list"], ["plan", "hostile"], ["inspect", str(home / "hostile-exports")]):
            said = here(*arguments)
            assert not CONTROLS.search(said.stdout + said.stderr), arguments
        for entry in yaml.safe_load((home / "reports/hostile/report.yml").read_text("utf-8"))["exports"]:
            said = here("inspect", entry["path"], "--report", "hostile")
            assert said.exit_code == 0, said.stderr
            assert not CONTROLS.search(said.stdout), entry["path"]
            assert "\nkit: forged line" not in said.stdout


def test_a_hostile_word_in_a_fault_stays_one_line(home: Path, public: Path, tmp_path: Path) -> None:
    assert public.exists()
    evil = "\x1b[31m\u202e\nkit: forged"
    with desk(tmp_path):
        folder = tmp_path / "reports/a"
        folder.mkdir(parents=True)
        text = yaml.safe_dump({"title": "a", "exports": [{"path": evil}], "notebooks": ["00_intake"]})
        (folder / "report.yml").write_text(text, encoding="utf-8")
        assert "\\x1b[31m\\u202e" in refused(here("run", "a"))
        (folder / "b.csv").write_text(f'"{evil}",c\n1,2\n', encoding="utf-8")
        columns = {"post_id": "d", "account_id": "c"}
        text = yaml.safe_dump(
            {
                "title": "a",
                "exports": [{"path": "b.csv", "platform": "x", "columns": columns}],
                "notebooks": ["00_intake"],
            }
        )
        (folder / "report.yml").write_text(text, encoding="utf-8")
        refused(here("run", "a"))
        refused(here("inspect", str(folder / "b.csv")))


@pytest.mark.slow
def test_the_internal_edition_through_a_real_run(home: Path, public: Path) -> None:
    done = kit(home, "run", "hostile", "--edition", "internal", timeout=1800)
    assert (done.returncode, done.stderr) == (0, "")
    assert_harmless(home / "reports/hostile/out/internal/en")
    assert_harmless(public)
