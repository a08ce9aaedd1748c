"""One run in full, and what the brake stopped in it."""

from __future__ import annotations

from pydantic import Field

from api.http.schemas.answers import Answer, OutcomeItem, Progressed, Run, Tally
from domain.planning.brake import Braking


class LimitPassed(Answer):
    what: Braking = Field(description="What would be done for so many people")
    people: int
    most: int = Field(description="For so many of those included it needs no second person")
    included: int


class StoppedField(Answer):
    field: str
    people: int
    cleared: int = Field(description="For how many of them it would be blank, or pay would end")
    pay: bool = Field(description="A wage, other pay or hours")


class StoppedPerson(Answer):
    person_id: str
    employee_number: int | None
    fields: list[str]
    cleared: list[str]
    created: bool = Field(description="As a concept employee")


class StoppedPlan(Answer):
    """What the brake stopped: fields and people, never a value."""

    limits: list[LimitPassed]
    people_to_write: int
    people_created: int
    fields: list[StoppedField]
    people: list[StoppedPerson] = Field(description="Something cleared first; none without the right to people")

    @property
    def pays(self) -> bool:
        return any(one.pay for one in self.fields)


class RunDetail(Run):
    stopped: StoppedPlan | None = Field(description="null: the brake did not stop it, or did before this was recorded")
    progress: Progressed | None = Field(description="null: it has ended, or was cut off")
    tallies: list[Tally] = Field(description="Everyone once, by outcome and reason")
    outcomes: list[OutcomeItem]
