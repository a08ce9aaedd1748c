"""Facts about what decisions stood on, as sentences; what a person was judged by stays sealed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from domain.events import grounds
from domain.log import Fact
from domain.views.sentences.tongue import Sentence

SENTENCES: Final[Mapping[type[Fact], Sentence]] = {
    grounds.PersonJudged: lambda fact, t: t.say(
        "Person {person} is judged by other data from here on: what both systems show of them, and what is remembered.",
        person=fact.person_id,
    ),
    grounds.LeftOutJudged: lambda fact, t: t.say(
        "Person {person} is judged by the gates alone: status {status}, considered in NL payroll: {considered}.",
        person=fact.person_id, status=fact.status or "–", considered=t.say(fact.considered),
    ),
    grounds.NotSeenJudged: lambda fact, t: t.say(
        "Person {person} was not shown, and is judged by what the sweeps say of them: {answer}.",
        person=fact.person_id, answer=t.say(fact.answer),
    ),
    grounds.EntityJudged: lambda fact, t: t.say(
        "Who is judged in legal entity {legal_entity}, or what holds for all of them, is other from here on.",
        legal_entity=fact.legal_entity,
    ),
    grounds.EveryoneJudged: lambda fact, t: t.say(
        "Everybody in legal entity {legal_entity} was judged for {day}; each decision can be derived again.",
        legal_entity=fact.legal_entity, day=t.day(fact.business_date),
    ),
    grounds.DecisionsDerived: lambda fact, t: t.say(
        "{decisions} decisions of {looks} runs, checks and validations were derived again: {agree} agree, "
        "{deviations} do not follow from the rules.",
        decisions=fact.decisions, looks=fact.looks, agree=fact.agree, deviations=fact.deviations,
    ) + (
        " " + t.say("{runs} runs did not go on as follows from their decisions.", runs=fact.runs_astray)
        if fact.runs_astray
        else ""
    ),
}  # fmt: skip
WORDS: Final = ("yes", "no", "undecidable", "gone", "elsewhere", "unclear")
"""To be translated, beside the templates."""
