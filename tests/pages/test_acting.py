"""What somebody does on a page: checks again and sees to a task; with the API's effect, permission and record."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import replace
from datetime import date, time

import pytest

from adapters.loket.client import LoketClient
from adapters.personio.client import PersonioClient
from adapters.simulators.loket.simulator import LoketSimulator
from adapters.simulators.personio.simulator import PersonioSimulator
from api.languages import day
from domain.access import Role
from domain.attributes import Role as Attribute
from domain.attributes import catalogue
from domain.services.journal import Tools
from tests.pages.company import Company
from tests.pages.conftest import CROSSED, SCRIPT_OR_NOT, Visit, Way, Windows

DAY = date(2026, 3, 18)
pytestmark = pytest.mark.acts


def check_again(visit: Visit) -> None:
    """The page that says what came of it: looked at again until the check is over."""
    visit.press("form.act button")
    visit.settle()


def checks(office: Company) -> int:
    store = office.api.web.store
    return sum(1 for one in store.log.page(-1, 10_000) if type(one.fact).__name__ == "ValidationCompleted")


@SCRIPT_OR_NOT
def test_hr_mends_a_postal_code_and_sees_the_task_go(visit: Visit, office: Company) -> None:
    world, gone = office.world, "weg sinds 09:12" if visit.dutch else "gone since 09:12"
    written, postal_code = len(world.payroll.writes()), Attribute("postal_code")
    world.clock.travel(DAY, time(9, 12))
    visit.sign_in(Role.HR)
    visit.go("/e/170/tasks")
    (listed,) = [one for one in visit.page.locator("tbody tr").all_inner_texts() if "POSTCODE_FORMAT" in one]
    assert visit.say("correct the postal code: four digits and two letters, such as 1234 AB") in listed
    assert day(DAY, str(visit.page.get_attribute("html", "lang"))) in listed.replace("\xa0", " ")
    assert visit.say("HR, in Personio") in listed
    there = visit.page.locator("tbody tr", has_text="POSTCODE_FORMAT").get_by_role("link", name="Personio")
    assert there.get_attribute("href") == f"https://acme.example/staff/{world.people['Pieter'].person}"

    world.edit("Pieter", postal_code, "1234 AB")
    check_again(visit)

    assert (gone in visit.text, "POSTCODE_FORMAT" in visit.text) == (True, True)
    wrong = visit.wrong()
    visit.press("main a.button")
    assert "POSTCODE_FORMAT" not in visit.text

    world.edit("Pieter", postal_code, "12 AB")  # a task that is new
    check_again(visit)
    assert ("POSTCODE_FORMAT" in visit.text, gone in visit.text, wrong) == (True, False, [])
    assert len(world.payroll.writes()) == written


def test_a_check_that_is_clicked_twice_is_one(visit: Visit, office: Company) -> None:
    visit.sign_in()
    visit.go("/e/170/people/4715")
    before = checks(office)

    visit.page.dblclick("form.act button")
    visit.page.wait_for_url("**/checks/**")  # the second click breaks off the first
    for thread in list(office.api.web.runs):
        thread.join()

    assert checks(office) == before + 1


@CROSSED
@pytest.mark.parametrize("system", ["Personio", "Loket"])
def test_a_system_that_could_not_be_read_leaves_what_is_known_with_its_age(
    visit: Visit, office: Company, monkeypatch: pytest.MonkeyPatch, system: str
) -> None:
    visit.sign_in()
    visit.go("/e/170/tasks")
    tasks = visit.page.locator("tbody tr").all_inner_texts()

    with refused_by(system, office) as tools:
        monkeypatch.setattr(office.api.web, "tools", lambda: nullcontext(tools))
        check_again(visit)

    said = visit.page.inner_text("[role=alert]")
    assert visit.say(SAID[system]) in said
    age = (
        r"Stand volgens de \w+ van 18 maart 2026 \d\d:\d\d"
        if visit.dutch
        else r"As the \w+ of 18 March 2026 \d\d:\d\d saw it"
    )
    assert re.search(age, visit.text.replace("\xa0", " "))
    assert visit.page.locator("form.act button").count() == 1
    wrong = visit.wrong()
    visit.press(".crumb a")
    assert (visit.page.locator("tbody tr").all_inner_texts(), wrong) == (tasks, []), "no list is empty for it"


SAID = {
    "Personio": "Personio or Loket could not be read. Nothing was concluded: the tasks are as they were.",
    "Loket": "Personio or Loket does not let us in. Nothing was concluded. Ask whoever operates this product to sign "
    "in to Loket again, or to put its settings right.",
}
AGE = {
    "nl": r"Stand volgens de \w+ van 18 maart 2026 \d\d:\d\d",
    "en": r"As the \w+ of 18 March 2026 \d\d:\d\d saw it",
}


@contextmanager
def refused_by(system: str, office: Company) -> Iterator[Tools]:
    """The real clients, of which one is told 503 by Personio, or 401 by Loket, however often it asks."""
    clock, vault = office.world.clock, office.api.web.store.vault
    waits = {"sleep": clock.sleep, "monotonic": clock.monotonic, "now": clock.now}
    with office.api.web.tools() as tools, ExitStack() as closing:
        client: PersonioClient | LoketClient
        if system == "Personio":
            personio = closing.enter_context(PersonioSimulator(now=clock.now))
            personio.faults.add("unavailable", times=0)
            client = PersonioClient(personio.url, "", "", {}, **waits)
        else:
            loket = closing.enter_context(LoketSimulator(now=clock.now))
            loket.faults.add("unauthorized", times=0)
            client = LoketClient(loket.url, loket.token_url, "", "", "", vault, catalogue(frozenset()), **waits)
        closing.callback(client.close)
        yield replace(tools, **{system.lower(): client})


def test_somebody_sees_to_a_task_and_gives_it_back(visit: Visit) -> None:
    visit.sign_in(Role.HR)
    visit.go("/e/170/people/4715")

    visit.press("text=Ik pak dit op")
    assert "Marieke (HR) pakt dit vandaag op" in visit.text

    visit.press("text=Geef terug")
    assert "pakt dit vandaag op" not in visit.text


def test_nobody_takes_what_somebody_else_sees_to(visit: Visit, windows: Windows, office: Company) -> None:
    visit.sign_in(Role.PAYROLL_ADMIN)
    visit.go("/e/170/people/4715")
    with windows.open(office, Way()) as other:
        other.sign_in(Role.HR)
        other.go("/e/170/people/4715")
        other.press("text=Ik pak dit op")

        visit.press("text=Ik pak dit op")
        assert "Iemand anders pakt deze taak vandaag op" in visit.text

        other.press("text=Geef terug")


def test_an_auditor_reads_tasks_and_acts_on_none(visit: Visit) -> None:
    visit.sign_in(Role.AUDITOR)
    visit.go("/e/170/tasks")

    assert visit.page.locator("main form[method=post]").count() == 0
