"""What the use cases need from outside. Roles, not technologies; every one has a fake in tests/support."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:  # roles are loaded by everything: not with all that they speak of
    from domain.drift.audit_trail import AuditEntry
    from domain.events.loket import WriteKind
    from domain.log import Fence
    from domain.personal import Retention
    from domain.settings import LegalEntity
    from domain.snapshots import (
        Fetched,
        HeldPay,
        LoketAccess,
        LoketEmployee,
        LoketPay,
        LoketSnapshot,
        PayWindow,
        PersonioPerson,
        PersonioSnapshot,
        VersionNumbers,
        WriteAnswer,
        WriteRequest,
    )
    from domain.values import EmployeeNumber, LegalEntityId, PersonId, RunId, SubjectRef
    from domain.views import View
    from domain.views.alerts import AlertsView
    from domain.views.drift import DriftView
    from domain.views.history import HistoryView
    from domain.views.overwritten_fields import OverwrittenFieldsView
    from domain.views.recorded import RecordedView
    from domain.views.runs import RunsView
    from domain.views.schedule import ScheduleView
    from domain.views.sync_state import SyncStateView
    from domain.views.tasks import TasksView
    from domain.views.terminations import TerminationsView


class Clock(Protocol):
    def now(self) -> datetime:
        """The instant, aware and in UTC."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait, as when a read may lag behind a write (RUN-8)."""
        ...


@dataclass(frozen=True, slots=True)
class AtWork:
    """Who holds a legal entity, and how far they say they are; a total of 0 means that nobody knows it yet."""

    run_id: RunId
    phase: str = ""
    done: int = 0
    total: int = 0


class Claim(Protocol):
    """A held legal entity; renewed in the background until released."""

    @property
    def fence(self) -> Fence: ...

    def check(self) -> None:
        """Before anything is sent that cannot be taken back: a process may have stood still beyond its lease.

        Raises ClaimLost when another run took the entity over meanwhile.
        """
        ...

    def tell(self, phase: str, done: int, total: int) -> None:
        """How far it is, for whoever looks, from whatever process: a second later at most. Holds nothing up."""
        ...


class Claims(Protocol):
    """One run at a time per legal entity (RUN-3)."""

    def claim(self, entity: LegalEntityId, run_id: RunId) -> AbstractContextManager[Claim]:
        """Hold the entity for the run; released on exit.

        A holder on this host whose process is gone, or whose lease of 30 s ran out, is taken over at once.
        Raises RunAlreadyInProgress with the holder's run id.
        """
        ...

    def at_work(self, entity: LegalEntityId) -> AtWork | None:
        """Who holds it now; None for nobody, or for whoever would be taken over at once."""
        ...


class PersonioSource(Protocol):
    """Reads Personio. Every method raises Unreachable, IncompleteRead or RightMissing; it never returns a part."""

    def read(self, entity: LegalEntity, *, today: date) -> PersonioSnapshot:
        """Everyone of the legal entity, after a complete sweep of all persons and their employments (RUN-7)."""
        ...

    def people(self, people: Sequence[PersonId], *, today: date) -> tuple[PersonioPerson, ...]:
        """These persons as they are now, of whatever legal entity; one that is not there any more is left out."""
        ...

    def ask(self, people: Sequence[PersonId], *, today: date) -> Mapping[PersonId, PersonioPerson | None]:
        """These persons, whom a sweep did not show, one by one: None is a 404, who cannot be told is absent (RUN-7)."""
        ...

    def compensations(self, entity: LegalEntity, *, on: date) -> PayWindow:
        """Pay in force on that day, of everyone in the entity; the API's as-of window."""
        ...

    def pay(self, entity: LegalEntity, spans: Sequence[tuple[date, date]]) -> tuple[PayWindow, ...]:
        """Everything listed for each window, at most a month each, of everyone in the entity; all complete.

        What several windows list of one id and day they tell alike, but for hours.
        """
        ...


Spared: TypeAlias = "Callable[[LoketEmployee], bool]"
"""Whether nothing more of an employee is to be read than lists tell."""


def never(employee: LoketEmployee) -> bool:  # noqa: ARG001
    """Nobody is spared."""
    return False


