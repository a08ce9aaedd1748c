"""One run at a time per legal entity, on both databases and in the fake: the same promises (RUN-3)."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import psutil
import psycopg
import pytest

from adapters.claimed import CLAIMED
from adapters.claims.holder import Holder, this_host, this_process
from adapters.claims.open import open_claims
from adapters.counted import COUNTED
from adapters.log.open import open_log
from domain.errors import ClaimLost, RunAlreadyInProgress
from domain.events.personio import PersonLeftEntity
from domain.log import Fence, Log
from domain.ports import AtWork, Claims
from domain.streams import person_stream
from domain.values import LegalEntityId, PersonId, RunId
from tests.support.fake_claims import FakeClaims
from tests.support.raw_sql import execute
from tests.support.scribe import Scribe
from tests.support.waiting import let_pass, until

TULP, IRIS = LegalEntityId("170"), LegalEntityId("171")

HOLD_AND_WAIT = """
import sys
from adapters.claims.open import open_claims
with open_claims(sys.argv[1]).claim("170", "run-elsewhere") as claim:
    print(claim.fence.token, flush=True)
    sys.stdin.read()
"""


@pytest.fixture(params=["fake", "sqlite", "postgres"])
def claims(request: pytest.FixtureRequest) -> Claims:
    if request.param == "fake":
        return FakeClaims()
    return open_claims(request.getfixturevalue(f"{request.param}_url"), told_every=0.05)


@contextmanager
def another_process(url: str) -> Iterator[subprocess.Popen[str]]:
    """A process that holds the entity; it is not reaped before the end, so that a killed one stays as a zombie."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD_AND_WAIT, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "1"
        try:
            yield process
        finally:
            process.kill()


def test_a_second_run_is_refused_and_told_who_holds_the_entity(claims: Claims) -> None:
    with claims.claim(TULP, RunId("run-1")):
        with pytest.raises(RunAlreadyInProgress) as refused, claims.claim(TULP, RunId("run-2")):
            pass
        assert refused.value.held_by == "run-1"


def test_different_entities_are_independent(claims: Claims) -> None:
    with claims.claim(TULP, RunId("run-1")) as tulp, claims.claim(IRIS, RunId("run-2")) as iris:
        assert (tulp.fence.legal_entity, iris.fence.legal_entity) == (TULP, IRIS)


def test_the_token_goes_up_with_every_claim_and_never_back(claims: Claims) -> None:
    tokens = []
    for number in range(3):
        with claims.claim(TULP, RunId(f"run-{number}")) as claim:
            tokens.append(claim.fence.token)
    assert tokens == [1, 2, 3]


def test_a_run_that_fails_lets_go(claims: Claims) -> None:
    with pytest.raises(ZeroDivisionError), claims.claim(TULP, RunId("run-1")):
        _ = 1 / 0
    with claims.claim(TULP, RunId("run-2")) as claim:
        assert claim.fence.token == 2


def test_a_claim_is_renewed_past_its_lease(log_url: str) -> None:
    """Without the renewals it would end sixty seconds after it was taken."""
    claims = open_claims(log_url, lease=60, renewed_every=0.05)

    def ends_at() -> float:
        ((at,),) = execute(log_url, "SELECT expires_at FROM claims")
        return float(at)

    with claims.claim(TULP, RunId("run-1")):
        first = ends_at()
        until(lambda: ends_at() > first, "a renewal")
        with pytest.raises(RunAlreadyInProgress), claims.claim(TULP, RunId("run-2")):
            pass


def test_a_lease_that_ran_out_is_taken_over_and_its_late_holder_releases_nothing(log_url: str) -> None:
    frozen = open_claims(log_url, lease=0.05, renewed_every=60)
    claims = open_claims(log_url)
    with ExitStack() as late:
        late.enter_context(frozen.claim(TULP, RunId("run-frozen")))
        let_pass(0.1)
        with claims.claim(TULP, RunId("run-2")) as taken:
            assert taken.fence.token == 2
            late.close()
            with pytest.raises(RunAlreadyInProgress) as refused, claims.claim(TULP, RunId("run-3")):
                pass
            assert refused.value.held_by == "run-2"


