"""Loket's objects and our fields: what an object says, and the whole object to send back with some fields changed."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final, assert_never

from adapters import bounded
from domain.attributes import Kind
from domain.errors import IncompleteRead
from domain.planning.addresses import ADDRESS, ADDRESS_EXTRAS, ADDRESS_PARTS
from domain.values import BLANK, NOT_OBSERVED, FieldPath, Observed, whole_number

Object = dict[str, Any]
Located = tuple[str, ...]
"""The keys that lead to a value inside an object."""

CODED: Final = frozenset(
    {"gender", "civilStatus", "nationality", "title", "howToFormatLastName", "typeOfDocument", "furtherIndication"}
)
INTEGERS: Final = frozenset({"houseNumber", "travelDistanceToWork"})
"""What an attribute that a customer adds by its path alone can be, beside text."""
NEW_ADDRESS: Final = dict.fromkeys(field.rpartition(".")[2] for field in (*ADDRESS_PARTS, *ADDRESS_EXTRAS))

EMPLOYEE_READ_ONLY: Final[tuple[Located, ...]] = (
    ("id",),
    ("revokeEmployeeSelfServiceAccessOn",),
    ("statusEmployeeSelfService",),
    ("personalDetails", "formattedName"),
    ("personalDetails", "aowDate"),
    ("personalDetails", "photo"),
    ("address", "country", "isoCode"),
)
CONCEPT_READ_ONLY: Final[tuple[Located, ...]] = (
    ("id",),
    ("creationDate",),
    ("selfService",),
    ("employeeData", "address", "country", "isoCode"),
)
PAYMENT_READ_ONLY: Final[tuple[Located, ...]] = (
    ("id",),
    ("payrollComponent", "description"),
    ("payrollComponent", "category"),
    ("payrollComponent", "deductionOrPayment"),
)


class UnknownCode(ValueError):
    """A value that needs one of Loket's keys has none."""


def told(item: Mapping[str, Any], key: str, kind: type, or_else: str) -> Any:
    """What a listed record says where something is decided by it: absent is no null, and another type says nothing."""
    value = bounded.plain(item.get(key))
    if key not in item or (value is not None and type(value) is not kind):
        raise IncompleteRead(or_else.format(key))
    return value


def same_id(told: object, configured: str) -> bool:
    """A GUID means the same in capitals."""
    return isinstance(told, str) and told.casefold() == configured.casefold()


def last_day(item: Mapping[str, Any], or_else: str) -> date | None:
    """None, which Loket has to say, is a record that runs."""
    end = told(item, "endDate", str, or_else)
    try:
        return None if end is None else bounded.day(end)
    except ValueError as problem:
        raise IncompleteRead(or_else.format("endDate")) from problem


def in_employee(path: FieldPath) -> Located:
    return tuple(path.split("."))


def in_payment(path: FieldPath) -> Located:
    return (path.rpartition(".")[2],)


def in_concept(path: FieldPath) -> Located:
    """Where a concept keeps a field: its blocks group what is apart in a final employee (Loket API 6)."""
    first, *rest = path.split(".")
    if first == "wage":
        return ("wageData", *rest)
    if rest or first in ("iban", "employeeNumber", ADDRESS):
        return ("employeeData", first, *rest)
    return ("employmentData", first)


def read(
    whole: Object,
    paths: Iterable[tuple[FieldPath, Kind]],
    locate: Callable[[FieldPath], Located],
    countries: Mapping[str, int],
) -> dict[FieldPath, Observed]:
    """The fields the object shows, as text. Null is BLANK, also of every part of a null object; missing is left out."""
    found = {path: _observed(whole, locate(path), kind, countries) for path, kind in paths}
    return {path: value for path, value in found.items() if value is not NOT_OBSERVED}


def changed(
    whole: Mapping[str, Any],
    values: Mapping[FieldPath, Observed],
    kinds: Mapping[FieldPath, Kind],
    locate: Callable[[FieldPath], Located],
    countries: Mapping[str, int],
    *,
    read_only: Iterable[Located] = (),
    removes: FieldPath | None = None,
) -> Object:
    """The whole object to send: what was read, without what only Loket sets, with these fields set or cleared.

    `removes` is an inner object that becomes null itself: Loket refuses one of which every part is null.
    """
    body: Object = _sendable(whole)
    for path in read_only:
        _drop(body, path)
    for field, value in values.items():
        if value is not NOT_OBSERVED:
            kind, path = kinds.get(field, Kind.TEXT), locate(field)
            _set(body, path, None if value is BLANK else _sent(kind, str(value), _at(whole, path), countries))
    if removes is not None:
        _set(body, locate(removes), None)
    return body


