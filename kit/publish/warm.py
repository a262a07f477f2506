"""A warm parent: notebooks run in forks of one process that has imported everything once.

`python -m kit.publish.warm PID` (of its parent) reads jobs from its standard input, one JSON line each
(`{"id": …, "job": path}`), forks a process for each and writes `{"id": …}` when it has ended. The fork runs papermill unchanged;
only where the kernel comes from is another: a second fork, made before papermill starts
a thread, becomes the kernel as `ipykernel_launcher` would be. So each notebook still has a
process, a namespace and a DuckDB of its own, and bare papermill gives the same bytes.

Forking is safe only in a process with one thread. Where imports have started others (or
where the system is not Linux) it says so, and its parent starts plain processes instead.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import json
import os
import select
import signal
import sys
import time
from pathlib import Path
from typing import Any, NoReturn

from kit import edition

_PAUSE = 0.02
_ON_PARENTS_DEATH = 1  # PR_SET_PDEATHSIG of prctl(2)


def preload(modules: list[str]) -> None:
    """Import what the jobs will need."""
    for name in ("kit.publish.execute", *modules):
        with contextlib.suppress(ImportError):  # the notebook that needs it says so
            importlib.import_module(name)


def threads() -> int:
    """How many threads this process has; 0 where that cannot be known."""
    try:
        return len(os.listdir("/proc/self/task"))
    except OSError:
        return 0


def main() -> int:
    """Serve until standard input ends, or whoever started this is gone."""
    end_with(int(sys.argv[1]))
    first = json.loads(sys.stdin.buffer.readline() or b"{}")
    preload(first.get("modules", []))
    say({"ready": threads() == 1})
    running: dict[int, Any] = {}
    buffer = b""
    while True:
        ready, _w, _x = select.select([0], [], [], _PAUSE if running else 1.0)
        if ready:
            chunk = os.read(0, 65536)
            if not chunk:
                _end(running)
                return 0
            *lines, buffer = (buffer + chunk).split(b"\n")
            for line in lines:
                asked = json.loads(line)
                running[fork(asked["job"])] = asked["id"]
        for pid in [pid for pid in running if os.waitpid(pid, os.WNOHANG)[0]]:
            say({"id": running.pop(pid)})


def end_with(parent: int) -> None:
    """Let the system end this process with `parent`, which started it, whatever it does at that moment; Linux only.

    A thread that watches would be a second one, and with two nobody may fork.
    """
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_ON_PARENTS_DEATH, signal.SIGKILL)
    if os.getppid() != parent:  # it was gone before
        os._exit(0)


def say(message: dict[str, Any]) -> None:
    """One line to the parent; nobody there any more is the end of the work."""
    os.write(1, json.dumps(message).encode() + b"\n")


def _end(running: dict[int, Any]) -> None:
    for pid in running:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def fork(job: str) -> int:
    """Start `kit.publish.execute` on `job` in a fork of this process; returns its pid."""
    warm = os.getpid()
    if pid := os.fork():
        return pid
    code = 1
    try:
        end_with(warm)
        _quiet()
        os.setsid()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        from kit.publish import execute

        code = execute.main(job, warm, kernels=provide)
    finally:
        os._exit(code)


def _quiet() -> None:
    """Standard input, output and error lead nowhere: a kernel prints how to connect to it."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nowhere, number)
    os.close(nowhere)


class Seed:
    """A fork that waits to become a kernel; made before papermill starts threads.

    `become` wakes it with its connection file, environment and folder. The rest is the little
    of `subprocess.Popen` that jupyter_client's provisioner asks of a kernel.
    """

    stdin = stdout = stderr = None

    def __init__(self) -> None:
        self.returncode: int | None = None
        read, self._pipe = os.pipe()
        executor = os.getpid()
        self.pid = os.fork()
        if not self.pid:
            os.close(self._pipe)
            end_with(executor)
            _wait_and_become(read)
        os.close(read)

    def become(self, connection: str, environment: dict[str, str], folder: str) -> None:
        """Let the fork go on as the kernel that listens where `connection` says."""
        job = {"file": connection, "env": environment, "cwd": folder}
        with os.fdopen(self._pipe, "w") as pipe:
            pipe.write(json.dumps(job))

    def poll(self) -> int | None:
        """The exit code, or None while it lives."""
        if self.returncode is None:
            try:
                pid, status = os.waitpid(self.pid, os.WNOHANG)
            except ChildProcessError:
                self.returncode = 0
            else:
                if pid:
                    self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int | None:
        """Wait for the end, at most `timeout` seconds."""
        end = None if timeout is None else time.monotonic() + timeout
        while self.poll() is None:
            if end is not None and time.monotonic() > end:
                raise TimeoutError
            time.sleep(_PAUSE)
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send a signal to the kernel while it lives."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End the kernel at once."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask the kernel to end."""
        self.send_signal(signal.SIGTERM)


def _wait_and_become(pipe: int) -> NoReturn:
    """Sleep until told what to be; where nobody tells, end."""
    code = 1
    try:
        os.setsid()
        with os.fdopen(pipe) as told:
            text = told.read()
        if not text:
            os._exit(0)
        job = json.loads(text)
        os.environ.clear()
        os.environ.update(job["env"])
        edition.fix(os.environ.get(edition.VARIABLE))
        os.chdir(job["cwd"])
        del sys.path[0]  # the folder of whoever started the run, which a kernel does not see
        sys.argv = ["ipykernel_launcher", "-f", job["file"]]
        from ipykernel import kernelapp

        kernelapp.launch_new_instance(argv=["-f", job["file"]])
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 0
    finally:
        os._exit(code)


def provide() -> None:
    """Let the kernel that papermill starts in this process be a fork of it, as it is now."""
    from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner

    seed = Seed()

    class Forked(LocalProvisioner):
        async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
            folder = str(kwargs.get("cwd") or Path.cwd())
            manager: Any = self.parent
            seed.become(manager.connection_file, dict(kwargs["env"]), folder)
            process: Any = seed
            self.process, self.pid, self.pgid, self.cwd = process, seed.pid, seed.pid, folder
            return self.connection_info

    def create(_self: Any, kernel_id: str, spec: Any, parent: Any) -> Any:
        return Forked(kernel_id=kernel_id, kernel_spec=spec, parent=parent)

    factory: Any = KernelProvisionerFactory
    factory.create_provisioner_instance = create


if __name__ == "__main__":
    sys.exit(main())
