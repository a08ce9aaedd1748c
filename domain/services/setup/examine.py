"""The examination of a tenant: reads only, goes on after a fault, and says of everything what to do (RUN-9)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, TypeVar

from domain.attributes import GATES, Role
from domain.errors import Misconfigured, ReadFailed
from domain.events.setup import CheckResult, TenantExamined
from domain.examination import Check, Look, Verdict, paired
from domain.planning.decide import Plan, decide
from domain.planning.findings import DO
from domain.planning.matching import Concept, FinalLink, Unlinked
from domain.services.drift.cases import with_decided
from domain.services.journal import Journal, Tools, no_progress
from domain.services.reading.observe import Observation, believed, observe
from domain.services.reading.sweeps import last_accepted
from domain.services.setup.examine_codes import check_codes
from domain.services.setup.examine_pay import check_pay
from domain.services.setup.examine_sights import check_loket, check_personio
from domain.services.sync.remember import remember
from domain.settings import AbsentIsBlank, LegalEntity, Policy
from domain.sights import Count
from domain.snapshots import LoketSnapshot, PayWindow, PersonioPerson, PersonioSnapshot
from domain.streams import examination_stream
from domain.values import BLANK, NOT_OBSERVED, Absence, PersonId, people_by, so_many

CLOCK_TOLERANCE: Final = timedelta(minutes=2)
Read = TypeVar("Read")

_RIGHTS: Final = {
    "Personio": "add the right to the API credential in Personio",
    "Loket": "ask whoever manages Loket users at the employer or accountant for the right",
}
_WITHOUT: Final = {  # what is done without a thing that is not needed
    "legal entity": "its country cannot be checked",
    "attribute list": "labels and option lists cannot be checked, and a blank that is left out may not be told",
    "code lists": "mapped codes cannot be checked, and countries are learned from addresses",
    "employer": "it is looked for in the list of employers instead",
    "employments": "they are read employee by employee, which takes longer",
    "authorizations": "only a refused call will tell which right is missing",
    "saved filter": "make sure by hand that it hides nobody",
    "people of the older API": "an empty attribute cannot be told from a hidden one, nor missing pay from none",
    "audit trail": "who changed a value in Loket stays unknown",
    "citizen service number": "Loket's BSN is neither compared nor written, and runs end with errors",
}


@dataclass(frozen=True, slots=True)
class _AlreadyRead:
    """`PersonioSource` whose sweep was made before: it is not made twice."""

    snapshot: PersonioSnapshot
    tools: Tools

    def read(self, entity: LegalEntity, *, today: date) -> PersonioSnapshot:  # noqa: ARG002
        return self.snapshot

    def people(self, people: Sequence[PersonId], *, today: date) -> tuple[PersonioPerson, ...]:
        return self.tools.personio.people(people, today=today)

    def ask(self, people: Sequence[PersonId], *, today: date) -> Mapping[PersonId, PersonioPerson | None]:
        return self.tools.personio.ask(people, today=today)

    def compensations(self, entity: LegalEntity, *, on: date) -> PayWindow:
        return self.tools.personio.compensations(entity, on=on)

    def pay(self, entity: LegalEntity, spans: Sequence[tuple[date, date]]) -> tuple[PayWindow, ...]:
        return self.tools.personio.pay(entity, spans)


def examine(
    policy: Policy,
    tools: Tools,
    personio: Look,
    loket: Look,
    ids: Mapping[Role, str],
    countries: Mapping[str, int],
    *,
    today: date,
) -> tuple[Check, ...]:
    """Every check, in the order in which they are told. `ids` are the tenant's attributes by role.

    `countries` are the configured keys by ISO code, on top of what Loket tells.

    `tools.personio` must not take absent for blank: that it does so is one of the questions.
    """
    checks = [*_system("Personio", personio), *_system("Loket", loket)]
    snapshot, failure = _tried(lambda: tools.personio.read(policy.entity, today=today))
    if snapshot is None:
        checks.append(Check("people in Personio", Verdict.FAULT, failure, "nothing can be synced until this is fixed"))
    else:
        listed = frozenset(paired(ids, personio.attributes or {}))
        checks += [*_attributes(snapshot, policy, listed), *_of_nobody(snapshot, policy, listed)]
        checks += _empties(snapshot, policy)
        checks += _pay(snapshot, tools, policy, today)
    checks += check_codes(personio, loket, ids, policy, countries)
    notes, failure = _tried(lambda: tools.loket.check(policy.entity))
    if notes is None:
        checks.append(Check("Loket employer, administration and filter", Verdict.FAULT, failure, "fix that"))
    else:
        checks.append(
            Check("Loket employer, administration and filter", Verdict.OK, "visible, and no saved filter hides anybody")
        )
    unemployed = None
    if snapshot is not None and notes is not None:
        as_configured = _as_configured(snapshot, personio, ids, policy)
        both, failure = _tried(
            lambda: _planned(policy, replace(tools, personio=_AlreadyRead(as_configured, tools)), today)
        )
        checks += _people(both, failure)
        checks += check_pay(both[0], tools, policy, today, rights=_RIGHTS["Loket"]) if both else ()
        unemployed = _without_employment(both[0].loket) if both else None
    everybody = 0 if snapshot is None else len(snapshot.people) + len(snapshot.elsewhere)
    checks += check_personio(personio.personio, everybody) if personio.asked else ()
    checks += check_loket(loket.loket, _employees_before(tools, policy), unemployed) if loket.asked else ()
    return (*checks, *_behaviours(personio, loket, snapshot))


def record_examination(journal: Journal, policy: Policy, checks: Iterable[Check]) -> None:
    """One fact with every line; they hold counts and names of fields only."""
    stream = examination_stream(policy.entity.personio_id)
    journal.knows(stream, len(journal.tools.log.stream(stream)))
    results = tuple(
        CheckResult(one.name, one.verdict.value, f"{one.told}; {one.do}" if one.do else one.told) for one in checks
    )
    journal.record((stream, [TenantExamined(legal_entity=policy.entity.personio_id, results=results, rule="RUN-9")]))


def _tried(read: Callable[[], Read]) -> tuple[Read | None, str]:
    try:
        return read(), ""
    except (Misconfigured, ReadFailed) as reason:
        return None, str(reason)


def _system(system: str, look: Look) -> Iterator[Check]:
    """Token, clock, rights and versions of one system."""
    if look.asked:
        yield Check(f"{system} token", Verdict.OK, "accepted")
    if look.failure:
        name = f"{system} can be read" if look.asked else f"{system} token"
        yield Check(name, Verdict.FAULT, look.failure, "fix that, then run doctor again")
    if look.clock_ahead is not None:
        apart = abs(look.clock_ahead)
        fits = apart <= CLOCK_TOLERANCE
        told = f"{so_many(round(apart.total_seconds()), 'second', 'seconds')} from that of {system}"
        do = "" if fits else "set this machine's clock: the business date comes from it"
        yield Check(f"clock beside {system}", Verdict.OK if fits else Verdict.WARNING, told, do)
    for one in look.asked:
        name = f"{system}: {one.what}"
        if one.readable:
            yield Check(name, Verdict.OK, "readable")
        elif one.needed:
            yield Check(name, Verdict.FAULT, f"HTTP {one.status}", _RIGHTS[system])
        else:
            told = f"HTTP {one.status}: {_WITHOUT.get(one.what, 'done without')}"
            yield Check(name, Verdict.WARNING, told, _RIGHTS[system] if one.status in (401, 403) else "")
    for version in look.withdrawn:
        do = "ask for a version of tweeluik that knows the next one"
        yield Check("Loket version", Verdict.WARNING, f"Loket withdraws {version}", do)


def _attributes(snapshot: PersonioSnapshot, policy: Policy, listed: Set[Role]) -> Iterator[Check]:
    """Each mapped attribute: known to the tenant, and shown for how many people.

    `listed` are those that Personio says the credential may read: shown of nobody, they are empty for everybody.
    """
    everyone = len(snapshot.people)
    sent_empty, _ = _absences(snapshot, policy)
    left_out = not sent_empty and policy.rules.absent_is_blank is not AbsentIsBlank.NEVER
    for role in _roles(policy):
        shown = sum(1 for one in snapshot.people if one.value(role) is not NOT_OBSERVED)
        filled = sum(1 for one in snapshot.people if not isinstance(one.value(role), Absence))
        told = f"shown for {shown} of {_people_of(everyone)}, filled for {filled}"
        if everyone and not shown and role in listed and role not in GATES:
            verdict, told = Verdict.NOT_SEEN, f"{told}: Personio lists it, so nobody has a value"
            do = ""
        elif everyone and not shown:
            verdict = Verdict.FAULT
            do = "check its id in [personio.attributes], and that the credential may read it in Personio"
        elif shown < everyone and not (left_out and role not in GATES and role not in policy.rules.mandatory):
            verdict = Verdict.WARNING
            do = "see 'empty attributes': what is not shown is never cleared in Loket, and blocks included people"
        else:
            verdict, do = Verdict.OK, ""
        yield Check(f"attribute {role}", verdict, told, do)
    if not everyone:
        do = "check personio_id in [[legal_entity]]"
        yield Check("people in Personio", Verdict.FAULT, "Personio assigns nobody to this legal entity", do)


def _of_nobody(snapshot: PersonioSnapshot, policy: Policy, listed: Set[Role]) -> Iterator[Check]:
    """Which attributes are left out for everybody: empty and hidden look the same then, unless Personio lists them."""
    if not snapshot.people:
        return
    name = "attributes left out for everybody"
    missing = [role for role in _roles(policy) if all(one.value(role) is NOT_OBSERVED for one in snapshot.people)]
    if not missing:
        yield Check(name, Verdict.OK, "none: each mapped attribute is shown of somebody")
        return
    hidden = {role for role in missing if role in GATES or role not in listed}
    do = "if anybody has a value in Personio, give the credential the right to it; until then Loket's values stay"
    yield Check(name, Verdict.WARNING if hidden else Verdict.NOT_SEEN, ", ".join(sorted(missing)), do if hidden else "")


def _empties(snapshot: PersonioSnapshot, policy: Policy) -> Iterator[Check]:
    """Does this tenant leave empty attributes out, or send them empty? And does the setting fit (EDIT-2)?"""
    blank, absent = _absences(snapshot, policy)
    setting = policy.rules.absent_is_blank
    name = "empty attributes"
    if blank and absent:
        do = 'give the credential the right to all attributes, and keep rules.absent_is_blank = "if_shown"'
        verdict = Verdict.FAULT if setting is AbsentIsBlank.ALWAYS else Verdict.WARNING
        yield Check(name, verdict, "some sent empty, some left out", do)
    elif blank:
        do = 'set rules.absent_is_blank = "never"' if setting is AbsentIsBlank.ALWAYS else ""
        yield Check(name, Verdict.WARNING if do else Verdict.OK, 'sent empty: absent_is_blank = "never" fits', do)
    elif absent:
        do = 'set rules.absent_is_blank = "if_shown"' if setting is AbsentIsBlank.NEVER else ""
        told = f'left out of the answers, never sent empty: absent_is_blank = "{setting}"'
        yield Check(name, Verdict.WARNING if do else Verdict.OK, told, do)
    else:
        yield Check(
            name, Verdict.NOT_SEEN, "of the attributes that somebody shows, none is empty or left out for anybody"
        )


def _absences(snapshot: PersonioSnapshot, policy: Policy) -> tuple[int, int]:
    """(sent empty, left out), of attributes that somebody has."""
    blank = absent = 0
    for role in _roles(policy):
        values = [one.value(role) for one in snapshot.people]
        if any(value is not NOT_OBSERVED for value in values):
            blank += sum(value is BLANK for value in values)
            absent += sum(value is NOT_OBSERVED for value in values)
    return blank, absent


def _pay(snapshot: PersonioSnapshot, tools: Tools, policy: Policy, today: date) -> Iterator[Check]:
    """A credential may be kept from the pay of some legal entities: nobody's is shown then, and nothing says why."""
    listed, failure = _tried(lambda: tools.personio.compensations(policy.entity, on=today))
    if listed is None:
        yield Check("pay in Personio", Verdict.FAULT, failure, _RIGHTS["Personio"])
        return
    paid = len(listed.payees)
    told = f"shown for {paid} of {_people_of(len(snapshot.people))} today"
    if paid or not snapshot.people:
        yield Check("pay in Personio", Verdict.OK, told)
    else:
        do = "if they have salaries in Personio, give the credential the compensations of this legal entity"
        yield Check("pay in Personio", Verdict.WARNING, told, do)


