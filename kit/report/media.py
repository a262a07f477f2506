"""The media a report's researcher holds: folders of files, what two people said about them.

Nothing is opened here but the lists; the files themselves are looked at by `kit.media`.
"""

from __future__ import annotations

import functools
import os
import re
import stat
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit.errors import ReportError, nearest, printable
from kit.report import checks

MEDIA_KEYS: dict[str, Any] = {"media": list, "media_labels": str, "media_review": str, "c2pa_trust": str}
FOLDER_KEYS = {"path": str, "index": str}
INDEX_COLUMNS = ("file", "media", "post", "platform")
LABELS = ("none", "suspected", "confirmed")
LABEL_COLUMNS = ("item", "label", "reviewer_1", "reviewer_2", "date", "source")
VERDICTS = ("same", "different")
REVIEW_COLUMNS = ("a", "b", "reviewer_1", "verdict_1", "reviewer_2", "verdict_2")
_LARGEST_TRUST = 4 << 20  # bytes of a list of certificates
_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----")

#: path, name inside its folder, bytes, time of change, and what the index says of it: (media, post, platform)
File = tuple[str, str, int, int, tuple[tuple[str, str, str], ...]]


@dataclass(frozen=True)
class Media:
    """What a report says about media; empty where it says nothing."""

    folders: tuple[Path, ...] = ()
    #: rows of the index of each folder
    indexes: tuple[tuple[dict[str, str], ...], ...] = ()
    #: item (file name, SHA-256, media id or address), label, day
    labels: tuple[tuple[str, str, str], ...] = ()
    #: two items, and what both reviewers say: same, different or split
    reviews: tuple[tuple[str, str, str], ...] = ()
    #: certificates (PEM) of issuers of content credentials to rely on
    trust: str | None = None
    #: files of the report that were read for this
    files: tuple[Path, ...] = ()

    def said(self) -> list[Any]:
        """What the report says about media, wherever its folders lie on this machine."""
        return [[file[1:] for file in self.listing], self.labels, self.reviews, self.trust]

    @functools.cached_property
    def listing(self) -> tuple[File, ...]:
        """Every file of the folders as the report was read, in the order of names; folders inside too."""
        found: list[File] = []
        for folder, index in zip(self.folders, self.indexes, strict=True):
            said: dict[str, list[tuple[str, str, str]]] = {}
            for row in index:
                known = (row.get("media", ""), row.get("post", ""), row.get("platform", ""))
                said.setdefault(row["file"], []).append(known)
            for root, folders, names in os.walk(folder):
                folders.sort()
                for name in sorted(names):
                    path = os.path.join(root, name)
                    inside = os.path.relpath(path, folder)
                    try:
                        about = os.lstat(path)
                    except OSError:
                        continue  # gone since the folder was read
                    if stat.S_ISREG(about.st_mode) or stat.S_ISLNK(about.st_mode):
                        known_ = tuple(said.get(inside, said.get(name, [])))
                        found.append((path, inside, about.st_size, about.st_mtime_ns, known_))
        return tuple(found)


def read_media(content: dict[str, Any], place: Callable[[str], Path], where: str) -> Media:
    """The media of a report file, checked; `place` finds a path that the report names."""
    folders, indexes, files = [], [], []
    for number, entry in enumerate(content.get("media") or [], 1):
        here = f"{where}, media {number}"
        if not isinstance(entry, dict):
            hint = "Write `media: [{path: pictures/}]`."
            raise ReportError(
                "a folder of media is a mapping with 'path'", where=here, found=entry, hint=hint
            )
        checks.check_keys(entry, FOLDER_KEYS, here)
        if not entry.get("path"):
            raise ReportError("key 'path' is missing", where=here, hint="Name the folder of the files.")
        path = place(entry["path"])
        if not path.is_dir():
            what = f"'{printable(entry['path'])}' is no folder"
            raise ReportError(what, where=here, hint="Check its name.")
        rows: tuple[dict[str, str], ...] = ()
        if entry.get("index"):
            files.append(place(entry["index"]))
            rows = checks.read_list(files[-1], entry["index"], ("file",), INDEX_COLUMNS, here)
            for row in rows:
                if not row.get("media") and not row.get("post"):
                    at = f"{files[-1]}, line {row['line']}"
                    hint = "Give the media id or address, or the post id."
                    raise ReportError("the file belongs to nothing", where=at, found=row["file"], hint=hint)
        folders.append(path)
        indexes.append(rows)
    labels, reviews = _labels(content, place, where), _reviews(content, place, where)
    lists = ("media_labels", "media_review", "c2pa_trust")
    files += [place(content[key]) for key in lists if content.get(key)]
    return Media(tuple(folders), tuple(indexes), labels, reviews, _trust(content, place, where), tuple(files))


