"""The evidence of a period in one signed archive: what was planned, done, overruled and left out, with the proofs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from adapters.log.event_log import EventLog
from adapters.log.proof.certifying import certify
from adapters.reports.overwritten import json_lines
from adapters.reports.summary import Line, spoken_of, summary
from domain.events.runs import OutcomeRecorded
from domain.log import Recorded
from domain.outcomes import apart
from domain.planning.business_date import day_begins, time_told
from domain.rules import RULES
from domain.services.replay.derive import Derived, derive
from domain.services.replay.looks import looks_between
from domain.services.reports.named import names_of
from domain.services.reports.overwritten import OverwrittenReport
from domain.services.reports.unmask import subjects_in, subjects_of
from domain.streams import drift_case_of, held_out_in, loket_record_of
from domain.values import PersonId
from domain.views.history import lines
from domain.views.overwritten_fields import OverwrittenFilters
from domain.views.recorded import Entry, Filters, RecordedView
from domain.views.sentences import ENGLISH

SUMS: Final = "SHA256SUMS"
SIGNED: Final = f"{SUMS}.note"
_PAGE: Final = 500
_OVERRULED: Final = (
    "sync_run.brake_released.", "drift_case.accepted.", "drift_case.acknowledged.", "drift_case.value_kept.",
    "drift_case.acceptance_ended.", "hold_out.",
)  # fmt: skip
README: Final = """Evidence of legal entities {entities}, {since} to {until}.
Made at {made_at} by {made_by} from a log of {size} events; personal values are {shown}.

summary.pdf          all of it for reading: runs, people, and every event as a sentence
people.ndjson        everyone it speaks of; names only where personal values are shown in clear
overwritten.ndjson   every Loket value that a run replaced or cleared; its first line holds totals, runs and checkpoint
plan.ndjson          every write that was intended, before it was sent
outcomes.ndjson      what became of each run, each person and each write
exclusions.ndjson    who was left out, by which rule; people are named by person id and employee number
overrides.ndjson     decisions people made: brakes released, differences accepted, people held out, with their reasons
drift.ndjson         where the two systems differed
derived.json         every decision of the period made again from the log: how many agree, and which do not follow
access.ndjson        who was shown personal values, and why
rules.json           the rules in the version that wrote this
certificates/        for each overwritten value: the event as stored and the proof that the signed log holds it
checkpoint.txt       the signed head of the log, which may cover later events too
public_key.txt       the key it is signed with

To check all of it without this product and without a network:
    python offline_verifier.py THIS_FILE.zip --public-key KEY_FILE
