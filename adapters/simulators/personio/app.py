"""The read paths of the Personio public API v2: persons, employments, compensations, legal entities."""

from calendar import monthrange
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from threading import RLock
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from adapters.simulators.personio.access import Access
from adapters.simulators.personio.dated import business_date
from adapters.simulators.personio.lists import TIMESTAMP, Query, in_order, only, page
from adapters.simulators.personio.quirks import ErrorShape, Quirks, RetryAfter
from adapters.simulators.personio.render import Renderer, compensation_type, legal_entity
from adapters.simulators.personio.tenant import Compensation, Employment, Person, Tenant
from adapters.simulators.personio.wire import Refused, answer, error_answer, not_found

T = TypeVar("T")
Endpoint = Callable[[Request], Awaitable[Response]]

_PERSON_FILTERS = (
    *("id", "email", "first_name", "last_name", "preferred_name", "status"),
    *(name + suffix for name in ("created_at", "updated_at") for suffix in TIMESTAMP),
)
_EMPLOYMENT_FILTERS = ("id", *("updated_at" + suffix for suffix in TIMESTAMP))


@dataclass(slots=True)
class Guard:
    """What stands before every endpoint: the token bucket, the token, the right; and the words of a refusal."""

    access: Access
    quirks: Quirks
    lock: RLock
    now: Callable[[], datetime]

    def __call__(self, handler: Callable[[Request], Response], right: str) -> Endpoint:
        bucket = right.partition(":")[0]

        async def endpoint(request: Request) -> Response:
            with self.lock:
                allowed = self.access.bucket(bucket).take()
                try:
                    if not allowed:
                        raise Refused(429, "Too many requests")
                    self.access.require(request.headers.get("authorization"), right)
                    response = handler(request)
                except Refused as refused:
                    response = error_answer(refused, self._shape(request), self.now())
                    if refused.status == 429:
                        response.headers.update(self._retry_after(bucket))
                if self.quirks.rate_headers:
                    response.headers.update(self.access.bucket(bucket).headers())
                return response

        return endpoint

    def _retry_after(self, bucket: str) -> dict[str, str]:
        """Whole seconds until the bucket holds a token again, or the instant by the server's real clock."""
        seconds = self.access.bucket(bucket).seconds_to_wait()
        match self.quirks.retry_after:
            case RetryAfter.SECONDS:
                return {"Retry-After": str(seconds)}
            case RetryAfter.DATE:
                return {"Retry-After": format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)}
        return {}

    def _shape(self, request: Request) -> ErrorShape:
        return ErrorShape.SUCCESS_FALSE if request.url.path.startswith("/v1/") else self.quirks.error_shape


