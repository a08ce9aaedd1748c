"""Reads BSNs: own endpoints under a right of their own, of employees and of concepts (Loket API 5 and 6)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from adapters.loket.api import BSN, CONCEPT, CONCEPTS, EMPLOYEES, EMPLOYERS, LoketApi, Notes
from adapters.loket.bulk import at_once
from adapters.loket.documents import Object, in_employee, read
from adapters.transport import fan_out
from domain.attributes import CITIZEN_SERVICE_NUMBER, Kind
from domain.errors import NotFound, RightMissing
from domain.snapshots import Fetched
from domain.values import NOT_OBSERVED, FieldPath, Observed


@dataclass(frozen=True, slots=True)
class Numbers:
    """BSNs by the id of the employee or concept; `readable` is False when the right to them is missing."""

    found: dict[str, Observed]
    readable: bool = True

    def joined(self, others: Numbers) -> Numbers:
        return Numbers(self.found | others.found, self.readable and others.readable)

    def beside(self, owner: str, fields: Mapping[FieldPath, Observed]) -> Mapping[FieldPath, Observed]:
        """The owner's fields and BSN, where it was read."""
        return {**fields, CITIZEN_SERVICE_NUMBER: self.found[owner]} if owner in self.found else fields


def of_employees(api: LoketApi, employer: str, ids: Iterable[str], today: date, notes: Notes) -> Numbers:
    """At once where Loket offers that and we recognise it, else one by one."""
    wanted = frozenset(ids)
    if not wanted:
        return Numbers({})
    path = f"{EMPLOYERS}/{employer}/employees/citizenservicenumbers"
    records = at_once(api, path, BSN, notes, owner="employee", owners=wanted, holding=CITIZEN_SERVICE_NUMBER, day=today)
    known = {owner: _number(fetched(each[0], None)) for owner, each in (records or {}).items() if len(each) == 1}

    def read_one(owner: str) -> Fetched:
        return fetched(*api.one(f"{EMPLOYEES}/{owner}/citizenservicenumber", BSN, notes))

    rest = _all_or_none(wanted - known.keys(), read_one, notes)
    return Numbers(known | rest.found, rest.readable)


def of_concepts(api: LoketApi, ids: Iterable[str], notes: Notes) -> Numbers:
    return _all_or_none(frozenset(ids), lambda each: of_concept(api, each, notes), notes)


def of_concept(api: LoketApi, concept: str, notes: Notes) -> Fetched:
    """Of one without a BSN Loket may leave it out, or have no answer. Raises NotFound when the concept is gone."""
    path = f"{CONCEPTS}/{concept}"
    try:
        content, etag = api.one(f"{path}/citizenservicenumber", BSN, notes)
    except NotFound:
        api.one(path, CONCEPT, notes)
        content, etag = None, None
    return fetched(content or None, etag)


def fetched(content: object, etag: str | None) -> Fetched:
    """The answer of its endpoint; one without content has none."""
    whole: Object = content if isinstance(content, dict) else {CITIZEN_SERVICE_NUMBER: None}
    return Fetched(read(whole, [(CITIZEN_SERVICE_NUMBER, Kind.BSN)], in_employee, {}), whole, etag)


def _number(record: Fetched) -> Observed:
    return record.fields.get(CITIZEN_SERVICE_NUMBER, NOT_OBSERVED)


def _all_or_none(ids: frozenset[str], read_one: Callable[[str], Fetched], notes: Notes) -> Numbers:
    """All or, once one is refused, none: a half-readable set would look like people whose BSN is missing."""

    def number_of(owner: str) -> tuple[str, Observed] | None:
        try:
            return owner, _number(read_one(owner))
        except NotFound:
            return None

    try:
        return Numbers(dict(filter(None, fan_out(number_of, sorted(ids)))))
    except RightMissing:
        notes["the Loket user or client may not read BSNs"] = None
        return Numbers({}, readable=False)
