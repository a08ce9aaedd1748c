"""Views that cannot follow the log."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from adapters.projections import runner
from domain.views import View


@contextmanager
def cannot_follow(*views: View) -> Iterator[None]:
    """As where an event comes that these views cannot fold."""
    fold = runner.fold  # type: ignore[attr-defined]

    def folds(projection: Any, *more: Any) -> Any:
        if projection.name in views:
            raise ValueError("4711 Keizersgracht")  # what a library says may quote a value
        return fold(projection, *more)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(runner, "fold", folds)
        yield
