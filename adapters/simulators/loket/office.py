"""What people do in Loket's own screens: the payroll administrator's work, outside the API surface."""

import uuid
from collections.abc import Mapping
from typing import Any

from adapters.simulators.loket.access import Day, LoketAccess
from adapters.simulators.loket.audit import User
from adapters.simulators.loket.chains import append, chain
from adapters.simulators.loket.concepts import checked_concept, promoted_employee
from adapters.simulators.loket.employments import new_employment, reinstate, terminate
from adapters.simulators.loket.people import bsn_entity, checked_employee
from adapters.simulators.loket.records import ACCOUNTS, CHAINED
from adapters.simulators.loket.records import with_computed_fields as complete
from adapters.simulators.loket.schema import CONCEPT
from adapters.simulators.loket.schema_employment import EMPLOYMENT
from adapters.simulators.loket.seed import new_account, new_wage, new_working_hours, with_fields
from adapters.simulators.loket.state import ADMINISTRATOR
from adapters.simulators.loket.store import Entity
from adapters.simulators.wire.envelope import Document

_WAGES, _HOURS = CHAINED[0], CHAINED[1]


class LoketOffice(LoketAccess):
    """Each action is also a control action of the same name; `by` names who did it in the audit trail."""

    def finalise_concept(
        self,
        concept: int | str,
        *,
        number: int | None = None,
        start_date: Day | None = None,
        income_number: int | None = None,
        keep_id: bool | None = None,
        details: Mapping[str, Any] | None = None,
        hours_per_week: float | None = None,
        by: str | None = None,
    ) -> str:
        """Promotes a concept (by its number or id) on the "Create new employee" screen; answers the employee's id.

        `number` finalises under another employee number; `details` are personal details the administrator fills in
        where the concept has none.
        """
        state, who = self.state, _user(by)
        with state.lock:
            draft = self._concept(concept, None)
            filled_in = {"initials": "X.", "dateOfBirth": "1990-01-01", "gender": {"key": 1}} | {
                "howToFormatLastName": {"key": 1}
            }
            person = promoted_employee(state, draft, number=number, filled_in=filled_in | dict(details or {}))
            keep = state.switches.keep_concept_id if keep_id is None else keep_id
            bsn = bsn_entity(state, draft.id).data["citizenServiceNumber"]
            state.delete("concepts", draft, who)
            created = state.create("employees", draft.parent, person, who, entity_id=draft.id if keep else None)
            state.replace("bsn", bsn_entity(state, created.id), {"citizenServiceNumber": bsn}, who)
            planned = draft.data["employmentData"] or {}
            wage = draft.data["wageData"] or {}
            hours = (draft.data["workingHoursData"] or {}).get("deviatingHoursPerWeek")
            self._employ(
                created,
                str(start_date or planned.get("startDate") or state.today()),
                income_number or planned.get("incomeRelationshipNumber") or 1,
                by=who,
                administration_id=(planned.get("payrollAdministration") or {}).get("id"),
                wage=wage.get("grossWage"),
                hours=hours_per_week or hours,
                iban=draft.data["employeeData"]["iban"],
            )
            return created.id

    def delete_concept(self, concept: int | str, *, by: str | None = None) -> None:
        with self.state.lock:
            self.state.delete("concepts", self._concept(concept, None), _user(by))

    def create_employment(
        self,
        number: int,
        start_date: Day,
        income_number: int,
        *,
        administration_id: str | None = None,
        wage: float | None = None,
        hours_per_week: float | None = None,
        iban: str | None = None,
        employer_id: str | None = None,
        by: str | None = None,
    ) -> str:
        """A further employment of someone who is already in Loket; answers its id."""
        with self.state.lock:
            return self._employ(
                self._employee(number, employer_id),
                str(start_date),
                income_number,
                by=_user(by),
                administration_id=administration_id,
                wage=wage,
                hours=hours_per_week,
                iban=iban,
            ).id

    def terminate(
        self,
        number: int,
        end_date: Day,
        *,
        income_number: int = 1,
        reason: int = 8,
        tax_reason: int = 1,
        due_to_illness: bool = False,
        employer_id: str | None = None,
        by: str | None = None,
    ) -> None:
        """Ends an employment: in the past, today or in the future; called again it moves the end."""
        terms: Document = {
            "endDate": str(end_date),
            "endOfEmploymentReason": {"key": reason},
            "endOfEmploymentReasonTaxAuthorities": {"key": tax_reason},
            "endOfEmploymentDueToIllness": due_to_illness,
        }
        with self.state.lock:
            terminate(self.state, self._employment(number, income_number, employer_id), terms, _user(by))

    def reinstate(
        self, number: int, *, income_number: int = 1, employer_id: str | None = None, by: str | None = None
    ) -> None:
        with self.state.lock:
            reinstate(self.state, self._employment(number, income_number, employer_id), _user(by))

    def edit_employee(
        self, number: int, changes: Mapping[str, Any], *, employer_id: str | None = None, by: str | None = None
    ) -> None:
        """Sets fields by dotted path, as someone at the screen; a coded field takes its key, None clears.

        `citizenServiceNumber` and `paymentInformationSepa.iban` are set where Loket keeps them.
        """
        state, who = self.state, _user(by)
        with state.lock:
            person = self._employee(number, employer_id)
            own = dict(changes)
            if "citizenServiceNumber" in own:
                bsn = {"citizenServiceNumber": own.pop("citizenServiceNumber")}
                state.replace("bsn", bsn_entity(state, person.id), bsn, who)
            if "paymentInformationSepa.iban" in own:
                self._set_iban(
                    state.table("employments").of(person.id)[-1], own.pop("paymentInformationSepa.iban"), who
                )
            if own:
                state.replace("employees", person, checked_employee(state, with_fields(person.data, own), person), who)

    def edit_employment(
        self,
        number: int,
        changes: Mapping[str, Any],
        *,
        income_number: int = 1,
        employer_id: str | None = None,
        by: str | None = None,
    ) -> None:
        """Sets fields of an employment, `incomeRelationshipNumber`, `startDate` and `commissionUntilDate` included."""
        with self.state.lock:
            found = self._employment(number, income_number, employer_id)
            self.state.replace("employments", found, with_fields(found.data, changes, EMPLOYMENT), _user(by))

    def edit_concept(self, concept: int | str, changes: Mapping[str, Any], *, by: str | None = None) -> None:
        """Sets fields below `employeeData` by dotted path."""
        with self.state.lock:
            found = self._concept(concept, None)
            employee = with_fields(found.data["employeeData"], changes, CONCEPT.fields["employeeData"])
            self.state.replace("concepts", found, found.data | {"employeeData": employee}, _user(by))

    def add_concept(self, number: int, *, last_name: str = "Bos", employer_id: str | None = None) -> str:
        """A draft that somebody typed into Loket; answers its id."""
        state, parent = self.state, employer_id or self.employer_id
        with state.lock:
            typed = {"personalDetails": {"lastName": last_name}, "employeeNumber": number}
            body = {"uniqueName": f"{last_name} ({number})", "employeeData": typed}
            return state.create("concepts", parent, checked_concept(state, parent, body), ADMINISTRATOR).id

    def open_self_service(self, concept: int | str, status: str = "HasAccessToClient") -> None:
        """Lets the new hire into the concept, to fill it in himself before anyone finalises it."""
        with self.state.lock:
            found = self._concept(concept, None)
            self.state.replace("concepts", found, found.data | {"selfService": {"status": status}}, ADMINISTRATOR)

    def fill_in_concept(self, concept: int | str, changes: Mapping[str, Any]) -> None:
        """What the new hire enters in self-service: fields below `employeeData` by dotted path."""
        found = self._concept(concept, None)
        if found.data["selfService"]["status"] != "HasAccessToClient":
            raise ValueError("the new hire was not let in: open_self_service first")
        self.edit_concept(concept, changes, by="new hire")

    def add_wage(
        self,
        number: int,
        start_date: Day,
        gross_wage: float,
        *,
        income_number: int = 1,
        full_time: bool = True,
        employer_id: str | None = None,
        by: str | None = None,
    ) -> str:
        """A newer wage record; the one before it ends the day before. Answers the record's id."""
        with self.state.lock:
            employment = self._employment(number, income_number, employer_id)
            wage = new_wage(str(start_date), gross_wage, isGrossWageFullTime=full_time)
            return append(self.state, "wages", employment, complete(self.state, _WAGES, employment, wage), _user(by)).id

    def add_working_hours(
        self,
        number: int,
        start_date: Day,
        hours_per_week: float | None,
        *,
        income_number: int = 1,
        employer_id: str | None = None,
        by: str | None = None,
    ) -> str:
        """Newer working hours (None: the full-time hours of the shift); the record before ends the day before."""
        with self.state.lock:
            employment = self._employment(number, income_number, employer_id)
            hours = complete(self.state, _HOURS, employment, new_working_hours(str(start_date), hours_per_week))
            return append(self.state, "workinghours", employment, hours, _user(by)).id

    def edit_working_hours(
        self,
        number: int,
        hours_per_week: float | None,
        *,
        income_number: int = 1,
        employer_id: str | None = None,
        by: str | None = None,
    ) -> None:
        """Changes the newest working hours in place."""
        with self.state.lock:
            employment = self._employment(number, income_number, employer_id)
            newest = chain(self.state, "workinghours", employment.id)[-1]
            data = newest.data | {"deviatingHoursPerWeek": hours_per_week}
            self.state.replace("workinghours", newest, complete(self.state, _HOURS, employment, data), _user(by))

    def edit_wage(
        self,
        number: int,
        gross_wage: float,
        *,
        income_number: int = 1,
        employer_id: str | None = None,
        by: str | None = None,
    ) -> None:
        """Changes the newest wage record in place."""
        with self.state.lock:
            newest = chain(self.state, "wages", self._employment(number, income_number, employer_id).id)[-1]
            self.state.replace("wages", newest, newest.data | {"grossWage": gross_wage}, _user(by))

    def remove_employee(self, number: int, *, employer_id: str | None = None, by: str | None = None) -> None:
        """Takes someone out of Loket altogether, employments included."""
        with self.state.lock:
            person = self._employee(number, employer_id)
            for employment in self.state.table("employments").of(person.id):
                self.state.delete("employments", employment, _user(by))
            self.state.delete("employees", person, _user(by))

    def _employ(
        self,
        person: Entity,
        start: str,
        income_number: int,
        *,
        by: User | None,
        administration_id: str | None = None,
        wage: float | None = None,
        hours: float | None = None,
        iban: str | None = None,
        employment_id: str | None = None,
        fields: Mapping[str, Any] | None = None,
    ) -> Entity:
        state = self.state
        own = state.table("payrolladministrations")
        administration = own.get(administration_id) if administration_id else own.of(person.parent)[0]
        if administration is None:
            raise KeyError(f"no payroll administration {administration_id}")
        data = with_fields(new_employment(state, administration, start, income_number, {}), fields or {}, EMPLOYMENT)
        employment = state.create("employments", person.id, data, by, entity_id=employment_id)
        if wage is not None:
            append(state, "wages", employment, complete(state, _WAGES, employment, new_wage(start, wage)), by)
        schedule = complete(state, _HOURS, employment, new_working_hours(start, hours))
        append(state, "workinghours", employment, schedule, by)
        if iban is not None:
            account = new_account(iban, state.switches.net_wage_component)
            state.create("paymentinformationsepa", employment.id, complete(state, ACCOUNTS, employment, account), by)
        return employment

    def _set_iban(self, employment: Entity, iban: str | None, by: User) -> None:
        state = self.state
        component = state.switches.net_wage_component
        accounts = state.table("paymentinformationsepa").of(employment.id)
        found = next((each for each in accounts if each.data["payrollComponent"]["key"] == component), None)
        if iban is None and found:
            state.delete("paymentinformationsepa", found, by)
        elif iban is not None and found:
            state.replace("paymentinformationsepa", found, found.data | {"iban": iban}, by)
        elif iban is not None:
            account = complete(state, ACCOUNTS, employment, new_account(iban, component))
            state.create("paymentinformationsepa", employment.id, account, by)


def _user(name: str | None) -> User:
    if name is None:
        return ADMINISTRATOR
    return User(str(uuid.uuid5(uuid.NAMESPACE_OID, name)), name, f"{name[0]}.")
