"""Alerts are raised on transitions, with recovery, and say nothing personal."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from domain.alerts import EVERYTHING, MOST, QUIET, AlertRecord, AlertTarget, Seen, message
from domain.events.alert import AlertKind, AlertRaised, Condition, ConditionsNoted, Happened
from domain.log import Meta, Recorded, StreamId
from domain.values import Actor, LegalEntityId
from tests.support.scribe import MARCH_15

STREET = Condition(AlertKind.DRIFT, "drift:170:4711:address.street", "address.street")
CITY = Condition(AlertKind.DRIFT, "drift:170:4711:address.city", "address.city")
WAITING = Condition(AlertKind.CONCEPT_WAITING, "3007")
DESK = AlertTarget("desk")


class Office:
    """One stream of alerts, looked at day after day."""

    def __init__(self) -> None:
        self.history: list[Recorded] = []
        self.now = MARCH_15

    def look(
        self, *open_: Condition, known: tuple[Condition, ...] = (), happened: tuple[Happened, ...] = (), days: int = 1
    ) -> AlertRaised | None:
        """What is told after this look, if anything."""
        record = AlertRecord.of(self.history)
        seen = Seen(frozenset({AlertKind.DRIFT}), frozenset(open_), frozenset(known), happened)
        facts = record.after(seen, self.now, source="systems", entity="170", about="check-1", targets=[DESK])
        for fact in facts:
            meta = Meta(recorded_at=self.now, actor=Actor("system"), correlation="check-1")
            at = len(self.history)
            self.history.append(Recorded(at, StreamId("alerts:170:systems"), at, "", meta, fact))
        self.now += timedelta(days=days)
        return next((fact for fact in facts if isinstance(fact, AlertRaised)), None)

    def told(self) -> list[tuple[int, int]]:
        """(begun, over) of every message."""
        facts = [one.fact for one in self.history]
        return [(len(one.opened), len(one.recovered)) for one in facts if isinstance(one, AlertRaised)]


def test_what_stands_open_is_told_once_and_its_end_once() -> None:
    office = Office()
    for open_ in ((), (STREET,), (STREET,), (STREET, CITY), (CITY,), (CITY,), ()):
        office.look(*open_)

    assert office.told() == [(1, 0), (1, 0), (0, 1), (0, 1)]


@pytest.mark.parametrize(("entity", "begins"), [("170", "170-systems-"), ("", "all-systems-")])
def test_an_alert_is_named_after_what_it_is_about(entity: str, begins: str) -> None:
    """One about this installation, such as its log, is about no legal entity."""
    seen = Seen(frozenset({AlertKind.DRIFT}), frozenset({STREET}))

    *_, raised = AlertRecord.of([]).after(
        seen, MARCH_15, source="systems", entity=entity, about="check-1", targets=[DESK]
    )

    assert isinstance(raised, AlertRaised)
    assert raised.alert.startswith(begins)


def test_an_alert_is_named_after_its_place_in_its_stream_so_that_no_two_share_a_name() -> None:
    """What is noted beside it comes before it: here a value that came back within the quiet days."""
    office = Office()
    for open_ in ((STREET,), (), (STREET, WAITING), (STREET,)):
        office.look(*open_)
    raised = [(one.version, one.fact.alert) for one in office.history if isinstance(one.fact, AlertRaised)]

    assert any(isinstance(one.fact, ConditionsNoted) for one in office.history)
    assert raised == [(version, f"170-systems-{version}") for version, _ in raised]
    assert len(raised) == 4


def test_what_only_happened_is_told_without_anything_standing_open() -> None:
    raised = Office().look(happened=(Happened(AlertKind.CLEARED, 1, ("address.street",)),))

    assert raised is not None
    assert message(raised, "Tulp", EVERYTHING).lines == ("1 value in Loket was cleared: Street",)


def test_an_alert_names_the_targets_that_want_it_and_no_other() -> None:
    targets = [DESK, AlertTarget("log", kinds=frozenset({AlertKind.LOG_INTEGRITY}))]
    seen = Seen(frozenset({AlertKind.DRIFT}), frozenset({STREET}))

    *_, raised = AlertRecord.of([]).after(seen, MARCH_15, source="systems", entity="170", about="c", targets=targets)

    assert isinstance(raised, AlertRaised)
    assert raised.targets == ("desk",)


@pytest.mark.parametrize(("many", "more"), [(8, ""), (9, ", and 1 more")])
def test_a_line_names_eight_fields_and_counts_the_rest(many: int, more: str) -> None:
    fields = [f"field.{number}" for number in range(many)]
    raised = Office().look(*(Condition(AlertKind.DRIFT, f"drift:170:1:{one}", one) for one in fields))

    assert raised is not None
    (line,) = message(raised, "Tulp", EVERYTHING).lines
    assert line == f"{many} values in Loket drifted: {', '.join(fields[:8])}{more}"


def test_one_look_is_one_message_whatever_it_found() -> None:
    office = Office()
    office.look(STREET)

    raised = office.look(CITY, happened=(Happened(AlertKind.OVERWRITTEN, 2, ("address.city",) * 2),))

    assert raised is not None
    assert (raised.opened, raised.recovered) == ((CITY,), (STREET,))
    assert message(raised, "Tulp", EVERYTHING).lines == (
        "1 value in Loket drifted: City",
        "over: drifted values that are equal again (1): Street",
        "2 values in Loket were overwritten: City (2)",
    )


def test_a_value_that_flaps_from_day_to_day_is_one_alert_and_one_recovery() -> None:
    office = Office()
    for _ in range(4):
        office.look(STREET)
        office.look()

    assert office.told() == [(1, 0), (0, 1)]


def test_what_came_back_soon_and_stays_is_told_by_the_second_look() -> None:
    office = Office()
    office.look(STREET)
    office.look()

    assert office.look(STREET) is None
    assert office.look(STREET) is not None
    assert office.look(STREET) is None


@pytest.mark.parametrize("days", [QUIET.days, -365], ids=["after them", "by a clock that was a year ahead"])
def test_what_comes_back_after_the_quiet_days_is_told_at_once(days: int) -> None:
    office = Office()
    office.look(STREET)
    office.look(days=0)

    office.now += timedelta(days=days)

    assert office.look(STREET) is not None


def test_what_someone_acknowledged_is_neither_told_as_over_nor_again_until_it_moves() -> None:
    office = Office()
    office.look(STREET)

    assert office.look(known=(STREET,)) is None
    assert office.look(known=(STREET,)) is None
    assert office.look(STREET) is not None  # a new value opened it again


def test_a_look_that_could_not_judge_a_kind_ends_nothing_of_it() -> None:
    office = Office()
    office.look(STREET, WAITING)

    assert office.look(STREET) is None
    assert [one for one in office.history if isinstance(one.fact, ConditionsNoted)] == []


def test_a_look_that_finds_thousands_is_one_message_and_no_event_is_too_large_for_the_log() -> None:
    office = Office()
    everybody = [
        Condition(
            AlertKind.DRIFT, f"drift:170:{number}:contactInformation.emailAddress", "contactInformation.emailAddress"
        )
        for number in range(10_000_000, 10_005_000)
    ]

    begun, again, over = office.look(*everybody), office.look(*everybody), office.look()

    assert again is None
    assert office.told() == [(MOST, 0), (0, MOST)]
    assert begun is not None
    assert over is not None
    assert message(begun, "Tulp", EVERYTHING).lines == ("5000 values in Loket drifted: Private e-mail (5000)",)
    assert message(over, "Tulp", EVERYTHING).lines == (
        "over: drifted values that are equal again (5000): Private e-mail (5000)",
    )
    assert AlertRecord.of(office.history).open == frozenset()
    assert max(len(msgspec.json.encode(one.fact)) for one in office.history) < 60_000


@pytest.mark.parametrize(
    ("target", "entity", "kinds", "wanted"),
    [
        (AlertTarget("all"), "170", [AlertKind.DRIFT], True),
        (AlertTarget("own", entities=frozenset({LegalEntityId("170")})), "170", [AlertKind.DRIFT], True),
        (AlertTarget("other", entities=frozenset({LegalEntityId("171")})), "170", [AlertKind.DRIFT], False),
        (AlertTarget("other", entities=frozenset({LegalEntityId("171")})), "", [AlertKind.LOG_INTEGRITY], True),
        (AlertTarget("some", kinds=frozenset({AlertKind.CLEARED})), "170", [AlertKind.DRIFT], False),
        (AlertTarget("some", kinds=frozenset({AlertKind.CLEARED})), "170", list(AlertKind), True),
    ],
)
def test_a_target_hears_of_its_legal_entities_and_kinds(
    target: AlertTarget, entity: str, kinds: list[AlertKind], wanted: bool
) -> None:
    assert target.wants(entity, kinds) is wanted


def test_a_target_reads_only_the_lines_of_its_kinds() -> None:
    raised = AlertRaised(alert="170-systems-0", legal_entity="170", about="run-1", opened=(STREET, WAITING))
    target = AlertTarget("concepts", kinds=frozenset({AlertKind.CONCEPT_WAITING}))

    said = message(raised, "Tulp Logistiek B.V.", target)

    assert said.lines == ("1 concept employee waits to be completed in Loket",)
    assert said.title == f"Tweeluik, Tulp Logistiek B.V. (170): {said.lines[0]}"
