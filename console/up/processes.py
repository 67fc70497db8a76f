"""Child processes that are restarted when they crash and never outlive their parent."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from console.up.words import why

PR_SET_PDEATHSIG = 1
STEADY_SECONDS = 10.0
LONGEST_PAUSE = 10.0


@dataclass(frozen=True)
class Spec:
    """One process of `up`. `patience`: seconds it may take to stop before it is killed."""

    name: str
    argv: list[str]
    env: Mapping[str, str]
    ready: Callable[[], bool]
    descriptors: tuple[int, ...] = ()
    patience: float = 10.0


@dataclass
class Supervised:
    """A running `Spec`. A crash starts it again after a pause that grows while it keeps failing."""

    spec: Spec
    log: Path
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    failures: int = 0
    next_start: float = field(default=0.0)

    def start(self) -> None:
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                self.spec.argv,
                env=dict(self.spec.env),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                pass_fds=self.spec.descriptors,
                start_new_session=True,  # Ctrl-C reaches `up` alone, which stops all in order
                preexec_fn=_die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509 - `up` has one thread
            )
        self.started = time.monotonic()
        self.next_start = 0.0

    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def look(self) -> str:
        """Restarts the process if it is due; a sentence when it was found dead, else ''."""
        now = time.monotonic()
        if self.alive():
            if now - self.started > STEADY_SECONDS:
                self.failures = 0
            return ""
        if self.next_start:
            return self._start_again() if now >= self.next_start else ""
        pause = min(0.2 * 2**self.failures, LONGEST_PAUSE)
        self.failures += 1
        self.next_start = now + pause
        code = self.process.returncode if self.process else None
        return (
            f"{self.spec.name} stopped unexpectedly (exit code {code}). "
            f"Starting it again in {pause:.1f} s; its log is {self.log}"
        )

    def _start_again(self) -> str:
        """'', or a sentence when the machine refuses: it may have room later."""
        try:
            self.start()
        except OSError as problem:
            self.next_start = time.monotonic() + LONGEST_PAUSE
            return f"{self.spec.name} cannot be started: {why(problem)}"
        return ""

    def stop(self) -> None:
        """SIGTERM, then SIGKILL once its patience is over."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(self.spec.patience)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
