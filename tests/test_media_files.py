"""Whatever a file holds, it ends as a row with a status, within limits, and nobody is told its secrets."""

from __future__ import annotations

import http.server
import json
import random
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hostile_media
import numpy as np
import psutil
import pytest
import signing
from needs import missing
from PIL import ImageOps

from kit.media import credentials, examine, prints, views, worker
from simulation.media import picture, saved

TOOLS = examine.tools()
NONE = dict.fromkeys(TOOLS)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return hostile_media.write(tmp_path_factory.mktemp("hostile"))


@pytest.mark.parametrize("name", hostile_media.EXPECTED)
def test_a_hostile_file_ends_as_a_row(hostile: Path, name: str) -> None:
    found = examine.examine(hostile / name, NONE)
    status, reason = hostile_media.EXPECTED[name]
    if (
        name == "lies.png" and found["reason"] == "damaged"
    ):  # which check meets it first is the decoder's choice
        reason = "damaged"
    assert (found["status"], found.get("reason")) == (status, reason)
    assert reason is None or reason in examine.REASONS


def test_what_is_kept_of_a_hostile_file_is_marked(hostile: Path) -> None:
    found = {
        name: examine.examine(hostile / name, NONE) for name in ("half.jpg", "endless.gif", "placed.jpg")
    }
    assert found["half.jpg"]["truncated"]
    assert found["endless.gif"]["kind"] == "animation"
    assert found["endless.gif"]["frames"] == 300
    assert found["placed.jpg"]["had_gps"]
    said = json.dumps(found["placed.jpg"])
    assert "44.0" not in said
    assert "26.0" not in said


def test_orientation_is_applied_before_hashing(hostile: Path) -> None:
    found = examine.examine(hostile / "turned.jpg", NONE)
    upright = views.prints(picture(77, (320, 240)).rotate(-90, expand=True))
    (mine,) = prints.unpacked(found["views"]).hashes
    assert np.bitwise_count(mine[0] ^ upright.hashes[0]).sum() <= 16


def test_a_name_means_nothing(hostile: Path) -> None:
    """The decoder sees neither the name nor the folder: the same picture gives the same prints."""
    names = [
        hostile / name for name in (hostile_media.NAMES[0], hostile_media.NAMES[1], hostile_media.NAMES[4])
    ]
    names += [p for p in hostile.iterdir() if "bad" in p.name]
    found = [examine.examine(path, NONE) for path in names]
    assert {f["status"] for f in found} == {"kept"}
    assert len({f["views"] for f in found}) == 1
    assert not list(hostile.glob("**/pwned"))


def test_unreadable_files_are_rows_too(tmp_path: Path) -> None:
    assert examine.examine(tmp_path / "gone.jpg", NONE) == {"status": "rejected", "reason": "unreadable"}
    assert examine.examine(tmp_path, NONE)["status"] == "rejected"


def test_files_are_known_by_their_first_bytes() -> None:
    assert examine.kind_of(saved(picture(1))[:16]) == ("image", "JPEG", "image/jpeg")
    assert examine.kind_of(b"\0\0\0\x20ftypisom\0\0\0\0") == ("recording", "mov", "video/mp4")
    assert examine.kind_of(b"RIFF\0\0\0\0WEBPVP8 ") == ("image", "WEBP", "image/webp")
    assert examine.kind_of(b"#EXTM3U\n") is None
    assert examine.kind_of(b"\xff") is None
    assert examine.kind_of(b"") is None


# --- the limits themselves


def misbehave(tmp_path: Path, body: str, **more: Any) -> tuple[dict[str, Any], float]:
    """The answer about a child that sets the kit's limits and then runs `body`, and the seconds it took."""
    script = tmp_path / "child.py"
    script.write_text(
        "import json, sys\njob = json.loads(sys.stdin.buffer.readline())\nsys.path.insert(0, job['code'])\n"
        f"from kit.media import worker\n{body}\n",
        encoding="utf-8",
    )
    start = time.monotonic()
    return examine.child(script, {}, **more), time.monotonic() - start


def test_a_child_that_takes_memory_is_ended(tmp_path: Path) -> None:
    body = "worker.limit()\nhoard = bytearray(4 << 30)\nprint(json.dumps({'status': 'kept'}))"
    assert misbehave(tmp_path, body)[0] == {"status": "rejected", "reason": "failed"}


def test_a_decoder_that_takes_memory_is_told_by_its_reason(tmp_path: Path) -> None:
    """Where the child is still able to say so, memory is the reason."""
    body = (
        "worker.limit()\nimport kit.media.decode as d\n"
        "def take(job): bytearray(4 << 30)\nd.look = take\n"
        "import io\nsys.stdin = io.TextIOWrapper(io.BytesIO(json.dumps(job).encode() + b'\\n'))\nworker.main()"
    )
    assert misbehave(tmp_path, body)[0] == {"status": "rejected", "reason": "memory"}


