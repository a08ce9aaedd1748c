"""The days that the examples of the API are of: each route is asked, and what it said is told with a name.

Sanne moves from Main St to Central Ave, Loket ended Jan's employment, Mo takes an e-mail address away.
Real runs over fakes of both systems; everything is asked over HTTP.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any, Final

import httpx

from adapters.access.tokens import Provider
from api.bootstrap import open_store
from api.http.app import create_app
from api.http.schemas import examples
from api.http.server import open_web
from domain.access import Role
from domain.attributes import Role as Attribute
from domain.services.access_keys import record_key_created
from domain.services.journal import Tools
from domain.values import BLANK, Actor, FieldPath, LegalEntityId, RunId
from tests.support.http_api import Api, settings_for
from tests.support.scribe import Scribe
from tests.support.waiting import until
from tests.support.world import TULP, World, WorldClock
from tests.support.world_in_process import InProcess

STREET: Final = FieldPath("address.street")
RUNS: Final = "/v1/legal-entities/170/sync-runs"
CHECKS: Final = "/v1/legal-entities/170/drift-checks"
PLANS: Final = "/v1/legal-entities/170/plans"
TASKS: Final = "/v1/legal-entities/170/tasks"
NOTHING: Final[Mapping[str, Any]] = {}
WHAT_IFS: Final = "/v1/legal-entities/170/what-ifs"
FORECASTS: Final = "/v1/legal-entities/170/forecasts"
VALIDATIONS: Final = "/v1/legal-entities/170/validations"
MARCH: Final = {"legal_entity": "170", "since": "2026-03-01", "until": "2026-03-31"}
WHY: Final = {"Tweeluik-Reason": "audit of March"}


@dataclass(frozen=True)
class Told:
    """One answer, as one example: `operation` is empty for a problem that any route may answer."""

    operation: str
    status: int
    name: str
    value: Any


@dataclass
class Day:
    api: Api
    world: World
    told: list[Told] = field(default_factory=list)
    asked: int = 0

    def key(self, role: Role, holder: str) -> str:
        return self.api.key(role, None, holder=holder, until=date(2040, 12, 31))

    def get(self, operation: str, name: str, path: str, key: str, **query: Any) -> Any:
        headers = query.pop("headers", None)
        return self._tell(operation, name, self.api.get(path, key, headers, **query))

    def post(self, operation: str, name: str, path: str, body: Any, key: str) -> Any:
        self.asked += 1
        headers = {"Idempotency-Key": f"example-{self.asked}"}
        return self._tell(operation, name, self.api.post(path, body, key, headers))

    def problem(self, operation: str, name: str, answer: httpx.Response) -> None:
        self._tell(operation, name, answer)

    def _tell(self, operation: str, name: str, answer: httpx.Response) -> Any:
        value = answer.json()  # who asked may shorten it
        self.told.append(Told(operation, answer.status_code, name, value))
        return value


@contextmanager
def day(folder: Path) -> Iterator[Day]:
    world = World(InProcess())
    for name in ("Sanne", "Jan", "Mo"):
        world.employ(name)
    settings = settings_for(f"sqlite:///{folder}/log.db", folder)
    entity = settings.legal_entity[0].model_copy(update={"compensation_start_date": None, "allow_accepted_drift": True})
    target = {"url": "mailtos://user:password@mail.example.org?to=payroll@example.org"}
    alerts = type(settings.alerts).model_validate({**settings.alerts.model_dump(), "targets": {"payroll_desk": target}})
    settings = settings.model_copy(update={"legal_entity": [entity], "alerts": alerts})
    clock: WorldClock = world.clock
    with open_store(settings, clock=clock) as store, open_web(settings, store) as web:
        fakes = world.tools()
        tools = Tools(
            clock=clock, log=store.log, vault=store.vault, claims=store.claims, views=store.views,
            personio=fakes.personio, loket=fakes.loket,
        )  # fmt: skip
        web.tools = lambda: nullcontext(tools)
        yield Day(Api(web, Scribe(store.log), clock), world)  # type: ignore[arg-type]
    world.close()


def played(folder: Path) -> list[Told]:
    """Every answer, in the order in which it was given."""
    with day(folder) as one:
        for part in (runs, people, reports, log, erasing, releasing, problems):
            part(one)
        return one.told


def runs(one: Day) -> None:
    """A first run on 1 March, one on the 15th that overwrites, a drift check on the 16th."""
    api, world, auditor = one.api, one.world, one.key(Role.AUDITOR, "Anja")
    fatima = one.key(Role.PAYROLL_ADMIN, "Fatima")

    def run(on: date, *, tell: bool) -> str:
        world.clock.travel(on)
        count = len(one.told)
        accepted: dict[str, str] = one.post("start_run", "a run has begun", RUNS, {}, fatima)
        for thread in api.web.runs:
            thread.join()
        if not tell:
            del one.told[count:]
        return accepted["run_id"]

    run(date(2026, 3, 1), tell=False)
    world.clock.travel(date(2026, 3, 15), time(8))
    world.edit("Sanne", Attribute("street"), "Central Ave")
    world.edit("Mo", Attribute("personal_email"), BLANK)
    world.payroll.end_employment(TULP, world.people["Jan"].number, date(2026, 4, 30))
    second = run(date(2026, 3, 15), tell=True)
    one.get("runs", "a run, newest first", "/v1/sync-runs", auditor, limit=1)
    one.get("run", "a run with every outcome", f"/v1/sync-runs/{second}", auditor)
    one.get(
        "run_outcomes", "whom it wrote for", f"/v1/sync-runs/{second}/outcomes", auditor, outcome="updated", limit=1
    )
    one.get("run_replay", "every decision, once more", f"/v1/sync-runs/{second}/replay", auditor)
    world.clock.travel(date(2026, 3, 16))
    world.payroll.set_field(TULP, world.people["Sanne"].number, STREET, "Side St")
    ordered(one, "check", "checked", "someone typed over a street in Loket", CHECKS, fatima)
    ordered(one, "plan", "planned", "the street would be put back", PLANS, fatima)
    print_of_plan = one.told[-1].value["report"]["fingerprint"]
    one.get("plan_named", "the street would be put back", f"{PLANS}/{print_of_plan}", fatima)
    ordered(one, "validation", "validated", "nothing stands in the way", VALIDATIONS, fatima)
    ordered(one, "forecast", "foretold", "nothing is shown ahead", FORECASTS, fatima)
    wanted = {"run": second, "settings": ["rules.leave_counts_as_active=true"]}
    ordered(one, "what_if", "what_would_be", "nobody is on leave: nothing would be other", WHAT_IFS, auditor, wanted)
    one.get("schedule", "nothing is planned", "/v1/schedule", auditor)
    one.get("me", "Fatima, of payroll", "/v1/me", fatima)
    judged = one.get("settings_applied", "the settings of every run so far", "/v1/legal-entities/170/settings", fatima)
    for each in judged["settings"]:
        each["settings"] = {name: each["settings"][name] for name in ("rules", "brake")}  # the rest is as long
    to_do(one, fatima, auditor)
    one.get("drift", "a street that differs", "/v1/drift", auditor, legal_entity="170")
    deciding(one, fatima, auditor)


def deciding(one: Day, fatima: str, auditor: str) -> None:
    """Sanne's street: Fatima decides this and that about it, and in the end nothing."""
    entity = "/v1/legal-entities/170"
    path = f"{entity}/employees/{one.world.people['Sanne'].number}"
    street: dict[str, Any] = {"fields": [str(STREET)], "reason": "she moves twice this month"}

    def decide(operation: str, name: str, what: str, **more: Any) -> None:
        one.post(operation, name, f"{path}/differences/{what}", {**street, **more}, fatima)

    decide("accept", "left as it is in Loket for a month", "accepted", until="2026-04-15")
    del street["reason"]
    decide("extend_acceptance", "for the same reason, two weeks longer", "extended", until="2026-04-30")
    street["reason"] = "a typing error"
    decide("acknowledge", "it may be overwritten", "acknowledged")
    decide("keep", "Loket is right", "kept")
    one.get("to_enter", "a street that belongs in Personio", f"{entity}/to-enter", auditor)
    decide("withdraw", "nothing is decided any more", "withdrawn")
    why = {"reason": "her move is being entered"}
    one.post("hold_out", "the next run leaves Sanne out", f"{path}/hold-out", why, fatima)
    one.post("let_in", "it does not after all", f"{path}/hold-out/withdrawn", {"reason": "it is entered"}, fatima)


