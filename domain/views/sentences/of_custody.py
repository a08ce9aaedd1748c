"""Facts about the log itself: who may do what, showings, erasures, reports, jobs and alerts, as sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from domain.access import Role
from domain.alerts import EVERYTHING, message
from domain.erasure import WhyKept
from domain.events import access, alert, custody, erasure, loket_versions, overtaken, report, schedule, setup
from domain.log import Fact
from domain.views.sentences.endings import ending
from domain.views.sentences.tongue import Sentence, Tongue, quoted

_ROLES: Final = {"payroll_admin": "payroll administrator", "privacy_officer": "privacy officer", "hr": "HR"}
"""In words, where the word of the configuration is none."""


def _role(role: str, t: Tongue) -> str:
    return t.say(_ROLES.get(role, role))


def of_many(numbers: Sequence[int], t: Tongue) -> str:
    return t.say(" of {people}", people=t.people(len(numbers))) if numbers else ""


def _events(number: int, t: Tongue) -> str:
    return t.count(number, "1 event", "{count} events")


_SHOWN: Final = ("page", "history", "state", "comparison", "names")

_ORDERED: Final[Mapping[str, str]] = {
    report.ReportKind.OVERWRITTEN_FIELDS: (
        "The overwritten fields of {people} were ordered as {format}, {how}{quoted}."
    ),
    report.ReportKind.PAY_MUTATIONS: "The pay mutations of {people} were ordered as {format}, {how}{quoted}.",
    report.ReportKind.EVIDENCE: "The evidence of a period was ordered as {format}, {how}{quoted}.",
}

_WHY_KEPT: Final = {
    WhyKept.LEGAL_PERIOD: "a legal period stands",
    WhyKept.EMPLOYED: "the person has not left",
    WhyKept.HOLD: "a hold stands",
}


def _erasure_refused(fact: erasure.ErasureRefused, t: Tongue) -> str:
    until = t.say(" until {until}", until=t.day(fact.until)) if fact.until else ""
    return t.say(
        "Values of class {retention} are kept and restricted{until}: {why}.",
        retention=fact.retention,
        until=until,
        why=t.say(_WHY_KEPT[fact.why]),
    )


def _classes(keys: Iterable[erasure.DestroyedKey], t: Tongue) -> str:
    return ", ".join(sorted({t.say("class {retention}", retention=key.retention) for key in keys}))


def _raised(fact: alert.AlertRaised, t: Tongue) -> str:
    said = "; ".join(message(fact, t.say("legal entity"), EVERYTHING, t.translate).lines)
    return t.say("Alert {alert} was raised: {said}.", alert=fact.alert, said=said)


def _signed_in(fact: access.SignedIn, t: Tongue) -> str:
    if fact.by is access.SignedInBy.KEY:
        return t.say(
            "Signed in to the pages with the access key {key}, as {role}.",
            key=fact.credential,
            role=_role(fact.role, t),
        )
    if fact.by is access.SignedInBy.PROVIDER:
        return t.say(
            "Signed in to the pages at {provider}, as {role}.", provider=fact.credential, role=_role(fact.role, t)
        )
    return t.say("Signed in to the pages by the link of a server on this machine, as {role}.", role=_role(fact.role, t))


def _job(
    fact: schedule.JobPlanned
    | schedule.OccurrenceStarted
    | schedule.OccurrenceDone
    | schedule.OccurrencePutOff
    | schedule.OccurrenceMissed,
    t: Tongue,
) -> str:
    of = t.say(" of legal entity {legal_entity}", legal_entity=fact.legal_entity) if fact.legal_entity else ""
    return t.say("The {job}{of}", job=t.say(fact.job.replace("_", " ")), of=of)


SENTENCES: Final[Mapping[type[Fact], Sentence]] = {
    setup.LoketSignedIn: lambda fact, t: t.say(
        "Someone signed in to Loket for client {client_id}.", client_id=fact.client_id
    ),
    setup.WebhookRegistered: lambda fact, t: t.say(
        "Personio was told to report what happens there to {url}.", url=fact.url
    ),
    setup.WebhookRemoved: lambda fact, t: t.say("Personio was told to report nothing to {url} any more.", url=fact.url),
    setup.TenantExamined: lambda fact, t: t.say(
        "The setup of legal entity {legal_entity} was examined: {checks}, {faults}.",
        legal_entity=fact.legal_entity,
        checks=t.count(len(fact.results), "1 check", "{count} checks"),
        faults=t.count(sum(one.verdict == "fault" for one in fact.results), "1 fault", "{count} faults"),
    ),
    setup.PolicyApplied: lambda fact, t: t.say(
        "Legal entity {legal_entity} is judged by other settings from here on: {digest}, Tweeluik {version}.",
        legal_entity=fact.legal_entity,
        digest=fact.digest[:12],
        version=fact.product or "?",
    ),
    access.AccessKeyCreated: lambda fact, t: t.say(
        "{holder} was given the access key {key_id} as {role} until {expires_on}.",
        holder=fact.holder,
        key_id=fact.key_id,
        role=_role(fact.role, t),
        expires_on=t.day(fact.expires_on),
    ),
    access.AccessKeyRevoked: lambda fact, t: t.say(
        "The access key {key_id} of {holder} was revoked.", key_id=fact.key_id, holder=fact.holder
    ),
    access.AccessKeysSealed: lambda fact, t: t.count(
        len(fact.key_ids),
        "1 access key from before was held against the log and sealed.",
        "{count} access keys from before were held against the log and sealed.",
    ),
    access.SignedIn: _signed_in,
    access.SignedOut: lambda _, t: t.say("Signed out of the pages."),
    access.RecordsRead: lambda fact, t: t.say(
        "Records were read, masked: {questions}.",
        questions=t.count(sum(one.times for one in fact.readings), "1 question", "{count} questions"),
    ),
    alert.AlertRaised: _raised,
    alert.ConditionsNoted: lambda fact, t: (
        t.count(
            len(fact.opened) + len(fact.recovered),
            "1 condition begins or ends, which the alert after this one counts.",
            "{count} conditions begin or end, which the alert after this one counts.",
        )
        if fact.opened or fact.recovered
        else t.say("What stands open was looked at again; nothing was to be told.")
    ),
    alert.AlertDelivered: lambda fact, t: t.say(
        "Alert {alert} reached {target}.", alert=fact.alert, target=fact.target
    ),
    alert.AlertNotDelivered: lambda fact, t: t.say(
        "Alert {alert} did not reach {target} (attempt {attempt}: {cause}); it is sent again.",
        alert=fact.alert,
        target=fact.target,
        attempt=fact.attempt,
        cause=ending(fact.cause, t),
    ),
    alert.AlertDeadLettered: lambda fact, t: t.say(
        "Alert {alert} was given up for {target} after {attempts}: {cause}.",
        alert=fact.alert,
        target=fact.target,
        attempts=t.count(fact.attempts, "1 attempt", "{count} attempts"),
        cause=ending(fact.cause, t),
    ),
    schedule.JobPlanned: lambda fact, t: (
        t.say("{job} is planned: {timetable}.", job=_job(fact, t), timetable=fact.timetable)
        if fact.timetable
        else t.say("{job} is planned no more.", job=_job(fact, t))
    ),
    schedule.OccurrenceStarted: lambda fact, t: t.say(
        "{job} planned for {business_date} began.", job=_job(fact, t), business_date=t.day(fact.business_date)
    ),
    schedule.OccurrenceDone: lambda fact, t: t.say(
        "{job} planned for {business_date} ended: {outcome}.",
        job=_job(fact, t),
        business_date=t.day(fact.business_date),
        outcome=t.say(fact.outcome.replace("_", " ")),
    ),
    schedule.OccurrencePutOff: lambda fact, t: t.say(
        "{job} planned for {business_date} was put off ({reason}); it is tried again.",
        job=_job(fact, t),
        business_date=t.day(fact.business_date),
        reason=ending(fact.reason, t),
    ),
    schedule.OccurrenceMissed: lambda fact, t: t.say(
        "{job} planned for {business_date} was missed: it had not been done so long after its time.",
        job=_job(fact, t),
        business_date=t.day(fact.business_date),
    ),
    schedule.LoketVersionSeen: lambda fact, t: t.say(
        "Loket's data of legal entity {legal_entity} is at version {version}.",
        legal_entity=fact.legal_entity,
        version=fact.version,
    ),
    overtaken.EventsOvertaken: lambda fact, t: t.say(
        "Of {events} of {stream}, {kept} how things are; runs read that and what comes after.",
        events=_events(fact.kept[-1] + 1, t),
        stream=fact.stream,
        kept=t.count(len(fact.kept), "1 still tells", "{count} still tell"),
    ),
    loket_versions.VersionsDoubted: lambda fact, t: t.say(
        "Loket's version numbers of legal entity {legal_entity} were found wrong: values had changed ({total}) and no "
        "version number had. Everybody is read every time.",
        legal_entity=fact.legal_entity,
        total=fact.total,
    ),
    loket_versions.VersionsTrusted: lambda fact, t: t.say(
        "Loket's version numbers of legal entity {legal_entity} are trusted again{quoted}.",
        legal_entity=fact.legal_entity,
        quoted=quoted((fact.reason,), t),
    ),
    erasure.ErasureRequested: lambda fact, t: t.say("Erasure was requested{quoted}.", quoted=quoted((fact.reason,), t)),
    erasure.ErasureRefused: _erasure_refused,
    erasure.ErasureConfirmed: lambda fact, t: t.say(
        "The erasure was confirmed: {classes}.", classes=_classes(fact.keys, t)
    ),
    erasure.ErasureCompleted: lambda fact, t: t.say(
        "Values were erased: {classes}. The facts stay.", classes=_classes(fact.keys, t)
    ),
    erasure.ErasuresReapplied: lambda fact, t: t.count(
        len(fact.key_ids),
        "A restored key store held 1 destroyed key; it was destroyed again.",
        "A restored key store held {count} destroyed keys; they were destroyed again.",
    ),
    erasure.HoldPlaced: lambda fact, t: t.say(
        "A hold was placed: nothing is erased{quoted}.", quoted=quoted((fact.reason,), t)
    ),
    erasure.HoldReleased: lambda fact, t: t.say("The hold was released{quoted}.", quoted=quoted((fact.reason,), t)),
    report.ReportOrdered: lambda fact, t: t.say(
        _ORDERED.get(fact.kind, _ORDERED[report.ReportKind.OVERWRITTEN_FIELDS]),
        people=t.people(fact.people),
        format=fact.format,
        how=t.say("in clear") if fact.unmasked else t.say("masked"),
        quoted=quoted((fact.reason,), t) if fact.unmasked else "",
    ),
    report.ReportReleased: lambda fact, t: t.say(
        "A second person released the report of legal entity {legal_entity}.", legal_entity=fact.legal_entity
    ),
    custody.LogVerified: lambda fact, t: (
        t.say(
            "The log of {events} was verified from event {since} on{views}: {verdict}.",
            events=_events(fact.size, t),
            since=fact.since,
            views=t.say(", and its views") if fact.views else "",
            verdict=fact.verdict,
        )
        if fact.since
        else t.say(
            "The log of {events} was verified{views}: {verdict}.",
            events=_events(fact.size, t),
            views=t.say(", and its views") if fact.views else "",
            verdict=fact.verdict,
        )
    ),
    custody.CopiesRestored: lambda fact, t: t.count(
        fact.heads,
        "The copy of 1 signed head outside the database was lost, and made again from the database.",
        "The copies of {count} signed heads outside the database were lost, and made again from the database.",
    ),
    custody.KeysLost: lambda fact, t: t.count(
        len(fact.key_ids),
        "1 data key was found to be lost; what it sealed cannot be read any more.",
        "{count} data keys were found to be lost; what they sealed cannot be read any more.",
    ),
    custody.EventsTakenOver: lambda fact, t: t.say(
        "From event {first} on the log holds events that Tweeluik did not store; before event {size} all of them "
        "count.",
        first=fact.first,
        size=fact.size,
    ),
    custody.PeopleNamed: lambda fact, t: t.say(
        "The reason of a showing may name {people}.", people=t.people(len(fact.people))
    ),
    custody.MorePeopleAsked: lambda fact, t: t.count(
        fact.people,
        "To open 1 more person's values within a day was asked for{quoted}.",
        "To open {count} more people's values within a day was asked for{quoted}.",
        quoted=quoted((fact.reason,), t),
    ),
    custody.MorePeopleAgreed: lambda fact, t: t.say("A second person agreed to {asked}.", asked=fact.asked),
    custody.ValuesUnmasked: lambda fact, t: t.say(
        "Personal values were shown in clear ({what}{of_many}){quoted}.",
        what=t.say(fact.what),
        of_many=of_many(fact.employee_numbers, t),
        quoted=quoted((fact.reason,), t),
    ),
}

WORDS: Final = (*_WHY_KEPT.values(), *_ORDERED.values(), *Role)
"""What is said of values of a closed set, to be translated."""
