"""The data dictionary: complete, and what kit/schema says today."""

from __future__ import annotations

from pathlib import Path

from kit import schema
from kit.schema.dictionary import _cell

PAGE = Path(__file__).resolve().parent.parent / "data" / "README.md"


def test_the_page_is_fresh() -> None:
    assert PAGE.read_text(encoding="utf-8") == schema.dictionary(), "run: make dictionary"


def test_every_table_and_column_is_described() -> None:
    assert set(schema.ABOUT | schema.ABOUT_DERIVED) == set(schema.TABLES | schema.DERIVED)
    sections = schema.dictionary().split("\n## ")[1:]
    assert [s.split("\n")[0] for s in sections] == list(schema.TABLES | schema.DERIVED)
    for section in sections:
        rows = [line for line in section.splitlines() if line.startswith("| `")]
        assert [row.split("`")[1] for row in rows] == schema.columns(section.split("\n")[0])
        for row in rows:
            cells = row.strip("| ").split(" | ")
            assert len(cells) == 5, row
            assert all(cells), row


def test_no_column_twice_and_none_nameless() -> None:
    for table, described in (schema.TABLES | schema.DERIVED).items():
        names = [c.name for c in described]
        assert len(names) == len(set(names)), table
        assert all(c.meaning.strip() and c.type.isupper() for c in described), table


def test_nobody_is_named_in_public() -> None:
    """What names or quotes a person is private or a pseudonym in every table."""
    naming = {
        "handle",
        "display_name",
        "bio",
        "location",
        "text",
        "url",
        "expanded_url",
        "raw",
        "found",
        "value",
    }
    naming |= {
        "account_id",
        "target_account_id",
        "reposted_account_id",
        "post_id",
        "profile_url",
        "group_reason",
        "based_in",
        "connected_via",
        "registered_in",
        "posted_from",
        "handle_changed_at",
    }
    open_ = {
        (table, c.name)
        for table, described in (schema.TABLES | schema.DERIVED).items()
        for c in described
        if c.name in naming and not (c.private or c.identity)
    }
    assert not open_


def test_a_bar_in_a_meaning_does_not_break_the_table() -> None:
    assert _cell("a|b") == "a\\|b"
