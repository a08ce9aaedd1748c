"""Sends what was raised: at least once to each target, with the same id each time, until three days have gone by."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import groupby
from typing import Any, Final, Protocol

from domain.alerts import AlertTarget, Message, Say, as_written, counted, message
from domain.errors import RunAlreadyInProgress, StreamMoved, TweeluikError, ViewBehind
from domain.events.alert import AlertDeadLettered, AlertDelivered, AlertKind, AlertNotDelivered, AlertRaised
from domain.log import Fact, Fence, Log, Meta, Pending, StreamAppend
from domain.ports import Claims, Clock, Views
from domain.services.alerts.undelivered import GIVEN_UP_AFTER, LONGEST_WAIT, due_of
from domain.services.alerts.views import ABOUT_VIEWS
from domain.streams import alert_stream, delivery_stream
from domain.values import Actor, LegalEntityId, RunId
from domain.views.alerts import DeliveryRow

WAITS: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180))
DELIVERER: Final = Actor("schedule:alerts")
_CLAIMED: Final = LegalEntityId("alerts")  # no legal entity is called so
_AT_ONCE: Final = 100
_ALERT: Final = "Alert {}"
WORDS: Final = (_ALERT,)
"""What is said here, for whoever translates it."""


@dataclass(frozen=True, slots=True)
class Post:
    """One alert as one target gets it: `text` for people, `data` for machines. Nothing in it is personal.

    `id` is the same each time it is sent, and no other's: whoever hears several targets, or the installations of
    several customers, may drop what comes twice.
    """

    id: str
    title: str
    text: str
    raised_at: datetime
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """Where somebody acts: a page of several people, never one person's, whose number would be in its address."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Wording:
    """How alerts are told: where they lead, and in whose words.

    `link_base` is where the API is, `page` where whoever hears of this kind acts; None where there are no pages.
    """

    link_base: str = ""
    page: Callable[[AlertRaised, AlertKind], Page | None] = lambda _raised, _kind: None
    say: Callable[[str], Say] = lambda _language: as_written


