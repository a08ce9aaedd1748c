"""Which hosts an alert may be sent to: never into our own network, unless the configuration names the host."""

from __future__ import annotations

import socket
from collections.abc import Iterable, Set
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

SPECIAL: Final = (
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
    "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24",
    "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
    "::/127", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "100:0:0:1::/64", "2001::/23",
    "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10",
)  # fmt: skip
"""The special-purpose registries of IANA, for IPv4 and IPv6, whole: nobody whom an alert is for is there."""

_NOBODYS: Final[tuple[IPv4Network | IPv6Network, ...]] = tuple(
    map(ip_network, (*SPECIAL, "224.0.0.0/4", "168.63.129.16/32"))  # multicast; the host below a machine at Azure
)
_NAT64: Final = ip_network("64:ff9b::/96")  # the address of IPv4 is in the last 32 bits (RFC 6052)
_UNICAST: Final = ip_network("2000::/3")  # all of IPv6 that is given out: no translated, compatible or local address
_MOST: Final = 6  # addresses of one host that are tried
UNRESOLVED: Final = "the host's name cannot be resolved"
PRIVATE: Final = "the host is in a private network: name it in alerts.private_hosts if it is meant"


class NotAllowed(Exception):
    """The target's host is not one that may be reached. The text names no address."""


def reachable(host: str, port: int, private: Set[str]) -> tuple[str, ...]:
    """The addresses to connect to, one after the other: all of them public, or any of a host named in `private`.

    Whoever sends must connect to these very addresses: asked again, a name may lead elsewhere. Raises NotAllowed.
    """
    try:
        entries = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):  # the second for a name that is none: a part of it is empty, or too long
        raise NotAllowed(UNRESOLVED) from None
    found = tuple(dict.fromkeys(str(entry[4][0]) for entry in entries))  # in the order of the system's preference
    check(host, found, private)
    return found[:_MOST]


def check(host: str, addresses: Iterable[str], private: Set[str]) -> None:
    """Raises NotAllowed where one of the host's addresses is not public and the host is not named in `private`."""
    if host.lower() not in private and not all(map(_is_public, addresses)):
        raise NotAllowed(PRIVATE)


def _is_public(text: str) -> bool:
    """Whether an address is everybody's, also where it stands for one of IPv4; tunnels (6to4, Teredo) are refused."""
    address = ip_address(text.partition("%")[0])
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return _is_public(str(address.ipv4_mapped))
        if address in _NAT64:
            return _is_public(str(ip_address(int(address) & 0xFFFFFFFF)))
        if address not in _UNICAST or _isatap(address):
            return False
    return not any(address in network for network in _NOBODYS)


def _isatap(address: IPv6Address) -> bool:
    """An address of IPv4 in the last 32 bits, whatever the network (RFC 5214)."""
    return int(address) >> 32 & 0xFCFFFFFF == 0x00005EFE
