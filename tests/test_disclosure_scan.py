"""Every way in which a private value may hide in a file, planted and found; and what must not stop a release.

The writers of the plants share nothing with the reader: they encode by hand, by other libraries, or by
the definition of the code.
"""

from __future__ import annotations

import bz2
import codecs
import gzip
import hashlib
import io
import json
import lzma
import quopri
import random
import string
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import matplotlib
import nbformat
import openpyxl
import pytest
from matplotlib.figure import Figure
from PIL import Image, PngImagePlugin

from kit.disclosure.readings import folded
from kit.disclosure.scan import (
    ADDRESS,
    FILE,
    HANDLE,
    HIDDEN,
    ID,
    NAME,
    PERSON,
    PLACE,
    TEXT,
    Hit,
    Kind,
    Outcome,
    Public,
    Values,
    scan,
)

HANDLE_, IDENT, FULL = "zq_Hidden.handle", "770010000451", "Zoë Quillfeather-Tarn"
BIO = 'I keep <three> goats & a "boat" on the far side of the lake, and I write about them. It’s a quiet life there.'
HAN = "我在湖的另一边养了三只山羊，每天早上都会写一点东西，生活很安静"
VALUES = [
    Values("accounts.handle", HANDLE, [HANDLE_, "@zqsecond", "zqthird@hidden.example"]),
    Values("accounts.account_id", ID, [IDENT, "UCzqChannelIdentifier01", "4321"]),
    Values("accounts.display_name", NAME, [FULL, "🌸 Zqname Blossom 🌸", "Qx", "王小明"]),
    Values("accounts.bio", TEXT, [BIO, HAN]),
    Values("accounts.location", PLACE, ["Zqville-sur-Mer"]),
    Values("accounts.profile_url", ADDRESS, ["https://www.zqhome.example/~zoe?ref=1"]),
    Values("links.url", ADDRESS, ["https://zqlinks.example/2023/08/the-story/"]),
    Values("inputs.file", FILE, ["zq export of Mrs Q.xlsx/Zqsheet"]),
    Values("labels.reason", TEXT, ["named by the zq office in a letter of May"]),
    Values("labels.coder", PERSON, ["Zq Coderson", "ZK"]),
    Values("roster.name", HIDDEN, ["Zq Hiddenmember"]),
]


# --- writers of encodings, by their definitions

ALPHABET = string.ascii_uppercase + string.ascii_lowercase + string.digits + "+/"


def sixtyfour(data: bytes, *, signs: str = ALPHABET, pad: bool = True) -> str:
    """Base64 by RFC 4648, bit by bit."""
    bits = "".join(f"{byte:08b}" for byte in data)
    bits += "0" * (-len(bits) % 6)
    text = "".join(signs[int(bits[i : i + 6], 2)] for i in range(0, len(bits), 6))
    return text + "=" * (-len(text) % 4 if pad else 0)


def safe64(data: bytes) -> str:
    return sixtyfour(data, signs=ALPHABET[:-2] + "-_", pad=False)


def percent(text: str, *, all_: bool = False) -> str:
    plain = set((string.ascii_letters + string.digits).encode()) if not all_ else set()
    return "".join(chr(b) if b in plain else f"%{b:02X}" for b in text.encode("utf-8"))


def decimal(text: str) -> str:
    return "".join(f"&#{ord(c)};" for c in text)


def hexadecimal(text: str) -> str:
    return "".join(f"&#x{ord(c):X};" for c in text)


def javascript(text: str) -> str:
    units = text.encode("utf-16-be")
    return "".join("\\u" + units[i : i + 2].hex() for i in range(0, len(units), 2))


def css(text: str) -> str:
    return "".join(f"\\{ord(c):06x}" for c in text)


