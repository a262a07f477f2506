"""The published page: whole or absent, inert whatever the data holds, the same bytes each time."""

from __future__ import annotations

import base64
import copy
import importlib.util
import io
import itertools
import json
import os
import re
import shutil
import struct
import zlib
from contextlib import nullcontext
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import matplotlib
import nbformat
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from needs import examples

from kit.errors import OutputError, RunError
from kit.publish.render import check, entries, extract, fresh, render_page, swap_in, verify
from kit.publish.render.blocks import clean_png
from kit.publish.render.facts import facts
from kit.publish.render.prose import to_html
from kit.redact import read_csv_back, safe_csv

matplotlib.use("Agg")
from matplotlib import pyplot as plt

# ---------------------------------------------------------------------------
# a stand-in for executed notebooks


@cache
def picture(kind: str = "hours") -> bytes:
    fig, ax = plt.subplots(figsize=(8, 3.6), layout="constrained")
    hours = range(24)
    if kind == "hours":
        ax.plot(
            hours, [max(1, 12 - abs(h - 10) * 1.4) for h in hours], color="#B4432F", lw=2.4, label="studied"
        )
        ax.plot(
            hours, [6 - abs(h - 19) * 0.2 for h in hours], color="#2F6DB4", lw=2.4, ls="--", label="control"
        )
        ax.set(xlabel="hour of day", ylabel="share of posts, %", xlim=(0, 23))
    else:
        ax.bar(
            [y - 0.2 for y in range(2014, 2024)], [2, 3, 3, 4, 5, 9, 31, 160, 210, 12], 0.4, color="#B4432F"
        )
        ax.bar(
            [y + 0.2 for y in range(2014, 2024)],
            [60, 52, 44, 40, 41, 38, 35, 30, 22, 10],
            0.4,
            color="#2F6DB4",
        )
        ax.set(xlabel="year the account was made", ylabel="accounts")
    ax.spines[["top", "right"]].set_visible(False)
    buffer = io.BytesIO()
    fig.savefig(buffer, dpi=200, format="png")
    plt.close(fig)
    return buffer.getvalue()


@cache
def dot() -> bytes:
    """The smallest picture: one grey point."""
    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(b"\0\x80")), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(kind, data) for kind, data in parts)


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def output(mime: str, data: object, alt: str | None = None) -> nbformat.NotebookNode:
    metadata = {"image/png": {"alt": alt}} if alt is not None else {}
    return nbformat.v4.new_output("display_data", data={mime: data}, metadata=metadata)


def daylight(kind: str, data: object) -> nbformat.NotebookNode:
    return output(f"application/vnd.daylight.{kind}+json", data)


def figure(alt: str, kind: str = "hours") -> nbformat.NotebookNode:
    return output("image/png", base64.b64encode(picture(kind)).decode(), alt)


def table(name: str, title: str, columns: list, rows: list, **more: object) -> dict:
    named = [{"name": c[0], "label": c[1], "kind": c[2]} for c in columns]
    return {
        "name": name,
        "title": title,
        "columns": named,
        "rows": rows,
        "csv": f"{name}.csv",
        "rows_total": len(rows),
        "note": None,
    } | more


INPUTS = [
    {
        "name": "posts_studied.jsonl",
        "sha256": "3f" * 32,
        "bytes": 48_211_904,
        "format": "x_archive",
        "title": "X information operations archive",
        "read": 482_410,
    }
]
COLOPHON = {
    "report": "sample",
    "kit": "0.1.0",
    "edition": "public",
    "language": "en",
    "clock": "America/Toronto",
    "seed": 20230901,
    "content": "9c" * 32,
    "parameters": {"k": 5, "by": "month"},
    "inputs": INPUTS,
}


def notebook(*cells: str | list, colophon: dict | None = None) -> nbformat.NotebookNode:
    """Text becomes prose, a list of outputs a code cell; the last cell is the colophon."""
    made, count = [], 0
    for cell in [*cells, [daylight("colophon", colophon or COLOPHON)]]:
        if isinstance(cell, str):
            made.append(nbformat.v4.new_markdown_cell(cell))
        else:
            count += 1
            made.append(nbformat.v4.new_code_cell("kit.show(…)", outputs=cell, execution_count=count))
    return nbformat.v4.new_notebook(cells=made)


def finding(
    id: str, verdict: str, value: float | None, low: float | None, high: float | None, **more
) -> dict:
    return {
        "id": id,
        "group": "studied",
        "kind": "finding",
        "verdict": verdict,
        "value": value,
        "label": None,
        "low": low,
        "high": high,
        "n": 1204,
        "unit": "share",
        "control": {"value": 0.081, "low": 0.067, "high": 0.098, "n": 1630},
        "difference": {"scale": "difference", "value": 0.543, "low": 0.511, "high": 0.574},
        "way": "tested" if verdict in ("found", "not_found") else "compared",
        "settings": {"k": 5},
        "sensitivity": [
            {"settings": {"k": 10}, "value": 0.58, "low": 0.55, "high": 0.61, "verdict": verdict},
            {"settings": {"k": 20}, "value": 0.51, "low": 0.48, "high": 0.54, "verdict": verdict},
            {"settings": {"k": 50}, "value": 0.33, "low": 0.29, "high": 0.37, "verdict": "inconclusive"},
        ],
        "limits": ["Platforms remove accounts unevenly; what was removed earlier is not here."],
        "by_construction": False,
        "text": {"en": f"The sentence of {id}."},
        "notebook": None,
        "table": None,
    } | more


def fact(id: str, value: object, unit: str | None, group: str = "studied", **more: object) -> dict:
    return {"id": id, "group": group, "value": value, "unit": unit, "label": None, "n": None} | more


