"""What the machine sets for everybody: proxies, and whose certificates are trusted. Honoured, or named in one line."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.request import getproxies

from domain.errors import Misconfigured

_CERTIFICATES: Final = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
_HASHED: Final = re.compile(r"[0-9a-f]{8}\.[0-9]+")  # how OpenSSL finds one in a folder


def certificates() -> tuple[str, Path] | None:
    """The first of these variables that is set, and the file or folder it names; None where none is.

    Raises Misconfigured for a folder in which nothing will be found.
    """
    name = next((one for one in _CERTIFICATES if os.environ.get(one)), None)
    if name is None:
        return None
    named = Path(os.environ[name])
    if named.is_dir() and not any(_HASHED.fullmatch(one) for one in os.listdir(named)):
        raise Misconfigured(f"{name} names a folder without certificates: correct it or unset it")
    return name, named


def proxies() -> Mapping[str, str]:
    """By scheme (http, https, all): the address of the proxy."""
    found = getproxies()
    addresses = {scheme: found[scheme] for scheme in ("http", "https", "all") if found.get(scheme)}
    return {scheme: one if "://" in one else f"http://{one}" for scheme, one in addresses.items()}


def without_proxy() -> tuple[str, ...]:
    """The hosts and networks that NO_PROXY names, as written."""
    return tuple(filter(None, (host.strip() for host in getproxies().get("no", "").split(","))))


def variable(scheme: str) -> str:
    """The one that named the proxy, or the hosts without (`no`)."""
    name = f"{scheme}_proxy"
    return name if os.environ.get(name) else name.upper()
