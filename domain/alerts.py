"""When an alert is raised, and what it says: on transitions only, with recovery, never with a personal value.

Pure. What stood open comes from the log, what stands open now from the look that has just ended.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import chain
from typing import Final

from domain.attributes import name_of
from domain.events.alert import AlertKind, AlertRaised, Condition, ConditionsNoted, Happened, Unlisted
from domain.log import Fact, Recorded, fitting
from domain.values import LegalEntityId

QUIET: Final = timedelta(days=7)
"""What comes back this soon after its recovery is told when two looks in a row have seen it: nobody hears it flap."""

MOST: Final = 200  # conditions one event lists, so that it fits one entry of the log, however many people there are
_NAMED: Final = 8  # fields named in one line


@dataclass(frozen=True, slots=True)
class AlertTarget:
    """Somebody to tell, in their language. Empty sets mean all."""

    name: str
    entities: frozenset[LegalEntityId] = frozenset()
    kinds: frozenset[AlertKind] = frozenset()
    language: str = "en"

    def wants(self, entity: str, kinds: Iterable[AlertKind]) -> bool:
        """An alert of the installation goes to everybody who wants its kind."""
        return (not self.entities or not entity or entity in self.entities) and any(map(self.hears, kinds))

    def hears(self, kind: AlertKind) -> bool:
        return not self.kinds or kind in self.kinds


EVERYTHING: Final = AlertTarget("everything")


@dataclass(frozen=True, slots=True)
class Seen:
    """What one look found. Only kinds that it `judged` can be over; `known` is there still, and is no news."""

    judged: frozenset[AlertKind]
    open: frozenset[Condition] = frozenset()
    known: frozenset[Condition] = frozenset()
    happened: tuple[Happened, ...] = ()


@dataclass(frozen=True, slots=True)
class AlertRecord:
    """A fold of one `alerts:` stream."""

    next_version: int = 0
    open: frozenset[Condition] = frozenset()
    held: frozenset[Condition] = frozenset()
    recovered: Mapping[Condition, datetime] = field(default_factory=dict)

    @classmethod
    def of(cls, history: Iterable[Recorded]) -> AlertRecord:
        record = cls()
        for recorded in history:
            record = replace(record._after(recorded), next_version=recorded.version + 1)
        return record

    def _after(self, recorded: Recorded) -> AlertRecord:
        match recorded.fact:
            case AlertRaised(opened=opened, recovered=over):
                return self._after_alert(opened, over, recorded.meta.recorded_at)
            case ConditionsNoted(held=held, dropped=dropped, opened=opened, recovered=over):
                after = self._after_alert(opened, over, recorded.meta.recorded_at)
                return replace(after, open=after.open - {*dropped}, held=(after.held - {*dropped}) | {*held})
            case _:
                return self

    def _after_alert(self, opened: Sequence[Condition], over: Sequence[Condition], at: datetime) -> AlertRecord:
        return replace(
            self,
            open=(self.open | {*opened}) - {*over},
            held=self.held - {*opened},
            recovered={**self.recovered, **dict.fromkeys(over, at)},
        )

    def after(
        self, seen: Seen, now: datetime, *, source: str, entity: str, about: str, targets: Iterable[AlertTarget]
    ) -> tuple[Fact, ...]:
        """What a look adds to this stream: at most one message, and what is not to be told yet."""
        new = seen.open - self.open
        early = {one for one in new - self.held if self._lately(one, now)}
        opened = new - early
        over = {one for one in self.open if one.kind in seen.judged} - seen.open - seen.known
        dropped = (self.open & seen.known) | {one for one in self.held if one.kind in seen.judged} - seen.open
        begun, ended = _sorted(opened), _sorted(over)
        room = MOST - len(begun[:MOST])
        facts: list[Fact] = [
            *_noted(entity, held=_sorted(early), dropped=_sorted(dropped), opened=begun[MOST:], recovered=ended[room:])
        ]
        if opened or over or seen.happened:
            kinds = {*(one.kind for one in opened | over), *(one.kind for one in seen.happened)}
            raised = AlertRaised(
                alert=f"{entity or 'all'}-{source}-{self.next_version + len(facts)}",
                legal_entity=entity,
                about=about,
                opened=begun[:MOST],
                recovered=ended[:room],
                happened=seen.happened,
                targets=tuple(one.name for one in targets if one.wants(entity, kinds)),
                unlisted=(*_unlisted(begun[MOST:], recovered=False), *_unlisted(ended[room:], recovered=True)),
            )
            facts.append(raised)
        return tuple(facts)

    def _lately(self, one: Condition, now: datetime) -> bool:
        return one in self.recovered and abs(now - self.recovered[one]) < QUIET


def _noted(
    entity: str,
    held: Sequence[Condition],
    dropped: Sequence[Condition],
    opened: Sequence[Condition],
    recovered: Sequence[Condition],
) -> Iterator[ConditionsNoted]:
    """As many as it takes; none for nothing."""
    yield from (ConditionsNoted(legal_entity=entity, held=part) for part in fitting(held, MOST))
    yield from (ConditionsNoted(legal_entity=entity, dropped=part) for part in fitting(dropped, MOST))
    yield from (ConditionsNoted(legal_entity=entity, opened=part) for part in fitting(opened, MOST))
    yield from (ConditionsNoted(legal_entity=entity, recovered=part) for part in fitting(recovered, MOST))


def _unlisted(conditions: Sequence[Condition], *, recovered: bool) -> Iterator[Unlisted]:
    for kind in dict.fromkeys(one.kind for one in conditions):
        yield Unlisted(kind, dict(Counter(one.what for one in conditions if one.kind is kind)), recovered)


def _sorted(conditions: Iterable[Condition]) -> tuple[Condition, ...]:
    return tuple(sorted(conditions, key=lambda one: (one.kind, one.key)))


Say = Callable[[str], str]
"""A sentence of ours, in the reader's language."""


