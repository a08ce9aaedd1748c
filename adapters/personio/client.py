"""PersonioClient: complete sweeps of one Personio company."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Final

import httpx

from adapters.personio import mapping, tenant
from adapters.personio.look import ATTRIBUTES, look
from adapters.personio.pages import PageRefused, every, identity, require
from adapters.personio.tokens import PersonioTokens
from adapters.personio.webhooks import PersonioWebhooks
from adapters.transport import TIMEOUT, Answer, Bearer, Reader, fan_out, open_http
from domain.attributes import Role
from domain.errors import IncompleteRead, Misconfigured
from domain.examination import CustomAttribute, Look, paired
from domain.planning.employments import employed, judged_in
from domain.planning.pay.windows import from_two_days, told_apart
from domain.services.setup.propose import EntityFound
from domain.settings import LegalEntity
from domain.snapshots import (
    OWN_KEYS,
    Compensation,
    PayWindow,
    PersonioPerson,
    PersonioSnapshot,
    Sightings,
    UnreadablePay,
)
from domain.values import BLANK, NOT_OBSERVED, Absence, LegalEntityId, Observed, PersonId, one_or_many

PERSONS: Final = "/v2/persons"
COMPENSATIONS: Final = "/v2/compensations"
LARGEST_PAGE: Final = {"limit": "50"}  # of persons and employments; more is refused
_NOBODY: Final = (400, 404, 422)  # deleted, never there, or no id that Personio knows
_OPTIONAL: Final = (400, 401, 403, 404)  # an endpoint that only adds to what is known
_UNPLACED: Final = (
    "Personio does not show the legal entity of 1 person",
    "Personio does not show the legal entity of {} people",
)
_DUTCH: Final = frozenset({"NL", "NLD", "NETHERLANDS", "THE NETHERLANDS", "NEDERLAND"})


@dataclass(frozen=True, slots=True)
class _Swept:
    """A person as listed, with their employments."""

    person: Mapping[str, Any]
    found: PersonioPerson
    shown: Mapping[str, bool]  # Personio's own keys that were shown, and whether with a value


class PersonioClient:
    """Implements `PersonioSource`. `roles` maps our role names to this tenant's custom attribute ids.

    `lists_attributes`: whether a sweep asks for Personio's own list of readable attributes as well (EDIT-2).
    """

    def __init__(
        self,
        base_url: str,
        client_id: str,
        client_secret: str,
        roles: Mapping[Role, str],
        lists_attributes: bool = False,
        *,
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        timeout: httpx.Timeout = TIMEOUT,
    ) -> None:
        self._roles = roles
        self._lists_attributes = lists_attributes
        self._now = now
        self._token_http = open_http(base_url, timeout, system="Personio")
        token_reader = Reader("Personio", self._token_http, sleep=sleep, monotonic=monotonic)
        tokens = PersonioTokens(self._token_http, token_reader, client_id, client_secret, monotonic)
        self._http = open_http(base_url, timeout, Bearer(tokens), system="Personio")
        self._reader = Reader("Personio", self._http, sleep=sleep, monotonic=monotonic)

    def close(self) -> None:
        self._http.close()
        self._token_http.close()

    def look(self, entity: LegalEntity, *, today: date) -> Look:
        """What this tenant shows of its setup; never raises for what Personio refuses."""
        return look(self._reader, self._now, entity.personio_id, today)

    def legal_entities(self) -> tuple[EntityFound, ...]:
        return tenant.legal_entities(self._reader)

    def attributes(self) -> tuple[CustomAttribute, ...]:
        return tenant.attributes(self._reader)

    def compensation_types(self) -> tuple[tuple[str, str], ...]:
        """(name, category) of each."""
        return tenant.compensation_types(self._reader)

    def read(self, entity: LegalEntity, *, today: date) -> PersonioSnapshot:
        read_at = self._now()
        notes = list(self._entity_notes(entity))
        listed = self._listed_attributes(notes) if self._lists_attributes else frozenset[Role]()
        persons = every(self._reader, PERSONS, LARGEST_PAGE, pace="persons")
        swept = [each for each in fan_out(lambda person: self._sweep(person, today), persons) if each]
        placed = [(each, _entity(each)) for each in (judged_in(one.found, entity.personio_id) for one in swept)]
        unplaced = tuple(each for each, shown in placed if shown is NOT_OBSERVED)
        hidden = sum(1 for each in unplaced if each.employment)
        if hidden:
            notes.append(one_or_many(_UNPLACED, hidden).format(hidden))
        return PersonioSnapshot(
            read_at=read_at,
            people=tuple(each for each, shown in placed if shown == entity.personio_id),
            elsewhere={
                each.id: None if isinstance(shown, Absence) else LegalEntityId(shown)
                for each, shown in placed
                if shown not in (entity.personio_id, NOT_OBSERVED)
            },
            unplaced=unplaced,
            notes=tuple(notes),
            sightings=self._sightings(swept),
            listed=listed,
        )

    def _sightings(self, swept: Sequence[_Swept]) -> Sightings:
        """What this sweep showed, counted over everyone in the tenant (EDIT-2, RUN-12)."""
        custom = [mapping.shown_values(each.person, self._roles) for each in swept]
        return Sightings(
            swept=len(swept),
            own={key: mapping.sighting(key, (each.shown.get(key) for each in swept)) for key in OWN_KEYS},
            attributes={
                role: mapping.sighting(attribute, (shown.get(role) for shown in custom))
                for role, attribute in self._roles.items()
            },
        )

    def people(self, people: Sequence[PersonId], *, today: date) -> tuple[PersonioPerson, ...]:
        asked = fan_out(lambda person: self._asked_for(person, today), people)
        return tuple(each.found for _, each in asked if each)

    def ask(self, people: Sequence[PersonId], *, today: date) -> Mapping[PersonId, PersonioPerson | None]:
        asked = fan_out(lambda person: self._asked_for(person, today), people)
        return {
            person: None if each is None else each.found
            for person, (status, each) in zip(people, asked, strict=True)
            if each is not None or status == httpx.codes.NOT_FOUND
        }

    def _asked_for(self, person: PersonId, today: date) -> tuple[int, _Swept | None]:
        """With the status of the answer: only a 404 says that the person is gone."""
        path = f"{PERSONS}/{person}"
        answer = self._reader.get(path, pace="persons")
        if answer.status in _NOBODY:
            return answer.status, None
        found = self._sweep(_object(require(answer, path), path), today)
        return (answer.status if found else httpx.codes.NOT_FOUND), found

    @property
    def webhooks(self) -> PersonioWebhooks:
        return PersonioWebhooks(self._http, self._reader)

    def compensations(self, entity: LegalEntity, *, on: date) -> PayWindow:
        (window,) = _told_alike(lambda: (self._window(entity, on, on),))
        return window

    def pay(self, entity: LegalEntity, spans: Sequence[tuple[date, date]]) -> tuple[PayWindow, ...]:
        return _told_alike(lambda: tuple(fan_out(lambda span: self._window(entity, *span), list(spans))))

    def _window(self, entity: LegalEntity, start: date, end: date) -> PayWindow:
        """Everything in force on a day from `start` to `end`, at most a month apart (Personio API 4.3)."""
        window = {"start_date": start.isoformat(), "end_date": end.isoformat(), "limit": "100"}
        try:
            listed = self._compensations({**window, "legal_entity.id": entity.personio_id})
        except PageRefused as refused:
            if refused.status != httpx.codes.BAD_REQUEST:
                raise
            listed = self._compensations(window)  # the filter was refused; ours below does the same
        found = [mapping.compensation(item) for item in listed if _of_entity(item, entity.personio_id)]
        return PayWindow(
            start,
            end,
            tuple(one for one in found if isinstance(one, Compensation)),
            tuple(one for one in found if isinstance(one, UnreadablePay)),
        )

    def _compensations(self, params: Mapping[str, str]) -> list[dict[str, Any]]:
        entity, end = params.get("legal_entity.id"), params["end_date"]

        def fits(item: Mapping[str, Any]) -> bool:
            begun = str(item.get("effective_from") or "")[:10] <= end
            return begun and (entity is None or _of_entity(item, entity))

        return every(self._reader, COMPENSATIONS, params, pace="compensations", fits=fits, beside_id="effective_from")

    def _sweep(self, person: Mapping[str, Any], today: date) -> _Swept | None:
        """The person with its employments; None when it was deleted while we were reading."""
        path = f"{PERSONS}/{identity(person, PERSONS)}"
        try:
            listed = self._employments(path)
        except PageRefused as refused:
            if refused.status != httpx.codes.NOT_FOUND:
                raise
            again = self._reader.get(path, pace="persons")
            if again.status == httpx.codes.NOT_FOUND:
                return None
            person, listed = _object(require(again, path), path), self._employments(path)
        contracts = [mapping.employment(each) for each in listed]
        faults = tuple(dict.fromkeys(key for each in contracts for key in each.unreadable))
        contracts = [replace(each, unreadable=faults) for each in contracts]
        who = PersonId(identity(person, PERSONS))
        found = employed(who, contracts, mapping.values(person, self._roles), today)
        return _Swept(person, found, mapping.own_keys(person, listed))

    def _employments(self, person_path: str) -> list[dict[str, Any]]:
        return every(self._reader, f"{person_path}/employments", LARGEST_PAGE, pace="employments")

    def _entity_notes(self, entity: LegalEntity) -> tuple[str, ...]:
        """WHO-1: a country that is known must be the Netherlands; what Personio does not show is only noted."""
        answer = self._reader.get(f"/v2/legal-entities/{entity.personio_id}", pace="legal-entities")
        if answer.status in _OPTIONAL:
            return (f"Personio does not show legal entity {entity.personio_id} (HTTP {answer.status})",)
        country = _country(_object(require(answer, "/v2/legal-entities"), "/v2/legal-entities"))
        if country is None:
            return (f"Personio does not tell the country of legal entity {entity.personio_id}",)
        if country not in _DUTCH:
            raise Misconfigured(
                f"legal entity {entity.personio_id} is in {country} according to Personio, and only Dutch ones can be "
                "synced: take it out of the configuration"
            )
        return ()

    def _listed_attributes(self, notes: list[str]) -> frozenset[Role]:
        """Roles whose attribute is in Personio's list of those that this credential may read (Personio API 4.6)."""
        answer = self._reader.get(ATTRIBUTES, pace="attributes")
        if answer.status in _OPTIONAL:
            notes.append(
                f"Personio does not list the readable attributes (HTTP {answer.status}): absent means blank only for "
                "attributes that somebody shows"
            )
            return frozenset()
        pairs = paired(self._roles, _keys(answer))
        differ = sorted(f"{self._roles[role]} is {key}" for role, key in pairs.items() if self._roles[role] != key)
        if differ:
            notes.append(f"Personio's list of attributes has names of its own: {', '.join(differ)}")
        return frozenset(pairs)


