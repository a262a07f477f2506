"""Who does the work of a run: several jobs side by side, in forks of a warm parent or in plain processes.

Results do not depend on which. Whoever has a crew closes it: then every process that it
started, and every one below, is ended.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from kit import threads

#: what would slow every child down, or make it draw elsewhere
_DROPPED = ("PYTHONDONTWRITEBYTECODE",)


@dataclass(frozen=True)
class Task:
    """A job of a run: its file, the tasks it waits for, how much work it is thought to be."""

    name: str
    job: Path
    after: frozenset[str] = frozenset()
    weight: float = 0


def can_fork() -> bool:
    """Whether processes may be forks of a warm parent; the parent looks again once it has loaded everything."""
    return sys.platform == "linux"


class Crew:
    """Processes that do jobs of `kit.publish.execute`; `modules` are what the notebooks will import."""

    def __init__(self, modules: Iterable[str] = (), *, workers: int | None = None) -> None:
        self.modules, self.workers = list(modules), max(1, workers or threads.many())
        self.running: dict[str, subprocess.Popen[bytes] | None] = {}
        self._warm: subprocess.Popen[bytes] | None = None
        self._forks = can_fork()

    def close(self) -> None:
        """End every process of the crew, and every one below."""
        for process in [self._warm, *self.running.values()]:
            if process is not None:
                _dismiss(process)

    def start(self, task: Task) -> None:
        """Begin the job of `task`."""
        if self._forks and self._warm is None:
            self._warm_up()
        if self._forks:
            self._tell({"id": task.name, "job": str(task.job)})
            self.running[task.name] = None
        else:
            self.running[task.name] = _process(
                ["kit.publish.execute", str(task.job), str(os.getpid())], self.workers
            )

    def _warm_up(self) -> None:
        """Start the warm parent; plain processes from now on where it may not fork."""
        self._warm = _process(
            ["kit.publish.warm", str(os.getpid())],
            self.workers,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._tell({"modules": self.modules})
        if not self._heard().get("ready"):
            _dismiss(self._warm)
            self._warm, self._forks = None, False

    def _tell(self, message: dict[str, Any]) -> None:
        assert self._warm is not None
        assert self._warm.stdin is not None
        try:
            self._warm.stdin.write(json.dumps(message).encode() + b"\n")
            self._warm.stdin.flush()
        except BrokenPipeError:
            pass  # it died: the next line it does not say tells so

    def _heard(self) -> dict[str, Any]:
        """The next line of the warm parent; nothing where it died."""
        assert self._warm is not None
        assert self._warm.stdout is not None
        line = self._warm.stdout.readline()
        return json.loads(line) if line.endswith(b"\n") else {}

    def next_ended(self) -> list[str]:
        """Wait until a job has ended; returns those that have."""
        if self._forks:
            return self._next_fork()
        while True:
            ended = [n for n, p in self.running.items() if p is not None and p.poll() is not None]
            if ended:
                for name in ended:
                    del self.running[name]
                return ended
            time.sleep(0.03)

    def _next_fork(self) -> list[str]:
        if message := self._heard():
            del self.running[message["id"]]
            return [message["id"]]
        ended = list(self.running)  # the parent is gone, and everyone with it
        self.running.clear()
        assert self._warm is not None
        _dismiss(self._warm)
        self._warm = None
        return ended


def work(
    tasks: list[Task],
    crew: Crew,
    finished: Callable[[Task], None],
    progress: Callable[[str, int], None] = lambda _what, _done: None,
) -> None:
    """Do all `tasks`, heaviest first, each after those it waits for.

    `finished` looks at what a task left and raises where it failed. The error is that of the first
    failing task in the order of `tasks`, whoever failed first: those before it still come to their end.
    """
    place = {task.name: number for number, task in enumerate(tasks)}
    waiting = sorted(tasks, key=lambda task: (-task.weight, place[task.name]))
    by_name = {task.name: task for task in tasks}
    done: set[str] = set()
    failed: tuple[int, Exception] | None = None
    while waiting or crew.running:
        for task in list(waiting):
            if len(crew.running) >= crew.workers:
                break
            if failed and place[task.name] > failed[0]:
                waiting.remove(task)
            elif not (task.after & by_name.keys()) - done:
                waiting.remove(task)
                progress(task.name, len(done))
                crew.start(task)
        left = [*crew.running, *(task.name for task in waiting)]
        if failed and not any(place[name] < failed[0] for name in left):
            break
        for name in crew.next_ended():
            try:
                finished(by_name[name])
            except Exception as error:
                if failed is None or place[name] < failed[0]:
                    failed = (place[name], error)
            done.add(name)
            progress(name, len(done))
    if failed:
        raise failed[1]


def _process(module: list[str], workers: int, **pipes: Any) -> subprocess.Popen[bytes]:
    """`python -m MODULE …` with nothing around it that would change or slow what it does.

    Where several work side by side, each has its share of the processors.
    """
    environment = {k: v for k, v in os.environ.items() if k not in _DROPPED}
    environment |= {
        "PYTHONHASHSEED": "0",
        threads.MOST: str(max(1, threads.many() // workers)),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        # one thread when it forks: libraries must not start theirs on import
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "JE_ARROW_MALLOC_CONF": "background_thread:false",
    }
    options: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL}
    return subprocess.Popen(
        [sys.executable, "-m", *module],
        env=environment,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        **(options | pipes),
    )


def _dismiss(process: subprocess.Popen[bytes]) -> None:
    """End a process with everyone below it, and close what connects it."""
    _end(process.pid)
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(BrokenPipeError):
                pipe.close()


def _end(pid: int) -> None:
    try:
        parent = psutil.Process(pid)
        family = [*parent.children(recursive=True), parent]
    except psutil.NoSuchProcess:
        return
    for member in family:
        try:
            member.kill()
        except psutil.NoSuchProcess:
            continue
