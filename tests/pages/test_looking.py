"""How the tests here look at a page: none is judged by what it was while it was on its way."""

from __future__ import annotations

from typing import Final

from playwright.sync_api import Route

from tests.pages.conftest import NARROW, Visit, Way, ways
from tests.support.waiting import let_pass

STYLES: Final = "**/static/pages.*.css"


@ways(Way(width=NARROW))
def test_a_page_that_loads_itself_anew_is_looked_at_when_it_is_whole(visit: Visit) -> None:
    """As that of a run does which ends; before its style sheet is there it is wider than a narrow screen."""
    held: list[Route] = []

    def late(route: Route) -> None:
        held.append(route)
        let_pass(0.2)
        route.continue_()

    visit.sign_in()
    visit.go("/e/170/runs")
    visit.press("main table a >> nth=0")
    visit.page.route(STYLES, late)
    visit.page.evaluate("setTimeout(() => location.reload())")

    while not held:
        visit.look()
    visit.look()

    assert visit.complaints == []
    visit.page.unroute(STYLES)
