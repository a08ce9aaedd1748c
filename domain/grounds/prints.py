"""A short keyed name of what was decided about one person: two decisions with the same name are the same."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable
from typing import Final

from domain.log import Vault
from domain.planning.comparison import Difference
from domain.planning.decide import Decision
from domain.planning.findings import Notice, NoticeCode
from domain.planning.planned import DatedWrite, PlannedWrite
from domain.values import Absence, Observed

_BYTES: Final = 6
NOT_KEPT: Final = bytes(_BYTES)
"""Stands for somebody whose grounds are not kept, so that their decision cannot be derived again."""


def print_of(decision: Decision, vault: Vault) -> bytes:
    """Six bytes under a key of the key store: nobody without it can guess what was decided.

    Codes, fields and values only: a sentence may be worded otherwise one day.
    """
    said = [
        decision.person,
        decision.number,
        [decision.left_out.rule, decision.left_out.label] if decision.left_out else None,
        sorted([one.code, one.field or ""] for one in decision.findings),
        [[one.code, one.detail] for one in reproducible(decision)],
        [_write(one) for one in decision.writes],
        [decision.unknown_create, decision.incomplete, decision.withheld, decision.just_completed],
        sorted(decision.failed_fields),
        sorted([one.field, one.until.isoformat()] for one in decision.accepted),
    ]
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    return bytes.fromhex(vault.mac("decision", text.encode()))[:_BYTES]


def reproducible(decision: Decision) -> tuple[Notice, ...]:
    """The notices, without the one that needs data of somebody who is left out: only their gates are kept (END-2)."""
    return tuple(one for one in decision.notices if one.code is not NoticeCode.MANUAL_FOLLOW_UP)


def packed(prints: Iterable[bytes]) -> str:
    return b64encode(b"".join(prints)).decode()


def unpacked(prints: str) -> list[bytes]:
    every = b64decode(prints)
    return [every[start : start + _BYTES] for start in range(0, len(every), _BYTES)]


def bits(marks: Iterable[bool]) -> str:
    """A bit for each, in order; empty where none is set."""
    every = list(marks)
    whole = sum(1 << place for place, one in enumerate(every) if one)
    return b64encode(whole.to_bytes((len(every) + 7) // 8, "little")).decode() if whole else ""


def marks_in(text: str, count: int) -> list[bool]:
    whole = int.from_bytes(b64decode(text), "little")
    return [bool(whole >> place & 1) for place in range(count)]


def _write(one: PlannedWrite) -> list[object]:
    said = [one.kind, one.target, one.component, [_change(each) for each in one.changes]]
    if not isinstance(one, DatedWrite):
        return [*said, one.removes]
    chain = [one.chain.name, one.chain.rebuild] if one.chain else None
    return [*said, one.effective_on.isoformat(), chain, one.readded, one.followed, one.ends_sooner, list(one.processed)]


def _change(one: Difference) -> list[object]:
    day = one.effective_on.isoformat() if one.effective_on else None
    return [one.field, _plain(one.before), _plain(one.after), day]


def _plain(value: Observed) -> object:
    return value.value if isinstance(value, Absence) else value
