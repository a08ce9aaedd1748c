"""The shapes of answers about differences between both systems, what is to be entered, and terminations."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import Field

from api.http.schemas.answers import Answer


class DriftItem(Answer):
    employee_number: int
    field: str
    state: str
    cause: str
    label: str = Field(description="The field in words")
    since: datetime
    personio: str | None
    loket: str | None
    until: date | None = Field(description="The last day on which it is left as it is in Loket")
    position: int
    trail: str | None = Field(description="What Loket's audit trail says: ours, someone_else or no_entry; no proof")
    trail_at: datetime | None
    decided_by: str | None = Field(description="Who acknowledged or accepted it")
    decided_at: datetime | None
    kept: bool = Field(description="Somebody said that Loket's value is the right one, to be entered in Personio")
    may_be_accepted: bool


class Place(Answer):
    employee_number: int
    field: str
    label: str


class HeldOut(Answer):
    """Whom the next run that writes leaves out."""

    employee_number: int
    held_out_by: str
    held_out_at: datetime


class Drift(Answer):
    legal_entity: str
    check_id: str | None
    checked_at: datetime | None
    completed: bool | None = Field(description="Whether the latest check could read both systems")
    concluded_at: datetime | None = Field(description="The latest check that could")
    compared: int | None = Field(description="People whom that check compared")
    not_compared: int | None = Field(description="Fields that it could not compare")
    items: list[DriftItem]
    waiting: list[Place] | None = Field(
        description="What only Personio changed, as that check saw it; null once a run has sent it"
    )
    foreseen: list[Place] | None = Field(
        description="What the look ahead of the next planned run saw erased besides; null without one, or after the run"
    )
    looked_ahead_at: datetime | None
    held_out: list[HeldOut]


class ToEnterItem(Answer):
    employee_number: int
    field: str
    label: str
    kept_at: datetime
    kept_by: str
    position: int


class ToEnter(Answer):
    legal_entity: str
    items: list[ToEnterItem]


class TerminationItem(Answer):
    employee_number: int
    income_number: int
    end_dates: list[date]
    since: datetime
    until: datetime | None
    reinstated: bool


class TerminationDisagreement(Answer):
    person_id: str
    ended_only_in: str = Field(description="loket: Active in Personio; personio: open in Loket")
    rule: str


class Terminations(Answer):
    legal_entity: str
    disagreements: list[TerminationDisagreement] = Field(description="As the latest run or check saw them, as alerted")
    items: list[TerminationItem]
