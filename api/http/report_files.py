"""Reports as files over HTTP: small ones at once; others are ordered, made in the background, and fetched."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import BinaryIO, Final

from fastapi.responses import StreamingResponse

from adapters.projections.afresh import ViewsAfresh
from adapters.reports.files import MEDIA, Format
from api.http.background_files import chunks
from api.http.dependencies import Asking
from api.http.negotiation import accepted
from api.http.problems import Refused, not_found
from api.http.schemas.answers import ReportAnswer
from api.http.state import Web
from api.languages import ENGLISH
from api.tasks.report_kinds import MEDIA_OF, Wanted, make, shown_in, views_for
from api.tasks.report_kinds import order as record_order
from domain.access import Permission
from domain.errors import NotFound
from domain.events.report import ReportKind
from domain.planning.business_date import time_told
from domain.services.reports.order import (
    FORMATS,
    ReportOrder,
    ordered_report,
    reason_of,
    standing_reports,
    waiting_reports,
)
from domain.streams import ERASURES
from domain.views.overwritten_fields import OverwrittenFilters

AT_ONCE: Final = 2_000  # lines; a larger report is ordered
PAGES: Final = "application/json"
VARY: Final = {"Vary": "Authorization, Accept"}
_CHUNK: Final = 1 << 16


def wanted_format(asking: Asking, named: Format | None, *, unmask: bool) -> Format | None:
    """What is named, or what Accept likes most; None for pages of JSON, which never show values in clear."""
    if named is not None:
        return named
    files = {media.split(";")[0]: one for one, media in MEDIA.items()}
    offered = [MEDIA[Format.NDJSON], *files] if unmask else [PAGES, *files]
    found = accepted(",".join(asking.request.headers.getlist("accept")), offered)
    if found is None:
        offers = ", ".join(dict.fromkeys(offered))
        raise Refused(406, "not-acceptable", f"available as {offers}", headers=VARY)
    return files.get(found)


def answer_with(
    asking: Asking, filters: OverwrittenFilters, wanted: Format, *, unmask: bool
) -> StreamingResponse | ReportOrder:
    """The file when it is small and needs nobody else; otherwise the order to fetch it by."""
    reason = asking.unmasking("overwritten fields").reason if unmask else None
    asked = Wanted(
        kind=ReportKind.OVERWRITTEN_FIELDS, filters=filters, format=wanted.value, language="", size=asking.seen + 1,
        actor=asking.caller.subject, reason=reason,
    )  # fmt: skip
    with views_for(asking.web.store, asked.kind) as views:
        found = shown_in(asking.web.store, views, asked)
        if found.lines > AT_ONCE or (unmask and found.people > 1):
            return record_order(asking.web.store, asked, found)
        return _file(asking.web, views, asked)


def order(
    asking: Asking, kind: ReportKind, filters: OverwrittenFilters, *, format: str, language: str, reason: str | None
) -> ReportOrder:
    """Put an order on record, whatever its size; with a reason in clear, and then somebody else releases it."""
    if format not in FORMATS[kind]:
        raise Refused(422, "invalid-request", f"{kind.value} is made as {', '.join(FORMATS[kind])}")
    if reason is not None and not asking.caller.may(Permission.UNMASK):
        raise Refused(403, "not-permitted", "your role may not see personal values")
    asked = Wanted(
        kind=kind, filters=filters, format=format, language=language,
        size=asking.web.store.log.size(), actor=asking.caller.subject, reason=reason,
    )  # fmt: skip
    with views_for(asking.web.store, kind) as views:
        return record_order(asking.web.store, asked, shown_in(asking.web.store, views, asked))


def order_known_to(asking: Asking, report: str) -> ReportOrder:
    """An order the caller may know of: their own, or one of their legal entities that waits for a second person."""
    try:
        order = ordered_report(asking.web.store.log, report)
    except NotFound:
        raise not_found() from None
    own = order.planned or order.ordered_by == asking.caller.subject
    if not asking.caller.sees(order.order.legal_entity) or not (own or asking.caller.may(Permission.UNMASK)):
        raise not_found()
    return order


def standing_for(asking: Asking, entity: str) -> Sequence[ReportOrder]:
    """What the caller ordered, what a timetable did, and what waits for their release, oldest first."""
    store = asking.web.store
    found = standing_reports(store.log, store.views.recorded, store.clock, (entity,))
    mine, second = asking.caller.subject, asking.caller.may(Permission.UNMASK)
    return tuple(one for one in found if one.planned or one.ordered_by == mine or (second and one.waits_for(mine)))


def waiting_for(asking: Asking) -> Sequence[ReportOrder]:
    """Orders of the caller's legal entities that they may release, oldest first: none of their own."""
    store = asking.web.store
    store.views.catch_up()
    return waiting_reports(store.log, store.views.recorded, store.clock, asking.entities(), actor=asking.caller.subject)


