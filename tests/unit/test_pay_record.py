"""What the log knows of one person's dated pay: what was seen, what is ours, what both sides agreed on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from domain.attributes import GROSS_WAGE, GROSS_WAGE_TYPE, WEEKLY_HOURS
from domain.events.loket import (
    ChainRebuildEnded,
    ChainRebuildStarted,
    ChangedBy,
    EmployeeReleased,
    FieldOverwritten,
    FieldsConfirmed,
    LoketFieldChanged,
    LoketFieldsObserved,
)
from domain.events.personio import AttributeChanged, AttributesObserved
from domain.events.values import FieldValue
from domain.log import Fact, Meta, Recorded, StreamId
from domain.personal import Lost, Personal
from domain.planning.decide import Decision
from domain.planning.findings import Finding, FindingCode
from domain.planning.matching import FinalLink
from domain.planning.pay.case import PayMemory
from domain.planning.pay.hours import HoursCase
from domain.planning.pay.targets import benefit_end, benefit_field
from domain.records.pay_record import Dated, PayRecord
from domain.services.reading.read_pay import PayRead
from domain.settings import ComponentKind, PayComponent, PaySettings, Policy, WeeklyHours
from domain.snapshots import HeldHours, LoketEmployment, LoketPay, PersonioEmployment
from domain.values import BLANK, NOT_OBSERVED, Actor, EmployeeNumber, PersonId, SubjectRef
from tests.support.people import ADMINISTRATION, POLICY, employee, person

WHO = SubjectRef("subject-1")
NINE = datetime(2026, 3, 15, 9, tzinfo=UTC)
JANUARY, MARCH = date(2026, 1, 1), date(2026, 3, 1)
PHONE = benefit_field(284)


def record(*facts: Fact) -> PayRecord:
    meta = Meta(recorded_at=NINE, actor=Actor("system"), correlation="run-1")
    return PayRecord.of(Recorded(at, StreamId("s"), at, "", meta, fact) for at, fact in enumerate(facts))


def sent(after: Personal, before: Personal = BLANK, day: date | None = JANUARY, name: str = GROSS_WAGE) -> Fact:
    return FieldOverwritten(
        run_id="run-1",
        intent="i",
        person_id="3007",
        subject=WHO,
        field=name,
        before=before,
        after=after,
        effective_on=day,
    )


def seen(value: Personal, day: date = JANUARY, name: str = GROSS_WAGE) -> Fact:
    return LoketFieldsObserved(subject=WHO, values=(FieldValue(name, value),), rule="AUD-2", effective_on=day)


def agreed(*names: str) -> Fact:
    return FieldsConfirmed(fields=names, rule="DRIFT-3")


def everything(_: Dated) -> bool:
    return True


def nothing(_: Dated) -> bool:
    return False


def test_what_we_sent_is_ours_until_we_remove_it() -> None:
    kept = record(sent("3000.00"), sent("3100.00", day=MARCH), sent(BLANK, "3100.00", MARCH))

    assert kept.ours == {(GROSS_WAGE, JANUARY)}
    assert kept.memory(unknown=True) == PayMemory(frozenset({(GROSS_WAGE, JANUARY)}), {}, True)
    assert record(sent("3000.00", day=None)) == PayRecord()  # employee data has no day
    assert record(seen("3000.00")).ours == frozenset()


def test_of_a_number_that_nobody_has_no_pay_is_known() -> None:
    """Whoever gets it next has pay of their own: that of the one before them was taken from nobody."""
    gone = EmployeeReleased(subject=WHO, loket_id="guid-1", reason="gone", rule="MATCH-5")
    before = (ChainRebuildStarted(unit="u", run_id="r", person_id="3007", chain="wage", steps=2), sent("3000.00"))

    assert record(*before, agreed(GROSS_WAGE), gone) == PayRecord()


def test_a_salary_is_on_record_from_a_day_on_unless_it_went_or_can_be_read_no_more() -> None:
    assert record(seen("3000.00")).has_salary(since=JANUARY)
    assert record(seen("3100.00", MARCH)).has_salary(since=JANUARY)
    assert not record(seen("3000.00")).has_salary(since=MARCH)
    assert not record(seen("3000.00"), sent(BLANK, "3000.00")).has_salary(since=JANUARY)
    assert not record(seen("50.00", name=PHONE)).has_salary(since=JANUARY)
    assert not replace(record(), values={(GROSS_WAGE, JANUARY): Lost.SHREDDED}).has_salary(since=JANUARY)


def test_both_sides_agree_on_what_was_sent_and_on_what_was_found_equal_with_all_its_days() -> None:
    found = record(seen("3000.00"), seen("3100.00", MARCH), seen("1", name=GROSS_WAGE_TYPE), agreed(GROSS_WAGE))

    assert found.agreed == {GROSS_WAGE: {JANUARY: "3000.00", MARCH: "3100.00"}}
    assert record(agreed(PHONE)).agreed == {}
    assert record(seen("2900.00"), sent("3000.00", day=MARCH)).agreed == {
        GROSS_WAGE: {JANUARY: "2900.00", MARCH: "3000.00"}
    }


def test_what_is_equal_is_confirmed_where_it_was_not_known_to_be_as_it_is_now() -> None:
    known = record(seen("3000.00"), seen(BLANK, MARCH), agreed(GROSS_WAGE))
    elsewhere = {(PHONE, JANUARY): "50.00"}

    assert known.confirm([GROSS_WAGE], {(GROSS_WAGE, JANUARY): "3000", **elsewhere}) == ()
    assert known.confirm([GROSS_WAGE], {(GROSS_WAGE, JANUARY): "3100.00"}) == (agreed(GROSS_WAGE),)
    assert known.confirm([GROSS_WAGE], {(GROSS_WAGE, MARCH): "3000.00"}) == (agreed(GROSS_WAGE),)
    assert known.confirm([PHONE, GROSS_WAGE], {(GROSS_WAGE, JANUARY): "1", **elsewhere}) == (
        agreed(*sorted((GROSS_WAGE, PHONE))),
    )
    assert known.confirm([], {}) == ()


def test_a_value_that_can_no_longer_be_read_is_confirmed_anew() -> None:
    lost = replace(record(), agreed={GROSS_WAGE: {JANUARY: Lost.SHREDDED}})

    assert lost.confirm([GROSS_WAGE], {(GROSS_WAGE, JANUARY): "3000.00"}) == (agreed(GROSS_WAGE),)


def test_a_rebuild_remembers_the_wages_it_removed_until_they_are_back() -> None:
    begun = (
        ChainRebuildStarted(unit="u1", run_id="run-1", person_id="3007", chain="wages", steps=2),
        sent(BLANK, "3100.00", MARCH),
    )
    extra = "wage.netWage"

    open_ = record(*begun, sent(BLANK, "7.00", MARCH, extra))
    half = record(*begun, sent(BLANK, "7.00", MARCH, extra), sent("3200.00", day=MARCH))
    over = record(*begun, ChainRebuildEnded(unit="u1", run_id="run-1", done=1, complete=True))
    stuck = record(*begun, ChainRebuildEnded(unit="u1", run_id="run-1", done=1, complete=False))

    assert open_.removed == {MARCH: {GROSS_WAGE: "3100.00", extra: "7.00"}}
    assert half.removed == {MARCH: {extra: "7.00"}}
    assert (over.rebuild, over.removed) == (None, {})
    assert (stuck.rebuild, stuck.removed) == ("u1", {MARCH: {GROSS_WAGE: "3100.00"}})
    assert record(begun[0], sent(BLANK, "50.00", MARCH, PHONE)).removed == {}  # no wage
    assert record(sent(BLANK, "3100.00", MARCH)).removed == {}  # no rebuild
    assert record(begun[0], sent("3200.00", "3100.00", MARCH)).removed == {MARCH: {}}  # changed in its place


def test_loket_s_pay_is_put_on_record_at_first_sight_and_then_where_somebody_changed_it() -> None:
    first = record().observe_loket({(GROSS_WAGE, MARCH): "3100.00", (GROSS_WAGE, JANUARY): "3000.00"}, WHO, nothing)

    assert first == (seen("3000.00"), seen("3100.00", MARCH))
    known = record(*first)
    assert known.observe_loket({(GROSS_WAGE, JANUARY): "3000", (GROSS_WAGE, MARCH): "3100.00"}, WHO, everything) == ()
    assert known.observe_loket({(GROSS_WAGE, JANUARY): "3050.00"}, WHO, nothing) == (changed("3000.00", "3050.00"),)


def changed(before: str, after: Personal, *, name: str = GROSS_WAGE, by: ChangedBy = ChangedBy.SOMEONE_ELSE) -> Fact:
    return LoketFieldChanged(subject=WHO, field=name, before=before, after=after, changed_by=by, effective_on=JANUARY)


APPLIED, PHONE_ENDS = "wage.applyPayGrade", benefit_end(284)


@pytest.mark.parametrize(("deleted", "beside"), [(GROSS_WAGE, APPLIED), (PHONE, PHONE_ENDS)])
def test_what_goes_with_a_record_that_we_deleted_was_changed_by_us(deleted: str, beside: str) -> None:
    known = record(seen("50.00", name=deleted), seen("false", name=beside), sent(BLANK, "50.00", name=deleted))
    again = record(seen("50.00", name=deleted), seen("false", name=beside), sent(BLANK, "50.00", name=deleted),
                   seen("60.00", name=deleted))  # fmt: skip

    ours = changed("false", BLANK, name=beside, by=ChangedBy.OURS)
    assert known.observe_loket({}, WHO, everything) == (ours,)
    assert changed("false", BLANK, name=beside) in again.observe_loket({}, WHO, everything), "somebody put it back"


def test_a_last_day_that_we_took_away_took_no_record_away() -> None:
    known = record(seen("50.00", name=PHONE), seen("2026-06-30", name=PHONE_ENDS),
                   sent(BLANK, "2026-06-30", name=PHONE_ENDS))  # fmt: skip

    assert known.observe_loket({}, WHO, everything) == (changed("50.00", BLANK, name=PHONE),)


def test_pay_that_would_be_there_and_is_not_became_blank_once() -> None:
    known = record(seen("3000.00"))
    gone = known.observe_loket({}, WHO, everything)

    assert gone == (changed("3000.00", BLANK),)
    assert known.observe_loket({}, WHO, nothing) == ()  # it was not read
    assert record(seen("3000.00"), *gone).observe_loket({}, WHO, everything) == ()


def test_a_value_that_was_erased_is_seen_as_if_for_the_first_time() -> None:
    erased = replace(record(), values={(GROSS_WAGE, JANUARY): Lost.SHREDDED})

    assert erased.observe_loket({(GROSS_WAGE, JANUARY): "3000.00"}, WHO, nothing) == (seen("3000.00"),)
    assert erased.observe_personio({(GROSS_WAGE, JANUARY): "3000.00"}, WHO, nothing) == (told(("3000.00", JANUARY)),)


def told(*values: tuple[str, date]) -> Fact:
    ((value, day),) = values
    return AttributesObserved(subject=WHO, values=(FieldValue(GROSS_WAGE, value),), effective_on=day)


def test_personio_s_pay_is_put_on_record_at_first_sight_and_then_as_what_changed_since_when() -> None:
    first = record().observe_personio({(GROSS_WAGE, MARCH): "3100", (GROSS_WAGE, JANUARY): "3000"}, WHO, nothing)

    assert first == (told(("3000", JANUARY)), told(("3100", MARCH)))
    again = record(*first).observe_personio({(GROSS_WAGE, JANUARY): "3050"}, WHO, everything)
    moved = [
        AttributeChanged(
            subject=WHO,
            field=GROSS_WAGE,
            before=before,
            after=after,
            previously_observed_at=NINE,
            effective_on=day,
        )
        for before, after, day in (("3000", "3050", JANUARY), ("3100", BLANK, MARCH))
    ]
    assert list(again) == moved
    both: Iterable[Fact] = (*first, *again)
    assert record(*both).observe_personio({(GROSS_WAGE, JANUARY): "3050"}, WHO, everything) == ()


def test_pay_whose_component_is_mapped_no_more_is_not_gone() -> None:
    """Nobody looks at it any more: that says nothing of Loket."""
    read = empty(LoketPay(benefits={"m1": ()}))

    def gone(policy: Policy) -> tuple[Fact, ...]:
        return read.record(SANNE, record(), record(seen("50.00", name=PHONE)), WHO, policy)[1]

    assert (gone(MAPPED), gone(POLICY)) == ((changed("50.00", BLANK, name=PHONE),), ())
    assert read.record(PersonId("3008"), record(), record(seen("50.00", name=PHONE)), WHO, MAPPED) == ((), ())


SANNE = PersonId("3007")
MAPPED = replace(POLICY, pay=PaySettings(components={"phone": PayComponent(284, ComponentKind.RECURRING)}))


def empty(loket: LoketPay, **read: Any) -> PayRead:
    """A reading of Sanne from January on, in which neither side shows any pay."""
    final = FinalLink(EmployeeNumber(4711), employee(), LoketEmployment("m1", ADMINISTRATION, 1, JANUARY, None))
    return PayRead(finals={SANNE: final}, told={SANNE: {}}, held={SANNE: {}}, loket=loket, since=JANUARY, **read)


def test_pay_is_gone_where_it_would_have_been_read_from_the_first_day_on() -> None:
    known = [
        (name, day)
        for name in (GROSS_WAGE, GROSS_WAGE_TYPE, PHONE, benefit_end(284), benefit_field(999))
        for day in (date(2025, 12, 31), JANUARY)
    ]
    in_personio = record(
        *(AttributesObserved(subject=WHO, values=(FieldValue(n, "1"),), effective_on=d) for n, d in known)
    )
    in_loket = record(*(seen("1", day, name) for name, day in known))

    def gone(loket: LoketPay) -> list[set[str]]:
        both = empty(loket).record(SANNE, in_personio, in_loket, WHO, MAPPED)
        assert {one.effective_on for facts in both for one in facts} == {JANUARY}
        return [{one.field for one in facts} for facts in both]  # type: ignore[attr-defined]

    told, components = {GROSS_WAGE, PHONE, benefit_end(284)}, {PHONE, benefit_end(284)}
    assert gone(LoketPay()) == [told, set()]
    assert gone(LoketPay(wages={"m1": ()})) == [told, {GROSS_WAGE, GROSS_WAGE_TYPE}]
    assert gone(LoketPay(benefits={"m1": ()})) == [told, components]
    assert gone(LoketPay(wages={"m2": ()}, benefits={"m2": ()})) == [told, set()]


def test_hours_are_told_where_they_were_read_and_nothing_is_said_of_them_where_pay_is_unclear() -> None:
    week, full = Decimal(32), Decimal(40)
    worked = PersonioEmployment("e1", "ACTIVE", None, JANUARY, weekly_hours=week, full_time_hours=full)
    sanne, chain = replace(person(), employment=worked), [HeldHours("h1", JANUARY, "32", full)]
    job = LoketEmployment("m1", ADMINISTRATION, 1, JANUARY, None)
    hours = HoursCase(sanne, job, (), chain, WeeklyHours.SEND, MARCH)
    mute = replace(hours, person=replace(sanne, employment=None))
    read, silent = (empty(LoketPay(), hours={SANNE: one}) for one in (hours, mute))
    decision = Decision(SANNE, EmployeeNumber(4711), None)
    unclear = replace(decision, findings=(Finding(FindingCode.PAY_NOT_VISIBLE),))
    hidden = replace(decision, pay_not_read=(GROSS_WAGE,))
    stranger = replace(decision, person=PersonId("3008"))

    assert [read.hours_told(one) for one in (decision, hidden, unclear, stranger)] == [
        {WEEKLY_HOURS: "32.00"}, {WEEKLY_HOURS: "32.00"}, {}, {},
    ]  # fmt: skip
    assert silent.hours_told(decision) == {WEEKLY_HOURS: NOT_OBSERVED}
    assert [bool(read.equal_hours(one)) for one in (decision, hidden, unclear, stranger)] == [True, False, False, False]
    assert read.confirm(stranger, record()) == ()
