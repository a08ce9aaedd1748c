"""Whom an event names: whoever is given it as it was stored reads of all of them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from domain.events.access import RecordsRead
from domain.events.alert import AlertKind, AlertRaised, Condition, ConditionsNoted
from domain.events.custody import PeopleNamed, ValuesUnmasked
from domain.events.drift import WaitingSeen
from domain.events.grounds import EntityJudged, EveryoneJudged
from domain.events.loket_versions import VersionsDoubted
from domain.events.runs import OutcomesRecorded, PayeesSeen, PlanStopped, RunStarted
from domain.log import Fact


def people_named(fact: Fact) -> int:
    """How many people an event names by their ids or numbers, at most: an id and a number may be of one person."""
    match fact:
        case OutcomesRecorded(people=them) | PlanStopped(people=them):
            return len({one.person_id for one in them})
        case EntityJudged(people=them) | PeopleNamed(people=them):
            return len({*them})
        case RunStarted(only=numbers) | EveryoneJudged(only=numbers) | ValuesUnmasked(employee_numbers=numbers):
            return len({*numbers})
        case PayeesSeen():
            return len({*fact.salaried, *fact.otherwise, *fact.earlier})
        case WaitingSeen(fields=fields):
            return len({one.employee_number for one in fields})
        case RecordsRead(readings=asked):
            return len({(one.legal_entity, one.employee_number) for one in asked if one.employee_number is not None})
        case VersionsDoubted(changes=changes):
            return len({one.employee_number for one in changes})
        case AlertRaised():
            return _of(fact.opened, fact.recovered)
        case ConditionsNoted():
            return _of(fact.held, fact.dropped, fact.opened, fact.recovered)
    return 1


def _of(*conditions: Iterable[Condition]) -> int:
    return len({whom for one in chain(*conditions) if (whom := named_by(one)) is not None})


def named_by(one: Condition) -> str | None:
    """The person, or the number in its legal entity, that the key of a condition names; None where it names nobody."""
    match one.kind:
        case AlertKind.CONCEPT_WAITING | AlertKind.UNKNOWN_OUTCOME:
            return one.key
        case AlertKind.DRIFT | AlertKind.UNEXPLAINED_CHANGE | AlertKind.ABOUT_TO_BE_OVERWRITTEN:
            return one.key.rpartition(":")[0]  # the case of one field
        case AlertKind.PAY_ONLY_IN_LOKET | AlertKind.TASK_OPEN_LONG:
            return one.key.partition("/")[0]
        case AlertKind.RUN_BLOCKED:
            about = one.key.partition("/")[0]
            return None if about == "run" else about
        case AlertKind.TERMINATION_DISAGREEMENT | AlertKind.DECISION_DEVIATES:
            about = one.key.rpartition("/")[2]
            return None if about == "everybody" else about
        case (
            AlertKind.LOG_INTEGRITY
            | AlertKind.OVERWRITTEN
            | AlertKind.CLEARED
            | AlertKind.CHECK_MISSED
            | AlertKind.IMPLAUSIBLE_READ
            | AlertKind.KEY_STORE_EDITED
            | AlertKind.LOKET_VERSIONS
            | AlertKind.REPORT_MADE
            | AlertKind.VIEW_BEHIND
        ):
            return None