def order_answer(asking: Asking, order: ReportOrder) -> ReportAnswer:
    store, url = asking.web.store, f"{asking.base}/v1/reports/{order.id}"
    status = _status(asking, order)
    reason = reason_of(store.log, store.vault, order.id) if asking.caller.may(Permission.UNMASK) else ""
    return ReportAnswer(
        report=order.id,
        status=status,
        legal_entity=order.order.legal_entity,
        since=order.order.since,
        until=order.order.until,
        kind=order.kind.value,
        format=order.order.format,
        language=order.order.language or None,
        unmasked=order.order.unmasked,
        people=order.order.people,
        reason=reason or None,
        log_size=order.order.log_size,
        ordered_by=order.ordered_by,
        released_by=order.released_by,
        good_until=order.good_until,
        status_url=url,
        download_url=f"{url}/file" if status == "ready" else None,
    )


def fetch(asking: Asking, order: ReportOrder) -> StreamingResponse:
    """The file as it was made for this order, or made now; what was erased since it was ordered is told as erased."""
    store, caller = asking.web.store, asking.caller
    if not order.for_whom(caller.subject):
        raise not_found()
    if store.clock.now() >= order.good_until:
        raise Refused(410, "expired", "order the report again")
    if order.waits:
        raise Refused(403, "second-person-needed", "somebody else has to release it first")
    if not order.order.unmasked:
        return _answer(chunks(asking.web.reports.file(*_making(asking, order))), order.kind, order.order.format)
    if not caller.may(Permission.UNMASK):
        raise Refused(403, "not-permitted", "your role may not see personal values")
    reason = reason_of(store.log, store.vault, order.id)
    about = (*_order_in_words(order), ("Reason", reason))
    wanted = replace(_of(order), actor=caller.subject, reason=reason, about=about, agreed=True)
    with views_for(store, order.kind) as views:
        return _file(asking.web, views, wanted)


def _of(order: ReportOrder) -> Wanted:
    one = order.order
    return Wanted(
        kind=order.kind, filters=order.filters, format=one.format, language=one.language or ENGLISH, size=one.log_size,
        actor=order.ordered_by, about=_order_in_words(order),
    )  # fmt: skip


def _status(asking: Asking, order: ReportOrder) -> str:
    if asking.web.store.clock.now() >= order.good_until:
        return "expired"
    if order.waits:
        return "awaits_release"
    if order.order.unmasked:  # short, and made in memory when it is fetched
        return "ready"
    return "ready" if asking.web.reports.ready(*_making(asking, order)) else "in_progress"


def _making(asking: Asking, order: ReportOrder) -> tuple[str, Callable[[], BinaryIO]]:
    """What a masked file is known by, and how it is made: anew after every erasure, which it has to tell."""
    web = asking.web

    def made() -> BinaryIO:
        out: BinaryIO = tempfile.TemporaryFile()  # noqa: SIM115  has no name; closed when nobody holds it any more
        with views_for(web.store, order.kind) as views:
            make(web.settings, web.store, views, _of(order), out, while_read=web.reports.until_stopped)
        out.flush()
        return out

    return f"{order.id} {len(web.store.log.stream(ERASURES))}", made


def _order_in_words(order: ReportOrder) -> tuple[tuple[str, str], ...]:
    """Who ordered it and who released it, for its first page."""
    ordered = ("Ordered by", f"{order.ordered_by} on {time_told(order.ordered_at)} (Amsterdam)")
    return (ordered, ("Released by", order.released_by)) if order.released_by else (ordered,)


def _file(web: Web, views: ViewsAfresh, wanted: Wanted) -> StreamingResponse:
    clear = wanted.reason is not None
    out: BinaryIO = io.BytesIO() if clear else tempfile.TemporaryFile()  # noqa: SIM115  closed by the answer
    try:
        make(web.settings, web.store, views, wanted, out)
    except BaseException:
        out.close()
        raise
    return _answer(_chunks(out), wanted.kind, wanted.format)


def _answer(content: Iterator[bytes], kind: ReportKind, wanted: str) -> StreamingResponse:
    headers = {
        "Content-Disposition": f'attachment; filename="{kind.value.replace("_", "-")}.{wanted}"',
        "Cache-Control": "no-store",
        **VARY,
    }
    return StreamingResponse(content, 200, headers, MEDIA_OF[wanted])


def _chunks(out: BinaryIO) -> Iterator[bytes]:
    with out:
        out.seek(0)
        while chunk := out.read(_CHUNK):
            yield chunk
