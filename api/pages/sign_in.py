"""Signing in and out: an access key in a form, an OpenID provider, or the one-time link of a server on this machine."""

from __future__ import annotations

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from typing import Annotated, Any, Final
from urllib.parse import unquote

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from adapters.access.code_flow import Begun
from adapters.access.keys import PREFIX
from api.http.dependencies import Public
from api.http.problems import Refused, not_found
from api.http.state import Web
from api.languages import LANGUAGES
from api.pages.asking import PageAsking, Signed, Site, form, language_of, session_of, sessions
from api.pages.frame import shown
from api.pages.rendering import render
from domain.access import EDITED, Caller, KeyStanding, Permission, Role
from domain.grounds.readers import read_json
from domain.values import Actor

router = APIRouter()
Anybody = Depends(Public())
Reader = Annotated[PageAsking, Depends(Signed(Permission.PUBLIC))]
KEPT: Final = "tweeluik-kept"
"""Holds a form that was sent after the session had ended."""

COUNTS: Final = 600.0  # seconds: a link that was printed, and a sign-in under way


@router.get("/sign-in", dependencies=[Anybody])
def sign_in(request: Request, next: str = "/", again: bool = False) -> Response:
    """The form; whoever is signed in goes on, unless their session is about to end."""
    if session_of(request) is not None and not again:
        return RedirectResponse(within(next), 303)
    return _form(request, within(next))


@router.post("/sign-in", dependencies=[Anybody])
def signed_in(request: Request, fields: Annotated[dict[str, str], Depends(form)]) -> Response:
    """By the key in the form. Whoever sent one that does not count is not told why."""
    web: Web = request.app.state.web
    onward = within(fields.get("next", "/"))
    text = fields.get("key", "").strip()
    found = web.keys.caller(text) if text.startswith(PREFIX) else KeyStanding.REVOKED
    if isinstance(found, KeyStanding):
        if found in EDITED:
            web.tell_edited_rows()
        return _form(request, onward, wrong=True)
    return begin(request, found, onward, language=fields.get("lang", ""))


@router.get("/sign-in/start", dependencies=[Anybody])
def start(request: Request, next: str = "/") -> Response:
    """On to the provider; what has to be known again is in a cookie for ten minutes, which nobody else can make."""
    site: Site = request.app.state.site
    if site.flow is None:
        raise not_found()
    address, begun = site.flow.begin()
    answer = RedirectResponse(address, 303)
    return _holding(request, answer, begun.state, begun.nonce, begun.verifier, within(next))


@router.get("/sign-in/callback", dependencies=[Anybody])
def came_back(request: Request) -> Response:
    """From the provider: once, by the browser that went there. Whoever has several roles chooses one."""
    site: Site = request.app.state.site
    held = _held(request, 4)
    found = None
    if site.flow is not None and held is not None:
        found = site.flow.end(Begun(*held[:3]), f"{site.flow.redirect_uri}?{request.url.query}")
    if found is None or held is None:
        return _done(request, _form(request, "/", wrong=True))
    callers, until = found
    if len(callers) == 1:
        return _done(request, begin(request, callers[0], held[3], until=until))
    seen = None if callers[0].entities is None else sorted(callers[0].entities)
    named = [[one.subject, one.role, seen, one.credential] for one in callers]
    choice = render("as_whom.html", language_of(request), who=callers[0].subject, roles=[one.role for one in callers])
    return _holding(request, HTMLResponse(choice), named, until.isoformat(), held[3])


@router.post("/sign-in/as", dependencies=[Anybody])
def chosen(request: Request, fields: Annotated[dict[str, str], Depends(form)]) -> Response:
    """One of the roles that the provider just named; the session, and its event, have no other."""
    held = _held(request, 3)
    named, until, onward = held or ((), "", "/")
    for subject, role, entities, credential in named:
        if role == fields.get("role"):
            seen = None if entities is None else frozenset(entities)
            caller = Caller(Actor(subject), Role(role), seen, credential)
            return _done(request, begin(request, caller, onward, until=datetime.fromisoformat(until)))
    return _done(request, _form(request, "/", wrong=True))


def _holding(request: Request, answer: Response, *what: object) -> Response:
    """With a cookie that nobody else can make, for ten minutes."""
    site: Site = request.app.state.site
    held = json.dumps([*what, _now(request)]).encode()
    text = f"{urlsafe_b64encode(held).decode()}.{_signature(request, held)}"
    answer.set_cookie(
        _under_way(site), text, max_age=int(COUNTS), path="/", secure=site.by_tls, httponly=True, samesite="lax"
    )
    return answer


