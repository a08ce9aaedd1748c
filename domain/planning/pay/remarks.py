"""What a run says about the pay of a legal entity as a whole: counts of people, never a value."""

from __future__ import annotations

from datetime import date

from domain.planning.pay.votes import votes
from domain.settings import AmountBasis, Policy
from domain.snapshots import LoketSnapshot, PersonioSnapshot


def pay_remarks(personio: PersonioSnapshot, loket: LoketSnapshot, policy: Policy, today: date) -> tuple[str, ...]:
    """How the wages that Loket holds vote while nobody has said which amounts Personio shows (PAY-9)."""
    if policy.pay.amounts_are is not AmountBasis.UNDECIDED or not personio.paid:
        return ()
    cast = votes(personio, loket, policy, on=today)
    if not (cast.full_time or cast.effective or cast.neither):
        return ()
    return (
        f"PAY-9: amounts_are is undecided; of part-timers' wages in Loket {cast.full_time} equal Personio's amount as "
        f"the full-time one, {cast.effective} as the person's own, {cast.neither} neither",
    )