def wide(text: str) -> str:
    """ASCII in full width."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def spread(text: str, sign: str) -> str:
    return sign.join(text)


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(*chunks: bytes, after: bytes = b"") -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(b"\0\0"))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + pixels + chunk(b"IEND", b"") + after


def pillow(text: str, *, packed: bool, international: bool = False) -> bytes:
    info = PngImagePlugin.PngInfo()
    if international:
        info.add_itxt("Description", text, zip=packed)
    else:
        info.add_text("Comment", text, zip=packed)
    out = io.BytesIO()
    Image.new("L", (4, 4)).save(out, "PNG", pnginfo=info)
    return out.getvalue()


def exif(text: str, kind: str) -> bytes:
    tags = Image.Exif()
    tags[0x010E] = text  # ImageDescription
    tags[0x9C9B] = text.encode("utf-16-le") + b"\0\0"  # XPTitle
    out = io.BytesIO()
    Image.new("L", (4, 4)).save(out, kind, exif=tags)
    return out.getvalue()


def pdf(text: str, *, fonttype: int) -> bytes:
    with matplotlib.rc_context({"pdf.fonttype": fonttype, "pdf.compression": 6}):
        figure = Figure(figsize=(6, 2))
        figure.text(0.1, 0.5, text)
        out = io.BytesIO()
        figure.savefig(out, format="pdf", metadata={"CreationDate": None})
    return out.getvalue()


def pdf_by_hand(text: str, how: str) -> bytes:
    if how == "octal":
        said = b"(" + b"".join(b"\\%03o" % b for b in text.encode("latin-1")) + b") Tj"
    elif how == "kerned":
        said = b"[" + b" -20 ".join(b"(%b)" % c.encode("latin-1") for c in text) + b"] TJ"
    elif how == "wide":
        said = b"<FEFF" + text.encode("utf-16-be").hex().encode() + b"> Tj"
    else:
        said = b"<" + text.encode("latin-1").hex().encode() + b"> Tj"
    return (
        b"%PDF-1.7\n1 0 obj\n<<>>\nstream\n" + zlib.compress(b"BT " + said + b" ET") + b"\nendstream endobj"
    )


def svg(text: str) -> bytes:
    with matplotlib.rc_context({"svg.fonttype": "none"}):
        figure = Figure()
        figure.text(0.1, 0.5, text)
        out = io.StringIO()
        figure.savefig(out, format="svg")
    return out.getvalue().encode()


def xlsx(text: str, *, sheet: str = "Sheet") -> bytes:
    book = openpyxl.Workbook()
    book.active.title = sheet
    book.active["B7"] = text
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def zipped(name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return out.getvalue()


def tarred(name: str, data: bytes, mode: str = "w") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:  # type: ignore[call-overload]
        item = tarfile.TarInfo(name)
        item.size = len(data)
        archive.addfile(item, io.BytesIO(data))
    return out.getvalue()


def notebook(text: str, *, output: bool) -> bytes:
    cell = nbformat.v4.new_code_cell("1 + 1" if output else f"# {text}")
    if output:
        cell["outputs"] = [nbformat.v4.new_output("stream", text=f"{text}\n")]
    return nbformat.writes(nbformat.v4.new_notebook(cells=[cell])).encode()


def picture_in_notebook(data: bytes) -> bytes:
    lines = [sixtyfour(data)[i : i + 76] for i in range(0, len(sixtyfour(data)), 76)]
    return json.dumps({"image/png": "\n".join(lines) + "\n"}).encode()


def digest(name: str, text: str) -> bytes:
    return hashlib.new(name, text.encode()).digest()


WAYS: dict[str, Callable[[str], tuple[str, bytes]]] = {
    "plain.html": lambda v: ("p.html", f"<p>by {v}, today</p>".encode()),
    "plain.csv": lambda v: ("p.csv", f'"a","b"\n3,"{v}"\n'.encode()),
    "plain.json": lambda v: ("p.json", json.dumps({"x": v}, ensure_ascii=False).encode()),
    "escaped.json": lambda v: ("p.json", json.dumps({"x": v}).encode()),
    "key.json": lambda v: ("p.json", json.dumps({v: 1}).encode()),
    "javascript": lambda v: ("p.html", f"<script>var a='{javascript(v)}'</script>".encode()),
    "css": lambda v: ("p.html", f'<style>a{{content:"{css(v)}"}}</style>'.encode()),
    "upper": lambda v: ("p.html", v.upper().encode()),
    "lower": lambda v: ("p.txt", v.lower().encode()),
    "full width": lambda v: ("p.txt", wide(v).encode()),
    "zero width": lambda v: ("p.html", spread(v, "\u200b").encode()),
    "soft hyphens": lambda v: ("p.html", spread(v, "\u00ad").encode()),
    "entities between": lambda v: ("p.html", spread(v, "&shy;").encode()),
    "decomposed": lambda v: ("p.json", __import__("unicodedata").normalize("NFD", v).encode()),
    "no-break spaces": lambda v: ("p.txt", v.replace(" ", "\u00a0").encode()),
    "two lines": lambda v: ("p.html", v.replace(" ", "\n   ").encode()),
    "decimal entities": lambda v: ("p.html", decimal(v).encode()),
    "hex entities": lambda v: ("p.html", hexadecimal(v).encode()),
    "attribute": lambda v: ("p.svg", f'<svg><image alt="{v}"/></svg>'.encode()),
    "comment": lambda v: ("p.html", f"<!-- {v} -->".encode()),
    "tags between": lambda v: ("p.html", f"<p>{v[:3]}<b>{v[3:]}</b></p>".encode()),
    "percent": lambda v: ("p.html", f'<a href="https://x.example/?u={percent(v)}">'.encode()),
    "percent, every sign": lambda v: ("p.txt", percent(v, all_=True).encode()),
    "percent twice": lambda v: ("p.txt", percent(percent(v)).encode()),
    "percent in entities": lambda v: ("p.html", decimal(percent(v)).encode()),
    "entities in json": lambda v: ("p.json", json.dumps(decimal(v)).encode()),
    "base64": lambda v: ("p.json", sixtyfour(v.encode()).encode()),
    "base64, one sign before": lambda v: ("p.txt", sixtyfour(b" " + v.encode()).encode()),
    "base64, two signs before": lambda v: ("p.txt", sixtyfour(b"u=" + v.encode() + b";").encode()),
    "base64 behind a word": lambda v: ("p.txt", b"ab" + sixtyfour(v.encode()).encode()),
    "base64 in a path": lambda v: ("p.html", f"https://x.example/a-b_c/{safe64(v.encode())}".encode()),
    "base64, url-safe": lambda v: ("p.txt", safe64(v.encode()).encode()),
    "base64 twice": lambda v: ("p.txt", sixtyfour(sixtyfour(v.encode()).encode()).encode()),
    "base64 of UTF-16": lambda v: ("p.txt", sixtyfour(v.encode("utf-16-le")).encode()),
    "base64 of percent": lambda v: ("p.txt", sixtyfour(percent(v).encode()).encode()),
    "percent of base64": lambda v: ("p.txt", percent(sixtyfour(v.encode() + b"?>")).encode()),
    "base64 in lines": lambda v: ("p.txt", codecs.encode(b"x" * 90 + b" " + v.encode() + b" " + b"y" * 90, "base64")),
    "hex digits": lambda v: ("p.txt", v.encode().hex().encode()),
    "hex digits apart": lambda v: ("p.txt", v.encode().hex(" ").encode()),
    "quoted-printable": lambda v: ("p.txt", quopri.encodestring(v.encode())),
    "UTF-16": lambda v: ("p.txt", v.encode("utf-16")),
    "UTF-16 without mark": lambda v: ("p.txt", ("a " + v).encode("utf-16-be")),
    "UTF-32": lambda v: ("p.txt", v.encode("utf-32")),
    "file name": lambda v: (f"{v.replace('/', '')}.csv", b"nothing"),
    "file name with _": lambda v: (f"{v.replace(' ', '_')}.csv", b"nothing"),
    "folder name": lambda v: (f"{v.replace('/', '')}/a.csv", b"nothing"),
    "tEXt": lambda v: ("p.png", png(chunk(b"tEXt", b"Comment\0" + v.encode()))),
    "zTXt": lambda v: ("p.png", png(chunk(b"zTXt", b"Comment\0\0" + zlib.compress(v.encode())))),
    "iTXt by Pillow": lambda v: ("p.png", pillow(v, packed=False, international=True)),
    "packed iTXt by Pillow": lambda v: ("p.png", pillow(v, packed=True, international=True)),
    "unknown chunk": lambda v: ("p.png", png(chunk(b"zqQq", v.encode()))),
    "behind the picture": lambda v: ("p.png", png(after=v.encode())),
    "EXIF in PNG": lambda v: ("p.png", exif(v, "PNG")),
    "EXIF in JPEG": lambda v: ("p.jpg", exif(v, "JPEG")),
    "data address": lambda v: (
        "p.html",
        f'<img src="data:image/png;base64,{sixtyfour(png(chunk(b"tEXt", b"C" + bytes(1) + v.encode()), after=bytes(400)))}">'.encode(),
    ),
    "picture in a notebook": lambda v: (
        "p.ipynb",
        picture_in_notebook(png(chunk(b"tEXt", b"C\0" + v.encode()), after=bytes(400))),
    ),
    "notebook source": lambda v: ("p.ipynb", notebook(v, output=False)),
    "notebook output": lambda v: ("p.ipynb", notebook(v, output=True)),
    "svg text": lambda v: ("p.svg", svg(v)),
    "pdf, type 3": lambda v: ("p.pdf", pdf(v, fonttype=3)),
    "pdf, octal": lambda v: ("p.pdf", pdf_by_hand(v, "octal")),
    "pdf, kerned": lambda v: ("p.pdf", pdf_by_hand(v, "kerned")),
    "pdf, hex": lambda v: ("p.pdf", pdf_by_hand(v, "hex")),
    "pdf, wide": lambda v: ("p.pdf", pdf_by_hand(v, "wide")),
    "xlsx": lambda v: ("p.xlsx", xlsx(v)),
    "sheet name": lambda v: ("p.xlsx", xlsx("x", sheet=v)),
    "zip": lambda v: ("p.zip", zipped("a/b.csv", v.encode())),
    "zip in zip": lambda v: ("p.zip", zipped("b.zip", zipped("c.docx", zipped("word.xml", v.encode())))),
    "zip without its ending": lambda v: ("p.bin", zipped("a.txt", v.encode())),
    "member name": lambda v: ("p.zip", zipped(f"{v}.csv", b"nothing")),
    "gzip": lambda v: ("p.csv.gz", gzip.compress(v.encode())),
    "bzip2": lambda v: ("p.bz2", bz2.compress(v.encode())),
    "xz": lambda v: ("p.xz", lzma.compress(v.encode())),
    "tar": lambda v: ("p.tar", tarred("a.txt", v.encode())),
    "tar.gz": lambda v: ("p.tgz", tarred("a.txt", v.encode(), "w:gz")),
    "name in tar": lambda v: ("p.tar", tarred(f"{v}.txt", b"nothing")),
}  # fmt: skip
LATIN = {"pdf, octal", "pdf, kerned", "pdf, hex"}


def found_in(
    folder: Path, name: str, data: bytes, values: list[Values] = VALUES, **public: object
) -> Outcome:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return scan(folder, values, Public(**public))  # type: ignore[arg-type]


def columns(outcome: Outcome) -> set[str]:
    return {hit.column for hit in outcome.hits}


@pytest.mark.parametrize("value, column", [(HANDLE_, "accounts.handle"), (IDENT, "accounts.account_id"), (FULL, "accounts.display_name")])  # fmt: skip
@pytest.mark.parametrize("way", WAYS)
def test_a_planted_value_is_found(tmp_path: Path, way: str, value: str, column: str) -> None:
    name, data = WAYS[way](value)
    outcome = found_in(tmp_path, name, data)
    assert column in columns(outcome), outcome
    assert all(value.lower() not in str(hit).lower() for hit in outcome.hits)


@pytest.mark.parametrize("spelled", ["{}", "@{}"])
@pytest.mark.parametrize("value, column", [(HANDLE_, "accounts.handle"), (IDENT, "accounts.account_id")])
@pytest.mark.parametrize("algorithm", ["md5", "sha1", "sha256"])
def test_plain_hashes_are_found(
    tmp_path: Path, algorithm: str, value: str, column: str, spelled: str
) -> None:
    for number, text in enumerate({value, value.lower()}):
        raw = digest(algorithm, spelled.format(text))
        for way, said in enumerate(
            (
                raw.hex(),
                raw.hex().upper(),
                raw.hex()[:16],
                f"sha:{raw.hex()}",
                f"x_{raw.hex()}",
                sixtyfour(raw),
                safe64(raw),
                f"u/{safe64(raw)}",
                javascript(raw.hex()),
            )
        ):
            outcome = found_in(tmp_path / f"{number}-{way}", "x.json", json.dumps({"k": said}).encode())
            assert column in columns(outcome), (text, said)
            assert any(algorithm in hit.form for hit in outcome.hits)
    other = digest(algorithm, "somebody else").hex()
    assert not found_in(tmp_path / "other", "x.json", other.encode()).hits


@pytest.mark.parametrize(
    "text, column",
    [
        ("see zqsecond.", "accounts.handle"),
        ("see acct:ZQThird", "accounts.handle"),
        ("id UCZQCHANNELIDENTIFIER01", "accounts.account_id"),
        ("acct_770010000451", "accounts.account_id"),
        ("id770010000451x", "accounts.account_id"),
        ("Zqname Blossom", "accounts.display_name"),
        ("in Zqville-sur-Mer", "accounts.location"),
        ("http://zqhome.example/~zoe?ref=1", "accounts.profile_url"),
        ("hxxps://www[.]zqhome[.]example/~zoe?ref=1", "accounts.profile_url"),
        ("zqlinks.example/2023/08/the-story", "links.url"),
        ("zq export of Mrs Q", "inputs.file"),
        ("from Zqsheet", "inputs.file"),
        ("the zq office in a letter of May", "labels.reason"),
        ("Zq Coderson", "labels.coder"),
        ("Zq Hiddenmember", "roster.name"),
        ("“three> goats & a ‘boat’ on the far side of the lake”", "accounts.bio"),
        ("on the far side of the lake, and I write", "accounts.bio"),
        ("write about them. It's a quiet li", "accounts.bio"),
        ("他说湖的另一边养了三只山羊，真的", "accounts.bio"),
    ],
)  # fmt: skip
def test_parts_and_spellings(tmp_path: Path, text: str, column: str) -> None:
    assert column in columns(found_in(tmp_path, "page.html", f"<p>{text.replace('<', '&lt;')}</p>".encode()))


@pytest.mark.parametrize("seed", range(40))
def test_any_quotation_of_thirty_one_signs_is_found(tmp_path: Path, seed: int) -> None:
    draw = random.Random(seed)
    start = draw.randrange(0, len(BIO) - 31)
    before, after = ("".join(draw.choices("aeiou .,", k=40)) for _ in range(2))
    text = before + BIO[start : start + 31] + after
    assert "accounts.bio" in columns(found_in(tmp_path, "page.txt", text.encode()))


@pytest.mark.parametrize(
    "name, data",
    [
        ("a.csv", b'"name","n"\n"Qx",3\n'),
        ("a.csv", b"name,n\n@qx,3\n"),
        ("a.csv", b'"names"\n"Qx, others"\n'),
        ("a.json", b'{"who": "qx"}'),
        ("a.json", b'{"who": "\\u0051x"}'),
        ("a.json", '{"王小明": 3}'.encode()),
        ("a.csv", "王小明,4\n".encode()),
        ("a.html", b"<table><td>Qx</td></table>"),
        ("a.csv", b'"id"\n"4321"\n'),
        ("a.json", b'["4321"]'),
        ("a.csv", b'"coder"\n"ZK"\n'),
        ("a.xlsx", xlsx("Qx")),
    ],
)
def test_short_values_are_found_as_whole_cells(tmp_path: Path, name: str, data: bytes) -> None:
    outcome = found_in(tmp_path, name, data)
    assert outcome.hits
    assert outcome.hits[0].form == "whole cell"


@pytest.mark.parametrize(
    "name, data",
    [
        ("a.html", b"<p>a qx of words; annotated; 4321 posts</p>"),
        ("a.csv", b"posts\n4321\n"),
        ("a.json", b'{"n": 4321}'),
        ("a.html", b"<p>zqsecondary zqsecond1 handle zq_Hidden</p>"),
        ("a.csv", b"1770010000451,7700100004519,0.770010000451\n"),
        ("a.txt", b"I keep goats on the far side"),
        ("a.json", json.dumps({"sha256": hashlib.sha256(b"x").hexdigest()}).encode()),
        ("a.png", png()),
        ("a.xlsx", xlsx("nothing")),
        ("a.pdf", pdf("nothing here", fonttype=42)),
        ("a.html", b"https://zqlinks.example/other"),
    ],
)
def test_other_words_stop_nothing(tmp_path: Path, name: str, data: bytes) -> None:
    assert found_in(tmp_path, name, data).hits == []


def test_hits_say_where_but_not_what(tmp_path: Path) -> None:
    text = f'"n","who"\n1,"a"\n2,"{FULL}"\n'
    assert found_in(tmp_path, "tables/x.csv", text.encode()).hits == [
        Hit("tables/x.csv, line 3, cell 2", "accounts.display_name", "")
    ]
    hits = found_in(tmp_path / "b", "p.html", f"<p>\n\n{sixtyfour(HANDLE_.encode())}\n".encode()).hits
    assert hits[0].place == "p.html, line 3"
    assert "base64" in hits[0].form
    hits = found_in(tmp_path / "c", "data.zip", zipped(f"{HANDLE_}.csv", f"a\n{FULL}\n".encode())).hits
    assert {hit.place for hit in hits} == {
        "name of data.zip/member.csv",
        "data.zip/member.csv, line 2, cell 1",
    }
    hits = found_in(tmp_path / "d", f"{HANDLE_}/{FULL}.csv", IDENT.encode()).hits
    assert len({hit.column for hit in hits}) == 3
    assert not any(word.lower() in str(hit).lower() for hit in hits for word in (HANDLE_, FULL, IDENT))


@pytest.mark.parametrize(
    "data, why",
    [
        (b"PAR1" + bytes(40), "Parquet"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(40), "7z"),
        (b"PK\x03\x04" + bytes(60), "damaged"),
        (gzip.compress(b"x" * 5000, mtime=0)[:20] + b"!!!!!!", "unpacked"),
        (b"SQLite format 3\0" + bytes(80), "database"),
        (zipped("a", zipped("b", zipped("c", zipped("d", zipped("e", zipped("f", zipped("g", zipped("h", b"x")))))))), "deeply"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_not_released(tmp_path: Path, data: bytes, why: str) -> None:
    hits = found_in(tmp_path, "x.bin", data).hits
    assert any(hit.column == "cannot be read" and why in hit.form for hit in hits), hits


def test_a_link_is_not_released(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text(FULL)
    (tmp_path / "out").mkdir()
    (tmp_path / "out/link.csv").symlink_to(tmp_path / "elsewhere")
    assert columns(scan(tmp_path / "out", VALUES)) == {"not a plain file"}


# --- what excuses a value, and what does not

PAGE = b"<p>zqsecond and Zqville-sur-Mer and Zq Hiddenmember and Zoe Other in the far side of the lake, and I wrote</p>"


def test_public_words_excuse_a_value_and_no_other(tmp_path: Path) -> None:
    told = found_in(tmp_path, "p.html", PAGE, report="Zqsecond lives in Zqville-sur-Mer with Zq Hiddenmember")
    assert columns(told) == {"roster.name", "accounts.bio"}
    assert told.counts["public"] == 2
    told = found_in(tmp_path, "p.html", PAGE, report="@zqsecond lives in Zqville-sur-Mer")
    assert "accounts.handle" in columns(told), "an account that the report names with its sign is no word"
    told = found_in(tmp_path, "p.html", PAGE, prose="zqsecond in Zqville-sur-Mer")
    assert columns(told) == {"roster.name", "accounts.bio", "accounts.handle"}
    told = found_in(tmp_path, "p.html", PAGE, kit="zqsecond: on the far side of the lake, and I wrote")
    assert columns(told) == {"roster.name", "accounts.location"}


def test_a_handle_in_the_report_needs_a_look_where_it_is_no_word(tmp_path: Path) -> None:
    page = f"<p>{HANDLE_} {IDENT}</p>".encode()
    told = found_in(tmp_path, "p.html", page, report=f"about {HANDLE_} and {IDENT}")
    assert columns(told) == {"accounts.handle", "accounts.account_id"}


def test_allowed_words_are_single_words_and_never_an_identifier(tmp_path: Path) -> None:
    told = found_in(
        tmp_path, "p.html", PAGE + IDENT.encode(), allowed=("zqsecond", "Zq", "Hiddenmember", IDENT)
    )
    assert columns(told) == {"roster.name", "accounts.bio", "accounts.location", "accounts.account_id"}
    told = found_in(tmp_path, "p.html", b"Zqname Blossom", allowed=("zqname", "blossom"))
    assert told.hits == []
    assert found_in(tmp_path, "p.html", b"Zqname Blossom", allowed=("zqname",)).hits


def test_a_value_that_an_account_chose_excuses_no_other(tmp_path: Path) -> None:
    """Somebody calls himself like a word of the page, or puts another's name into his own text."""
    hostile = [
        Values(
            "accounts.display_name",
            NAME,
            ["network", "the studied accounts", f"the {HANDLE_}", "\0", "*", ""],
        ),
        Values(
            "accounts.bio", TEXT, [f"the studied accounts {FULL}", "\ud800" + HANDLE_, "x" * 100_000, HANDLE_]
        ),
        Values("posts.text", TEXT, [IDENT, f"{IDENT} {FULL}", "network " * 1000]),
    ]
    page = f"<p>the studied accounts, a network; {HANDLE_}; {IDENT}; {FULL}</p>".encode()
    for values in (hostile + VALUES, VALUES + hostile):
        told = found_in(tmp_path, "p.html", page, values, kit="the studied accounts are a network")
        found = {str(hit) for hit in told.hits}
        for column in ("accounts.handle", "accounts.account_id", "accounts.display_name"):
            assert any(column in hit or "accounts.bio" in hit or "posts.text" in hit for hit in found)
        assert len([w for w in (HANDLE_, IDENT, FULL) if w]) <= len(told.hits)
        assert found_in(tmp_path, "p.html", b"the studied accounts, a network", values, kit="the studied accounts are a network").hits == []  # fmt: skip


