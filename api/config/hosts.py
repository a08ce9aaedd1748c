"""One spelling for each host: what a request asks for and what a file names are compared by it."""

from __future__ import annotations

import re
from ipaddress import IPv6Address
from typing import Final
from urllib.parse import urlsplit

import idna

_HOST: Final = re.compile(r"(?:\[(?P<six>[0-9a-f:.]+)\]|(?P<name>[^\s:/?#@\[\]\\%\x00]+?)\.?)(?::\d*)?")


def canonical(host: str) -> str:
    """A host as it stands in `Host` or in an address: small letters, no port, no dot at the end, IDN as in the DNS.

    The port does not count, for browsers send a host's cookies to all of its ports. Empty for what is no host.
    """
    found = _HOST.fullmatch(host.strip().lower())
    if found is None:
        return ""
    try:
        return str(IPv6Address(found["six"])) if found["six"] else _in_dns(found["name"])
    except ValueError:
        return ""


def host_of(url: str) -> str:
    """Of an address, canonical; empty where there is none."""
    try:
        return canonical(urlsplit(url).netloc)
    except ValueError:
        return ""


def _in_dns(name: str) -> str:
    """As browsers write it: IDNA 2008 after the mapping of UTS 46. Raises ValueError."""
    return name if name.isascii() else idna.encode(name, uts46=True).decode()
