"""Pay, and the hours by which Loket scales it: read, and written one record at a time (Loket API 8)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from adapters import bounded
from adapters.loket import writable
from adapters.loket.api import ADMINISTRATION, EMPLOYERS, EMPLOYMENTS, LoketApi, Notes, Pin
from adapters.loket.bulk import at_once
from adapters.loket.documents import Object, last_day, read, sent_back, told
from adapters.loket.hours import fetch_hours, read_hours, write_hours
from adapters.loket.writing import Writer, not_sent
from adapters.transport import fan_out
from domain.attributes import GROSS_WAGE, WAGE_FIELDS, Kind
from domain.errors import IncompleteRead, Misconfigured, ReadFailed
from domain.events.loket import WriteKind
from domain.planning.pay.targets import WAGE_EXTRAS, benefit_end, benefit_field, value_field, value_target_parts
from domain.settings import LegalEntity
from domain.snapshots import Fetched, HeldPay, HeldValue, LoketPay, PeriodSpan, WriteAnswer, WriteRequest
from domain.values import BLANK, NOT_OBSERVED, FieldPath, Observed, whole_number

WAGE: Final = Pin("wages", keys=writable.WAGE)
BENEFIT: Final = Pin("benefits and deductions", keys=writable.BENEFIT)
PERIOD_DATA: Final = Pin("payroll period data", keys=writable.PERIOD_DATA)
_WAGE_FIELDS: Final = tuple((path, Kind.TEXT) for path in (*WAGE_FIELDS, *WAGE_EXTRAS))
_WAGE_READ_ONLY: Final = ("id", "endDate", "isGrossWageFullTime", "payrollPeriodType")
_MONEY: Final = frozenset({"grossWage", "netWage", "employerCosts", "value"})
_CODES: Final = frozenset({"grossWageType", "netWageType", "employerCostsType", "payScale", "payGrade"})
_DATED: Final = frozenset({"id", "startDate", "endDate"})
_PAY: Final = "Loket shows no readable {} of a pay record"
_WAGE_KINDS: Final = (WriteKind.WAGE, WriteKind.WAGE_CREATED, WriteKind.WAGE_DELETED)


@contextmanager
def _complete() -> Iterator[None]:
    """An answer without what the document promises is no complete read (RUN-7); its contents are not quoted."""
    try:
        yield
    except KeyError as problem:
        raise IncompleteRead(_PAY.format(problem.args[0])) from None
    except (TypeError, ValueError, ArithmeticError):
        raise IncompleteRead("Loket shows a pay record with a value that is not in the documented form") from None


@_complete()
def read_pay(
    api: LoketApi,
    entity: LegalEntity,
    employments: Set[str],
    *,
    wages: Set[str],
    components: Set[str],
    hours: Set[str],
    mapped: Set[int],
    since: date,
    until: date,
    known: Mapping[str, tuple[HeldPay, ...]],
    notes: Notes,
) -> LoketPay:
    """`known` are chains of wages that need not be read.

    Raises Unreachable, IncompleteRead or RightMissing: pay is never read in part. Periods only where pay is read."""

    at_start = _in_force(api, entity, employments, since, notes)
    at_end = _in_force(api, entity, employments, until, notes) if at_start is not None else None
    paid = _paid(api, entity, employments, (since, until), notes) if mapped and employments else {}

    def chain(employment: str) -> tuple[HeldPay, ...]:
        listed = api.every(f"{EMPLOYMENTS}/{employment}/wages", WAGE, notes)
        elsewhere = [day[employment] for day in (at_start, at_end) if day and employment in day]
        return _whole([_wage(item) for item in listed], elsewhere)

    def benefits(employment: str) -> tuple[HeldPay, ...]:
        listed = api.every(f"{EMPLOYMENTS}/{employment}/benefitsanddeductions", BENEFIT, notes)
        return _whole([_benefit(item) for item in listed], map(_hint, paid.get(employment, ())))

    def values(employment: str) -> tuple[HeldValue, ...]:
        listed = api.every(f"{EMPLOYMENTS}/{employment}/payrollperioddata", PERIOD_DATA, notes)
        return tuple(value for row in listed for value in _values(row))

    if at_end is None:
        wages = wages | employments
    else:
        wages = wages | {owner for owner, wage in at_end.items() if wage.start >= since}
    components = components | {owner for owner, records in paid.items() if any(_key(one) in mapped for one in records)}
    with_chain, with_components = sorted(wages - known.keys()), sorted(components)
    read = dict(zip(with_chain, fan_out(chain, with_chain), strict=True))
    chains = {each: known[each] for each in sorted(wages & known.keys())} | read
    told_by_chain = chains if at_start is None else read
    in_force = {owner: wage for owner, records in told_by_chain.items() if (wage := _on(since, records))}
    return LoketPay(
        wages=chains,
        wage_at_start=(at_start or {}) | in_force,
        benefits=dict(zip(with_components, fan_out(benefits, with_components), strict=True)),
        values=dict(zip(with_components, fan_out(values, with_components), strict=True)),
        periods=_periods(api, entity, notes) if chains or with_components else (),
        hours=read_hours(api, entity, hours, since=since, until=until, notes=notes),
    )


def _whole(listed: Sequence[HeldPay], elsewhere: Iterable[HeldPay | None]) -> tuple[HeldPay, ...]:
    """Oldest first, with what the list of everybody shows and this one lacks: that is there, and was not read.

    An empty answer is complete and may yet hide a record, which would be made a second time (RUN-7). A record is told
    by its first day, for the two lists may give it different ids.
    """
    known = {(one.component, one.start) for one in listed}
    there = {(one.component, one.start): one for one in elsewhere if one is not None}
    missing = [
        replace(there[one], fields=dict.fromkeys(there[one].fields, NOT_OBSERVED)) for one in there.keys() - known
    ]
    return tuple(sorted((*listed, *missing), key=lambda one: one.start))


def _on(day: date, records: Iterable[HeldPay]) -> HeldPay | None:
    """The one in force; of several the last to start."""
    running = (one for one in records if one.start <= day and (one.end is None or one.end >= day))
    return max(running, key=lambda one: one.start, default=None)


@_complete()
def fetch_pay(api: LoketApi, kind: WriteKind, target: str) -> Fetched:
    """One pay record, or the values of one period, fresh. Raises NotFound when a record is gone."""
    if kind.of_hours:
        return fetch_hours(api, target)
    if kind is WriteKind.PERIOD_DATA:
        employment, period, component = value_target_parts(target)
        rows = api.every(f"{EMPLOYMENTS}/{employment}/payrollperioddata", PERIOD_DATA, {})
        row = _row(rows, period, component)
        held = [one.value for one in _values(row) if one.component == component] if row else []
        return Fetched({value_field(component): held[0] if held else BLANK}, row or {})
    path, pin = _place(kind, target)
    content, etag = api.one(path, pin, {})
    if not isinstance(content, dict):
        raise IncompleteRead(f"Loket's answer to {path} is not an object")
    held_pay = _wage(content) if kind in _WAGE_KINDS else _benefit(content)
    return Fetched(held_pay.fields, content, etag)


def write_pay(api: LoketApi, writer: Writer, request: WriteRequest) -> WriteAnswer:
    """Send one pay write, once. Raises ValueError when no body can be made of it."""
    if request.kind.of_hours:
        return write_hours(api, writer, request)
    if request.target is None:
        raise ValueError("a pay write needs its record or employment")
    etag = request.fetched.etag if request.fetched else None
    match request.kind:
        case WriteKind.WAGE_CREATED:
            path = f"{EMPLOYMENTS}/{request.target}/wages"
            return writer.send("POST", path, WAGE, _new_wage(request), creates=True)
        case WriteKind.BENEFIT_CREATED:
            path = f"{EMPLOYMENTS}/{request.target}/benefitsanddeductions"
            return writer.send("POST", path, BENEFIT, _new_benefit(request), creates=True)
        case WriteKind.PERIOD_DATA:
            return _write_value(api, writer, request)
        case _:
            path, pin = _place(request.kind, request.target)
            if request.kind.deletes:
                return writer.send("DELETE", path, pin, None, etag=etag, bare=True)
            return writer.send("PUT", path, pin, _changed(api, pin, request), etag=etag)


def _place(kind: WriteKind, target: str) -> tuple[str, Pin]:
    if kind in _WAGE_KINDS:
        return f"{EMPLOYMENTS}/wages/{target}", WAGE
    return f"{EMPLOYMENTS}/benefitsAndDeductions/{target}", BENEFIT


def _in_force(
    api: LoketApi, entity: LegalEntity, employments: Set[str], day: date, notes: Notes
) -> dict[str, HeldPay] | None:
    """The wage of each employment on a day, of all at once; None when Loket does not offer it in a shape we know."""
    path = f"{EMPLOYERS}/{entity.loket_employer_id}/actualwages"
    found = at_once(api, path, WAGE, notes, owners=employments, holding="grossWage", day=day)
    if found is None or any(not each.keys() >= _DATED for own in found.values() for each in own):
        return None
    return {owner: _wage(records[0]) for owner, records in found.items() if records}


def _paid(
    api: LoketApi, entity: LegalEntity, employments: Set[str], days: Iterable[date], notes: Notes
) -> dict[str, list[Object]]:
    """The benefits and deductions of each employment on these days, of all at once; none where that is not offered."""
    path = f"{EMPLOYERS}/{entity.loket_employer_id}/employees/employments/actualbenefitsanddeductions"
    paid: dict[str, list[Object]] = {}
    for day in days:
        found = at_once(api, path, BENEFIT, notes, owners=employments, holding="payrollComponent", day=day) or {}
        for owner, records in found.items():
            paid.setdefault(owner, []).extend(records)
    return paid


def _hint(item: Object) -> HeldPay | None:
    """That there is a benefit or deduction, as a list of no documented form tells it; None where it does not say so."""
    key, id_ = _key(item), item.get("id")
    try:
        start = bounded.day(item.get("startDate"))
    except ValueError:
        return None
    if key is None:
        return None
    return HeldPay(id_ if isinstance(id_, str) else "", start, {benefit_field(key): NOT_OBSERVED}, component=key)


def _periods(api: LoketApi, entity: LegalEntity, notes: Notes) -> tuple[PeriodSpan, ...]:
    administration = entity.loket_payroll_administration_id
    path = f"{EMPLOYERS}/payrolladministrations/{administration}/payrollperiods/minimized"
    spans = (
        PeriodSpan(
            bounded.whole(item["year"]),
            bounded.whole(item["periodNumber"]),
            bounded.day(item["startDate"]),
            bounded.day(item["endDate"]),
            bool(item.get("hasApprovedPayrollRun")),
        )
        for item in api.every(path, ADMINISTRATION, notes)
        if not item.get("testYear")
    )
    return tuple(sorted(spans, key=lambda one: one.first))


def _wage(item: Object) -> HeldPay:
    fields = read(item, _WAGE_FIELDS, lambda path: (path.rpartition(".")[2],), {})
    fields[GROSS_WAGE] = _amount(item.get("grossWage", NOT_OBSERVED))
    flag = item.get("isGrossWageFullTime")
    return HeldPay(_id(item), _day(item), fields, last_day(item, _PAY), full_time=flag is not False)


def _benefit(item: Object) -> HeldPay:
    key = _key(item)
    if key is None:
        raise IncompleteRead("Loket listed a benefit or deduction without a payroll component")
    end = last_day(item, _PAY)
    fields: dict[FieldPath, Observed] = {
        benefit_field(key): _amount(item["value"]),
        benefit_end(key): BLANK if end is None else end.isoformat(),
    }
    return HeldPay(_id(item), _day(item), fields, end, component=key)


def _key(item: Object) -> int | None:
    component = item.get("payrollComponent")
    return bounded.integral(component.get("key")) if isinstance(component, dict) else None


def _values(row: Object) -> list[HeldValue]:
    period = row.get("payrollPeriod") or {}
    listed = told(row, "payrollComponents", list, _PAY) or []
    return [
        HeldValue(
            (bounded.whole(period["year"]), bounded.whole(period["periodNumber"])),
            bounded.whole(each["payrollComponent"]["key"]),
            _amount(each["value"]),
        )
        for each in listed
    ]


def _row(rows: list[Object], period: tuple[int, int], component: int) -> Object | None:
    """The period's row that has the component, else any row of the period: its keys are the ones to write under."""
    here = [row for row in rows if (row["payrollPeriod"]["year"], row["payrollPeriod"]["periodNumber"]) == period]
    having = [row for row in here if component in {one.component for one in _values(row)}]
    return next(iter([*having, *here]), None)


