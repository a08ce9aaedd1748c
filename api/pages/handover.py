"""The handover sheet as a page, and as the PDF and the files of it; with names where this session shows them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Annotated, Final

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from api.http.routes import handover as asked
from api.http.routes.handover import Handover, pdf_of, sheet_of
from api.http.routes.parameters import Entity, Language
from api.pages.asking import PageAsking, Signed
from api.pages.frame import shown
from api.pages.listing import PDF, Listing, as_json
from api.pages.names import names_of
from api.presenters.values import Json
from domain.access import Permission
from domain.values import LegalEntityId

router = APIRouter()
Reader = Annotated[PageAsking, Depends(Signed(Permission.READ_PEOPLE))]
_COLUMNS: Final = ("section", "employee_number", "person_id", "code", "field", "what", "text", "since", "by")


@router.get("/e/{entity}/handover")
def handover(asking: Reader, entity: Entity) -> Response:
    found = asked.handover(asking, entity, Language(asking.language))
    assert isinstance(found, Handover)
    named = partial(names_of, asking, entity)
    numbers = [line.employee_number for each in found.sections for line in each.lines]
    if asking.file == PDF:
        return pdf_of(asking, *sheet_of(asking, LegalEntityId(entity)), asking.language, named(numbers))
    listing = Listing("handover", _COLUMNS, lambda: _rows(found), named)
    names = named(numbers)
    return shown(asking, "handover.html", entity=entity, current="handover", page=found, names=names, listing=listing)


def _rows(found: Handover) -> Iterator[Json]:
    """What was not looked at has a row of its own, of nobody."""
    for each in found.sections:
        yield from ({**as_json(line), "section": each.section} for line in each.lines)
        for one in each.unseen:
            yield {**dict.fromkeys(_COLUMNS), "section": each.section, "code": one.reason, "text": one.text}