def _trust(content: dict[str, Any], place: Callable[[str], Path], where: str) -> str | None:
    """The certificates of a local file, each read once by OpenSSL: one that cannot be would be ignored later."""
    if not content.get("c2pa_trust"):
        return None
    path, here = place(content["c2pa_trust"]), f"{where}, c2pa_trust"
    name = printable(content["c2pa_trust"])
    if not path.is_file():
        what = f"'{name}' is no file" if path.exists() else f"'{name}' does not exist"
        raise ReportError(what, where=here, hint="Check its name.")
    import ssl

    hint = "Give a file of certificates in PEM: -----BEGIN CERTIFICATE----- and so on."
    try:
        # certificates are ASCII; notes between them need not be
        text = path.read_bytes()[:_LARGEST_TRUST].decode("latin-1")
    except OSError as error:
        what = f"cannot read '{name}' ({error.strerror or error})"
        raise ReportError(what, where=here, hint="Check its rights.") from None
    if "PRIVATE KEY-----" in text:
        raise ReportError("the file holds a private key", where=here, hint="Keep the certificates only.")
    found = _CERTIFICATE.findall(text)
    if not found or len(found) != text.count("-----BEGIN "):
        raise ReportError(f"'{name}' is no list of certificates", where=here, hint=hint)
    for number, one in enumerate(found, 1):
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=one)
        except (ssl.SSLError, ValueError):
            what = f"certificate {number} of '{name}' cannot be read"
            raise ReportError(what, where=here, hint=hint) from None
    return "\n".join(found) + "\n"


def _labels(
    content: dict[str, Any], place: Callable[[str], Path], where: str
) -> tuple[tuple[str, str, str], ...]:
    """Labels that two different reviewers gave on a known day from a named source."""
    found: dict[str, tuple[str, str]] = {}
    path = place(content.get("media_labels") or "")
    for row in _rows(content, "media_labels", LABEL_COLUMNS, place, where):
        at = f"{path}, line {row['line']}"
        _filled(row, LABEL_COLUMNS, at)
        if row["label"] not in LABELS:
            raise ReportError(
                "unknown label", where=at, found=row["label"], hint=nearest(row["label"], LABELS)
            )
        _two(row, at)
        day = str(checks.day(row["date"], at, "date"))
        if found.setdefault(row["item"], (row["label"], day))[0] != row["label"]:
            hint = "Keep the one both agree on."
            raise ReportError("the item has two labels", where=at, found=row["item"], hint=hint)
    return tuple((item, label, day) for item, (label, day) in found.items())


def _reviews(
    content: dict[str, Any], place: Callable[[str], Path], where: str
) -> tuple[tuple[str, str, str], ...]:
    """Pairs that two different reviewers looked at."""
    found: dict[tuple[str, str], str] = {}
    path = place(content.get("media_review") or "")
    for row in _rows(content, "media_review", REVIEW_COLUMNS, place, where):
        at = f"{path}, line {row['line']}"
        _filled(row, REVIEW_COLUMNS, at)
        for column in ("verdict_1", "verdict_2"):
            if row[column] not in VERDICTS:
                hint = nearest(row[column], VERDICTS)
                raise ReportError(f"unknown {column}", where=at, found=row[column], hint=hint)
        _two(row, at)
        agreed = row["verdict_1"] if row["verdict_1"] == row["verdict_2"] else "split"
        a, b = sorted((row["a"], row["b"]))
        if found.setdefault((a, b), agreed) != agreed:
            raise ReportError("the pair was judged twice", where=at, hint="Keep one row.")
    return tuple((a, b, verdict) for (a, b), verdict in found.items())


def _rows(
    content: dict[str, Any], key: str, columns: Iterable[str], place: Callable[[str], Path], where: str
) -> tuple[dict[str, str], ...]:
    if not content.get(key):
        return ()
    return checks.read_list(place(content[key]), content[key], columns, columns, f"{where}, {key}")


def _filled(row: dict[str, str], columns: Iterable[str], at: str) -> None:
    for column in columns:
        if not row[column]:
            raise ReportError(f"field '{column}' is empty", where=at, hint="Every row must give it.")


def _two(row: dict[str, str], at: str) -> None:
    """Refuse what one person said twice."""
    if row["reviewer_1"].casefold() == row["reviewer_2"].casefold():
        hint = "It counts only when two different people looked."
        raise ReportError("both reviewers are the same", where=at, found=row["reviewer_1"], hint=hint)