def sample(language: str = "en") -> list[dict]:
    """Five notebooks with what real ones show."""
    count = [
        ("source_file", "Export", "text"),
        ("table", "Table", "text"),
        ("read", "Records read", "number"),
        ("kept", "Kept", "number"),
        ("duplicates", "Duplicates", "number"),
        ("rejected", "Rejected", "number"),
    ]
    years = [("group", "Group", "text"), ("year", "Year made", "year"), ("accounts", "Accounts", "number")]
    years += [("share", "Share", "share")]
    made = [2, 3, 3, 4, 5, 9, 31, 160, 210, 12]
    age_rows = [
        ["studied", 2014 + i, a if a > 9 else None, a / 439 if a > 9 else None] for i, a in enumerate(made)
    ]
    age_rows += [["control", 2014 + i, 60 - 5 * i, (60 - 5 * i) / 375] for i in range(10)]
    hours = [
        ("group", "Group", "text"),
        ("hour_local", "Hour (Toronto)", "number"),
        ("posts", "Posts", "number"),
    ]
    hour_rows = [[g, h, 1200 + 97 * h * (24 - h)] for g in ("studied", "control") for h in range(24)]
    intake = notebook(
        "# What did we receive, and is it whole?\n\nEvery record of every export is kept, counted as a duplicate, or "
        "rejected with a reason. Nothing is dropped in silence.",
        "## Data\n\nTwo exports, read once each.",
        [
            daylight(
                "facts",
                [
                    fact("accounts", 1204, "accounts"),
                    fact("posts", 481_922, "posts"),
                    fact("accounts", 1630, "accounts", "control"),
                    fact("posts", 355_104, "posts", "control"),
                    fact("first_post", None, "date", label="2021-03-04"),
                ],
            ),
            daylight(
                "table",
                table(
                    "accounting",
                    "Where every record went",
                    count,
                    [
                        ["posts_studied.jsonl", "posts", 482_410, 481_922, 455, 33],
                        ["posts_control.csv", "posts", 355_104, 355_104, 0, 0],
                    ],
                ),
            ),
        ],
        "## Method\n\nA record is *rejected* when a field that the case needs cannot be read. See the "
        "[age of accounts](01_account_age.ipynb) for what a missing date of creation does; the rule is that of "
        "[Berkeley](https://www.ohchr.org/en/berkeley-protocol).\n\n## Limits\n\nThe exports hold what a platform "
        "chose to release.",
    )
    age = notebook(
        "# When were the accounts made?\n\nAccounts bought or made in batches share their first days. Accounts that "
        "were taken over are old and silent for years before their first post here.",
        "## Method\n\nFor each account we take the day it was made and the day of its first post in this case, and "
        "compare the middle account of the studied group with that of the control group:\n\n| sign | reads |\n|---|---|\n"
        "| young | made less than 30 days before its first post |\n| old | made more than a year before |\n\n"
        "1. Resample accounts, never posts.\n2. Take the middle 95 of 100 draws.",
        [
            figure(
                "Bars of accounts by year made. Of the studied accounts 370 of 439 were made in 2021 and 2022; "
                "control accounts fall evenly from 60 in 2014 to 15 in 2023.",
                "years",
            ),
            daylight(
                "table",
                table(
                    "account_age",
                    "Accounts by the year they were made",
                    years,
                    age_rows,
                    rows_total=20,
                    note="6 rows are withheld because they would count fewer than 10 accounts.",
                ),
            ),
        ],
        "### How to read it\n\nA hill in one year means batches; a slope means growth.",
        [
            daylight(
                "finding",
                finding(
                    "young_accounts",
                    "found",
                    0.624,
                    0.596,
                    0.651,
                    text={
                        "en": "62% of the studied accounts were made less than 30 days before their first post here; "
                        "of the control accounts 8%.",
                        "fr": "62 % des comptes étudiés ont été créés moins de 30 jours avant leur premier message "
                        "ici ; 8 % des comptes témoins.",
                    },
                    limits=[
                        "Platforms remove accounts unevenly; what was removed earlier is not here.",
                        "A news event brings genuine newcomers too.",
                    ],
                ),
            )
        ],
        "## Limits\n\nOld accounts can be bought.",
    )
    hour = notebook(
        "# When do they post?\n\nThe hour of day says when people, or their schedules, are awake. It never says who "
        "they are, and alone it does not say where.",
        "## Method\n\nEvery day is turned by a random angle; if the shape survives, it is not made of single busy days.",
        [
            figure("Two lines over 24 hours: studied posts peak at 10, control posts at 19."),
            daylight(
                "table", table("posting_hours", "Posts by hour of day", hours, hour_rows, rows_total=48)
            ),
        ],
        [
            daylight(
                "finding",
                finding(
                    "office_hours",
                    "inconclusive",
                    0.41,
                    0.22,
                    0.63,
                    difference=None,
                    control={"value": 0.33, "low": 0.3, "high": 0.36, "n": 1630},
                    text={
                        "en": "Whether the studied accounts keep office hours cannot be told from these 19 days."
                    },
                ),
            ),
            daylight("note", {"text": "Nine days fall in a gap of the collection.", "kind": "warning"}),
        ],
        "## Limits\n\nPosts can be scheduled.",
    )
    together = notebook(
        "# Who acts together?\n\nMore than chance, shared interest and breaking news explain.",
        "## Method\n\nPairs within 60 seconds on one trace, against a null model that keeps activity and popularity.",
        [
            daylight(
                "finding",
                finding(
                    "synchronised_accounts",
                    "found",
                    3.4,
                    2.9,
                    4.1,
                    unit="ratio",
                    by_construction=True,
                    difference=None,
                    control={"value": 1.02, "low": 0.8, "high": 1.3, "n": 1630},
                    text={
                        "en": "Studied accounts share a trace within one minute 3.4 times as often as chance gives."
                    },
                ),
            )
        ],
        "## Limits\n\nFans with phone alerts look alike.",
    )
    reach = notebook(
        "# Did anyone outside react?",
        "## Method\n\nReplies and reposts by accounts outside the group.",
        [
            daylight(
                "finding",
                finding(
                    "outside_replies",
                    "not_found",
                    0.011,
                    0.006,
                    0.019,
                    difference=None,
                    control={"value": 0.352, "low": 0.33, "high": 0.37, "n": 1630},
                    text={
                        "en": "Almost nobody outside the network replied: 1% of its posts, 35% of control posts."
                    },
                ),
            )
        ],
        "## Limits\n\nViews are not in the exports.",
    )
    names = ("00_intake", "01_account_age", "02_posting_time", "06_coordination", "07_reach")
    books = (intake, age, hour, together, reach)
    for book in books:
        mark = book.cells[-1].outputs[0].data
        mark["application/vnd.daylight.colophon+json"] = {**COLOPHON, "language": language}
    return [{"name": name, "notebook": book} for name, book in zip(names, books, strict=True)]


