"""The words that pages call things by, in either language."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Final

from babel.core import negotiate_locale

from api.http.schemas.answers import Progressed
from api.languages import DUTCH, ENGLISH, LANGUAGES, day, number, translations

NAMES: Final = {DUTCH: "Nederlands", ENGLISH: "English"}


def actor(who: str, language: str) -> str:
    """Whoever acted, as every page names them: a role in words, and what acts by itself by what it is."""
    say = translations(language).gettext
    if who in MACHINES:
        return say(MACHINES[who])
    kind, _, job = who.partition(":")
    if kind == "schedule" and job in JOBS:
        return say(PLANNED) % {"job": say(JOBS[job])}
    name, _, role = who.removesuffix(")").rpartition(" (")
    return f"{name} ({say(ROLES[role])})" if role in ROLES else who


def stored_actor(shown: str) -> str:
    """The name on record of whoever a page names so, in whichever language; another name as it is."""
    who = shown.strip()
    for language in LANGUAGES:
        say = translations(language).gettext
        for one in (*MACHINES, *(f"schedule:{job}" for job in JOBS)):
            if who.casefold() == actor(one, language).casefold():
                return one
        name, _, word = who.removesuffix(")").rpartition(" (")
        role = next((role for role, said in ROLES.items() if name and say(said).casefold() == word.casefold()), None)
        if role is not None:
            return f"{name} ({role})"
    return who


def N_(word: str) -> str:  # noqa: N802  gettext's own name for a word that is translated where it is shown
    return word


def NN_(one: str, many: str) -> tuple[str, str]:  # noqa: N802  the same, of a word that stands beside a number
    return one, many


TALLIES: Final[Mapping[str, tuple[str, str]]] = {
    "updated": NN_("written", "written"),
    "unchanged": NN_("unchanged", "unchanged"),
    "concept_created": NN_("concept employee created", "concept employees created"),
    "concept_updated": NN_("concept employee written", "concept employees written"),
    "left_out": NN_("left out", "left out"),
    "blocked": NN_("held", "held"),
    "failed": NN_("not written", "not written"),
    "unknown": NN_("outcome unknown", "outcomes unknown"),
}
"""What a run made of so many people."""

OUTCOMES: Final = {outcome: one for outcome, (one, _) in TALLIES.items()}
STATUSES: Final[Mapping[str, str]] = {
    "in_progress": N_("in progress"),
    "completed": N_("completed"),
    "completed_with_errors": N_("completed with errors"),
    "blocked": N_("blocked"),
    "refused": N_("refused"),
    "cut_off": N_("cut off"),
}
PHASES: Final[Mapping[str, str]] = {
    "": N_("Beginning"),
    "reading Personio": N_("Reading Personio"),
    "reading Loket": N_("Reading Loket"),
    "reading pay": N_("Reading pay"),
    "deciding": N_("Deciding"),
    "comparing": N_("Comparing"),
    "writing to Loket": N_("Writing to Loket"),
    "closing": N_("Closing"),
    "verifying": N_("Reading the whole log"),
}
SIZES: Final[Mapping[str, str]] = {
    "people": N_("people in Personio"),
    "employees": N_("employees in Loket"),
    "paid": N_("people with pay"),
}
TONES: Final[Mapping[str, str]] = {
    "in_progress": "note",
    "completed": "good",
    "completed_with_errors": "wait",
    "blocked": "stop",
    "refused": "stop",
    "cut_off": "wait",
}
MACHINES: Final[Mapping[str, str]] = {
    "system": N_("Tweeluik by itself"),
    "webhook:personio": N_("a message from Personio"),
    "schedule:alerts": N_("the sending of alerts"),
    "schedule:loket_poll": N_("the following of Loket's data"),
}
"""What acts and is nobody, beside the timetables of JOBS."""
PLANNED: Final = N_("timetable (%(job)s)")

ROLES: Final[Mapping[str, str]] = {
    "auditor": N_("auditor"),
    "payroll_admin": N_("payroll administrator"),
    "operator": N_("operator"),
    "privacy_officer": N_("privacy officer"),
    "hr": N_("HR"),
}
LINKS: Final[Mapping[str, str]] = {
    "final": N_("employee in Loket"),
    "concept": N_("concept employee"),
    "terminated": N_("end date in Loket"),
    "unlinked": N_("not in Loket"),
    "not_visible": N_("no longer visible in Loket"),
}
JOBS: Final[Mapping[str, str]] = {
    "drift_check": N_("the drift check"),
    "look_ahead": N_("the look-ahead"),
    "sync": N_("the sync"),
    "verify": N_("the verification of the log"),
    "retention": N_("the erasure of what is too old"),
    "derive": N_("deriving decisions again"),
    "reports": N_("the reports of the month before"),
}
VERDICTS: Final[Mapping[str, str]] = {
    "held": "stop", "braked": "stop", "stopped": "stop", "waits": "wait", "never": "note", "unseen": "note",
    "calm": "good",
}  # fmt: skip
"""The tone of the first sentence of a page about a legal entity."""

STANDINGS: Final[Mapping[str, str]] = {
    "equal": N_("the same"),
    "differs": N_("differs"),
    "only_personio": N_("only in Personio"),
    "only_loket": N_("only in Loket"),
    "link": N_("link"),
    "not_compared": N_("not known"),
}
STEPS: Final[Mapping[str, str]] = {
    "shown": N_("Personio showed it"),
    "intended": N_("to be written"),
    "confirmed": N_("confirmed by Loket"),
    "overwritten": N_("overwritten"),
}
RETENTIONS: Final[Mapping[str, str]] = {
    "fiscal_7y": N_("payroll data, kept for 7 years"),
    "id_5y": N_("identity data, kept until 5 years after leaving"),
    "hr_2y": N_("contact data, kept until 2 years after leaving"),
}
REPORTS: Final[Mapping[str, str]] = {
    "overwritten_fields": N_("Overwritten fields"),
    "pay_mutations": N_("Pay mutations"),
    "evidence": N_("Evidence of a period"),
}
REPORT_STATES: Final[Mapping[str, tuple[str, str]]] = {
    "in_progress": (N_("being made"), "note"),
    "awaits_release": (N_("waits for a second person"), "wait"),
    "ready": (N_("ready"), "good"),
    "expired": (N_("expired"), "calm"),
}
"""With their tone."""

DELIVERIES: Final[Mapping[str, tuple[str, str]]] = {
    "waiting": (N_("on its way"), "note"),
    "delivered": (N_("delivered"), "good"),
    "given_up": (N_("given up"), "stop"),
}
"""How an alert reaches somebody, with its tone."""

ERASED: Final[Mapping[str, tuple[str, str]]] = {
    "requested": (N_("waits for another officer"), "wait"),
    "confirmed": (N_("being erased"), "note"),
    "completed": (N_("erased"), "good"),
}
KEPT: Final[Mapping[str, str]] = {
    "legal_period": N_("a legal period stands"),
    "employed": N_("the person has not left"),
    "hold": N_("a hold stands"),
}
FORMATS: Final[Mapping[str, str]] = {
    "pdf": "PDF", "xlsx": "Excel", "csv": "CSV", "json": "JSON", "ndjson": "NDJSON", "zip": "ZIP",
}  # fmt: skip
SHOWINGS: Final[Mapping[str, str]] = {
    "page": N_("the page of one person"),
    "names": N_("names"),
    "overwritten fields": N_("a report of overwritten fields"),
    "pay mutations": N_("a report of pay mutations"),
    "history": N_("the history of one person"),
    "state": N_("what both systems hold of one person"),
    "comparison": N_("both systems side by side, of one person"),
}
"""What was shown in clear, by what the log calls it."""

WHY: Final[Mapping[str, str]] = {
    "WHO-1": N_("the legal entity takes no part"),
    "WHO-2": N_("not Active in Personio"),
    "WHO-3": N_("not considered in NL payroll"),
    "JOIN-1": N_("not Active yet in Personio"),
    "END-2": N_("end date in Loket"),
    "END-3": N_("Inactive in Personio"),
    "DRIFT-8": N_("held out by somebody"),
    "RUN-10": N_("not part of the pilot"),
    "RUN-3": N_("another run was going on"),
    "RUN-7": N_("not everything could be read"),
    "RUN-14": N_("the plan had changed"),
    "BRAKE": N_("stopped by the brake"),
    "IMPLAUSIBLE_READ": N_("what was read is not believed"),
    "CHECK-2": N_("somebody has a task"),
}
"""Why somebody was left out, or a run wrote nothing, where its rule alone would stand."""

SETTINGS: Final[Mapping[str, str]] = {
    "entity.name": N_("name of the legal entity"),
    "entity.loket_employer_id": N_("employer in Loket"),
    "entity.loket_payroll_administration_id": N_("payroll administration in Loket"),
    "entity.compensation_start_date": N_("from which day on pay is sent"),
    "entity.compensation_types": N_("which kinds of pay are sent"),
    "entity.leave_counts_as_active": N_("whether somebody on leave counts as active"),
    "entity.allow_accepted_drift": N_("whether a value may be left as it is in Loket"),
    "rules.truthy": N_("which words mean yes"),
    "rules.leave_counts_as_active": N_("whether somebody on leave counts as active"),
    "rules.absent_is_blank": N_("when an attribute that Personio does not show is blank"),
    "rules.identity_guard": N_("whether the person behind a number is held against the one in Personio"),
    "rules.bic_required": N_("whether a foreign IBAN needs a BIC"),
    "rules.mandatory": N_("which attributes must be filled"),
    "brake.clears_people": N_("brake: for how many people fields may be cleared"),
    "brake.clears_share": N_("brake: for which share of the people fields may be cleared"),
    "brake.creates_people": N_("brake: how many concept employees may be made"),
    "brake.creates_share": N_("brake: for which share of the people concept employees may be made"),
    "brake.writes_share": N_("brake: for which share of the people Loket may be written to"),
    "plausible.fall_people": N_("by how many people a read may fall and be believed"),
    "plausible.fall_share": N_("by which share a read may fall and be believed"),
    "pay.months_ahead": N_("for how many months ahead pay is sent"),
    "pay.amounts_are": N_("how the pay of somebody who works part time is meant"),
    "pay.weekly_hours": N_("what is done with weekly hours"),
    "tasks_open_days": N_("after how many days an open task is told"),
    "between_full_reads": N_("whether unchanged people are read again less often"),
}
"""What a setting is about, by its path; of others only the path is told."""

ACTS: Final[Mapping[str, str]] = {
    "hr": N_("HR, in Personio"),
    "payroll": N_("payroll"),
    "operator": N_("the operator of the connection"),
}
LOOKS: Final[Mapping[str, str]] = {
    "run": N_("the run"),
    "drift_check": N_("the drift check"),
    "validation": N_("the validation"),
}
CAUSES: Final[Mapping[str, str]] = {
    "changed_in_loket": N_("changed in Loket"),
    "both_changed": N_("changed in both systems"),
    "write_not_landed": N_("a write of ours did not land"),
    "never_synced": N_("no run has confirmed it yet"),
    "pending_in_personio": N_("changed in Personio"),
}
TRAILS: Final[Mapping[str, str]] = {
    "ours": N_("Loket's audit trail names our own user"),
    "someone_else": N_("Loket's audit trail names somebody: evidence, no proof"),
    "no_entry": N_("Loket's audit trail knows nothing of it: ask Loket"),
    "not_attributable": N_("Loket's audit trail tells nothing of this field"),
}
AHEAD: Final[Mapping[str, str]] = {
    "salary becomes effective": N_("salary becomes effective"),
    "recurring pay becomes effective": N_("recurring pay becomes effective"),
    "one-time pay is due": N_("one-time pay is due"),
    "starts in Personio": N_("starts in Personio"),
    "last day in Personio": N_("last day in Personio"),
    "employment ends in Loket": N_("employment ends in Loket"),
    "employment starts in Loket": N_("employment starts in Loket"),
    "last day of a value that is left as it is in Loket": N_("last day of a value that is left as it is in Loket"),
}
ENDS: Final[Mapping[str, str]] = {
    "no_longer_found": N_("done"),
    "person_left_out": N_("left out"),
    "person_gone": N_("gone from this legal entity"),
}


def preferred(accept_language: str) -> str:
    """The language of somebody who has not said which; Dutch where we speak none of theirs."""
    asked = []
    for part in accept_language[:200].split(","):
        tag, _, weight = part.strip().partition(";q=")
        try:
            asked.append((-float(weight or 1), tag.replace("-", "_")))
        except ValueError:
            continue
    tags = [tag for _, tag in sorted(asked, key=lambda one: one[0]) if tag]
    return negotiate_locale(tags, LANGUAGES) or DUTCH


def made(outcome: str, many: int, language: str) -> str:
    """What a run made of so many people, as it is said after their number."""
    pair = TALLIES.get(outcome)
    return translations(language).ngettext(*pair, many) if pair else outcome


def how_far(progress: Progressed, language: str) -> str:
    """Writing to Loket: 22 of 44."""
    _ = translations(language).gettext
    phase = _(PHASES.get(progress.phase, progress.phase)) if progress.phase else _(PHASES[""])
    if not progress.total:
        return f"{phase} …"
    counts = {"done": number(progress.done, language), "total": number(progress.total, language)}
    return f"{phase}: " + _("%(done)s of %(total)s") % counts


def setting(value: object, language: str) -> str:
    """What a setting was or is: a day and yes or no in words, anything else as the configuration has it."""
    _ = translations(language).gettext
    if value is None:
        return _("not set")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    try:
        return day(date.fromisoformat(str(value)), language)
    except ValueError:
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
