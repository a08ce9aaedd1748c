"""One write to Loket: intent before it, exactly one outcome after it (RUN-5, RUN-6, RUN-8, AUD-2).

fetch fresh -> intend (durable) -> send once -> read back -> confirmed | refused | not sent | unknown | conflicted
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from domain.errors import Misconfigured, NotFound, ReadFailed
from domain.events.loket import (
    ChangedBy,
    ConceptEmployeeCreated,
    ConfirmedBy,
    LoketFieldChanged,
    WriteConfirmed,
    WriteConflicted,
    WriteIntended,
    WriteKind,
    WriteNotApplied,
    WriteNotSent,
    WriteOutcomeUnknown,
    WriteRefused,
)
from domain.events.values import FieldChange, FieldValue
from domain.log import Fact, Pending, StreamId
from domain.planning import addresses
from domain.planning.comparison import Difference, replaced, same, tidy
from domain.planning.details import ANSWER_LOST, NOT_APPLIED, NOT_KNOWN, NOT_READ, NOT_SENT, REFUSED, THIRD_VALUE
from domain.planning.planned import DataWrite, DatedWrite, PlannedWrite
from domain.planning.writes import kinds_of
from domain.ports import Clock, LoketTarget
from domain.records.personio_record import PersonioRecord
from domain.services.journal import Journal
from domain.services.sync.confirmed_facts import dated_rule, overwrites
from domain.services.sync.read_back import ReadBack, Reader, Shown, is_silence
from domain.services.sync.rebuild import dated_facts
from domain.services.sync.written import Ended, Written
from domain.settings import LegalEntity
from domain.snapshots import Answered, Fetched, WriteAnswer, WriteRequest
from domain.values import BLANK, NOT_OBSERVED, FieldPath, PersonId, RunId, SubjectRef


@dataclass(frozen=True, slots=True)
class _Sent:
    """A write that left: its intent as recorded, the differences behind it, and what Loket answered."""

    intended: WriteIntended
    reference: str  # of the intent in the log
    changes: tuple[Difference, ...]
    answer: WriteAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonWriter:
    """Writes for one person in one run; what became of each is in the log before it is answered."""

    loket: LoketTarget
    clock: Clock
    journal: Journal
    entity: LegalEntity
    run_id: RunId
    stream: StreamId
    person: PersonId
    subject: SubjectRef
    personio: PersonioRecord

    def write(self, planned: PlannedWrite, intent: str, *, first_bsn: bool = False) -> Written:
        """Send one planned write, once. `first_bsn`: that of a concept employee this run has just created."""
        try:
            fetched = self._fetched(planned)
        except (ReadFailed, NotFound, Misconfigured) as reason:
            told = NOT_READ.format(said=reason)
            return Written(Ended.FAILED, (told,), silent=is_silence(reason))
        changes = planned.changes if fetched is None else self._rebased(planned, fetched)
        if not changes:
            return Written(Ended.NOTHING_LEFT)
        intended, reference = self._intend(planned, changes, intent)
        self.journal.still_ours()
        answer = self.loket.write(self.entity, _request(planned, changes, fetched))
        written = self._settled(_Sent(intended, reference, changes, answer), first_bsn=first_bsn)
        return replace(written, messages=(*(f"RUN-6 {text}" for text in answer.messages), *written.messages))

    def _fetched(self, planned: PlannedWrite) -> Fetched | None:
        """The whole object as it is now: what is sent back, and the before-values on record (AUD-2)."""
        if planned.kind.creates or planned.target is None:
            return None
        return self.loket.fetch(self.entity, planned.kind, planned.target)

    def _rebased(self, planned: PlannedWrite, fetched: Fetched) -> tuple[Difference, ...]:
        """The planned changes against what Loket holds at this moment; someone may have edited since the snapshot."""
        known = planned.changes
        if isinstance(planned, DataWrite) and planned.removes:
            since = addresses.lost_beside(known, fetched.fields)  # filled since the snapshot: it goes as well
            known = (*known, *(replace(one, before=BLANK) for one in since))
        kinds = kinds_of(change.field for change in known)
        changes, moved = [], []
        for change in known:
            now = tidy(fetched.fields.get(change.field, NOT_OBSERVED))
            if now is NOT_OBSERVED:
                now = change.before
            if not same(kinds[change.field], now, change.before):
                moved.append(
                    LoketFieldChanged(
                        subject=self.subject,
                        field=change.field,
                        before=change.before,
                        after=now,
                        changed_by=ChangedBy.SOMEONE_ELSE,
                        effective_on=change.effective_on,
                    )
                )
            if not same(kinds[change.field], now, change.after):
                changes.append(replace(change, before=now))
        self._decided(moved)
        return tuple(changes)

    def _intend(self, planned: PlannedWrite, changes: Sequence[Difference], intent: str) -> tuple[WriteIntended, str]:
        """The intent, durable when this returns, and its place in the log."""
        intended = WriteIntended(
            intent=intent,
            run_id=self.run_id,
            person_id=self.person,
            kind=planned.kind,
            target=planned.target,
            subject=self.subject,
            changes=tuple(FieldChange(one.field, one.before, one.after) for one in changes),
            rule=_rule(planned.kind),
            effective_on=planned.effective_on if isinstance(planned, DatedWrite) else None,
        )
        beside = dated_facts(planned, intended, self.run_id)
        return intended, self._decided([intended, *beside])

    def _settled(self, sent: _Sent, *, first_bsn: bool) -> Written:
        """How it ended, by Loket's answer and by what a read shows afterwards; on record when this returns."""
        answer, intent = sent.answer, sent.intended.intent
        match answer.answered:
            case Answered.REFUSED:
                refused = WriteRefused(
                    intent=intent, status=answer.status, subject=self.subject, messages=answer.messages, rule="RUN-5"
                )
                self._happened([refused], sent.reference)
                told = () if answer.messages else (REFUSED.format(number=answer.status),)
                return Written(Ended.FAILED, told)
            case Answered.NOT_SENT | Answered.UNSENDABLE:
                self._happened([WriteNotSent(intent=intent, cause=answer.cause, rule="RUN-5")], sent.reference)
                silent = answer.answered is Answered.NOT_SENT
                return Written(Ended.FAILED, (NOT_SENT.format(said=answer.cause),), silent=silent)
            case Answered.ACCEPTED:
                return self._judged(sent, self._read_back(sent), first_bsn=first_bsn)
            case Answered.UNKNOWN:
                unknown = WriteOutcomeUnknown(intent=intent, cause=answer.cause, rule="RUN-8")
                self._happened([unknown], sent.reference)
                return self._judged(sent, self._read_back(sent), first_bsn=first_bsn)

    def _read_back(self, sent: _Sent) -> ReadBack:
        return Reader(self.loket, self.clock, self.entity).read(sent.intended, sent.answer.created)

    def _judged(self, sent: _Sent, seen: ReadBack, *, first_bsn: bool) -> Written:
        """Loket was asked what it holds now; only that confirms."""
        match seen.shown:
            case Shown.WANTED:
                return self._confirmed(sent, first_bsn=first_bsn)
            case Shown.OTHER:
                return self._conflict(sent, seen)
            case Shown.BEFORE if sent.answer.answered is not Answered.ACCEPTED:
                self._happened([WriteNotApplied(intent=sent.intended.intent, rule="RUN-8")], sent.reference)
                return Written(Ended.FAILED, (NOT_APPLIED,))
            case _:  # also when Loket said yes and a read still shows the old value
                return self._unknown(sent, silent=seen.silent)

    def _confirmed(self, sent: _Sent, *, first_bsn: bool) -> Written:
        intended, answer = sent.intended, sent.answer
        lost_answer = answer.answered is Answered.UNKNOWN
        confirmed = WriteConfirmed(
            intent=intended.intent,
            confirmed_by=ConfirmedBy.READ_BACK if lost_answer else ConfirmedBy.ANSWER,
            target=answer.created,
            subject=self.subject,
            warnings=answer.messages,
            rule="RUN-8" if lost_answer else "RUN-6",
        )
        facts = [Pending(confirmed, sent.reference)]
        overwritten = () if first_bsn else overwrites(intended)  # a first BSN is part of the creation
        if intended.kind is WriteKind.CONCEPT_CREATED:
            created = ConceptEmployeeCreated(
                run_id=self.run_id, person_id=self.person, concept_id=answer.created or "", rule="MATCH-3"
            )
            facts.append(Pending(created, sent.reference))
        facts += [Pending(one, self._cause(FieldPath(one.field), sent)) for one in overwritten]
        self.journal.record_happened(self.stream, facts)
        told = (ANSWER_LOST,) if lost_answer else ()
        return Written(Ended.CONFIRMED, told, replaced(sent.changes) if overwritten else (), answer.created)

    def _conflict(self, sent: _Sent, seen: ReadBack) -> Written:
        found = tuple(
            FieldValue(one.field, seen.held[FieldPath(one.field)]) for one in sent.changes if one.field in seen.held
        )
        conflicted = WriteConflicted(intent=sent.intended.intent, subject=self.subject, found=found, rule="RUN-8")
        self._happened([conflicted], sent.reference)
        return Written(Ended.UNKNOWN, (THIRD_VALUE,))

    def _unknown(self, sent: _Sent, *, silent: bool) -> Written:
        answer = sent.answer
        if answer.answered is Answered.ACCEPTED:
            unseen = WriteOutcomeUnknown(intent=sent.intended.intent, cause="not visible in Loket", rule="RUN-8")
            self._happened([unseen], sent.reference)
        told = NOT_KNOWN.format(said=answer.cause or "it cannot be seen in Loket")
        return Written(Ended.UNKNOWN, (told,), silent=silent)

    def _cause(self, name: FieldPath, sent: _Sent) -> str:
        """The Personio change behind an overwrite, where the log knows one."""
        known = self.personio.values.get(name)
        return known.reference if known else sent.reference

    def _decided(self, facts: Sequence[Fact]) -> str:
        """The place in the log of the first of these facts; "" when there are none. Raises StreamMoved."""
        recorded = self.journal.record_pending((self.stream, [Pending(fact) for fact in facts]))
        return recorded[0].reference if recorded else ""

    def _happened(self, facts: Sequence[Fact], cause: str) -> None:
        """What became of a write that left."""
        self.journal.record_happened(self.stream, [Pending(fact, cause) for fact in facts])


def _request(planned: PlannedWrite, changes: Sequence[Difference], fetched: Fetched | None) -> WriteRequest:
    data = planned if isinstance(planned, DataWrite) else None
    return WriteRequest(
        kind=planned.kind,
        target=planned.target,
        values={change.field: change.after for change in changes},
        fetched=fetched,
        label=data.label if data else "",
        removes=data.removes if data else None,
        component=planned.component,
        effective_on=planned.effective_on if isinstance(planned, DatedWrite) else None,
    )


def _rule(kind: WriteKind) -> str:
    if kind.dated:
        return dated_rule(kind)
    return "MATCH-3" if kind.of_concept else "EDIT-1"
