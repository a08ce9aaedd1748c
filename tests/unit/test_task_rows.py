"""A task as people see it: whose it is today, how old it is, who has to act, and what it holds (CHECK-2, CHECK-6)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from domain.planning.findings import ACTS, Acts, FindingCode
from domain.values import Actor, EmployeeNumber, LegalEntityId, PersonId
from domain.views.tasks import TaskFilters, TaskRow, held

TODAY = date(2026, 3, 15)
LATE = datetime(2026, 3, 14, 22, 59, tzinfo=UTC)  # a minute before midnight in the Netherlands
CODES = {acts: [code for code, one in ACTS.items() if one is acts] for acts in Acts}


def task(code: FindingCode = CODES[Acts.HR][0], person: str = "1") -> TaskRow:
    return TaskRow(
        position=7,
        legal_entity=LegalEntityId("170"),
        person_id=PersonId(person),
        employee_number=EmployeeNumber(4711),
        code=code.value,
        field=None,
        since=LATE,
        seen_by="run-1",
        told=7,
    )


@pytest.mark.parametrize(
    ("until", "ended", "theirs"),
    [(TODAY, False, True), (TODAY - timedelta(days=1), False, False), (TODAY, True, False), (None, False, False)],
)
def test_a_task_is_somebody_s_to_the_end_of_the_day_while_it_is_open(
    until: date | None, ended: bool, theirs: bool
) -> None:
    taken = replace(task(), taken_by=Actor("Anna"), taken_until=until, ended_at=LATE if ended else None)

    assert taken.holder(TODAY) == (Actor("Anna") if theirs else None)


def test_a_task_is_as_old_as_the_days_that_began_since_and_no_older_once_it_has_ended() -> None:
    midnight = LATE + timedelta(minutes=1)

    assert [task().age(LATE), task().age(midnight), task().age(midnight + timedelta(days=3))] == [0, 1, 4]
    assert replace(task(), ended_at=midnight).age(midnight + timedelta(days=3)) == 1


def test_tasks_hold_the_sync_of_so_many_people_and_it_is_said_who_has_to_act() -> None:
    hr, payroll = (task(CODES[one][0]) for one in (Acts.HR, Acts.PAYROLL))

    both = held([hr, payroll, replace(hr, person_id=PersonId("2"))], {"updated": 3, "blocked": 2, "left_out": 4})
    alone = held([hr], {})

    assert both is not None
    assert (both.people, both.acts, both.taking_part, both.only_hr) == (2, {Acts.HR, Acts.PAYROLL}, 5, False)
    assert alone is not None
    assert (alone.people, alone.taking_part, alone.only_hr) == (1, 0, True)
    assert held([], {"updated": 3}) is None


def test_tasks_are_looked_for_by_who_acts_and_by_code() -> None:
    mine, another = CODES[Acts.HR][0].value, CODES[Acts.PAYROLL][0].value

    assert TaskFilters().codes is None
    assert TaskFilters(code=mine).codes == (mine,)
    assert TaskFilters(who=Acts.HR).codes == tuple(one.value for one in CODES[Acts.HR])
    assert TaskFilters(who=Acts.HR, code=mine).codes == (mine,)
    assert TaskFilters(who=Acts.HR, code=another).codes == ()
