"""Overwritten fields as pages, without a browser: the list by its filters, and one field with all there is of it."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from adapters.log.offline_verifier import verified
from api.pages.audit import overwritten
from domain.access import Role
from domain.overwriting import Did
from tests.pages.company import Company

OURS = {"Sec-Fetch-Site": "same-origin"}
PAGE = "/e/170/overwritten"


@contextmanager
def signed_in(office: Company, role: Role) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=office.url, trust_env=False, headers=OURS, follow_redirects=True) as client:
        client.post("/sign-in", data={"key": office.key(role)})
        client.post("/me/language", data={"language": "en", "next": "/me"})
        yield client


@pytest.fixture
def payroll(office: Company) -> Iterator[httpx.Client]:
    with signed_in(office, Role.PAYROLL_ADMIN) as client:
        yield client


def row(office: Company) -> str:
    return f"/e/170/people/{office.first_row}"


@pytest.mark.parametrize(
    "query", ["since=yesterday", "employee_number=4.7", "employee_number=9999999999", "did=perhaps", "cursor=x"]
)
def test_a_filter_that_cannot_be_read_finds_no_page(payroll: httpx.Client, query: str) -> None:
    assert payroll.get(f"{PAGE}?{query}").status_code in (400, 404, 422)


def test_a_filter_that_nothing_fits_says_so_and_leads_back(payroll: httpx.Client) -> None:
    page = payroll.get(f"{PAGE}?field=address.city&run=never").text

    assert ("Nothing on record fits this filter" in page, f'href="{PAGE}"' in page) == (True, True)
    assert ("Only of run never." in page, "<tbody>" in page) == (True, False)


def test_pages_of_the_list_follow_each_other_with_the_filter(
    payroll: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overwritten, "_A_PAGE", 1)
    first = payroll.get(f"{PAGE}?rule=EDIT-1").text
    onward = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")

    second = payroll.get(onward).text

    assert ("rule=EDIT-1" in onward, "From the first" in second) == (True, True)
    assert ("people/4711" in first, "people/4713" in first) == (True, False)
    assert ("people/4711" in second, "people/4713" in second) == (False, True)


def test_a_list_that_is_too_long_for_a_file_says_what_to_do(
    payroll: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overwritten, "AT_ONCE", 1)

    assert "order a report" in payroll.get(PAGE).text
    assert payroll.get(f"{PAGE}.csv").status_code == 404


def test_one_field_tells_its_rule_its_run_and_the_way_there_and_shows_no_value(
    payroll: httpx.Client, office: Company
) -> None:
    page = payroll.get(row(office)).text

    for said in ("Street", "EDIT-1", "Personio showed it", "confirmed by Loket", "16 March 2026".replace(" ", "\xa0")):
        assert said in page
    assert ("Main St" in page, page.count("•••") >= 4) == (False, True)


@pytest.mark.acts
def test_values_of_the_field_are_shown_for_a_reason_and_the_showing_is_told_on_its_page(
    payroll: httpx.Client, office: Company
) -> None:
    number = office.first_row.partition("/")[0]
    form = {"idempotency_key": secrets.token_hex(16), "reason": "a question of the auditor", "next": row(office)}

    shown = payroll.post(f"/e/170/people/{number}/values", data=form)

    assert (shown.url.path, shown.headers["cache-control"]) == (row(office), "no-store")
    assert shown.text.count("Main St") >= 3  # in Loket, in Personio, and in the sentence
    assert "Central Ave" in shown.text
    assert "the page of one person" in shown.text.partition("Who looked")[2]
    hidden = payroll.post(f"/e/170/people/{number}/values/hidden", data={"next": row(office)})
    assert (hidden.url.path, "Main St" in hidden.text) == (row(office), False)


def test_a_field_is_found_below_its_own_person_and_legal_entity_only(payroll: httpx.Client, office: Company) -> None:
    number, _, place = office.first_row.partition("/overwritten/")

    for path in (
        f"/e/170/people/4713/overwritten/{place}",
        f"/e/171/people/{number}/overwritten/{place}",
        f"/e/170/people/{number}/overwritten/0",
        f"/e/170/people/4713/overwritten/{place}/certificate",
    ):
        assert payroll.get(path).status_code == 404


def test_a_certificate_from_the_page_is_proven_offline_and_opens_nothing(
    payroll: httpx.Client, office: Company
) -> None:
    answer = payroll.get(f"{row(office)}/certificate")

    told = verified(answer.text, str(office.api.web.store.log.verifier))
    assert any("field_overwritten" in one for one in told)
    assert ("Main St" in answer.text, answer.json()["field_keys"]) == (False, [])
    with signed_in(office, Role.HR) as hr:
        assert hr.get(f"{row(office)}/certificate").status_code == 403


@pytest.mark.parametrize(
    ("role", "reads"),
    [
        (Role.AUDITOR, True), (Role.PAYROLL_ADMIN, True), (Role.HR, False), (Role.PRIVACY_OFFICER, False),
        (Role.OPERATOR, False),
    ],
)  # fmt: skip
def test_what_runs_overwrote_is_read_by_auditors_and_payroll_wherever_it_is_asked(
    office: Company, role: Role, reads: bool
) -> None:
    pages = (PAGE, f"{PAGE}/totals", f"{PAGE}.csv", row(office), "/e/170/reports")
    api = (
        "/v1/overwritten-fields?legal_entity=170&since=2026-01-01&until=2026-12-31",
        "/v1/legal-entities/170/reports",
    )
    with signed_in(office, role) as client:
        menu = client.get("/e/170/people").text
        key = {"Authorization": f"Bearer {office.key(role)}"}

        assert {client.get(one).status_code for one in pages} == {200 if reads else 403}
        assert {client.get(one, headers=key).status_code for one in api} == {200 if reads else 403}
        assert (f'href="{PAGE}"' in menu, 'href="/e/170/reports"' in menu) == (reads, reads)
        of_all = (client.get("/log"), client.get("/log.csv"), client.get("/v1/events", headers=key))
        may = reads or role is Role.PRIVACY_OFFICER
        assert {one.status_code for one in of_all} == {200 if may else 403}, "what is on record of everybody"
        assert ('href="/log"' in menu) == may
        if role is not Role.OPERATOR:
            assert f'href="{PAGE}' not in client.get("/e/170/people/4711").text.partition("<main")[2]


def test_each_of_the_three_kinds_is_listed_alone_and_the_totals_are_of_what_is_listed(payroll: httpx.Client) -> None:
    whole = payroll.get(f"{PAGE}.json").json()["items"]
    each = {kind: payroll.get(f"{PAGE}.json?did={kind}").json()["items"] for kind in Did}
    assert sorted(one["position"] for items in each.values() for one in items) == [one["position"] for one in whole]
    assert len(each[Did.OVERWRITTEN]) == 2

    for query, listed in (("", whole), ("?did=overwritten", each[Did.OVERWRITTEN]), ("?rule=EDIT-1", whole)):
        rows = payroll.get(f"{PAGE}/totals.json{query}").json()["items"]
        for by in ("field", "rule"):
            counted = {one["name"]: one["fields"] for one in rows if one["by"] == by}
            assert counted == Counter(
                one[by] for one in listed if not query.startswith("?rule") or one["rule"] == "EDIT-1"
            )
        page = payroll.get(f"{PAGE}/totals{query}").text
        assert page.count("<tbody>") == 2
        assert ("Only what fits the filter is counted." in page) == bool(query)
    csv = payroll.get(f"{PAGE}/totals.csv").text.splitlines()
    assert csv[0].lstrip("\ufeff") == '"by","name","label","fields","overwritten","filled","cleared"'
