"""One event, with the path that leads from it to a signed head, and its certificate."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi import Path as InPath
from fastapi.responses import HTMLResponse, Response

from adapters.log.proof.notes import open_checkpoint
from adapters.log.verify_page.page import sha256_of_page
from api.http.routes import log as asked
from api.http.routes.parameters import DIGITS
from api.languages import tongue
from api.pages.asking import PageAsking, Signed
from api.pages.frame import shown
from api.pages.proof.path import Path, path
from domain.access import Permission
from domain.grounds.readers import read_json
from domain.naming import people_named
from domain.rules import RULES
from domain.values import LegalEntityId
from domain.views.history import lines

router = APIRouter()
Prover = Annotated[PageAsking, Depends(Signed(Permission.PROVE))]
Position = Annotated[int, InPath(ge=0, le=2**53), DIGITS]


@dataclass(frozen=True, slots=True)
class EventPage:
    """`state` is what was hashed, its values sealed; `size` and `root` are those of the head that was signed."""

    position: int
    sentence: str
    rule: str | None
    statement: str | None
    recorded_at: datetime
    actor: str
    run: str
    effective_on: date | None
    kind: str
    stream: str
    version: int
    employee_number: int | None
    size: int
    root: str
    path: Path
    state: str
    people: int  # whom it names
    sha256: str  # of verify.html
    public_key: str


@router.get("/proof/{position}")
def event(asking: Prover, position: Position) -> HTMLResponse:
    """Of any legal entity that the reader sees."""
    proof = asked.proof(asking, position)
    store = asking.web.store
    entry = store.views.recorded.entry(position)
    assert entry is not None  # it was asked for a moment ago
    marked = store.vault.marked(store.log.at([position]))
    (line,) = lines(marked, tongue(asking.language))
    head = open_checkpoint(proof.checkpoint, store.log.verifier)
    hashes = [base64.b64decode(one) for one in proof.proof]
    rule = RULES.get(entry.rule or "")
    page = EventPage(
        position=position,
        sentence=line.sentence,
        rule=entry.rule,
        statement=rule.statement if rule else None,
        recorded_at=line.recorded_at,
        actor=line.actor,
        run=line.run,
        effective_on=entry.effective_on,
        kind=entry.kind,
        stream=entry.stream,
        version=marked[0].version,
        employee_number=entry.employee_number,
        size=head.size,
        root=head.root.hex(),
        path=path(base64.b64decode(proof.leaf), position, head.size, hashes, head.root),
        state=json.dumps(read_json(proof.event["state"]), ensure_ascii=False, indent=1),
        people=people_named(marked[0].fact),
        sha256=sha256_of_page(),
        public_key=proof.public_key,
    )
    entity = LegalEntityId(entry.legal_entity) if entry.legal_entity else None
    return shown(asking, "event.html", entity=entity, current="proof", page=page)


@router.get("/proof/{position}/certificate")
def certificate(asking: Prover, position: Position) -> Response:
    """As a file; it opens no value. Whom it names stands on the page from which it is saved."""
    return asked.event_certificate(asking, position, with_others=True)
