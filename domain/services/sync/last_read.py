"""What the latest run that completed knew of everyone in Loket, so that who did not move is not read again (RUN-15).

Loket's version numbers say who moved. They say nothing of payroll period data and of concept employees, which are read
always, as everything is at least once each business date.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final

from domain.errors import ReadFailed
from domain.events.grounds import LeftOutJudged
from domain.events.loket_versions import VersionsDoubted
from domain.events.runs import OutcomeRecorded, RunCompleted, RunStarted, SystemsRead
from domain.grounds.case import Case
from domain.grounds.unmoved import (
    Versions,
    beside,
    changed,
    is_the_same,
    is_unmoved,
    is_whole,
    unmoved,
    without_number,
)
from domain.log import Recorded
from domain.outcomes import outcomes_in
from domain.planning import eligibility
from domain.planning.business_date import local
from domain.planning.findings import NoticeCode
from domain.services.journal import Tools
from domain.services.judged_by import policy_applied
from domain.services.replay.looks import Looks, NotReplayable
from domain.settings import Policy
from domain.snapshots import LoketAccess, LoketEmployee, LoketSnapshot, PersonioPerson, VersionNumbers
from domain.streams import grounds_stream, loket_stream, run_stream, versions_stream
from domain.values import EmployeeNumber, FieldPath, LegalEntityId, PersonId, RunId

_PAGE: Final = 500
NOT_TOLD: Final = "Loket does not tell its version numbers: BSN and payment record of everybody are read every time"
WENT_BACK: Final = "Loket's version numbers are lower than they were: everybody was read again"
INCOMPLETE: Final = "Loket tells no version number of somebody who was there: everybody was read again"
DOUBTED: Final = (
    "Loket's version numbers were found wrong: everybody is read every time, until somebody trusts them again"
)
RIGHTS_NOT_TOLD: Final = "Loket does not list the user's rights, which may be fewer than they were: everybody was read"

Found = tuple[tuple[EmployeeNumber, FieldPath], ...]
"""Fields that were found changed, each with whose it is."""


@dataclass(frozen=True, slots=True)
class LastRead:
    """The latest run of the legal entity that completed, and what it stood on."""

    run: RunId
    at: datetime  # since when what it did not read itself was known; else when it read
    today: date
    version: int | None = None  # Loket's newest version number before it read; None: nothing can be held against it
    rights: str = ""  # empty: Loket did not list them
    policy: str = ""
    product: str = ""  # the version of Tweeluik that read
    serves: bool = False  # it ended well, and no run has begun since
    cases: Mapping[EmployeeNumber, Case] = field(default_factory=dict)  # of whom nothing was recorded since
    ended: Mapping[PersonId, LeftOutJudged] = field(default_factory=dict)  # left out because Loket has ended them
    follow_up: Mapping[PersonId, str] = field(default_factory=dict)  # what was left to do by hand of each of them
    prints: Mapping[PersonId, bytes] = field(default_factory=dict)  # of what it decided

    def has_ended(self, person: PersonioPerson) -> bool:
        """Whether Loket had ended the employment to which the person's two numbers lead, and still lead."""
        then = self.ended.get(person.id)
        numbers = (person.employee_number, person.income_number)
        return then is not None and (then.employee_number, then.income_number) == numbers


@dataclass(frozen=True, slots=True)
class Unread:
    """Who is not read again: what was known of them stands for it."""

    cases: Mapping[EmployeeNumber, Case] = field(default_factory=dict)
    aside: frozenset[EmployeeNumber] = frozenset()  # who are left out: nothing of theirs is needed
    run: str = ""  # on whose record it is
    since: datetime | None = None
    follow_up: Mapping[EmployeeNumber, str] = field(default_factory=dict)  # of `aside`, whom Loket has ended

    @property
    def numbers(self) -> frozenset[EmployeeNumber]:
        return self.aside.union(self.cases)