def test_a_shown_name_excuses_itself_and_what_stands_in_it_only(tmp_path: Path) -> None:
    values = [
        Values("roster.name", HIDDEN, ["Ann Quill"]),
        Values("accounts.display_name", NAME, ["Ann Quill Brown"]),
    ]
    assert (
        found_in(tmp_path, "p.html", b"<p>Ann Quill Brown spoke</p>", values, names=("Ann Quill Brown",)).hits
        == []
    )
    told = found_in(
        tmp_path, "p.html", b"<p>Ann Quill Brown spoke to Ann Quill.</p>", values, names=("Ann Quill Brown",)
    )
    assert columns(told) == {"roster.name"}


# --- the folding


@pytest.mark.parametrize(
    "one, other",
    [
        ("STRASSE", "straße"),
        ("ﬁne", "fine"),
        ("a\u202eb", "ab"),
        ("a  b\tc\nd", "a b c d"),
        ("“it’s”", '"it\'s"'),
        ("a – b — c", "a - b - c"),
        ("Ａｂ", "ab"),
        ("e\u0301", "é"),
        ("a ↵ b", "a b"),
        ("\u2800a\ufeff\u00ad", "a"),
    ],
)
def test_folded(one: str, other: str) -> None:
    assert folded(one) == folded(other)


