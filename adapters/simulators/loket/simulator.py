"""The simulated Loket: a real HTTP server with a payroll office behind it, all in memory.

    with LoketSimulator() as loket:
        loket.add_employee(4711, fields={"address.street": "Main St"}, wage=3200)
        httpx.post(f"{loket.url}/token", data={...})

Where Loket's documents are silent the harsher reading is taken: what a PUT leaves out becomes null, a call without a
version gets the oldest one, unknown option keys are refused. `switches` turns what two readings allow.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Self

from starlette.types import ASGIApp

from adapters.simulators.loket.access import Day
from adapters.simulators.loket.account import account
from adapters.simulators.loket.app import LoketDialect, Routes, loket_api
from adapters.simulators.loket.authorizations import authorizations_of
from adapters.simulators.loket.concepts import concepts
from adapters.simulators.loket.employments import employments
from adapters.simulators.loket.metadata import OPTIONS
from adapters.simulators.loket.office import LoketOffice
from adapters.simulators.loket.people import bsn_entity, checked_employee, people
from adapters.simulators.loket.periods import periods
from adapters.simulators.loket.reading import MAIN_ADMINISTRATION, MAIN_EMPLOYER
from adapters.simulators.loket.records import records
from adapters.simulators.loket.seed import new_employee, with_fields
from adapters.simulators.loket.state import LoketState, Switches
from adapters.simulators.loket.store import Entity
from adapters.simulators.loket.tokens import Rotation, Tokens
from adapters.simulators.wire.control import Action, steerable
from adapters.simulators.wire.faults import FaultQueue
from adapters.simulators.wire.requests import RecordedRequest, RequestLog
from adapters.simulators.wire.server import ServerThread, Startable

_STEERABLE = (
    "add_employer",
    "add_employee",
    "add_department",
    "finalise_concept",
    "delete_concept",
    "create_employment",
    "terminate",
    "reinstate",
    "edit_employee",
    "edit_employment",
    "edit_concept",
    "add_wage",
    "add_working_hours",
    "edit_working_hours",
    "edit_wage",
    "remove_employee",
    "set_today",
    "set_saved_filter",
    "hide_employer",
    "hide_employees",
    "show_all_employees",
    "withhold",
    "set_rotation",
    "add_concept",
    "open_self_service",
    "fill_in_concept",
    "revoke_bsn_right",
    "grant_bsn_right",
    "set_switch",
    "expire_access_tokens",
    "revoke_refresh_token",
    "announce_successor",
    "employee",
    "employees",
    "concept",
    "concepts",
    "employments",
    "wages",
    "bsn",
    "iban",
)


class LoketSimulator(LoketOffice, Startable):
    """Start it, or use it as a context manager; the same object holds the server, the state and the office."""

    def __init__(
        self,
        *,
        employer_id: str = MAIN_EMPLOYER,
        administration_id: str = MAIN_ADMINISTRATION,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        seed: int = 1,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        self.employer_id = employer_id
        self.administration_id = administration_id
        self.state = LoketState(now, seed)
        self.faults = FaultQueue()
        self.log = RequestLog()
        self.app = self._build_app()
        self._server = ServerThread(self.app, host=host, port=port)
        self.add_employer(employer_id, administration_id=administration_id)

    @property
    def url(self) -> str:
        """Host of the API and of `/token` and `/authorize`."""
        return self._server.url

    @property
    def token_url(self) -> str:
        return f"{self.url}/token"

    @property
    def requests(self) -> list[RecordedRequest]:
        return self.log.requests

    @property
    def tokens(self) -> Tokens:
        """`client_id`, `client_secret` and `refresh_token` that are accepted."""
        return self.state.tokens

    @property
    def switches(self) -> Switches:
        return self.state.switches

    def start(self) -> Self:
        self._server.start()
        return self

    def stop(self) -> None:
        self._server.stop()

    def add_employer(
        self,
        employer_id: str,
        *,
        administration_id: str,
        name: str = "Tulp Logistiek B.V.",
        period_type: int = 1,
    ) -> None:
        """An employer with one payroll administration, one department, function and distribution unit."""
        state = self.state
        with state.lock:
            number = 1001 + len(list(state.table("employers")))
            employer = {"employerNumber": number, "companyName": name, "chamberOfCommerceNumber": None, "address": None}
            state.create("employers", "", employer, None, entity_id=employer_id)
            kind = next(each for each in OPTIONS["payrollPeriodType"] if each["key"] == period_type)
            administration = {
                "name": name,
                "description": name,
                "clientNumber": number,
                "payrollPeriodType": kind,
                "payrollTaxesNumber": "001234567L01",
                "startDate": "2020-01-01",
                "endDate": None,
                "groupCode": 1,
            }
            state.create("payrolladministrations", employer_id, administration, None, entity_id=administration_id)
            self.add_department("Algemeen", employer_id=employer_id)
            state.create("functions", employer_id, {"description": "Medewerker", "group": None}, None)
            state.create("distributionunits", employer_id, {"description": "Standaard"}, None)

    def add_department(self, description: str, *, employer_id: str | None = None) -> str:
        with self.state.lock:
            employer = employer_id or self.employer_id
            code = 1 + len(self.state.table("departments").of(employer))
            department = {"code": code, "description": description, "emailLeaveRequest": None, "subDepartmentOf": None}
            return self.state.create("departments", employer, department, None).id

    def add_employee(
        self,
        number: int,
        *,
        fields: Mapping[str, Any] | None = None,
        start_date: Day = "2024-01-01",
        income_number: int = 1,
        end_date: Day | None = None,
        wage: float | None = None,
        hours_per_week: float | None = None,
        bsn: str | None = None,
        iban: str | None = None,
        employments: Sequence[Mapping[str, Any]] | None = None,
        employee_id: str | None = None,
        administration_id: str | None = None,
        employer_id: str | None = None,
    ) -> str:
        """Someone who was in Loket before anyone looked (nothing in the audit trail); answers the employee's id.

        `fields` are Loket paths (`address.street`, `personalDetails.gender`: coded fields take the key). One
        employment is made from the keywords, unless `employments` lists them (empty for none): `start_date`,
        `income_number`, and as wanted `end_date`, `wage`, `hours_per_week`, `iban`, `administration_id`,
        `employment_id`, `fields`.
        """
        state = self.state
        with state.lock:
            parent = employer_id or self.employer_id
            document = with_fields(new_employee(number), fields or {})
            data = checked_employee(state, document, Entity(employee_id or "", parent, {}))
            person = state.create("employees", parent, data, None, entity_id=employee_id)
            bsn_entity(state, person.id).data["citizenServiceNumber"] = bsn
            single = {"start_date": start_date, "income_number": income_number, "end_date": end_date, "wage": wage} | {
                "hours_per_week": hours_per_week,
                "iban": iban,
                "administration_id": administration_id,
            }
            for each in [single] if employments is None else employments:
                self._load_employment(person, each)
            return person.id

    def count(self, method: str = "*", path: str = "*", *, status: int | None = None) -> int:
        """Requests of this method and path pattern so far."""
        return self.log.count(method, path, status=status)

    def writes(self) -> tuple[RecordedRequest, ...]:
        """Every request that asked Loket to change something: no reads, sign-ins or validations."""
        return tuple(
            each
            for each in tuple(self.requests)
            if each.method not in ("GET", "HEAD")
            and each.path != "/token"
            and each.headers.get("x-validateonly", "").lower() != "true"
        )

    def set_switch(self, name: str, value: Any) -> None:
        if not hasattr(self.switches, name):
            raise KeyError(f"no switch {name}")
        setattr(self.switches, name, value)

    def expire_access_tokens(self) -> None:
        self.tokens.expire_access_tokens()

    def set_rotation(self, rotation: str) -> None:
        """What becomes of used refresh tokens: a value of `Rotation`."""
        self.tokens.rotation = Rotation(rotation)

    def revoke_refresh_token(self) -> None:
        self.tokens.revoke_refresh_token()

    def announce_successor(self, resource: str, obsolete_date: Day) -> None:
        """From now on answers of `employee`, `employment`, `authorizations` or `other` carry an obsolete date."""
        self.state.obsolete[resource] = str(obsolete_date)

    def _load_employment(self, person: Entity, given: Mapping[str, Any]) -> None:
        employment = self._employ(
            person,
            str(given["start_date"]),
            given.get("income_number", 1),
            by=None,
            administration_id=given.get("administration_id"),
            wage=given.get("wage"),
            hours=given.get("hours_per_week"),
            iban=given.get("iban"),
            employment_id=given.get("employment_id"),
            fields=given.get("fields"),
        )
        if given.get("end_date"):
            end = str(given["end_date"])
            employment.data |= {"endDate": end, "endOfEmploymentReason": {"key": 8, "value": "Overig"}}
            employment.data |= {"endOfEmploymentDueToIllness": False}
            for table in ("wages", "workinghours"):
                for record in self.state.table(table).of(employment.id):
                    record.data["endDate"] = end

    def _build_app(self) -> ASGIApp:
        routes = Routes()
        for each in (people, concepts, employments, records, periods, account):
            routes.include(each)
        routes.include(authorizations_of(routes))
        actions: dict[str, Action] = {name: getattr(self, name) for name in _STEERABLE}
        return steerable(
            loket_api(self.state, routes),
            faults=self.faults,
            requests=self.log,
            dialect=LoketDialect(),
            actions=actions,
            now=self.state.now,
        )
