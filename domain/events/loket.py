"""What was seen of an employee in Loket and written there: stream loket:<legal entity>:<employee number>."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.events.values import FieldChange, FieldValue
from domain.log import Fact
from domain.personal import Personal


class LinkState(StrEnum):
    """Where a number stands in Loket (rulebook 3.1)."""

    UNLINKED = "unlinked"
    CONCEPT = "concept"
    FINAL = "final"
    TERMINATED = "terminated"
    NOT_VISIBLE = "not_visible"  # known as a final employee, and not shown by a complete read (MATCH-5)


class LinkObserved(Fact, frozen=True, kw_only=True):
    """The number was found as a concept employee, a final employee, or no longer; recorded when that changes."""

    state: LinkState
    person_id: str
    loket_id: str | None = None  # GUID of the employee or concept
    employment_id: str | None = None


class EmployeeSeen(Fact, frozen=True, kw_only=True):
    """The number is an employee in Loket, whoever claims it and whatever else can be said: it is no new hire (MATCH-5).

    Recorded when that is news and no link says it already.
    """

    loket_id: str  # GUID of the employee


class EmployeeReleased(Fact, frozen=True, kw_only=True):
    """Someone says that Loket really removed the employee: from now on the number is unknown again (MATCH-5)."""

    subject: str
    loket_id: str  # GUID of the employee it was
    reason: Personal


@dataclass(slots=True)
class Holding:
    """Follows the events of one number, for whether whoever has it in Loket is still the same."""

    concept: str | None = None  # GUID of the concept employee that it is, or that was completed

    def ends_with(self, fact: Fact) -> bool:
        """Whether whoever had the number has it no longer: what is known of them is not of the number any more."""
        match fact:
            case LinkObserved(state=LinkState.CONCEPT, loket_id=concept) | ConceptEmployeeCreated(concept_id=concept):
                another = self.concept not in (None, concept)  # where no event said that the one before was gone
                self.concept = concept
                return another
            case LinkObserved(state=LinkState.UNLINKED) | ConceptEmployeeGone() | EmployeeReleased():
                self.concept = None
                return True
            case _:
                return False


class LoketFieldsObserved(Fact, frozen=True, kw_only=True):
    """Loket's values of the supported fields at first sight, read before anything was written (AUD-2)."""

    subject: str
    values: tuple[FieldValue, ...]


class ChangedBy(StrEnum):
    """Who moved a Loket value between two observations."""

    OURS = "ours"
    SOMEONE_ELSE = "someone_else"


class LoketFieldChanged(Fact, frozen=True, kw_only=True):
    """A Loket value moved since we last saw it, other than by a write of ours that is already on record."""

    subject: str
    field: str
    before: Personal
    after: Personal
    changed_by: ChangedBy


class FieldsConfirmed(Fact, frozen=True, kw_only=True):
    """A run saw both systems hold the same in these fields; recorded when that is news. With the confirmed writes it
    says what later differences are judged against (DRIFT-3); the value is the one Loket showed."""

    fields: tuple[str, ...]


class TerminationObserved(Fact, frozen=True, kw_only=True):
    """The linked employment has an end date, or another one than before; effective_on is that date (END-2, AUD-7)."""

    employment_id: str
    income_number: int


class TerminationReversed(Fact, frozen=True, kw_only=True):
    """The end date is gone again: reinstated (END-2)."""

    employment_id: str
    income_number: int


class TerminationSuperseded(Fact, frozen=True, kw_only=True):
    """The person went on in another employment; the ended one stays ended (EMPL-3, AUD-7)."""

    employment_id: str  # the one that runs now
    income_number: int


class WriteKind(StrEnum):
    """What is written; each is one request to Loket."""

    EMPLOYEE = "employee"
    BSN = "citizenservicenumber"
    PAYMENT = "paymentinformationsepa"
    PAYMENT_CREATED = "paymentinformationsepa_created"
    CONCEPT_CREATED = "conceptemployee_created"
    CONCEPT = "conceptemployee"
    CONCEPT_BSN = "conceptemployee_citizenservicenumber"
    WAGE = "wages"
    WAGE_CREATED = "wages_created"
    WAGE_DELETED = "wages_deleted"
    BENEFIT = "benefitsanddeductions"
    BENEFIT_CREATED = "benefitsanddeductions_created"
    BENEFIT_DELETED = "benefitsanddeductions_deleted"
    PERIOD_DATA = "payrollperioddata"
    HOURS = "workinghours"
    HOURS_CREATED = "workinghours_created"

    @property
    def creates(self) -> bool:
        """A create can never be repeated blindly: absence proves nothing (RUN-8)."""
        return self.value.endswith("_created")

    @property
    def deletes(self) -> bool:
        return self.value.endswith("_deleted")

    @property
    def of_concept(self) -> bool:
        return self.value.startswith("conceptemployee")

    @property
    def pays(self) -> bool:
        """Pay of a final employee; its facts carry the day they hold from (PAY-3)."""
        return self.value.startswith(("wages", "benefitsanddeductions", "payrollperioddata"))

    @property
    def of_hours(self) -> bool:
        """Working hours of a final employee: a dated record whose day Personio does not tell (RETRO-2)."""
        return self.value.startswith("workinghours")

    @property
    def dated(self) -> bool:
        return self.pays or self.of_hours


