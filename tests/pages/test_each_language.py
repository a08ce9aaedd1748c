"""Every page of every role: in its language alone, the same in both, and leading only where one may go."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import httpx
import pytest

from domain.access import Role
from tests.pages.company import Company
from tests.pages.reading import links, texts
from tests.pages.test_every_page import OFFICERS, PAGES
from tests.support.english import english_in

OURS: Final = {"Sec-Fetch-Site": "same-origin"}
ERRORS: Final = ("/e/none", "/e/170/people?as_at=2026-13-01")
OF: Final = {
    Role.PAYROLL_ADMIN: (*PAGES, *ERRORS),
    Role.AUDITOR: ("/", "/e/170", "/e/170/people/4715", "/e/170/reports", "/log", "/proof/120", *OFFICERS),
    Role.HR: ("/e/170", "/e/170/tasks", "/e/170/people/4715", "/e/170/runs/{run}", "/e/170/differences", "/proof"),
    Role.OPERATOR: (
        "/e/170",
        "/e/170/runs",
        "/e/170/runs/{run}",
        "/e/170/plan",
        "/operation",
        "/proof",
        "/rules/EDIT-1",
    ),
    Role.PRIVACY_OFFICER: ("/e/170/people", "/e/170/people/4711", "/log", *OFFICERS),
}
"""What each role looks at; the pages that it may not see among them."""

ALIKE: Final = frozenset({"Tweeluik", "Personio", "Loket", "BSN", "IBAN", "CSV", "JSON", "HR", "Plan", "in", "auditor"})
"""Words that are the same in both languages."""

NAMES: Final = re.compile(
    r"Tulp Logistiek B\.V\.|Roos Retail B\.V\.|Marieke(?: \(\w+\))?|whoever tests|somebody|^access$"
)
IDS: Final = re.compile(r"\S*\d\S*|planted-\d+|[A-Z]+(?:_[A-Z]+)+")
FOLLOWED: Final = re.compile(r"^/(?!static/|verify\.html|\S*\.(?:csv|json|pdf))[^#?]*")


@pytest.fixture(scope="module")
def pages(shared_office: Company) -> dict[tuple[Role, str], dict[str, httpx.Response]]:
    """By role and address, in each language."""
    return {key: one for role in OF for key, one in looked_at(shared_office, role)}


def looked_at(office: Company, role: Role) -> Iterator[tuple[tuple[Role, str], dict[str, httpx.Response]]]:
    with httpx.Client(base_url=office.url, trust_env=False) as dutch, httpx.Client(base_url=office.url) as english:
        browsers = {"nl": dutch, "en": english}
        for language, browser in browsers.items():
            browser.post("/sign-in", data={"key": office.key(role), "lang": language}, headers=OURS)
        for row in OF[role]:
            path = office.at(row)
            yield (role, path), {language: browser.get(path) for language, browser in browsers.items()}


Pages = dict[tuple[Role, str], dict[str, httpx.Response]]


def test_no_word_of_a_dutch_page_is_english(pages: Pages) -> None:
    wrong = {
        path: found
        for (_, path), answers in pages.items()
        if (found := [one for one in texts(answers["nl"].text) if english_in(NAMES.sub("", one))])
    }

    assert wrong == {}


def test_a_page_says_at_the_same_place_the_same_in_another_language(shared_office: Company, pages: Pages) -> None:
    log = shared_office.api.web.store.log
    who = {str(event.meta.actor) for event in log.page(-1, log.size())}  # also who looked before this test
    apart, untold = {}, {}
    for (_, path), answers in pages.items():
        dutch, english = texts(answers["nl"].text), texts(answers["en"].text)
        if len(dutch) != len(english):
            apart[path] = len(dutch), len(english)
        same = {one for one, other in zip(dutch, english, strict=False) if one == other} - who
        if found := {one for one in same if re.search(r"[a-z]{2}", rest_of(one))}:
            untold[path] = found

    assert (apart, untold) == ({}, {})


def rest_of(text: str) -> str:
    """Without names, ids and words that are the same in both languages."""
    left = IDS.sub("", NAMES.sub("", text))
    return " ".join(word for word in re.findall(r"[\w-]+", left) if word not in ALIKE)


def test_a_page_leads_only_where_whoever_reads_it_may_go(office: Company, pages: Pages) -> None:
    wrong = {}
    for role in OF:
        shown = (answers["nl"].text for (whose, _), answers in pages.items() if whose is role)
        found = {where[0] for page in shown for one in links(page) if (where := FOLLOWED.match(one))}
        kinds = {re.sub(r"\d[\w-]*", "0", re.sub(r"/[A-Z]+-\d+", "/RULE-0", one)): one for one in sorted(found)}
        with httpx.Client(base_url=office.url, trust_env=False) as browser:
            browser.post("/sign-in", data={"key": office.key(role), "lang": "nl"}, headers=OURS)
            told = {one: browser.get(one).status_code for one in kinds.values()}
        wrong[role] = {one: status for one, status in told.items() if status not in (200, 303)}

    assert wrong == {role: {} for role in OF}
