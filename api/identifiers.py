"""Ids that people read out."""

from __future__ import annotations

import secrets
from datetime import datetime

from domain.values import RunId


def new_run_id(now: datetime) -> RunId:
    """Sortable by time, unguessable, and short enough to read out: 20260315-091244-k3f9q2."""
    return RunId(f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(3)}")
