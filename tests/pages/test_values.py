"""The values of one person: a reason first, on record before the first value, on this page alone, and gone again."""

from __future__ import annotations

from pathlib import Path

import pytest
from pdfminer.high_level import extract_text

from domain.access import Role
from domain.events.custody import ValuesUnmasked
from domain.events.loket import FieldOverwritten
from domain.log import Recorded
from domain.streams import CUSTODY
from tests.pages.company import Company
from tests.pages.conftest import BOTH, CROSSED, SCRIPT_OR_NOT, Visit

MO, PIETER = "/e/170/people/4713", "/e/170/people/4715"
WORDS = {
    "nl": ("Waarden tonen", "Waarden verbergen", "Schrijf een reden"),
    "en": ("Show values", "Hide", "Write a reason"),
}


def showings(office: Company) -> list[ValuesUnmasked]:
    store = office.api.web.store
    found = [one.fact for one in store.vault.opened(store.log.stream(CUSTODY))]
    return [one for one in found if isinstance(one, ValuesUnmasked) and one.what == "page"]


def ask(visit: Visit, path: str = MO, reason: str = "call of Mo about the new street") -> None:
    visit.go(path)
    visit.page.fill("#why", reason)
    visit.press("#values button")


@CROSSED
@pytest.mark.acts
def test_values_are_shown_for_a_reason_and_hidden_again(visit: Visit, office: Company) -> None:
    before = len(showings(office))
    visit.sign_in()
    visit.go(MO)
    show, hide, wrong = WORDS[str(visit.page.get_attribute("html", "lang"))]
    assert "Dorpsstraat" not in visit.page.content()

    visit.page.fill("#why", "why")
    visit.press(f"text={show}")
    assert wrong in visit.page.inner_text("#why-not")
    assert visit.page.input_value("#why") == "why"
    assert "why-not" in str(visit.page.get_attribute("#why", "aria-describedby")).split()
    looked = visit.wrong()
    assert len(showings(office)) == before

    visit.page.fill("#why", "call of Mo about the new street")
    visit.press(f"text={show}")

    told = showings(office)[before:]
    assert [(one.reason, one.legal_entity, one.employee_number) for one in told] == [
        ("call of Mo about the new street", "170", 4713)
    ]
    assert "Dorpsstraat" in visit.text
    assert "Mo Visser" in visit.page.inner_text("h1")
    assert "call of Mo about the new street" in visit.page.inner_text(".banner.wait")
    answer = visit.page.goto(office.url + MO)
    assert answer is not None
    assert answer.headers["cache-control"] == "no-store"
    looked += visit.wrong()
    visit.go(PIETER)
    assert "12 AB" not in visit.page.content()

    visit.go(MO)
    visit.press(f"text={hide}")
    assert "Dorpsstraat" not in visit.page.content()
    visit.page.go_back()
    assert "Dorpsstraat" not in visit.page.content()

    visit.context.clear_cookies()
    visit.sign_in(Role.AUDITOR)
    visit.go(MO)
    assert visit.page.locator("#values").count() == 0, "an auditor is offered none, and gets none"
    form = {"reason": "why not", "idempotency_key": "0" * 32}
    sent = visit.page.request.post(f"{office.url}{MO}/values", form=form, headers={"Sec-Fetch-Site": "same-origin"})
    assert (sent.status, len(showings(office)), looked) == (403, before + 1, [])


@pytest.mark.acts
def test_values_are_hidden_after_a_quarter_of_an_hour(visit: Visit, office: Company) -> None:
    visit.sign_in()
    ask(visit)
    assert "Dorpsstraat" in visit.text

    office.world.clock.sleep(15 * 60)
    visit.go(MO)

    assert "Dorpsstraat" not in visit.page.content()


@BOTH
def test_paper_holds_rule_position_head_and_who_read_it(visit: Visit, office: Company, tmp_path: Path) -> None:
    visit.sign_in(Role.AUDITOR)
    visit.go(f"{MO}?as_at=2026-03-16")

    visit.page.pdf(path=tmp_path / "page.pdf", format="A4")

    told = " ".join(extract_text(tmp_path / "page.pdf").split())
    head = office.api.web.checkpoint()
    (place,) = [one.position for one in office.api.web.store.log.page(-1, 10_000) if mine(one)]
    assert head is not None
    for said in (
        "EDIT-1",
        f"#{place}",
        head.root.hex()[:12],
        visit.say("Printed by %(who)s, %(role)s, %(at)s").partition(", %(at)s")[0]
        % {"who": "Marieke", "role": "auditor"},
    ):
        assert said in told
    assert f"{office.url}{MO}?as_at=2026-03-16" in told.replace(" ", ""), "on two lines where it is long"
    assert (visit.say("Show that day") in told, "Roos Retail" in told) == (False, False)
    assert visit.say("Both systems hold the same: {fields}.").partition(":")[0] in told


def mine(event: Recorded) -> bool:
    return isinstance(event.fact, FieldOverwritten) and event.stream == "loket:170:4713"


@SCRIPT_OR_NOT
def test_an_auditor_finds_a_cited_address_as_it_was(visit: Visit, office: Company) -> None:
    visit.sign_in(Role.AUDITOR)
    visit.go("/e/170/people/4715")
    visit.page.select_option("#as_at", "2026-03-16")
    visit.press("form.then button")
    cited = visit.page.url.removeprefix(office.url)
    told = visit.page.inner_text("main")

    office.world.clock.sleep(31 * 24 * 3600)
    visit.sign_in(Role.AUDITOR)
    visit.go(cited)

    assert visit.page.inner_text("main") == told
    day = "16\xa0maart\xa02026" if visit.dutch else "16\xa0March\xa02026"
    assert ("POSTCODE_FORMAT" in told, day in told, visit.wrong()) == (False, True, [])
