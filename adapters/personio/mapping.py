"""What a Personio answer says, in the domain's words: three values for every attribute, nothing guessed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final, TypeVar

from adapters import bounded
from domain.attributes import FIRST_CLASS, GENDER, Role
from domain.errors import IncompleteRead
from domain.grounds.readers import NotJson, read_json
from domain.snapshots import (
    OWN_KEYS,
    TYPE,
    Compensation,
    CompensationCategory,
    PersonioEmployment,
    Sighting,
    UnreadablePay,
)
from domain.values import BLANK, LONGEST_NUMBER, NOT_OBSERVED, Observed, PersonId, read_text, trimmed

_HOURS: Final = ("weekly_working_hours", "full_time_weekly_working_hours")
_PACKED: Final = ("[", "{")
_WORDS: Final = ("value", "name", "label")
_DEEPEST: Final = 8
_Read = TypeVar("_Read")


def values(person: Mapping[str, Any], roles: Mapping[Role, str]) -> dict[Role, Observed]:
    """Every mapped role that was shown, readable or not. What absence means is not decided here (EDIT-2)."""
    found = {role: observed(person, role) for role in FIRST_CLASS}
    gender = found[GENDER]
    found[GENDER] = gender.upper() if isinstance(gender, str) else gender
    return found | custom_values(person.get("custom_attributes"), roles)


def custom_values(listed: Any, roles: Mapping[Role, str]) -> dict[Role, Observed]:
    if not isinstance(listed, list):  # the credential was shown no custom attribute at all: nothing is known of them
        return dict.fromkeys(roles, NOT_OBSERVED)
    return {role: _told([observed(each, "value") for each in several]) for role, several in _custom(listed, roles)}


def _custom(listed: Any, roles: Mapping[Role, str]) -> Iterable[tuple[Role, list[Mapping[str, Any]]]]:
    """What is listed of each mapped attribute; normally once."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for each in listed if isinstance(listed, list) else ():
        if isinstance(each, dict):
            found.setdefault(str(each.get("id")), []).append(each)
    return ((role, found[wanted]) for role, wanted in roles.items() if wanted in found)


def _told(values: Sequence[Observed]) -> Observed:
    """Of an attribute that is listed twice, and not the same, nobody knows which is true."""
    return values[0] if all(one == values[0] for one in values) else NOT_OBSERVED


def own_keys(person: Mapping[str, Any], employments: Sequence[Mapping[str, Any]]) -> dict[str, bool]:
    """Personio's own keys that were shown of this person, in any employment: whether with a value."""
    shown: dict[str, bool] = {}
    for key in OWN_KEYS:
        holders = (person,) if key in FIRST_CLASS else employments
        found = [each[key] for each in holders if key in each]
        if found:
            shown[key] = any(each not in (None, "", {}) for each in found)
    return shown


def shown_values(person: Mapping[str, Any], roles: Mapping[Role, str]) -> dict[Role, bool]:
    """The mapped attributes that were shown of this person: whether with a value."""
    found = {
        role: [_text(each["value"]) for each in several if "value" in each]
        for role, several in _custom(person.get("custom_attributes"), roles)
    }
    return {role: any(one is not BLANK for one in told) for role, told in found.items() if told}


def sighting(key: str, shown: Iterable[bool | None]) -> Sighting:
    """Counted over people: None where the key was not shown."""
    seen = [each for each in shown if each is not None]
    return Sighting(key, shown=len(seen), valued=sum(seen))


def observed(thing: Mapping[str, Any], key: str) -> Observed:
    """The text of a field: absent is NOT_OBSERVED, null and white space are BLANK (Personio API 4.6)."""
    return _text(thing[key]) if key in thing else NOT_OBSERVED


def _text(value: Any, depth: int = 0) -> Observed:
    """Deeper than any form that was ever seen, a value is one that nobody documents."""
    if depth > _DEEPEST:
        return NOT_OBSERVED
    match value:
        case None:
            return BLANK
        case bool():
            return "true" if value else "false"
        case str():
            text = read_text(value)
            return _unpacked(text, depth + 1) if isinstance(text, str) else text
        case int():
            return read_text(str(value))
        case Decimal() if abs(value.adjusted()) > LONGEST_NUMBER:
            return NOT_OBSERVED  # 1e999999 is short only as it is sent
        case Decimal():  # a whole number in an attribute of type DOUBLE comes as 1.0
            return format(value.to_integral_value() if value == value.to_integral_value() else value, "f")
        case list():
            texts = [_text(item, depth + 1) for item in value]
            if NOT_OBSERVED in texts:
                return NOT_OBSERVED
            return read_text(", ".join(text for text in texts if isinstance(text, str)))
        case dict():  # an option as an object: its text is under one of these
            return next((_text(value[key], depth + 1) for key in _WORDS if key in value), NOT_OBSERVED)
        case _:
            return NOT_OBSERVED  # a form nobody documents is not read as empty


