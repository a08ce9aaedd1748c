"""What was recorded by a day is cited by an address, which answers the same whatever is recorded later."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import httpx
import pytest

from domain.access import Role
from domain.attributes import Role as Attribute
from tests.pages.company import Company, company, run
from tests.pages.conftest import Visit

OURS = {"Sec-Fetch-Site": "same-origin"}
CITED = (
    "/e/170/tasks?as_at=2026-03-16",
    "/e/170/tasks?as_at=2026-03-18",
    "/e/170/people?as_at=2026-03-14",
    "/e/170/people?as_at=2026-03-15",
    "/e/170/people?as_at=2026-03-18",
    "/e/170/people/4715?as_at=2026-03-18",
    "/e/170/people/4713?as_at=2026-03-15",
    "/e/170/people/4713?as_at=2026-03-18&on=2026-03-15",
)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    with company(tmp_path_factory.mktemp("then")) as one:
        yield one


@pytest.fixture
def reader(office: Company) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=office.url, trust_env=False, headers={"Accept-Language": "en"}) as client:
        sign_in(office, client)
        yield client


def sign_in(office: Company, client: httpx.Client) -> None:
    client.post("/sign-in", data={"key": office.key(Role.AUDITOR), "lang": "en"}, headers=OURS)


def main_of(client: httpx.Client, path: str) -> str:
    """What the page says, without the days that one may choose of, which grow."""
    answer = client.get(path)
    assert answer.status_code == 200
    page = re.sub(r"<select.*?</select>", "", answer.text, flags=re.DOTALL)
    return page.partition("<main")[2].partition("</main>")[0].replace("\N{NO-BREAK SPACE}", " ")


def test_a_cited_address_answers_the_same_after_all_that_came_later(office: Company, reader: httpx.Client) -> None:
    office.world.clock.travel(date(2026, 3, 19))  # the last of these days is over
    sign_in(office, reader)
    cited = {path: main_of(reader, path) for path in CITED}
    files = {path: reader.get(path.replace("?", ".json?")).json()["items"] for path in CITED[:5]}
    none, tasks, nobody, first, blocked, held, moved, other_clock = cited.values()
    assert ("No task was open then." in none, tasks.count("<tr>") - 1) == (True, 2)
    assert ("No run had ended then." in nobody, nobody.count("<tbody>")) == (True, 0)
    assert ("18 people in Personio" in first, "19 people in Personio" in blocked) == (True, True)
    assert "There is a task to be done first" in held
    assert "You look at what was recorded by the end of 15 March 2026." in moved
    assert "The values are those that held on 15 March 2026." in other_clock

    office.world.edit("Pieter", Attribute("postal_code"), "1234 AB")
    office.world.edit("Anouk", Attribute("last_name"), "van der Zee")
    office.world.edit("Mo", Attribute("street"), "Kade")
    run(office, date(2026, 3, 20))
    sign_in(office, reader)  # a session of days ago has ended

    assert "nobody holds the sync" in main_of(reader, "/e/170/tasks")
    assert {path: main_of(reader, path) for path in CITED} == cited
    assert {path: reader.get(path.replace("?", ".json?")).json()["items"] for path in files} == files


@pytest.mark.parametrize("query", ["as_at=yesterday", "as_at=2026-13-01"])
def test_a_day_that_is_none_finds_no_page(reader: httpx.Client, query: str) -> None:
    assert [reader.get(f"/e/170/{one}?{query}").status_code for one in ("tasks", "people")] == [404, 404]


def test_a_day_to_come_is_now_and_the_first_of_all_days_is_before_everything(reader: httpx.Client) -> None:
    to_come = main_of(reader, "/e/170/people?as_at=9999-12-31")
    assert ("19 people in Personio" in to_come, "That day is not over" in to_come) == (True, True)
    assert "That day is not over" not in main_of(reader, "/e/170/people?as_at=2026-03-15")
    assert "No run had ended then." in main_of(reader, "/e/170/people?as_at=0001-01-01")


def test_three_stops_by_the_keyboard_alone_are_three_answers(visit: Visit) -> None:
    visit.sign_in(Role.AUDITOR)
    visit.go("/e/170/people")
    page, answers = visit.page, []
    stops = page.eval_on_selector_all("#as_at option", "all => all.map((one) => one.value)")[1:4]

    for _ in stops:
        page.focus("#as_at")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        answers.append((page.url.rpartition("=")[2], page.inner_text("main .say.note")))

    assert [day for day, _ in answers] == stops
    assert len({said for _, said in answers}) == 3
    visit.press("text=Terug naar nu")
    assert "as_at" not in page.url