@dataclass(frozen=True, slots=True)
class Asked:
    """Loket's version numbers as they were before anything else was read, beside the last read."""

    last: LastRead | None = None
    versions: VersionNumbers | None = None
    note: str = ""  # why they are of no use
    same_settings: bool = False
    saves: bool = False  # whoever did not move need not be read again
    stands: bool = True  # the next run may rest on this one
    but: frozenset[EmployeeNumber] = frozenset()  # who are read again whether they moved or not

    @property
    def version(self) -> int | None:
        return self.versions.newest if self.versions and self.stands else None

    @property
    def unmoved(self) -> Mapping[EmployeeNumber, Case]:
        return {} if self.versions is None else self.unmoved_by(self.versions.of)

    def unmoved_by(self, versions: Versions) -> Mapping[EmployeeNumber, Case]:
        if self.last is None or self.last.version is None:
            return {}
        return unmoved(self.last.cases, versions, self.last.version)

    def unread(self, people: Sequence[PersonioPerson], also: Set[EmployeeNumber], policy: Policy) -> Unread:
        """Who need not be read again, should they not have moved in Loket.

        Of the others nothing moved in Personio either, so that nothing is decided anew, confirmed or written by a value
        that was not read now; or they are left out, and nothing is decided by what Loket holds of them.
        """
        if self.last is None or not self.saves:
            return Unread()
        once, again = Counter(one.employee_number for one in people), also | self.but
        alone = {
            one.employee_number: one
            for one in people
            if one.employee_number is not None and one.employee_number not in again and once[one.employee_number] == 1
        }
        cases = {
            number: case
            for number, case in self.unmoved.items()
            if number in alone and alone[number] == case.person and is_whole(case, policy)
        }
        ended = {number: one for number, one in alone.items() if self.last.has_ended(one)}
        out = {number for number, one in alone.items() if eligibility.exclusions(one, policy, terminated=False)}
        follow_up = {number: self.last.follow_up.get(one.id, "") for number, one in ended.items()}
        return Unread(cases, frozenset(out.union(ended) - cases.keys()), self.last.run, self.last.at, follow_up)

    def spares(self, unread: Unread, employee: LoketEmployee) -> bool:
        if self.last is None or self.last.version is None or self.versions is None:
            return False
        case = unread.cases.get(employee.number)
        if case is not None:
            return is_the_same(case, employee)
        return employee.number in unread.aside and is_unmoved(employee, self.versions.of, self.last.version)


def last_read(tools: Tools, policy: Policy) -> LastRead | None:
    """None where no run has completed.

    To be asked before a run begins: from then on it is one that has begun since. The views must be caught up.
    """
    entity = policy.entity.personio_id
    run = tools.views.sync_state.accepted_sweep(entity) if policy.between_full_reads else None
    if run is None:
        return None
    events = tools.log.stream(run_stream(run))
    facts = [event.fact for event in events]
    started = next((one for one in facts if isinstance(one, RunStarted)), None)
    read = next((one for one in facts if isinstance(one, SystemsRead)), None)
    if started is None or read is None:
        return None
    since = read.not_read_again.since if read.not_read_again else read.loket_read_at
    bare = LastRead(run, since, started.business_date)
    if read.version is None:
        return bare
    try:
        look = Looks(tools.log, tools.vault).look(run)
    except NotReplayable:
        return bare
    completed = next((one for one in facts if isinstance(one, RunCompleted)), None)
    outcomes = {PersonId(one.person_id): one for fact in facts for one in outcomes_in(fact)}
    ended = {person for person, one in outcomes.items() if one.reason == eligibility.TERMINATED.rule}
    return replace(
        bare,
        version=read.version,
        rights=read.rights,
        policy=started.policy or "",
        product=look.product,
        serves=completed is not None and not completed.with_errors and not _begun_since(tools, entity, events),
        cases=_still_standing(
            tools, entity, (one for one in look.grounds.values() if isinstance(one, Case)), look.standing
        ),
        ended={
            person: one
            for person, one in look.grounds.items()
            if isinstance(one, LeftOutJudged) and one.terminated and person in ended
        },
        follow_up={person: _by_hand(outcomes[person]) for person in ended},
        prints=look.prints,
    )


def rights_of(access: LoketAccess) -> str:
    """Names what the Loket user may do: another set of rights has another name. Empty where nobody can see it."""
    if access.activities is None:
        return ""
    return hashlib.sha256("\n".join(sorted(access.activities)).encode()).hexdigest()[:16]


def ask(tools: Tools, policy: Policy, last: LastRead | None, access: LoketAccess, today: date) -> Asked:
    """Loket's version numbers, and whether whoever did not move may be left as they were known."""
    if not policy.between_full_reads:
        return Asked()
    if doubted_since(tools, policy.entity.personio_id, *policy.same_employer) is not None:
        return Asked(note=DOUBTED)
    versions = tools.loket.versions(policy.entity)
    if versions is None:
        return Asked(note=NOT_TOLD)
    if last is None:
        return Asked(versions=versions)
    if last.version is None or last.product != (policy.product or ""):
        return Asked(versions=versions, stands=last.today != today)  # a day of which nothing was held against the last
    if versions.newest < last.version:
        return Asked(versions=versions, note=WENT_BACK)
    same, rights = last.policy == policy_applied(policy).digest, rights_of(access)
    asked = Asked(last, versions, same_settings=same)
    if not (last.serves and same and last.today == today and last.rights == rights):
        return asked
    if not rights:
        return replace(asked, note=RIGHTS_NOT_TOLD)
    if without_number(last.cases.values(), versions.of):
        return replace(asked, note=INCOMPLETE)
    return replace(asked, saves=True)


