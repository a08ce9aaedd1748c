"""How many people's values one person opens within a day, counted from events."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from api.presenters.access import review
from domain.errors import Misconfigured, NotFound, SecondPersonNeeded, StreamMoved, TooManyPeople
from domain.events.custody import PeopleNamed, ValuesUnmasked
from domain.events.loket import FieldOverwritten
from domain.services.reports.more_people import agree_to_more, ask_for_more, good_now, waiting_for_more, why_more
from domain.services.reports.unmask import Unmasking, record_unmasking
from domain.showings import shown_of
from domain.streams import CUSTODY, loket_stream
from domain.values import Actor, EmployeeNumber, LegalEntityId, SubjectRef
from tests.support.fake_log import FakeLog
from tests.support.fake_vault import FakeVault
from tests.support.scribe import Scribe

TULP: Final = LegalEntityId("170")


class Desk:
    """Somebody who opens values, with three people a day to themselves."""

    def __init__(self) -> None:
        self.vault = FakeVault()
        self.log = FakeLog(self.vault)
        self.instant = datetime(2026, 3, 15, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.instant

    def sleep(self, seconds: float) -> None:
        raise AssertionError("nobody sleeps here")

    def opens(self, *people: str, actor: str = "Anja", agreed: bool = False, entity: LegalEntityId = TULP) -> bool:
        """Whether these people's values are shown: one is named as such, several together."""
        unmasking = Unmasking(Actor(actor), "history", "asked", 3, agreed)
        subject = SubjectRef(people[0]) if len(people) == 1 else None
        named = people if len(people) > 1 else None
        try:
            record_unmasking(
                self.log, self.vault, self, unmasking=unmasking, entity=entity, subject=subject, people=named
            )
        except TooManyPeople:
            return False
        return True

    def asks(self, people: int, actor: str = "Anja", reason: str = "a survey") -> str:
        one = ask_for_more(self.log, self.vault, self, actor=Actor(actor), entity=TULP, people=people, reason=reason)
        return one.id

    def agrees(self, asked: str, actor: str) -> None:
        agree_to_more(self.log, self, actor=Actor(actor), asked=asked)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_so_many_people_are_opened_within_a_day_and_not_one_more(desk: Desk) -> None:
    assert [desk.opens(one) for one in ("a", "b", "c", "d")] == [True, True, True, False]
    assert desk.opens("a")  # whoever was shown costs nothing
    assert desk.opens("d", actor="Bram")


def test_one_person_under_two_spellings_has_one_day(desk: Desk) -> None:
    desk.opens("a", "b", "c")

    assert not desk.opens("d", actor="AN\u200bJA")


def test_the_day_moves_on(desk: Desk) -> None:
    desk.opens("a", "b")
    desk.instant += timedelta(hours=23, minutes=59)
    before = desk.opens("c", "d")
    desk.instant += timedelta(minutes=1)

    assert (before, desk.opens("c", "d")) == (False, True)


def test_several_at_once_count_each_and_are_refused_together(desk: Desk) -> None:
    assert not desk.opens("a", "b", "c", "d")
    assert desk.log.stream(CUSTODY) == ()
    assert desk.opens("a", "b", "c")
    assert [one.fact.people for one in desk.log.stream(CUSTODY) if isinstance(one.fact, PeopleNamed)] == [
        ("a", "b", "c")
    ]


def test_what_a_second_person_had_agreed_to_counts_for_nothing(desk: Desk) -> None:
    assert desk.opens(*(f"p{one}" for one in range(2_500)), agreed=True)
    assert [desk.opens(one) for one in ("a", "b", "c", "d")] == [True, True, True, False]


def test_so_many_more_are_opened_once_somebody_else_agreed(desk: Desk) -> None:
    desk.opens("a", "b", "c")
    asked = desk.asks(2)
    waiting = waiting_for_more(desk.log, desk)[asked]
    before = desk.opens("d")
    for herself in ("Anja", "an\u200bja", "oidc:anja"):
        with pytest.raises(SecondPersonNeeded):
            desk.agrees(asked, herself)
    desk.agrees(asked, "Bram")

    assert why_more(desk.vault, waiting) == "a survey"
    assert not before
    assert [desk.opens(one) for one in ("d", "e", "f")] == [True, True, False]
    with pytest.raises(NotFound):
        desk.agrees(asked, "Bram")


def test_it_is_good_for_its_legal_entity_and_for_a_day(desk: Desk) -> None:
    desk.opens("a", "b", "c")
    asked = desk.asks(2)
    desk.agrees(asked, "Bram")
    elsewhere = desk.opens("d", entity=LegalEntityId("171"))
    late = desk.asks(2)
    desk.instant += timedelta(hours=24)

    assert not elsewhere
    assert desk.opens("d", "e", "f")
    assert not desk.opens("g")
    with pytest.raises(NotFound):
        desk.agrees(late, "Bram")


def test_what_counts_now_is_one_s_own_and_agreed_to_for_a_day(desk: Desk) -> None:
    agreed, alone, others = desk.asks(1), desk.asks(2), desk.asks(3, actor="Cor")
    for one in (agreed, others):
        desk.agrees(one, "Bram")
    desk.instant += timedelta(hours=24, seconds=-1)

    assert good_now(desk.log, desk, Actor("AN\u200bJA")).keys() == {agreed}
    assert waiting_for_more(desk.log, desk).keys() == {alone}
    desk.instant += timedelta(seconds=1)
    assert (good_now(desk.log, desk, Actor("Anja")), waiting_for_more(desk.log, desk)) == ({}, {})


