"""The writes that make Loket's benefits and deductions of one component equal to what is wanted (PAY-7, PAY-10)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from domain.attributes import Kind
from domain.events.loket import WriteKind
from domain.planning.comparison import Difference, differences
from domain.planning.pay.case import DAY, PayCase
from domain.planning.pay.chain import WantedPay, steps, stood_until
from domain.planning.pay.conversion import Conversion
from domain.planning.pay.targets import benefit_end, benefit_field
from domain.planning.planned import Chain, DatedWrite
from domain.snapshots import HeldPay
from domain.values import BLANK, FieldPath, Observed


def chain_writes(
    case: PayCase, key: int, held: Sequence[HeldPay], wanted: Sequence[WantedPay], every: Sequence[HeldPay]
) -> tuple[DatedWrite, ...]:
    """`held` are those that are made equal to `wanted`, of `every` record of the component."""
    todo = steps(held, wanted)
    again, rebuild = {one.start for one in todo.add}, bool(todo.delete)
    newest, eves = max((one.start for one in wanted), default=date.min), {one.start - DAY for one in wanted}
    deletes = [delete(one, key, readded=one.start in again, followed=one.start < newest) for one in todo.delete]
    changes = (
        change(
            one,
            target.fields,
            target.end,
            key,
            target.conversion,
            rebuild=rebuild,
            followed=target.end in eves,
        )
        for one, target in todo.keep
    )
    creates = [
        replace(
            _create(
                case, key, one, {} if rebuild else stood_until(one.start, every, wanted), _chain(key, rebuild=rebuild)
            ),
            ends_sooner=one.end is not None and one.end not in eves and _runs_past(every, one.end),
        )
        for one in todo.add
    ]
    return (*deletes, *(one for one in changes if one), *creates)


def _runs_past(records: Iterable[HeldPay], day: date) -> bool:
    return any(one.start <= day and (one.end is None or one.end > day) for one in records)


def _create(
    case: PayCase, key: int, target: WantedPay, stood: Mapping[FieldPath, Observed], chain: Chain
) -> DatedWrite:
    """A new record, in the place of what `stood` until it."""
    fields: dict[FieldPath, Observed] = {**target.fields}
    before = {one.field: one.before for one in differences([(benefit_field(key), Kind.MONEY)], fields, stood)}
    if target.end is not None:
        fields[benefit_end(key)] = target.end.isoformat()
    return DatedWrite(
        kind=WriteKind.BENEFIT_CREATED,
        target=case.employment.id,
        changes=tuple(Difference(name, before.get(name, BLANK), value, target.start) for name, value in fields.items()),
        component=key,
        effective_on=target.start,
        chain=chain,
        conversion=target.conversion,
        reaches=(target.start, target.end or date.max),
    )


def _chain(key: int, *, rebuild: bool) -> Chain:
    return Chain(f"payments of component {key}", rebuild)


def change(
    one: HeldPay,
    fields: Mapping[FieldPath, str],
    end: date | None,
    key: int,
    conversion: Conversion | None,
    *,
    rebuild: bool,
    followed: bool,
) -> DatedWrite | None:
    wanted: dict[FieldPath, Observed] = {**fields, benefit_end(key): BLANK if end is None else end.isoformat()}
    held: dict[FieldPath, Observed] = {
        **one.fields,
        benefit_end(key): BLANK if one.end is None else one.end.isoformat(),
    }
    found = differences([(benefit_field(key), Kind.MONEY), (benefit_end(key), Kind.DATE)], wanted, held)
    if not found:
        return None
    ends_only = all(each.field == benefit_end(key) for each in found)
    first = min(one.end or date.max, end or date.max) if ends_only else one.start
    return DatedWrite(
        kind=WriteKind.BENEFIT,
        target=one.id,
        changes=tuple(Difference(each.field, each.before, each.after, one.start) for each in found),
        component=key,
        effective_on=one.start,
        chain=_chain(key, rebuild=rebuild),
        conversion=None if ends_only else conversion,
        followed=followed,
        reaches=(first + DAY if ends_only and first < date.max else first, date.max),
    )


def delete(one: HeldPay, key: int, *, readded: bool, followed: bool) -> DatedWrite:
    held: dict[FieldPath, Observed] = {**one.fields}
    if one.end is not None:
        held[benefit_end(key)] = one.end.isoformat()
    return DatedWrite(
        kind=WriteKind.BENEFIT_DELETED,
        target=one.id,
        changes=tuple(
            Difference(name, value, BLANK, one.start) for name, value in held.items() if isinstance(value, str)
        ),
        component=key,
        effective_on=one.start,
        chain=_chain(key, rebuild=True),
        readded=readded,
        followed=followed,
        reaches=(one.start, one.end or date.max),
    )
