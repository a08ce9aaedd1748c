"""A made-up Dutch company of any size: the same seed gives the same people, bit for bit, and none of them exists.

Citizen service numbers begin with 00, which was never handed out; the bank TULP does not exist; no Dutch subscriber
number begins with a zero; mail goes to example.org. Everything else is valid and within Loket's limits.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from random import Random
from unicodedata import normalize

from adapters.simulators.company.names import CITIES, FEMALE_NAMES, LAST_NAMES, MALE_NAMES, STREETS

LEGAL_ENTITY_ID = "170"
NAME = "Tulp Logistiek B.V."
DEMO_SIZE, DEMO_SEED = 25, 1636
DEMO_TODAY = date(2026, 3, 15)


class Situation(StrEnum):
    """Where a colleague stands between the two systems."""

    IN_BOTH = "in_both"
    CONCEPT_TO_BE = "concept_to_be"  # Active in Personio, unknown in Loket
    ONBOARDING = "onboarding"  # starts later, unknown in Loket
    ON_LEAVE = "on_leave"
    INACTIVE = "inactive"  # left, in both systems
    ENDED_IN_LOKET = "ended_in_loket"  # end date in the past, still Active in Personio
    ENDING_IN_LOKET = "ending_in_loket"  # end date in the future
    NOT_CONSIDERED = "not_considered"  # Consider in NL payroll is No


IN_LOKET = frozenset(Situation) - {Situation.CONCEPT_TO_BE, Situation.ONBOARDING}

SHARES: Mapping[Situation, float] = {
    Situation.CONCEPT_TO_BE: 0.08,
    Situation.ONBOARDING: 0.04,
    Situation.ON_LEAVE: 0.04,
    Situation.INACTIVE: 0.04,
    Situation.ENDED_IN_LOKET: 0.04,
    Situation.ENDING_IN_LOKET: 0.04,
    Situation.NOT_CONSIDERED: 0.08,
}
"""The rest is in both systems."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """One person; `salary` is the effective one a month, `full_time_salary` what 40 hours would earn."""

    person_id: str
    situation: Situation
    employee_number: int
    income_number: int
    first_name: str
    initials: str
    name_prefix: str | None
    last_name: str
    gender: str
    date_of_birth: date
    place_of_birth: str
    bsn: str
    iban: str
    street: str
    house_number: int
    house_number_addition: str | None
    postal_code: str
    city: str
    email: str
    personal_email: str
    phone: str | None
    mobile_phone: str
    entry_date: date
    end_date: date | None
    weekly_hours: int
    full_time_salary: Decimal

    @property
    def salary(self) -> Decimal:
        return self.full_time_salary * self.weekly_hours / 40


@dataclass(frozen=True, slots=True)
class Company:
    legal_entity_id: str
    name: str
    today: date
    colleagues: tuple[Colleague, ...]

    def of(self, situation: Situation) -> tuple[Colleague, ...]:
        return tuple(each for each in self.colleagues if each.situation is situation)


def demo_company(today: date = DEMO_TODAY) -> Company:
    """The 25 people of the demo."""
    return generate_company(DEMO_SIZE, seed=DEMO_SEED, today=today)


def generate_company(
    size: int, *, seed: int, today: date = DEMO_TODAY, shares: Mapping[Situation, float] = SHARES
) -> Company:
    """At most 400,000 people; shares are rounded to whole people, dates lie around `today`."""
    random = Random(seed)  # noqa: S311 - made-up people, no secrets
    situations = [situation for situation, share in shares.items() for _ in range(round(size * share))]
    situations = [*situations, *[Situation.IN_BOTH] * (size - len(situations))]
    random.shuffle(situations)
    bsns, accounts = _bsns(random, size), random.sample(range(10**10), size)
    people = (
        _colleague(random, number, situation, bsn, _iban(account), today)
        for number, (situation, bsn, account) in enumerate(zip(situations, bsns, accounts, strict=False), start=1)
    )
    return Company(LEGAL_ENTITY_ID, NAME, today, tuple(people))


def _colleague(random: Random, number: int, situation: Situation, bsn: str, iban: str, today: date) -> Colleague:
    gender = random.choice(("FEMALE", "MALE"))
    first_name = random.choice(FEMALE_NAMES if gender == "FEMALE" else MALE_NAMES)
    prefix, last_name = random.choice(LAST_NAMES)
    mailbox = f"{_ascii(first_name)}.{_ascii((prefix or '') + last_name)}.{number}"
    entry, end = _dates(random, situation, today)
    return Colleague(
        person_id=str(3000 + number),
        situation=situation,
        employee_number=200 + number,
        income_number=random.choices((1, 2, 3), (90, 8, 2))[0],
        first_name=first_name,
        initials=".".join([first_name[0], *random.sample("ABCDEFGHJKLMPRSTW", random.randrange(3))]) + ".",
        name_prefix=prefix,
        last_name=last_name,
        gender=gender,
        date_of_birth=entry - timedelta(days=random.randint(18 * 366, 45 * 365)),
        place_of_birth=random.choice(CITIES),
        bsn=bsn,
        iban=iban,
        street=random.choice(STREETS),
        house_number=random.randint(1, 399),
        house_number_addition=random.choices((None, "a", "bis", "2-h"), (80, 10, 5, 5))[0],
        postal_code=_postal_code(random),
        city=random.choice(CITIES),
        email=f"{mailbox}@example.org",
        personal_email=f"{mailbox}.thuis@example.org",
        phone=f"020-0{number:06}" if random.random() < 0.3 else None,
        mobile_phone=f"06-00{number:06}",
        entry_date=entry,
        end_date=end,
        weekly_hours=random.choice((40, 40, 40, 36, 32, 24, 20)),
        full_time_salary=Decimal(random.randrange(2_300, 6_900, 10)).quantize(Decimal("0.01")),
    )


def _dates(random: Random, situation: Situation, today: date) -> tuple[date, date | None]:
    """Entry and end date that fit the situation."""
    days = random.randint(10, 60)
    if situation is Situation.ONBOARDING:
        return today + timedelta(days=days), None
    if situation is Situation.CONCEPT_TO_BE:
        return today - timedelta(days=random.randint(0, 9)), None
    entry = today - timedelta(days=random.randint(200, 6_000))
    if situation in (Situation.INACTIVE, Situation.ENDED_IN_LOKET):
        return entry, today - timedelta(days=days)
    return entry, today + timedelta(days=days) if situation is Situation.ENDING_IN_LOKET else None


def _bsns(random: Random, size: int) -> Iterator[str]:
    """Different numbers 00xxxxxxc that pass the 11-test."""
    for middle in random.sample(range(1, 1_000_000), 2 * size):
        digits = f"00{middle:06}"
        check = sum(weight * int(digit) for weight, digit in zip(range(9, 1, -1), digits, strict=True)) % 11
        if check < 10:
            yield f"{digits}{check}"


def _iban(account: int) -> str:
    bank = "TULP"
    as_number = "".join(str(int(character, 36)) for character in f"{bank}{account:010}NL00")
    return f"NL{98 - int(as_number) % 97:02}{bank}{account:010}"


def _postal_code(random: Random) -> str:
    letters = "SS"
    while letters in ("SA", "SD", "SS"):
        letters = "".join(random.choices("ABCDEGHJKLMNPRSTVWXZ", k=2))
    return f"{random.randint(1011, 9999)} {letters}"


def _ascii(name: str) -> str:
    plain = normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return "".join(character for character in plain if character.isalpha())