def to_do(one: Day, fatima: str, auditor: str) -> None:
    """Mo's postal code is typed wrong, which a validation finds; Fatima sees to it, and puts it right."""
    world = one.world
    right = world.people["Mo"].values[Attribute("postal_code")]
    world.edit("Mo", Attribute("postal_code"), "1234 SS")
    count = len(one.told)
    ordered(one, "validation", "validated", "", VALIDATIONS, fatima)
    del one.told[count:]
    (task,) = one.get("tasks", "Mo's postal code", TASKS, auditor, who="hr")["items"]
    one.get("legal_entities", "one that has a task", "/v1/legal-entities", auditor)
    path = f"{TASKS}/{task['task']}"
    one.post("take", "Fatima sees to it today", f"{path}/taken", {}, fatima)
    one.post("give_back", "somebody else can", f"{path}/given-back", {}, fatima)
    one.post("take", "Fatima sees to it today", f"{path}/taken", {}, fatima)
    joost = one.key(Role.PAYROLL_ADMIN, "Joost")
    headers = {"Idempotency-Key": "example-taken"}
    one.problem("take", "Fatima has it", one.api.post(f"{path}/taken", {}, joost, headers))
    world.edit("Mo", Attribute("postal_code"), right)
    ordered(one, "validation", "validated", "one has ended", VALIDATIONS, fatima)
    one.get("task", "it has ended", path, auditor)


