"""Every kind of paper that the product makes, of one company's February and March, in both languages.

python -m tests.support.papers FOLDER        writes them there, each page of a PDF as a picture too
"""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, time
from pathlib import Path
from typing import Final
from zipfile import ZipFile

from adapters.reports.handover import handover_pdf
from adapters.reports.sheet import write_sheet
from api.bootstrap import Store, open_store
from api.config.settings import Settings
from api.presenters.handover import handover
from api.presenters.handover_paper import Imprint, handover_paper
from api.presenters.what_if import Made, exposure_sheet, what_if_sheet
from api.tasks.report_kinds import Wanted, make, views_for
from domain.events.report import ReportKind
from domain.planning.business_date import day_begins
from domain.schedule import Plans
from domain.services.hand_over import handover_sheet
from domain.services.replay.known_earlier import known_earlier
from domain.services.replay.looks import Looks, looks_between
from domain.services.replay.what_if import each_otherwise, with_settings
from domain.services.reports.names import read_names
from domain.services.reports.order import FORMATS
from domain.services.reports.sheet import Sheet
from domain.values import Actor, EmployeeNumber, LegalEntityId
from domain.views.overwritten_fields import OverwrittenFilters
from tests.golden.quarter import Quarter, february, march
from tests.support.http_api import settings_for
from tests.support.world_in_process import InProcess

LANGUAGES: Final = ("nl", "en")
TULP: Final = LegalEntityId("170")
ANJA: Final = Actor("Anja de Vries")
SINCE, UNTIL = date(2026, 2, 1), date(2026, 3, 31)
DECIDED: Final = date(2026, 3, 9)
"""From here on the spring has every kind of event that evidence has a part for."""
PICTURED: Final = ("pdf", "xlsx")
"""What a person looks at; the rest is for machines."""


@dataclass(frozen=True)
class Paper:
    """`kind` is of the report, or of the sheet."""

    kind: str
    language: str
    format: str  # pdf or xlsx
    content: bytes

    @property
    def name(self) -> str:
        return f"{self.kind}.{self.language}.{self.format}"


class OnRecord(InProcess):
    """The world in process, whose log, keys and views are the real ones of a store."""

    sanne: EmployeeNumber

    def __init__(self, url: str, folder: Path) -> None:
        super().__init__()
        settings = settings_for(url, folder)
        access = settings.access.model_copy(update={"people_a_day": 10_000})
        self.settings: Settings = settings.model_copy(update={"access": access})
        self._opened = open_store(self.settings, clock=self.clock)
        self.store: Store = self._opened.__enter__()
        mine = self.store
        self._tools = replace(self._tools, log=mine.log, vault=mine.vault, claims=mine.claims, views=mine.views)

    def close(self) -> None:
        self._opened.__exit__(None, None, None)
        super().close()


@contextmanager
def spring(folder: Path) -> Iterator[OnRecord]:
    """Two months of syncs, checks, corrections and decisions, all of it in one log."""
    on_record = OnRecord(f"sqlite:///{folder}/log.db", folder)
    story = Quarter(on_record)
    february(story)
    march(story)
    on_record.sanne = story.number("Sanne")
    on_record.clock.travel(date(2026, 4, 1), time(9))
    on_record.store.views.catch_up()
    on_record.store.log.checkpoint()
    yield on_record
    story.close()


def papers(folder: Path) -> tuple[Paper, ...]:
    with spring(folder) as made:
        return tuple(each for language in LANGUAGES for each in _all(made, language))


def _all(made: OnRecord, language: str) -> Iterator[Paper]:
    for kind in ReportKind:
        for format in FORMATS[kind]:
            if format in PICTURED:
                yield Paper(kind.value, language, format, _report(made, kind, format, language))
    with ZipFile(io.BytesIO(_report(made, ReportKind.EVIDENCE, "zip", language))) as archive:
        yield Paper(ReportKind.EVIDENCE.value, language, "pdf", archive.read("summary.pdf"))
    yield Paper("handover", language, "pdf", _handover(made, language))
    for sheet in (_what_if(made, language), _known_earlier(made, language)):
        for format in PICTURED:
            out = io.BytesIO()
            write_sheet(sheet, format, out)
            yield Paper(sheet.name, language, format, out.getvalue())


def _report(made: OnRecord, kind: ReportKind, format: str, language: str) -> bytes:
    since = DECIDED if kind is ReportKind.EVIDENCE else SINCE
    wanted = Wanted(
        kind=kind, filters=OverwrittenFilters(entities=(TULP,), since=since, until=UNTIL), format=format,
        language=language, size=made.store.log.size(), actor=ANJA, reason="audit of the quarter",
        about=(("Ordered by", ANJA), ("Released by", "Joost"), ("Reason", "audit of the quarter")), agreed=True,
    )  # fmt: skip
    out = io.BytesIO()
    with views_for(made.store, kind) as views:
        views.catch_up()
        make(made.settings, made.store, views, wanted, out)
    return out.getvalue()


def _handover(made: OnRecord, language: str) -> bytes:
    store = made.store
    sheet = handover_sheet(TULP, log=store.log, vault=store.vault, views=store.views, clock=store.clock, plans=Plans())
    numbers = {one.number for one in sheet.lines if one.number is not None}
    names = read_names(TULP, numbers, log=store.log, vault=store.vault, views=store.views)
    head = store.log.newest_head()
    imprint = Imprint("Tulp Logistiek B.V.", ANJA, store.clock.now(), store.log.size(), head)
    told = handover(sheet, language, names={int(number): name for number, name in names.items()})
    return handover_pdf(handover_paper(told, imprint))


def _made(made: OnRecord) -> Made:
    head = made.store.log.newest_head()
    return Made(ANJA, made.store.clock.now(), made.store.log.size(), head, None, unmask=True)


def _what_if(made: OnRecord, language: str) -> Sheet:
    changes = ["rules.leave_counts_as_active=true"]
    looks = Looks(made.store.log, made.store.vault)
    chosen = looks.those(looks_between(made.store.log, entities=[TULP]), TULP)
    found = each_otherwise(chosen, lambda look: with_settings(look.policy, changes), lambda *_: None)
    return what_if_sheet(found, "Tulp Logistiek B.V.", changes, _made(made), language)


def _known_earlier(made: OnRecord, language: str) -> Sheet:
    """Sanne, whose raise of February was entered in March."""
    looks = Looks(made.store.log, made.store.vault)
    chosen = looks.those(looks_between(made.store.log, entities=[TULP], since=day_begins(SINCE)), TULP)
    latest = looks.latest(TULP)
    (sanne,) = [one for one in latest.decide().decisions if one.number == made.sanne]
    found = known_earlier(chosen, latest, sanne.person, since=SINCE, fields=())
    return exposure_sheet(found, "Tulp Logistiek B.V.", made.sanne, _made(made), language)


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as log:
        for paper in papers(Path(log)):
            path = folder / paper.name
            path.write_bytes(paper.content)
            if paper.format == "pdf":
                subprocess.run(["pdftoppm", "-r", "60", "-png", str(path), str(path.with_suffix(""))], check=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
