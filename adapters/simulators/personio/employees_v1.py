"""The people of Personio's older API (Personio API 4.7): every attribute the credential may read, empty as null."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from adapters.simulators.personio.app import Guard
from adapters.simulators.personio.attributes import FIRST_CLASS
from adapters.simulators.personio.dated import business_date
from adapters.simulators.personio.render import Json, Renderer
from adapters.simulators.personio.tenant import FIXED, HOURLY, Compensation, Person, Tenant
from adapters.simulators.personio.wire import Refused, answer, not_found

_MOST, _DEFAULT = 100, 50  # a page, enforced since January 2025


@dataclass(slots=True)
class EmployeesApi:
    tenant: Tenant
    renderer: Renderer
    now: Callable[[], datetime]

    def routes(self, guard: Guard) -> list[Route]:
        return [
            Route("/v1/company/employees", guard(self.employees, "employees")),
            Route("/v1/company/employees/{person_id:int}", guard(self.employee, "employees")),
        ]

    def employees(self, request: Request) -> Response:
        """`offset` is a number of rows here; a larger limit than the most is cut, not refused."""
        limit, offset = (_number(request, name, default) for name, default in (("limit", _DEFAULT), ("offset", 0)))
        limit = min(max(limit, 1), _MOST)
        everyone = list(self.tenant.people.values())
        shown = [self._shown(each) for each in everyone[offset : offset + limit]]
        pages = -(-len(everyone) // limit)
        told = {"total_elements": len(everyone), "current_page": offset // limit, "total_pages": pages}
        return answer({"success": True, "metadata": told, "offset": str(offset), "limit": str(limit), "data": shown})

    def employee(self, request: Request) -> Response:
        person = self.tenant.people.get(str(request.path_params["person_id"]))
        if person is None:
            raise not_found("employee")
        return answer({"success": True, "data": self._shown(person)})

    def _shown(self, person: Person) -> Json:
        now, seen = self.now(), self.renderer.visibility
        values: dict[str, Any] = {"id": person.id}
        values |= {name: person.values.at(name, now) for name in FIRST_CLASS}
        values |= self._employed(person, now) | self._paid(person, now)
        shown = {name: _attribute(name, value) for name, value in values.items() if name == "id" or seen.lists(name)}
        for each in self.renderer.attributes.values():
            if seen.shows(each.id, person.id):
                value = person.values.at(each.id, now)
                shown[each.v1_key] = _attribute(each.label, None if value == "" else value, each.universal_id)
        return {"type": "Employee", "attributes": shown}

    def _employed(self, person: Person, now: datetime) -> Json:
        newest = person.newest_first()[:1]
        if not newest:
            return {"status": None, "weekly_working_hours": None}
        hours = newest[0].values.at("weekly_working_hours", now)
        status = str(newest[0].values.at("status", now)).lower()
        return {"status": status, "weekly_working_hours": None if hours is None else f"{hours:g}"}

    def _paid(self, person: Person, now: datetime) -> Json:
        """The salary of today, by kind; v1 knows no date of it."""
        today = business_date(now)
        held = [each for each in self.tenant.pay_of(person.id) if self.tenant.in_window(each, today, today)]
        fixed, hourly = (_of(held, kind.id) for kind in (FIXED, HOURLY))
        return {
            "fix_salary": fixed and fixed.amount,
            "fix_salary_interval": fixed and (fixed.interval or "MONTHLY").lower(),
            "hourly_salary": hourly and hourly.amount,
        }


def _of(held: list[Compensation], type_id: str) -> Compensation | None:
    return next((each for each in held if each.type.id == type_id), None)


def _attribute(label: str, value: Any, universal_id: str | None = None) -> Json:
    return {"label": label, "value": value, "type": "standard", "universal_id": universal_id or label}


def _number(request: Request, name: str, default: int) -> int:
    text = request.query_params.get(name, str(default))
    if not text.isdecimal():
        raise Refused(400, f"{name} is not a number")
    return int(text)
