"""Alerts on their way: each target gets what is due once, failures wait longer each time, and all ends in time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.alerts import AlertTarget
from domain.events.alert import (
    AlertDeadLettered,
    AlertDelivered,
    AlertKind,
    AlertNotDelivered,
    AlertRaised,
    Condition,
    Happened,
)
from domain.log import Fact, Meta, Pending, StreamAppend
from domain.services.alerts.deliver import WAITS, Deliverer, Page, Post, Wording, post
from domain.services.alerts.key_store import KeyStoreAlerts
from domain.services.alerts.undelivered import GIVEN_UP_AFTER, LONGEST_WAIT
from domain.services.alerts.views import ViewAlerts
from domain.streams import alert_stream
from domain.values import Actor, LegalEntityId, RunId
from domain.views import View
from tests.support.empty_views import views_in_memory
from tests.support.fake_log import FakeLog
from tests.support.views_apart import cannot_follow
from tests.support.world import WorldClock

ENTITY, AT = LegalEntityId("170"), datetime(2026, 3, 15, 9, tzinfo=UTC)
DESK, NIGHT = AlertTarget("desk"), AlertTarget("night")
STREET = Condition(AlertKind.DRIFT, "drift:170:4711:address.street", "address.street")
CITY = Condition(AlertKind.DRIFT, "drift:170:4711:address.city", "address.city")


class Line:
    """A channel that says the same of every post."""

    def __init__(self, answer: str | None = None) -> None:
        self.answer = answer
        self.posts: list[Post] = []

    def send(self, post: Post, at: datetime) -> str | None:
        self.posts.append(post)
        return self.answer


class Office:
    def __init__(self) -> None:
        self.clock, self.log = WorldClock(), FakeLog()
        self.views = views_in_memory(self.log)
        self.desk, self.night = Line(), Line()
        self.targets = {"desk": (DESK, self.desk), "night": (NIGHT, self.night)}

    def deliver(self) -> int:
        return Deliverer(
            log=self.log,
            views=self.views,
            claims=self.log.claims,
            clock=self.clock,
            targets=self.targets,
            names={ENTITY: "Tulp Logistiek B.V."},
            wording=Wording("https://tulp.example/"),
        ).deliver_due()

    def raise_alert(self, name: str, *targets: str) -> None:
        raised = AlertRaised(alert=name, legal_entity=ENTITY, about="run-1", opened=(STREET,), targets=targets)
        stream = alert_stream(ENTITY, name)
        meta = Meta(recorded_at=self.clock.now(), actor=Actor("system"), correlation="run-1")
        self.log.append([StreamAppend(stream, 0, [Pending(raised)])], meta=meta)

    def told(self) -> list[Fact]:
        facts = [one.fact for one in self.log.page(-1, 1000)]
        return [one for one in facts if not isinstance(one, AlertRaised)]

    def wait(self, span: timedelta) -> None:
        self.clock.sleep(span.total_seconds())


@pytest.fixture
def office() -> Iterator[Office]:
    made = Office()
    yield made
    made.views.close()


def test_an_alert_reaches_each_of_its_targets_once(office: Office) -> None:
    office.raise_alert("alert-1", "desk", "night")

    assert (office.deliver(), office.deliver()) == (2, 0)

    assert [len(line.posts) for line in (office.desk, office.night)] == [1, 1]
    assert office.told() == [AlertDelivered(alert="alert-1", target=one, attempt=1) for one in ("desk", "night")]
    (sent,) = office.desk.posts
    assert (sent.data["alert"], sent.text) == (
        "alert-1",
        "1 value in Loket drifted: Street\n\nhttps://tulp.example/v1/alerts/alert-1\nAlert alert-1",
    )
    assert "Tulp Logistiek B.V." in sent.title
    assert office.views.alerts.due(office.clock.now(), 100) == ()  # whoever looks now sees that


def test_that_the_view_of_alerts_is_behind_is_told_once_and_what_else_was_raised_when_it_is_there_again(
    office: Office,
) -> None:
    standing = ViewAlerts(office.log, office.clock, [DESK])
    with cannot_follow(View.ALERTS):
        office.raise_alert("alert-1", "desk")
        office.views.catch_up()
        standing.stands(office.views.behind)
        replace(standing, log=None).stands(office.views.behind)  # type: ignore[arg-type]  # nothing is asked of the log
        office.desk.answer = "busy"
        assert (office.deliver(), office.deliver()) == (0, 0)
        office.desk.answer = None
        office.wait(WAITS[0])
        assert (office.deliver(), office.deliver()) == (1, 0)

    assert [AlertKind.VIEW_BEHIND.value in one.data["kinds"] for one in office.desk.posts] == [True, True]
    assert len({one.id for one in office.desk.posts}) == 1
    assert office.desk.posts[0].data["legal_entity"] is None  # it is of the installation
    assert [type(one) for one in office.told()] == [AlertNotDelivered, AlertDelivered]
    assert (office.deliver(), office.desk.posts[-1].data["alert"]) == (1, "alert-1")


def test_no_two_messages_have_one_id_though_every_log_numbers_its_alerts_from_one() -> None:
    raised = AlertRaised(alert="170-systems-4", legal_entity="170", about="run", opened=(STREET,))
    at = datetime(2026, 3, 16, 7, tzinfo=UTC)
    later = at + timedelta(microseconds=1)  # in another customer's log

    ids = [post(raised, when, target, "Tulp").id for when in (at, later) for target in (DESK, NIGHT)]

    assert len(set(ids)) == 4
    assert ids[0] == "170-systems-4-a662313fd9ad61bd"  # with any version of the product
    assert all(one.startswith("170-systems-4-") for one in ids)


def test_nothing_is_sent_while_another_process_is_at_it(office: Office) -> None:
    office.raise_alert("alert-1", "desk")

    with office.log.claims.claim(LegalEntityId("alerts"), RunId("other")):
        assert office.deliver() == 0
    assert office.deliver() == 1


def test_each_failure_is_followed_by_a_longer_wait_and_after_three_days_the_alert_is_given_up(office: Office) -> None:
    office.raise_alert("alert-1", "desk")
    office.desk.answer = "busy"
    waits = []
    while True:
        assert office.deliver() == 0
        last = office.told()[-1]
        if not isinstance(last, AlertNotDelivered):
            break
        assert last.cause == "busy"
        waits.append(last.next_at - office.clock.now())
        office.wait(waits[-1] - timedelta(seconds=1))
        assert (office.deliver(), office.told()[-1]) == (0, last)  # not before its time
        office.wait(timedelta(seconds=1))

    assert waits[: len(WAITS)] == list(WAITS)
    assert set(waits[len(WAITS) :]) == {LONGEST_WAIT}
    assert sum(waits, timedelta()) < GIVEN_UP_AFTER <= sum(waits, LONGEST_WAIT)
    assert last == AlertDeadLettered(alert="alert-1", target="desk", attempts=len(waits) + 1, cause="busy")


def test_an_alert_is_given_up_where_no_more_time_is_left_within_three_days(office: Office) -> None:
    office.raise_alert("alert-1", "desk")
    office.wait(timedelta(seconds=1))
    office.raise_alert("alert-2", "night")
    office.desk.answer = office.night.answer = "busy"

    office.wait(GIVEN_UP_AFTER - WAITS[0] - timedelta(seconds=1))
    office.deliver()

    assert [type(one) for one in office.told()] == [AlertDeadLettered, AlertNotDelivered]


@pytest.mark.parametrize(("late", "sent"), [(timedelta(seconds=1), 1), (timedelta(0), 0)])
def test_an_alert_about_views_is_not_sent_any_more_once_it_is_too_old(
    office: Office, late: timedelta, sent: int
) -> None:
    with cannot_follow(View.ALERTS):
        ViewAlerts(office.log, office.clock, [DESK]).stands([View.ALERTS])
        office.views.catch_up()
        office.wait(GIVEN_UP_AFTER + LONGEST_WAIT - late)

        assert office.deliver() == sent


def test_what_was_done_to_the_key_store_is_told_once_and_what_is_no_news_is_not_even_appended(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    alerts = KeyStoreAlerts(office.log, office.clock, [DESK])
    alerts.stands([("key of Anna", "edited")])
    alerts.met("session of Bas", "back")
    alerts.dropped(2, "a noted reading")
    monkeypatch.setattr(office.log, "append", None)
    alerts.stands([("key of Anna", "edited")])
    alerts.met("session of Bas", "back")
    monkeypatch.undo()

    assert office.deliver() == 3
    counted = [one.data["kinds"]["key_store_edited"] for one in office.desk.posts]
    assert [(one["opened"], one["happened"], one["what"]) for one in counted] == [
        (1, 0, ["edited"]),
        (1, 0, ["back"]),
        (0, 2, ["a noted reading"]),
    ]


def test_a_target_that_fails_once_is_left_alone_until_the_next_round_and_holds_up_nobody(office: Office) -> None:
    office.raise_alert("alert-1", "desk", "night")
    office.raise_alert("alert-2", "desk", "night")
    office.desk.answer = "busy"

    assert office.deliver() == 2

    assert [len(line.posts) for line in (office.desk, office.night)] == [1, 2]


def test_an_alert_for_a_target_that_is_configured_no_more_is_given_up_at_once_and_every_one_of_them(
    office: Office,
) -> None:
    office.raise_alert("alert-1", "desk")
    office.raise_alert("alert-2", "desk")
    del office.targets["desk"]

    assert office.deliver() == 0

    cause = "no such target is configured any more"
    assert office.told() == [
        AlertDeadLettered(alert=one, target="desk", attempts=1, cause=cause) for one in ("alert-1", "alert-2")
    ]


def test_a_machine_reads_the_counts_of_each_kind_that_its_target_hears() -> None:
    heard = {AlertKind.DRIFT, AlertKind.OVERWRITTEN, AlertKind.UNEXPLAINED_CHANGE, AlertKind.TASK_OPEN_LONG}
    drift = AlertTarget("drift", kinds=frozenset(heard))
    raised = AlertRaised(
        alert="alert-1",
        legal_entity=ENTITY,
        about="run-1",
        opened=(STREET, CITY, Condition(AlertKind.CONCEPT_WAITING, "3007")),
        recovered=(CITY, Condition(AlertKind.UNEXPLAINED_CHANGE, CITY.key, CITY.what)),
        happened=(Happened(AlertKind.OVERWRITTEN, 3, ("address.city",)), Happened(AlertKind.OVERWRITTEN, 2, ())),
    )

    data = post(raised, AT, drift, "Tulp").data

    assert data["kinds"] == {
        "drift": {"opened": 2, "recovered": 1, "happened": 0, "what": ["address.city", "address.street"]},
        "unexplained_change": {"opened": 0, "recovered": 1, "happened": 0, "what": ["address.city"]},
        "overwritten": {"opened": 0, "recovered": 0, "happened": 5, "what": ["address.city"]},
    }
    assert (data["alert"], data["legal_entity"], data["about"], data["link"]) == ("alert-1", "170", "run-1", None)


def test_a_message_leads_to_where_somebody_acts_and_else_to_the_alert_itself() -> None:
    raised = AlertRaised(alert="alert-1", legal_entity=ENTITY, about="run-1", opened=(STREET,))
    differences = Page("Differences", "https://tulp.example/differences")
    wording = Wording("https://tulp.example", lambda _, kind: differences if kind is AlertKind.DRIFT else None)

    alone, linked, led = (
        post(raised, AT, DESK, "Tulp", one) for one in (Wording(), replace(wording, page=Wording().page), wording)
    )

    said = "1 value in Loket drifted: Street\n"
    assert alone.text == f"{said}\nAlert alert-1"
    assert linked.text == f"{said}\nhttps://tulp.example/v1/alerts/alert-1\nAlert alert-1"
    assert led.text == f"{said}Differences: https://tulp.example/differences\n\nAlert alert-1"
    assert led.data["link"] == linked.data["link"] == "https://tulp.example/v1/alerts/alert-1"
    assert led.data["kinds"]["drift"]["page"] == differences.url
