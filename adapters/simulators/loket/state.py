"""Everything the simulated Loket knows: tables, audit trail, version counter, rights, switches."""

import random
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from adapters.simulators.loket.audit import AuditTrail, Origin, User
from adapters.simulators.loket.metadata import NET_WAGE_COMPONENT
from adapters.simulators.loket.store import Entity, Table
from adapters.simulators.loket.tokens import Tokens
from adapters.simulators.wire.envelope import Document

CHAINS = (
    "wages",
    "workinghours",
    "organizationalentities",
    "fiscalproperties",
    "socialsecurityconfigurations",
    "healthcareinsuranceactconfigurations",
    "otherPayrollVariables",
)
"""What hangs under an employment and follows itself without a gap."""
RECORDS = (*CHAINS, "benefitsanddeductions", "paymentinformationsepa", "payrollperioddata")
"""Everything that hangs under an employment."""

API_USER = User("0e000000-0000-4000-8000-000000000001", "Koppeling", "T.")
ADMINISTRATOR = User("0e000000-0000-4000-8000-000000000002", "Bakker", "P.")

_TABLES = (
    "employers",
    "payrolladministrations",
    "departments",
    "functions",
    "distributionunits",
    "employees",
    "concepts",
    "employments",
    "bsn",
    *RECORDS,
)


@dataclass(slots=True)
class Switches:
    """Readings of the contract that Loket leaves open, and what this tenant offers."""

    offer_bulk_reads: bool = False  # the reads known by name only: BSN, SEPA and others for a whole employer
    metadata_wrapper: str | None = "_embedded"  # "_embedded", "content" or None for the bare list
    stale_status: int = 409  # or 412
    concept_read_lag: float = 0.0  # seconds until a created concept shows up in reads
    keep_concept_id: bool = True  # does the screen give the employee the concept's id
    benefits_linked: bool = False  # the field text says linked, the general chapter says broken
    validate_only_status: int = 200  # what validation answers when there is something to say; 400 is possible too
    page_size_limit: int | None = None
    full_time_hours: float = 40.0  # of every shift; records keep what it was when they were made
    net_wage_component: int = NET_WAGE_COMPONENT
    approved_periods: frozenset[int] = frozenset()  # ids of payroll periods with an approved run: 202603
    concepts_listed: bool = True  # else the list of concept employees is empty, and complete, for the user's role
    pay_listed: bool = True  # else so are the lists of one employment's pay; those of everybody's go on
    versions_stand_still: bool = False  # a fault: data changes, and its version number does not
    authorization_list: str = "documented"  # or another of `authorizations.AuthorizationList`


