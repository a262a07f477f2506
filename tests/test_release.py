"""The release gate: what is asked, what is no answer, what is refused, and that nothing else makes the folder."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from shell import here, kit, put_in, refused, small, state, write_notebook
from worlds import account, desk, post

from kit import report as reports
from kit.errors import EXIT, ReportError
from kit.publish.render import check, fresh, swap_in
from kit.report.questions import HARM, is_placeholder, unanswered
from kit.report.template import draft

ANSWERS: dict[str, Any] = {
    "authors": ["A. Researcher"],
    "contact": "desk of the newspaper, room 12",
    "date": "2023-10-20",
    "retention": "two years, then deleted",
    "harm": {
        "public_interest": "Voters were addressed by accounts that hid who they are.",
        "harm_if_published": "Supporters who agree with them might be suspected; only counts are shown.",
        "harm_if_wrong": "Honest people would be called a network, and we would have to say so.",
        "less_harmful_way": "A text without numbers was tried and told readers nothing.",
        "ability_to_correct": "The desk corrects within a day and prints what changed.",
        "right_of_reply": "The office was asked on 2 October and answered that it knew nothing.",
    },
}


def written(folder: Path, **keys: Any) -> None:
    """Change keys of report.yml; None takes one away."""
    path = folder / "report.yml"
    content = yaml.safe_load(path.read_text("utf-8")) | keys
    content = {key: value for key, value in content.items() if value is not None}
    path.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True), encoding="utf-8")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    with desk(tmp_path / "home") as folder:
        folder.mkdir()
        yield folder


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a report that was run and may be released; tests copy it."""
    folder = tmp_path_factory.mktemp("ready") / "home"
    folder.mkdir()
    with desk(folder):
        people = [
            account(
                f"zqid{i:07}",
                "2020-01-01",
                handle=f"zqhandle{i}",
                name=f"Zq Name {i}",
                bio=f"zq bio {i} " * 9,
            )
            for i in range(24)
        ]
        rows = [
            post(100_000 + i, f"zqid{i % 24:07}", "2023-08-09T10:00:00Z", f"zq words {i} of a post")
            for i in range(48)
        ]
        small(
            folder, posts={"studied": rows}, accounts={"studied": people}, **ANSWERS, languages=["en", "fr"]
        )
        done = kit(folder, "run", "small", "--jobs", "1")
        assert done.returncode == 0, done.stderr
        assert "Not released: 'kit publish small'" in done.stdout
    return folder


def copied(ready: Path, home: Path) -> Path:
    """The report of `ready` in another home; returns its folder."""
    shutil.copytree(ready, home, dirs_exist_ok=True)
    return home / "reports/small"


# --- what is asked


def test_a_drafted_report_is_asked_everything(home: Path) -> None:
    folder = small(home)
    drafted = yaml.safe_load(draft("A title"))
    asked = ("authors", "contact", "date", "retention", "harm")
    written(folder, **{key: drafted[key] for key in asked})
    keys = [one.key for one in unanswered(reports.load("small"))]
    assert keys == ["authors", "contact", "date", "retention", *(f"harm.{key}" for key in HARM)]
    done = here("publish", "small")
    assert done.exit_code == EXIT["refused"] == 8
    lines = done.stderr.splitlines()
    assert len(lines) == len(keys) + 1
    for key, line in zip(keys, lines, strict=False):
        assert line.startswith(f"kit: report.yml, {key}: ")
        assert "found '" in line or "nothing stands there" in line
    assert not (folder / "release").exists()
    assert not (folder / "out").exists(), "nothing is run for a report that may not be published"


@pytest.mark.parametrize("key", [*(k for k in ANSWERS if k != "harm"), *(f"harm.{k}" for k in HARM)])
@pytest.mark.parametrize("how", ["missing", "empty", "TODO", "à compléter", "…"])
def test_each_answer_is_needed(home: Path, key: str, how: str) -> None:
    folder = small(home, **ANSWERS)
    name, _dot, inside = key.partition(".")
    said = {"missing": None, "empty": ""}.get(how, how)
    if inside:
        harm = ANSWERS["harm"] | {inside: said}
        written(folder, harm={k: v for k, v in harm.items() if v is not None})
    elif name == "date" and how not in ("missing", "empty"):
        written(folder, date=said)
        with pytest.raises(ReportError, match="date"):
            reports.load("small")
        return
    else:
        written(folder, **{name: [said] if name == "authors" and said is not None else said})
    assert [one.key for one in unanswered(reports.load("small"))] == [key]


