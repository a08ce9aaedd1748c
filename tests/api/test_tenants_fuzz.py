"""Requests of somebody who knows the ids, names and credentials of two tenants, and tries to get from one to the other.

A few hundred in the suite; FUZZ=10000 asks so many.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from typing import Any, Final

import pytest

from domain.access import Role
from tests.support.bureau import HOST, MINE, NOT_THERE, OTHER, OURS, Bureau, bureau, placed, routes, told

ASKED: Final = int(os.environ.get("FUZZ", "300"))
SEED: Final = int(os.environ.get("SEED", "20"))
METHODS: Final = ("GET", "GET", "GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS")
TURNS: Final = ("", "", "", "/", "/../tulp", "/..", "//", "%2f..", ";/", "/.", "?tenant=tulp", "/%00")
STRANGE: Final = (
    {"X-Forwarded-Host": "tulp.example.org"}, {"X-Forwarded-Prefix": "/t/tulp"}, {"X-Forwarded-For": "10.0.0.1"},
    {"Forwarded": "host=tulp.example.org"}, {"X-Original-URL": "/t/tulp/v1/rules"}, {"Origin": f"http://{HOST}"},
    {"Tweeluik-Reason": "a look at tulp"}, {"If-None-Match": "*"}, {"Accept": "text/csv"}, {"X-Request-ID": "12345678"},
)  # fmt: skip


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bureau]:
    with bureau(tmp_path_factory.mktemp("fuzz"), MINE, OTHER) as one:
        yield one


def credentials(house: Bureau, chance: random.Random) -> dict[str, str]:
    """Whatever somebody of tulp may have in hand, in any combination."""
    role, shown = chance.choice(list(Role)), dict[str, str]()
    key = house.key(MINE, role)
    if chance.random() < 0.7:
        shown["Authorization"] = chance.choice(
            (
                f"Bearer {key}",
                f"bearer {key}",
                f"Bearer {key[:-1]}",
                f"Bearer {key.split('.')[0]}.",
                key,
                "Basic dHc6dHc=",
            )
        )
    if chance.random() < 0.7:
        secret = house.session(MINE, role).partition("=")[2] if chance.random() < 0.1 else "x" * 43
        names = chance.sample(
            ["tweeluik", "tweeluik.t.tulp", "tweeluik.t.roos", "tweeluik.t.eik", "__Host-tweeluik"], 3
        )
        shown["Cookie"] = "; ".join(f"{name}={secret}" for name in names)
    return shown


def question(
    house: Bureau, chance: random.Random, known: list[tuple[str, str, str]]
) -> tuple[str, str, dict[str, Any]]:
    """Method, path below the tenant, and all else of the request."""
    method, path, _ = chance.choice(known)
    headers = credentials(house, chance) | (OURS if chance.random() < 0.6 else {})
    for each in chance.sample(STRANGE, chance.randint(0, 2)):
        headers |= each
    more: dict[str, Any] = {"headers": headers}
    if chance.random() < 0.3:
        method = chance.choice(METHODS)
    if method in ("POST", "PUT"):
        headers["Idempotency-Key"] = "12345678"
        bodies = (
            {"json": {}},
            {"content": b"{"},
            {"data": {"key": house.key(MINE), "next": "/t/tulp/"}},
            {"json": {"only": [4711]}},
        )
        more |= chance.choice(bodies)
    return method, placed(path) + chance.choice(TURNS), more


def test_whoever_knows_two_tenants_gets_from_one_to_the_other_by_no_request(house: Bureau) -> None:
    chance, known, told_apart, crossed = random.Random(SEED), routes(house), [], []
    marks = (b"roos", b"Anja of")
    for _ in range(ASKED):
        method, path, more = question(house, chance, known)
        if "/../tulp" in path:  # a client that resolves it asks tulp, whose key it has
            continue
        answers = [house.ask(method, f"/t/{name}{path}", **more) for name in (OTHER, NOT_THERE)]
        if told(answers[0], OTHER) != told(answers[1], NOT_THERE):
            told_apart.append((method, path, more, answers[0].status_code, answers[1].status_code))
        rest = answers[0].content.replace(b"t/roos", b"").replace(b"t.roos", b"")
        if any(mark in rest for mark in marks):
            crossed.append((method, path, more))

    assert (told_apart, crossed) == ([], [])
