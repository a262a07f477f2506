"""pyproject.toml, requirements.lock and environment.yml say the same."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PYTHONS = {"3.11": "3.11.2", "3.12": "3.12.1", "3.13": "3.13.0"}  # the oldest of each that was tried

SOURCE = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
PROJECT = tomllib.loads(SOURCE)["project"]
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
#: one entry for each package and marker: the requirement and its hashes
ENTRIES = [entry.split(" \\\n    ") for entry in re.split(r"\n(?=\S)", LOCK.strip())]
EXTRAS = PROJECT["optional-dependencies"]
DEPENDENCIES = [Requirement(d) for part in (PROJECT["dependencies"], *EXTRAS.values()) for d in part]


def locked(python: str) -> dict[str, str]:
    """Versions that the lock gives on one Python, for Linux on a common processor."""
    environment = {
        "python_version": python,
        "python_full_version": PYTHONS[python],
        "sys_platform": "linux",
        "platform_system": "Linux",
        "platform_machine": "x86_64",
        "os_name": "posix",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }
    versions: dict[str, str] = {}
    for head, *_hashes in ENTRIES:
        entry = Requirement(head)
        if entry.marker is None or entry.marker.evaluate(environment):
            name = canonicalize_name(entry.name)
            assert name not in versions, f"{name} twice on Python {python}"
            versions[name] = str(entry.specifier).removeprefix("==")
    return versions


@pytest.mark.parametrize("python", PYTHONS)
def test_the_lock_satisfies_every_dependency(python: str) -> None:
    versions = locked(python)
    for dependency in DEPENDENCIES:
        version = versions.get(canonicalize_name(dependency.name))
        assert version, f"{dependency.name} is not in the lock for Python {python}: make lock"
        assert version in dependency.specifier, f"{dependency} but the lock has {version}: make lock"


def test_every_python_gets_the_same_versions() -> None:
    """Another numpy draws other random numbers from the same seed, and the notebooks would differ."""
    versions = [locked(python) for python in PYTHONS]
    for dependency in DEPENDENCIES:
        name = canonicalize_name(dependency.name)
        assert len({v[name] for v in versions}) == 1, f"{name}: {[v[name] for v in versions]}"


def test_the_lock_is_exact_and_hashed() -> None:
    for head, *hashes in ENTRIES:
        assert re.fullmatch(r"==[\w.+!]+", str(Requirement(head).specifier)), head
        assert hashes, f"{head} has no hash"
        assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", h) for h in hashes), head


def test_the_lock_names_no_place() -> None:
    assert "://" not in LOCK
    assert not re.search(r"^\s*(-i|-f|--[a-z-]*(index|links|host)[a-z-]*)\b", LOCK, re.MULTILINE)
    assert "@ " not in LOCK


def test_every_dependency_has_a_reason() -> None:
    listed = re.findall(r'^  "([^"]+)",(.*)$', SOURCE.split("[project.scripts]")[0], re.MULTILINE)
    assert len(listed) == len(DEPENDENCIES)
    bare = {Requirement(name).name for name, rest in listed if not rest.partition("#")[2].strip()}
    assert bare <= {"pytest"}, "say in a comment why each dependency is there"


def test_conda_gives_the_same_versions() -> None:
    """conda brings Python and pip, pip brings the lock: there is nothing to drift."""
    assert CONDA["name"] == "daylight"
    assert CONDA["channels"] == ["conda-forge"]
    *plain, nested = CONDA["dependencies"]
    assert sorted(re.split(r"[ =<>]", entry)[0] for entry in plain) == ["pip", "python"]
    assert nested == {"pip": ["-r requirements.lock"]}


def test_conda_takes_a_python_that_the_project_supports() -> None:
    entry = next(e for e in CONDA["dependencies"] if isinstance(e, str) and e.startswith("python"))
    offered = SpecifierSet(entry.removeprefix("python").strip())
    supported = SpecifierSet(PROJECT["requires-python"])
    minors = [f"3.{minor}.0" for minor in range(8, 16)]
    assert [v for v in minors if v in offered], "no Python at all"
    assert not [v for v in minors if v in offered and v not in supported]
    assert {f"{v}.0" for v in PYTHONS} == {v for v in minors if v in offered}, "only what is tried"


def test_the_build_backend_is_in_the_lock() -> None:
    """The kit installs without reaching a registry: its build backend is already there."""
    (backend,) = (Requirement(r) for r in tomllib.loads(SOURCE)["build-system"]["requires"])
    for python in PYTHONS:
        assert locked(python)[canonicalize_name(backend.name)] in backend.specifier
