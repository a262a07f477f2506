"""Pseudonyms: the secret key of a case and the names it gives to accounts.

A pseudonym is HMAC-SHA-256 of (edition, report, platform, account id) under a 256-bit key that
belongs to one report and lives outside the project and its output. Without the
key nobody can test whether a known handle is behind a pseudonym; with another
key, report, edition or platform the same account gets another name, so none of them can be joined.

A report marked `synthetic: true` protects nobody. Where its pseudonyms shall be the same everywhere, as the
sample's, its folder holds a key, `pseudonyms.key`, that names the report: a copy of it under another name is
refused, so that no real account ever stands behind a key that others have.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from pathlib import Path

from kit.errors import OutputError, ReportError
from kit.report import Report

BESIDE = "pseudonyms.key"  # in the folder of a synthetic report
LENGTH = 12  # base32 characters: 60 bits, collisions below 1e-6 for a million accounts


def folder() -> Path:
    """Where keys are kept: $DAYLIGHT_KEYS, else the user's configuration folder."""
    default = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "daylight" / "keys"
    return Path(os.environ.get("DAYLIGHT_KEYS") or default)


def path_of(report: Report) -> Path:
    """File of a report's key; the folder's path keeps two reports of one name apart."""
    place = hashlib.sha256(str(report.folder).encode()).hexdigest()[:8]
    return folder() / f"{report.name}-{place}.key"


def fingerprint(key: bytes) -> str:
    """What a manifest may say about a key: enough to notice another one, nothing to find it."""
    return hmac.new(key, b"daylight fingerprint", hashlib.sha256).hexdigest()[:16]


def key_of(report: Report, *, expected: str | None = None) -> bytes:
    """The secret key of `report`, made on first use.

    `expected` is the fingerprint of the key a case was built with, empty where that is not known any more: a key
    that is missing or another one is an error, never a silent change of all pseudonyms.
    """
    if (beside := report.folder / BESIDE).exists():
        return _beside(report, beside)
    path = path_of(report)
    hint = "Put the key back, or run `kit forget` and build the case again (all pseudonyms change)."
    if path.exists():
        try:
            key = bytes.fromhex(path.read_bytes().decode("ascii").strip())
        except ValueError:
            key = b""
        except OSError as error:
            what = f"the key of the pseudonyms cannot be read ({error.strerror})"
            raise ReportError(what, where=str(path), hint=hint) from None
        if len(key) != 32:
            raise ReportError("the key of the pseudonyms is damaged", where=str(path), hint=hint)
        if path.stat().st_mode & 0o077:
            fix = f"Run: chmod 600 '{path}'"
            raise ReportError(
                "the key of the pseudonyms can be read by other users", where=str(path), hint=fix
            )
    elif expected is not None:
        raise ReportError("the key of the pseudonyms is gone", where=str(path), hint=hint)
    else:
        key = secrets.token_bytes(32)
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            hint = "Set DAYLIGHT_KEYS to a folder you can write to."
            raise OutputError(f"cannot keep the key ({error.strerror})", where=str(path), hint=hint) from None
        with os.fdopen(handle, "w") as file:
            file.write(key.hex() + "\n")
    if expected and fingerprint(key) != expected:
        raise ReportError("the key of the pseudonyms is another one than the case was built with", hint=hint)
    return key


def _beside(report: Report, path: Path) -> bytes:
    """The key that lies in the folder of a synthetic report, which it names."""
    hint = f"Remove {path}: a key of its own is made."
    if not report.synthetic:
        what = "a key of pseudonyms in a report's folder is for synthetic data only"
        raise ReportError(what, where=report.name, hint=hint)
    try:
        name, text = path.read_text(encoding="utf-8").split()
        key = bytes.fromhex(text)
    except (OSError, ValueError):
        name, key = "", b""
    if len(key) != 32:
        raise ReportError("the key of the pseudonyms is damaged", where=str(path), hint=hint)
    if name != report.name:
        what = f"the key of the pseudonyms is that of '{name}'"
        raise ReportError(what, where=report.name, hint=hint)
    return key


def pseudonym(key: bytes, edition: str, report: str, platform: str, account_id: str) -> str:
    """The name of an account in an edition of a case: 12 characters, the same all through it."""
    return _named(key, "account", edition, report, platform, account_id)


def shuffled(key: bytes, *words: str) -> str:
    """What things can be put in order by so that their order says nothing without the key."""
    return _named(key, "order", *words)


def _named(key: bytes, *words: str) -> str:
    message = "\0".join(words).encode("utf-8", "surrogatepass")
    return base64.b32encode(hmac.digest(key, message, "sha256"))[:LENGTH].decode().lower()


def forget(report: Report) -> bool:
    """Delete the key of `report`; True if there was one."""
    path = path_of(report)
    existed = path.exists()
    path.unlink(missing_ok=True)
    return existed