def test_a_child_that_loops_is_ended(tmp_path: Path) -> None:
    found, seconds = misbehave(tmp_path, "worker.limit(seconds=1)\nwhile True: pass")
    assert found == {"status": "rejected", "reason": "time"}
    assert seconds < 20


def test_a_child_that_waits_is_ended_with_what_it_started(tmp_path: Path) -> None:
    nap = str(300 + random.random())
    body = f"import subprocess, time\nworker.limit()\nsubprocess.Popen(['sleep', '{nap}'])\ntime.sleep(300)"
    found, seconds = misbehave(tmp_path, body, wall=1.5)
    assert found == {"status": "rejected", "reason": "time"}
    assert seconds < 20
    assert not [p for p in psutil.process_iter(["cmdline"]) if nap in (p.info["cmdline"] or [])]


def test_a_child_that_talks_nonsense_is_not_believed(tmp_path: Path) -> None:
    for answer in ("print('hello')", "print('[1, 2]')", "print('{}')", "pass", "raise SystemExit(3)"):
        assert misbehave(tmp_path, answer)[0] == {"status": "rejected", "reason": "failed"}, answer


def test_a_child_writes_no_file(tmp_path: Path) -> None:
    body = f"worker.limit()\nopen({str(tmp_path / 'left')!r}, 'w').write('x' * 10)\nprint(json.dumps(dict(status='kept')))"
    misbehave(tmp_path, body)
    left = tmp_path / "left"
    assert not left.exists() or left.stat().st_size == 0


# --- content credentials


class Counter(http.server.BaseHTTPRequestHandler):
    asked: list[str] = []  # noqa: RUF012

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_response(404)
        self.end_headers()

    def log_message(self, *_words: object) -> None:
        pass


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with http.server.HTTPServer(("127.0.0.1", 0), Counter) as found:
        threading.Thread(target=found.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{found.server_port}/m.c2pa"
        found.shutdown()


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory, server: str) -> dict[str, Path]:
    """A picture with credentials in every state; skipped where the library is not installed."""
    if lacking := missing("c2pa", "cryptography"):
        pytest.skip(lacking)
    return signing.write(tmp_path_factory.mktemp("signed"), picture(5, (320, 240)), server)


def test_the_states_of_credentials(signed: dict[str, Path]) -> None:
    mime = "image/jpeg"
    said = {
        name: credentials.status(str(path), mime) for name, path in signed.items() if path.suffix == ".jpg"
    }
    assert said["plain"] == said["again"] == "none"
    assert said["signed"] == "valid_untrusted"
    assert said["pixel"] == said["claim"] == said["moved"] == "invalid"
    assert said["header"] == said["cut"] == said["random"] == said["empty"] == "unreadable"
    assert said["remote"] == "remote_not_fetched"
    assert set(said.values()) <= set(credentials.STATUSES)
    root = signed["root"].read_text("ascii")
    assert credentials.status(str(signed["signed"]), mime, root) == "trusted"
    assert credentials.status(str(signed["pixel"]), mime, root) == "invalid"
    stranger = signed["other_root"].read_text("ascii")
    assert credentials.status(str(signed["signed"]), mime, stranger) == "valid_untrusted"


def test_credentials_are_read_in_the_child_and_nothing_is_fetched(signed: dict[str, Path]) -> None:
    Counter.asked.clear()
    found = examine.examine(signed["remote"], NONE)
    assert found["c2pa"] == "remote_not_fetched"
    assert examine.examine(signed["signed"], NONE)["c2pa"] == "valid_untrusted"
    assert Counter.asked == []


def test_without_the_library_nothing_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "c2pa", None)
    assert credentials.status(str(tmp_path), "image/jpeg") == "not_computed"


# --- programs that are not there


def test_without_programs_recordings_are_not_computed(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"\0\0\0\x20ftypisom" + b"\0" * 100)
    found = examine.examine(tmp_path / "a.mp4", NONE)
    assert (found["status"], found["reason"]) == ("not_computed", "no_ffmpeg")


def test_an_empty_path_has_no_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert examine.tools() == {"ffmpeg": None, "ffprobe": None, "fpcalc": None}


def test_pictures_need_no_program(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", "")
    (tmp_path / "a.jpg").write_bytes(saved(ImageOps.mirror(picture(4, (200, 150)))))
    assert examine.examine(tmp_path / "a.jpg", examine.tools())["status"] == "kept"


def test_the_worker_is_a_script_of_its_own() -> None:
    """It must set its limits before it imports anything that decodes."""
    lines = Path(worker.__file__).read_text("utf-8").splitlines()
    imports = [line for line in lines if line.startswith(("import", "from"))]
    assert imports == ["from __future__ import annotations", "import json", "import resource", "import sys"]
