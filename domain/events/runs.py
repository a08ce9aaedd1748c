"""One sync run from its start to its end: stream run:<run id>; what its sweep came to: stream sweep:<run id>."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from domain.log import Fact
from domain.personal import Personal


class RunStarted(Fact, frozen=True, kw_only=True):
    legal_entity: str
    business_date: date
    plan: str | None = None  # fingerprint of the only plan it may write (RUN-14)
    only: tuple[int, ...] = ()  # employee numbers of a pilot (RUN-10)
    policy: str | None = None  # digest of the settings that everybody is judged by (AUD-10)


class NotReadAgain(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Of whom BSN, payment records and wages were taken as they were known: Loket's version numbers did not move."""

    run_id: str  # on whose record it is what they were
    since: datetime  # when everybody was read; of them, whoever moved after that was read later
    people: int


class SystemsRead(Fact, frozen=True, kw_only=True):
    """Both sides were read completely (RUN-2, RUN-7)."""

    personio_read_at: datetime
    loket_read_at: datetime
    personio_people: int
    loket_employees: int
    loket_concepts: int
    notes: tuple[str, ...] = ()  # optional endpoints and rights that were missing; never a value
    version: int | None = None  # the highest of Loket's version numbers, asked before anything else; None: not told
    rights: str = ""  # names the set of the Loket user's rights
    not_read_again: NotReadAgain | None = None  # None: everybody was read


class KeyShown(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Of how many people one key was shown, and shown with a value."""

    key: str  # as Personio names it
    shown: int
    valued: int
    role: str = ""  # of a custom attribute: the role it is mapped to


class SweepTaken(Fact, frozen=True, kw_only=True):
    """How large both systems were in a complete sweep, and what Personio showed; later sweeps are held against it."""

    legal_entity: str
    people: int  # in Personio, of the legal entity
    employees: int  # in Loket, of the employer
    swept: int  # people in Personio, of whatever legal entity
    paid: int | None = None  # people with pay when it was last read; None: it never was
    own: tuple[KeyShown, ...] = ()  # Personio's own keys, of everyone swept
    attributes: tuple[KeyShown, ...] = ()  # the tenant's attributes that are mapped


class PayeesSeen(Fact, frozen=True, kw_only=True):
    """Who had pay in that sweep, or when pay was last read before it; of many people in several events."""

    legal_entity: str
    salaried: tuple[str, ...] = ()  # person ids: with a fixed or hourly salary
    otherwise: tuple[str, ...] = ()  # person ids: with other pay only
    earlier: tuple[str, ...] = ()  # person ids: with a salary in a sweep before, and no pay in any since


class FindingRaised(Fact, frozen=True, kw_only=True):
    """A fact that blocks the run until fixed or the person is excluded (CHECK-1, CHECK-2). `rule` is a rule id."""

    person_id: str
    employee_number: int | None
    code: str
    field: str | None = None
    subject: str = ""
    text: Personal | None = None


class EarlierOverwrite(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A field that a run overwrote before it was cut off; before and after are in the log at `position`."""

    position: int
    field: str
    run_id: str


class OutcomeRecorded(Fact, frozen=True, kw_only=True):
    """The one outcome of one person in this run (RUN-4)."""

    person_id: str
    employee_number: int | None
    outcome: str
    reason: str
    subject: str = ""
    messages: tuple[Personal, ...] = ()  # of an included person: they may quote values
    notices: tuple[str, ...] = ()  # codes only
    details: tuple[str, ...] = ()  # of each notice: fields, components or days that it names, never a value
    earlier: tuple[EarlierOverwrite, ...] = ()  # what runs that were cut off overwrote, told with this one (RUN-8)


class Unmoved(msgspec.Struct, frozen=True, array_like=True, omit_defaults=True, gc=False):
    """One person of whom a run has nothing new to say, and what it says all the same: never a value."""

    person_id: str
    employee_number: int | None = None
    notices: tuple[str, ...] = ()  # codes, each with its detail
    details: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()  # of an included person; they name fields and days only


class OutcomesRecorded(Fact, frozen=True, kw_only=True):
    """The one outcome of each of these people in this run, who all had it in the run before; of many people in several
    events (RUN-4)."""

    outcome: str
    reason: str
    people: tuple[Unmoved, ...]


class RunCompleted(Fact, frozen=True, kw_only=True):
    with_errors: bool
    counts: dict[str, int]
    message: str | None = None  # what holds for the entity as a whole, with how many people; never a value


class RunBlocked(Fact, frozen=True, kw_only=True):
    counts: dict[str, int]
    reason: str
    message: str
    fingerprint: str | None = None  # of the read, where a person may accept what it does not show (EDIT-2, PAY-14)


class SizeBeside(msgspec.Struct, frozen=True, gc=False):
    """How large something was in the last accepted sweep and in this one; None: it was not read."""

    what: str
    before: int | None
    now: int | None


class LimitPassed(msgspec.Struct, frozen=True, gc=False):
    """For how many of the people included a plan would do something, and the most for whom one person may."""

    what: str
    people: int
    most: int
    included: int


class StoppedPerson(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """What a plan that the brake stopped would have written for somebody: which fields, never a value."""

    person_id: str
    employee_number: int | None = None
    fields: tuple[str, ...] = ()
    cleared: tuple[str, ...] = ()  # those of them that would be blank then
    created: bool = False  # as a concept employee


class PlanStopped(Fact, frozen=True, kw_only=True):
    """What a plan that the brake stopped would have written (RUN-13); of many people in several events."""

    people: tuple[StoppedPerson, ...]


class RunRefused(Fact, frozen=True, kw_only=True):
    """The run ended without a decision about anyone: unreadable systems, a fault in the setup, or the brake."""

    legal_entity: str
    reason: str
    message: str
    fingerprint: str | None = None
    sizes: tuple[SizeBeside, ...] = ()  # of a read that is not believed (RUN-12)
    plan_now: str | None = None  # fingerprint of what it would write, where another plan was wanted (RUN-14)
    limits: tuple[LimitPassed, ...] = ()  # of the brake, that its plan passed (RUN-13)


class BrakeReleased(Fact, frozen=True, kw_only=True):
    """A second person confirmed the plan of a braked run."""

    fingerprint: str
    braked_run: str


class ReadAccepted(Fact, frozen=True, kw_only=True):
    """A second person looked and accepted a read that was not believed; later sweeps are held against this one."""

    fingerprint: str
    refused_run: str


class RunCutOff(Fact, frozen=True, kw_only=True):
    """The run's process died; the next command found it and closed it."""