class LoketTarget(Protocol):
    """Reads and writes Loket. Reads raise Unreachable, IncompleteRead, RightMissing or Misconfigured."""

    def check(self, entity: LegalEntity) -> LoketAccess:
        """Employer and administration visible, the saved filter hiding nobody (RUN-9); rights, and what is missing.

        Raises Misconfigured or RightMissing when a run must not start.
        """
        ...

    def read(
        self,
        entity: LegalEntity,
        *,
        numbers: frozenset[EmployeeNumber],
        spared: Spared = never,
    ) -> LoketSnapshot:
        """All employees, concepts and employments of the employer; BSN and payment records for `numbers` only.

        Nor for an employee who is `spared`, which is asked once all of their employments are known.
        """
        ...

    def versions(self, entity: LegalEntity) -> VersionNumbers | None:
        """Of each employment of the employer; None where Loket does not tell all of them.

        One counter for all of Loket, which only grows, covers employee and employment data and what is deleted of it.
        It covers neither payroll period data nor concept employees (Loket API 3.1).
        """
        ...

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
        """Pay of these employments: the wage in force on `since` of all, recurring pay and period values of those named
        and of those with a record of a `mapped` payroll component in force on `since` or `until`, whole wage chains of
        those named and of those with a wage that starts from `since` to `until`. A chain that was read is there, if
        empty. Working hours only of `hours`: every record that holds at some time from `since` to `until`. `wages`,
        `components` and `hours` are among the employments. A chain of wages that is `known` is answered and not read.
        """
        ...

    def audit_trail(self, entity: LegalEntity, *, since: date, until: date) -> tuple[AuditEntry, ...] | None:
        """Loket's own record of changes to employee data in these days; None when the user may not read it."""
        ...

    def fetch(self, entity: LegalEntity, kind: WriteKind, target: str) -> Fetched:
        """One thing, fresh from Loket, before it is replaced and again to read back what was written.

        `target` is the employee, concept or payment record that `kind` replaces. Raises NotFound when it is gone.
        """
        ...

    def write(self, entity: LegalEntity, request: WriteRequest) -> WriteAnswer:
        """Send one write, once. Never raises for what Loket or the network answers: unknown is an answer (RUN-8)."""
        ...


class KeyCustody(Protocol):
    """The data keys of people, as erasure sees them (AUD-9)."""

    def held(self, subject: SubjectRef) -> tuple[tuple[Retention, str], ...]:
        """Class and id of each key this person has now."""
        ...

    def present(self, key_ids: Set[str]) -> frozenset[str]:
        """Which of these keys are there."""
        ...

    def destroy(self, subject: SubjectRef, retention: Retention) -> None:
        """Not read from the store any more, here and, once remembered keys are forgotten, by anybody."""
        ...

    def wipe(self) -> None:
        """Leave nothing on disk of keys that were destroyed. Raises KeysOnDisk where that cannot be now."""
        ...


class Views(Protocol):
    """The read side: folds of the log, brought up to its head before they are asked (LOG-4).

    A view that cannot follow holds none of the others; whoever asks it is refused with ViewBehind.
    """

    def catch_up(self, *needed: View) -> None:
        """Raises ViewBehind for one that is `needed`, at once and not when it is asked."""
        ...

    @property
    def behind(self) -> Mapping[View, str]:
        """Which could not follow when it was last tried, and why."""
        ...

    @property
    def sync_state(self) -> SyncStateView: ...

    @property
    def history(self) -> HistoryView: ...

    @property
    def runs(self) -> RunsView: ...

    @property
    def overwritten_fields(self) -> OverwrittenFieldsView: ...

    @property
    def drift(self) -> DriftView: ...

    @property
    def tasks(self) -> TasksView: ...

    @property
    def terminations(self) -> TerminationsView: ...

    @property
    def alerts(self) -> AlertsView: ...

    @property
    def schedule(self) -> ScheduleView: ...


class ReportViews(Protocol):
    """What a report is made from. One that is handed out is made from views that are folded for it from the events."""

    def catch_up(self) -> None: ...

    @property
    def overwritten_fields(self) -> OverwrittenFieldsView: ...


class EvidenceViews(ReportViews, Protocol):
    """The same, with what was recorded."""

    @property
    def recorded(self) -> RecordedView: ...


class HistoryViews(Protocol):
    """What an erasure is judged by."""

    def catch_up(self) -> None: ...

    @property
    def history(self) -> HistoryView: ...
