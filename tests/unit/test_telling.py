"""What a look reads of people's streams: what still tells something, however long their history is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

import pytest

from domain.attributes import Role
from domain.events.overtaken import EventsOvertaken
from domain.log import Recorded, StreamId
from domain.records.loket_record import LoketRecord
from domain.records.overtaken import FOLDS
from domain.records.pay_record import PayRecord
from domain.records.personio_record import PersonioRecord
from domain.services.journal import Journal, opened_streams
from domain.services.sync.remember import remember
from domain.services.telling import opened, record_overtaken, told
from domain.snapshots import LoketSnapshot
from domain.streams import loket_stream, overtaken_stream, person_stream
from domain.values import Actor
from tests.support.fake_claims import FakeClaims
from tests.support.fake_log import FakeLog
from tests.support.fake_vault import FakeVault
from tests.support.log_site import META, gates, to
from tests.support.world import TULP, World
from tests.support.world_in_process import InProcess

DAY: Final = date(2026, 3, 2)
OF_PEOPLE: Final = ("person:", "loket:", "overtaken:")
AT_MOST: Final = 40  # of two streams: what still tells, and what came since that was looked at


class CountingLog(FakeLog):
    """How many events of people were read."""

    read = 0

    def _counted(self, found: Mapping[StreamId, Sequence[Recorded]]) -> None:
        self.read += sum(len(events) for stream, events in found.items() if stream.startswith(OF_PEOPLE))

    def stream(self, stream: StreamId) -> tuple[Recorded, ...]:
        events = super().stream(stream)
        self._counted({stream: events})
        return events

    def parts(self, streams: Mapping[StreamId, Sequence[int]]) -> Mapping[StreamId, tuple[Recorded, ...]]:
        before = self.read
        found = super().parts(streams)
        self.read = before
        self._counted(found)
        return found

    def newest(self, streams: Sequence[StreamId], *, before: int | None = None) -> Mapping[StreamId, Recorded]:
        found = super().newest(streams, before=before)
        self._counted({stream: [event] for stream, event in found.items()})
        return found


@pytest.fixture
def log() -> CountingLog:
    return CountingLog(FakeVault(), FakeClaims())


@pytest.fixture
def world(log: CountingLog) -> Iterator[World]:
    one = World(InProcess(log))
    one.employ("Sanne")
    yield one
    one.close()


def changed(world: World, times: int) -> None:
    """So many days on which something changed in Personio, and was written."""
    day = world.clock.today() if world.report else DAY
    for _ in range(times):
        day += timedelta(days=1)
        world.edit("Sanne", Role("street"), f"Street {day}")
        world.edit("Sanne", Role("city"), f"City {day}")
        world.run(day)


LOOKS: Final[dict[str, Callable[[World], object]]] = {
    "run": lambda world: world.run(world.clock.today() + timedelta(days=1)),
    "plan": lambda world: world.look(world.clock.today()),
    "check": lambda world: world.check(world.clock.today()),
    "validation": lambda world: world.validate(world.clock.today()),
}


def streams(world: World) -> list[StreamId]:
    sanne = world.people["Sanne"]
    return [person_stream(sanne.person), loket_stream(TULP.personio_id, sanne.number)]


def test_no_look_reads_more_of_somebody_because_of_what_changed_before(world: World, log: CountingLog) -> None:
    read: dict[str, list[int]] = {look: [] for look in LOOKS}
    for times in (1, 15, 15):
        changed(world, times)
        for look, do in LOOKS.items():
            log.read = 0
            do(world)
            read[look].append(log.read)

    assert sum(len(log.stream(one)) for one in streams(world)) > 180
    for counted in read.values():
        assert 0 < counted[0] <= max(counted) <= AT_MOST


def test_what_is_remembered_is_what_the_whole_history_tells(world: World, log: CountingLog) -> None:
    changed(world, 20)
    tools, (hers, number) = world.tools(), streams(world)

    nobody = LoketSnapshot(world.clock.now(), {}, ())
    found = remember(tools, world.policy(), tools.personio.read(TULP, today=world.clock.today()), nobody)

    assert len(found.made_of.events[number]) < len(log.stream(number)) / 2
    whole = opened_streams(tools, [hers, number])
    assert found.numbers == {world.people["Sanne"].number: LoketRecord.of(whole[number])}
    assert found.people == {world.people["Sanne"].person: PersonioRecord.of(whole[hers])}
    assert list(found.pay_held.values()) == [PayRecord.of(whole[number])]
    assert list(found.pay_told.values()) == [PayRecord.of(whole[hers])]


@pytest.mark.parametrize(
    "word",
    [
        EventsOvertaken(stream="person:1", kept=(2,), folds=FOLDS + 1),
        EventsOvertaken(stream="person:2", kept=(2,), folds=FOLDS),
    ],
    ids=["other folds", "another stream"],
)
def test_what_was_said_for_other_folds_or_of_another_stream_is_not_believed(
    log: FakeLog, word: EventsOvertaken
) -> None:
    one = StreamId("person:1")
    log.append([to(one, 0, *map(gates, range(3))), to(overtaken_stream(one), 0, word)], meta=META)

    assert told(log, [one]).events == {one: log.stream(one)}


def test_what_is_overtaken_is_said_once_of_what_came_since(world: World, log: CountingLog) -> None:
    changed(world, 5)
    (_, number), tools = streams(world), world.tools()
    found = opened(tools, told(log, [number]))
    said = len(log.stream(overtaken_stream(number)))
    long = replace(found, long={number: said})
    record_overtaken(Journal(tools=tools, actor=Actor("Anna"), correlation="run-9"), long)
    before = log.size()

    record_overtaken(Journal(tools=tools, actor=Actor("Anna"), correlation="run-10"), long)

    assert log.size() == before, "somebody else said it in the meantime"
    *earlier, word = log.stream(overtaken_stream(number))
    assert len(earlier) == said
    assert isinstance(word.fact, EventsOvertaken)
    assert word.fact.kept[-1] == log.stream(number)[-1].version
    assert told(log, [number]).long == {}
