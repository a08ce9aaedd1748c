"""Reports that were ordered: how far they are, their file, and the second person who releases one in clear (AUD-8)."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Response
from pydantic import BaseModel, ConfigDict

from adapters.reports.files import MEDIA
from api.http import report_files as reporting
from api.http.dependencies import Asking, Requires
from api.http.idempotency import IdempotencyKey, once
from api.http.problems import documented, not_found
from api.http.schemas.answers import Answer, ReportAnswer
from domain.access import Permission
from domain.services.reports.order import release_report

router = APIRouter(tags=["reports"])
Reader = Annotated[Asking, Depends(Requires(Permission.READ_PEOPLE))]
Second = Annotated[Asking, Depends(Requires(Permission.UNMASK))]
ReportId = Annotated[str, Path(pattern=r"^report-[a-z0-9-]{1,60}$")]
FILE: Final[dict[str, Any]] = {
    media.split(";")[0]: {"schema": {"type": "string", "format": "binary"}} for media in MEDIA.values()
}


class Agreed(BaseModel):
    """Nothing to choose: what is agreed to is the order as it stands."""

    model_config = ConfigDict(extra="forbid")


class WaitingReports(Answer):
    items: list[ReportAnswer]


@router.get("/reports")
def waiting_reports(asking: Second) -> WaitingReports:
    """Orders of the last 24 hours that wait for a second person, oldest first, for whoever may release them."""
    asking.notes("reports")
    asking.response.headers["Cache-Control"] = "no-store"
    return WaitingReports(items=[reporting.order_answer(asking, one) for one in reporting.waiting_for(asking)])


@router.get("/reports/{report}")
def ordered(asking: Reader, report: ReportId) -> ReportAnswer:
    """How far an ordered report is: whoever ordered it sees it, and whoever may release it."""
    asking.notes("report")
    asking.response.headers["Cache-Control"] = "no-store"  # it goes on while the log stands still
    return reporting.order_answer(asking, reporting.order_known_to(asking, report))


@router.get(
    "/reports/{report}/file",
    response_class=Response,
    responses={200: {"description": "The file", "content": FILE}, **documented({410: "It has expired"})},
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