def ordered(
    one: Day, operation: str, fetched: str, name: str, path: str, key: str, body: Mapping[str, Any] = NOTHING
) -> None:
    """The order, and what came of it once it was done."""
    accepted = one.post(operation, name, path, dict(body), key)
    for thread in one.api.web.runs:
        thread.join()
    one.get(fetched, name, accepted["status_url"], key)


def people(one: Day) -> None:
    auditor, sanne = one.key(Role.AUDITOR, "Anja"), one.world.people["Sanne"].number
    base = "/v1/legal-entities/170/employees"
    overwritten = {"kind": "loket_record.field_overwritten.v1", "field": str(STREET)}
    one.get("events", "Main St becomes Central Ave, masked as for every caller at first", "/v1/events", auditor,
            **overwritten)  # fmt: skip
    one.get("employees", "everyone, with what the latest run made of them", base, auditor)
    history = one.get("history", "Sanne's street", f"{base}/{sanne}/history", auditor)
    history["items"] = [line for line in history["items"] if line["kind"] == overwritten["kind"]]
    state = one.get("state", "the street in both systems", f"{base}/{sanne}/state", auditor, on="2026-03-15")
    state["items"] = [item for item in state["items"] if item["field"] == STREET]
    told = one.get("comparison", "the street, and what led to it", f"{base}/{sanne}/comparison", auditor)
    told["items"] = [item for item in told["items"] if item["field"] == STREET]
    one.get("outcomes", "why Jan was not synced on 15 March 2026", f"{base}/{one.world.people['Jan'].number}/outcomes",
            auditor, on="2026-03-15")  # fmt: skip
    one.get("handover", "what is to be done by hand", "/v1/legal-entities/170/handover", auditor, language="en")
    one.get("terminations", "Jan, by an end date in Loket", "/v1/terminations", auditor, legal_entity="170")
    raised = one.get("alerts", "a difference that wants a hand", "/v1/alerts", auditor, limit=1)
    one.get("alert", "a difference that wants a hand", f"/v1/alerts/{raised['items'][0]['alert']}", auditor)


