"""Deriving past decisions again from the log, and comparing them with what was recorded (AUD-11)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from domain.events.findings import LookedBy
from domain.events.loket import WriteIntended
from domain.events.runs import FindingRaised, RunBlocked
from domain.grounds.prints import NOT_KEPT, print_of
from domain.log import Log, Recorded, Vault
from domain.planning.decide import Decision
from domain.rules import REVISIONS, RULES
from domain.services.replay.compared import Done, differing, done_by
from domain.services.replay.gone_on import Course, course_of
from domain.services.replay.looks import Look, Looks
from domain.values import EmployeeNumber, LegalEntityId, PersonId, RunId

_PAGE: Final = 500


class Verdict(StrEnum):
    """What became of one decision when it was derived again."""

    AGREES = "agrees"
    RULE_CHANGED = "rule_changed"  # today's code has another revision of a rule
    ERASED = "erased"  # what it stood on was erased since
    NOT_KEPT = "not_kept"  # what it stood on was never ours to keep
    DEVIATION = "deviation"  # it does not follow, and nothing explains it

    @property
    def explained(self) -> bool:
        """Whether it does not agree, for a reason that is known."""
        return self not in (Verdict.AGREES, Verdict.DEVIATION)


@dataclass(frozen=True, slots=True)
class Deviation:
    """One decision that did not come out as recorded. `differences` name fields and rules, never a value."""

    person: PersonId
    number: EmployeeNumber | None
    verdict: Verdict
    differences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WentOn:
    """How a run went on with everybody: not kept, where it cannot be derived. `differences` name no value."""

    verdict: Verdict
    differences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Replayed:
    """One run, check or validation, derived again."""

    name: RunId
    look: LookedBy
    entity: LegalEntityId
    at: datetime
    today: date
    people: int
    verdicts: Mapping[Verdict, int]
    differing: tuple[Deviation, ...]
    rules_changed: tuple[str, ...]
    product: str
    went_on: WentOn | None  # of a run

    @property
    def deviations(self) -> int:
        """Decisions that do not follow."""
        return self.verdicts.get(Verdict.DEVIATION, 0)

    @property
    def astray(self) -> bool:
        """Whether the run did not go on as follows from its decisions."""
        return self.went_on is not None and self.went_on.verdict is Verdict.DEVIATION

    @property
    def follows(self) -> bool:
        return not self.deviations and not self.astray

    def as_json(self) -> dict[str, Any]:
        """Ready for JSON; a decision that agrees is not listed."""
        return {
            "name": self.name,
            "look": self.look.value,
            "legal_entity": self.entity,
            "at": self.at.isoformat(),
            "business_date": self.today.isoformat(),
            "people": self.people,
            "verdicts": counted(self.verdicts),
            "rules_changed": list(self.rules_changed),
            "product": self.product or None,
            "went_on": None
            if self.went_on is None
            else {"verdict": self.went_on.verdict.value, "differences": list(self.went_on.differences)},
            "differing": [
                {
                    "person_id": each.person,
                    "employee_number": each.number,
                    "verdict": each.verdict.value,
                    "differences": list(each.differences),
                }
                for each in self.differing
            ],
        }


def counted(verdicts: Mapping[Verdict, int]) -> dict[str, int]:
    """Ready for JSON, every verdict named."""
    return {verdict.value: verdicts.get(verdict, 0) for verdict in Verdict}


def replay(looks: Looks, name: RunId, *, revisions: Mapping[str, int] = REVISIONS) -> Replayed:
    """Every decision of one look, made again by today's code from the log alone. Opens values; answers none.

    `revisions` are those of today's rules. Raises NotFound, or NotReplayable with the reason.
    """
    log, vault, look = looks.log, looks.vault, looks.look(name)
    changed = _rules_changed(look, revisions)
    plan = look.decide()
    known = look.known(plan)
    events = tuple(_events_of(log, vault, look)) if look.look is LookedBy.RUN else ()
    same = frozenset(one.person for one in plan.decisions if print_of(one, vault) == look.prints.get(one.person))
    held = known.blocked
    if len(look.grounds) != len(look.prints) or (changed and not _derivable(look) <= same):
        # who is not there, or was judged by another rule, may have held everybody
        held = any(isinstance(event.fact, RunBlocked | FindingRaised) for event in events)
    comparing = _Comparing(
        look, same, {one.person: one for one in plan.decisions}, done_by(events), held, bool(changed)
    )
    apart = [one for person, recorded in look.prints.items() if (one := comparing.apart(person, recorded))]
    counted = Counter(one.verdict for one in apart)
    went_on = None
    if look.look is LookedBy.RUN:
        course = course_of(log, vault, look, known, events)
        went_on = _went_on(course, rules_changed=counted[Verdict.RULE_CHANGED] > 0)
    return Replayed(
        name,
        look.look,
        look.entity,
        look.at,
        look.today,
        len(look.prints),
        {Verdict.AGREES: len(look.prints) - len(apart), **counted},
        tuple(one for one in apart if one.verdict in (Verdict.DEVIATION, Verdict.RULE_CHANGED)),
        changed,
        look.product,
        went_on,
    )


def _went_on(course: Course, *, rules_changed: bool) -> WentOn:
    """A changed rule explains another stop where it explains another decision; never what was done."""
    found = course.done + course.decided
    if not found:
        return WentOn(Verdict.AGREES if course.compared else Verdict.NOT_KEPT)
    return WentOn(Verdict.RULE_CHANGED if rules_changed and not course.done else Verdict.DEVIATION, found)


@dataclass(frozen=True, slots=True)
class _Comparing:
    """The decisions of one look, recorded and derived."""

    look: Look
    same: Set[PersonId]  # whose decision is the recorded one
    derived: Mapping[PersonId, Decision]
    done: Mapping[PersonId, Done]
    held: bool  # by findings, everybody
    rules_changed: bool

    def apart(self, person: PersonId, recorded: bytes) -> Deviation | None:
        """None where the decision agrees."""
        if recorded == NOT_KEPT:
            return Deviation(person, None, Verdict.NOT_KEPT, ())
        if person in self.look.lost:
            return Deviation(person, None, Verdict.ERASED, ())
        derived, done = self.derived.get(person), self.done.get(person)
        if derived is None:
            return Deviation(person, None, Verdict.DEVIATION, ("nothing is derived about this person",))
        told = list(differing(done, derived, held=self.held)) if done is not None else []
        same = person in self.same
        if same and not told:
            return None
        explained = self.rules_changed and not same  # a rule explains what was decided, never what was done
        verdict = Verdict.RULE_CHANGED if explained else Verdict.DEVIATION
        return Deviation(person, derived.number, verdict, tuple(told) or ("another decision than the recorded one",))


def _derivable(look: Look) -> Set[PersonId]:
    return {one for one, recorded in look.prints.items() if recorded != NOT_KEPT} - look.lost


def _events_of(log: Log, vault: Vault, look: Look) -> Iterator[Recorded]:
    """What the run recorded, in whatever stream, with the values of its writes opened."""
    after = look.first - 1
    while after < look.last and (page := log.page(after, _PAGE)):
        after = page[-1].position
        ours = [event for event in page if event.meta.correlation == look.name and event.position <= look.last]
        intents = [event for event in ours if isinstance(event.fact, WriteIntended)]
        yield from (event for event in ours if not isinstance(event.fact, WriteIntended))
        yield from vault.opened(intents) if intents else ()


def _rules_changed(look: Look, now: Mapping[str, int]) -> tuple[str, ...]:
    """Rules whose revision is another one today than it was then; and whether there are others."""
    then = look.revisions
    changed = sorted(one for one in {*then, *now} if then.get(one, 1) != now.get(one, 1))
    return tuple(changed) if look.rules == len(RULES) else (*changed, "rules were added")
