"""What people do in the simulated Personio about pay."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from adapters.simulators.personio.dated import as_date
from adapters.simulators.personio.office import HrOffice, one_of
from adapters.simulators.personio.tenant import FIXED, HOURLY, Compensation, CompensationType, made_up_id

CATEGORIES = ("FIXED_SALARY", "HOURLY_SALARY", "RECURRING", "ONE_TIME")


class PayDesk(HrOffice):
    """Compensations have a start; they end with the next one of their type, and nothing announces any of it."""

    def add_compensation_type(self, name: str, category: str, *, documented: bool = True) -> str:
        with self._lock:
            told = one_of(CATEGORIES, category) if documented else category
            added = CompensationType(made_up_id("type", name), name, told)
            self.tenant.types[added.id] = added
            return added.id

    def rename_compensation_type(self, type_id: str, name: str) -> None:
        """It keeps its id; what was paid of it before is listed under the new name, too."""
        with self._lock:
            self.tenant.rename_type(type_id, name)

    def set_salary(
        self,
        person_id: str,
        amount: Decimal | str,
        effective_from: date | str,
        *,
        hourly: bool = False,
        interval: str | None = "MONTHLY",
        **more: Any,
    ) -> str:
        """What the person earns from a day on, as HR enters it; which amount is shown is a quirk. Answers its id."""
        kind, interval = (HOURLY, None) if hourly else (FIXED, interval)
        return self.add_compensation(person_id, kind.id, amount, effective_from, interval=interval, **more)

    def add_compensation(
        self,
        person_id: str,
        type_id: str,
        amount: Decimal | str,
        effective_from: date | str,
        *,
        interval: str | None = None,
        currency: str = "EUR",
        weekly_working_hours: float | None = None,
        full_time_weekly_working_hours: float | None = None,
    ) -> str:
        """Hours left out are those of the newest employment; an amount of 0 ends the pay and is never listed."""
        with self._lock:
            values, now = self.employment(person_id).values, self.now()
            number = self.tenant.next_number()
            added = Compensation(
                id=made_up_id("compensation", number),
                number=number,
                person_id=person_id,
                legal_entity_id=values.at("legal_entity_id", now),
                type=self.tenant.types[type_id],
                amount=Decimal(amount),
                currency=currency,
                interval=interval,
                effective_from=as_date(effective_from),
                weekly_working_hours=weekly_working_hours or values.at("weekly_working_hours", now),
                full_time_weekly_working_hours=full_time_weekly_working_hours
                or values.at("full_time_weekly_working_hours", now),
            )
            self.tenant.add_compensation(added)
            return added.id

    def change_compensation(self, compensation_id: str, amount: Decimal | str) -> None:
        """Another amount under the same id and date."""
        with self._lock:
            old = self.tenant.remove_compensation(compensation_id)
            self.tenant.add_compensation(replace(old, number=self.tenant.next_number(), amount=Decimal(amount)))

    def remove_compensation(self, compensation_id: str) -> None:
        """It just is not there any more; nothing tells that it was."""
        with self._lock:
            self.tenant.remove_compensation(compensation_id)
