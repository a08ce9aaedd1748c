"""Overwritten fields, open drift and terminations, from the log; neither system is asked."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response

from adapters.reports.files import MEDIA, Format
from api.http import report_files as reporting
from api.http.dependencies import Asking, Requires
from api.http.problems import documented
from api.http.routes.ordered_reports import FILE, run_meant
from api.http.routes.parameters import DEFAULT, WORD, AsAt, Cursor, Day, Limit, OneNumber, aware
from api.http.schemas.answers import OfField, OfRule, OverwrittenFields, OverwrittenItem, ReportAnswer
from api.http.schemas.drift import Drift, TerminationDisagreement, TerminationItem, Terminations
from api.presenters import drift as present
from api.presenters.overwritten import of_fields, of_rules, overwritten
from api.presenters.terminations import disagreement, interval
from domain.access import Permission
from domain.alerts import AlertRecord
from domain.log import recorded_by
from domain.overwriting import Did, added
from domain.services.alerts.raised import SYSTEMS, disagreeing
from domain.services.drift.standing import Differences, where_they_differ
from domain.services.reports.order import ReportOrder
from domain.services.reports.overwritten import overwritten_lines
from domain.streams import alert_stream
from domain.values import EmployeeNumber, FieldPath
from domain.views.overwritten_fields import OverwrittenFilters
from domain.views.terminations import intervals

router = APIRouter(tags=["reports"])
People = Annotated[Asking, Depends(Requires(Permission.READ_PEOPLE))]
Reports = Annotated[Asking, Depends(Requires(Permission.READ_REPORTS))]
OneEntity = Annotated[str, Query(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
_Text = Annotated[str | None, Query(min_length=1, max_length=200, pattern=WORD)]


@router.get(
    "/overwritten-fields",
    response_model=OverwrittenFields,
    responses={
        200: {"content": FILE},
        202: {"model": ReportAnswer, "description": "Too large, or a second person is needed: follow status_url"},
        **documented({406: "Not available in any format that Accept names"}),
    },
)
def overwritten_fields(
    asking: Reports,
    legal_entity: OneEntity,
    since: Annotated[Day, Query(description="First business date")],
    until: Annotated[Day, Query(description="Last business date")],
    employee_number: OneNumber = None,
    field: _Text = None,
    run: _Text = None,
    rule: _Text = None,
    cleared: Annotated[bool | None, Query(description="Only cleared fields, or only replaced ones")] = None,
    did: Annotated[Did | None, Query(description="Only fields that were overwritten, filled or cleared")] = None,
    cursor: Cursor = None,
    limit: Limit = DEFAULT,
    format: Annotated[Format | None, Query(description="The whole report as one file; else Accept decides")] = None,
    unmask: Annotated[
        bool, Query(description="In a file only, NDJSON first; needs the permission, and a reason")
    ] = False,
) -> Any:
    """Every Loket value that runs of these business dates replaced or cleared; dates are inclusive (AUD-6).

    As pages of JSON, or the whole as one file: `format` decides, without it `Accept`. A small file is answered at once;
    a large one, and one with values of several people in clear, is a 202.
    """
    filters = OverwrittenFilters(
        entities=(asking.entity(legal_entity),),
        since=since,
        until=until,
        number=None if employee_number is None else EmployeeNumber(employee_number),
        field=None if field is None else FieldPath(field),
        run=None if run is None else run_meant(asking, run),
        rule=rule,
        cleared=cleared,
        did=did,
    )
    wanted = reporting.wanted_format(asking, format, unmask=unmask)
    if wanted is None:
        return listed(asking, filters, cursor, limit, media=reporting.PAGES)
    asking.reads("overwritten-fields", entity=legal_entity, number=employee_number, media=MEDIA[wanted], clear=unmask)
    return _as_file(reporting.answer_with(asking, filters, wanted, unmask=unmask), asking)


def listed(
    asking: Asking, filters: OverwrittenFilters, cursor: str | None, limit: int, *, media: str = ""
) -> OverwrittenFields:
    """A page of them, with how many there are in all."""
    question = asking.question(filters=filters)
    after = asking.web.cursors.after(question, cursor)
    asking.reads("overwritten-fields", entity=filters.entities[0], number=filters.number, media=media)
    start, below = -1 if after is None else int(after), asking.seen + 1
    view = asking.web.store.views.overwritten_fields
    rows = view.rows(filters, below=below, after=start, limit=limit)
    tallies = view.tallies(filters, below=below)
    store = asking.web.store
    found = overwritten_lines(rows, store.log, store.vault, unmasked=False)
    more = len(rows) == limit
    last = rows[-1].position if rows else start
    return OverwrittenFields(
        items=[OverwrittenItem.model_validate(overwritten(one)) for one in found],
        **added(one.counts for one in tallies).as_json(),
        by_field=[OfField.model_validate(one) for one in of_fields(tallies)],
        by_rule=[OfRule.model_validate(one) for one in of_rules(tallies)],
        log_size=below,
        next=asking.web.cursors.cursor(question, last if more else max(last, asking.seen)),
        more=more,
    )


def _as_file(made: Response | ReportOrder, asking: Asking) -> Response:
    if isinstance(made, Response):
        return made
    told = reporting.order_answer(asking, made)
    return Response(told.model_dump_json(), 202, {"Location": told.status_url, **reporting.VARY}, "application/json")


@router.get("/drift")
def drift(asking: People, legal_entity: OneEntity, as_at: AsAt = None) -> Drift:
    """The open differences as the latest check and the latest run left them, and what was decided about each.

    `as_at` gives those that were open at that instant, as they were told by then; nothing can be decided about them.
    """
    by = aware(as_at, "query.as_at")
    return told(asking, legal_entity, differing(asking, legal_entity, by), by)


def differing(asking: Asking, legal_entity: str, by: datetime | None = None) -> Differences:
    """Everything about them, asked for once."""
    entity = asking.entity(legal_entity)
    asking.reads("drift", entity=legal_entity)
    store = asking.web.store
    return where_they_differ(entity, log=store.log, vault=store.vault, views=store.views, by=by)


def told(asking: Asking, legal_entity: str, found: Differences, by: datetime | None = None) -> Drift:
    policy = asking.web.settings.policy(legal_entity)
    return Drift.model_validate(present.differences(found, policy, then=by is not None))


@router.get("/terminations")
def terminations(asking: People, legal_entity: OneEntity, as_at: AsAt = None) -> Terminations:
    """Who is, or was, left out because Loket ended the employment, and on whom the systems disagree (AUD-7).

    `as_at` gives what was recorded of it by that instant.
    """
    entity, by = asking.entity(legal_entity), aware(as_at, "query.as_at")
    asking.reads("terminations", entity=legal_entity)
    store = asking.web.store
    seen = store.views.terminations.end_dates(entity)
    found = intervals(one for one in seen if by is None or one.recorded_at <= by)
    alerts = AlertRecord.of(recorded_by(store.log.stream(alert_stream(entity, SYSTEMS)), by))
    return Terminations(
        legal_entity=legal_entity,
        disagreements=[TerminationDisagreement.model_validate(disagreement(*one)) for one in disagreeing(alerts)],
        items=[TerminationItem.model_validate(interval(one)) for one in found],
    )