class WriteIntended(Fact, frozen=True, kw_only=True):
    """Durable before the request leaves: what will be written, and what was there (RUN-8, AUD-2)."""

    intent: str
    run_id: str
    person_id: str
    kind: WriteKind
    target: str | None  # GUID of the thing replaced; None when it is to be created
    subject: str
    changes: tuple[FieldChange, ...]


class ConfirmedBy(StrEnum):
    ANSWER = "answer and read-back"
    READ_BACK = "read-back"  # the answer was lost; Loket was read again and holds the wanted values


class WriteConfirmed(Fact, frozen=True, kw_only=True):
    intent: str
    confirmed_by: ConfirmedBy
    target: str | None = None  # GUID of what was created
    subject: str = ""
    warnings: tuple[Personal, ...] = ()


def seen_to_land(confirmed: WriteConfirmed, intended: WriteIntended) -> tuple[FieldChange, ...]:
    """What Loket was seen to hold of what was sent: of a create whose answer was lost only the number was seen."""
    lost = intended.kind is WriteKind.CONCEPT_CREATED and confirmed.confirmed_by is ConfirmedBy.READ_BACK
    return () if lost else intended.changes


class WriteRefused(Fact, frozen=True, kw_only=True):
    """Loket said no; the person's other writes go on (RUN-5, RUN-6)."""

    intent: str
    status: int
    subject: str
    messages: tuple[Personal, ...] = ()


class WriteNotSent(Fact, frozen=True, kw_only=True):
    """The request never reached Loket: no connection, or its pacing budget was spent."""

    intent: str
    cause: str


class WriteOutcomeUnknown(Fact, frozen=True, kw_only=True):
    """No readable answer: it may or may not have been applied. Ended later by one of the other outcomes (RUN-8)."""

    intent: str
    cause: str


class WriteNotApplied(Fact, frozen=True, kw_only=True):
    """A read-back found the old values; the write may be planned anew (RUN-8)."""

    intent: str


class WriteConflicted(Fact, frozen=True, kw_only=True):
    """A read-back found neither the old nor the wanted value: it is recorded and judged by the next run (RUN-8)."""

    intent: str
    subject: str
    found: tuple[FieldValue, ...]


class FieldOverwritten(Fact, frozen=True, kw_only=True):
    """A Loket value was replaced by a confirmed write; a blank after is a cleared field (RETRO-2, AUD-3)."""

    run_id: str
    intent: str
    person_id: str
    subject: str
    field: str
    before: Personal
    after: Personal


class ConceptEmployeeCreated(Fact, frozen=True, kw_only=True):
    run_id: str
    person_id: str
    concept_id: str


class ConceptEmployeeFinalised(Fact, frozen=True, kw_only=True):
    """The payroll administrator completed the concept (JOIN-3, JOIN-6)."""

    concept_id: str
    employee_id: str


class ConceptEmployeeGone(Fact, frozen=True, kw_only=True):
    """The concept we remember is in neither list any more (MATCH-3)."""

    concept_id: str


class PayConverted(Fact, frozen=True, kw_only=True):
    """How an intended amount came about: Personio's amount, the hours and periods behind it, the rounding (PAY-9)."""

    intent: str
    subject: str
    field: str
    amount: Personal  # as Personio has it
    interval: str
    weekly_hours: Personal  # BLANK where hours do not matter, or are not known and not needed
    full_time_hours: Personal
    periods_a_year: int
    rounding: str
    parts: tuple[Personal, ...] = ()  # of several one-time amounts in one period: what was added up (PAY-3)
    amounts_are: str | None = None  # of a wage: what Personio's amount was taken for, as configured (PAY-9)


class Placed(StrEnum):
    """Where in Loket's chain a dated value went."""

    NEW_RECORD = "new record"
    NEWEST_IN_PLACE = "newest record in place"


class RecordPlaced(Fact, frozen=True, kw_only=True):
    """Where a dated value went whose day Personio does not tell: into a new record from the run's business date, or
    into Loket's newest record. The day is ours; effective_on is the first day of that record in Loket (RETRO-2)."""

    intent: str
    run_id: str
    placed: Placed


class ProcessedPeriodAffected(Fact, frozen=True, kw_only=True):
    """A pay write reaches into a payroll period that has already been run; Loket decides what it does (PAY-12)."""

    intent: str
    run_id: str
    period: str


class ChainRebuildStarted(Fact, frozen=True, kw_only=True):
    """Later records are deleted and all are added again in order, as one unit; effective_on is where it begins (PAY-8).

    The intents of the unit are named after it.
    """

    unit: str
    run_id: str
    person_id: str
    chain: str
    steps: int


class ChainRebuildEnded(Fact, frozen=True, kw_only=True):
    """A unit was finished, by its own run or a later one; `complete` is false when it stopped on the way (PAY-8)."""

    unit: str
    run_id: str
    done: int
    complete: bool


class CompensationStartDateMoved(Fact, frozen=True, kw_only=True):
    """A legal entity's compensation start date, first seen or moved; effective_on is the date it has now (PAY-2).

    In a stream of the entity's own: `pay:<legal entity>`.
    """

    legal_entity: str
    before: date | None = None
