"""Who asks, which legal entities they see, and how those stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import Field

from api.http.dependencies import Asking, Requires
from api.http.routes.parameters import Entity
from api.http.routes.tasks import Look
from api.http.schemas.answers import Answer, Run
from api.presenters import runs as present_runs
from api.presenters import settings as present_settings
from api.presenters import tasks as present
from domain.access import PERMITTED, Permission
from domain.alerts import AlertRecord
from domain.planning.brake import CONFIRMED_WITHIN
from domain.planning.findings import Acts
from domain.services.alerts.raised import SYSTEMS, disagreeing
from domain.streams import alert_stream, loket_stream, person_stream
from domain.values import LegalEntityId, PersonId
from domain.views.sync_state import concept_since
from domain.views.terminations import OnlyIn, end_date_of, number_of

router = APIRouter(tags=["legal entities"])
Runs = Annotated[Asking, Depends(Requires(Permission.READ_RUNS))]
Everyone = Annotated[Asking, Depends(Requires(Permission.READ_RULES))]


class Me(Answer):
    """The caller, as everything they do is recorded."""

    subject: str
    role: str
    permissions: list[str]
    legal_entities: list[str]


class TaskCounts(Answer):
    count: int
    by_who: dict[Acts, int]
    oldest: datetime | None


class Waiting(Answer):
    count: int
    oldest: datetime | None = Field(description="Since when the first of them waits")


class EndDisagreements(Answer):
    count: int
    ended_in_loket: int = Field(description="Whose employment ends in Loket, and who are Active in Personio (END-2)")
    ended_in_personio: int = Field(description="Whose employment goes on in Loket (END-3)")
    earliest_end: date | None = Field(description="The earliest end date in Loket of whoever is Active in Personio")


class BrakedRun(Answer):
    run: str
    started_by: str


class LegalEntityItem(Answer):
    legal_entity: str
    name: str
    last_run: Run | None = Field(description="null before a first run, and for roles that do not read runs")
    tasks: TaskCounts | None = Field(description="Open ones; null for roles that do not read runs")
    last_look: Look | None = Field(description="The run or check that the tasks are as of")
    concept_employees: Waiting | None = Field(description="To be completed in Loket; null for roles without runs")
    differences: Waiting | None = Field(description="Open ones; null for roles that do not read runs")
    end_disagreements: EndDisagreements | None = Field(
        description="People on whose end of employment the systems disagree; null for roles that do not read runs"
    )
    braked: list[BrakedRun] = Field(description="Runs whose plan a second person may confirm still")


class LegalEntities(Answer):
    items: list[LegalEntityItem]


@router.get("/me")
def me(asking: Everyone) -> Me:
    """Who you are here, and what you may do."""
    asking.reads("me")
    caller = asking.caller
    return Me(
        subject=caller.subject,
        role=caller.role.value,
        permissions=sorted(one.value for one in PERMITTED[caller.role] if caller.may(one)),
        legal_entities=[one for one in asking.web.entities if caller.sees(one)],
    )


@router.get("/legal-entities")
def legal_entities(asking: Everyone) -> LegalEntities:
    """The legal entities that you see, with their last run and how many tasks hold them; numbers, and no people."""
    asking.reads("legal-entities")
    caller, settings = asking.caller, asking.web.settings
    reads = caller.may(Permission.READ_RUNS)
    names = settings.entity_names()
    items = [_item(asking, one, names[one], reads=reads) for one in asking.web.entities if caller.sees(one)]
    return LegalEntities(items=items)


def _item(asking: Asking, entity: str, name: str, *, reads: bool) -> LegalEntityItem:
    """How one stands, in numbers."""
    views, of = asking.web.store.views, LegalEntityId(entity)
    last = next(iter(views.runs.runs(of, limit=1)), None) if reads else None
    seen = present.look(views.tasks.last_look(of)) if reads else None
    return LegalEntityItem(
        legal_entity=entity,
        name=name,
        last_run=None if last is None else Run.model_validate(present_runs.run(last)),
        tasks=TaskCounts.model_validate(present.counted(views.tasks.counts(of))) if reads else None,
        last_look=None if seen is None else Look.model_validate(seen),
        concept_employees=concepts(asking, of) if reads else None,
        differences=_differences(asking, of) if reads else None,
        end_disagreements=end_disagreements(asking, of) if reads else None,
        braked=[BrakedRun(run=run, started_by=actor) for run, _, actor in braked(asking, of)] if reads else [],
    )


def concepts(asking: Asking, entity: LegalEntityId) -> Waiting:
    """Concept employees that payroll completes in Loket."""
    numbers = asking.web.store.views.sync_state.waiting(entity)
    histories = asking.web.store.log.streams([loket_stream(entity, number) for number in numbers])
    since = [at for at in map(concept_since, histories.values()) if at]
    return Waiting(count=len(numbers), oldest=min(since, default=None))


def braked(asking: Asking, entity: LegalEntityId) -> Sequence[tuple[str, str, str]]:
    """Run, fingerprint and whoever ran into the brake."""
    return asking.web.store.views.sync_state.braked(entity, asking.now - CONFIRMED_WITHIN)


def _differences(asking: Asking, entity: LegalEntityId) -> Waiting:
    opened = [one.opened_at for one in asking.web.store.views.drift.cases(entity)]
    return Waiting(count=len(opened), oldest=min(opened, default=None))


def end_disagreements(asking: Asking, entity: LegalEntityId) -> EndDisagreements:
    """As the latest run or check saw them; a few people, whose streams tell the day."""
    alerts = asking.web.store.log.stream(alert_stream(entity, SYSTEMS))
    found = list(disagreeing(AlertRecord.of(alerts)))
    in_loket = [person for person, ended in found if ended is OnlyIn.LOKET]
    return EndDisagreements(
        count=len(found),
        ended_in_loket=len(in_loket),
        ended_in_personio=len(found) - len(in_loket),
        earliest_end=_earliest_end(asking, entity, in_loket),
    )


def _earliest_end(asking: Asking, entity: LegalEntityId, people: Iterable[PersonId]) -> date | None:
    log = asking.web.store.log
    numbers = map(number_of, log.streams([person_stream(one) for one in people]).values())
    streams = [loket_stream(entity, number) for number in numbers if number is not None]
    ends = map(end_date_of, log.streams(streams).values())
    return min((end for end in ends if end), default=None)


class Change(Answer):
    setting: str = Field(description="By its path, such as rules.leave_counts_as_active")
    before: Any
    after: Any


class Settings(Answer):
    digest: str = Field(description="What runs, drift checks and validations name")
    since: datetime
    position: int
    first_judged_by: str = Field(description="The run, check or validation that judged by them first")
    actor: str
    product: str | None = Field(description="The version of Tweeluik")
    changes: list[Change] | None = Field(description="Against the settings before; null of the first ones")
    settings: dict[str, Any]


class SettingsApplied(Answer):
    legal_entity: str
    settings: list[Settings]


@router.get("/legal-entities/{entity}/settings")
def settings_applied(asking: Runs, entity: Entity) -> SettingsApplied:
    """By which settings everybody was judged, newest first: since when, and what each change changed (AUD-10)."""
    legal_entity = asking.entity(entity)
    asking.reads("settings", entity=entity)
    return SettingsApplied.model_validate(present_settings.settings(legal_entity, asking.web.store.log))
