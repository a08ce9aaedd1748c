"""Tells the operator what is wrong with which tenant, and when it is over: each once, past every log."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter

from adapters.logs import logger
from adapters.whole_files import replace_file
from api.bootstrap import alert_channels
from api.config.alerts import AlertsSection
from domain.services.alerts.deliver import Post

TOLD: Final = "told.json"
_AGAIN_AFTER: Final = timedelta(minutes=10)
_EVERY_DAY: Final = timedelta(days=1)


@dataclass(slots=True)
class Teller:
    """Whom it reached lies in the folder of tenants, so that a restart tells nothing twice."""

    folder: Path
    tried: dict[str, datetime] = field(default_factory=dict)
    known: Mapping[str, Mapping[str, str]] | None = None
    """By target and tenant, what was told of those that have stopped; remembered where the folder cannot be written."""
    told_at: dict[tuple[str, str], datetime] = field(default_factory=dict)

    def tell(
        self,
        troubles: Mapping[str, str],
        section: AlertsSection,
        at: datetime,
        opened: Collection[str] = (),
        reminded: Collection[str] = (),
    ) -> None:
        """To every target of the operator's; one that was not reached is tried again some minutes later.

        `troubles` says of each tenant in a sentence without its name what is wrong. It is over when the tenant is
        `opened`, not when nobody has yet found that it cannot be. Of those `reminded` it is told every day.
        """
        before = self._told() if self.known is None else self.known
        told = {target: dict(each) for target, each in before.items()}
        for target, (_, channel) in alert_channels(section).items():
            known = told.setdefault(target, {})
            late = {name for name in reminded if at - self.told_at.setdefault((target, name), at) >= _EVERY_DAY}
            news = {name: why for name, why in troubles.items() if known.get(name) != why or name in late}
            over = [name for name in known if name not in troubles and name in opened]
            if not (news or over) or at - self.tried.get(target, datetime.min.replace(tzinfo=at.tzinfo)) < _AGAIN_AFTER:
                continue
            self.tried[target] = at  # also when sending breaks
            if (cause := channel.send(_post(news, over, at), at)) is None:
                told[target] = {name: why for name, why in known.items() if name not in over} | dict(troubles)
                self.told_at.update({(target, name): at for name in news})
                del self.tried[target]
            else:
                logger().error("the operator was not told of a tenant", cause=cause)
        self.known = told
        if told != before:
            replace_file(self.folder / TOLD, json.dumps(told, indent=1).encode())

    def _told(self) -> dict[str, dict[str, str]]:
        try:
            return TypeAdapter(dict[str, dict[str, str]]).validate_json((self.folder / TOLD).read_bytes())
        except (OSError, ValueError):  # not there, or of another shape
            return {}


def stopped(why: str) -> str:
    return f"has stopped: {why}"


def goes_on(why: str) -> str:
    return f"goes on as before, but its file cannot be used: {why}"


def not_begun(why: str) -> str:
    return f"runs, but nothing that is due of it is begun: {why}"


def _post(news: Mapping[str, str], over: list[str], at: datetime) -> Post:
    lines = [*(f"{name} {what}" for name, what in news.items()), *(f"{name} runs as its file says" for name in over)]
    return Post(
        id=f"tenants-{at:%Y%m%dT%H%M%S}",
        title=f"Tweeluik: {len(news)} with a fault, {len(over)} well again",
        text="\n".join(lines),
        raised_at=at,
        data={"faults": dict(news), "well_again": over},
    )
