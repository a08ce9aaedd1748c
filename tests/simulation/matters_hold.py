"""What must hold of what waits for somebody: *Today*, the handover sheet and alerts know the same, and miss nothing."""

from __future__ import annotations

from collections.abc import Iterator

from api.languages import DUTCH
from api.presenters.handover import handover
from api.presenters.matters import matters
from domain.alerts import AlertRecord
from domain.drift.state import CaseState
from domain.events.alert import AlertKind
from domain.four_eyes import CONFIRMED_WITHIN
from domain.services.alerts.raised import SYSTEMS
from domain.services.hand_over import handover_sheet
from domain.streams import alert_stream
from domain.values import LegalEntityId
from domain.views.handover import Sheet
from domain.views.matters import Matter
from tests.simulation.office import Office

_TASKS = (Matter.TASK_HR, Matter.TASK_PAYROLL, Matter.TASK_OPERATOR)
_ENDS = (Matter.ENDS_IN_LOKET, Matter.ENDS_IN_PERSONIO)


def untold(office: Office, entity: LegalEntityId) -> Iterator[str]:
    """Of a legal entity whose run or check has ended: what one of the two knows alone, or neither knows."""
    views, log = office.wired.views, office.log
    views.catch_up()
    sheet = handover_sheet(
        entity, log=log, vault=log.vault, views=views, clock=office.clock, plans=office.settings.plans()
    )
    on_paper: dict[str, list[int | None]] = {}
    for line in (one for each in handover(sheet, DUTCH)["sections"] for one in each["lines"]):
        on_paper.setdefault(line["matter"], []).append(line["employee_number"])
    for one in matters(sheet, DUTCH):
        lines = on_paper.pop(one["matter"], [])
        if (one["count"], {*one["employee_numbers"]}) != (len(lines), {*lines} - {None}):
            yield f"Today tells of {entity} {one['matter']}: {one['employee_numbers']}, the handover sheet {lines}"
    if on_paper:
        yield f"only the handover sheet of {entity} tells of {', '.join(on_paper)}"
    good_since = office.clock.now() - CONFIRMED_WITHIN
    cases = views.drift.cases(entity)
    open_ = {(one.employee_number, one.field) for one in cases if one.state is CaseState.OPEN}
    kept = {(one.employee_number, one.field) for one in cases if one.kept is not None and one.kept.until is None}
    yield from _other(sheet, entity, "tasks", len(views.tasks.open(entity)), *_TASKS)
    yield from _other(sheet, entity, "concepts", len(views.sync_state.waiting([entity])[entity]), Matter.CONCEPT)
    yield from _other(sheet, entity, "differences", len(open_ - kept), Matter.DIFFERS)
    yield from _other(sheet, entity, "braked", len(views.sync_state.braked([entity], good_since)[entity]), Matter.BRAKE)
    record = AlertRecord.of(log.stream(alert_stream(entity, SYSTEMS)))
    told = [one.kind for one in record.open | record.held]
    yield from _other(sheet, entity, "ends in alerts", told.count(AlertKind.TERMINATION_DISAGREEMENT), *_ENDS)
    if told.count(AlertKind.DRIFT) != len(open_):
        yield f"alerts of {entity} tell of {told.count(AlertKind.DRIFT)} differences, {len(open_)} are open"


def _other(sheet: Sheet, entity: LegalEntityId, what: str, many: int, *kinds: Matter) -> Iterator[str]:
    if (found := sum(1 for one in sheet.lines if one.what in kinds)) != many:
        yield f"the sheet of {entity} has {found} lines of {many} {what}"
