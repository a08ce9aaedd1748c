"""The personal values that the log holds, and that no page may show."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from domain.personal import Sealed
from tests.pages.company import Company


def sealed_values(raw: Any, opened: Any) -> Iterator[str]:
    """Every text in `opened` that is sealed in `raw`, but a finding's detail, which is shown: it quotes no value."""
    if isinstance(raw, Sealed):
        if isinstance(opened, str):
            yield opened
    elif isinstance(raw, msgspec.Struct):
        for name in set(raw.__struct_fields__) - {"detail"}:
            yield from sealed_values(getattr(raw, name), getattr(opened, name))
    elif isinstance(raw, tuple | list):
        for each, other in zip(raw, opened, strict=True):
            yield from sealed_values(each, other)


def personal_values(office: Company) -> set[str]:
    """Everything personal that the log holds, but what is too short to be looked for."""
    store = office.api.web.store
    events = store.log.page(-1, 10_000)
    pairs = zip(events, store.vault.opened(events), strict=True)
    return {text for raw, opened in pairs for text in sealed_values(raw.fact, opened.fact) if len(text) > 4}
