"""Reading pay of final employees on both sides, only where it may be written (PAY-2, PAY-3, PAY-10)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from domain.attributes import GROSS_WAGE, WEEKLY_HOURS
from domain.drift.pay import equal_pay, held_pay_values
from domain.grounds.case import Case
from domain.log import Fact
from domain.planning import eligibility, matching
from domain.planning.decide import Decision, Plan
from domain.planning.matching import FinalLink
from domain.planning.pay.decide_pay import hours_case
from domain.planning.pay.hours import HoursCase, hours_told
from domain.planning.pay.in_line import in_line
from domain.planning.pay.sent_types import component_of, is_enabled
from domain.planning.pay.targets import benefit_end, benefit_field, value_field
from domain.planning.pay.unclear import pay_not_read
from domain.planning.pay.windows import (
    closed_by_zero,
    compensations,
    listed_alike,
    months,
    of_people,
    unpaid,
    unreadable,
)
from domain.planning.plausible import Payees
from domain.records.pay_record import Dated, PayRecord
from domain.services.journal import Tools
from domain.services.reading.single_days import changing, may_hide, read_days
from domain.services.telling import telling
from domain.settings import Policy, WeeklyHours
from domain.snapshots import (
    SALARY,
    CompensationCategory,
    HeldPay,
    LoketPay,
    LoketSnapshot,
    Paid,
    PayWindow,
    PersonioSnapshot,
    UnreadablePay,
)
from domain.streams import loket_stream
from domain.values import EmployeeNumber, FieldPath, Observed, PersonId, SubjectRef


@dataclass(frozen=True, slots=True)
class PayRead:
    """Pay on both sides. `told` and `held` are what each showed of every person whose pay was read."""

    paid: Mapping[PersonId, Sequence[Paid]] = field(default_factory=dict)
    loket: LoketPay = field(default_factory=LoketPay)
    told: Mapping[PersonId, Mapping[Dated, Observed]] = field(default_factory=dict)
    held: Mapping[PersonId, Mapping[Dated, Observed]] = field(default_factory=dict)
    finals: Mapping[PersonId, FinalLink] = field(default_factory=dict)
    hours: Mapping[PersonId, HoursCase] = field(default_factory=dict)  # where they are sent
    since: date = date.max
    windows: tuple[PayWindow, ...] = ()
    payees: Payees | None = None  # of everyone listed; None: no window was read
    unreadable: Mapping[PersonId, Sequence[UnreadablePay]] = field(default_factory=dict)
    unpaid: int = 0  # people with a salary who are employed in a month in which nobody at all has pay (RUN-12)

    def record(
        self, person: PersonId, personio: PayRecord, loket: PayRecord, subject: SubjectRef, policy: Policy
    ) -> tuple[tuple[Fact, ...], tuple[Fact, ...]]:
        """What this reading adds about one person, in Personio and in Loket."""
        if person not in self.finals:
            return (), ()
        served = {benefit_field(one.key) for one in policy.pay.components.values()}
        served |= {value_field(one.key) for one in policy.pay.components.values()}
        employment = self.finals[person].employment.id
        shown = not pay_not_read(self.loket, employment, policy)  # what Loket does not show is not gone

        def told_whole(key: Dated) -> bool:
            return key[1] >= self.since and (key[0] == GROSS_WAGE or key[0].removesuffix(".endDate") in served)

        def held_whole(key: Dated) -> bool:
            if not shown:
                return False
            if key[0].startswith("wage."):
                return key[1] >= self.since and employment in self.loket.wages
            mapped = key[0].removesuffix(".endDate") in served
            return key[1] >= self.since and mapped and employment in self.loket.benefits

        return (
            personio.observe_personio(self.told[person], subject, told_whole),
            loket.observe_loket(self.held[person], subject, held_whole),
        )

    def hours_told(self, decision: Decision) -> Mapping[FieldPath, Observed]:
        known = decision.person in self.hours and not decision.pay_unclear
        return {WEEKLY_HOURS: hours_told(self.hours[decision.person])} if known else {}

    def equal_hours(self, decision: Decision) -> frozenset[FieldPath]:
        """The weekly hours, where both systems show the same."""
        case = self.hours.get(decision.person)
        equal = case is not None and case.equal and not decision.pay_undecided
        return frozenset({WEEKLY_HOURS}) if equal else frozenset()

    def confirm(self, decision: Decision, loket: PayRecord) -> tuple[Fact, ...]:
        """The pay fields a run sees equal on both sides, where that is news (DRIFT-3)."""
        if decision.person not in self.finals:
            return ()
        held = self.held[decision.person]
        return loket.confirm(equal_pay(decision, self.told[decision.person], held, self.since), held)


def read_pay(
    tools: Tools,
    policy: Policy,
    personio: PersonioSnapshot,
    loket: LoketSnapshot,
    today: date,
    also: frozenset[EmployeeNumber],
    *,
    unread: Mapping[EmployeeNumber, Case] = MappingProxyType({}),
) -> PayRead:
    """Wages of whoever is `unread` are as they were known, if Personio tells the same pay of them.

    Nothing at all where the entity has no compensation start date, or nobody who could be paid.
    """
    start_date = policy.entity.compensation_start_date
    finals = _finals(personio, loket, policy)
    if start_date is None or not finals:
        return PayRead()
    spans = list(months(start_date, policy.pay.months_ahead, today))
    windows = tools.personio.pay(policy.entity, spans)
    paid = _paid(tools, policy, windows, finals)
    sent = {person: [one for one in each if is_enabled(one.compensation, policy)] for person, each in paid.items()}
    ours = _ours(tools, policy, finals)
    wages = {
        link.employment.id
        for person, link in finals.items()
        if link.number in also or _reaches(sent.get(person, ()), link, start_date)
    }
    other = {
        link.employment.id
        for person, link in finals.items()
        if link.number in also | ours or any(one.compensation.category not in SALARY for one in sent.get(person, ()))
    }
    employments = {link.employment.id for link in finals.values()}
    until = max((last for _, last in spans), default=start_date)
    hours = employments if policy.pay.weekly_hours is not WeeklyHours.IGNORE else employments & _of(finals, also)
    in_loket = tools.loket.pay(
        policy.entity,
        employments,
        wages=wages,
        components=other,
        hours=hours,
        mapped={one.key for one in policy.pay.components.values()},
        since=start_date,
        until=until,
        known=_known(unread, finals, paid),
    )
    people = {one.id: one for one in personio.people}
    cases = {
        person: hours_case(
            people[person],
            link.employment,
            in_line(people[person], link.employment, paid.get(person, ()), in_loket, policy, today, {}),
            in_loket,
            policy,
            today,
        )
        for person, link in finals.items()
        if policy.sends_hours
    }
    return PayRead(
        paid=paid,
        loket=in_loket,
        told={person: _amounts_told(sent.get(person, ()), link, policy) for person, link in finals.items()},
        held={person: held_pay_values(in_loket, link.employment.id, policy) for person, link in finals.items()},
        finals=finals,
        hours=cases,
        since=start_date,
        windows=windows,
        payees=payees_in(windows, personio),
        unreadable={person: told for person, told in unreadable(windows).items() if person in finals},
        unpaid=unpaid(windows, (people[one] for one in finals), people.keys(), today),
    )


def _known(
    unread: Mapping[EmployeeNumber, Case], finals: Mapping[PersonId, FinalLink], paid: Mapping[PersonId, Sequence[Paid]]
) -> dict[str, tuple[HeldPay, ...]]:
    """Chains of wages, by employment, of which nothing moved on either side."""
    known = {}
    for person, link in finals.items():
        case, employment = unread.get(link.number), link.employment.id
        held = case.held.get(employment) if case and case.paid == tuple(paid.get(person, ())) else None
        if held is not None and held.wages is not None:
            known[employment] = held.wages
    return known


def payees_in(windows: Iterable[PayWindow], personio: PersonioSnapshot) -> Payees:
    """Who of the legal entity has pay in what was listed, readable or not, whatever becomes of it (RUN-12, PAY-14).

    A credential limited to another legal entity is answered with the pay of the people there.
    """
    listed, here = list(windows), frozenset(one.id for one in personio.people)
    everyone = here.intersection(frozenset().union(*(one.payees for one in listed)))
    salaried = here.intersection(frozenset().union(*(one.salaried for one in listed)))
    return Payees(salaried, everyone - salaried)


def ask_once_more(tools: Tools, policy: Policy, read: PayRead, plan: Plan) -> None:
    """Before pay is removed because Personio has it no more: the same windows once more, for those people (PAY-10).

    The single days too, where they may show what no month does. Raises IncompleteRead when the very same is not listed
    again: then a reading was short, or somebody is at work.
    """
    people = {one.person for one in plan.decisions if one.withdraws_pay}
    if not people:
        return
    again = tools.personio.pay(policy.entity, [(one.start, one.end) for one in read.windows])
    if not listed_alike(of_people(read.windows, people), of_people(again, people)):
        raise changing()
    theirs = {person: link for person, link in read.finals.items() if person in people}
    if may_hide(read.windows, theirs.keys()):
        told = {person: each for person, each in read.paid.items() if person in people}
        if _paid(tools, policy, read.windows, theirs) != told:
            raise changing()


def _paid(
    tools: Tools, policy: Policy, windows: Sequence[PayWindow], finals: Mapping[PersonId, FinalLink]
) -> dict[PersonId, list[Paid]]:
    """What months and single days tell of these people."""
    begins = {person: link.employment.start for person, link in finals.items()}
    by_day = read_days(tools.personio, policy, windows, begins)
    paid: dict[PersonId, list[Paid]] = {}
    for one in (*compensations(windows).values(), *by_day.hidden):
        if one.person in finals:
            paid.setdefault(one.person, []).append(Paid(one, by_day.last.get(one.key)))
    return {person: theirs for person, each in paid.items() if (theirs := closed_by_zero(each))}


def with_told(personio: PersonioSnapshot, read: PayRead) -> PersonioSnapshot:
    """With the types of everybody's pay, also of who takes no part now, such as somebody on leave (PAY-10)."""
    people = {one.id for one in personio.people}
    listed = [one for one in compensations(read.windows).values() if one.person in people]
    paid = [one.compensation for each in read.paid.values() for one in each]
    return replace(personio, paid=read.paid, pay_types=frozenset(one.type for one in (*listed, *paid)))


