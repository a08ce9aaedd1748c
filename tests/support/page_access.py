"""Somebody who signs in to the pages, by a key or by a provider."""

from __future__ import annotations

import base64
import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import httpx
from joserfc import jwt

from api.pages.asking import Site
from tests.support.http_api import Api
from tests.support.openid import HELD, ISSUER

ORIGIN: Final = "http://tweeluik"
OURS: Final = {"Sec-Fetch-Site": "same-origin"}
PLACES: Final = {"{entity}": "170", "{number}": "4711", "{run_id}": "run-1", "{name}": "none.css", "{secret}": "x",
                 "{work}": "validation-1", "{task}": "0", "{decision}": "keep", "{position}": "0",
                 "{report}": "report-1"}  # fmt: skip


@dataclass
class Identities:
    """An OpenID provider's token address: gives a token for a code once, to whoever knows the verifier."""

    challenges: dict[str, str] = field(default_factory=dict)
    nonce: str = ""
    claims: dict[str, Any] = field(default_factory=dict)

    def authorise(self, address: str) -> str:
        """What the browser is sent back with."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
        self.nonce = asked["nonce"]
        code = f"code-{len(self.challenges)}"
        self.challenges[code] = asked["code_challenge"]
        return f"/sign-in/callback?code={code}&state={asked['state']}"

    def post(self, _address: str, _headers: Mapping[str, str], body: str) -> httpx.Response:
        sent = {name: values[0] for name, values in parse_qs(body).items()}
        digest = hashlib.sha256(sent["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if self.challenges.pop(sent["code"], None) != challenge:
            return httpx.Response(400, json={"error": "invalid_grant"})
        claims = {
            "iss": ISSUER, "aud": "pages", "sub": "anja@example.org", "exp": int(time.time()) + 3600,
            "roles": ["auditor"], "legal_entities": ["170"], "nonce": self.nonce, **self.claims,
        }  # fmt: skip
        token = jwt.encode({"alg": "RS256", "kid": "1"}, claims, HELD, algorithms=["RS256"])
        return httpx.Response(200, json={"access_token": "a", "token_type": "Bearer", "id_token": token})


@dataclass
class Pages:
    api: Api
    site: Site
    identities: Identities
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, headers: Mapping[str, str] | None = None, **more: Any) -> httpx.Response:
        """As a browser that keeps its cookies and follows nothing."""
        jar = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())} if self.cookies else {}
        answer = self.api.ask(method, path, None, {**jar, **(headers or {})}, **more)
        for each in answer.headers.get_list("set-cookie"):
            name, _, value = each.partition(";")[0].partition("=")
            self.cookies[name] = value
            if "Max-Age=0" in each:
                del self.cookies[name]
        return answer

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> httpx.Response:
        return self.ask("GET", path, headers)

    def paste(self, key: str, headers: Mapping[str, str] = OURS, **more: str) -> httpx.Response:
        return self.ask("POST", "/sign-in", headers, data={"key": key, **more})

    @property
    def signed_in(self) -> bool:
        return self.get("/me").status_code == 200