def read_loket(
    tools: Tools, policy: Policy, numbers: frozenset[EmployeeNumber], asked: Asked, wanted: Unread
) -> tuple[LoketSnapshot, Unread]:
    """Loket, with what was known of those of `wanted` who did not move; and who was not read."""
    loket = tools.loket.read(policy.entity, numbers=numbers, spared=lambda one: asked.spares(wanted, one))
    candidates = wanted.numbers & numbers & loket.employees.keys()
    spared = {number for number in candidates if asked.spares(wanted, loket.employees[number])}
    if not spared:
        return loket, Unread()
    cases = {number: case for number, case in wanted.cases.items() if number in spared}
    aside = wanted.aside & spared
    told = {number: fields for number, fields in wanted.follow_up.items() if number in aside}
    unread = replace(wanted, cases=cases, aside=aside, follow_up=told)
    return beside(loket, cases), unread


def differing(asked: Asked, loket: LoketSnapshot, policy: Policy) -> Found:
    """What was read and is other than at the last read, of people whose version number had not moved when it was asked.

    Either the number is wrong, or somebody changed it while it was read.
    """
    return tuple(changed(asked.unmoved, loket, policy, same_settings=asked.same_settings))


def disproved(tools: Tools, policy: Policy, asked: Asked, found: Found) -> Found | None:
    """Of what was found those whose number has not moved by now either; None where Loket does not answer that."""
    if not found:
        return ()
    try:
        again = tools.loket.versions(policy.entity)
    except ReadFailed:
        again = None
    if again is None:
        return None
    still = asked.unmoved_by(again.of)
    return tuple(one for one in found if one[0] in still)


def told(unread: Unread, employees: int) -> str:
    """As a run, a plan and their pages say it. Whoever moved since that time was read later."""
    if unread.since is None:
        return ""
    few, at = len(unread.numbers), f"{local(unread.since):%H:%M}"
    return f"{few} of {employees} not read again: read at {at} or later, and unchanged since, Loket says"


def contradiction(found: Found) -> str:
    """What the read disproves; fields only, never whose."""
    fields = ", ".join(sorted({path for _, path in found}))
    return f"Loket's version numbers are wrong: they did not move with {len(found)} changes ({fields})" if found else ""


def doubted_since(tools: Tools, *entities: LegalEntityId) -> datetime | None:
    """When Loket's version numbers were first found wrong by one of these; None where they are trusted."""
    newest = tools.log.newest([versions_stream(one) for one in entities]).values()
    return min((one.meta.recorded_at for one in newest if isinstance(one.fact, VersionsDoubted)), default=None)


def _by_hand(outcome: OutcomeRecorded) -> str:
    """The fields to be changed in Loket by hand, as an outcome tells them; empty where it tells none (END-2)."""
    told_of = dict(zip(outcome.notices, outcome.details, strict=True))
    return told_of.get(NoticeCode.MANUAL_FOLLOW_UP, "")


def _begun_since(tools: Tools, entity: LegalEntityId, events: tuple[Recorded, ...]) -> bool:
    after = events[-1].position
    while page := tools.log.page(after, _PAGE):
        if any(isinstance(one.fact, RunStarted) and one.fact.legal_entity == entity for one in page):
            return True
        after = page[-1].position
    return False


def _still_standing(
    tools: Tools, entity: LegalEntityId, cases: Iterable[Case], standing: int
) -> dict[EmployeeNumber, Case]:
    """Without those of whom anything was recorded since: by a write of the run, a check, or anybody."""
    found = {number: case for case in cases if (number := case.person.employee_number) is not None}
    streams = {loket_stream(entity, number): number for number in found}
    of_people = {grounds_stream(entity, case.person.id): number for number, case in found.items()}
    newest = tools.log.newest([*streams, *of_people])
    moved = {(streams | of_people)[stream] for stream, event in newest.items() if event.position >= standing}
    return {number: case for number, case in found.items() if number not in moved}
