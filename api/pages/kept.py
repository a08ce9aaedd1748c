"""A form that came after the session had ended: what was typed comes back filled in, once somebody is signed in again.

It waits in the browser it was typed in, in a cookie that only we can have made, for ten minutes. Nothing was done.
"""

from __future__ import annotations

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from api.http.state import Web
from api.pages.asking import PageAsking, Signed, Site
from api.pages.frame import shown
from api.pages.sign_in import COUNTS, KEPT, within
from api.pages.words import N_
from domain.access import Permission
from domain.grounds.readers import read_json

router = APIRouter()
Reader = Annotated[PageAsking, Depends(Signed(Permission.PUBLIC))]
ADDRESS: Final = "/kept"
_LONGEST: Final = 2_000  # characters of all fields; browsers take cookies of 4 kB
_KEY: Final = "idempotency_key"
_TYPED: Final = {
    "person": N_("Person in Personio (the number of their profile)"),
    "only": N_("Employee numbers in Loket"),
    "people": N_("How many people"),
    "until": N_("Last day"),
    "reason": N_("Reason"),
}
"""What people type into our forms, and what it is called here."""


@dataclass(frozen=True, slots=True)
class KeptPage:
    """`typed` is shown to be changed, `others` goes along; `address` is where the form was sent to, `page` had it."""

    address: str
    page: str
    typed: Mapping[str, tuple[str, str]]  # what it is called, what it says
    others: Mapping[str, str]


def keep(request: Request, answer: Response, fields: Mapping[str, str]) -> bool:
    """Whether it is kept: a form in which somebody typed something that is not too long."""
    held = {name: value for name, value in fields.items() if name != _KEY}
    if not any(held.get(name) for name in _TYPED) or sum(map(len, held.values())) > _LONGEST:
        return False
    said = urlsafe_b64encode(json.dumps([request.url.path, held, _now(request)]).encode()).decode()
    site: Site = request.app.state.site
    answer.set_cookie(
        KEPT, f"{said}.{_signature(request, said)}",
        max_age=int(COUNTS), path=ADDRESS, secure=site.by_tls, httponly=True, samesite="strict",
    )  # fmt: skip
    return True


@router.get(ADDRESS)
def kept(asking: Reader) -> Response:
    """The form again, to be sent by hand."""
    page = _held(asking.request)
    if page is None:
        return RedirectResponse("/", 303)
    asking.seen = asking.web.store.log.size() - 1
    asking.response.headers["Cache-Control"] = "no-store"
    return shown(asking, "kept.html", entity=None, current="", page=page)


def _held(request: Request) -> KeptPage | None:
    said, _, signature = request.cookies.get(KEPT, "").partition(".")
    if not hmac.compare_digest(signature.encode(), _signature(request, said).encode()):
        return None
    address, fields, made_at = read_json(urlsafe_b64decode(said))
    if _now(request) - made_at > COUNTS or within(address) != address:
        return None
    typed = {name: (said, fields[name]) for name, said in _TYPED.items() if name in fields}
    others = {name: value for name, value in fields.items() if name not in typed}
    return KeptPage(address, page_of_form(request, address, fields), typed, others)


def page_of_form(request: Request, address: str, fields: Mapping[str, str]) -> str:
    """Where the form stood that was sent there: the page it says to go on to, or the nearest above its address."""
    onward = within(fields.get("next", "/"))
    if onward != "/":
        return onward
    pages = [route for route in request.app.state.routes if "GET" in route.methods]
    while address.strip("/") and not any(one.path_regex.match(address) for one in pages):
        address = address.rpartition("/")[0]
    return address or "/"


def _now(request: Request) -> float:
    web: Web = request.app.state.web
    return web.store.clock.now().timestamp()


def _signature(request: Request, said: str) -> str:
    web: Web = request.app.state.web
    return web.store.vault.keyed_digest("kept form", said.encode())
