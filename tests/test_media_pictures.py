"""Copies of pictures are found, different pictures are not, and what they share is told apart as a template.

Pictures and attacks are made by code, from seeds on which no threshold was chosen. They are easier than
photographs: these tests guard against regressions, they measure nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import pytest
from PIL import Image

from kit.media import pdq, prints, views
from kit.media.matches import merged, stars
from kit.media.pairs import PICTURE_COPY, Pair, alike, within
from simulation.attacks import ATTACKS, TEMPLATES
from simulation.media import bordered, picture

#: hashes that the library pdqhash 0.2.8 gives for `picture(seed)`, in our order of bits
ORACLE = {
    1: "c987e67569e852a237b04ccf19c2bf6772a8dd39884b949c172d724e3f06dc06",
    2: "64e30c739b0cf6623666cccce7c970b38db2018e5b76124b774c327b84d9cd96",
    3: "56b8f7e3d11841f8b93c41e1a1fe3c1e1f07aec2e3e386c755a11e706099ea34",
    4: "3def2bd5d618c4a5d48579026d526772cb42dcae76c1372129d42dde9e30be10",
    5: "4d5cbd5122aac3d6106fe1f0f5870c1ebe922723c578b1e166fc8c1c6bb8d3a1",
    6: "2ef79db587d8c37bc1de58a73867ec291e10cf047287f1d0e1719670f200f704",
}
#: attacks that the method finds within the radius of copies, on photographs too
FOUND = ("jpeg 50", "half size", "grey", "mirror", "jpeg 20", "webp 40", "quarter size", "brighter", "darker")
#: attacks that it finds within the radius of candidates, and calls no copy where something frames the picture
FRAMES = ("border", "letterbox", "screenshot", "dark screenshot")
#: attack -> per cent of photographs that the method found, at 71 bits; the kit asks for 56
STATED = {
    **dict.fromkeys(
        ("jpeg 90", "jpeg 50", "jpeg 20", "webp 40", "half size", "quarter size", "squeezed"), 100
    ),
    **dict.fromkeys(("grey", "brighter", "darker", "colour", "noise", "blur", "border", "border 10 %"), 100),
    "mirror": 99,
    "contrast": 99,
    "letterbox": 100,
    "bars 9:16": 99,
    "crop 5 %": 97,
    "crop 10 %": 91,
    "crop 20 %": 80,
    "rotated 2": 91,
    "rotated 2, cut": 88,
    "screenshot": 85,
    "dark screenshot": 78,
    "close screenshot": 72,
    "subtitle": 91,
    "logo": 94,
    "meme text": 83,
    "patch": 98,
    "edit": 90,
    "chain": 70,
    "chain, mirror": 81,
    "rotated 5": 26,
    "top 10 %": 26,
    "blurred bars 9:16": 19,
    "corner 10 %": 15,
    "rotated 5, cut": 15,
    "side crop 4:5": 8,
    "corner 20 %": 4,
    "caption": 4,
}
#: the same at 31 bits, as far as it was measured there
STATED_NEAR = {"jpeg 50": 96, "border": 93, "screenshot": 57, "patch": 75}
#: attacks of which less is found here, told in docs/media.md: what is found at least
SHORT = {"close screenshot": 16, "rotated 5, cut": 0}
SHORT |= dict.fromkeys(
    ("rotated 5", "top 10 %", "blurred bars 9:16", "corner 10 %", "side crop 4:5", "corner 20 %", "caption"),
    0,
)
SHORT_NEAR = {"patch": 50}


def packed(image: Image.Image) -> str:
    return prints.packed([(0, views.prints(image))])


@cache
def base(seed: int) -> str:
    return packed(picture(seed))


def pairs_of(images: dict[int, Image.Image]) -> list[Pair]:
    return alike({key: packed(image) for key, image in images.items()}, film=False)


def bits_apart(a: np.ndarray, b: np.ndarray) -> int:
    return int(np.bitwise_count(a ^ b).sum())


# --- the hash


@pytest.mark.parametrize("seed", ORACLE)
def test_the_hash_is_that_of_the_reference(seed: int) -> None:
    assert pdq.bits(pdq.waves(picture(seed))[0]).tobytes().hex() == ORACLE[seed]


def test_a_turned_hash_is_nearly_the_hash_of_the_turned_picture() -> None:
    """Within 10 bits on photographs, says the method; PDQ's grid is not the same from the right, which hard edges show.

    docs/media.md says by how much. All lie well within the 31 bits of a copy.
    """
    apart = []
    for seed in range(43_000, 43_030):
        image = picture(seed)
        waves, _quality = pdq.waves(image)
        turned, _quality = pdq.waves(image.transpose(Image.Transpose.FLIP_LEFT_RIGHT))
        apart.append(bits_apart(pdq.bits(pdq.mirrored(waves)), pdq.bits(turned)))
    assert np.median(apart) <= 10
    assert max(apart) <= 20


def test_frames_survive_as_text() -> None:
    looks = [(second, views.prints(picture(second))) for second in (0, 7, 599)]
    back = prints.unpacked(prints.packed(looks))
    assert back.seconds.tolist() == [0, 7, 599]
    assert (back.hashes == np.array([p.hashes for _s, p in looks])).all()
    assert np.allclose(back.panel_share, [p.panel_share for _s, p in looks], atol=0.01)
    assert prints.unpacked(None).total == 0
    assert prints.quality("") is None


# --- what is a copy


def found_after(attack: str, seeds: Sequence[int]) -> list[Pair]:
    """The pair of each picture and its attacked copy, among all of them; any other pair fails."""
    looks = {seed: base(seed) for seed in seeds}
    looks |= {seed + 100_000: packed(ATTACKS[attack](picture(seed))) for seed in seeds}
    pairs = alike(looks, film=False)
    assert all(p.b - p.a == 100_000 for p in pairs), "different pictures were paired"
    return pairs


@pytest.mark.parametrize("attack", FOUND[:4])  # the others with more seeds in the slow tests
def test_copies_are_found(attack: str) -> None:
    pairs = found_after(attack, range(7000, 7005))
    assert len(pairs) == 5
    assert all(p.distance is not None and p.distance <= PICTURE_COPY for p in pairs)


@pytest.mark.parametrize("attack", FRAMES)
def test_a_framed_copy_is_a_candidate_and_no_copy(attack: str) -> None:
    pairs = found_after(attack, range(7100, 7105))
    assert len(pairs) == 5
    assert {p.level for p in pairs} == {"candidate"}


def test_every_attack_has_a_stated_share() -> None:
    assert set(STATED) == set(ATTACKS)
    assert all(least < STATED[attack] for attack, least in SHORT.items())


@pytest.mark.slow
def test_copies_are_found_as_often_as_the_method_says() -> None:
    """Of 100 pictures on which nothing was chosen; where fewer are found, docs/media.md says so."""
    missed = []
    for attack, stated in STATED.items():
        pairs = found_after(attack, [*range(41_000, 41_050), *range(42_000, 42_050)])
        near = sum(p.distance is not None and p.distance <= PICTURE_COPY for p in pairs)
        shares = ((len(pairs), stated, SHORT), (near, STATED_NEAR.get(attack, 0), SHORT_NEAR))
        for share, wanted, short in shares:
            if share < wanted:
                print(f"{attack}: {share} %, where the method says {wanted} %")  # noqa: T201 (for pytest -rP)
            if share < short.get(attack, wanted):
                missed.append((attack, share, wanted))
        if attack in FOUND:
            assert near >= 98, attack
    assert missed == []


def test_different_pictures_are_no_pair() -> None:
    assert pairs_of({seed: picture(seed) for seed in range(7200, 7220)}) == []


@pytest.mark.parametrize("template", TEMPLATES)
def test_different_pictures_in_one_template_are_never_copies(template: str) -> None:
    images = {seed: TEMPLATES[template](picture(seed)) for seed in range(7300, 7306)}
    assert not [p for p in pairs_of(images) if p.level == "copy"]


@pytest.mark.parametrize("template", ["screenshot", "dark screenshot", "caption", "border"])
def test_flat_pictures_in_one_template_are_never_copies(template: str) -> None:
    """Pictures with little in them leave the template to speak: they may be candidates, no more."""
    images = {}
    for shade in range(6):
        ground = np.full((300, 400, 3), 60 + 20 * shade, np.uint8)
        ground[40 * shade : 40 * shade + 60, 100:300] = 250 - 30 * shade
        images[shade] = TEMPLATES[template](Image.fromarray(ground))
    assert not [p for p in pairs_of(images) if p.level == "copy"]


@pytest.mark.slow
@pytest.mark.parametrize("template", TEMPLATES)
def test_templates_over_many_seeds(template: str) -> None:
    images = {seed: TEMPLATES[template](picture(seed, texture=0.4)) for seed in range(33_000, 33_100)}
    pairs = pairs_of(images)
    assert not [p for p in pairs if p.level == "copy"]
    assert len(pairs) <= 0.01 * 100 * 99 / 2


def test_black_and_flat_pictures_match_nothing() -> None:
    flat = {shade: Image.new("RGB", (300, 200), (shade, shade, shade)) for shade in (0, 1, 128, 255)}
    assert pairs_of(flat | {7: bordered(Image.new("RGB", (300, 200), "red"))}) == []


def test_tiny_and_narrow_pictures_are_looked_at() -> None:
    for size in ((1, 1), (1, 400), (3000, 2), (64, 64)):
        look = views.prints(Image.new("RGB", size, "white"))
        assert look.hashes.shape == (views.ROWS, 4)
        assert look.quality == 0
        assert look.panel_share == 1


# --- search and clusters


def test_the_search_misses_nothing() -> None:
    rng = np.random.default_rng(3)
    held = rng.integers(0, 2**64, (400, 4), dtype=np.uint64)
    asked = held[:40] ^ (np.uint64(1) << rng.integers(0, 64, (40, 4), dtype=np.uint64))
    apart = np.bitwise_count(asked[:, None] ^ held[None]).sum(2)
    for radius in (0, 4, 31, 110, 256):
        left, right, distance = within(asked, held, radius)
        assert set(zip(left.tolist(), right.tolist(), strict=True)) == set(
            zip(*map(np.ndarray.tolist, np.nonzero(apart <= radius)), strict=True)
        )
        assert (distance == apart[left, right]).all()
    assert [len(part) for part in within(asked[:0], held, 31)] == [0, 0, 0]
    assert [len(part) for part in within(asked, held[:0], 31)] == [0, 0, 0]


def test_stars_do_not_chain() -> None:
    assert stars([1, 2, 3], [(1, 2), (2, 3)]) == {1: 1, 2: 1, 3: 3}
    assert stars([2, 1, 3], [(1, 2), (2, 3)]) == {2: 2, 1: 2, 3: 2}
    assert stars([3, 1, 2], [(1, 2), (2, 3), (1, 3)]) == {3: 3, 1: 3, 2: 3}
    assert stars([], []) == {}


def test_an_item_joins_the_oldest_centre() -> None:
    assert stars([5, 9, 7], [(9, 7), (5, 7)])[7] == 5


def test_candidates_never_make_more_items() -> None:
    """Plain stars over more ties can give more clusters; stars of stars cannot."""
    order, copies, near = [1, 2, 3, 4], [(2, 3), (2, 4)], [(1, 2)]
    assert len(set(stars(order, copies + near).values())) == 3
    before = stars(order, copies)
    assert len(set(before.values())) == 2
    assert len(set(merged(order, before, near).values())) == 1
    rng = np.random.default_rng(8)
    for _world in range(200):
        ties = [tuple(map(int, pair)) for pair in rng.integers(0, 12, (14, 2))]
        first = stars(range(12), ties[:6])
        assert len(set(merged(range(12), first, ties[6:]).values())) <= len(set(first.values()))
