"""What was recorded by a day is cited by an address, which answers the same whatever is recorded later."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, time
from pathlib import Path

import httpx
import pytest

from api.languages import day as written
from domain.access import Role
from domain.attributes import Role as Attribute
from domain.values import FieldPath
from tests.pages.company import Company, company, order, run
from tests.pages.conftest import BOTH, Visit
from tests.support.world import TULP

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


@pytest.fixture
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


@pytest.mark.acts
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


LISTS = ("tasks", "people", "differences", "leavers")
APART = (
    "/e/170/differences?as_at=2026-03-14",
    "/e/170/differences?as_at=2026-03-15",
    "/e/170/differences?as_at=2026-03-16",
    "/e/170/differences?as_at=2026-03-17",
    "/e/170/leavers?as_at=2026-03-15",
    "/e/170/leavers?as_at=2026-03-16",
    "/e/170/leavers?as_at=2026-03-17",
)
API = ("/v1/drift?legal_entity=170", "/v1/terminations?legal_entity=170", "/v1/legal-entities/170/to-enter?")


def test_differences_and_leavers_of_a_day_answer_the_same_after_all_was_decided_and_put_right(tmp_path: Path) -> None:
    with company(tmp_path, played=False, allow_accepted_drift=True) as office:
        number = differ(office)
        client = httpx.Client(base_url=office.url, trust_env=False, headers={"Accept-Language": "en"})
        sign_in(office, client)
        key = {"Authorization": f"Bearer {office.key(Role.AUDITOR)}"}

        def asked(path: str) -> object:
            return client.get(f"{path}&as_at=2026-03-17T22:59:59Z", headers=key).json()

        for page, checked in (("differences", 16), ("tasks", 16), ("leavers", 16)):
            offered = re.findall(r'<option value="2026-03-(\d\d)"', client.get(f"/e/170/{page}").text)
            assert offered == [str(day) for day in range(checked, 14, -1)]
        cited = {path: main_of(client, path) for path in APART}
        files = {path: client.get(path.replace("?", ".json?")).json()["items"] for path in APART}
        over_http = {path: asked(path) for path in API}
        nothing, alike, typed, decided, none, ends, still = cited.values()
        assert "Nothing had been compared by then" in nothing
        assert "Nothing had been compared by then" in alike
        assert "2 values in Loket were not Personio" in typed
        assert ("payroll decides" in typed, "Compare" in typed, '<form method="post"' in typed) == (False,) * 3
        assert f'href="/e/170/people/{number}?as_at=2026-03-16"' in typed
        assert [one["section"] for one in files[APART[2]]] == ["next_run_overwrites"] * 2
        assert [one["section"] for one in files[APART[3]]] == [
            "next_run_overwrites", "left_as_it_is", "enter_in_personio", "held_out",
        ]  # fmt: skip
        assert ("Left as it is" in decided, "20 March 2026" in decided) == (True, True)
        assert "No employment had been seen to end in Loket by then." in none
        assert ("The employment of one person had an end in one system only." in ends, "30 April 2026" in ends) == (
            True,
            True,
        )
        assert ends.count("<tr>") == still.count("<tr>") == 2

        put_right(office)

        sign_in(office, client)
        now = main_of(client, "/e/170/differences") + main_of(client, "/e/170/leavers")
        assert ("Loket holds what Personio says" in now, "reinstated in Loket" in now) == (True, True)
        assert {path: main_of(client, path) for path in APART} == cited
        assert {path: client.get(path.replace("?", ".json?")).json()["items"] for path in APART} == files
        assert {path: asked(path) for path in API} == over_http
        assert {path: client.get(path, headers=key).json() for path in API} != over_http


def differ(office: Company) -> int:
    """15 March: a run. 16 March: typed in Loket, and an employment ends there. 17 March: all of it is decided about."""
    world = office.world
    for name in ("Sanne", "Mo", "Jan"):
        world.employ(name)
    run(office, date(2026, 3, 15))
    number = world.people["Sanne"].number
    for field, text in (("address.street", "Achterom"), ("address.city", "Weesp")):
        world.payroll.set_field(TULP, number, FieldPath(field), text)
    world.payroll.end_employment(TULP, world.people["Jan"].number, date(2026, 4, 30))
    order(office, "drift-checks", date(2026, 3, 16))
    world.clock.travel(date(2026, 3, 17), time(9))
    theirs = f"employees/{number}/differences"
    decide(office, f"{theirs}/accepted", fields=["address.street"], until="2026-03-20")
    decide(office, f"{theirs}/kept", fields=["address.city"])
    decide(office, f"employees/{world.people['Mo'].number}/hold-out")
    world.clock.travel(date(2026, 3, 18), time(8))
    return number


def decide(office: Company, what: str, **told: object) -> None:
    headers = {"Authorization": f"Bearer {office.key(Role.PAYROLL_ADMIN)}", "Idempotency-Key": what.replace("/", ".")}
    body = {"reason": "so it was decided", **told}
    answer = httpx.post(f"{office.url}/v1/legal-entities/170/{what}", json=body, headers=headers, trust_env=False)
    assert answer.status_code in (200, 201), answer.text
    office.api.web.seal()


def put_right(office: Company) -> None:
    world = office.world
    world.edit("Sanne", Attribute("city"), "Weesp")
    world.payroll.end_employment(TULP, world.people["Jan"].number, None)
    for day in (18, 21, 22):
        run(office, date(2026, 3, day))
        order(office, "drift-checks", date(2026, 3, day), time(10))


@pytest.mark.parametrize("query", ["as_at=yesterday", "as_at=2026-13-01"])
def test_what_is_no_date_is_told_as_such(reader: httpx.Client, query: str) -> None:
    assert [reader.get(f"/e/170/{one}?{query}").status_code for one in LISTS] == [422] * 4


def test_a_day_to_come_is_now_and_the_first_of_all_days_is_before_everything(reader: httpx.Client) -> None:
    to_come = main_of(reader, "/e/170/people?as_at=9999-12-31")
    assert ("19 people in Personio" in to_come, "That day is not over" in to_come) == (True, True)
    assert "That day is not over" not in main_of(reader, "/e/170/people?as_at=2026-03-15")
    assert "No run had ended then." in main_of(reader, "/e/170/people?as_at=0001-01-01")


@BOTH
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
        listed = page.inner_text("main table tbody")
        numbers = page.locator("main table tbody tr").count()
        answers.append((page.url.rpartition("=")[2], page.inner_text("main .say.note"), listed))
        told = httpx.get(
            f"{visit.office.url}/v1/legal-entities/170/employees", trust_env=False,
            params={"limit": 100, "as_at": f"{answers[-1][0]}T22:59:59Z"},
            headers={"Authorization": f"Bearer {visit.office.key(Role.AUDITOR)}"},
        )  # fmt: skip
        assert numbers == len(told.json()["items"]), "the list is that of the day"

    assert [day for day, _, _ in answers] == stops
    assert len({said for _, said, _ in answers}) == 3
    days = [written(date.fromisoformat(one), str(page.get_attribute("html", "lang"))) for one in stops]
    assert [one in said.replace("\xa0", " ") for one, (_, said, _) in zip(days, answers, strict=True)] == [True] * 3
    assert [listed.count("\n") > 0 for _, _, listed in answers] == [True] * 3
    assert len({listed for _, _, listed in answers}) == 3, "the list is that of the day too"
    page.focus(f"text={visit.say('Back to now')}")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "as_at" not in page.url
