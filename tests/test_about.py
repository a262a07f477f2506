"""The pages about formats: complete, and what the loaders say today."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

import pytest

from kit import loaders
from kit.loaders import about

ROOT = Path(__file__).resolve().parent.parent


def test_the_page_of_formats_is_fresh() -> None:
    assert (ROOT / "docs" / "formats.md").read_text("utf-8") == about.page(), "run: make dictionary"


def test_the_table_in_the_readme_is_fresh() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert about.put_into(readme) == readme, "run: make dictionary"
    with pytest.raises(ValueError, match="no place"):
        about.put_into("a README without the markers")


def test_every_format_says_what_it_carries_and_lacks() -> None:
    for one in loaders.FORMATS.values():
        assert one.title, one.name
        assert one.tool, one.name
        assert one.carries, one.name
        assert one.lacks, one.name
        assert one.table in ("posts", "accounts", "indicators"), one.name


def test_every_loader_is_asked() -> None:
    """A module that declares formats and is not in the list of loaders would never be tried on a file."""
    declared = [
        (info.name, format_.name)
        for info in pkgutil.iter_modules(loaders.__path__)
        for format_ in getattr(importlib.import_module(f"kit.loaders.{info.name}"), "FORMATS", ())
        if info.name != "about"
    ]
    lacking = [
        f"kit/loaders/{module}: '{name}' is never tried; add {module} to the imports and to _MODULES in"
        " kit/loaders/__init__.py"
        for module, name in declared
        if name not in loaders.FORMATS
    ]
    assert not lacking, "\n".join(lacking)


def test_every_format_is_listed_with_its_tool() -> None:
    lines = list(about.listing())
    page = about.page()
    for one in loaders.FORMATS.values():
        assert f"  {one.name}: {one.title} ({one.tool})" in lines
        assert f"`{one.name}` · " in page
    assert max(map(len, (line for line in lines if line.startswith("    ")))) <= 100
    assert sum(line.startswith("    carries") for line in lines) == len(loaders.FORMATS)


def test_no_format_is_left_out_of_the_table() -> None:
    held = [one for formats in about.by_platform().values() for one in formats]
    assert sorted(one.name for one in held) == sorted(loaders.FORMATS)
    assert len(about.summary().splitlines()) == len(about.by_platform()) + 2
