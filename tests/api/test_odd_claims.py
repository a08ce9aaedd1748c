"""Whatever claims a provider signs: whoever comes with them is let in by a name that fools nobody, or turned away."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jws

from adapters.access.code_flow import CodeFlow
from api.pages.asking import Site
from api.pages.site import application
from domain.access import Caller
from domain.events.access import SignedIn
from domain.four_eyes import named
from tests.support.http_api import Api, http_api
from tests.support.openid import AUDIENCE, HELD, ISSUER, provider

ORIGIN: Final = "https://tweeluik.example.org"
FOOLING: Final = (
    r'""', r'" "', r'"\u0000"', r'"\u200b"', r'"\ud800"', r'"an\u0000ja"', r'"anja\u202e"', r'"anja\n"', r'"a\nb"',
    r'"\u001b[31mx"', r'"an\u200bja"', r'"anja "', r'"\u3164"', '"Vалера"', f'"{"y" * 300}"', f'"{"y" * 60_000}"',
)  # fmt: skip
ODD: Final = (
    *FOOLING, "null", "true", "false", "0", "-1", "1.5", "1e308", "1e400", "NaN", "Infinity", "-Infinity", "9" * 400,
    "253402300799", "99999999999999", "-62135596801", "[]", "[1]", "[null]", "[[]]", "{}", '{"a": 1}', "[[[]]]",
    '[{"a": "b"}]', "[" * 3000 + "]" * 3000, f'"{"y" * 1_000_000}"', r'["\u0000"]', r'["\ud800"]', '["*"]', '"*"',
    '["auditor", ["auditor"]]', '["tweeluik", "another"]', '"2026-01-01"', '"1"', '"schedule:x"', '"system"',
    json.dumps([f"e{one}" for one in range(9000)]), f"{time.time() + 900}", f'"{time.time() + 900:.0f}"',
)  # fmt: skip
CLAIMS: Final = ("iss", "aud", "sub", "exp", "iat", "nbf", "roles", "legal_entities", "nonce", "azp", "amr", "email")


def token(claim: str, text: str, *, nonce: str = "n", twice: bool = False) -> str:
    """With this text as the claim's value, in the place of a sound one or after it."""
    sound: dict[str, Any] = {
        "iss": ISSUER, "aud": AUDIENCE, "sub": "anja@example.org", "exp": int(time.time()) + 900,
        "roles": ["auditor"], "legal_entities": ["170"], "nonce": nonce,
    }  # fmt: skip
    others = json.dumps({name: value for name, value in sound.items() if twice or name != claim})
    signed: str = jws.serialize_compact(
        {"alg": "RS256", "kid": "1"}, f'{others[:-1]}, "{claim}": {text}}}', HELD, algorithms=["RS256"]
    )
    return signed


@pytest.mark.parametrize("twice", [False, True], ids=["once", "twice"])
@pytest.mark.parametrize("claim", CLAIMS)
def test_a_claim_of_any_kind_is_believed_or_refused(claim: str, twice: bool) -> None:
    ours = provider()
    for text in ODD:
        signed = token(claim, text, twice=twice)
        caller, signed_in = ours.caller(signed), ours.signed_in(signed, "n")
        for one in [*([caller] if caller else []), *(signed_in[0] if signed_in else ())]:
            assert plain(one), text


def plain(caller: Caller) -> bool:
    return named(caller.subject) == caller.subject and all(map(str.isprintable, caller.entities or ()))


@pytest.mark.parametrize("text", FOOLING)
def test_a_name_that_fools_its_reader_is_nobodys(text: str) -> None:
    ours = provider()

    assert ours.caller(token("sub", text)) is None
    assert ours.signed_in(token("sub", text), "n") is None


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    folder: Path = tmp_path_factory.mktemp("odd-claims")
    with http_api(f"sqlite:///{folder}/log.db", folder) as one:
        serve = one.web.settings.serve.model_copy(update={"requests_per_minute": 1_000_000})
        one.web.settings = one.web.settings.model_copy(update={"serve": serve})
        one.web.provider = provider()
        yield one


@pytest.mark.parametrize("claim", ["sub", "legal_entities"])
def test_nobody_gets_an_answer_that_was_not_announced(api: Api, claim: str) -> None:
    """As a bearer token, and from the provider's token address to the pages; all of it can be put on record."""
    for text in ODD:
        assert api.get("/v1/me", token(claim, text)).status_code in (200, 401, 431), text
        assert back_from_the_provider(api, claim, text).status_code in (200, 303, 422), text

    api.web.seal()
    signed_in = [one for one in api.web.store.log.page(-1, 10_000) if isinstance(one.fact, SignedIn)]
    assert all(named(one.meta.actor) == one.meta.actor for one in signed_in)
    assert signed_in


def back_from_the_provider(api: Api, claim: str, text: str) -> httpx.Response:
    def post(*_: Any) -> httpx.Response:
        signed = token(claim, text, nonce=asked["nonce"][0])
        return httpx.Response(200, json={"access_token": "a", "token_type": "Bearer", "id_token": signed})

    flow = CodeFlow(
        client_id=AUDIENCE, client_secret="", authorize_url="https://login.example.org/authorize",
        token_url="https://login.example.org/token", redirect_uri=f"{ORIGIN}/sign-in/callback", provider=provider(),
        post=post,
    )  # fmt: skip
    api.app = application(api.web, Site(ORIGIN, flow=flow))
    gone = api.ask("GET", "/sign-in/start", None)
    asked = parse_qs(urlsplit(gone.headers["location"]).query)
    held = {"Cookie": gone.headers["set-cookie"].partition(";")[0]}
    return api.ask("GET", f"/sign-in/callback?code=x&state={asked['state'][0]}", None, held)