def test_folding_twice_changes_nothing() -> None:
    draw = random.Random(5)
    for _ in range(2000):
        text = "".join(
            chr(draw.choice((draw.randrange(0x20, 0x250), draw.randrange(0x20, 0xD7FF)))) for _ in range(8)
        )
        assert folded(folded(text)) == folded(text), ascii(text)


def test_kinds_are_told_apart() -> None:
    assert (
        len(
            {
                kind
                for kind in (ID, HANDLE, NAME, HIDDEN, ADDRESS, TEXT, PLACE, FILE, PERSON)
                if isinstance(kind, Kind)
            }
        )
        == 9
    )


@pytest.mark.parametrize("kind", [HANDLE, TEXT])
@pytest.mark.parametrize("size", range(1, 14))
def test_a_batch_of_one_value_of_any_length(tmp_path: Path, size: int, kind: Kind) -> None:
    value = "zqxjkvbwpyfgm"[:size]
    told = found_in(
        tmp_path, "p.csv", f'"a","{value}"\n'.encode(), [Values("accounts.handle", kind, [value])]
    )
    assert bool(told.hits) == (size >= 2)
    assert (
        found_in(tmp_path / "other", "p.csv", b'"a","b"\n', [Values("accounts.handle", kind, [value])]).hits
        == []
    )
