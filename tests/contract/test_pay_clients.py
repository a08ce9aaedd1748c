"""Both clients' pay against both simulators: what is read at once, one by one or not at all, and writes that land."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from adapters.loket import bulk
from adapters.loket.client import LoketClient
from adapters.personio.client import PersonioClient
from adapters.simulators.loket.simulator import LoketSimulator
from adapters.simulators.personio.simulator import PersonioSimulator
from domain.attributes import GROSS_WAGE, GROSS_WAGE_TYPE
from domain.errors import NotFound, RightMissing
from domain.events.loket import WriteKind
from domain.planning.pay.targets import benefit_end, benefit_field, value_field, value_target
from domain.settings import LegalEntity
from domain.snapshots import Answered, LoketPay, WriteRequest
from domain.values import BLANK, NOT_OBSERVED, FieldPath, LegalEntityId, PersonId
from tests.support.loket_clients import client_on
from tests.support.wire import FakeTime

NOON = datetime(2026, 3, 15, 11, tzinfo=UTC)
LINE, MARCH, MAY = date(2026, 1, 1), date(2026, 3, 1), date(2026, 5, 1)
HORIZON = date(2027, 3, 31)
COSTS = FieldPath("wage.employerCosts")


@pytest.fixture
def loket() -> Iterator[LoketSimulator]:
    with LoketSimulator(now=lambda: NOON) as simulator:
        for number in (4711, 4712):
            simulator.add_employee(number, start_date="2024-01-01", wage=2800.0)
        simulator.add_wage(4711, "2026-03-01", 3000.5)
        yield simulator


@pytest.fixture
def tulp(loket: LoketSimulator) -> LegalEntity:
    return LegalEntity(LegalEntityId("170"), "Tulp", loket.employer_id, loket.administration_id)


@pytest.fixture
def client(loket: LoketSimulator) -> Iterator[LoketClient]:
    with client_on(loket, NOON) as opened:
        yield opened


def employment(loket: LoketSimulator, number: int = 4711) -> str:
    return str(loket.employments(number)[0]["id"])


def read(
    client: LoketClient,
    tulp: LegalEntity,
    loket: LoketSimulator,
    *,
    components: bool = False,
    mapped: Set[int] = frozenset(),
) -> LoketPay:
    """Both employments, the chain of the first only."""
    first, second = employment(loket), employment(loket, 4712)
    wanted = {first} if components else set[str]()
    return client.pay(
        tulp, {first, second}, wages={first}, components=wanted, hours=set(), mapped=mapped, since=LINE, until=HORIZON
    )


def test_a_chain_is_read_only_of_those_who_need_it_and_the_wage_at_the_line_of_all_at_once(
    client: LoketClient, tulp: LegalEntity, loket: LoketSimulator
) -> None:
    pay = read(client, tulp, loket)

    first, second = employment(loket), employment(loket, 4712)
    assert [(one.start, one.fields[GROSS_WAGE]) for one in pay.wages[first]] == [
        (date(2024, 1, 1), "2800.0"),
        (MARCH, "3000.5"),
    ]
    assert second not in pay.wages
    assert {owner: one.start for owner, one in pay.wage_at_start.items()} == dict.fromkeys(
        (first, second), date(2024, 1, 1)
    )
    assert loket.count("GET", "*/wages") == 1
    assert loket.count("GET", "*/actualwages") == 2


def test_a_chain_with_a_wage_from_the_line_on_is_read_though_nobody_asked_for_it(
    client: LoketClient, tulp: LegalEntity, loket: LoketSimulator
) -> None:
    first, second = employment(loket), employment(loket, 4712)

    pay = client.pay(
        tulp, {first, second}, wages=set(), components=set(), hours=set(), mapped=set(), since=LINE, until=HORIZON
    )

    assert [one.start for one in pay.wages[first]] == [date(2024, 1, 1), MARCH]
    assert second not in pay.wages


def test_payroll_periods_are_not_asked_for_where_nobody_has_pay_to_place_in_one(
    client: LoketClient, tulp: LegalEntity, loket: LoketSimulator
) -> None:
    loket.faults.add("forbidden", method="GET", path="*/payrollperiods*", times=0)

    assert (
        client.pay(
            tulp, {employment(loket)}, wages=set(), components=set(), hours=set(), mapped=set(), since=LINE, until=LINE
        ).periods
        == ()
    )
    with pytest.raises(RightMissing):
        read(client, tulp, loket)


def test_without_the_list_of_all_the_wage_at_the_line_comes_from_the_chains(
    client: LoketClient, tulp: LegalEntity, loket: LoketSimulator
) -> None:
    at_once = read(client, tulp, loket).wage_at_start
    loket.faults.add("forbidden", method="GET", path="*/actualwages", times=0)

    assert read(client, tulp, loket).wage_at_start == at_once


def with_allowance(client: LoketClient, tulp: LegalEntity, loket: LoketSimulator) -> str:
    first, values = employment(loket), {benefit_field(284): "45.50"}
    client.write(tulp, WriteRequest(WriteKind.BENEFIT_CREATED, first, values, component=284, effective_on=LINE))
    return first


def test_an_empty_list_of_one_does_not_hide_what_the_list_of_all_shows(
    client: LoketClient, tulp: LegalEntity, loket: LoketSimulator
) -> None:
    first = with_allowance(client, tulp, loket)
    shown = read(client, tulp, loket, mapped={284})
    loket.set_switch("pay_listed", False)

    hidden = read(client, tulp, loket, mapped={284})

    for before, after in ((shown.wages[first], hidden.wages[first]), (shown.benefits[first], hidden.benefits[first])):
        assert [(one.id, one.start, one.component) for one in after] == [
            (one.id, one.start, one.component) for one in before
        ]
        assert {value for one in after for value in one.fields.values()} == {NOT_OBSERVED}
    assert hidden.wage_at_start[first] == hidden.wages[first][0]


@pytest.mark.parametrize(
    "otherwise",
    [
        lambda one: one | {"id": str(one["id"]).upper()},
        lambda one: one | {"id": 7} if "payrollComponent" in one else one,
        lambda one: one | {"startDate": None} if "payrollComponent" in one else one,
    ],
)
def test_a_list_of_all_that_tells_a_record_otherwise_hides_nothing(
    client: LoketClient,
    tulp: LegalEntity,
    loket: LoketSimulator,
    monkeypatch: pytest.MonkeyPatch,
    otherwise: Callable[[dict[str, Any]], dict[str, Any]],
) -> None:
    with_allowance(client, tulp, loket)
    plainly = read(client, tulp, loket, mapped={284})
    at_once = bulk.at_once

    def told_otherwise(*args: Any, **kwargs: Any) -> Any:
        found = at_once(*args, **kwargs)
        return found and {owner: [otherwise(one) for one in records] for owner, records in found.items()}

    monkeypatch.setattr("adapters.loket.pay.at_once", told_otherwise)

    again = read(client, tulp, loket, mapped={284})

    assert (again.wages, again.benefits) == (plainly.wages, plainly.benefits)


def test_pay_that_may_not_be_read_is_a_missing_right_and_never_no_pay(
    client: LoketClient, tulp: LegalEntity, loket: LoketSimulator
) -> None:
    loket.faults.add("forbidden", method="GET", path="*/wages", times=0)

    with pytest.raises(RightMissing):
        read(client, tulp, loket)


def test_a_wage_changed_in_place_keeps_what_is_none_of_ours(
    client: LoketClient, tulp: LegalEntity, loket: LoketSimulator
) -> None:
    newest = loket.state.table("wages").of(employment(loket))[-1]
    newest.data = newest.data | {"employerCosts": 55.5}
    fetched = client.fetch(tulp, WriteKind.WAGE, newest.id)

    answer = client.write(tulp, WriteRequest(WriteKind.WAGE, newest.id, {GROSS_WAGE: "3100.10"}, fetched))

    assert answer.answered is Answered.ACCEPTED
    assert (newest.data["grossWage"], newest.data["employerCosts"]) == (3100.1, 55.5)


def test_a_chain_grows_and_shrinks_at_its_end_only(
    client: LoketClient, tulp: LegalEntity, loket: LoketSimulator
) -> None:
    wage = {GROSS_WAGE: "3300.00", GROSS_WAGE_TYPE: "1", COSTS: "55.50"}
    target = employment(loket)

    early = client.write(tulp, WriteRequest(WriteKind.WAGE_CREATED, target, wage, effective_on=date(2026, 2, 1)))
    late = client.write(tulp, WriteRequest(WriteKind.WAGE_CREATED, target, wage, effective_on=MAY))
    assert (early.answered, early.status, late.answered) == (Answered.REFUSED, 400, Answered.ACCEPTED)
    assert late.created is not None
    held = client.fetch(tulp, WriteKind.WAGE, late.created)
    assert Decimal(str(held.fields[COSTS])) == Decimal("55.50")

    gone = client.write(tulp, WriteRequest(WriteKind.WAGE_DELETED, late.created, {}, held))
    assert gone.answered is Answered.ACCEPTED
    with pytest.raises(NotFound):
        client.fetch(tulp, WriteKind.WAGE_DELETED, late.created)


def test_recurring_pay_is_opened_and_closed(client: LoketClient, tulp: LegalEntity, loket: LoketSimulator) -> None:
    values = {benefit_field(284): "45.50"}
    request = WriteRequest(WriteKind.BENEFIT_CREATED, employment(loket), values, component=284, effective_on=MARCH)
    opened = client.write(tulp, request)
    assert opened.created is not None
    held = client.fetch(tulp, WriteKind.BENEFIT, opened.created)
    assert Decimal(str(held.fields[benefit_field(284)])) == Decimal("45.50")
    assert held.fields[benefit_end(284)] is BLANK

    closing = WriteRequest(WriteKind.BENEFIT, opened.created, {benefit_end(284): "2026-05-31"}, held, component=284)
    assert client.write(tulp, closing).answered is Answered.ACCEPTED
    (record,) = read(client, tulp, loket, components=True).benefits[employment(loket)]
    assert (record.component, record.start, record.end) == (284, MARCH, date(2026, 5, 31))


def test_a_period_value_is_set_and_taken_out_without_a_neighbour_being_touched(
    client: LoketClient, tulp: LegalEntity, loket: LoketSimulator
) -> None:
    def write(component: int, value: str | None) -> Answered:
        target = value_target(employment(loket), (2026, 5), component)
        fetched = client.fetch(tulp, WriteKind.PERIOD_DATA, target)
        values = {value_field(component): BLANK if value is None else value}
        request = WriteRequest(WriteKind.PERIOD_DATA, target, values, fetched, component=component)
        return client.write(tulp, request).answered

    assert [write(380, "8"), write(372, "250.00"), write(372, None)] == [Answered.ACCEPTED] * 3

    values = read(client, tulp, loket, components=True).values[employment(loket)]
    assert [(one.component, one.period, Decimal(str(one.value))) for one in values] == [(380, (2026, 5), Decimal(8))]


def test_a_period_whose_payroll_was_run_is_told(client: LoketClient, tulp: LegalEntity, loket: LoketSimulator) -> None:
    loket.set_switch("approved_periods", frozenset({202602}))

    periods = read(client, tulp, loket).periods

    assert [one.name for one in periods if one.processed] == ["2026-02"]
    assert next(one for one in periods if one.name == "2026-02").last == date(2026, 2, 28)


def test_pay_is_read_month_by_month_and_what_lies_ahead_is_in_it() -> None:
    with PersonioSimulator(client_id="papi-id", client_secret="papi-secret", now=lambda: NOON) as personio:
        personio.add_legal_entity("170", "Tulp")
        anouk = personio.add_person(first_name="Anouk", last_name="Kok", legal_entity_id="170", start_date="2024-01-01")
        personio.set_salary(anouk, "3000.10", "2025-06-01")
        personio.set_salary(anouk, "3100.20", "2026-05-15")
        time = FakeTime()
        client = PersonioClient(
            personio.url, "papi-id", "papi-secret", {}, sleep=time.sleep, monotonic=time.monotonic, now=lambda: NOON
        )
        entity = LegalEntity(LegalEntityId("170"), "Tulp", "", "")
        spans = [(date(2026, month, 1), date(2026, month, 28)) for month in (4, 5, 6)]

        windows = client.pay(entity, spans)
        client.close()

    assert [[str(one.amount) for one in window.compensations] for window in windows] == [
        ["3000.10"],
        ["3000.10", "3100.20"],
        ["3100.20"],
    ]
    assert {one.person for window in windows for one in window.compensations} == {PersonId(anouk)}
