"""The command line: what each command says, and that whatever is wrong costs one line and a documented code."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import matplotlib
import nbformat
import pytest
import yaml
from shell import (
    CONTROLS,
    KIT,
    LOOK,
    at_home,
    here,
    kit,
    put_in,
    refused,
    small,
    state,
    walked,
    words_of,
    write_notebook,
)
from worlds import account, desk, post, report, write_csv

from kit import __main__ as command_line
from kit import case as cases
from kit import edition as editions
from kit import report as reports
from kit.claims import VERDICTS
from kit.errors import EXIT
from kit.publish.parameters import parameters_of

ROOT = Path(__file__).resolve().parent.parent
COMMANDS = command_line.main.commands
NOTEBOOKS = sorted(p.stem for p in (ROOT / "notebooks").glob("*.ipynb"))


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """An empty home."""
    with desk(tmp_path / "home") as folder:
        folder.mkdir()
        yield folder


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a small report; its tests change nothing."""
    folder = tmp_path_factory.mktemp("shelf")
    small(folder)
    return folder


def changed(folder: Path, **keys: Any) -> None:
    """Change keys of report.yml."""
    path = folder / "report.yml"
    content = yaml.safe_load(path.read_text("utf-8")) | keys
    path.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True), encoding="utf-8")


# --- help


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_explains_itself_with_an_example(name: str) -> None:
    for flag in ("--help", "-h"):
        said = here(name, flag)
        assert said.exit_code == 0
        assert said.stderr == ""
        summary, _colon, example = said.stdout.partition("Example:\n")
        assert f"Usage: kit {name}" in summary
        lines = [line.strip() for line in example.split("Options:")[0].splitlines() if line.strip()]
        assert lines
        assert all(line.startswith(f"kit {name}") for line in lines), lines
    for parameter in COMMANDS[name].params:
        assert parameter.param_type_name == "argument" or parameter.help, parameter.name


def test_the_examples_are_commands_that_exist() -> None:
    for command in COMMANDS.values():
        for line in re.findall(r"^\s+kit (.+)$", command.help or "", re.MULTILINE):
            words = line.split(" > ")[0].split()
            command_line.main.make_context(
                "kit", words
            ).close()  # an option that does not exist would be refused


def test_the_program_explains_itself() -> None:
    said = here("--help")
    assert said.exit_code == 0
    assert "Example:" in said.stdout
    for name in COMMANDS:
        assert re.search(rf"^  {name}  ", said.stdout, re.MULTILINE)
    assert here("--version").stdout.startswith("kit, version 0.")
    assert here().exit_code == 2  # no command: its help, on stderr
    readme = (ROOT / "README.md").read_text("utf-8")
    for code in EXIT.values():
        assert re.search(rf"^\| {code} \|", readme, re.MULTILINE), f"exit code {code} is not in the README"


def test_editions_are_those_of_a_case() -> None:
    assert command_line.EDITIONS == editions.EDITIONS


# --- words that do not exist