class LoketState:
    """Guarded by `lock`; `lag` holds for the writes of the request being answered."""

    def __init__(self, now: Callable[[], datetime], seed: int) -> None:
        self.now = now
        self.lock = threading.RLock()
        self.switches = Switches()
        self.tables = {name: Table(now) for name in _TABLES}
        self.lag = 0.0
        self.revoked: set[str] = set()
        self.hidden: set[str] = set()
        self.out_of_role: set[str] = set()  # ids of employees whom the user's role keeps from sight
        self.withheld: set[str] = set()  # names of keys that no answer shows to the user
        self.filters: dict[str, Document] = {}
        self.audit = AuditTrail(now)
        self.version = 0
        self.versions: dict[str, int] = {}  # employer or employment id
        self.numbers: dict[str, dict[int, str]] = {}  # employer id, employee number, employee id
        self.promotions_attempted = 0
        self.obsolete: dict[str, str] = {}  # resource, date its current version ends
        self.today_override: date | None = None
        self._random = random.Random(seed)  # noqa: S311 (the same ids every time are the point)
        self.tokens = Tokens(now, lambda kind: f"{kind}-{self.new_id()}")

    def new_id(self) -> str:
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))

    def today(self) -> date:
        return self.today_override or self.now().astimezone(ZoneInfo("Europe/Amsterdam")).date()

    def table(self, name: str) -> Table:
        return self.tables[name]

    def create(
        self, table: str, parent: str, data: Document, by: User | None, *, entity_id: str | None = None
    ) -> Entity:
        """Stores a new object; `by` None is a load from before our time, without a trace in the audit trail."""
        entity = self.table(table).add(entity_id or self.new_id(), parent, data, lag=self.lag)
        if table == "employees":
            self.numbers.setdefault(parent, {})[entity.data["employeeNumber"]] = entity.id
        self._touched(table, entity, None, entity.data, by)
        return entity

    def replace(self, table: str, entity: Entity, data: Document, by: User, origin: Origin = Origin.USER) -> None:
        before = entity.data
        self.table(table).replace(entity, data, lag=self.lag)
        if table == "employees":
            numbers = self.numbers[entity.parent]
            if numbers.get(before["employeeNumber"]) == entity.id:
                del numbers[before["employeeNumber"]]
            numbers[entity.data["employeeNumber"]] = entity.id
        self._touched(table, entity, before, entity.data, by, origin)

    def delete(self, table: str, entity: Entity, by: User, origin: Origin = Origin.USER) -> None:
        self.table(table).remove(entity)
        if table == "employees":
            self.numbers[entity.parent].pop(entity.data["employeeNumber"], None)
        self._touched(table, entity, entity.data, None, by, origin)

    def employer_of(self, table: str, entity: Entity) -> str:
        if table in ("employees", "concepts", "departments", "functions", "distributionunits"):
            return entity.parent
        if table == "payrolladministrations":
            return entity.parent
        employee = self._employee_of(table, entity)
        return employee.parent if employee else entity.parent

    def employees_in_sight(self, employer_id: str) -> list[Entity]:
        """Whom the role of the signed-in user lets him see, in lists that show no sign of the others."""
        return [each for each in self.table("employees").of(employer_id) if each.id not in self.out_of_role]

    def in_sight(self, table: str, entity: Entity) -> bool:
        person = self._employee_of(table, entity)
        return person is None or person.id not in self.out_of_role

    def employments_of_employer(self, employer_id: str) -> list[Entity]:
        employments = self.table("employments")
        return [each for person in self.employees_in_sight(employer_id) for each in employments.of(person.id)]

    def must_get(self, table: str, entity_id: str) -> Entity:
        """For links we keep ourselves."""
        found = self.table(table).get(entity_id)
        if found is None:
            raise LookupError(f"no {table} with id {entity_id}")
        return found

    def _employee_of(self, table: str, entity: Entity) -> Entity | None:
        if table == "employees":
            return entity
        if table in ("employments", "bsn"):
            return self.table("employees").get(entity.parent)
        employment = self.table("employments").get(entity.parent)
        return self.table("employees").get(employment.parent) if employment else None

    def _touched(
        self,
        table: str,
        entity: Entity,
        before: Document | None,
        after: Document | None,
        by: User | None,
        origin: Origin = Origin.USER,
    ) -> None:
        """Counts the change (not of concepts, not of period data) and writes it into the audit trail."""
        if table == "concepts" or (before is not None and before == after):
            return
        person = self._employee_of(table, entity)
        if person is None:
            return
        if table != "payrollperioddata":
            self._count(person, entity, table)
        if by is not None:
            employment = self._employment_of(table, entity)
            employer = self.must_get("employers", person.parent).data
            self.audit.record(employer, person.data, employment, table, before, after, by, origin)

    def _count(self, person: Entity, entity: Entity, table: str) -> None:
        if self.switches.versions_stand_still:
            return
        self.version += 1
        self.versions[person.parent] = self.version
        employments = self.table("employments")
        if table in ("employees", "bsn"):
            touched = [each.id for each in employments.of(person.id)]
        else:
            touched = [entity.id if table == "employments" else entity.parent]
        for employment_id in touched:
            self.versions[employment_id] = self.version

    def _employment_of(self, table: str, entity: Entity) -> dict[str, Any] | None:
        if table in ("employees", "bsn"):
            return None
        if table == "employments":
            return entity.data
        return self.must_get("employments", entity.parent).data
