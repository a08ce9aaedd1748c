"""The handover sheet: what payroll, or the accountant who works in Loket, has to do by hand, and should know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Response
from pydantic import Field

from adapters.reports.handover import handover_pdf
from api.http.dependencies import Asking, Requires
from api.http.routes.parameters import Entity, Language
from api.http.routes.tasks import Look
from api.http.schemas.answers import Answer
from api.presenters.handover import NOBODY
from api.presenters.handover import handover as present
from api.presenters.handover_paper import Imprint, handover_paper
from domain.access import Permission
from domain.services.hand_over import handed_over, handover_sheets
from domain.services.reports.names import NAMES, read_names, show_names
from domain.values import LegalEntityId
from domain.views.handover import Sheet, Verdict
from domain.views.matters import By

router = APIRouter(prefix="/legal-entities/{entity}", tags=["reports"])
People = Annotated[Asking, Depends(Requires(Permission.READ_PEOPLE))]


_LONGEST: Final = 500  # characters of a reason


class Paper(StrEnum):
    JSON = "json"
    PDF = "pdf"


class HandedRun(Answer):
    run_id: str
    at: datetime
    status: str


class MatterDetail(Answer):
    what: str = Field(description="The field or component, and what is wrong with it, in words")
    count: int
    employee_numbers: list[int]


class MatterItem(Answer):
    matter: str = Field(description="What the lines of it are: a kind of matter, a notice, or a job that is late")
    section: str
    count: int
    what: str = Field(description="What there are so many of, in words")
    employee_numbers: list[int] = Field(description="Of everyone it is about; empty for roles that do not read people")
    details: list[MatterDetail] = Field(description="What of each; empty where the kind says it all")
    who: By = Field(description="The one party that acts")
    who_in_words: str
    not_by: list[str] = Field(description="Who asked, and cannot be the second person")
    do: str
    otherwise: str = Field(description="What happens if nobody does")
    by_when: str | None = Field(description="The date that decides, in words; null where none is known")
    since: datetime | None = Field(description="Of the oldest")
    runs: list[str] = Field(description="That it is about")
    to_know: bool = Field(description="Nobody has to do anything")

    @property
    def acts(self) -> str:
        """Who does, as a sentence begins."""
        return self.who_in_words[:1].upper() + self.who_in_words[1:]


class HandedLine(Answer):
    matter: str
    employee_number: int | None
    person_id: str | None = Field(description="In Personio; null where only the number is known")
    name: str | None = Field(description="Only where names were asked for")
    code: str = Field(description="The finding, notice, rule or cause behind it")
    field: str | None
    what: str = Field(description="The field, what the notice names, or what the line is about, in words")
    text: str = Field(description="What is so, and what to do")
    since: datetime | None
    by: str | None = Field(description="Who sees to it, or decided it")
    not_by: str | None = Field(description="Who asked, and cannot be the second person")
    run: str | None = Field(description="That it is about")


class NotLookedAt(Answer):
    reason: str
    text: str


class HandedSection(Answer):
    section: str
    title: str
    lines: list[HandedLine]
    unseen: list[NotLookedAt] = Field(description="Why there may be more; without lines and reasons there is nothing")


class HeldSync(Answer):
    people: int = Field(description="Whose tasks hold the sync")
    taking_part: int = Field(description="For whom nothing is written meanwhile; 0 where no run counted them")
    text: str


class InOrder(Answer):
    do: str
    page: str = Field(description="Where: the page of tasks, or that of the plan")


class Handover(Answer):
    legal_entity: str
    business_date: date
    language: str
    run: HandedRun | None = Field(description="What the notices are as of; null before a first run")
    last_look: Look | None = Field(description="What the tasks are as of")
    compared_at: datetime | None = Field(description="What the differences are as of")
    held: HeldSync | None = Field(description="Null while no task holds the sync; else its sections come first")
    verdict: Verdict = Field(description="The worst that is so: what the first sentence says")
    says: str
    in_order: list[InOrder] = Field(description="What comes after what while tasks hold the sync; else empty")
    next_run: datetime | None = Field(description="That is planned")
    matters: list[MatterItem] = Field(description="What blocks payroll most first; *Today* has the same")
    lines: int
    sections: list[HandedSection]

    def of(self, section: str) -> list[MatterItem]:
        return [one for one in self.matters if one.section == section]


@router.get("/handover", response_model=Handover, responses={200: {"content": {"application/pdf": {}}}})
def handover(
    asking: People,
    entity: Entity,
    language: Annotated[Language, Query()] = Language.DUTCH,
    names: Annotated[bool, Query(description="With names: needs the permission, and a reason in the header")] = False,
    format: Annotated[Paper, Query()] = Paper.JSON,
) -> Handover | Response:
    """What is to be done by hand in Loket or asked of HR, from the log: tasks, notices of the latest run, differences.

    Everyone whom one of them names is on it, in the state that they say; neither system is asked.
    """
    legal_entity = asking.entity(entity)
    asking.reads("handover", entity=entity, clear=names)
    sheet, size = sheet_of(asking, legal_entity)
    known = _names(asking, legal_entity, sheet) if names else NOBODY
    if format is Paper.PDF:
        return pdf_of(asking, sheet, size, language.value, known)
    return Handover.model_validate(present(sheet, language.value, names=known))


def sheet_of(asking: Asking, entity: LegalEntityId) -> tuple[Sheet, int]:
    """With how many events the log had for it."""
    store = asking.web.store
    size = asking.seen + 1
    plans = asking.web.settings.plans()
    return handed_over(
        entity, size, log=store.log, vault=store.vault, views=store.views, clock=store.clock, plans=plans
    )


def sheets_of(asking: Asking, entities: Sequence[LegalEntityId]) -> Mapping[LegalEntityId, Sheet]:
    store, plans = asking.web.store, asking.web.settings.plans()
    return handover_sheets(
        entities, log=store.log, vault=store.vault, views=store.views, clock=store.clock, plans=plans
    )


def pdf_of(asking: Asking, sheet: Sheet, size: int, language: str, names: Mapping[int, str]) -> Response:
    web = asking.web
    imprint = Imprint(
        legal_entity=web.settings.entity_names()[sheet.legal_entity],
        made_by=asking.caller.subject,
        made_at=asking.now,
        log_size=size,
        checkpoint=web.sign(),
    )
    paper = handover_paper(present(sheet, language, names=names), imprint)
    headers = {
        "Content-Disposition": f'attachment; filename="handover-{sheet.legal_entity}-{sheet.day}.pdf"',
        "Cache-Control": "no-store",
    }
    return Response(handover_pdf(paper), media_type="application/pdf", headers=headers)


def _names(asking: Asking, entity: LegalEntityId, sheet: Sheet) -> Mapping[int, str]:
    """Of those on the sheet; that they are shown is on record first, of everyone of the legal entity."""
    unmasking = asking.unmasking(NAMES, Permission.SHOW_NAMES)
    store, wanted = asking.web.store, {one.number for one in sheet.lines if one.number is not None}
    show_names(entity, unmasking=unmasking, log=store.log, vault=store.vault, views=store.views, clock=store.clock)
    found = read_names(entity, wanted, log=store.log, vault=store.vault, views=store.views)
    return {int(number): name for number, name in found.items()}
