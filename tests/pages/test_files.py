"""Every list of the pages as a file: exactly what its page lists, by the same filters, harmless to a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import date

import httpx
import pytest

from api.pages import people, runs, tasks
from api.pages.asking import Site
from domain.access import Role
from domain.rules import RULES
from domain.values import FieldPath
from tests.pages.company import Company, company, order
from tests.support.world import TULP

LISTS = (  # a new list is a row here: its page, what is counted in it, and how many there are
    ("/e/170/tasks", 2),
    ("/e/170/tasks?who=hr", 2),
    ("/e/170/tasks?who=payroll", 0),
    ("/e/170/tasks?ended=true", 0),
    ("/e/170/people", 19),
    ("/e/170/runs", 4),
    ("/e/170/leavers", 1),
    ("/e/170/differences", 1),
    ("/e/170/ahead", 1),
    ("/e/170/overwritten", 2),
    ("/rules", len(RULES)),
    ("/e/170/overwritten?did=cleared", 0),
    ("/e/170/overwritten?since=2026-03-16&until=2026-03-16&employee_number=4711&rule=EDIT-1", 1),
    ("/e/170/handover", 7),
    ("/log?employee_number=4711&rule=EDIT-1", 4),
)
OURS = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    with company(tmp_path_factory.mktemp("files")) as one:
        one.world.payroll.set_field(TULP, one.world.people["Lotte"].number, FieldPath("address.street"), "Achterom")
        order(one, "drift-checks", date(2026, 3, 19))
        key = one.api.key(Role.PAYROLL_ADMIN, None, holder="=HYPERLINK(1)", until=date(2040, 12, 31))
        one.world.clock.travel(date(2026, 3, 19))
        headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": "a-formula"}
        httpx.post(f"{one.url}/v1/legal-entities/170/sync-runs", json={}, headers=headers, trust_env=False)
        for thread in list(one.api.web.runs):
            thread.join()
        yield one


@pytest.fixture
def reader(office: Company) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=office.url, trust_env=False) as client:
        client.post("/sign-in", data={"key": office.key(Role.PAYROLL_ADMIN)}, headers=OURS)
        yield client


def named(path: str, kind: str) -> str:
    page, question, query = path.partition("?")
    return f"{page}.{kind}{question}{query}"


def rows_of(client: httpx.Client, path: str, language: str = "nl") -> list[dict[str, str]]:
    client.post("/me/language", data={"language": language, "next": "/me"}, headers=OURS)
    text = client.get(named(path, "csv")).text
    assert text.startswith("\ufeff") is (language == "nl")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";" if language == "nl" else ","))


@pytest.mark.parametrize(("path", "many"), LISTS)
def test_a_file_lists_what_its_page_lists(reader: httpx.Client, path: str, many: int) -> None:
    items = reader.get(named(path, "json")).json()["items"]
    page = reader.get(path).text

    assert len(items) == many
    assert [row.get("employee_number") for row in rows_of(reader, path)] == [
        None if "employee_number" not in one else str(one["employee_number"] or "") for one in items
    ]
    assert len(rows_of(reader, path, "en")) == many
    assert {one["employee_number"] for one in items if one.get("employee_number")} == {
        int(number) for number in re.findall(r"people/(\d+)\"", page)
    }
    assert named(path, "csv").replace("&", "&amp;") in page


@pytest.mark.parametrize("module", [tasks, people, runs])
def test_a_list_that_is_told_in_pages_is_whole_in_its_file(
    reader: httpx.Client, monkeypatch: pytest.MonkeyPatch, module: object
) -> None:
    path = f"/e/170/{str(getattr(module, '__name__')).rpartition('.')[2]}"  # noqa: B009
    whole = rows_of(reader, path)

    monkeypatch.setattr(module, "MAX_LIMIT", 1)

    assert rows_of(reader, path) == whole
    assert len(whole) > 1


def test_what_somebody_typed_is_no_formula_in_a_file(reader: httpx.Client) -> None:
    assert rows_of(reader, "/e/170/runs")[0]["actor"] == "'=HYPERLINK(1)"


def test_a_page_without_a_list_is_no_file_and_a_role_reads_no_more_of_it(office: Company, reader: httpx.Client) -> None:
    for path in ("/e/170.csv", "/e/170/people/4711.csv", "/e/170/tasks.pdf", "/e/170/tasks.xlsx", "/e/171/none.json"):
        assert reader.get(path).status_code == 404
    with httpx.Client(base_url=office.url, trust_env=False) as operator:
        operator.post("/sign-in", data={"key": office.key(Role.OPERATOR)}, headers=OURS)
        assert [operator.get(f"/e/170/{one}.csv").status_code for one in ("runs", "people")] == [200, 403]
        assert isinstance(office.api.app.state.pages.state.site, Site)


def test_the_sheet_begins_with_who_holds_the_sync_as_today_does_and_tells_what_was_not_sent(
    reader: httpx.Client,
) -> None:
    reader.post("/me/language", data={"language": "nl", "next": "/me"}, headers=OURS)
    today, sheet = (reader.get(path).text for path in ("/e/170", "/e/170/handover"))
    held = re.findall(r'<p class="say stop">(.*?)</p>', today)

    assert len(held) == 1
    assert held == re.findall(r'<p class="say stop">(.*?)</p>', sheet)
    assert re.findall(r'<h2 id="(\w+)"', sheet)[0] == "hr"
    assert "De laatste synchronisatie is tegengehouden: er is voor niemand iets naar Loket verstuurd" in sheet


def test_a_paper_of_the_handover_sheet_needs_no_more_than_its_page(reader: httpx.Client) -> None:
    answer = reader.get("/e/170/handover.pdf")

    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF")
    assert 'filename="handover-170-2026-03-19.pdf"' in answer.headers["content-disposition"]
