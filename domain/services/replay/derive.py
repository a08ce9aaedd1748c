"""Many looks derived again: what came of it goes on record, and what does not follow is an alert (AUD-11)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from domain.alerts import AlertTarget, Say, as_written
from domain.errors import LogDamaged
from domain.events.alert import AlertKind, Condition
from domain.events.grounds import DecisionsDerived
from domain.log import Log, Vault
from domain.services.alerts.raised import Alerts, of_derivations
from domain.services.journal import Journal, Progress, no_progress
from domain.services.replay.looks import Looks, NotReplayable, looks_between
from domain.services.replay.replay import Replayed, Verdict, counted, replay
from domain.services.sync.recover import RUN_ENDED
from domain.streams import DERIVATIONS, run_stream
from domain.values import RunId, one_or_many

_NAMED: Final = 100  # looks with deviations that one event names

_AGREE: Final = (
    "{agree} of 1 decision was derived again from the log and agrees",
    "{agree} of {decisions} decisions were derived again from the log and agree",
)
_UNREADABLE: Final = "runs and checks that cannot be derived again"
_APART: Final = ("1 DOES NOT FOLLOW from the rules", "{count} DO NOT FOLLOW from the rules")
_ASTRAY: Final = "runs that did NOT go on as follows from their decisions"
_NOT_COMPARED: Final = "runs of which it cannot be said whether they were rightly stopped or not"
_EXPLAINED: Final = tuple(one.value.replace("_", " ") for one in Verdict if one.explained)
TEXTS: Final = (*_AGREE, _UNREADABLE, *_APART, _ASTRAY, _NOT_COMPARED, *_EXPLAINED)
"""What a paper says of it, to be translated."""


@dataclass(frozen=True, slots=True)
class Derived:
    """What became of these looks. `unreadable` are those whose grounds are not in the log, and why."""

    made: tuple[Replayed, ...]
    unreadable: tuple[tuple[RunId, str], ...] = ()

    @property
    def decisions(self) -> int:
        return sum(one.people for one in self.made)

    @property
    def verdicts(self) -> Counter[Verdict]:
        """How many decisions became what, those that agree first."""
        counted = Counter[Verdict]()
        for one in self.made:
            counted.update(one.verdicts)
        return Counter({verdict: counted[verdict] for verdict in Verdict if counted[verdict]})

    @property
    def deviations(self) -> int:
        """Decisions that do not follow."""
        return self.verdicts[Verdict.DEVIATION]

    @property
    def runs(self) -> Counter[Verdict]:
        """How many runs went on as follows from their decisions, and what became of the others."""
        return Counter(one.went_on.verdict for one in self.made if one.went_on is not None)

    @property
    def follows(self) -> bool:
        return all(one.follows for one in self.made)

    def told(self, say: Say = as_written) -> str:
        """In one line, for papers."""
        agree = say(one_or_many(_AGREE, self.decisions))
        said = [agree.format(agree=self.verdicts[Verdict.AGREES], decisions=self.decisions)]
        others = {one.value.replace("_", " "): count for one, count in self.verdicts.items() if one.explained}
        said += [f"{say(name)}: {count}" for name, count in others.items()]
        said += [f"{say(_UNREADABLE)}: {len(self.unreadable)}"] if self.unreadable else []
        said += [say(one_or_many(_APART, self.deviations)).format(count=self.deviations)] if self.deviations else []
        for text, verdict in ((_NOT_COMPARED, Verdict.NOT_KEPT), (_ASTRAY, Verdict.DEVIATION)):
            said += [f"{say(text)}: {self.runs[verdict]}"] if verdict in self.runs else []
        return "; ".join(said)

    def as_json(self) -> dict[str, Any]:
        """Ready for JSON, oldest first; `verdicts` counts decisions, `runs` how they went on with everybody."""
        return {
            "decisions": self.decisions,
            "verdicts": counted(self.verdicts),
            "deviations": self.deviations,
            "runs": counted(self.runs),
            "follows": self.follows,
            "looks": [one.as_json() for one in self.made],
            "not_derivable": [{"name": name, "why": why} for name, why in self.unreadable],
        }


def derive(log: Log, vault: Vault, names: Sequence[RunId], progress: Progress = no_progress) -> Derived:
    """Each of these runs, checks and validations, one after the other."""
    looks, made = Looks(log, vault), list[Replayed]()
    unreadable: list[tuple[RunId, str]] = []
    for done, name in enumerate(names):
        progress("deriving decisions", done, len(names))
        try:
            made.append(replay(looks, name))
        except NotReplayable as reason:
            unreadable.append((name, str(reason)))
        except LogDamaged:
            raise
        except Exception as reason:  # noqa: BLE001  one look that cannot be read must not hide all others
            unreadable.append((name, f"it cannot be read by this version ({type(reason).__name__})"))
    return Derived(tuple(made), tuple(unreadable))


def derive_what_is_new(journal: Journal, targets: Sequence[AlertTarget], progress: Progress = no_progress) -> Derived:
    """Everything that was decided since this was last done; on record, and told where something does not follow."""
    log = journal.tools.log
    before = log.stream(DERIVATIONS)
    first = next((one.fact.last + 1 for one in reversed(before) if isinstance(one.fact, DecisionsDerived)), 0)
    names = looks_between(log, first)
    going = [one for one in names if _goes_on(log, one)]
    last = log.size() - 1 if not going else _begins(log, going[0]) - 1  # the next time takes it from there
    derived = derive(log, journal.tools.vault, looks_between(log, first, last), progress)
    journal.knows(DERIVATIONS, len(before))
    record(journal, derived, targets, first=first, last=last)
    return derived


def _goes_on(log: Log, name: RunId) -> bool:
    """A run that has not come to its end may still write."""
    events = log.stream(run_stream(name))
    return bool(events) and not any(isinstance(event.fact, RUN_ENDED) for event in events)


def _begins(log: Log, name: RunId) -> int:
    return log.stream(run_stream(name))[0].position


def record(journal: Journal, derived: Derived, targets: Sequence[AlertTarget], *, first: int, last: int) -> None:
    """Put on record what came of all looks of these positions, and raise an alert for what does not follow.

    Raises StreamMoved.
    """
    verdicts = derived.verdicts
    fact = DecisionsDerived(
        first=first,
        last=last,
        looks=len(derived.made),
        decisions=derived.decisions,
        agree=verdicts[Verdict.AGREES],
        rule_changed=verdicts[Verdict.RULE_CHANGED],
        erased=verdicts[Verdict.ERASED],
        not_kept=verdicts[Verdict.NOT_KEPT],
        deviations=derived.deviations,
        underivable=len(derived.unreadable),
        deviating=tuple(one.name for one in derived.made if not one.follows)[:_NAMED],
        runs_astray=derived.runs[Verdict.DEVIATION],
        rule="AUD-11",
    )
    journal.record((DERIVATIONS, [fact]), *_alerts(journal, derived, targets, every=first == 0).items())


def alarm(journal: Journal, derived: Derived, targets: Sequence[AlertTarget]) -> None:
    """Raise the alert alone: somebody looked at a few of them. Raises StreamMoved."""
    journal.record(*_alerts(journal, derived, targets, every=False).items())


def _alerts(journal: Journal, derived: Derived, targets: Sequence[AlertTarget], *, every: bool) -> Alerts:
    people = ((one, each.person) for one in derived.made for each in one.differing if each.verdict is Verdict.DEVIATION)
    found = (
        Condition(AlertKind.DECISION_DEVIATES, f"{one.name}/{who}", one.name)
        for one, who in (*people, *((one, "everybody") for one in derived.made if one.astray))
    )
    return of_derivations(journal, found, targets, every=every)
