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
    grounds.DecisionsDerived: lambda fact, t: t.count(
        fact.decisions,
        "1 decision of {looks} was derived again: {agree}, {deviations}.",
        "{count} decisions of {looks} were derived again: {agree}, {deviations}.",
        looks=t.count(fact.looks, "1 run, check or validation", "{count} runs, checks and validations"),
        agree=t.count(fact.agree, "1 agrees", "{count} agree"),
        deviations=t.count(
            fact.deviations, "1 does not follow from the rules", "{count} do not follow from the rules"
        ),
    ) + (
        " " + t.count(
            fact.runs_astray,
            "1 run did not go on as follows from its decisions.",
            "{count} runs did not go on as follows from their decisions.",
        )
        if fact.runs_astray
        else ""
    ),
}  # fmt: skip
WORDS: Final = ("yes", "no", "undecidable", "gone", "elsewhere", "unclear")
"""To be translated, beside the templates."""
