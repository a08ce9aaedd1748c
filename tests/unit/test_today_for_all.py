"""Several legal entities on one page: what blocks payroll first, and among those what has waited longest."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from api.http.routes.entities import BrakedRun, EndDisagreements, LegalEntityItem, TaskCounts, Waiting
from api.http.schemas.answers import Run
from api.pages.today import AllTodayPage, Urgency, worst_first

NOW = datetime(2026, 3, 18, 9, tzinfo=UTC)


def run(status: str, **counts: int) -> Run:
    return Run(
        run_id="run-1", legal_entity="170", business_date=None, status=status, reason=None, message=None, actor="A",
        started_at=NOW, ended_at=NOW, fingerprint=None, counts=counts, sizes={}, read=None, plan=None, plan_now=None,
        only=[],
    )  # fmt: skip


def waiting(count: int, day: int = 18) -> Waiting:
    return Waiting(count=count, oldest=datetime(2026, 3, day, tzinfo=UTC) if count else None)


def ending(count: int) -> EndDisagreements:
    return EndDisagreements(count=count, ended_in_loket=count, ended_in_personio=0, earliest_end=None)


def entity(name: str, status: str = "completed", *, tasks: int = 0, day: int = 18, **more: Any) -> LegalEntityItem:
    counts = more.pop("counts", {})
    told = waiting(tasks, day)
    return LegalEntityItem.model_validate(
        {
            "legal_entity": name, "name": name, "last_run": run(status, **counts) if status else None,
            "tasks": TaskCounts(count=tasks, by_who={}, oldest=told.oldest), "last_look": None,
            "concept_employees": waiting(0), "differences": waiting(0),
            "end_disagreements": ending(0), "braked": [], **more,
        }
    )  # fmt: skip


CALM = entity("calm")
NEW = entity("new", "")
JOINER = entity("joiner", concept_employees=waiting(1, 15))
DIFFERS = entity("differs", differences=waiting(2, 17))
ENDS = entity("ends", end_disagreements=ending(1))
UNKNOWN = entity("unknown", "completed_with_errors", counts={"unknown": 1})
CUT_OFF = entity("cut off", "cut_off")
HELD = entity("held", "blocked", tasks=2, day=18)
HELD_LONG = entity("held long", "blocked", tasks=1, day=10)
BRAKED = entity("braked", "completed", braked=[BrakedRun(run="run-1", started_by="A")])


def test_what_blocks_payroll_comes_first_and_then_what_waits_longest() -> None:
    told = worst_first([CALM, NEW, DIFFERS, JOINER, CUT_OFF, UNKNOWN, BRAKED, HELD, HELD_LONG], NOW)

    assert [one.of.name for one in told] == [
        "held long", "braked", "held", "cut off", "unknown", "joiner", "differs", "new", "calm",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("entities", "held", "urgent"), [([CALM, NEW], 0, 0), ([CALM, JOINER, CUT_OFF, ENDS], 0, 3), ([HELD, JOINER], 1, 2)]
)
def test_the_sentence_counts_what_is_held_and_what_waits(
    entities: list[LegalEntityItem], held: int, urgent: int
) -> None:
    page = AllTodayPage(worst_first(entities, NOW))

    assert (page.held, page.urgent) == (held, urgent)


def test_a_read_that_was_refused_holds_a_legal_entity_as_tasks_do() -> None:
    (told,) = worst_first([entity("unread", "refused")], NOW)

    assert (told.urgency, told.oldest_days) == (Urgency.HELD, 0)
