"""What becomes of a write whose answer was lost: only what Loket shows afterwards tells (RUN-6, RUN-8)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import msgspec
import pytest

from domain.attributes import CITIZEN_SERVICE_NUMBER, GROSS_WAGE, PAYMENT_IBAN, WAGE_FIELDS
from domain.errors import NotFound, ReadFailed, RightMissing, TweeluikError
from domain.events.loket import WriteIntended, WriteKind
from domain.events.values import FieldChange
from domain.records.loket_record import Intent
from domain.services.sync.read_back import WAITS, Reader, Shown
from domain.services.sync.recover import judge
from domain.snapshots import Fetched, HeldPay, LoketConcept, LoketPay, LoketSnapshot, PaymentRecord
from domain.values import BLANK, NOT_OBSERVED, EmployeeNumber, FieldPath, Observed
from tests.support.people import employee, loket
from tests.support.world import TULP

STREET, OLD, NEW, THIRD = FieldPath("address.street"), "Main St", "Central Ave", "Harbour Rd"
BEFORE, WANTED, OTHER = ({STREET: one} for one in (OLD, NEW, THIRD))
GONE, CLOSED, DOWN = NotFound("gone"), RightMissing("no right"), ReadFailed("down")
NUMBER, DAY = EmployeeNumber(4711), date(2026, 3, 15)


def intended(kind: WriteKind, target: str | None, name: FieldPath = STREET) -> WriteIntended:
    changes = (FieldChange(name, OLD, NEW),)
    return WriteIntended(
        intent="i-1", run_id="run-1", person_id="3007", kind=kind, target=target, subject="s-1", changes=changes
    )


@dataclass
class Answering:
    """Loket, which answers one question after the other, the last of them for good; and a clock."""

    answers: list[dict[FieldPath, Any] | TweeluikError]
    asked: list[WriteKind] = field(default_factory=list)
    slept: float = 0

    def fetch(self, entity: object, kind: WriteKind, target: str) -> Fetched:
        self.asked.append(kind)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, TweeluikError):
            raise answer
        return Fetched(answer, {})

    def sleep(self, seconds: float) -> None:
        self.slept += seconds


@pytest.mark.parametrize(
    ("kind", "answers", "shown", "silent", "asked"),
    [
        (WriteKind.EMPLOYEE, [WANTED], Shown.WANTED, False, 1),
        (WriteKind.EMPLOYEE, [BEFORE, BEFORE, WANTED], Shown.WANTED, False, 3),
        (WriteKind.EMPLOYEE, [BEFORE], Shown.BEFORE, False, 4),
        (WriteKind.EMPLOYEE, [OTHER], Shown.OTHER, False, 4),
        (WriteKind.EMPLOYEE, [GONE], Shown.NOTHING, False, 4),
        (WriteKind.EMPLOYEE, [CLOSED, WANTED], Shown.WANTED, False, 2),
        (WriteKind.EMPLOYEE, [DOWN, WANTED], Shown.NOTHING, True, 1),
        (WriteKind.WAGE_CREATED, [BEFORE], Shown.OTHER, False, 4),
        (WriteKind.WAGE_DELETED, [BEFORE, GONE], Shown.WANTED, False, 2),
        (WriteKind.WAGE_DELETED, [BEFORE], Shown.BEFORE, False, 4),
        (WriteKind.WAGE_DELETED, [DOWN], Shown.NOTHING, True, 1),
        (WriteKind.WAGE_DELETED, [CLOSED], Shown.NOTHING, False, 1),
    ],
)
def test_loket_is_asked_until_it_shows_the_wanted_values_and_no_more_once_it_answers_nobody(
    kind: WriteKind, answers: list[Any], shown: Shown, silent: bool, asked: int
) -> None:
    there: Any = Answering([*answers])

    seen = Reader(there, there, TULP).read(intended(kind, "guid-1"), "new-1" if kind.creates else None)

    assert (seen.shown, seen.silent, len(there.asked)) == (shown, silent, asked)
    assert there.slept == sum(WAITS[:asked])


def test_what_was_created_is_read_back_as_what_it_has_become_and_without_its_id_not_at_all() -> None:
    there: Any = Answering([WANTED])

    found = Reader(there, there, TULP).read(intended(WriteKind.CONCEPT_CREATED, None), "new-1")
    lost = Reader(there, there, TULP).read(intended(WriteKind.PAYMENT_CREATED, "m1"), None)

    assert (found.shown, lost.shown, there.asked) == (Shown.WANTED, Shown.NOTHING, [WriteKind.CONCEPT])


def judged(kind: WriteKind, held: LoketSnapshot, *, target: str | None, name: FieldPath = STREET) -> list[str] | None:
    """The next run's verdict, by the names of its facts; None where the thing is not to be seen."""
    facts = judge(Intent(intended(kind, target, name), "ref"), NUMBER, held)
    return None if facts is None else [type(one).__name__ for one in facts]


