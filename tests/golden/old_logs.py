"""Whole logs as they lay in their folder when values were sealed in each format, and what they answer when asked.

`python -m tests.golden.old_logs` asks them anew and writes the answers; a log that has no file yet is played first. The
files of logs are never made again: each was written by the Tweeluik of its day.
"""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import Final

from adapters.log.event_log import EventLog
from adapters.log.offline_verifier import verified
from adapters.log.open import open_log
from adapters.log.proof.certifying import certify
from adapters.projections.afresh import HistoryAfresh, views_afresh
from adapters.reports.overwritten import json_line
from domain.events.loket import FieldOverwritten, WriteIntended
from domain.events.personio import GatesObserved
from domain.log import Recorded
from domain.personal import Retention
from domain.services.read_employee import about_them
from domain.services.reports.overwritten import overwritten_report
from domain.values import Actor, EmployeeNumber, LegalEntityId, SubjectRef
from domain.views.history import lines
from domain.views.overwritten_fields import OverwrittenFilters
from tests.support.scribe import Scribe
from tests.support.story import story

LOGS: Final = Path(__file__).parent / "logs"
FORMATS: Final = ("1", "2", "3", "3_together")
"""In the last one people of whom a run had no news share an event."""

ERASED: Final = SubjectRef("s-3001")


NOW: Final = datetime(2026, 3, 15, 9, 30, tzinfo=UTC)


class _Clock:
    def now(self) -> datetime:
        return NOW


def unpacked(number: str, folder: Path) -> EventLog:
    """The log of this format, in a folder of the test's own, with its keys and heads."""
    with zipfile.ZipFile(LOGS / f"format_{number}.zip") as archive:
        archive.extractall(folder)
    return opened(folder)


def opened(folder: Path) -> EventLog:
    keys = f"sqlite:///{folder}/keys.db"
    return open_log(f"sqlite:///{folder}/log.db", keys_url=keys, checkpoints=folder / "checkpoints")


def asked(log: EventLog) -> str:
    """History of all and of each, report and certificates of a log, in clear: what nobody may ever hear differently."""
    events = log.page(-1, 10_000)
    values = log.vault.opened(events)
    return "\n".join([
        "--- history, masked",
        *(f"{one.position} {one.name}: {one.sentence}" for one in lines(log.vault.marked(events))),
        "--- history, in clear",
        *(f"{one.position} {one.sentence}" for one in lines(values)),
        "--- the report of overwritten fields, in clear",
        *_report(log),
        "--- each employee's history, masked",
        *_histories(log, events),
        "--- certificates, as the offline verifier reads them",
        *(line for each in _worth_certifying(events) for line in _proven(log, each)),
        "",
    ])  # fmt: skip


def _report(log: EventLog) -> Iterator[str]:
    filters = OverwrittenFilters(
        entities=(LegalEntityId("170"), LegalEntityId("171")), since=date(2024, 1, 1), until=date(2026, 12, 31)
    )
    with views_afresh(log) as views:
        report = overwritten_report(
            filters, log, log.vault, views, _Clock(), actor=Actor("auditor"), unmask_because="to compare"
        )
        yield from (json.dumps(json_line(line), ensure_ascii=False) for line in report.lines())


def _histories(log: EventLog, events: tuple[Recorded, ...]) -> Iterator[str]:
    views = HistoryAfresh(log)
    seen = {(one.fact.legal_entity, one.fact.employee_number) for one in events if isinstance(one.fact, GatesObserved)}
    for entity, number in sorted(each for each in seen if each[1] is not None):
        who = LegalEntityId(entity), EmployeeNumber(number)
        masked = log.vault.marked(log.at(views.history.positions(*who)))
        theirs = about_them(masked, EmployeeNumber(number), views.history.carried(*who))
        yield from (f"{entity} {number} {one.position}: {one.sentence}" for one in lines(theirs))


def _worth_certifying(events: tuple[Recorded, ...]) -> Iterator[Recorded]:
    return islice((each for each in events if isinstance(each.fact, FieldOverwritten | WriteIntended)), 12)


def _proven(log: EventLog, event: Recorded) -> Iterator[str]:
    for line in verified(json.dumps(certify(log, event.position, with_keys=True))):
        if not line.startswith(("PROVEN", "FITS TOGETHER", "signed with", "fingerprint", "witnessed")):
            yield f"{event.position} {line}"


def play(folder: Path) -> None:
    """A log in the format of today: a few people, one of whom has lost one key."""
    with closing(opened(folder)) as log:
        scribe = Scribe(log)
        for at, run, facts in story(people=5, runs=6):
            scribe.write_all(facts, at=at, run=run)
        log.vault.destroy(ERASED, Retention.HR_2Y)
        log.checkpoint()


def main() -> None:
    for number in FORMATS:
        path = LOGS / f"format_{number}.zip"
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            if not path.exists():
                play(folder)
                with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
                    for file in sorted(folder.rglob("*")):
                        archive.write(file, file.relative_to(folder))
        with tempfile.TemporaryDirectory() as name, closing(unpacked(number, Path(name))) as log:
            (LOGS / f"format_{number}.txt").write_text(asked(log), encoding="utf-8")
            print(f"asked {path.name}")


if __name__ == "__main__":
    main()
