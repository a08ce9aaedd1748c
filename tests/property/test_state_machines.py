"""Random sequences of what processes do to the log, the claims, the intents and the views, against simple models."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import settings
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from adapters.claims.holder import Holder, this_process
from adapters.log.event_log import EventLog
from adapters.projections.open import OpenViews, open_views
from adapters.sqlite.claims import SqliteClaims
from domain.errors import ClaimLost, RunAlreadyInProgress, StreamMoved
from domain.events.loket import (
    ConfirmedBy,
    WriteConfirmed,
    WriteConflicted,
    WriteIntended,
    WriteKind,
    WriteNotApplied,
    WriteNotSent,
    WriteOutcomeUnknown,
    WriteRefused,
)
from domain.events.values import FieldChange
from domain.log import Fact, Fence, StreamId
from domain.records.loket_record import LoketRecord
from domain.streams import loket_stream
from domain.values import EmployeeNumber, FieldPath, LegalEntityId, RunId
from tests.support.empty_views import views_in_memory
from tests.support.fake_log import FakeLog
from tests.support.log_site import META, LogSite, gates, root_of, to

TULP = LegalEntityId("170")
STREAMS = st.sampled_from(["a", "b", "c"])
OFTEN = settings(max_examples=8, stateful_step_count=25, database=None)


class Appending(RuleBasedStateMachine):
    """Two openings of one log on disk: what was acknowledged is there in order, and nothing else."""

    def __init__(self) -> None:
        super().__init__()
        self.closing = ExitStack()
        self.folder = Path(self.closing.enter_context(tempfile.TemporaryDirectory()))
        self.site = LogSite(f"sqlite:///{self.folder}/log.db", f"sqlite:///{self.folder}/keys.db", self.folder)
        self.logs = [self.closing.enter_context(self.site.open()) for _ in range(2)]
        self.model: list[tuple[str, int, int]] = []  # stream, version, number told

    def versions(self) -> Mapping[str, int]:
        return {stream: sum(one[0] == stream for one in self.model) for stream in "abc"}

    @rule(who=st.integers(0, 1), stream=STREAMS, numbers=st.lists(st.integers(1, 9999), min_size=1, max_size=130))
    def append(self, who: int, stream: str, numbers: list[int]) -> None:
        first = self.versions()[stream]
        self.logs[who].append([to(stream, first, *map(gates, numbers))], meta=META)
        self.model += [(stream, first + at, number) for at, number in enumerate(numbers)]

    @rule(who=st.integers(0, 1), stream=STREAMS, wrong=st.sampled_from([-1, 1, 2]))
    def append_where_the_stream_is_not(self, who: int, stream: str, wrong: int) -> None:
        first = max(self.versions()[stream] + wrong, 0)
        if first == self.versions()[stream]:
            return
        with pytest.raises(StreamMoved):
            self.logs[who].append([to("z", 0, gates(1)), to(stream, first, gates(1))], meta=META)

    @rule(who=st.integers(0, 1))
    def reopen(self, who: int) -> None:
        self.logs[who].close()
        self.logs[who] = self.closing.enter_context(self.site.open())

    @rule(who=st.integers(0, 1))
    def sign(self, who: int) -> None:
        head = self.logs[who].checkpoint()
        assert (head.size if head else 0) == len(self.model)
        assert head is None or head.root == root_of(self.logs[who])

    @invariant()
    def both_read_the_model(self) -> None:
        for log in self.logs:
            read = log.page(-1, 100_000)
            assert [(one.stream, one.version, _number(one.fact)) for one in read] == self.model
            assert [one.position for one in read] == list(range(len(self.model)))

    def teardown(self) -> None:
        self.closing.close()


class Claiming(RuleBasedStateMachine):
    """Claims and what may be appended under them: at most one token is good, and it never comes back."""

    tokens = Bundle("tokens")

    def __init__(self) -> None:
        super().__init__()
        self.closing = ExitStack()
        folder = Path(self.closing.enter_context(tempfile.TemporaryDirectory()))
        site = LogSite(f"sqlite:///{folder}/log.db", f"sqlite:///{folder}/keys.db", folder)
        self.claims = SqliteClaims(f"{folder}/log.db")
        self.log: EventLog = self.closing.enter_context(site.open())
        self.newest = 0
        self.held = False  # by somebody whose lease has not run out
        self.released = False
        self.appended = 0

    @rule(target=tokens, lease=st.sampled_from([60.0, -1.0]), elsewhere=st.booleans())
    def take(self, lease: float, elsewhere: bool) -> Fence | None:
        """A lease of -1 stands for a holder that froze: it has run out at once."""
        holder = Holder("another host", 1, 0.0) if elsewhere else this_process()
        if self.held:
            with pytest.raises(RunAlreadyInProgress):
                self.claims.take(TULP, RunId("run"), holder, lease)
            return None
        token = self.claims.take(TULP, RunId("run"), holder, lease)
        assert token == self.newest + 1
        self.newest, self.held, self.released = token, lease > 0, False
        return Fence(TULP, token)

    @rule(fence=tokens)
    def renew(self, fence: Fence | None) -> None:
        if fence is not None:
            assert self.claims.renew(fence, 60.0) == (fence.token == self.newest)
            self.held |= fence.token == self.newest and not self.released

    @rule(fence=tokens)
    def release(self, fence: Fence | None) -> None:
        if fence is not None:
            self.claims.release(fence)
            self.held &= fence.token != self.newest
            self.released |= fence.token == self.newest

    @rule(fence=tokens)
    def append(self, fence: Fence | None) -> None:
        if fence is None:
            return
        if fence.token == self.newest:
            self.log.append([to("a", self.appended, gates(1))], meta=META, fence=fence)
            self.appended += 1
        else:
            with pytest.raises(ClaimLost):
                self.log.append([to("a", self.appended, gates(1))], meta=META, fence=fence)

    @invariant()
    def nothing_else_was_stored(self) -> None:
        assert self.log.size() == self.appended

    def teardown(self) -> None:
        self.closing.close()


class Writing(RuleBasedStateMachine):
    """Intents and their outcomes: the record and the view agree with a model on what is still open, whenever asked."""

    intents = Bundle("intents")

    @initialize()
    def begin(self) -> None:
        self.log = FakeLog()
        self.views: OpenViews = views_in_memory(self.log)
        self.open: dict[str, bool] = {}  # intent -> already unknown
        self.held: dict[str, str] = {}
        self.wanted: dict[str, str] = {}
        self.count = 0
        self.stream = loket_stream(TULP, EmployeeNumber(4711))

    def record(self, *facts: Fact) -> None:
        self.log.append([to(self.stream, len(self.log.stream(self.stream)), *facts)], meta=META)

    @rule(target=intents, street=st.sampled_from(["Main St", "Elm St", "Nieuwe Gracht"]))
    def intend(self, street: str) -> str:
        self.count += 1
        intent = f"intent-{self.count}"
        change = FieldChange(FieldPath("address.street"), self.held.get("street", "Old St"), street)
        self.record(
            WriteIntended(
                intent=intent,
                run_id="run-1",
                person_id="3007",
                kind=WriteKind.EMPLOYEE,
                target="guid",
                subject="subject",
                changes=(change,),
                rule="EDIT-1",
            )
        )
        self.open[intent], self.wanted[intent] = False, street
        return intent

    @rule(intent=intents)
    def unknown(self, intent: str) -> None:
        if intent in self.open:
            self.record(WriteOutcomeUnknown(intent=intent, cause="read timeout", rule="RUN-8"))
            self.open[intent] = True

    @rule(intent=intents, kind=st.sampled_from(["confirmed", "refused", "not sent", "not applied", "conflicted"]))
    def end(self, intent: str, kind: str) -> None:
        if intent not in self.open:
            return
        outcomes: dict[str, Fact] = {
            "confirmed": WriteConfirmed(
                intent=intent, confirmed_by=ConfirmedBy.ANSWER, subject="subject", rule="RUN-6"
            ),
            "refused": WriteRefused(intent=intent, status=400, subject="subject", messages=(), rule="RUN-5"),
            "not sent": WriteNotSent(intent=intent, cause="no connection", rule="RUN-5"),
            "not applied": WriteNotApplied(intent=intent, rule="RUN-8"),
            "conflicted": WriteConflicted(intent=intent, subject="subject", found=(), rule="RUN-8"),
        }
        self.record(outcomes[kind])
        del self.open[intent]
        if kind == "confirmed":
            self.held["street"] = self.wanted[intent]

    @rule()
    def catch_up(self) -> None:
        self.views.catch_up()

    @rule()
    def rebuild(self) -> None:
        self.views.rebuild()

    @invariant()
    def the_record_agrees(self) -> None:
        record = LoketRecord.of(self.log.vault.opened(self.log.stream(StreamId(self.stream))))
        assert {key: one.unknown for key, one in record.open_intents.items()} == self.open
        assert record.fields.get(FieldPath("address.street")) == self.held.get("street")
        assert record.next_version == self.log.size()

    @rule()
    def ask_the_view_and_a_fresh_one(self) -> None:
        self.views.catch_up()
        with closing(open_views("sqlite://", self.log)) as fresh:
            fresh.rebuild()
            for views in (self.views, fresh):
                assert {intent for _, intent in views.sync_state.open_intents(TULP)} == set(self.open)

    def teardown(self) -> None:
        self.views.close()


def _number(fact: Any) -> int:
    return int(fact.employee_number)


def test_what_was_appended_is_there_in_order_whoever_appends_and_reopens() -> None:
    run_state_machine_as_test(Appending, settings=OFTEN)


def test_at_most_one_claim_is_good_and_none_comes_back() -> None:
    run_state_machine_as_test(Claiming, settings=OFTEN)


def test_record_and_view_agree_on_what_is_still_open() -> None:
    run_state_machine_as_test(Writing, settings=OFTEN)
