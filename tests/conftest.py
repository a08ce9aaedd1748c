"""Fixtures that every test may use."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "patient",  # a busy machine makes no law false
    settings.get_profile("ci" if os.environ.get("CI") else "default"),
    deadline=None,
    derandomize=True,  # the same examples every time; `make properties` looks for others
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("searching", settings.get_profile("patient"), derandomize=False)
settings.load_profile("searching" if os.environ.get("SEARCHING") else "patient")

pytest_plugins = ["tests.support.databases", "tests.support.forked", "tests.support.features"]