@pytest.mark.parametrize(
    "arguments, needles",
    [
        (["rnu"], ["rnu", "run"]),
        (["--edition"], ["--edition"]),
        (["run"], ["NAME"]),
        (["run", "small", "--edtion", "public"], ["--edtion", "--edition"]),
        (["run", "small", "--edition", "pubic"], ["pubic", "public", "internal"]),
        (["run", "small", "--language", "eng"], ["eng", "en"]),
        (["run", "small", "--language", "fr"], ["fr", "en"]),
        (["run", "smal"], ["smal", "did you mean 'small'"]),
        (["plan", "smal"], ["did you mean 'small'"]),
        (["forget", "smal", "--yes"], ["did you mean 'small'"]),
        (["run", "\x1b[31m\u202e"], ["\\x1b[31m\\u202e"]),
        (["run", "small", "-p", "look.words=b"], ["words", "did you mean 'word'"]),
        (["run", "small", "-p", "lok.word=b"], ["lok", "did you mean 'look'"]),
        (["run", "small", "-p", "look.word"], ["look.word", "NOTEBOOK.NAME=VALUE"]),
        (["run", "small", "-p", "word=b"], ["word=b"]),
        (["run", "small", "-p", "look.report=b"], ["report", "flag, k, word, x"]),
        (["run", "small", "-p", "look.k=many"], ["'k'", "int", "many"]),
        (["run", "small", "-p", "look.k=1.5"], ["'k'", "int", "1.5"]),
        (["run", "small", "-p", "look.k=1e5"], ["'k'", "int"]),
        (["run", "small", "-p", "look.k=nan"], ["'k'", "int"]),
        (["run", "small", "-p", "look.k="], ["'k'", "int"]),
        (["run", "small", "-p", "look.x=nan"], ["'x'", "float"]),
        (["run", "small", "-p", "look.x=1e999"], ["'x'", "float"]),
        (["run", "small", "-p", "look.flag=1"], ["'flag'", "bool"]),
        (["notebooks", "01_acount_age"], ["did you mean '01_account_age'"]),
        (["new", "small"], ["exists already"]),
        (["new", "../small"], ["letters"]),
        (["new", "a b"], ["letters"]),
        (["new", "naïve"], ["letters"]),
        (["inspect", "nowhere.csv"], ["nowhere.csv", "no such file"]),
        (["inspect", "nowhere.csv", "--report", "smal"], ["did you mean 'small'"]),
        (["inspect", "nowhere.csv", "--report", "small"], ["not an export of 'small'", "posts_studied.csv"]),
    ],
    ids=" ".join,
)
def test_a_wrong_word_costs_one_line(arguments: list[str], needles: list[str], shelf: Path) -> None:
    before = state(shelf, but="out/.writable")
    with desk(shelf):
        line = refused(here(*arguments))
    for needle in needles:
        assert needle in line, line
    after = state(shelf, but="out/|cases/")
    assert after == {k: v for k, v in before.items() if "out/" not in k and "cases/" not in k}
    assert not (shelf / "reports/small/out/public").exists()


#: what stands in report.yml instead, and what the line must hold
WRONG_REPORTS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "unknown key": ({"titel": "a"}, ["titel", "did you mean 'title'", "report.yml"]),
    "unknown zone": ({"clock": "America/Torono"}, ["America/Torono", "America/Toronto"]),
    "unknown language": ({"languages": ["en", "frr"]}, ["frr", "did you mean 'fr'"]),
    "unknown notebook": ({"notebooks": ["00_intak"]}, ["00_intak", "did you mean '00_intake'"]),
    "unknown parameter": ({"notebooks": [{"look": {"wrod": "a"}}]}, ["wrod", "did you mean 'word'"]),
    "number for a text": ({"notebooks": [{"look": {"word": 7}}]}, ["'word'", "str", "7", "quotation marks"]),
    "text for a number": ({"notebooks": [{"look": {"k": "many"}}]}, ["'k'", "int", "many"]),
    "truth for a number": ({"notebooks": [{"look": {"k": True}}]}, ["'k'", "int", "True"]),
    "no number at all": ({"notebooks": [{"look": {"x": float("inf")}}]}, ["'x'", "float"]),
    "unknown group": (
        {"exports": [{"path": "posts_studied.csv", "group": "controls"}]},
        ["controls", "did you mean 'control'"],
    ),
    "no exports": ({"exports": []}, ["exports"]),
    "not a list": ({"exports": "posts.csv"}, ["exports", "a list"]),
}


@pytest.mark.parametrize("name", WRONG_REPORTS)
def test_a_wrong_report_costs_one_line(name: str, home: Path) -> None:
    keys, needles = WRONG_REPORTS[name]
    changed(small(home), **keys)
    line = refused(here("run", "small"))
    for needle in needles:
        assert needle in line, line
    assert not (home / "data").exists(), "what is misspelt is said before the exports are read"


