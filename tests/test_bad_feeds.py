"""Bad inputs XM (feeds) and the SQLite files BN-12 and BN-13: each by its id, with the outcome it requires."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from badinputs import Catalogue, Read, refused, staged
from test_render import assert_inert

from kit.publish.render import render_page

pytestmark = pytest.mark.real
FEED: dict[str, Any] = {"format": "medium_rss", "platform": None, "columns": None, "lists": None}


def fed(path: Path, folder: Path) -> Read:
    return staged(path, folder, **FEED)


@pytest.mark.parametrize("id_", ["XM-01", "XM-02", "XM-03", "XM-04"])
def test_XM_a_declared_document_type_is_refused(id_: str, catalogue: Catalogue, tmp_path: Path) -> None:
    started = time.process_time()
    line = refused(catalogue.path(id_), tmp_path, **FEED)
    assert time.process_time() - started < 2
    assert f"{catalogue.path(id_).name}, line 1: a document type or entity is declared" in line
    assert "it was not read" in line


def test_XM_05_markup_in_a_title_is_text(catalogue: Catalogue, tmp_path: Path) -> None:
    (row,) = fed(catalogue.path("XM-05"), tmp_path).posts
    assert row["text"] == "<script>alert(1)</script>t", "and the picture of the description is none of it"
    page = render_page({"title": row["text"]}, [], tmp_path / "out")
    assert_inert(page.read_text("utf-8"))


def test_XM_06_a_link_that_is_code(catalogue: Catalogue, tmp_path: Path) -> None:
    read = fed(catalogue.path("XM-06"), tmp_path)
    (row,) = read.posts
    assert row["urls"] == []
    assert "1 × addresses that are neither http nor https, left out of the links" in read.warnings


def test_XM_07_an_element_never_closed(catalogue: Catalogue, tmp_path: Path) -> None:
    line = refused(catalogue.path("XM-07"), tmp_path, **FEED)
    assert "XM-07_not_wellformed.xml, line 1, column 74: the XML is not well-formed" in line


def test_XM_08_items_without_a_usable_date(catalogue: Catalogue, tmp_path: Path) -> None:
    read = fed(catalogue.path("XM-08"), tmp_path)
    assert [row["reason"] for row in read.rejected] == ["no identifier"] * 2
    named = tmp_path / "named.xml"
    text = catalogue.path("XM-08").read_text("utf-8")
    for n in (1, 2):
        text = text.replace(f"<title>{n}</title>", f"<guid>g{n}</guid><title>{n}</title>")
    named.write_text(text, encoding="utf-8")
    read = fed(named, tmp_path)
    assert [row["created_at"] for row in read.posts] == [None] * len(read.posts), "never the time of reading"
    assert "g1" in read.ids
    assert len(read.ids) + len(read.rejected) == 2
    assert any("without a date" in warning for warning in read.warnings)
    odd = [row["found"] for row in read.rejected] or read.warnings
    assert any("CST" in word or "zone" in word for word in odd), odd


def test_XM_09_a_page_that_asks_to_log_in(catalogue: Catalogue, tmp_path: Path) -> None:
    assert "this is a web page, not a feed" in refused(catalogue.path("XM-09"), tmp_path, **FEED)


def test_XM_10_two_items_of_one_identifier(catalogue: Catalogue, tmp_path: Path) -> None:
    read = fed(catalogue.path("XM-10"), tmp_path)
    assert [(row["post_id"], row["text"]) for row in read.posts] == [("g", "1"), ("g#2", "2")]
    assert any(warning.startswith("1 × identifiers of two different items") for warning in read.warnings)


def test_BN_12_a_view_without_end(catalogue: Catalogue, tmp_path: Path) -> None:
    started, before = time.process_time(), catalogue.path("BN-12").read_bytes()
    columns = {"post_id": "post_id", "account_id": "post_id"}
    line = refused(catalogue.path("BN-12"), tmp_path, columns=columns, lists={})
    assert time.process_time() - started < 5
    assert "the database holds no table; views are not read" in line
    assert catalogue.path("BN-12").read_bytes() == before


def test_BN_13_a_damaged_page(catalogue: Catalogue, tmp_path: Path) -> None:
    columns = {"post_id": "post_id", "account_id": "post_id"}
    line = refused(catalogue.path("BN-13"), tmp_path, columns=columns, lists={})
    assert "BN-13_corrupt.sqlite: this is a sqlite file that is damaged" in line
    assert "nothing was read from it" in line
