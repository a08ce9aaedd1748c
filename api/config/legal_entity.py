"""The tables `[[legal_entity]]` of the configuration, one for each that takes part."""

from __future__ import annotations

from datetime import date

from api.config.schedule import EntitySchedule
from api.config.section import Guid, Section
from domain.settings import LegalEntity
from domain.values import LegalEntityId


class LegalEntitySection(Section):
    personio_id: str
    name: str = ""
    loket_employer_id: Guid
    loket_payroll_administration_id: Guid
    compensation_start_date: date | None = None
    compensation_types: list[str] | None = None
    leave_counts_as_active: bool | None = None
    allow_accepted_drift: bool = False
    schedule: EntitySchedule = EntitySchedule()

    def settings(self) -> LegalEntity:
        return LegalEntity(
            personio_id=LegalEntityId(self.personio_id),
            name=self.name or self.personio_id,
            loket_employer_id=self.loket_employer_id,
            loket_payroll_administration_id=self.loket_payroll_administration_id,
            compensation_start_date=self.compensation_start_date,
            compensation_types=None if self.compensation_types is None else frozenset(self.compensation_types),
            leave_counts_as_active=self.leave_counts_as_active,
            allow_accepted_drift=self.allow_accepted_drift,
        )