SAID: dict[str, tuple[dict[str, Any], list[str]]] = {
    "a title": ({"title": "Bots of the summer"}, ["report.yml, title", "'Bots'", "'account'", "[E1]"]),
    "a summary": (
        {"summary": "They probably work in shifts."},
        ["summary", "'probably'", "likely (55–80 %)"],
    ),
    "a rule": ({"inclusion": {"rule": "All state-backed accounts."}}, ["inclusion.rule", "'state-backed'"]),
    "a note": (
        {"published": [{"id": "posts", "note": "The culprits' posts."}]},
        ["published 1", "'culprits'", "guilt"],
    ),
    "an unknown id": ({"summary": "The accounts are coordinated [E3]."}, ["E3", "not listed", "evidence:"]),
    "evidence for something else": (
        {
            "summary": "The accounts are coordinated [E1].",
            "evidence": {"E1": {"what": "a", "source": "b", "supports": ["attributed"]}},
        },
        ["'coordinated'", "E1 supports attributed"],
    ),
    "French": (
        {"languages": ["fr"], "summary": "Ces comptes sont des bots."},
        ["summary", "'bots'", "'compte'"],
    ),
}


@pytest.mark.parametrize("name", SAID)
def test_words_that_claim_too_much_cost_one_line_before_anything_is_built(name: str, home: Path) -> None:
    keys, needles = SAID[name]
    changed(small(home), **keys)
    for command in ("run", "plan"):
        line = refused(here(command, "small"))
        for needle in needles:
            assert needle in line, line
        assert not (home / "data").exists()


def test_words_of_lists_and_of_own_notebooks_are_read_too(home: Path) -> None:
    lists = {"events": "date,label\n2023-08-08,The bots come back\n"}
    small(home, lists=lists, cells=put_in('kit.note("The accounts are inauthentic.")'))
    assert refused(here("plan", "small")).startswith("small, events, line 2: an accusing word")
    small(home, cells=put_in('kit.note("The accounts are inauthentic.")'))
    assert refused(here("plan", "small")).startswith("look.ipynb, cell 6: an accusing word")
    folder = small(home, cells=put_in("## More\n\nThe accounts are\ncoordinated."))
    assert refused(here("plan", "small")).startswith("look.ipynb, cell 6: an accusing word")
    write_notebook(folder / "look.ipynb", put_in("## More\n\nWhether they are coordinated is not known."))
    assert here("plan", "small").exit_code == 0


def test_lint_names_every_fault_and_passes_what_is_mended(home: Path) -> None:
    folder = small(home, summary="These are bots. They seem new.", title="The guilty")
    said = here("lint", "small")
    assert said.exit_code == 2
    lines = said.stderr.splitlines()
    assert [line.split(",")[1].split(":")[0].strip() for line in lines] == ["title", "summary", "summary"]
    draft = home / "draft.md"
    draft.write_text("The accounts are coordinated [E1].", encoding="utf-8")
    assert "E1" in here("lint", str(draft)).stderr
    evidence = {"E1": {"what": "a", "source": "b", "supports": ["coordinated"]}}
    changed(folder, summary="New accounts.", title="Accounts", evidence=evidence)
    for words in (["small"], [str(draft), "--report", "small"], [str(folder / "look.ipynb")]):
        said = here("lint", *words)
        assert (said.exit_code, said.stdout) == (0, "no word claims more than it shows\n"), said.stderr
    draft.write_text("Ce sont des bots.", encoding="utf-8")
    assert "'compte'" in here("lint", str(draft), "--language", "fr").stderr
    draft.write_bytes(b"\xff\xfe")
    assert "UTF-8" in refused(here("lint", str(draft)))
    assert "did you mean 'small'" in refused(here("lint", "smal"))


def test_a_report_that_cannot_be_read_is_listed_with_its_fault(home: Path) -> None:
    small(home)
    small(home, "torn")
    (home / "reports/torn/report.yml").write_bytes(b"title: [\n\x1b")
    odd = home / "reports/odd \x1b[2J\u202e"
    odd.mkdir()
    (odd / "report.yml").write_bytes(b"title: x")
    said = here("list")
    assert said.exit_code == 0
    assert not CONTROLS.search(said.stdout)
    lines = said.stdout.splitlines()
    assert len(lines) == 3
    assert any(line.startswith("small") and line.endswith(" small") for line in lines)
    assert any(line.startswith("torn") and "not readable: " in line for line in lines)


