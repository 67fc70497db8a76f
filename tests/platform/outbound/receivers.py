"""Receivers of every temper on loopback: raw sockets, so that each can misbehave on purpose."""

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

Behaviour = Callable[[socket.socket, bytes], None]


@dataclass
class Receiver:
    """`behave(connection, request)` answers; `requests` are what came, whole."""

    behave: Behaviour
    listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))
    requests: list[bytes] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    connections: int = 0

    port: int = 0

    def __post_init__(self) -> None:
        self.port = self.listener.getsockname()[1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    def serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self.listener.accept()
                self.connections += 1
                threading.Thread(target=self._one, args=(connection,), daemon=True).start()

    def _one(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            request = read_request(connection)
            self.times.append(time.monotonic())
            self.requests.append(request)
            self.behave(connection, request)


def read_request(connection: socket.socket) -> bytes:
    found = b""
    while b"\r\n\r\n" not in found:
        part = connection.recv(65536)
        if not part:
            return found
        found += part
    head, _, body = found.partition(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            length = int(line.partition(b":")[2])
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def answer(status: int = 200, body: bytes = b"ok", *headers: str) -> Behaviour:
    lines = [f"HTTP/1.1 {status} Word", f"Content-Length: {len(body)}", *headers, "", ""]
    return lambda connection, _: connection.sendall("\r\n".join(lines).encode() + body)


def reset(connection: socket.socket, _: bytes) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def never(connection: socket.socket, _: bytes) -> None:
    time.sleep(30)


def drip(connection: socket.socket, _: bytes) -> None:
    """A status line that never ends."""
    for letter in b"HTTP/1.1 200 O" + b"K" * 1000:
        connection.sendall(bytes([letter]))
        time.sleep(0.1)


def huge(connection: socket.socket, _: bytes) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2000000000\r\n\r\n")
    for _number in range(2000):
        connection.sendall(b"x" * 1_000_000)


def headers_only(connection: socket.socket, _: bytes) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")


def garbage(connection: socket.socket, _: bytes) -> None:
    connection.sendall(b"SSH-2.0-nothing of HTTP\r\n\r\n")


@contextlib.contextmanager
def receiving(behave: Behaviour) -> Iterator[Receiver]:
    receiver = Receiver(behave)
    thread = threading.Thread(target=receiver.serve, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.listener.shutdown(socket.SHUT_RDWR)
        receiver.listener.close()
        thread.join(5)
