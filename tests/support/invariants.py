"""What must hold of log, views and Loket whenever a run has ended, however the runs before it ended."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from adapters.log.places import with_personal_changed
from adapters.log.proof.checkpoints import Copies
from adapters.log.proof.verify import verify
from adapters.log.stored import checkpoint_key, open_stored
from adapters.postgres.view_store import PostgresViewStore
from adapters.projections.open import open_views
from adapters.projections.register import PROJECTIONS
from adapters.simulators.wire.requests import RecordedRequest
from adapters.sqlite.view_store import SqliteViewStore
from api.bootstrap import Store
from api.config.settings import Settings
from domain.alerts import AlertRecord
from domain.drift.state import CaseState
from domain.events.alert import AlertKind, AlertRaised
from domain.events.loket import (
    FieldOverwritten,
    WriteConfirmed,
    WriteConflicted,
    WriteIntended,
    WriteKind,
    WriteNotApplied,
    WriteNotSent,
    WriteRefused,
)
from domain.events.runs import RunBlocked, RunCompleted, RunCutOff, RunRefused, RunStarted
from domain.log import Recorded
from domain.personal import Lost, Sealed
from domain.records.erasure_book import ErasureBook
from domain.services.alerts.raised import SYSTEMS
from domain.streams import ERASURES, alert_stream
from domain.values import BLANK, LegalEntityId
from tests.support.reference import ENTITY, Reference

FINAL: Final = (WriteConfirmed, WriteRefused, WriteNotSent, WriteNotApplied, WriteConflicted)
ENDS: Final = (RunCompleted, RunBlocked, RunRefused, RunCutOff)
_CREATED_IN: Final = {
    "conceptemployees": WriteKind.CONCEPT_CREATED,
    "paymentinformationsepa": WriteKind.PAYMENT_CREATED,
    "wages": WriteKind.WAGE_CREATED,
    "benefitsanddeductions": WriteKind.BENEFIT_CREATED,
}
_REPLACED_IN: Final = {
    "employees": WriteKind.EMPLOYEE,
    "conceptemployees": WriteKind.CONCEPT,
    "paymentinformationsepa": WriteKind.PAYMENT,
    "wages": WriteKind.WAGE,
    "benefitsanddeductions": WriteKind.BENEFIT,
}
_DELETED_IN: Final = {"wages": WriteKind.WAGE_DELETED, "benefitsanddeductions": WriteKind.BENEFIT_DELETED}
_SKEW: Final = timedelta(milliseconds=1)


def broken(
    settings: Settings, store: Store, reference: Reference, acknowledged: str, open_allowed: int = 0
) -> list[str]:
    """Every invariant that does not hold, one line each. `open_allowed`: intents that may still be unknown."""
    events = [one for page in _pages(store) for one in page]
    return [
        *lost(store, acknowledged),
        *holes(events),
        *unsettled(events, open_allowed),
        *_runs(events),
        *unannounced(events, reference.loket.writes()),
        *_wrong_people(reference),
        *_unreadable(store),
        *_unheard(store),
        *_untold(events),
        *views_hold(settings, store),
        *verdict(settings),
    ]


def lost(store: Store, acknowledged: str) -> Iterator[str]:
    """Appends that were acknowledged and are not there as they were."""
    rows = store.log.recorder.page(-1, 1_000_000)
    stored = [hashlib.sha256(row[4]).hexdigest() for row in rows]
    for line in acknowledged.splitlines():
        size, *digests = line.split()
        if stored[int(size) - len(digests) : int(size)] != digests:
            yield f"acknowledged events before {size} are not in the log"


def holes(events: Sequence[Recorded]) -> Iterator[str]:
    """Positions or versions that are missing."""
    if [one.position for one in events] != list(range(len(events))):
        yield "positions are not dense"
    versions: Counter[str] = Counter()
    for one in events:
        if one.version != versions[one.stream]:
            yield f"stream {one.stream} misses version {versions[one.stream]}"
        versions[one.stream] += 1


def unsettled(events: Sequence[Recorded], open_allowed: int = 0) -> Iterator[str]:
    """Intents without exactly one final outcome, and outcomes without an intent."""
    intents = [one.fact.intent for one in events if isinstance(one.fact, WriteIntended)]
    ended = Counter(one.fact.intent for one in events if isinstance(one.fact, FINAL))
    for intent, count in Counter(intents).items():
        if count > 1:
            yield f"intent {intent} was recorded {count} times"
        if ended[intent] > 1:
            yield f"intent {intent} has {ended[intent]} outcomes"
    without = [intent for intent in intents if not ended[intent]]
    if len(without) > open_allowed:
        yield f"intents without an outcome: {', '.join(without)}"
    for intent in ended.keys() - set(intents):
        yield f"an outcome of {intent}, which was never intended"


def _runs(events: Sequence[Recorded]) -> Iterator[str]:
    ends = Counter(one.stream for one in events if isinstance(one.fact, ENDS))
    for one in events:
        if isinstance(one.fact, RunStarted) and ends[one.stream] != 1:
            yield f"run {one.stream} ended {ends[one.stream]} times"


def unannounced(events: Iterable[Recorded], writes: Iterable[RecordedRequest]) -> Iterator[str]:
    """Requests that reached Loket without an intent of their own that was on record before.

    What Loket did not look at (401, 429) may be sent again for the same intent.
    """
    announced = [
        (one.meta.recorded_at, place_of_intent(one.fact)) for one in events if isinstance(one.fact, WriteIntended)
    ]
    for write in sorted((one for one in writes if one.status not in (401, 429)), key=lambda one: one.at):
        place = place_of_write(write)
        found = next((one for one in announced if one[1] == place and one[0] <= write.at + _SKEW), None)
        if found is None:
            yield f"{write.method} {write.path} was sent without an intent before it"
        else:
            announced.remove(found)


def place_of_intent(fact: WriteIntended) -> tuple[str, str]:
    if fact.kind is WriteKind.PERIOD_DATA:
        return fact.kind.value, (fact.target or "").partition("/")[0]  # one request a value, all to the same address
    return ("bsn" if fact.kind in (WriteKind.BSN, WriteKind.CONCEPT_BSN) else fact.kind.value, fact.target or "")


def place_of_write(write: RecordedRequest) -> tuple[str, str]:
    *_, owner, last = write.path.rstrip("/").split("/")
    owner, last = (owner.lower() if "-" not in owner else owner), (last.lower() if "-" not in last else last)
    if last == "payrollperioddata":
        return WriteKind.PERIOD_DATA.value, owner
    if last == "citizenservicenumber":
        return "bsn", owner
    if write.method == "POST":
        kind = _CREATED_IN[last]
        return kind.value, "" if kind is WriteKind.CONCEPT_CREATED else owner
    return (_DELETED_IN if write.method == "DELETE" else _REPLACED_IN)[owner].value, last


def _wrong_people(reference: Reference) -> Iterator[str]:
    numbers = Counter(one["employeeData"]["employeeNumber"] for one in reference.loket.concepts())
    numbers.update(one["employeeNumber"] for one in reference.loket.employees())
    for number, count in numbers.items():
        if count > 1:
            yield f"number {number} is in Loket {count} times"
    forbidden = {one["id"] for one in reference.loket.employees() if one["employeeNumber"] in reference.never_written}
    for write in reference.loket.writes():
        if forbidden.intersection(write.path.split("/")):
            yield f"{write.method} {write.path} is about someone who is left out"
    for number in reference.never_written & {
        one["employeeData"]["employeeNumber"] for one in reference.loket.concepts()
    }:
        yield f"a concept employee was made for {number}, who is left out"


def _unreadable(store: Store) -> Iterator[str]:
    """Personal values whose key is gone though no erasure of it was confirmed, and erased ones that can be read."""
    book = ErasureBook.of(store.log.stream(ERASURES))
    erased = {key.key_id for one in book.erasures.values() for key in one.keys}
    for page in _pages(store):
        for sealed, opened in zip(page, store.vault.opened(page), strict=True):
            for (place, before), (_, after) in zip(_values(sealed), _values(opened), strict=True):
                gone = isinstance(before, Sealed) and sealed.key_of(before) in erased
                if gone is not (after is Lost.SHREDDED) or after is Lost.UNREADABLE:
                    yield f"{place} of position {opened.position} is {after!r}; erased: {gone}"


def _values(event: Recorded) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []

    def note(value: Any, place: str, _: str | None) -> Any:
        found.append((place, value))
        return value

    with_personal_changed(event.fact, note)
    return found


def _unheard(store: Store) -> Iterator[str]:
    """Open drift that no alert told of, and alerts still open of drift that is over."""
    store.views.catch_up()
    record = AlertRecord.of(store.log.stream(alert_stream(LegalEntityId(ENTITY), SYSTEMS)))
    told = {one.key for one in record.open | record.held if one.kind is AlertKind.DRIFT}
    open_cases = {one.stream for one in store.views.drift.cases(LegalEntityId(ENTITY)) if one.state is CaseState.OPEN}
    if told != open_cases:
        yield f"alerts tell of {len(told)} differences, {len(open_cases)} are open"


def _untold(events: Sequence[Recorded]) -> Iterator[str]:
    """What was taken from Loket and told in no alert: by the run itself, or by the next one where it was cut off."""
    told = {one.fact.about: one.fact.happened for one in events if isinstance(one.fact, AlertRaised)}
    entity: dict[str, str] = {}
    owed: Counter[str] = Counter()
    ended: set[str] = set()
    for one in events:
        run = one.stream.removeprefix("run:")
        match one.fact:
            case RunStarted() as started:
                entity[run] = started.legal_entity
            case FieldOverwritten() as taken:  # what is settled after a run's end is told as an outcome that is known
                if taken.before is not BLANK and taken.run_id not in ended:
                    owed[entity[taken.run_id]] += 1
            case RunRefused(reason="RUN-3"):  # another run was under way
                pass
            case RunCompleted() | RunBlocked() | RunRefused():
                heard = sum(each.count for each in told.get(run, ()))
                if (taken_by_now := owed.pop(entity[run], 0)) != heard:
                    yield f"up to run {run} {taken_by_now} values were taken from Loket, and its alert tells of {heard}"
                ended.add(run)


def views_hold(settings: Settings, store: Store) -> Iterator[str]:
    """The rows as they are against the rows of a rebuild from zero."""
    store.views.catch_up()
    before = rows_of(settings.log.url)
    with closing(open_views(settings.log.url, store.log)) as views:
        views.rebuild()
    after = rows_of(settings.log.url)
    for table in before.keys() | after.keys():
        if before[table] != after[table]:
            yield f"table {table} is not what the log folds to"


def rows_of(url: str) -> Mapping[str, list[tuple[Any, ...]]]:
    """Every row of every view, and how far each view has come."""
    sqlite = url.startswith("sqlite")
    store = SqliteViewStore(url.removeprefix("sqlite:///")) if sqlite else PostgresViewStore(url)
    with closing(store):
        tables = [table.name for projection in PROJECTIONS for table in projection.tables]
        return {name: sorted(store.rows(f"SELECT * FROM {name}"), key=repr) for name in (*tables, "view_positions")}


def verdict(settings: Settings) -> Iterator[str]:
    section = settings.log
    copies = Copies(Path(section.checkpoints))
    key = checkpoint_key(section.keys, copies.folder, section.signing_key_file)
    with open_stored(section.url) as stored:
        result = verify(stored, copies, key, now=datetime.now(UTC))
    if not result.ok:
        yield f"verification says {result.verdict.value}"


def _pages(store: Store) -> Iterator[Sequence[Recorded]]:
    after = -1
    while page := store.log.page(after, 1_000):
        yield page
        after = page[-1].position
