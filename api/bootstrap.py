"""Where everything is wired, and every dependency can be replaced by argument.

What only some commands need is loaded by those: a question to the log starts neither client.
"""

from __future__ import annotations

import contextlib
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from adapters.claims.open import open_claims
from adapters.log.event_log import EventLog
from adapters.log.open import begun, open_log, open_macs
from adapters.log.proof.checkpoints import Copies
from adapters.log.proof.last_verdict import VerdictFile
from adapters.log.sealing.event_macs import StoredMacs
from adapters.log.where import sqlite_path
from adapters.logs import logger
from adapters.projections.open import OpenViews, open_views
from api.config.log import LogSection
from domain.attributes import Role
from domain.errors import KeysOnDisk, LogNotBelieved, Misconfigured, StreamMoved
from domain.log import Vault
from domain.services.erase import Eraser
from domain.settings import AbsentIsBlank
from domain.values import Actor, so_many

if TYPE_CHECKING:
    from adapters.access.code_flow import CodeFlow
    from adapters.access.sealed import SealedAccess
    from adapters.access.tokens import Provider
    from adapters.hints.store import HintStore
    from adapters.jobs.queue import WorkQueue
    from adapters.jobs.shared import SharedQueue
    from adapters.loket.client import LoketClient
    from adapters.personio.client import PersonioClient
    from api.config.alerts import AlertsSection, TargetSection
    from api.config.first import FirstSettings
    from api.config.settings import Settings
    from domain.alerts import AlertTarget
    from domain.ports import Claims, Clock, LoketTarget, PersonioSource
    from domain.services.alerts.deliver import Channel
    from domain.services.journal import Tools


class SystemClock:
    """`domain.ports.Clock` by the machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


class WithLog(Protocol):
    """Settings that say where the log is."""

    @property
    def log(self) -> LogSection: ...


@dataclass(frozen=True, slots=True)
class Store:
    """The log with its keys and views: enough for every question that neither system has to be asked for."""

    log: EventLog
    vault: Vault
    views: OpenViews
    claims: Claims
    clock: Clock


def database_identity(url: str) -> str | None:
    """Which database on a server an address leads to; None where it does not answer, or does not say so."""
    from adapters.postgres.identity import identity_of  # a server's library is loaded where there is one

    return identity_of(url)


@contextmanager
def open_store(
    settings: WithLog, *, clock: Clock | None = None, honour_erasures: bool = True, reading: bool = False
) -> Iterator[Store]:
    """The log of these settings, opened and closed again. Raises Misconfigured or LogUnavailable.

    Raises LogNotBelieved after a verification that did not say OK, but for `reading` what the log and its views hold.
    """
    with ExitStack() as closing:
        section = settings.log
        if not reading:
            verdict_file(section).believed()
        log = open_log(
            section.url,
            keys_url=section.keys,
            checkpoints=Path(section.checkpoints),
            key_file=section.key_file,
            signing_key_file=section.signing_key_file,
            witnesses=section.asked_witnesses(),
        )
        closing.callback(log.close)
        views = open_views(section.url, log)
        closing.callback(views.close)
        store = Store(log, log.vault, views, open_claims(section.url), clock or SystemClock())
        if not reading:
            log.refuse_contradiction()
        if honour_erasures:
            try:
                log.believed()
                honour_earlier_erasures(store)
            except LogNotBelieved:  # on its word nothing is destroyed
                if not reading:
                    raise
        yield store


def is_begun(section: LogSection) -> bool:
    """Whether opening it makes no log, key store or signing key. Raises Misconfigured or LogUnavailable."""
    return begun(
        section.url,
        keys_url=section.keys,
        checkpoints=Path(section.checkpoints),
        signing_key_file=section.signing_key_file,
    )


def honour_earlier_erasures(store: Store) -> None:
    """Finish what a crash cut short, and refuse a key store that holds keys which were destroyed (AUD-9)."""
    eraser = Eraser(store.log, store.log.vault, store.views, store.clock, Actor("system"))
    try:
        eraser.finish()
    except StreamMoved:
        pass  # another process is finishing them
    except KeysOnDisk as reason:  # nobody can read them: no reason to keep everybody from working
        logger(__name__).warning("an erasure is not complete: the next start tries again", cause=str(reason))
    if back := eraser.returned():
        raise Misconfigured(
            f"the key store came from a backup: it holds {so_many(len(back), 'key', 'keys')} of erased people again; "
            "destroy what came back with: tweeluik erase --reapply"
        )


@contextmanager
def open_tools(
    settings: Settings,
    store: Store,
    *,
    personio: PersonioSource | None = None,
    loket: LoketTarget | None = None,
) -> Iterator[Tools]:
    """The store and both systems."""
    from domain.services.journal import Tools

    with ExitStack() as closing:
        if personio is None:
            personio = closing.enter_context(contextlib.closing(personio_client(settings, now=store.clock.now)))
        if loket is None:
            loket = closing.enter_context(contextlib.closing(loket_client(settings, store)))
        yield Tools(
            clock=store.clock,
            log=store.log,
            vault=store.vault,
            claims=store.claims,
            views=store.views,
            personio=personio,
            loket=loket,
        )


@contextmanager
def open_access_keys(settings: WithLog, store: Store) -> Iterator[SealedAccess]:
    """The keys of the HTTP API, on the database of the data keys. Raises LogUnavailable."""
    from adapters.access.open import open_access
    from adapters.access.sealed import SealedAccess

    with contextlib.closing(open_access(settings.log.keys)) as rows:
        yield SealedAccess(rows, store.log.vault.mac)


@contextmanager
def open_hint_store(settings: WithLog) -> Iterator[HintStore]:
    """What Personio's webhooks hinted at, in the database of the log. Raises LogUnavailable."""
    from adapters.hints.open import open_hints

    with contextlib.closing(open_hints(settings.log.url)) as hints:
        yield hints


