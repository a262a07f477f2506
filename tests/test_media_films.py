"""Videos and sounds: copies after cuts, mirrors and intros; sound as a channel of its own.

Videos are made by ffmpeg from pictures made by code; without ffmpeg these tests are skipped, and say so.
"""

from __future__ import annotations

from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from needs import needs
from PIL import Image

from kit.media import examine, prints, views
from kit.media.pairs import Pair, alike, same_sound
from kit.media.sound import LEAST, bit_error_rate
from simulation import attacks
from simulation import media as made

TOOLS = examine.tools()
needs_ffmpeg = needs("ffmpeg", "ffprobe")
needs_fpcalc = needs("ffmpeg", "ffprobe", "fpcalc")


@cache
def looked_at(path: Path) -> dict[str, Any]:
    found = examine.examine(path, TOOLS)
    assert found["status"] == "kept", found
    return found


def pair_of(first: dict[str, Any], second: dict[str, Any]) -> Pair | None:
    pairs = alike({1: first["views"], 2: second["views"]}, film=True)
    return pairs[0] if pairs else None


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("films")


@pytest.fixture(scope="module")
def base(folder: Path) -> Path:
    return made.film(folder / "base.mp4", 901)


@pytest.fixture(scope="module")
def other(folder: Path) -> Path:
    return made.film(folder / "other.mp4", 902)


@needs_ffmpeg
@pytest.mark.parametrize("attack", ["half size", "mirror", "trim"])  # all of them in the slow tests
def test_copies_of_a_video_are_found(folder: Path, base: Path, attack: str) -> None:
    copy = attacks.attacked(folder / f"{attack.replace(' ', '').replace(':', '')}.mp4", base, attack)
    pair = pair_of(looked_at(base), looked_at(copy))
    assert pair is not None
    assert pair.level in ("copy", "candidate")
    if attack in ("half size", "mirror"):
        assert pair.level == "copy"
        assert pair.aligned is not None
        assert pair.aligned >= 3


@needs_ffmpeg
def test_a_video_after_another_is_found_in_both(folder: Path, base: Path, other: Path) -> None:
    joined = looked_at(made.after(folder / "joined.mp4", other, base))
    for part in (base, other):
        pair = pair_of(looked_at(part), joined)
        assert pair is not None
        assert pair.level in ("copy", "candidate")


@needs_ffmpeg
def test_different_videos_are_no_pair(base: Path, other: Path) -> None:
    assert pair_of(looked_at(base), looked_at(other)) is None


@needs_fpcalc
def test_the_same_sound_over_another_picture_is_a_link_and_no_copy(folder: Path, base: Path) -> None:
    dubbed = looked_at(made.film(folder / "dubbed.mp4", 903, sound=901))
    mine = looked_at(base)
    assert pair_of(mine, dubbed) is None
    (pair,) = same_sound({1: mine["sound"], 2: dubbed["sound"]})
    assert pair.level == "same_sound"


@needs_fpcalc
def test_another_sound_over_the_same_picture_is_a_copy_and_no_link(folder: Path, base: Path) -> None:
    redone = looked_at(made.with_sound(folder / "redone.mp4", base, 904))
    mine = looked_at(base)
    pair = pair_of(mine, redone)
    assert pair is not None
    assert pair.level == "copy"
    assert same_sound({1: mine["sound"], 2: redone["sound"]}) == []


@needs_fpcalc
def test_sound_alone_is_kept(folder: Path) -> None:
    found = looked_at(made.write_tune(folder / "tune.wav", made.tune(5, 8)))
    assert (found["kind"], found["has_sound"]) == ("audio", True)
    assert len(found["sound"]) // 8 >= LEAST


@needs_ffmpeg
def test_without_fpcalc_sound_is_not_computed_and_the_rest_is(base: Path) -> None:
    found = examine.examine(base, TOOLS | {"fpcalc": None})
    assert found["status"] == "kept"
    assert found["has_sound"]
    assert found.get("sound") is None
    assert found["reason"] == "no_fpcalc"
    assert found["frames"] == 12