def _new_wage(request: WriteRequest) -> Object:
    body: Object = {"startDate": _starts(request)}
    body |= {_leaf(path): _json(_leaf(path), value) for path, value in request.values.items()}
    return body


def _new_benefit(request: WriteRequest) -> Object:
    if request.component is None:
        raise ValueError("recurring pay needs its payroll component")
    end = request.values.get(benefit_end(request.component), BLANK)
    return {
        "payrollComponent": {"key": request.component},
        "startDate": _starts(request),
        "endDate": end if isinstance(end, str) else None,
        "value": Decimal(str(request.values[benefit_field(request.component)])),
    }


def _changed(api: LoketApi, pin: Pin, request: WriteRequest) -> Object:
    """The whole record as read, without what only Loket sets, with our fields in it."""
    if request.fetched is None:
        raise ValueError("nothing was fetched to replace")
    whole = request.fetched.whole
    api.shown.require(pin, whole)
    read_only = ("id",) if request.kind is WriteKind.BENEFIT else _WAGE_READ_ONLY
    body = sent_back(whole, read_only)
    for path, value in request.values.items():
        leaf = "value" if _is_amount(path) else _leaf(path)
        body[leaf] = _json(leaf, value)
    return body


def _is_amount(path: FieldPath) -> bool:
    return path.rpartition(".")[2].isdigit()


