"""What somebody does on a page: checks again and sees to a task; with the API's effect, permission and record."""

from __future__ import annotations

from datetime import date, time

import pytest

from api.languages import day
from domain.access import Role
from domain.attributes import Role as Attribute
from domain.errors import ReadFailed
from tests.pages.company import Company
from tests.pages.conftest import NARROW, WIDE, Visit, Windows

DAY = date(2026, 3, 18)


def check_again(visit: Visit) -> None:
    """The page that says what came of it: looked at again until the check is over."""
    visit.press("form.act button")
    visit.settle()


def checks(office: Company) -> int:
    store = office.api.web.store
    return sum(1 for one in store.log.page(-1, 10_000) if type(one.fact).__name__ == "ValidationCompleted")


@pytest.mark.parametrize(
    ("locale", "width", "script", "gone"),
    [("nl-NL", WIDE, True, "weg sinds 09:12"), ("en-GB", NARROW, False, "gone since 09:12")],
    ids=["Dutch, wide", "English, narrow, without script"],
)
def test_hr_mends_a_postal_code_and_sees_the_task_go(
    windows: Windows, office: Company, locale: str, width: int, script: bool, gone: str
) -> None:
    world = office.world
    written, postal_code = len(world.payroll.writes()), Attribute("postal_code")
    with windows.open(office, locale, width, script=script) as visit:
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
        looked = (visit.violations(), visit.sideways()) if script else ([], 0)
        visit.press("main a.button")
        assert "POSTCODE_FORMAT" not in visit.text

        world.edit("Pieter", postal_code, "12 AB")  # as it was, for other tests; and a task that is new
        check_again(visit)
        assert ("POSTCODE_FORMAT" in visit.text, gone in visit.text) == (True, False)

    assert looked == ([], 0)
    assert len(world.payroll.writes()) == written


def test_a_check_that_is_clicked_twice_is_one(visit: Visit, office: Company) -> None:
    visit.sign_in()
    visit.go("/e/170/people/4715")
    before = checks(office)

    visit.page.dblclick("form.act button")
    visit.page.wait_for_function("location.pathname.includes('/checks/')")  # the second click breaks off the first
    for thread in list(office.api.web.runs):
        thread.join()

    assert checks(office) == before + 1


def test_a_check_that_could_not_read_says_so_and_concludes_nothing(
    visit: Visit, office: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office.api.web, "tools", unreadable)
    visit.sign_in()
    visit.go("/e/170/tasks")

    check_again(visit)

    assert "kon niet worden gelezen" in visit.page.inner_text("[role=alert]")
    assert visit.page.locator("form.act button").count() == 1


def unreadable() -> None:
    raise ReadFailed("Personio does not answer")


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
    with windows.open(office, "nl-NL", WIDE) as other:
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
