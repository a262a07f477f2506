"""What is committed: sizes, names that must not stand anywhere, versions, and a README that tells the truth."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml

import kit
from kit.__main__ import main
from kit.errors import EXIT

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def tracked() -> list[Path]:
    """Files that are, or would be, committed."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    names = [n.decode() for n in done.stdout.split(b"\0") if n]
    return [ROOT / n for n in names if (ROOT / n).is_file() and not (ROOT / n).is_symlink()]


def texts() -> list[tuple[str, str]]:
    """Name and text of the tracked files that are text."""
    found = []
    for path in tracked():
        data = path.read_bytes()
        if b"\0" not in data[:4096]:
            found.append((str(path.relative_to(ROOT)), data.decode("utf-8", "replace")))
    return found


# --- what is committed


def test_no_large_file() -> None:
    large = {str(p.relative_to(ROOT)): p.stat().st_size for p in tracked() if p.stat().st_size > 3_000_000}
    assert not large


IGNORED = (
    "reports/mine/report.yml reports/mine/posts.csv reports/mine/raw/tweets.jsonl.gz reports/mine/own.ipynb "
    "reports/mine/out/public/en/index.html reports/royal-thai-army/tweets.csv reports/canadian-mps-bluesky/roster.csv "
    "reports/mine/pseudonyms.key reports/sample/out/public/en/index.html data/cases/sample/manifest.json a.key"
).split()


def test_git_offers_no_export_of_a_real_report() -> None:
    """What a researcher puts into reports/NAME, or the kit makes of it, is not a step away from a commit."""
    tracked()
    done = subprocess.run(
        ["git", "check-ignore", "--no-index", *IGNORED], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == IGNORED
    kept = [str(path.relative_to(ROOT)) for path in tracked()]
    assert "reports/sample/pseudonyms.key" in kept
    real = [name for name in kept if name.startswith("reports/") and not name.startswith("reports/sample/")]
    assert real == [name for name in real if name.count("/") == 2 and name.endswith("/report.yml")]
    hidden = subprocess.run(
        ["git", "ls-files", "--cached", "--ignored", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert hidden.stdout == "", "what is committed is not ignored"


def test_no_registry_and_no_path_of_one_machine() -> None:
    """Spelt in two halves, so that this file does not hold what it forbids."""
    hosts = [
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "(org|com)"),
        ("debian", "org"),
        ("anaconda", "(org|com)"),
    ]
    registry = re.compile("|".join(rf"\b{name}\.{end}\b" for name, end in hosts))
    machine = re.compile(r"(?<![\w.~}])/(home|root|Users|work|farm|private)" + r"/[\w.-]")
    here = re.compile("|".join({re.escape(str(ROOT)) + r"\b", re.escape(str(Path.home())) + r"/\w"}))
    wrong = []
    for name, text in texts():
        for pattern in (registry, machine, here):
            for found in pattern.finditer(text):
                line = text.count("\n", 0, found.start()) + 1
                wrong.append(f"{name}:{line}: {text[found.start() : found.start() + 40].splitlines()[0]}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.real
def test_no_file_is_a_copy_of_third_party_data(real_data: Path) -> None:
    theirs = {
        hashlib.sha256(p.read_bytes()).hexdigest(): p.name
        for folder in ("data", "format-samples", "reference", "conformance")
        for p in (real_data / folder).rglob("*")
        if p.is_file() and p.stat().st_size > 200
    }
    assert theirs, f"nothing to compare with under {real_data}"
    ours = {p: hashlib.sha256(p.read_bytes()).hexdigest() for p in tracked()}
    assert not [f"{p.relative_to(ROOT)} = {theirs[digest]}" for p, digest in ours.items() if digest in theirs]


# --- versions


def test_versions_agree() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    log = re.search(r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert log is not None
    assert {kit.__version__, str(citation["version"]), log.group(1)} == {project["version"]}
    assert citation["license"] == project["license"]


def test_the_citation_is_complete() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert {"cff-version", "message", "title", "authors"} <= set(citation)
    assert all(set(author) & {"name", "family-names"} for author in citation["authors"])


# --- what is shipped


def test_the_wheel_holds_the_kit_and_nothing_else(tmp_path: Path) -> None:
    """The generator of synthetic campaigns stands beside the tests: no user needs it."""
    code = "import sys; from flit_core import buildapi; print(buildapi.build_wheel(sys.argv[1]))"
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(tmp_path / done.stdout.split()[-1]) as wheel:
        names = wheel.namelist()
    assert {"kit/__init__.py", "kit/version.py", "kit/locale/fr/LC_MESSAGES/kit.po"} <= set(names)
    assert {name.split("/")[0] for name in names} == {"kit", f"daylight_kit-{kit.__version__}.dist-info"}
    assert not [name for name in names if "simulat" in name]


# --- the README


def test_links_of_the_readme_lead_somewhere() -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", README)
    assert links
    assert not [link for link in links if "://" not in link and not (ROOT / link).exists()]


def test_the_picture_is_described() -> None:
    pictures = re.findall(r"!\[([^\]]*)\]", README)
    assert pictures
    assert all(len(alt) > 40 for alt in pictures)


def test_every_notebook_is_listed_with_its_question() -> None:
    listed = re.findall(r"^\| \[`(\w+)`\]\(notebooks/\1\.ipynb\) \| (.+) \|$", README, re.MULTILINE)
    there = []
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        first = "".join(json.loads(path.read_text(encoding="utf-8"))["cells"][0]["source"])
        there.append((path.stem, first.splitlines()[0].removeprefix("# ")))
    assert listed == there


def test_exit_codes_are_listed() -> None:
    listed = [int(code) for code in re.findall(r"^\| (\d+) \| \S.*\|$", README, re.MULTILINE)]
    assert listed == sorted(EXIT.values())


def test_every_command_shown_exists() -> None:
    blocks = "\n".join(re.findall(r"```console\n(.*?)```", README, re.DOTALL))
    shown = set(re.findall(r"^kit (\w+)", blocks, re.MULTILINE)) | set(re.findall(r"`kit (\w+)", README))
    assert {"new", "inspect", "run"} <= shown <= set(main.commands)  # type: ignore[attr-defined]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):.* ## ", makefile, re.MULTILINE))
    wanted = set(re.findall(r"^make (\w+)", blocks, re.MULTILINE)) | set(re.findall(r"`make (\w+)`", README))
    assert {"report", "test", "check"} <= wanted <= targets


def test_the_tree_is_there() -> None:
    tree = README.split("## Where things are")[1].split("```")[1]
    names = [line.split("/")[0].split()[0] for line in tree.strip().splitlines()]
    assert len(names) > 5
    assert not [n for n in names if not (ROOT / n).exists()]


def test_ci_runs_the_command_of_the_readme() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert script.rstrip().endswith("make test")
    assert "make test" in README
