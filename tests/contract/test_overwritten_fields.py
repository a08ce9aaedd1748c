"""The view of overwritten fields says on both databases what the log itself says, and holds no value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from adapters.log.open import open_log
from adapters.projections.open import OpenViews, open_views
from domain.events.loket import FieldOverwritten, ProcessedPeriodAffected
from domain.events.personio import AttributeChanged
from domain.events.runs import RunCompleted, RunRefused, RunStarted
from domain.log import Log, Meta, Pending, StreamAppend
from domain.overwriting import Counts, Did, added, did
from domain.personal import Personal
from domain.streams import loket_record_of, loket_stream, person_stream, run_stream
from domain.values import BLANK, Actor, EmployeeNumber, FieldPath, LegalEntityId, PersonId, RunId
from domain.views.overwritten_fields import OverwrittenFieldsView, OverwrittenFilters, by_field, by_rule
from tests.support.raw_sql import execute
from tests.support.scribe import MARCH_15, Scribe
from tests.support.story import story

TULP, ROOS = LegalEntityId("170"), LegalEntityId("171")
SANNE, NUMBER = PersonId("3007"), EmployeeNumber(4711)
LOKET, SANNES = loket_stream(TULP, NUMBER), person_stream(SANNE)
STREET, EMAIL = FieldPath("address.street"), FieldPath("contactInformation.emailAddress")
MARCH = OverwrittenFilters(entities=(TULP,), since=date(2026, 3, 1), until=date(2026, 3, 31))
ALL = 2**40


@dataclass
class World:
    url: str
    log: Log
    views: OpenViews
    scribe: Scribe

    def run(self, run: str, day: date, *overwrites: FieldOverwritten, entity: LegalEntityId = TULP) -> tuple[int, ...]:
        """A run that overwrote these fields; their positions."""
        stream = run_stream(RunId(run))
        self.scribe.write(stream, RunStarted(legal_entity=entity, business_date=day), run=run)
        places = self.scribe.write(loket_stream(entity, NUMBER), *overwrites, run=run) if overwrites else ()
        self.scribe.write(stream, RunCompleted(with_errors=False, counts={}), run=run)
        self.views.catch_up()
        return places


@pytest.fixture
def world(log_url: str, tmp_path: Path) -> Iterator[World]:
    with (
        closing(open_log(log_url, keys_url=f"sqlite:///{tmp_path}/keys.db", checkpoints=tmp_path / "heads")) as log,
        closing(open_views(log_url, log)) as views,
    ):
        yield World(log_url, log, views, Scribe(log))


def overwrite(
    run: str, field: str = STREET, before: Personal = "Main St", after: Personal = "Central Ave", intent: str = "i-1"
) -> FieldOverwritten:
    return FieldOverwritten(
        run_id=run, intent=intent, person_id=SANNE, subject="s-1", field=field, before=before, after=after,
        rule="EDIT-2" if after is BLANK else "EDIT-1",
    )  # fmt: skip


def counted(view: OverwrittenFieldsView, filters: OverwrittenFilters, *, below: int) -> Counts:
    return added([Counts(), *(one.counts for one in view.tallies(filters, below=below))])


def test_from_and_to_are_business_dates_both_inclusive(world: World) -> None:
    first, *_ = world.run("run-1", date(2026, 3, 1), overwrite("run-1"))
    last, *_ = world.run("run-2", date(2026, 3, 31), overwrite("run-2"))
    world.run("run-3", date(2026, 4, 1), overwrite("run-3"))

    view = world.views.overwritten_fields

    assert [row.position for row in view.rows(MARCH, below=ALL)] == [first, last]
    assert [row.position for row in view.rows(replace(MARCH, until=date(2026, 3, 30)), below=ALL)] == [first]


def test_a_run_that_wrote_nothing_is_still_there_as_a_run_and_so_is_one_that_could_not_start(world: World) -> None:
    world.run("run-1", date(2026, 3, 14))
    world.run("run-2", date(2026, 3, 15), overwrite("run-2"), overwrite("run-2", EMAIL))
    refused = RunRefused(legal_entity=TULP, reason="RUN-3", message="another run is in progress")
    world.scribe.write(run_stream(RunId("run-3")), refused, at=MARCH_15)
    world.run("run-4", date(2026, 3, 15), entity=ROOS)

    runs = world.views.overwritten_fields.runs(MARCH, below=ALL)

    assert [(one.run_id, one.counts.fields) for one in runs] == [("run-1", 0), ("run-2", 2), ("run-3", 0)]


def test_a_clearing_a_first_filling_and_a_processed_period_are_told_apart(world: World) -> None:
    world.scribe.write(LOKET, ProcessedPeriodAffected(intent="i-2", run_id="run-1", period="2026-02"))
    world.run(
        "run-1",
        date(2026, 3, 15),
        overwrite("run-1", EMAIL, after=BLANK),
        overwrite("run-1", before=BLANK),
        overwrite("run-1", "wage.grossWage", "3000.00", "3100.00", intent="i-2"),
    )

    rows = world.views.overwritten_fields.rows(MARCH, below=ALL)
    totals = world.views.overwritten_fields.totals(MARCH, below=ALL)

    assert [(row.cleared, row.filled, row.periods, row.rule) for row in rows] == [
        (True, False, (), "EDIT-2"),
        (False, True, (), "EDIT-1"),
        (False, False, ("2026-02",), "EDIT-1"),
    ]
    assert totals.counts == Counts(overwritten=1, filled=1, cleared=1)


def test_the_cause_is_where_personios_change_was_seen_and_nothing_where_that_is_not_known(world: World) -> None:
    change = AttributeChanged(
        subject="s-1", field=STREET, before="Main St", after="Central Ave", previously_observed_at=MARCH_15
    )
    (seen,) = world.scribe.write(SANNES, change)
    world.scribe.write(run_stream(RunId("run-1")), RunStarted(legal_entity=TULP, business_date=date(2026, 3, 15)))
    facts = [Pending(overwrite("run-1"), f"{SANNES}#0"), Pending(overwrite("run-1", EMAIL), f"{LOKET}#0")]
    meta = Meta(recorded_at=MARCH_15, actor=Actor("Anna"), correlation="run-1")
    world.log.append([StreamAppend(LOKET, 0, facts)], meta=meta)
    world.views.catch_up()

    assert [row.cause for row in world.views.overwritten_fields.rows(MARCH, below=ALL)] == [seen, None]


def test_what_is_recorded_after_the_head_a_report_is_about_is_not_in_it(world: World) -> None:
    world.run("run-1", date(2026, 3, 15), overwrite("run-1"))
    size = world.log.size()
    world.run("run-2", date(2026, 3, 16), overwrite("run-2"))

    view = world.views.overwritten_fields

    assert len(view.rows(MARCH, below=size)) == 1
    assert view.totals(MARCH, below=size).counts.fields == 1
    assert counted(view, MARCH, below=size) == Counts(1)
    assert [one.run_id for one in view.runs(MARCH, below=size)] == ["run-1"]


def test_a_count_in_the_middle_of_a_run_is_of_what_there_was_then(world: World) -> None:
    first, second, last = world.run(
        "run-1", date(2026, 3, 15), overwrite("run-1"), overwrite("run-1", EMAIL, after=BLANK), overwrite("run-1")
    )
    view = world.views.overwritten_fields

    assert [counted(view, MARCH, below=size) for size in (first, first + 1, second + 1, last + 1)] == [
        Counts(), Counts(1), Counts(1, 0, 1), Counts(2, 0, 1),
    ]  # fmt: skip
    assert counted(view, replace(MARCH, field=FieldPath(STREET)), below=last) == Counts(1)


def test_every_filter_and_page_of_a_long_story_agrees_with_the_log_and_with_a_rebuild(world: World) -> None:
    for at, run, facts in story(people=12, runs=60):
        world.scribe.write_all(facts, at=at, run=run)
    world.views.catch_up()
    view = world.views.overwritten_fields
    days = {e.stream.removeprefix("run:"): e.fact.business_date
            for e in world.log.replay() if isinstance(e.fact, RunStarted)}  # fmt: skip
    everything = [event for event in world.log.replay() if isinstance(event.fact, FieldOverwritten)]
    whole = OverwrittenFilters(entities=(TULP, ROOS), since=date(2024, 1, 5), until=date(2024, 1, 28))
    some = next(event for event in everything if whole.since <= days[event.fact.run_id] <= whole.until)  # type: ignore[attr-defined]
    entity, number = loket_record_of(some.stream)
    questions = [
        whole,
        replace(whole, entities=(ROOS,)),
        replace(whole, number=number),
        replace(whole, person=some.fact.person_id),  # type: ignore[attr-defined]
        replace(whole, field=some.fact.field),  # type: ignore[attr-defined]
        replace(whole, run=some.fact.run_id),  # type: ignore[attr-defined]
        replace(whole, entities=(entity,), rule="RETRO-2", cleared=True),
        replace(whole, rule="EDIT-2"),
        replace(whole, cleared=False),
        replace(whole, field=some.fact.field, rule=some.fact.rule, cleared=False),  # type: ignore[attr-defined]
        replace(whole, number=number, run=some.fact.run_id, field=some.fact.field),  # type: ignore[attr-defined]
        replace(whole, rule="NO-RULE"),
        *(replace(whole, did=one) for one in Did),
        replace(whole, entities=(entity,), rule="EDIT-1", did=Did.FILLED),
        replace(whole, number=number, did=Did.CLEARED),
        replace(whole, cleared=False, did=Did.OVERWRITTEN),
        replace(whole, cleared=True, did=Did.FILLED),
    ]

    def expected(filters: OverwrittenFilters) -> list[int]:
        found = []
        for event in everything:
            fact = event.fact
            assert isinstance(fact, FieldOverwritten)
            its_entity, its_number = loket_record_of(event.stream)
            if (
                its_entity in filters.entities
                and filters.since <= days[fact.run_id] <= filters.until
                and filters.number in (None, its_number)
                and filters.person in (None, fact.person_id)
                and filters.field in (None, fact.field)
                and filters.run in (None, fact.run_id)
                and filters.rule in (None, fact.rule)
                and filters.cleared in (None, fact.after is BLANK)
                and filters.did in (None, did(fact.before, fact.after))
            ):
                found.append(event.position)
        return found

    def paged(filters: OverwrittenFilters) -> list[int]:
        found: list[int] = []
        while page := view.rows(filters, below=ALL, after=found[-1] if found else -1, limit=3):
            found += [row.position for row in page]
        return found

    assert expected(whole)
    for filters in questions:
        assert paged(filters) == expected(filters), filters
        totals = view.totals(filters, below=ALL)
        assert totals.counts.fields == len(expected(filters))
        assert counted(view, filters, below=ALL) == totals.counts
        size = some.position + 1
        then = view.totals(filters, below=size)
        assert counted(view, filters, below=size) == then.counts
        tallies = view.tallies(filters, below=ALL)
        assert dict(by_field(tallies)) == {one.field: one.counts for one in totals.by_field}
        found = [e.fact.rule or "" for e in everything if e.position in set(expected(filters))]  # type: ignore[attr-defined]
        assert {name: counts.fields for name, counts in by_rule(tallies)} == Counter(found)
        assert added(one.counts for one in totals.by_person) == totals.counts
        assert added(one.counts for one in view.runs(filters, below=ALL)) == totals.counts
    named = Counter(e.fact.field for e in everything if e.position in set(expected(whole)))  # type: ignore[attr-defined]
    assert {one.field: one.counts.fields for one in view.totals(whole, below=ALL).by_field} == named

    before = view.rows(whole, below=ALL, limit=10_000)
    world.views.rebuild()
    assert view.rows(whole, below=ALL, limit=10_000) == before


def test_no_value_is_in_the_tables_of_the_view(world: World) -> None:
    world.run("run-1", date(2026, 3, 15), overwrite("run-1", before="Geheimlaan", after="Verborgenpad"))

    stored = "".join(
        str(execute(world.url, f"SELECT * FROM {table}"))
        for table in ("overwritten_fields", "overwrite_causes", "overwritten_periods")
    )

    assert "run-1" in stored
    assert "Geheimlaan" not in stored
    assert "Verborgenpad" not in stored
