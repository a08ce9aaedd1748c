"""Who asks, which legal entities they see, and how those stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends
from pydantic import Field

from adapters.access.sessions import Sessions
from api.http.dependencies import Asking, Requires
from api.http.routes.parameters import Entity
from api.http.routes.tasks import Look
from api.http.schemas.answers import Answer, Run
from api.presenters import runs as present_runs
from api.presenters import settings as present_settings
from api.presenters import tasks as present
from domain.access import PERMITTED, Permission
from domain.events.catalogue import STORED_NAMES
from domain.events.setup import LoketSignedIn
from domain.four_eyes import CONFIRMED_WITHIN
from domain.planning.findings import Acts
from domain.services.ends_apart import alerts_of, ends_apart
from domain.streams import loket_stream
from domain.values import LegalEntityId
from domain.views.recorded import Filters
from domain.views.sync_state import LINKING, concept_since
from domain.views.terminations import EndApart, OnlyIn
from domain.whose import NO_ENTITY

router = APIRouter(tags=["legal entities"])
_SIGNED_IN: Final = Filters(kind=next(name for name, fact in STORED_NAMES.items() if fact is LoketSignedIn))
Runs = Annotated[Asking, Depends(Requires(Permission.READ_RUNS))]
Everyone = Annotated[Asking, Depends(Requires(Permission.READ_RULES))]


class SignedIn(Answer):
    """A browser in which the caller is signed in."""

    since: datetime
    ends_at: datetime = Field(description="At the latest; sooner where nothing is asked for")
    language: str


class Me(Answer):
    """The caller, as everything they do is recorded."""

    subject: str
    role: str
    permissions: list[str]
    legal_entities: list[str]
    sessions: list[SignedIn] = Field(
        description="On pages, under this name and by any key, the newest first; the page /me ends them all"
    )
    more_sessions: int = Field(description="That began earlier than those, and may have ended")


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
    """Who you are here, what you may do, and where you are signed in."""
    asking.reads("me", clear=True)  # a session ends without an event
    caller, web = asking.caller, asking.web
    held, more = Sessions(web.access, web.keys, web.store.clock).newest(caller)
    return Me(
        subject=caller.subject,
        role=caller.role.value,
        permissions=sorted(one.value for one in PERMITTED[caller.role] if caller.may(one)),
        legal_entities=[one for one in web.entities if caller.sees(one)],
        sessions=[
            SignedIn(
                since=datetime.fromisoformat(one.row.created_at), ends_at=one.ends_at, language=str(one.row.language)
            )
            for one in held
        ],
        more_sessions=more,
    )


@router.get("/legal-entities")
def legal_entities(asking: Everyone) -> LegalEntities:
    """The legal entities that you see, with their last run and how many tasks hold them; numbers, and no people."""
    asking.reads("legal-entities")
    caller, settings = asking.caller, asking.web.settings
    reads = caller.may(Permission.READ_RUNS)
    names, mine = settings.entity_names(), [LegalEntityId(one) for one in asking.web.entities if caller.sees(one)]
    if not reads:
        return LegalEntities(items=[_unread(one, names[one]) for one in mine])
    views, held = asking.web.store.views, holding(asking, mine)
    looks, waiting = views.tasks.last_looks(mine), concepts(asking, mine)
    open_, apart = differences(asking, mine), end_disagreements(asking, mine)
    items = [
        _unread(one, names[one]).model_copy(
            update={
                "last_run": held[one].last_run,
                "tasks": held[one].tasks,
                "last_look": Look.model_validate(present.look(looks[one])) if one in looks else None,
                "concept_employees": waiting[one],
                "differences": open_[one],
                "end_disagreements": apart[one],
                "braked": held[one].braked,
            }
        )
        for one in mine
    ]
    return LegalEntities(items=items)


def _unread(entity: LegalEntityId, name: str) -> LegalEntityItem:
    """For roles that do not read runs."""
    return LegalEntityItem(
        legal_entity=entity, name=name, last_run=None, tasks=None, last_look=None, concept_employees=None,
        differences=None, end_disagreements=None, braked=[],
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Holding:
    """What keeps, or may keep, the next run of a legal entity from writing."""

    last_run: Run | None
    tasks: TaskCounts
    braked: list[BrakedRun]


def holding(asking: Asking, entities: Sequence[LegalEntityId]) -> Mapping[LegalEntityId, Holding]:
    views, stopped = asking.web.store.views, braked(asking, entities)
    runs, tasks = views.runs.newest(entities), views.tasks.counts(entities)
    return {
        one: Holding(
            last_run=Run.model_validate(present_runs.run(runs[one])) if one in runs else None,
            tasks=TaskCounts.model_validate(present.counted(tasks[one])),
            braked=[BrakedRun(run=run, started_by=actor) for run, _, actor in stopped[one]],
        )
        for one in entities
    }


def braked(asking: Asking, entities: Sequence[LegalEntityId]) -> Mapping[LegalEntityId, Sequence[tuple[str, str, str]]]:
    """Run, fingerprint and whoever ran into the brake."""
    return asking.web.store.views.sync_state.braked(entities, asking.now - CONFIRMED_WITHIN)


def concepts(asking: Asking, entities: Sequence[LegalEntityId]) -> Mapping[LegalEntityId, Waiting]:
    """Concept employees that payroll completes in Loket."""
    waiting = asking.web.store.views.sync_state.waiting(entities)
    streams = {one: {loket_stream(one, each.number) for each in found} for one, found in waiting.items()}
    every = sorted(stream for each in streams.values() for stream in each)
    histories = asking.web.store.log.of_kinds(every, LINKING)
    since = {stream: concept_since(events) for stream, events in histories.items()}
    return {one: _waiting(len(each), (since.get(stream) for stream in each)) for one, each in streams.items()}


def _waiting(count: int, since: Iterable[datetime | None]) -> Waiting:
    return Waiting(count=count, oldest=min((at for at in since if at), default=None))


def differences(asking: Asking, entities: Sequence[LegalEntityId]) -> Mapping[LegalEntityId, Waiting]:
    """Open ones."""
    found = asking.web.store.views.drift.counts(entities)
    return {
        one: Waiting(count=found[one].count, oldest=found[one].since) if one in found else Waiting(count=0, oldest=None)
        for one in entities
    }


def end_disagreements(asking: Asking, entities: Sequence[LegalEntityId]) -> Mapping[LegalEntityId, EndDisagreements]:
    """As the latest run or check saw them; a few people, whose streams tell the day."""
    log = asking.web.store.log
    return {one: _ends(found) for one, found in ends_apart(alerts_of(entities, log), log).items()}


def _ends(found: Sequence[EndApart]) -> EndDisagreements:
    in_loket = [one for one in found if one.ended_in is OnlyIn.LOKET]
    return EndDisagreements(
        count=len(found),
        ended_in_loket=len(in_loket),
        ended_in_personio=len(found) - len(in_loket),
        earliest_end=min((one.end for one in in_loket if one.end), default=None),
    )


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


class SignIn(Answer):
    since: datetime
    position: int
    actor: str = Field(description="Who signed in, whose rights in Loket count from then on")


class SettingsApplied(Answer):
    legal_entity: str
    settings: list[Settings]
    sign_ins: list[SignIn] = Field(
        description="To Loket, newest first; at most 50, and none for whoever does not see every legal entity"
    )


@router.get("/legal-entities/{entity}/settings")
def settings_applied(asking: Runs, entity: Entity) -> SettingsApplied:
    """By which settings everybody was judged, newest first: since when, and what each change changed (AUD-10)."""
    legal_entity = asking.entity(entity)
    asking.reads("settings", entity=entity)
    return applied_to(asking, legal_entity)


def applied_to(asking: Asking, entity: LegalEntityId) -> SettingsApplied:
    told = present_settings.settings(entity, asking.web.store.log)
    return SettingsApplied.model_validate({**told, "sign_ins": _sign_ins(asking)})


def _sign_ins(asking: Asking) -> list[SignIn]:
    """They are events of the log itself, and of no legal entity's."""
    if asking.caller.entities is not None:
        return []
    found = asking.web.store.views.recorded.find((NO_ENTITY,), _SIGNED_IN, limit=50, before=asking.seen + 1)
    return [SignIn(since=one.recorded_at, position=one.position, actor=one.actor) for one in found.entries]
