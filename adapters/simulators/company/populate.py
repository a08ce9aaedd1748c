"""Puts a made-up company into both simulators, so that a first run finds nothing to change for those in both."""

from typing import Any

from adapters.simulators.company.generate import IN_LOKET, Colleague, Company, Situation
from adapters.simulators.loket.simulator import LoketSimulator
from adapters.simulators.personio.simulator import PersonioSimulator

_PERSONIO_STATUS = {Situation.ONBOARDING: "ONBOARDING", Situation.ON_LEAVE: "LEAVE"}
_LOKET_GENDER = {"MALE": 1, "FEMALE": 2}
_LOKET_NETHERLANDS = 530
_ENDED_IN_LOKET = (Situation.INACTIVE, Situation.ENDED_IN_LOKET, Situation.ENDING_IN_LOKET)


def populate(personio: PersonioSimulator, loket: LoketSimulator, company: Company) -> None:
    """The legal entity, its people in Personio, and in Loket's main employer those who are known there."""
    personio.add_legal_entity(company.legal_entity_id, company.name)
    for colleague in company.colleagues:
        add_to_personio(personio, company, colleague)
        if colleague.situation in IN_LOKET:
            add_to_loket(loket, colleague)


def add_to_personio(personio: PersonioSimulator, company: Company, colleague: Colleague) -> None:
    person_id = personio.add_person(
        person_id=colleague.person_id,
        first_name=colleague.first_name,
        last_name=colleague.last_name,
        gender=colleague.gender,
        email=colleague.email,
        legal_entity_id=company.legal_entity_id,
        start_date=colleague.entry_date,
        status=_PERSONIO_STATUS.get(colleague.situation, "ACTIVE"),
        weekly_working_hours=colleague.weekly_hours,
        attributes=_attributes(colleague),
    )
    personio.set_salary(person_id, colleague.salary, colleague.entry_date)
    if colleague.situation is Situation.INACTIVE and colleague.end_date:
        personio.terminate(person_id, colleague.end_date)


def add_to_loket(loket: LoketSimulator, colleague: Colleague) -> str:
    """Answers the id of the employee in Loket; the wage there is the full-time one."""
    return loket.add_employee(
        colleague.employee_number,
        fields={
            "personalDetails.firstName": colleague.first_name,
            "personalDetails.initials": colleague.initials,
            "personalDetails.prefix": colleague.name_prefix,
            "personalDetails.lastName": colleague.last_name,
            "personalDetails.gender": _LOKET_GENDER[colleague.gender],
            "personalDetails.dateOfBirth": colleague.date_of_birth.isoformat(),
            "personalDetails.placeOfBirth": colleague.place_of_birth,
            "address.street": colleague.street,
            "address.houseNumber": colleague.house_number,
            "address.houseNumberAddition": colleague.house_number_addition,
            "address.postalCode": colleague.postal_code,
            "address.city": colleague.city,
            "address.country": _LOKET_NETHERLANDS,
            "contactInformation.emailAddress": colleague.personal_email,
            "contactInformation.businessEmailAddress": colleague.email,
            "contactInformation.phoneNumber": colleague.phone,
            "contactInformation.mobilePhoneNumber": colleague.mobile_phone,
        },
        start_date=colleague.entry_date,
        income_number=colleague.income_number,
        end_date=colleague.end_date if colleague.situation in _ENDED_IN_LOKET else None,
        wage=float(colleague.full_time_salary),
        hours_per_week=colleague.weekly_hours,
        bsn=colleague.bsn,
        iban=colleague.iban,
    )


def _attributes(colleague: Colleague) -> dict[str, Any]:
    return {
        "consider_in_nl_payroll": "No" if colleague.situation is Situation.NOT_CONSIDERED else "Yes",
        "employee_number_loket": f"{colleague.employee_number:04}",
        "income_number": colleague.income_number,
        "entry_date_current_period": colleague.entry_date.isoformat(),
        "initials": colleague.initials,
        "name_prefix": colleague.name_prefix,
        "date_of_birth": colleague.date_of_birth.isoformat(),
        "place_of_birth": colleague.place_of_birth,
        "street": colleague.street,
        "house_number": str(colleague.house_number),
        "house_number_addition": colleague.house_number_addition,
        "postal_code": colleague.postal_code,
        "city": colleague.city,
        "country": "NL",
        "personal_email": colleague.personal_email,
        "phone": colleague.phone,
        "mobile_phone": colleague.mobile_phone,
        "bsn": colleague.bsn,
        "iban": colleague.iban,
    }
