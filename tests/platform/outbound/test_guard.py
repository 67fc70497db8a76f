"""No spelling of an address, redirect or name server leads the Platform inside (facts 10, 11)."""

import socket
from typing import Any

import httpcore
import pytest

from apps.platform.domain.destinations import Policy, Refused, networks_of, target_of
from apps.platform.engine import outbound
from tests.platform.outbound import receivers
from tests.platform.outbound.receivers import receiving

LOOPBACK = Policy(loopback=True)
TEXTS = """
127.0.0.1 127.1 2130706433 0x7f000001 017700000001 0 localhost LOCALHOST localhost. a.localhost
127。0。0。1 \uff11\uff12\uff17.0.0.1 [::ffff:127.0.0.1] [::ffff:7f00:1] 0.0.0.0 127.0.0.2 [::1]
[::] [::7f00:1] [64:ff9b::7f00:1] [2002:7f00:1::] [fe80::1] [fc00::1] [fec0::1] [ff02::1] 10.0.0.1
10.1 0xa.0.0.1 172.16.0.1 172.31.255.255 192.168.0.1 192.168.1 169.254.169.254 0xa9fea9fe 2852039166
[::ffff:169.254.169.254] 100.64.0.1 168.63.129.16 192.0.0.192 192.0.2.1 198.18.0.1 198.51.100.1
203.0.113.1 224.0.0.1 240.0.0.1 255.255.255.255 192.88.99.1 [100::1] [2001::1] [2001:db8::1]
[3fff::1] [5f00::1] [64:ff9b:1::1] [fd00:ec2::254] 0177.0.0.1 127.0.1 [0:0:0:0:0:0:0:1]
[::ffff:0:127.0.0.1] 0x7f.1 127.0.0.1. 3232235521 0X7F.1
"""
SPELLINGS = TEXTS.split()
UNFIT = """
ftp://example.com file:///etc/passwd gopher://example.com example.com http:// https:///x
http://user@example.com http://example.com@127.0.0.1 http://example.com:22 http://[::1
http://example.com:99999 http://example.com:x http://example.com:0 javascript:alert(1)
http://example.com\\@127.0.0.1 //example.com
"""


@pytest.mark.parametrize("host", SPELLINGS)
async def test_no_spelling_reaches_a_listener(host: str) -> None:
    with receiving(receivers.answer()) as receiver:
        with pytest.raises((Refused, outbound.Unreachable)):
            await call(f"http://{host}:{receiver.port}/hook")
        assert receiver.connections == 0


@pytest.mark.parametrize("host", SPELLINGS)
def test_an_address_that_cannot_work_is_refused_when_it_is_saved(host: str) -> None:
    with pytest.raises(Refused):
        target_of(f"http://{host}:8000/", Policy())


@pytest.mark.parametrize("url", UNFIT.split())
def test_a_url_that_cannot_be_called_is_refused(url: str) -> None:
    with pytest.raises(Refused):
        target_of(url, Policy())


@pytest.mark.parametrize("url", ["http://a\nb.com", "http://a b.com", "http://a.com/\r\nX: y", ""])
def test_blanks_never_reach_a_header(url: str) -> None:
    with pytest.raises(Refused):
        target_of(url, Policy())


def test_what_the_settings_allow() -> None:
    policy = Policy(loopback=True, networks=networks_of(["10.1.0.0/16"]), ports=((80, 80),))
    assert target_of("http://127.0.0.1/", policy).port == 80
    assert policy.allows("10.1.2.3")
    assert not policy.allows("10.2.0.1")
    assert policy.allows("::1")
    assert not policy.allows("0.0.0.1")
    with pytest.raises(Refused, match="Port 8000"):
        target_of("http://127.0.0.1:8000/", policy)


def test_the_refusal_names_the_setting_and_its_state() -> None:
    with pytest.raises(Refused, match=r"CALLBOARD_OUTBOUND_LOOPBACK\) are off"):
        target_of("http://localhost:8000", Policy())


def test_public_addresses_and_odd_paths_are_fine() -> None:
    target = target_of("https://exämple.com/ä?q=1 2#part".replace(" ", "%20"), Policy())
    assert (target.host, target.port) == ("xn--exmple-cua.com", 443)
    assert target.path == "/%C3%A4?q=1%202"
    assert Policy().allows("93.184.216.34")
    assert Policy().allows("2606:2800:220:1:248:1893:25c8:1946")


async def test_rebinding_the_checked_answer_is_the_one_dialled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []

    def answers(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        address = "93.184.216.34" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    dialled: list[str] = []

    class Dial:
        async def connect_tcp(self, address: str, *_: Any) -> Any:
            dialled.append(address)
            raise httpcore.ConnectError

    monkeypatch.setattr("socket.getaddrinfo", answers)
    monkeypatch.setattr("httpcore.AnyIOBackend", Dial)
    with pytest.raises(outbound.Unreachable):
        await call("http://rebind.test:8000/")
    assert (asked, dialled) == (["rebind.test"], ["93.184.216.34"])
    with pytest.raises(Refused):
        await call("http://rebind.test:8000/")
    assert dialled == ["93.184.216.34"]


async def test_one_bad_address_spoils_the_whole_name(monkeypatch: pytest.MonkeyPatch) -> None:
    both = [(0, 0, 0, "", ("93.184.216.34", 80)), (0, 0, 0, "", ("127.0.0.1", 80))]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: both)
    with pytest.raises(Refused):
        await call("http://two.test/")


async def test_a_redirect_inside_is_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    with receiving(receivers.answer()) as inside:
        to = f"Location: http://127.0.0.2:{inside.port}/inner"
        with receiving(receivers.answer(302, b"", to)) as start:
            only = Policy(networks=networks_of(["127.0.0.1/32"]))
            monkeypatch.setattr(outbound, "policy", lambda: only)
            assert (await call(start.url)).status == 302
            with pytest.raises(Refused):
                async with outbound.download(start.url, seconds=5):
                    pass
        assert inside.connections == 0


@pytest.mark.parametrize(
    ("behave", "sentence"),
    [
        (receivers.reset, "could not be reached"),
        (receivers.garbage, "did not answer as HTTP says"),
        (receivers.never, "No answer came within 0.5 s"),
        (receivers.drip, "No answer came within 0.5 s"),
    ],
)
async def test_f_16_hostile_receivers_are_a_sentence(
    monkeypatch: pytest.MonkeyPatch, behave: receivers.Behaviour, sentence: str
) -> None:
    monkeypatch.setattr(outbound, "policy", lambda: LOOPBACK)
    with receiving(behave) as receiver, pytest.raises(outbound.Unreachable, match=sentence):
        await call(receiver.url, seconds=0.5)


async def test_f_16_a_huge_body_is_cut_and_a_broken_one_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(outbound, "policy", lambda: LOOPBACK)
    with receiving(receivers.huge) as receiver:
        assert await call(receiver.url) == outbound.Answer(200, b"x" * 1000)
    with receiving(receivers.headers_only) as receiver:
        assert await call(receiver.url) == outbound.Answer(200, b"half")


async def test_a_closed_port_says_what_a_reset_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbound, "policy", lambda: LOOPBACK)
    with receiving(receivers.answer()) as receiver:
        url = receiver.url
    with pytest.raises(outbound.Unreachable, match="could not be reached"):
        await call(url)


async def call(url: str, *, seconds: float = 5) -> outbound.Answer:
    headers = [("Content-Type", "application/json")]
    return await outbound.post(url, headers, b"{}", verify=True, seconds=seconds, most=1000)
