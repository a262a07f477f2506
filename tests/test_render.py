"""The published page: whole or absent, inert whatever the data holds, the same bytes each time."""

from __future__ import annotations

import base64
import importlib.util
import io
import os
import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import matplotlib
import nbformat
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kit.publish.render import extract, render_page
from kit.redact import safe_csv

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


INPUTS = [{"file": "posts_studied.jsonl", "sha256": "3f" * 32, "bytes": 48_211_904}]
COLOPHON = {
    "edition": "public",
    "kit_version": "0.1.0",
    "case": "9c" * 32,
    "clock": "America/Toronto",
    "seed": 20230901,
    "data_to": "2023-09-30",
    "inputs": INPUTS,
    "parameters": {"report": "sample", "k": 5},
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
        "control": {"group": "control", "value": 0.081, "low": 0.067, "high": 0.098, "n": 1630},
        "settings": {"k": 5},
        "sensitivity": [
            {"settings": {"k": 10}, "value": 0.58, "low": 0.55, "high": 0.61, "verdict": verdict},
            {"settings": {"k": 20}, "value": 0.51, "low": 0.48, "high": 0.54, "verdict": verdict},
            {"settings": {"k": 50}, "value": 0.33, "low": 0.29, "high": 0.37, "verdict": "cannot_tell"},
        ],
        "limits": ["Platforms remove accounts unevenly; what was removed earlier is not here."],
        "by_construction": False,
        "text": {"en": f"The sentence of {id}."},
        "notebook": None,
        "table": None,
    } | more


def fact(id: str, value: object, unit: str | None, group: str = "studied", **more: object) -> dict:
    return {"id": id, "group": group, "value": value, "unit": unit, "label": None, "n": None} | more


def sample() -> list[dict]:
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
                    "present",
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
                    "cannot_tell",
                    0.41,
                    0.22,
                    0.63,
                    control={"group": "control", "value": 0.33, "low": 0.3, "high": 0.36, "n": 1630},
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
                    "present",
                    3.4,
                    2.9,
                    4.1,
                    unit="ratio",
                    by_construction=True,
                    control={"group": "control", "value": 1.02, "low": 0.8, "high": 1.3, "n": 1630},
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
                    "absent",
                    0.011,
                    0.006,
                    0.019,
                    control={"group": "control", "value": 0.352, "low": 0.33, "high": 0.37, "n": 1630},
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
    claim = finding("f", "present", 0.5, 0.4, 0.6) | {
        "label": x,
        "unit": "share",
        "settings": {"k": x, x: [x, 1]},
        "limits": [x, {"en": x}],
        "text": {"en": x or "-"},
        "control": {"group": "control", "value": 0.2, "low": 0.1, "high": 0.3, "withheld": None},
        "sensitivity": [{"settings": {x: x}, "value": 0.1, "verdict": "present"}],
    }
    other = finding("g", "cannot_tell", None, None, None) | {"unit": x, "group": x or "-", "control": None}
    given = [fact("n", x, x, note=x, title=x), fact("m", 3, x, group=x or "-", label=x)]
    mark = {**COLOPHON, "kit_version": x, "parameters": {x: x, "list": [x]}, x or "-": x}
    mark["inputs"] = [{"file": x, "sha256": x, "bytes": 3}]
    book = notebook(
        "# Title\n\n## Method\n\n## Limits",
        [figure(x or "-"), daylight("table", held), daylight("table", {**held, "name": x, "csv": None})],
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


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters() | st.sampled_from("<>&\"'`=/\\{}%$[]()!#;:\ud800\u202e\x00\n"), max_size=60))
def test_any_text_is_shown_not_obeyed(folder: Path, string: str) -> None:
    plain, _html = shape_of("a" if string.strip() else "", folder)
    tags, html = shape_of(string, folder)
    assert tags == plain
    assert_inert(html)