@needs_ffmpeg
def test_hostile_videos_end_as_rows(folder: Path, base: Path) -> None:
    data = base.read_bytes()
    broken = bytearray(data)
    for place in range(5000, len(broken) - 5000, 301):
        broken[place] ^= 0x3C
    files = {"cut.mp4": data[: len(data) // 2], "broken.mp4": bytes(broken), "head.mp4": data[:40]}
    for name, content in files.items():
        (folder / name).write_bytes(content)
        found = examine.examine(folder / name, TOOLS)
        assert found["status"] in ("kept", "rejected")
        assert found["status"] == "kept" or found["reason"] in examine.REASONS
    size = ("-f", "lavfi", "-i", "color=black:s=8000x4000:r=1:d=1")
    made.ffmpeg(*size, "-c:v", "libx264", "-preset", "ultrafast", folder / "huge.mp4")
    assert examine.examine(folder / "huge.mp4", TOOLS)["reason"] == "too_many_pixels"


@needs_ffmpeg
@pytest.mark.slow
def test_a_video_of_ten_hours_is_cut_short(folder: Path) -> None:
    long = ("-f", "lavfi", "-i", "color=black:s=64x64:r=1:d=36000")
    made.ffmpeg(*long, "-c:v", "libx264", "-preset", "ultrafast", folder / "long.mp4")
    found = looked_at(folder / "long.mp4")
    assert found["frames"] == 600
    assert found["truncated"]


#: attack -> share of eight videos that the method found (56 bits, two frames); all where it names none
STATED = {
    "patch": 0.88,
    "speed": 0.88,
    "after another": 0.88,
    "frame rate": 0.75,
    "trim": 0.75,
    "chain": 0.75,
}
STATED |= {"trim to 4 s": 0.62, "side crop 4:5": 0.12}
#: the same of sounds
STATED_SOUND = {"pitch 0.3": 0.71, "pitch 1": 0.08}
#: attacks of which less is found here, told in docs/media.md: what is found at least
SHORT: dict[str, float] = {"side crop 4:5": 0}
SHORT_SOUND: dict[str, float] = {"pitch 1": 0}


def checked(found: dict[str, float], stated: dict[str, float], short: dict[str, float]) -> None:
    """Shares found are those that the method states, or those that the docs admit."""
    for attack, share in found.items():
        if share < stated.get(attack, 1):
            print(f"{attack}: {share:.0%}, where the method says {stated.get(attack, 1):.0%}")  # noqa: T201
    wanted = {attack: short.get(attack, stated.get(attack, 1)) for attack in found}
    # the method rounds: 7 of 8 are its .88
    assert {a: share for a, share in found.items() if share < wanted[a] - 0.005} == {}


@needs_ffmpeg
@pytest.mark.slow
def test_copies_of_videos_are_found_as_often_as_the_method_says(tmp_path: Path) -> None:
    """Of eight videos on which nothing was chosen; and no pair of different videos."""
    bases = {seed: made.film(tmp_path / f"{seed}.mp4", seed) for seed in range(2100, 2108)}
    looks = {seed: looked_at(path)["views"] for seed, path in bases.items()}
    assert alike(looks, film=True) == []
    found = {}
    for attack in (*attacks.FILM_ATTACKS, "after another"):
        hits = 0
        for seed, path in bases.items():
            copy = tmp_path / "copy.mp4"
            if attack == "after another":
                made.after(copy, bases[2100 + (seed - 2095) % 8], path)
            else:
                attacks.attacked(copy, path, attack)
            seen = examine.examine(copy, TOOLS)
            hits += pair_of({"views": looks[seed]}, seen) is not None
        found[attack] = hits / len(bases)
    checked(found, STATED, SHORT)


@needs_fpcalc
@pytest.mark.slow
def test_copies_of_sounds_are_found_as_often_as_the_method_says(tmp_path: Path) -> None:
    """Of eight tunes on which nothing was chosen; and no pair of different tunes."""
    bases = {s: made.write_tune(tmp_path / f"{s}.wav", made.tune(s, 12)) for s in range(3000, 3008)}
    sounds = {seed: looked_at(path)["sound"] for seed, path in bases.items()}
    assert same_sound(sounds) == []
    found = {}
    for attack in attacks.SOUND_ATTACKS:
        hits = 0
        for seed, path in bases.items():
            other = bases[3000 + (seed - 2993) % 8]
            copy = examine.examine(attacks.attacked_sound(tmp_path / "copy", path, attack, other), TOOLS)
            hits += bool(same_sound({1: sounds[seed], 2: copy["sound"]}))
        found[attack] = hits / len(bases)
    checked(found, STATED_SOUND, SHORT_SOUND)


# --- the arithmetic, without any program


def film_of(seeds: list[int]) -> str:
    looks = {seed: views.prints(made.picture(seed, (256, 144))) for seed in set(seeds)}
    return prints.packed([(second, looks[seed]) for second, seed in enumerate(seeds)])


def test_frames_must_match_at_one_offset() -> None:
    """Three common frames in another order are no copy: only two are ever at one offset, give or take one."""
    ordered, later = film_of([1, 2, 3, 4, 5]), film_of([91, 92, 1, 2, 3])
    (pair,) = alike({1: ordered, 2: later}, film=True)
    assert (pair.level, pair.aligned, pair.shorter) == ("copy", 3, 5)
    (pair,) = alike(
        {1: film_of([1, 2, 81, 82, 83, 84, 85, 86, 87]), 2: film_of([71, 72, 73, 1, 2, 74, 75, 76, 77])},
        film=True,
    )
    assert (pair.level, pair.aligned) == ("candidate", 2)
    assert alike({1: film_of([1, 81, 82, 83]), 2: film_of([91, 92, 93, 1])}, film=True) == []


def test_flat_frames_count_for_nothing() -> None:
    black = views.prints(Image.new("RGB", (256, 144)))
    dark = prints.packed([(second, black) for second in range(10)])
    assert alike({1: dark, 2: dark}, film=True) == []


def test_no_items_make_no_pairs() -> None:
    assert alike({}, film=True) == []
    assert alike({4: ""}, film=True) == []
    assert same_sound({}) == []


def brute(a: np.ndarray, b: np.ndarray) -> float:
    """The bit error rate, offset by offset."""
    best = 1.0
    for offset in range(-(len(a) - LEAST), len(b) - LEAST + 1):
        low, high = max(0, -offset), min(len(a), len(b) - offset)
        wrong = np.bitwise_count(a[low:high] ^ b[low + offset : high + offset]).astype(int)
        best = min(best, wrong.mean() / 32)
        for start in range(len(wrong) - 40 + 1 if len(wrong) > 40 else 0):
            best = min(best, wrong[start : start + 40].mean() / 32)
    return best


def test_the_bit_error_rate_is_that_of_every_offset() -> None:
    rng = np.random.default_rng(5)
    sizes = (14, 20, 41, 60, 90)
    for n, m in combinations(sizes, 2):
        a, b = (rng.integers(0, 2**32, size, dtype=np.uint32) for size in (n, m))
        part = min(n, m)
        b[m - part :] = a[:part] ^ (rng.integers(0, 2**32, part, dtype=np.uint32) & 0x01010101)
        assert bit_error_rate(a, b) == pytest.approx(brute(a, b))
        assert bit_error_rate(a, b) == bit_error_rate(b, a)
    assert bit_error_rate(a[:13], b) == 1
    assert bit_error_rate(a, a) == 0
