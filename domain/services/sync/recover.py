"""What an earlier run left behind: open runs are closed, and every intent without an outcome is read back (RUN-8)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from domain.attributes import PAYMENT_IBAN
from domain.errors import ViewsDiffer
from domain.events.loket import (
    ConceptEmployeeCreated,
    ConfirmedBy,
    WriteConfirmed,
    WriteConflicted,
    WriteIntended,
    WriteKind,
    WriteNotApplied,
    WriteOutcomeUnknown,
)
from domain.events.runs import RunBlocked, RunCompleted, RunCutOff, RunRefused, RunStarted
from domain.events.values import FieldValue
from domain.log import Fact, Recorded, StreamId
from domain.personal import Lost, Opened
from domain.planning.comparison import alike
from domain.planning.pay.targets import held_pay
from domain.planning.writes import EMPLOYEE_NUMBER_FIELD, kinds_of
from domain.records.loket_record import Intent, LoketRecord, before_of, wanted_of
from domain.services.journal import Journal
from domain.services.sync.confirmed_facts import overwrites
from domain.services.telling import opened_telling
from domain.settings import Policy
from domain.snapshots import LoketConcept, LoketSnapshot
from domain.streams import loket_record_of, run_stream
from domain.values import NOT_OBSERVED, EmployeeNumber, FieldPath, LegalEntityId, Observed

RUN_ENDED: Final = (RunCompleted, RunBlocked, RunRefused, RunCutOff)
POLL_SECONDS: Final = 5.0  # how long a read may lag behind a create
POLL_INTERVAL: Final = 1.0


@dataclass(frozen=True, slots=True)
class Unfinished:
    """Intents of earlier runs without a final outcome, by the stream they are in."""

    records: Mapping[StreamId, LoketRecord]

    @property
    def numbers(self) -> frozenset[EmployeeNumber]:
        return frozenset(loket_record_of(stream)[1] for stream in self.records)


def close_open_runs(journal: Journal, policy: Policy) -> None:
    """Runs of this entity that started and never ended: their process died, or they lost their claim."""
    for run in journal.tools.views.sync_state.open_runs(policy.entity.personio_id):
        stream = run_stream(run)
        events = journal.tools.log.stream(stream)
        _hold_open(events, policy.entity.personio_id)
        journal.knows(stream, len(events))
        journal.record((stream, [RunCutOff(rule="RUN-8")]))


def _hold_open(events: Iterable[Recorded], entity: LegalEntityId) -> None:
    """Raises ViewsDiffer unless these are the events of a run of this entity that began and did not end."""
    facts = [event.fact for event in events]
    begun = facts and isinstance(facts[0], RunStarted) and facts[0].legal_entity == entity
    if not begun or any(isinstance(fact, RUN_ENDED) for fact in facts):
        raise ViewsDiffer("sync_state")


def mark_unknown(journal: Journal, policy: Policy) -> Unfinished:
    """Every intent without an outcome becomes unknown before anything else is done."""
    tools = journal.tools
    streams = {StreamId(stream) for stream, _ in tools.views.sync_state.open_intents(policy.entity.personio_id)}
    records = {stream: LoketRecord.of(events) for stream, events in opened_telling(tools, sorted(streams)).items()}
    for stream, record in records.items():
        journal.knows(stream, record.next_version)
        for key, intent in record.open_intents.items():
            if not intent.unknown:
                cut_off = WriteOutcomeUnknown(intent=key, cause="the run was cut off", rule="RUN-8")
                journal.record((stream, [cut_off]), causation=intent.reference)
    return Unfinished(records)


def awaits_create(unfinished: Unfinished, loket: LoketSnapshot) -> bool:
    """Whether a create is still nowhere to be seen: a read may lag behind a write, so it is looked for again."""
    return any(
        intent.fact.kind.creates and judge(intent, number, loket) is None for number, intent in _intents(unfinished)
    )


def settle(journal: Journal, unfinished: Unfinished, loket: LoketSnapshot) -> None:
    """End every unknown intent by what a complete read shows: confirmed, not applied, or in conflict."""
    for stream, record in unfinished.records.items():
        _, number = loket_record_of(stream)
        for intent in record.open_intents.values():
            facts = judge(intent, number, loket)
            if facts is None:
                facts = (WriteNotApplied(intent=intent.fact.intent, rule="RUN-8"),)
            journal.record((stream, facts), causation=intent.reference)


def _intents(unfinished: Unfinished) -> Iterable[tuple[EmployeeNumber, Intent]]:
    for stream, record in unfinished.records.items():
        _, number = loket_record_of(stream)
        yield from ((number, intent) for intent in record.open_intents.values())


def judge(intent: Intent, number: EmployeeNumber, loket: LoketSnapshot) -> tuple[Fact, ...] | None:
    """How an unknown write ended as this read shows it: None when a create is not to be seen, () when it cannot say."""
    fact = intent.fact
    if fact.kind is WriteKind.CONCEPT_CREATED:
        return _judge_concept(intent, number, loket)
    held = held_by_target(intent, loket)
    if fact.kind.deletes:
        return verdict_on_delete(fact, held)
    if held is None:
        return None if fact.kind.creates else (WriteConflicted(intent=fact.intent, subject=fact.subject, found=()),)
    held = {name: value for name, value in held.items() if value is not NOT_OBSERVED}
    if not any(change.field in held for change in fact.changes):
        return ()  # the read did not show what was written (a BSN without the right to it): still unknown
    return verdict(intent, held)


def _judge_concept(intent: Intent, number: EmployeeNumber, loket: LoketSnapshot) -> tuple[Fact, ...] | None:
    fact = intent.fact
    ids = [one.id for one in loket.concepts if one.number == number]
    employee = loket.employees.get(number)
    ids += [employee.id] if employee else []
    if not ids:
        return () if any(one.number is None and _may_be(one, intent) for one in loket.concepts) else None
    if len(ids) > 1:
        found = tuple(FieldValue(EMPLOYEE_NUMBER_FIELD, str(number)) for _ in ids)
        return (WriteConflicted(intent=fact.intent, subject=fact.subject, found=found, rule="RUN-8"),)
    return (
        WriteConfirmed(
            intent=fact.intent, confirmed_by=ConfirmedBy.READ_BACK, target=ids[0], subject=fact.subject, rule="RUN-8"
        ),
        ConceptEmployeeCreated(run_id=fact.run_id, person_id=fact.person_id, concept_id=ids[0], rule="MATCH-3"),
    )


def _may_be(concept: LoketConcept, intent: Intent) -> bool:
    """Whether it may be what this create made, though it shows no number: at most one value is not as it was sent."""
    sent = {name: value for name, value in wanted_of(intent.fact.changes).items() if not isinstance(value, Lost)}
    kinds = kinds_of(sent)
    shown = {name: held for name in sent if (held := concept.value(name)) is not NOT_OBSERVED}
    return sum(not alike(kinds[name], sent[name], held) for name, held in shown.items()) < 2


def held_by_target(intent: Intent, loket: LoketSnapshot) -> Mapping[FieldPath, Observed] | None:
    """What Loket holds in the thing an intent was to replace; None when it is not there."""
    fact = intent.fact
    match fact.kind:
        case WriteKind.EMPLOYEE | WriteKind.BSN:
            employee = loket.employee_with_id(fact.target)
            return employee.fields if employee else None
        case WriteKind.CONCEPT | WriteKind.CONCEPT_BSN:
            concept = next((one for one in loket.concepts if one.id == fact.target), None)
            return concept.fields if concept else None
        case WriteKind.PAYMENT:
            record = next((one for one in loket.payments.values() if one.id == fact.target), None)
            return {PAYMENT_IBAN: record.iban} if record else None
        case WriteKind.PAYMENT_CREATED:
            created = loket.payments.get(fact.target or "")
            return {PAYMENT_IBAN: created.iban} if created and created.id else None
        case WriteKind.CONCEPT_CREATED:
            return None
        case _:
            return held_pay(fact, loket.pay)


def verdict_on_delete(fact: WriteIntended, held: Mapping[FieldPath, Observed] | None) -> tuple[Fact, ...]:
    """A record that is gone was deleted; one that is still there was not (RUN-8)."""
    if held is not None:
        return (WriteNotApplied(intent=fact.intent, rule="RUN-8"),)
    confirmed = WriteConfirmed(
        intent=fact.intent, confirmed_by=ConfirmedBy.READ_BACK, subject=fact.subject, rule="RUN-8"
    )
    return (confirmed, *overwrites(fact))


def verdict(intent: Intent, held: Mapping[FieldPath, Observed]) -> tuple[Fact, ...]:
    """Confirmed when Loket holds every wanted value, not applied when every old one, otherwise a conflict (RUN-8)."""
    fact = intent.fact
    wanted, before = wanted_of(fact.changes), before_of(fact.changes)
    if holds(held, wanted):
        confirmed = WriteConfirmed(
            intent=fact.intent, confirmed_by=ConfirmedBy.READ_BACK, subject=fact.subject, rule="RUN-8"
        )
        return (confirmed, *overwrites(fact))
    if holds(held, before):
        return (WriteNotApplied(intent=fact.intent, rule="RUN-8"),)
    found = tuple(FieldValue(name, held[name]) for name in wanted if name in held)
    return (WriteConflicted(intent=fact.intent, subject=fact.subject, found=found, rule="RUN-8"),)


def holds(held: Mapping[FieldPath, Observed], values: Mapping[FieldPath, Opened]) -> bool:
    """Whether Loket shows each of these values, in whatever spelling. A field it does not show proves nothing."""
    kinds = kinds_of(values)
    shown = [name for name in values if name in held]
    return bool(shown) and all(alike(kinds[name], values[name], held[name]) for name in shown)
