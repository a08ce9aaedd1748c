"""What /metrics answers, read as Prometheus reads it, of a company with a timetable."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import time
from pathlib import Path
from typing import Final, TypeAlias

from prometheus_client.parser import text_string_to_metric_families

from api.config.schedule import EntitySchedule, ScheduleSection
from domain.access import Role
from domain.events.schedule import JobPlanned
from domain.schedule import schedule_stream
from tests.support.played_day import Day, day, people, runs

DUE: Final = time(20, 0)
"""When the planned sync is due, each day; in Amsterdam."""

Scraped: TypeAlias = Mapping[str, list[tuple[Mapping[str, str], float]]]


def scraped(one: Day, *entities: str) -> Scraped:
    """By the name of each sample its labels and values, as an operator's key is answered that sees these entities."""
    answer = one.api.get("/metrics", one.api.key(Role.OPERATOR, entities or None))
    assert answer.status_code == 200, answer.text
    found: dict[str, list[tuple[Mapping[str, str], float]]] = {}
    for family in text_string_to_metric_families(answer.text):
        for sample in family.samples:
            found.setdefault(sample.name, []).append((sample.labels, sample.value))
    return found


def value(found: Scraped, sample: str, /, **labels: str) -> float:
    """Of the one sample with these labels."""
    (one,) = [number for each, number in found[sample] if each == labels]
    return one


@contextmanager
def planned(folder: Path) -> Iterator[Day]:
    """Two runs and a check of Tulp, which has a daily sync and a daily verification planned from then on."""
    with day(folder) as one:
        for part in (runs, people):
            part(one)
        web = one.api.web
        (entity,) = web.settings.legal_entity
        daily = entity.model_copy(update={"schedule": EntitySchedule(sync=f"{DUE.minute} {DUE.hour} * * *")})
        web.settings = web.settings.model_copy(
            update={"schedule": ScheduleSection(verify="0 5 * * *"), "legal_entity": [daily]}
        )
        for each in web.settings.planned():
            fact = JobPlanned(legal_entity=each.entity, job=each.job, timetable=each.timetable.text)
            one.api.scribe.write(schedule_stream(*each.key), fact, at=one.api.clock.now())
        yield one
