"""Which hosts an alert may be sent to: never into our own network, unless the configuration names the host."""

from __future__ import annotations

import socket
from collections.abc import Set
from ipaddress import IPv6Address, ip_address, ip_network

_NAT64 = ip_network("64:ff9b::/96")  # the address of IPv4 is in the last 32 bits (RFC 6052)
_UNICAST = ip_network("2000::/3")  # all of IPv6 that is given out: no translated, compatible or local address
_RELAYS = ip_network("192.88.99.0/24")  # of 6to4
_MOST = 6  # addresses of one host that are tried


class NotAllowed(Exception):
    """The target's host is not one that may be reached. The text names no address."""


def reachable(host: str, port: int, private: Set[str]) -> tuple[str, ...]:
    """The addresses to connect to, one after the other: all of them public, or any of a host named in `private`.

    Whoever sends must connect to these very addresses: asked again, a name may lead elsewhere. Raises NotAllowed.
    """
    try:
        entries = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        found = tuple(dict.fromkeys(str(entry[4][0]) for entry in entries))  # in the order of the system's preference
    except OSError:
        raise NotAllowed("the host's name cannot be resolved") from None
    if host.lower() not in private and not all(map(_is_public, found)):
        raise NotAllowed("the host is in a private network: name it in alerts.private_hosts if it is meant")
    return found[:_MOST]


def _is_public(text: str) -> bool:
    """Whether an address is everybody's, also where it stands for one of IPv4; tunnels (6to4, Teredo) are refused."""
    address = ip_address(text.partition("%")[0])
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return _is_public(str(address.ipv4_mapped))
        if address in _NAT64:
            return _is_public(str(ip_address(int(address) & 0xFFFFFFFF)))
        if address not in _UNICAST or address.sixtofour is not None or address.teredo is not None or _isatap(address):
            return False
    return address.is_global and not address.is_multicast and address not in _RELAYS


def _isatap(address: IPv6Address) -> bool:
    """An address of IPv4 in the last 32 bits, whatever the network (RFC 5214)."""
    return int(address) >> 32 & 0xFCFFFFFF == 0x00005EFE
