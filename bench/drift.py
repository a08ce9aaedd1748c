"""How fast everyone is compared, both sides in memory: python -m bench.drift [--people N]

Reach: 100,000 people × 25 fields, 1 % of the values differing, in at most 2 s and 1 GiB, through the functions a run
plans with: normalisation, three values, causes. Beside it, in the same run: the floor, a plain loop that
normalises every value of both sides, and a full join of two polars frames, which knows no spelling, no blank, no cause.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from multiprocessing import get_context
from typing import Any, TypeAlias

from rich.table import Table

from bench.logs import console
from domain.attributes import CATALOGUE, FIRST_CLASS, GATES, PAYMENT_IBAN, Kind, Override, Role, catalogue
from domain.drift.differences import Verdict, judge
from domain.planning.comparison import comparable
from domain.planning.decide import Decision, Plan
from domain.planning.matching import FinalLink
from domain.records.loket_record import LoketRecord
from domain.records.pay_record import PayRecord
from domain.settings import LegalEntity, Policy
from domain.snapshots import LoketEmployee, LoketEmployment, LoketSnapshot, PaymentRecord, PersonioPerson
from domain.values import EmployeeNumber, FieldPath, LegalEntityId, PersonId

EXTRA = [Override(Role(f"extra_{n}"), FieldPath(f"personalDetails.extra{n}")) for n in range(6)]
POLICY = Policy(
    entity=LegalEntity(LegalEntityId("170"), "Tulp", "e", "a"),
    catalogue=catalogue(
        {*(row.role for row in CATALOGUE), *GATES, *(one.role for one in EXTRA)} - {*FIRST_CLASS}, EXTRA
    ),
)
ROWS = [row for row in POLICY.catalogue if not row.is_key]
DIFFERING = 100  # one value in so many


def value(row: Any, number: int) -> str:
    """A value of its own for every person, and a new object each time it is asked for, as two decoders would make."""
    match row.kind:
        case Kind.CODE:
            return "".join(("FE", "MALE")) if number % 2 else "".join(("MA", "LE"))
        case Kind.DATE:
            return f"19{50 + number % 50}-0{1 + number % 9}-1{number % 10}"
        case Kind.POSTCODE:
            return f"{1000 + number % 9000} AB"
        case Kind.COUNTRY:
            return "".join(("N", "L"))
        case Kind.EMAIL:
            return f"{row.role[:4]}.{number}@tulp.example"
        case _:
            return f"{row.role[:8]} {number}"


def in_loket(row: Any, number: int, index: int) -> str:
    if row.kind is Kind.CODE:
        return "".join(("", "2")) if number % 2 else "".join(("", "1"))
    if (number * len(ROWS) + index) % DIFFERING == 0:
        return f"typed by hand {number}"
    if row.kind is Kind.POSTCODE and number % 50 == 0:
        return f"{1000 + number % 9000}ab"  # the same in another spelling
    return value(row, number)


def company(people: int) -> tuple[Plan, dict[PersonId, PersonioPerson], LoketSnapshot, LoketRecord]:
    """Everyone included and linked, as `decide` leaves them; and what a run has confirmed of each."""
    persons: dict[PersonId, PersonioPerson] = {}
    employees: dict[EmployeeNumber, LoketEmployee] = {}
    payments: dict[str, PaymentRecord] = {}
    decisions = []
    for at in range(people):
        number, person = EmployeeNumber(at + 1), PersonId(str(at))
        persons[person] = PersonioPerson(person, None, {row.role: value(row, at) for row in ROWS})
        held = {row.field: in_loket(row, at, index) for index, row in enumerate(ROWS) if row.field != PAYMENT_IBAN}
        employment = LoketEmployment(f"m{at}", "a", 1, date(2024, 1, 1), None)
        employees[number] = LoketEmployee(f"g{at}", number, held, (employment,))
        iban = next(index for index, row in enumerate(ROWS) if row.field == PAYMENT_IBAN)
        payments[employment.id] = PaymentRecord(f"p{at}", in_loket(ROWS[iban], at, iban), None)
        decisions.append(Decision(person, number, FinalLink(number, employees[number], employment)))
    now = datetime(2026, 3, 15, tzinfo=UTC)
    loket = LoketSnapshot(now, employees, (), payments)
    confirmed = LoketRecord(confirmed={row.field: "confirmed long ago" for row in ROWS})
    return Plan(tuple(decisions)), persons, loket, confirmed


class Clock:
    """Seconds passed, and seconds of them computing: on a shared machine the first holds others' work too."""

    def __init__(self) -> None:
        self._passed, self._computed = time.perf_counter(), time.process_time()

    def read(self) -> tuple[float, float]:
        return time.perf_counter() - self._passed, time.process_time() - self._computed


Found: TypeAlias = tuple[str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What the log knows of everyone: that one record."""

    record: LoketRecord

    def number(self, _: EmployeeNumber, /) -> LoketRecord:
        return self.record

    def held(self, _: Decision, /) -> PayRecord:
        return PayRecord()


def ours(people: int) -> Found:
    plan, persons, loket, confirmed = company(people)
    clock = Clock()
    verdict: Verdict = judge(plan, persons, loket, Confirmed(confirmed), POLICY)
    return f"{len(verdict.drift):,} drifted", clock.read()


def plain_loop(people: int) -> Found:
    _, persons, loket, _ = company(people)
    numbers = list(loket.employees.values())
    clock = Clock()
    found = 0
    for person, employee in zip(persons.values(), numbers, strict=True):
        for row in ROWS:
            one, other = person.values.get(row.role), employee.fields.get(row.field)
            if one is None or other is None:
                continue
            if comparable(row.kind, str(one)) != comparable(row.kind, str(other)):
                found += 1
    return f"{found:,} spelled otherwise, a gender among them for everyone", clock.read()


def joined(people: int) -> Found:
    import polars as pl

    _, persons, loket, _ = company(people)
    left = pl.DataFrame([{"number": int(one.id) + 1, **one.values} for one in persons.values()])
    held = [
        {"number": one.number, **{row.role: one.fields.get(row.field) for row in ROWS}}
        for one in loket.employees.values()
    ]
    right = pl.DataFrame(held)
    clock = Clock()
    both = left.join(right, on="number", how="full", suffix="_loket")
    found = both.select([pl.col(row.role).ne_missing(pl.col(f"{row.role}_loket")).sum() for row in ROWS])
    count = sum(found.row(0))
    return f"{count:,} spelled otherwise, once the frames are built", clock.read()


def measured(work: Callable[[int], Found], people: int) -> tuple[str, tuple[float, float], float]:
    """In a process of its own: (found, seconds and of them computing, peak MiB with both sides in it)."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_in_process, work, people).result()


def _in_process(work: Callable[[int], Found], people: int) -> tuple[str, tuple[float, float], float]:
    found, seconds = work(people)
    return found, seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description="one comparison of everyone, both sides in memory")
    parser.add_argument("--people", type=int, default=100_000)
    people = parser.parse_args().people
    table = Table("how", "people × fields", "found", "seconds", "of them computing", "× plain loop", "peak MiB")
    ways = {"the run's own functions": ours, "a plain loop": plain_loop, "a polars full join": joined}
    taken = {name: measured(work, people) for name, work in ways.items()}
    floor = taken["a plain loop"][1][1]
    for name, (found, (seconds, computing), peak) in taken.items():
        figures = f"{seconds:.2f}", f"{computing:.2f}", f"{computing / floor:.2f}", f"{peak:.0f}"
        table.add_row(name, f"{people:,} × {len(ROWS)}", found, *figures)
    console.print(table)


if __name__ == "__main__":
    main()
