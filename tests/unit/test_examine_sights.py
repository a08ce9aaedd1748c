"""What follows from what a probe saw: each line holds, does not hold, or was not seen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from domain.examination import Check, Verdict
from domain.planning.rights import ALWAYS_USED, NEEDED
from domain.services.setup.examine_sights import check_loket, check_personio, check_webhook
from domain.sights import Count, Cursor, Filters, Limit, LoketSights, Pairs, PersonioSights, WebhookEvents

EVERY_RIGHT = frozenset({ALWAYS_USED.name, *(one.name for each in NEEDED.values() for one in each)})
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
    assert ("hidden, not empty" in check.do) is (do == "hidden, not empty")


@pytest.mark.parametrize(
    ("pairs", "verdict"),
    [
        (None, UNSEEN),
        (Pairs(), UNSEEN),
        (Pairs(same=19), HOLDS),
        (Pairs(same=18, by_number=1, by_value=1), NOT),
        (Pairs(same=1, by_number=1, by_value=1), NOT),
        (Pairs(same=18, unpaired=1), NOT),
    ],
)
def test_pairs_of_ids(pairs: Pairs | None, verdict: Verdict) -> None:
    check = personio("Personio's older API calls attributes by the same ids", pairs=pairs)

    assert (check.verdict, bool(check.do)) == (verdict, verdict is NOT)


@pytest.mark.parametrize(
    ("seen", "verdict"), [(None, UNSEEN), (Count(0, 0), UNSEEN), (Count(1, 9), HOLDS), (Count(0, 9), NOT)]
)
def test_what_employments_do_not_show_needs_another_credential(seen: Count | None, verdict: Verdict) -> None:
    shown = {} if seen is None else {"termination": seen}

    check = personio("Personio shows termination of employments", employments=shown)

    assert (check.verdict, "credential" in check.do) == (verdict, verdict is NOT)


@pytest.mark.parametrize(
    ("seen", "verdict"), [(None, UNSEEN), (Count(0, 0), UNSEEN), (Count(0, 9), HOLDS), (Count(1, 9), NOT)]
)
def test_everybody_with_a_salary_has_pay_to_be_read(seen: Count | None, verdict: Verdict) -> None:
    check = personio("Personio shows the pay of everybody with a salary", without_pay=seen)

    assert (check.verdict, "legal entity that is synced" in check.do) == (verdict, verdict is NOT)


@pytest.mark.parametrize(("seen", "verdict"), [(None, UNSEEN), (True, HOLDS), (False, NOT)])
def test_pages_and_windows_of_pay(seen: bool | None, verdict: Verdict) -> None:
    pages = personio("Personio's pages of persons go on", cursors={"persons": Cursor(seen, None)})
    ahead = personio("Personio shows the pay of coming months", future_window=seen)
    month = personio("Personio answers a window of 31 days", long_window=seen)

    for check in (pages, ahead, month):
        assert (check.verdict, bool(check.do)) == (verdict, verdict is NOT)


@pytest.mark.parametrize(("types", "verdict"), [(0, HOLDS), (1, HOLDS), (2, NOT)])
def test_of_two_types_of_fixed_salary_somebody_says_which_is_the_base_salary(types: int, verdict: Verdict) -> None:
    check = personio("Personio has one type of fixed salary", fixed_salaries=types)

    assert (check.verdict, "compensation_types" in check.do) == (verdict, verdict is NOT)
    assert not [one for one in check_personio(PersonioSights(), 1) if one.name == check.name]


@pytest.mark.parametrize(
    ("activities", "verdict", "told"),
    [
        (None, UNSEEN, "gives no list"),
        (frozenset({"Iets"}), UNSEEN, "not in words we know"),
        (EVERY_RIGHT, HOLDS, "are listed"),
        (frozenset({ALWAYS_USED.name}), NOT, "not listed: "),
    ],
)
def test_every_right_that_a_sync_may_need(activities: frozenset[str] | None, verdict: Verdict, told: str) -> None:
    check = of(
        check_loket(LoketSights(activities=activities), 1, None), "the Loket user has every right that a sync may need"
    )

    assert (check.verdict, told in check.told, bool(check.do)) == (verdict, True, verdict is NOT)


@pytest.mark.parametrize(("seen", "verdict"), [(None, UNSEEN), (Count(0, 3), HOLDS), (Count(1, 3), NOT)])
def test_concept_employees_in_self_service_keep_what_new_hires_filled_in(seen: Count | None, verdict: Verdict) -> None:
    check = of(check_loket(LoketSights(self_service=seen), 1, None), "no concept employee is in self-service")

    assert (check.verdict, "FILLED_IN_LOKET" in check.do) == (verdict, verdict is NOT)


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

    assert (check.verdict, check.told, "is a finding" in check.do) == (NOT, "WEEKLY", True)
    known = personio("Personio's categories and intervals of pay are known")
    assert (known.verdict, known.told, known.do) == (HOLDS, "none unknown", "")


@pytest.mark.parametrize(
    ("now", "before", "verdict"),
    [(None, 10, UNSEEN), (10, None, UNSEEN), (10, 10, HOLDS), (11, 10, HOLDS), (9, 10, NOT)],
)
def test_employees_beside_the_last_sync(now: int | None, before: int | None, verdict: Verdict) -> None:
    checks = list(check_loket(LoketSights(employees=now), before, None))
    check = of(checks, "Loket shows as many employees as at the last sync")

    assert check.verdict is verdict
    assert bool(check.do) is (verdict is NOT or (now is not None and before is None))
    (with_highest, *_) = [
        one for one in check_loket(LoketSights(employees=7, highest_number=4711), 7, None) if one.name == check.name
    ]
    assert "7 employees, the highest number is 4711; 7 at the last sync" in with_highest.told
    assert not [one for one in checks if one.name == "Loket shows the employments of every employee"]


@pytest.mark.parametrize(("lacking", "verdict"), [(Count(0, 0), UNSEEN), (Count(0, 5), HOLDS), (Count(1, 5), NOT)])
def test_employees_without_an_employment(lacking: Count, verdict: Verdict) -> None:
    check = of(check_loket(LoketSights(), None, lacking), "Loket shows the employments of every employee")

    assert (check.verdict, "saved filter hides it" in check.do) == (verdict, verdict is NOT)


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
