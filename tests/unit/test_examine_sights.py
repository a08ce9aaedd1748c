"""What follows from what a probe saw: each line holds, does not hold, or was not seen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from domain.examination import Check, Verdict
from domain.services.setup.examine_sights import check_loket, check_personio, check_webhook
from domain.sights import Count, Cursor, Filters, Limit, LoketSights, Pairs, PersonioSights, WebhookEvents

HOLDS, NOT, UNSEEN = Verdict.HOLDS, Verdict.DOES_NOT_HOLD, Verdict.NOT_SEEN


def of(checks: object, name: str) -> Check:
    (found,) = (one for one in checks if one.name == name)  # type: ignore[attr-defined]
    assert isinstance(found, Check)
    return found


def personio(name: str, people: int = 0, **seen: object) -> Check:
    return of(check_personio(PersonioSights(**seen), people), name)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("seen", "verdict", "do"),
    [
        ({}, UNSEEN, ""),
        ({"left out": 3}, HOLDS, "if_shown"),
        ({"null": 3}, NOT, "only what is left out"),
        ({"text": 1, "null": 2}, NOT, "only what is left out"),
        ({"left out": 2, "null": 1}, NOT, "hidden, not empty"),
    ],
)
def test_empties(seen: dict[str, int], verdict: Verdict, do: str) -> None:
    check = personio("Personio leaves empty attributes out", empties=seen)

    assert (check.verdict, do in check.do) == (verdict, True)


@pytest.mark.parametrize(
    ("pairs", "verdict"),
    [
        (None, UNSEEN),
        (Pairs(), UNSEEN),
        (Pairs(same=19), HOLDS),
        (Pairs(same=18, by_number=1, by_value=1), NOT),
        (Pairs(same=18, unpaired=1), NOT),
    ],
)
def test_pairs_of_ids(pairs: Pairs | None, verdict: Verdict) -> None:
    assert personio("Personio's older API calls attributes by the same ids", pairs=pairs).verdict is verdict


@pytest.mark.parametrize(
    ("people", "limit", "verdict", "seconds"),
    [
        (500, None, UNSEEN, None),
        (500, Limit(30, 30), HOLDS, 16),
        (588, Limit(1, 0), HOLDS, 600),
        (589, Limit(1, 0), NOT, 601),
        (10, Limit(0.01, 100), HOLDS, 0),
    ],
)
def test_how_long_a_sweep_takes_at_the_pace_that_is_allowed(
    people: int, limit: Limit | None, verdict: Verdict, seconds: int | None
) -> None:
    limits = {"persons": limit, "compensations": Limit(100, 100) if limit else None}

    check = personio("Personio's limits allow a sweep in ten minutes", people, limits=limits)

    assert check.verdict is verdict
    assert seconds is None or f"about {seconds} seconds" in check.told


@pytest.mark.parametrize(
    ("filters", "verdict"),
    [(None, UNSEEN), (Filters.KEPT, HOLDS), (Filters.REFUSED, HOLDS), (Filters.FORGOTTEN, NOT)],
)
def test_filters_on_a_second_page(filters: Filters | None, verdict: Verdict) -> None:
    cursors = {"persons": Cursor(True, filters)}

    assert personio("Personio's pages of persons keep to their filter", cursors=cursors).verdict is verdict
    assert personio("Personio's pages of persons go on", cursors=cursors).verdict is HOLDS


def test_words_nobody_knows_are_named() -> None:
    check = personio("Personio's categories and intervals of pay are known", unknown_words=frozenset({"WEEKLY"}))

    assert (check.verdict, check.told) == (NOT, "WEEKLY")


@pytest.mark.parametrize(
    ("now", "before", "verdict"),
    [(None, 10, UNSEEN), (10, None, UNSEEN), (10, 10, HOLDS), (11, 10, HOLDS), (9, 10, NOT)],
)
def test_employees_beside_the_last_sync(now: int | None, before: int | None, verdict: Verdict) -> None:
    checks = check_loket(LoketSights(employees=now), before, None)

    assert of(checks, "Loket shows as many employees as at the last sync").verdict is verdict


@pytest.mark.parametrize(("lacking", "verdict"), [(Count(0, 0), UNSEEN), (Count(0, 5), HOLDS), (Count(1, 5), NOT)])
def test_employees_without_an_employment(lacking: Count, verdict: Verdict) -> None:
    checks = check_loket(LoketSights(), None, lacking)

    assert of(checks, "Loket shows the employments of every employee").verdict is verdict


NOON = datetime(2026, 3, 15, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("events", "verdict", "told"),
    [
        (WebhookEvents(), UNSEEN, "nothing has happened"),
        (WebhookEvents({"person_id": 3}, newest=NOON), HOLDS, "of 3 events: 3 with person_id"),
        (WebhookEvents({"id": 1, "person_id": 3}, nobody=1, newest=NOON), NOT, "1 with id; 3 with person_id"),
    ],
)
def test_whom_webhook_events_name(events: WebhookEvents, verdict: Verdict, told: str) -> None:
    check = of(check_webhook(events, NOON), "Personio's webhook events name a person")

    assert (check.verdict, told in check.told) == (verdict, True)
    assert bool(check.do) == bool(events.nobody)


@pytest.mark.parametrize(
    ("newest", "received", "verdict"),
    [
        (None, None, UNSEEN),
        (None, NOON, UNSEEN),
        (NOON, None, NOT),
        (NOON, NOON - timedelta(seconds=1), NOT),
        (NOON, NOON, HOLDS),
    ],
)
def test_whether_what_happened_came_in(newest: datetime | None, received: datetime | None, verdict: Verdict) -> None:
    events = WebhookEvents({"person_id": 1} if newest else {}, newest=newest)
    check = of(check_webhook(events, received), "what happens in Personio comes in")

    assert check.verdict is verdict
    assert bool(check.do) == (verdict is NOT)