It needs Python and the package "cryptography". Take KEY_FILE and, better, offline_verifier.py from a source you trust.
"""


def write_evidence(out: Path | BinaryIO, report: OverwrittenReport, log: EventLog, recorded: RecordedView) -> None:
    """The archive, as open as the report is: masked values stay masked in every part.

    A head that a witness cosigned is taken before a newer one, and every part names the same.
    """
    report = replace(report, checkpoint=log.witnessed(report.size) or report.checkpoint)
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        pack = _Pack(archive, report.made_at)
        if report.warning:
            pack.add("WARNING.txt", f"{report.warning}\n")
        pack.add("README.txt", _readme(report))
        pack.add("overwritten.ndjson", _ndjson(json_lines(report)))
        told: dict[str, list[Line]] = {name: [] for name in _PARTS}
        spoken: dict[str, list[str]] = {name: [] for name in _PARTS}
        for events in _batches(_entries(report.filters, report.size, recorded), log, unmasked=report.unmasked):
            told_of = tuple(apart(events))
            if report.tongue is not ENGLISH:
                for event, line in zip(told_of, lines(told_of, report.tongue), strict=True):
                    if (part := _part(event)) != _REST:
                        spoken[part].append(line.sentence)
            for event, line in zip(told_of, lines(told_of), strict=True):
                told[_part(event)].append(
                    {
                        "position": line.position,
                        "recorded_at": line.recorded_at.isoformat(),
                        "actor": line.actor,
                        "run": line.run,
                        "stream": event.stream,
                        **_whom(event),
                        "event": line.name,
                        "rule": line.rule,
                        "effective_on": line.effective_on.isoformat() if line.effective_on else None,
                        "sentence": line.sentence,
                    }
                )
        del told[_REST]
        for name, its in told.items():
            pack.add(f"{name}.ndjson", _ndjson(its))
        people = spoken_of(report, told)
        if report.unmasked:
            names = names_of((PersonId(one.person_id) for one in people if one.person_id), log, log.vault)
            people = tuple(replace(one, name=names.get(PersonId(one.person_id or ""))) for one in people)
        pack.add("people.ndjson", _ndjson(one.as_json() for one in people))
        derived = _derived(report, log)
        pack.add("derived.json", _json(derived.as_json()))
        pack.add("summary.pdf", summary(report, people, told, derived.told(report.say), spoken))
        pack.add("rules.json", _json({"version": version("tweeluik"), "rules": _rules()}))
        for overwritten in report.lines():
            proof = certify(log, overwritten.row.position, with_keys=False)
            pack.add(f"certificates/{overwritten.row.position}.json", _json(proof))
        head = report.checkpoint
        pack.add("checkpoint.txt", head.text if head else "an empty log has none\n")
        pack.add("public_key.txt", f"{log.verifier}\n")
        pack.add("offline_verifier.py", files("adapters.log").joinpath("offline_verifier.py").read_text("utf-8"))
        pack.seal(log)


def _derived(report: OverwrittenReport, log: EventLog) -> Derived:
    """Every decision of the period, once more."""
    asked = report.filters
    since, until = day_begins(asked.since), day_begins(asked.until, days=1)
    names = looks_between(log, 0, report.size - 1, since=since, until=until, entities=asked.entities)
    return derive(log, log.vault, names)


def subjects_of_evidence(
    filters: OverwrittenFilters, size: int, log: EventLog, recorded: RecordedView
) -> frozenset[str]:
    """Everyone whose values, or name, the archive shows when it is made in clear."""
    found: set[str] = set()
    persons: set[PersonId] = set()
    for page in _pages(_entries(filters, size, recorded)):
        events = apart(log.at([each.position for each in page]))
        told = [one for one in events if _part(one) not in ("access", _REST)]
        found |= subjects_in(told)
        unsealed = [_whom(one) for one in told if not subjects_in([one])]
        persons |= {PersonId(whom["person_id"]) for whom in unsealed if "person_id" in whom}
    return frozenset(found) | subjects_of(sorted(persons), log=log)


_REST: Final = "rest"  # what was observed: it is in the history, not here
_PARTS: Final = ("plan", "outcomes", "exclusions", "overrides", "drift", "access", _REST)


def _part(event: Recorded) -> str:
    """Where an event belongs."""
    kind, fact = event.name, event.fact
    if kind.startswith("loket_record.write_intended."):
        return "plan"
    if isinstance(fact, OutcomeRecorded) and fact.outcome == "left_out":
        return "exclusions"
    if kind.startswith(_OVERRULED):
        return "overrides"
    if kind.startswith(("sync_run.", "loket_record.write_")):
        return "outcomes"
    if kind.startswith("drift_"):
        return "drift"
    return "access" if kind.startswith("custody.values_unmasked.") else _REST


def _whom(event: Recorded) -> dict[str, Any]:
    """Whom it is about, by Personio's person id and the employee number, where it is about somebody."""
    kind, _, rest = event.stream.partition(":")
    number = getattr(event.fact, "employee_number", None)
    person = getattr(event.fact, "person_id", None)
    match kind:
        case "loket":
            number = loket_record_of(event.stream)[1]
        case "hold":
            number = held_out_in(event.stream)[1]
        case "drift":
            number = drift_case_of(event.stream)[1]
        case "person":
            person = rest
    found = {"person_id": person, "employee_number": number}
    return {name: value for name, value in found.items() if value is not None}


class _Pack:
    """Files go in one after the other; at the end their digests are signed with the log's key."""

    def __init__(self, archive: ZipFile, made_at: datetime) -> None:
        self._archive = archive
        self._stamp = made_at.astimezone(UTC).timetuple()[:6]
        self._sums: list[str] = []

    def add(self, name: str, content: str | bytes) -> None:
        data = content.encode() if isinstance(content, str) else content
        self._sums.append(f"{sha256(data).hexdigest()}  {name}\n")
        self._write(name, data)

    def seal(self, log: EventLog) -> None:
        sums = "".join(self._sums)
        self._write(SUMS, sums.encode())
        self._write(SIGNED, log.signed_evidence(sha256(sums.encode()).hexdigest()).encode())

    def _write(self, name: str, data: bytes) -> None:
        self._archive.writestr(ZipInfo(name, self._stamp), data, ZIP_DEFLATED)


def _entries(filters: OverwrittenFilters, size: int, recorded: RecordedView) -> Iterator[Entry]:
    """Everything recorded of these entities in the period, in the first `size` events."""
    since, until = day_begins(filters.since), day_begins(filters.until, days=1)
    period = Filters(recorded_from=since, recorded_until=until - timedelta(microseconds=1))
    after: int | None = -1
    while after is not None:
        found = recorded.find(filters.entities, period, after=after, limit=_PAGE)
        yield from (one for one in found.entries if one.position < size)
        after = found.reached


def _batches(entries: Iterator[Entry], log: EventLog, *, unmasked: bool) -> Iterator[tuple[Recorded, ...]]:
    for page in _pages(entries):
        sealed = log.at([one.position for one in page])
        yield log.vault.opened(sealed) if unmasked else log.vault.marked(sealed)


def _pages(entries: Iterator[Entry]) -> Iterator[list[Entry]]:
    while page := list(islice(entries, _PAGE)):
        yield page


def _readme(report: OverwrittenReport) -> str:
    asked = report.filters
    return report.say(README).format(
        entities=", ".join(asked.entities),
        since=asked.since,
        until=asked.until,
        made_at=f"{time_told(report.made_at)} (Amsterdam)",
        made_by=report.made_by,
        size=report.size,
        shown=report.say("shown in clear" if report.unmasked else "masked"),
    )


def _rules() -> list[dict[str, str]]:
    return [{"id": one.id, "statement": one.statement, "source": one.source} for one in RULES.values()]


def _ndjson(rows: Iterable[dict[str, Any]]) -> str:
    return "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)


def _json(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"
