"""Works off what Personio's webhooks hinted at, at the allowed pace, and finds hints that never came."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from contextvars import copy_context
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from adapters.claims.lease import MOMENTARY
from adapters.hints.store import HintStore
from adapters.logs import logger
from adapters.personio.webhooks import PersonioWebhooks, Registered
from api.bootstrap import Store, open_hint_store, open_tools, personio_client
from api.config.settings import Settings
from api.identifiers import new_run_id
from domain.errors import Misconfigured, ReadFailed, RunAlreadyInProgress, TweeluikError
from domain.examination import Check, Verdict
from domain.hints import MOST_WAITING, REMEMBERED, Hint, Round, next_round
from domain.planning.business_date import business_date
from domain.planning.employments import judged_in
from domain.ports import Clock
from domain.services.follow_hints import record_people
from domain.services.journal import Tools
from domain.services.setup.examine_sights import check_webhook
from domain.snapshots import PersonioPerson
from domain.values import LegalEntityId, PersonId, RunId

ROUND: Final = 5.0  # seconds: what comes in between is read once
AFTER_TROUBLE: Final = 60.0
GAPS_EVERY: Final = timedelta(hours=1)
GAPS: Final = "gaps looked for"
_TRIED: Final = "gaps tried"
_SWEPT: Final = "everybody read again"
_OVERLAP: Final = timedelta(hours=1)  # an event may be listed later than it happened
_LISTED: Final = timedelta(days=30)
_EXAMINED: Final = timedelta(days=7)
_NEVER: Final = datetime.min.replace(tzinfo=UTC)
_HINTS: Final = LegalEntityId("hints of personio")  # claimed while they are worked off: one process at a time


@dataclass(frozen=True, slots=True)
class Gaps:
    """What a look for gaps found: the webhook as Personio has it, and how many of its events had not come."""

    webhook: Registered | None
    missed: int = 0

    def __str__(self) -> str:
        if self.webhook is None:
            return "not installed: run tweeluik webhooks install"
        if not self.webhook.enabled:
            return f"{self.webhook.status}: run tweeluik webhooks install"
        return f"{self.missed} missed"


def examined(settings: Settings, webhooks: PersonioWebhooks, now: datetime) -> tuple[Check, ...]:
    """The lines of an examination about webhooks; none where they are off. Raises LogUnavailable."""
    if not settings.personio.webhooks.enabled:
        return ()
    try:
        gaps = Gaps(webhooks.at(settings.personio.webhooks.address))
        if gaps.webhook is None or not gaps.webhook.enabled:
            return (Check("Personio webhook", Verdict.WARNING, str(gaps), "until then only runs see changes"),)
        events = webhooks.looked_at(gaps.webhook, max(now - _EXAMINED, gaps.webhook.created_at or _NEVER))
    except (Misconfigured, ReadFailed) as reason:
        return (Check("Personio webhook", Verdict.FAULT, str(reason), "give the credential the right to webhooks"),)
    with open_hint_store(settings) as hints:
        received = hints.last_received()
    return (Check("Personio webhook", Verdict.OK, "registered and enabled"), *check_webhook(events, received))


def work_off_hints(settings: Settings, tools: Tools, hints: HintStore) -> int:
    """One round: read whom the waiting hints name, or everybody, and record what is new. Answers how many it settled.

    A hint that could not be followed goes on waiting: its legal entity was held by a run, or another read came between.
    Raises ReadFailed or Misconfigured; nothing is settled then.
    """
    now = tools.clock.now()
    due = next_round(hints.waiting(MOST_WAITING), swept_at=_when(hints, _SWEPT), now=now)
    if not due.settles:
        return 0
    correlation = RunId(f"{MOMENTARY}{new_run_id(now)}")
    try:
        with tools.claims.claim(_HINTS, correlation):
            again = _read_again(settings, tools, due, correlation)
    except RunAlreadyInProgress:
        return 0  # another process is at it
    followed = [one for one in due.settles if again is not None and one.person not in again]
    hints.settle(followed, now)
    if due.everybody:
        hints.note(_SWEPT, now)
    hints.forget(now - REMEMBERED)
    return len(followed)


def _read_again(settings: Settings, tools: Tools, due: Round, correlation: RunId) -> frozenset[PersonId] | None:
    """Records what is new; answers who has to be read again, None for everybody."""
    now, today = tools.clock.now(), business_date(tools.clock.now())
    again: set[PersonId] = set()
    one_by_one = () if due.everybody else tools.personio.people(due.people, today=today)
    for section in settings.legal_entity:
        policy = settings.policy(section.personio_id)
        people: Sequence[PersonioPerson] = _of(policy.entity.personio_id, one_by_one)
        if due.everybody:
            people = tools.personio.read(policy.entity, today=today).people
        if not people:
            continue
        try:
            again |= record_people(policy, tools, people, read_at=now, correlation=correlation)
        except RunAlreadyInProgress:
            again |= {one.id for one in people}
    if due.everybody and again:
        return None
    return frozenset(again)


def _of(entity: LegalEntityId, people: Iterable[PersonioPerson]) -> Sequence[PersonioPerson]:
    judged = (judged_in(one, entity) for one in people)
    return [one for one in judged if one.employment is not None and one.employment.legal_entity == entity]


def find_gaps(settings: Settings, webhooks: PersonioWebhooks, hints: HintStore, clock: Clock) -> Gaps:
    """Compare what Personio lists as happened with what came, and keep what did not.

    Raises ReadFailed or Misconfigured.
    """
    now = clock.now()
    hints.note(_TRIED, now)
    webhook = webhooks.at(settings.personio.webhooks.address)
    if webhook is None:
        gaps = Gaps(None)
    else:
        happened = webhooks.happened(webhook, _since(hints, webhook, now), now)
        known = hints.known([one.digest for one in happened])
        missed: list[Hint] = [one for one in happened if one.digest not in known]
        hints.keep(missed if len(missed) <= MOST_WAITING else [missed[0].too_many()])
        gaps = Gaps(webhook, len(missed))
    hints.note(GAPS, now, str(gaps))
    return gaps


def _since(hints: HintStore, webhook: Registered, now: datetime) -> datetime:
    """From the last look on; the first one begins with the webhook itself."""
    looked = _when(hints, GAPS) or webhook.created_at or now
    return max(looked - _OVERLAP, now - _LISTED)


def _when(hints: HintStore, what: str) -> datetime | None:
    noted = hints.noted(what)
    return noted[0] if noted else None


@contextmanager
def following(settings: Settings, store: Store, hints: HintStore | None, every: float = ROUND) -> Iterator[None]:
    """Beside the server: works hints off every few seconds, and looks for gaps every hour. Without hints, nothing."""
    if hints is None:
        yield
        return
    waiting, stopped = hints, threading.Event()

    def follow() -> None:
        with (
            closing(personio_client(settings)) as personio,
            open_tools(settings, store, personio=personio) as tools,
        ):
            wait = every
            while not stopped.wait(wait):
                try:
                    store.log.believed()
                    went_well = look_at_hints(settings, tools, personio.webhooks, waiting)
                except TweeluikError as reason:
                    logger().error("hints were not worked off", kind=type(reason).__name__)
                    went_well = False
                wait = every if went_well else max(AFTER_TROUBLE, every)

    thread = threading.Thread(target=copy_context().run, args=(follow,), name="hints", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()


def look_at_hints(settings: Settings, tools: Tools, webhooks: PersonioWebhooks, hints: HintStore) -> bool:
    """Work off what waits, and look for gaps when it is time. False when all that waits has to wait longer."""
    went_well = not hints.how_many_wait() or work_off_hints(settings, tools, hints) > 0
    tried = _when(hints, _TRIED)
    if tried is None or tools.clock.now() - tried >= GAPS_EVERY:
        gaps = find_gaps(settings, webhooks, hints, tools.clock)
        logger().info("gaps looked for", count=gaps.missed)
    return went_well
