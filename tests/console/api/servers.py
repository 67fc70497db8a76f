"""Servers on loopback that misbehave below HTTP, each for as long as a `with` block."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

Handler = Callable[[socket.socket], None]
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


@contextmanager
def server(handle: Handler) -> Iterator[str]:
    """The address of a server that calls `handle` with each connection that comes."""
    listener = socket.create_server(("127.0.0.1", 0))
    connections: list[socket.socket] = []

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            connections.append(connection)
            threading.Thread(target=guarded, args=(connection,), daemon=True).start()

    def guarded(connection: socket.socket) -> None:
        try:
            handle(connection)
        except OSError:
            connection.close()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for connection in connections:
            connection.close()


def read_request(connection: socket.socket) -> bytes:
    seen = b""
    while b"\r\n\r\n" not in seen:
        part = connection.recv(65536)
        if not part:
            raise ConnectionError
        seen += part
    return seen


def answering(*answers: bytes) -> Handler:
    """One answer per request, the last one again and again; the connection stays open."""
    left = list(answers)

    def handle(connection: socket.socket) -> None:
        while True:
            read_request(connection)
            connection.sendall(left.pop(0) if len(left) > 1 else left[0])

    return handle


def closing(answer: bytes) -> Handler:
    def handle(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(answer)
        connection.close()

    return handle


def dripping(text: bytes, *, done: threading.Event) -> Handler:
    """A byte each 20 ms, for ever the last one."""

    def handle(connection: socket.socket) -> None:
        read_request(connection)
        for byte in text:
            connection.sendall(bytes([byte]))
            if done.wait(0.02):
                return
        while not done.wait(0.02):
            connection.sendall(text[-1:])

    return handle


def closed_port() -> str:
    """The address of a port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    return f"http://127.0.0.1:{port}"


def whole(body: bytes) -> bytes:
    return HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body


def secure(folder: Path, then: Handler = lambda _: None) -> Handler:
    """Speaks TLS with a certificate that nobody vouches for but who trusts `folder/key.pem`."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name)
    builder = builder.public_key(key.public_key()).serial_number(1)
    builder = builder.not_valid_before(now).not_valid_after(now + timedelta(days=1))
    address = x509.IPAddress(ip_address("127.0.0.1"))
    builder = builder.add_extension(x509.SubjectAlternativeName([address]), critical=False)
    pem = folder / "key.pem"
    pem.write_bytes(
        builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)

    def handle(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as wrapped:
            then(wrapped)

    return handle
