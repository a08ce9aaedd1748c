"""Loket API 8: working hours, a linked chain of their own; API 8 "Working hours" for their fields."""

from typing import Any

import pytest

from tests.contract.loket_simulator.desk import Desk, M

PATTERN = ("daysDailyRate", "deviatingDaysAndHours", "hoursBrokenPeriod", "hoursRegularPeriod", "leaveHours")
BODY = {
    "startDate": "2026-04-01",
    "shift": {"shiftNumber": 1},
    "regularWorkPattern": True,
    "calculateUsingWorkPattern": dict.fromkeys(PATTERN, False),
    "deviatingHoursPerWeek": 24,
}

FIELDS = [  # section 8, "Working hours": what is required, and between which limits
    ("required", {"startDate": None}, 400),
    ("required", {"shift": None}, 400),
    ("required", {"shift": {}}, 400),
    ("required", {"regularWorkPattern": None}, 400),
    ("required", {"calculateUsingWorkPattern": None}, 400),
    *(
        ("required", {"calculateUsingWorkPattern": {each: True for each in PATTERN if each != one}}, 400)
        for one in PATTERN
    ),
    ("deviatingHoursPerWeek? 0.01..99.99", {"deviatingHoursPerWeek": None}, 201),
    ("deviatingHoursPerWeek? 0.01..99.99", {"deviatingHoursPerWeek": 0}, 400),
    ("deviatingHoursPerWeek? 0.01..99.99", {"deviatingHoursPerWeek": 0.01}, 201),
    ("deviatingHoursPerWeek? 0.01..99.99", {"deviatingHoursPerWeek": 99.99}, 201),
    ("deviatingHoursPerWeek? 0.01..99.99", {"deviatingHoursPerWeek": 100}, 400),
    ("averageHoursPerWeek? 0..168", {"averageHoursPerWeek": 0}, 201),
    ("averageHoursPerWeek? 0..168", {"averageHoursPerWeek": 168.5}, 400),
    ("averageParttimeFactor? 0.01..999.99", {"averageParttimeFactor": 0}, 400),
    ("averageParttimeFactor? 0.01..999.99", {"averageParttimeFactor": 999.99}, 201),
    ("deviatingSvDaysPerPeriod? 1..23", {"deviatingSvDaysPerPeriod": 0}, 400),
    ("deviatingSvDaysPerPeriod? 1..23", {"deviatingSvDaysPerPeriod": 23}, 201),
]


@pytest.mark.parametrize(("section", "change", "status"), FIELDS, ids=lambda one: str(one))
def test_8_the_fields_of_working_hours(desk: Desk, section: str, change: dict[str, Any], status: int) -> None:
    assert desk.http.post(f"{M}/{desk.job}/workinghours", json=BODY | change).status_code == status, section


def test_8_new_working_hours_must_be_the_newest_and_close_the_record_before_them(desk: Desk) -> None:
    path = f"{M}/{desk.job}/workinghours"

    refused = [desk.http.post(path, json=BODY | {"startDate": day}).status_code for day in ("2023-12-31", "2024-01-01")]
    added = desk.http.post(path, json=BODY)

    assert (refused, added.status_code) == ([400, 400], 201)
    assert [(each["endDate"], each["deviatingHoursPerWeek"]) for each in desk.items(path)] == [
        ("2026-03-31", None),
        (None, 24),
    ]


def test_8_only_the_newest_working_hours_can_be_deleted_and_the_record_before_them_runs_on(desk: Desk) -> None:
    path = f"{M}/{desk.job}/workinghours"
    desk.http.post(path, json=BODY)
    first, newest = desk.items(path)

    assert desk.http.delete(f"{M}/workinghours/{first['id']}").status_code == 400
    assert desk.http.delete(f"{M}/workinghours/{newest['id']}").status_code == 200
    assert [each["endDate"] for each in desk.items(path)] == [None]


def test_8_working_hours_are_replaced_whole_and_a_stale_etag_is_told(desk: Desk) -> None:
    (own,) = desk.items(f"{M}/{desk.job}/workinghours")
    path = f"{M}/workinghours/{own['id']}"
    etag = desk.http.get(path).headers["etag"]

    changed = desk.http.put(path, json=own | {"deviatingHoursPerWeek": 32.5}, headers={"If-Match": etag})

    assert (changed.status_code, desk.content(path)["deviatingHoursPerWeek"]) == (200, 32.5)
    assert desk.http.put(path, json=own, headers={"If-Match": etag}).status_code == 409
    assert desk.http.put(path, json=own | {"regularWorkPattern": None}).status_code == 400


@pytest.mark.parametrize(
    ("deviating", "full_time", "own"), [(None, 40, 40), (24, 40, 24), (None, 36, 36), (18, 36, 18)]
)
def test_8_the_full_time_hours_are_the_shifts_and_what_somebody_works_is_loket_s_own_sum(
    desk: Desk, deviating: float | None, full_time: float, own: float
) -> None:
    """`shift.fullTimeHoursPerWeek` and `aggregatedHoursPerWeek` are Loket's: what is sent for them is not looked at."""
    desk.loket.set_switch("full_time_hours", float(full_time))
    sent = BODY | {"deviatingHoursPerWeek": deviating, "aggregatedHoursPerWeek": 1}
    sent["shift"] = {"shiftNumber": 1, "fullTimeHoursPerWeek": 1}

    made = desk.http.post(f"{M}/{desk.job}/workinghours", json=sent).json()["content"]

    assert (made["shift"]["fullTimeHoursPerWeek"], made["aggregatedHoursPerWeek"]) == (full_time, own)


def test_8_the_actual_working_hours_of_an_employer_are_those_in_force_on_the_day(desk: Desk) -> None:
    desk.loket.add_working_hours(4711, "2026-04-01", 24)
    path = f"{desk.employer}/actualworkinghours"

    hours = [
        [each["workingHours"]["deviatingHoursPerWeek"] for each in desk.items(path, referenceDate=day)]
        for day in ("2023-12-31", "2026-03-31", "2026-04-01")
    ]

    assert hours == [[], [None], [24]]
