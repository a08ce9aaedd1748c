"""Alerts as this installation sends them."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from adapters.log.proof.last_verdict import VerdictFile
from adapters.log.proof.verdicts import Verdict
from api.bootstrap import Store, alert_channels, checkpoint_copies, verdict_file
from api.config.settings import Settings
from api.tasks.alert_wording import wording
from domain.errors import LogNotBelieved, ViewBehind
from domain.events.alert import AlertKind, AlertRaised, Condition
from domain.services.alerts.deliver import Deliverer, post, sent
from domain.values import RunId

_AGAIN_AFTER: Final = timedelta(minutes=10)


def deliverer(settings: Settings, store: Store) -> Deliverer:
    section = settings.alerts
    return Deliverer(
        log=store.log,
        views=store.views,
        claims=store.claims,
        clock=store.clock,
        targets=alert_channels(section),
        names={one.personio_id: one.name or one.personio_id for one in settings.legal_entity},
        wording=wording(settings, lambda about: _is_run(store, about)),
    )


def _is_run(store: Store, about: str) -> bool:
    """Not while nobody can tell: an alert leads to all runs then, and does not wait for the view."""
    with suppress(ViewBehind):
        return store.views.runs.run(RunId(about)) is not None
    return False


def deliver_due(settings: Settings, store: Store) -> int:
    """Send what is due; how many alerts reached a target."""
    return deliverer(settings, store).deliver_due()


def tell_integrity(settings: Settings, at: datetime) -> None:
    """Tell that the log did not verify, and later that it does again: past the log, to which nothing may be appended.

    Whom it reached lies beside the checkpoints; whoever was not reached is told some minutes later.
    """
    last = _standing(verdict_file(settings.log))
    if last is None:
        return
    copies = checkpoint_copies(settings.log)
    before = copies.last_alert() or {"sound": True, "told": {}}
    sound = last is Verdict.OK
    news = before["sound"] != sound
    if not news and (not any(before["told"].values()) or at - datetime.fromisoformat(before["at"]) < _AGAIN_AFTER):
        return
    alert = f"all-log-{at:%Y%m%dT%H%M%S}" if news else before["alert"]
    told: dict[str, str | None] = {} if news else dict(before["told"])
    condition = (Condition(AlertKind.LOG_INTEGRITY, "log", "" if sound else last.value),)
    begun, over = ((), condition) if sound else (condition, ())
    raised = AlertRaised(alert=alert, legal_entity="", about="verify", opened=begun, recovered=over)
    words = wording(settings, lambda _about: False)
    for name, (target, channel) in alert_channels(settings.alerts).items():
        if target.wants("", [AlertKind.LOG_INTEGRITY]) and told.get(name, "not told yet") is not None:
            told[name] = sent(channel, post(raised, at, target, "", words), at)
    copies.append_verification({"at": at.isoformat(), "alert": alert, "sound": sound, "told": told})


def _standing(verdict: VerdictFile) -> Verdict | None:
    try:
        last = verdict.last()
    except LogNotBelieved:  # nobody can read what it was
        return Verdict.UNVERIFIABLE
    return last.verdict if last else None