def with_pay(loket: LoketSnapshot, read: PayRead) -> LoketSnapshot:
    return replace(loket, pay=read.loket)


def _finals(personio: PersonioSnapshot, loket: LoketSnapshot, policy: Policy) -> dict[PersonId, FinalLink]:
    links = {one.id: matching.match(one, loket, policy, {}, {}) for one in personio.people}
    return {
        one.id: link
        for one in personio.people
        if isinstance(link := links[one.id], FinalLink) and not eligibility.exclusions(one, policy, terminated=False)
    }


def _of(finals: Mapping[PersonId, FinalLink], numbers: Set[EmployeeNumber]) -> frozenset[str]:
    return frozenset(link.employment.id for link in finals.values() if link.number in numbers)


def _reaches(paid: Sequence[Paid], link: FinalLink, start_date: date) -> bool:
    """Whether a salary takes over on or after the line, so that the whole chain has to be seen."""
    begins = (
        max(one.compensation.takes_effect, link.employment.start) for one in paid if one.compensation.category in SALARY
    )
    return any(day >= start_date for day in begins)


def _ours(tools: Tools, policy: Policy, finals: Mapping[PersonId, FinalLink]) -> frozenset[EmployeeNumber]:
    """Numbers to whom we once paid a component: what vanished in Personio is looked for in Loket (PAY-10)."""
    if not policy.pay.components:
        return frozenset()
    streams = {loket_stream(policy.entity.personio_id, link.number): link.number for link in finals.values()}
    return frozenset(
        streams[stream]
        for stream, history in telling(tools.log, streams).items()
        if any(not name.startswith("wage.") for name, _ in PayRecord.of(history).ours)
    )


def _amounts_told(paid: Sequence[Paid], link: FinalLink, policy: Policy) -> dict[Dated, Observed]:
    """Personio's own amounts, by the Loket field they travel to and the day they hold from."""
    amounts: dict[Dated, Observed] = {}
    for one in paid:
        pay = one.compensation
        component = component_of(pay, policy)
        if pay.category in SALARY:
            name: FieldPath | None = GROSS_WAGE
        elif component is None:
            name = None
        else:
            once = pay.category is CompensationCategory.ONE_TIME
            name = value_field(component.key) if once else benefit_field(component.key)
        if name is not None:
            begins = max(pay.takes_effect, link.employment.start)
            place = name, begins
            before = amounts.get(place) if pay.category is CompensationCategory.ONE_TIME else None
            amounts[place] = str(pay.amount + Decimal(before) if isinstance(before, str) else pay.amount)
            if one.until is not None and component is not None:
                amounts[benefit_end(component.key), begins] = one.until.isoformat()
    return amounts