def _told_alike(read: Callable[[], tuple[PayWindow, ...]]) -> tuple[PayWindow, ...]:
    """Read once more where pay was changed meanwhile, or may have been: what a second reading tells of days holds."""
    for again in (False, True):
        windows = read()
        if not told_apart(windows) and (again or not from_two_days(windows)):
            return windows
    raise IncompleteRead("Personio lists the same compensation in two months, and not the same")


def _of_entity(item: Mapping[str, Any], entity: str) -> bool:
    """An answer that does not tell the legal entity counts as the one asked for."""
    return mapping.legal_entity(item) in (entity, BLANK, NOT_OBSERVED)


def _keys(answer: Answer) -> list[str]:
    data = require(answer, ATTRIBUTES).get("data") if isinstance(answer.body, dict) else None
    if not isinstance(data, list):
        raise IncompleteRead(f"Personio's answer to {ATTRIBUTES} is not a list")
    return [each["key"] for each in data if isinstance(each, dict) and isinstance(each.get("key"), str)]


def _country(legal_entity: Mapping[str, Any]) -> str | None:
    """The country as an upper-case word, whatever its form: the shape of this endpoint is not documented."""
    told = legal_entity.get("country", legal_entity.get("country_code"))
    if isinstance(told, dict):
        told = next((told[key] for key in ("code", "iso_code", "id", "name") if isinstance(told.get(key), str)), None)
    return told.strip().upper() if isinstance(told, str) and told.strip() and not told.strip().isdigit() else None


def _object(body: Any, path: str) -> dict[str, Any]:
    """A single object; the document says unwrapped, a wrapper is accepted."""
    if isinstance(body, dict):
        inner = body.get("_data", body.get("data", body))
        inner = inner[0] if isinstance(inner, list) and len(inner) == 1 else inner
        if isinstance(inner, dict):
            return inner
    raise IncompleteRead(f"Personio's answer to {path} is not an object")


def _entity(person: PersonioPerson) -> Observed:
    """Where the person belongs: BLANK is nowhere, and NOT_OBSERVED is not told."""
    return person.employment.legal_entity if person.employment else NOT_OBSERVED