def _people(planned: tuple[Observation, Plan] | None, failure: str) -> Iterator[Check]:
    """How many would match, become concepts or be left out, and what holds them."""
    if planned is None:
        yield Check("people on both sides", Verdict.FAULT, failure, "fix that, then run doctor again")
        return
    _, plan = planned
    links = Counter(type(one.link) for one in plan.included)
    told = (
        f"{_people_of(len(plan.decisions))}: {len(plan.included)} included, {links[FinalLink]} known in Loket, "
        f"{so_many(links[Unlinked], 'would become a concept employee', 'would become concept employees')}, "
        f"{so_many(links[Concept], 'is one', 'are')}"
    )
    yield Check("people on both sides", Verdict.OK if plan.included else Verdict.WARNING, told)
    left = Counter(one.left_out.rule for one in plan.decisions if one.left_out)
    if left:
        told = ", ".join(f"{count} by {rule}" for rule, count in sorted(left.items()))
        yield Check("people left out", Verdict.OK, told)
    found = people_by(((item.code, item.field) for item in one.findings) for one in plan.decisions)
    for (code, field), count in sorted(found.items(), key=str):
        where = f" {field}" if field else ""
        yield Check(f"finding {code}{where}", Verdict.FAULT, _people_of(count), DO[code])
    noticed = people_by((item.code for item in one.notices) for one in plan.decisions)
    for notice, count in sorted(noticed.items()):
        yield Check(f"notice {notice}", Verdict.WARNING, _people_of(count))