@pytest.fixture(autouse=True)
def _nothing_is_left_claimed() -> Iterator[None]:
    """Some tests here end claims in another order than they were taken, as no work does."""
    before = CLAIMED.set(None)
    yield
    CLAIMED.reset(before)


def test_whatever_is_written_under_a_claim_asks_once_more_whether_it_is_held(log_url: str) -> None:
    claims = open_claims(log_url, renewed_every=60)
    with claims.claim(TULP, RunId("run-1")) as claim:
        check = CLAIMED.get()
        assert check is not None
        check()
        execute(log_url, "UPDATE claims SET token = 9, run_id = 'run-9', expires_at = 1")
        check()  # the lease that was given is good for a while yet
        claim._good_until -= claim._lease * 0.9
        with pytest.raises(ClaimLost):
            check()
    assert CLAIMED.get() is None


def test_a_holder_that_lost_its_claim_stops_renewing_and_does_not_take_it_back(log_url: str) -> None:
    claims = open_claims(log_url, renewed_every=0.05)
    with claims.claim(TULP, RunId("run-1")):
        execute(log_url, "UPDATE claims SET token = 9, run_id = 'run-9', expires_at = 1")
        let_pass(0.2)  # some renewals
        assert execute(log_url, "SELECT token, run_id, expires_at FROM claims") == [(9, "run-9", 1.0)]


def test_who_is_at_work_and_how_far_is_known_to_everybody(claims: Claims) -> None:
    assert claims.at_work(TULP) is None

    with claims.claim(TULP, RunId("run-1")) as claim:
        assert claims.at_work(TULP) == AtWork(RunId("run-1"))
        assert claims.at_work(IRIS) is None
        claim.tell("writing to Loket", 22, 44)
        told = AtWork(RunId("run-1"), "writing to Loket", 22, 44)
        until(lambda: claims.at_work(TULP) == told, "how far it is")

    assert claims.at_work(TULP) is None
    with claims.claim(TULP, RunId("run-2")):
        assert claims.at_work(TULP) == AtWork(RunId("run-2"))


def test_what_is_counted_while_a_list_is_read_is_told_too(log_url: str) -> None:
    claims = open_claims(log_url, told_every=0.05)
    heard = []
    before = COUNTED.set(lambda done, total: heard.append((done, total)))

    with claims.claim(TULP, RunId("run-1")) as claim:
        claim.tell("reading Personio", 0, 0)
        counting = COUNTED.get()
        assert counting is not None
        counting(50, 60)
        told = AtWork(RunId("run-1"), "reading Personio", 50, 60)
        until(lambda: claims.at_work(TULP) == told, "how much was read")
    COUNTED.reset(before)

    assert heard == [(50, 60)]


def test_whoever_is_gone_is_at_work_no_longer(log_url: str) -> None:
    claims = open_claims(log_url)
    with another_process(log_url) as process:
        assert claims.at_work(TULP) == AtWork(RunId("run-elsewhere"))
        process.kill()
        until(lambda: claims.at_work(TULP) is None, "the end of the process")


def test_a_running_process_keeps_its_claim_and_a_killed_one_is_taken_over_at_once(log_url: str) -> None:
    claims = open_claims(log_url)
    with another_process(log_url) as process:
        with pytest.raises(RunAlreadyInProgress) as refused, claims.claim(TULP, RunId("run-1")):
            pass
        assert refused.value.held_by == "run-elsewhere"

        process.kill()

        until(lambda: Holder(this_host(), process.pid, time.time()).is_gone, "the end of the process")
        with claims.claim(TULP, RunId("run-1")) as claim:
            assert claim.fence.token == 2


def test_a_holder_on_another_host_is_believed_until_its_lease_runs_out(log_url: str) -> None:
    claims = open_claims(log_url)
    with claims.claim(TULP, RunId("run-1")):
        execute(log_url, "UPDATE claims SET host = 'another host', pid = 999999999")
        with pytest.raises(RunAlreadyInProgress), claims.claim(TULP, RunId("run-2")):
            pass


