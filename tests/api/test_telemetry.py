"""Traces: off unless asked for, whole when they are, and without anything of a person in them (AUD-8)."""

from __future__ import annotations

import dataclasses
import io
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr
from pathlib import Path

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from adapters import tracing
from adapters.logs import configure_logs
from adapters.simulators.company.generate import Company, Situation
from adapters.tracing import ATTRIBUTES, span, template, trace_with
from api.telemetry import configure_telemetry, trace_to
from domain.access import Role
from tests.api.test_http_runs import PATH, Tenant, tenant_of
from tests.support.http_api import EXAMPLE

PHASES = ["reading Personio", "reading Loket", "reading pay", "deciding", "writing to Loket", "closing"]
CALLER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    memory = InMemorySpanExporter()
    trace_to(SimpleSpanProcessor(memory))
    yield memory
    trace_with(None)


@pytest.fixture
def tenant(tmp_path: Path) -> Iterator[Tenant]:
    """Three people whose data is to be written, and one without a finding in the way."""
    with tenant_of(tmp_path, {Situation.CONCEPT_TO_BE: 0.5}) as one:
        yield one


def run(tenant: Tenant) -> None:
    headers = {"Idempotency-Key": "monday-morning", "traceparent": CALLER}
    assert tenant.api.post(PATH, {}, tenant.api.key(Role.OPERATOR), headers).status_code == 202
    tenant.finish()


def test_a_run_is_one_trace_from_the_caller_through_its_phases_to_each_call(
    tenant: Tenant, spans: InMemorySpanExporter
) -> None:
    run(tenant)

    found = spans.get_finished_spans()
    names = {one.context.span_id: one.name for one in found}
    of_phases = [one for one in found if one.name in PHASES]
    calls = [one for one in found if one.kind.name == "CLIENT"]
    assert {f"{one.context.trace_id:032x}" for one in found} == {CALLER.split("-")[1]}
    assert [one.name for one in of_phases] == PHASES
    assert {names[one.parent.span_id] for one in of_phases if one.parent} == {"sync run"}
    assert {names[one.parent.span_id] for one in calls if one.parent} >= {"reading Personio", "reading Loket"}
    assert "POST /v1/legal-entities/{entity}/sync-runs" in names.values()
    assert {one.attributes["http.response.status_code"] for one in calls if one.attributes} <= {200, 201, 204, 404}


def test_no_span_holds_anything_of_a_person(tenant: Tenant, spans: InMemorySpanExporter) -> None:
    run(tenant)
    number = next(
        one for one in tenant.running.company.colleagues if one.situation is not Situation.CONCEPT_TO_BE
    ).employee_number
    tenant.api.get(f"/v1/legal-entities/170/employees/{number}/history", person_id="NL91ABNA0417164300")
    tenant.api.get("/v1/events", actor="jan.jansen@example.org")
    tenant.api.get(f"/nowhere/{number}/jan.jansen@example.org")

    found = spans.get_finished_spans()
    everything = json.dumps([said(one) for one in found], ensure_ascii=False)
    assert len(found) > 20
    assert {name for one in found for name in one.attributes or {}} <= ATTRIBUTES
    for value in {*personal_values(tenant.running.company), "NL91ABNA0417164300", "jan.jansen"}:
        assert f'"{value}"' not in everything
        assert len(value) < 4 or value not in everything


def said(one: ReadableSpan) -> object:
    """Everything of a span that leaves, but its ids and times, which are random and may look like anything."""
    return [one.name, dict(one.attributes or {}), dict(one.resource.attributes), one.status.description,
            [(event.name, dict(event.attributes or {})) for event in one.events]]  # fmt: skip


def personal_values(company: Company) -> set[str]:
    return {
        str(value)
        for colleague in company.colleagues
        for value in dataclasses.asdict(colleague).values()
        if isinstance(value, str | int) and not isinstance(value, bool | Situation) and str(value)
    }


def test_a_failure_is_told_by_its_type_and_not_in_its_words(spans: InMemorySpanExporter) -> None:
    with pytest.raises(ValueError, match="Jansen"), span("deciding"):
        raise ValueError("Jansen lives at Main St")

    (one,) = spans.get_finished_spans()
    assert dict(one.attributes or {}) == {"error.type": "ValueError"}
    assert (one.status.is_ok, one.status.description, one.events) == (False, None, ())


def test_a_path_is_told_without_what_stands_in_it() -> None:
    paths = {
        "/v2/persons/3007/employments": "/v2/persons/{}/employments",
        "/v2/employees/9a7e2b1c-0000-4000-8000-00000000000a/payments": "/v2/employees/{}/payments",
        "/v2/legal-entities": "/v2/legal-entities",
        "/v2/persons/Jansen/jan.jansen@example.org": "/v2/persons/{}/{}",
        "/v2/employees/by-bsn/abcdef-abcdef-abcdef": "/v2/employees/by-bsn/{}",
        "": "",
    }

    assert {path: template(path) for path in paths} == paths


def test_log_lines_carry_the_trace_they_belong_to(
    tenant: Tenant, spans: InMemorySpanExporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TWEELUIK_LOG_LEVEL", "INFO")
    configure_logs()
    lines = io.StringIO()

    with redirect_stderr(lines):
        tenant.api.get("/healthz", headers={"traceparent": CALLER})

    (answered,) = [json.loads(line) for line in lines.getvalue().splitlines() if "answered" in line]
    assert answered["trace_id"] == CALLER.split("-")[1]


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"OTEL_SERVICE_NAME": "payroll"},
        {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318", "OTEL_SDK_DISABLED": "true"},
        {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318", "OTEL_TRACES_EXPORTER": "none"},
    ],
)
def test_nothing_is_traced_unless_the_environment_says_where_to(environment: dict[str, str]) -> None:
    configure_telemetry(environment)

    assert not tracing.tracing()


def test_without_the_extra_everything_works_and_one_line_says_what_is_missing(tmp_path: Path) -> None:
    code = """
import sys
class Absent:
    def find_spec(self, name, *_):
        if name.startswith("opentelemetry.sdk") or name.startswith("opentelemetry.exporter"):
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Absent())
from api.cli.main import main
sys.exit(main(["--config", sys.argv[1], "attributes", "--json"]))
"""
    asked = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9", "PATH": ""}

    config = tmp_path / "tweeluik.toml"
    shutil.copy(EXAMPLE, config)

    command = [sys.executable, "-c", code, str(config)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=asked)

    assert (done.returncode, bool(json.loads(done.stdout))) == (0, True)
    assert done.stderr.count("tweeluik[telemetry] is not installed") == 1
