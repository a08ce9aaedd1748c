"""Reports as pages, without a browser: ordered, released by somebody else, fetched; and what is wrong with an order."""

from __future__ import annotations

import html
import re
import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import httpx
import pytest

from domain.access import Role
from domain.streams import CUSTODY
from tests.pages.company import Company

OURS = {"Sec-Fetch-Site": "same-origin"}
PAGE = "/e/170/reports"
MARCH = {"since": "2026-03-01", "until": "2026-03-31"}


@contextmanager
def signed_in(office: Company, role: Role, holder: str) -> Iterator[httpx.Client]:
    key = office.api.key(role, None, holder=holder)
    with httpx.Client(base_url=office.url, trust_env=False, headers=OURS, follow_redirects=True) as client:
        client.post("/sign-in", data={"key": key})
        client.post("/me/language", data={"language": "en", "next": "/me"})
        yield client


@pytest.fixture
def desk(office: Company) -> Iterator[tuple[httpx.Client, httpx.Client]]:
    """Two payroll administrators."""
    with ExitStack() as both:
        yield (
            both.enter_context(signed_in(office, Role.PAYROLL_ADMIN, "Farida")),
            both.enter_context(signed_in(office, Role.PAYROLL_ADMIN, "Joost")),
        )


def order(client: httpx.Client, **filled: Any) -> httpx.Response:
    return client.post(PAGE, data={"idempotency_key": secrets.token_hex(16), "language": "en", **MARCH, **filled})


@pytest.mark.acts
def test_a_masked_report_is_ordered_once_and_fetched_by_whoever_ordered_it_alone(
    desk: tuple[httpx.Client, httpx.Client],
) -> None:
    fatima, joost = desk
    form = {"idempotency_key": secrets.token_hex(16), "language": "en", **MARCH, "what": "overwritten_fields.csv"}
    first, second = (fatima.post(PAGE, data=form) for _ in range(2))
    address = first.url.path

    file = fatima.get(f"{address}/file")

    assert (first.status_code, second.url.path) == (200, address)
    assert ("4711" in file.text, "Main St" in file.text) == (True, False)
    assert "ready" in fatima.get(address).text
    assert address in fatima.get(PAGE).text
    assert (joost.get(f"{address}/file").status_code, address in joost.get(PAGE).text) == (404, False)


@pytest.mark.acts
def test_a_report_in_clear_waits_for_somebody_else_who_reads_why_and_sees_no_value(
    desk: tuple[httpx.Client, httpx.Client],
) -> None:
    fatima, joost = desk
    why = "a question of the auditor"
    address = order(fatima, what="overwritten_fields.csv", clear="on", reason=why).url.path
    key = {"idempotency_key": secrets.token_hex(16)}
    waiting = joost.get(PAGE).text
    early = fatima.get(f"{address}/file").status_code

    herself = fatima.post(f"{address}/release", data={"idempotency_key": secrets.token_hex(16)})
    agreed = joost.post(f"{address}/release", data=key)
    file = fatima.get(f"{address}/file")

    assert ("waits for your release" in waiting, why in waiting, address in waiting) == (True, True, True)
    assert ("Main St" in joost.get(address).text, early) == (False, 403)
    assert (herself.status_code, "somebody else has to do it" in herself.text) == (403, True)
    assert ("Whoever ordered it can fetch it" in agreed.text, joost.get(f"{address}/file").status_code) == (True, 404)
    assert ("Main St" in file.text, "Central Ave" in file.text) == (True, True)


@pytest.mark.parametrize(
    ("filled", "said"),
    [
        ({"what": "pay_mutations.pdf", "since": "2026-04-01"}, "choose a first day"),
        ({"what": "pay_mutations.pdf", "until": ""}, "choose a first day"),
        ({"what": "pay_mutations.pdf", "clear": "on", "reason": "  "}, "say why"),
        ({"what": "gossip.pdf"}, "cannot be made"),
    ],
)
def test_an_order_that_is_wrong_comes_back_filled_in(
    desk: tuple[httpx.Client, httpx.Client], office: Company, filled: dict[str, str], said: str
) -> None:
    size = office.api.web.store.log.size()

    answer = order(desk[0], **filled)

    assert (answer.status_code, said in answer.text) == (422, True)
    assert f'value="{filled.get("until", MARCH["until"])}"' in answer.text
    kinds = [one.name for one in office.api.web.store.log.page(size - 1, 50)]
    assert "report.ordered.v1" not in kinds


