"""Who is not read again, because Loket's version numbers say that they did not move since the last read (RUN-15).

They say nothing of payroll period data and of concept employees, which are read always, as everything is at least once
each business date. What is read is held against what would have been taken as known: a change that moved no number
disproves them.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from domain.errors import ReadFailed
from domain.events.loket_versions import VersionsDoubted
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
from domain.planning import eligibility
from domain.planning.business_date import time_told
from domain.planning.details import (
    NOT_READ_AGAIN,
    NUMBER_MISSING,
    NUMBERS_DOUBTED,
    NUMBERS_NOT_TOLD,
    NUMBERS_WENT_BACK,
    NUMBERS_WRONG,
    RIGHTS_NOT_TOLD,
)
from domain.services.journal import Tools
from domain.services.judged_by import policy_applied
from domain.services.reading.last_read import LastRead
from domain.settings import Policy
from domain.snapshots import LoketAccess, LoketEmployee, LoketSnapshot, PersonioPerson, VersionNumbers
from domain.streams import versions_stream
from domain.values import EmployeeNumber, FieldPath, LegalEntityId, one_or_many

Found = tuple[tuple[EmployeeNumber, FieldPath], ...]
"""Fields that were found changed, each with whose it is."""


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
        that was not read now; or they are left out, and nothing is decided by what Loket holds of them. Of whom
        Loket did not show everything, another read may.
        """
        if self.last is None or not self.saves:
            return Unread()
        once, again = Counter(one.employee_number for one in people), also | self.but
        alone = {
            one.employee_number: one
            for one in people
            if one.employee_number is not None and one.employee_number not in again and once[one.employee_number] == 1
            if one.id not in self.last.incomplete
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
        return Asked(note=NUMBERS_DOUBTED)
    versions = tools.loket.versions(policy.entity)
    if versions is None:
        return Asked(note=NUMBERS_NOT_TOLD)
    if last is None:
        return Asked(versions=versions)
    if last.version is None or last.product != policy.product:
        return Asked(versions=versions, stands=last.today != today)  # a day of which nothing was held against the last
    if versions.newest < last.version:
        return Asked(versions=versions, note=NUMBERS_WENT_BACK)
    rights = rights_of(access)
    asked = Asked(last, versions, same_settings=last.policy == policy_applied(policy).digest)
    if not last.may_be_repeated(policy, today) or last.rights != rights:
        return asked
    if not rights:
        return replace(asked, note=RIGHTS_NOT_TOLD)
    if without_number(last.cases.values(), versions.of):
        return replace(asked, note=NUMBER_MISSING)
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
    few, at = len(unread.numbers), time_told(unread.since, "%H:%M")
    return NOT_READ_AGAIN.format(number=few, people=employees, clock=at)


def contradiction(found: Found) -> str:
    """What the read disproves; fields only, never whose."""
    fields = ", ".join(sorted({path for _, path in found}))
    return one_or_many(NUMBERS_WRONG, len(found)).format(number=len(found), fields=fields) if found else ""


def doubted_since(tools: Tools, *entities: LegalEntityId) -> datetime | None:
    """When Loket's version numbers were first found wrong by one of these; None where they are trusted."""
    newest = tools.log.newest([versions_stream(one) for one in entities]).values()
    return min((one.meta.recorded_at for one in newest if isinstance(one.fact, VersionsDoubted)), default=None)
