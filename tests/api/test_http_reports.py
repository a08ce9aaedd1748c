"""The overwritten-field report as files over HTTP: at once or ordered, in clear only with a second subject."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from threading import Event
from typing import Any, BinaryIO
from zipfile import ZipFile

import pytest

from adapters.log.offline_verifier import verified_archive
from adapters.reports.files import MEDIA, Format
from api.http import report_files as reporting
from domain.access import Role
from domain.events.custody import PeopleNamed
from domain.events.loket import FieldOverwritten
from domain.events.runs import RunStarted
from domain.personal import Retention
from domain.streams import CUSTODY, loket_stream, run_stream
from domain.values import EmployeeNumber, LegalEntityId, RunId, SubjectRef
from tests.support.http_api import Api, http_api
from tests.support.openid import Token, provider
from tests.support.raw_sql import execute

PATH = "/v1/overwritten-fields"
PERIOD: dict[str, Any] = {"legal_entity": "170", "since": "2026-03-15", "until": "2026-03-15"}
WHY = {"Tweeluik-Reason": "audit of the year"}


@pytest.fixture
def api(log_url: str, tmp_path: Path) -> Iterator[Api]:
    with http_api(log_url, tmp_path) as api:
        write = api.scribe.write
        write(run_stream(RunId("run-1")), RunStarted(legal_entity="170", business_date=date(2026, 3, 15)))
        for number, street in ((4711, "Main St"), (4712, "Long Lane")):
            overwritten = FieldOverwritten(
                run_id="run-1", intent="i-1", person_id=f"p-{number}", subject=f"s-{number}", field="address.street",
                before=street, after="Central Ave", rule="EDIT-1",
            )  # fmt: skip
            write(loket_stream(LegalEntityId("170"), EmployeeNumber(number)), overwritten)
        yield api


def order(api: Api, key: str, **more: Any) -> Any:
    return api.get(PATH, key, WHY, **PERIOD, format="csv", unmask=True, **more)


def release(api: Api, report: Any, key: str) -> Any:
    return api.post(f"{report['status_url']}/release", {}, key, {"Idempotency-Key": "release-it"})


def admin(api: Api, holder: str, entities: tuple[str, ...] | None = ("170",)) -> str:
    return api.key(Role.PAYROLL_ADMIN, entities, holder=holder)


@contextmanager
def busy(api: Api) -> Iterator[None]:
    """Another report is being made, so that none is begun."""
    done = Event()

    def make() -> BinaryIO:
        done.wait()
        return io.BytesIO()

    api.web.reports.ready("another report", make)
    try:
        yield
    finally:
        done.set()


def test_more_people_than_one_person_opens_a_day_take_a_second_person(api: Api) -> None:
    access = api.web.settings.access.model_copy(update={"people_a_day": 1})
    api.web.settings = api.web.settings.model_copy(update={"access": access})
    fatima, joost = admin(api, "Fatima"), admin(api, "Joost")
    paths = [f"/v1/legal-entities/170/employees/{number}/history" for number in (4711, 4712)]
    body = {"legal_entity": "170", "people": 1, "reason": "a survey"}

    first, second = (api.get(path, fatima, WHY, unmask=True) for path in paths)
    asked = api.post("/v1/more-people", body, fatima, {"Idempotency-Key": "monday-1"})
    url = f"/v1/more-people/{asked.json()['asked']}/agreement"
    herself = api.post(url, {}, fatima, {"Idempotency-Key": "monday-2"})
    (waiting,) = api.get("/v1/more-people", joost).json()["items"]
    agreed = api.post(url, {}, joost, {"Idempotency-Key": "monday-3"})
    again = api.get(paths[1], fatima, WHY, unmask=True)
    elsewhere = api.key(Role.PAYROLL_ADMIN, ("171",), holder="Cor")

    assert (first.status_code, second.status_code, second.json()["title"]) == (200, 403, "too many people")
    assert "POST /v1/more-people" in second.json()["detail"]
    assert (asked.status_code, herself.status_code, agreed.status_code) == (201, 403, 200)
    assert (waiting["asked_by"], waiting["reason"]) == ("Fatima", "a survey")
    assert again.status_code == 200
    assert api.post(url, {}, elsewhere, {"Idempotency-Key": "monday-4"}).status_code == 404
    assert api.get("/v1/more-people", elsewhere).json() == {"items": [], "agreed": []}
    assert api.post("/v1/more-people", body, elsewhere, {"Idempotency-Key": "monday-5"}).status_code == 404


@pytest.mark.parametrize("why", ["", " why  ", "w" * 501])
def test_a_reason_is_as_long_wherever_values_or_names_are_shown(api: Api, why: str) -> None:
    fatima, said = admin(api, "Fatima"), {"Tweeluik-Reason": why}
    base = "/v1/legal-entities/170"
    order = {"kind": "overwritten_fields", "format": "csv", "since": "2026-03-01", "until": "2026-03-31", "reason": why}

    refused = [
        api.get(f"{base}/employees/4711/state", fatima, said, unmask=True),
        api.get(f"{base}/employees/4711/history", fatima, said, unmask=True),
        api.get(f"{base}/handover", fatima, said, names=True),
        api.get(PATH, fatima, said, **PERIOD, format="csv", unmask=True, employee_number=4711),
        api.post(f"{base}/reports", order, fatima, {"Idempotency-Key": "wednesday-1"}),
    ]

    assert [one.status_code for one in refused] == [422] * 5
    assert all("5" in one.json()["detail"] for one in refused)


def test_whoever_sees_names_asks_for_more_and_somebody_who_sees_values_agrees(api: Api) -> None:
    fatima, hanna = admin(api, "Fatima"), api.key(Role.HR, ("170",), holder="Hanna")
    bodies = [{"legal_entity": "170", "people": 40, "reason": why} for why in ("names for Friday", "a survey")]
    keys = ({"Idempotency-Key": f"tuesday-{one}"} for one in range(9))

    hers = api.post("/v1/more-people", bodies[0], hanna, next(keys))
    fatimas = api.post("/v1/more-people", bodies[1], fatima, next(keys))
    waiting = [[one["reason"] for one in api.get("/v1/more-people", who).json()["items"]] for who in (hanna, fatima)]
    agreements = [
        api.post(f"/v1/more-people/{asked.json()['asked']}/agreement", {}, who, next(keys)).status_code
        for asked, who in ((fatimas, hanna), (hers, hanna), (hers, fatima))
    ]

    good = [[one["agreed_by"] for one in api.get("/v1/more-people", who).json()["agreed"]] for who in (hanna, fatima)]

    assert good == [["Fatima"], []]
    assert waiting == [["names for Friday"], ["names for Friday", "a survey"]]
    assert agreements == [403, 403, 200]


@pytest.mark.parametrize("wanted", ["csv", "ndjson", "xlsx", "pdf"])
def test_a_small_report_is_one_masked_file_that_prints_its_checkpoint(api: Api, wanted: str) -> None:
    answer = api.get(PATH, **PERIOD, format=wanted)

    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == f'attachment; filename="overwritten-fields.{wanted}"'
    if wanted == "pdf":
        assert answer.content.startswith(b"%PDF")
        return
    text = answer.text if wanted != "xlsx" else _texts(answer.content)
    assert "4712" in text
    assert "•••" in text
    assert "tweeluik" in text  # the origin of the checkpoint
    assert "Main St" not in text


@pytest.mark.parametrize(
    ("accept", "format", "media"),
    [
        ("text/csv", None, "text/csv; charset=utf-8"),
        ("application/pdf;q=0.2, text/*;q=0.3", None, "text/csv; charset=utf-8"),
        ("text/csv", "ndjson", "application/x-ndjson"),
        ("text/html", "ndjson", "application/x-ndjson"),
        ("*/*", None, "application/json"),
        ("text/html, */*;q=0.1", None, "application/json"),
    ],
)
def test_accept_chooses_between_pages_and_files_and_a_named_format_wins(
    api: Api, accept: str, format: str | None, media: str
) -> None:
    answer = api.get(PATH, headers={"Accept": accept}, **PERIOD, **({"format": format} if format else {}))

    assert (answer.status_code, answer.headers["content-type"]) == (200, media)
    assert answer.headers["vary"] == "Authorization, Accept"


def test_what_cannot_be_had_is_a_problem_that_names_what_can(api: Api) -> None:
    answer = api.get(PATH, headers={"Accept": "image/png;q=0.7"}, **PERIOD)

    assert (answer.status_code, answer.headers["content-type"]) == (406, "application/problem+json")
    assert answer.headers["vary"] == "Authorization, Accept"
    assert answer.json()["type"] == "urn:tweeluik:problem:not-acceptable"
    assert "application/json, text/csv, application/x-ndjson" in answer.json()["detail"]
    assert "png" not in answer.text


def test_the_tag_of_the_pages_is_none_of_a_file(api: Api) -> None:
    pages = api.get(PATH, **PERIOD)
    same = {"If-None-Match": pages.headers["etag"]}
    again = api.get(PATH, headers=same, **PERIOD)
    file = api.get(PATH, headers={**same, "Accept": "text/csv"}, **PERIOD)

    assert (again.status_code, again.headers["vary"]) == (304, "Authorization, Accept")
    assert (file.status_code, file.headers["content-type"]) == (200, "text/csv; charset=utf-8")


def test_values_in_clear_come_in_a_file_and_never_in_pages(api: Api) -> None:
    def asked(accept: str) -> Any:
        wanted = {**WHY, "Accept": accept}
        return api.get(PATH, admin(api, "Fatima"), wanted, **PERIOD, unmask=True, employee_number=4711)

    any_kind, csv, pages = (asked(one) for one in ("*/*", "text/csv", "application/json"))

    assert [one.headers["content-type"].split(";")[0] for one in (any_kind, csv)] == [
        "application/x-ndjson",
        "text/csv",
    ]
    assert "Main St" in csv.text
    assert (pages.status_code, "Main St" in pages.text) == (406, False)


def test_one_person_is_shown_in_clear_with_a_reason_on_record_and_several_need_a_second_person(api: Api) -> None:
    fatima = admin(api, "Fatima")

    refused = api.get(PATH, headers=WHY, **PERIOD, format="csv", unmask=True)
    no_reason = api.get(PATH, fatima, **PERIOD, format="csv", unmask=True)
    one = order(api, fatima, employee_number=4711)
    both = order(api, fatima)

    assert [each.status_code for each in (refused, no_reason, one, both)] == [403, 422, 200, 202]
    assert "Main St" in one.text
    assert (both.json()["status"], both.json()["people"], both.json()["download_url"]) == ("awaits_release", 2, None)
    shown = api.get("/v1/events", kind="custody.values_unmasked.v1").json()["items"]
    assert [(each["actor"], each["employee_number"]) for each in shown] == [("Fatima", 4711)]


def test_an_edited_view_makes_nobody_of_several_people_one(api: Api, log_url: str) -> None:
    api.get(PATH, admin(api, "Fatima"), **PERIOD)
    execute(log_url, "DELETE FROM overwritten_fields WHERE employee_number = 4712")

    answer = order(api, admin(api, "Fatima"))

    assert answer.status_code == 202
    assert answer.json()["people"] == 2


def test_another_subject_releases_it_on_record_and_only_the_first_fetches_it(api: Api) -> None:
    fatima, joost = admin(api, "Fatima"), admin(api, "Joost")
    report = order(api, fatima).json()
    early = api.get(f"{report['status_url']}/file", fatima)
    herself = release(api, report, admin(api, "FATIMA ", None))
    elsewhere = release(api, report, admin(api, "Roos", ("171",)))
    seen_by_joost = api.get(report["status_url"], joost).json()
    released = release(api, report, joost)
    file, others = (api.get(f"{report['status_url']}/file", key) for key in (fatima, joost))

    assert [one.status_code for one in (early, herself, elsewhere)] == [403, 403, 404]
    assert seen_by_joost["reason"] == "audit of the year"
    assert (released.json()["status"], released.json()["released_by"]) == ("ready", "Joost")
    assert (file.status_code, others.status_code) == (200, 404)
    assert "Main St" in file.text
    assert "Long Lane" in file.text
    kinds = [each["kind"] for each in api.get("/v1/events").json()["items"]][-3:]
    assert kinds == ["report.ordered.v1", "report.released.v1", "custody.values_unmasked.v1"]


def test_a_token_releases_nothing_that_a_key_ordered_since_both_may_be_one_person(api: Api) -> None:
    api.web.provider = provider()
    token = Token(subject="fatima@example.nl", roles=("payroll_admin",)).text()
    report = order(api, admin(api, "Fatima")).json()
    listed, released = api.get("/v1/reports", token).json()["items"], release(api, report, token)

    assert listed == []
    assert (released.status_code, released.json()["type"]) == (403, "urn:tweeluik:problem:second-person-needed")
    assert "whose name comes from where the first one's does" in released.json()["detail"]


def test_what_is_recorded_after_the_order_is_not_shown_by_it(api: Api) -> None:
    fatima = admin(api, "Fatima")
    report = order(api, fatima).json()
    release(api, report, admin(api, "Joost"))
    late = FieldOverwritten(
        run_id="run-1", intent="i-2", person_id="p-9", subject="s-9", field="address.street", before="Secret Sq",
        after="Central Ave", rule="EDIT-1",
    )  # fmt: skip
    api.scribe.write(loket_stream(LegalEntityId("170"), EmployeeNumber(9)), late)

    assert "Secret Sq" not in api.get(f"{report['status_url']}/file", fatima).text


def test_an_order_expires_after_a_day_and_an_erasure_reaches_it_before(api: Api) -> None:
    fatima = admin(api, "Fatima")
    report = order(api, fatima).json()
    release(api, report, admin(api, "Joost"))
    api.web.store.log.vault.destroy(SubjectRef("s-4711"), Retention.FISCAL_7Y)
    erased = api.get(f"{report['status_url']}/file", fatima).text
    api.clock.instant += timedelta(hours=24)
    expired = api.get(f"{report['status_url']}/file", fatima)

    assert "Main St" not in erased
    assert "erased" in erased
    assert "Long Lane" in erased
    assert expired.status_code == 410
    assert api.get(report["status_url"], fatima).json()["status"] == "expired"


@pytest.mark.parametrize("wanted", ["csv", "ndjson", "xlsx", "pdf"])
def test_a_large_report_is_ordered_and_made_while_nobody_waits(
    api: Api, monkeypatch: pytest.MonkeyPatch, wanted: str
) -> None:
    monkeypatch.setattr(reporting, "AT_ONCE", 1)
    with busy(api):
        accepted = api.get(PATH, **PERIOD, format=wanted)
        meanwhile = api.get(accepted.headers["Location"])
        another = api.get(accepted.headers["Location"], api.key(Role.AUDITOR, holder="Bram"))
    url = f"{meanwhile.json()['status_url']}/file"
    file, again = api.get(url), api.get(url)
    done = api.get(accepted.headers["Location"]).json()

    assert (accepted.status_code, accepted.json()) == (202, meanwhile.json())
    assert (meanwhile.json()["status"], meanwhile.json()["download_url"]) == ("in_progress", None)
    assert (another.status_code, meanwhile.headers["cache-control"]) == (404, "no-store")
    assert (file.status_code, file.headers["content-type"]) == (200, MEDIA[Format(wanted)])
    assert (done["status"], done["download_url"]) == ("ready", url)
    assert file.content == again.content
    if wanted == "ndjson":
        assert file.text.count('"kind": "overwritten"') == 2


def test_a_file_that_could_not_be_made_is_a_fault_that_is_told_and_the_next_try_succeeds(
    api: Api, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(reporting, "AT_ONCE", 1)
    with monkeypatch.context() as disk:
        disk.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
        with busy(api):
            url = f"{api.get(PATH, **PERIOD, format='csv').headers['Location']}/file"
        failed = api.get(url)
    made = api.get(url)

    assert (failed.status_code, failed.json()["type"]) == (500, "urn:tweeluik:problem:fault")
    assert made.status_code == 200


def test_orders_that_wait_are_listed_for_whoever_may_release_them_and_nobody_else(api: Api) -> None:
    fatima, joost = admin(api, "Fatima"), admin(api, "Joost")
    reports = [order(api, fatima).json() for _ in range(2)]
    api.get(PATH, fatima, WHY, **PERIOD, format="csv", unmask=True, employee_number=4711)  # needs nobody else
    own, elsewhere, listed = (
        api.get("/v1/reports", key).json()["items"] for key in (fatima, admin(api, "Roos", ("171",)), joost)
    )
    release(api, reports[0], joost)
    left = api.get("/v1/reports", joost).json()["items"]
    api.clock.instant += timedelta(hours=24)
    a_day_later = api.get("/v1/reports", joost)

    assert (own, elsewhere) == ([], [])
    assert [one["report"] for one in listed] == [one["report"] for one in reports]
    assert [(one["ordered_by"], one["people"], one["reason"]) for one in listed] == 2 * [
        ("Fatima", 2, "audit of the year")
    ]
    assert [one["report"] for one in left] == [reports[1]["report"]]
    assert (a_day_later.json()["items"], a_day_later.headers["cache-control"]) == ([], "no-store")


@pytest.mark.parametrize("wanted", ["csv", "ndjson", "xlsx", "pdf"])
def test_a_file_in_clear_is_never_on_disk(
    api: Api, wanted: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))  # whoever wants a file there fails

    answer = api.get(PATH, admin(api, "Fatima"), WHY, **PERIOD, format=wanted, unmask=True, employee_number=4711)

    assert answer.status_code == 200


def _texts(workbook: bytes) -> str:
    with ZipFile(io.BytesIO(workbook)) as parts:
        return "".join(parts.read(name).decode() for name in parts.namelist())


REPORTS = "/v1/legal-entities/170/reports"
OF_MARCH = {"since": "2026-03-01", "until": "2026-03-31"}


def wanted(api: Api, key: str, kind: str, format: str, **more: Any) -> Any:
    body = {"kind": kind, "format": format, **OF_MARCH, **more}
    return api.post(REPORTS, body, key, {"Idempotency-Key": f"order-{kind}-{format}-{'reason' in more}"})


def raised(api: Api) -> None:
    """The wage of a part-timer."""
    fact = FieldOverwritten(
        run_id="run-1", intent="i-9", person_id="p-4711", subject="s-4711", field="wage.grossWage", before="2200.00",
        after="2400.00", effective_on=date(2026, 3, 1), rule="PAY-3",
    )  # fmt: skip
    api.scribe.write(loket_stream(LegalEntityId("170"), EmployeeNumber(4711)), fact)


@pytest.mark.parametrize(
    ("kind", "format", "begins", "holds"),
    [
        ("overwritten_fields", "csv", b'"kind"', b"Street"),
        ("pay_mutations", "json", b"{", b"wage.grossWage"),
        ("pay_mutations", "pdf", b"%PDF", b""),
        ("evidence", "zip", b"PK", b"summary.pdf"),
    ],
)
def test_every_kind_is_ordered_followed_and_fetched_by_whoever_ordered_it(
    api: Api, kind: str, format: str, begins: bytes, holds: bytes
) -> None:
    raised(api)
    auditor = api.key(Role.AUDITOR, ("170",), holder="Anja")

    ordered = wanted(api, auditor, kind, format, language="en")
    again = wanted(api, auditor, kind, format, language="en")
    file = api.get(f"{ordered.json()['status_url']}/file", auditor)
    (listed,) = api.get(REPORTS, auditor).json()["items"]

    assert (ordered.status_code, again.json()["report"]) == (202, ordered.json()["report"])
    assert (file.status_code, file.content.startswith(begins), holds in file.content) == (200, True, True)
    assert file.headers["content-disposition"].endswith(f'{kind.replace("_", "-")}.{format}"')
    assert (listed["report"], listed["status"], listed["kind"]) == (ordered.json()["report"], "ready", kind)
    assert b"2400.00" not in file.content
    assert [one for one in api.web.store.log.stream(CUSTODY) if isinstance(one.fact, PeopleNamed)] == []
    assert api.get(REPORTS, admin(api, "Joost")).json()["items"] == []


def test_an_archive_of_evidence_that_was_ordered_is_proven_offline(api: Api, tmp_path: Path) -> None:
    auditor = api.key(Role.AUDITOR, ("170",), holder="Anja")
    url = wanted(api, auditor, "evidence", "zip").json()["status_url"]
    pack = tmp_path / "pack.zip"

    pack.write_bytes(api.get(f"{url}/file", auditor).content)

    assert verified_archive(pack)
    assert "people.ndjson" in ZipFile(pack).namelist()


@pytest.mark.parametrize(("kind", "format"), [("pay_mutations", "csv"), ("evidence", "zip")])
def test_in_clear_every_kind_waits_for_another_subject_and_is_on_record_before_it_leaves(
    api: Api, kind: str, format: str
) -> None:
    raised(api)
    fatima, joost = admin(api, "Fatima"), admin(api, "Joost")
    ordered = wanted(api, fatima, kind, format, reason="the accountant asks").json()
    early = api.get(f"{ordered['status_url']}/file", fatima)
    (waiting,) = api.get(REPORTS, joost).json()["items"]

    herself, other = release(api, ordered, fatima), release(api, ordered, joost)
    file = api.get(f"{ordered['status_url']}/file", fatima)

    assert (early.status_code, early.json()["title"]) == (403, "second person needed")
    assert (waiting["status"], waiting["reason"]) == ("awaits_release", "the accountant asks")
    assert (herself.status_code, other.status_code, file.status_code) == (403, 200, 200)
    shown = file.content if format == "csv" else ZipFile(io.BytesIO(file.content)).read("overwritten.ndjson")
    assert b"2400.00" in shown
    assert api.get("/v1/events", kind="custody.values_unmasked.v1").json()["items"][-1]["actor"] == "Fatima"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"kind": "pay_mutations", "format": "zip"}, 422),
        ({"kind": "evidence", "format": "pdf"}, 422),
        ({"kind": "gossip", "format": "csv"}, 422),
        ({"kind": "evidence", "format": "zip", "until": "2026-02-01"}, 422),
        ({"kind": "evidence", "format": "zip", "reason": "curious"}, 403),
    ],
)
def test_what_cannot_be_made_or_may_not_be_seen_is_not_ordered(api: Api, body: dict[str, str], status: int) -> None:
    auditor = api.key(Role.AUDITOR, ("170",), holder="Anja")
    size = api.web.store.log.size()

    answer = api.post(REPORTS, {**OF_MARCH, **body}, auditor, {"Idempotency-Key": "wrong-order"})

    assert (answer.status_code, api.web.store.log.size()) == (status, size)


def test_the_filter_of_an_order_is_kept_for_overwritten_fields(api: Api) -> None:
    auditor = api.key(Role.AUDITOR, ("170",), holder="Anja")
    url = wanted(api, auditor, "overwritten_fields", "csv", employee_number=4712).json()["status_url"]

    text = api.get(f"{url}/file", auditor).text

    assert ('"4712"' in text, '"4711"' in text) == (True, False)