@pytest.mark.acts
def test_an_order_takes_the_filter_of_the_list_along(desk: tuple[httpx.Client, httpx.Client]) -> None:
    fatima, _ = desk
    listed = fatima.get("/e/170/overwritten?employee_number=4713&since=2026-03-01").text
    asked = listed.split('href="/e/170/reports?')[1].split('"')[0].replace("&amp;", "&")

    form = fatima.get(f"{PAGE}?{asked}").text
    address = order(fatima, what="overwritten_fields.csv", employee_number="4713").url.path
    text = fatima.get(f"{address}/file").text

    assert ('name="employee_number" value="4713"' in form, 'value="2026-03-01"' in form) == (True, True)
    assert ('"4713"' in text, '"4711"' in text) == (True, False)


@pytest.mark.acts
def test_who_may_not_see_values_is_not_offered_them(office: Company) -> None:
    with signed_in(office, Role.AUDITOR, "Anja") as auditor:
        assert 'name="clear"' not in auditor.get(PAGE).text
        assert order(auditor, what="evidence.zip", clear="on", reason="curious").status_code == 403
        pack = auditor.get(f"{order(auditor, what='evidence.zip').url.path}/file")
        assert pack.content.startswith(b"PK")
        elsewhere = order(auditor, what="evidence.zip").url.path.replace("/170/", "/171/")
        assert auditor.get(elsewhere).status_code == 404


@pytest.mark.acts
def test_today_tells_whoever_can_agree_what_waits_for_them_and_whoever_asked_that_somebody_else_must(
    desk: tuple[httpx.Client, httpx.Client], office: Company
) -> None:
    fatima, joost = desk
    before = [todo(client) for client in desk]
    address = order(fatima, what="overwritten_fields.csv", clear="on", reason="a question").url.path
    more = {"idempotency_key": secrets.token_hex(16), "people": "30", "reason": "a survey"}
    fatima.post("/e/170/more-people", data=more)

    hers, his = (todo(client) for client in desk)
    asked, can = "You asked for it: somebody else has to agree.", "You can do this."
    with signed_in(office, Role.AUDITOR, "Anja") as anja, signed_in(office, Role.HR, "Hans") as hans:
        everybody = [hers, his, todo(anja), todo(hans)]
    told = [("1 report to be released" in one, "1 request to open more" in one) for one in everybody]
    assert told == [(True, True)] * 4
    assert [(one.count(asked), one.count(can)) for one in everybody] == [(2, 0), (0, 2), (0, 0), (0, 0)]

    joost.post(f"{address}/release", data={"idempotency_key": secrets.token_hex(16)})
    asked = joost.get("/e/170/more-people").text.split('action="/e/170/more-people/')[1].split('"')[0]
    joost.post(f"/e/170/more-people/{asked}", data={"idempotency_key": secrets.token_hex(16)})
    assert [todo(client) for client in desk] == before


def todo(client: httpx.Client) -> str:
    text = client.get("/e/170").text.partition('<table role="table" class="matters">')[2].partition("</table>")[0]
    return " ".join(html.unescape(re.sub("<[^>]*>", "", text)).split())


@pytest.mark.acts
def test_the_menu_counts_the_erasures_that_another_officer_may_confirm(office: Company) -> None:
    with (
        signed_in(office, Role.PRIVACY_OFFICER, "Petra") as petra,
        signed_in(office, Role.PRIVACY_OFFICER, "Bram") as bram,
    ):
        person = str(office.world.people["Noor"].person)
        fields = {"idempotency_key": secrets.token_hex(16), "person": person, "reason": "asked for by Noor"}
        asked = petra.post("/erasures", data=fields)
        hers, his = (one.get("/e/170/people").text for one in (petra, bram))

    assert asked.status_code == 200
    assert ("Erasures <b>(1)</b>" in hers, "Erasures <b>(1)</b>" in his) == (False, True)


@pytest.mark.acts
def test_more_people_a_day_are_asked_for_and_agreed_to_by_somebody_else(
    desk: tuple[httpx.Client, httpx.Client], office: Company
) -> None:
    fatima, joost = desk
    page = "/e/170/more-people"

    def send(client: httpx.Client, path: str = page, **filled: str) -> httpx.Response:
        return client.post(path, data={"idempotency_key": secrets.token_hex(16), **filled})

    wrong = [
        send(fatima, people=people, reason=why).status_code for people, why in (("0", "x"), ("ten", "x"), ("9", ""))
    ]
    asked = send(fatima, people="40", reason="a survey of addresses").text
    address = joost.get(page).text.split(f'action="{page}/')[1].split('"')[0]
    herself = send(fatima, f"{page}/{address}")
    agreed = send(joost, f"{page}/{address}")

    assert (wrong, "somebody else" in asked, f'action="{page}/' in asked) == ([422] * 3, True, False)
    assert (herself.status_code, "a survey of addresses" in agreed.text) == (403, False)
    assert send(joost, f"{page}/{address}").status_code == 404
    assert office.api.web.store.log.stream(CUSTODY)[-1].meta.actor == "Joost"