REPORT = {
    "title": "A harassment campaign against local councillors, September 2023",
    "summary": "Over a thousand accounts, most of them weeks old, filled the replies of twelve councillors for "
    "nineteen days. They posted in step and almost nobody outside the network reacted.\n\nThis page says what was "
    "found, how surely, and what the data cannot show.",
    "authors": ["Daylight sample team", {"name": "Second author"}],
    "contact": "corrections@example.org",
    "period": {"start": "2023-09-04", "end": "2023-09-23"},
    "languages": ["en", "fr"],
    "synthetic": True,
    "content_note": "Section 10 counts threats and doxing. Nothing of it is shown.",
    "inclusion": {
        "rule": "Accounts that replied to five or more of the twelve councillors within one hour on three days.",
        "selected_on": ["reply_targets"],
    },
    "licence": "Text CC BY 4.0, code MIT",
    "published": [
        {
            "id": "accounts",
            "value": 1216,
            "source": "Platform statement, 2 October 2023",
            "note": "before appeals",
        },
        {"id": "posts", "value": 481_922, "source": "Platform statement, 2 October 2023"},
        {"id": "media", "value": 15_000, "source": "Newspaper, 5 October 2023", "note": "rounded by them"},
    ],
}


def tables_of(parts: list[dict], folder: Path) -> Path:
    """Write the CSVs that the notebooks name, as kit.show does."""
    (folder / "tables").mkdir(parents=True, exist_ok=True)
    (folder / "figures").mkdir(exist_ok=True)
    for part in parts:
        for block in extract(part["notebook"]):
            held = block.data if block.kind == "table" else block.data.get("table")
            if held and held.get("csv"):
                frame = pd.DataFrame(held["rows"], columns=[c["name"] for c in held["columns"]])
                safe_csv(frame, folder / "tables" / held["csv"])
                if block.kind == "figure":
                    (folder / "figures" / held["csv"].replace(".csv", ".png")).write_bytes(picture())
    return folder


# ---------------------------------------------------------------------------
# reading a page back


