"""Reports as files over HTTP: small ones at once; others are ordered, made in the background, and fetched."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import BinaryIO, Final

from fastapi.responses import StreamingResponse

from adapters.projections.afresh import ViewsAfresh, views_afresh
from adapters.reports.files import MEDIA, Format, write
from adapters.reports.pdf_file import MOST_LINES
from api.http.background_files import chunks
from api.http.dependencies import Asking
from api.http.negotiation import accepted
from api.http.problems import Refused, not_found
from api.http.schemas.answers import ReportAnswer
from api.http.state import Web
from api.identifiers import new_run_id
from domain.access import Permission
from domain.errors import NotFound
from domain.services.reports.order import ReportOrder, order_report, ordered_report, reason_of, waiting_reports
from domain.services.reports.overwritten import OverwrittenReport, overwritten_report, people_in
from domain.streams import ERASURES
from domain.values import Actor
from domain.views.overwritten_fields import OverwrittenFilters

AT_ONCE: Final = 2_000  # lines; a larger report is ordered
MOST_IN_CLEAR: Final = 5_000  # lines; it is held in memory, never on disk
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
    store, size = asking.web.store, asking.seen + 1
    with views_afresh(store.log) as views:
        totals = views.overwritten_fields.totals(filters, below=size)
        people = len({one.person_id for one in totals.by_person})
        _check_length(totals.counts.fields, wanted, unmask=unmask)
        if totals.counts.fields > AT_ONCE or (unmask and people > 1):
            return order_report(
                filters, store.log, store.vault, store.clock, report=f"report-{new_run_id(store.clock.now())}",
                actor=asking.caller.subject, format=wanted.value, people=people, log_size=size, unmask_because=reason,
                named=people_in(filters, store.log, views, below=size) if unmask else (),
            )  # fmt: skip
        return _file(asking, views, filters, wanted, size, reason)


def order_known_to(asking: Asking, report: str) -> ReportOrder:
    """An order the caller may know of: their own, or one of their legal entities that waits for a second person."""
    try:
        order = ordered_report(asking.web.store.log, report)
    except NotFound:
        raise not_found() from None
    own = order.ordered_by == asking.caller.subject
    if not asking.caller.sees(order.order.legal_entity) or not (own or asking.caller.may(Permission.UNMASK)):
        raise not_found()
    return order


def waiting_for(asking: Asking) -> Sequence[ReportOrder]:
    """Orders of the caller's legal entities that they may release, oldest first: none of their own."""
    store = asking.web.store
    store.views.catch_up()
    return waiting_reports(store.log, store.views.recorded, store.clock, asking.entities(), actor=asking.caller.subject)


def order_answer(asking: Asking, order: ReportOrder) -> ReportAnswer:
    store, url = asking.web.store, f"/v1/reports/{order.id}"
    status = _status(asking, order)
    reason = reason_of(store.log, store.vault, order.id) if asking.caller.may(Permission.UNMASK) else ""
    return ReportAnswer(
        report=order.id,
        status=status,
        legal_entity=order.order.legal_entity,
        since=order.order.since,
        until=order.order.until,
        format=order.order.format,
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
    store, wanted = asking.web.store, Format(order.order.format)
    if order.ordered_by != asking.caller.subject:
        raise not_found()
    if store.clock.now() >= order.good_until:
        raise Refused(410, "expired", "order the report again")
    if order.waits:
        raise Refused(403, "second-person-needed", "somebody else has to release it first")
    if not order.order.unmasked:
        return _answer(chunks(asking.web.reports.file(*_making(asking, order))), wanted)
    if not asking.caller.may(Permission.UNMASK):
        raise Refused(403, "not-permitted", "your role may not see personal values")
    reason = reason_of(store.log, store.vault, order.id)
    about = (*_order_in_words(order), ("Reason", reason))
    with views_afresh(store.log) as views:
        return _file(asking, views, order.filters, wanted, order.order.log_size, reason, about, agreed=True)


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

    def make() -> BinaryIO:
        out: BinaryIO = tempfile.TemporaryFile()  # noqa: SIM115  has no name; closed when nobody holds it any more
        size, about = order.order.log_size, _order_in_words(order)
        with views_afresh(web.store.log) as views:
            report = _report(web, views, order.filters, order.ordered_by, size, None, about)
            lines = replace(report, lines=lambda: web.reports.until_stopped(report.lines()))
            write(lines, Format(order.order.format), out)
        out.flush()
        return out

    return f"{order.id} {len(web.store.log.stream(ERASURES))}", make


def _order_in_words(order: ReportOrder) -> tuple[tuple[str, str], ...]:
    """Who ordered it and who released it, for its first page."""
    ordered = ("Ordered by", f"{order.ordered_by} on {order.ordered_at.isoformat(timespec='seconds')}")
    return (ordered, ("Released by", order.released_by)) if order.released_by else (ordered,)


def _file(
    asking: Asking,
    views: ViewsAfresh,
    filters: OverwrittenFilters,
    wanted: Format,
    size: int,
    reason: str | None,
    about: tuple[tuple[str, str], ...] = (),
    *,
    agreed: bool = False,
) -> StreamingResponse:
    out: BinaryIO = tempfile.TemporaryFile() if reason is None else io.BytesIO()  # noqa: SIM115  closed by the answer
    try:
        write(
            _report(asking.web, views, filters, asking.caller.subject, size, reason, about, agreed=agreed), wanted, out
        )
    except BaseException:
        out.close()
        raise
    return _answer(_chunks(out), wanted)


def _report(
    web: Web,
    views: ViewsAfresh,
    filters: OverwrittenFilters,
    actor: Actor,
    size: int,
    reason: str | None,
    about: tuple[tuple[str, str], ...],
    *,
    agreed: bool = False,
) -> OverwrittenReport:
    store = web.store
    report = overwritten_report(
        filters,
        store.log,
        store.vault,
        views,
        store.clock,
        actor=actor,
        unmask_because=reason,
        as_of=size,
        most=web.settings.access.people_a_day,
        agreed=agreed,
    )
    return replace(report, entity_names=web.settings.entity_names(), about=about)


def _answer(content: Iterator[bytes], wanted: Format) -> StreamingResponse:
    headers = {
        "Content-Disposition": f'attachment; filename="overwritten-fields.{wanted}"',
        "Cache-Control": "no-store",
        **VARY,
    }
    return StreamingResponse(content, 200, headers, MEDIA[wanted])


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
