"""Invented pictures, videos and sounds, all by code; what people do to copies of them is in `attacks`.

Bases are seeded noise at several scales with polygons, a gradient and letters. They are easier to
tell apart than photographs: tests made from them guard against regressions, they measure nothing.
"""

from __future__ import annotations

import io
import subprocess
import wave
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont, ImageOps

from simulation.draws import Draws

_WORDS = "harbour lantern valley orchard ferry market bench window".split()
RATE, _FPS = 11025, 10


def picture(seed: int, size: tuple[int, int] = (480, 360), *, texture: float = 1.0) -> Image.Image:
    """A picture that no other seed gives."""
    draws = Draws(seed, "picture")
    width, height = size
    whole = np.zeros((height, width, 3))
    for cells, weight in ((3, 1.0), (7, 0.8), (17, 0.5 * texture), (45, 0.3 * texture)):
        small = (draws.uniform(cells * cells * 3) * 255).astype(np.uint8).reshape(cells, cells, 3)
        whole += weight * np.asarray(Image.fromarray(small).resize(size, Image.Resampling.BICUBIC), float)
    slope = np.linspace(-40, 40, width)[None, :, None] * (draws.one() - 0.5) * 2
    low, high = whole.min(), whole.max()
    image = Image.fromarray(np.clip((whole - low) / (high - low) * 255 + slope, 0, 255).astype(np.uint8))
    pen = ImageDraw.Draw(image)
    for _shape in range(5):
        corners = (draws.uniform(8) * np.tile([width, height], 4)).astype(int).reshape(4, 2)
        colour = tuple((draws.uniform(3) * 255).astype(int).tolist())
        pen.polygon([(int(x), int(y)) for x, y in corners], fill=colour)
    at = (int(draws.one() * width * 0.5), int(draws.one() * height * 0.8))
    pen.text(at, _WORDS[int(draws.one() * len(_WORDS))], fill="white", font=font(height // 14))
    return image.filter(ImageFilter.GaussianBlur(0.8))


def font(size: int) -> ImageFont.ImageFont | ImageFont.FreeTypeFont:
    """The letters that come with Pillow."""
    return ImageFont.load_default(size=max(8, size))


def saved(image: Image.Image, format_: str = "JPEG", **options: object) -> bytes:
    """The picture as a file."""
    out = io.BytesIO()
    image.save(out, format_, **options)  # type: ignore[arg-type]
    return out.getvalue()


def again(image: Image.Image, format_: str = "JPEG", quality: int = 50) -> Image.Image:
    """The picture after it was saved with losses."""
    return Image.open(io.BytesIO(saved(image, format_, quality=quality))).convert("RGB")


def scaled(image: Image.Image, share: float) -> Image.Image:
    """The picture at another size."""
    return image.resize((int(image.width * share), int(image.height * share)), Image.Resampling.BICUBIC)


def cropped(image: Image.Image, share: float) -> Image.Image:
    """Its middle."""
    across, down = int(image.width * share / 2), int(image.height * share / 2)
    return image.crop((across, down, image.width - across, image.height - down))


def bordered(image: Image.Image, share: float = 0.05, colour: str = "white") -> Image.Image:
    """With a border of one colour."""
    return ImageOps.expand(image, int(min(image.size) * share), colour)


def letterboxed(image: Image.Image) -> Image.Image:
    """In a square, with black bars."""
    side = max(image.size)
    out = Image.new("RGB", (side, side), "black")
    out.paste(image, ((side - image.width) // 2, (side - image.height) // 2))
    return out


def subtitled(image: Image.Image) -> Image.Image:
    """With a bar of words over its lower part."""
    out, (width, height) = image.copy(), image.size
    pen = ImageDraw.Draw(out)
    pen.rectangle((0, int(height * 0.84), width, int(height * 0.96)), fill="black")
    words = "Nobody told you about the ferry"
    pen.text((int(width * 0.05), int(height * 0.86)), words, fill="white", font=font(height // 17))
    return out


def captioned(image: Image.Image) -> Image.Image:
    """Under a panel of words."""
    width, height = image.size
    out = Image.new("RGB", (width, int(height * 1.22)), "white")
    out.paste(image, (0, int(height * 0.22)))
    words = "nobody at all:\nthe harbour master this morning"
    ImageDraw.Draw(out).text(
        (int(width * 0.03), int(height * 0.03)), words, fill="black", font=font(height // 13)
    )
    return out


def screenshot(image: Image.Image, *, dark: bool = False) -> Image.Image:
    """In the screenshot of a post on a telephone."""
    width = 540
    inside = image.resize(
        (width - 40, int(image.height * (width - 40) / image.width)), Image.Resampling.BICUBIC
    )
    ground, ink = ((15, 20, 25), (230, 230, 230)) if dark else ((255, 255, 255), (20, 20, 20))
    out = Image.new("RGB", (width, max(960, inside.height + 320)), ground)
    pen = ImageDraw.Draw(out)
    pen.text((14, 8), "9:41", fill=ink, font=font(20))
    pen.ellipse((20, 60, 76, 116), fill=(90, 120, 180))
    pen.text((90, 62), "An invented account", fill=ink, font=font(22))
    pen.text((90, 90), "@invented", fill=(120, 130, 140), font=font(18))
    pen.text((20, 132), "See what stands in the harbour.\nPass it on!", fill=ink, font=font(22))
    out.paste(inside, (20, 200))
    for place, count in enumerate(("212", "1.4K", "9.8K", "88K")):
        pen.text((30 + place * 130, 220 + inside.height), count, fill=(120, 130, 140), font=font(20))
    return out


def patched(image: Image.Image) -> Image.Image:
    """With one region replaced, the size of a face."""
    out, (width, height) = image.copy(), image.size
    side = int(min(width, height) * 0.3)
    left, top = int(width * 0.5 - side * 0.4), int(height * 0.3 - side * 0.3)
    part = ImageOps.mirror(image.crop((left, top, left + side, top + side)))
    mask = Image.new("L", part.size, 0)
    ImageDraw.Draw(mask).ellipse((3, 3, side - 3, side - 3), fill=255)
    out.paste(
        ImageEnhance.Brightness(part).enhance(1.08), (left, top), mask.filter(ImageFilter.GaussianBlur(3))
    )
    return out


def tune(seed: int, seconds: float) -> np.ndarray:
    """Samples of an invented tune: tones of seeded heights over filtered noise."""
    draws = Draws(seed, "tune")
    parts = []
    for _tone in range(int(seconds * 4) + 1):
        at = np.arange(RATE // 4) / RATE
        heights = 180 * 2 ** (np.floor(draws.uniform(3) * 30) / 12)
        tone = sum(np.sin(2 * np.pi * h * at) / (n + 1) for n, h in enumerate(heights))
        parts.append(tone * np.exp(-3 * at) + 0.05 * (draws.uniform(len(at)) - 0.5))
    whole = np.concatenate(parts)[: int(seconds * RATE)]
    return (whole / np.abs(whole).max() * 20_000).astype("<i2")


def write_tune(path: Path, samples: np.ndarray) -> Path:
    """The samples as a WAV file."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())
    return path


def ffmpeg(*words: object) -> None:
    """Run ffmpeg on our own files."""
    command = ["ffmpeg", "-v", "error", "-nostdin", "-y", "-threads", "1", *map(str, words)]
    subprocess.run(command, check=True)  # noqa: S603


#: how every video here is written
CODED = (
    "-c:v",
    "libx264",
    "-preset",
    "ultrafast",
    "-crf",
    "22",
    "-pix_fmt",
    "yuv420p",
    "-c:a",
    "aac",
    "-b:a",
    "96k",
)


def film(path: Path, seed: int, *, seconds: int = 12, sound: int | None = None) -> Path:
    """A video of three moving shots, with the tune of seed `sound` (its own by default)."""
    draws = Draws(seed, "film")
    raw = bytearray()
    frames = seconds * _FPS
    shots = [picture(seed * 31 + k, (448, 252), texture=1.6) for k in range(3)]
    ways = (draws.uniform(12) * 2 - 1).reshape(3, 4)
    for frame in range(frames):
        shot = min(2, 3 * frame // frames)
        along = (3 * frame / frames - shot) * 2 - 1
        left, top = 64 + ways[shot, 0] * 60 * along, 36 + ways[shot, 1] * 34 * along
        raw += shots[shot].crop((int(left), int(top), int(left) + 320, int(top) + 180)).tobytes()
    music = write_tune(path.with_suffix(".wav"), tune(seed if sound is None else sound, seconds))
    command = [
        "ffmpeg",
        "-v",
        "error",
        "-y",
        "-f",
        "rawvideo",
        "-pix_fmt",
        "rgb24",
        "-s",
        "320x180",
        "-r",
        str(_FPS),
    ]
    command += ["-i", "pipe:0", "-i", str(music), *CODED, "-shortest", str(path)]
    subprocess.run(command, input=bytes(raw), check=True)  # noqa: S603
    music.unlink()
    return path


def after(path: Path, intro: Path, base: Path) -> Path:
    """One video after another."""
    joined = "[0:v][0:a][1:v][1:a]concat=n=2:v=1:a=1[v][a]"
    ffmpeg("-i", intro, "-i", base, "-filter_complex", joined, "-map", "[v]", "-map", "[a]", *CODED, path)
    return path


def with_sound(path: Path, base: Path, seed: int, seconds: int = 12) -> Path:
    """A video with the tune of another seed."""
    music = write_tune(path.with_suffix(".wav"), tune(seed, seconds))
    ffmpeg("-i", base, "-i", music, "-map", "0:v", "-map", "1:a", *CODED, "-shortest", path)
    music.unlink()
    return path
