"""Writing one person to Loket: intent before every write, exactly one outcome after it (RUN-5, RUN-6, RUN-8, AUD-2).

fetch fresh -> intend (durable) -> send once -> read back -> confirmed | refused | not sent | unknown | conflicted
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from domain.errors import Misconfigured, NotFound, ReadFailed, RightMissing, TweeluikError
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
from domain.planning.comparison import Difference, same, tidy
from domain.planning.decide import Decision
from domain.planning.matching import Concept, Unlinked
from domain.planning.writes import PlannedWrite, kinds_of
from domain.records.loket_record import Intent
from domain.records.personio_record import PersonioRecord
from domain.services.journal import Journal
from domain.services.sync.confirmed_facts import overwrites, pay_rule
from domain.services.sync.rebuild import Rebuilds, pay_facts
from domain.services.sync.recover import holds, verdict
from domain.services.sync.report import CONCEPT_CONFIRMATION, REASON, Outcome, PersonOutcome, messages
from domain.settings import Policy
from domain.snapshots import Answered, Fetched, WriteAnswer, WriteRequest
from domain.streams import loket_stream
from domain.values import BLANK, NOT_OBSERVED, FieldPath, Observed, RunId, SubjectRef

READ_AS: Final = {
    WriteKind.CONCEPT_CREATED: WriteKind.CONCEPT,
    WriteKind.PAYMENT_CREATED: WriteKind.PAYMENT,
    WriteKind.WAGE_CREATED: WriteKind.WAGE,
    WriteKind.BENEFIT_CREATED: WriteKind.BENEFIT,
}
"""What was created is read back as the thing it has become."""

READ_BACK_WAITS: Final = (0.0, 0.5, 1.5, 3.0)  # a read may lag behind a write


def _rule(kind: WriteKind) -> str:
    if kind.pays:
        return pay_rule(kind)
    return "MATCH-3" if kind.of_concept else "EDIT-1"


def _is_silence(reason: TweeluikError) -> bool:
    """Whether Loket answers nobody at all any more; a thing that is gone or closed to us concerns one person."""
    return not isinstance(reason, NotFound | RightMissing)


@dataclass(slots=True)
class Progressed:
    """How far one person's writes have come."""

    overwritten: list[Difference] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    confirmed: list[WriteKind] = field(default_factory=list)
    failed: bool = False
    unknown: bool = False
    silent: bool = False  # Loket gave no answer at all, to the write or to the read-back
    created: str | None = None  # GUID of the concept this run created
    stopped: dict[str, int] = field(default_factory=dict)  # chains in which a write was not confirmed; steps done


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes the people of one run, one after the other."""

    journal: Journal
    policy: Policy
    run_id: RunId

    def write(
        self, decision: Decision, subject: SubjectRef, personio: PersonioRecord, rebuild: str | None = None
    ) -> tuple[PersonOutcome, bool]:
        """Every planned write of one person; the outcome, and whether Loket has fallen silent.

        `rebuild` is the unit an earlier run began and left unfinished.
        """
        assert decision.number is not None  # only a matched person has writes
        stream = loket_stream(self.policy.entity.personio_id, decision.number)
        done = Progressed(failed=bool(decision.failed_fields))
        rebuilds = Rebuilds(self.journal, stream, self.run_id, decision, rebuild, done.messages, done.stopped)
        for index, planned in enumerate(decision.writes):
            if planned.kind is WriteKind.CONCEPT_BSN and planned.target is None:
                if done.created is None:
                    break  # there is no concept to give a BSN to
                planned = replace(planned, target=done.created)
            if planned.chain and planned.chain in done.stopped:
                continue  # the rest of a chain waits for its earlier steps (PAY-8)
            unit = rebuilds.unit_of(planned)
            named = f"{unit or f'{self.run_id}-{decision.person}'}-{index}"
            one = _OneWrite(self, stream, decision, subject, personio, named, done)
            before = (done.failed, done.unknown)
            done.failed = done.unknown = False
            rebuilds.begin(planned)
            one.run(planned)
            rebuilds.step(planned, landed=not (done.failed or done.unknown))
            done.failed, done.unknown = done.failed or before[0], done.unknown or before[1]
            if done.silent:
                break
        rebuilds.end()
        return self._outcome(decision, done), done.silent

    def _outcome(self, decision: Decision, done: Progressed) -> PersonOutcome:
        if done.unknown:
            outcome = Outcome.UNKNOWN
        elif done.failed:
            outcome = Outcome.FAILED
        elif WriteKind.CONCEPT_CREATED in done.confirmed:
            outcome = Outcome.CONCEPT_CREATED
        elif not done.confirmed:
            outcome = Outcome.UNCHANGED
        elif isinstance(decision.link, Concept):
            outcome = Outcome.CONCEPT_UPDATED
        else:
            outcome = Outcome.UPDATED
        told = messages(decision)
        if isinstance(decision.link, Unlinked) and WriteKind.CONCEPT_CREATED in done.confirmed:
            told = (*told, CONCEPT_CONFIRMATION)
        added = sum(1 for kind in done.confirmed if kind in (WriteKind.BENEFIT_CREATED, WriteKind.PERIOD_DATA))
        if added:
            told = (*told, f"PAY-6: recurring and one-time pay was written ({added})")
        return PersonOutcome(
            decision.person,
            decision.number,
            outcome,
            REASON[outcome],
            tuple(done.overwritten),
            (*told, *done.messages),
        )


@dataclass(slots=True)
class _OneWrite:
    writer: Writer
    stream: StreamId
    decision: Decision
    subject: SubjectRef
    personio: PersonioRecord
    intent: str
    done: Progressed
    reference: str | None = None  # of the intent, once it is durable

    def run(self, planned: PlannedWrite) -> None:
        try:
            fetched = self._fetched(planned)
        except (ReadFailed, NotFound, Misconfigured) as reason:
            self.done.failed = True
            self.done.silent = _is_silence(reason)
            self.done.messages.append(f"RUN-5: nothing was sent, Loket could not be read before the write: {reason}")
            return
        changes = planned.changes if fetched is None else self._rebased(planned, fetched)
        if not changes:
            return
        intended = self._intended(planned, changes)
        request = WriteRequest(
            kind=planned.kind,
            target=planned.target,
            values={change.field: change.after for change in changes},
            fetched=fetched,
            label=planned.label,
            removes=planned.removes,
            component=planned.component,
            effective_on=planned.effective_on,
        )
        self.writer.journal.still_ours()
        answer = self.writer.journal.tools.loket.write(self.writer.policy.entity, request)
        self._settle(intended, changes, answer)

    def _fetched(self, planned: PlannedWrite) -> Fetched | None:
        """The whole object as it is now: what is sent back, and the before-values on record (AUD-2)."""
        if planned.kind.creates or planned.target is None:
            return None
        return self.writer.journal.tools.loket.fetch(self.writer.policy.entity, planned.kind, planned.target)

    def _rebased(self, planned: PlannedWrite, fetched: Fetched) -> tuple[Difference, ...]:
        """The planned changes against what Loket holds at this moment; someone may have edited since the snapshot."""
        known = planned.changes
        if planned.removes:
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
        self._record(moved)
        return tuple(changes)

    def _intended(self, planned: PlannedWrite, changes: Sequence[Difference]) -> WriteIntended:
        intended = WriteIntended(
            intent=self.intent,
            run_id=self.writer.run_id,
            person_id=self.decision.person,
            kind=planned.kind,
            target=planned.target,
            subject=self.subject,
            changes=tuple(FieldChange(one.field, one.before, one.after) for one in changes),
            rule=_rule(planned.kind),
            effective_on=planned.effective_on,
        )
        self._record([intended, *pay_facts(planned, intended, self.writer.run_id)])
        return intended

    def _settle(self, intended: WriteIntended, changes: Sequence[Difference], answer: WriteAnswer) -> None:
        self.done.messages.extend(f"RUN-6 {text}" for text in answer.messages)
        match answer.answered:
            case Answered.REFUSED:
                self.done.failed = True
                if not answer.messages:
                    self.done.messages.append(f"RUN-5: Loket refused the write (HTTP {answer.status})")
                refused = WriteRefused(
                    intent=self.intent,
                    status=answer.status,
                    subject=self.subject,
                    messages=answer.messages,
                    rule="RUN-5",
                )
                self._record([refused])
            case Answered.NOT_SENT | Answered.UNSENDABLE:
                self.done.failed, self.done.silent = True, answer.answered is Answered.NOT_SENT
                self.done.messages.append(f"RUN-5: nothing was sent ({answer.cause})")
                self._record([WriteNotSent(intent=self.intent, cause=answer.cause, rule="RUN-5")])
            case Answered.ACCEPTED:
                self._read_back(intended, changes, answer)
            case Answered.UNKNOWN:
                self._record([WriteOutcomeUnknown(intent=self.intent, cause=answer.cause, rule="RUN-8")])
                self._read_back(intended, changes, answer)

    def _read_back(self, intended: WriteIntended, changes: Sequence[Difference], answer: WriteAnswer) -> None:
        """Loket is asked what it holds now; only that confirms. An unanswered create stays unknown in this run."""
        target = answer.created or intended.target
        if intended.kind.creates and answer.created is None:
            self._stays_unknown(answer)
            return
        assert target is not None
        if intended.kind.deletes:
            self._read_back_delete(intended, changes, answer, target)
            return
        read_kind = READ_AS.get(intended.kind, intended.kind)
        wanted = {change.field: change.after for change in changes}
        held: Mapping[FieldPath, Observed] | None = None
        for held in self._reads(read_kind, target):
            if held is not None and holds(held, wanted):
                self._confirm(intended, changes, answer, target)
                return
        if held is None:
            self._stays_unknown(answer)
            return
        if intended.kind.creates:
            self._conflict(wanted, held)
            return
        facts = verdict(Intent(intended, ""), held)
        match facts[0]:
            case WriteNotApplied():
                if answer.answered is Answered.ACCEPTED:  # Loket said yes, a read still shows the old value
                    self._stays_unknown(answer)
                    return
                self.done.failed = True
                self.done.messages.append("RUN-8: the write was not applied; the next run plans it anew")
                self._record(facts)
            case _:
                self._conflict(wanted, held)

    def _read_back_delete(
        self, intended: WriteIntended, changes: Sequence[Difference], answer: WriteAnswer, target: str
    ) -> None:
        """Only a record that Loket no longer has was deleted."""
        tools = self.writer.journal.tools
        for wait in READ_BACK_WAITS:
            if wait:
                tools.clock.sleep(wait)
            try:
                tools.loket.fetch(self.writer.policy.entity, intended.kind, target)
            except NotFound:
                self._confirm(intended, changes, answer, target)
                return
            except (ReadFailed, Misconfigured) as reason:
                self.done.silent = _is_silence(reason)
                self._stays_unknown(answer)
                return
        if answer.answered is Answered.ACCEPTED:  # Loket said yes, a read still shows the record
            self._stays_unknown(answer)
            return
        self.done.failed = True
        self.done.messages.append("RUN-8: the write was not applied; the next run plans it anew")
        self._record([WriteNotApplied(intent=self.intent, rule="RUN-8")])

    def _reads(self, kind: WriteKind, target: str) -> Iterator[Mapping[FieldPath, Observed] | None]:
        tools = self.writer.journal.tools
        for wait in READ_BACK_WAITS:
            if wait:
                tools.clock.sleep(wait)
            try:
                yield tools.loket.fetch(self.writer.policy.entity, kind, target).fields
            except (ReadFailed, NotFound, Misconfigured) as reason:
                self.done.silent = _is_silence(reason)
                yield None
                if self.done.silent:
                    return

    def _confirm(
        self, intended: WriteIntended, changes: Sequence[Difference], answer: WriteAnswer, target: str
    ) -> None:
        lost_answer = answer.answered is Answered.UNKNOWN
        confirmed = WriteConfirmed(
            intent=self.intent,
            confirmed_by=ConfirmedBy.READ_BACK if lost_answer else ConfirmedBy.ANSWER,
            target=answer.created,
            subject=self.subject,
            warnings=answer.messages,
            rule="RUN-8" if lost_answer else "RUN-6",
        )
        facts = [Pending(confirmed, self.reference)]
        if intended.kind is WriteKind.CONCEPT_CREATED:
            self.done.created = target
            created = ConceptEmployeeCreated(
                run_id=self.writer.run_id, person_id=self.decision.person, concept_id=target, rule="MATCH-3"
            )
            facts.append(Pending(created, self.reference))
        else:
            replaced = overwrites(intended) if target != self.done.created else ()  # its first BSN is part of it
            self.done.overwritten.extend(changes if replaced else ())
            facts += [Pending(one, self._cause(FieldPath(one.field))) for one in replaced]
        if lost_answer:
            self.done.messages.append("RUN-8: the answer was lost; the write is confirmed by read-back")
        self.done.confirmed.append(intended.kind)
        self._append(facts)

    def _conflict(self, wanted: Mapping[FieldPath, Observed], held: Mapping[FieldPath, Observed]) -> None:
        self.done.unknown = True
        self.done.messages.append("RUN-8: Loket holds a third value; the next run judges it afresh")
        found = tuple(FieldValue(name, held[name]) for name in wanted if name in held)
        self._record([WriteConflicted(intent=self.intent, subject=self.subject, found=found, rule="RUN-8")])

    def _stays_unknown(self, answer: WriteAnswer) -> None:
        self.done.unknown = True
        self.done.messages.append(
            f"RUN-8: whether the write was applied is unknown ({answer.cause or 'it cannot be seen in Loket'}); "
            "the next run reads it back first"
        )
        if answer.answered is Answered.ACCEPTED:
            self._record([WriteOutcomeUnknown(intent=self.intent, cause="not visible in Loket", rule="RUN-8")])

    def _cause(self, name: FieldPath) -> str | None:
        """The Personio change behind an overwrite, where the log knows one."""
        known = self.personio.values.get(name)
        return known.reference if known else self.reference

    def _record(self, facts: Sequence[Fact]) -> None:
        self._append([Pending(fact, self.reference) for fact in facts])

    def _append(self, facts: Sequence[Pending]) -> None:
        for one in self.writer.journal.record_pending((self.stream, facts)):
            if isinstance(one.fact, WriteIntended):
                self.reference = one.reference