def test_answers_pass_and_must_stand_in_each_language(home: Path) -> None:
    folder = small(home, **ANSWERS, languages=["en", "fr"])
    assert unanswered(reports.load("small")) == []
    both = {"en": ANSWERS["harm"]["harm_if_wrong"], "fr": "à remplir"}
    written(folder, harm=ANSWERS["harm"] | {"harm_if_wrong": both})
    assert [one.key for one in unanswered(reports.load("small"))] == ["harm.harm_if_wrong.fr"]
    written(folder, harm=ANSWERS["harm"] | {"right_of_reply": ANSWERS["harm"]["public_interest"]})
    (same,) = unanswered(reports.load("small"))
    assert "same words stand under harm.public_interest" in str(same)
    written(folder, harm=ANSWERS["harm"] | {"harm_if_wrong": HARM["harm_if_wrong"]})
    assert [one.key for one in unanswered(reports.load("small"))] == ["harm.harm_if_wrong"]


@pytest.mark.parametrize("contact", ["you@example.org", "desk@newsroom.invalid", "name@domain.test", "me@x.example", "n/a", "none", "-"])  # fmt: skip
def test_an_address_of_nobody_is_no_contact(home: Path, contact: str) -> None:
    small(home, **(ANSWERS | {"contact": contact}))
    assert [one.key for one in unanswered(reports.load("small"))] == ["contact"]


def test_a_report_cannot_be_published_before_its_period_ends(home: Path) -> None:
    small(home, **ANSWERS, period={"start": "2023-08-07", "end": "2023-11-01"})
    assert [one.key for one in unanswered(reports.load("small"))] == ["date"]


@pytest.mark.parametrize(
    "text",
    """|   |TODO|todo: ask|We answer later. TODO|TO DO|To do: write this|TBD|tbd.|t.b.d.|TBC|TBA|FIXME now|xxx|XXXX|Lorem ipsum
    dolor sit|…|...|We considered …|???|n/a|N/A|none|None.|nothing|no|unknown|see above|same as above|pending|coming soon|
    placeholder|to be completed|To be determined by the editor|still to be written|fill this in|insert answer here|
    <your answer>|[your answer here]|{{ answer }}|____|asdf|foo bar baz|test|example|à compléter|À COMPLÉTER|a completer|
    à définir avec la rédaction|à remplir|à préciser|à déterminer|à rédiger|texte à venir|à venir|à faire|plus tard|néant|
    aucun|aucune|sans objet|s.o.|idem|voir ci-dessus|en attente|brouillon|votre réponse|votre nom|your name|aaaa|.....|----|
    ＴＯＤＯ|tb d? ???|ok|I don't know|maybe""".replace("\n    ", " ").split("|"),
)  # fmt: skip
def test_these_are_no_answers(text: str) -> None:
    assert is_placeholder(text)
    assert is_placeholder(text, fewest=4)


@pytest.mark.parametrize(
    "text",
    [
        *ANSWERS["harm"].values(),
        "We have nothing else to do than to wait for the court, which decides in May.",
        "Il n’y a rien à faire de plus : les comptes ont été supprimés par la plateforme.",
        "The platform itself published the list; no milder way remains open to us.",
        "Aucune personne n’est nommée, et les nombres de moins de dix sont cachés.",
        "Nobody could be asked, because the accounts were deleted before we knew them.",
        "我们已经联系了所有被提到的人，并刊登了他们的答复。",
        "Write to the desk; it answers within two days (see the imprint).",
    ],
)
def test_these_are_answers(text: str) -> None:
    assert not is_placeholder(text, fewest=4)


@pytest.mark.parametrize(
    "words, needles",
    [
        ({"Spring field": "a town in the news"}, ["single word", "Spring field"]),
        ({"Springfield": ""}, ["'Springfield' has no reason"]),
        ({"Springfield": "town"}, ["'Springfield' has no reason"]),
        ({"Springfield": None}, ["'Springfield' has no reason"]),
        ({7: "a number of no account"}, ["single word"]),
        ({"@somebody": "a word of the language"}, ["single word"]),
        ({"": "a word of the language"}, ["single word"]),
    ],
)
def test_allowed_words_are_single_and_have_reasons(home: Path, words: Any, needles: list[str]) -> None:
    small(home, allow_words=words)
    line = refused(here("publish", "small"))
    for needle in needles:
        assert needle in line


