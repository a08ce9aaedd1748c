"""Keeping to a server's limits: what its headers tell, and what a 429 asks of everyone who shares the credential."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

from adapters.pacing import FIRST_GAP, LONGEST_GAP, Pacer
from adapters.transport import BUDGET, Patience
from tests.support.wire import FakeTime


def paced() -> tuple[Pacer, FakeTime]:
    time = FakeTime()
    return Pacer(time.sleep, time.monotonic), time


def test_nobody_is_held_back_before_a_server_names_a_limit() -> None:
    pacer, time = paced()

    for _ in range(50):
        pacer.wait("persons")
        pacer.learn("persons", {})

    assert time.slept == []


def test_a_429_holds_all_who_ask_the_same_endpoint_and_nobody_else() -> None:
    pacer, time = paced()

    pacer.hold("persons", 7.0)
    pacer.wait("compensations")
    pacer.wait("persons")

    assert time.slept == [7.0]


def test_after_a_429_requests_leave_one_by_one_and_the_room_between_them_shrinks_again() -> None:
    pacer, time = paced()
    pacer.hold("persons", 1.0)

    for _ in range(20):
        pacer.wait("persons")
        pacer.learn("persons", {})

    assert time.slept[1] == pytest.approx(FIRST_GAP)
    gaps = time.slept[1:]
    assert gaps == sorted(gaps, reverse=True)
    assert len(time.slept) < 10  # then it is as if nothing had been


def test_each_further_429_doubles_the_room_up_to_a_second_and_one_burst_counts_once() -> None:
    pacer, time = paced()
    gaps = []
    for _ in range(8):
        for _ in range(5):  # five that were on their way when the limit was met
            pacer.hold("", 1.0)
        pacer.wait("")
        pacer.wait("")
        gaps.append(time.slept[-1])

    assert gaps[:3] == pytest.approx([FIRST_GAP, 2 * FIRST_GAP, 4 * FIRST_GAP])
    assert gaps[-1] == LONGEST_GAP


def test_who_was_about_to_send_when_a_429_came_waits_too() -> None:
    """Real threads: one has its turn in 0.2 s, a 429 closes the lane for 0.5 s meanwhile."""
    sent: list[float] = []
    clock = threading.Event()
    simulated = FakeTime()
    pacer = Pacer(lambda seconds: (clock.wait(5), simulated.sleep(seconds))[1], simulated.monotonic)
    headers = {"x-ratelimit-replenish-rate": "5", "x-ratelimit-burst-capacity": "1", "x-ratelimit-remaining": "0"}
    pacer.learn("persons", headers)

    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(lambda: (pacer.wait("persons"), sent.append(simulated.monotonic())))
        pacer.hold("persons", 0.5)
        clock.set()
        done.result()

    assert sent[0] - 1_000 >= 0.5


NOON = datetime(2026, 3, 15, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("told", "date", "least", "most"),
    [
        ("13", None, 13, 13),
        (format_datetime(NOON + timedelta(seconds=13), usegmt=True), format_datetime(NOON, usegmt=True), 13, 13),
        ("Sunday, 15-Mar-26 12:00:13 GMT", format_datetime(NOON, usegmt=True), 13, 13),
        ("in 20 seconds", None, 10, 20),
        ("600", None, 30, 30),
        (format_datetime(NOON + timedelta(hours=1), usegmt=True), format_datetime(NOON, usegmt=True), 30, 30),
        (format_datetime(NOON - timedelta(hours=1), usegmt=True), format_datetime(NOON, usegmt=True), 0.375, 0.625),
        ("soon", None, 0.375, 0.625),
        ("-5", None, 0.375, 0.625),
        ("Sun, 99 Mar 2026 12:00:13 GMT", None, 0.375, 0.625),
        ("Mon, 01 Jan 99999999999999999999 00:00:00 GMT", None, 0.375, 0.625),
        ("20", "Mon, 01 Jan 99999999999999999999 00:00:00 GMT", 20, 20),
        (format_datetime(datetime(2999, 1, 1, tzinfo=UTC)), "Mon, 01 Jan 2026 00:00:00 +9999999999", 30, 30),
        ("9" * 400, None, 0.375, 0.625),
        (None, None, 0.375, 0.625),
    ],
)
def test_a_429_is_waited_out_as_its_seconds_or_its_date_say(
    told: str | None, date: str | None, least: float, most: float
) -> None:
    """RFC 9110, 10.2.3: a number of seconds or an HTTP date, which counts from the server's own clock."""
    pacer, time = paced()
    if told == "in 20 seconds":  # by our own clock, where the server does not tell its time
        told = format_datetime(datetime.now(UTC) + timedelta(seconds=20), usegmt=True)
    headers = {name: value for name, value in (("Retry-After", told), ("Date", date)) if value}

    assert Patience(time.sleep, time.monotonic, pacer, "persons").again(httpx.Response(429, headers=headers))
    pacer.wait("persons")

    (slept,) = time.slept
    assert least <= slept <= most


def test_patience_ends_when_the_budget_of_the_request_is_spent() -> None:
    pacer, time = paced()
    patience = Patience(time.sleep, time.monotonic, pacer, "", BUDGET)
    limited = httpx.Response(429, headers={"Retry-After": "25"})

    attempts = 0
    while patience.again(limited):
        pacer.wait("")
        attempts += 1

    assert attempts == 2


@pytest.mark.parametrize(
    "limit",
    [
        {"replenish-rate": "1e-12", "remaining": "0"},
        {"replenish-rate": "0.001", "remaining": "0"},
        {"replenish-rate": "0", "remaining": "0"},
        {"replenish-rate": "nan", "remaining": "0"},
        {"replenish-rate": "-1", "remaining": "0"},
        {"replenish-rate": "1", "remaining": "-1e9"},
        {"replenish-rate": "1", "remaining": "0", "requested-tokens": "60"},
        {"replenish-rate": "9" * 400, "remaining": "0"},
    ],
)
def test_a_pace_that_nobody_could_work_at_is_not_believed(limit: dict[str, str]) -> None:
    pacer, time = paced()

    for _ in range(30):
        pacer.wait("persons")
        pacer.learn("persons", {f"x-ratelimit-{name}": told for name, told in limit.items()})

    assert time.slept == []


@pytest.mark.parametrize(
    "odd",
    [{"requested-tokens": "1e300"}, {"burst-capacity": "inf"}, {"burst-capacity": "-5"}, {"requested-tokens": "x"}],
)
def test_of_a_limit_only_what_makes_sense_is_believed(odd: dict[str, str]) -> None:
    pacer, time = paced()
    limit = {"replenish-rate": "2", "remaining": "0"} | odd

    for _ in range(3):
        pacer.wait("persons")
        pacer.learn("persons", {f"x-ratelimit-{name}": told for name, told in limit.items()})

    assert time.slept == pytest.approx([0.5, 0.5])
