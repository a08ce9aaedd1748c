"""The shapes of the API's answers; documented by OpenAPI, and every answer is checked against them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from domain.views.comparison import Standing, Step


class Answer(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Page(Answer):
    next: str = Field(description="Cursor of what comes after; always there, so that a follower can ask again later")
    more: bool = Field(description="Whether there is more now; a page may be short, or empty, and yet more follow")


class EventItem(Answer):
    position: int
    recorded_at: datetime
    kind: str
    actor: str
    run: str
    legal_entity: str | None = Field(description="null for what concerns the log itself")
    person_id: str | None
    employee_number: int | None
    rule: str | None
    effective_on: date | None = Field(description="null where no system told it")
    fields: list[str]
    sentence: str
    data: dict[str, Any] = Field(description="The fact itself; personal values are masked unless opened")


class Events(Page):
    items: list[EventItem]


class HistoryItem(Answer):
    position: int
    recorded_at: datetime
    actor: str
    run: str
    rule: str | None
    effective_on: date | None
    kind: str
    sentence: str
    data: dict[str, Any]


class History(Page):
    legal_entity: str
    employee_number: int
    items: list[HistoryItem]


class StateItem(Answer):
    system: str
    field: str
    value: str | None = Field(description="null is a blank; masked unless opened")
    effective_on: date | None
    recorded_at: datetime
    position: int
    basis: str = Field(description="effective: a system told the date; value_at_that_instant: nobody did")


class State(Answer):
    legal_entity: str
    employee_number: int
    as_at: datetime
    on: date
    items: list[StateItem]


class CauseItem(Answer):
    step: Step
    position: int


class ComparedField(Answer):
    field: str
    label: str = Field(description="The field in words")
    standing: Standing = Field(
        description="As of the last run or check that looked. link: a number or date that says which employment it is; "
        "never written. not_compared: not known, since nobody has held the two against each other since the last "
        "change, the person takes no part, or one of the systems does not show it"
    )
    since: int | None = Field(description="Position of the event that says so; null where nothing does")
    personio: StateItem | None
    loket: StateItem | None
    causes: list[CauseItem] = Field(description="What led to Loket's value, where we wrote it, in order")


class Comparison(Answer):
    legal_entity: str
    employee_number: int
    as_at: datetime
    on: date
    items: list[ComparedField]


class Overwritten(Answer):
    field: str
    before: str | None
    after: str | None
    run_id: str = Field(description="An earlier run where that was cut off and this one tells of it")
    position: int


class OutcomeItem(Answer):
    person_id: str
    employee_number: int | None
    outcome: str
    reason: str
    overwritten: list[Overwritten]
    messages: list[str | None]
    position: int


class SizeBeside(Answer):
    """In the last accepted read and in one that was not believed; null: not read."""

    before: int | None
    now: int | None


class Progressed(Answer):
    """How far something is that takes long."""

    phase: str = Field(description="Such as reading Personio, or writing to Loket; empty: it has just begun")
    done: int
    total: int = Field(description="0: nobody knows it yet")


class Read(Answer):
    """How much a run read of both systems, and when."""

    personio_at: datetime
    loket_at: datetime
    people: int = Field(description="In Personio, of the legal entity")
    employees: int = Field(description="In Loket, of the employer")
    concepts: int = Field(description="Concept employees in Loket")
    not_read_again: int = Field(description="People whose version number in Loket did not move (RUN-15)")
    unchanged_since: datetime | None = Field(description="When everybody was read")


class Run(Answer):
    run_id: str
    legal_entity: str
    business_date: date | None
    status: str
    reason: str | None
    message: str | None
    actor: str
    started_at: datetime
    ended_at: datetime | None
    fingerprint: str | None
    counts: dict[str, int] = Field(description="People by outcome, as the run said at its end")
    sizes: dict[str, SizeBeside]
    read: Read | None = Field(description="null: it read nothing, or not everything")
    plan: str | None = Field(description="Fingerprint of the only plan that it might write")
    plan_now: str | None = Field(
        description="Where that had changed: fingerprint of what it would have written instead"
    )
    only: list[int] = Field(description="Employee numbers of a pilot; empty: everyone")


class Runs(Page):
    items: list[Run]


class Tally(Answer):
    outcome: str
    reason: str = Field(description="The rule, or the finding of one's own")
    people: int


class RunOutcomes(Page):
    run_id: str
    found: int = Field(description="Of how many people in all, on every page together")
    items: list[OutcomeItem]


class Verdicts(Answer):
    agrees: int
    rule_changed: int = Field(description="Another revision of a rule decides today")
    erased: int = Field(description="What the decision stood on was erased since")
    not_kept: int = Field(description="What the decision stood on was never ours to keep")
    deviation: int = Field(description="It does not follow, and nothing explains it")


class DecidedOtherwise(Answer):
    person_id: str
    employee_number: int | None
    verdict: str = Field(description="rule_changed or deviation")
    differences: list[str] = Field(description="Names of rules and fields, never a value")


class WentOn(Answer):
    verdict: str = Field(description="agrees, rule_changed, not_kept where it cannot be derived, or deviation")
    differences: list[str]


class RunReplay(Answer):
    name: str
    look: str = Field(description="run, drift_check or validation")
    legal_entity: str
    at: datetime
    business_date: date
    people: int
    verdicts: Verdicts = Field(description="Decisions by what became of them; together everyone")
    rules_changed: list[str]
    product: str | None = Field(description="The version that decided")
    went_on: WentOn | None = Field(description="How a run went on with everybody: stopped, let pass, written")
    differing: list[DecidedOtherwise]


class RunAccepted(Answer):
    run_id: str
    status: str
    status_url: str


class Released(Answer):
    legal_entity: str
    employee_number: int
    released: bool


class RunThatDay(Answer):
    run: Run
    outcome: OutcomeItem | None
    findings: list[str] = Field(description="Finding codes of this employee in that run")


class Why(Answer):
    legal_entity: str
    employee_number: int
    on: date
    answer: str
    runs: list[RunThatDay]


class EmployeeItem(Answer):
    person_id: str
    employee_number: int | None
    link: str | None
    included: bool | None = Field(description="null before a first run")
    outcome: str | None
    reason: str | None
    since: datetime | None = Field(description="Runs have told this since then; of a concept employee: Loket waits")
    run_id: str | None
    notices: list[str]


class Employees(Page):
    legal_entity: str
    items: list[EmployeeItem]


class RuleItem(Answer):
    id: str
    statement: str
    source: str
    scenarios: list[str]
    decisions: int


class Rules(Answer):
    items: list[RuleItem]
    never_exercised: list[str]


class AttributeItem(Answer):
    role: str
    label: str
    personio: str | None
    loket: str | None
    concept: str | None = None
    max_length: int | None = None
    blank: str


class Attributes(Answer):
    note: str
    attributes: list[AttributeItem]


class Head(Answer):
    size: int
    root: str = Field(description="base64")
    checkpoint: str = Field(description="The signed note (C2SP)")
    public_key: str


class WitnessedHead(Answer):
    size: int
    by: list[str]
    at: datetime


class Verdict(Answer):
    verdict: str | None = Field(description="As `tweeluik verify` says it, or UNREADABLE; null before the first one")
    position: int | None = Field(description="Where, in a log that is not sound")
    to: int | None
    at: datetime | None
    by: str | None
    since: int | None = Field(description="Events before it were not looked at again; 0 when everything was")
    whole_at: datetime | None = Field(description="When everything was last found sound")
    sound_up_to: int | None = Field(description="Events under the newest signed head that a verification agreed with")
    witnessed: WitnessedHead | None = Field(description="The newest head that somebody else vouches for")


class Proof(Answer):
    position: int
    size: int
    leaf: str
    proof: list[str]
    checkpoint: str
    public_key: str
    event: dict[str, Any] = Field(description="The event as stored, personal values sealed")


class Consistency(Answer):
    from_size: int
    to_size: int
    proof: list[str]


class Health(Answer):
    status: str


class OverwrittenItem(Answer):
    position: int
    employee_number: int
    person_id: str
    field: str
    before: str | None
    after: str | None
    cleared: bool
    run_id: str
    business_date: date | None
    recorded_at: datetime
    actor: str
    rule: str | None
    effective_on: date | None = Field(description="null: not told by Personio")
    processed_periods: list[str]


class OfField(Answer):
    field: str
    label: str = Field(description="The field in words")
    fields: int
    overwritten: int
    filled: int
    cleared: int


class OfRule(Answer):
    rule: str | None
    fields: int
    overwritten: int
    filled: int
    cleared: int


class OverwrittenFields(Page):
    items: list[OverwrittenItem]
    by_field: list[OfField] = Field(description="All that fits, by field, the most first")
    by_rule: list[OfRule] = Field(description="The same by rule; null where none was named")
    fields: int = Field(description="In all, not on this page only; each is overwritten, filled or cleared")
    overwritten: int
    filled: int
    cleared: int
    log_size: int = Field(description="What was recorded later is not in it")


class WorkAccepted(Answer):
    work: str
    status: str
    status_url: str


class Trouble(Answer):
    """As the problem that a request would have been answered with."""

    status: int
    type: str
    detail: str
    held_by: str | None


class WorkAnswer(Answer):
    work: str
    status: str = Field(description="in_progress, done, failed, or broken_off (the server that did it ended before)")
    legal_entity: str
    ordered_by: str
    ordered_at: datetime
    progress: Progressed | None = Field(description="null: it is not in progress")
    report: dict[str, Any] | None = Field(description="As the command prints it with `--json`; values are masked")
    problem: Trouble | None


class ReportAnswer(Answer):
    report: str
    status: str = Field(description="in_progress, awaits_release (a second subject has to agree), ready or expired")
    legal_entity: str
    since: date
    until: date
    kind: str = Field(description="overwritten_fields, pay_mutations or evidence")
    format: str
    language: str | None = Field(description="nl or en; null for a kind that is in English")
    unmasked: bool
    people: int
    reason: str | None = Field(description="Why values are to be shown; for those who may show values")
    log_size: int = Field(description="What was recorded later is not in it")
    ordered_by: str
    released_by: str | None
    good_until: datetime
    status_url: str
    download_url: str | None
