"""LoketClient: complete reads of one employer, and single writes. It has no way to promote a concept (JOIN-3)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Any, Final
from zoneinfo import ZoneInfo

import httpx

from adapters.loket import citizen_service_numbers, people
from adapters.loket.api import (
    BSN,
    CONCEPT,
    CONCEPTS,
    EMPLOYEE,
    EMPLOYEES,
    EMPLOYERS,
    EMPLOYMENTS,
    PAYMENT,
    LoketApi,
    Notes,
    Pin,
)
from adapters.loket.audit_trail import read_trail
from adapters.loket.checks import check
from adapters.loket.codes import offered
from adapters.loket.countries import country_keys
from adapters.loket.documents import (
    CONCEPT_READ_ONLY,
    EMPLOYEE_READ_ONLY,
    PAYMENT_READ_ONLY,
    Located,
    Object,
    UnknownCode,
    changed,
    in_concept,
    in_employee,
    in_payment,
    read,
)
from adapters.loket.look import administrations, look
from adapters.loket.pay import fetch_pay, read_pay, write_pay
from adapters.loket.payments import PAYMENT_FIELDS, defaults
from adapters.loket.reading import EmployerRead
from adapters.loket.tokens import LoketTokens, SecretStore
from adapters.loket.trials import LoketTrials
from adapters.loket.versions import newest_version, versions
from adapters.loket.writable import Hidden
from adapters.loket.writing import Writer, not_sent
from adapters.transport import TIMEOUT, Bearer, Reader, open_http
from domain.attributes import Attribute, Kind
from domain.drift.audit_trail import AuditEntry
from domain.errors import IncompleteRead, Misconfigured, NotFound, ReadFailed
from domain.events.loket import WriteKind
from domain.examination import Code, Look
from domain.ports import Spared, never
from domain.services.setup.propose import AdministrationFound
from domain.settings import LegalEntity
from domain.snapshots import (
    Answered,
    Fetched,
    HeldPay,
    LoketAccess,
    LoketPay,
    LoketSnapshot,
    VersionNumbers,
    WriteAnswer,
    WriteRequest,
)
from domain.values import EmployeeNumber, FieldPath

AMSTERDAM: Final = ZoneInfo("Europe/Amsterdam")


@dataclass(frozen=True, slots=True)
class _Replaced:
    """Where a thing is read and replaced, and how our fields lie in it."""

    path: str
    pin: Pin
    locate: Callable[[FieldPath], Located]
    read_only: tuple[Located, ...] = ()


_PAYMENTS: Final = EMPLOYMENTS + "/paymentinformationsepa/{}"
_REPLACED: Final[Mapping[WriteKind, _Replaced]] = MappingProxyType(
    {
        WriteKind.EMPLOYEE: _Replaced(EMPLOYEES + "/{}", EMPLOYEE, in_employee, EMPLOYEE_READ_ONLY),
        WriteKind.BSN: _Replaced(EMPLOYEES + "/{}/citizenservicenumber", BSN, in_employee),
        WriteKind.PAYMENT: _Replaced(_PAYMENTS, PAYMENT, in_payment, PAYMENT_READ_ONLY),
        WriteKind.CONCEPT: _Replaced(CONCEPTS + "/{}", CONCEPT, in_concept, CONCEPT_READ_ONLY),
        WriteKind.CONCEPT_BSN: _Replaced(CONCEPTS + "/{}/citizenservicenumber", BSN, in_employee),
    }
)
_BSN_ALONE: Final = (WriteKind.BSN, WriteKind.CONCEPT_BSN)
_CREATED_AS: Final = {WriteKind.CONCEPT_CREATED: WriteKind.CONCEPT, WriteKind.PAYMENT_CREATED: WriteKind.PAYMENT}


class LoketClient:
    """Implements `LoketTarget`. `country_codes` adds to, and overrides, what Loket's metadata tells."""

    def __init__(
        self,
        base_url: str,
        token_url: str,
        client_id: str,
        client_secret: str,
        refresh_token: str,
        secrets: SecretStore,
        catalogue: tuple[Attribute, ...],
        country_codes: Mapping[str, int] = MappingProxyType({}),
        *,
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        timeout: httpx.Timeout = TIMEOUT,
    ) -> None:
        self._catalogue = catalogue
        self._fields = people.fields_of(catalogue)
        self._kinds = self._fields.kinds
        self._country_codes = {iso.upper(): key for iso, key in country_codes.items()}
        self._countries: dict[str, Mapping[str, int]] = {}  # by employer, as last read
        self._now = now
        self._token_http = open_http("", timeout, system="Loket")
        token_reader = Reader("Loket", self._token_http, sleep=sleep, monotonic=monotonic)
        tokens = LoketTokens(
            self._token_http, token_reader, token_url, client_id, client_secret, refresh_token, secrets, monotonic
        )
        self._http = open_http(base_url, timeout, Bearer(tokens), system="Loket")
        self._reader = Reader("Loket", self._http, sleep=sleep, monotonic=monotonic)
        self._api = LoketApi(self._reader)
        self._writer = Writer(self._http, self._reader.pacer, sleep=sleep, monotonic=monotonic)

    def close(self) -> None:
        self._http.close()
        self._token_http.close()

    def check(self, entity: LegalEntity) -> LoketAccess:
        return check(self._api, entity, {})

    def look(self, entity: LegalEntity, *, today: date) -> Look:
        """What the signed-in user sees of the setup; never raises for what Loket refuses."""
        return look(self._reader, self._now, entity, today)

    def trials(self, today: date) -> LoketTrials:
        """What may be tried in an acceptance environment; whoever asks has made sure that it is one."""
        return LoketTrials(self._api, self._writer, today)

    def administrations(self) -> tuple[AdministrationFound, ...]:
        """Every payroll administration that the signed-in user sees."""
        return administrations(self._api)

    def codes(self, employer: str) -> Mapping[str, tuple[Code, ...]]:
        """The keys and words of coded fields, by field in lower case; empty where Loket does not show them."""
        return offered(self._api, employer) or {}

    def read(
        self,
        entity: LegalEntity,
        *,
        numbers: frozenset[EmployeeNumber],
        spared: Spared = never,
    ) -> LoketSnapshot:
        read_at = self._now()
        sweep = EmployerRead(self._api, entity, self._catalogue, numbers, spared)
        employees = sweep.employees()
        countries = self._learn_countries(entity, employees, sweep.notes)
        return sweep.snapshot(employees, countries, read_at=read_at, today=read_at.astimezone(AMSTERDAM).date())

    def pay(
        self,
        entity: LegalEntity,
        employments: Set[str],
        *,
        wages: Set[str],
        components: Set[str],
        hours: Set[str],
        mapped: Set[int],
        since: date,
        until: date,
        known: Mapping[str, tuple[HeldPay, ...]] = MappingProxyType({}),
    ) -> LoketPay:
        return read_pay(
            self._api,
            entity,
            employments,
            wages=wages,
            components=components,
            hours=hours,
            mapped=mapped,
            since=since,
            until=until,
            known=known,
            notes={},
        )

    def audit_trail(self, entity: LegalEntity, *, since: date, until: date) -> tuple[AuditEntry, ...] | None:
        return read_trail(self._api, entity.loket_employer_id, since, until, {})

    def versions(self, entity: LegalEntity) -> VersionNumbers | None:
        return versions(self._reader, self._api, entity.loket_employer_id)

    def newest_version(self, entity: LegalEntity) -> int | None:
        """As `domain.services.drift.poll_loket.LoketVersions`."""
        return newest_version(self._reader, entity.loket_employer_id)

    def fetch(self, entity: LegalEntity, kind: WriteKind, target: str) -> Fetched:
        if kind.dated:
            return fetch_pay(self._api, kind, target)
        kind = _CREATED_AS.get(kind, kind)
        where = _REPLACED[kind]
        path = where.path.format(target)
        if kind is WriteKind.CONCEPT_BSN:
            return citizen_service_numbers.of_concept(self._api, target, {})
        content, etag = self._api.one(path, where.pin, {})
        if kind is WriteKind.BSN:
            return citizen_service_numbers.fetched(content, etag)
        if not isinstance(content, dict):
            raise IncompleteRead(f"Loket's answer to {path} is not an object")
        fields = read(content, self._fields_of(kind), where.locate, self._country_keys(entity))
        return Fetched(fields, content, etag)

    def write(self, entity: LegalEntity, request: WriteRequest) -> WriteAnswer:
        try:
            if request.kind.dated:
                return write_pay(self._api, self._writer, request)
            match request.kind:
                case WriteKind.CONCEPT_CREATED:
                    return self._create_concept(entity, request)
                case WriteKind.PAYMENT_CREATED:
                    return self._create_payment(entity, request)
                case _:
                    return self._replace(entity, request)
        except (UnknownCode, Hidden) as problem:
            return WriteAnswer(Answered.UNSENDABLE, cause=str(problem))
        except (ValueError, ArithmeticError):  # its text may quote the value
            return WriteAnswer(Answered.UNSENDABLE, cause="a value does not have the form that Loket accepts")
        except (NotFound, Misconfigured, ReadFailed) as problem:  # what the request is made of could not be read
            return not_sent(str(problem))

    def _replace(self, entity: LegalEntity, request: WriteRequest) -> WriteAnswer:
        where, fetched = _REPLACED.get(request.kind), request.fetched
        if where is None:
            raise ValueError(f"{request.kind.value} is not written here")
        if fetched is not None:
            self._api.shown.require(where.pin, fetched.whole)
        elif request.kind not in _BSN_ALONE:
            raise ValueError("nothing was fetched to replace")
        whole = {} if fetched is None or request.kind in _BSN_ALONE else fetched.whole
        body = self._changed(entity, whole, request, where)
        if not body:
            raise ValueError("there is nothing to write")
        path = where.path.format(request.target)
        return self._writer.send("PUT", path, where.pin, body, etag=fetched.etag if fetched else None)

    def _create_concept(self, entity: LegalEntity, request: WriteRequest) -> WriteAnswer:
        """Only what is filled: a concept may lack everything but its label and a last name (Loket API 6)."""
        filled = {path: value for path, value in request.values.items() if isinstance(value, str)}
        start = {
            "uniqueName": request.label,
            "employeeData": {},
            "employmentData": {"payrollAdministration": {"id": entity.loket_payroll_administration_id}},
        }
        body = self._changed(entity, start, replace(request, values=filled), _REPLACED[WriteKind.CONCEPT])
        path = f"{EMPLOYERS}/{entity.loket_employer_id}/conceptemployees"
        return self._writer.send("POST", path, CONCEPT, body, creates=True)

    def _create_payment(self, entity: LegalEntity, request: WriteRequest) -> WriteAnswer:
        """Loket's own proposal for this employment with our bank account in it."""
        if request.component is None or request.target is None:
            raise ValueError("a new payment record needs its employment and payroll component")
        try:
            proposed = defaults(self._api, request.target)
        except (Misconfigured, ReadFailed) as problem:
            return not_sent(str(problem))
        body = self._changed(entity, proposed, request, _REPLACED[WriteKind.PAYMENT])
        body["payrollComponent"] = {"key": request.component}
        body["visibleOnPayslip"] = bool(proposed.get("visibleOnPayslip"))  # required, and may be null in a proposal
        path = f"{EMPLOYMENTS}/{request.target}/paymentinformationsepa"
        return self._writer.send("POST", path, PAYMENT, body, creates=True)

    def _changed(
        self, entity: LegalEntity, whole: Mapping[str, Any], request: WriteRequest, where: _Replaced
    ) -> Object:
        keys, removes = self._country_keys(entity), request.removes
        return changed(
            whole, request.values, self._kinds, where.locate, keys, read_only=where.read_only, removes=removes
        )

    def _fields_of(self, kind: WriteKind) -> Iterable[tuple[FieldPath, Kind]]:
        if kind is WriteKind.PAYMENT:
            return PAYMENT_FIELDS
        return self._fields.concept if kind is WriteKind.CONCEPT else self._fields.employee

    def _country_keys(self, entity: LegalEntity) -> Mapping[str, int]:
        return self._countries.get(entity.loket_employer_id, self._country_codes)

    def _learn_countries(self, entity: LegalEntity, employees: list[Object], notes: Notes) -> Mapping[str, int]:
        if all(kind is not Kind.COUNTRY for _, kind in self._fields.employee):
            return {}
        keys = country_keys(self._api, entity.loket_employer_id, employees, notes) | self._country_codes
        self._countries[entity.loket_employer_id] = keys
        return keys
