"""Who gets in and who does not, as somebody at a browser meets it; every way in turn is in `test_page_access.py`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final
from urllib.parse import urlsplit

import pytest

from adapters.access.code_flow import CodeFlow
from domain.access import Role
from domain.values import Actor
from tests.pages.chromium import EVIL
from tests.pages.company import Company
from tests.pages.conftest import CROSSED, Visit
from tests.support.openid import provider
from tests.support.page_access import Identities

MAY: Final[Mapping[Role, tuple[str, str]]] = {
    Role.PAYROLL_ADMIN: ("runs", "/erasures"),
    Role.HR: ("runs", "/e/170/overwritten"),
    Role.AUDITOR: ("overwritten", "/e/170/plan"),
    Role.OPERATOR: ("runs", "/e/170/people"),
    Role.PRIVACY_OFFICER: ("people", "/e/170/plan"),
}
"""A page that each may see of their legal entity, and one that they may not."""


@CROSSED
def test_each_role_sees_its_own_legal_entity_and_is_told_in_words_what_it_may_not_see(visit: Visit) -> None:
    wrong = []
    for role, (page, other) in MAY.items():
        visit.context.clear_cookies()
        visit.sign_in(role, ("170",))

        assert (visit.go(f"/e/170/{page}"), visit.go(other), visit.go(f"/e/171/{page}")) == (200, 403, 404), role
        assert visit.page.inner_text("h1") == visit.say("Not found")
        visit.go(other)
        assert visit.page.inner_text("h1") == visit.say("Your role does not permit this")
        if role in (Role.HR, Role.OPERATOR):
            wrong += visit.wrong()
    assert wrong == []


@CROSSED
def test_a_form_of_another_site_does_nothing_and_says_so(
    visit: Visit, office: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit.sign_in()
    size = office.api.web.store.log.size()
    visit.page.goto("about:blank")
    visit.acted_on.add(visit.width)
    with visit.page.expect_navigation() as sent:
        visit.page.evaluate(
            """address => {
                 const form = document.createElement("form");
                 form.method = "post"; form.action = address;
                 document.body.append(form); form.submit();
               }""",
            f"{office.url}/e/170/checks",
        )

    assert sent.value.status == 403
    assert visit.page.inner_text("h1") == visit.say("This form was not sent from a page of ours")
    assert (office.api.web.store.log.size(), visit.wrong()) == (size, [])
    assert (visit.go("/v1/me"), visit.go("/me")) == (401, 200), "the cookie means nothing to the API"

    monkeypatch.setattr(office.api.app.state.pages.state.site, "link", "")  # as `tweeluik serve` has it on one's own
    assert visit.complaints == []
    answer = visit.page.goto(f"{office.url.replace('127.0.0.1', EVIL)}/me")
    assert answer is not None
    assert (answer.status, visit.page.inner_text("h1")) == (400, visit.say("This server answers to its own name only"))
    visit.complaints.clear()  # of an address that is not ours


@CROSSED
def test_a_provider_or_a_link_signs_in_once_and_what_comes_back_otherwise_does_not(
    visit: Visit, office: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    identities, site = Identities(), office.api.app.state.pages.state.site
    flow = CodeFlow(
        client_id="pages", client_secret="", authorize_url=f"{office.url}/provider",
        token_url="https://login.example.org/token", redirect_uri=f"{office.url}/sign-in/callback",
        provider=provider(audience="pages"), post=identities.post,
    )  # fmt: skip
    monkeypatch.setattr(site, "flow", flow)

    def authorised() -> str:
        """Where the provider, at an address where nobody is, sends the browser back to."""
        visit.go("/sign-in?next=/e/170/runs")
        visit.press("a[href^='/sign-in/start']")
        return identities.authorise(visit.page.url)

    assert (visit.go(f"{authorised()}x"), visit.page.locator("[role=alert]").count(), visit.wrong()) == (422, 1, [])
    back = authorised()
    assert (visit.go(back), urlsplit(visit.page.url).path) == (200, "/e/170/runs")
    visit.context.clear_cookies()
    assert visit.go(back) == 422, "a code counts once"

    for name, value in {"link": "once", "whose": (Actor("Marieke"), Role.HR)}.items():
        monkeypatch.setattr(site, name, value)
    monkeypatch.setattr(site, "made_at", office.world.clock.now().timestamp())
    assert (visit.go("/sign-in/link/once"), "Marieke" in visit.text) == (200, True)
    visit.context.clear_cookies()
    assert (visit.go("/sign-in/link/once"), visit.wrong()) == (404, [])


@CROSSED
def test_the_next_click_after_a_key_was_revoked_is_signing_in(visit: Visit, office: Company) -> None:
    key = office.api.key(Role.AUDITOR, None, holder=f"Rolf {visit.dutch}", until=date(2040, 12, 31))
    visit.paste(key)
    visit.go("/e/170/runs")

    office.api.web.keys.revoke(key.split(".")[0], actor=Actor("Petra"))
    visit.press("tbody a >> nth=0")

    assert urlsplit(visit.page.url).path == "/sign-in"
    assert (visit.page.locator("#key").count(), visit.wrong()) == (1, [])
