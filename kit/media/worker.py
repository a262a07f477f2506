"""The child process in which one file is decoded: first the limits, then the decoders.

Started by `kit.media.examine` as a script with a job on its standard input; answers with one
line of JSON. Programs that it starts inherit the limits.
"""

from __future__ import annotations

import json
import resource
import sys

MEMORY = 1 << 30  # bytes of address space
SECONDS = 30  # of processor time, for this process and for each program it starts


def limit(memory: int = MEMORY, seconds: int = SECONDS) -> None:
    """No more memory and processor time than this, no files written, no core dumped."""
    wanted = {
        resource.RLIMIT_AS: (memory, memory),
        resource.RLIMIT_CPU: (seconds, seconds + 1),
        resource.RLIMIT_FSIZE: (0, 0),
        resource.RLIMIT_CORE: (0, 0),
        resource.RLIMIT_NOFILE: (64, 64),
    }
    for what, (soft, hard) in wanted.items():
        most = resource.getrlimit(what)[1]
        if most != resource.RLIM_INFINITY:
            soft, hard = min(soft, most), min(hard, most)
        resource.setrlimit(what, (soft, hard))


def main() -> None:
    """Read the job, look at the file, answer."""
    job = json.loads(sys.stdin.buffer.readline())
    limit()
    sys.path.insert(0, job["code"])
    try:
        from kit.media import decode

        found = decode.compare(job) if "other" in job else decode.look(job)
    except MemoryError:
        found = {"status": "rejected", "reason": "memory"}
    sys.stdout.write(json.dumps(found) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
