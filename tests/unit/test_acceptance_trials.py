"""What is tried on one made-up employee of Loket's acceptance environment, and what each answer is told as."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from domain.errors import Misconfigured
from domain.events.setup import CheckResult, TenantExamined
from domain.examination import Verdict
from domain.log import Meta, Recorded, StreamId
from domain.services.setup.acceptance import MADE_UP, Chain, Omitted, Subject, require_acceptance, try_out
from domain.settings import LegalEntity
from domain.values import Actor, EmployeeNumber
from tests.support.people import POLICY

NUMBER = EmployeeNumber(990001)
OURS, OTHER = "0" * 36, "1" * 36
HOLDS, NOT, UNSEEN = Verdict.HOLDS, Verdict.DOES_NOT_HOLD, Verdict.NOT_SEEN


@dataclass
class Tried:
    """`Trials` with answers that the test chooses."""

    held: Subject = field(default_factory=Subject)
    makes: str | None = OURS
    omits: Omitted = Omitted.KEPT
    status: int = 412
    chains: Chain = Chain.ENDED
    made: list[str] = field(default_factory=list)

    def subject(self, entity: LegalEntity, number: EmployeeNumber) -> Subject:
        return self.held

    def make(self, entity: LegalEntity, number: EmployeeNumber, last_name: str) -> str | None:
        self.made.append(last_name)
        return self.makes

    def omit(self, employee: str) -> Omitted:
        return self.omits

    def stale(self, employee: str) -> int:
        return self.status

    def chain(self, employment: str, component: int) -> Chain:
        return self.chains


def told(trials: Tried, component: int | None = 284, made_as: str = "") -> list[tuple[Verdict, str, bool]]:
    """(verdict, what was seen, whether there is something to do) of each line."""
    name = "Loket keeps a concept employee's id when it is finalised"
    said = CheckResult(name, "not seen", f"{MADE_UP} was made as concept employee {made_as}")
    other = CheckResult("something else", "ok", f"made as concept employee {OTHER}")
    fact = TenantExamined(legal_entity="170", results=(other, said, other))
    meta = Meta(recorded_at=datetime(2026, 3, 15, tzinfo=UTC), actor=Actor("Anna"), correlation="x")
    history = [Recorded(0, StreamId("s"), 0, "", meta, fact)]
    checks = try_out(trials, POLICY.entity, NUMBER, component, history)
    return [(one.verdict, one.told, bool(one.do)) for one in checks]


EMPLOYEE = Subject(employee=OURS, employment="m1", last_name=MADE_UP)


@pytest.mark.parametrize("host", ["api.loket-acc.nl", "localhost", "127.0.0.1", "::1"])
def test_it_writes_to_loket_s_acceptance_environment_and_to_a_simulator_on_this_machine(host: str) -> None:
    require_acceptance(host)


@pytest.mark.parametrize(
    ("host", "why"),
    [("api.loket.nl", "production"), ("10.0.0.1", "another host"), ("loket.example", "another host")],
)
def test_and_nowhere_else(host: str, why: str) -> None:
    with pytest.raises(Misconfigured, match=why):
        require_acceptance(host)


def test_somebody_new_is_made_once_and_then_waits_for_a_person_to_finalise_them() -> None:
    new, made = Tried(), Tried(Subject(concept=OTHER, last_name=MADE_UP))

    assert told(new) == [(UNSEEN, f"{MADE_UP} (990001) was made as concept employee {OURS}", True)]
    assert told(made) == [(UNSEEN, f"{MADE_UP} (990001) was made as concept employee {OTHER}", True)]
    assert (new.made, made.made) == ([MADE_UP], [])
    assert told(Tried(makes=None)) == [(UNSEEN, "Loket refused the concept employee", True)]


@pytest.mark.parametrize(
    "held", [Subject(concept=OURS, last_name="Visser"), Subject(employee=OURS, last_name="Visser")]
)
def test_nobody_who_is_not_made_up_is_ever_written_to(held: Subject) -> None:
    with pytest.raises(Misconfigured, match="choose a free number"):
        told(Tried(held))


def test_every_trial_that_holds() -> None:
    assert told(Tried(EMPLOYEE), made_as=OURS) == [
        (HOLDS, "after finalising in the screen", False),
        (HOLDS, "a phone number that was left out was kept", False),
        (HOLDS, "HTTP 412", False),
        (HOLDS, "the earlier one: ended the day before", False),
    ]


def test_every_trial_that_does_not() -> None:
    odd = Tried(EMPLOYEE, omits=Omitted.CLEARED, status=200, chains=Chain.LEFT)

    assert told(odd, made_as=OTHER) == [
        (NOT, "after finalising in the screen", True),
        (NOT, "a phone number that was left out was cleared", False),
        (NOT, "HTTP 200", True),
        (NOT, "the earlier one: left open", False),
    ]
    assert told(Tried(EMPLOYEE, status=409))[2][0] is HOLDS


def test_what_cannot_be_tried_says_why() -> None:
    nowhere = Subject(employee=OURS, last_name=MADE_UP)

    assert told(Tried(EMPLOYEE))[0] == (UNSEEN, "the employee was not made by this command", False)
    assert told(Tried(EMPLOYEE), component=None)[-1] == (UNSEEN, "no recurring component is in [pay.components]", False)
    assert told(Tried(nowhere))[-1] == (UNSEEN, "the employee has no employment", False)