class Channel(Protocol):
    def send(self, post: Post, at: datetime) -> str | None:
        """None when it was taken; otherwise why not, in few words, without the target's address."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliverer:
    log: Log
    views: Views
    claims: Claims
    clock: Clock
    targets: Mapping[str, tuple[AlertTarget, Channel]]
    names: Mapping[str, str]  # of legal entities
    wording: Wording = Wording()

    def deliver_due(self) -> int:
        """Send what is due and say how many reached their target; 0 when another process is at it.

        A target that fails once is left alone until the next round: dead, it holds up the others by one time limit.
        """
        run = RunId(f"alerts-{self.clock.now():%Y%m%dT%H%M%S}")
        try:
            with self.claims.claim(_CLAIMED, run) as claim:
                self.views.catch_up()
                delivered, failing = 0, set[str]()
                for row in self._due():
                    if row.target in failing:
                        continue
                    if self._deliver(row, claim.fence, run):
                        delivered += 1
                    elif row.target in self.targets:
                        failing.add(row.target)
                self.views.catch_up()
                return delivered
        except RunAlreadyInProgress:
            return 0

    def _due(self) -> Sequence[DeliveryRow]:
        """While the view of alerts is behind, from the log itself what was raised about views, and nothing else.

        It is what says that all other alerts wait.
        """
        now = self.clock.now()
        try:
            return self.views.alerts.due(now, _AT_ONCE)
        except ViewBehind:
            return due_of(self.log, alert_stream(LegalEntityId(""), ABOUT_VIEWS), now)[:_AT_ONCE]

    def _deliver(self, row: DeliveryRow, fence: Fence, run: RunId) -> bool:
        (event,) = self.log.at([row.position])
        assert isinstance(event.fact, AlertRaised)
        attempt = row.attempts + 1
        if row.target in self.targets:
            target, channel = self.targets[row.target]
            name = self.names.get(event.fact.legal_entity, event.fact.legal_entity)
            told = post(event.fact, event.meta.recorded_at, target, name, self.wording)
            cause = sent(channel, told, self.clock.now())
        else:
            cause = "no such target is configured any more"
        fact = self._outcome(row, attempt, cause)
        meta = Meta(recorded_at=self.clock.now(), actor=DELIVERER, correlation=run)
        with suppress(StreamMoved):  # told by a process that stood still; once more does no harm
            stream = delivery_stream(row.alert, row.target)
            self.log.append(
                [StreamAppend(stream, row.next_version, [Pending(fact, event.reference)])], meta=meta, fence=fence
            )
        return cause is None

    def _outcome(self, row: DeliveryRow, attempt: int, cause: str | None) -> Fact:
        if cause is None:
            return AlertDelivered(alert=row.alert, target=row.target, attempt=attempt)
        now = self.clock.now()
        next_at = now + (WAITS[attempt - 1] if attempt <= len(WAITS) else LONGEST_WAIT)
        if row.target not in self.targets or next_at >= row.raised_at + GIVEN_UP_AFTER:
            return AlertDeadLettered(alert=row.alert, target=row.target, attempts=attempt, cause=cause)
        return AlertNotDelivered(alert=row.alert, target=row.target, attempt=attempt, cause=cause, next_at=next_at)


def sent(channel: Channel, told: Post, at: datetime) -> str | None:
    """As `Channel.send`. Whatever a target brings about is its own fault, and holds up nobody behind it."""
    try:
        return channel.send(told, at)
    except TweeluikError as reason:
        return str(reason)
    except Exception as reason:  # noqa: BLE001
        return f"sending it failed: {type(reason).__name__}"


def post(raised: AlertRaised, at: datetime, target: AlertTarget, name: str, wording: Wording = Wording()) -> Post:
    """The alert for one target; `name` is the legal entity's."""
    say = wording.say(target.language)
    said = message(raised, name, target, say)
    link = f"{wording.link_base.rstrip('/')}/v1/alerts/{raised.alert}" if wording.link_base else ""
    pages = {kind: page for kind in filter(target.hears, AlertKind) if (page := wording.page(raised, kind))}
    below = [] if pages or not link else [link]
    text = "\n".join([*_paragraphs(said, pages, say), *below, say(_ALERT).format(raised.alert)])
    return Post(_id(raised.alert, at, target), said.title, text, at, _data(raised, said.lines, target, link, pages))


def _id(alert: str, at: datetime, target: AlertTarget) -> str:
    """Alerts are numbered in each log, so that the third of entity 170 is the third of many an entity 170."""
    return f"{alert}-{sha256(f'{at.isoformat()} {target.name}'.encode()).hexdigest()[:16]}"


def _paragraphs(said: Message, pages: Mapping[AlertKind, Page], say: Say) -> Iterator[str]:
    """Sentences that lead to the same page stand together, with the page below them."""
    for page, lines in groupby(said.said, key=lambda one: None if one.over else pages.get(one.kind)):
        yield from (one.text for one in lines)
        if page is not None:
            yield f"{say(page.name)}: {page.url}"
        yield ""


def _data(
    raised: AlertRaised, lines: Sequence[str], target: AlertTarget, link: str, pages: Mapping[AlertKind, Page]
) -> dict[str, Any]:
    """For machines: the same counts and fields as the lines."""
    kinds: dict[str, dict[str, Any]] = {}
    for kind in filter(target.hears, AlertKind):
        opened, over = counted(raised, kind, recovered=False), counted(raised, kind, recovered=True)
        happened = [one for one in raised.happened if one.kind is kind]
        if opened or over or happened:
            what = {*opened, *over, *(name for one in happened for name in one.what)} - {""}
            counts = {"opened": opened.total(), "recovered": over.total()}
            kinds[kind.value] = {**counts, "happened": sum(one.count for one in happened), "what": sorted(what)}
            if kind in pages:
                kinds[kind.value]["page"] = pages[kind].url
    return {
        "alert": raised.alert,
        "legal_entity": raised.legal_entity or None,
        "about": raised.about,
        "lines": list(lines),
        "kinds": kinds,
        "link": link or None,
    }