def holding(value: Observed, kind: WriteKind) -> tuple[LoketSnapshot, str, FieldPath]:
    """Loket with this value in the thing such a write replaces, beside others that have the old one; and its id."""
    match kind:
        case WriteKind.CONCEPT:
            concepts = tuple(
                LoketConcept(one, NUMBER, {STREET: each}) for one, each in (("c-0", OLD), ("c-1", value), ("c-2", OLD))
            )
            return loket(concepts=concepts), "c-1", STREET
        case WriteKind.PAYMENT | WriteKind.PAYMENT_CREATED:
            records = {"m0": PaymentRecord("pay-0", OLD), "m1": PaymentRecord("pay-1", value)}
            records["m2"] = PaymentRecord("pay-2", OLD)
            target = "pay-1" if kind is WriteKind.PAYMENT else "m1"
            return replace(loket(employee()), payments=records), target, PAYMENT_IBAN
    return loket(employee(street=value)), "guid-1", STREET


@pytest.mark.parametrize("kind", [WriteKind.EMPLOYEE, WriteKind.CONCEPT, WriteKind.PAYMENT, WriteKind.PAYMENT_CREATED])
def test_the_next_run_judges_by_the_very_thing_that_was_written(kind: WriteKind) -> None:
    for value, verdict in ((NEW, "WriteConfirmed"), (OLD, "WriteNotApplied"), (THIRD, "WriteConflicted")):
        held, target, name = holding(value, kind)
        found = judged(kind, held, target=target, name=name)

        assert found
        assert found[0] == verdict

    held, _, name = holding(NEW, kind)
    assert judged(kind, held, target="gone", name=name) == (None if kind.creates else ["WriteConflicted"])


@pytest.mark.parametrize("kind", [WriteKind.WAGE, WriteKind.WAGE_CREATED])
def test_a_wage_that_is_there_without_its_amount_tells_nothing(kind: WriteKind) -> None:
    hidden = HeldPay("w-1", DAY, dict.fromkeys(WAGE_FIELDS, NOT_OBSERVED))
    held = replace(loket(employee()), pay=LoketPay(wages={"m1": (hidden,)}))
    fact = msgspec.structs.replace(intended(kind, "m1" if kind.creates else "w-1", GROSS_WAGE), effective_on=DAY)

    assert judge(Intent(fact, "ref"), NUMBER, held) == ()


def test_a_conflict_keeps_what_loket_holds() -> None:
    held, target, name = holding(THIRD, WriteKind.EMPLOYEE)

    (conflict,) = judge(Intent(intended(WriteKind.EMPLOYEE, target, name), "ref"), NUMBER, held) or ()

    assert [(one.field, one.value) for one in conflict.found] == [(STREET, THIRD)]  # type: ignore[attr-defined]


def test_a_bank_account_that_loket_does_not_have_yet_was_not_created() -> None:
    held = replace(loket(employee()), payments={"m1": PaymentRecord(None, BLANK, component=3)})

    assert judged(WriteKind.PAYMENT_CREATED, held, target="m1", name=PAYMENT_IBAN) is None


def test_what_the_read_does_not_show_stays_unknown() -> None:
    shown = employee()
    hidden = replace(shown, fields={name: one for name, one in shown.fields.items() if name != CITIZEN_SERVICE_NUMBER})

    assert judged(WriteKind.BSN, loket(hidden), target="guid-1", name=CITIZEN_SERVICE_NUMBER) == []


def test_a_lost_creation_is_confirmed_by_the_one_that_is_there_and_two_are_a_conflict() -> None:
    one, other = (LoketConcept(each, NUMBER, {}) for each in ("c-1", "c-2"))
    elses = LoketConcept("c-3", EmployeeNumber(1), {})

    def seen(*concepts: LoketConcept, final: bool = False) -> list[str] | None:
        held = loket(*([employee()] if final else []), concepts=concepts)
        return judged(WriteKind.CONCEPT_CREATED, held, target=None)

    assert seen(elses) is None
    assert seen(one, elses) == ["WriteConfirmed", "ConceptEmployeeCreated"]
    assert seen(final=True) == ["WriteConfirmed", "ConceptEmployeeCreated"]  # completed by now
    assert seen(one, other) == ["WriteConflicted"]
    assert seen(one, final=True) == ["WriteConflicted"]
