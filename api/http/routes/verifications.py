"""Whether the log is sound: what the last verification found, and ordering another one, whichever way it was left."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse

from adapters.log.proof.cosignatures import cosignatures
from adapters.log.proof.last_verdict import sound_head
from adapters.log.proof.notes import NoteRejected
from api.http.dependencies import Asking, Requires
from api.http.idempotency import IdempotencyKey, once
from api.http.long_work import Kind
from api.http.routes.long_work import ORDER, Ordered, WorkId, told
from api.http.schemas.answers import Verdict, WitnessedHead, WorkAccepted, WorkAnswer
from api.presenters.values import Json
from api.tasks.verify import verify_log
from domain.access import Permission
from domain.errors import LogNotBelieved
from domain.grounds.readers import read_json
from domain.services.journal import Progress
from domain.whose import NO_ENTITY

router = APIRouter(prefix="/log", tags=["log"])
Follower = Annotated[Asking, Depends(Requires(Permission.READ_LOG))]
Verifier = Annotated[Asking, Depends(Requires(Permission.VERIFY))]
_PHASE: Final = "verifying"
_OF_ALL: Final = ("keys", "views", "reason")
"""What may name a row of any legal entity: for those who see all of them."""


@router.get("/verdict")
def verdict(asking: Follower) -> Verdict:
    """What the last verification found, whoever ordered it; nothing before the first one."""
    asking.response.headers["Cache-Control"] = "no-store"  # it is kept beside the log
    log, unreadable = asking.web.store.log, False
    try:
        last = log.last_verdict()
    except LogNotBelieved:
        last, unreadable = None, True
    sound = sound_head(last, log.verifier)
    return Verdict(
        verdict=last.verdict.value if last else "UNREADABLE" if unreadable else None,
        position=last.position if last else None,
        to=last.to if last else None,
        at=last.at if last else None,
        by=last.by if last else None,
        since=last.since if last else None,
        whole_at=last.whole if last else None,
        sound_up_to=sound.size if sound else None,
        witnessed=_witnessed(asking),
    )


@router.post("/verifications", **ORDER)
def verification(asking: Verifier, body: Ordered, idempotency_key: IdempotencyKey) -> JSONResponse:
    """Have the whole log verified: every event, the tree, both copies of the heads, the keys, and every view.

    What it finds is the log's verdict from then on. It may be ordered while the log is not believed.
    """
    web, caller = asking.web, asking.caller
    asking.notes("verification-ordered")

    def work(_name: str, progress: Progress) -> Json:
        progress(_PHASE, 0, 0)
        return verify_log(web.settings, actor=caller.subject, clock=web.store.clock).as_json()

    def order() -> str:
        name = web.work.order(Kind.VERIFICATION, NO_ENTITY, caller, work)
        status_url = f"{asking.base}/v1/log/verifications/{name}"
        accepted = WorkAccepted(work=name, status="in_progress", status_url=status_url)
        return accepted.model_dump_json()

    content = read_json(once(asking, idempotency_key, body.model_dump_json(), order))
    return JSONResponse(content, 202, {"Location": content["status_url"]})


@router.get("/verifications/{work}")
def verified(asking: Follower, work: WorkId) -> WorkAnswer:
    """How far a verification is, and what it found, for 24 hours; the verdict itself stays."""
    found = told(asking, Kind.VERIFICATION, work, of_the_log=True)
    if found.report is None or asking.caller.entities is None:
        return found
    kept = {name: value for name, value in found.report.items() if name not in _OF_ALL}
    return found.model_copy(update={"report": kept})


def _witnessed(asking: Asking) -> WitnessedHead | None:
    """The newest head that one of the configured witnesses vouches for."""
    head = asking.web.store.log.witnessed(0)
    if head is None:
        return None
    try:
        by = cosignatures(head.text, [one.key for one in asking.web.settings.log.asked_witnesses()])
    except NoteRejected:
        return None
    return WitnessedHead(size=head.size, by=[one.witness for one in by], at=min(one.at for one in by)) if by else None
