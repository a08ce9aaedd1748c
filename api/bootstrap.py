"""Where everything is wired, and every dependency can be replaced by argument."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from adapters.claims.open import open_claims
from adapters.log.event_log import EventLog
from adapters.log.open import open_log
from adapters.loket.client import LoketClient
from adapters.personio.client import PersonioClient
from adapters.projections.open import OpenViews, open_views
from api.config.settings import LogSection, Settings
from domain.attributes import Role
from domain.errors import Misconfigured, StreamMoved
from domain.log import Vault
from domain.ports import Claims, Clock, LoketTarget, PersonioSource
from domain.services.erase import Eraser
from domain.services.journal import Tools
from domain.values import Actor


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


@contextmanager
def open_store(settings: WithLog, *, clock: Clock | None = None, honour_erasures: bool = True) -> Iterator[Store]:
    """The log of these settings, opened and closed again. Raises Misconfigured or LogUnavailable."""
    with ExitStack() as closing:
        section = settings.log
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
        if honour_erasures:
            honour_earlier_erasures(store)
        yield store


def honour_earlier_erasures(store: Store) -> None:
    """Finish what a crash cut short, and refuse a key store that holds keys which were destroyed (AUD-9)."""
    eraser = Eraser(store.log, store.log.vault, store.views, store.clock, Actor("system"))
    with contextlib.suppress(StreamMoved):  # another process is finishing them
        eraser.finish()
    if back := eraser.returned():
        raise Misconfigured(
            f"the key store came from a backup: it holds {len(back)} keys of erased people again; "
            "destroy them with: tweeluik erase --reapply"
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
    with ExitStack() as closing:
        if personio is None:
            personio = closing.enter_context(contextlib.closing(personio_client(settings)))
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


def personio_client(settings: Settings, *, absent_is_blank: bool | None = None) -> PersonioClient:
    section = settings.personio
    return PersonioClient(
        section.base_url,
        section.client_id,
        section.client_secret.get_secret_value(),
        {Role(role): attribute for role, attribute in section.attributes.items()},
        absent_is_blank=settings.rules.absent_is_blank if absent_is_blank is None else absent_is_blank,
    )


def loket_client(settings: Settings, store: Store) -> LoketClient:
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
    )
