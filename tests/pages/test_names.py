"""Names instead of numbers: a reason first, on record before the first name, and gone when they are hidden."""

from __future__ import annotations

from datetime import date

import pytest

from domain.access import Role
from domain.events.custody import PeopleNamed, ValuesUnmasked
from domain.streams import CUSTODY
from domain.views.sentences import sentence
from tests.pages.company import Company
from tests.pages.conftest import ACROSS, Visit

WORDS = {
    Role.HR: ("Namen tonen", "Namen verbergen", "Schrijf een reden"),
    Role.PAYROLL_ADMIN: ("Show names", "Hide names", "Write a reason"),
}


def showings(office: Company) -> list[ValuesUnmasked]:
    store = office.api.web.store
    found = [one.fact for one in store.vault.opened(store.log.stream(CUSTODY))]
    return [one for one in found if isinstance(one, ValuesUnmasked) and one.what == "names"]


pytestmark = pytest.mark.acts


@pytest.mark.parametrize(
    ("visit", "role"),
    [*zip(ACROSS, (Role.HR, Role.PAYROLL_ADMIN), strict=True)],
    indirect=["visit"],
    ids=["HR", "payroll"],
)
def test_names_are_shown_for_a_reason_and_hidden_again(visit: Visit, office: Company, role: Role) -> None:
    show, hide, wrong = WORDS[role]
    before = len(showings(office))
    visit.sign_in(role)
    visit.go("/e/170/people/4715")
    assert ("Pieter" in visit.text, "•••" in visit.page.inner_text("h1")) == (False, True)

    visit.press(f"text={show}")
    visit.press("main button")
    assert wrong in visit.page.inner_text(".wrong")
    looked = visit.wrong()
    assert len(showings(office)) == before

    visit.page.fill("#reason", "the list of Friday")
    visit.press("main button")

    told = showings(office)[before:]
    assert [(one.reason, one.legal_entity) for one in told] == [("the list of Friday", "170")]
    assert {4711, 4715} <= set(told[0].employee_numbers)
    assert f"of {len(told[0].employee_numbers)} people" in sentence(told[0], on=date(2026, 3, 18))
    assert "Pieter" in visit.page.inner_text("h1")
    for path in ("/e/170/tasks", "/e/170/people"):
        answer = visit.page.goto(office.url + path)
        assert answer is not None
        assert answer.headers["cache-control"] == "no-store"
        assert "Pieter" in visit.text
    looked += visit.wrong()

    visit.press(f"text={hide}")
    assert "Pieter" not in visit.text
    visit.page.go_back()
    assert "Pieter" not in visit.page.content()
    assert looked == []


def test_the_form_of_names_sent_again_shows_nothing_again(visit: Visit, office: Company) -> None:
    visit.sign_in(Role.HR)
    visit.go("/e/170/names?next=/e/170/people")
    visit.page.fill("#reason", "the list of Friday")
    key = visit.page.get_attribute("[name=idempotency_key]", "value")
    visit.press("main button")
    visit.press("text=Namen verbergen")
    before = len(showings(office))

    visit.go("/e/170/names?next=/e/170/people")
    visit.page.evaluate(f"document.querySelector('[name=idempotency_key]').value = '{key}'")
    visit.page.fill("#reason", "the list of Friday")
    visit.press("main button")

    assert (len(showings(office)), "Pieter" in visit.text) == (before, False)


def test_more_people_than_one_may_open_a_day_need_somebody_else(visit: Visit, office: Company) -> None:
    web = office.api.web
    kept = web.settings
    web.settings = kept.model_copy(update={"access": kept.access.model_copy(update={"people_a_day": 3})})
    visit.paste(office.api.key(Role.HR, None, holder="Nieuwsgierig"))
    ask_names(visit)
    refused = visit.page.inner_text("[role=alert]"), visit.page.input_value("#reason")

    visit.press("[role=alert] a")
    many = visit.page.input_value("#people")
    visit.page.fill("#reason", "who is on the list of Friday")
    visit.press("main button")
    waits = visit.page.inner_text("main tbody")
    hers = visit.page.locator("main tbody button").count()
    visit.press("text=Uitloggen")
    visit.sign_in(Role.PAYROLL_ADMIN)
    visit.go("/e/170/more-people")
    visit.press("main tbody button")
    visit.press("text=Uitloggen")
    visit.paste(office.api.key(Role.HR, None, holder="Nieuwsgierig"))
    visit.go("/e/170/more-people")
    agreed = [visit.page.inner_text("main .say.good"), *visit.violations()]
    visit.press("main .say.good a")
    visit.page.fill("#reason", "the list of Friday")
    visit.press("main button")
    web.settings = kept

    assert "dat moet iemand anders eerst goedkeuren" in refused[0]
    assert refused[1] == "the list of Friday"
    assert int(many) == len(showings(office)[-1].employee_numbers) - 3
    assert ("who is on the list of Friday" in waits, hers) == (True, 0)
    assert (many in agreed[0], len(agreed)) == (True, 1)
    assert "Pieter" in visit.text


def ask_names(visit: Visit) -> None:
    visit.go("/e/170/names?next=/e/170/people")
    visit.page.fill("#reason", "the list of Friday")
    visit.press("main button")


def test_a_session_that_shows_names_is_the_only_one(visit: Visit, office: Company) -> None:
    visit.sign_in(Role.HR)
    visit.go("/e/170/names?next=/e/170/people")
    visit.page.fill("#reason", "the list of Friday")
    visit.press("main button")
    assert "Pieter" in visit.text

    visit.press("text=Uitloggen")
    visit.sign_in(Role.HR)
    visit.go("/e/170/people")
    assert "Pieter" not in visit.text
    visit.press("text=Uitloggen")
    visit.sign_in(Role.AUDITOR)
    assert visit.go("/e/170/names") == 403
    assert isinstance(office.api.web.store.log.stream(CUSTODY)[-2].fact, PeopleNamed)
