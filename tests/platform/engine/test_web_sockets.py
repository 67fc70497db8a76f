"""WebSockets of Actors under their run's containerUrl."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from tests.platform.engine.conftest import Machine
from tests.platform.engine.test_web import ready
from tests.stack import wait_for

# answers a handshake, tells its head, gives back what it gets, closes with 4001 on "bye"
SERVER = """
import base64, hashlib, json, os, socket, struct, threading

def frame(kind, body):
    size = len(body)
    if size < 126:
        head = bytes([0x80 | kind, size])
    elif size < 65536:
        head = bytes([0x80 | kind, 126]) + struct.pack(">H", size)
    else:
        head = bytes([0x80 | kind, 127]) + struct.pack(">Q", size)
    return head + body

def take(file):
    kind, size = file.read(2)
    size &= 127
    if size > 125:
        size = struct.unpack(*((">H", file.read(2)) if size == 126 else (">Q", file.read(8))))[0]
    mask = file.read(4)
    body = bytearray(file.read(size))
    for n in range(4):
        part = body[n::4]
        body[n::4] = bytes(byte ^ mask[n] for byte in part)
    return kind & 15, bytes(body)

def serve(link):
    file = link.makefile("rb")
    lines = []
    while line := file.readline().strip():
        lines.append(line.decode())
    named = dict(line.lower().split(": ", 1) for line in lines[1:])
    if "sec-websocket-key" not in named:
        return link.close()
    [key] = [line.split(": ")[1] for line in lines if line.lower().startswith("sec-websocket-key")]
    proof = hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()
    head = ["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade"]
    head += ["Sec-WebSocket-Accept: " + base64.b64encode(proof).decode()]
    if "sec-websocket-protocol" in named:
        asked = named["sec-websocket-protocol"].split(",")
        head += ["Sec-WebSocket-Protocol: " + asked[-1].strip()]
    link.sendall(("\\r\\n".join(head) + "\\r\\n\\r\\n").encode())
    link.sendall(frame(1, json.dumps({"asked": lines[0], **named}).encode()))
    while True:
        kind, body = take(file)
        if kind == 8:
            print("closed by caller", struct.unpack(">H", body[:2])[0], flush=True)
            return link.close()
        if body == b"bye":
            link.sendall(frame(8, struct.pack(">H", 4001) + b"enough"))
        else:
            link.sendall(frame(kind, body[::-1]))

listener = socket.create_server(("127.0.0.1", int(os.environ["ACTOR_WEB_SERVER_PORT"])))
while True:
    link = listener.accept()[0]
    threading.Thread(target=serve, args=(link,), daemon=True).start()
"""


@pytest.fixture(scope="module")
def run(machine: Machine) -> Iterator[Any]:
    """One whose server is ready."""
    started = machine.start(machine.actor("serves-sockets", SERVER))
    yield wait_for(lambda: ready(machine, started))
    machine.ada.data("POST", f"actor-runs/{started}/abort")
    machine.end(started)


def dial(url: str, **options: Any) -> ClientConnection:
    made: ClientConnection = connect(url.replace("http:", "ws:", 1), proxy=None, **options)
    return made


def test_rule_97_a_web_socket_reaches_the_process(run: Any) -> None:
    sent = {"Cookie": "sessionid=secret", "X-Own": "kept"}
    url = f"{run['containerUrl']}live/view?a=%20b"
    with dial(url, additional_headers=sent, subprotocols=["one", "two"], origin="null") as socket:
        told = json.loads(socket.recv(10))
        assert told["asked"] == "GET /live/view?a=%20b HTTP/1.1"
        assert (told["x-own"], told["origin"]) == ("kept", "null")
        assert run["containerUrl"].lower().endswith(told["x-forwarded-prefix"] + "/")
        assert "cookie" not in told
        assert socket.subprotocol == "two"
        for message in (b"\x00\xff" * 300, bytes(range(256)) * 1000):
            socket.send(message)
            assert socket.recv(10) == message[::-1]
        socket.send("abc")
        assert socket.recv(10) == "cba"


def test_rule_97_closing_goes_both_ways(machine: Machine, run: Any) -> None:
    with dial(run["containerUrl"]) as socket:
        socket.recv(10)
        socket.send("bye")
        with pytest.raises(ConnectionClosed) as closed:
            socket.recv(10)
        assert closed.value.rcvd is not None
        assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (4001, "enough")
    with dial(run["containerUrl"]) as socket:
        socket.recv(10)
        socket.close(4321)
    machine.said(run["id"], "closed by caller 4321")


def test_rule_97_no_server_no_web_socket(run: Any) -> None:
    unknown = run["containerUrl"].rsplit("/", 2)[0] + "/none/"
    with pytest.raises(InvalidStatus):
        dial(unknown)
