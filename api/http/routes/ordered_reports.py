"""Reports that were ordered: how far they are, their file, and the second person who releases one in clear (AUD-8)."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from adapters.reports.files import MEDIA
from api.http import report_files as reporting
from api.http.dependencies import Asking, Requires
from api.http.idempotency import IdempotencyKey, once
from api.http.problems import Fault, Refused, documented, invalid_request, not_found
from api.http.routes.parameters import REASON, WORD, Day, Entity, Language
from api.http.schemas.answers import Answer, ReportAnswer
from api.tasks.report_kinds import MEDIA_OF
from domain.access import Permission
from domain.events.report import ReportKind
from domain.overwriting import Did
from domain.services.reports.order import FORMATS, release_report
from domain.showings import LONGEST, SHORTEST, is_reason
from domain.values import MAX_EMPLOYEE_NUMBER, EmployeeNumber, FieldPath, LegalEntityId, RunId
from domain.views.overwritten_fields import OverwrittenFilters

router = APIRouter(tags=["reports"])
Reader = Annotated[Asking, Depends(Requires(Permission.READ_REPORTS))]
Second = Annotated[Asking, Depends(Requires(Permission.UNMASK))]
ReportId = Annotated[str, Path(pattern=r"^report-[a-z0-9-]{1,60}$")]
FILE: Final[dict[str, Any]] = {
    media.split(";")[0]: {"schema": {"type": "string", "format": "binary"}} for media in MEDIA.values()
}
_ANY_FILE: Final[dict[str, Any]] = {
    **FILE, MEDIA_OF["json"]: {"schema": {"type": "object"}}, MEDIA_OF["zip"]: FILE[MEDIA_OF["pdf"]],
}  # fmt: skip


def _stated(given: str) -> str:
    if not is_reason(given):
        raise ValueError(f"a reason of {SHORTEST} to {LONGEST} characters")
    return given


_Why = Annotated[str, Field(min_length=SHORTEST, max_length=LONGEST, pattern=REASON), AfterValidator(_stated)]


class Agreed(BaseModel):
    """Nothing to choose: what is agreed to is the order as it stands."""

    model_config = ConfigDict(extra="forbid")


class ReportWanted(BaseModel):
    """What is ordered. With a reason, which is sealed, values are in clear, and somebody else has to release it."""

    model_config = ConfigDict(extra="forbid")

    kind: ReportKind
    since: Day = Field(description="First business date")
    until: Day = Field(description="Last business date")
    format: str = Field(
        max_length=10, description="; ".join(f"{kind.value}: {', '.join(all)}" for kind, all in FORMATS.items())
    )
    language: Language = Field(Language.DUTCH, description="Of a PDF or workbook, and of what people read in evidence")
    employee_number: Annotated[int, Field(ge=1, le=MAX_EMPLOYEE_NUMBER)] | None = None
    field: Annotated[str, Field(min_length=1, max_length=200, pattern=WORD)] | None = None
    run: Annotated[str, Field(min_length=1, max_length=200, pattern=WORD)] | None = None
    rule: Annotated[str, Field(min_length=1, max_length=200, pattern=WORD)] | None = None
    cleared: bool | None = None
    did: Did | None = None
    reason: _Why | None = None


class WaitingReports(Answer):
    items: list[ReportAnswer]


@router.get("/reports")
def waiting_reports(asking: Second) -> WaitingReports:
    """Orders of the last 24 hours that wait for a second person, oldest first, for whoever may release them."""
    asking.notes("reports")
    asking.response.headers["Cache-Control"] = "no-store"
    return WaitingReports(items=[reporting.order_answer(asking, one) for one in reporting.waiting_for(asking)])


@router.get("/legal-entities/{entity}/reports")
def reports_of_entity(asking: Reader, entity: Entity) -> WaitingReports:
    """Your own orders that are still good, those of a timetable, and those that you may release, oldest first."""
    legal_entity = asking.entity(entity)
    asking.notes("reports", entity=entity)
    asking.response.headers["Cache-Control"] = "no-store"
    asking.web.store.views.catch_up()
    found = reporting.standing_for(asking, legal_entity)
    return WaitingReports(items=[reporting.order_answer(asking, one) for one in found])


@router.post(
    "/legal-entities/{entity}/reports",
    status_code=202,
    response_model=ReportAnswer,
    responses=documented({409: "The key is in use"}),
)
def order_report(asking: Reader, entity: Entity, body: ReportWanted, idempotency_key: IdempotencyKey) -> Response:
    """Order a report of a period: overwritten fields, pay mutations, or the evidence of it, as a file.

    It is made of the log as it is now, and good for 24 hours. The filters count for overwritten fields only.
    """
    legal_entity = asking.entity(entity)
    if body.since > body.until:
        raise invalid_request([Fault(where="body.until", what="before since", allowed="the same day or a later one")])

    def make() -> str:
        filters = _filters(asking, legal_entity, body)
        made = reporting.order(
            asking, body.kind, filters, format=body.format, language=body.language.value, reason=body.reason
        )
        return reporting.order_answer(asking, made).model_copy(update={"reason": None}).model_dump_json()

    made = once(asking, idempotency_key, body.model_dump_json(), make)
    return Response(made, 202, media_type="application/json")


@router.get("/reports/{report}")
def ordered(asking: Reader, report: ReportId) -> ReportAnswer:
    """How far an ordered report is: whoever ordered it sees it, and whoever may release it."""
    asking.notes("report")
    asking.response.headers["Cache-Control"] = "no-store"  # it goes on while the log stands still
    return reporting.order_answer(asking, reporting.order_known_to(asking, report))


@router.get(
    "/reports/{report}/file",
    response_class=Response,
    responses={200: {"description": "The file", "content": _ANY_FILE}, **documented({410: "It has expired"})},
)
def report_file(asking: Reader, report: ReportId) -> Response:
    """The file, for whoever ordered it, for 24 hours. Fetched before it is ready, it is waited for."""
    asking.web.store.views.catch_up()
    one = reporting.order_known_to(asking, report)
    asking.notes("report-file", entity=one.order.legal_entity)
    return reporting.fetch(asking, one)


@router.post(
    "/reports/{report}/release",
    response_model=ReportAnswer,
    responses=documented({409: "Released meanwhile, or the key is in use"}),
)
def release(asking: Second, report: ReportId, body: Agreed, idempotency_key: IdempotencyKey) -> Response:
    """Agree that whoever ordered this report sees these people's values: another subject, never another key."""
    one = reporting.order_known_to(asking, report)
    if not one.order.unmasked:
        raise not_found()
    store = asking.web.store

    def make() -> str:
        done = release_report(store.log, store.clock, report=one.id, actor=asking.caller.subject)
        return reporting.order_answer(asking, done).model_copy(update={"reason": None}).model_dump_json()

    return Response(once(asking, idempotency_key, body.model_dump_json(), make), media_type="application/json")


def fetched_by(asking: Asking, report: str) -> bool:
    """Whether the file of this order is for the caller, once it is ready."""
    return reporting.order_known_to(asking, report).for_whom(asking.caller.subject)


def run_meant(asking: Asking, run: str) -> RunId:
    """By its id, or how that begins; of an unknown run there is nothing to tell."""
    with suppress(Refused):
        return RunId(asking.run_named(run).run_id)
    return RunId(run)


def _filters(asking: Asking, entity: LegalEntityId, body: ReportWanted) -> OverwrittenFilters:
    everything = OverwrittenFilters(entities=(entity,), since=body.since, until=body.until)
    if body.kind is not ReportKind.OVERWRITTEN_FIELDS:
        return everything
    return replace(
        everything,
        number=None if body.employee_number is None else EmployeeNumber(body.employee_number),
        field=None if body.field is None else FieldPath(body.field),
        run=None if body.run is None else run_meant(asking, body.run),
        rule=body.rule,
        cleared=body.cleared,
        did=body.did,
    )
