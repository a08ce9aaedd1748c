"""Every page in both languages and widths: readable by everyone, nothing asked elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, Final, Literal

import httpx
import pytest

from api.pages.rendering import files
from domain.access import Role
from tests.pages.company import Company
from tests.pages.conftest import BOTH, COLOURS, CROSSED, NARROW, WIDE, ZOOMED, Visit
from tests.pages.planted import HOSTILE, personal_values

PAGES = (  # a new page is a row here
    "/",
    "/e/170",
    "/e/170/tasks",
    "/e/170/tasks?ended=true",
    "/e/170/tasks?as_at=2026-03-18",
    "/e/170/people",
    "/e/170/people?as_at=2026-03-15",
    "/e/170/people/4711",
    "/e/170/people/4715",
    "/e/170/people/4713?as_at=2026-03-16&on=2026-03-15",
    "/e/170/runs",
    "/e/170/runs/{run}",
    "/e/170/plan",
    "/e/170/plans/{plan}",
    "/e/170/leavers",
    "/e/170/leavers?as_at=2026-03-16",
    "/e/170/differences",
    "/e/170/differences?as_at=2026-03-18",
    "/e/170/overwritten",
    "/e/170/overwritten/totals",
    "/e/170/reports",
    "/e/170/more-people",
    "/rules",
    "/rules/EDIT-1",
    "/operation",
    "/e/170/people/{row}",
    "/log",
    "/log?employee_number=4711&rule=EDIT-1",
    "/proof",
    "/proof/120",
    "/e/170/ahead",
    "/e/170/handover",
    "/e/170/names",
    "/me",
    "/e/171",
    "/e/171/tasks",
    "/e/171/people",
    "/e/171/runs",
    "/e/171/leavers",
)
OFFICERS = ("/access", "/erasures")
OF_EVERY_KIND = ("/e/170", "/e/170/people/4715", "/e/170/runs/{run}")
EYES: dict[str, Any] = {"nl": {"color_scheme": "dark"}, "en": {"forced_colors": "active"}}
"""How pages that have everything in them are looked at a second time, in one language each."""

LAID_OUT: Final = (
    "label", "button-name", "link-name", "link-in-text-block", "target-size", "scrollable-region-focusable", "region",
)  # fmt: skip
"""Axe's rules that another screen can break; all are asked once in each language, on the screen it begins on."""


@CROSSED
def test_every_page_can_be_read_by_everyone_and_shows_nobody(visit: Visit, office: Company) -> None:
    """To somebody whose own name would run where it is not told as text."""
    planted = personal_values(office)
    visit.page.goto(f"{office.url}/sign-in")
    language = str(visit.page.get_attribute("html", "lang"))
    wrong = {"/sign-in": walked(visit)}
    visit.width = visit.way.width
    visit.paste(office.api.key(Role.PAYROLL_ADMIN, None, holder=HOSTILE, until=date(2040, 12, 31)))

    for row in PAGES:
        path = office.at(row)
        visit.page.goto(office.url + path)
        assert visit.page.get_attribute("html", "lang") == language
        wrong[path] = walked(visit, EYES[language] if row in OF_EVERY_KIND else {})
        wrong[path] += [] if HOSTILE in visit.text else ["not the page of who is signed in"]
        if not row.startswith("/rules/"):  # whose made-up people are called as these are
            shown = f"{visit.page.url} {visit.page.title()} {visit.page.content()}"
            wrong[path] += [value for value in planted if value in shown]

    visit.width = WIDE + NARROW - visit.way.width
    visit.press("header form[action='/sign-out'] button")
    visit.sign_in(Role.PRIVACY_OFFICER)
    for path in OFFICERS:
        assert visit.go(path) == 200
        wrong[path] = walked(visit)

    assert {path: found for path, found in wrong.items() if found} == {}


def walked(visit: Visit, eyes: Mapping[str, Any] = MappingProxyType({})) -> list[str]:
    """What is wrong with a page: out of reach or by axe on either screen, to other eyes, at 400 %, or on paper."""
    found = []
    for visit.width in (WIDE, NARROW):
        visit.look()
        if visit.width == visit.way.width:
            found += visit.violations(without=() if visit.dutch else [COLOURS])
            if eyes:
                visit.page.emulate_media(**eyes)
                found += visit.violations(COLOURS)
                visit.page.emulate_media(color_scheme="light", forced_colors="none")
        else:
            found += visit.violations(*LAID_OUT)
    visit.width = ZOOMED
    found += ["sideways"] if visit.sideways() > 0 else []
    return [*found, *visit.on_paper()]


def open_run(visit: Visit) -> None:
    visit.go(f"/e/170/runs/{visit.office.newest_run}")


def test_a_page_speaks_the_language_of_the_browser_and_then_the_one_that_was_chosen(visit: Visit) -> None:
    visit.sign_in()
    visit.go("/e/170/runs")
    assert "De laatste synchronisatie" in visit.text

    visit.press("button[value=en]")

    assert "The last run" in visit.text
    assert visit.page.get_attribute("html", "lang") == "en"


