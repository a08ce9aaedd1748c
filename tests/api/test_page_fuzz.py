"""Whatever stands in an address or a form of the pages is answered in words, never by a fault."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote_from_bytes, urlencode

import pytest

from api.pages import rendering
from api.pages.asking import Site
from api.pages.site import application
from domain.access import Role
from domain.log import StreamId
from tests.support.http_api import http_api
from tests.support.log_site import gates
from tests.support.page_access import ORIGIN, OURS, PLACES, Identities, Pages
from tests.support.world import World
from tests.support.world_in_process import InProcess

ODD: Final = (
    b"", b"-1", b"9" * 5000, "١٢".encode(), "²".encode(), b"NaN", b"0000-01", b"9999-12", b"0001-01-01", b"31-12-9999",
    b"a\x00b", b"\xed\xa0\x80", b"../..", b"a" * 3000, b"\r\nSet-Cookie: a=b",
)  # fmt: skip
"""Numbers, days and texts that some reader stumbles over."""

WHO: Final = (Role.PAYROLL_ADMIN, Role.PRIVACY_OFFICER)
"""Who between them may open every page and send every form."""

_FORM: Final = "application/x-www-form-urlencoded"
_TWICE: Final = re.compile("The same field was sent twice|Hetzelfde veld is twee keer verstuurd")
_NAME: Final = re.compile(r'name="([a-z_]+)"')


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    folder = tmp_path_factory.mktemp("page-fuzz")
    with http_api(f"sqlite:///{folder}/log.db", folder) as api:
        api.scribe.write(StreamId("person:3007"), gates(4711))
        freely = {"requests_per_minute": 1_000_000, "max_body_bytes": 1_000_000}
        serve = api.web.settings.serve.model_copy(update=freely)
        api.web.settings = api.web.settings.model_copy(update={"serve": serve})
        world = World(InProcess())
        api.web.tools = lambda: nullcontext(world.tools())
        site = Site(ORIGIN)
        api.app = application(api.web, site)
        yield Pages(api, site, Identities())
        for run in api.web.runs:
            run.join()
        world.close()


def routes(pages: Pages, method: str) -> list[Any]:
    return [one for one in pages.api.app.state.pages.state.routes if method in one.methods]


def fields() -> list[str]:
    """Of every form of ours."""
    folder = Path(rendering.__file__).parent / "templates"
    return sorted({name for each in folder.rglob("*.html") for name in _NAME.findall(each.read_text())})


def place(path: str, odd: str = "") -> str:
    """The address of a page; with `odd`, in the place of everything that differs but the legal entity."""
    known = PLACES | {"{rule_id}": "WHO-1", "{more}": "more-1", "{erasure}": "erasure-1"}
    for name, value in known.items():
        path = path.replace(name, odd if odd and name != "{entity}" else value)
    return path


def asked(route: Any) -> set[str]:
    def walk(dependant: Any) -> Iterator[str]:
        yield from (one.alias for one in dependant.query_params)
        for each in dependant.dependencies:
            yield from walk(each)

    return set(walk(route.dependant))


@pytest.mark.parametrize("role", WHO)
def test_no_address_is_a_fault(pages: Pages, role: Role) -> None:
    pages.paste(pages.api.key(role, None))
    faults, tried = [], 0
    for route, odd in itertools.product(routes(pages, "GET"), map(quote_from_bytes, ODD)):
        addresses = [f"{place(route.path)}?{name}={odd}" for name in asked(route)]
        if "{" in route.path.replace("{entity}", "") and odd:
            addresses.append(place(route.path, odd.replace("/", "%2F")))
        for address in addresses:
            tried += 1
            if pages.get(address).status_code >= 500:
                faults.append(address[:120])

    assert faults == []
    assert tried > 500


@pytest.mark.parametrize("role", WHO)
def test_no_form_is_a_fault(pages: Pages, role: Role) -> None:
    """Every field is odd, or every field but the reason."""
    keys, faults, names = itertools.count(), [], fields()
    pages.paste(pages.api.key(role, None))
    for route, odd, reason in itertools.product(routes(pages, "POST"), ODD, (None, b"because it is so")):
        if "sign-out" in route.path:
            continue
        sent = dict.fromkeys(names, odd) | {"idempotency_key": f"{next(keys):032x}".encode()}
        body = urlencode(sent | ({"reason": reason} if reason else {}))
        answer = pages.ask("POST", place(route.path), {**OURS, "Content-Type": _FORM}, content=body)
        if answer.status_code >= 500:
            faults.append(f"{route.path} {odd[:40]!r}")

    assert faults == []
    assert next(keys) > 500


def test_a_field_that_is_sent_twice_is_answered_by_no_page_and_no_form(pages: Pages) -> None:
    """Whichever of the two counted, somebody else could read the other."""
    browser = {**OURS, "Content-Type": _FORM, "Accept": "text/html"}
    told: dict[tuple[str, str], set[int]] = {}
    for role in (None, *WHO):
        pages.cookies.clear()
        if role is not None:
            pages.paste(pages.api.key(role, None))
        for route, method in itertools.chain.from_iterable(
            ((one, method) for one in routes(pages, method) if "sign-out" not in one.path) for method in ("GET", "POST")
        ):
            twice = "one=1&two=2&one=3"
            where = place(route.path) + (f"?{twice}" if method == "GET" else "")
            answer = pages.ask(method, where, browser, content=twice)
            told.setdefault((method, route.path), set()).add(answer.status_code)
            if answer.status_code == 400:
                assert _TWICE.search(answer.text), where

    assert {where: codes for where, codes in told.items() if 400 not in codes or codes - {400, 403}} == {}
