"""People with tasks as JSON: what is to be done by whom, since when; and what a validation found anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from api.presenters.plan import findings
from api.presenters.values import Json, instant, value
from domain.events.findings import FindingChanged, FindingOpened, FindingResolved
from domain.events.runs import FindingRaised
from domain.log import Log, Recorded, Vault
from domain.planning.business_date import business_date
from domain.planning.findings import DO, Acts, FindingCode
from domain.services.tasks.validate import Validation
from domain.views.sentences import label
from domain.views.tasks import LookRow, TaskCount, TaskRow


def tasks(rows: Sequence[TaskRow], *, log: Log, vault: Vault, now: datetime) -> list[Json]:
    """In the order of the rows. A detail is opened, for it quotes no value; a proposal may, and stays masked."""
    told = {one.position: one for one in vault.opened(log.at(sorted({row.told for row in rows})))}
    return [_task(row, told, now) for row in rows]


def _task(row: TaskRow, told: Mapping[int, Recorded], now: datetime) -> Json:
    fact = told[row.told].fact
    quoted = fact if isinstance(fact, FindingOpened | FindingChanged) else None
    detail = quoted.detail if quoted else None
    proposal = quoted.proposal if quoted else fact.text if isinstance(fact, FindingRaised) else None
    holder = row.holder(business_date(now))
    return {
        "task": row.position,
        "legal_entity": row.legal_entity,
        "person_id": row.person_id,
        "employee_number": row.employee_number,
        "code": row.code,
        "field": row.field,
        "label": label(row.field) if row.field else None,
        "rule": "CHECK-2",
        "detail": detail if isinstance(detail, str) else None,
        "proposal": None if proposal is None else value(proposal, unmask=False),
        "do": DO[FindingCode(row.code)] if row.code in DO else None,
        "who": row.who.value if row.who else None,
        "since": instant(row.since),
        "age_days": row.age(now),
        "seen_by": row.seen_by,
        "taken_by": holder,
        "taken_until": row.taken_until.isoformat() if holder and row.taken_until else None,
        "ended_at": instant(row.ended_at) if row.ended_at else None,
        "ended_because": row.how.value if row.how else None,
        "ended_under": row.ended_rule,
        "ended_by": row.ended_by,
    }


def counted(counts: Iterable[TaskCount]) -> Json:
    """How many tasks whoever must act has, and since when the oldest of all stands."""
    known = tuple(counts)
    of = {acts.value: sum(one.count for one in known if one.who is acts) for acts in Acts}
    return {
        "count": sum(one.count for one in known),
        "by_who": {name: count for name, count in of.items() if count},
        "oldest": instant(min(one.since for one in known)) if known else None,
    }


def look(row: LookRow | None) -> Json | None:
    """The last run or check that judged everyone: what the tasks are as of."""
    if row is None:
        return None
    return {"look": row.look, "kind": row.kind.value, "at": instant(row.at), "position": row.position}


def validation(made: Validation, *, unmask: bool = False) -> Json:
    """The findings, and what is other than at the last look; null where whoever looked meanwhile has told it."""
    news = made.news
    return {
        **findings(made.preview, unmask=unmask),
        "check": made.check_id,
        "since": look(made.before),
        "new": None if news is None else _about(news.opened),
        "changed": None if news is None else _about(news.changed),
        "ended": None
        if news is None
        else [
            {
                **one,
                "because": fact.how.value,
                "under": fact.rule if fact.how.value == "person_left_out" else None,
            }
            for one, fact in zip(_about(news.ended), news.ended, strict=True)
        ],
    }


def _about(facts: Iterable[FindingOpened | FindingChanged | FindingResolved]) -> list[Json]:
    return [
        {
            "person_id": one.person_id,
            "employee_number": one.employee_number,
            "code": one.code,
            "field": one.field,
        }
        for one in facts
    ]