def test_the_first_page_and_all_it_loads_are_small(visit: Visit) -> None:
    visit.sign_in()
    visit.go("/e/170/runs")

    html = len(visit.page.content().encode())

    assert html + sum(len(content) for content, _ in files().values()) < 100_000


@BOTH
def test_the_bars_of_a_run_add_up_and_lead_to_their_people(visit: Visit) -> None:
    visit.sign_in()
    open_run(visit)
    numbers = [int(one) for one in visit.page.locator(".funnel b").all_inner_texts()]

    whole, gone, part, *parts = numbers
    assert (whole, part) == (gone + part, sum(parts))
    assert visit.say("Total %(told)s, matching the run's own count.") % {"told": whole} in visit.text
    visit.press("text=POSTCODE_FORMAT >> xpath=../../a[1]")
    assert visit.page.locator("tbody tr").count() == 1
    assert ("1 van 19 medewerkers" in visit.text, "1 of 19 people" in visit.text) in ((True, False), (False, True))


def test_leavers_tell_who_ends_in_one_system_only_and_that_nothing_is_ended_from_here(visit: Visit) -> None:
    visit.sign_in(Role.HR)
    visit.go("/e/170")
    visit.press("text=Uit dienst")

    (disagreed,) = visit.page.locator("main table").all_inner_texts()
    assert (
        "4712" in disagreed,
        "eindigt in Loket op 30\xa0april\xa02026, maar is in Personio nog actief" in disagreed,
    ) == (True, True)
    assert "Voer die laatste dag in Personio in; klopt hij niet, laat de salarisadministratie" in disagreed
    assert visit.page.locator("main form[method=post]").count() == 0


def test_today_tells_who_must_act_what_waits_for_it_and_whose_employment_ends(visit: Visit, office: Company) -> None:
    visit.sign_in()
    visit.go("/e/170")
    held, todo = (visit.page.inner_text(one).replace("\xa0", " ") for one in (".say", ".matters"))
    visit.go("/e/170/differences")
    with httpx.Client(base_url=office.url, trust_env=False) as client:
        key = {"Authorization": f"Bearer {office.key(Role.PAYROLL_ADMIN)}"}
        told = next(one for one in client.get("/v1/legal-entities", headers=key).json()["items"] if one["last_run"])

    assert held.startswith(
        "HR moet bij 2 medewerkers gegevens corrigeren in Personio. Tot die tijd wordt voor geen van de 18"
    )
    assert "1 dienstverband heeft een einddatum in Loket, en in Personio een andere laatste dag of geen" in todo
    assert "Geen wijziging van de medewerker gaat naar Loket, ook niet vóór de einddatum." in todo
    assert "De einddatum in Loket is 30 april 2026." in todo
    assert "Postcode: niet in de vorm 1234 AB 4715" in todo
    assert (
        todo.count("Er staat geen synchronisatie gepland: de salarisadministratie start er een, op de pagina Plan.")
        == 1
    )
    assert "Er gaat geen synchronisatie van iedereen door voordat HR haar taken heeft opgelost." in todo
    assert "wordt de medewerker niet verloond" in todo
    assert told["end_disagreements"] == {
        "count": 1, "ended_in_loket": 1, "ended_in_personio": 0, "earliest_end": "2026-04-30"
    }  # fmt: skip
    assert (visit.page.locator("main h2").count(), "Nog niet vergeleken" in visit.text) == (0, True)
    assert visit.page.inner_text("main form button") == "Verschillen nu controleren"


def test_the_page_of_a_blocked_run_says_what_is_wrong_as_tasks_does(visit: Visit) -> None:
    visit.sign_in()
    open_run(visit)

    (anouk,) = [one for one in visit.page.locator("tbody tr").all_inner_texts() if "4716" in one]
    assert "Achternaam: kort het in" in anouk
    assert "39 tekens, in Loket passen er 25" in anouk


def test_an_operator_sees_numbers_and_no_people(visit: Visit) -> None:
    visit.sign_in(Role.OPERATOR)
    open_run(visit)

    assert visit.page.locator("tbody tr").count() == 0
    assert "alleen aantallen" in visit.text


def test_sentences_that_follow_each_other_are_apart(visit: Visit) -> None:
    visit.sign_in()
    visit.go("/e/170/people/4715")

    assert "in Loket. POSTCODE_FORMAT" in visit.page.inner_text(".say")


@pytest.mark.parametrize(("media", "ink"), [("screen", "rgb(232, 237, 242)"), ("print", "rgb(22, 32, 44)")])
def test_paper_stays_light_for_whoever_reads_in_the_dark(
    visit: Visit, media: Literal["screen", "print"], ink: str
) -> None:
    visit.page.emulate_media(media=media, color_scheme="dark")
    visit.go("/sign-in")

    assert visit.page.evaluate("getComputedStyle(document.body).color") == ink
