"""What the pages of the demo say of themselves: that the company is made up, what happens there now, and a tour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from api.pages.words import N_


class Chapter(StrEnum):
    """What the story tells now."""

    FIRST = N_("15 March: the first sync of this company")
    HELD = N_("16 March: people change things, and a wrong postal code holds everybody")
    CORRECTED = N_("16 March: the code is corrected, and an answer of Loket gets lost on the way")
    FUTURE = N_("20 March: a future address has become today's")
    PAY = N_("20 March: pay is switched on, from 1 January")
    ASKED = N_("20 March: somebody shows the values of one person, with a reason")
    LEFT = N_("21 March: somebody who left two years ago asks to be erased; two people agree")
    TYPED = N_("22 March: somebody types an address into Loket, and a check sees it")
    BRAKED = N_("23 March: an import empties private e-mail addresses, and the brake stops the run")
    VERIFIED = N_("23 March: the log is verified, also by a witness")
    TOLD = N_("The story is told. What happens now is up to you")


STOPS: Final[Mapping[str, str]] = {
    "today": N_("What is there to do today"),
    "held": N_("A run that one mistake held"),
    "tasks": N_("Tasks, and how they ended"),
    "person": N_("One person: what became of a street"),
    "leavers": N_("Who has ended in one system only"),
    "differences": N_("A value that somebody typed into Loket: decide about it"),
    "braked": N_("A run that the brake stopped: it needs a second person"),
}
"""Of the tour, in its order."""


@dataclass(slots=True)
class MadeUp:
    """`keys` by whose they are: whoever looks may be any of them. `stops` that the story has reached, by name."""

    keys: Mapping[str, str]
    chapter: Chapter = Chapter.FIRST
    stops: dict[str, str] = field(default_factory=dict)

    @property
    def tour(self) -> tuple[tuple[str, str], ...]:
        """Word and address of every stop so far."""
        return tuple((word, self.stops[stop]) for stop, word in STOPS.items() if stop in self.stops)
