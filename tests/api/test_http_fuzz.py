"""Schemathesis with every check, authentication on: no answer that the description does not announce.

`make fuzz` asks fifty times as much: FUZZ says how many questions in all.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from math import ceil
from pathlib import Path

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode

from api.http.app import create_app
from domain.access import Role
from domain.events.personio import AttributesObserved
from domain.events.values import FieldValue
from domain.log import StreamId
from tests.support.hostile_json import DEEP, HOSTILE
from tests.support.http_api import http_api
from tests.support.http_served import serving
from tests.support.log_site import gates
from tests.support.world import World
from tests.support.world_in_process import InProcess

ASKED = int(os.environ.get("FUZZ", "400"))  # at least, of all operations together
_UNANSWERED = 1.5  # what an operation without parameters leaves out, the others ask more
WHO = {
    "/erasures": Role.PRIVACY_OFFICER, "/holds": Role.PRIVACY_OFFICER, "/tile/entries": Role.AUDITOR,
    "/metrics": Role.OPERATOR, "/access-review": Role.PRIVACY_OFFICER,
}  # fmt: skip
"""Who asks what the payroll administrator may not."""


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """A server with something in its log, and keys that together may ask everything; runs go to systems in memory."""
    with http_api(f"sqlite:///{folder}/log.db", folder) as api:
        seen = AttributesObserved(subject="s", values=(FieldValue("address.street", "Main St"),))
        api.scribe.write(StreamId("person:3007"), gates(4711), seen)
        serve = api.web.settings.serve.model_copy(update={"requests_per_minute": 1_000_000})
        api.web.settings = api.web.settings.model_copy(update={"serve": serve})
        world = World(InProcess())
        api.web.tools = lambda: nullcontext(world.tools())
        api.web.seal()
        with serving(create_app(api.web), serve) as port:
            yield f"http://127.0.0.1:{port}", {role: api.key(role, None) for role in Role}
        for run in api.web.runs:
            run.join()
        world.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, str]]]:
    with served(tmp_path_factory.mktemp("fuzz")) as running:
        yield running


def test_a_body_that_is_meant_to_break_its_reader_breaks_none(server: tuple[str, dict[str, str]]) -> None:
    """For each operation; of those that take no body, only what nests without end."""
    url, keys = server
    failures: list[str] = []
    with httpx.Client(base_url=url, headers={"Content-Type": "application/json"}) as client:
        described = client.get("/openapi.json").json()["paths"]
        for path, method in ((path, method) for path, each in described.items() for method in each):
            place = re.sub(r"\{[^}]*\}", "170", path)
            key = keys[next((role for word, role in WHO.items() if word in path), Role.PAYROLL_ADMIN)]
            for how, body in (HOSTILE if "requestBody" in described[path][method] else DEEP).items():
                sent = {"Authorization": f"Bearer {key}", "Idempotency-Key": f"hostile-{len(how)}"}
                answer = client.request(method, place, headers=sent, content=body)
                if answer.status_code >= 500:
                    failures.append(f"{method} {path}, {how}: {answer.status_code}")

    assert not failures, "\n".join(failures)


def test_every_answer_is_one_that_was_announced(server: tuple[str, dict[str, str]]) -> None:
    """Sound and unsound requests alike, for each operation; every failure is told, not the first only."""
    url, keys = server
    described = schemathesis.openapi.from_url(f"{url}/openapi.json")
    failures: list[str] = []
    asked = 0
    operations = [found.ok() for found in described.get_all_operations()]
    cases = 2 * ceil(ASKED / len(operations) * _UNANSWERED / 2)
    for operation in operations:
        key = keys[next((role for word, role in WHO.items() if word in operation.path), Role.PAYROLL_ADMIN)]
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):

            @settings(max_examples=cases // 2, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True,
                      database=None, phases=[Phase.generate])  # fmt: skip
            @given(case=operation.as_strategy(generation_mode=mode))
            def ask(case: schemathesis.Case) -> None:
                nonlocal asked
                if any(value in ([], {}, None) for value in (case.query or {}).values()):
                    return  # a parameter that is not there once it is written down is no fault of a request
                asked += 1
                case.call_and_validate(headers={"Authorization": f"Bearer {key}"})  # noqa: B023  called in this turn

            try:
                ask()
            except Unsatisfiable:
                continue  # nothing is unsound for an operation without parameters
            except (schemathesis.errors.SchemathesisError, BaseExceptionGroup, AssertionError) as reason:
                failures.append(f"{operation.label} ({mode.value}): {reason}")

    assert not failures, "\n\n".join(failures)
    assert asked >= ASKED
