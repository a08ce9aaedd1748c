"""Where alerts lead, and in whose words they are told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from api.config.settings import Settings
from api.languages import translations
from domain.alerts import Say
from domain.events.alert import AlertKind, AlertRaised
from domain.services.alerts.deliver import Page, Wording

RUN: Final = "runs/{run}"
PAGES: Final[Mapping[AlertKind, tuple[str, str]]] = {
    AlertKind.DRIFT: ("Differences", "differences"),
    AlertKind.UNEXPLAINED_CHANGE: ("Differences", "differences"),
    AlertKind.ABOUT_TO_BE_OVERWRITTEN: ("Differences", "differences"),
    AlertKind.RUN_BLOCKED: ("Tasks", "tasks"),
    AlertKind.TASK_OPEN_LONG: ("Tasks", "tasks"),
    AlertKind.CONCEPT_WAITING: ("People", "people?link=concept"),
    AlertKind.TERMINATION_DISAGREEMENT: ("Leavers", "leavers"),
    AlertKind.UNKNOWN_OUTCOME: ("The run", f"{RUN}?outcome=unknown"),
    AlertKind.OVERWRITTEN: ("The run", RUN),
    AlertKind.CLEARED: ("The run", RUN),
    AlertKind.PAY_ONLY_IN_LOKET: ("The run", RUN),
    AlertKind.IMPLAUSIBLE_READ: ("The run", RUN),
    AlertKind.CHECK_MISSED: ("Runs", "runs"),
    AlertKind.LOG_INTEGRITY: ("Today", ""),
    AlertKind.KEY_STORE_EDITED: ("Today", ""),
    AlertKind.DECISION_DEVIATES: ("Runs", "runs"),
    AlertKind.LOKET_VERSIONS: ("Runs", "runs"),
    AlertKind.REPORT_MADE: ("Reports", "reports"),
    AlertKind.VIEW_BEHIND: ("Today", ""),
}
"""By kind, the name of the page where one acts, and its address within a legal entity."""
A_RUN: Final = ("The run", RUN)
_RUNS: Final = ("Runs", "runs")
_REFUSED: Final = "run/"  # begins the key of a condition that is about the run itself


def wording(settings: Settings, is_run: Callable[[str], bool]) -> Wording:
    """`is_run` tells a run's id from that of a check or a planned job, which have no page."""
    origin = settings.pages.public_url if settings.pages else None

    def page(raised: AlertRaised, kind: AlertKind) -> Page | None:
        return None if origin is None else page_of(origin, raised, kind, is_run)

    return Wording(settings.alerts.link_base, page, say_in)


def page_of(origin: str, raised: AlertRaised, kind: AlertKind, is_run: Callable[[str], bool]) -> Page:
    name, path = PAGES[kind]
    if kind is AlertKind.RUN_BLOCKED and any(one.key.startswith(_REFUSED) for one in raised.opened):
        name, path = A_RUN
    if RUN in path and not is_run(raised.about):
        name, path = _RUNS
    if not raised.legal_entity:
        name, path = PAGES[AlertKind.LOG_INTEGRITY]
        return Page(name, f"{origin}/")
    within = f"{origin}/e/{raised.legal_entity}/{path.format(run=raised.about)}"
    return Page(name, within.rstrip("/"))


def say_in(language: str) -> Say:
    return translations(language).gettext
