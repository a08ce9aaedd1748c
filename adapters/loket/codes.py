"""Loket's keys of coded fields with their words, as its metadata offers them to the signed-in user."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from adapters import bounded
from adapters.loket.api import CONCEPT, EMPLOYERS, LoketApi, rows
from domain.errors import IncompleteRead
from domain.examination import Code

METADATA: Final = EMPLOYERS + "/{}/conceptemployees/metadata"


def offered(api: LoketApi, employer: str) -> Mapping[str, tuple[Code, ...]] | None:
    """By field in lower case; None where Loket does not show them."""
    path = METADATA.format(employer)
    answer = api.optional(path, CONCEPT)
    return codes_in(answer.body, path) if answer.ok else None


def codes_in(body: Any, path: str) -> Mapping[str, tuple[Code, ...]] | None:
    """A field may be named with the object it stands in."""
    try:
        listed = rows(body, path)
    except IncompleteRead:
        return None
    return {
        str(one.get("field", "")).rpartition(".")[2].casefold(): tuple(
            Code(str(bounded.plain(each["key"])), str(each.get("value") or ""), str(each.get("isoCode") or "").upper())
            for each in one.get("options") or ()
            if isinstance(each, dict) and each.get("key") is not None
        )
        for one in listed
    }
