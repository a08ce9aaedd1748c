"""What every request of a browser is held to: where a form came from, under which name we were called; and headers.

A form is taken only from our own pages (the algorithm of Go 1.25's CrossOriginProtection, without its exceptions).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from api.config.hosts import canonical, host_of

POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",  # paths hold employee numbers
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
TLS_ONLY: Final = "max-age=31536000"


def from_our_pages(headers: Mapping[str, str], origin: str) -> bool:
    """Whether a form with these headers was sent from a page of ours; a request that tells neither was not."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    return headers.get("origin", "").lower() == origin


def called_by_our_name(headers: Mapping[str, str], origin: str) -> bool:
    """Whether the browser looked for us: a foreign name that was made to lead to this machine is refused."""
    return canonical(headers.get("host", "")) == host_of(origin)
