"""The reference company of the campaigns: twelve people in both simulators, with every kind of outcome waiting."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from adapters.simulators.company.generate import Colleague, Company, Situation, generate_company
from adapters.simulators.company.populate import add_to_loket, add_to_personio
from adapters.simulators.loket.people import bsn_entity
from adapters.simulators.loket.simulator import LoketSimulator
from adapters.simulators.personio.attributes import DEFAULT_IDS
from adapters.simulators.personio.simulator import PersonioSimulator
from domain.planning.business_date import business_date

ENTITY: Final = "170"
SECOND_ENTITY: Final = "171"
_SITUATIONS: Final = {
    Situation.CONCEPT_TO_BE: 3,
    Situation.NOT_CONSIDERED: 1,
    Situation.ENDED_IN_LOKET: 1,
    Situation.INACTIVE: 1,
}
_THIS_MONTH: Final = business_date(datetime.now(UTC)).replace(day=1)
SINCE: Final = (_THIS_MONTH - timedelta(days=1)).replace(day=1)
"""The compensation start date: the first day of last month."""

_DONORS: Final = generate_company(3, seed=99).colleagues  # of numbers that nobody else has
_PHONE: Final = "020-0999999"
_REWRITTEN: Final = ("id", "createdOn", "creationDate", "lastModified")


def _company() -> Company:
    return generate_company(12, seed=7, shares={one: count / 12 for one, count in _SITUATIONS.items()})


@dataclass(frozen=True, slots=True)
class Reference:
    """Both systems and who is in them. Before `edit` a run only creates a concept; after it, one of everything."""

    personio: PersonioSimulator
    loket: LoketSimulator
    company: Company

    @classmethod
    def made(cls) -> Reference:
        """Neither server is started."""
        company = _company()
        personio, loket = PersonioSimulator(), LoketSimulator()
        personio.add_legal_entity(company.legal_entity_id, company.name)
        without_account = company.of(Situation.IN_BOTH)[3]
        for one in company.colleagues:
            add_to_personio(personio, company, one)
        for one in company.colleagues:
            if one.situation is not Situation.CONCEPT_TO_BE:
                add_to_loket(loket, replace(one, iban=None) if one is without_account else one)  # type: ignore[arg-type]
        for one in (*company.of(Situation.CONCEPT_TO_BE)[1:], without_account):
            personio.edit(one.person_id, "consider_in_nl_payroll", "No")  # not yet
        return cls(personio, loket, company)

    def edit(self) -> None:
        """What the next run finds: overwrites, a clearing, BSN, IBAN, a new account, concepts, pay, and a refusal."""
        street, cleared, numbers, account, refused, paid = self.company.of(Situation.IN_BOTH)
        old_concept, *new = self.company.of(Situation.CONCEPT_TO_BE)
        donor = _DONORS
        self.personio.edit(street.person_id, "street", "Nieuwe Gracht")
        self.personio.edit(street.person_id, "city", "Delft")
        self.personio.edit(cleared.person_id, "personal_email", None)
        self.personio.edit(numbers.person_id, "bsn", donor[0].bsn)
        self.personio.edit(numbers.person_id, "iban", donor[1].iban)
        self.personio.edit(numbers.person_id, "phone", _PHONE)
        self.personio.edit(refused.person_id, "mobile_phone", "06-00999999")
        self.personio.edit(old_concept.person_id, "place_of_birth", "Gouda")
        for one in (*new, account):
            self.personio.edit(one.person_id, "consider_in_nl_payroll", "Yes")
        self._edit_pay(paid)
        in_loket = self.loket.employee(refused.employee_number)
        assert in_loket is not None
        self.loket.faults.add("refuse", method="PUT", path=f"*/employees/{in_loket['id']}", times=0)

    def type_over(self) -> None:
        """What the next drift check finds: a street and a wage typed over in Loket, and a change only Personio made."""
        street, city, *_, paid = self.company.of(Situation.IN_BOTH)
        self.loket.edit_employee(street.employee_number, {"address.street": "Nieuwe Gracht"})
        self.personio.edit(city.person_id, "city", "Delft")
        self.personio.set_salary(paid.person_id, "3200.00", SINCE)
        self.loket.add_wage(paid.employee_number, _THIS_MONTH, 3100.00, income_number=paid.income_number)

    def leave(self) -> None:
        """Loket ends the employment of someone of whom a BSN, an account and a phone were overwritten."""
        yesterday = business_date(datetime.now(UTC)) - timedelta(days=1)
        self.loket.terminate(self.leaver.employee_number, yesterday, income_number=self.leaver.income_number)

    @property
    def leaver(self) -> Colleague:
        return self.company.of(Situation.IN_BOTH)[2]

    @property
    def secrets_of_leaver(self) -> Sequence[str | None]:
        """What both systems ever said about them, before and after `edit`."""
        one = self.leaver
        shown = (one.bsn, one.iban, one.street, one.personal_email, one.email, one.phone, one.mobile_phone)
        return (*shown, _DONORS[0].bsn, _DONORS[1].iban, _PHONE)

    def add_entity(self) -> str:
        """A second legal entity with two people whom Loket does not know; answers its part of the configuration."""
        employer, administration = (f"0b000000-0000-4000-8000-00000000000{end}" for end in (1, 2))
        other = Company(SECOND_ENTITY, "Iris", self.company.today, _DONORS[:2])
        self.personio.add_legal_entity(SECOND_ENTITY, other.name)
        self.loket.add_employer(employer, administration_id=administration, name=other.name)
        for one in other.colleagues:
            add_to_personio(self.personio, other, replace(one, person_id=f"9{one.person_id}"))
        ids = f'loket_employer_id = "{employer}"\nloket_payroll_administration_id = "{administration}"\n'
        return f'[[legal_entity]]\npersonio_id = "{SECOND_ENTITY}"\nname = "Iris"\n{ids}'

    def _edit_pay(self, paid: Colleague) -> None:
        """A retroactive and a coming salary with a wage typed in between (PAY-8), an allowance and a bonus."""
        self.personio.set_salary(paid.person_id, "3200.00", SINCE)
        self.personio.set_salary(paid.person_id, "3400.00", (_THIS_MONTH + timedelta(days=32)).replace(day=1))
        self.loket.add_wage(paid.employee_number, _THIS_MONTH, 3100.00, income_number=paid.income_number)
        for name, category, amount in (("Travel", "RECURRING", "25.00"), ("Bonus", "ONE_TIME", "500.00")):
            kind = self.personio.add_compensation_type(name, category)
            self.personio.add_compensation(
                paid.person_id, kind, amount, _THIS_MONTH, interval="MONTHLY" if category == "RECURRING" else None
            )

    def start(self) -> None:
        self.personio.start()
        self.loket.start()

    def stop(self) -> None:
        self.personio.stop()
        self.loket.stop()

    @property
    def never_written(self) -> frozenset[int]:
        """Numbers of people whom no run may touch."""
        situations = (Situation.NOT_CONSIDERED, Situation.ENDED_IN_LOKET, Situation.INACTIVE)
        return frozenset(one.employee_number for each in situations for one in self.company.of(each))

    def held(self) -> dict[str, Any]:
        """All that a payroll administrator can see of these people, without what Loket itself makes up."""
        people = [(one["employeeNumber"], one) for one in self.loket.employees()]
        drafts = sorted(((_number(one), one) for one in self.loket.concepts()), key=lambda pair: pair[0])
        return {
            "employees": [_without_made_up(one) for _, one in people],
            "concepts": [_without_made_up(one) for _, one in drafts],
            "bsn": [_without_made_up(bsn_entity(self.loket.state, one["id"]).data) for _, one in (*people, *drafts)],
            "iban": [self._iban(number) for number, _ in people],
            "pay": [self._pay(one["id"]) for _, one in people],
        }

    def _pay(self, employee: str) -> list[Any]:
        """Every record of each employment, wages without the links that a chain keeps up itself."""
        state = self.loket.state
        employments = sorted(state.table("employments").of(employee), key=lambda one: str(one.data["startDate"]))
        return [
            sorted((_without_made_up(one.data) for one in state.table(table).of(employment.id)), key=repr)
            for employment in employments
            for table in ("wages", "benefitsanddeductions", "payrollperioddata")
        ]

    def _iban(self, number: int) -> str | None:
        income = next(one.income_number for one in self.company.colleagues if one.employee_number == number)
        return self.loket.iban(number, income_number=income)

    def toml(self, url: str, folder: str) -> str:
        """A complete configuration with the log at this URL, keys with it, and checkpoints in the folder."""
        keys = f"sqlite:///{folder}/keys.db" if url.startswith("sqlite") else url
        sections: dict[str, Mapping[str, Any]] = {
            "[log]": {"url": url, "keys": keys, "checkpoints": f"{folder}/checkpoints"},
            "[personio]": {
                "base_url": self.personio.url,
                "client_id": self.personio.access.client_id,
                "client_secret": self.personio.access.client_secret,
            },
            "[personio.attributes]": DEFAULT_IDS,
            "[loket]": {
                "base_url": self.loket.url,
                "token_url": self.loket.token_url,
                "client_id": self.loket.tokens.client_id,
                "client_secret": self.loket.tokens.client_secret,
                "refresh_token": self.loket.tokens.refresh_token,
            },
            "[[legal_entity]]": {
                "personio_id": ENTITY,
                "name": "Tulp",
                "loket_employer_id": self.loket.employer_id,
                "loket_payroll_administration_id": self.loket.administration_id,
                "compensation_start_date": SINCE.isoformat(),
            },
            "[pay]": {"months_ahead": 1, "amounts_are": "effective"},
            "[pay.components.Travel]": {"component": 284, "kind": "recurring"},
            "[pay.components.Bonus]": {"component": 372, "kind": "one_time"},
        }
        lines = (
            line
            for head, values in sections.items()
            for line in (head, *(f"{key} = {json.dumps(value)}" for key, value in values.items()))
        )
        return "\n".join(lines) + "\n"


def _number(concept: Mapping[str, Any]) -> int:
    return int(concept["employeeData"]["employeeNumber"])


def _without_made_up(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _without_made_up(each) for key, each in value.items() if key not in _REWRITTEN}
    return [_without_made_up(each) for each in value] if isinstance(value, list) else value
