"""What a run says about the pay of a legal entity as a whole: counts of people, never a value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from domain.planning.details import BASIS_UNDECIDED, TYPES_NOT_SENT
from domain.planning.pay.sent_types import types_not_sent
from domain.planning.pay.votes import votes
from domain.settings import AmountBasis, Policy
from domain.snapshots import LoketSnapshot, PersonioSnapshot
from domain.values import one_or_many


def pay_remarks(personio: PersonioSnapshot, loket: LoketSnapshot, policy: Policy, today: date) -> tuple[str, ...]:
    """What a summary says of pay; empty where nothing needs a word."""
    return (*_votes(personio, loket, policy, today), *_not_sent(personio, policy))


def _not_sent(personio: PersonioSnapshot, policy: Policy) -> Iterable[str]:
    """How many people have pay of each type that goes nowhere (PAY-15)."""
    people = Counter(each for paid in personio.paid.values() for each in types_not_sent(paid, policy))
    if people:
        listed = policy.entity.compensation_types is not None
        told = ", ".join(f"{each} ({count})" for each, count in sorted(people.items()))
        yield TYPES_NOT_SENT[listed].format(said=told)


def _votes(personio: PersonioSnapshot, loket: LoketSnapshot, policy: Policy, today: date) -> tuple[str, ...]:
    """How the wages that Loket holds vote while nobody has said which amounts Personio shows (PAY-9)."""
    if policy.pay.amounts_are is not AmountBasis.UNDECIDED or not personio.paid:
        return ()
    cast = votes(personio, loket, policy, on=today)
    if not (cast.full_time or cast.effective or cast.neither):
        return ()
    return (
        one_or_many(BASIS_UNDECIDED, cast.full_time).format(
            full_time=cast.full_time, effective=cast.effective, neither=cast.neither
        ),
    )
