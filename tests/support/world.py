"""One world for every scenario: people in two systems, the product between them, and what can be seen from outside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Protocol, TypeVar
from zoneinfo import ZoneInfo

from domain.attributes import EMPLOYEE_NUMBER, Role, catalogue
from domain.errors import ImplausibleRead, ReadFailed
from domain.log import Fact, Recorded
from domain.ports import Claim
from domain.services.drift.check import DriftReport, check_drift
from domain.services.drift.human_decisions import Deciding
from domain.services.journal import Journal, Tools
from domain.services.read_employee import about_them
from domain.services.release_employee import release_employee
from domain.services.sync.preview import Preview, preview
from domain.services.sync.report import PersonOutcome, RunReport
from domain.services.sync.run import run_sync
from domain.services.tasks.take import Taking
from domain.services.tasks.validate import Validation, validate
from domain.settings import (
    AbsentIsBlank,
    AmountBasis,
    LegalEntity,
    PayComponent,
    PaySettings,
    Policy,
    RuleSettings,
    WeeklyHours,
)
from domain.streams import loket_stream
from domain.values import Actor, EmployeeNumber, FieldPath, LegalEntityId, Observed, PersonId, RunId
from tests.support.colleagues import Colleague, colleague
from tests.support.interposed import Interposed, ProcessDied
from tests.support.kinds import CUSTOM_ROLES, in_loket
from tests.support.offices import HrOffice, PayrollOffice

AMSTERDAM: Final = ZoneInfo("Europe/Amsterdam")
LONG_AGO: Final = date(2020, 1, 1)
NINE: Final = time(9)
ADDITION: Final = Role("house_number_addition")
ALL_ROLES: Final = CUSTOM_ROLES

TULP: Final = LegalEntity(
    personio_id=LegalEntityId("170"),
    name="Tulp Logistiek",
    loket_employer_id="9a7e2b1c-0000-4000-8000-000000000001",
    loket_payroll_administration_id="54aa2b1c-0000-4000-8000-000000000001",
    compensation_start_date=date(2026, 1, 1),
)
ROOS: Final = LegalEntity(
    personio_id=LegalEntityId("171"),
    name="Roos Retail",
    loket_employer_id="9a7e2b1c-0000-4000-8000-000000000002",
    loket_payroll_administration_id="54aa2b1c-0000-4000-8000-000000000002",
    compensation_start_date=date(2026, 1, 1),
)
TULP_SHOPS: Final = replace(
    TULP,
    personio_id=LegalEntityId("172"),
    name="Tulp Winkels",
    loket_payroll_administration_id="54aa2b1c-0000-4000-8000-000000000003",
)
"""Another payroll administration of the same employer."""
LAVENDEL: Final = "900"  # "Lavendel GmbH", a legal entity without the integration
ENTITIES: Final = {one.name: one for one in (TULP, ROOS, TULP_SHOPS)}

FactType = TypeVar("FactType", bound=Fact)


class WorldClock:
    """Stands still between steps; sleeping moves it, so that nobody waits."""

    def __init__(self) -> None:
        self._now = datetime.combine(date(2026, 2, 1), NINE, AMSTERDAM).astimezone(UTC)

    def now(self) -> datetime:
        return self._now

    def today(self) -> date:
        return self._now.astimezone(AMSTERDAM).date()

    def sleep(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)

    def travel(self, day: date, at: time = NINE) -> None:
        self._now = datetime.combine(day, at, AMSTERDAM).astimezone(UTC)

    def monotonic(self) -> float:
        return self._now.timestamp()


class Wiring(Protocol):
    """One of the two worlds: the people's side of both systems, and the product's tools against them."""

    @property
    def clock(self) -> WorldClock: ...

    @property
    def hr(self) -> HrOffice: ...

    @property
    def payroll(self) -> PayrollOffice: ...

    def tools(self, *, mapped: frozenset[Role], lists_attributes: bool) -> Tools:
        """The product's ports, the same ones each time."""
        ...

    def close(self) -> None: ...


