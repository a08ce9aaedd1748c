"""A page asks the database little, and no more for many people than for one."""

from __future__ import annotations

import re
import secrets
from collections import Counter
from collections.abc import Iterator
from typing import Final, TypeAlias

import httpx
import pytest

from bench.pages import PAGES as MEASURED
from domain.access import Role
from tests.pages.company import Company, company
from tests.support.databases import with_empty_views
from tests.support.questions import HELD, OWN, Questions, questions

OURS: Final = {"Sec-Fetch-Site": "same-origin"}
MOST_OF_ITS_OWN: Final = 6
MOST: Final = 28  # with who asks, where the log stands, and every row held against the events
PAGES: Final = (
    "/", "/operation", "/me", "/rules", "/rules/EDIT-1", "/proof", "/proof/120", "/access", "/erasures",
    "/log", "/log?rule=EDIT-1", "/log?kind=sync_run.started.v1&run={run}", "/log?number=4715&field=address.street",
    "/e/170", "/e/170/handover", "/e/170/names", "/e/170/ahead", "/e/170/more-people", "/e/170/reports",
    "/e/170/tasks", "/e/170/tasks?ended=true", "/e/170/tasks?who=hr", "/e/170/tasks?as_at=2026-03-18",
    "/e/170/tasks?as_at=2026-03-18&who=payroll",
    "/e/170/people", "/e/170/people?as_at=2026-03-15", "/e/170/people?as_at=2026-03-16&outcome=updated&reason=EDIT-1",
    "/e/170/people?outcome=blocked", "/e/170/people?reason=EDIT-1", "/e/170/people?link=concept&new=true",
    "/e/170/people?new=true", "/e/170/people?link=final",
    "/e/170/people/4715", "/e/170/people/4715?as_at=2026-03-16", "/e/170/people/4715?as_at=2026-03-16&on=2026-03-01",
    "/e/170/people/4715?before=60", "/e/170/people/{row}",
    "/e/170/plan", "/e/170/runs", "/e/170/runs/{run}", "/e/170/runs/{run}?outcome=blocked",
    "/e/170/runs/{run}?outcome=blocked&reason=CHECK-2", "/e/170/leavers", "/e/170/leavers?as_at=2026-03-18",
    "/e/170/differences", "/e/170/differences?as_at=2026-03-18",
    "/e/170/overwritten", "/e/170/overwritten?did=filled&field=address.street", "/e/170/overwritten?number=4715",
    "/e/170/overwritten/totals",
)  # fmt: skip
NAMES: Final = 2
"""Questions beside these while names are shown: who is a member, and where their names are."""
OTHER: Final = re.compile(r"{work}|{report}|/progress|/file|/certificate|^/(sign-in|static|kept|verify)")
"""What is under way or made once, signing in, and files."""


Heard: TypeAlias = tuple[Company, httpx.Client, Questions]


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def heard(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Heard]:
    url = "" if request.param == "sqlite" else with_empty_views(request.getfixturevalue("postgres_server"))
    with (
        questions() as asked,
        company(tmp_path_factory.mktemp("questions"), url=url) as office,
        httpx.Client(base_url=office.url, trust_env=False) as client,
    ):
        sign_in(office, client, Role.PAYROLL_ADMIN)
        yield office, client, asked


def sign_in(office: Company, client: httpx.Client, role: Role) -> None:
    client.cookies.clear()
    client.post("/sign-in", data={"key": office.key(role)}, headers=OURS)


def asked_by(heard: Heard, path: str) -> Questions:
    """Nothing, where whoever asks may not see the page, or is led to another."""
    office, client, asked = heard
    where = office.at(path)
    asked.forget()
    answer = client.get(where)
    assert answer.status_code in (200, 303, 403), path
    return Questions(list(asked.asked) if answer.status_code == 200 else [])


def asked_at_least(heard: Heard, path: str) -> Questions:
    """Whoever comes first brings the views to the head of the log, and reading is put on record once in a while."""
    return min((asked_by(heard, path) for _ in range(3)), key=lambda one: len(one.asked))


SEE_ALL: Final = (Role.PAYROLL_ADMIN, Role.PRIVACY_OFFICER)
"""Between them they see every page, and ask on both databases."""


@pytest.mark.parametrize(
    ("heard", "role"),
    [("sqlite", role) for role in (*SEE_ALL, Role.HR, Role.AUDITOR)] + [("postgres", role) for role in SEE_ALL],
    indirect=["heard"],
)
def test_a_page_asks_six_questions_at_most_and_little_around_them(heard: Heard, role: Role) -> None:
    sign_in(heard[0], heard[1], role)

    assert too_many(heard) == {}


def test_so_it_does_with_names_and_the_values_of_a_person(heard: Heard) -> None:
    office, client, _ = heard
    sign_in(office, client, Role.PAYROLL_ADMIN)
    for where in ("/e/170/names", "/e/170/people/4715/values"):
        form = {"reason": "the list of Friday", "idempotency_key": secrets.token_hex(16), "next": "/"}
        assert client.post(where, data=form, headers=OURS).status_code == 303

    assert too_many(heard, beside=NAMES) == {}
    sign_in(office, client, Role.PAYROLL_ADMIN)


def too_many(heard: Heard, beside: int = 0) -> dict[str, Counter[str]]:
    def over(one: Questions) -> bool:
        return len(one.own) > MOST_OF_ITS_OWN + beside or len(one.asked) > MOST + beside

    told = {path: asked_by(heard, path) for path in PAGES}
    assert any(one.own for one in told.values())
    again = {path: asked_at_least(heard, path) for path, one in told.items() if over(one)}
    return {path: one.counted() for path, one in again.items() if over(one)}


def test_every_page_is_counted_here_and_measured_by_the_bench(heard: Heard) -> None:
    counted = [heard[0].at(path) for path in PAGES]
    measured = [page.address.format(row=heard[0].first_row) for page in MEASURED.values()]
    pages = [one for one in heard[0].api.app.state.pages.state.routes if "GET" in one.methods]

    def missing(addresses: list[str]) -> set[str]:
        paths = {address.partition("?")[0] for address in addresses}
        asked = {one.path for one in pages if any(one.path_regex.match(path) for path in paths)}
        return {one.path for one in pages if not OTHER.search(one.path)} - asked

    assert missing(measured) == set()
    assert missing(counted) == {"/e/{entity}/differences/{number}/{decision}"}


def test_ones_own_page_asks_the_same_however_often_somebody_signed_in(heard: Heard) -> None:
    office, _, _ = heard
    once = asked_at_least(heard, "/me").counted()
    for _ in range(3):
        httpx.post(f"{office.url}/sign-in", data={"key": office.key(Role.PAYROLL_ADMIN)}, headers=OURS, trust_env=False)

    assert asked_at_least(heard, "/me").counted() == once


def test_names_cost_a_page_the_same_however_many_are_shown(heard: Heard) -> None:
    _, client, _ = heard
    numbers = asked_at_least(heard, "/e/170/people").counted()
    form = {"reason": "the list of Friday", "idempotency_key": secrets.token_hex(16), "next": "/"}
    client.post("/e/170/names", data=form, headers=OURS)

    names = asked_at_least(heard, "/e/170/people").counted()

    assert names[OWN] - numbers[OWN] <= NAMES
    assert names[HELD] - numbers[HELD] <= 1
