"""Figures as numbers for SVG: what the server works out, so that a page needs no script to draw it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from api.http.schemas.answers import Tally

WIDE: Final = 560  # of the longest bar, in units of the drawing
_THIN: Final = 3
_LEFT_OUT: Final = "left_out"
_TONE: Final[Mapping[str, str]] = {
    "updated": "good", "concept_created": "good", "concept_updated": "good", "unchanged": "calm", "blocked": "stop",
    "failed": "stop", "unknown": "wait", _LEFT_OUT: "calm",
}  # fmt: skip

_TONES: Final = ("stop", "wait", "good", "calm")
HELD: Final = "blocked"
HELD_BY_OTHERS: Final = (HELD, "CHECK-2")  # and for no finding of their own


@dataclass(frozen=True, slots=True)
class Bar:
    """So many people with this outcome under this rule; from `x` on, `width` wide."""

    outcome: str
    reason: str
    people: int
    x: int
    width: int
    tone: str


@dataclass(frozen=True, slots=True)
class Funnel:
    """Everyone of a run once. `told` is how many the run said there were when it ended; None while it has not."""

    people: int
    taking_part: int
    part_width: int
    left_out: tuple[Bar, ...]
    parts: tuple[Bar, ...]
    told: int | None

    @property
    def adds_up(self) -> bool:
        return self.told is None or self.told == self.people


def funnel(tallies: Sequence[Tally], counts: Mapping[str, int]) -> Funnel:
    """`tallies` as the log tells them person by person, `counts` as the run said them at its end."""
    people = sum(one.people for one in tallies)
    left = sorted((one for one in tallies if one.outcome == _LEFT_OUT), key=lambda one: (-one.people, one.reason))
    parts = sorted((one for one in tallies if one.outcome != _LEFT_OUT), key=worst_first)
    taking_part = sum(one.people for one in parts)

    def wide(number: int) -> int:
        return max(_THIN, round(WIDE * number / people)) if number else 0

    gone, steps = 0, []
    for one in left:
        width = wide(one.people)
        gone += one.people
        x = max(0, min(WIDE - width, WIDE - wide(gone)))
        steps.append(Bar(one.outcome, one.reason, one.people, x, width, "calm"))
    return Funnel(
        people=people,
        taking_part=taking_part,
        part_width=wide(taking_part),
        left_out=tuple(steps),
        parts=tuple(Bar(one.outcome, one.reason, one.people, 0, wide(one.people), _tone(one)) for one in parts),
        told=sum(counts.values()) if counts else None,
    )


def _tone(one: Tally) -> str:
    return "calm" if (one.outcome, one.reason) == HELD_BY_OTHERS else _TONE.get(one.outcome, "calm")


def worst_first(one: Tally) -> tuple[int, int, str]:
    return (_TONES.index(_tone(one)), -one.people, one.reason)
