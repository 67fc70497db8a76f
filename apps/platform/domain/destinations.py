"""Where the Platform may connect to on behalf of others (reliability-security.md facts 10, 11).

A URL is looked at when it is saved, every address when it is dialled. Nothing is
resolved here.
"""

import re
import socket
import unicodedata
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import quote, urlsplit

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

LONGEST_URL = 2000
USUAL_PORTS = {"http": 80, "https": 443}
# not for the public, whatever Python's own tables say of them (fact 11)
_RESERVED = """
0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 168.63.129.16/32 169.254.0.0/16 172.16.0.0/12
192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24
203.0.113.0/24 224.0.0.0/4 240.0.0.0/4 ::/96 ::1/128 ::ffff:0:0:0/96 64:ff9b::/96
64:ff9b:1::/48 100::/64 2001::/23 2001:db8::/32 2002::/16 3fff::/20 5f00::/16 fc00::/7
fe80::/10 fec0::/10 ff00::/8
"""
RESERVED = [ip_network(each) for each in _RESERVED.split()]
_BLANK = re.compile(r"[\x00-\x20\x7f\\]")
_NUMERIC = re.compile(r"[0-9a-fx.]+\Z", re.IGNORECASE)


class Refused(Exception):
    """A sentence why nothing is sent there."""


@dataclass(frozen=True)
class Policy:
    """What the settings allow besides the public internet."""

    loopback: bool = False
    networks: tuple[Network, ...] = ()
    ports: tuple[tuple[int, int], ...] = ((80, 80), (443, 443), (1024, 65535))

    def allows(self, address: str) -> bool:
        found = _unmapped(ip_address(address.partition("%")[0]))
        if any(found in network for network in self.networks if network.version == found.version):
            return True
        if found.is_loopback:
            return self.loopback
        reserved = any(found in each for each in RESERVED if each.version == found.version)
        return found.is_global and not reserved

    def check(self, host: str, addresses: list[str]) -> None:
        """Refused when one of them is not for us: one bad address spoils the whole name."""
        if not addresses or not all(self.allows(address) for address in addresses):
            raise Refused(self.reason(host))

    def reason(self, host: str) -> str:
        state = "on" if self.loopback else "off"
        return (
            f"{host[:200]} is on a network that may not be called from here. Addresses of this "
            f"machine (CALLBOARD_OUTBOUND_LOOPBACK) are {state}, private networks "
            "(CALLBOARD_OUTBOUND_NETWORKS) must be named."
        )


@dataclass(frozen=True)
class Target:
    scheme: str
    host: str  # ASCII, without brackets
    port: int
    path: str  # with the query, ASCII

    @property
    def receiver(self) -> str:
        return f"{self.host}:{self.port}"


def target_of(url: str, policy: Policy) -> Target:
    """What the URL names; Refused when it surely cannot or may not be called."""
    if not url or len(url) > LONGEST_URL or _BLANK.search(url):
        raise Refused(f"The URL must have 1 to {LONGEST_URL} characters and no blanks")
    try:
        parts = urlsplit(url)
        port, host = parts.port, _ascii(parts.hostname or "")
    except ValueError:
        raise Refused("The URL cannot be read") from None
    if parts.scheme not in USUAL_PORTS or not host:
        raise Refused("The URL must start with http:// or https:// and name a host")
    if parts.username is not None or parts.password is not None:
        raise Refused("The URL must not hold a user name or password. Send them as a header")
    port = USUAL_PORTS[parts.scheme] if port is None else port
    if not any(first <= port <= last for first, last in policy.ports):
        raise Refused(f"Port {port} may not be called (CALLBOARD_OUTBOUND_PORTS)")
    _check_literal(host, policy)
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?")
    return Target(parts.scheme, host, port, f"{path}?{query}" if query else path)


def _ascii(host: str) -> str:
    """Dots and letters of other scripts as those that a resolver would see."""
    plain = unicodedata.normalize("NFKC", host).lower()
    return plain if ":" in plain else plain.encode("idna").decode()


def _check_literal(host: str, policy: Policy) -> None:
    bare = host.rstrip(".")
    if bare == "localhost" or bare.endswith(".localhost"):
        policy.check(host, ["127.0.0.1"])
    elif (address := literal(bare)) is not None:
        policy.check(host, [address])


def literal(host: str) -> str | None:
    """The address when `host` spells one, short, octal and hexadecimal forms too."""
    try:
        if ":" in host:
            return str(ip_address(host.partition("%")[0]))
        if _NUMERIC.match(host):
            return socket.inet_ntoa(socket.inet_aton(host))
    except (OSError, ValueError):
        return None
    return None


def _unmapped(address: Address) -> Address:
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def networks_of(texts: list[str]) -> tuple[Network, ...]:
    return tuple(ip_network(text.strip()) for text in texts if text.strip())


def ports_of(texts: list[str]) -> tuple[tuple[int, int], ...]:
    """`["80", "1024-65535"]` as ranges."""
    pairs = [text.strip().partition("-") for text in texts if text.strip()]
    return tuple((int(first), int(last or first)) for first, _, last in pairs)
