"""What must hold before Loket is trusted: the employer is visible and no saved filter hides anybody (RUN-9)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from adapters.loket.api import (
    ADMINISTRATION,
    AUTHORIZATION,
    EMPLOYER,
    EMPLOYERS,
    FILTER,
    LoketApi,
    Notes,
    require,
    rows,
)
from adapters.loket.documents import same_id
from domain.errors import IncompleteRead, Misconfigured, NotFound, RightMissing
from domain.settings import LegalEntity
from domain.snapshots import LoketAccess
from domain.values import one_or_many

_LISTED: Final = ("Loket lists 1 authorization of the user", "Loket lists {} authorizations of the user")


def check(api: LoketApi, entity: LegalEntity, notes: Notes) -> LoketAccess:
    """Raises Misconfigured or RightMissing; what is merely missing becomes a note."""
    employer = entity.loket_employer_id
    if not _employer_visible(api, employer, notes):
        raise Misconfigured(
            f"Loket employer {employer} is not visible to the Loket user: give the user access, or correct "
            f"loket_employer_id of legal entity {entity.personio_id}"
        )
    if payroll_administration(api, entity, notes) is None:
        raise Misconfigured(
            f"payroll administration {entity.loket_payroll_administration_id} is not visible in Loket employer "
            f"{employer}: give the user access, or correct it in legal entity {entity.personio_id}"
        )
    activities = _activities(api, employer, notes)
    _require_open_filter(api, employer, notes)
    return LoketAccess(tuple(notes), activities)


def payroll_administration(api: LoketApi, entity: LegalEntity, notes: Notes) -> Mapping[str, Any] | None:
    """The configured administration as Loket lists it, or None when it does not."""
    path = f"{EMPLOYERS}/{entity.loket_employer_id}/payrolladministrations"
    listed = api.every(path, ADMINISTRATION, notes)
    return next((each for each in listed if same_id(each.get("id"), entity.loket_payroll_administration_id)), None)


def _employer_visible(api: LoketApi, employer: str, notes: Notes) -> bool:
    try:
        api.one(f"{EMPLOYERS}/{employer}", EMPLOYER, notes)
    except (NotFound, RightMissing):  # seeing one employer is another activity than listing them
        return any(same_id(each.get("id"), employer) for each in api.every(EMPLOYERS, EMPLOYER, notes))
    return True


def _activities(api: LoketApi, employer: str, notes: Notes) -> frozenset[str] | None:
    """What the user may do at the employer; None, and a note, where Loket gives no list of names."""
    path = f"{EMPLOYERS}/{employer}/authorizations"
    answer = api.optional(path, AUTHORIZATION)
    if not answer.ok:
        notes[f"Loket does not list the user's authorizations (HTTP {answer.status})"] = None
        return None
    found = activities_in(answer.body, path)
    if found is None:
        notes["Loket's list of the user's authorizations cannot be read"] = None
    else:
        notes[one_or_many(_LISTED, len(found)).format(len(found))] = None
    return found


def activities_in(body: Any, path: str) -> frozenset[str] | None:
    """Names of activities: `description` since version 2019-02-11, `name` before (Loket API 1). None: neither."""
    try:
        listed = [each.get("description", each.get("name")) for each in rows(body, path)]
    except IncompleteRead:
        return None
    names = frozenset(each.strip() for each in listed if isinstance(each, str))
    return names if len(names) == len(set(map(str, listed))) else None


def _require_open_filter(api: LoketApi, employer: str, notes: Notes) -> None:
    """The user's saved filter silently shortens employment lists (Loket API 3.3)."""
    answer = api.optional(f"/globalfilter/user/filtersettings/{employer}", FILTER)
    if not answer.ok:
        path = f"/v2/user/filtersettings/{employer}"
        answer = api.optional(path, FILTER)
        if answer.status == 403:
            require(answer, path)
    if not answer.ok:
        notes["Loket does not show the user's saved filter: make sure that it hides nobody"] = None
        return
    saved = _saved(answer.body)
    if "filterOnEmployedStatus" not in saved:
        notes["Loket names no saved filter of the user: make sure that it hides nobody"] = None
    hiding = _hiding(saved)
    if hiding:
        raise Misconfigured(
            f"the Loket user's saved filter hides people ({hiding}): in Loket set the employment filter of this "
            "employer to all employments, without any administration, department, category or on-call choice"
        )


def _saved(body: Any) -> Mapping[str, Any]:
    """The employment filter, inside its envelope or bare."""
    for key in ("content", "employmentFilter"):
        body = body.get(key, body) if isinstance(body, dict) else {}
    return body if isinstance(body, dict) else {}


def _hiding(saved: Mapping[str, Any]) -> str:
    """The settings that hide somebody, by name."""
    status = saved.get("filterOnEmployedStatus")
    found = [] if status is None or str(status).casefold() == "allemployments" else [f"filterOnEmployedStatus {status}"]
    lists = ("filterOnAdministrations", "filterOnDepartments", "filterOnEmploymentCategoryType")
    found += [name for name in lists if saved.get(name)]
    if saved.get("filterOnOnCallEmployment") is not None:
        found.append("filterOnOnCallEmployment")
    return ", ".join(found)
