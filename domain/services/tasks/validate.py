"""One validation of a legal entity: read, judge everyone, write nothing, and put on record what was found (CHECK-5)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from domain.errors import ImplausibleRead, Misconfigured, ReadFailed, StreamMoved
from domain.events.findings import LookedBy, ValidationCompleted, ValidationRefused
from domain.planning.plausible import IMPLAUSIBLE_READ
from domain.services.journal import Journal, Progress, Tools, no_progress
from domain.services.judged_by import judged_by
from domain.services.replay.record import Judging, record_grounds
from domain.services.sync.preview import Looked, Preview, look
from domain.services.tasks.settle import News, news_of
from domain.settings import Policy
from domain.streams import check_stream
from domain.values import Actor, RunId
from domain.views.tasks import LookRow


@dataclass(frozen=True, slots=True)
class Validation:
    """What one validation found, and what is other than at the look before it. `news` None: somebody else tells it."""

    check_id: RunId
    preview: Preview
    before: LookRow | None
    news: News | None


def validate(
    policy: Policy, tools: Tools, *, actor: Actor, check_id: RunId, progress: Progress = no_progress
) -> Validation:
    """Judge everyone as a run would, whoever else is at work; nothing of either system is recorded but findings.

    It holds nobody up: a run or check that judged everyone while this one read tells of the cases, and this one does
    not. Raises ReadFailed or Misconfigured when nothing could be concluded, which is on record; and LogDamaged.
    """
    tools = replace(tools, log=tools.log.proven(by=actor, at=tools.clock.now()))
    journal = Journal(tools=tools, actor=actor, correlation=check_id)
    begun = tools.log.size()
    try:
        looked = look(policy, tools, progress=progress)
    except (ReadFailed, Misconfigured) as reason:
        _refused(journal, policy, check_id, reason)
        raise
    tools.views.catch_up()
    before = tools.views.tasks.last_look(policy.entity.personio_id)
    alone = before is None or before.position < begun
    digest = judged_by(journal, policy)
    judging = Judging(LookedBy.VALIDATION, check_id, policy, digest, looked.preview.business_date)
    record_grounds(journal, judging, looked.observation, looked.preview.plan, looked.memory, looked.remembered)
    news = _told(journal, policy, looked, check_id, digest) if alone else None
    if news is None:
        journal.record((check_stream(check_id), [_completed(policy, looked, None, digest)]))
    tools.log.checkpoint()
    tools.views.catch_up()
    return Validation(check_id, looked.preview, before, news)


def _told(journal: Journal, policy: Policy, looked: Looked, check_id: RunId, digest: str) -> News | None:
    """The cases and the validation itself, its own fact last; None when somebody moved one of the cases just now."""
    facts = news_of(
        journal,
        looked.preview.plan,
        looked.observation.personio,
        looked.remembered,
        policy,
        LookedBy.VALIDATION,
    )
    news = News.of(one for each in facts.values() for one in each)
    try:
        journal.record_all({**facts, check_stream(check_id): [_completed(policy, looked, news, digest)]})
    except StreamMoved:
        return None
    return news


def _completed(policy: Policy, looked: Looked, news: News | None, digest: str) -> ValidationCompleted:
    seen, plan = looked.preview, looked.preview.plan
    return ValidationCompleted(
        legal_entity=policy.entity.personio_id,
        business_date=seen.business_date,
        personio_read_at=looked.observation.personio.read_at,
        loket_read_at=looked.observation.loket.read_at,
        people=len(plan.decisions),
        included=len(plan.included),
        left_out=_counted(one.left_out.rule for one in plan.decisions if one.left_out),
        findings=_counted(found.code.value for one in plan.decisions for found in one.findings),
        notices=_counted(notice.code.value for one in plan.decisions for notice in one.notices),
        opened=len(news.opened) if news else 0,
        changed=len(news.changed) if news else 0,
        ended=len(news.ended) if news else 0,
        fingerprint=seen.fingerprint,
        settled=news is not None,
        policy=digest,
        notes=looked.observation.notes,
        rule="CHECK-5",
    )


def _counted(names: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(names).items()))


def _refused(journal: Journal, policy: Policy, check_id: RunId, reason: ReadFailed | Misconfigured) -> None:
    rule = (
        "RUN-12" if isinstance(reason, ImplausibleRead) else "RUN-9" if isinstance(reason, Misconfigured) else "RUN-7"
    )
    why = IMPLAUSIBLE_READ if isinstance(reason, ImplausibleRead) else rule
    entity = policy.entity.personio_id
    refused = ValidationRefused(legal_entity=entity, reason=why, message=str(reason), rule=rule)
    journal.record((check_stream(check_id), [refused]))
    journal.tools.log.checkpoint()
