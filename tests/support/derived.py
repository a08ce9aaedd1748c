"""What was decided follows from the log: every look on record, derived again, comes out as it was recorded."""

from __future__ import annotations

from domain.services.journal import Tools
from domain.services.replay.looks import Looks, looks_between
from domain.services.replay.replay import Replayed, replay


def deviations(tools: Tools) -> list[str]:
    """One line for every decision that does not follow, and for every run that went on otherwise."""
    made = [replay(Looks(tools.log, tools.vault), name) for name in looks_between(tools.log)]
    return [line for one in made for line in not_following(one)]


def not_following(one: Replayed) -> list[str]:
    """Of one look."""
    people = [(each.person, each.differences) for each in one.differing]
    whole = [("the whole run", one.went_on.differences)] if one.went_on and one.went_on.differences else []
    return [f"{one.look} {one.name}, {who}: {'; '.join(differences)}" for who, differences in (*people, *whole)]
