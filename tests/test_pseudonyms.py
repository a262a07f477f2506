"""Pseudonyms: the same all through a report, another in every other, and a key that is kept with care."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import desk, post, report, same_names

from kit import case as cases
from kit import report as reports
from kit.case import pseudonyms
from kit.edition import EDITIONS
from kit.errors import OutputError, ReportError
from kit.report.template import TEMPLATE

ROOT = Path(__file__).resolve().parent.parent
KEY = bytes(range(32))


@pytest.fixture
def home(tmp_path: Path):  # type: ignore[no-untyped-def]
    with desk(tmp_path) as folder:
        yield folder


def one(home: Path, name: str = "one", **more: object) -> reports.Report:
    report(home, name, posts={"studied": []}, **more)
    return reports.load(name)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


NAMED = ("public", "one", "x", "1234567890123456789")


def test_a_pseudonym_is_a_keyed_hash_of_edition_report_platform_and_identifier() -> None:
    digest = hmac.new(KEY, b"account\0public\0one\0x\x001234567890123456789", hashlib.sha256).digest()
    expected = base64.b32encode(digest).decode().lower()[:12]
    assert pseudonyms.pseudonym(KEY, *NAMED) == expected


def test_a_pseudonym_depends_on_key_edition_report_platform_and_every_digit() -> None:
    others = [
        pseudonyms.pseudonym(KEY, "internal", *NAMED[1:]),
        pseudonyms.pseudonym(KEY, "public", "two", *NAMED[2:]),
        pseudonyms.pseudonym(KEY, "public", "one", "facebook", NAMED[3]),
        pseudonyms.pseudonym(KEY, *NAMED[:3], "1234567890123456788"),
        pseudonyms.pseudonym(bytes(32), *NAMED),
        pseudonyms.pseudonym(KEY, *NAMED[:3], ""),
        pseudonyms.pseudonym(KEY, "public", "one", "x\x00123", "4567890123456789"),
        pseudonyms.shuffled(KEY, *NAMED),
    ]
    assert len({pseudonyms.pseudonym(KEY, *NAMED), *others}) == len(others) + 1


def test_the_editions_of_a_case_cannot_be_joined_by_pseudonyms(home: Path) -> None:
    report(home, "joined", posts={"studied": [post(i, f"u{i}", "2024-03-01") for i in range(12)]})
    names = [
        set(cases.open("joined", edition=e).sql("SELECT pseudonym FROM accounts")["pseudonym"])
        for e in EDITIONS
    ]
    assert [len(found) for found in names] == [12, 12]
    assert not names[0] & names[1]


def test_one_identifier_on_two_platforms_has_two_pseudonyms(home: Path) -> None:
    rows = [post(1, "same", "2024-03-01")]
    report(home, "platforms", posts={"studied": rows, "control@facebook": rows})
    found = cases.open("platforms").sql("SELECT platform, pseudonym FROM accounts")
    assert found["platform"].nunique() == found["pseudonym"].nunique() == 2


def test_the_order_of_keys_tells_nothing_of_names(home: Path) -> None:
    """A list of members in the order of the alphabet would tell each by its place in it."""
    members = "\n".join(f"Member {i:02d},member,x,m{i}" for i in range(40))
    report(
        home,
        "roster",
        posts={"studied": [post(1, "a", "2024-03-01")]},
        lists={"roster": f"name,role,platform,account_id\n{members}\n"},
    )
    found = cases.open("roster", edition="internal").sql("SELECT name, member_key, roster_key FROM roster")
    for key in ("member_key", "roster_key"):
        assert sorted(found[key]) == list(range(1, 41))
        assert found.sort_values(key)["name"].tolist() != sorted(found["name"])


@given(st.text(alphabet=st.characters(codec=None), max_size=40))  # lone surrogates too
def test_any_identifier_has_a_pseudonym_that_shows_nothing_of_it(identifier: str) -> None:
    name = pseudonyms.pseudonym(KEY, *NAMED[:3], identifier)
    assert re.fullmatch("[a-z2-7]{12}", name)
    assert name == pseudonyms.pseudonym(KEY, *NAMED[:3], identifier)


def test_a_key_is_made_once_outside_the_output_for_its_owner_only(home: Path) -> None:
    mine = one(home)
    key = pseudonyms.key_of(mine)
    path = pseudonyms.path_of(mine)
    assert len(key) == 32
    assert pseudonyms.key_of(mine) == key
    assert path.parent == home / "keys"
    assert not path.is_relative_to(mine.folder)
    assert not path.is_relative_to(home / "data")
    assert (mode(path), mode(path.parent)) == (0o600, 0o700)
    assert list(path.parent.iterdir()) == [path]


def test_two_reports_have_two_keys_also_where_they_share_a_name(home: Path, tmp_path: Path) -> None:
    first, second = one(home, "one"), one(home, "two")
    assert pseudonyms.key_of(first) != pseudonyms.key_of(second)
    report(tmp_path / "elsewhere", "one", posts={"studied": []})
    third = reports.load(tmp_path / "elsewhere" / "reports" / "one")
    assert third.name == first.name
    assert pseudonyms.path_of(third) != pseudonyms.path_of(first)
    assert pseudonyms.key_of(third) != pseudonyms.key_of(first)


def test_the_key_lies_where_the_environment_says(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = one(home)
    monkeypatch.setenv("DAYLIGHT_KEYS", str(home / "safe"))
    assert pseudonyms.path_of(mine).parent == home / "safe"
    monkeypatch.delenv("DAYLIGHT_KEYS")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "config"))
    assert pseudonyms.path_of(mine).parent == home / "config" / "daylight" / "keys"


@pytest.mark.parametrize("content", [b"", b"ab\n", b"not hexadecimal\n", b"\xff\xfe\x00", b"00" * 33])
def test_a_damaged_key_is_an_error(home: Path, content: bytes) -> None:
    mine = one(home)
    path = pseudonyms.path_of(mine)
    path.parent.mkdir()
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(ReportError, match="key of the pseudonyms is damaged") as caught:
        pseudonyms.key_of(mine)
    assert "\n" not in str(caught.value)
    assert path.read_bytes() == content


@pytest.mark.parametrize("bits", [0o644, 0o640, 0o604, 0o620])
def test_a_key_that_others_can_read_is_an_error(home: Path, bits: int) -> None:
    mine = one(home)
    pseudonyms.key_of(mine)
    pseudonyms.path_of(mine).chmod(bits)
    with pytest.raises(ReportError, match=r"can be read by other users.*chmod 600"):
        pseudonyms.key_of(mine)


def test_a_missing_or_another_key_is_an_error_and_never_a_new_one(home: Path) -> None:
    mine = one(home)
    key = pseudonyms.key_of(mine)
    expected = pseudonyms.fingerprint(key)
    assert pseudonyms.key_of(mine, expected=expected) == key
    path = pseudonyms.path_of(mine)
    path.write_text("00" * 32 + "\n")
    with pytest.raises(ReportError, match=r"is another one.*kit forget"):
        pseudonyms.key_of(mine, expected=expected)
    path.unlink()
    with pytest.raises(ReportError, match=r"is gone.*kit forget"):
        pseudonyms.key_of(mine, expected=expected)
    assert not path.exists()


def test_a_fingerprint_tells_keys_apart_and_nothing_else() -> None:
    mark = pseudonyms.fingerprint(KEY)
    assert re.fullmatch("[0-9a-f]{16}", mark)
    assert mark != pseudonyms.fingerprint(bytes(32))
    assert mark not in (KEY.hex()[:16], hashlib.sha256(KEY).hexdigest()[:16])


def test_a_key_that_cannot_be_kept_is_an_error_of_its_own(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = one(home)
    (home / "file").write_text("")
    monkeypatch.setenv("DAYLIGHT_KEYS", str(home / "file" / "keys"))
    with pytest.raises(OutputError, match=r"cannot keep the key.*DAYLIGHT_KEYS") as caught:
        pseudonyms.key_of(mine)
    assert caught.value.exit_code == 5


def test_a_synthetic_report_may_bring_its_key(home: Path) -> None:
    mine = one(home, synthetic=True, title="Invented")
    same_names(mine.folder)
    assert pseudonyms.key_of(mine) == bytes.fromhex("5a" * 32)
    assert not (home / "keys").exists()


def test_no_key_follows_from_a_title(home: Path) -> None:
    mine = one(home, synthetic=True, title="Invented")
    (mine.folder / pseudonyms.BESIDE).unlink()
    other = one(home, "two", synthetic=True, title="Invented")
    (other.folder / pseudonyms.BESIDE).unlink()
    keys = {pseudonyms.key_of(mine), pseudonyms.key_of(other)}
    assert len(keys) == 2
    assert hashlib.sha256(b"synthetic\0Invented").digest() not in keys


def test_a_key_that_came_along_with_a_copied_report_is_refused(home: Path) -> None:
    """Whoever copies the sample for real data must not take over a key that everybody has."""
    sample = (ROOT / "reports/sample" / pseudonyms.BESIDE).read_text()
    for synthetic, words in ((True, "is that of 'sample'"), (False, "for synthetic data only")):
        mine = one(home, synthetic=synthetic)
        (mine.folder / pseudonyms.BESIDE).write_text(sample)
        with pytest.raises(ReportError, match=words) as caught:
            cases.open("one")
        assert "\n" not in str(caught.value)
        assert "Remove" in str(caught.value)


@pytest.mark.parametrize("text", ["", "one", "one 5a", "one " + "zz" * 32, "one two three", "\xff"])
def test_a_damaged_key_beside_a_report_is_refused(home: Path, text: str) -> None:
    mine = one(home, synthetic=True)
    (mine.folder / pseudonyms.BESIDE).write_bytes(text.encode("latin-1"))
    with pytest.raises(ReportError, match="damaged"):
        pseudonyms.key_of(mine)


def test_another_key_beside_a_report_makes_the_case_again(home: Path) -> None:
    report(home, "again", posts={"studied": [post(1, "a", "2024-03-01")]}, synthetic=True)
    before = cases.open("again").sql("SELECT pseudonym FROM accounts")["pseudonym"].tolist()
    (home / "reports/again" / pseudonyms.BESIDE).write_text("again " + "6b" * 32)
    assert cases.open("again").sql("SELECT pseudonym FROM accounts")["pseudonym"].tolist() != before


def test_a_new_report_is_not_offered_as_synthetic() -> None:
    """The model that people copy would take `synthetic: true` along."""
    lines = (ROOT / "reports/sample/report.yml").read_text("utf-8").splitlines()
    assert "model" not in " ".join(line for line in lines if line.startswith("#"))
    (line,) = [line for line in lines if line.startswith("synthetic:")]
    assert "leave this line out of a report of your own" in line
    assert "synthetic" not in TEMPLATE


def test_a_key_is_forgotten_once(home: Path) -> None:
    mine = one(home)
    key = pseudonyms.key_of(mine)
    assert pseudonyms.forget(mine) is True
    assert not pseudonyms.path_of(mine).exists()
    assert pseudonyms.forget(mine) is False
    assert pseudonyms.key_of(mine) != key