@contextmanager
def open_work_queue(settings: WithLog) -> Iterator[WorkQueue]:
    """Due jobs, for any number of workers on one PostgreSQL."""
    from adapters.jobs.queue import WorkQueue  # the queue's library is loaded only here

    with contextlib.closing(WorkQueue(settings.log.url)) as queue:
        yield queue


@contextmanager
def open_shared_queue(url: str) -> Iterator[SharedQueue]:
    """Due jobs of many tenants, in a database of the operator's. Raises LogUnavailable or Misconfigured."""
    from adapters.jobs.shared import SharedQueue

    with contextlib.closing(SharedQueue(url)) as queue:
        yield queue


def verdict_file(section: LogSection) -> VerdictFile:
    """Where the verdict of the last verification lies."""
    return VerdictFile(Path(section.checkpoints))


def open_event_macs(settings: WithLog) -> AbstractContextManager[StoredMacs]:
    """What tells the log's events apart from those of others, without opening the log. Raises as `open_store` does."""
    section = settings.log
    return open_macs(section.keys, Path(section.checkpoints), section.key_file)


def checkpoint_copies(section: LogSection) -> Copies:
    """The signed heads that are kept outside the database."""
    return Copies(Path(section.checkpoints))


def room_for_keys(section: LogSection) -> int | None:
    """Bytes that are free where the key store lies; None where a database keeps it."""
    file = sqlite_path(section.keys)
    return None if file is None else shutil.disk_usage(file.parent).free


def identity_provider(settings: Settings) -> Provider | None:
    """The OpenID provider whose tokens count; None where there is none."""
    section = settings.oidc
    if section is None:
        return None
    from adapters.access.tokens import Provider, fetched

    return Provider(
        issuer=section.issuer,
        audience=section.audience,
        algorithms=tuple(section.algorithms),
        roles_claim=section.roles_claim,
        entities_claim=section.entities_claim,
        subject_claim=section.subject_claim,
        fetch=fetched(section.jwks_url),
    )


def code_flow(settings: Settings, origin: str) -> CodeFlow | None:
    """How people sign in to the pages at the provider; None where that is not configured."""
    section, provider = settings.oidc, identity_provider(settings)
    if section is None or provider is None or not (section.client_id and section.authorize_url and section.token_url):
        return None
    from adapters.access.code_flow import CodeFlow, posted

    return CodeFlow(
        client_id=section.client_id,
        client_secret=section.client_secret.get_secret_value(),
        authorize_url=section.authorize_url,
        token_url=section.token_url,
        redirect_uri=f"{origin}/sign-in/callback",
        provider=replace(provider, audience=section.client_id),
        post=posted,
    )


def alert_channels(section: AlertsSection) -> dict[str, tuple[AlertTarget, Channel]]:
    """By name: whom to tell what, and the way there."""
    private = frozenset(host.lower() for host in section.private_hosts)
    return {one.name: (one, _channel(section.targets[one.name], private)) for one in section.alert_targets()}


def _channel(target: TargetSection, private: frozenset[str]) -> Channel:
    from adapters.alerts.mail_and_chat import MailAndChat
    from adapters.alerts.webhook import WebhookChannel
    from api.config.alerts import WEB

    url = target.url.get_secret_value()
    if target.secret is not None and urlsplit(url).scheme.lower() in WEB:
        return WebhookChannel(url, target.secret.get_secret_value(), private)
    return MailAndChat(url, private)


def personio_client(
    settings: Settings, *, lists_attributes: bool | None = None, now: Callable[[], datetime] | None = None
) -> PersonioClient:
    from adapters.personio.client import PersonioClient

    section = settings.personio
    return PersonioClient(
        section.base_url,
        section.client_id,
        section.client_secret.get_secret_value(),
        {Role(role): attribute for role, attribute in section.attributes.items()},
        lists_attributes=settings.rules.absent_is_blank is AbsentIsBlank.ALWAYS
        if lists_attributes is None
        else lists_attributes,
        now=now or SystemClock().now,
    )


def first_personio_client(first: FirstSettings, client_id: str, secret: str) -> PersonioClient:
    """To look around with, before any attribute is mapped."""
    from adapters.personio.client import PersonioClient

    return PersonioClient(first.personio.base_url, client_id, secret, {})


def first_loket_client(first: FirstSettings, store: Store, client_id: str) -> LoketClient:
    """To look around with, before any attribute is mapped."""
    from adapters.loket.client import LoketClient

    section = first.loket
    return LoketClient(
        section.base_url,
        section.token_url,
        client_id,
        section.client_secret.get_secret_value(),
        section.refresh_token.get_secret_value(),
        store.log.vault,
        (),
    )


def loket_client(settings: Settings, store: Store) -> LoketClient:
    from adapters.loket.client import LoketClient

    section = settings.loket
    return LoketClient(
        section.base_url,
        section.token_url,
        section.client_id,
        section.client_secret.get_secret_value(),
        section.refresh_token.get_secret_value(),
        store.log.vault,
        settings.catalogue(),
        country_codes=section.codes.country,
        now=store.clock.now,
    )
