"""What a sync would do, looked at and started by one person, or by two; and the run as it goes on, or is cut off."""

from __future__ import annotations

import os
import re
import socket
import threading
from collections.abc import Iterator
from datetime import date, time
from typing import Final
from urllib.parse import urlsplit

import psutil
import pytest

from domain.access import Role
from domain.attributes import Role as Attribute
from domain.events.runs import BrakeReleased, ReadAccepted, RunCutOff, RunStarted
from domain.streams import run_stream
from domain.values import BLANK, LegalEntityId, RunId
from domain.views.runs import RunRow
from tests.pages.company import Company, company, run
from tests.pages.conftest import ACROSS, CROSSED, SCRIPT_OR_NOT, Visit, Windows
from tests.support.interposed import ProcessDied
from tests.support.waiting import PATIENCE
from tests.support.world import TULP

DAY: Final = date(2026, 3, 19)
STREET: Final = Attribute("street")
pytestmark = pytest.mark.acts
NAMES: Final = ("Sanne", "Jan", "Mo", "Fatima", "Pieter", "Anouk", "Bram", "Daan", "Eva", "Finn")


@pytest.fixture
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """Ten people, the same in both systems."""
    with company(tmp_path_factory.mktemp("plans"), played=False) as one:
        one.api.web.store.claims._told_every = 0.05  # type: ignore[attr-defined]
        for name in NAMES:
            one.world.employ(name)
        run(one, date(2026, 3, 16))
        yield one


@pytest.fixture(autouse=True)
def _nine_o_clock(office: Company) -> None:
    office.world.clock.travel(DAY, time(9, 14))


def make_plan(visit: Visit) -> None:
    visit.go("/e/170/plan")
    visit.press("main form.act button")
    visit.settle()


def start(visit: Visit) -> None:
    visit.press("section.start button")
    visit.settle()


def address_of(visit: Visit) -> str:
    return visit.page.url.removeprefix(visit.office.url).partition("#")[0]


def runs(office: Company) -> list[RunRow]:
    """Newest first."""
    office.api.web.store.views.catch_up()
    return list(office.api.web.store.views.runs.runs(LegalEntityId("170")))


def move(office: Company, name: str, street: str) -> None:
    office.world.edit(name, STREET, street)


def in_loket(office: Company, name: str) -> object:
    return office.world.loket_field(name, "address.street")  # type: ignore[arg-type]


@SCRIPT_OR_NOT
def test_exactly_the_plan_that_is_shown_is_started(visit: Visit, office: Company) -> None:
    visit.sign_in()
    visit.go("/e/170/plan")
    wrong = visit.wrong()
    move(office, "Sanne", "Kade")
    move(office, "Eva", "Kade")
    office.world.edit("Finn", Attribute("personal_email"), BLANK)
    make_plan(visit)
    wrong += visit.wrong()
    said, code = visit.page.inner_text(".say"), visit.page.inner_text("section.start code")
    assert ("3 medewerkers" if visit.dutch else "3 people") in said
    assert visit.page.locator("tbody tr").count() == 3

    start(visit)

    wrong += visit.wrong()
    row = runs(office)[0]
    assert (row.status.value, row.counts) == ("completed", {"updated": 3, "unchanged": 7})
    assert row.plan is not None
    assert row.plan.startswith(code)
    assert code in visit.page.inner_text("main dl")
    assert [in_loket(office, name) for name in ("Sanne", "Eva")] == ["Kade", "Kade"]
    assert visit.page.locator("tbody tr").count() == 3
    assert wrong == []


