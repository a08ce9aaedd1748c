"""Whether the log is sound: what the last verification found, another one ordered, and how to check it oneself."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from adapters.log.verify_page.page import sha256_of_page
from api.http.routes import log as asked
from api.http.routes import verifications as asked_verdict
from api.http.routes.long_work import Ordered, WorkId
from api.http.schemas.answers import Head, Verdict, WorkAnswer
from api.pages.asking import PageAsking, Signed, form, key_in
from api.pages.frame import shown
from domain.access import Permission
from domain.events.catalogue import STORED_NAMES
from domain.events.custody import LogVerified
from domain.grounds.readers import read_json
from domain.views.recorded import Entry, Filters
from domain.whose import NO_ENTITY

router = APIRouter()
Reader = Annotated[PageAsking, Depends(Signed(Permission.READ_LOG))]
Verifier = Annotated[PageAsking, Depends(Signed(Permission.VERIFY))]
_SHOWN: Final = 10
_VERIFIED: Final = next(name for name, fact in STORED_NAMES.items() if fact is LogVerified)


@dataclass(frozen=True, slots=True)
class ProofPage:
    """`earlier` are verifications that found the log sound, which are on record."""

    verdict: Verdict
    head: Head | None
    fingerprint: str
    earlier: tuple[Entry, ...]
    sha256: str  # of verify.html
    may_verify: bool


@dataclass(frozen=True, slots=True)
class VerificationPage:
    told: WorkAnswer
    verdict: str | None  # None while it goes on, and where it came to no end


@router.get("/proof")
def proof(asking: Reader) -> HTMLResponse:
    asking.notes("proof")
    asking.fresh(clear=True)  # the verdict is kept beside the log
    log = asking.web.store.log
    verdict = asked_verdict.verdict(asking)
    head = asked.head(asking) if log.size() else None
    page = ProofPage(
        verdict=verdict,
        head=head,
        fingerprint=_grouped(hashlib.sha256(str(log.verifier).encode()).hexdigest()),
        earlier=_earlier(asking),
        sha256=sha256_of_page(),
        may_verify=asking.caller.may(Permission.VERIFY),
    )
    return shown(asking, "proof.html", entity=_only(asking), current="proof", page=page)


@router.post("/proof/verifications")
def verify(asking: Verifier, fields: Annotated[dict[str, str], Depends(form)]) -> Response:
    """Order one: however often the form is sent, and also while the log is not believed."""
    ordered = asked_verdict.verification(asking, Ordered(), key_in(fields))
    return RedirectResponse(f"/proof/verifications/{read_json(bytes(ordered.body))['work']}", 303)


@router.get("/proof/verifications/{work}")
def verified(asking: Reader, work: WorkId) -> HTMLResponse:
    told = asked_verdict.verified(asking, work)
    asking.seen = asking.web.store.log.size() - 1
    page = VerificationPage(told, told.report["verdict"] if told.report else None)
    return shown(asking, "verification.html", entity=_only(asking), current="proof", page=page)


def _earlier(asking: PageAsking) -> tuple[Entry, ...]:
    """For whoever sees every legal entity: they are events of the log itself."""
    if asking.caller.entities is not None:
        return ()
    filters = Filters(kind=_VERIFIED)
    return asking.web.store.views.recorded.find((NO_ENTITY,), filters, limit=_SHOWN, before=asking.seen + 1).entries


def _only(asking: PageAsking) -> str | None:
    """The one legal entity that there is for the reader, whose menu is then around the page."""
    mine = [one for one in asking.web.entities if asking.caller.sees(one)]
    return mine[0] if len(mine) == 1 else None


def _grouped(digits: str) -> str:
    return " ".join(digits[at : at + 8] for at in range(0, len(digits), 8))
