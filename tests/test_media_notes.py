"""Where two pictures differ is a note: found for a patched region, silent for a plain copy."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageOps
from worlds import desk, post, report

import kit
from kit.media import examine
from kit.media.diff_notes import NOTES, difference
from kit.metrics import media
from simulation.media import again, patched, picture, saved, subtitled


def smooth(seed: int) -> Image.Image:
    return picture(seed, texture=0.2)


def test_most_patches_are_marked_where_they_are() -> None:
    """On photographs one small patch in five is missed."""
    said = [difference(smooth(seed), again(patched(smooth(seed)), quality=80)) for seed in range(500, 508)]
    marked = [s for s in said if s.note in ("differs_inside", "differs_in_places")]
    assert len(marked) >= 6
    for inside in (s for s in marked if s.note == "differs_inside"):
        assert inside.left is not None
        assert inside.width is not None
        assert 25 <= inside.left + inside.width / 2 <= 75


@pytest.mark.parametrize("seed", range(510, 514))
def test_a_plain_copy_is_not_marked(seed: int) -> None:
    assert difference(smooth(seed), again(smooth(seed), quality=80)).note == "same"
    assert difference(smooth(seed), ImageOps.mirror(smooth(seed))).note == "same"
    assert difference(smooth(seed), subtitled(smooth(seed))).note != "same"
    assert difference(smooth(seed), smooth(seed + 100)).note == "not_aligned"


def test_flat_and_tiny_pictures_have_a_note_too() -> None:
    for size in ((1, 1), (3000, 2), (64, 64)):
        assert difference(Image.new("RGB", size), Image.new("RGB", size, "white")).note in NOTES


def test_the_note_is_made_in_a_child(tmp_path: Path) -> None:
    for name, image in (("a.jpg", smooth(520)), ("b.jpg", patched(smooth(520)))):
        (tmp_path / name).write_bytes(saved(image, quality=90))
    said = examine.compare(tmp_path / "a.jpg", tmp_path / "b.jpg")
    assert said["note"] in ("differs_inside", "differs_in_places")
    (tmp_path / "c.jpg").write_bytes(b"\xff\xd8\xff nothing")
    assert examine.compare(tmp_path / "a.jpg", tmp_path / "c.jpg") == {}
    (tmp_path / "d.jpg").write_bytes(b"<svg>")
    assert examine.compare(tmp_path / "a.jpg", tmp_path / "d.jpg") == {}


def test_a_note_never_parts_or_merges_items(tmp_path: Path) -> None:
    with desk(tmp_path):
        files = {"a.jpg": smooth(530), "b.jpg": patched(smooth(530))}
        rows = [post(n, f"u{n}", "2024-03-01 10:00:00", files=f"https://m.invalid/{n}") for n in files]
        folder = report(tmp_path, "noted", posts={"studied": rows}, media=[{"path": "held"}])
        (folder / "held").mkdir()
        for name, image in files.items():
            (folder / "held" / name).write_bytes(saved(image, quality=90))
        case = kit.open("noted", edition="internal")
        before = case.derived("media_clusters").to_csv()
        (pair,) = media.candidates(case).itertuples()
        assert pair.note in NOTES
        assert case.derived("media_clusters").to_csv() == before
