"""The sections that decisions go by: `[rules]`, `[brake]`, `[plausible]` and `[pay]`."""

from __future__ import annotations

from decimal import Decimal

from pydantic import Field, field_validator

from api.config.section import Section
from domain.attributes import Role
from domain.settings import (
    AbsentIsBlank,
    AmountBasis,
    Brake,
    ComponentKind,
    PayComponent,
    PaySettings,
    Plausible,
    RuleSettings,
    WeeklyHours,
)


class RulesSection(Section):
    truthy: list[str] = ["yes", "ja", "true", "1"]
    leave_counts_as_active: bool = False
    absent_is_blank: AbsentIsBlank = AbsentIsBlank.IF_SHOWN
    identity_guard: bool = True
    bic_required: bool = False
    mandatory: list[str] = ["employee_number_loket", "income_number", "entry_date_current_period", "last_name"]

    @field_validator("absent_is_blank", mode="before")
    @classmethod
    def _is_one_of_three(cls, value: object) -> object:
        if isinstance(value, bool) or value in ("true", "false"):
            raise ValueError('it takes "if_shown", "never" (once false) or "always" (once true)')
        return value

    def settings(self) -> RuleSettings:
        return RuleSettings(
            truthy=frozenset(word.casefold() for word in self.truthy),
            leave_counts_as_active=self.leave_counts_as_active,
            absent_is_blank=self.absent_is_blank,
            identity_guard=self.identity_guard,
            bic_required=self.bic_required,
            mandatory=frozenset(Role(role) for role in self.mandatory),
        )


class BrakeSection(Section):
    clears_people: int = Field(default=10, ge=0)
    clears_share: Decimal = Field(default=Decimal("0.10"), ge=0, le=1)
    creates_people: int = Field(default=5, ge=0)
    creates_share: Decimal = Field(default=Decimal("0.10"), ge=0, le=1)
    writes_share: Decimal | None = Field(default=None, ge=0, le=1)

    def settings(self) -> Brake:
        return Brake(self.clears_people, self.clears_share, self.creates_people, self.creates_share, self.writes_share)


class PlausibleSection(Section):
    fall_people: int = Field(default=5, ge=0)
    fall_share: Decimal = Field(default=Decimal("0.20"), ge=0, le=1)

    def settings(self) -> Plausible:
        return Plausible(self.fall_people, self.fall_share)


class ComponentSection(Section):
    component: int = Field(ge=1)
    kind: ComponentKind


class PaySection(Section):
    months_ahead: int = Field(default=12, ge=0, le=36)
    amounts_are: AmountBasis = AmountBasis.UNDECIDED
    weekly_hours: WeeklyHours = WeeklyHours.COMPARE
    components: dict[str, ComponentSection] = {}

    @field_validator("components")
    @classmethod
    def _one_type_a_component(cls, value: dict[str, ComponentSection]) -> dict[str, ComponentSection]:
        """Two recurring types on one component would end each other; one-time amounts are added up."""
        running = [one.component for one in value.values() if one.kind is not ComponentKind.ONE_TIME]
        if len(set(running)) < len(running):
            raise ValueError("two recurring types cannot go to one payroll component")
        return value

    def settings(self) -> PaySettings:
        return PaySettings(
            {name: PayComponent(one.component, one.kind) for name, one in self.components.items()},
            self.months_ahead,
            self.amounts_are,
            weekly_hours=self.weekly_hours,
        )
