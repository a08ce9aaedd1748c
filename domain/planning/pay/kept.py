"""Records of ours whose pay Personio has since before the compensation start date: not withdrawn, but begun sooner."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from domain.planning.pay.chain import WantedPay
from domain.snapshots import HeldPay


@dataclass(frozen=True, slots=True)
class Kept:
    """`wanted` are the records that stay. `told`: until the first of them Loket pays something else (PAY-4)."""

    wanted: tuple[WantedPay, ...] = ()
    told: bool = False


def kept(
    records: Sequence[HeldPay],
    rest: HeldPay | None,
    wanted: Callable[[HeldPay], WantedPay | None],
    holds: Callable[[HeldPay, WantedPay], bool],
) -> Kept:
    """Of `records` of ours, oldest first, from whose days on Personio has no other pay that begins.

    They go where `rest`, what Loket would then pay, is what Personio has in force: a raise was withdrawn. Else they
    stay as long as Personio has pay in force, and are made equal to it.
    """
    stay: list[WantedPay] = []
    for one in records:
        found = wanted(one)
        if found is None:
            break
        stay.append(found)
    if not stay:
        return Kept()
    goes_on = rest is not None and holds(rest, stay[0])
    equal = all(holds(one, found) for one, found in zip(records, stay, strict=False))
    return Kept() if goes_on and not equal else Kept(tuple(stay), told=not goes_on)
