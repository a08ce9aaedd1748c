"""Facts about runs, validations and findings, as sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from domain.events import findings, runs
from domain.log import Fact
from domain.outcomes import outcomes_in
from domain.personal import Personal
from domain.views.sentences.endings import ending, messages
from domain.views.sentences.retold import notices, retold
from domain.views.sentences.tongue import Sentence, Tongue, ended, on, quoted


def counted(counts: Mapping[str, int], t: Tongue) -> str:
    return ", ".join(f"{count} {t.say(name.replace('_', ' '))}" for name, count in counts.items()) or t.say("nobody")


def _employees(number: int, t: Tongue) -> str:
    return t.count(number, "1 employee", "{count} employees")


def _concepts(number: int, t: Tongue) -> str:
    return t.count(number, "1 concept employee", "{count} concept employees")


def _began(fact: runs.RunStarted, t: Tongue) -> str:
    only = t.say(", for {people} only", people=", ".join(map(str, fact.only))) if fact.only else ""
    wanted = t.say(", to write plan {plan} or nothing", plan=fact.plan) if fact.plan else ""
    return t.say(
        "A run of legal entity {legal_entity} began, for business date {business_date}{only}{wanted}.",
        legal_entity=fact.legal_entity,
        business_date=t.day(fact.business_date),
        only=only,
        wanted=wanted,
    )


def _finding(fact: runs.FindingRaised, t: Tongue) -> str:
    return t.say(
        "Blocked by finding {code}{on}{quoted}.",
        code=fact.code,
        on=on(fact.field, t),
        quoted=quoted(() if fact.text is None else (fact.text,), t),
    )


_FINDING_ENDS: Final = {
    findings.FindingEnd.NOT_FOUND: "it is not found any more",
    findings.FindingEnd.LEFT_OUT: "the person takes no part",
    findings.FindingEnd.GONE: "Personio shows no such person in the legal entity",
}


def _of_finding(fact: findings.FindingOpened | findings.FindingChanged, t: Tongue) -> str:
    if isinstance(fact, findings.FindingChanged):
        how = t.say("is there still, and says something else")
    else:
        how = t.say("was found again") if fact.again else t.say("was found")
    detail = retold(fact.detail, t) if type(fact.detail) is str else fact.detail
    told = tuple(one for one in (detail, fact.proposal) if one is not None)
    return t.say("Finding {code}{on} {how}", code=fact.code, on=on(fact.field, t), how=how) + f"{quoted(told, t)}."


def _finding_ended(fact: findings.FindingResolved, t: Tongue) -> str:
    under = t.say(" under {rule}", rule=fact.rule) if fact.how is findings.FindingEnd.LEFT_OUT and fact.rule else ""
    return t.say(
        "Finding {code}{on} ended: {how}{under}.",
        code=fact.code,
        on=on(fact.field, t),
        how=t.say(_FINDING_ENDS[fact.how]),
        under=under,
    )


def _validated(fact: findings.ValidationCompleted, t: Tongue) -> str:
    found = sum(fact.findings.values())
    moved = (
        t.count(fact.opened, "; 1 is new, {ended} ended", "; {count} are new, {ended} ended", ended=fact.ended)
        if fact.settled
        else t.say("; who looked meanwhile tells of them")
    )
    return t.say(
        "A validation of legal entity {legal_entity} judged {included} of {people}: {found}{moved}.",
        legal_entity=fact.legal_entity,
        included=fact.included,
        people=t.people(fact.people),
        found=t.count(found, "1 finding", "{count} findings"),
        moved=moved,
    )


_COUNTED: Final = (
    "updated",
    "unchanged",
    "concept created",
    "concept updated",
    "left out",
    "blocked",
    "failed",
    "unknown",
)
_OUTCOMES: Final = {
    "left_out": "left out",
    "concept_created": "concept employee created",
    "concept_updated": "concept employee overwritten",
    "updated": "fields overwritten",
    "unknown": "outcome unknown",
}


def _outcome(fact: runs.OutcomeRecorded, t: Tongue) -> str:
    outcome = t.say(_OUTCOMES.get(fact.outcome, fact.outcome))
    return t.say(
        "Result of the run: {outcome} ({reason}){quoted}.",
        outcome=outcome,
        reason=fact.reason,
        quoted=quoted(_told(fact, t), t),
    )


def _told(fact: runs.OutcomeRecorded, t: Tongue) -> tuple[Personal, ...]:
    """The notices, each once: a message that can be read says one with its words."""
    said = tuple(messages(fact.messages, t))
    begun = {one.split(":")[0] for one in said if type(one) is str}
    return (*(one for one in notices(fact.notices, t) if one not in begun), *said)


def _outcomes(fact: runs.OutcomesRecorded, t: Tongue) -> str:
    if len(fact.people) == 1:
        return _outcome(outcomes_in(fact)[0], t)
    return t.say(
        "Result of the run for {people}, as in the run before: {outcome} ({reason}).",
        people=t.people(len(fact.people)),
        outcome=t.say(_OUTCOMES.get(fact.outcome, fact.outcome)),
        reason=fact.reason,
    )


SENTENCES: Final[Mapping[type[Fact], Sentence]] = {
    runs.RunStarted: _began,
    runs.SystemsRead: lambda fact, t: t.say(
        "Both systems were read: {people} in Personio, {employees} and {concepts} in Loket{quoted}.",
        people=t.people(fact.personio_people),
        employees=_employees(fact.loket_employees, t),
        concepts=_concepts(fact.loket_concepts, t),
        quoted=quoted((ending(one, t) if type(one) is str else one for one in fact.notes), t),
    ),
    runs.RunCompleted: lambda fact, t: t.say(
        "The run completed{with_errors}: {counted}.",
        with_errors=t.say(" with errors") if fact.with_errors else "",
        counted=counted(fact.counts, t),
    ),
    runs.RunBlocked: lambda fact, t: t.say(
        "The run was blocked under {reason}, and wrote nothing: {ended}",
        reason=fact.reason,
        ended=ended(ending(fact.message, t)),
    ),
    runs.RunRefused: lambda fact, t: t.say(
        "The run was refused under {reason}, and wrote nothing: {ended}",
        reason=fact.reason,
        ended=ended(ending(fact.message, t)),
    ),
    runs.PlanStopped: lambda fact, t: t.say(
        "The brake stopped a plan that would write for {people}, clear fields or end pay of {cleared}, and make "
        "{created}.",
        people=t.people(len(fact.people)),
        cleared=sum(1 for one in fact.people if one.cleared),
        created=_concepts(sum(1 for one in fact.people if one.created), t),
    ),
    runs.BrakeReleased: lambda fact, t: t.say(
        "A second person let the plan pass that the brake stopped in {braked_run}.", braked_run=fact.braked_run
    ),
    runs.RunCutOff: lambda _, t: t.say("The run was cut off, and closed by a later one."),
    runs.FindingRaised: _finding,
    runs.OutcomeRecorded: _outcome,
    runs.OutcomesRecorded: _outcomes,
    runs.SweepTaken: lambda fact, t: t.say(
        "A sweep of legal entity {legal_entity} showed {people} in Personio, {employees} in Loket, {paid}.",
        legal_entity=fact.legal_entity,
        people=t.people(fact.people),
        employees=_employees(fact.employees, t),
        paid=t.say("pay was not read") if fact.paid is None else t.say("{people} with pay", people=t.people(fact.paid)),
    ),
    runs.PayeesSeen: lambda fact, t: (
        t.say(
            "The sweep showed pay of {people}, a salary of {salaried}.",
            people=t.people(len(fact.salaried) + len(fact.otherwise)),
            salaried=len(fact.salaried),
        )
        if not fact.earlier
        else t.say(
            "A salary of {earlier} is known from before, and the sweep showed no pay of them.",
            earlier=t.people(len(fact.earlier)),
        )
    ),
    runs.ReadAccepted: lambda fact, t: t.say(
        "A second person accepted what run {refused_run} did not believe.", refused_run=fact.refused_run
    ),
    findings.ValidationCompleted: _validated,
    findings.ValidationRefused: lambda fact, t: t.say(
        "A validation of legal entity {legal_entity} concluded nothing, under {reason}: {ended}",
        legal_entity=fact.legal_entity,
        reason=fact.reason,
        ended=ended(ending(fact.message, t)),
    ),
    findings.FindingOpened: _of_finding,
    findings.FindingChanged: _of_finding,
    findings.FindingResolved: _finding_ended,
    findings.TaskTaken: lambda fact, t: t.say(
        "Somebody sees to finding {code}{on}, until the end of {until}.",
        code=fact.code,
        on=on(fact.field, t),
        until=t.day(fact.until),
    ),
    findings.TaskGivenBack: lambda fact, t: t.say(
        "Nobody sees to finding {code}{on} any more.", code=fact.code, on=on(fact.field, t)
    ),
}

WORDS: Final = (
    *_FINDING_ENDS.values(),
    *_OUTCOMES.values(),
    *_COUNTED,
)
"""What is said of values of a closed set, to be translated."""