@CROSSED
def test_a_plan_that_changed_in_between_is_not_started_and_both_are_shown(visit: Visit, office: Company) -> None:
    move(office, "Bram", "Kade")
    visit.sign_in()
    make_plan(visit)
    seen = visit.page.inner_text("section.start code")
    move(office, "Daan", "Kade")
    written = len(office.world.payroll.writes())

    start(visit)

    said = visit.page.inner_text(".say")
    assert ("Niet gestart: het plan was gewijzigd" if visit.dutch else "Not started: the plan had changed") in said
    before, now = visit.page.locator(".two code").all_inner_texts()
    assert (before, before != now, len(office.world.payroll.writes())) == (seen, True, written)
    wrong = visit.wrong()

    visit.press("main form.act button")
    visit.settle()
    assert f"{before} → {now}" in visit.text
    moved = visit.page.inner_text(".todo")
    assert str(office.world.people["Daan"].number) in moved
    assert str(office.world.people["Bram"].number) not in moved
    assert [*wrong, *visit.wrong()] == []
    start(visit)


@CROSSED
def test_a_double_click_starts_one_run(visit: Visit, office: Company) -> None:
    move(office, "Daan", "Singel")
    visit.sign_in()
    make_plan(visit)
    before = len(runs(office))

    visit.page.dblclick("section.start button")
    visit.page.wait_for_selector(".crumb a[href$='/runs']")  # the second click breaks off what the first one asked for
    visit.settle()

    assert len(runs(office)) == before + 1
    assert in_loket(office, "Daan") == "Singel"
    said = "Voor één medewerker is Loket bijgewerkt." if visit.dutch else "Loket was written to for one person."
    assert (said in visit.text, visit.wrong()) == (True, [])


def cut(office: Company) -> int:
    """Ends every connection to the pages in the middle of whatever it carries; how many there were."""
    port, ended = urlsplit(office.url).port, 0
    for one in psutil.Process().net_connections("tcp"):
        if one.laddr.port == port and one.status == psutil.CONN_ESTABLISHED:
            with socket.socket(fileno=os.dup(one.fd)) as held:
                held.shutdown(socket.SHUT_RDWR)
            ended += 1
    return ended


WATCHED: Final = {
    "nl": ("0 van 2", "Naar Loket schrijven: 0 van 2", "Voor 2 medewerkers is Loket bijgewerkt."),
    "en": ("0 of 2", "Writing to Loket: 0 of 2", "Loket was written to for 2 people."),
}


@CROSSED
def test_whoever_starts_second_lands_on_the_first_one_s_run_and_sees_it_end_live(
    visit: Visit, windows: Windows, office: Company
) -> None:
    """Whoever starts second reads the other language, on the other screen."""
    for name in ("Mo", "Jan"):
        move(office, name, "Kade")
    reached, go_on = threading.Event(), threading.Event()

    def wait() -> None:
        reached.set()
        go_on.wait(PATIENCE)

    visit.sign_in()
    make_plan(visit)
    (theirs,) = (one for one in ACROSS if one.dutch != visit.dutch)
    with windows.open(office, theirs) as other:
        other.paste(office.api.key(Role.PAYROLL_ADMIN, None, holder="Fatima", until=date(2040, 12, 31)))
        make_plan(other)
        office.world.hooks().before_write = wait
        visit.press("section.start button")
        other.press("section.start button")
        assert other.page.url == visit.page.url

        assert reached.wait(PATIENCE)
        count, _, written = WATCHED[visit.language]
        visit.page.wait_for_selector(f"[data-follow] p:text('{count}')")
        other.go("/e/170/tasks")
        assert WATCHED[other.language][1] in other.page.inner_text(".banner")
        other.go("/e/170/plan")
        assert other.say("See the run that is going on") in other.text
        other.page.go_back()
        wrong = visit.wrong()
        with visit.page.expect_request("**/progress"):  # asked for again, by itself
            assert cut(office) > 0
        loaded = []
        visit.page.on("framenavigated", lambda frame: loaded.append(frame.url))
        go_on.set()
        visit.page.wait_for_selector(".stamp.good")

        assert (len(loaded), visit.page.locator("[data-follow]").count()) == (1, 0)
        assert written in visit.page.inner_text(".say")
        assert [*wrong, *visit.wrong()] == []
    mine = [one for one in runs(office) if one.actor == "Fatima" and one.reason == "RUN-3"]
    assert len(mine) == 1


