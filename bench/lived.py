"""Years in the log of a bench: what daily runs and changes of two people in a hundred a week leave, sealed."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count, takewhile
from typing import Final

from msgspec.structs import replace

from domain.events.grounds import EntityJudged
from domain.events.loket import ConfirmedBy, FieldOverwritten, WriteConfirmed, WriteIntended, WriteKind
from domain.events.personio import AttributeChanged
from domain.events.values import FieldChange
from domain.log import Fact, Meta, Pending, Recorded, StreamAppend, StreamId
from domain.records.loket_record import LoketRecord
from domain.records.personio_record import PersonioRecord
from domain.services.journal import Tools, opened_streams
from domain.streams import grounds_stream, loket_stream, person_stream, run_stream, sweep_stream
from domain.values import Actor, EmployeeNumber, FieldPath, LegalEntityId, PersonId, RunId, SubjectRef

WEEKS: Final = 52
CHANGED: Final = 0.02  # of all people, in a week
_AT_ONCE: Final = 400  # facts of one append
_OTHER: Final = "as it was for a while"


@dataclass(frozen=True, slots=True)
class Someone:
    """Somebody whose values come and go: each of these fields is the same on both sides now."""

    person: PersonId
    number: EmployeeNumber
    subject: SubjectRef
    target: str
    values: tuple[tuple[FieldPath, str], ...]
    judged: Recorded  # the newest, opened


@dataclass(slots=True)
class Lived:
    """Lets years pass in a log that has a run without news at its end. Everything is at last as it was at first."""

    tools: Tools
    entity: LegalEntityId
    latest: RunId
    begins: datetime
    random: random.Random = field(default_factory=lambda: random.Random(19))
    _next: dict[StreamId, int] = field(default_factory=dict)
    _waiting: list[tuple[StreamId, Fact]] = field(default_factory=list)
    _names: Iterator[int] = field(default_factory=count)

    def years(self, years: int, runs_a_week: int = 7) -> None:
        people = list(self._people())
        template = [
            self.tools.vault.opened(self.tools.log.stream(of(self.latest))) for of in (run_stream, sweep_stream)
        ]
        everybody = self.tools.log.stream(grounds_stream(self.entity))
        newest = _newest([one.fact for one in everybody if isinstance(one.fact, EntityJudged)])
        pairs = max(1, round(len(people) * CHANGED / 2))
        for week in range(years * WEEKS):
            for _ in range(runs_a_week):
                self._run(template)
            for one in self.random.sample(people, pairs):
                self._there_and_back(one)
            self._somebody_comes_or_goes(newest)
            self._flush(self.begins + timedelta(weeks=week))
        self.begins += timedelta(weeks=WEEKS * years)
        self.tools.log.checkpoint()
        self.tools.views.catch_up()

    def _people(self) -> Iterator[Someone]:
        members = {
            PersonId(one): EmployeeNumber(number)
            for one, number in self.tools.views.sync_state.people(self.entity).items()
            if number is not None
        }
        names = {one: (person_stream(one), loket_stream(self.entity, number)) for one, number in members.items()}
        told = opened_streams(self.tools, [name for both in names.values() for name in both])
        judged = self.tools.log.newest([grounds_stream(self.entity, one) for one in members])
        opened = {one.stream: one for one in self.tools.vault.opened(list(judged.values()))}
        for person, number in members.items():
            his, theirs = (told.get(name, ()) for name in names[person])
            shown, held = PersonioRecord.of(his), LoketRecord.of(theirs)
            values = tuple(
                (path, known.value)
                for path, known in shown.values.items()
                if isinstance(known.value, str) and held.fields.get(path) == known.value and "." in path
            )
            case = opened.get(grounds_stream(self.entity, person))
            if values and shown.subject and held.link and case:
                yield Someone(person, number, shown.subject, held.link.loket_id or "", values, case)

    def _there_and_back(self, one: Someone) -> None:
        path, now = self.random.choice(one.values)
        for before, after in ((now, _OTHER), (_OTHER, now)):
            name = self._name()
            both = {"subject": one.subject, "field": path, "before": before, "after": after}
            self._add(person_stream(one.person), AttributeChanged(**both, previously_observed_at=self.begins))
            whose = {"run_id": name, "intent": f"{name}/1", "person_id": one.person}
            self._add(
                loket_stream(self.entity, one.number),
                WriteIntended(
                    **whose, kind=WriteKind.EMPLOYEE, target=one.target, subject=one.subject,
                    changes=(FieldChange(path, before, after),), rule="EDIT-1",
                ),
                WriteConfirmed(intent=f"{name}/1", confirmed_by=ConfirmedBy.ANSWER, subject=one.subject),
                FieldOverwritten(**whose, **both, rule="EDIT-1"),
            )  # fmt: skip
            fact = one.judged.fact
            self._add(grounds_stream(self.entity, one.person), replace(fact, digest=f"{next(self._names):032}"), fact)

    def _run(self, template: Iterable[Sequence[Recorded]]) -> None:
        name = self._name()
        for stream, events in zip((run_stream(name), sweep_stream(name)), template, strict=True):
            self._add(stream, *(_named(one.fact, name) for one in events))

    def _name(self) -> RunId:
        """As long as a real one, and after the one before."""
        return RunId(f"lived-{next(self._names):016}")

    def _somebody_comes_or_goes(self, newest: Sequence[EntityJudged]) -> None:
        other = f"{next(self._names):032}"
        for facts in ([replace(one, digest=other) for one in newest], newest):
            self._add(grounds_stream(self.entity), *facts)

    def _add(self, stream: StreamId, *facts: Fact) -> None:
        self._waiting += ((stream, fact) for fact in facts)

    def _flush(self, at: datetime) -> None:
        meta = Meta(recorded_at=at, actor=Actor("bench"), correlation="lived")
        known = self.tools.log.newest(sorted({stream for stream, _ in self._waiting} - self._next.keys()))
        self._next.update({stream: event.version + 1 for stream, event in known.items()})
        for start in range(0, len(self._waiting), _AT_ONCE):
            facts: dict[StreamId, list[Pending]] = {}
            for stream, fact in self._waiting[start : start + _AT_ONCE]:
                facts.setdefault(stream, []).append(Pending(fact))
            appends = [StreamAppend(stream, self._next.get(stream, 0), each) for stream, each in facts.items()]
            self.tools.log.append(appends, meta=meta)
            self._next.update({one.stream: one.next_version + len(one.facts) for one in appends})
        self._waiting.clear()


def _newest(told: Sequence[EntityJudged]) -> list[EntityJudged]:
    """What was told last, in however many events."""
    parts = takewhile(lambda one: one.digest == told[-1].digest, reversed(told))
    return list(parts)[::-1]


def _named(fact: Fact, run: RunId) -> Fact:
    return replace(fact, run_id=run) if hasattr(fact, "run_id") else fact


def began(years: int) -> datetime:
    """So long ago."""
    return datetime.now(UTC) - timedelta(weeks=WEEKS * years + 1)