def _done(request: Request, answer: Response) -> Response:
    site: Site = request.app.state.site
    answer.delete_cookie(_under_way(site), path="/", secure=site.by_tls, httponly=True, samesite="lax")
    return answer


def _under_way(site: Site) -> str:
    return f"{site.cookie}-signing-in"


def _now(request: Request) -> float:
    return sessions(request).clock.now().timestamp()


def _signature(request: Request, held: bytes) -> str:
    web: Web = request.app.state.web
    return web.store.vault.keyed_digest("sign-in", held)


def _held(request: Request, many: int) -> list[Any] | None:
    """So many things that `_holding` put there in the last ten minutes; None for anything else."""
    text, _, signature = request.cookies.get(_under_way(request.app.state.site), "").partition(".")
    try:
        held = urlsafe_b64decode(text.encode())
    except ValueError:
        return None
    if not hmac.compare_digest(signature.encode(), _signature(request, held).encode()):
        return None
    *what, made_at = read_json(held)
    return what if len(what) == many and _now(request) - made_at <= COUNTS else None


@router.get("/sign-in/link/{secret}", dependencies=[Anybody])
def linked(request: Request, secret: str) -> Response:
    """By the link that the terminal printed: good once, for ten minutes."""
    site: Site = request.app.state.site
    now = _now(request)
    with site.lock:
        good = bool(site.link) and hmac.compare_digest(secret.encode(), (site.link or "").encode())
        if not good or now - site.made_at > COUNTS:
            raise Refused(404, "link-used", "")
        site.link = ""
    return begin(request, site.caller_by_link(request.app.state.made_links), "/")


@router.post("/sign-out", dependencies=[Anybody])
def sign_out(request: Request) -> Response:
    """Here; what the browser kept is cleared too."""
    site: Site = request.app.state.site
    sessions(request).end_of(request.cookies.get(site.cookie, ""))
    gone = RedirectResponse("/sign-in", 303, {"Clear-Site-Data": '"cache"'})
    gone.delete_cookie(KEPT, path="/kept", secure=site.by_tls, httponly=True, samesite="strict")
    gone.delete_cookie(site.cookie, path="/", secure=site.by_tls, httponly=True, samesite="lax")
    return gone


@router.get("/me")
def me(asking: Reader) -> HTMLResponse:
    """Who I am here, and everywhere I am signed in."""
    asking.seen = asking.web.store.log.size() - 1
    here = asking.session.row.digest
    newest, more = sessions(asking.request).newest(asking.caller, here=here)
    held = [(one.row.digest == here, datetime.fromisoformat(one.row.created_at), one.ends_at) for one in newest]
    asking.response.headers["Cache-Control"] = "no-store"
    return shown(asking, "me.html", entity=None, current="", held=held, more=more)


@router.post("/me/language")
def speak(asking: Reader, fields: Annotated[dict[str, str], Depends(form)]) -> Response:
    """The language of this session from now on."""
    chosen = fields.get("language", "")
    if chosen in LANGUAGES:
        sessions(asking.request).speaks(asking.session, chosen)
    return RedirectResponse(within(fields.get("next", "/")), 303)


@router.post("/me/sign-out-everywhere")
def sign_out_everywhere(asking: Reader) -> Response:
    held = sessions(asking.request)
    for one in held.of(asking.caller):
        held.end(one.row)
    return sign_out(asking.request)


def begin(
    request: Request, caller: Caller, onward: str, *, language: str = "", until: datetime | None = None
) -> Response:
    """A new session with a new secret, whatever cookie was sent."""
    site: Site = request.app.state.site
    spoken = language if language in LANGUAGES else language_of(request)
    secret = sessions(request).begin(caller, language=spoken, until=until)
    answer = RedirectResponse(onward, 303)
    answer.set_cookie(site.cookie, secret, path="/", secure=site.by_tls, httponly=True, samesite="lax")
    return answer


def within(path: str) -> str:
    """A path of ours to go on to; anything that could lead elsewhere leads home."""
    plain = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() and "\\" not in path
    upward = {".", ".."} & set(unquote(path.partition("?")[0].partition("#")[0]).split("/"))
    return path if plain and not upward and len(path) <= 500 and not path.startswith("/sign-") else "/"


def _form(request: Request, onward: str, *, wrong: bool = False) -> HTMLResponse:
    page = render(
        "sign_in.html",
        language_of(request),
        next=onward,
        wrong=wrong,
        provider=request.app.state.site.flow is not None,
    )
    return HTMLResponse(page, 422 if wrong else 200)