@SCRIPT_OR_NOT
def test_the_brake_needs_a_second_person_who_can_be_told_apart(visit: Visit, office: Company) -> None:
    dutch = visit.dutch
    for name in NAMES[:5]:
        office.world.edit(name, Attribute("mobile_phone"), BLANK)
    written = len(office.world.payroll.writes())
    first, second, third = "Marieke", "oidc:anja@example.org", "Fatima"

    def sign_in(holder: str) -> None:
        visit.context.clear_cookies()
        visit.paste(office.api.key(Role.PAYROLL_ADMIN, None, holder=holder, until=date(2040, 12, 31)))

    sign_in(first)
    make_plan(visit)
    address = visit.page.url.removeprefix(office.url)
    start(visit)
    assert runs(office)[0].reason == "BRAKE"
    assert visit.page.locator("#derived").count() == 1  # that the brake stopped it can be derived again, too
    told = visit.page.inner_text("main")
    for said in ("No pay is among it: no wage, no other pay, no hours.", "Who may agree"):
        assert visit.say(said) in told
    assert ("Mogelijk tot" if dutch else "Possible until") in told
    assert re.search(r"(Bij|for) 5 (van de|of) \d+ .*(2 te veel|this is 2 too many)", told)
    fields, people = (visit.page.locator("main table").nth(at).locator("tbody tr") for at in (0, 1))
    assert (fields.locator("td").all_inner_texts(), people.count()) == (["5", "5"], 5)
    visit.press("main a.button")
    assert visit.page.is_disabled("section.start button")
    assert ("Dit is voor u tegengehouden" if dutch else "This was stopped for you") in visit.text
    with pytest.MonkeyPatch.context() as below:
        below.setattr(office.api.app.state.pages.state.site, "base", "/t/tulp")
        visit.page.reload()
        assert visit.page.inner_text(".handed code") == f"{office.url}/t/tulp{address}"
    wrong = visit.wrong()

    sign_in(second)
    visit.go(address)
    assert ("inlogdienst" if dutch else "sign-in provider") in visit.page.inner_text("#why-not")
    assert visit.page.is_disabled("section.start button")
    refused = visit.page.request.post(
        f"{office.url}{address}/confirmed", form={"idempotency_key": "0" * 32, "people": "5"},
        headers={"Sec-Fetch-Site": "same-origin"},
    )  # fmt: skip
    assert (refused.status, len(office.world.payroll.writes())) == (403, written)

    sign_in(third)
    visit.go("/e/170/plan")
    visit.press("main .todo a")
    visit.press("main a.button")
    visit.page.fill("#many", "4")
    visit.press("section.start button")
    assert ("klopt niet" if dutch else "is not right") in visit.page.inner_text("[role=alert]")
    assert visit.page.get_attribute("#many", "aria-invalid") == "true"
    wrong += visit.wrong()
    visit.page.fill("#many", "5")
    start(visit)

    row = runs(office)[0]
    (released,) = [one for one in office.api.web.store.log.stream(run_stream(row.run_id)) if _released(one.fact)]
    stopped = next(one for one in runs(office) if one.reason == "BRAKE")
    assert (row.status.value, row.counts["updated"], row.actor) == ("completed", 5, third)
    assert (released.fact.braked_run, stopped.actor) == (stopped.run_id, first)  # type: ignore[attr-defined]
    assert wrong == []


