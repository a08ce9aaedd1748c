"""What a decision stood on, so that it can be derived again from the log alone (AUD-11).

What was read of a person and remembered of them: stream `grounds:<legal entity>:<person>`, once for each change. What
holds for everybody of a legal entity: stream `grounds:<legal entity>`. Who was judged, and what was decided: the stream
of the run, check or validation. A validation holds nobody up, so what it saw stands in its own stream.
"""

from __future__ import annotations

from datetime import date

import msgspec

from domain.events.findings import LookedBy
from domain.events.values import FieldValue
from domain.log import Fact
from domain.personal import Personal


class PersonJudged(Fact, frozen=True, kw_only=True):
    """What somebody was judged by: both systems' data about them, and what the log remembered."""

    legal_entity: str
    person_id: str
    subject: str
    digest: str  # keyed: tells whether anything changed, and lets nobody guess what
    case: Personal  # JSON of `domain.grounds.case.Case`
    passing: tuple[FieldValue, ...] = ()  # values in it that are kept for a shorter time than pay is


class LeftOutJudged(Fact, frozen=True, kw_only=True):
    """By what somebody was left out: the gates and what their numbers lead to. No more of them is ours to keep."""

    legal_entity: str
    person_id: str
    employee_number: int | None
    income_number: int | None
    status: str | None
    considered: str  # yes, no, undecidable
    outside: bool = False  # another legal entity is shown, or none
    beside: tuple[str, ...] = ()  # other legal entities where an employment of theirs runs
    corrected: bool = False  # their Entry date names the employment in another legal entity
    terminated: bool = False  # both numbers lead to an employment that Loket has ended
    newer_runs: bool = False  # and a newer one without an end date is beside it


class NotSeenJudged(Fact, frozen=True, kw_only=True):
    """Of a member whom the sweep did not show here: what it says of them, and what the sweep before said (RUN-7)."""

    legal_entity: str
    person_id: str
    employee_number: int | None
    answer: str  # gone, elsewhere, unclear
    before: str | None = None
    open_here: bool = False  # an employment without an end date is in this payroll administration


class EntityJudged(Fact, frozen=True, kw_only=True):
    """What holds for everybody, and who they are; of many people in several events that share the digest."""

    legal_entity: str
    digest: str
    shared: str = ""  # JSON of `domain.grounds.case.Shared`, in the first of them
    people: tuple[str, ...] = ()  # person ids, in the order in which they were decided


class DecisionsDerived(Fact, frozen=True, kw_only=True):
    """Decisions were made again from the log alone and held against what was recorded: stream `derivations`."""

    first: int  # positions between which all runs, checks and validations were derived again
    last: int
    looks: int
    decisions: int
    agree: int
    rule_changed: int  # a rule has another meaning since
    erased: int
    not_kept: int
    deviations: int  # what does not follow, and nothing explains
    underivable: int = 0  # runs, checks and validations whose grounds are not in the log, or cannot be read
    deviating: tuple[str, ...] = ()  # runs, checks and validations with such, the first hundred
    runs_astray: int = 0  # that did not go on as follows from their decisions: stopped, or let pass


class EveryoneJudged(Fact, frozen=True, kw_only=True):
    """One run, check or validation decided about everybody; of many people in several events."""

    legal_entity: str
    look: LookedBy
    business_date: date
    policy: str  # digest of the settings
    standing: int  # of each person what is on record before this position was judged by
    prints: str  # base64 of six bytes for each person, in order: a keyed digest of what was decided
    only: tuple[int, ...] = ()  # employee numbers of a pilot (RUN-10)
    revisions: dict[str, int] = msgspec.field(
        default_factory=dict
    )  # of the rules whose meaning has changed since they were first written
    rules: int = 0  # how many rules there were
    product: str = ""  # the version that decided
    first_run: bool | None = None  # of a run: whether none had completed before; None where it is not on record
    unread: str = ""  # base64 of a bit for each person: known from the run that `SystemsRead.not_read_again` names
    forbidden: tuple[str, ...] = ()  # of a run: kinds of write that the Loket user surely had no right to
