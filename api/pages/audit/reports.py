"""Reports of a period: ordered here, followed, released by a second person where values are in clear, and fetched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import ValidationError

from api.days import iso
from api.http.problems import not_found
from api.http.routes import ordered_reports as asked
from api.http.routes.ordered_reports import Agreed, ReportId, ReportWanted
from api.http.routes.parameters import Entity
from api.http.schemas.answers import ReportAnswer
from api.pages.asking import PageAsking, Signed, form, key_in
from api.pages.frame import shown
from domain.access import Permission
from domain.errors import ReportTooLong, SecondPersonNeeded
from domain.planning.business_date import business_date
from domain.services.reports.order import FORMATS
from domain.showings import LONGEST, is_reason
from domain.values import trimmed

router = APIRouter()
Reader = Annotated[PageAsking, Depends(Signed(Permission.READ_REPORTS))]
Second = Annotated[PageAsking, Depends(Signed(Permission.UNMASK))]
Fields = Annotated[dict[str, str], Depends(form)]
_FILTERS: Final = ("employee_number", "field", "rule", "run", "did")
_WRONG: Final = {"since": "days", "until": "days", "reason": "reason"}  # by the field of an order


@dataclass(frozen=True, slots=True)
class OrderForm:
    """`what` is a kind and its format. `filters` come from the list of overwritten fields, and count for these only.

    `wrong` says of what: days, reason, long, what.
    """

    what: str
    since: str
    until: str
    language: str
    clear: bool
    reason: str
    filters: Mapping[str, str]
    wrong: str | None
    choices: tuple[tuple[str, tuple[str, ...]], ...]
    may_show: bool


@dataclass(frozen=True, slots=True)
class ReportsPage:
    """`waiting` may be released by whoever reads; `order` is None while nothing may be ordered."""

    waiting: tuple[ReportAnswer, ...]
    mine: tuple[ReportAnswer, ...]
    order: OrderForm | None


@dataclass(frozen=True, slots=True)
class ReportPage:
    """`mine`: whether whoever reads may fetch it. `wrong`: whoever ordered it cannot release it as well."""

    report: ReportAnswer
    mine: bool
    may_release: bool
    wrong: bool


@router.get("/e/{entity}/reports")
def reports(asking: Reader, entity: Entity) -> HTMLResponse:
    given = asking.request.query_params
    first = business_date(asking.now).replace(day=1)
    before = first - timedelta(days=1)
    filters = {name: given[name][:200] for name in _FILTERS if given.get(name)}
    return _listed(
        asking, entity, what="overwritten_fields.xlsx" if filters or "since" in given else "pay_mutations.pdf",
        since=given.get("since") or before.replace(day=1).isoformat(), until=given.get("until") or before.isoformat(),
        language=asking.language, filters=filters,
    )  # fmt: skip


@router.post("/e/{entity}/reports")
def order(asking: Reader, entity: Entity, fields: Fields) -> Response:
    """Once, however often the form is sent; then its page says how far it is."""
    asking.entity(entity)
    key, reason, clear = key_in(fields), trimmed(fields.get("reason", "")), fields.get("clear") == "on"
    filters = {name: fields[name] for name in _FILTERS if fields.get(name)}
    kind, _, format = fields.get("what", "").partition(".")
    given = {
        "kind": kind, "format": format, "since": iso(fields.get("since", "")), "until": iso(fields.get("until", "")),
        "language": fields.get("language", asking.language), "reason": reason if clear else None,
    }  # fmt: skip
    wrong = "reason" if clear and not is_reason(reason) else None
    try:
        body = ReportWanted.model_validate({**given, **filters})
        if body.since > body.until:
            wrong = "days"
    except ValidationError as reasons:
        wrong = wrong or _WRONG.get(str(reasons.errors()[0]["loc"][0]), "what")
    if wrong is None:
        try:
            made = asked.order_report(asking, entity, body, key)
        except ReportTooLong:
            wrong = "long"
        else:
            ordered = ReportAnswer.model_validate_json(bytes(made.body))
            return RedirectResponse(f"/e/{entity}/reports/{ordered.report}", 303)
    answer = _listed(
        asking, entity, what=fields.get("what", "")[:60], since=fields.get("since", "")[:10],
        until=fields.get("until", "")[:10], language=fields.get("language", "")[:2], clear=clear,
        reason=reason[:LONGEST], filters=filters, wrong=wrong,
    )  # fmt: skip
    answer.status_code = 422
    return answer


@router.get("/e/{entity}/reports/{report}")
def report(asking: Reader, entity: Entity, report: ReportId) -> HTMLResponse:
    return _one(asking, entity, report)


@router.get("/e/{entity}/reports/{report}/file")
def file(asking: Reader, entity: Entity, report: ReportId) -> Response:
    """For whoever ordered it; of a timetable's, for whoever may read it."""
    _of(asking, entity, report)
    return asked.report_file(asking, report)


@router.post("/e/{entity}/reports/{report}/release")
def release(asking: Second, entity: Entity, report: ReportId, fields: Fields) -> Response:
    """Agree that whoever ordered it sees these values: somebody else, never oneself."""
    key = key_in(fields)
    _of(asking, entity, report)
    try:
        asked.release(asking, report, Agreed(), key)
    except SecondPersonNeeded:
        answer = _one(asking, entity, report, wrong=True)
        answer.status_code = 403
        return answer
    return RedirectResponse(f"/e/{entity}/reports/{report}", 303)


def _of(asking: PageAsking, entity: str, report: str) -> ReportAnswer:
    """One of this legal entity; not found otherwise."""
    asking.entity(entity)
    found = asked.ordered(asking, report)
    if found.legal_entity != entity:
        raise not_found()
    return found


def _one(asking: PageAsking, entity: str, name: str, *, wrong: bool = False) -> HTMLResponse:
    found = _of(asking, entity, name)
    asking.seen = asking.web.store.log.size() - 1
    waits = found.status == "awaits_release"
    page = ReportPage(
        report=found,
        mine=asked.fetched_by(asking, name),
        may_release=waits and asking.offers(Permission.UNMASK) and found.ordered_by != asking.caller.subject,
        wrong=wrong,
    )
    return shown(asking, "report.html", entity=entity, current="reports", page=page)


def _listed(
    asking: PageAsking,
    entity: str,
    *,
    what: str,
    since: str,
    until: str,
    language: str,
    filters: Mapping[str, str],
    clear: bool = False,
    reason: str = "",
    wrong: str | None = None,
) -> HTMLResponse:
    found = asked.reports_of_entity(asking, entity).items
    asking.seen = asking.web.store.log.size() - 1
    may_show, who = asking.offers(Permission.UNMASK), asking.caller.subject
    others = tuple(one for one in found if may_show and one.status == "awaits_release" and one.ordered_by != who)
    mine = tuple(one for one in found if one not in others and asked.fetched_by(asking, one.report))
    ordering = OrderForm(
        what=what, since=since, until=until, language=language, clear=clear, reason=reason, filters=filters,
        wrong=wrong, choices=tuple((kind.value, formats) for kind, formats in FORMATS.items()), may_show=may_show,
    )  # fmt: skip
    page = ReportsPage(others, tuple(reversed(mine)), ordering if asking.believed else None)
    return shown(asking, "reports.html", entity=entity, current="reports", page=page)
