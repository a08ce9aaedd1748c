"""A Personio tenant on loopback: the public API v2 as documented, steered by methods or over `/_control`."""

import inspect
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Self

from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send

from adapters.simulators.personio.access import SCOPES, Access, Bucket, RequestsPerMinute
from adapters.simulators.personio.app import Guard, ReadApi
from adapters.simulators.personio.employees_v1 import EmployeesApi
from adapters.simulators.personio.login import LoginApi
from adapters.simulators.personio.pay import PayDesk
from adapters.simulators.personio.quirks import Empty, NextLink
from adapters.simulators.personio.render import Renderer, Visibility
from adapters.simulators.personio.webhook_app import WebhookApi
from adapters.simulators.personio.wire import error_body
from adapters.simulators.wire.control import Action, steerable
from adapters.simulators.wire.faults import FaultKind, FaultQueue
from adapters.simulators.wire.requests import RecordedRequest, RequestLog
from adapters.simulators.wire.server import ServerThread, Startable


class PersonioSimulator(PayDesk, Startable):
    """Serves at `url` between `start` and `stop`; `now` may be any clock a test moves.

    `quirks`, `visibility`, `access`, `faults` and `log` are open to tests; every public method that changes
    something is an action of the same name under `/_control/actions`.
    """

    def __init__(
        self,
        *,
        client_id: str = "papi-simulated-client",
        client_secret: str = "papi-simulated-secret",  # noqa: S107 - the simulator's own, for tests
        company_id: str = "42",
        attribute_ids: Mapping[str, str] | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        host: str = "127.0.0.1",
        port: int = 0,
        deliver_every: float | None = None,
    ) -> None:
        """`deliver_every`: seconds between deliveries of webhooks; None waits for `deliver_webhooks`."""
        self._credential = (client_id, client_secret)

        async def present_app(scope: Scope, receive: Receive, send: Send) -> None:
            await self._app(scope, receive, send)  # `reset` replaces it; uvicorn wants a function, not a method

        self._server = ServerThread(present_app, host=host, port=port)
        self._deliver_every = deliver_every
        self._stopping = threading.Event()
        self._postman: threading.Thread | None = None
        super().__init__(company_id=company_id, attribute_ids=attribute_ids or {}, now=now)

    def reset(self) -> None:
        """A new tenant at the same address: no people, tokens, quirks, faults, requests."""
        with self._lock:
            super().reset()
            self.access = Access(*self._credential, self.now, self.quirks)
            self.visibility = Visibility()
            self.faults = FaultQueue()
            self.log = RequestLog()
            self._app = self._furnished()

    @property
    def url(self) -> str:
        return self._server.url

    @property
    def requests(self) -> list[RecordedRequest]:
        return self.log.requests

    def count(self, method: str = "*", path: str = "*", *, status: int | None = None) -> int:
        """Requests of this method and path pattern so far."""
        return self.log.count(method, path, status=status)

    def start(self) -> Self:
        self._server.start()
        self._stopping.clear()
        if self._deliver_every is not None:
            self._postman = threading.Thread(target=self._deliver_repeatedly, name="postman", daemon=True)
            self._postman.start()
        return self

    def stop(self) -> None:
        self._stopping.set()
        if self._postman:
            self._postman.join()
            self._postman = None
        self._server.stop()

    def travel_to(self, instant: datetime | str) -> None:
        """Stops the clock at an instant with a zone; business dates are Amsterdam's."""
        at = datetime.fromisoformat(instant) if isinstance(instant, str) else instant
        if at.tzinfo is None:
            raise ValueError("an instant needs a zone")
        self.set_clock(lambda: at)

    def set_clock(self, now: Callable[[], datetime]) -> None:
        """Another clock, until `reset`."""
        self._clock = now

    def hide(self, attribute: str, person_ids: Iterable[str] | None = None) -> None:
        """Narrows the credential: the attribute is absent, for everyone or for these people."""
        with self._lock:
            if person_ids is None:
                self.visibility.hidden.add(self._key(attribute))
            else:
                self.visibility.hidden_for.setdefault(self._key(attribute), set()).update(person_ids)

    def hide_key(self, key: str, shown_id: str | None = None) -> None:
        """A key of Personio's own that no person and no employment shows any more, or only that one."""
        with self._lock:
            self.visibility.hidden_keys.add((key, shown_id))

    def reveal_keys(self) -> None:
        """Undoes every `hide_key`."""
        with self._lock:
            self.visibility.hidden_keys.clear()

    def reveal(self, attribute: str) -> None:
        """Undoes every `hide` of the attribute."""
        with self._lock:
            self.visibility.hidden.discard(self._key(attribute))
            self.visibility.hidden_for.pop(self._key(attribute), None)

    def strip(self, shown_id: str, keep: Sequence[str] = ("id",)) -> None:
        """Cuts a person or an employment down to some of its keys."""
        with self._lock:
            self.visibility.kept[shown_id] = tuple(keep)

    def limit_pay_to(self, legal_entity_ids: Iterable[str] | None) -> None:
        """Restricts compensations to some legal entities; None lifts that."""
        self.visibility.pay_entities = None if legal_entity_ids is None else set(legal_entity_ids)

    def limit_attributes_to(self, attributes: Iterable[str] | None) -> None:
        """A credential for which only these attributes were picked, by role, name or id; None lifts that."""
        self.visibility.listed = None if attributes is None else {self._key(each) for each in attributes}

    def hide_in_employments(self, *keys: str) -> None:
        """Keys such as `legal_entity` or `weekly_working_hours` that no employment shows; none given: all again."""
        self.visibility.not_in_employments = set(keys)

    def use_old_credential(self, *, old: bool = True) -> None:
        """A credential made before the fix of terminations; anew (False) it shows them whole."""
        self.visibility.before_termination_fix = old

    def hide_pay_of(self, person_ids: Iterable[str]) -> None:
        """Shows no compensation of these people, and of nobody else less than before."""
        with self._lock:
            self.visibility.pay_hidden_for = set(person_ids)

    def hide_pay(self, compensation_ids: Iterable[str]) -> None:
        """Leaves these compensations out of every list."""
        with self._lock:
            self.visibility.pay_hidden = set(compensation_ids)

    def garble_pay(self, compensation_ids: Iterable[str]) -> None:
        """Shows these compensations with a start that is an invalid date."""
        with self._lock:
            self.visibility.pay_garbled = set(compensation_ids)

    def hide_in_compensations(self, *keys: str) -> None:
        """Keys such as `legal_entity` that no compensation shows; none given: all again."""
        self.visibility.not_in_compensations = set(keys)

    def empty_as(self, form: str, attribute: str | None = None) -> None:
        """Shows empty attributes as "null", "text" or "omitted": one of them, or all."""
        if attribute is None:
            self.set_quirk("empty_as", form)
        else:
            self.quirks.empty_as_for[self._key(attribute)] = Empty(form)

    def point_next_to(self, kind: str, path: str = "*") -> None:
        """Where the next link of lists at this path pattern points; kinds as in `NextLink`."""
        self.quirks.next_links[path] = NextLink(kind)

    def set_quirk(self, name: str, value: Any) -> None:
        """Any field of `Quirks`; text becomes the enumeration it belongs to."""
        present = getattr(self.quirks, name)
        setattr(self.quirks, name, type(present)(value) if isinstance(present, str) else value)

    def withdraw_right(self, right: str) -> None:
        """persons, employments, compensations, legal-entities, attributes, employees, webhooks or webhooks:write."""
        self.access.withdrawn_rights.add(right)

    def restore_right(self, right: str) -> None:
        self.access.withdrawn_rights.discard(right)

    def set_scopes(self, scopes: Sequence[str] = SCOPES) -> None:
        """The scopes of the credential; tokens given before keep theirs."""
        self.access.scopes = tuple(scopes)

    def expire_tokens(self) -> None:
        self.access.tokens.clear()

    def set_rate(self, endpoint: str, rate: float, capacity: int) -> None:
        """The token bucket of an endpoint, named as its right is in `withdraw_right`."""
        self.access.buckets[endpoint] = Bucket(rate, capacity)

    def set_token_limit(self, limit: int, spacing: float = 1.0) -> None:
        """Token requests a minute before one per `spacing` seconds is left."""
        self.access.token_limit = RequestsPerMinute(limit, spacing)

    def announce(self, event_name: str, person_id: str, employment_id: str | None = None) -> None:
        """A webhook event although nothing changed."""
        with self._lock:
            self._desk.occur(event_name, self.now(), person_id=person_id, employment_id=employment_id)

    def deliver_webhooks(
        self, *, copies: int = 1, reverse: bool = False, token: str | None = None
    ) -> list[tuple[str, int | None]]:
        """Sends what waits: each `copies` times, newest first if reversed, with a wrong token if one is given.

        Answers event name and status of every request; None where no answer came within 3 seconds.
        """
        made = self._desk.deliver(self.now(), copies=copies, reverse=reverse, token=token)
        return [(each.occurrence.name, each.status) for each in made]

    def _deliver_repeatedly(self) -> None:
        while not self._stopping.wait(self._deliver_every):
            self.deliver_webhooks()

    def _furnished(self) -> ASGIApp:
        by_id = self.attributes
        renderer = Renderer(self.tenant, by_id, self.visibility, self.quirks)
        guard = Guard(self.access, self.quirks, self._lock, self.now)
        routes = [
            *ReadApi(self.tenant, renderer, self.quirks, self.now).routes(guard),
            *LoginApi(self.access, by_id, self.visibility).routes(guard),
            *EmployeesApi(self.tenant, renderer, self.now).routes(guard),
            *WebhookApi(self._desk, self.quirks, self.now).routes(guard),
        ]
        return steerable(
            Starlette(routes=routes),
            faults=self.faults,
            requests=self.log,
            dialect=PersonioDialect(self.now),
            actions=self._actions(),
            now=self.now,
        )

    def _actions(self) -> dict[str, Action]:
        names = (name for name, _ in inspect.getmembers(type(self), inspect.isfunction))
        return {name: getattr(self, name) for name in names if not name.startswith("_") and name not in _NO_ACTIONS}


_NO_ACTIONS = {"count", "start", "stop", "now", "today", "employment", "set_clock"}


class PersonioDialect:
    """How Personio words what a fault says; a warning beside a success is not part of its API."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    def error(self, kind: FaultKind, messages: Sequence[str]) -> object:
        status = _STATUS.get(kind, 400)
        return error_body(status, " ".join(messages) or "Simulated fault", self._now())

    def warned(self, body: object, messages: Sequence[str]) -> object:  # noqa: ARG002
        return body


_STATUS = {
    FaultKind.RATE_LIMITED: 429,
    FaultKind.UNAVAILABLE: 503,
    FaultKind.SERVER_ERROR_BEFORE: 500,
    FaultKind.SERVER_ERROR_AFTER: 500,
    FaultKind.UNAUTHORIZED: 401,
    FaultKind.FORBIDDEN: 403,
}
