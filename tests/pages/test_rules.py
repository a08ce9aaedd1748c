"""The rules as pages, without a browser: every one of them, what led to it, and what it decided."""

from __future__ import annotations

import re

import httpx
import pytest

from domain.access import Role
from domain.rules import RULES
from tests.pages.company import Company


def signed_in(office: Company, role: Role, entities: tuple[str, ...] | None = None) -> httpx.Client:
    client = httpx.Client(base_url=office.url, trust_env=False, headers={"Sec-Fetch-Site": "same-origin"})
    client.post("/sign-in", data={"key": office.key(role, entities)})
    client.post("/me/language", data={"language": "en", "next": "/me"})
    return client


def test_the_page_of_rules_leads_to_every_rule_and_names_those_that_decided_nothing(office: Company) -> None:
    page = signed_in(office, Role.OPERATOR).get("/rules").text
    never = page.partition('id="never"')[2]

    assert [one for one in RULES if f'href="/rules/{one}"' not in page] == []
    assert ('href="/rules/LOG-5"' in never, 'href="/rules/EDIT-1"' in never) == (True, False)


@pytest.mark.parametrize("rule", ["WHO-3", "EDIT-1", "PAY-9", "RUN-13"])
def test_a_rule_tells_its_source_its_sentence_and_its_scenarios(office: Company, rule: str) -> None:
    page = signed_in(office, Role.AUDITOR).get(f"/rules/{rule}").text

    assert (RULES[rule].statement in page, "<summary>" in page, "Given " in page) == (True, True, True)
    assert ("in our own words" in page) is (rule in ("WHO-3", "EDIT-1"))


def test_the_last_decisions_are_those_of_ones_own_legal_entities_and_of_people_for_whoever_sees_people(
    office: Company,
) -> None:
    mine = signed_in(office, Role.AUDITOR, ("170",)).get("/rules/EDIT-1").text
    others = signed_in(office, Role.AUDITOR, ("171",)).get("/rules/EDIT-1").text
    counts = signed_in(office, Role.OPERATOR).get("/rules/EDIT-1").text

    assert (mine.count('href="/e/170/people/'), others.count("/people/"), counts.count("/people/")) == (9, 0, 0)
    assert "only numbers are shown" in counts
    assert len(re.findall(r'href="/e/170/runs/[^"]+">\d+ people</a>', mine)) == 1  # those who share an event