@pytest.mark.slow
def test_a_report_outside_home_is_found_by_its_path(home: Path, tmp_path: Path) -> None:
    """Also where its folder is called reports, as in the project."""
    folder = small(tmp_path / "elsewhere", "small")
    planned = here("plan", str(folder))
    assert planned.stdout == "run   public    en  look\n"
    assert (folder / "out/case/manifest.json").exists()
    assert not (home / "data/cases/small").exists()
    assert here("run", str(folder)).exit_code == 0
    assert (folder / "out/public/en/index.html").exists()


# --- parameters


def declared(folder: Path) -> Path:
    path = folder / "p.ipynb"
    text = 'report: str = "a"\nid: str = ""  # text\nk: int = 5\nx: float = 0.5\nflag: bool = False\nmany: list = []\nbare = 3\nword = "w"'
    write_notebook(path, [text])
    return path


@pytest.mark.parametrize(
    "text", ["007", "1e5", "nan", "1234567890123456789", "true", "null", "[1]", "", " a ", "0x10"]
)
def test_text_stays_text(text: str, tmp_path: Path) -> None:
    assert parameters_of(declared(tmp_path), {"id": text, "word": text}, "here") == {"id": text, "word": text}


@pytest.mark.parametrize(
    "name, text, value",
    [
        ("k", "7", 7),
        ("k", "-7", -7),
        ("k", "010", 10),  # YAML would read eight
        ("bare", "12", 12),
        ("x", "1e5", 1e5),
        ("x", "7", 7.0),
        ("x", ".5", 0.5),
        ("flag", "true", True),
        ("flag", "no", False),
        ("many", "[1, b]", [1, "b"]),
    ],
)
def test_a_value_from_the_command_line_gets_its_declared_type(
    name: str, text: str, value: object, tmp_path: Path
) -> None:
    (given,) = parameters_of(declared(tmp_path), {name: text}, "here").values()
    assert given == value
    assert type(given) is type(value)


def test_a_notebook_that_is_none_is_named(home: Path) -> None:
    folder = small(home)
    for content in (b"", b"{", b"[]", b'{"cells": 3, "nbformat": 4}', b"\xff\xfe\x00", b'{"nbformat": 99}'):
        (folder / "look.ipynb").write_bytes(content)
        assert refused(here("run", "small")).startswith("look.ipynb: is not a notebook"), content
    write_notebook(folder / "look.ipynb", [c for c in LOOK if not c.startswith("report:")])
    changed(folder, notebooks=[{"look": {"k": 3}}])
    assert "has no parameter 'k'. It has none." in refused(here("run", "small"))


# --- exports that cannot be read

HEAD = "id,user,time,text\n"
ROW = "1,u1,2023-08-07T10:00:00Z,words\n"


def plain(name: str, content: bytes | None, **more: Any) -> Callable[[Path], None]:
    """Put one export in the place of the others."""

    def put(folder: Path) -> None:
        columns = {"post_id": "id", "account_id": "user", "created_at": "time", "text": "text"}
        entry = {"path": name, "platform": "x", "group": "studied", "table": "posts", "columns": columns}
        changed(folder, exports=[entry | {"time": {"format": "iso", "zone": "UTC"}} | more])
        if content is not None:
            (folder / name).write_bytes(content)

    return put


