"""The payroll administrator at work in the simulated Loket."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from adapters.simulators.loket.authorizations import AuthorizationList
from adapters.simulators.loket.concepts import checked_concept
from adapters.simulators.loket.simulator import LoketSimulator
from adapters.simulators.loket.state import API_USER
from adapters.simulators.loket.store import Entity
from adapters.simulators.wire.faults import FaultKind
from adapters.simulators.wire.requests import RecordedRequest
from domain.attributes import CATALOGUE, CITIZEN_SERVICE_NUMBER, PAYMENT_IBAN, Kind
from domain.events.loket import WriteKind
from domain.planning.rights import NEEDED
from domain.settings import LegalEntity
from domain.snapshots import LoketEmployment
from domain.values import BLANK, FieldPath, Observed
from tests.support.faults import LoketFault
from tests.support.kinds import SAMPLES
from tests.support.offices import PayHeld, Unreadable

_KINDS = {row.field: row.kind for row in CATALOGUE} | {FieldPath("personalDetails.howToFormatLastName"): Kind.CODE}
_FAULTS = {
    LoketFault.REFUSED: FaultKind.REFUSE,
    LoketFault.FORBIDDEN: FaultKind.FORBIDDEN,
    LoketFault.WARNS: FaultKind.WARNING,
    LoketFault.BROKEN_RULE: FaultKind.FAILED_PART,
    LoketFault.UNANSWERED: FaultKind.RESET_AFTER,
    LoketFault.UNANSWERED_AND_LATE: FaultKind.RESET_AFTER,
    LoketFault.ERROR_AFTER: FaultKind.SERVER_ERROR_AFTER,
    LoketFault.BROKEN_OFF: FaultKind.TRUNCATED,
    LoketFault.WEB_PAGE: FaultKind.NOT_JSON,
    LoketFault.LOST: FaultKind.RESET_BEFORE,
    LoketFault.LOST_WITH_ERROR: FaultKind.SERVER_ERROR_BEFORE,
    LoketFault.TOKEN_EXPIRED: FaultKind.UNAUTHORIZED,
    LoketFault.BUSY: FaultKind.RATE_LIMITED,
}
_LISTS = {
    Unreadable.EMPLOYEES: "*/employers/*/employees",
    Unreadable.CONCEPTS: "*/conceptemployees",
    Unreadable.EMPLOYMENTS: "*/employments/minimized",
}


class SimulatedPayroll:
    """`PayrollOffice` on a `LoketSimulator`."""

    def __init__(self, simulator: LoketSimulator) -> None:
        self._simulator = simulator

    def add_employer(self, entity: LegalEntity) -> None:
        state, administration = self._simulator.state, entity.loket_payroll_administration_id
        if state.table("employers").get(entity.loket_employer_id) is None:
            self._simulator.add_employer(entity.loket_employer_id, administration_id=administration, name=entity.name)
        elif state.table("payrolladministrations").get(administration) is None:
            self._another_administration(entity, administration)

    def add_employee(
        self, entity: LegalEntity, number: int, fields: Mapping[FieldPath, Observed], *, start: date, income: int
    ) -> None:
        plain: dict[str, Any] = {path: _document_value(path, value) for path, value in fields.items()}
        bsn, iban = plain.pop(CITIZEN_SERVICE_NUMBER), plain.pop(PAYMENT_IBAN)
        self._simulator.add_employee(
            number,
            fields=plain,
            start_date=start,
            income_number=income,
            bsn=bsn,
            iban=iban,
            employer_id=entity.loket_employer_id,
        )

    def add_employment(
        self,
        entity: LegalEntity,
        number: int,
        income: int,
        start: date,
        end: date | None = None,
        *,
        iban: str,
        here: bool = True,
    ) -> None:
        employer = entity.loket_employer_id
        self._simulator.create_employment(
            number,
            start,
            income,
            iban=iban,
            administration_id=None if here else self._another_administration(entity),
            employer_id=employer,
        )
        if end is not None:
            self._simulator.terminate(number, end, income_number=income, employer_id=employer)

    def employments(self, entity: LegalEntity, number: int) -> tuple[LoketEmployment, ...]:
        held = self._simulator.employments(number, employer_id=entity.loket_employer_id)
        return tuple(
            LoketEmployment(
                one["id"],
                (one["payrollAdministration"] or {}).get("id"),
                one["incomeRelationshipNumber"],
                date.fromisoformat(one["startDate"]),
                date.fromisoformat(one["endDate"]) if one["endDate"] else None,
            )
            for one in held
        )

    def end_employment(self, entity: LegalEntity, number: int, end: date | None) -> None:
        if end is None:
            self._simulator.reinstate(number, employer_id=entity.loket_employer_id)
        else:
            self._simulator.terminate(number, end, employer_id=entity.loket_employer_id)

    def appoint_until(self, entity: LegalEntity, number: int, day: date) -> None:
        changes = {"commissionUntilDate": day.isoformat()}
        self._simulator.edit_employment(number, changes, employer_id=entity.loket_employer_id)

    def field(self, entity: LegalEntity, number: int, path: FieldPath) -> Observed:
        employer = entity.loket_employer_id
        if self._simulator.employee(number, employer_id=employer) is not None:
            return _observed(path, self._simulator.employee_field(number, path, employer_id=employer))
        inside = {"wage.grossWage": "wageData.grossWage", PAYMENT_IBAN: "iban"}.get(path, path)
        try:
            return _observed(path, self._simulator.concept_field(number, inside, employer_id=employer))
        except KeyError:
            return BLANK

    def set_field(self, entity: LegalEntity, number: int, path: FieldPath, value: Observed) -> None:
        changes: dict[str, Any] = {path: _document_value(path, value)}
        if self._simulator.employee(number, employer_id=entity.loket_employer_id) is None:
            self._simulator.edit_concept(number, changes)
        else:
            self._simulator.edit_employee(number, changes, employer_id=entity.loket_employer_id)

    def clear_address(self, entity: LegalEntity, number: int) -> None:
        self._simulator.edit_employee(number, {"address": None}, employer_id=entity.loket_employer_id)

    def iban(self, entity: LegalEntity, number: int, income: int | None = None) -> Observed:
        held = self._simulator.iban(number, income or 1, employer_id=entity.loket_employer_id)
        return BLANK if held is None else held

    def bic(self, entity: LegalEntity, number: int) -> Observed:
        held = self._records(entity, number, "paymentinformationsepa", 1)[0].data["bic"]
        return BLANK if held is None else str(held)

    def set_bic(self, entity: LegalEntity, number: int, bic: str) -> None:
        record = self._records(entity, number, "paymentinformationsepa", 1)[0]
        self._simulator.state.replace("paymentinformationsepa", record, record.data | {"bic": bic}, API_USER)

    def remove_account(self, entity: LegalEntity, number: int, *, suggests_component: bool) -> None:
        changes: dict[str, Any] = {PAYMENT_IBAN: None}
        self._simulator.edit_employee(number, changes, employer_id=entity.loket_employer_id)
        if not suggests_component:
            self._simulator.faults.add("forbidden", method="GET", path="*/paymentinformationsepa/defaults", times=0)

    def numbers(self, entity: LegalEntity) -> list[int]:
        return sorted(one["employeeNumber"] for one in self._simulator.employees(employer_id=entity.loket_employer_id))

    def concepts(self, entity: LegalEntity) -> list[int | None]:
        held = self._simulator.concepts(employer_id=entity.loket_employer_id)
        return [one["employeeData"]["employeeNumber"] for one in held]

    def add_concept(self, entity: LegalEntity, number: int) -> None:
        state, employer = self._simulator.state, entity.loket_employer_id
        draft = {
            "uniqueName": f"Leftover ({number})",
            "employeeData": {"employeeNumber": number, "personalDetails": {"lastName": "Leftover"}},
        }
        with state.lock:
            state.create("concepts", employer, checked_concept(state, employer, draft), None)

    def delete_concept(self, entity: LegalEntity, number: int) -> None:
        self._simulator.delete_concept(number)

    def finalise(self, entity: LegalEntity, number: int, under: int | None = None) -> None:
        self._simulator.finalise_concept(number, number=under)

    def add_fault(self, fault: LoketFault, *, number: int | None = None, messages: tuple[str, ...] = ()) -> None:
        if fault is LoketFault.UNANSWERED_AND_LATE:
            self._simulator.switches.concept_read_lag = 2.0
        person = self._simulator.employee(number) if number is not None else None
        path = f"*/employees/{person['id']}*" if person else "/v2/*"
        self._simulator.faults.add(_FAULTS[fault], method="PUT|POST|PATCH|DELETE", path=path, messages=messages)

    def add_wage(self, entity: LegalEntity, number: int, start: date, amount: Decimal, **more: object) -> None:
        full_time = more.pop("isGrossWageFullTime", True) is not False
        made = self._simulator.add_wage(
            number, start, float(amount), full_time=full_time, employer_id=entity.loket_employer_id
        )
        if more:
            record = self._simulator.state.table("wages").get(made)
            assert record is not None
            record.data = record.data | {name: float(str(value)) for name, value in more.items()}

    def set_wage(self, entity: LegalEntity, number: int, start: date, amount: Decimal) -> None:
        record = next(
            one for one in self._records(entity, number, "wages", 1) if one.data["startDate"] == start.isoformat()
        )
        self._simulator.state.replace("wages", record, record.data | {"grossWage": float(amount)}, API_USER)

    def wages(self, entity: LegalEntity, number: int, income: int = 1) -> dict[date, PayHeld]:
        return {
            date.fromisoformat(one.data["startDate"]): PayHeld(
                Decimal(str(one.data["grossWage"])),
                _date(one.data["endDate"]),
                (one.data["grossWageType"] or {}).get("key") == 2,
                {name: str(one.data[name]) for name in ("netWage", "employerCosts") if one.data[name] is not None},
            )
            for one in self._records(entity, number, "wages", income)
        }

    def set_hours(self, entity: LegalEntity, number: int, start: date, weekly: Decimal | None, full: Decimal) -> None:
        self._simulator.set_switch("full_time_hours", float(full))
        newest = self._records(entity, number, "workinghours", 1)[-1]
        own = None if weekly is None else float(weekly)
        if start.isoformat() <= newest.data["startDate"]:
            self._simulator.edit_working_hours(number, own, employer_id=entity.loket_employer_id)
        else:
            self._simulator.add_working_hours(number, start, own, employer_id=entity.loket_employer_id)

    def hide_hours(self, entity: LegalEntity, number: int) -> None:
        for one in self._records(entity, number, "workinghours", 1):
            self._simulator.state.delete("workinghours", one, API_USER)

    def hours(self, entity: LegalEntity, number: int) -> dict[date, Decimal | None]:
        return {
            date.fromisoformat(one.data["startDate"]): None
            if one.data["deviatingHoursPerWeek"] is None
            else Decimal(str(one.data["deviatingHoursPerWeek"]))
            for one in self._records(entity, number, "workinghours", 1)
        }

    def add_benefit(
        self,
        entity: LegalEntity,
        number: int,
        component: int,
        start: date,
        amount: Decimal,
        end: date | None = None,
    ) -> None:
        state = self._simulator.state
        benefit = {
            "payrollComponent": {"key": component},
            "startDate": start.isoformat(),
            "endDate": end.isoformat() if end else None,
            "value": float(amount),
        }
        with state.lock:
            state.create("benefitsanddeductions", self._employment_id(entity, number, 1), benefit, API_USER)

    def benefits(self, entity: LegalEntity, number: int, income: int = 1) -> dict[tuple[int, date], PayHeld]:
        return {
            (one.data["payrollComponent"]["key"], date.fromisoformat(one.data["startDate"])): PayHeld(
                Decimal(str(one.data["value"])), _date(one.data["endDate"])
            )
            for one in self._records(entity, number, "benefitsanddeductions", income)
        }

    def set_value(
        self, entity: LegalEntity, number: int, component: int, period: tuple[int, int], amount: Decimal
    ) -> None:
        """In a row of its own kind: shift 1, the regular payslip and the employer's first distribution unit."""
        state = self._simulator.state
        unit = state.table("distributionunits").of(entity.loket_employer_id)[0]
        row = {
            "payrollPeriod": {"year": period[0], "periodNumber": period[1]},
            "shift": {"shiftNumber": 1},
            "payslipType": {"key": 2},
            "distributionUnit": {"key": unit.id},
            "costCenter": None,
            "costUnit": None,
            "payslipText": None,
            "payrollComponents": [
                {"payrollComponent": {"key": component}, "value": float(amount), "isSupplement": False}
            ],
        }
        with state.lock:
            state.create("payrollperioddata", self._employment_id(entity, number, 1), row, API_USER)

    def values(self, entity: LegalEntity, number: int, income: int = 1) -> dict[tuple[int, tuple[int, int]], Decimal]:
        return {
            (
                each["payrollComponent"]["key"],
                (one.data["payrollPeriod"]["year"], one.data["payrollPeriod"]["periodNumber"]),
            ): Decimal(str(each["value"]))
            for one in self._records(entity, number, "payrollperioddata", income)
            for each in one.data["payrollComponents"]
        }

    def approve_period(self, period: tuple[int, int]) -> None:
        approved = self._simulator.switches.approved_periods | {period[0] * 100 + period[1]}
        self._simulator.set_switch("approved_periods", approved)

    def _employment_id(self, entity: LegalEntity, number: int, income: int) -> str:
        return next(one.id for one in self.employments(entity, number) if one.income_number == income)

    def _records(self, entity: LegalEntity, number: int, table: str, income: int) -> list[Entity]:
        return list(self._simulator.state.table(table).of(self._employment_id(entity, number, income)))

    def hide_employee(self, entity: LegalEntity, number: int) -> None:
        self._simulator.hide_employees(number, employer_id=entity.loket_employer_id)

    def withhold(self, *fields: FieldPath) -> None:
        self._simulator.withhold(*(field.rpartition(".")[2] for field in fields))

    def show_employees(self) -> None:
        self._simulator.show_all_employees()
        self._simulator.set_switch("concepts_listed", True)
        self._simulator.set_switch("pay_listed", True)

    def hide_concepts(self) -> None:
        self._simulator.set_switch("concepts_listed", False)

    def hide_pay(self) -> None:
        self._simulator.set_switch("pay_listed", False)

    def renumber_concept(self, entity: LegalEntity, number: int, to: int | None) -> None:
        self._simulator.edit_concept(number, {"employeeNumber": to})

    def renumber(self, entity: LegalEntity, number: int, to: int) -> None:
        self._simulator.edit_employee(number, {"employeeNumber": to}, employer_id=entity.loket_employer_id)

    def hide_employer(self) -> None:
        self._simulator.hide_employer()

    def hide_people_by_filter(self) -> None:
        self._simulator.set_saved_filter("ActiveEmployments")

    def forbid_bsn(self) -> None:
        self._simulator.revoke_bsn_right()

    def hide_versions(self) -> None:
        self._simulator.revoke_right("GetEmploymentVersionNumbers")

    def stop_versions(self, *, stand_still: bool) -> None:
        self._simulator.switches.versions_stand_still = stand_still

    def turn_back_versions(self) -> None:
        state = self._simulator.state
        state.version -= 50
        state.versions = {each: version - 50 for each, version in state.versions.items()}

    def forbid_audit_trail(self) -> None:
        self._simulator.revoke_right("GetEmployeeDataAuditTrailByEmployerId")

    def silence_audit_trail(self) -> None:
        self._simulator.silence_audit_trail()

    def forbid(self, kind: WriteKind) -> None:
        self._simulator.revoke_right(*(one.name for one in NEEDED[kind]))

    def show_rights(self) -> None:
        self._simulator.grant_right(*(one.name for kind in WriteKind for one in NEEDED[kind]))

    def spell_authorizations(self, form: AuthorizationList) -> None:
        self._simulator.set_switch("authorization_list", form.value)

    def withhold_authorizations(self) -> None:
        self._simulator.faults.add("forbidden", method="GET", path="*/authorizations", times=0)

    def reachable(self, yes: bool) -> None:
        self._simulator.faults.clear()
        if not yes:
            self._simulator.faults.add("reset_before", times=0)

    def unreadable(self, what: Unreadable) -> None:
        self._simulator.faults.add("server_error_before", method="GET", path=_LISTS[what], times=0)

    def unavailable_once(self) -> None:
        self._simulator.faults.add("unavailable", method="GET", path=_LISTS[Unreadable.EMPLOYEES])

    def writes(self) -> list[int | None]:
        return [self._number(request) for request in self._simulator.writes()]

    @property
    def promotions_attempted(self) -> int:
        return self._simulator.promotions_attempted

    def _number(self, request: RecordedRequest) -> int | None:
        if request.method == "POST" and request.path.endswith("/conceptemployees"):
            number: int | None = json.loads(request.body)["employeeData"].get("employeeNumber")
            return number
        return next((number for target, number in self._targets() if target in request.path), None)

    def _targets(self) -> Iterator[tuple[str, int | None]]:
        """Everything that can be written, with the number it is about."""
        state = self._simulator.state
        for concept in state.table("concepts"):
            yield concept.id, concept.data["employeeData"]["employeeNumber"]
        for person in state.table("employees"):
            number = person.data["employeeNumber"]
            yield person.id, number
            for employment in state.table("employments").of(person.id):
                yield employment.id, number
                for table in ("paymentinformationsepa", "wages", "benefitsanddeductions"):
                    for record in state.table(table).of(employment.id):
                        yield record.id, number

    def _another_administration(self, entity: LegalEntity, own_id: str | None = None) -> str:
        """A further payroll administration of the employer, with the make of the first."""
        state = self._simulator.state
        first = state.table("payrolladministrations").of(entity.loket_employer_id)[0]
        document = {key: value for key, value in first.data.items() if key != "id"}
        return state.create("payrolladministrations", entity.loket_employer_id, document, None, entity_id=own_id).id


def _document_value(path: FieldPath, value: Observed) -> Any:
    return SAMPLES[_KINDS.get(path, Kind.TEXT)].held(value) if isinstance(value, str) else None


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _observed(path: FieldPath, value: Any) -> Observed:
    return BLANK if value is None else SAMPLES[_KINDS.get(path, Kind.TEXT)].shown(value)
