"""Bad inputs HT, EX, TL, FN, PR, NB and NT: what leaves the house, each by its id, with the outcome it requires."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import os
import re
import stat
import struct
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pytest
import yaml
from badinputs import Catalogue, refused
from shell import CONTROLS, here, small, walked, words_of
from test_render import REPORT, assert_inert, daylight, notebook, output, parsed, poisoned, table
from worlds import account, desk, post, report

import kit as package
from kit import case as cases
from kit import disclosure, redact
from kit.case import pseudonyms
from kit.errors import EXIT, InputError, KitError, MetricError, OutputError, RunError, printable
from kit.loaders import recognise, sources
from kit.notebook import speech
from kit.publish.render import render_page
from kit.publish.render.blocks import clean_png

pytestmark = pytest.mark.real
ROOT = Path(__file__).resolve().parent.parent


def page_of(x: str, folder: Path) -> str:
    """The page of a report whose every field holds `x`."""
    given, books = poisoned(x)
    return render_page(given, books, folder / "out").read_text("utf-8")


# --- HTML

#: what each hostile text must look like on the page, and what must not be there
SHOWN: dict[str, tuple[str, str, str]] = {
    "HT-02": ("meta_refresh", "<meta http-equiv=refresh content=", "<meta http-equiv=refresh"),
    "HT-03": ("url_attr_break", 'hxxp://a[.]invalid/"><img src=x onerror=', "<img src=x"),
    "HT-04": ("style_end", "</style><script>document.title=", "</style><script"),
    "HT-05": ("script_end", "</script><script>document.title=", "<script"),
    "HT-06": ("md_img", "![x](hxxp://tracker[.]invalid/md)", 'src="http'),
    "HT-08": ("bidi_override", "abc[U+202E]gpj.exe[U+202C]", "\u202e"),
    "HT-09": ("homoglyph", "\u0440\u0430ypal (mixed scripts)", "\u202e"),
    "HT-12": ("jinja", "{{ 7*7 }}{% raw %}", ">49<"),
    "HT-13": ("mathjax", "\\(\\href{javascript:alert(1)}{x}\\) $$\\frac{$$", "MathJax.js"),
}


@pytest.mark.parametrize(
    "id_", ["HT-02", "HT-03", "HT-04", "HT-05", "HT-06", "HT-08", "HT-09", "HT-12", "HT-13"]
)
def test_HT_shown_and_not_obeyed(id_: str, catalogue: Catalogue, tmp_path: Path) -> None:
    key, shown, never = SHOWN[id_]
    html = page_of(catalogue.strings[key], tmp_path)
    assert_inert(html)
    assert shown in words_of(html)
    assert never not in html
    assert [t for t, _ in parsed(html).tags] == [t for t, _ in parsed(page_of("a", tmp_path / "a")).tags]
    cells = re.findall(r"<td><bdi>([^<]*)</bdi></td>", html)
    assert cells, "each name stands in an element of its own direction"


def test_HT_06_markdown_of_data_is_no_markup(catalogue: Catalogue, tmp_path: Path) -> None:
    for key in ("md_js", "md_autolink", "md_break"):
        html = page_of(catalogue.strings[key], tmp_path / key)
        assert_inert(html)
        assert parsed(html).tags == parsed(page_of("a", tmp_path / f"{key}-a")).tags


def test_HT_11_metadata_does_not_reach_the_page(tmp_path: Path) -> None:
    evil = "</title></script><b id=zqmeta>zqmeta"
    book = notebook("# A", [daylight("table", table("t", "T", [("a", "A", "text")], [["x"]]))])
    book.metadata.update({"title": evil, "widgets": {evil: evil}, "kernelspec": {"name": evil}})
    for cell in book.cells:
        cell["metadata"].update({"tags": [evil], "filename": evil, "name": evil})
        for shown in cell.get("outputs", []):
            shown["metadata"] = {"filename": evil, "text/html": {"x": evil}}
    page = render_page({"title": "A"}, [{"name": "a", "notebook": book}], tmp_path / "out")
    assert all(b"zqmeta" not in path.read_bytes() for path in page.parent.rglob("*") if path.is_file())


def test_HT_07_a_page_needs_nothing_but_itself(tmp_path: Path) -> None:
    held = table("t", "T", [("a", "A", "text")], [["x"]])
    book = notebook("# A", [daylight("table", held)])
    html = render_page(REPORT, [{"name": "a", "notebook": book}], tmp_path / "out").read_text("utf-8")
    assert not re.search(r"require\.js|MathJax|cdn|unpkg|<script|<link", html, re.IGNORECASE)
    assert "default-src 'none'" in html
    assert "@media print" in html


# --- CSV


@pytest.mark.parametrize(
    "key",
    [
        "formula_eq",
        "formula_plus",
        "formula_minus",
        "formula_at",
        "formula_tab",
        "formula_cr",
        "formula_fullwidth",
    ],
)
def test_EX_01_formulas_are_text(key: str, catalogue: Catalogue, tmp_path: Path) -> None:
    text = catalogue.strings[key]
    frame = pd.DataFrame({"text": [text, "a"], "handle": ["@name", "b"]}, dtype=object)
    redact.safe_csv(frame, tmp_path / "t.csv")
    _head, row, _good = csv.reader(io.StringIO((tmp_path / "t.csv").read_text("utf-8")))
    assert row[0].startswith("'")
    assert redact.read_csv_back(tmp_path / "t.csv")["text"].tolist() == [text, "a"]
    assert "apostrophe" in (redact.safe_csv.__doc__ or "")


def test_EX_02_numbers_are_numbers(tmp_path: Path) -> None:
    redact.safe_csv(pd.DataFrame({"change": [-5, 3], "ratio": [1.5, -0.25]}), tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_text("utf-8") == '"change","ratio"\n-5,1.5\n3,-0.25\n'


def test_EX_03_a_handle_with_its_sign(tmp_path: Path) -> None:
    frame = pd.DataFrame({"account": ["abcdefghijkl"], "handle": ["@name"]}, dtype=object)
    redact.safe_csv(frame, tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_text("utf-8").splitlines()[1] == '"abcdefghijkl","\'@name"'
    assert redact.read_csv_back(tmp_path / "t.csv").iloc[0].tolist() == ["abcdefghijkl", "@name"]


@pytest.mark.parametrize("id_,key", [("EX-08", "lone_surrogate"), ("EX-09", "line_sep")])
def test_EX_any_text_can_be_written_and_read_back(
    id_: str, key: str, catalogue: Catalogue, tmp_path: Path
) -> None:
    texts = [catalogue.strings[key], 'a"b', "a\nb\r\nc", "a,b;c"]
    redact.safe_csv(pd.DataFrame({"text": texts}, dtype=object), tmp_path / "t.csv")
    assert redact.read_csv_back(tmp_path / "t.csv")["text"].tolist() == texts, id_


# --- terminal and messages


@pytest.mark.parametrize(
    "id_,key,shown",
    [
        ("TL-01", "ansi", "\\x1b[2J\\x1b[31mred"),
        ("TL-02", "log_forge", "x\\x0aINFO all checks passed"),
        ("TL-03", "bidi_override", "abc\\u202egpj.exe\\u202c"),
    ],
)
def test_TL_messages_stay_one_harmless_line(
    id_: str, key: str, shown: str, catalogue: Catalogue, tmp_path: Path
) -> None:
    text = catalogue.strings[key]
    line = str(KitError("something is wrong", where="a.csv, line 2", found=text, hint="Look."))
    assert shown in line, id_
    assert not CONTROLS.search(line)
    assert "\n" not in line
    assert len(printable(text)) <= 40
    path = tmp_path / "posts.csv"
    path.write_text("post_id,handle\n", encoding="utf-8")
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.writer(file).writerow([f"1.5E+18{text}", text])
    said = here("inspect", str(path))
    assert not CONTROLS.search(said.stdout + said.stderr)
    assert "\nINFO" not in said.stdout + said.stderr


def test_TL_04_a_rejected_row_shows_forty_characters_at_most(tmp_path: Path) -> None:
    with desk(tmp_path):
        text = "call (416) 555-0123 " + "and tell them what you think of it " * 3
        rows = [post(1, "u1", "2023-08-07T10:00:00Z", text, like="many"), post(2, "u1", "2023-08-07")]
        folder = report(tmp_path, "a", posts={"studied": rows}, synthetic=True)
        said = here("inspect", str(folder / "posts_studied.csv"), "--report", "a")
    assert (
        "posts_studied.csv, line 2, likes: a whole number from 0 on was expected, found 'many'" in said.stdout
    )
    assert "416" not in said.stdout + said.stderr
    assert "think" not in said.stdout + said.stderr


# --- names of files

NAMES = {
    "FN-01": "path_up",
    "FN-02": "path_abs",
    "FN-03": "path_win",
    "FN-04": "path_dev",
    "FN-05": "path_nul",
    "FN-06": "path_long",
    "FN-07": "path_dash",
    "FN-08": "path_nl",
    "FN-09": "bidi_override",
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("home")
    with desk(folder):
        yield folder


@pytest.mark.parametrize(
    "id_", ["FN-01", "FN-02", "FN-03", "FN-04", "FN-05", "FN-06", "FN-07", "FN-08", "FN-09"]
)
def test_FN_no_name_from_data_becomes_a_file(
    id_: str, catalogue: Catalogue, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The kit names files by metrics and reports only; a name that is none is refused."""
    if not (home / "reports").exists():
        small(home)
        cases.open("small")
    monkeypatch.setenv("DAYLIGHT_OUT", str(tmp_path / "out"))
    name = catalogue.strings[NAMES[id_]]
    frame = pd.DataFrame({"handle": [name], "n": [12]})
    case = cases.open("small", edition="internal")
    package.notebook.opened(case)
    for wrong in (name, f"{name}.", f"{name} "):
        if wrong == "CON" or re.fullmatch(
            r"n+", wrong
        ):  # a plain word on this system, and only a researcher's
            continue
        with pytest.raises(MetricError, match="not a name for a file"):
            package.show(frame, name=wrong)
    package.show(frame, name="handles")
    assert sorted(p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*.csv")) == [
        "out/tables/handles.csv"
    ]
    assert redact.read_csv_back(tmp_path / "out/tables/handles.csv")["handle"].tolist() == [name]


