"""What a browser gets to see: nothing personal, nothing that runs, and the same for every kind of eyes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import msgspec
import pytest
from playwright.sync_api import Browser

from domain.access import Role
from domain.personal import Sealed
from tests.pages.company import Company
from tests.pages.conftest import WIDE, Visit
from tests.support.raw_sql import execute

pytestmark = pytest.mark.xdist_group("pages")
PAGES = (
    "/e/170",
    "/e/170/tasks",
    "/e/170/people",
    "/e/170/people/4711",
    "/e/170/people/4715",
    "/e/170/runs",
    "/e/170/leavers",
)
HOSTILE = "<script>alert(1)</script>{{7*7}}\"'&"


def sealed_values(raw: Any, opened: Any) -> Iterator[str]:
    """Every text in `opened` that is sealed in `raw`, but a finding's detail, which is shown: it quotes no value."""
    if isinstance(raw, Sealed):
        if isinstance(opened, str):
            yield opened
    elif isinstance(raw, msgspec.Struct):
        for name in set(raw.__struct_fields__) - {"detail"}:
            yield from sealed_values(getattr(raw, name), getattr(opened, name))
    elif isinstance(raw, tuple | list):
        for each, other in zip(raw, opened, strict=True):
            yield from sealed_values(each, other)


def personal_values(office: Company) -> set[str]:
    """Everything personal that the log holds, but what is too short to be looked for."""
    store = office.api.web.store
    events = store.log.page(-1, 10_000)
    pairs = zip(events, store.vault.opened(events), strict=True)
    return {text for raw, opened in pairs for text in sealed_values(raw.fact, opened.fact) if len(text) > 4}


def test_no_personal_value_of_the_log_is_in_any_page(visit: Visit, office: Company) -> None:
    planted = personal_values(office)
    assert len(planted) > 100
    visit.sign_in()

    shown: list[tuple[str, str]] = []
    for path in PAGES:
        visit.go(path)
        seen = visit.page.content() + visit.page.title() + visit.page.url
        shown += [(path, value) for value in planted if value in seen]
    visit.go("/e/170/runs")
    for link in [one.get_attribute("href") for one in visit.page.locator("tbody a").all()]:
        visit.go(str(link))
        shown += [(str(link), value) for value in planted if value in visit.page.content()]

    assert shown == []


def test_hostile_text_is_shown_as_text_and_runs_nowhere(visit: Visit, office: Company) -> None:
    visit.paste(office.api.key(Role.AUDITOR, None, holder=HOSTILE, until=date(2040, 12, 31)))

    for path in (*PAGES, "/me"):
        visit.go(path)
        assert HOSTILE in visit.text

    visit.go(f"/e/170/runs?cursor={HOSTILE}")
    assert "alert" not in visit.page.content()


@pytest.mark.parametrize("kind", ["dark", "forced colours", "400 % zoom"])
def test_a_page_is_the_same_to_other_eyes(chromium: Browser, office: Company, kind: str) -> None:
    how: dict[str, Any] = {
        "dark": {"color_scheme": "dark"}, "forced colours": {"forced_colors": "active"},
        "400 % zoom": {"viewport": {"width": 320, "height": 225}},
    }[kind]  # fmt: skip
    with chromium.new_context(**{"viewport": {"width": WIDE, "height": 900}, "locale": "nl-NL", **how}) as context:
        visit = Visit(office, context, context.new_page())
        visit.sign_in()
        wrong = []
        for path in ("/e/170/tasks", "/e/170/people/4715"):
            visit.go(path)
            wrong += [*visit.violations(), *(["sideways"] if visit.sideways() > 0 else [])]

    assert wrong == []


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