def _people_of(count: int) -> str:
    return so_many(count, "person", "people")


def _without_employment(loket: LoketSnapshot) -> Count:
    return Count(sum(not one.employments for one in loket.employees.values()), len(loket.employees))


def _employees_before(tools: Tools, policy: Policy) -> int | None:
    """Loket's employees in the sweep that the next one is held against."""
    sweep = last_accepted(tools, policy.entity.personio_id)
    return sweep.employees if sweep else None


def _planned(policy: Policy, tools: Tools, today: date) -> tuple[Observation, Plan]:
    tools.views.catch_up()
    seen = believed(observe(tools, policy, today, no_progress))
    remembered = remember(tools, policy, seen.personio, seen.loket)
    memory = with_decided(tools, policy, remembered)
    return seen, decide(seen.personio, seen.loket, seen.compensations, memory, policy, today=today)


def _behaviours(personio: Look, loket: Look, snapshot: PersonioSnapshot | None) -> Iterator[Check]:
    """What the documents of both systems leave open."""
    seen = {None: Verdict.NOT_SEEN, True: Verdict.HOLDS, False: Verdict.DOES_NOT_HOLD}
    for statement, holds in {**personio.behaviours, **loket.behaviours}.items():
        yield Check(statement, seen[holds], "left open by the documents")
    dates = [] if snapshot is None else [one.employment.start for one in snapshot.people if one.employment]
    holds = all(start is not None for start in dates) if dates else None
    yield Check("Personio tells a start date of every employment", seen[holds], "left open by the documents")


def _as_configured(snapshot: PersonioSnapshot, look: Look, ids: Mapping[Role, str], policy: Policy) -> PersonioSnapshot:
    """The sweep as a run would see it: with what Personio's own list of attributes names, where a run asks for it."""
    asks = policy.rules.absent_is_blank is AbsentIsBlank.ALWAYS and look.attributes is not None
    return replace(snapshot, listed=frozenset(paired(ids, look.attributes or {}))) if asks else snapshot


def _roles(policy: Policy) -> list[Role]:
    """Everything that is mapped: what nobody shows as well, which is when somebody has to hear of it."""
    return list(dict.fromkeys((*GATES, *(row.role for row in policy.catalogue))))
