"""Access: every route declares its permission, every role gets what it may, and no faulty credential gets anything."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from api.http.app import create_app
from api.http.dependencies import permission_of
from domain.access import PERMITTED, Permission, Role
from domain.log import StreamId
from domain.values import Actor
from tests.support.credentials import (
    FAULTY,
    QUERIES,
    STRANGE,
    VALUES,
)
from tests.support.hostile_json import DEEP
from tests.support.http_api import Api, http_api
from tests.support.log_site import gates
from tests.support.openid import HELD, Token, provider, published


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    folder = tmp_path_factory.mktemp("access")
    with http_api(f"sqlite:///{folder}/log.db", folder, provider=provider()) as api:
        api.scribe.write(StreamId("person:3007"), gates(4711))
        api.web.seal()
        serve = api.web.settings.serve.model_copy(update={"requests_per_minute": 1_000_000})  # every guess counts
        api.web.settings = api.web.settings.model_copy(update={"serve": serve})
        api.app = create_app(api.web)
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


def test_what_the_framework_works_out_of_a_route_serves_every_customer(api: Api) -> None:
    another = create_app(api.web)

    assert another.router.routes
    assert [id(one) for one in another.router.routes] == [id(one) for one in api.app.router.routes]
    assert another.state is not api.app.state


def ask(api: Api, method: str, path: str, name: str, key: str | None) -> int:
    for parameter, value in VALUES.items():
        path = path.replace(f"{{{parameter}}}", value)
    headers = {"Idempotency-Key": "short"} if method == "POST" else {}  # too short: nothing is ever started here
    more: dict[str, Any] = {"json": {}} if method == "POST" else {"params": QUERIES.get(name)}
    return api.ask(method, path, key, headers, **more).status_code


EMPLOYEE: Final = "/v1/legal-entities/170/employees/4711"
A_DAY: Final = "a day that there is, such as 2026-03-15"
DENIED, MISSING, ASKED_WRONGLY = 403, 404, 422
KINDS = ("sound", "expired", "revoked", "of another legal entity", "of another secret")


def key_of(api: Api, role: Role, kind: str) -> str:
    match kind:
        case "expired":
            return api.key(role, ("170",), holder="Ed", until=date(2026, 3, 1))
        case "revoked":
            key = api.key(role, ("170",), holder="Rolf", until=date(2026, 12, 30))
            api.web.keys.revoke(key.split(".")[0], actor=Actor("Petra"))
            return key
        case "of another legal entity":
            return api.key(role, ("171",))
        case "of another secret":
            return f"{api.key(role, ('170',)).split('.')[0]}.{api.key(role, None).split('.')[1]}"
        case _:
            return api.key(role, ("170",))


def expected(kind: str, role: Role, permission: Permission, method: str, path: str) -> set[int]:
    """The whole table. What is asked here exists nowhere but for the rules, lists and the log's own proofs."""
    if permission is Permission.PUBLIC:
        return {200, 202, 401, MISSING}  # 401: the webhook's own token
    if kind in ("expired", "revoked", "of another secret"):
        return {401}
    if permission not in PERMITTED[role] or permission is Permission.READ_ENTRIES:  # of one entity: never
        return {DENIED}
    if method == "POST":
        return {ASKED_WRONGLY}
    if kind == "of another legal entity" and "{entity}" in path:
        return {MISSING}
    return {200, MISSING, ASKED_WRONGLY}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("role", Role)
def test_every_route_answers_every_role_and_kind_of_key_as_the_table_says(api: Api, role: Role, kind: str) -> None:
    permissions = {route.name: permission_of(route) for route in api.app.state.routes}
    key, wrong = key_of(api, role, kind), []
    for method, path, name in operations(api):
        permission = permissions[name]
        assert permission is not None
        status = ask(api, method, path, name, key)
        if status not in expected(kind, role, permission, method, path):
            wrong.append((method, path, status))

    assert wrong == []


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


@pytest.mark.parametrize("how", DEEP)
@pytest.mark.parametrize("path", ["/v1/erasures", "/v1/me", "/v1/nothing"])
def test_a_body_nested_without_end_is_refused_to_everybody_however_it_is_hidden(api: Api, path: str, how: str) -> None:
    sent = {"Content-Type": "application/json", "Idempotency-Key": "12345678"}
    answers = [
        api.ask(method, path, key, sent, content=DEEP[how])
        for method in ("POST", "GET")
        for key in (None, api.key(Role.PRIVACY_OFFICER))
    ]

    assert {(one.status_code, one.json()["title"]) for one in answers} == {(400, "too deep")}


@pytest.mark.parametrize(
    ("body", "where"),
    [
        (b'{"confirm":null,"only":[1,%s]}', "body.only.1"),
        (b'{"confirm":%s}', "body.confirm"),
        (b'{"Jansen":{"geheim":%s}}', "body"),
        (b'{"only":[{"geheim":[%s]}]}', "body.only.0.0"),
        (b"%s", "body"),
    ],
)
def test_a_number_without_end_is_named_by_its_place_and_not_by_what_else_was_sent(
    api: Api, body: bytes, where: str
) -> None:
    key, sent = api.key(Role.PAYROLL_ADMIN), {"Content-Type": "application/json", "Idempotency-Key": "12345678"}

    answer = api.ask("POST", "/v1/legal-entities/170/sync-runs", key, sent, content=body % (b"9" * 6000))

    allowed = "a number has at most 4300 digits"
    assert (answer.status_code, answer.json()["detail"]) == (422, f"{where}: {allowed}")


