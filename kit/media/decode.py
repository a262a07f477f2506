"""What one file holds, decoded inside the child process of `kit.media.worker`."""

from __future__ import annotations

import json
import subprocess
import time
import warnings
from collections.abc import Iterator
from typing import IO, Any

from PIL import Image, ImageFile, ImageOps

from kit.media import credentials, prints
from kit.media.diff_notes import difference
from kit.media.views import Prints
from kit.media.views import prints as look_at

PIXELS = 25_000_000  # of one picture or frame
SIDE = 20_000  # pixels of a side
FRAMES = 600  # of a video, one a second
COUNTED = 300  # frames of an animation that are counted
_FRAME = 256  # pixels of the longer side of a frame
_DEADLINE = 45.0  # seconds after which a video is left with the frames seen so far
_BUSY = 24.0  # seconds of this process's own time, likewise
_GPS = 0x8825


class Refused(Exception):
    """A file that cannot be looked at; the argument is a word of `kit.media.examine.REASONS`."""


def look(job: dict[str, Any]) -> dict[str, Any]:
    """What the file of a job holds; `status` says whether it is kept."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = _picture(job) if job["family"] == "image" else _recording(job)
    except Refused as refused:
        return {"status": "rejected", "reason": refused.args[0]}
    return {"status": "kept", "c2pa": credentials.status(job["path"], job["mime"], job["trust"])} | found


def compare(job: dict[str, Any]) -> dict[str, Any]:
    """Where the picture of a job differs from that of its `other`."""
    images = [_loaded(one)[0] for one in (job, job["other"])]
    first, second = (ImageOps.exif_transpose(image) for image in images)
    return {"status": "kept"} | difference(first, second)._asdict()


def _picture(job: dict[str, Any]) -> dict[str, Any]:
    Image.MAX_IMAGE_PIXELS = PIXELS  # twice as many are an error before anything is decoded
    try:
        image, truncated = _loaded(job)
        gps = _GPS in image.getexif()
        upright = ImageOps.exif_transpose(image)
        frames = _frames(image) if job["format"] in ("GIF", "WEBP") else 1
    except Refused:
        raise
    except Image.DecompressionBombError:
        raise Refused("too_many_pixels") from None
    except MemoryError:
        raise Refused("memory") from None
    except Exception:  # whatever a decoder makes of hostile bytes
        raise Refused("damaged") from None
    return {
        "kind": "animation" if frames > 1 else "image",
        "width": job["width"],
        "height": job["height"],
        "frames": frames,
        "truncated": truncated,
        "had_gps": gps,
        "views": prints.packed([(0, look_at(upright))]),
    }


def _loaded(job: dict[str, Any]) -> tuple[Image.Image, bool]:
    """The picture with its first frame decoded, and whether its end is missing."""
    for broken in (False, True):
        ImageFile.LOAD_TRUNCATED_IMAGES = broken
        image = Image.open(job["path"], formats=(job["format"],))
        job["width"], job["height"] = image.size
        if image.width * image.height > PIXELS or max(image.size) > SIDE:
            raise Refused("too_many_pixels")
        image.draft("RGB", (2 * 512, 2 * 512))
        try:
            image.load()
            return image, broken
        except OSError as error:
            if broken or "truncated" not in str(error):
                raise
    raise AssertionError("unreachable")


def _frames(image: Image.Image) -> int:
    """Frames of an animation, counted up to a limit."""
    count = 1
    try:
        while count < COUNTED:
            image.seek(count)
            count += 1
    except (EOFError, OSError, ValueError):
        pass
    return count


def _recording(job: dict[str, Any]) -> dict[str, Any]:
    if not job["ffmpeg"] or not job["ffprobe"]:
        return {"status": "not_computed", "reason": "no_ffmpeg", "kind": None}
    about = _probe(job)
    streams = about.get("streams", [])
    films = [
        s for s in streams if s.get("codec_type") == "video" and not s["disposition"].get("attached_pic")
    ]
    sounds = [s for s in streams if s.get("codec_type") == "audio"]
    if not films and not sounds:
        raise Refused("damaged")
    tags = about.get("format", {}).get("tags", {})
    found: dict[str, Any] = {
        "kind": "video" if films else "audio",
        "duration_s": _seconds(about),
        "has_sound": bool(sounds),
        "had_gps": any("location" in key.lower() for key in tags),
        "truncated": False,
    }
    if films:
        width, height = int(films[0].get("width") or 0), int(films[0].get("height") or 0)
        if width * height > PIXELS:
            raise Refused("too_many_pixels")
        seen, cut = _film(job)
        if not seen and not sounds:
            raise Refused("damaged")
        found |= {"width": width, "height": height, "frames": len(seen), "views": prints.packed(seen)}
        found["truncated"] = cut or (found["duration_s"] or 0) > FRAMES
    if sounds:
        found |= {"sound": _sound(job)} if job["fpcalc"] else {"reason": "no_fpcalc"}
    return found


def _seconds(about: dict[str, Any]) -> float | None:
    try:
        return round(float(about["format"]["duration"]), 2)
    except (KeyError, ValueError):
        return None


def _input(job: dict[str, Any]) -> list[str]:
    return ["-v", "error", "-protocol_whitelist", "file", "-f", job["format"], "-i", f"file:{job['path']}"]


def _probe(job: dict[str, Any]) -> dict[str, Any]:
    entries = "stream=codec_type,width,height:stream_disposition=attached_pic:format=duration:format_tags"
    command = [job["ffprobe"], *_input(job), "-show_entries", entries, "-of", "json"]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=20)  # noqa: S603
        return json.loads(done.stdout or b"{}")
    except subprocess.TimeoutExpired:
        raise Refused("time") from None
    except ValueError:
        raise Refused("damaged") from None


def _film(job: dict[str, Any]) -> tuple[list[tuple[int, Prints]], bool]:
    """Looks at one frame a second, and whether the time ran out before the end."""
    size = f"scale='min({_FRAME},iw)':'min({_FRAME},ih)':force_original_aspect_ratio=decrease:flags=area"
    command = [job["ffmpeg"], "-nostdin", "-threads", "1", *_input(job), "-map", "0:v:0", "-an", "-sn"]
    command += ["-t", str(FRAMES), "-vf", f"fps=1,{size}", "-frames:v", str(FRAMES), "-threads", "1"]
    command += ["-f", "image2pipe", "-c:v", "ppm", "-pix_fmt", "rgb24", "pipe:1"]
    until = time.monotonic() + _DEADLINE
    seen: list[tuple[int, Prints]] = []
    process = subprocess.Popen(  # noqa: S603
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    try:
        assert process.stdout is not None
        for frame in _pictures(process.stdout):
            seen.append((len(seen), look_at(frame)))
            if time.monotonic() > until or time.process_time() > _BUSY:
                return seen, True
        return seen, process.wait() < 0
    finally:
        process.kill()
        process.wait()


def _pictures(stream: IO[bytes]) -> Iterator[Image.Image]:
    """Pictures of a stream of PPM."""
    while stream.readline() == b"P6\n":
        width, height = map(int, stream.readline().split())
        stream.readline()
        pixels = stream.read(width * height * 3)
        if len(pixels) < width * height * 3:
            return
        yield Image.frombytes("RGB", (width, height), pixels)


def _sound(job: dict[str, Any]) -> str | None:
    """The fingerprint of the first sound; fpcalc is given plain samples, never the file."""
    command = [job["ffmpeg"], "-nostdin", *_input(job), "-map", "0:a:0", "-vn", "-sn", "-t", str(FRAMES)]
    command += ["-ac", "1", "-ar", "11025", "-c:a", "pcm_s16le", "-f", "wav", "pipe:1"]
    try:
        samples = subprocess.run(  # noqa: S603
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=30
        ).stdout
        done = subprocess.run(  # noqa: S603
            [job["fpcalc"], "-raw", "-json", "-length", str(FRAMES), "-"],
            input=samples,
            capture_output=True,
            timeout=30,
        )
        numbers = json.loads(done.stdout)["fingerprint"]
        return "".join(f"{number & 0xFFFFFFFF:08x}" for number in numbers) or None
    except (subprocess.TimeoutExpired, ValueError, KeyError):
        return None