@dataclass(slots=True)
class World:
    wiring: Wiring
    rules: RuleSettings = field(default_factory=RuleSettings)
    mapped: frozenset[Role] = ALL_ROLES
    keys: dict[Role, dict[str, str]] = field(default_factory=dict)  # Loket's for each word, where not by default
    leave_counts_as_active: bool | None = None
    pay_from: date | None = None  # the compensation start date; None: final employees receive no pay
    compensation_types: frozenset[str] | None = None
    amounts_are: AmountBasis = AmountBasis.UNDECIDED
    months_ahead: int = 12
    weekly_hours: WeeklyHours = WeeklyHours.COMPARE
    components: dict[str, PayComponent] = field(default_factory=dict)
    people: dict[str, Colleague] = field(default_factory=dict)
    hired: dict[str, Colleague] = field(default_factory=dict)  # as they were at first
    elsewhere: PersonId | None = None  # a colleague of whom Personio shows every attribute
    loket: Interposed | None = None
    report: RunReport | None = None
    seen: Preview | None = None
    checked: DriftReport | None = None
    refusal: str = ""  # why the last drift check concluded nothing
    allow_accepted_drift: bool = False
    between_full_reads: bool = True
    configured_employer: LegalEntity | None = None  # whose employer in Loket the configuration names by mistake
    _writes_before: int = 0
    _events_before: int = 0
    _runs: int = 0
    _held: list[AbstractContextManager[Claim]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for entity in ENTITIES.values():
            self.hr.add_legal_entity(entity.personio_id, "NL")
            self.payroll.add_employer(entity)
        self.hr.add_legal_entity(LAVENDEL, "DE")

    @property
    def hr(self) -> HrOffice:
        return self.wiring.hr

    @property
    def payroll(self) -> PayrollOffice:
        return self.wiring.payroll

    @property
    def clock(self) -> WorldClock:
        return self.wiring.clock

    # --- people ---

    def hire(self, name: str, *, entity: LegalEntity = TULP, number: int | None = None) -> Colleague:
        """In Personio, Active and considered, with nothing missing."""
        one = colleague(name, len(self.people), entity=entity, number=number)
        person = self.hr.add_person(one.values, entity=entity.personio_id, start=one.start)
        self.people[name] = one = replace(one, person=person)
        self.hired[name] = replace(one, values=dict(one.values))
        return one

    def employ(self, name: str, *, entity: LegalEntity = TULP, number: int | None = None) -> Colleague:
        """In both systems, and equal in them."""
        one = self.hire(name, entity=entity, number=number)
        self.add_to_loket(one)
        return one

    def add_to_loket(self, one: Colleague) -> None:
        self.payroll.add_employee(one.entity, one.number, in_loket(one.values), start=one.start, income=1)

    def employ_elsewhere(self) -> None:
        """In a legal entity without the integration: somebody of whom Personio shows every attribute, with a value."""
        one = colleague("Greta", 900, entity=TULP)
        values = one.values | {ADDITION: "B"}
        self.elsewhere = self.hr.add_person(values, entity=LAVENDEL, start=one.start)

    def only_in_loket(self, name: str) -> Colleague:
        self.people[name] = one = colleague(name, len(self.people), entity=TULP)
        self.add_to_loket(one)
        return one

    def edit(self, name: str, role: Role, value: Observed, *, since: date | None = None) -> None:
        """In Personio, as of today unless told otherwise. The number Loket knows the person by stays what it was."""
        one = self.people[name]
        assert one.person is not None
        self.hr.edit(one.person, role, value, since or self.clock.today())
        if role == EMPLOYEE_NUMBER and isinstance(value, str) and value.strip().isdigit():
            self.people[name] = replace(one, number=int(value))
        self.people[name].values[role] = value

    def loket_field(self, name: str, path: FieldPath) -> Observed:
        one = self.people[name]
        return self.payroll.field(one.entity, one.number, path)

    # --- the product ---

    def policy(self, entity: LegalEntity = TULP) -> Policy:
        chosen = replace(
            entity,
            compensation_start_date=self.pay_from,
            compensation_types=self.compensation_types,
            leave_counts_as_active=self.leave_counts_as_active,
        )
        chosen = replace(chosen, allow_accepted_drift=self.allow_accepted_drift)
        if self.configured_employer is not None:
            chosen = replace(
                chosen,
                loket_employer_id=self.configured_employer.loket_employer_id,
                loket_payroll_administration_id=self.configured_employer.loket_payroll_administration_id,
            )
        beside = (one for one in ENTITIES.values() if one.loket_employer_id == entity.loket_employer_id)
        return Policy(
            chosen,
            catalogue(self.mapped, keys=self.keys),
            rules=self.rules,
            between_full_reads=self.between_full_reads,
            pay=PaySettings(self.components, self.months_ahead, self.amounts_are, self.weekly_hours),
            enabled_beside=frozenset(one.personio_id for one in ENTITIES.values()) - {entity.personio_id},
            same_employer=frozenset(one.personio_id for one in beside) - {entity.personio_id},
        )

    def tools(self) -> Tools:
        always = self.rules.absent_is_blank is AbsentIsBlank.ALWAYS
        tools = self.wiring.tools(mapped=self.mapped, lists_attributes=always)
        self.loket = self.loket or Interposed(tools.loket)
        return replace(tools, loket=self.loket)

    def hooks(self) -> Interposed:
        """What may happen while the product is at work."""
        self.tools()
        assert self.loket is not None
        return self.loket

    def run(
        self,
        day: date,
        at: time = NINE,
        *,
        entity: LegalEntity = TULP,
        actor: str = "Anna",
        confirm: str | None = None,
        accept_read: str | None = None,
        only: frozenset[EmployeeNumber] | None = None,
        only_if: str | None = None,
    ) -> RunReport | None:
        """One sync, of `only` these numbers in a pilot; None when its process died."""
        self.clock.travel(day, at)
        self._writes_before = len(self.payroll.writes())
        self._runs += 1
        run_id = RunId(f"run-{self._runs}")
        tools = self.tools()
        self._events_before = tools.log.size()
        try:
            policy = replace(self.policy(entity), only=only)
            self.report = run_sync(
                policy,
                tools,
                actor=Actor(actor),
                run_id=run_id,
                confirm=confirm,
                accept_read=accept_read,
                only_if=only_if,
            )
        except ProcessDied:
            self.report = None
        return self.report

    def look(self, day: date, *, entity: LegalEntity = TULP) -> Preview | None:
        """A plan, which is also the list of people and their findings."""
        self.clock.travel(day)
        self._writes_before = len(self.payroll.writes())
        self.seen, self.refusal = None, ""
        try:
            self.seen = preview(self.policy(entity), self.tools())
        except ImplausibleRead as reason:
            self.refusal = str(reason)
        return self.seen

    def validate(self, day: date, *, entity: LegalEntity = TULP, actor: str = "Anna") -> Validation | None:
        """One validation; None when it could not read everything."""
        self.clock.travel(day)
        self._writes_before = len(self.payroll.writes())
        self._runs += 1
        check_id = RunId(f"validation-{self._runs}")
        self.seen, self.refusal = None, ""
        try:
            made = validate(self.policy(entity), self.tools(), actor=Actor(actor), check_id=check_id)
        except ReadFailed as reason:
            self.refusal = str(reason)
            return None
        self.seen = made.preview
        return made

    def taking(self, actor: str, *, entity: LegalEntity = TULP) -> Taking:
        """Someone about to take a task."""
        self._runs += 1
        correlation = f"task-{self._runs}"
        return Taking(entity=entity.personio_id, actor=Actor(actor), tools=self.tools(), correlation=correlation)

    def check(self, day: date, *, entity: LegalEntity = TULP) -> DriftReport | None:
        """One drift check; None when it could not read everything."""
        self.clock.travel(day)
        self._writes_before = len(self.payroll.writes())
        self._runs += 1
        check_id = RunId(f"check-{self._runs}")
        self.refusal = ""
        try:
            self.checked = check_drift(self.policy(entity), self.tools(), actor=Actor("Anna"), check_id=check_id)
        except ReadFailed as reason:
            self.checked, self.refusal = None, str(reason)
        return self.checked

    def deciding(self, reason: str, *, actor: str = "Fatima", entity: LegalEntity = TULP) -> Deciding:
        """Someone about to decide about a difference."""
        self._runs += 1
        journal = Journal(tools=self.tools(), actor=Actor(actor), correlation=f"decision-{self._runs}")
        return Deciding(self.policy(entity), journal, reason)

    def release_employee(self, name: str, reason: str, *, actor: str) -> None:
        """Somebody says that Loket really removed the employee. Raises what the product answers."""
        one = self.people[name]
        self._runs += 1
        journal = Journal(tools=self.tools(), actor=Actor(actor), correlation=f"decision-{self._runs}")
        release_employee(self.policy(one.entity), journal, EmployeeNumber(one.number), reason=reason)

    def hold(self, entity: LegalEntity) -> None:
        """Another run of this legal entity begins."""
        claim = self.tools().claims.claim(entity.personio_id, RunId("run-of-someone-else"))
        claim.__enter__()
        self._held.append(claim)

    def release(self) -> None:
        while self._held:
            self._held.pop().__exit__(None, None, None)

    # --- what can be seen ---

    def last_report(self) -> RunReport:
        assert self.report is not None, "no sync has come to an end in this scenario"
        return self.report

    def outcomes(self, person: PersonId | None) -> tuple[PersonOutcome, ...]:
        return tuple(one for one in self.last_report().outcomes if one.person == person)

    def writes(self) -> Sequence[int | None]:
        """What reached Loket since the last run or look began: the numbers it was about."""
        return self.payroll.writes()[self._writes_before :]

    def news(self) -> Sequence[Recorded]:
        """What the log holds since the last run began, sealed."""
        return self.tools().log.page(self._events_before - 1, 100_000)

    def history(self, name: str) -> tuple[Recorded, ...]:
        """What the history view tells of a person's number, opened."""
        one, tools = self.people[name], self.tools()
        tools.views.catch_up()
        entity, number = one.entity.personio_id, EmployeeNumber(one.number)
        opened = tools.vault.opened(tools.log.at(tools.views.history.positions(entity, number)))
        return about_them(opened, number, tools.views.history.carried(entity, number))

    def everything(self) -> tuple[Recorded, ...]:
        tools = self.tools()
        return tools.vault.opened(tools.log.page(-1, 100_000))

    def own_stream(self, name: str) -> str:
        one = self.people[name]
        return loket_stream(one.entity.personio_id, EmployeeNumber(one.number))

    def close(self) -> None:
        self.release()
        self.wiring.close()


def facts(recorded: Iterable[Recorded], kind: type[FactType]) -> list[FactType]:
    return [one.fact for one in recorded if isinstance(one.fact, kind)]


def person(world: World, name: str) -> PersonId:
    """Who they are in Personio."""
    found = world.people[name].person
    assert found
    return found
