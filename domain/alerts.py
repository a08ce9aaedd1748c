"""When an alert is raised, and what it says: on transitions only, with recovery, never with a personal value.

Pure. What stood open comes from the log, what stands open now from the look that has just ended.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from domain.alert_events import AlertKind, AlertRaised, Condition, ConditionsNoted, Happened
from domain.log import Fact, Recorded
from domain.values import LegalEntityId

QUIET: Final = timedelta(days=7)
"""What comes back this soon after its recovery is told when two looks in a row have seen it: nobody hears it flap."""

_NAMED: Final = 8  # fields named in one line


@dataclass(frozen=True, slots=True)
class AlertTarget:
    """Somebody to tell. Empty sets mean all."""

    name: str
    entities: frozenset[LegalEntityId] = frozenset()
    kinds: frozenset[AlertKind] = frozenset()

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
                at = dict.fromkeys(over, recorded.meta.recorded_at)
                return replace(
                    self,
                    open=(self.open | {*opened}) - {*over},
                    held=self.held - {*opened},
                    recovered={**self.recovered, **at},
                )
            case ConditionsNoted(held=held, dropped=dropped):
                return replace(self, open=self.open - {*dropped}, held=(self.held - {*dropped}) | {*held})
            case _:
                return self

    def after(
        self, seen: Seen, now: datetime, *, source: str, entity: str, about: str, targets: Iterable[AlertTarget]
    ) -> tuple[Fact, ...]:
        """What a look adds to this stream: at most one message, and what is not to be told yet."""
        new = seen.open - self.open
        early = {one for one in new - self.held if self._lately(one, now)}
        opened = new - early
        over = {one for one in self.open if one.kind in seen.judged} - seen.open - seen.known
        dropped = (self.open & seen.known) | {one for one in self.held if one.kind in seen.judged} - seen.open
        facts: list[Fact] = []
        version = self.next_version
        if early or dropped:
            facts.append(ConditionsNoted(legal_entity=entity, held=_sorted(early), dropped=_sorted(dropped)))
            version += 1
        if opened or over or seen.happened:
            kinds = {*(one.kind for one in opened | over), *(one.kind for one in seen.happened)}
            raised = AlertRaised(
                alert=f"{entity or 'all'}-{source}-{version}",
                legal_entity=entity,
                about=about,
                opened=_sorted(opened),
                recovered=_sorted(over),
                happened=seen.happened,
                targets=tuple(one.name for one in targets if one.wants(entity, kinds)),
            )
            facts.append(raised)
        return tuple(facts)

    def _lately(self, one: Condition, now: datetime) -> bool:
        return one in self.recovered and now - self.recovered[one] < QUIET


def _sorted(conditions: Iterable[Condition]) -> tuple[Condition, ...]:
    return tuple(sorted(conditions, key=lambda one: (one.kind, one.key)))


@dataclass(frozen=True, slots=True)
class Message:
    """What a person reads."""

    title: str
    lines: tuple[str, ...]


_OPENED: Final[Mapping[AlertKind, tuple[str, str]]] = {
    AlertKind.DRIFT: ("1 value in Loket drifted", "{} values in Loket drifted"),
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
    AlertKind.CHECK_MISSED: ("1 planned job did not run", "{} planned jobs did not run"),
}
_OVER: Final[Mapping[AlertKind, str]] = {
    AlertKind.DRIFT: "drifted values that are equal again",
    AlertKind.RUN_BLOCKED: "reasons that held the run",
    AlertKind.CONCEPT_WAITING: "concept employees that waited",
    AlertKind.ABOUT_TO_BE_OVERWRITTEN: "values that were about to be overwritten",
    AlertKind.TERMINATION_DISAGREEMENT: "disagreements on an end of employment",
    AlertKind.UNKNOWN_OUTCOME: "unknown outcomes",
    AlertKind.LOG_INTEGRITY: "the log verifies again",
    AlertKind.CHECK_MISSED: "planned jobs that did not run, and have run since",
}


def message(raised: AlertRaised, name: str, target: AlertTarget) -> Message:
    """The alert as this target hears it; `name` is the legal entity's."""
    lines = []
    for kind in AlertKind:
        if not target.hears(kind):
            continue
        opened = [one.what for one in raised.opened if one.kind is kind]
        if opened:
            lines.append(_line(_OPENED[kind], len(opened), opened))
        lines += [_line(_OPENED[kind], one.count, one.what) for one in raised.happened if one.kind is kind]
        over = [one.what for one in raised.recovered if one.kind is kind]
        if over:
            lines.append(_line((f"over: {_OVER[kind]} (1)", f"over: {_OVER[kind]} ({{}})"), len(over), over))
    about = f"{name} ({raised.legal_entity})" if raised.legal_entity else "this installation"
    return Message(f"Tweeluik, {about}: {lines[0]}" if lines else f"Tweeluik, {about}", tuple(lines))


def _line(words: tuple[str, str], count: int, what: Iterable[str]) -> str:
    named = Counter(one for one in what if one).most_common()
    told = [one if many == 1 else f"{one} ({many})" for one, many in named[:_NAMED]]
    more = [f"and {len(named) - _NAMED} more"] if len(named) > _NAMED else []
    said = words[0] if count == 1 else words[1].format(count)
    return f"{said}: {', '.join([*told, *more])}" if told else said
