"""Reports as files over HTTP: small ones at once, others ordered and fetched; nothing of them is kept."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from typing import BinaryIO, Final

from fastapi.responses import StreamingResponse

from adapters.reports.files import MEDIA, Format, write
from adapters.reports.pdf_file import MOST_LINES
from api.accepting import accepted
from api.auth import REASON, Asking
from api.identifiers import new_run_id
from api.problems import Refused, not_found
from api.schemas.answers import ReportAnswer
from domain.access import Permission
from domain.errors import NotFound
from domain.services.order_report import ReportOrder, order_report, ordered_report, reason_of
from domain.services.overwritten_report import overwritten_report
from domain.views.overwritten_fields import OverwrittenFilters

AT_ONCE: Final = 2_000  # lines; a larger report is ordered
MOST_IN_CLEAR: Final = 5_000  # lines; it is held in memory, never on disk
PAGES: Final = "application/json"
VARY: Final = {"Vary": "Authorization, Accept"}
_CHUNK: Final = 1 << 16


def asked_reason(asking: Asking) -> str:
    """Why values are to be shown; refused without the permission or a reason (AUD-8)."""
    if not asking.caller.may(Permission.UNMASK):
        raise Refused(403, "not-permitted", "your role may not see personal values")
    reason = asking.request.headers.get(REASON, "").strip()[:500]
    if not reason:
        raise Refused(422, "reason-missing", f"showing personal values needs a reason in the header {REASON}")
    return reason


def wanted_format(asking: Asking, named: Format | None, *, unmask: bool) -> Format | None:
    """What is named, or what Accept likes most; None for pages of JSON, which never show values in clear."""
    if named is not None:
        return named
    files = {media.split(";")[0]: one for one, media in MEDIA.items()}
    offered = [MEDIA[Format.NDJSON], *files] if unmask else [PAGES, *files]
    found = accepted(",".join(asking.request.headers.getlist("accept")), offered)
    if found is None:
        offers = ", ".join(dict.fromkeys(offered))
        raise Refused(406, "not-acceptable", f"this can be had as {offers}", headers=VARY)
    return files.get(found)


def answer_with(
    asking: Asking, filters: OverwrittenFilters, wanted: Format, *, unmask: bool
) -> StreamingResponse | ReportOrder:
    """The file when it is small and needs nobody else; otherwise the order to fetch it by."""
    reason = asked_reason(asking) if unmask else None
    store, size = asking.web.store, asking.seen + 1
    totals = store.views.overwritten_fields.totals(filters, below=size)
    people = len({one.person_id for one in totals.by_person})
    _check_length(totals.overwritten, wanted, unmask=unmask)
    if totals.overwritten > AT_ONCE or (unmask and people > 1):
        return order_report(
            filters, store.log, store.vault, store.clock, report=f"report-{new_run_id(store.clock.now())}",
            actor=asking.caller.subject, format=wanted.value, people=people, log_size=size, unmask_because=reason,
        )  # fmt: skip
    return _file(asking, filters, wanted, size, reason)


def found(asking: Asking, report: str) -> ReportOrder:
    """An order the caller may know of: their own, or one of their legal entities that waits for a second person."""
    try:
        one = ordered_report(asking.web.store.log, report)
    except NotFound:
        raise not_found() from None
    own = one.ordered_by == asking.caller.subject
    if not asking.caller.sees(one.order.legal_entity) or not (own or asking.caller.may(Permission.UNMASK)):
        raise not_found()
    return one


def told(asking: Asking, one: ReportOrder) -> ReportAnswer:
    store, url = asking.web.store, f"/v1/reports/{one.id}"
    expired = store.clock.now() >= one.good_until
    reason = reason_of(store.log, store.vault, one.id) if asking.caller.may(Permission.UNMASK) else ""
    return ReportAnswer(
        report=one.id,
        status="expired" if expired else "awaits_release" if one.waits else "ready",
        legal_entity=one.order.legal_entity,
        since=one.order.since,
        until=one.order.until,
        format=one.order.format,
        unmasked=one.order.unmasked,
        people=one.order.people,
        reason=reason or None,
        log_size=one.order.log_size,
        ordered_by=one.ordered_by,
        released_by=one.released_by,
        good_until=one.good_until,
        status_url=url,
        download_url=None if expired or one.waits else f"{url}/file",
    )


def fetch(asking: Asking, one: ReportOrder) -> StreamingResponse:
    """The file, made of the log now: what was erased since it was ordered is told as erased."""
    store = asking.web.store
    if one.ordered_by != asking.caller.subject:
        raise not_found()
    if store.clock.now() >= one.good_until:
        raise Refused(410, "expired", "order the report again")
    if one.waits:
        raise Refused(403, "second-person-needed", "another subject has to release it first")
    if one.order.unmasked and not asking.caller.may(Permission.UNMASK):
        raise Refused(403, "not-permitted", "your role may not see personal values")
    reason = reason_of(store.log, store.vault, one.id) if one.order.unmasked else None
    return _file(asking, one.filters, Format(one.order.format), one.order.log_size, reason)


def _file(
    asking: Asking, filters: OverwrittenFilters, wanted: Format, size: int, reason: str | None
) -> StreamingResponse:
    store = asking.web.store
    report = overwritten_report(
        filters, store.log, store.vault, store.views, store.clock, actor=asking.caller.subject, unmask_because=reason,
        as_of=size,
    )  # fmt: skip
    out: BinaryIO = tempfile.TemporaryFile() if reason is None else io.BytesIO()  # noqa: SIM115  closed by the answer
    try:
        write(report, wanted, out)
    except BaseException:
        out.close()
        raise
    headers = {
        "Content-Disposition": f'attachment; filename="overwritten-fields.{wanted}"',
        "Cache-Control": "no-store",
        **VARY,
    }
    return StreamingResponse(_chunks(out), 200, headers, MEDIA[wanted])


def _chunks(out: BinaryIO) -> Iterator[bytes]:
    with out:
        out.seek(0)
        while chunk := out.read(_CHUNK):
            yield chunk


def _check_length(lines: int, wanted: Format, *, unmask: bool) -> None:
    if wanted is Format.PDF and lines > MOST_LINES:
        raise Refused(422, "too-long", f"a PDF has at most {MOST_LINES} lines: narrow the filter or take xlsx")
    if unmask and lines > MOST_IN_CLEAR:
        raise Refused(422, "too-long", f"a report in clear has at most {MOST_IN_CLEAR} lines: narrow the filter")
