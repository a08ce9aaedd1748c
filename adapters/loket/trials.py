"""`domain.services.setup.acceptance.Trials`: single writes to a made-up employee, each put back afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from adapters.loket.api import CONCEPT, EMPLOYEE, EMPLOYEES, EMPLOYERS, EMPLOYMENT, EMPLOYMENTS, LoketApi
from adapters.loket.documents import EMPLOYEE_READ_ONLY, changed, in_employee
from adapters.loket.pay import BENEFIT
from adapters.loket.people import identity
from adapters.loket.writable import Hidden
from adapters.loket.writing import Writer
from domain.errors import IncompleteRead
from domain.services.setup.acceptance import Chain, Omitted, Subject
from domain.settings import LegalEntity
from domain.snapshots import Answered, WriteAnswer
from domain.values import EmployeeNumber

_MARK: Final = "0101234567"
_OTHER_MARK: Final = "0107654321"


class LoketTrials:
    """`today` decides in which months a benefit is tried: two that nobody has paid yet."""

    def __init__(self, api: LoketApi, writer: Writer, today: date) -> None:
        self._api = api
        self._writer = writer
        self._today = today

    def subject(self, entity: LegalEntity, number: EmployeeNumber) -> Subject:
        employer = f"{EMPLOYERS}/{entity.loket_employer_id}"
        for one in self._api.every(f"{employer}/employees", EMPLOYEE, {}):
            if one.get("employeeNumber") == number:
                jobs = self._api.every(f"{EMPLOYEES}/{identity(one)}/employments", EMPLOYMENT, {})
                job = next((identity(each) for each in jobs), None)
                return Subject(None, identity(one), job, _last_name(one))
        for one in self._api.every(f"{employer}/conceptemployees", CONCEPT, {}):
            inside = one.get("employeeData") or {}
            if inside.get("employeeNumber") == number:
                return Subject(identity(one), None, None, _last_name(inside))
        return Subject()

    def make(self, entity: LegalEntity, number: EmployeeNumber, last_name: str) -> str | None:
        body = {
            "uniqueName": f"{last_name} ({number})",
            "employeeData": {"personalDetails": {"lastName": last_name}, "employeeNumber": number},
            "employmentData": {"payrollAdministration": {"id": entity.loket_payroll_administration_id}},
        }
        path = f"{EMPLOYERS}/{entity.loket_employer_id}/conceptemployees"
        return self._writer.send("POST", path, CONCEPT, body, creates=True).created

    def omit(self, employee: str) -> Omitted:
        before, _ = self._employee(employee)
        try:
            self._put(employee, _phoned(before, _MARK))
            answer = self._put(employee, _phoned(before, None))
            after, _ = self._employee(employee)
        finally:
            self._put(employee, before)
        if answer.answered is not Answered.ACCEPTED:
            return Omitted.REFUSED
        return Omitted.KEPT if after["contactInformation"].get("phoneNumber") == _MARK else Omitted.CLEARED

    def stale(self, employee: str) -> int:
        before, etag = self._employee(employee)
        try:
            self._put(employee, _phoned(before, _MARK))
            answer = self._put(employee, _phoned(before, _OTHER_MARK), etag=etag)
        finally:
            self._put(employee, before)
        return answer.status

    def chain(self, employment: str, component: int) -> Chain:
        path = f"{EMPLOYMENTS}/{employment}/benefitsanddeductions"
        first, second = _month(self._today, 1), _month(self._today, 2)
        made = [self._add(path, component, day, value) for day, value in ((first, 1), (second, 2))]
        listed = {identity(one): one for one in self._api.every(path, BENEFIT, {})}
        for one in reversed(made):
            if one.created:
                single = f"{EMPLOYMENTS}/benefitsAndDeductions/{one.created}"
                self._writer.send("DELETE", single, BENEFIT, None, bare=True)
        if made[0].created is None:
            raise IncompleteRead(f"Loket refused a benefit of component {component} (HTTP {made[0].status})")
        if made[1].created is None:
            return Chain.REFUSED
        ended = listed.get(made[0].created, {}).get("endDate")
        return Chain.ENDED if ended == (second - timedelta(days=1)).isoformat() else Chain.LEFT

    def _add(self, path: str, component: int, day: date, value: int) -> WriteAnswer:
        body = {"payrollComponent": {"key": component}, "startDate": day.isoformat(), "endDate": None, "value": value}
        return self._writer.send("POST", path, BENEFIT, body, creates=True)

    def _employee(self, employee: str) -> tuple[dict[str, Any], str | None]:
        """As it may be sent back, and its version."""
        path = f"{EMPLOYEES}/{employee}"
        content, etag = self._api.one(path, EMPLOYEE, {})
        if not isinstance(content, dict) or not isinstance(content.get("contactInformation"), dict):
            raise IncompleteRead(f"Loket's answer to {path} is not an employee")
        try:
            self._api.shown.require(EMPLOYEE, content)
        except Hidden as problem:  # it is put back as it is here
            raise IncompleteRead(str(problem)) from None
        return changed(content, {}, {}, in_employee, {}, read_only=EMPLOYEE_READ_ONLY), etag

    def _put(self, employee: str, body: Mapping[str, Any], etag: str | None = None) -> WriteAnswer:
        return self._writer.send("PUT", f"{EMPLOYEES}/{employee}", EMPLOYEE, body, etag=etag)


def _phoned(whole: Mapping[str, Any], number: str | None) -> dict[str, Any]:
    """With this phone number; None leaves the field out."""
    contact = {key: value for key, value in whole["contactInformation"].items() if key != "phoneNumber"}
    return {**whole, "contactInformation": contact if number is None else {**contact, "phoneNumber": number}}


def _last_name(person: Mapping[str, Any]) -> str:
    return str((person.get("personalDetails") or {}).get("lastName") or "")


def _month(today: date, ahead: int) -> date:
    month = today.month - 1 + ahead
    return date(today.year + month // 12, month % 12 + 1, 1)
