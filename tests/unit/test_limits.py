"""So many requests a second to one host, whoever sends them."""

from __future__ import annotations

from dataclasses import dataclass, field

import httpx
import pytest

from adapters.limits import HostLimits, LocalBuckets, limited_by
from adapters.outgoing import Outgoing
from adapters.transport import TIMEOUT, open_http
from domain.errors import QueueUnavailable


@dataclass
class Time:
    now: float = 0.0
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 6))
        self.now += seconds


def test_a_host_is_asked_as_often_as_it_is_allowed_and_another_one_freely() -> None:
    time = Time()
    limits = HostLimits(lambda: {"API.loket.nl": 10.0}, LocalBuckets(lambda: time.now), time.sleep)
    for _ in range(35):
        limits.wait("api.loket.nl")
        limits.wait("api.personio.de")

    assert time.now == 2.5  # ten at once, and the other 25 at ten a second
    assert set(time.slept) == {0.1}


def test_a_pause_saves_no_more_than_a_second_of_requests() -> None:
    time = Time()
    limits = HostLimits(lambda: {"host": 5.0}, LocalBuckets(lambda: time.now), time.sleep)
    limits.wait("host")
    time.now = 3600.0
    for _ in range(10):
        limits.wait("host")

    assert round(time.now - 3600.0, 6) == 1.0


def test_while_the_database_of_all_is_away_each_process_keeps_to_the_limits_by_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Away:
        def take(self, host: str, per_second: float) -> float:
            raise QueueUnavailable("the queue's database did not answer")

    time = Time()
    limits = HostLimits(lambda: {"host": 2.0}, Away(), time.sleep)
    monkeypatch.setattr(limits._own, "_monotonic", lambda: time.now)
    for _ in range(6):
        limits.wait("host")

    assert time.now == 2.0  # two at once, and the other four at two a second


def test_every_request_to_either_system_waits_for_its_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    time = Time()
    monkeypatch.setattr(Outgoing, "send", lambda _, request, **__: httpx.Response(200, request=request))
    with open_http("http://host", TIMEOUT, system="loket") as client:
        with limited_by(HostLimits(lambda: {"host": 1.0}, LocalBuckets(lambda: time.now), time.sleep)):
            for _ in range(3):
                client.get("/")
        client.get("/")

    assert time.slept == [1.0, 1.0]