def reports(one: Day) -> None:
    api, auditor = one.api, one.key(Role.AUDITOR, "Anja")
    fatima, joost = one.key(Role.PAYROLL_ADMIN, "Fatima"), one.key(Role.PAYROLL_ADMIN, "Joost")
    path = "/v1/overwritten-fields"
    one.get("overwritten_fields", "a street replaced and an e-mail address cleared", path, auditor, **MARCH)
    order = one.get("overwritten_fields", "two people in clear: somebody else has to release it", path, fatima, **MARCH,
                    format="csv", unmask=True, headers=WHY)  # fmt: skip
    url = order["status_url"]
    one.get("waiting_reports", "what Fatima ordered and Joost may release", "/v1/reports", joost)
    one.problem("report_file", "not released yet", api.get(f"{url}/file", fatima))
    one.get("ordered", "it waits for a second person", url, fatima)
    one.post("release", "Joost agrees", f"{url}/release", {}, joost)
    one.get("ordered", "it is ready", url, fatima)
    api.get(f"{url}/file", fatima)
    orders = "/v1/legal-entities/170/reports"
    period = {"since": "2026-03-01", "until": "2026-03-31"}
    made = one.post("order_report", "the pay mutations of March, in Dutch", orders,
                    {"kind": "pay_mutations", "format": "pdf", "language": "nl", **period}, auditor)  # fmt: skip
    until(lambda: api.get(made["status_url"], auditor).json()["status"] == "ready", "the PDF of the pay mutations")
    one.get("reports_of_entity", "what Anja ordered", orders, auditor)
    data = one.api.post(
        orders, {"kind": "pay_mutations", "format": "json", **period}, auditor, {"Idempotency-Key": "pay-as-data"}
    )
    one.get("report_file", "pay mutations as JSON", f"{data.json()['status_url']}/file", auditor)
    more = {"legal_entity": "170", "people": 40, "reason": "a survey"}
    asked = one.post("ask_for_more_people", "forty more today", "/v1/more-people", more, fatima)
    one.get("more_people_waiting", "what Fatima asked for and Joost may agree to", "/v1/more-people", joost)
    agreement = f"/v1/more-people/{asked['asked']}/agreement"
    one.post("agree_to_more_people", "Joost agrees", agreement, {}, joost)
    picture = api.get(path, auditor, {"Accept": "image/png"}, **MARCH)
    one.problem("overwritten_fields", "a type that cannot be had", picture)
    one.world.clock.sleep(timedelta(hours=24).total_seconds())
    one.problem("report_file", "a day later", api.get(f"{url}/file", fatima))


def log(one: Day) -> None:
    api, auditor = one.api, one.key(Role.AUDITOR, "Anja")
    record_key_created(
        api.web.store.log, api.clock, actor=Actor("Petra"), key_id="tw_0123456789", holder="Joost",
        role="payroll_admin", entities=("170",), expires_on=date(2026, 12, 31),
    )  # fmt: skip
    api.web.seal()
    name = "March, in which Fatima was shown a report in clear"
    review = one.get("access_review", name, "/v1/access-review", auditor, month="2026-03")
    review["read"] = review["read"][:3]
    review["keys"] = [each for each in review["keys"] if each["by"] == "Petra"]
    rule = one.get("rule", "the rule that leaves Jan out", "/v1/rules/END-2", auditor)
    del rule["scenarios"][1:]
    rules = one.get("rules", "two of the rules", "/v1/rules", auditor)
    rules["items"] = [each for each in rules["items"] if each["id"] in ("EDIT-1", "END-2")]
    for each in rules["items"]:
        del each["scenarios"][1:]
    rules["never_exercised"] = rules["never_exercised"][:2]
    attributes = one.get("attributes", "the street", "/v1/attributes", auditor)
    attributes["attributes"] = [each for each in attributes["attributes"] if each["loket"] == STREET]
    one.get("head", "the newest head", "/v1/log/head", auditor)
    one.get("proof", "the first event", "/v1/log/events/0/proof", auditor)
    one.get("event_certificate", "the first event, for the offline verifier", "/v1/log/events/0/certificate", auditor)
    one.get("consistency", "the log of ten events is the beginning of that of twenty", "/v1/log/consistency", auditor,
            from_size=10, to_size=20)  # fmt: skip
    ordered(one, "verification", "verified", "the log is sound", "/v1/log/verifications", auditor)
    one.get("verdict", "the same, for everybody", "/v1/log/verdict", auditor)
    one.get("healthz", "it answers", "/healthz", auditor)
    one.get("readyz", "it is ready", "/readyz", auditor)


def erasing(one: Day) -> None:
    """Jan left in April 2026: two years later his phones and e-mail may go, what is fiscal may not."""
    one.world.clock.travel(date(2028, 6, 1))
    petra, bram = one.key(Role.PRIVACY_OFFICER, "Petra"), one.key(Role.PRIVACY_OFFICER, "Bram")
    jan = one.world.people["Jan"].person
    about = {"person_id": jan, "reason": "Jan asked for it"}
    asked = one.post("request_erasure", "fiscal values are kept", "/v1/erasures", about, petra)
    one.post("hold", "Jan's values are kept for now", "/v1/holds", {**about, "reason": "a lawsuit"}, petra)
    one.get("erasures", "a request, and a hold that stops it", "/v1/erasures", petra)
    confirmation = f"/v1/erasures/{asked['erasure']}/confirmation"
    one.post("confirm_erasure", "a hold stands", confirmation, {}, bram)
    one.post("release_hold", "the hold is over", f"/v1/holds/{jan}/release", {"reason": "settled"}, petra)
    one.get("erasure", "it waits for somebody else", f"/v1/erasures/{asked['erasure']}", bram)
    one.post("confirm_erasure", "phones and e-mail are gone", confirmation, {}, bram)


