"""A look at Loket as the signed-in user sees it: lists, rights, filter, audit trail, versions; no value is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final

from adapters import bounded
from adapters.loket.api import (
    ADMINISTRATION,
    AUTHORIZATION,
    CONCEPT,
    CONCEPTS,
    EMPLOYEE,
    EMPLOYEES,
    EMPLOYER,
    EMPLOYERS,
    EMPLOYMENT,
    FILTER,
    PAGE_SIZE,
    LoketApi,
    Notes,
    Pin,
    rows,
)
from adapters.loket.checks import activities_in
from adapters.loket.codes import METADATA, codes_in
from adapters.loket.people import identity
from adapters.looking import Looker
from adapters.transport import Answer, Reader
from domain.errors import IncompleteRead, Misconfigured, ReadFailed
from domain.examination import Code, Look
from domain.services.setup.propose import AdministrationFound
from domain.settings import LegalEntity
from domain.sights import Count, LoketSights

_DRAFTS: Final = {"pageNumber": "1", "pageSize": str(PAGE_SIZE)}
_PAGE: Final = {"pageNumber": "1", "pageSize": "1"}
_SAVED: Final = "/globalfilter/user/filtersettings/{}"
_TRAIL: Final = Pin("audit trail")
_BSN: Final = Pin("citizen service numbers")


def look(reader: Reader, now: Callable[[], datetime], entity: LegalEntity, today: date) -> Look:
    looker = Looker(reader, now)
    employer = f"{EMPLOYERS}/{entity.loket_employer_id}"
    withdrawn: list[str] = []
    behaviours: dict[str, bool | None] = {}
    tells_versions = False
    codes: Mapping[str, tuple[Code, ...]] | None = None
    failure = ""
    sights = LoketSights()

    def ask(what: str, path: str, pin: Pin, *, needed: bool, **params: str) -> Answer:
        answer = looker.ask(what, path, needed=needed, params=params, accept=pin.accept)
        version = answer.body.get("version") if isinstance(answer.body, dict) else None
        gone = version.get("obsoleteDate") if isinstance(version, dict) else None
        if gone:
            withdrawn.append(f"version {pin.version} of {pin.resource} on {str(gone)[:10]}")
        return answer

    try:
        ask("employer", employer, EMPLOYER, needed=False)
        ask("payroll administrations", f"{employer}/payrolladministrations", ADMINISTRATION, needed=True, **_PAGE)
        employees = ask("employees", f"{employer}/employees", EMPLOYEE, needed=True, **_PAGE)
        ask("employments", f"{employer}/employees/employments", EMPLOYMENT, needed=False, **_PAGE)
        concepts = ask("concept employees", f"{employer}/conceptemployees", CONCEPT, needed=True, **_PAGE)
        lists = ask("code lists", METADATA.format(entity.loket_employer_id), CONCEPT, needed=False)
        codes = codes_in(lists.body, METADATA) if lists.ok else None
        granted = ask("authorizations", f"{employer}/authorizations", AUTHORIZATION, needed=False)
        saved = ask("saved filter", _SAVED.format(entity.loket_employer_id), FILTER, needed=False)
        day = today.isoformat()
        trail = ask(
            "audit trail", f"{employer}/auditTrail/EmployeeData", _TRAIL, needed=False, startDate=day, endDate=day
        )
        if one := _first(employees):
            single = ask("one employee", f"{EMPLOYEES}/{one}", EMPLOYEE, needed=True)
            tells_versions = "etag" in single.headers
            behaviours["Loket gives an ETag, which guards what we replace"] = tells_versions
            ask("citizen service number", f"{EMPLOYEES}/{one}/citizenservicenumber", _BSN, needed=False)
        elif one := _first(concepts):
            ask("citizen service number", f"{CONCEPTS}/{one}/citizenservicenumber", _BSN, needed=False)
        behaviours["Loket shows the user's saved filter"] = saved.ok
        behaviours["Loket lists what the user may do"] = granted.ok
        behaviours["Loket's audit trail can be read"] = trail.ok
        behaviours["Loket tells its rate limits"] = looker.tells_limits
        newest = looker.probe(f"{employer}/employees", {**_PAGE, "orderBy": "-employeeNumber"}, EMPLOYEE.accept)
        drafts = looker.probe(f"{employer}/conceptemployees", _DRAFTS, CONCEPT.accept)
        sights = LoketSights(
            activities=activities_in(granted.body, "") if granted.ok else None,
            employees=_total(employees),
            highest_number=next(filter(None, map(bounded.integral, _column(newest, "employeeNumber"))), None),
            self_service=_let_in(drafts),
        )
    except (Misconfigured, ReadFailed) as reason:
        failure = str(reason)
    return Look(
        asked=tuple(looker.asked),
        failure=failure,
        clock_ahead=looker.clock_ahead,
        tells_limits=looker.tells_limits,
        tells_versions=tells_versions,
        withdrawn=tuple(dict.fromkeys(withdrawn)),
        codes=codes,
        behaviours=behaviours,
        loket=sights,
    )


def administrations(api: LoketApi) -> tuple[AdministrationFound, ...]:
    """Every payroll administration of every employer that the user sees."""
    notes: Notes = {}
    return tuple(
        AdministrationFound(identity(one), str(one.get("name") or ""), identity(employer), _name(employer))
        for employer in api.every(EMPLOYERS, EMPLOYER, notes)
        for one in api.every(f"{EMPLOYERS}/{identity(employer)}/payrolladministrations", ADMINISTRATION, notes)
    )


def _total(answer: Answer) -> int | None:
    told = answer.body.get("totalSize") if answer.ok and isinstance(answer.body, dict) else None
    return bounded.integral(told)


def _column(answer: Answer, key: str) -> list[Any]:
    try:
        return [one.get(key) for one in rows(answer.body, "")] if answer.ok else []
    except IncompleteRead:
        return []


def _let_in(drafts: Answer) -> Count | None:
    """Concept employees in self-service: what stands there may be the new hire's (JOIN-7)."""
    told = [one.get("status") for one in _column(drafts, "selfService") if isinstance(one, dict)]
    return Count(sum(one == "HasAccessToClient" for one in told), len(told)) if drafts.ok else None


def _name(employer: Mapping[str, Any]) -> str:
    return str(employer.get("companyName") or "")


def _first(answer: Answer) -> str | None:
    try:
        listed = rows(answer.body, "") if answer.ok else []
    except IncompleteRead:
        return None
    return next((str(one["id"]) for one in listed if one.get("id")), None)