@pytest.mark.parametrize("harm, needle", [({"public_intrest": "a"}, "did you mean 'public_interest'"), ({"harm_if_wrong": 7}, "must be text"), ({"harm_if_wrong": {"de": "a"}}, "unknown key 'de'")])  # fmt: skip
def test_a_misspelt_question_is_refused(home: Path, harm: Any, needle: str) -> None:
    small(home, harm=harm)
    assert needle in refused(here("publish", "small"))


# --- what is made


def test_a_release_holds_the_pages_of_every_language_and_is_whole(ready: Path, home: Path) -> None:
    folder = copied(ready, home)
    done = here("publish", "small", "--quiet")
    assert done.exit_code == 0, done.stderr
    assert "none found" in done.stdout
    assert done.stdout.endswith("reports/small/release\n")
    out = folder / "release"
    assert check(out) == []
    assert {path.name for path in out.iterdir()} == {"en", "fr", "manifest.json"}
    for language in ("en", "fr"):
        built, gone = folder / "out/public" / language, out / language
        assert state(built) == state(gone)
        assert (gone / "findings.json").exists()
    about = json.loads((out / "manifest.json").read_bytes())
    assert (about["report"], about["date"], about["languages"]) == ("small", "2023-10-20", ["en", "fr"])
    assert set(about) == {"report", "date", "languages", "files"}, (
        "counts of private values stay in the house"
    )
    assert "Not released" not in here("run", "small", "--quiet").stdout
    before = state(folder, but="lock")
    assert here("publish", "small", "--quiet").exit_code == 0
    assert state(folder, but="lock") == before
    written(folder, title="Another title")
    assert "Not released" in here("run", "small", "--quiet").stdout
    assert not [p for p in folder.iterdir() if p.name.startswith(".release")]


def test_only_publish_makes_the_folder(ready: Path, home: Path) -> None:
    folder = copied(ready, home)
    for command in (["run", "small", "--quiet"], ["plan", "small"], ["lint", "small"], ["list"]):
        assert here(*command).exit_code == 0
    assert not (folder / "release").exists()
    here("publish", "small", "--quiet")
    assert here("forget", "small", "--yes").exit_code == 0
    assert not (folder / "release").exists()


LEAKS = """\
import base64, hashlib
import pandas as pd
kit.note("@zqhandle7 wrote this")
kit.show(pd.DataFrame({"word": ["Zq Name 3"], "score": [12]}), name="own", units={"score": "number"})
kit.note(base64.b64encode(b"id zqid0000004 ").decode())
kit.note(hashlib.sha256(b"zqhandle5").hexdigest())
kit.note("Somebody said zq bio 11 zq bio 11 zq bio 11 and so on")
"""
FOUND = [
    ("accounts.handle", "html", ""),
    ("accounts.display_name", "tables/own.csv, line 2, cell 1", ""),
    ("accounts.account_id", "html", "base64"),
    ("accounts.handle", "html", "sha256"),
    ("accounts.bio", "html", "a piece"),
]


def test_a_leak_stops_the_release_and_the_old_one_stays(ready: Path, home: Path) -> None:
    folder = copied(ready, home)
    assert here("publish", "small", "--quiet").exit_code == 0
    before = state(folder / "release")
    write_notebook(folder / "look.ipynb", put_in(LEAKS))
    done = kit(home, "publish", "small", "--quiet", "--jobs", "1")
    assert done.returncode == EXIT["refused"], (done.stdout, done.stderr)
    assert done.stdout == ""
    lines = done.stderr.splitlines()
    assert lines[-1].startswith("kit: small: ")
    for column, place, form in FOUND:
        assert any(column in line and place in line and form in line for line in lines), (column, form, lines)
    assert not any(word in done.stderr for word in ("zqhandle", "Zq Name", "zqid", "zq bio"))
    assert state(folder / "release") == before
    assert not [p for p in folder.iterdir() if p.name.startswith(".release")]