def releasing(one: Day) -> None:
    """Loket shows Mo no more, which Fatima's check finds; Joost knows that payroll took him out."""
    mo = one.world.people["Mo"]
    one.world.payroll.hide_employee(TULP, mo.number)
    fatima, joost = one.key(Role.PAYROLL_ADMIN, "Fatima"), one.key(Role.PAYROLL_ADMIN, "Joost")
    assert one.api.post(CHECKS, {}, fatima, {"Idempotency-Key": "example-missed"}).status_code == 202
    for thread in one.api.web.runs:
        thread.join()
    path = f"/v1/legal-entities/170/employees/{mo.number}/release"
    one.post("release_number", "Loket really removed Mo", path, {"reason": "taken out by payroll in May"}, joost)


def problems(one: Day) -> None:
    """One of each that any route may answer."""
    api, auditor = one.api, one.key(Role.AUDITOR, "Anja")
    fatima, headers = one.key(Role.PAYROLL_ADMIN, "Fatima"), {"Idempotency-Key": "example-0"}
    as_json = {**headers, "Content-Type": "application/json"}
    one.problem("", "a body that is no JSON", api.ask("POST", RUNS, fatima, as_json, content="{"))
    one.problem("", "no key and no token", api.ask("GET", "/v1/rules", None))
    one.problem("", "an auditor starts no run", api.post(RUNS, {}, auditor, headers))
    one.problem("", "another's, or nothing at all", api.get("/v1/legal-entities/999/employees", auditor))
    one.problem("", "a body that is too large", api.post(RUNS, {"confirm": "x" * 70_000}, fatima, headers))
    one.problem("", "a filter that does not exist", api.get("/v1/events", auditor, employeenumber=4711))
    with api.web.store.claims.claim(LegalEntityId("170"), RunId("20260315-093000-k3f9q2")):
        one.problem("start_run", "another run is in progress", api.post(RUNS, {}, fatima, headers))
    holds = {"person_id": str(one.world.people["Jan"].person), "reason": "a lawsuit"}
    petra = one.key(Role.PRIVACY_OFFICER, "Petra")
    api.post("/v1/holds", holds, petra, headers)
    again = api.post("/v1/holds", {**holds, "reason": "another"}, petra, headers)
    one.problem("", "the key was used for another request", again)
    with broken_disk(Path(tempfile.gettempdir()) / "nowhere"):
        one.problem("", "a fault of ours", api.get("/v1/overwritten-fields", auditor, **MARCH, format="csv"))
    api.web.provider = unreachable()
    one.problem("", "the identity provider cannot be reached", api.ask("GET", "/v1/rules", "a.bearer.token"))
    one.problem("", "more than the configured number a minute", slowed(one)("/v1/attributes"))


def slowed(one: Day) -> Callable[[str], httpx.Response]:
    """The first answer to one question too many."""
    web, auditor = one.api.web, one.key(Role.AUDITOR, "Anja")
    serve = web.settings.serve.model_copy(update={"requests_per_minute": 20})
    web.settings = web.settings.model_copy(update={"serve": serve})
    one.api.app = create_app(web)
    return lambda path: next(
        answer for answer in (one.api.get(path, auditor) for _ in range(100)) if answer.status_code == 429
    )


@contextmanager
def broken_disk(nowhere: Path) -> Iterator[None]:
    tempfile.tempdir = str(nowhere)
    try:
        yield
    finally:
        tempfile.tempdir = None


def unreachable() -> Provider:
    def fetch() -> Any:
        raise httpx.ConnectError("refused")

    return Provider(
        issuer="https://login.example.org/", audience="tweeluik", algorithms=("RS256",), roles_claim="roles",
        entities_claim="legal_entities", subject_claim="sub", fetch=fetch,
    )  # fmt: skip


def written(folder: Path) -> str:
    """The file of examples: operation, code of the answer, name."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for one in played(folder):
        found.setdefault(one.operation, {}).setdefault(str(one.status), {})[one.name] = one.value
    return json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        Path(examples.__file__).with_name("examples.json").write_text(written(Path(name)), encoding="utf-8")
