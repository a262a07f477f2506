"""What people do to pictures, videos and sounds before they pass them on, all by code.

The attacks are those on which the method was measured (docs/media.md), on other items.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageOps

from simulation.media import (
    CODED,
    RATE,
    again,
    bordered,
    captioned,
    cropped,
    ffmpeg,
    font,
    letterboxed,
    patched,
    scaled,
    screenshot,
    subtitled,
)


def cut(image: Image.Image, left: float = 0, top: float = 0) -> Image.Image:
    """Without a share of its left and of its upper side."""
    return image.crop((int(image.width * left), int(image.height * top), image.width, image.height))


def upright(image: Image.Image) -> Image.Image:
    """Its middle as four to five."""
    width = int(image.height * 0.8)
    left = (image.width - width) // 2
    return image.crop((left, 0, left + width, image.height))


def tall(image: Image.Image, *, blurred: bool = False) -> Image.Image:
    """In a telephone's frame, between black bars or between a blurred copy of itself."""
    size = (image.width, int(image.width * 16 / 9))
    ground = image.resize(size).filter(ImageFilter.GaussianBlur(25)) if blurred else Image.new("RGB", size)
    ground.paste(image, (0, (size[1] - image.height) // 2))
    return ground


def branded(image: Image.Image) -> Image.Image:
    """With the mark of a channel in a corner."""
    out, side = image.copy(), int(min(image.size) * 0.16)
    left, pen = image.width - side - 12, ImageDraw.Draw(out)
    pen.ellipse((left, 12, left + side, 12 + side), fill=(220, 30, 40))
    words = (left + int(side * 0.2), 12 + int(side * 0.3))
    pen.text(words, "TV5", fill="white", font=font(int(side * 0.35)))
    return out


def lettered(image: Image.Image) -> Image.Image:
    """With large words on its upper and lower part."""
    out, (width, height) = image.copy(), image.size
    pen = ImageDraw.Draw(out)
    for words, down in (("WHEN THE FERRY IS LATE", 0.02), ("BUT NOBODY ASKS", 0.86)):
        at, thick = (int(width * 0.04), int(height * down)), max(2, int(height * 0.008))
        pen.text(at, words, fill="white", stroke_width=thick, stroke_fill="black", font=font(height // 10))
    return out


def close_shot(image: Image.Image) -> Image.Image:
    """In a screenshot that was cut close: a little of the ground on each side, a name above."""
    out = Image.new("RGB", (int(image.width * 1.08), int(image.height * 1.12)), "white")
    out.paste(image, (int(image.width * 0.04), int(image.height * 0.08)))
    at = (int(image.width * 0.05), int(image.height * 0.01))
    ImageDraw.Draw(out).text(at, "@invented", fill="black", font=font(image.height // 20))
    return out


def edited(image: Image.Image) -> Image.Image:
    """With a large region turned, coloured and put back."""
    out, (width, height) = image.copy(), image.size
    side = int(min(width, height) * 0.44)
    left, top = int(width * 0.5 - side * 0.4), int(height * 0.38 - side * 0.5)
    part = ImageOps.flip(image.crop((left, top, left + int(side * 0.8), top + side))).rotate(12)
    part = ImageEnhance.Brightness(ImageEnhance.Color(part).enhance(1.6)).enhance(1.15)
    mask = Image.new("L", part.size, 0)
    ImageDraw.Draw(mask).ellipse((4, 4, part.width - 4, part.height - 4), fill=255)
    out.paste(part, (left, top), mask.filter(ImageFilter.GaussianBlur(4)))
    return out


def turned(image: Image.Image, degrees: float, crop: float = 0) -> Image.Image:
    """Turned by some degrees in its frame, black corners cut away by `crop`."""
    return cropped(image.rotate(degrees, Image.Resampling.BICUBIC), crop)


def noisy(image: Image.Image, size: float = 12) -> Image.Image:
    """With noise on every pixel."""
    pixels = np.asarray(image, float)
    noise = np.random.default_rng(1).normal(0, size, pixels.shape)
    return Image.fromarray(np.clip(pixels + noise, 0, 255).astype(np.uint8))


def chained(image: Image.Image, *, mirror: bool = False) -> Image.Image:
    """Several at once: cut, marked or turned, subtitled, smaller, saved with losses."""
    first = cropped(image, 0.05)
    return again(scaled(subtitled(ImageOps.mirror(first) if mirror else branded(first)), 0.6), quality=35)


#: what people do to a picture before they pass it on
ATTACKS: dict[str, Callable[[Image.Image], Image.Image]] = {
    "jpeg 90": lambda i: again(i, quality=90),
    "jpeg 50": lambda i: again(i, quality=50),
    "jpeg 20": lambda i: again(i, quality=20),
    "webp 40": lambda i: again(i, "WEBP", 40),
    "half size": lambda i: scaled(i, 0.5),
    "quarter size": lambda i: scaled(i, 0.25),
    "squeezed": lambda i: i.resize((int(i.width * 0.9), i.height)),
    "grey": lambda i: ImageOps.grayscale(i).convert("RGB"),
    "mirror": ImageOps.mirror,
    "brighter": lambda i: ImageEnhance.Brightness(i).enhance(1.3),
    "darker": lambda i: ImageEnhance.Brightness(i).enhance(0.7),
    "contrast": lambda i: ImageEnhance.Contrast(i).enhance(1.5),
    "colour": lambda i: ImageEnhance.Color(i).enhance(1.8),
    "noise": noisy,
    "blur": lambda i: i.filter(ImageFilter.GaussianBlur(2)),
    "crop 5 %": lambda i: cropped(i, 0.05),
    "crop 10 %": lambda i: cropped(i, 0.1),
    "crop 20 %": lambda i: cropped(i, 0.2),
    "corner 10 %": lambda i: cut(i, 0.1, 0.1),
    "corner 20 %": lambda i: cut(i, 0.2, 0.2),
    "top 10 %": lambda i: cut(i, top=0.1),
    "side crop 4:5": upright,
    "border": bordered,
    "border 10 %": lambda i: bordered(i, 0.1),
    "letterbox": letterboxed,
    "bars 9:16": tall,
    "blurred bars 9:16": lambda i: tall(i, blurred=True),
    "rotated 2": lambda i: turned(i, 2),
    "rotated 5": lambda i: turned(i, 5),
    "rotated 2, cut": lambda i: turned(i, 2, 0.08),
    "rotated 5, cut": lambda i: turned(i, 5, 0.14),
    "screenshot": screenshot,
    "dark screenshot": lambda i: screenshot(i, dark=True),
    "close screenshot": close_shot,
    "caption": captioned,
    "subtitle": subtitled,
    "logo": branded,
    "meme text": lettered,
    "patch": patched,
    "edit": edited,
    "chain": chained,
    "chain, mirror": lambda i: chained(i, mirror=True),
}
#: what different pictures share
TEMPLATES: dict[str, Callable[[Image.Image], Image.Image]] = {
    name: ATTACKS[name] for name in ("screenshot", "dark screenshot", "caption", "border", "subtitle")
}

_FACE = "split[a][b];[b]crop=iw*0.16:ih*0.40:iw*0.42:ih*0.15,hflip,vflip,eq=saturation=1.5[c];[a][c]overlay=W*0.42:H*0.15"
#: what people do to a video: words for FFmpeg between the input and the output; `[1:v]` is a bar of words
FILM_ATTACKS: dict[str, tuple[str, ...]] = {
    "recoded": ("-crf", "36"),
    "half size": ("-vf", "scale=160:90"),
    "mirror": ("-vf", "hflip"),
    "brighter": ("-vf", "eq=brightness=0.1:contrast=1.3"),
    "crop 10 %": ("-vf", "crop=iw*0.9:ih*0.9"),
    "crop 20 %": ("-vf", "crop=iw*0.8:ih*0.8"),
    "bars 9:16": ("-vf", "pad=iw:iw*16/9:0:(oh-ih)/2:black"),
    "picture in picture": ("-vf", "scale=iw*0.6:-2,pad=320:180:10:10:gray"),
    "subtitle": ("-filter_complex", "[0:v][1:v]overlay"),
    "logo": ("-vf", "drawbox=iw-55:6:48:30:red:fill"),
    "patch": ("-filter_complex", _FACE),
    "speed": ("-vf", "setpts=PTS/1.05", "-af", "atempo=1.05"),
    "frame rate": ("-r", "15"),
    "trim": ("-ss", "2.4"),
    "trim to 4 s": ("-ss", "3.3", "-t", "4"),
    "chain": (
        *("-filter_complex", "[0:v]hflip,crop=iw*0.95:ih*0.95,scale=320:180[x];[x][1:v]overlay,scale=160:-2"),
        *("-crf", "33"),
    ),
    "side crop 4:5": ("-vf", "crop=ih*0.8:ih"),
    "no sound": ("-an",),
}
#: what people do to a sound; `[1:a]` is another one
SOUND_ATTACKS: dict[str, tuple[str, ...]] = {
    "mp3 64k": ("-c:a", "libmp3lame", "-b:a", "64k"),
    "mp3 32k": ("-c:a", "libmp3lame", "-b:a", "32k"),
    "aac 24k": ("-c:a", "aac", "-b:a", "24k"),
    "telephone": ("-af", "highpass=300,lowpass=3400"),
    "louder": ("-af", "volume=6dB"),
    "quieter": ("-af", "volume=-12dB"),
    "noise": (
        *("-f", "lavfi", "-i", f"anoisesrc=a=0.03:r={RATE}:seed=1", "-filter_complex"),
        "[0:a][1:a]amix=duration=first:weights=1 1:normalize=0",
    ),
    "music under": ("-filter_complex", "[1:a]volume=-12dB[y];[0:a][y]amix=duration=first:normalize=0"),
    "intro": ("-filter_complex", "[1:a]atrim=0:4[x];[x][0:a]concat=n=2:v=0:a=1"),
    "echo": ("-af", "aecho=0.8:0.6:60:0.4"),
    "speed 1.02": ("-af", "atempo=1.02"),
    "speed 1.05": ("-af", "atempo=1.05"),
    "trim": ("-ss", "2.3"),
    "trim to 5 s": ("-ss", "3.1", "-t", "5"),
    "pitch 0.3": ("-af", f"asetrate={RATE}*1.0175,aresample={RATE},atempo=0.9828"),
    "pitch 1": ("-af", f"asetrate={RATE}*1.0595,aresample={RATE},atempo=0.9439"),
}
_ENDINGS = {"libmp3lame": ".mp3", "aac": ".m4a"}


def attacked(path: Path, base: Path, attack: str) -> Path:
    """A copy of a video after an attack of `FILM_ATTACKS`."""
    words, bar = FILM_ATTACKS[attack], path.with_suffix(".png")
    second: tuple[str | Path, ...] = ()
    if any("[1:v]" in word for word in words):
        # letters from Pillow: not every FFmpeg can write
        image = subtitled(Image.new("RGB", (320, 180)))
        mask = Image.new("L", image.size)
        ImageDraw.Draw(mask).rectangle((0, int(180 * 0.84), 320, int(180 * 0.96)), fill=255)
        image.putalpha(mask)
        image.save(bar)
        second = ("-i", bar)
    ffmpeg("-i", base, *second, *CODED, *words, path)
    bar.unlink(missing_ok=True)
    return path


def attacked_sound(path: Path, base: Path, attack: str, other: Path) -> Path:
    """A copy of a sound after an attack of `SOUND_ATTACKS`; its ending follows from how it is written."""
    words = SOUND_ATTACKS[attack]
    second = ("-i", other) if any("[1:a]" in word for word in words) and "lavfi" not in words else ()
    path = path.with_suffix(next((_ENDINGS[word] for word in words if word in _ENDINGS), ".wav"))
    ffmpeg("-i", base, *second, *words, path)
    return path