def test_FN_10_tables_whose_names_differ_by_case(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    (folder / "tables").mkdir(parents=True)
    cells = []
    for name, value in (("ages", "x"), ("Ages", "y")):
        (folder / "tables" / f"{name}.csv").write_text(f'"a"\n"{value}"\n', "utf-8")
        cells.append(daylight("table", table(name, name, [("a", "A", "text")], [[value]])))
    book = {"name": "a", "notebook": notebook("# A", cells), "folder": folder}
    page = render_page({"title": "A"}, [book], tmp_path / "out")
    files = sorted(page.parent.glob("tables/*.csv"))
    assert {path.read_text("utf-8") for path in files} == {'"a"\n"x"\n', '"a"\n"y"\n'}
    assert len(files) == 2


def test_FN_11_a_link_put_there_by_someone_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = tmp_path / "elsewhere.csv"
    elsewhere.write_text("kept", "utf-8")
    (tmp_path / "out/tables").mkdir(parents=True)
    (tmp_path / "out/tables/t.csv").symlink_to(elsewhere)
    with desk(tmp_path):
        small(tmp_path)
        package.notebook.opened(cases.open("small"))
        monkeypatch.setenv("DAYLIGHT_OUT", str(tmp_path / "out"))
        with pytest.raises(OutputError, match="is a link"):
            speech.place(tmp_path / "out", "tables", "t.csv")
        with pytest.raises(OutputError, match="is a link"):
            package.show(pd.DataFrame({"a": ["b"]}), name="t")
    assert elsewhere.read_text("utf-8") == "kept"


def test_FN_12_inputs_that_are_no_files(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    started = time.monotonic()
    wrong = {
        "folder": "the folder holds no files",
        "pipe": "a named pipe is not an export",
        "no*.csv": "no file matches the pattern",
        "gone %s {0}.csv": "no such file",
        "a\0b": "the path cannot be used",
    }
    for name, words in wrong.items():
        with pytest.raises(InputError, match=re.escape(words)) as caught:
            sources(tmp_path / name)
        assert printable(name) in str(caught.value)
    with pytest.raises(InputError, match="a device is not an export"):
        sources("/dev/zero")
    odd = tmp_path / "odd %s {0}.csv"
    odd.write_text("a,b\n1,2\n", "utf-8")
    assert sources(odd)[0].name == odd.name
    assert time.monotonic() - started < 5
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)


# --- what may not leave the house

PRIVATE = (
    ("PR-01", ("phone_na", "phone_intl", "phone_fw")),
    ("PR-02", ("phone_words",)),
    ("PR-03", ("email", "email_obf")),
    ("PR-04", ("address",)),
    ("PR-09", ("live_url", "url_userinfo", "url_idn")),
)
VICTIM = "Zqvictim Person"


@pytest.fixture(scope="module")
def public(catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The public page of a report with private words wherever the export has room for them."""
    folder = tmp_path_factory.mktemp("private")
    texts = [catalogue.strings[key] for _id, keys_ in PRIVATE for key in keys_] + [f"look at {VICTIM}"]
    days = [f"2023-08-{day:02d}T10:00:00Z" for day in range(7, 29)]
    rows = [
        post(1000 + i, f"u{i % 12}", days[i % 22], texts[i % len(texts)], tags=f"#{VICTIM.split()[0]}{i}")
        for i in range(60)
    ]
    people = [
        account(f"u{i}", "2020-01-01", handle=f"zqvictim{i}", name=VICTIM, bio=texts[i % len(texts)])
        for i in range(12)
    ]
    roster = f"name,role,category,platform,handle,may_be_named\n{VICTIM},{VICTIM},media,x,zqvictim1,no\n"
    with desk(folder):
        options: dict[str, Any] = {"posts": {"studied": rows}, "accounts": {"studied": people}}
        books = ["00_intake", "01_account_age", "03_targets"]
        report(folder, "private", lists={"roster": roster}, notebooks=books, languages=["en"], **options)
        page = walked("private", folder / "page")
    return page.parent


@pytest.mark.parametrize("id_", ["PR-01", "PR-02", "PR-03", "PR-04", "PR-09"])
def test_PR_texts_are_withheld_whole(id_: str, catalogue: Catalogue, public: Path) -> None:
    """The public edition holds no text at all, so that nothing in one can be missed: recall is 1."""
    home = next(p for p in public.parents if p.name.startswith("private"))
    places = [public, home / "data/cases/private/public"]
    files = [path for place in places for path in place.rglob("*") if path.is_file()]
    assert len(files) > 15
    words = [catalogue.strings[key] for key in dict(PRIVATE)[id_]]
    for path in files:
        content = path.read_bytes()
        for word in words:
            assert word.encode() not in content, (path.name, word)
            assert not [part for part in word.split() if len(part) > 7 and part.encode() in content], (
                path.name
            )
    case = json.loads((home / "data/cases/private/manifest.json").read_text("utf-8"))
    assert case["tables"]["internal/posts.parquet"]["bytes"] > case["tables"]["public/posts.parquet"]["bytes"]


@pytest.mark.parametrize("id_", ["PR-06", "PR-08", "PR-12"])
def test_PR_nobody_is_named_or_quoted(id_: str, public: Path) -> None:
    """PR-06: not in a page, table, alt text or notebook; PR-08, PR-12: no text, and notebooks by the same rule."""
    home = next(p for p in public.parents if p.name.startswith("private"))
    places = [public, home / "data/cases/private/public", home / "page"]
    files = [path for place in places for path in place.rglob("*") if path.is_file()]
    assert len(files) > 15, id_
    for path in files:
        content = path.read_bytes().lower()
        for word in (b"zqvictim", b"look at", str(home).encode().lower()):
            assert word not in content, (path.name, word)


def test_PR_11_an_accusation_needs_evidence(tmp_path: Path) -> None:
    """The linter lists each; what an account is accused of stands only with the evidence that supports it."""
    for sentence in ("@anna_invented is a bot.", "The account bot_invented is paid by a ministry."):
        with desk(tmp_path) as home:
            folder = report(
                home, "accuse", posts={"studied": [post(1, "a", "2023-08-07T10:00:00Z")]}, summary=sentence
            )
            done = here("lint", "accuse")
            assert done.exit_code == EXIT["input"], sentence
            assert "evidence" in done.stderr, sentence
            content = yaml.safe_load((folder / "report.yml").read_text("utf-8"))
            content["summary"] = "Accounts that answer the same posts."
            (folder / "report.yml").write_text(yaml.safe_dump(content), "utf-8")
            assert here("lint", "accuse").exit_code == 0


def test_PR_05_small_counts_and_what_gives_them_away() -> None:
    frame = pd.DataFrame({"group": ["studied"] * 4, "kind": list("abcd"), "accounts": [40, 30, 3, 24]})
    shown = disclosure.protect(frame, disclosure.Bounds(), units={"accounts": "accounts"}).table
    assert shown["accounts"].tolist()[:2] == [40, 30]
    assert shown["accounts"].isna().tolist() == [False, False, True, False]
    assert shown["accounts"].iloc[3] == 20, "24 would give 3 away where the total is known"
    assert disclosure.STEP == 10


def test_PR_07_pseudonyms() -> None:
    one, other = os.urandom(32), os.urandom(32)
    name = pseudonyms.pseudonym(one, "public", "a", "x", "900000000000000001")
    assert re.fullmatch(r"[a-z2-7]{12}", name)
    assert name == pseudonyms.pseudonym(one, "public", "a", "x", "900000000000000001")
    assert name != pseudonyms.pseudonym(other, "public", "a", "x", "900000000000000001")
    assert name != pseudonyms.pseudonym(one, "public", "a", "facebook", "900000000000000001")
    plain = hashlib.sha256(b"900000000000000001").digest()
    assert name != base64.b32encode(plain)[:12].decode().lower()


def test_PR_07_the_key_is_not_in_the_output(public: Path) -> None:
    home = next(p for p in public.parents if p.name.startswith("private"))
    (key,) = (home / "keys").glob("private-*.key")
    secret = key.read_text("ascii").strip()
    for place in (public, home / "data", home / "reports"):
        for path in place.rglob("*"):
            assert not path.is_file() or secret.encode() not in path.read_bytes(), path


def test_PR_09_addresses_are_broken(catalogue: Catalogue) -> None:
    assert redact.defang(catalogue.strings["live_url"]) == "see hxxps://bad[.]invalid/path?utm_id=1"
    assert "hxxps://" in redact.defang(catalogue.strings["url_userinfo"])
    assert redact.defang(catalogue.strings["defang_done"]) == catalogue.strings["defang_done"]


# --- notebooks


NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("id_", ["NB-01", "NB-02"])
def test_NB_committed_notebooks(id_: str) -> None:
    """They are committed with the results on the sample, public edition; nothing of a machine is in them."""
    assert NOTEBOOKS, id_
    for path in NOTEBOOKS:
        book = nbformat.read(path, as_version=4)
        daylight_ = book["metadata"]["daylight"]
        assert (daylight_["report"], daylight_["edition"]) == ("sample", "public")
        assert book["metadata"]["kernelspec"] == {
            "display_name": "Python 3",
            "language": "python",
            "name": "python3",
        }
        assert book["metadata"]["language_info"] == {"name": "python"}
        assert [cell["id"] for cell in book["cells"]] == [
            f"cell-{n:02d}" for n in range(1, len(book.cells) + 1)
        ]
        counts = [cell["execution_count"] for cell in book["cells"] if cell["cell_type"] == "code"]
        assert counts == list(range(1, len(counts) + 1))
        assert not re.search(r"(?<![\w.:/<])/(home|root|Users|work|tmp)/", path.read_text("utf-8"))


def test_NB_03_a_notebook_is_no_export(tmp_path: Path) -> None:
    path = tmp_path / "evil.ipynb"
    evil = nbformat.v4.new_code_cell("open('PWNED', 'w')")
    nbformat.write(nbformat.v4.new_notebook(cells=[evil]), path)
    (source,) = sources(path)
    with pytest.raises(InputError, match=r"evil\.ipynb: no known format"):
        recognise(source)
    assert not Path("PWNED").exists()


# --- media and the network


@pytest.mark.parametrize("id_", ["NT-06", "NT-08"])
def test_NT_only_a_whole_png_is_ever_a_picture(id_: str, catalogue: Catalogue, tmp_path: Path) -> None:
    data = catalogue.path(id_).read_bytes()
    with pytest.raises(ValueError, match="no PNG signature"):
        clean_png(data)
    encoded = base64.b64encode(data).decode()
    book = notebook("# A", [output("image/png", encoded, "a")])
    with pytest.raises(RunError, match="not a whole PNG"):
        render_page({"title": "A"}, [{"name": "a", "notebook": book}], tmp_path / "out")
    book = notebook("# A", [output("image/svg+xml", data.decode(), "a")])
    html = render_page({"title": "A"}, [{"name": "a", "notebook": book}], tmp_path / "svg").read_text("utf-8")
    assert_inert(html)
    assert "tracker.invalid" not in html
    assert "no known format" in refused_as_export(catalogue.path(id_), tmp_path)


def refused_as_export(path: Path, folder: Path) -> str:
    (source,) = sources(path)
    with pytest.raises(InputError) as caught:
        recognise(source)
    return str(caught.value)


def test_NT_07_a_picture_of_60000_by_60000(catalogue: Catalogue, tmp_path: Path) -> None:
    data = catalogue.path("NT-07").read_bytes()
    with pytest.raises(ValueError, match="damaged"):
        clean_png(data)
    header = b"IHDR" + struct.pack(">II", 60_000, 60_000) + b"\x08\x02\x00\x00\x00"
    chunks = [header, b"IDAT" + zlib.compress(b""), b"IEND"]
    whole = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(c) - 4) + c + struct.pack(">I", zlib.crc32(c)) for c in chunks
    )
    with pytest.raises(ValueError, match="pixels"):
        clean_png(whole)
    assert "PNG image" in refused(catalogue.path("NT-07"), tmp_path)
