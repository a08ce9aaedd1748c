"""The Loket client's working hours against the simulator: who is asked one by one, and what a new record takes over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from adapters.loket.client import LoketClient
from adapters.simulators.loket.simulator import LoketSimulator
from domain.attributes import WEEKLY_HOURS
from domain.errors import NotFound
from domain.events.loket import WriteKind
from domain.settings import LegalEntity
from domain.snapshots import Answered, HeldHours, WriteRequest
from domain.values import BLANK, LegalEntityId
from tests.support.loket_clients import client_on

NOON = datetime(2026, 3, 15, 11, tzinfo=UTC)
LINE, HORIZON = date(2026, 1, 1), date(2027, 3, 31)
STEADY, MOVING, NEW = 4711, 4712, 4713


@pytest.fixture
def loket() -> Iterator[LoketSimulator]:
    with LoketSimulator(now=lambda: NOON) as simulator:
        simulator.add_employee(STEADY, start_date="2024-01-01", hours_per_week=20)
        simulator.add_employee(MOVING, start_date="2024-01-01", hours_per_week=20)
        simulator.add_employee(NEW, start_date="2026-05-01")
        simulator.add_working_hours(MOVING, "2025-06-01", 24)
        simulator.add_working_hours(MOVING, "2026-04-01", 32.5)
        yield simulator


@pytest.fixture
def tulp(loket: LoketSimulator) -> LegalEntity:
    return LegalEntity(LegalEntityId("170"), "Tulp", loket.employer_id, loket.administration_id)


@pytest.fixture
def client(loket: LoketSimulator) -> Iterator[LoketClient]:
    with client_on(loket, NOON) as opened:
        yield opened


def job(loket: LoketSimulator, number: int) -> str:
    return str(loket.employments(number)[0]["id"])


def read(client: LoketClient, tulp: LegalEntity, loket: LoketSimulator) -> dict[int, tuple[HeldHours, ...]]:
    jobs = {job(loket, number): number for number in (STEADY, MOVING, NEW)}
    pay = client.pay(
        tulp,
        frozenset(jobs),
        wages=set(),
        components=set(),
        hours=frozenset(jobs),
        mapped=set(),
        since=LINE,
        until=HORIZON,
    )
    return {jobs[owner]: chain for owner, chain in pay.hours.items()}


def told(chain: tuple[HeldHours, ...]) -> list[tuple[date, object, Decimal | None, Decimal | None]]:
    """First day, the person's own hours, Loket's own sum, a full week."""
    return [
        (one.start, Decimal(one.weekly) if isinstance(one.weekly, str) else one.weekly, one.own, one.full_time)
        for one in chain
    ]


def test_hours_that_do_not_change_are_read_for_all_at_once_and_a_chain_only_where_they_do(
    client: LoketClient, tulp: LegalEntity, loket: LoketSimulator
) -> None:
    hours = read(client, tulp, loket)

    assert told(hours[STEADY]) == [(date(2024, 1, 1), Decimal(20), Decimal(20), Decimal(40))]
    assert [one[:2] for one in told(hours[MOVING])] == [
        (date(2024, 1, 1), Decimal(20)),
        (date(2025, 6, 1), Decimal(24)),
        (date(2026, 4, 1), Decimal("32.5")),
    ]
    assert told(hours[NEW]) == [(date(2026, 5, 1), BLANK, Decimal(40), Decimal(40))]
    assert loket.count("GET", "*/actualworkinghours") == 2
    assert loket.count("GET", "*/workinghours") == 2


def test_without_the_list_of_all_every_chain_is_read(
    client: LoketClient, tulp: LegalEntity, loket: LoketSimulator
) -> None:
    at_once = read(client, tulp, loket)
    loket.faults.add("forbidden", method="GET", path="*/actualworkinghours", times=0)

    assert {number: chain[-1] for number, chain in read(client, tulp, loket).items()} == {
        number: chain[-1] for number, chain in at_once.items()
    }


def test_hours_without_the_right_to_them_are_not_shown_and_pay_is_read_all_the_same(
    client: LoketClient, tulp: LegalEntity, loket: LoketSimulator
) -> None:
    for path in ("*/actualworkinghours", "*/workinghours"):
        loket.faults.add("forbidden", method="GET", path=path, times=0)

    assert read(client, tulp, loket) == {}


def test_nobody_s_hours_are_asked_for_unless_they_are_wanted(
    client: LoketClient, tulp: LegalEntity, loket: LoketSimulator
) -> None:
    client.pay(
        tulp, {job(loket, STEADY)}, wages=set(), components=set(), hours=set(), mapped=set(), since=LINE, until=HORIZON
    )

    assert loket.count("GET", "*workinghours*") == 0


def test_new_hours_take_over_the_rest_of_the_newest_record_and_close_it(
    client: LoketClient, tulp: LegalEntity, loket: LoketSimulator
) -> None:
    before = loket.state.table("workinghours").of(job(loket, STEADY))[-1]
    before.data = before.data | {"contractCode": None, "averageHoursPerWeek": 21.5, "regularWorkPattern": False}
    request = WriteRequest(
        WriteKind.HOURS_CREATED, job(loket, STEADY), {WEEKLY_HOURS: "24.50"}, effective_on=date(2026, 3, 15)
    )

    answer = client.write(tulp, request)

    assert answer.answered is Answered.ACCEPTED
    old, new = (one.data for one in loket.state.table("workinghours").of(job(loket, STEADY)))
    assert (old["endDate"], new["startDate"], new["deviatingHoursPerWeek"]) == ("2026-03-14", "2026-03-15", 24.5)
    assert (new["averageHoursPerWeek"], new["regularWorkPattern"], new["shift"]["shiftNumber"]) == (21.5, False, 1)
    assert client.fetch(tulp, WriteKind.HOURS, answer.created or "").fields[WEEKLY_HOURS] == "24.5"


def test_hours_changed_in_place_keep_what_is_none_of_ours(
    client: LoketClient, tulp: LegalEntity, loket: LoketSimulator
) -> None:
    newest = loket.state.table("workinghours").of(job(loket, MOVING))[-1]
    newest.data = newest.data | {"deviatingSvDaysPerPeriod": 17}
    fetched = client.fetch(tulp, WriteKind.HOURS, newest.id)

    answer = client.write(tulp, WriteRequest(WriteKind.HOURS, newest.id, {WEEKLY_HOURS: "30.00"}, fetched))

    assert answer.answered is Answered.ACCEPTED
    kept = (newest.data["deviatingHoursPerWeek"], newest.data["deviatingSvDaysPerPeriod"], newest.data["startDate"])
    assert kept == (30, 17, "2026-04-01")


def test_hours_are_not_sent_where_loket_holds_none_that_they_could_follow(
    client: LoketClient, tulp: LegalEntity, loket: LoketSimulator
) -> None:
    table, target = loket.state.table("workinghours"), job(loket, STEADY)
    table.remove(table.of(target)[0])

    answer = client.write(
        tulp, WriteRequest(WriteKind.HOURS_CREATED, target, {WEEKLY_HOURS: "24.50"}, effective_on=date(2026, 3, 15))
    )

    assert answer.answered is Answered.UNSENDABLE
    assert loket.count("POST", "*/workinghours") == 0


def test_a_record_that_is_gone_is_not_found(client: LoketClient, tulp: LegalEntity) -> None:
    with pytest.raises(NotFound):
        client.fetch(tulp, WriteKind.HOURS, "00000000-0000-4000-8000-000000000000")