def test_of_many_that_try_at_once_exactly_one_gets_the_entity(log_url: str) -> None:
    everyone_tries, winners_hold = threading.Barrier(8), threading.Barrier(8)
    open_claims(log_url)
    outcomes: list[str] = []

    def attempt(number: int) -> None:
        claims = open_claims(log_url)
        with ExitStack() as held:
            everyone_tries.wait()
            try:
                held.enter_context(claims.claim(TULP, RunId(f"run-{number}")))
                outcomes.append("held")
            except RunAlreadyInProgress:
                outcomes.append("refused")
            winners_hold.wait()

    threads = [threading.Thread(target=attempt, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["held"] + ["refused"] * 7


def test_a_process_id_that_was_given_out_again_is_not_the_holder() -> None:
    me = this_process()
    assert not me.is_gone
    assert Holder(me.host, me.pid, me.pid_started - 3600).is_gone


def test_a_clock_that_steps_does_not_make_a_living_process_another_one(monkeypatch: pytest.MonkeyPatch) -> None:
    me, booted = this_process(), psutil.boot_time()

    monkeypatch.setattr("psutil._pslinux.boot_time", lambda: booted + 3600)  # what the kernel tells after a step

    assert not me.is_gone
    assert this_process() == me


def test_an_append_that_meets_a_takeover_waits_for_it_and_writes_nothing(log_url: str, tmp_path: Path) -> None:
    """Between the look at the token and the commit no one may take over, or a frozen run could still have a word."""
    fence = Fence(TULP, 1)
    outcome: list[object] = []

    def append(log: Log) -> None:
        try:
            outcome.append(
                Scribe(log).write(person_stream(PersonId("3007")), PersonLeftEntity(legal_entity=TULP), fence=fence)
            )
        except ClaimLost:
            outcome.append("lost")

    with closing(open_log(log_url, keys_url=f"sqlite:///{tmp_path}/keys.db", checkpoints=tmp_path / "heads")) as log:
        with open_claims(log_url).claim(TULP, RunId("run-1")) as claim:
            assert claim.fence == fence
            with taking_over(log_url):
                appending = threading.Thread(target=append, args=(log,))
                appending.start()
                appending.join(0.3)
                assert outcome == []
            appending.join()
        assert outcome == ["lost"]
        assert log.size() == 0


@contextmanager
def taking_over(url: str) -> Iterator[None]:
    """A takeover that has written its claim, and commits at the end of the block."""
    takeover = "UPDATE claims SET token = token + 1"
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as db:
            db.execute("BEGIN IMMEDIATE")
            db.execute(takeover)
            yield
            db.execute("COMMIT")
    else:
        with psycopg.connect(url) as pg:
            pg.execute(takeover)
            yield


def test_a_holder_that_stood_still_beyond_its_lease_is_told_before_it_sends_anything(log_url: str) -> None:
    frozen = open_claims(log_url, lease=0.2, renewed_every=60)
    with frozen.claim(TULP, RunId("run-1")) as first:
        first.check()
        let_pass(0.3)
        first.check()  # nobody wanted the entity meanwhile
        let_pass(0.3)
        with open_claims(log_url).claim(TULP, RunId("run-2")) as second, pytest.raises(ClaimLost):
            first.check()
        second.check()


def test_work_that_lets_go_in_a_moment_is_waited_for_and_a_run_is_not(sqlite_url: str) -> None:
    claims = open_claims(sqlite_url)
    with claims.claim(TULP, RunId("a-run")), pytest.raises(RunAlreadyInProgress):
        claims.claim(TULP, RunId("other")).__enter__()

    with ExitStack() as moment:
        moment.enter_context(claims.claim(TULP, RunId("hints-20260315-091244")))
        threading.Timer(0.3, moment.pop_all().close).start()
        with claims.claim(TULP, RunId("a-run")) as claim:
            assert claim.fence.token == 3
