"""Fixtures that every test may use."""

from __future__ import annotations

import gc
import os
from pathlib import Path
from typing import Final

import httpx
import pytest
from hypothesis import HealthCheck, settings

from tests.support.waiting import PATIENCE

settings.register_profile(
    "patient",  # a busy machine makes no law false
    settings.get_profile("ci" if os.environ.get("CI") else "default"),
    deadline=None,
    derandomize=True,  # the same examples every time; `make properties` looks for others
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("searching", settings.get_profile("patient"), derandomize=False)
settings.load_profile("searching" if os.environ.get("SEARCHING") else "patient")

for wait in ("connect", "read", "write", "pool"):  # nor is an answer that comes late for that a wrong one
    setattr(httpx.Client.__init__.__kwdefaults__["timeout"], wait, PATIENCE)

MEMORY = Path("/dev/shm")
LONG: Final = ("crash", "faults", "hosts", "image", "mutation", "pages", "property", "simulation", "site", "storage")
"""Folders whose tests take seconds each."""


def in_memory() -> bool:
    """Whether tests can keep their files in memory: thousands of small logs wait for the disk at every event."""
    if not os.access(MEMORY, os.W_OK):
        return False
    room = os.statvfs(MEMORY)
    return room.f_bavail * room.f_frsize >= 4 << 30 and not room.f_flag & os.ST_NOEXEC


if in_memory():
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long ones first: whoever is done takes half of what another has left, and at the end that is short."""
    items.sort(key=lambda item: item.path.parent.name not in LONG)


def pytest_collection_finish() -> None:
    """Nine thousand collected tests are never garbage, and looking through them again and again was a twentieth."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


pytest_plugins = ["tests.support.databases", "tests.support.forked", "tests.support.features"]
