"""What Loket computes of a person: the formatted name and the date of the state pension."""

from datetime import date

from adapters.simulators.wire.envelope import Document

_AOW_AGE = 67


def with_computed_fields(employee: Document) -> Document:
    """The employee with its read-only name and pension date; the pension age is rounded to 67 years."""
    details = employee["personalDetails"]
    birth = date.fromisoformat(details["dateOfBirth"])
    years = birth.year + _AOW_AGE
    leap_day = birth.month == 2 and birth.day == 29
    aow = date(years, 3, 1) if leap_day else birth.replace(year=years)
    computed = {"formattedName": formatted_name(details), "aowDate": aow.isoformat()}
    return employee | {"personalDetails": details | computed}


def formatted_name(details: Document) -> str:
    parts = (details["lastName"], details["initials"], details.get("prefix"))
    return " ".join(part for part in parts if part)[:82]