GZ = gzip.compress((HEAD + ROW * 200).encode(), mtime=0)
EXPORTS: dict[str, tuple[Callable[[Path], None], list[str]]] = {
    "missing": (plain("gone.csv", None), ["gone.csv", "does not exist"]),
    "empty": (plain("empty.csv", b""), ["empty.csv", "empty"]),
    "binary": (plain("photo.csv", b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)) * 8), ["photo.csv"]),
    "truncated": (plain("cut.csv.gz", GZ[: len(GZ) // 2]), ["cut.csv.gz"]),
    "damaged": (plain("bad.csv.gz", GZ[:40] + b"\0\0\0\0" + GZ[44:]), ["bad.csv.gz"]),
    "mis-encoded": (
        plain("latin.csv", (HEAD + "1,u1,2023-08-07T10:00:00Z,d\xe9j\xe0 vu\n" * 40).encode("latin-1")),
        ["latin.csv", "UTF-8"],
    ),
    "a column is missing": (
        plain("posts.csv", b"id,usr,time,text\n1,u1,2023-08-07T10:00:00Z,a\n"),
        ["posts.csv", "'user'", "'usr'"],
    ),
    "a web page": (plain("page.csv", b"<!doctype html><html><body>Sign in</body></html>\n"), ["page.csv"]),
    "a folder without files": (
        lambda folder: (folder / "none").mkdir() or plain("none", None)(folder),
        ["none"],
    ),
}


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_that_cannot_be_read_costs_one_line(name: str, home: Path) -> None:
    put, needles = EXPORTS[name]
    folder = small(home)
    put(folder)
    line = refused(here("run", "small"))
    for needle in needles:
        assert needle in line, line
    assert not (folder / "out/public").exists()
    assert not (home / "data/cases/small").exists()
    assert not list((home / "data/cases").glob(".*.new"))


def test_identifiers_that_a_spreadsheet_has_rounded_are_rejected_one_by_one(home: Path) -> None:
    folder = small(home)
    rows = [
        HEAD,
        ROW,
        "1.69E+18,u1,2023-08-07T10:00:00Z,a\n",
        "2,1.2345678901234567e+18,2023-08-07T10:00:00Z,a\n",
    ]
    plain("posts.csv", "".join(rows).encode())(folder)
    assert here("plan", "small").exit_code == 0
    case = cases.open("small", edition="internal")
    assert case.sql("SELECT post_id FROM all_posts")["post_id"].tolist() == ["1"]
    assert case.sql("SELECT line FROM rejected ORDER BY 1")["line"].tolist() == [3, 4]
    said = here("inspect", str(folder / "posts.csv"), "--report", "small")
    assert said.exit_code == 0
    assert "2 rejected" in said.stdout
    assert "posts.csv, line 3, post_id: " in said.stdout
    assert "1.69E+18" in said.stdout


# --- too little to say much: sentences all the same

MADE = "2020-01-02"
LITTLE: dict[str, dict[str, Any]] = {
    "one account": {
        "posts": {"studied": [post(1, "a", "2023-08-07T10:00:00Z", "b")]},
        "accounts": {"studied": [account("a", MADE)]},
    },
    "one account without a post": {"accounts": {"studied": [account("a", MADE)]}},
    "an empty control group": {
        "posts": {
            "studied": [
                post(i, f"a{i % 15}", f"2023-08-07T10:00:{i:02d}Z", "b", re_post="7") for i in range(60)
            ],
            "control": [],
        },
        "accounts": {"studied": [account(f"a{i}", MADE) for i in range(15)], "control": []},
    },
    "no timestamps": {
        "posts": {
            g + "@facebook": [
                post(f"{g}{i}", f"{g}{i % 20}", "", f"b {i}", re_post="7", like="0") for i in range(40)
            ]
            for g in ("studied", "control")
        },
        "accounts": {
            g + "@facebook": [account(f"{g}{i}", "") for i in range(20)] for g in ("studied", "control")
        },
    },
    "all at one moment": {
        "posts": {
            g: [
                post(n * 100 + i, f"{g}{i % 20}", "2023-08-07T10:00:00Z", "b", re_post="7") for i in range(40)
            ]
            for n, g in enumerate(("studied", "control"), 1)
        },
        "accounts": {g: [account(f"{g}{i}", MADE) for i in range(20)] for g in ("studied", "control")},
    },
    "times to the minute, on one day, everyone alike": {
        "posts": {
            g: [
                post(n * 100 + i, f"{g}{i % 20}", f"2023-08-07T10:{i % 3:02d}Z", "b", re_post="7")
                for i in range(60)
            ]
            for n, g in enumerate(("studied", "control"), 1)
        },
        "accounts": {g: [account(f"{g}{i}", MADE) for i in range(20)] for g in ("studied", "control")},
    },
    "no rows": {
        "posts": {"studied": [], "control": []},
        "accounts": {"studied": [], "control": []},
    },
    "context only": {"posts": {"context": [post(i, f"a{i}", "2023-08-07T10:00:00Z") for i in range(20)]}},
}


def ends_in_sentences(page: Path) -> None:
    """The page says what is known, and no number that is none."""
    words = words_of(page.read_text("utf-8"))
    assert not re.search(r"(?<![\w'])(nan|None|NaT|inf|<NA>|Traceback)(?![\w'])", words), words
    found = yaml.safe_load((page.parent / "findings.json").read_text("utf-8"))
    assert found
    for entry in found:
        assert set(entry["text"]) >= {"en"}, entry
        assert re.search(r"[.!?–]$|[\d%)]$|accounts$", entry["text"]["en"].strip()), entry["text"]
        if entry["kind"] == "finding":
            assert entry["verdict"] in VERDICTS[entry["way"]]
            assert entry["text"]["en"].strip().endswith(".")


@pytest.mark.slow  # `make test` walks all notebooks with too little in test_bad_metrics (ME-03)
@pytest.mark.parametrize("name", LITTLE)
def test_where_there_is_little_every_notebook_ends_in_sentences(name: str, home: Path) -> None:
    report(
        home,
        "little",
        notebooks=NOTEBOOKS,
        synthetic=True,
        audience_zones="not known",
        languages=["en"],
        **LITTLE[name],
    )
    ends_in_sentences(walked("little", home / "page"))


@pytest.mark.slow  # every case ends the same way in this process, at a tenth of the time
def test_the_same_through_a_real_run(home: Path) -> None:
    report(
        home,
        "little",
        notebooks=NOTEBOOKS,
        synthetic=True,
        audience_zones="not known",
        languages=["en", "fr"],
        **LITTLE["one account"],
    )
    done = kit(home, "run", "little", timeout=1800)
    assert (done.returncode, done.stderr) == (0, "")
    ends_in_sentences(home / "reports/little/out/public/en/index.html")


# --- folders that cannot be written


def test_an_output_folder_that_is_a_file(home: Path) -> None:
    folder = small(home)
    (folder / "out").write_text("")
    line = refused(here("run", "small"), 5)
    assert str(folder / "out") in line
    assert not (home / "data").exists(), "said before the exports are read"


@pytest.mark.parametrize("part", ["out/public", "out/public/en"])
def test_a_page_folder_replaced_by_a_file(part: str, home: Path) -> None:
    folder = small(home)
    (folder / part).parent.mkdir(parents=True)
    (folder / part).write_text("mine")
    line = refused(here("run", "small"), 5)
    assert str(folder / part) in line
    assert "is a file" in line
    assert (folder / part).read_text() == "mine"


def test_a_case_folder_below_a_file(home: Path) -> None:
    small(home)
    (home / "data").write_text("")
    assert str(home / "data/cases") in refused(here("run", "small"), 5)
    (home / "reports/new").write_text("")
    assert "exists already" in refused(here("new", "new"))


@pytest.fixture
def open_place() -> Iterator[Path]:
    """A folder that other users may look into; any pytest that starts closes those of every other again."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def test_a_folder_nobody_may_write_to(open_place: Path) -> None:
    """As a user for whom modes count."""
    home = open_place / "home"
    small(home)
    prefix = []
    if os.geteuid() == 0:
        prefix = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        try:
            seen = subprocess.run([*prefix, "test", "-r", str(ROOT / "kit/__main__.py")], check=False)
            assert (
                subprocess.run([*prefix, sys.executable, "-c", "import click"], check=False).returncode == 0
            )
            assert seen.returncode == 0
        except (OSError, AssertionError):
            pytest.skip("cannot act as another user here")
    # fonts that were looked at once, where that user may look too: finding them takes time and says so
    fonts = open_place / "fonts"
    shutil.copytree(matplotlib.get_cachedir(), fonts)
    for path in (fonts, *fonts.rglob("*")):
        path.chmod(0o777)
    (home / "reports/small").chmod(0o555)
    try:
        command = [*prefix, *KIT, "run", "small"]
        environment = at_home(home, MPLCONFIGDIR=str(fonts))
        done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    finally:
        (home / "reports/small").chmod(0o755)
    line = refused(done, 5)
    assert "Permission denied" in line
    assert str(home / "reports/small/out") in line
    assert not (home / "data").exists()


# --- new, forget, inspect, dictionary, notebooks


def test_a_new_report_says_what_to_do_next(home: Path) -> None:
    said = here("new", "my-network")
    assert said.exit_code == 0
    assert "reports/my-network/report.yml" in said.stdout
    assert "kit run my-network" in said.stdout
    assert "My network" in here("list").stdout
    for command in ("run", "plan"):
        line = refused(here(command, "my-network"))
        assert "posts.csv" in line
        assert "report.yml" in line


def test_forgetting_takes_what_was_derived_and_leaves_what_was_given(home: Path) -> None:
    folder = small(home, synthetic=False)
    given = state(folder)
    assert here("plan", "small").exit_code == 0
    (folder / "out/public/en").mkdir(parents=True)
    (folder / "out/public/en/index.html").write_text("a page")
    (key,) = (home / "keys").iterdir()
    for answer in ("n\n", "\n"):
        asked = here("forget", "small", input=answer)
        assert asked.exit_code == 0
        assert "nothing was removed" in asked.stdout
        assert key.exists()
    done = here("forget", "small", input="y\n")
    assert done.exit_code == 0
    assert done.stdout.count("removed ") == 3
    assert state(folder) == given
    assert not key.exists()
    assert not list((home / "data/cases").iterdir())
    assert here("forget", "small", "--yes").stdout == "nothing to remove\n"
    assert state(folder) == given
    assert not (folder / "out").exists()


def test_inspecting_writes_nothing_and_shows_what_would_be_rejected(shelf: Path, tmp_path: Path) -> None:
    folder = tmp_path / "received \x1b[31m"
    folder.mkdir()
    rows = [post(i, "u1", "2023-08-07T10:00:00Z", "a\x1b]0;b\x07") for i in range(8)]
    write_csv(folder / "io.csv", [{"x\x1b[2J": "1", "y\u202e": "2"}])
    shutil.copy(shelf / "reports/small/posts_studied.csv", folder / "posts.csv")
    (folder / "empty.csv").write_bytes(b"")
    (folder / "tweets.jsonl").write_text('{"id": "1"}\n{"id": \n', encoding="utf-8")
    with desk(shelf):
        export = shelf / "reports/small/posts_studied.csv"
        before = (state(shelf), state(tmp_path))
        whole = here("inspect", str(export), "--report", "small")
        several = here("inspect", str(folder))
        assert (state(shelf), state(tmp_path)) == before
    assert whole.exit_code == 0
    assert whole.stderr == ""
    assert "24 read: 24 posts, 0 rejected" in whole.stdout
    assert "accounts  12" in whole.stdout
    assert "2023-08-07 10:00 to 2023-08-18 10:00 UTC" in whole.stdout
    assert several.exit_code == 2
    assert not CONTROLS.search(several.stdout + several.stderr)
    assert all(line.startswith("kit: ") for line in several.stderr.splitlines())
    for name in ("empty.csv", "io.csv", "posts.csv"):
        assert name in several.stdout + several.stderr
    assert rows


def test_inspecting_a_folder_gives_one_table(tmp_path: Path) -> None:
    def comment(i: int, day: int) -> str:
        made = 1621332000 + 86400 * day  # 18 May 2021 10:00
        words = {"id": f"c{i}", "author": f"u{i % 3}", "body": "words", "created_utc": made}
        return json.dumps(words | {"link_id": "t3_a", "parent_id": "t3_a", "subreddit": "sample"}) + "\n"

    posts = "".join(comment(i, i % 9) for i in range(12)) + '{"id": \n'
    (tmp_path / "posts.ndjson").write_text(posts, encoding="utf-8")
    (tmp_path / "more.ndjson").write_text(comment(99, 1), encoding="utf-8")
    (tmp_path / "notes.txt").write_text("nothing to see here", encoding="utf-8")
    said = here("inspect", str(tmp_path))
    assert said.exit_code == 0, said.stderr
    lines = said.stdout.splitlines()
    assert lines[0].split() == "file format tool records accounts from to (UTC) rejected warnings".split()
    by_file = {line.split()[0]: line for line in lines[1:3]}
    assert by_file["more.ndjson"].split()[-6:] == ["1", "1", "2021-05-19", "2021-05-19", "0", "0"]
    assert by_file["posts.ndjson"].split()[-6:-1] == ["13", "3", "2021-05-18", "2021-05-26", "1"]
    assert all("Reddit dump by Pushshift or Arctic Shift" in line for line in by_file.values())
    assert any(line.startswith("  rejected  1 × ") for line in lines)
    assert lines[-2:][0] == "notes.txt"
    assert lines[-1].startswith("  set aside: ")


def test_inspecting_nothing_says_so(tmp_path: Path) -> None:
    assert "no file" in refused(here("inspect", str(tmp_path)))


def test_the_dictionary_is_that_of_the_project() -> None:
    assert here("dictionary").stdout == (ROOT / "data/README.md").read_text("utf-8")


@pytest.mark.slow
def test_notebooks_keep_their_results_until_new_ones_are_whole(
    home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    small(home, "sample")
    (tmp_path / "notebooks").mkdir()
    path = tmp_path / "notebooks/look.ipynb"
    monkeypatch.setattr(reports, "CODE", tmp_path)
    write_notebook(path, [c.replace('"small"', '"sample"') for c in put_in("1 / 0")])
    before = path.read_bytes()
    assert refused(here("notebooks"), 3).startswith("look, cell 6 (Method): ZeroDivisionError")
    assert path.read_bytes() == before
    write_notebook(path, [c.replace('"small"', '"sample"') for c in LOOK])
    assert here("notebooks", "look").exit_code == 0
    done = nbformat.read(path, as_version=4)
    assert [c["execution_count"] for c in done["cells"] if c["cell_type"] == "code"] == [1, 2, 3, 4]
    assert done["metadata"]["daylight"] == {"report": "sample", "edition": "public", "language": "en"}
    assert [p.name for p in (tmp_path / "notebooks").iterdir()] == ["look.ipynb"]


# --- terminals of all kinds


def test_a_reader_who_leaves_early_is_no_error(shelf: Path) -> None:
    for command in ("list", "dictionary", "--help"):
        piped = f'"{sys.executable}" -m kit {command} | head -0; exit ${{PIPESTATUS[0]}}'
        done = subprocess.run(
            ["bash", "-c", piped], env=at_home(shelf), capture_output=True, text=True, check=False
        )
        assert done.stderr == ""
        assert done.returncode in (0, 1, 141)
    closed = f'"{sys.executable}" -m kit list >&- 2>&-'
    done = subprocess.run(["bash", "-c", closed], env=at_home(shelf), check=False)
    assert done.returncode == 0


@pytest.mark.parametrize(
    "env",
    [
        {"COLUMNS": "40"},
        {"LC_ALL": "C", "LANG": "C"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"},
        {"NO_COLOR": "1", "TERM": "dumb"},
    ],
    ids=lambda env: " ".join(f"{k}={v}" for k, v in env.items()),
)
def test_any_terminal_will_do(env: dict[str, str], shelf: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    small(home, title="反送中 déjà vu")
    for arguments in (["list"], ["run", "--help"]):
        done = kit(home, *arguments, env=env)
        assert (done.returncode, done.stderr) == (0, "")
        assert not CONTROLS.search(done.stdout)
    refused(kit(home, "run", "é\x1b[31m", env=env))
