"""Where a form came from, where a sign-in leads on to, and what templates may not hold."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from api.http.schemas.answers import Tally
from api.pages.figures import funnel
from api.pages.origin import called_by_our_name, from_our_pages
from api.pages.rendering import HERE
from api.pages.sign_in import within

OURS = "https://tweeluik.example.org"
TEMPLATES = sorted((HERE / "templates").glob("*.html"))


@pytest.mark.parametrize(
    ("headers", "taken"),
    [
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "cross-site", "origin": OURS}, False),
        ({"sec-fetch-site": "none"}, False),
        ({"origin": OURS}, True),
        ({"origin": "https://tweeluik.example.org.evil.example"}, False),
        ({"origin": "null"}, False),
        ({}, False),
    ],
)
def test_a_form_is_taken_from_our_own_pages_only(headers: dict[str, str], taken: bool) -> None:
    assert from_our_pages(headers, OURS) is taken


def test_a_server_on_this_machine_answers_to_its_own_name_only() -> None:
    assert called_by_our_name({"host": "127.0.0.1:8321"}, "http://127.0.0.1:8321")
    assert not called_by_our_name({"host": "evil.example:8321"}, "http://127.0.0.1:8321")
    assert not called_by_our_name({}, "http://127.0.0.1:8321")


@pytest.mark.parametrize(
    ("path", "leads"),
    [
        ("/e/170/runs?cursor=x", "/e/170/runs?cursor=x"), ("//evil.example", "/"), ("/\\evil.example", "/"),
        ("https://evil.example", "/"), ("/a\n", "/"), ("", "/"), ("/sign-out", "/"), ("/" + "a" * 500, "/"),
        ("/../roos/me", "/"),
        ("/%2e%2E/roos/me", "/"),
        ("/e/./170", "/"),
        ("/people?q=/../x", "/people?q=/../x"),
    ],
)  # fmt: skip
def test_a_sign_in_leads_nowhere_but_here(path: str, leads: str) -> None:
    assert within(path) == leads


FORBIDDEN = r"\sstyle=|\son[a-z]+=|<script(?! src=.\{\{ address_of\()|<style|javascript:|\|\s*safe|autoescape|https?://"


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_a_template_holds_no_style_no_script_and_nothing_unescaped(template: Path) -> None:
    text = template.read_text()

    assert re.findall(FORBIDDEN, text) == []


def test_a_funnel_says_when_it_does_not_add_up() -> None:
    tallies = [
        Tally(outcome="unchanged", reason="EDIT-1", people=3),
        Tally(outcome="left_out", reason="END-2", people=1),
    ]

    assert funnel(tallies, {"unchanged": 3, "left_out": 1}).adds_up
    assert not funnel(tallies, {"unchanged": 3, "left_out": 2}).adds_up
    assert funnel(tallies, {}).adds_up  # of a run that has not ended nothing is told


@pytest.mark.parametrize("seed", range(20))
def test_the_bars_of_a_funnel_stay_within_the_drawing(seed: int) -> None:
    tallies = [
        Tally(
            outcome=("left_out", "updated", "unchanged", "blocked")[(seed + place) % 4], reason=f"R-{place}", people=n
        )
        for place, n in enumerate(((seed * 7919) % 900 + 1, seed % 13 + 1, seed % 5 + 1, 1))
    ]

    drawn = funnel(tallies, {})

    assert all(bar.x >= 0 and bar.x + bar.width <= 560 for bar in (*drawn.left_out, *drawn.parts))