@dataclass(slots=True)
class ReadApi:
    tenant: Tenant
    renderer: Renderer
    quirks: Quirks
    now: Callable[[], datetime]

    def routes(self, guard: Guard) -> list[Route]:
        return [
            Route("/v2/persons", guard(self.persons, "persons")),
            Route("/v2/persons/{person_id}", guard(self.person, "persons")),
            Route("/v2/persons/{person_id}/employments", guard(self.employments, "employments")),
            Route("/v2/persons/{person_id}/employments/{employment_id}", guard(self.employment, "employments")),
            Route("/v2/compensations", guard(self.compensations, "compensations")),
            Route("/v2/compensations/types", guard(self.compensation_types, "compensations")),
            Route("/v2/legal-entities", guard(self.legal_entities, "legal-entities")),
            Route("/v2/legal-entities/{entity_id}", guard(self.legal_entity, "legal-entities")),
        ]

    def persons(self, request: Request) -> Response:
        query = Query.of(request, self.quirks, *_PERSON_FILTERS)
        now = self.now()
        wanted = _person_filter(query, now, self.renderer)
        ids = query.listed("id")

        def after(place: int) -> Iterator[tuple[int, Person]]:
            people = self.tenant.people_after(place) if ids is None else self._named(ids, place)
            shown = (person for person in people if person.id != self.quirks.slipped)
            return only(wanted, ((person.number, person) for person in shown))

        return page(query, after, lambda each: self.renderer.person(each, now, query.host), default=10, most=50)

    def person(self, request: Request) -> Response:
        return answer(self.renderer.person(self._person(request), self.now(), Query.of(request, self.quirks).host))

    def employments(self, request: Request) -> Response:
        query = Query.of(request, self.quirks, *_EMPLOYMENT_FILTERS)
        now = self.now()
        updated, named = query.timestamps("updated_at"), query.equals("id")
        found = [each for each in self._person(request).newest_first() if named(each.id) and updated(each.updated_at)]
        return page(query, in_order(found), lambda each: self.renderer.employment(each, now), default=10, most=50)

    def employment(self, request: Request) -> Response:
        Query.of(request, self.quirks)
        return answer(self.renderer.employment(_employment(self._person(request), request), self.now()))

    def compensations(self, request: Request) -> Response:
        query = Query.of(request, self.quirks, "start_date", "end_date", "person.id", "legal_entity.id")
        start, end = _window(query, business_date(self.now()))
        people, entity = query.listed("person.id"), query.equals("legal_entity.id")
        visibility = self.renderer.visibility
        entities = visibility.pay_entities

        def wanted(each: Compensation) -> bool:
            """A limit of the credential takes the place of the legal entity that was asked for, without a word."""
            readable = entity(each.legal_entity_id) if entities is None else each.legal_entity_id in entities
            readable = readable and visibility.shows_pay(each.id, each.person_id)
            return readable and self.tenant.in_window(each, start, end)

        def after(place: int) -> Iterator[tuple[int, Compensation]]:
            pay = self.tenant.pay_after(place) if people is None else self._pay_of(people, place)
            return only(wanted, ((each.number, each) for each in pay))

        return page(query, after, self.renderer.compensation, default=100, most=100)

    def compensation_types(self, request: Request) -> Response:
        query = Query.of(request, self.quirks)
        return page(query, in_order(list(self.tenant.types.values())), compensation_type, default=100, most=100)

    def legal_entities(self, request: Request) -> Response:
        query = Query.of(request, self.quirks, "id", "country")
        named, country = query.equals("id"), query.equals("country")
        newest_first = reversed(self.tenant.legal_entities.values())
        found = [each for each in newest_first if named(each.id) and country(each.country)]
        return page(query, in_order(found), legal_entity, default=100, most=100)

    def legal_entity(self, request: Request) -> Response:
        return answer(legal_entity(_found(self.tenant.legal_entities.get(request.path_params["entity_id"]), "entity")))

    def _person(self, request: Request) -> Person:
        return _found(self.tenant.people.get(request.path_params["person_id"]), "person")

    def _named(self, ids: Iterable[str], place: int) -> Iterable[Person]:
        people = (self.tenant.people.get(person_id) for person_id in set(ids))
        return sorted((each for each in people if each and each.number > place), key=lambda each: each.number)

    def _pay_of(self, people: Iterable[str], place: int) -> Iterable[Compensation]:
        pay = (each for person_id in set(people) for each in self.tenant.pay_of(person_id) if each.number > place)
        return sorted(pay, key=lambda each: each.number)


def _person_filter(query: Query, now: datetime, renderer: Renderer) -> Callable[[Person], bool]:
    created, updated = query.timestamps("created_at"), query.timestamps("updated_at")
    status = query.equals("status")
    fields = {name: query.equals(name) for name in ("email", "first_name", "last_name", "preferred_name")}
    asked = {name: passes for name, passes in fields.items() if name in query.values}

    def wanted(person: Person) -> bool:
        return (
            created(person.created_at)
            and updated(person.updated_at)
            and ("status" not in query.values or status(renderer.person_status(person, now)))
            and all(passes(person.values.at(name, now)) for name, passes in asked.items())
        )

    return wanted


def _employment(person: Person, request: Request) -> Employment:
    wanted = request.path_params["employment_id"]
    return _found(next((each for each in person.employments if each.id == wanted), None), "employment")


def _found(thing: T | None, what: str) -> T:
    if thing is None:
        raise not_found(what)
    return thing


def _window(query: Query, today: date) -> tuple[date, date]:
    """At most one month; the month of the date given, or this one (Personio API 4.3)."""
    start, end = query.day("start_date"), query.day("end_date")
    month = start or end or today
    start = start or month.replace(day=1)
    end = end or month.replace(day=monthrange(month.year, month.month)[1])
    if end < start or end >= _a_month_after(start):
        raise Refused(400, "start_date and end_date must span at most one month")
    return start, end


def _a_month_after(day: date) -> date:
    following = day.replace(day=1) + timedelta(days=32)
    last = monthrange(following.year, following.month)[1]
    return following.replace(day=min(day.day, last))
