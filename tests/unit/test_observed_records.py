"""What the log knows of a person in Personio and a number in Loket, and what a new look adds: news, each once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from domain.events.loket import (
    ChangedBy,
    ConceptEmployeeCreated,
    ConceptEmployeeFinalised,
    ConceptEmployeeGone,
    ConfirmedBy,
    EmployeeReleased,
    EmployeeSeen,
    FieldOverwritten,
    FieldsConfirmed,
    LinkObserved,
    LinkState,
    LoketFieldChanged,
    LoketFieldsObserved,
    TerminationObserved,
    TerminationReversed,
    TerminationSuperseded,
    WriteConfirmed,
    WriteConflicted,
    WriteIntended,
    WriteKind,
    WriteNotApplied,
    WriteNotSent,
    WriteOutcomeUnknown,
    WriteRefused,
)
from domain.events.personio import (
    AttributeChanged,
    AttributesObserved,
    AttributeVisibilityChanged,
    GatesObserved,
    PersonLeftEntity,
    PersonNotSeen,
    PersonSeenAgain,
)
from domain.events.values import FieldChange, FieldValue
from domain.log import Fact, Meta, Recorded, StreamId
from domain.personal import Lost, Personal
from domain.planning.matching import Concept, FinalLink, Link, NotVisible, Terminated, Unlinked
from domain.records.loket_record import Attempt, LoketRecord, before_of, wanted_of
from domain.records.personio_record import PersonioRecord
from domain.snapshots import LoketConcept, LoketEmployee, LoketEmployment, LoketSnapshot
from domain.values import BLANK, NOT_OBSERVED, Actor, EmployeeNumber, FieldPath, PersonId, SubjectRef
from tests.support.people import ADMINISTRATION, ENTITY, employee, loket, person, personio
from tests.support.people import POLICY as WHOLE

WHO, SANNE = SubjectRef("subject-1"), PersonId("3007")
NINE = datetime(2026, 3, 15, 9, tzinfo=UTC)
STREET, CITY = FieldPath("address.street"), FieldPath("address.city")
POLICY = replace(WHOLE, catalogue=tuple(row for row in WHOLE.catalogue if row.field in (STREET, CITY)))
NUMBER = EmployeeNumber(4711)
JOB = LoketEmployment("m1", ADMINISTRATION, 1, date(2024, 2, 1), None)
EMPLOYEE = employee()
FINAL = FinalLink(NUMBER, EMPLOYEE, JOB)
END = date(2026, 3, 31)


def recorded(*facts: Fact) -> list[Recorded]:
    meta = Meta(recorded_at=NINE, actor=Actor("system"), correlation="run-1")
    return [Recorded(at, StreamId("s"), at, "", meta, fact) for at, fact in enumerate(facts)]


def of(*facts: Fact) -> LoketRecord:
    return LoketRecord.of(recorded(*facts))


def intended(intent: str = "i1", after: str = "Central Ave", field: str = STREET) -> WriteIntended:
    return WriteIntended(
        intent=intent,
        run_id="run-1",
        person_id=SANNE,
        kind=WriteKind.EMPLOYEE,
        target="guid-1",
        subject=WHO,
        changes=(FieldChange(field, "Main St", after),),
    )


def confirmed(intent: str = "i1") -> Fact:
    return WriteConfirmed(intent=intent, confirmed_by=ConfirmedBy.ANSWER)


def overwritten(after: Personal) -> Fact:
    return FieldOverwritten(
        run_id="run-1", intent="i1", person_id=SANNE, subject=WHO, field=STREET, before="Main St", after=after
    )


def test_a_confirmed_write_is_what_loket_holds_what_we_wrote_and_what_both_agree_on() -> None:
    record = of(intended(), confirmed())

    assert record.fields == record.written == record.confirmed == {STREET: "Central Ave"}
    assert record.open_intents == record.unlanded == record.attempted == {}
    assert record.next_version == 2
    assert of().next_version == 0


@pytest.mark.parametrize(
    "end",
    [
        WriteNotApplied(intent="i1"),
        WriteRefused(intent="i1", status=400, subject=WHO),
        WriteNotSent(intent="i1", cause=""),
    ],
)
def test_a_write_that_did_not_land_is_remembered_until_one_of_the_field_does(end: Fact) -> None:
    record = of(intended(), end)

    assert record.attempt(STREET) == Attempt("Main St", "Central Ave")
    assert record.attempt(CITY) is None
    assert record.open_intents == record.confirmed == {}
    assert (record.unlanded == {STREET: "Central Ave"}) is isinstance(end, WriteNotApplied)
    again = of(intended(), end, intended("i2"), confirmed("i2"))
    assert (again.attempt(STREET), again.unlanded) == (None, {})
    seen = LoketFieldsObserved(subject=WHO, values=(FieldValue(STREET, "Central Ave"),), rule="AUD-2")
    equal = of(intended(), end, seen, FieldsConfirmed(fields=(STREET, CITY), rule="DRIFT-3"))
    assert (equal.attempt(STREET), equal.confirmed) == (None, {STREET: "Central Ave"})


def test_an_open_write_is_an_attempt_of_its_own_fields_before_any_that_ended() -> None:
    ended = WriteNotSent(intent="i1", cause="")
    record = of(intended(), ended, intended("i2", "Third Rd"), intended("i3", "Delft", CITY))

    assert record.attempt(CITY) == Attempt("Main St", "Delft")
    assert record.attempt(STREET) == Attempt("Main St", "Third Rd")
    assert record.open_intents.keys() == {"i2", "i3"}


def test_an_unknown_outcome_stays_open_until_it_is_known_and_one_of_no_intent_says_nothing() -> None:
    unknown = WriteOutcomeUnknown(intent="i1", cause="")

    assert not of(intended()).open_intents["i1"].unknown
    assert of(intended(), unknown).open_intents["i1"].unknown
    assert of(intended(), unknown, confirmed()).open_intents == {}
    conflicted = of(intended(), unknown, WriteConflicted(intent="i1", subject=WHO, found=()))
    assert (conflicted.open_intents, conflicted.unlanded) == ({}, {STREET: "Central Ave"})
    for stray in (unknown, confirmed(), WriteNotApplied(intent="i1"), WriteRefused(intent="i1", status=1, subject=WHO)):
        assert replace(of(stray), next_version=0) == LoketRecord()


def test_the_latest_overwrite_of_a_field_says_where_it_is_on_record() -> None:
    found = of(intended(), overwritten(BLANK)).overwritten[STREET]

    assert (found.position, found.before, found.after, found.at) == (1, "Main St", BLANK, NINE)


def link(state: LinkState, loket_id: str | None = None, employment: str | None = None) -> LinkObserved:
    return LinkObserved(state=state, person_id=SANNE, loket_id=loket_id, employment_id=employment)


CONCEPT = Concept(NUMBER, LoketConcept("c1", NUMBER, {}))


def test_where_a_number_stands_is_told_when_it_is_news() -> None:
    final = link(LinkState.FINAL, "guid-1", "m1")

    assert of().observe_link(SANNE, Unlinked(NUMBER)) == ()
    assert of().observe_link(SANNE, FINAL) == (final,)
    assert of(final).observe_link(SANNE, FINAL) == ()
    assert of(final).observe_link(SANNE, Unlinked(NUMBER)) == (link(LinkState.UNLINKED),)
    assert of(final).observe_link(SANNE, NotVisible(NUMBER, "guid-1")) == (link(LinkState.NOT_VISIBLE, "guid-1"),)


def test_a_concept_employee_is_completed_or_gone() -> None:
    created = ConceptEmployeeCreated(run_id="run-1", person_id=SANNE, concept_id="c1")
    completed = ConceptEmployeeFinalised(concept_id="c1", employee_id="guid-1", rule="JOIN-3")

    gone = ConceptEmployeeGone(concept_id="c1", rule="MATCH-3")
    here, elsewhere = LoketConcept("c1", NUMBER, {}), LoketConcept("c1", EmployeeNumber(NUMBER + 1), {})
    another = LoketConcept("c2", NUMBER, {})  # made since, by somebody else

    def ended(*concepts: LoketConcept, employee: LoketEmployee | None = None) -> tuple[Fact, ...]:
        employees = {employee.number: employee} if employee else {}
        return of(created).observe_concept(NUMBER, LoketSnapshot(NINE, employees, concepts))

    assert of(link(LinkState.CONCEPT, "c1")).concept_id == "c1"
    assert ended(employee=EMPLOYEE) == (completed,)
    assert ended() == ended(another) == (gone,)
    assert ended(here) == ended(elsewhere) == ended(elsewhere, another) == ()
    assert of(created).observe_link(SANNE, CONCEPT) == (link(LinkState.CONCEPT, "c1"),)
    assert of(created).observe_link(SANNE, Concept(NUMBER, another)) == (link(LinkState.CONCEPT, "c2"),)
    assert of(created, gone, link(LinkState.CONCEPT, "c2")).observe_link(SANNE, Concept(NUMBER, another)) == ()
    assert (of(created, completed).concept_id, of(created, completed).employee_id) == (None, "guid-1")
    assert of(created, gone).concept_id is None


def test_an_employee_is_seen_once_under_a_number_until_the_number_is_released() -> None:
    seen = EmployeeSeen(loket_id="guid-1", rule="MATCH-5")

    assert of().observe_employee(EMPLOYEE) == (seen,)
    assert of(seen).observe_employee(EMPLOYEE) == ()
    assert of(link(LinkState.FINAL, "guid-1", "m1")).employee_id == "guid-1"
    assert of(seen, link(LinkState.UNLINKED)).employee_id == "guid-1"


def test_an_end_of_employment_is_told_once_with_each_other_date_and_when_it_is_gone() -> None:
    ended = Terminated(NUMBER, EMPLOYEE, replace(JOB, end=END))
    told = TerminationObserved(employment_id="m1", income_number=1, effective_on=END, rule="END-2")
    seen = of(told)

    assert of().observe_link(SANNE, ended) == (link(LinkState.TERMINATED, "guid-1", "m1"), told)
    assert told not in seen.observe_link(SANNE, ended)
    later = Terminated(NUMBER, EMPLOYEE, replace(JOB, end=date(2026, 4, 30)))
    assert seen.observe_link(SANNE, later)[-1].effective_on == date(2026, 4, 30)
    gone = TerminationReversed(employment_id="m1", income_number=1, rule="END-2")
    assert seen.observe_link(SANNE, FINAL)[-1] == gone
    other = FinalLink(NUMBER, EMPLOYEE, replace(JOB, id="m2", income_number=2))
    replaced = TerminationSuperseded(employment_id="m2", income_number=2, rule="EMPL-3")
    assert seen.observe_link(SANNE, other)[-1] == replaced
    for over in (gone, replaced):
        assert (of(told, over).ended_on, of(told, over).ended_employment) == (None, None)


def fields(record: LoketRecord, link: Link = FINAL) -> tuple[Fact, ...]:
    return record.observe_fields(link, loket(EMPLOYEE), POLICY, WHO)


FIRST = LoketFieldsObserved(
    subject=WHO, values=(FieldValue(STREET, "Main St"), FieldValue(CITY, "Utrecht")), rule="AUD-2"
)


def test_loket_s_values_are_put_on_record_at_first_sight_and_whoever_changes_one_is_named() -> None:
    known = of(FIRST)
    moved = replace(known, fields={**known.fields, STREET: "Third Rd"})
    change = LoketFieldChanged(
        subject=WHO, field=STREET, before="Third Rd", after="Main St", changed_by=ChangedBy.SOMEONE_ELSE
    )

    assert fields(of()) == (FIRST,)
    assert fields(known) == ()
    assert fields(moved) == (change,)
    late = fields(replace(moved, unlanded={STREET: "Main St"}))
    assert [one.changed_by for one in late if isinstance(one, LoketFieldChanged)] == [ChangedBy.OURS]
    theirs = replace(of(), written={STREET: "Main St"}, written_at={STREET: 7})
    for told_at, changed_by in ((6, ChangedBy.OURS), (8, ChangedBy.SOMEONE_ELSE)):  # before they wrote it, and after
        known_then = replace(moved, told_at={STREET: told_at})
        beside = known_then.observe_fields(FINAL, loket(EMPLOYEE), POLICY, WHO, [theirs])
        assert [one.changed_by for one in beside if isinstance(one, LoketFieldChanged)] == [changed_by]
    for unlanded in ({STREET: "Elsewhere"}, {STREET: Lost.SHREDDED}, {CITY: "Main St"}):
        assert fields(replace(moved, unlanded=unlanded)) == (change,)


def test_of_what_loket_does_not_show_nothing_is_concluded_and_what_was_erased_is_new() -> None:
    hidden = FinalLink(NUMBER, replace(EMPLOYEE, fields={**EMPLOYEE.fields, STREET: NOT_OBSERVED}), JOB)
    erased = replace(of(FIRST), fields={STREET: Lost.SHREDDED, CITY: "Utrecht"})

    assert fields(of(FIRST), hidden) == ()
    assert fields(erased) == (LoketFieldsObserved(subject=WHO, values=FIRST.values[:1], rule="AUD-2"),)
    assert fields(of(), Unlinked(NUMBER)) == ()


def test_a_field_that_is_equal_on_both_sides_is_confirmed_when_that_is_news() -> None:
    def news(record: LoketRecord, **values: str) -> list[str]:
        facts = record.confirm(FINAL, person(**values), loket(EMPLOYEE), POLICY)
        return [name for one in facts if isinstance(one, FieldsConfirmed) for name in one.fields]

    agreed = replace(of(), confirmed={STREET: "Main St", CITY: "Utrecht"})
    assert news(of()) == [STREET, CITY]
    assert news(agreed) == []
    assert news(of(), street="Central Ave") == [CITY]
    assert news(replace(agreed, confirmed={STREET: "Old St", CITY: Lost.SHREDDED})) == [STREET, CITY]


def test_what_changes_say_is_read_by_field() -> None:
    changes = intended().changes

    assert (wanted_of(changes), before_of(changes)) == ({STREET: "Central Ave"}, {STREET: "Main St"})


def test_a_released_number_has_no_employee_any_more() -> None:
    record = of(
        link(LinkState.FINAL, "guid-1", "m1"),
        EmployeeReleased(subject=WHO, loket_id="guid-1", reason="gone", rule="MATCH-5"),
    )

    assert (record.employee_id, record.link) == (None, None)


@pytest.mark.parametrize(
    "gone",
    [
        ConceptEmployeeGone(concept_id="c1", rule="MATCH-3"),
        LinkObserved(state=LinkState.UNLINKED, person_id=SANNE),
        EmployeeReleased(subject=WHO, loket_id="guid-1", reason="gone", rule="MATCH-5"),
    ],
)
def test_whoever_gets_a_number_that_nobody_had_is_seen_for_the_first_time(gone: Fact) -> None:
    """Else a value that the one before them had would be told as changed by someone else."""
    before = (
        FIRST, FieldsConfirmed(fields=(CITY,), rule="DRIFT-3"), intended(), confirmed(), overwritten("Central Ave"),
        intended("i2", "Third Rd"), WriteNotApplied(intent="i2"),
    )  # fmt: skip
    record = of(*before, gone)

    assert all(map(fields, [of(*before), of()]))
    assert record == replace(of(gone), next_version=len(before) + 1, subject=WHO)
    assert fields(record) == (FIRST,)


# --- Personio ---


def known(*facts: Fact) -> PersonioRecord:
    return PersonioRecord.of(recorded(*facts))


def look(record: PersonioRecord, without: str = "", **values: str) -> tuple[Fact, ...]:
    return record.observe_attributes(person(without=without, **values), POLICY, WHO)


SEEN = AttributesObserved(subject=WHO, values=(FieldValue(STREET, "Main St"), FieldValue(CITY, "Utrecht")))


def shown(visible: bool) -> Fact:
    return AttributeVisibilityChanged(field=STREET, visible=visible, rule="EDIT-2")


def test_an_attribute_is_put_on_record_at_first_sight_and_where_it_changes() -> None:
    changed = AttributeChanged(
        subject=WHO, field=STREET, before="Main St", after="Central Ave", previously_observed_at=NINE
    )

    assert look(known()) == (SEEN,)
    assert look(known(SEEN)) == ()
    assert look(known(SEEN), street="Central Ave") == (changed,)
    assert look(known(SEEN, changed), street="Central Ave") == ()


def test_an_attribute_that_is_no_longer_shown_keeps_its_value_and_that_is_told_once() -> None:
    assert look(known(SEEN), "street") == (shown(False),)
    assert look(known(SEEN, shown(False)), "street") == ()
    assert look(known(SEEN, shown(False))) == (shown(True),)
    assert look(known(SEEN, shown(False), shown(True)), "street") == (shown(False),)


def test_an_attribute_that_was_never_shown_is_put_on_record_as_hidden_once() -> None:
    (first,) = look(known(), "street")

    assert first == AttributesObserved(subject=WHO, values=(FieldValue(STREET, NOT_OBSERVED), SEEN.values[1]))
    assert look(known(first), "street") == ()
    assert look(known(first)) == (AttributesObserved(subject=WHO, values=SEEN.values[:1]), shown(True))
    assert look(known(first, SEEN)) == ()


def test_an_erased_attribute_is_seen_as_if_for_the_first_time() -> None:
    record = known(SEEN)
    erased = replace(record, values={**record.values, STREET: replace(record.values[STREET], value=Lost.SHREDDED)})

    assert look(erased) == (AttributesObserved(subject=WHO, values=SEEN.values[:1]),)


def test_gates_are_told_when_they_are_new_or_changed_and_anew_after_the_person_left() -> None:
    (gates,) = known().observe_gates(person(), POLICY)

    assert isinstance(gates, GatesObserved)
    assert known(gates).observe_gates(person(), POLICY) == ()
    assert len(known(gates).observe_gates(person("INACTIVE"), POLICY)) == 1
    left = PersonLeftEntity(legal_entity=ENTITY, rule="WHO-4")
    assert known(gates, left).observe_gates(person(), POLICY) == (gates,)


def test_who_is_not_seen_is_told_with_each_other_answer_and_comes_back_once() -> None:
    gone = known().not_seen(SANNE, personio(), ENTITY)
    (fact,) = gone
    (gates,) = known().observe_gates(person(), POLICY)

    assert isinstance(fact, PersonNotSeen)
    assert known(fact).not_seen(SANNE, personio(), ENTITY) == ()
    back = PersonSeenAgain(legal_entity=ENTITY, rule="RUN-7")
    assert known(gates, fact).observe_gates(person(), POLICY) == (back,)
    assert known(gates, fact, back).observe_gates(person(), POLICY) == ()
    left = PersonLeftEntity(legal_entity=ENTITY, rule="WHO-4")
    assert known(gates, fact, left).observe_gates(person(), POLICY) == (gates,)