def _write_value(api: LoketApi, writer: Writer, request: WriteRequest) -> WriteAnswer:
    """An upsert of one component, in the row there is, else in the one Loket proposes for this employment."""
    employment, (year, number), component = value_target_parts(request.target or "")
    row: Mapping[str, Any] = request.fetched.whole if request.fetched and request.fetched.whole else {}
    if row:
        api.shown.require(PERIOD_DATA, row)
    else:
        try:
            proposed, _ = api.one(f"{EMPLOYMENTS}/{employment}/payrollperioddata/defaults", PERIOD_DATA, {})
        except (Misconfigured, ReadFailed) as problem:
            return not_sent(str(problem))
        row = proposed if isinstance(proposed, dict) else {}
    value = request.values[value_field(component)]
    body = {
        "payrollPeriod": {"year": year, "periodNumber": number},
        **sent_back({key: row.get(key) for key in PERIOD_DATA.keys}),
        "payrollComponents": [
            {"payrollComponent": {"key": component}, "value": _json("value", value), "isSupplement": False}
        ],
    }
    return writer.send("PATCH", f"{EMPLOYMENTS}/{employment}/payrollperioddata", PERIOD_DATA, body, bare=True)


def _json(leaf: str, value: Observed) -> Any:
    if not isinstance(value, str):
        return None
    if leaf in _MONEY:
        return Decimal(value)
    if leaf in _CODES:
        return {"key": int(value) if whole_number(value) is not None else value}
    return value == "true" if value in ("true", "false") else value


def _leaf(path: FieldPath) -> str:
    return path.rpartition(".")[2]


def _starts(request: WriteRequest) -> str:
    if request.effective_on is None:
        raise ValueError("a new pay record needs its first day")
    return request.effective_on.isoformat()


def _amount(value: Any) -> Observed:
    """What is no number was not observed; it is not blank."""
    if value is None:
        return BLANK
    try:
        return format(bounded.decimal(value), "f")
    except ValueError:
        return NOT_OBSERVED


def _id(item: Object) -> str:
    if not isinstance(item.get("id"), str):
        raise IncompleteRead("Loket listed a pay record without an id")
    return str(item["id"])


def _day(item: Object) -> date:
    return bounded.day(item["startDate"])