def test_a_word_of_the_authors_that_is_a_name_too_can_be_let_stand(ready: Path, home: Path) -> None:
    folder = copied(ready, home)
    write_notebook(folder / "look.ipynb", put_in('kit.note("The zqhandle9 of the season")'))
    assert kit(home, "publish", "small", "--quiet", "--jobs", "1").returncode == 8
    written(folder, allow_words={"zqhandle9": "a word that every fan of the season uses"})
    done = kit(home, "publish", "small", "--quiet", "--jobs", "1")
    assert done.returncode == 0, done.stderr
    html = (folder / "release/en/index.html").read_text("utf-8")
    assert "zqhandle9 (a word that every fan of the season uses)" in html
    assert "Words let stand by the authors" in html
    assert "Mots maintenus par les auteurs" in (folder / "release/fr/index.html").read_text("utf-8")


@pytest.mark.parametrize("how", ["file changed", "file added", "page of another edition", "mark", "link"])
def test_pages_that_are_not_those_of_the_run_do_not_leave(ready: Path, home: Path, how: str) -> None:
    """What was put there by hand is built again or refused."""
    folder = copied(ready, home)
    page = folder / "out/public/en"
    built = state(page)
    if how == "file changed":
        (page / "index.html").write_text("zqhandle1")
    elif how == "file added":
        (page / "tables/more.csv").write_text("zqhandle1")
    elif how == "page of another edition":
        other = fresh(page)
        shutil.copytree(page, other, dirs_exist_ok=True)
        (other / "index.html").write_text("the internal edition")
        swap_in(other, page)
    elif how == "link":
        page.rename(folder / "elsewhere")
        page.symlink_to(folder / "elsewhere")
    else:
        stage = folder / "out/.stages/public-en/look"
        text = (stage / "notebook.ipynb").read_text("utf-8")
        other = fresh(stage)
        shutil.copytree(stage, other, dirs_exist_ok=True)
        (other / "notebook.ipynb").write_text(text.replace('"edition": "public"', '"edition": "internal"', 1))
        swap_in(other, stage)
    done = here("publish", "small", "--quiet")
    if done.exit_code == 0:
        assert state(folder / "release/en") == built
    else:
        assert done.exit_code in (EXIT["refused"], EXIT["notebook"])
        assert not (folder / "release").exists()
    assert (done.exit_code == 0) == (how in ("file changed", "file added", "page of another edition"))


# --- the ledger of publications


COUNTED = "accounts|summary.accounts|group=studied|platform=x"  # 24 accounts


def ledger(folder: Path) -> list[dict[str, Any]]:
    return json.loads((folder / "publications.json").read_text("utf-8"))["versions"]


def without_one(folder: Path) -> None:
    """Take one account and its posts out of the exports."""
    for path in folder.glob("*.csv"):
        lines = path.read_text("utf-8").splitlines(keepends=True)
        path.write_text("".join(line for line in lines if "zqid0000003" not in line), encoding="utf-8")


def test_the_ledger_remembers_what_left_and_nothing_secret(ready: Path, home: Path) -> None:
    folder = copied(ready, home)
    assert here("publish", "small", "--quiet").exit_code == 0
    (first,) = ledger(folder)
    assert first["shown"][COUNTED] == ["about", 20.0, 15.0, 24.0]
    assert "true" not in str(first)
    assert here("publish", "small", "--quiet").exit_code == 0
    assert ledger(folder) == [first], "the same version is noted once"


def test_the_next_version_tells_nothing_of_the_account_that_was_taken_out(ready: Path, home: Path) -> None:
    folder = copied(ready, home)
    assert here("publish", "small", "--quiet").exit_code == 0
    before = state(folder / "release")
    without_one(folder)
    done = kit(home, "publish", "small", "--quiet", "--jobs", "1")
    assert done.returncode == 0, done.stderr
    after = state(folder / "release")
    told = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    assert not [name for name in told if name.endswith((".csv", ".png"))], told


def test_a_damaged_ledger_stops_the_next_version(ready: Path, home: Path) -> None:
    folder = copied(ready, home)
    for content in ("[]", "{", '{"versions": [{"shown": 1}]}'):
        (folder / "publications.json").write_text(content, encoding="utf-8")
        assert "ledger of publications is damaged" in refused(here("publish", "small"))


def test_a_ledger_from_elsewhere_is_not_passed_over(ready: Path, home: Path) -> None:
    folder = copied(ready, home)
    said = {"versions": [{"date": "2023-10-01", "manifest": "", "shown": {COUNTED: ["about", 30.0, 25, 34]}}]}
    (folder / "publications.json").write_text(json.dumps(said), encoding="utf-8")
    done = here("publish", "small", "--quiet")
    assert done.exit_code == EXIT["refused"]
    assert COUNTED in done.stderr