def as_written(said: str) -> str:
    """In English."""
    return said


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence; `over` where it tells that nothing is left to do."""

    text: str
    kind: AlertKind
    over: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """What a person reads."""

    title: str
    said: tuple[Line, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        return tuple(one.text for one in self.said)


_OPENED: Final[Mapping[AlertKind, tuple[str, str]]] = {
    AlertKind.DRIFT: ("1 value in Loket drifted", "{} values in Loket drifted"),
    AlertKind.UNEXPLAINED_CHANGE: (
        "1 value in Loket changed, and Loket's audit trail does not know of it",
        "{} values in Loket changed, and Loket's audit trail does not know of them",
    ),
    AlertKind.RUN_BLOCKED: ("the run is held: 1 reason", "the run is held: {} reasons"),
    AlertKind.CONCEPT_WAITING: (
        "1 concept employee waits to be completed in Loket",
        "{} concept employees wait to be completed in Loket",
    ),
    AlertKind.ABOUT_TO_BE_OVERWRITTEN: (
        "the next run overwrites 1 value typed into Loket",
        "the next run overwrites {} values typed into Loket",
    ),
    AlertKind.TERMINATION_DISAGREEMENT: (
        "the systems disagree on 1 person's end of employment",
        "the systems disagree on the end of {} people's employment",
    ),
    AlertKind.UNKNOWN_OUTCOME: (
        "1 person's write to Loket has an unknown outcome: look in Loket",
        "the writes of {} people to Loket have an unknown outcome: look in Loket",
    ),
    AlertKind.LOG_INTEGRITY: ("the log did not verify", "the log did not verify"),
    AlertKind.OVERWRITTEN: ("1 value in Loket was overwritten", "{} values in Loket were overwritten"),
    AlertKind.CLEARED: ("1 value in Loket was cleared", "{} values in Loket were cleared"),
    AlertKind.PAY_ONLY_IN_LOKET: (
        "Loket holds pay that Personio does not have: 1 record",
        "Loket holds pay that Personio does not have: {} records",
    ),
    AlertKind.CHECK_MISSED: ("1 planned job did not run", "{} planned jobs did not run"),
    AlertKind.IMPLAUSIBLE_READ: (
        "a read is complete and shows so much less that it is not believed: look in both systems",
        "{} reads are complete and show so much less that they are not believed: look in both systems",
    ),
    AlertKind.KEY_STORE_EDITED: (
        "the key store was edited past Tweeluik, or came from a backup: 1 row is refused",
        "the key store was edited past Tweeluik, or came from a backup: {} rows are refused",
    ),
    AlertKind.DECISION_DEVIATES: (
        "1 decision does not follow from the rules: derive it again, and find out who changed what",
        "{} decisions do not follow from the rules: derive them again, and find out who changed what",
    ),
    AlertKind.VIEW_BEHIND: (
        "1 view cannot follow the log: pages, answers and runs that need it are refused",
        "{} views cannot follow the log: pages, answers and runs that need them are refused",
    ),
    AlertKind.LOKET_VERSIONS: (
        "a value in Loket changed and its version number did not: everybody is read every time again",
        "values in Loket changed and their version numbers did not: everybody is read every time again",
    ),
    AlertKind.REPORT_MADE: ("1 planned report is there, to be fetched", "{} planned reports are there, to be fetched"),
    AlertKind.TASK_OPEN_LONG: (
        "1 task holds the run and has been open for long",
        "{} tasks hold the run and have been open for long",
    ),
}
_OVER: Final[Mapping[AlertKind, str]] = {
    AlertKind.DRIFT: "drifted values that are equal again",
    AlertKind.UNEXPLAINED_CHANGE: "changes that Loket's audit trail does not know of",
    AlertKind.RUN_BLOCKED: "reasons that held the run",
    AlertKind.CONCEPT_WAITING: "concept employees that waited",
    AlertKind.ABOUT_TO_BE_OVERWRITTEN: "values that were about to be overwritten",
    AlertKind.TERMINATION_DISAGREEMENT: "disagreements on an end of employment",
    AlertKind.UNKNOWN_OUTCOME: "unknown outcomes",
    AlertKind.LOG_INTEGRITY: "the log verifies again",
    AlertKind.PAY_ONLY_IN_LOKET: "records of pay that only Loket had",
    AlertKind.CHECK_MISSED: "planned jobs that did not run, and have run since",
    AlertKind.IMPLAUSIBLE_READ: "a read is believed again",
    AlertKind.DECISION_DEVIATES: "decisions that did not follow from the rules, and are explained now",
    AlertKind.TASK_OPEN_LONG: "tasks that had been open for long",
    AlertKind.VIEW_BEHIND: "views that could not follow the log, and do again",
    AlertKind.LOKET_VERSIONS: "Loket's version numbers are trusted again",
    AlertKind.KEY_STORE_EDITED: "rows of the key store that were edited, and are gone or as they were",
}
_IS_OVER: Final = "over: {} ({})"
_MORE: Final = "and {} more"
_EVERYWHERE: Final = "this installation"
_STOPS: Final = {"BRAKE": "the brake", "IMPLAUSIBLE_READ": "a read that is not believed"}
"""What held a run and is no rule."""

WORDS: Final = (*chain(*_OPENED.values()), *_OVER.values(), _IS_OVER, _MORE, _EVERYWHERE, *_STOPS.values())
"""All that alerts say, for whoever translates it."""


def message(raised: AlertRaised, name: str, target: AlertTarget, say: Say = as_written) -> Message:
    """The alert as this target hears it; `name` is the legal entity's."""
    lines = tuple(line for kind in AlertKind if target.hears(kind) for line in _lines(raised, kind, say))
    about = f"{name} ({raised.legal_entity})" if raised.legal_entity else say(_EVERYWHERE)
    return Message(f"Tweeluik, {about}: {lines[0].text}" if lines else f"Tweeluik, {about}", lines)


