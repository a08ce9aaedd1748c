"""Tokens of both API versions and the v1 attribute list of the simulated Personio."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from adapters.simulators.personio.access import Access, WrongCredential
from adapters.simulators.personio.app import Guard
from adapters.simulators.personio.attributes import Attribute
from adapters.simulators.personio.render import Json, Visibility
from adapters.simulators.personio.wire import Refused, answer, error_answer

_FORM = "application/x-www-form-urlencoded"
_LIFE_SECONDS = 86_400


@dataclass(slots=True)
class LoginApi:
    access: Access
    attributes: Mapping[str, Attribute]  # by id
    visibility: Visibility

    def routes(self, guard: Guard) -> list[Route]:
        listed = guard(self.v1_attributes, "attributes")
        return [
            Route("/v2/auth/token", self.token, methods=["POST"]),
            Route("/v2/auth/revoke", self.revoke, methods=["POST"]),
            Route("/v1/auth", self.v1_token, methods=["POST"]),
            Route("/v1/company/employees/attributes", listed),
            Route("/v1/company/employees/custom-attributes", listed),
        ]

    async def token(self, request: Request) -> Response:
        """Personio API 2.1: credentials in a form body only."""
        if not self.access.token_limit.allow():
            return self._too_many()
        form = await _form(request)
        try:
            if form.get("grant_type") != "client_credentials":
                raise WrongCredential("invalid_grant", "Only client_credentials is granted.")
            token = self.access.issue(form.get("client_id"), form.get("client_secret"), form.get("scope"))
        except WrongCredential as wrong:
            return answer(_oauth_error(wrong, self.access.now()), 400, media_type="application/problem+json")
        return answer(
            {
                "access_token": token.value,
                "token_type": "Bearer",
                "expires_in": _LIFE_SECONDS,
                "scope": " ".join(token.scopes),
            }
        )

    async def revoke(self, request: Request) -> Response:
        self.access.tokens.pop((await _form(request)).get("token", ""), None)
        return answer({})

    async def v1_token(self, request: Request) -> Response:
        """Personio API 2.2: JSON or form."""
        if not self.access.v1_token_limit.allow():
            return answer(_v1_error(429, "Too many requests"), 429)
        form = await _form(request) or _json_object(await request.body())
        try:
            token = self.access.issue(form.get("client_id"), form.get("client_secret"))
        except WrongCredential as wrong:
            return answer(_v1_error(403, wrong.description), 403)
        data = {"token": token.value, "expires_in": _LIFE_SECONDS, "scope": "employees:read"}
        return answer({"success": True, "data": data})

    def v1_attributes(self, _: Request) -> Response:
        """Personio API 4.6: exactly what the credential may read."""
        known = (*_FIRST_CLASS, *self.attributes.values())
        shown = [_v1_attribute(each) for each in known if self.visibility.lists(each.id)]
        return answer({"success": True, "data": shown})

    def _too_many(self) -> Response:
        refused = Refused(429, "Too many requests")
        return error_answer(refused, self.access.quirks.error_shape, self.access.now())


_FIRST_CLASS = tuple(
    Attribute(name, label, universal_id=name)
    for name, label in (
        ("first_name", "First name"),
        ("last_name", "Last name"),
        ("preferred_name", "Preferred name"),
        ("gender", "Gender"),
        ("email", "E-mail"),
        ("status", "Status"),
        ("hire_date", "Hire date"),
        ("termination_date", "Termination date"),
        ("subcompany", "Legal entity"),
        ("weekly_working_hours", "Weekly hours"),
    )
)


def _v1_attribute(attribute: Attribute) -> Json:
    return {
        "key": attribute.v1_key,
        "label": attribute.label,
        "type": attribute.v1_type,
        "universal_id": attribute.universal_id,
        "options": list(attribute.options),
    }


def _v1_error(code: int, message: str) -> Json:
    return {"success": False, "error": {"code": code, "message": message}}


def _oauth_error(wrong: WrongCredential, now: datetime) -> Json:
    return {
        "error": wrong.error,
        "error_description": wrong.description,
        "error_uri": "https://developer.personio.de/reference/errors#credentials." + wrong.error,
        "timestamp": now.isoformat(timespec="seconds"),
        "trace_id": "trace-simulated",
        "meta": {},
    }


async def _form(request: Request) -> dict[str, str]:
    """The form fields of the body; nothing when it is no form, and nothing ever from the address."""
    if not request.headers.get("content-type", "").startswith(_FORM):
        return {}
    return {name: values[-1] for name, values in parse_qs((await request.body()).decode()).items()}


def _json_object(body: bytes) -> dict[str, str]:
    try:
        content = json.loads(body or b"{}")
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}