class Elements(HTMLParser):
    """Every start tag with the names of its attributes, and the text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.values: list[tuple[str, str, str]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(name for name, _value in attrs)))
        self.values += [(tag, name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_comment(self, data: str) -> None:
        self.tags.append(("comment", ()))

    def handle_pi(self, data: str) -> None:
        self.tags.append(("pi", ()))

    def unknown_decl(self, data: str) -> None:
        self.tags.append(("declaration", ()))


def parsed(html: str) -> Elements:
    parser = Elements()
    parser.feed(html)
    parser.close()
    return parser


ALLOWED = set(
    "html head meta title style body a header p span h1 h2 h3 h4 h5 h6 bdi dl dt dd div aside strong main section "
    "article ul ol li b details summary table caption thead tbody tr th td figure img figcaption nav footer em code pre "
    "blockquote hr br".split()
)


def assert_inert(html: str) -> None:
    page = parsed(html)
    assert {tag for tag, _names in page.tags} <= ALLOWED
    for tag, name, value in page.values:
        assert not name.startswith("on")
        assert name not in ("srcset", "action", "formaction", "background", "poster", "ping", "srcdoc")
        if name == "href":
            assert re.fullmatch(
                r"#[\w-]+|tables/[\w.-]+\.csv|findings\.json|\.\./(en|fr)/index\.html", value
            ), value
        if name == "src":
            assert value.startswith("data:image/png;base64,")
        if name == "http-equiv":
            assert value == "Content-Security-Policy"
        if name == "style":
            assert re.fullmatch(r"(left|width):[\d.]+%(;width:[\d.]+%)?", value)
        assert tag != "meta" or "refresh" not in value.lower()
    style = html[html.index("<style>") : html.index("</style>")]
    assert "url(" not in style
    assert "@import" not in style
    assert html.count("<style>") == 1


# ---------------------------------------------------------------------------
# hostile strings

OWN = {
    "script": "<script>document.title='PWNED'</script>",
    "script_end": "</script></style></title></textarea><script>document.title='PWNED'</script>",
    "attribute": '" onmouseover="document.title=1" style="background:url(//t.invalid)" x=\'',
    "address": "javascript:document.title='PWNED'",
    "picture": "![x](http://t.invalid/p.png) <img src=http://t.invalid/q.png>",
    "refresh": '<meta http-equiv=refresh content="0;url=http://t.invalid">',
    "template": "{{ 7*7 }}{% raw %}{# x #}${7*7}",
    "css": '"; } body { background: url(http://t.invalid) } </style>',
    "comment": "--><!-- ]]> <?php",
    "controls": "a\x00b\x1b[31mc\r\nd\u202ee\u2066f\u200bg\ud800h\uffff",
    "marks": "Z" + "\u0301" * 300,
    "entities": "&lt;script&gt; &amp;#106;avascript &#x202e;",
    "long": "A" * 20_000,
    "percent": "%s {0} {x} %(y)s",
    "path": "../../outside",
    "empty": "",
}


@cache
def hostile() -> dict[str, str]:
    """The strings above, and those of the shared catalogue of bad inputs where it is at hand."""
    root = Path(os.environ.get("DAYLIGHT_DATA") or Path(__file__).parents[2] / "shared")
    path = root / "badinputs" / "make_badinputs.py"
    if not path.exists():
        return OWN
    spec = importlib.util.spec_from_file_location("make_badinputs", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return OWN | dict(module.STRINGS)


def poisoned(x: str) -> tuple[dict, list[dict]]:
    """A report whose every field of text holds `x`."""
    report = {
        **dict.fromkeys(("title", "summary", "contact", "content_note", "licence", "cite"), x),
        "authors": [x, {"name": x}],
        "period": {"start": x, "end": x},
        "languages": ["en", "fr", x],
        "inclusion": {"rule": x, "selected_on": [x]},
        "published": [
            {"id": "n", "value": x, "source": x, "note": x},
            {"id": "z", "group": x, "value": 3, "source": x, "note": x},
        ],
    }
    columns = [("a", x, "text"), (x, x, "number"), ("c", x, x)]
    held = table("t", x, columns, [[x, 1.5, x], [None, 2, x], [x, x, 3]], note=x, rows_total=99)
    claim = finding("f", "found", 0.5, 0.4, 0.6) | {
        "label": x,
        "unit": "share",
        "settings": {"k": x, x: [x, 1]},
        "limits": [x, {"en": x}],
        "text": {"en": x or "-"},
        "control": {"group": "control", "value": 0.2, "low": 0.1, "high": 0.3, "withheld": None},
        "sensitivity": [{"settings": {x: x}, "value": 0.1, "verdict": "found"}],
    }
    other = finding("g", "inconclusive", None, None, None) | {"unit": x, "group": x or "-", "control": None}
    given = [fact("n", x, x, note=x, title=x), fact("m", 3, x, group=x or "-", label=x)]
    mark = {**COLOPHON, "kit": x, "clock": x, "content": x, "parameters": {x: x, "list": [x]}, x or "-": x}
    mark["inputs"] = [{"name": x, "title": x, "sha256": x, "bytes": 3}]
    book = notebook(
        "# Title\n\n## Method\n\n## Limits",
        [
            output("image/png", base64.b64encode(dot()).decode(), x or "-"),
            daylight("table", held),
            daylight("table", {**held, "name": x, "csv": None}),
        ],
        [daylight("facts", given), daylight("finding", claim), daylight("finding", other)],
        [daylight("note", {"text": x, "kind": x})],
        [
            nbformat.v4.new_output("stream", name="stdout", text=x),
            output("text/html", x),
            output("text/plain", x),
        ],
        [output("application/javascript", x), output("text/markdown", x), output("image/svg+xml", x)],
        colophon=mark,
    )
    book.metadata.update({"title": x, "widgets": {x: x}, "kernelspec": {"name": x, "display_name": x}})
    book.cells[1].metadata.update({"tags": [x], "filename": x})
    return report, [{"name": "00_x", "notebook": book}]


@cache
def shape_of(x: str, folder: Path) -> tuple[list, str]:
    report, books = poisoned(x)
    html = render_page(report, books, folder / "out").read_text("utf-8")
    page = parsed(html)
    return page.tags, html


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hostile")


@pytest.mark.parametrize("name", sorted(hostile()))
def test_any_string_in_any_field_gives_the_same_elements_as_a_letter(name: str, folder: Path) -> None:
    string = hostile()[name]
    plain, _html = shape_of("a" if string.strip() else "", folder)
    tags, html = shape_of(string, folder)
    assert tags == plain
    assert_inert(html)
    assert not re.search(
        "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]", html
    )


@settings(
    max_examples=examples(15), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.text(
        st.characters() | st.sampled_from("<>&\"'`=/\\{}%$[]()!#;:\ud800\u202e\x00\n"), max_size=60
    ).filter(str.strip)
)
def test_any_text_is_shown_not_obeyed(folder: Path, string: str) -> None:
    plain, _html = shape_of("a", folder)
    tags, html = shape_of(string, folder)
    assert tags == plain
    assert_inert(html)


# ---------------------------------------------------------------------------
# what the page says


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    books = sample()
    return render_page(REPORT, books, folder / "en", files=tables_of(books, folder / "files"))


def words_of(path: Path) -> str:
    return " ".join(" ".join(parsed(path.read_text("utf-8")).words).split())


def test_the_page_is_inert_and_says_so(page: Path) -> None:
    html = page.read_text("utf-8")
    assert_inert(html)
    assert html.startswith('<!doctype html>\n<html lang="en">')
    policy = (
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    )
    assert f'content="{policy}"' in html


def test_the_page_says_what_was_found_with_its_control(page: Path) -> None:
    text = words_of(page)
    assert "Compared with others: 1 (inconclusive 1). Patterns tested: 3 (found 2, not found 1)." in text
    assert "62% of the studied accounts were made less than 30 days" in text
    assert "62.4% (59.6% to 65.1%) n = 1,204" in text
    assert "8.1% (6.7% to 9.8%) n = 1,630" in text
    assert "Difference: +54.3 percentage points (+51.1 to +57.4)." in text
    assert "Other settings: 2 of 3 say the same, 1 inconclusive. Varied: k." in text
    assert "by construction" in text
    assert "A news event brings genuine newcomers too." in text


def test_our_facts_stand_beside_the_published_ones(page: Path) -> None:
    text = words_of(page)
    assert "Fact Studied Control Published Source Note" in text
    assert (
        "Accounts 1,204 1,630 1,216 ours is 1% lower Platform statement, 2 October 2023 before appeals"
        in text
    )
    assert "Posts 481,922 355,104 481,922 ours is the same Platform statement, 2 October 2023" in text
    assert "Media – 15,000 Newspaper, 5 October 2023 rounded by them" in text
    assert "First post 4 March 2021" in text
    assert "Who counts as studied Accounts that replied to five or more" in text


def test_units_are_said_once_beside_the_name() -> None:
    given = [
        fact("followers_mean", 36.6, "followers per account", title="mean number of followers"),
        fact("median_age", 12.0, "days"),
        fact("quiet", 0.952, "share of posts"),
    ]
    rows = facts(given)["rows"]
    assert [(row["unit"], row["cells"]) for row in rows] == [
        ("followers per account", ["36.6"]),
        ("", ["12 days"]),
        ("", ["95.2%"]),
    ]
    assert facts([]) is None


def test_published_figures_of_another_group_or_source_are_told_apart() -> None:
    given = [fact("posts", 90, "posts"), fact("posts", 200, "posts", "control")]
    figures = [
        {"id": "posts", "value": 100, "source": "A"},
        {"id": "posts", "group": "control", "value": 200, "source": "B"},
    ]
    row = facts(given, figures)["rows"][0]
    assert row["published"] == "100; Control: 200"
    assert row["difference"] == "ours is 10% lower; ours is the same"
    assert row["source"] == "A; B"


def test_tables_are_capped_and_linked_to_their_csv(page: Path) -> None:
    html, text = page.read_text("utf-8"), words_of(page)
    assert "20 of 48 rows; all of them are in the CSV." in text
    assert html.count('<a href="tables/posting_hours.csv">') == 2  # under the picture, under its rows
    assert "6 rows are withheld because they would count fewer than 10 accounts." in text
    assert "2,014" not in text  # a year is not a quantity


def test_every_link_leads_somewhere(page: Path) -> None:
    html = page.read_text("utf-8")
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    for target in re.findall(r'href="([^"]+)"', html):
        if target.startswith("#"):
            assert target[1:] in ids
        elif not target.startswith(".."):
            assert (page.parent / target).is_file()
    assert '<a href="../fr/index.html" lang="fr" hreflang="fr">Français</a>' in html
    assert html.count("· Method</a>") == 5
    assert html.count("· Limits</a>") == 5


def test_the_page_can_be_read_without_seeing_it(page: Path) -> None:
    seen = parsed(page.read_text("utf-8"))
    assert all(value.strip() for tag, name, value in seen.values if (tag, name) == ("img", "alt"))
    tags = [tag for tag, _names in seen.tags]
    assert tags.count("table") == tags.count("caption") + 1  # the prose table of a method has none
    headings = [int(tag[1]) for tag in tags if re.fullmatch("h[1-6]", tag)]
    assert headings[0] == 1
    assert headings.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(headings))
    assert all("scope" in names for tag, names in seen.tags if tag == "th" and names)


def test_colophon_holds_what_a_stranger_needs(page: Path) -> None:
    text = words_of(page)
    for part in (
        "3f" * 32,
        "9c" * 32,
        "America/Toronto",
        "20230901",
        "by = month, k = 5",
        "482,410",
        "CC BY 4.0",
    ):
        assert part in text
    assert "Daylight sample team, Second author (2023). A harassment campaign" in text


def test_nothing_of_the_machine_or_the_clock_is_on_the_page(page: Path) -> None:
    text = words_of(page)
    assert not re.search(r"/(?:tmp|home|work|root)/|object at 0x", text)


def test_same_input_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    books = sample()
    files = tables_of(books, tmp_path / "files")
    render_page(REPORT, books, tmp_path / "a", files=files)
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    render_page(REPORT, sample(), tmp_path / "b", files=files)
    names = sorted(p.relative_to(tmp_path / "a") for p in (tmp_path / "a").rglob("*") if p.is_file())
    assert [str(n) for n in names][-2:] == ["tables/account_age.csv", "tables/posting_hours.csv"][
        -2:
    ] or names
    for name in names:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_french_page_speaks_french_numbers_and_marks_what_stayed_english(tmp_path: Path) -> None:
    html = render_page(REPORT, sample("fr"), tmp_path / "fr", "fr").read_text("utf-8")
    assert '<html lang="fr">' in html
    assert "62 % des comptes étudiés" in html
    assert "481\u202f922" in html
    assert "4 septembre 2023" in html
    assert 'lang="en"><bdi>Whether the studied accounts' in html


def test_prose_passes_through_the_translator(tmp_path: Path) -> None:
    def french(notebook: str, source: str) -> str:
        assert notebook
        return source.replace("## Method", "## Méthode").replace(
            "# Did anyone outside react?", "# Qui a réagi ?"
        )

    html = render_page(REPORT, sample(), tmp_path / "x", translate=french).read_text("utf-8")
    assert '<h3 id="nb-07-reach-method">Méthode</h3>' in html
    assert "Qui a réagi ? · Méthode</a>" in html


def test_findings_json_holds_every_fact_and_finding(page: Path) -> None:
    held = json.loads((page.parent / "findings.json").read_bytes())
    assert [(e["id"], e["kind"], e["notebook"]) for e in held][-2:] == [
        ("synchronised_accounts", "finding", "06_coordination"),
        ("outside_replies", "finding", "07_reach"),
    ]
    assert len({(e["id"], e["group"]) for e in held}) == len(held) == 9


def test_facts_and_findings_are_tables_too(page: Path) -> None:
    held = json.loads((page.parent / "findings.json").read_bytes())
    tables = {name: read_csv_back(page.parent / "tables" / f"{name}.csv") for name in ("facts", "findings")}
    html = page.read_text("utf-8")
    for name, rows in tables.items():
        assert f'href="tables/{name}.csv"' in html
        assert list(dict.fromkeys(rows["id"])) == list(
            dict.fromkeys(e["id"] for e in held if e["table"] == name)
        )
    for entry in held:
        mine = tables[entry["table"]].pipe(lambda t, e=entry: t[t["id"] == e["id"]])
        first = mine[mine["group" if entry["kind"] == "fact" else "row"] == entry["group"]].iloc[0]
        for key in ("value", "n", "unit", "notebook"):
            assert first[key] == (
                pytest.approx(entry[key], rel=1e-5) if isinstance(entry[key], float) else entry[key]
            )
        assert first["text"] == (entry.get("text") or {}).get("en")
        if entry["kind"] == "finding":
            others = mine[mine["row"] == "other setting"]
            assert [json.loads(s) for s in others["settings"]] == [
                t["settings"] for t in entry["sensitivity"]
            ]
            assert (mine["row"] == "control").sum() == bool(entry["control"])


def test_a_fact_stated_twice_is_refused() -> None:
    part = notebook("# A", [daylight("facts", [fact("posts", 10, "posts"), fact("posts", 12, "posts")])])
    with pytest.raises(RunError, match="'posts' for group 'studied' is stated twice"):
        entries([("a", extract(part))])


# ---------------------------------------------------------------------------
# a run that did not finish is never rendered


def broken(change: str) -> nbformat.NotebookNode:
    book = copy.deepcopy(sample()[1]["notebook"])
    code = [cell for cell in book.cells if cell.cell_type == "code"]
    if change == "never run":
        code[1].execution_count = None
    elif change == "order":
        code[0].execution_count, code[1].execution_count = 2, 1
    elif change == "error":
        code[1].outputs.append(
            nbformat.v4.new_output("error", ename="KeyboardInterrupt", evalue="", traceback=[])
        )
    elif change == "no mark":
        code[-1].outputs = []
    elif change == "cut":
        del book.cells[-1]
    elif change == "no alt":
        del code[0].outputs[0].metadata["image/png"]
    elif change == "blank alt":
        code[0].outputs[0].metadata["image/png"]["alt"] = " "
    elif change == "picture":
        code[0].outputs[0].data["image/png"] = code[0].outputs[0].data["image/png"][:4000]
    elif change == "shape":
        code[0].outputs[1].data["application/vnd.daylight.table+json"]["rows"][0].append(1)
    elif change == "fact":
        code[1].outputs = [daylight("facts", ["posts: 3"])]
    elif change == "file":
        code[0].outputs[1].data["application/vnd.daylight.table+json"]["csv"] = "../../outside.csv"
    return book


BREAKS = {
    "never run": "was not run",
    "order": "out of order",
    "error": "ended in an error",
    "no mark": "last cell's mark",
    "cut": "last cell's mark",
    "no alt": "without a description",
    "blank alt": "without a description",
    "picture": "not a whole PNG",
    "shape": "do not fit its columns",
    "fact": "facts object of the wrong shape",
    "file": "not a plain name",
}


@pytest.mark.parametrize("change", BREAKS)
def test_an_unfinished_or_misshapen_notebook_is_refused(change: str, tmp_path: Path) -> None:
    with pytest.raises(RunError, match=BREAKS[change]):
        render_page(REPORT, [{"name": "01", "notebook": broken(change)}], tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_empty_code_cells_need_no_number() -> None:
    book = sample()[1]["notebook"]
    book.cells.insert(1, nbformat.v4.new_code_cell(""))
    verify(book)


@pytest.mark.parametrize(
    "colophon, match",
    [
        ({"edition": "internal"}, "was not run as the public edition, found 'internal'"),
        ({"edition": None}, "was not run as the public edition"),
        ({"language": "fr"}, "was not run in the language 'en', found 'fr'"),
        ({"inputs": [{"name": "other.csv"}]}, "ran on different inputs"),
    ],
)
def test_notebooks_of_another_edition_language_or_case_are_refused(
    colophon: dict, match: str, tmp_path: Path
) -> None:
    books = [
        {"name": "a", "notebook": notebook("# A", colophon=COLOPHON | colophon)},
        {"name": "b", "notebook": notebook("# B")},
    ]
    with pytest.raises(RunError, match=match):
        render_page(REPORT, books, tmp_path / "out")


# ---------------------------------------------------------------------------
# public pages


def small(folder: Path, page_value: int | None, file_value: int | None) -> list[dict]:
    columns = [("group", "Group", "text"), ("new_accounts", "New accounts", "count")]
    held = table("t", "T", columns, [["studied", page_value]])
    (folder / "tables").mkdir()
    safe_csv(pd.DataFrame({"group": ["studied"], "new_accounts": [file_value]}), folder / "tables" / "t.csv")
    return [{"name": "a", "folder": folder, "notebook": notebook("# A", [daylight("table", held)])}]


@pytest.mark.parametrize("page_value, file_value", [(3, None), (None, 9)])
def test_small_cells_never_reach_a_public_page_or_its_files(
    page_value: int | None, file_value: int | None, tmp_path: Path
) -> None:
    with pytest.raises(RunError, match="'new_accounts' shows a count of fewer than 10 people"):
        render_page(REPORT, small(tmp_path, page_value, file_value), tmp_path / "out")


def test_small_cells_may_stand_in_the_internal_edition(tmp_path: Path) -> None:
    books = small(tmp_path, 3, 3)
    mark = books[0]["notebook"].cells[-1].outputs[0].data["application/vnd.daylight.colophon+json"]
    mark["edition"] = "internal"
    page = render_page(REPORT, books, tmp_path / "out", edition="internal")
    assert "Internal edition, not for publication" in words_of(page)


def test_small_facts_and_findings_never_reach_a_public_page(tmp_path: Path) -> None:
    given = [fact("accounts", 7, "accounts"), fact("posts", 700, "posts")]
    claim = finding("young", "found", 0.5, 0.2, 0.8, n=8, unit="share of accounts", text={"en": "4 of 8."})
    for item in (daylight("facts", given), daylight("finding", claim)):
        books = [{"name": "a", "notebook": notebook("# A", [item])}]
        with pytest.raises(RunError, match="tells of fewer than 10 people in a public page"):
            render_page({"title": "T"}, books, tmp_path / "out")


def test_what_is_shown_in_words_is_so_on_the_page_and_in_the_data(tmp_path: Path) -> None:
    given = [fact("accounts", None, "accounts") | {"shown": {"value": ["small"]}}]
    claim = finding("young", "found", None, 0.2, 0.8, n=80, text={"en": "Over 90%."})
    claim["shown"] = {"value": ["over", 0.9]}
    book = notebook("# A", [daylight("facts", given), daylight("finding", claim)])
    page = render_page({"title": "T"}, [{"name": "a", "notebook": book}], tmp_path / "out")
    text = words_of(page)
    assert text.count("fewer than 10") == 2  # front fact, section fact
    assert text.count("over 90%") >= 1
    for name, shown in (("facts", "value small"), ("findings", "value over 0.9")):
        row = read_csv_back(page.parent / "tables" / f"{name}.csv").iloc[0]
        assert (row["shown"], row["value"]) == (shown, None)
    (stated, found) = json.loads((page.parent / "findings.json").read_text("utf-8"))
    assert (stated["shown"], found["shown"]) == ({"value": ["small"]}, {"value": ["over", 0.9]})


def test_what_was_not_tested_is_a_line_and_no_card(tmp_path: Path) -> None:
    """One list for all of them, outside the tally, with no number and no bar, on the page and in the data."""
    none = dict.fromkeys(("value", "low", "high", "n", "control", "difference", "margin"))
    said = "Not recorded in these data: which post is answered."
    lost = finding("targeted_posts", "inconclusive", None, None, None, text={"en": said}) | none
    lost |= {"title": "Posts that drew many replies", "outcome": "not_recorded", "tested": False}
    lost |= {"not_recorded": ["posts.reply_to_key"], "sensitivity": []}
    told = finding("new_accounts", "found", 0.6, 0.5, 0.7, tested=True)
    parts = [
        {
            "name": "03_targets",
            "notebook": notebook("# T", [daylight("finding", told), daylight("finding", lost)]),
        }
    ]
    path = render_page({"title": "T"}, parts, tmp_path / "page")
    html = path.read_text(encoding="utf-8")
    assert html.count("<article") == 1, "one card, and one line"
    assert "Not possible with these data, because" in html
    line = re.search(r'<li id="finding-targeted-posts-studied">(.*?)</li>', html)
    assert line is not None
    assert "Posts that drew many replies" in line[1]
    assert said in line[1]
    assert not re.search(r"n = |%|<span class=.dot", line[1])
    (entry,) = (e for e in json.loads((path.parent / "findings.json").read_text()) if not e["tested"])
    assert [entry[key] for key in none] == [None] * len(none)
    csv = read_csv_back(path.parent / "tables" / "findings.csv")
    (row,) = csv[csv["id"] == "targeted_posts"].to_dict("records")
    assert (row["value"], row["low"], row["high"], row["n"], row["not_recorded"]) == (
        None,
        None,
        None,
        None,
        said,
    )


def test_tables_of_one_name_with_other_rows_are_both_kept(tmp_path: Path) -> None:
    books = []
    for name, value in (("a", 20), ("b", 30), ("c", 20)):
        (tmp_path / name / "tables").mkdir(parents=True)
        held = table(
            "summary", "S", [("group", "Group", "text"), ("accounts", "A", "count")], [["studied", value]]
        )
        safe_csv(
            pd.DataFrame({"group": ["studied"], "accounts": [value]}),
            tmp_path / name / "tables" / "summary.csv",
        )
        book = notebook(f"# {name}", [daylight("table", held)])
        books.append({"name": name, "folder": tmp_path / name, "notebook": book})
    page = render_page(REPORT, books, tmp_path / "out")
    assert {p.name for p in (tmp_path / "out" / "tables").iterdir()} == {"summary.csv", "b-summary.csv"}
    assert page.read_text("utf-8").count('href="tables/summary.csv"') == 2


def test_two_tables_of_one_name_in_one_notebook_are_refused(tmp_path: Path) -> None:
    """The file of the first is gone when the page is built: its chart would be linked to other rows."""
    columns = [("group", "Group", "text"), ("posts", "P", "count")]
    (tmp_path / "tables").mkdir()
    safe_csv(pd.DataFrame({"group": ["studied"], "posts": [30]}), tmp_path / "tables" / "t.csv")
    shown = [daylight("table", table("t", "T", columns, [["studied", posts]])) for posts in (30, 20)]
    for outputs, fails in ((shown, True), ([shown[0], shown[0]], False)):
        parts = [{"name": "a", "folder": tmp_path, "notebook": notebook("# A", outputs)}]
        with pytest.raises(RunError, match="both called 't'") if fails else nullcontext():
            render_page(REPORT, parts, tmp_path / "out")


def test_a_missing_csv_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"accounting\.csv: cannot be copied"):
        render_page(REPORT, sample(), tmp_path / "out", files=tmp_path)


# ---------------------------------------------------------------------------
# pictures and prose


def test_pictures_carry_no_words() -> None:
    png = picture()
    told = (
        png[:33]
        + chunk(b"tEXt", b"Author\0jane.roe@example.com")
        + chunk(b"tIME", b"\x07\xe7\x01\x01\0\0\0")
        + png[33:]
    )
    clean = clean_png(told)
    assert b"jane" not in clean
    assert b"tIME" not in clean
    assert b"matplotlib" not in clean.lower()
    assert clean == clean_png(clean)


@pytest.mark.parametrize("png", [b"", b"GIF89a", picture()[:-20], picture()[:600] + b"x" + picture()[601:]])
def test_damaged_pictures_are_refused(png: bytes) -> None:
    with pytest.raises((ValueError, struct.error)):
        clean_png(png)


@pytest.mark.parametrize(
    "source, shown",
    [
        ("[a](#limits)", '<p><a href="#limits">a</a></p>'),
        ("[a](02_b.ipynb#x)", '<p><a href="#nb-02-b">a</a></p>'),
        ("[a](03_c.ipynb)", "<p>a</p>"),
        ("[a](https://example.org/x)", "<p>a (https://example.org/x)</p>"),
        ("<https://example.org/x>", "<p>https://example.org/x</p>"),
        ("[a](http://t.invalid)", "<p>a</p>"),
        ("[a](javascript:alert(1))", "<p>[a](javascript:alert(1))</p>"),
        ("[a](data:text/html,x)", "<p>[a](data:text/html,x)</p>"),
        ("[a](//t.invalid)", "<p>a</p>"),
        ("[a](../../x)", "<p>a</p>"),
        ("![alt *text*](http://t.invalid/p.png)", "<p>alt *text*</p>"),
        ("[![b](http://t.invalid/p.png)](https://example.org)", "<p>b (https://example.org)</p>"),
        ("<b onclick=x>b</b>", "<p>&lt;b onclick=x&gt;b&lt;/b&gt;</p>"),
        ("<script>x</script>", "<p>&lt;script&gt;x&lt;/script&gt;</p>"),
        ("a&#x202e;b `c\u202ed`", "<p>a[U+202E]b <code>c[U+202E]d</code></p>"),
        ("```html onload=x\n<i>\n```", "<pre><code>&lt;i&gt;\n</code></pre>"),
        ("# One", '<h3 id="p-one">One</h3>'),
        ("##### Five", '<h6 id="p-five">Five</h6>'),
    ],
)
def test_prose_links_inwards_only_and_holds_no_html(source: str, shown: str) -> None:
    html, _headings = to_html(source, prefix="p", sections=frozenset({"02_b"}))
    assert html.strip() == shown


@settings(max_examples=examples(100), deadline=None)
@given(st.text(st.sampled_from("<>[]()!#`*_~|:-\n\"'&\\ ahtps:/.jx\u202e"), max_size=80))
def test_any_prose_is_inert(source: str) -> None:
    html, _headings = to_html(source, prefix="p")
    page = parsed(html)
    assert {tag for tag, _names in page.tags} <= ALLOWED
    for tag, name, value in page.values:
        assert (tag, name) in {
            ("a", "href"),
            ("ol", "start"),
            ("td", "style"),
            ("th", "style"),
        } or name == "id"
        assert name != "href" or value.startswith("#")


# ---------------------------------------------------------------------------
# the folder


def test_manifest_names_every_file_and_finds_every_change(page: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(page.parent, tmp_path / "copy")
    assert check(folder) == []
    (folder / "tables" / "accounting.csv").write_bytes(b"x")
    (folder / "findings.json").unlink()
    (folder / "stray.txt").write_text("x")
    found = ["findings.json: missing", "stray.txt: not in the manifest", "tables/accounting.csv: changed"]
    assert check(folder) == found
    (folder / "manifest.json").write_bytes(b"{")
    assert check(folder) == ["manifest.json: missing or unreadable, the build did not finish"]


def build(final: Path, word: str) -> None:
    temp = fresh(final)
    (temp / "index.html").write_text(word)
    swap_in(temp, final, extra={"key": word})


@pytest.mark.parametrize("fail_at", range(1, 12))
def test_a_build_killed_at_any_step_leaves_the_old_result_or_the_new(
    fail_at: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every call that touches the disk is made to fail in turn, then the next run is whole."""
    final = tmp_path / "out"
    build(final, "old")
    calls = 0

    class Killed(BaseException):
        pass

    def counted(function):
        def call(*args, **kwargs):
            nonlocal calls
            calls += 1
            if calls == fail_at:
                raise Killed
            return function(*args, **kwargs)

        return call

    with monkeypatch.context() as patch:
        for name in ("rename", "fsync"):
            patch.setattr(f"kit.publish.render.folder.os.{name}", counted(getattr(os, name)))
        patch.setattr("kit.publish.render.folder.shutil.rmtree", counted(shutil.rmtree))
        patch.setattr(Path, "mkdir", counted(Path.mkdir))
        patch.setattr(Path, "write_bytes", counted(Path.write_bytes))
        try:
            build(final, "new")
        except Killed:
            pass
        else:
            assert calls < fail_at
    if final.exists():  # between the two renames there is none, never half of one
        assert check(final) == []
    build(final, "later")
    assert (final / "index.html").read_text() == "later"
    assert check(final) == []
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_an_interrupted_swap_gives_the_old_result_back(tmp_path: Path) -> None:
    final = tmp_path / "out"
    build(final, "old")
    final.rename(tmp_path / ".out.old")
    fresh(final)
    assert (final / "index.html").read_text() == "old"
    assert json.loads((final / "manifest.json").read_bytes())["key"] == "old"


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be written"):
        render_page(REPORT, sample(), tmp_path / "file" / "out")
    assert OutputError.exit_code == 5
