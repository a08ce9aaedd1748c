"""One finding of somebody: what a look adds to its case, and who sees to it until when (CHECK-5, CHECK-6)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from domain.events.findings import FindingChanged, FindingEnd, FindingOpened, FindingResolved, LookedBy, TaskTaken
from domain.log import Fact, Meta, Recorded, StreamId
from domain.personal import Lost
from domain.planning.finding_ends import Ended
from domain.records.finding_case import FindingCase, FindingKey, Sight
from domain.values import Actor, EmployeeNumber, FieldPath, LegalEntityId, PersonId, SubjectRef

TULP, NUMBER, ANNA = LegalEntityId("170"), EmployeeNumber(4711), Actor("Anna")
KEY = FindingKey(PersonId("3007"), "POSTCODE_FORMAT", FieldPath("address.postalCode"))
SIGHT = Sight(NUMBER, SubjectRef("s"), "1234", "1234 AB")
MARCH_15 = date(2026, 3, 15)


def case(*facts: Fact) -> FindingCase:
    meta = Meta(recorded_at=datetime(2026, 3, 15, 9, tzinfo=UTC), actor=ANNA, correlation="check-1")
    return FindingCase.of(Recorded(at, StreamId("finding"), at, "", meta, fact) for at, fact in enumerate(facts))


def look(known: FindingCase, sight: Sight = SIGHT) -> tuple[Fact, ...]:
    return known.sighted(TULP, KEY, sight, LookedBy.RUN)


def over(end: Ended = Ended(FindingEnd.NOT_FOUND)) -> FindingResolved:  # noqa: B008  it never changes
    return FindingCase.ended(TULP, KEY, NUMBER, end, LookedBy.RUN)


def taken() -> TaskTaken:
    return FindingCase.taken(TULP, KEY, NUMBER, MARCH_15)


def test_a_finding_is_told_at_first_sight_and_again_where_it_had_ended() -> None:
    (first,) = look(case())
    (again,) = look(case(first, over()))
    (after_an_old_run,) = look(case(over()))  # runs from before there were cases told of it in their own streams

    assert [one.again for one in (first, again, after_an_old_run) if isinstance(one, FindingOpened)] == [
        False, True, True,
    ]  # fmt: skip


def test_a_finding_that_is_there_still_is_told_again_only_with_another_detail_or_proposal() -> None:
    known = case(*look(case()))
    (changed,) = look(known, replace(SIGHT, detail="12345"))

    assert look(known) == ()
    assert isinstance(changed, FindingChanged)
    assert look(known, replace(SIGHT, proposal=None)) != ()
    assert look(case(*look(case()), changed), replace(SIGHT, detail="12345")) == ()
    assert look(replace(known, detail=Lost.SHREDDED), replace(SIGHT, detail="12345")) == (), "it was erased"


def test_of_somebody_without_a_subject_nothing_is_quoted() -> None:
    quoted = [
        (one.subject, one.detail, one.proposal)
        for sight in (SIGHT, replace(SIGHT, subject=None))
        for one in look(case(), sight)
        if isinstance(one, FindingOpened)
    ]

    assert quoted == [("s", "1234", "1234 AB"), ("", None, None)]


def test_whoever_took_a_task_has_it_to_the_end_of_that_day_unless_it_ends_or_is_given_back() -> None:
    (opened,) = look(case())
    known = case(opened, taken())

    assert (known.holder(MARCH_15), known.next_version) == (ANNA, 2)
    assert known.holder(date(2026, 3, 16)) is None
    assert case(opened).holder(MARCH_15) is None
    assert case(opened, taken(), FindingCase.given_back(TULP, KEY, NUMBER)).holder(MARCH_15) is None
    assert case(opened, taken(), over()).holder(MARCH_15) is None


def test_an_end_is_told_with_the_rule_that_leaves_the_person_out() -> None:
    assert (over().rule, over(Ended(FindingEnd.LEFT_OUT, "WHO-1")).rule) == ("CHECK-5", "WHO-1")
