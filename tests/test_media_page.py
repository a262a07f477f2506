"""A built page tells counts of media, and neither shows an item nor names a file, a place or an address."""

from __future__ import annotations

import re
from collections.abc import Iterator

import hostile_media
import pytest
from PIL import Image
from shell import kit as run_kit
from worlds import desk, post, report

from simulation.media import picture, saved

SECRETS = ("secretname", "media.invalid", "44.0", "PhoneMaker", "onerror", "data:image/jpeg", "data:video")


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Page, tables and findings, public and internal, of a report whose media are hostile."""
    home = tmp_path_factory.mktemp("page")
    with desk(home):
        names = [f"secretname{n}" for n in range(3)]
        rows = {
            group: [
                post(
                    f"{group}{n}",
                    f"{group}{n}",
                    "2024-03-01 10:00:00",
                    files=f"https://media.invalid/{names[n % 3]}.jpg",
                )
                for n in range(24)
            ]
            for group in ("studied", "control")
        }
        folder = report(
            home, "media", posts=rows, media=[{"path": "held"}], notebooks=["05_media"], synthetic=True
        )
        (folder / "held").mkdir()
        exif = Image.Exif()
        exif[0x8825], exif[0x010F] = hostile_media.GPS, "PhoneMaker"
        (folder / "held" / f"{names[0]}.jpg").write_bytes(saved(picture(1), exif=exif))
        (folder / "held" / f"{names[1]}.jpg").write_bytes(b"<svg onerror=alert(1)>")
        (folder / "held" / "<img src=x onerror=alert(1)>.jpg").write_bytes(saved(picture(2)))
        found = {}
        for edition in ("public", "internal"):
            done = run_kit(home, "run", "media", "--edition", edition)
            assert done.returncode == 0, done.stdout + done.stderr
            out = folder / "out" / edition / "en"
            whole = [
                p.read_text("utf-8")
                for kind in ("html", "json", "csv")
                for p in sorted(out.rglob(f"*.{kind}"))
            ]
            found[edition] = "\n".join(whole)
        yield found


@pytest.mark.slow
@pytest.mark.parametrize("edition", ["public", "internal"])
def test_a_page_shows_no_item_and_tells_no_secret(pages: dict[str, str], edition: str) -> None:
    page = pages[edition]
    assert "placements" in page
    for word in SECRETS:
        assert word not in page, word
    assert "<video" not in page
    assert "<audio" not in page
    sources = re.findall(r'<img[^>]*src="([^"]{0,60})', page)
    assert all(s.endswith(".png") or s.startswith("data:image/png") for s in sources)
    assert len(sources) <= 5  # the charts
