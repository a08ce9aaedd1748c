"""What works for one tenant in a thread of its own says whose it is; limits and shares are followed as they change."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from structlog.contextvars import bound_contextvars, get_contextvars

from adapters import limits
from adapters.claims.lease import LeasedClaims
from adapters.limits import wait_for
from adapters.log.proof.witnessing import _Asker
from api.config.tenants import Folder
from api.jobs import webhook_follower
from api.jobs.fair_lanes import FairLanes
from domain.errors import Misconfigured
from domain.fairness import Had
from domain.schedule import Job
from domain.values import LegalEntityId, RunId
from tests.support.bureau import OPERATOR, bureau
from tests.support.waiting import until

HOST = "made-up.example.org"


def test_hints_are_followed_under_the_tenants_name(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = list[Mapping[str, Any]]()

    @contextmanager
    def tools(*_: object, **__: object) -> Iterator[None]:
        yield

    personio = SimpleNamespace(close=lambda: None, webhooks=None)
    monkeypatch.setattr(webhook_follower, "personio_client", lambda _: personio)
    monkeypatch.setattr(webhook_follower, "open_tools", tools)
    monkeypatch.setattr(webhook_follower, "look_at_hints", lambda *_: seen.append(get_contextvars()) is None)
    store: Any = SimpleNamespace(log=SimpleNamespace(believed=lambda: None))
    anything: Any = SimpleNamespace()
    with bound_contextvars(tenant="tulp"), webhook_follower.following(anything, store, anything, every=0.01):
        until(lambda: seen)

    assert seen[0] == {"tenant": "tulp"}


def test_a_claim_is_renewed_under_the_tenants_name() -> None:
    seen = list[Mapping[str, Any]]()

    class Renewed(LeasedClaims):
        def _take(self, *_: object) -> tuple[int, float]:
            return 1, float("inf")

        def _renew(self, *_: object) -> None:
            seen.append(get_contextvars())

    store: Any = SimpleNamespace(release=lambda _: None)
    with bound_contextvars(tenant="tulp"), Renewed(store).claim(LegalEntityId("170"), RunId("r")):
        pass

    assert seen == [{"tenant": "tulp"}]


def test_a_witness_is_asked_under_the_tenants_name_and_not_the_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = list[Mapping[str, Any]]()
    monkeypatch.setattr(_Asker, "_work", lambda _: seen.append(get_contextvars()))
    anything: Any = SimpleNamespace(timeout=1.0)
    with bound_contextvars(tenant="tulp"):
        asker = _Asker(anything, anything, anything)
        with bound_contextvars(request_id="first"):
            asker.want(anything)
    until(lambda: seen)

    assert seen == [{"tenant": "tulp"}]


def test_a_limit_that_the_operator_changes_holds_without_a_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited = list[float]()
    with bureau(tmp_path, "tulp") as house:
        monkeypatch.setattr(limits._limits[-1], "_sleep", waited.append)
        for _ in range(3):
            wait_for(HOST)
        assert waited == []
        (tmp_path / "operator.toml").write_text(f'{OPERATOR}\n[requests_per_second]\n"{HOST.upper()}" = 1\n')
        house.serving.house.refresh()
        for _ in range(3):
            wait_for(HOST)

    assert waited


def test_a_share_that_changes_counts_from_then_on() -> None:
    shares, begun, gate = dict[str, float](), list[str](), threading.Event()

    def do(tenant: str, entity: str, what: str) -> None:
        assert entity
        assert what
        gate.wait(10)
        begun.append(tenant)

    now = [0.0]
    with FairLanes(do, places=1, shares=lambda: shares, monotonic=lambda: now[0]) as lanes:
        lanes._had.update(tulp=Had(0.0, 100.0, 9.0), roos=Had(0.0, 60.0, 9.0))
        lanes.defer("eik", "1", Job.DRIFT_CHECK)
        for tenant in ("roos", "tulp"):
            lanes.defer(tenant, "1", Job.DRIFT_CHECK)
        shares["tulp"] = 2.0
        gate.set()
        until(lambda: len(begun) == 3)

    assert begun == ["eik", "tulp", "roos"]


@pytest.mark.parametrize("host", ["https://api.loket.nl", "api.loket.nl:443", "api.loket.nl/v2", ""])
def test_a_limit_of_what_is_no_host_is_refused_by_name(tmp_path: Path, host: str) -> None:
    (tmp_path / "operator.toml").write_text(f'[requests_per_second]\n"{host}" = 5\n')

    with pytest.raises(Misconfigured, match=f"{host} is no host"):
        Folder(tmp_path).operator()


@pytest.mark.parametrize("section", ["shares", "requests_per_second"])
@pytest.mark.parametrize("much", ["0", "-1", "1e-300", "nan", "inf"])
def test_a_share_or_a_limit_is_a_number_that_can_be_kept_to(tmp_path: Path, section: str, much: str) -> None:
    (tmp_path / "operator.toml").write_text(f"[{section}]\ntulp = {much}\n")

    with pytest.raises(Misconfigured, match=r"from 0\.001 to 1000000"):
        Folder(tmp_path).operator()