@CROSSED
def test_a_run_whose_process_is_gone_is_cut_off_and_the_next_one_settles_it(
    visit: Visit, office: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    move(office, "Anouk", "Kade")

    def die() -> None:
        raise ProcessDied

    visit.sign_in()
    make_plan(visit)
    office.world.hooks().after_write = die
    monkeypatch.setattr(threading, "excepthook", lambda _: None)  # the thread dies, as it should
    visit.press("section.start button")
    visit.settle()

    address = address_of(visit)
    said = visit.page.inner_text(".say")
    assert ("De synchronisatie is afgebroken" if visit.dutch else "The run was cut off") in said
    unknown = "uitkomst onbekend" if visit.dutch else "For a write that had no answer the outcome is unknown"
    assert unknown in said
    assert visit.page.locator("main .stamp.good, main .say.good").count() == 0, "what is unknown is never shown as done"
    wrong = visit.wrong()
    visit.go("/e/170/tasks")
    cut_off = "afgebroken" if visit.dutch else "cut off"
    assert cut_off in visit.page.inner_text(".banner")

    make_plan(visit)
    start(visit)
    visit.go(address)
    assert (visit.page.locator(".banner").count(), cut_off in visit.page.inner_text("h1")) == (0, True)
    facts = [type(one.fact) for one in office.api.web.store.log.stream(run_stream(RunId(address.split("/")[-1])))]
    assert (facts[0], facts[-1], in_loket(office, "Anouk")) == (RunStarted, RunCutOff, "Kade")
    assert wrong == []


def test_a_pilot_is_of_those_whose_numbers_are_typed(visit: Visit, office: Company) -> None:
    move(office, "Pieter", "Laan")
    move(office, "Fatima", "Laan")
    number = office.world.people["Pieter"].number
    visit.sign_in()
    visit.go("/e/170/plan")
    visit.page.click("main summary")
    for typed in ("", ",", " ", "Pieter"):  # nobody is not everybody
        visit.page.fill("#only", typed)
        visit.press("details button")
        assert (visit.page.input_value("#only"), visit.page.get_attribute("#only", "aria-invalid")) == (typed, "true")
    wrong = visit.wrong()

    visit.page.fill("#only", f" {number}, ")
    visit.press("details button")
    visit.settle()
    start(visit)

    assert (in_loket(office, "Pieter"), in_loket(office, "Fatima") == "Laan", runs(office)[0].only) == (
        "Laan", False, (number,)
    )  # fmt: skip
    assert wrong == []


def test_an_operator_sees_what_a_plan_would_write_without_the_people(visit: Visit, office: Company) -> None:
    move(office, "Fatima", "Plein")
    visit.sign_in(Role.OPERATOR)
    make_plan(visit)

    assert "één medewerker" in visit.page.inner_text(".say")
    assert visit.page.locator("tbody tr").count() == 0
    start(visit)
    assert in_loket(office, "Fatima") == "Plein"


def test_a_read_that_is_not_believed_is_accepted_by_a_second_person(visit: Visit, office: Company) -> None:
    for name in NAMES[:6]:
        office.world.payroll.hide_employee(TULP, office.world.people[name].number)
    visit.sign_in()
    make_plan(visit)
    assert "zoveel minder" in visit.page.inner_text(".say")
    wrong = visit.wrong()
    visit.press("main form.act button >> nth=0")
    visit.settle()
    doubted = runs(office)[0]
    assert (doubted.reason, visit.page.is_disabled("main button:not(.plain)")) == ("IMPLAUSIBLE_READ", True)
    sizes = visit.page.locator("main table tbody tr").all_inner_texts()
    assert [one.split() for one in sizes if "Loket" in one] == [["medewerkers", "in", "Loket", "10", "4"]]
    wrong += visit.wrong()

    visit.context.clear_cookies()
    visit.paste(office.api.key(Role.PAYROLL_ADMIN, None, holder="Noor", until=date(2040, 12, 31)))
    visit.go(f"/e/170/runs/{doubted.run_id}")
    visit.page.fill("#many", "4")
    visit.press("main .narrow-form button")
    assert visit.page.get_attribute("#many", "aria-invalid") == "true"
    visit.page.fill("#many", "10")
    visit.press("main .narrow-form button")
    visit.page.wait_for_url(lambda url: doubted.run_id not in url)
    visit.settle()

    accepted = [one.fact for one in office.api.web.store.log.stream(run_stream(runs(office)[0].run_id))]
    assert [one.refused_run for one in accepted if isinstance(one, ReadAccepted)] == [doubted.run_id]
    assert (runs(office)[0].actor, wrong) == ("Noor", [])


def _released(fact: object) -> bool:
    return isinstance(fact, BrakeReleased)
