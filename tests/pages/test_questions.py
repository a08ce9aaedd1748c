"""A page asks the database little, and no more for many people than for one."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from typing import Final

import httpx
import pytest

from bench.pages import PAGES as MEASURED
from domain.access import Role
from tests.pages.company import Company, company
from tests.support.questions import HELD, OWN, Questions, questions

OURS: Final = {"Sec-Fetch-Site": "same-origin"}
MOST_OF_ITS_OWN: Final = 6
MOST: Final = 28  # with who asks, where the log stands, and every row held against the events
MORE: Final = {"/e/170/people/4715": 8, "/e/170/differences": 7}
"""Who carried a number is asked by its history, by what was shared, and by whether nobody has it any more; the days of
checks are asked beside those of runs.
"""
PAGES: Final = (
    "/", "/operation", "/e/170", "/e/170/handover", "/e/170/tasks", "/e/170/tasks?ended=true", "/e/170/people",
    "/e/170/people/4715", "/e/170/runs", "/e/170/runs/{run}", "/e/170/leavers", "/e/170/differences", "/e/170/ahead",
    "/e/170/overwritten", "/e/170/overwritten?did=filled&field=address.street", "/e/170/overwritten/totals",
    "/e/170/people/{row}", "/e/170/names", "/me", "/log",
    "/proof", "/proof/120", "/e/170/tasks?as_at=2026-03-18", "/e/170/people?as_at=2026-03-15",
    "/e/170/people?link=concept&new=true",
    "/e/170/differences?as_at=2026-03-18", "/e/170/leavers?as_at=2026-03-18",
    "/e/170/reports", "/rules", "/rules/EDIT-1", "/e/170/plan", "/e/170/more-people",
)  # fmt: skip
OTHER: Final = re.compile(r"{work}|{report}|/progress|/file|/certificate|^/(sign-in|static|kept|verify)")
"""What is under way or made once, signing in, and files."""


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Company, httpx.Client, Questions]]:
    with (
        questions() as asked,
        company(tmp_path_factory.mktemp("questions")) as office,
        httpx.Client(base_url=office.url, trust_env=False) as client,
    ):
        client.post("/sign-in", data={"key": office.key(Role.PAYROLL_ADMIN)}, headers=OURS)
        yield office, client, asked


def asked_by(heard: tuple[Company, httpx.Client, Questions], path: str) -> Questions:
    office, client, asked = heard
    where = office.at(path)
    client.get(where)  # whoever comes first brings the views to the head of the log
    tries = []
    for _ in range(2):  # once in a while the server puts reading on record meanwhile
        asked.forget()
        assert client.get(where).status_code == 200
        tries.append(list(asked.asked))
    asked.asked[:] = min(tries, key=len)
    return asked


@pytest.mark.parametrize("path", PAGES)
def test_a_page_asks_six_questions_at_most_and_little_around_them(
    heard: tuple[Company, httpx.Client, Questions], path: str
) -> None:
    asked, most = asked_by(heard, path), MORE.get(path, MOST_OF_ITS_OWN)

    assert (len(asked.own) <= most, len(asked.asked) <= MOST) == (True, True), asked.counted()


def test_every_page_is_counted_here_and_measured_by_the_bench(heard: tuple[Company, httpx.Client, Questions]) -> None:
    counted = [heard[0].at(path) for path in PAGES]
    measured = [page.address.format(row=heard[0].first_row) for page in MEASURED.values()]
    pages = [one for one in heard[0].api.app.state.pages.state.routes if "GET" in one.methods]

    def missing(addresses: list[str]) -> set[str]:
        paths = {address.partition("?")[0] for address in addresses}
        asked = {one.path for one in pages if any(one.path_regex.match(path) for path in paths)}
        return {one.path for one in pages if not OTHER.search(one.path)} - asked

    assert missing(measured) == set()
    assert missing(counted) == {"/access", "/erasures", "/e/{entity}/differences/{number}/{decision}"}


def test_ones_own_page_asks_the_same_however_often_somebody_signed_in(
    heard: tuple[Company, httpx.Client, Questions],
) -> None:
    office, _, _ = heard
    once = asked_by(heard, "/me").counted()
    for _ in range(3):
        httpx.post(f"{office.url}/sign-in", data={"key": office.key(Role.PAYROLL_ADMIN)}, headers=OURS, trust_env=False)

    assert asked_by(heard, "/me").counted() == once


def test_names_cost_a_page_the_same_however_many_are_shown(heard: tuple[Company, httpx.Client, Questions]) -> None:
    _, client, _ = heard
    numbers = asked_by(heard, "/e/170/people").counted()
    form = {"reason": "the list of Friday", "idempotency_key": secrets.token_hex(16), "next": "/"}
    client.post("/e/170/names", data=form, headers=OURS)

    names = asked_by(heard, "/e/170/people").counted()

    assert names[OWN] - numbers[OWN] <= 2, "who is a member, and where their names are"
    assert names[HELD] - numbers[HELD] <= 1