def _lines(raised: AlertRaised, kind: AlertKind, say: Say) -> Iterator[Line]:
    told = [(one.count, Counter(one.what)) for one in raised.happened if one.kind is kind]
    if opened := counted(raised, kind, recovered=False):
        told.append((opened.total(), opened))
    for count, what in told:
        words = _OPENED[kind][0 if count == 1 else 1]
        yield Line(_with_examples(say(words).format(count), what, say), kind)
    if over := counted(raised, kind, recovered=True):
        said = say(_IS_OVER).format(say(_OVER[kind]), over.total())
        yield Line(_with_examples(said, over, say), kind, over=True)


def counted(raised: AlertRaised, kind: AlertKind, *, recovered: bool) -> Counter[str]:
    """What is to be said of all of a kind, listed or not."""
    listed = raised.recovered if recovered else raised.opened
    counts = Counter(one.what for one in listed if one.kind is kind)
    for one in raised.unlisted:
        if one.kind is kind and one.recovered is recovered:
            counts.update(one.what)
    return counts


def _in_words(what: str, say: Say) -> str:
    """Fields and the brake by their names; codes as they are."""
    return " ".join(say(_STOPS[part]) if part in _STOPS else name_of(part, say) for part in what.split(" "))


def _with_examples(said: str, what: Counter[str], say: Say) -> str:
    named = [(one, many) for one, many in what.most_common() if one]
    examples = [_in_words(one, say) + (f" ({many})" if many > 1 else "") for one, many in named[:_NAMED]]
    more = [say(_MORE).format(len(named) - _NAMED)] if len(named) > _NAMED else []
    return f"{said}: {', '.join([*examples, *more])}" if examples else said
