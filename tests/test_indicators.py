"""Published lists of indicators: refanged for matching, beside the posts, and their accounts not in public."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from worlds import desk, post, report

import kit
from kit import loaders
from kit.errors import InputError
from kit.loaders import Record, Rejection
from kit.loaders.indicators import described, refanged

HEADERS = [
    "Tactic,Technique,Procedure,Indicator",
    "Tactic ,Technique,Procedure,Indicator",
    "Tactic,Technique,Procedure,Indicator,Note",
    "Tactic ,Technique,Procedure,Indicator,Notes",
    "Tactic,Technique,Procedure,Indicator,Comments",
    "\ufeffTactic,Technique,Procedure,Indicator,",
]
KINDS = {
    "https://twitter[.]com/Sample_One": ("account", "https://twitter.com/Sample_One", "x", "twitter.com", "Sample_One"),
    "hxxps://www[.]sample-news[.]com/a/b?c=d": ("url", "https://www.sample-news.com/a/b?c=d", None, "sample-news.com", None),
    "sample-news[.]com": ("domain", "sample-news.com", None, "sample-news.com", None),
    "twitter[.]com/Sample_One": ("account", "twitter.com/Sample_One", "x", "twitter.com", "Sample_One"),
    "https://medium.com/@sampleone": ("account", "https://medium.com/@sampleone", "medium", "medium.com", "sampleone"),
    "https://sampleone.livejournal[.]com/123.html": ("url", "https://sampleone.livejournal.com/123.html", None, "livejournal.com", None),
    "https://www.youtube[.]com/watch?v=abc&t=2s": ("url", "https://www.youtube.com/watch?v=abc&t=2s", "youtube", "youtube.com", None),
    "sample[at]news[.]com": ("email", "sample@news.com", None, "news.com", None),
    "https://medium.com/@sample.one": ("account", "https://medium.com/@sample.one", "medium", "medium.com", "sample.one"),
    "https://sample-news[.]com/a [comment]": ("url", "https://sample-news.com/a", None, "sample-news.com", None),
    "@sample": ("account", "@sample", None, None, "sample"),
    "7,704 sample accounts": ("count", None, None, None, None),
    "Posing as a sample news site": ("text", None, None, None, None),
    "": ("none", None, None, None, None),
}  # fmt: skip


def listed(header: str = HEADERS[0]) -> str:
    more = "," if header.count(",") == 4 else ""
    rows = [f'"0. T","0.9 U","0.9.4 V","{written}"{more}' for written in KINDS]
    rows += ["", f",,,{more}", rows[0]]
    return "\n".join([header, *rows]) + "\n"


@pytest.mark.parametrize("written", KINDS)
def test_what_an_indicator_is(written: str) -> None:
    found = described(written, "0.9.4 V")
    assert tuple(found.get(n) for n in ("type", "value", "platform", "domain", "handle")) == KINDS[written]
    assert found["indicator"] == (written or None)


def test_a_procedure_names_the_platform_where_the_indicator_does_not() -> None:
    assert described("63 accounts", "0.9.1 Acquiring Facebook assets")["platform"] == "facebook"
    assert described("one", "0.9.4 Acquiring X / Twitter accounts")["platform"] == "x"
    assert refanged("hxxp://a(dot)b[:]80") == "http://a.b:80"


@pytest.mark.parametrize("header", HEADERS)
def test_every_header_is_recognised(tmp_path: Path, header: str) -> None:
    (tmp_path / "a.csv").write_text(listed(header), encoding="utf-8")
    ((_, format_, items),) = loaders.open_exports(tmp_path / "a.csv")
    assert format_.name == "meta_indicators"
    found = list(items)
    kept, gone = ([i for i in found if isinstance(i, kind)] for kind in (Record, Rejection))
    assert len(kept) == len(KINDS) + 1
    assert [(r.field, r.line) for r in gone] == [("Indicator", len(KINDS) + 3)]
    assert kept[0].values["tactic"] == "0. T"


def test_a_list_of_techniques_only_is_none(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Tactic,Technique,Procedure\na,b,c\n")
    with pytest.raises(InputError, match="no known format"):
        list(loaders.open_exports(tmp_path / "a.csv"))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with desk(tmp_path_factory.mktemp("home")) as folder:
        report(
            folder,
            "listed",
            posts={
                "studied": [post("1", "a", "2023-08-08 10:00:00", links="https://www.sample-news.com/a/b")]
            },
        )
        path = folder / "reports" / "listed"
        (path / "Q1_sample.csv").write_text(listed(HEADERS[2]), encoding="utf-8")
        text = (path / "report.yml").read_text()
        entry = "- path: Q1_sample.csv\n  constants: {campaign: Sample, published: '2023-08-29'}\n"
        (path / "report.yml").write_text(text.replace("exports:\n", "exports:\n" + entry))
        yield folder


def test_a_case_holds_them_and_the_books_add_up(home: Path) -> None:
    case = kit.open("listed", edition="internal")
    found = case.sql("SELECT * FROM indicators")
    assert Counter(found["type"]) == Counter(kind for kind, *_ in KINDS.values())
    assert set(found["list"]) == {"Q1_sample"}
    assert set(found["campaign"]) == {"Sample"}
    assert {str(day)[:10] for day in found["published_at"]} == {"2023-08-29"}
    books = case.sql("SELECT * FROM accounting").set_index("source_file").loc["Q1_sample.csv"]
    assert books["table"] == "indicators"
    counts = books[["read", "kept", "observations", "duplicates", "rejected"]].tolist()
    assert counts == [len(KINDS) + 2, len(KINDS), 0, 1, 1]
    assert case.manifest["warnings"] == []
    assert case.sql("SELECT count(*) AS n FROM accounts")["n"].tolist() == [1], "an indicator is no account"
    joined = case.sql(
        "SELECT l.url FROM links l JOIN indicators i ON i.domain = l.domain AND i.type = 'domain'"
    )
    assert joined["url"].tolist() == ["https://www.sample-news.com/a/b"]


def test_the_public_edition_repeats_no_account(home: Path) -> None:
    public = kit.open("listed")
    found = public.sql("SELECT * FROM indicators")
    assert not {"indicator", "value", "handle", "note"} & set(found)
    words = " ".join(map(str, found.to_numpy().ravel())).lower()
    assert "sample_one" not in words
    assert "sampleone" not in words, "nor one that stands in front of a shared host"
    assert "sample-news" not in words, "nor a site"


def test_a_day_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(listed())
    options: dict[str, Any] = {"constants": {"published": "summer"}}
    ((_, _, items),) = loaders.open_exports(tmp_path / "a.csv", options)
    with pytest.raises(InputError, match="is not a day"):
        list(items)


@pytest.mark.real
def test_real_lists(real_data: Path) -> None:
    folder = real_data / "data" / "meta-china-cib-indicators"
    beside: list[str] = []
    kinds: dict[str, Counter[str]] = {}
    for source, format_, items in loaders.open_exports(folder, aside=lambda s, _: beside.append(s.name)):
        assert format_.name == "meta_indicators", source.name
        found = list(items)
        empty = [item.raw.strip(b",\r\n ") for item in found if isinstance(item, Rejection)]
        assert set(empty) <= {b""}, f"{source.name}: only rows that hold nothing are rejected"
        kinds[source.name] = Counter(item.values["type"] for item in found if isinstance(item, Record))
        kinds[source.name]["empty row"] = len(empty)
    assert beside == ["LICENSE", "Online_Operations_Killchain-TTPs.csv", "README.md"]
    assert len(kinds) == 10
    spamouflage = kinds["Q2_2023_Spamouflage_China_based_CIB_updated.csv"]
    assert spamouflage.total() == 529, "as many rows as published"
    assert spamouflage["count"] == 4
    assert spamouflage["url"] + spamouflage["account"] + spamouflage["domain"] == 250


@pytest.mark.real
def test_real_lists_against_an_independent_reading(real_data: Path) -> None:
    folder = real_data / "data" / "meta-china-cib-indicators"
    compared: Counter[str] = Counter()
    for source, _format, items in loaders.open_exports(folder, aside=lambda *_: None):
        with (folder / source.name).open(encoding="utf-8-sig", newline="") as file:
            names, *rows = csv.reader(file)
        heads = [name.strip().lower() for name in names]
        for item in items:
            row = dict(zip(heads, rows[item.number - 1], strict=True))
            if isinstance(item, Rejection):
                assert row["indicator"].strip() == row["procedure"].strip() == "", source.name
                continue
            for name in ("tactic", "technique", "procedure", "indicator"):
                assert item.values[name] == (row[name].strip() or None), (source.name, item.number)
            note = next((row[name].strip() for name in ("note", "notes", "comments") if name in row), "")
            assert (item.values.get("note") or "") == note, (source.name, item.number)
            compared[source.name] += 1
        full = sum(any(cell.strip() for cell in row[2:4]) for row in rows)
        assert compared[source.name] == full
    assert len(compared) == 10
