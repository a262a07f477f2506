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
from worlds import desk, report

from kit import report as reports
from kit.case import pseudonyms
from kit.errors import OutputError, ReportError

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


def test_a_pseudonym_is_a_keyed_hash_of_platform_and_identifier() -> None:
    digest = hmac.new(KEY, b"account\0x\x001234567890123456789", hashlib.sha256).digest()
    expected = base64.b32encode(digest).decode().lower()[:12]
    assert pseudonyms.pseudonym(KEY, "x", "1234567890123456789") == expected


def test_a_pseudonym_depends_on_key_platform_and_every_digit() -> None:
    base = ("x", "1234567890123456789")
    others = [
        pseudonyms.pseudonym(KEY, "facebook", base[1]),
        pseudonyms.pseudonym(KEY, "x", "1234567890123456788"),
        pseudonyms.pseudonym(bytes(32), *base),
        pseudonyms.pseudonym(KEY, "x", ""),
        pseudonyms.pseudonym(KEY, "x\0123", "4567890123456789"),
    ]
    assert len({pseudonyms.pseudonym(KEY, *base), *others}) == len(others) + 1


@given(st.text(alphabet=st.characters(codec=None), max_size=40))  # lone surrogates too
def test_any_identifier_has_a_pseudonym_that_shows_nothing_of_it(identifier: str) -> None:
    name = pseudonyms.pseudonym(KEY, "x", identifier)
    assert re.fullmatch("[a-z2-7]{12}", name)
    assert name == pseudonyms.pseudonym(KEY, "x", identifier)


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


def test_a_synthetic_report_needs_no_key_file(home: Path) -> None:
    mine = one(home, synthetic=True, title="Invented")
    key = pseudonyms.key_of(mine)
    assert not (home / "keys").exists()
    assert key == pseudonyms.key_of(one(home, "two", synthetic=True, title="Invented"))
    assert key != pseudonyms.key_of(one(home, "two", synthetic=True, title="Another"))
    assert key != pseudonyms.key_of(one(home, "two", title="Invented"))


def test_a_key_is_forgotten_once(home: Path) -> None:
    mine = one(home)
    key = pseudonyms.key_of(mine)
    assert pseudonyms.forget(mine) is True
    assert not pseudonyms.path_of(mine).exists()
    assert pseudonyms.forget(mine) is False
    assert pseudonyms.key_of(mine) != key