def _unpacked(text: str, depth: int) -> Observed:
    """A text, or what was put into it as JSON: a list or an option.

    One that holds nothing, such as an empty list, is not taken as blank: no document says what it means, and a blank
    clears what Loket holds.
    """
    json = trimmed(text)
    if not json.startswith(_PACKED):
        return text
    try:
        found = _text(read_json(json, parse_float=Decimal), depth)
    except NotJson:
        return text
    return NOT_OBSERVED if found is BLANK else found


def employment(item: Mapping[str, Any]) -> PersonioEmployment:
    """One contract (Personio API 4.2). It ends on its end date or, when that is empty, by its termination."""
    status = observed(item, "status")
    termination = item.get("termination")
    ended = termination.get("termination_date") if isinstance(termination, dict) else termination or None
    faults: list[str] = []

    def day(key: str, value: Any) -> date | None:
        try:
            return _date(value)
        except ValueError:
            faults.append(key)
            return None

    def hours(key: str) -> Decimal | None:
        try:
            return _decimal(item.get(key))
        except ValueError:
            faults.append(key)
            return None

    start, end = (day(key, item.get(key)) for key in ("employment_start_date", "employment_end_date"))
    return PersonioEmployment(
        id=str(item.get("id", "")),
        status=status.strip().upper() if isinstance(status, str) else status,
        legal_entity=legal_entity(item),
        start=start,
        end=end or day("termination_date", ended),
        weekly_hours=hours("weekly_working_hours"),
        full_time_hours=hours("full_time_weekly_working_hours"),
        unreadable=tuple(faults),
    )


def legal_entity(item: Mapping[str, Any]) -> Observed:
    """`legal_entity.id` only: the ids of sub companies are numbers of another kind (Personio API 6).

    A shown null is BLANK; a key that is absent, or holds anything else, says nothing (WHO-1).
    """
    shown = item.get("legal_entity", NOT_OBSERVED)
    if isinstance(shown, dict):
        shown = shown.get("id", NOT_OBSERVED)
    if shown is None or shown == "":
        return BLANK
    return str(shown) if isinstance(shown, str | int) and not isinstance(shown, bool) else NOT_OBSERVED


def compensation(item: Mapping[str, Any]) -> Compensation | UnreadablePay:
    """One compensation (Personio API 4.3). Raises IncompleteRead only where it does not say whose it is.

    A category that is not documented is that of other pay; one that is not told is unreadable.
    """
    whose = _inner(item, "person")
    if not whose:
        raise IncompleteRead("Personio listed a compensation without a person")
    person, faults = PersonId(whose), list[str]()

    def read(key: str, form: Callable[[Any], _Read], value: Any) -> _Read | None:
        try:
            return form(value)
        except ValueError:
            faults.append(key)
            return None

    told = item.get("amount")
    told = told if isinstance(told, dict) else {"value": told, "currency": item.get("currency")}
    amount = read("amount", bounded.decimal, told.get("value"))
    effective_from = read("effective_from", bounded.day, item.get("effective_from"))
    weekly, full_time = (read(key, _decimal, item.get(key)) for key in _HOURS)
    kind = item.get("type")
    kind = kind if isinstance(kind, dict) else {}
    type_id, type_name = read(TYPE, _named, kind.get("id")) or "", str(kind.get("name") or "")
    category = read(TYPE, _category, kind.get("category")) or CompensationCategory.OTHER
    if amount is None or faults:
        return UnreadablePay(person, type_id, category, type_name, tuple(dict.fromkeys(faults)))
    return Compensation(
        id=str(item["id"]),
        person=person,
        type_id=type_id,
        category=category,
        amount=amount,
        currency=str(told.get("currency") or "").upper(),
        interval=str(item.get("interval") or "").upper(),
        effective_from=effective_from,
        weekly_hours=weekly,
        full_time_hours=full_time,
        type_name=type_name,
        legal_entity=legal_entity(item),
    )


def _category(word: Any) -> CompensationCategory:
    """Raises ValueError for what is no word."""
    name = read_text(word) if isinstance(word, str) else NOT_OBSERVED
    if not isinstance(name, str):
        raise ValueError
    known = {one.value: one for one in CompensationCategory}
    return known.get(name.strip().upper(), CompensationCategory.OTHER)


def _inner(item: Mapping[str, Any], key: str) -> str | None:
    inner = item.get(key)
    try:
        return _named(inner.get("id") if isinstance(inner, dict) else None)
    except ValueError:
        return None


def _named(told: Any) -> str:
    """An id. Raises ValueError for what is none."""
    if isinstance(told, bool) or not isinstance(told, str | int) or told == "":
        raise ValueError
    return str(told)


def _date(value: Any) -> date | None:
    """Raises ValueError for what is no day."""
    return None if value is None or value == "" else bounded.day(value)


def _decimal(value: Any) -> Decimal | None:
    """Raises ValueError for what is no number."""
    return None if value is None or value == "" else bounded.decimal(value)
