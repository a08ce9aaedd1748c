"""Access: every route declares its permission, every role gets what it may, and no faulty credential gets anything."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import RSAKey

from api.http.app import create_app
from api.http.dependencies import permission_of
from domain.access import PERMITTED, Permission, Role
from domain.log import StreamId
from domain.values import Actor
from tests.support.http_api import Api, http_api
from tests.support.log_site import gates
from tests.support.openid import HELD, Token, provider, published

STRANGE = RSAKey.generate_key(2048, {"kid": "2"})
VALUES = {
    "entity": "170", "number": "4711", "run_id": "run-1", "rule_id": "END-2", "position": "0", "level": "0",
    "index:path": "000", "index": "000", "alert": "a-1", "erasure": "erasure-0", "person_id": "3007",
    "report": "report-1",
}  # fmt: skip
QUERIES = {
    "outcomes": {"on": "2026-03-15"}, "consistency": {"from_size": 0, "to_size": 0},
    "access_review": {"month": "2026-03"},
}  # fmt: skip


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    folder = tmp_path_factory.mktemp("access")
    with http_api(f"sqlite:///{folder}/log.db", folder, provider=provider()) as api:
        api.scribe.write(StreamId("person:3007"), gates(4711))
        api.web.seal()
        yield api


def operations(api: Api) -> list[tuple[str, str, str]]:
    """(method, path, operation) of all that is described."""
    described = api.app.openapi()["paths"]
    return [
        (method.upper(), path, one["operationId"]) for path, ways in described.items() for method, one in ways.items()
    ]


def test_every_route_declares_a_permission(api: Api) -> None:
    declared = {route.name: permission_of(route) for route in api.app.state.routes}

    assert len(declared) >= len(operations(api))
    assert [name for name, permission in declared.items() if permission is None] == []


def ask(api: Api, method: str, path: str, name: str, key: str | None) -> int:
    for parameter, value in VALUES.items():
        path = path.replace(f"{{{parameter}}}", value)
    headers = {"Idempotency-Key": "short"} if method == "POST" else {}  # too short: nothing is ever started here
    more: dict[str, Any] = {"json": {}} if method == "POST" else {"params": QUERIES.get(name)}
    return api.ask(method, path, key, headers, **more).status_code


@pytest.mark.parametrize("role", Role)
def test_every_role_gets_exactly_what_it_may(api: Api, role: Role) -> None:
    permissions = {route.name: permission_of(route) for route in api.app.state.routes}
    key = api.key(role, ("170",))
    wrong = []
    for method, path, name in operations(api):
        status = ask(api, method, path, name, key)
        permission = permissions[name]
        assert permission is not None
        may = permission in PERMITTED[role] and permission is not Permission.READ_ENTRIES  # not of one entity
        if (status == 403) == (may or permission is Permission.PUBLIC) or status >= 500:
            wrong.append((name, status))

    assert wrong == []


def unsigned() -> str:
    header, body, _ = Token().text().split(".")
    none = base64.urlsafe_b64encode(json.dumps({"alg": "none"}).encode()).decode().rstrip("=")
    assert header
    return f"{none}.{body}."


def signed_with_the_public_key() -> str:
    """By hand: libraries refuse to make it."""
    _, body, _ = Token().text().split(".")
    header = base64.urlsafe_b64encode(json.dumps({"alg": "HS256", "kid": "1"}).encode()).decode().rstrip("=")
    digest = hmac.digest(HELD.as_pem(private=False), f"{header}.{body}".encode(), "sha256")
    return f"{header}.{body}.{base64.urlsafe_b64encode(digest).decode().rstrip('=')}"


def tampered() -> str:
    header, body, signature = Token(roles=("operator",)).text().split(".")
    other = Token(roles=("payroll_admin",)).text().split(".")[1]
    assert body != other
    return f"{header}.{other}.{signature}"


FAULTY = {
    "none at all": None,
    "not a token": "abc",
    "expired": Token(expires_in=-3600).text(),
    "for another audience": Token(audience="another").text(),
    "of another issuer": Token(issuer="https://elsewhere.example.org/").text(),
    "algorithm none": unsigned(),
    "HS256 signed with the public key": signed_with_the_public_key(),
    "signed by an unknown key": Token(key=STRANGE, kid="2").text(),
    "signed by an unknown key under a known id": Token(key=STRANGE, kid="1").text(),
    "another algorithm of the same key": Token(algorithm="PS256").text(),
    "changed after signing": tampered(),
    "of nobody's role": Token(roles=("emperor",)).text(),
}


@pytest.mark.parametrize("fault", FAULTY)
def test_no_route_answers_a_faulty_token(api: Api, fault: str) -> None:
    closed = [one for one in operations(api) if one[2] not in ("healthz", "readyz", "personio")]

    assert {ask(api, *one, FAULTY[fault]) for one in closed} == {401}


def test_a_sound_token_is_its_subject_in_its_role(api: Api) -> None:
    assert api.get("/v1/rules", Token().text()).status_code == 200
    assert api.get("/v1/events", Token().text()).status_code == 200
    assert api.get("/v1/legal-entities/171/employees", Token().text()).status_code == 404
    assert api.get("/v1/events", Token(roles="operator").text()).status_code == 403


def test_a_key_ends_when_it_expires_or_is_revoked_and_a_wrong_secret_never_counts(tmp_path: Path) -> None:
    with http_api(f"sqlite:///{tmp_path}/log.db", tmp_path) as api:
        key, another = api.key(), api.key(Role.OPERATOR)
        before = [
            api.get("/v1/rules", one).status_code for one in (key, another, key[:-1] + "_", key.split(".")[0] + ".")
        ]
        api.web.keys.revoke(key.split(".")[0], actor=Actor("Petra"))
        revoked = [api.get("/v1/rules", one).status_code for one in (key, another)]
        api.clock.instant += timedelta(days=400)
        expired = api.get("/v1/rules", another).status_code

        assert (before, revoked, expired) == ([200, 200, 401, 401], [401, 200], 401)
        assert key.split(".")[1].encode() not in (tmp_path / "keys.db").read_bytes()


def test_an_unknown_key_id_makes_the_keys_be_read_again_but_not_more_than_every_half_minute() -> None:
    now, asked, keys = [1000.0], [0], [HELD]

    def fetch() -> dict[str, Any]:
        asked[0] += 1
        return published(*keys)

    asked_again = provider(fetch=fetch, now=lambda: now[0])
    token = Token(key=STRANGE, kid="2").text()
    first = asked_again.caller(token)
    keys.append(STRANGE)
    too_soon, now[0] = asked_again.caller(token), now[0] + 60
    later = asked_again.caller(token)

    assert (first, too_soon) == (None, None)
    assert later is not None
    assert asked[0] == 2


def test_what_is_too_much_is_refused_before_anything_looks_at_it(tmp_path: Path) -> None:
    with http_api(f"sqlite:///{tmp_path}/log.db", tmp_path) as api:
        serve = api.web.settings.serve.model_copy(update={"requests_per_minute": 20})
        api.web.settings = api.web.settings.model_copy(update={"serve": serve})
        api.app = create_app(api.web)
        key, path = api.key(Role.OPERATOR), "/v1/legal-entities/170/sync-runs"
        headers = {"Idempotency-Key": "12345678"}
        large = api.post(path, {"confirm": "x" * 70_000}, key, headers)
        deep = api.ask("POST", path, key, headers, content="[" * 40 + "]" * 40)
        answers = [api.get("/v1/attributes", key) for _ in range(40)]
        slow = [one for one in answers if one.status_code == 429]

        assert (large.status_code, deep.status_code) == (413, 400)
        assert answers[0].status_code == 200
        assert slow
        assert 1 <= int(slow[0].headers["Retry-After"]) <= 3
        assert api.get("/v1/attributes", api.key(Role.AUDITOR)).status_code == 200


def test_a_problem_never_says_what_was_sent(api: Api) -> None:
    answer = api.get("/v1/events", recorded_from="Jansen-geheim", employee_number="NL91ABNA0417164300")

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert {one["where"] for one in answer.json()["faults"]} == {"query.recorded_from", "query.employee_number"}
    assert "geheim" not in answer.text
    assert "ABNA" not in answer.text


def test_health_tells_nothing_and_metrics_name_routes_only(api: Api) -> None:
    api.get("/v1/legal-entities/170/employees/4711/history")
    metrics = api.get("/metrics", api.key(Role.OPERATOR, None)).text

    assert api.ask("GET", "/healthz", None).json() == {"status": "ok"}
    assert api.ask("GET", "/readyz", None).json() == {"status": "ok"}
    assert "tweeluik_http_requests_total" in metrics
    labels = " ".join(line.rpartition(" ")[0] for line in metrics.splitlines())
    assert "4711" not in labels
    assert "Anja" not in labels


def test_the_page_about_the_api_loads_nothing_from_elsewhere(api: Api) -> None:
    page = api.ask("GET", "/docs", None)

    assert "GET /v1/events" in page.text
    assert "<script" not in page.text
    assert "http" not in page.text.replace("http://tweeluik", "")
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
