"""What a browser gets to see: text that somebody typed, never run; and a page whole without script."""

from __future__ import annotations

import json
from datetime import date

import pytest
from playwright.sync_api import Browser

from domain.access import Role
from tests.pages.company import Company
from tests.pages.conftest import Visit
from tests.pages.test_every_page import PAGES
from tests.support.raw_sql import execute

pytestmark = pytest.mark.xdist_group("pages")
HOSTILE = "<script>alert(1)</script>{{7*7}}\"'&"


def test_hostile_text_is_shown_as_text_and_runs_nowhere(visit: Visit, office: Company) -> None:
    visit.paste(office.api.key(Role.AUDITOR, None, holder=HOSTILE, until=date(2040, 12, 31)))

    for row in PAGES:
        if visit.go(row.format(run=office.newest_run)) == 200:
            assert HOSTILE in visit.text

    visit.go(f"/e/170/runs?cursor={HOSTILE}")
    assert "alert" not in visit.page.content()


def test_a_page_needs_no_script(chromium: Browser, office: Company) -> None:
    with chromium.new_context(java_script_enabled=False, locale="en-GB") as context:
        visit = Visit(office, context, context.new_page())
        visit.sign_in()
        visit.page.click("text=Tasks")
        visit.page.click("tbody a >> text=4715")

        assert "correct the postal code" in visit.page.content()


def test_a_run_that_does_not_add_up_says_so_in_red(visit: Visit, office: Company) -> None:
    log = office.api.web.settings.log.url
    ((run, counts),) = execute(log, "SELECT run_id, counts FROM runs ORDER BY position DESC LIMIT 1")
    more = {**json.loads(counts), "unchanged": 3}
    visit.sign_in()

    execute(log, f"UPDATE runs SET counts = '{json.dumps(more)}' WHERE run_id = '{run}'")
    visit.go(f"/e/170/runs/{run}")
    execute(log, f"UPDATE runs SET counts = '{counts}' WHERE run_id = '{run}'")

    assert "telt niet op" in visit.page.inner_text("[role=alert]")
