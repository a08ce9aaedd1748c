"""Access to pages: every page declares its permission; one session or none; forms, cookies and names of others."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from typing import Any, Final

import pytest

from adapters.access.code_flow import CodeFlow
from api.http.dependencies import Public
from api.http.middleware import Rates
from api.languages import translations
from api.pages.asking import Signed, Site
from api.pages.rendering import files
from api.pages.site import application
from domain.access import PERMITTED, Permission, Role
from domain.errors import LogNotBelieved, LogUnavailable
from domain.events.access import SignedIn, SignedOut
from domain.log import StreamId
from domain.values import Actor
from tests.support.http_api import Api, http_api
from tests.support.log_site import gates
from tests.support.openid import ISSUER, provider
from tests.support.page_access import ORIGIN, OURS, PLACES, Identities, Pages

EVERYWHERE: Final = ("rules", "access", "erasures", "operation")
_MENU: Final = re.compile(r'<nav class="menu".*?</nav>', re.DOTALL)
_LINK: Final = re.compile(r'<a href="([^"]*)"')
NOT_THERE: Final = ("{run_id}", "{work}", "{decision}", "{position}", "{report}")


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    folder = tmp_path_factory.mktemp("page-access")
    with http_api(f"sqlite:///{folder}/log.db", folder) as one:
        one.scribe.write(StreamId("person:3007"), gates(4711))
        serve = one.web.settings.serve.model_copy(update={"requests_per_minute": 1_000_000})
        one.web.settings = one.web.settings.model_copy(update={"serve": serve})
        yield one


@pytest.fixture
def pages(api: Api) -> Pages:
    identities = Identities()
    flow = CodeFlow(
        client_id="pages", client_secret="", authorize_url="https://login.example.org/authorize",
        token_url="https://login.example.org/token", redirect_uri=f"{ORIGIN}/sign-in/callback",
        provider=provider(audience="pages"), post=identities.post,
    )  # fmt: skip
    site = Site(ORIGIN, flow=flow)
    api.app = application(api.web, site)
    return Pages(api, site, identities)


def routes(api: Api) -> list[Any]:
    found: list[Any] = api.app.state.pages.state.routes
    return found


def declared(route: Any) -> Permission | None:
    found = [one.call.permission for one in route.dependant.dependencies if isinstance(one.call, Signed | Public)]
    return found[0] if len(found) == 1 else None


def test_every_page_declares_a_permission(pages: Pages) -> None:
    assert [one.path for one in routes(pages.api) if declared(one) is None] == []


@pytest.mark.parametrize("role", Role)
def test_every_page_answers_every_role_as_the_table_says(pages: Pages, role: Role) -> None:
    found, wanted = {}, {}
    pages.paste(pages.api.key(role))
    for route in routes(pages.api):
        if "GET" not in route.methods or "{entity}" not in route.path:
            continue
        for entity, mine in (("170", True), ("171", False)):
            path = route.path.replace("{entity}", entity)
            for place, value in PLACES.items():
                path = path.replace(place, value)
            may = declared(route) in PERMITTED[role]
            found[path] = pages.get(path).status_code
            exists = {404} if not mine or any(one in route.path for one in NOT_THERE) else {200, 303}
            wanted[path] = exists if may else {403}

    assert {path: status for path, status in found.items() if status not in wanted[path]} == {}


@pytest.mark.parametrize("role", Role)
def test_every_page_of_no_one_legal_entity_answers_whoever_may_see_it(pages: Pages, role: Role) -> None:
    pages.paste(pages.api.key(role))
    found = [one for one in routes(pages.api) if "GET" in one.methods and one.path.split("/")[1] in EVERYWHERE]

    answers = {one.path: pages.get(one.path.replace("{rule_id}", "WHO-1")).status_code for one in found}

    assert answers == {one.path: 200 if declared(one) in PERMITTED[role] else 403 for one in found}
    assert found


@pytest.mark.parametrize("role", Role)
def test_every_form_is_taken_from_whoever_may_send_it_for_their_own_legal_entity(pages: Pages, role: Role) -> None:
    """One that holds nothing comes no further than its permission, the log and its key."""
    found, wanted = {}, {}
    pages.paste(pages.api.key(role))
    for route in routes(pages.api):
        if "POST" in route.methods and "{entity}" in route.path:
            path = route.path.replace("{entity}", "170").replace("{task}", "0").replace("{number}", "4711")
            path = path.replace("{decision}", "keep").replace("{work}", "plan-1").replace("{report}", "report-1")
            path = path.replace("{more}", "more-1")
            found[path] = pages.ask("POST", path, OURS).status_code
            wanted[path] = {400, 303} if declared(route) in PERMITTED[role] else {403}

    assert {path: status for path, status in found.items() if status not in wanted[path]} == {}
    assert len(found) >= 5


@pytest.mark.parametrize("entities", [("170",), ("170", "171"), None], ids=("one", "several", "all"))
def test_the_menu_offers_whoever_reads_what_they_may_see_and_nothing_else(
    pages: Pages, entities: tuple[str, ...] | None
) -> None:
    """Of every role: where the menu leads is answered, and what it does not offer is refused."""
    offered, answers = {}, {}
    for role in Role:
        pages.cookies.clear()
        pages.paste(pages.api.key(role, entities))
        menus = [_MENU.findall(pages.get(path).text) for path in ("/rules", "/e/170/people", "/e/170")]
        offered[role] = {address for menu in menus for each in menu for address in _LINK.findall(each)}
    every = set().union(*offered.values())
    for role in Role:
        pages.cookies.clear()
        pages.paste(pages.api.key(role, entities))
        answers[role] = {address for address in every if pages.get(address).status_code in (200, 303)}

    assert offered == answers
    assert len(every) == 17
    assert "/proof" not in offered[Role.HR]
    assert all(len(one) >= 6 for one in offered.values())


def test_a_form_for_somebody_elses_legal_entity_finds_nothing(pages: Pages) -> None:
    pages.paste(pages.api.key(Role.PAYROLL_ADMIN))

    for path in (
        "/e/171/checks",
        "/e/171/tasks/0/taken",
        "/e/171/names",
        "/e/171/names/hidden",
        "/e/171/people/4711/values",
        "/e/171/people/4711/values/hidden",
    ):
        assert pages.ask("POST", path, OURS, data={"idempotency_key": "a" * 32}).status_code == 404


def test_a_form_is_not_taken_while_the_log_is_not_believed(pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    pages.paste(pages.api.key(Role.PAYROLL_ADMIN))
    monkeypatch.setattr(type(pages.api.web.store.log), "believed", not_believed)

    checked = pages.ask("POST", "/e/170/checks", OURS, data={"idempotency_key": "a" * 32})

    assert checked.status_code == 503
    assert pages.ask("POST", "/sign-out", OURS).status_code == 303


def test_names_without_a_reason_are_shown_to_nobody(pages: Pages) -> None:
    pages.paste(pages.api.key(Role.HR))
    size = pages.api.web.store.log.size()

    for reason in ("", "    ", "why\u200b", "x" * 501):
        told = pages.ask("POST", "/e/170/names", OURS, data={"idempotency_key": "b" * 32, "reason": reason})
        assert (told.status_code, 'aria-describedby="wrong hint"' in told.text) == (422, True)

    assert pages.api.web.store.log.size() == size


def not_believed(_log: Any) -> None:
    raise LogNotBelieved("the last verification did not say OK")


def not_appended(*_: Any, **__: Any) -> None:
    raise LogNotBelieved("the last verification did not say OK")


def test_a_key_signs_in_once_and_a_wrong_one_never(pages: Pages) -> None:
    wrong = pages.paste("tw_0000000000.x")
    assert (wrong.status_code, pages.signed_in) == (422, False)
    assert "tw_0000000000" not in wrong.text

    right = pages.paste(pages.api.key(), next="/e/170/runs?lang=nl")

    assert (right.status_code, right.headers["location"], pages.signed_in) == (303, "/e/170/runs?lang=nl", True)
    assert "HttpOnly" in right.headers["set-cookie"]
    assert "samesite=lax" in right.headers["set-cookie"].lower()


def test_a_cookie_by_tls_belongs_to_this_host_alone(pages: Pages) -> None:
    pages.site.origin = "https://tweeluik.example.org"

    answer = pages.paste(pages.api.key())

    assert answer.headers["set-cookie"].startswith("__Host-tweeluik=")
    assert "Secure" in answer.headers["set-cookie"]
    assert "max-age" in answer.headers["strict-transport-security"]


@pytest.mark.parametrize(
    "headers",
    [{}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}],
    ids=["neither header", "another site", "a neighbour", "another origin"],
)
def test_a_form_from_elsewhere_does_nothing(pages: Pages, headers: dict[str, str]) -> None:
    assert pages.paste(pages.api.key(), headers).status_code == 403
    pages.paste(pages.api.key())

    assert pages.ask("POST", "/sign-out", headers).status_code == 403
    assert pages.signed_in


def test_a_cookie_means_nothing_to_the_api_and_a_key_nothing_to_a_page(pages: Pages) -> None:
    pages.paste(pages.api.key())
    assert pages.get("/v1/sync-runs").status_code == 401

    pages.cookies.clear()

    assert pages.get("/me", {"Authorization": f"Bearer {pages.api.key()}"}).status_code == 303


def sessions_on_record(pages: Pages) -> list[Any]:
    log = pages.api.web.store.log
    return [one for one in log.page(-1, 10_000) if one.stream.startswith("session:")]


def test_signing_in_and_out_is_on_record_with_who_and_how(pages: Pages) -> None:
    before = len(sessions_on_record(pages))
    key = pages.api.key(Role.HR, holder="Fatima")
    pages.paste(key)
    pages.ask("POST", "/sign-out", OURS)
    pages.ask("POST", "/sign-out", OURS)

    signed_in, signed_out = sessions_on_record(pages)[before:]

    assert signed_in.stream == signed_out.stream
    assert (signed_in.fact.by, signed_in.fact.credential) == ("key", key.partition(".")[0])
    assert (signed_in.fact.role, signed_in.fact.legal_entities) == ("hr", ("170",))
    assert {signed_in.meta.actor, signed_out.meta.actor} == {"Fatima"}
    assert isinstance(signed_out.fact, SignedOut)


def test_the_record_of_a_session_has_nothing_that_opens_it(pages: Pages) -> None:
    pages.paste(pages.api.key(Role.HR, holder="Fatima"))
    (cookie,) = pages.cookies.values()
    recorded = sessions_on_record(pages)[-1]

    assert cookie[:8] not in f"{recorded.stream} {recorded.fact}"
    assert not hasattr(recorded.fact, "address")


def test_signing_in_by_a_link_says_so_and_keeps_the_servers_secret(pages: Pages) -> None:
    pages.site.link, pages.site.whose = "secret", (Actor("Marieke"), Role.HR)
    pages.site.made_at = pages.api.clock.instant.timestamp()
    pages.get("/sign-in/link/secret")

    fact = sessions_on_record(pages)[-1].fact

    assert (fact.by, fact.credential) == ("link", "")


def test_signing_in_while_the_log_is_not_believed_is_noted_for_later(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, before = pages.api.key(Role.HR, holder="Fatima"), len(sessions_on_record(pages))
    monkeypatch.setattr(type(pages.api.web.store.log), "append", not_appended)

    pages.paste(key)

    assert (pages.signed_in, len(sessions_on_record(pages))) == (True, before)
    mark, notes, _ = pages.api.web.access.take_notes()
    assert [(one.reader, one.what) for one in notes if one.what == "sign-in"] == [("Fatima", "sign-in")]
    pages.api.web.access.forget_notes(mark)


def test_signing_out_ends_the_session_also_while_the_log_cannot_be_reached(pages: Pages) -> None:
    pages.paste(pages.api.key())
    kept = dict(pages.cookies)

    with pytest.MonkeyPatch.context() as patched:
        for what in ("append", "stream", "streams"):
            patched.setattr(type(pages.api.web.store.log), what, not_reached)
        answer = pages.ask("POST", "/sign-out", OURS)

    assert answer.status_code == 303
    pages.cookies = kept
    assert not pages.signed_in


def not_reached(*_: Any, **__: Any) -> None:
    raise LogUnavailable("the database of the log cannot be reached")


def test_signing_out_ends_the_session_and_clears_what_was_kept(pages: Pages) -> None:
    pages.paste(pages.api.key())
    kept = dict(pages.cookies)

    answer = pages.ask("POST", "/sign-out", OURS)

    assert (answer.status_code, answer.headers["clear-site-data"]) == (303, '"cache"')
    pages.cookies = kept
    assert not pages.signed_in


def test_the_next_click_after_a_key_was_revoked_is_signing_in(pages: Pages) -> None:
    key = pages.api.key(holder="Rolf")
    pages.paste(key)
    assert pages.signed_in

    pages.api.web.keys.revoke(key.split(".")[0], actor=Actor("Petra"))

    answer = pages.get("/e/170/runs?cursor=x")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/e/170/runs%3Fcursor%3Dx")


def test_signing_in_again_gives_another_secret(pages: Pages) -> None:
    pages.paste(pages.api.key())
    first = dict(pages.cookies)

    pages.paste(pages.api.key())

    assert pages.cookies != first


def test_a_provider_signs_somebody_in_for_as_long_as_their_token_counts(pages: Pages) -> None:
    gone = pages.get("/sign-in/start?next=/e/170/runs")

    back = pages.get(pages.identities.authorise(gone.headers["location"]))

    assert (back.status_code, back.headers["location"]) == (303, "/e/170/runs")
    assert "oidc:anja@example.org" in pages.get("/me").text
    assert list(pages.cookies) == ["tweeluik"]  # what was under way is over


@pytest.mark.parametrize(("entities", "signed_for"), [(["170"], ("170",)), (["*"], ()), ([], None)], ids=str)
def test_whoever_has_several_roles_chooses_one_and_the_event_says_which(
    pages: Pages, entities: list[str], signed_for: tuple[str, ...] | None
) -> None:
    pages.identities.claims = {"roles": ["auditor", "payroll_admin", "emperor"], "legal_entities": entities}
    gone = pages.get("/sign-in/start?next=/e/170/runs")

    asked = pages.get(pages.identities.authorise(gone.headers["location"]))

    assert (asked.status_code, pages.signed_in) == (200, False)
    assert re.findall(r'name="role" value="(\w+)"', asked.text) == ["auditor", "payroll_admin"]

    answer = pages.ask("POST", "/sign-in/as", OURS, data={"role": "payroll_admin"})

    assert (answer.status_code, answer.headers["location"]) == (303, "/e/170/runs")
    *_, signed = (one.fact for one in pages.api.web.store.log.page(-1, 10_000) if isinstance(one.fact, SignedIn))
    assert (signed.role, list(pages.cookies)) == ("payroll_admin", ["tweeluik"])
    assert signed_for is None or signed.legal_entities == signed_for


@pytest.mark.parametrize("wrong", ["a role of somebody else", "too late", "not asked", "cookie of nobody"])
def test_nobody_chooses_a_role_that_was_not_offered_just_now(pages: Pages, wrong: str) -> None:
    pages.identities.claims = {"roles": ["hr", "payroll_admin"]}
    gone = pages.get("/sign-in/start")
    if wrong != "not asked":
        pages.get(pages.identities.authorise(gone.headers["location"]))
    now = pages.api.clock.instant
    if wrong == "too late":
        pages.api.clock.instant = type(now).fromtimestamp(now.timestamp() + 601, now.tzinfo)
    if wrong == "cookie of nobody":
        named = [["oidc:anja@example.org", "payroll_admin", None, ISSUER]]
        held = json.dumps([named, "2040-01-01T00:00:00+00:00", "/", now.timestamp()]).encode()
        pages.cookies["tweeluik-signing-in"] = f"{base64.urlsafe_b64encode(held).decode()}.{'0' * 64}"

    answer = pages.ask(
        "POST", "/sign-in/as", OURS, data={"role": "operator" if wrong.startswith("a role") else "payroll_admin"}
    )
    pages.api.clock.instant = now

    assert (answer.status_code, pages.signed_in) == (422, False)


def test_an_address_of_somebody_else_is_not_gone_on_to(pages: Pages) -> None:
    gone = pages.get("/sign-in/start?next=https://evil.example/")

    assert pages.get(pages.identities.authorise(gone.headers["location"])).headers["location"] == "/"


@pytest.mark.parametrize(
    "wrong",
    ["state", "code twice", "no code", "cookie of nobody", "no cookie", "too late"],
)
def test_what_comes_back_otherwise_than_it_went_signs_nobody_in(pages: Pages, wrong: str) -> None:
    gone = pages.get("/sign-in/start")
    back, kept = pages.identities.authorise(gone.headers["location"]), dict(pages.cookies)
    now = pages.api.clock.instant
    match wrong:
        case "state":
            back = back.replace("state=", "state=x")
        case "code twice":
            pages.get(back)
            pages.cookies = kept
        case "no code":
            back = back.replace("code=", "error=")
        case "cookie of nobody":
            held = base64.urlsafe_b64encode(json.dumps(["x", "y", "z", "/", 0]).encode()).decode()
            pages.cookies["tweeluik-signing-in"] = f"{held}.{'0' * 64}"
        case "no cookie":
            pages.cookies.clear()
        case "too late":
            pages.api.clock.instant = type(now).fromtimestamp(now.timestamp() + 601, now.tzinfo)

    answer = pages.get(back)
    pages.api.clock.instant = now

    assert (answer.status_code, pages.signed_in) == (422, False)


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"}, {"aud": "tweeluik"}, {"aud": ["pages", "tweeluik"]}, {"azp": "tweeluik"},
        {"exp": 1}, {"roles": ["emperor"]}, {"iss": "https://elsewhere.example.org/"},
    ],
    ids=str,
)  # fmt: skip
def test_a_token_that_was_not_made_for_this_sign_in_signs_nobody_in(pages: Pages, claims: dict[str, Any]) -> None:
    pages.identities.claims = claims
    gone = pages.get("/sign-in/start")

    answer = pages.get(pages.identities.authorise(gone.headers["location"]))

    assert (answer.status_code, pages.signed_in) == (422, False)


def test_a_link_of_this_machine_counts_once_under_its_own_name(pages: Pages) -> None:
    pages.site.link, pages.site.whose = "secret", (Actor("Marieke"), Role.HR)
    pages.site.made_at = pages.api.clock.instant.timestamp()
    assert pages.get("/sign-in/link/secret", {"Host": "evil.example"}).status_code == 400
    assert pages.get("/sign-in/link/wrong").status_code == 404

    assert pages.get("/sign-in/link/secret").status_code == 303
    assert "Marieke" in pages.get("/me").text

    pages.cookies.clear()
    assert (pages.get("/sign-in/link/secret").status_code, pages.signed_in) == (404, False)
    assert pages.get("/healthz", {"Host": "evil.example"}).status_code == 400


@pytest.mark.parametrize(("language", "signed"), [("nl", False), ("en", False), ("nl", True)])
def test_whoever_asks_for_html_is_told_in_words_what_went_wrong(pages: Pages, language: str, signed: bool) -> None:
    browser = {"Accept": "text/html,*/*;q=0.8", "Accept-Language": "en" if signed else language}
    if signed:
        pages.paste(pages.api.key())
        pages.ask("POST", "/me/language", OURS, data={"language": language})
    say = translations(language).gettext

    told = {
        "Not found": [pages.get(path, browser) for path in ("/tasks", "/nonsense", "/e/none/x/y")],
        "This form was not sent from a page of ours": [
            pages.ask("POST", "/me/language", {**browser, "Sec-Fetch-Site": "cross-site"})
        ],
        "This is too much at once": [pages.ask("POST", "/me/language", browser | OURS, data={"next": "x" * 2_000_000})],
    }
    pages.site.link = "secret"
    told["This server answers to its own name only"] = [pages.get("/sign-in", {**browser, "Host": "evil.example"})]
    pages.site.link = None

    statuses = {"Not found": 404, "This is too much at once": 413, "This server answers to its own name only": 400}
    for english, answers in told.items():
        spoken = say(english) if english == "Not found" or not signed else translations("en").gettext(english)
        for one in answers:
            assert one.status_code == statuses.get(english, 403)
            assert one.headers["content-type"].startswith("text/html")
            assert "default-src 'none'" in one.headers["content-security-policy"]
            assert f"<h1>{spoken}</h1>" in one.text
    assert pages.get("/nonsense", {"Accept": "application/json"}).headers["content-type"] == "application/problem+json"
    assert pages.get("/v1/nonsense", browser).headers["content-type"] == "application/problem+json"


def test_whoever_holds_a_key_is_told_where_they_are_signed_in(pages: Pages) -> None:
    key = pages.api.key(Role.HR, holder="Somebody of HR")
    for _ in range(2):
        pages.paste(key)

    before = pages.api.get("/v1/me", key)
    pages.ask("POST", "/sign-out", OURS)
    after = pages.api.get("/v1/me", key).json()["sessions"]

    assert ([len(before.json()["sessions"]), len(after)], before.headers["cache-control"]) == ([2, 1], "no-store")
    assert all(one["since"] < one["ends_at"] for one in after)


def test_a_session_that_asks_too_much_slows_down_no_neighbour_and_style_sheets_are_free(pages: Pages) -> None:
    many = 8
    pages.api.app = application(pages.api.web, pages.site, rates=Rates(many, monotonic=lambda: 0.0))
    busy, neighbour = (Pages(pages.api, pages.site, pages.identities) for _ in range(2))
    for one, holder in ((busy, "Fatima"), (neighbour, "Joost")):
        one.paste(pages.api.key(holder=holder))

    asked = [busy.get("/me") for _ in range(many + 1)]
    styles = {busy.get(f"/static/{next(iter(files()))}").status_code for _ in range(3 * many)}

    assert [one.status_code for one in asked] == [200] * many + [429]
    assert int(asked[-1].headers["retry-after"]) > 0
    assert (neighbour.get("/me").status_code, styles) == (200, {200})


def test_however_many_sessions_a_key_begins_it_asks_no_more_often(pages: Pages) -> None:
    many, key = 8, pages.api.key(holder="Fatima")
    pages.api.app = application(pages.api.web, pages.site, rates=Rates(many, monotonic=lambda: 0.0))
    sessions = [Pages(pages.api, pages.site, pages.identities) for _ in range(4)]
    for one in sessions:
        one.paste(key)

    answers = [one.get("/me").status_code for one in sessions * 3]
    by_the_key = pages.api.get("/v1/me", key).status_code

    assert answers == [200] * many + [429] * (12 - many)
    assert by_the_key == 429


def test_by_its_address_a_browser_is_told_in_words_to_wait(pages: Pages) -> None:
    pages.api.app = application(pages.api.web, pages.site, rates=Rates(2, monotonic=lambda: 0.0))
    browser = {"Accept": "text/html", "Accept-Language": "nl"}

    *_, last = [pages.get("/sign-in", browser) for _ in range(3)]

    assert (last.status_code, last.headers["retry-after"]) == (429, "31")
    assert f"<h1>{translations('nl').gettext('Too many requests')}</h1>" in last.text


def test_a_link_counts_for_ten_minutes(pages: Pages) -> None:
    pages.site.link, pages.site.whose = "secret", (Actor("Marieke"), Role.HR)
    pages.site.made_at = pages.api.clock.instant.timestamp() - 601

    assert pages.get("/sign-in/link/secret").status_code == 404


def test_every_page_says_what_a_browser_may_do_with_it(pages: Pages) -> None:
    pages.paste(pages.api.key())

    for path in ("/sign-in", "/me", "/e/170/runs", "/e/none", "/static/none.css"):
        headers = pages.get(path).headers
        assert "require-trusted-types-for 'script'" in headers["content-security-policy"]
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-content-type-options"] == "nosniff"
        assert "public" not in headers["cache-control"]


def test_reading_a_page_is_on_record_once(pages: Pages) -> None:
    pages.paste(pages.api.key(holder="Lezer"))
    pages.api.web.seal()

    pages.get("/e/170/people/4711")

    mark, notes, _ = pages.api.web.access.take_notes()
    assert [(one.reader, one.what, one.employee_number) for one in notes] == [("Lezer", "page person", 4711)]
    pages.api.web.access.forget_notes(mark)


def test_a_page_that_has_not_changed_is_not_sent_again_but_in_another_language(pages: Pages) -> None:
    pages.paste(pages.api.key())
    etag = pages.get("/e/170/runs").headers["etag"]
    assert pages.get("/e/170/runs", {"If-None-Match": etag}).status_code == 304

    pages.ask("POST", "/me/language", OURS, data={"language": "en", "next": "/e/170/runs"})

    assert pages.get("/e/170/runs", {"If-None-Match": etag}).status_code == 200
