"""What tests and the demo look up in the simulated Loket, past the API: copies of the truth, lag or no lag."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from adapters.simulators.loket.chains import chain
from adapters.simulators.loket.people import bsn_entity
from adapters.simulators.loket.state import LoketState
from adapters.simulators.loket.store import Entity
from adapters.simulators.wire.envelope import Document

MAIN_EMPLOYER = "9a7e2b1c-0000-4000-8000-000000000001"
MAIN_ADMINISTRATION = "54aa2b1c-0000-4000-8000-000000000001"


class LoketReading:
    """People are named by employee number, an employment by its income number; `employer_id` None is the first one."""

    state: LoketState
    employer_id: str

    def employee(self, number: int, *, employer_id: str | None = None) -> Document | None:
        found = self._find_employee(number, employer_id)
        return deepcopy(found.data) if found else None

    def employee_field(self, number: int, path: str, *, employer_id: str | None = None) -> Any:
        """The value at a dotted path; a coded field answers its key. `citizenServiceNumber` and
        `paymentInformationSepa.iban` are looked up where Loket keeps them."""
        with self.state.lock:
            person = self._employee(number, employer_id)
            if path == "citizenServiceNumber":
                return bsn_entity(self.state, person.id).data["citizenServiceNumber"]
            if path == "paymentInformationSepa.iban":
                return self.iban(number, employer_id=employer_id)
            return _at(person.data, path)

    def employees(self, *, employer_id: str | None = None) -> list[Document]:
        with self.state.lock:
            return [deepcopy(each.data) for each in self.state.table("employees").of(employer_id or self.employer_id)]

    def concepts(self, *, employer_id: str | None = None) -> list[Document]:
        with self.state.lock:
            return [deepcopy(each.data) for each in self.state.table("concepts").of(employer_id or self.employer_id)]

    def concept(self, number: int, *, employer_id: str | None = None) -> Document | None:
        """The first concept that carries this number."""
        every = self.concepts(employer_id=employer_id)
        return next((each for each in every if each["employeeData"]["employeeNumber"] == number), None)

    def concept_field(self, number: int, path: str, *, employer_id: str | None = None) -> Any:
        """A path below `employeeData` (`address.street`), or from the top (`wageData.grossWage`), or the BSN."""
        with self.state.lock:
            data = self._concept(number, employer_id).data
            if path == "citizenServiceNumber":
                return bsn_entity(self.state, data["id"]).data["citizenServiceNumber"]
            inside = path.split(".")[0] in data["employeeData"]
            return _at(data["employeeData"] if inside else data, path)

    def employments(self, number: int, *, employer_id: str | None = None) -> list[Document]:
        with self.state.lock:
            person = self._employee(number, employer_id)
            return [deepcopy(each.data) for each in self.state.table("employments").of(person.id)]

    def employment(self, number: int, income_number: int = 1, *, employer_id: str | None = None) -> Document:
        with self.state.lock:
            return deepcopy(self._employment(number, income_number, employer_id).data)

    def records(
        self, resource: str, number: int, income_number: int = 1, *, employer_id: str | None = None
    ) -> list[Document]:
        """Records of an employment (`wages`, `benefitsanddeductions`, `payrollperioddata`, ...), oldest start first."""
        with self.state.lock:
            employment = self._employment(number, income_number, employer_id)
            if resource in ("payrollperioddata", "paymentinformationsepa"):
                return [deepcopy(each.data) for each in self.state.table(resource).of(employment.id)]
            return [deepcopy(each.data) for each in chain(self.state, resource, employment.id)]

    def wages(self, number: int, income_number: int = 1, *, employer_id: str | None = None) -> list[Document]:
        return self.records("wages", number, income_number, employer_id=employer_id)

    def bsn(self, number: int, *, employer_id: str | None = None) -> str | None:
        found: str | None = self.employee_field(number, "citizenServiceNumber", employer_id=employer_id)
        return found

    def iban(self, number: int, income_number: int = 1, *, employer_id: str | None = None) -> str | None:
        """The account of the net wage."""
        accounts = self.records("paymentinformationsepa", number, income_number, employer_id=employer_id)
        component = self.state.switches.net_wage_component
        return next((each["iban"] for each in accounts if each["payrollComponent"]["key"] == component), None)

    @property
    def promotions_attempted(self) -> int:
        """How often a client tried to promote a concept; anything but zero is a fault of the client."""
        return self.state.promotions_attempted

    def _find_employee(self, number: int, employer_id: str | None) -> Entity | None:
        with self.state.lock:
            found = self.state.numbers.get(employer_id or self.employer_id, {}).get(number)
            return self.state.must_get("employees", found) if found else None

    def _employee(self, number: int, employer_id: str | None) -> Entity:
        found = self._find_employee(number, employer_id)
        if found is None:
            raise KeyError(f"no employee {number}")
        return found

    def _employment(self, number: int, income_number: int, employer_id: str | None) -> Entity:
        person = self._employee(number, employer_id)
        for each in self.state.table("employments").of(person.id):
            if each.data["incomeRelationshipNumber"] == income_number:
                return each
        raise KeyError(f"employee {number} has no employment {income_number}")

    def _concept(self, number_or_id: int | str, employer_id: str | None) -> Entity:
        for each in self.state.table("concepts").of(employer_id or self.employer_id):
            if number_or_id in (each.id, each.data["employeeData"]["employeeNumber"]):
                return each
        raise KeyError(f"no concept {number_or_id}")


def _at(document: Mapping[str, Any], path: str) -> Any:
    found: Any = document
    for name in path.split("."):
        if found is None:
            return None
        found = found[name]
    return found["key"] if isinstance(found, dict) and "key" in found else found
