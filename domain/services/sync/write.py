"""Writing the people of one run to Loket, one after the other: every planned write in order, and what they came to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from domain.errors import StreamMoved
from domain.events.loket import WriteKind
from domain.log import Pending
from domain.planning.decide import Decision
from domain.planning.details import CONCEPT_CONFIRMATION, MEANWHILE, PAY_WRITTEN
from domain.planning.matching import Concept, Unlinked
from domain.records.personio_record import PersonioRecord
from domain.services.journal import Journal
from domain.services.sync import rebuild
from domain.services.sync.one_write import PersonWriter
from domain.services.sync.report import REASON, Outcome, PersonOutcome, messages
from domain.services.sync.written import Ended, PersonWritten, Written
from domain.settings import Policy
from domain.streams import loket_stream
from domain.values import RunId, SubjectRef


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes the people of one run, one after the other."""

    journal: Journal
    policy: Policy
    run_id: RunId

    def write(
        self, decision: Decision, subject: SubjectRef, personio: PersonioRecord, unfinished: str | None = None
    ) -> tuple[PersonOutcome, bool]:
        """Every planned write of one person; the outcome, and whether Loket has fallen silent.

        `unfinished` is the unit of a rebuild that an earlier run began and left.
        """
        writer = self._writer_for(decision, subject, personio)
        done = self._written(writer, decision)
        facts, told = rebuild.ended(decision, done, self.run_id, unfinished)
        self.journal.record_happened(writer.stream, [Pending(one) for one in facts])
        return _outcome(decision, done, told), done.silent

    def _writer_for(self, decision: Decision, subject: SubjectRef, personio: PersonioRecord) -> PersonWriter:
        assert decision.number is not None  # only a matched person has writes
        return PersonWriter(
            loket=self.journal.tools.loket,
            clock=self.journal.tools.clock,
            journal=self.journal,
            entity=self.policy.entity,
            run_id=self.run_id,
            stream=loket_stream(self.policy.entity.personio_id, decision.number),
            person=decision.person,
            subject=subject,
            personio=personio,
        )

    def _written(self, writer: PersonWriter, decision: Decision) -> PersonWritten:
        done = PersonWritten()
        for index, planned in enumerate(decision.writes):
            first_bsn = planned.kind is WriteKind.CONCEPT_BSN and planned.target is None
            if first_bsn:
                if done.concept is None:
                    break  # there is no concept to give a BSN to
                planned = replace(planned, target=done.concept)
            if done.waits(planned):
                continue
            unit = rebuild.unit_of(decision, planned, self.run_id) or f"{self.run_id}-{decision.person}"
            try:
                self.journal.record((writer.stream, rebuild.started(decision, planned, done, self.run_id)))
                written = writer.write(planned, f"{unit}-{index}", first_bsn=first_bsn)
            except StreamMoved:
                written = _OVERTAKEN
            done = done.then(planned, written)
            if written.silent or written is _OVERTAKEN:
                break
        return done


_OVERTAKEN: Final = Written(
    Ended.FAILED,
    (MEANWHILE,),
)


def _outcome(decision: Decision, done: PersonWritten, rebuilt: tuple[str, ...]) -> PersonOutcome:
    created = bool(done.confirmed(WriteKind.CONCEPT_CREATED))
    if done.any(Ended.UNKNOWN):
        outcome = Outcome.UNKNOWN
    elif done.any(Ended.FAILED) or decision.failed_fields:
        outcome = Outcome.FAILED
    elif created:
        outcome = Outcome.CONCEPT_CREATED
    elif not done.confirmed():
        outcome = Outcome.UNCHANGED
    elif isinstance(decision.link, Concept):
        outcome = Outcome.CONCEPT_UPDATED
    else:
        outcome = Outcome.UPDATED
    told = messages(decision)
    if isinstance(decision.link, Unlinked) and created:
        told = (*told, CONCEPT_CONFIRMATION)
    added = len(done.confirmed(WriteKind.BENEFIT_CREATED, WriteKind.PERIOD_DATA))
    if added:
        told = (*told, PAY_WRITTEN.format(number=added))
    return PersonOutcome(
        decision.person,
        decision.number,
        outcome,
        REASON[outcome],
        done.overwritten,
        (*told, *done.messages, *rebuilt),
    )