def test_a_problem_never_says_what_was_sent(api: Api) -> None:
    answer = api.get("/v1/events", recorded_from="Jansen-geheim", employee_number="NL91ABNA0417164300")

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    faults = {one["where"]: one["allowed"] for one in answer.json()["faults"]}
    assert faults.keys() == {"query.recorded_from", "query.employee_number"}
    assert "integer" in faults["query.employee_number"]
    assert "geheim" not in answer.text
    assert "ABNA" not in answer.text


def test_health_tells_nothing_and_metrics_name_routes_only(api: Api) -> None:
    api.get("/v1/legal-entities/170/employees/4711/history")
    metrics = api.get("/metrics", api.key(Role.OPERATOR, None)).text

    assert api.ask("GET", "/healthz", None).json() == {"status": "ok"}
    assert api.ask("GET", "/readyz", None).json() == {"status": "ok"}
    history = "/v1/legal-entities/{entity}/employees/{number}/history"
    assert f'tweeluik_http_requests_total{{method="GET",route="{history}",status="200"}}' in metrics
    labels = " ".join(line.rpartition(" ")[0] for line in metrics.splitlines())
    assert "4711" not in labels
    assert "Anja" not in labels


def test_the_page_about_the_api_loads_nothing_from_elsewhere(api: Api) -> None:
    page = api.ask("GET", "/docs", None)

    assert "GET /v1/events" in page.text
    assert "<script" not in page.text
    assert "http" not in page.text.replace("http://tweeluik", "")
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("path", "query", "where", "allowed"),
    [
        ("/v1/events", {"limit": "1000"}, "query.limit", "less than or equal to 500"),
        ("/v1/events", {"employeenumber": "1"}, "query.employeenumber", "did you mean employee_number?"),
        ("/v1/events", {"geheim": "1"}, "query", "employee_number, field"),
        ("/v1/events", {"recorded_from": "2026-03-01T00:00:00"}, "query.recorded_from", "with its offset"),
        ("/v1/events", {"recorded_from": "yesterday"}, "query.recorded_from", "such as 2026-03-15T09:30:00+01:00"),
        (
            "/v1/events",
            {"effective_from": "15-03-2026"},
            "query.effective_from",
            "a day that there is, such as 2026-03-15",
        ),
        (
            "/v1/events",
            {"effective_from": "2026-02-30"},
            "query.effective_from",
            "a day that there is, such as 2026-03-15",
        ),
        (f"{EMPLOYEE}/state", {"on": "2026-02-30"}, "query.on", A_DAY),
        (f"{EMPLOYEE}/state", {"as_at": "abc"}, "query.as_at", "such as 2026-03-15T09:30:00+01:00"),
        ("/v1/overwritten-fields", {"format": "docx"}, "query.format", "'csv', 'ndjson', 'xlsx' or 'pdf'"),
        ("/v1/drift", {}, "query.legal_entity", "required"),
        ("/v1/rules", {"page": "2"}, "query", "nothing is allowed here"),
    ],
)
def test_a_problem_names_the_parameter_and_what_is_allowed(
    api: Api, path: str, query: dict[str, str], where: str, allowed: str
) -> None:
    problem = api.get(path, **query).json()

    (fault,) = [one for one in problem["faults"] if one["where"] == where]
    assert allowed in fault["allowed"]
    assert where in problem["detail"]
    assert "geheim" not in str(problem)


def test_no_route_takes_a_number_for_a_day_or_an_instant(api: Api) -> None:
    """Seconds since 1970, as Python would."""
    described, asked = api.get("/openapi.json").json(), 0
    for path, each in described["paths"].items():
        for method, told in each.items():
            wanted = [
                one for one in told.get("parameters", ()) if "date" in str(one["schema"]) and one["in"] == "query"
            ]
            body = told.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
            fields = described["components"]["schemas"].get(body.get("$ref", "").rpartition("/")[2], {})
            named = [name for name, one in fields.get("properties", {}).items() if "date" in str(one.get("anyOf", one))]
            place = re.sub(r"\{[^}]*\}", lambda it: "170" if "entity" in it.group() else "4711", path)
            for given in ("0", "0.0", "86400", "1e3"):
                for where, query, sent in [
                    *((f"query.{one['name']}", {one["name"]: given}, None) for one in wanted),
                    *((f"body.{name}", {}, {name: float(given)}) for name in named),
                ]:
                    asked += 1
                    answer = api.ask(method.upper(), place, api.key(Role.PAYROLL_ADMIN, None), json=sent, params=query)
                    faults = {one["where"] for one in answer.json().get("faults", ())}
                    assert (answer.status_code, where in faults) == (422, True), (method, path, where, given)

    assert asked > 60


def test_nothing_in_clear_is_kept_by_anybody_and_nothing_else_unasked(api: Api) -> None:
    key, path = api.key(Role.PAYROLL_ADMIN, None), "/v1/legal-entities/170/employees/4711"
    masked = api.get(f"{path}/history", key)
    tag = {"Tweeluik-Reason": "a question", "If-None-Match": masked.headers["etag"]}
    clear = [api.get(f"{path}/{what}", key, tag, unmask=True) for what in ("history", "state")]
    others = [api.get("/v1/attributes", key), api.get("/nowhere", key), api.ask("GET", "/v1/rules", "abc")]

    assert masked.headers["cache-control"] == "private, no-cache"
    assert [(one.status_code, one.headers["cache-control"], "etag" in one.headers) for one in clear] == [
        (200, "no-store", False)
    ] * 2
    assert {one.headers["cache-control"] for one in others} == {"no-store"}
