"""Questions to a Personio tenant about what its documents leave open; a sample of people, no value is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from adapters import bounded
from adapters.looking import Looker
from adapters.personio import mapping
from adapters.transport import Answer
from domain.examination import paired
from domain.sights import Count, Cursor, Filters, Limit, Pairs, PersonioSights
from domain.snapshots import CompensationCategory
from domain.values import NOT_OBSERVED

Item = Mapping[str, Any]

EMPLOYEES: Final = "/v1/company/employees"
COMPENSATIONS: Final = "/v2/compensations"
SAMPLE: Final = 10  # people whose employments are looked at
_KEYS: Final = ("legal_entity", "employment_start_date", "weekly_working_hours", "full_time_weekly_working_hours")
_TERMINATION: Final = (("last_working_day", "last_working_date"), ("type",), ("reason",))
_INTERVALS: Final = ("MONTHLY", "YEARLY", "")
_SALARIES: Final = ("fix_salary", "hourly_salary")


def probe(
    looker: Looker, people: Sequence[Item], attributes: Iterable[str], entity: str, today: date
) -> PersonioSights:
    """`people`: a page of persons; `attributes`: the keys of the v1 list. Raises as `Looker.ask` does."""
    day = {"start_date": today.isoformat(), "end_date": today.isoformat()}
    older = looker.ask("people of the older API", EMPLOYEES, needed=False, params={"limit": "100"})
    v1 = _v1(older)
    pay = looker.probe(COMPENSATIONS, {**day, "limit": "100"})
    listed = items(pay)
    contracts = _employments(looker, people)
    types = looker.probe(f"{COMPENSATIONS}/types", {"limit": "100"})
    kinds = [one.get("type") or {} for one in listed] + items(types)
    complete = pay.ok and "next" not in _links(pay)
    month = today.replace(day=1) + timedelta(days=62)
    january = {"start_date": f"{today.year}-01-01", "end_date": f"{today.year}-01-31", "limit": "1"}
    future = {"start_date": month.isoformat(), "end_date": month.isoformat(), "limit": "1"}
    ahead = looker.probe(COMPENSATIONS, future)
    return PersonioSights(
        empties=_empties(people, v1),
        pairs=_pairs(people, v1, attributes),
        employments=_shown(contracts),
        without_pay=_without_pay(v1, listed) if complete else None,
        cursors={
            "persons": _cursor(looker, "/v2/persons", {"status": "ACTIVE"}, lambda one: one.get("status") == "ACTIVE"),
            "compensations": _cursor(
                looker, COMPENSATIONS, {**day, "legal_entity.id": entity}, lambda one: _entity(one) in (entity, None)
            ),
        },
        limits={name: _limit(answer) for name, answer in (("persons", looker.last("persons")), ("compensations", pay))},
        future_window=ahead.ok and bool(items(ahead) or not listed),
        long_window=looker.probe(COMPENSATIONS, january).ok,
        unknown_words=_unknown(kinds, listed),
        fixed_salaries=_fixed(items(types)) if types.ok else None,
    )


def items(answer: Answer | None) -> list[dict[str, Any]]:
    body = answer.body if answer is not None and answer.ok and isinstance(answer.body, dict) else {}
    data = body.get("_data", body.get("data"))
    return [one for one in data if isinstance(one, dict)] if isinstance(data, list) else []


def _v1(answer: Answer) -> dict[str, dict[str, Any]]:
    """By person id: key -> value."""
    found = {}
    for one in items(answer):
        shown = one.get("attributes")
        if isinstance(shown, dict):
            values = {key: each.get("value") for key, each in shown.items() if isinstance(each, dict)}
            found[str(values.get("id"))] = values
    return found


def _custom(person: Item) -> dict[str, Any]:
    listed = person.get("custom_attributes")
    return {str(one.get("id")): one.get("value", NOT_OBSERVED) for one in listed or () if isinstance(one, dict)}


def _empties(people: Sequence[Item], v1: Mapping[str, Mapping[str, Any]]) -> dict[str, int]:
    """How v2 shows what v1 shows as null."""
    counted: Counter[str] = Counter()
    for person in people:
        shown = _custom(person)
        empty = [key for key, value in v1.get(str(person.get("id")), {}).items() if value is None]
        ids = paired({key: key for key in empty}, shown)
        for key in empty:
            if not key.startswith("dynamic_"):
                continue
            seen = shown.get(ids.get(key, key), NOT_OBSERVED)
            counted["left out" if seen is NOT_OBSERVED else "null" if seen is None else "text"] += 1
    return dict(counted)


def _pairs(people: Sequence[Item], v1: Mapping[str, Mapping[str, Any]], keys: Iterable[str]) -> Pairs | None:
    known = {*keys} or {key for values in v1.values() for key in values}
    ids = {key for person in people for key in _custom(person)}
    if not known or not ids:
        return None
    by_number = paired({shown: shown for shown in ids - known}, known)
    confirmed = {
        shown
        for shown, key in by_number.items()
        if any(
            value not in (None, "", NOT_OBSERVED) and v1.get(str(person.get("id")), {}).get(key) == value
            for person in people
            for value in (_custom(person).get(shown),)
        )
    }
    return Pairs(len(ids & known), len(by_number), len(confirmed), len(ids - known - by_number.keys()))


def _employments(looker: Looker, people: Sequence[Item]) -> list[dict[str, Any]]:
    ids = [str(one["id"]) for one in people if one.get("id")][:SAMPLE]
    return [one for each in ids for one in items(looker.probe(f"/v2/persons/{each}/employments", {"limit": "50"}))]


def _shown(contracts: Sequence[Item]) -> dict[str, Count]:
    if not contracts:
        return {}
    shown = {key: Count(sum(key in one for one in contracts), len(contracts)) for key in _KEYS}
    ended = [one["termination"] for one in contracts if isinstance(one.get("termination"), dict)]
    whole = sum(all(any(key in one for key in either) for either in _TERMINATION) for one in ended)
    return shown | ({"termination": Count(whole, len(ended))} if ended else {})


def _without_pay(v1: Mapping[str, Mapping[str, Any]], listed: Sequence[Item]) -> Count | None:
    salaried = {person for person, values in v1.items() if any(values.get(key) for key in _SALARIES)}
    paid = {str((one.get("person") or {}).get("id")) for one in listed}
    return Count(len(salaried - paid), len(salaried)) if salaried else None


def _cursor(looker: Looker, path: str, filters: Mapping[str, str], fits: Callable[[Item], bool]) -> Cursor:
    """Two pages of one item each: does the second one follow, and is it one of the filtered list?"""
    asked = {**filters, "limit": "1"}
    first = looker.probe(path, asked)
    link = _links(first).get("next")
    href = link.get("href") if isinstance(link, dict) else link
    pairs = (pair.partition("=") for pair in urlsplit(str(href or "")).query.split("&"))
    following = {unquote(name): unquote(value) for name, _, value in pairs if value}
    if not following.get("cursor"):
        return Cursor()
    second = looker.probe(path, {**asked, "cursor": following["cursor"]})
    refused = second.status == 400
    if refused:
        second = looker.probe(path, following)
    one, other = items(first), items(second)
    advances = bool(other) and [each.get("id") for each in one] != [each.get("id") for each in other]
    if not other or not all(map(fits, one)):
        return Cursor(advances)
    kept = Filters.REFUSED if refused else Filters.KEPT
    return Cursor(advances, kept if all(map(fits, other)) else Filters.FORGOTTEN)


def _links(answer: Answer) -> Mapping[str, Any]:
    meta = answer.body.get("_meta", answer.body.get("meta")) if isinstance(answer.body, dict) else None
    links = meta.get("links") if isinstance(meta, dict) else None
    return {name: link for name, link in links.items() if link} if isinstance(links, dict) else {}


def _entity(one: Item) -> str | None:
    named = mapping.legal_entity(one)
    return named if isinstance(named, str) else None


def _limit(answer: Answer | None) -> Limit | None:
    names = ("x-ratelimit-replenish-rate", "x-ratelimit-burst-capacity")
    rate, capacity = (bounded.number(answer.headers.get(name) if answer else None, 0.0, 1e9) for name in names)
    return None if rate is None or capacity is None else Limit(rate, capacity)


def _unknown(kinds: Sequence[Item], listed: Sequence[Item]) -> frozenset[str]:
    known = {one.value for one in CompensationCategory if one is not CompensationCategory.OTHER}
    categories = {str(one.get("category") or "").upper() for one in kinds} - known - {""}
    intervals = {str(one.get("interval") or "").upper() for one in listed} - {*_INTERVALS}
    return frozenset(categories | intervals)


def _fixed(types: Sequence[Item]) -> int:
    return sum(str(one.get("category") or "").upper() == CompensationCategory.FIXED_SALARY.value for one in types)