def sent_back(record: Mapping[str, Any], read_only: Container[str] = ()) -> Object:
    """A dated record without what only Loket sets: a coded field is its key, a shift its number (Loket API 4, 8)."""
    return {name: _short(value) for name, value in record.items() if name not in read_only}


def _short(value: Any) -> Any:
    for name in ("key", "shiftNumber"):
        if isinstance(value, dict) and name in value:
            return {name: bounded.plain(value[name])}
    return bounded.plain(value)


def _observed(whole: Object, path: Located, kind: Kind, countries: Mapping[str, int]) -> Observed:
    here: Any = whole
    for key in path:
        if here is None:
            return BLANK
        if not isinstance(here, dict) or key not in here:
            return NOT_OBSERVED
        here = here[key]
    if kind is Kind.COUNTRY and isinstance(here, dict):
        return _iso(here, countries)
    coded = isinstance(here, dict)
    value = here.get("key", NOT_OBSERVED) if coded else here
    return _text(bounded.plain(value) if coded or kind in (Kind.INTEGER, Kind.HOUSE_NUMBER) else value)


def _iso(country: Object, countries: Mapping[str, int]) -> Observed:
    told = country.get("isoCode")
    if isinstance(told, str) and told:
        return told.upper()
    key = country.get("key")
    return BLANK if key is None else next((iso for iso, known in countries.items() if known == key), NOT_OBSERVED)


def _text(value: Any) -> Observed:
    match value:
        case None | "":
            return BLANK
        case bool():
            return "true" if value else "false"
        case str():
            return value
        case int():
            return str(value)
        case Decimal():
            return format(value, "f")
        case _:
            return NOT_OBSERVED


def _sent(kind: Kind, text: str, before: Any, countries: Mapping[str, int]) -> Any:
    """A value of this kind as Loket takes it, where it held `before`."""
    match kind:
        case Kind.COUNTRY:
            return {"key": _country_key(text, before, countries)}
        case Kind.CODE:
            return _key(text)
        case Kind.INTEGER | Kind.HOUSE_NUMBER:
            return int(text)
        case Kind.MONEY:
            return Decimal(text)
        case Kind.TEXT | Kind.EMAIL | Kind.POSTCODE | Kind.IBAN | Kind.BSN | Kind.DATE:
            return _key(text) if isinstance(before, dict) and "key" in before else text
        case _:
            assert_never(kind)


def _key(text: str) -> Object:
    return {"key": int(text) if whole_number(text) is not None else text}


def _country_key(iso: str, before: Any, countries: Mapping[str, int]) -> int:
    known = bounded.integral(before.get("key")) if isinstance(before, dict) else None
    if known is not None and str(before.get("isoCode")).upper() == iso:
        return known
    if iso not in countries:
        raise UnknownCode("Loket has no key for the country")
    return countries[iso]


def _sendable(value: Any) -> Any:
    """A copy without the captions of coded fields: a metadata object is sent as its key (Loket API 4)."""
    if isinstance(value, Mapping):
        return {key: _sendable(inner) for key, inner in value.items() if not (key == "value" and "key" in value)}
    return [_sendable(inner) for inner in value] if isinstance(value, list) else bounded.plain(value)


def _at(whole: Mapping[str, Any], path: Located) -> Any:
    here: Any = whole
    for key in path:
        here = here.get(key) if isinstance(here, Mapping) else None
    return here


def _drop(body: Object, path: Located) -> None:
    parent = _at(body, path[:-1])
    if isinstance(parent, dict):
        parent.pop(path[-1], None)


def _set(body: Object, path: Located, value: Any) -> None:
    """Sets a value, building the objects that lead to it; clearing inside an object that is null changes nothing."""
    here = body
    for key in path[:-1]:
        if here.get(key) is None:
            if value is None:
                return
            here[key] = dict(NEW_ADDRESS) if key == ADDRESS else {}
        here = here[key]
    here[path[-1]] = value
