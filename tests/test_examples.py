"""Every example of a docstring runs as it stands: what a researcher copies gives what is printed below it."""

from __future__ import annotations

import doctest
import importlib
import inspect
import io
import pkgutil
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config
from worlds import desk, same_names, tiny_world

import kit
from kit.metrics import (
    METRICS,
    accounts,
    against,
    comparing,
    coordination,
    intake,
    media,
    targets,
    texts,
    timing,
)

ROOT = Path(kit.__file__).parent
ROOMS = (accounts, against, comparing, coordination, intake, media, targets, texts, timing)


def examples() -> dict[str, doctest.DocTest]:
    """The examples of the whole package, by the name of what they explain."""
    names = [m.name for m in pkgutil.walk_packages([str(ROOT)], "kit.") if not m.name.endswith("__main__")]
    found = {}
    for name in ["kit", *names]:
        module = importlib.import_module(name)
        for test in doctest.DocTestFinder(exclude_empty=True).find(module, module=module, globs={}):
            if test.examples:
                found[test.name] = test
    return found


EXAMPLES = examples()


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """What stands ready in an example: the case in both editions, the package and the metrics."""
    home, _world = tiny_world(tmp_path_factory)
    with pytest.MonkeyPatch.context() as patch, desk(home):
        if not (home / "reports" / "sample").exists():
            shutil.copytree(home / "reports" / "tiny", home / "reports" / "sample")
            same_names(home / "reports" / "sample")
        patch.setenv("DAYLIGHT_OUT", str(tmp_path_factory.mktemp("out")))
        patch.setenv("IPYTHONDIR", str(tmp_path_factory.mktemp("ipython")))
        settings = Config()
        settings.HistoryManager.enabled = False
        InteractiveShell.instance(config=settings)  # what is displayed is printed, as in a terminal
        ready = {"kit": kit, "pd": pd} | {room.__name__.rpartition(".")[2]: room for room in ROOMS}
        yield ready | {"case": kit.open("sample"), "internal": kit.open("sample", edition="internal")}
        InteractiveShell.clear_instance()


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_an_example_gives_what_it_says(names: dict[str, Any], name: str) -> None:
    kit.open("sample")  # what is shown is of the public edition, unless the example opens another
    example = EXAMPLES[name]
    example.globs = vars(importlib.import_module(_module(example))) | names
    report = io.StringIO()
    ran = doctest.DocTestRunner().run(example, out=report.write, clear_globs=False)
    assert ran.attempted == len(example.examples)
    assert not ran.failed, report.getvalue()


def _module(example: doctest.DocTest) -> str:
    """The module in which an example stands."""
    parts = Path(example.filename or "").with_suffix("").relative_to(ROOT.parent).parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def test_no_example_is_skipped_or_accepts_anything() -> None:
    for name, test in EXAMPLES.items():
        for example in test.examples:
            assert doctest.SKIP not in example.options, name
            said = example.want.replace("...", "").replace("<BLANKLINE>", "").strip()
            assert said or example.want == "", name


def test_whatever_a_researcher_calls_has_an_example() -> None:
    called = [inspect.unwrap(metric) for metric in METRICS.values()] + [getattr(kit, n) for n in kit.__all__]
    lacking = [f.__name__ for f in called if ">>> " not in (inspect.getdoc(f) or "")]
    assert lacking == []
    assert {f"{f.__module__}.{f.__name__}" for f in called} <= set(EXAMPLES), "and each of them is run"


def test_the_public_names_explain_their_parameters() -> None:
    for name in set(kit.__all__) - {"Case", "KitError"}:
        function = getattr(kit, name)
        doc = inspect.getdoc(function) or ""
        assert "Parameters\n----------\n" in doc, name
        for parameter in inspect.signature(function).parameters.values():
            stars = {inspect.Parameter.VAR_KEYWORD: "**"}.get(parameter.kind, "")
            assert f"\n{stars}{parameter.name}" in doc, f"{name}: {parameter.name}"
