"""What a browser gets to see: text that somebody typed, never run; and a page whole without script."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from itertools import cycle

import httpx
import pytest
import structlog

from adapters.logs import configure_logs
from api.languages import LANGUAGES
from domain.access import Role
from domain.attributes import CATALOGUE
from tests.pages.company import Company
from tests.pages.conftest import BOTH, Visit, Way, ways
from tests.pages.planted import HOSTILE, HOSTILE_NUMBER, PLANTED, personal_values
from tests.pages.test_every_page import PAGES
from tests.support.raw_sql import execute


@pytest.fixture
def every_line(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The product's own log, at the level that says most, whatever another test has left it at."""
    before = structlog.get_config()
    monkeypatch.setenv("TWEELUIK_LOG_LEVEL", "DEBUG")
    configure_logs()
    yield
    structlog.configure(**before)


@pytest.mark.usefixtures("every_line")
def test_nothing_personal_is_in_an_answer_its_headers_its_address_or_a_log_line(
    office: Company, capfd: pytest.CaptureFixture[str]
) -> None:
    """Of every page, to every role in one of the languages, and of its files; in a browser in both.

    The pages of those whose history is nothing but values are among them. A rule's page is left out: its scenarios
    are about made-up people who are called as these are.
    """
    planted = personal_values(office)
    paths = [office.at(row) for row in PAGES if not row.startswith("/rules/")]
    paths += [f"/e/170/people/{number}" for number in (*PLANTED, HOSTILE_NUMBER)]
    files = [f"{path}{kind}" for path in paths for kind in (".csv", ".json") if "?" not in path]
    assert len(planted) > 1_000

    said, read = [], Counter[str]()
    others = (one for one in Role if one is not Role.PAYROLL_ADMIN)
    for role, language in zip((Role.PAYROLL_ADMIN, *others), cycle(LANGUAGES), strict=False):
        with httpx.Client(base_url=office.url, trust_env=False, follow_redirects=True) as asks:
            signed = {"key": office.key(role), "lang": language}
            asks.post("/sign-in", data=signed, headers={"Sec-Fetch-Site": "same-origin"})
            for path in (*paths, *(files if not read else ())):
                answer = asks.get(path)
                assert answer.status_code in (200, 403, 404), path
                read[role] += answer.status_code == 200
                said.append(f"{answer.url} {answer.headers} {answer.text}")
                assert "html" not in answer.headers["content-type"] or f'<html lang="{language}"' in answer.text
    out, err = capfd.readouterr()
    told = "\n".join((*said, out, err))

    assert [value for value in planted if value in told] == []
    assert "answered" in out + err
    assert read[Role.PAYROLL_ADMIN] > len(paths)  # every page, and some files of them


@BOTH
@pytest.mark.acts
def test_hostile_text_is_shown_as_text_and_runs_nowhere(visit: Visit) -> None:
    visit.sign_in()
    visit.go(f"/e/170/people/{HOSTILE_NUMBER}")
    visit.page.fill("#why", HOSTILE)
    visit.press("#values button")
    visit.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")

    values = [
        one.strip() for one in visit.page.locator("td[data-label=Personio], td[data-label=Loket]").all_inner_texts()
    ]
    assert set(values) == {HOSTILE}
    assert len(values) == 2 * len(CATALOGUE)
    assert f": {HOSTILE}" in visit.page.inner_text(".banner.wait")
    visit.go(f"/e/170/runs?cursor={HOSTILE}")
    assert "alert" not in visit.page.content()


@ways(Way("en-GB", script=False))
def test_a_page_needs_no_script(visit: Visit) -> None:
    visit.sign_in()
    visit.press("a >> text=tasks for")
    visit.press("tbody a >> text=4715")

    assert "correct the postal code" in visit.page.content()


@BOTH
def test_a_run_that_does_not_add_up_says_so_in_red(visit: Visit, office: Company) -> None:
    log = office.api.web.settings.log.url
    ((run, counts),) = execute(log, "SELECT run_id, counts FROM runs ORDER BY position DESC LIMIT 1")
    more = {**json.loads(counts), "unchanged": 3}
    visit.sign_in()

    execute(log, f"UPDATE runs SET counts = '{json.dumps(more)}' WHERE run_id = '{run}'")
    visit.go(f"/e/170/runs/{run}")
    execute(log, f"UPDATE runs SET counts = '{counts}' WHERE run_id = '{run}'")

    said = {"nl": "telt niet op", "en": "does not add up"}[str(visit.page.get_attribute("html", "lang"))]
    assert said in visit.page.inner_text("[role=alert].stop")
