"""Stands over a program where there are no namespaces: standard library only, run as a script.

It ends everything that came from the program when the program ends, and when the runner does.
Landlock (kernel 5.13 and later) keeps the program to the folders that it needs.

    python -I -S launcher.py '{"groups": [], "data": 0, "file": 0, "read": [], "write": [],
                               "wall": true, "folder": "/"}' program argument ...
"""

import contextlib
import ctypes
import json
import os
import resource
import signal
import sys
import time
from types import FrameType
from typing import Any, NoReturn

LINUX = sys.platform == "linux"
SET_PDEATHSIG, DROP_CAPABILITY, SET_CHILD_SUBREAPER, SET_NO_NEW_PRIVS = 1, 24, 36, 38
CAPABILITIES = 64  # more than there are
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
NET_SINCE, SCOPES_SINCE = 4, 6  # versions of Landlock that know more fields
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1, 2, 4, 8
REFER, TRUNCATE, IOCTL = 1 << 13, 1 << 14, 1 << 15
ON_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL
READING = EXECUTE | READ_FILE | READ_DIR
NOT_FOUND, NOT_STARTED = 127, 125
PATIENCE = 0.2


class _Ruleset(ctypes.Structure):
    _fields_ = (
        ("files", ctypes.c_uint64),
        ("net", ctypes.c_uint64),
        ("scoped", ctypes.c_uint64),
    )


class _Rule(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32))


def landlock_version() -> int:
    """What the kernel knows of Landlock; 0 for nothing."""
    if not LINUX:
        return 0
    return max(int(_libc().syscall(CREATE_RULESET, None, ctypes.c_size_t(0), 1)), 0)


def _libc() -> Any:
    return ctypes.CDLL(None, use_errno=True)


def _prctl(option: int, value: int) -> None:
    if LINUX:
        _libc().prctl(option, value, 0, 0, 0)


def _handled(version: int) -> int:
    newest = {1: REFER - 1, 2: TRUNCATE - 1, 3: IOCTL - 1, 4: IOCTL - 1}
    return newest.get(version, (IOCTL << 1) - 1)


def _wall(read: list[str], write: list[str]) -> None:
    """From here on this process and all that come from it reach only these paths."""
    version, libc = landlock_version(), _libc()
    handled = _handled(version)
    rules = _Ruleset(handled, 0, 3 if version >= SCOPES_SINCE else 0)
    size = 8 if version < NET_SINCE else 16 if version < SCOPES_SINCE else 24
    ruleset = libc.syscall(CREATE_RULESET, ctypes.byref(rules), ctypes.c_size_t(size), 0)
    for paths, allowed in ((read, READING), (write, handled)):
        for path in paths:
            _allow(ruleset, path, allowed & handled)
    if ruleset < 0 or libc.syscall(RESTRICT_SELF, ruleset, 0):
        os._exit(NOT_STARTED)
    os.close(ruleset)


def _allow(ruleset: int, path: str, allowed: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)  # type: ignore[attr-defined,unused-ignore] # there is Linux only
    except OSError:
        return
    if not os.path.isdir(path):  # noqa: PTH112 - this file is read at every start
        allowed &= ON_FILES
    rule = _Rule(allowed, place)
    _libc().syscall(ADD_RULE, ruleset, 1, ctypes.byref(rule), 0)
    os.close(place)


def _become(options: dict[str, Any], argv: list[str], parent: int) -> NoReturn:
    _prctl(SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(NOT_STARTED)
    for number in range(CAPABILITIES if os.geteuid() == 0 else 0):
        _prctl(DROP_CAPABILITY, number)  # even root becomes an ordinary owner of files
    _prctl(SET_NO_NEW_PRIVS, 1)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for limit, name in ((resource.RLIMIT_DATA, "data"), (resource.RLIMIT_FSIZE, "file")):
        if options[name]:
            resource.setrlimit(limit, (options[name], options[name]))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    try:
        os.chdir(options["folder"])
        if options["wall"]:
            _wall(options["read"], options["write"])
        os.execvp(argv[0], argv)  # noqa: S606 - that is what it is for
    except OSError as problem:
        sys.stderr.write(f"{argv[0]}: {problem.strerror}\n")
        os._exit(NOT_FOUND)


def _children() -> list[int]:
    """What came from this process: a subreaper gets everyone whose parent ended."""
    parents = {}
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                words = _read(f"{entry.path}/stat").rpartition(b")")[2].split()
                parents[int(entry.name)] = int(words[1])
    found, latest = set[int](), {os.getpid()}
    while latest:
        latest = {pid for pid, parent in parents.items() if parent in latest} - found
        found |= latest
    return list(found)


def _read(path: str) -> bytes:
    file = os.open(path, os.O_RDONLY)
    try:
        return os.read(file, 4096)
    finally:
        os.close(file)


def _end_all(program: int) -> None:
    while True:
        for pid in _children() if LINUX else [program]:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return
        time.sleep(0.005)


def main(options: dict[str, Any], argv: list[str]) -> int:
    """The exit code of the program, 128 + n for signal n."""
    runner = os.getppid()
    for group in options["groups"]:
        file = os.open(f"{group}/cgroup.procs", os.O_WRONLY)
        os.write(file, str(os.getpid()).encode())
        os.close(file)
    _prctl(SET_CHILD_SUBREAPER, 1)
    _prctl(SET_PDEATHSIG, signal.SIGTERM)
    own = os.getpid()
    program = os.fork()
    if not program:
        _become(options, argv, own)

    def leave(number: int, frame: FrameType | None) -> NoReturn:
        _end_all(program)
        os._exit(128 + number)

    signal.signal(signal.SIGTERM, leave)
    while True:
        if os.getppid() != runner:
            leave(signal.SIGTERM, None)
        pid, status = os.waitpid(-1, 0 if LINUX else os.WNOHANG)
        if pid == program:
            _end_all(program)
            code = os.waitstatus_to_exitcode(status)
            return 128 - code if code < 0 else code
        if not pid:
            time.sleep(PATIENCE)


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1]), sys.argv[2:]))