@pytest.mark.parametrize(("people", "reason"), [(0, "a survey"), (2, " \u200b"), (100_001, "a survey")])
def test_a_number_and_a_reason_are_needed(desk: Desk, people: int, reason: str) -> None:
    with pytest.raises(Misconfigured):
        desk.asks(people, reason=reason)


def test_somebody_who_is_overtaken_again_and_again_is_told_so_and_shown_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    append, overtaken = desk.log.append, []

    def overtake(*facts: Any, **meta: Any) -> Any:
        overtaken.append(facts)
        if len(overtaken) <= times:
            raise StreamMoved(CUSTODY, 0)
        return append(*facts, **meta)

    monkeypatch.setattr(desk.log, "append", overtake)
    times = 1
    assert desk.opens("a")
    overtaken.clear()
    times = 99
    with pytest.raises(StreamMoved):
        desk.opens("b")
    assert 1 < len(overtaken) < times


def test_a_showing_by_number_is_of_the_natural_person_behind_it_whom_the_log_knows(desk: Desk) -> None:
    fact = FieldOverwritten(
        run_id="run-1", intent="i-1", person_id="p-1", subject="s-1", field="address.city", before="a", after="b"
    )
    Scribe(desk.log).write(loket_stream(TULP, EmployeeNumber(4711)), fact)
    asked = Unmasking(Actor("Anja"), "history", "asked")

    for number, subject in ((4711, None), (4711, SubjectRef("s-2")), (4712, None)):
        record_unmasking(
            desk.log, desk.vault, desk, unmasking=asked, entity=TULP, number=EmployeeNumber(number), subject=subject
        )
    with pytest.raises(Misconfigured, match="your name"):
        record_unmasking(desk.log, desk.vault, desk, unmasking=replace(asked, reason=" "), entity=TULP)

    shown = [one.fact for one in desk.log.stream(CUSTODY) if isinstance(one.fact, ValuesUnmasked)]
    assert [(one.subject, one.employee_number) for one in shown[:2]] == [("s-1", 4711), ("s-2", 4711)]
    assert shown[2].subject not in ("", "s-1", "s-2")
    assert len(shown) == 3


def test_the_names_of_a_large_company_are_shown_in_as_many_events_as_it_takes(desk: Desk) -> None:
    numbers = tuple(EmployeeNumber(one) for one in range(2_000_000_000, 2_000_012_000))
    people = [f"s-{one:032}" for one in numbers]

    place = record_unmasking(
        desk.log, desk.vault, desk, unmasking=Unmasking(Actor("Cor"), "names", "payday", agreed=True), entity=TULP,
        people=people, numbers=numbers,
    )  # fmt: skip

    custody = desk.log.stream(CUSTODY)
    told = [one.fact for one in custody if isinstance(one.fact, ValuesUnmasked)]
    assert [number for one in told for number in one.employee_numbers] == [*numbers]
    assert (place, len({one.subject for one in told})) == (custody[-1].position, 1)
    assert len(told) > 2


def test_one_showing_is_told_once_however_many_events_it_fills(desk: Desk) -> None:
    numbers = tuple(EmployeeNumber(one) for one in range(1, 9_001))
    people = [f"s-{one}" for one in numbers]
    for _ in range(2):
        record_unmasking(
            desk.log, desk.vault, desk, unmasking=Unmasking(Actor("Cor"), "names", "payday", agreed=True), entity=TULP,
            people=people, numbers=numbers,
        )  # fmt: skip
    desk.opens("s-1", actor="Bram")
    desk.opens("s-1", actor="Bram")

    def told(subject: str, number: int) -> list[str]:
        return [one.meta.actor for one in shown_of(desk.log.stream(CUSTODY), subject, TULP, number)]

    assert told("s-1", 1) == ["Cor", "Cor", "Bram", "Bram"]
    assert told("s-9000", 9_000) == told("somebody else", 9_000) == ["Cor", "Cor"]
    (month,) = {f"{one.meta.recorded_at:%Y-%m}" for one in desk.log.stream(CUSTODY)}
    assert [one["actor"] for one in review(desk.log, month)["unmasked"]] == ["Cor", "Cor", "Bram", "Bram"]


def test_every_showing_of_a_person_is_told_whether_alone_among_several_or_by_number(desk: Desk) -> None:
    desk.opens("a")
    desk.opens("b")
    desk.opens("a", "b", actor="Bram")
    desk.opens("b", "c", actor="Bram")
    desk.opens("a", entity=LegalEntityId("171"))
    by_number = Unmasking(Actor("Cor"), "names", "asked")
    record_unmasking(
        desk.log, desk.vault, desk, unmasking=by_number, entity=TULP, people=["s-1"], numbers=(EmployeeNumber(4711),)
    )

    shown = list(shown_of(desk.log.stream(CUSTODY), "a", TULP, 4711))

    assert [(one.meta.actor, getattr(one.fact, "what")) for one in shown] == [  # noqa: B009
        ("Anja", "history"),
        ("Bram", "history"),
        ("Cor", "names"),
    ]
