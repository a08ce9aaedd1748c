"""The register of rules: id, statement in one sentence, and where it is documented; the only list of rule ids.

Ids never change their meaning; a withdrawn id is not used again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `source` is a section of the article, another public page, or OURS where no page says it.

    `revision` is raised whenever the rule decides something else than before for the same data: decisions of earlier
    revisions are then not expected to come out alike when they are derived again (AUD-11).
    """

    id: str
    statement: str
    source: str
    revision: int = 1

    @property
    def group(self) -> str:
        """WHO, WHAT, …: the section of the rules it belongs to."""
        return self.id.partition("-")[0]


ARTICLE: Final = "Personio Helpcenter, Loket integration: Sync employee data"
OURS: Final = "our decision"
_LOKET: Final = "Loket API documentation"
_PAY: Final = "Personio Helpcenter, Loket integration: Sync compensation data"
_MONTHLY: Final = "Personio Helpcenter, Run your monthly payroll with the Loket integration"
_OVERVIEW: Final = "Personio Helpcenter, Overview of the Loket integration"
_SET_UP: Final = "Personio Helpcenter, Set up the Loket integration"
_SALARIES: Final = "Personio Helpcenter, Manage compensation"

_WHO: Final = "Who is synced?"
_WHAT: Final = "What is synced?"
_RETRO: Final = "How the integration handles retroactive changes"
_MATCH: Final = "How are employees matched?"
_JOIN: Final = "Manage new joiners"
_EDIT: Final = "Manage existing employees"
_EMPL: Final = "Manage employment or income relationship changes"
_END: Final = "Manage terminations"
_CHECK: Final = "Check validation errors"

ARTICLE_SECTIONS: Final = frozenset({_WHO, _WHAT, _RETRO, _MATCH, _JOIN, _EDIT, _EMPL, _END, _CHECK})
"""The sections of the article, by their titles; a rule with such a source is documented there."""

_ALL: Final = (
    Rule("WHO-1", "A person is synced when their legal entity is Dutch and has the integration switched on", _WHO),
    Rule("WHO-2", "A person is synced while their employment status is Active", _WHO),
    Rule("WHO-3", "A person is synced when Consider in NL payroll is Yes", _WHO, revision=2),
    Rule("WHO-4", "A person is synced when all three conditions hold together", _WHO),
    Rule("WHO-5", "The mandatory Loket attributes say without doubt whom to sync", _WHO),
    Rule("WHO-6", "Anyone entitled can list who is included right now, and why the others are not", _WHO),
    Rule("WHAT-1", "The value effective on the day of the run is sent", _WHAT),
    Rule("WHAT-2", "A future-dated change waits for its day", _WHAT),
    Rule("WHAT-3", "Supported attributes travel, and nothing else", _WHAT),
    Rule("RETRO-1", "A past-dated change is sent as the present value on the next run", _RETRO),
    Rule("RETRO-2", "A value that Loket loses by an overwrite is kept in our history", _RETRO),
    Rule("MATCH-1", "The Loket employee number decides whom a person is in Loket", _MATCH),
    Rule("MATCH-2", "A known number leads to that Loket employee, who is kept equal to Personio", _MATCH),
    Rule("MATCH-3", "An unknown number leads to one concept employee", _MATCH, revision=3),
    Rule("MATCH-4", "The income number tells several employments of one employee apart", _MATCH),
    Rule("MATCH-5", "An employee who was seen in Loket and is not shown any more is no new hire", OURS),
    Rule("JOIN-1", "A joiner is synced from the day they become Active", _JOIN),
    Rule("JOIN-2", "A concept employee leaves a confirmation in the sync result", _JOIN),
    Rule("JOIN-3", "The payroll administrator completes the concept employee inside Loket", _JOIN),
    Rule("JOIN-4", "A concept employee receives employee data and base salary", _JOIN),
    Rule("JOIN-5", "Once completed, the next run also sends recurring and one-time pay", _JOIN),
    Rule("JOIN-6", "The confirmation is gone once the concept employee is completed", _JOIN),
    Rule("JOIN-7", "What a new hire entered in Loket stays in a concept employee", OURS),
    Rule("EDIT-1", "A change to a supported attribute reaches Loket on the next run", _EDIT),
    Rule("EDIT-2", "A blank in Personio clears the field in Loket", _EDIT),
    Rule("EDIT-3", "What belongs together travels together: a new IBAN never keeps the old bank's BIC", OURS),
    Rule("EMPL-1", "A new employment of an existing employee is created by the payroll administrator in Loket", _EMPL),
    Rule("EMPL-2", "Entry date and income number in Personio match the employment in Loket", _EMPL),
    Rule("EMPL-3", "The next run links to the new employment and keeps it equal", _EMPL),
    Rule("END-1", "Someone leaving stays included while the conditions hold", _END),
    Rule("END-2", "An end date in Loket, even a future one, leaves the person out at once", _END),
    Rule("END-3", "An Inactive person is out; ending the employment is manual work in both systems", _END),
    Rule("END-4", "The sync leaves every termination to people", _END),
    Rule("CHECK-1", "All included people are validated before a run", _CHECK, revision=2),
    Rule("CHECK-2", "Any unresolved finding holds back the whole run of its legal entity", _CHECK),
    Rule("CHECK-3", "Correcting the data or excluding the person lifts the block", _CHECK),
    Rule("CHECK-4", "Findings can be listed per legal entity and person", _CHECK),
    Rule(
        "CHECK-5", "Every check is on record, and a finding is told once: when it is first seen, and how it ends", OURS
    ),
    Rule("CHECK-6", "Whoever takes a task has it until the end of the day", OURS),
    Rule("PAY-1", "Fixed and hourly salary, recurring and one-time compensations are supported", _PAY),
    Rule("PAY-2", "Each legal entity has a compensation start date and its own choice of compensation types", _PAY),
    Rule(
        "PAY-3",
        "From the compensation start date on, Loket is made equal to Personio, future pay included",
        _PAY,
        revision=3,
    ),
    Rule("PAY-4", "Salary records from before the compensation start date stay as they are", _PAY),
    Rule("PAY-5", "Mapped compensation is kept in Personio; the next run overwrites what was edited in Loket", _PAY),
    Rule("PAY-6", "Base salary goes to concept and final employees, other pay to final employees only", _JOIN),
    Rule("PAY-7", "Salary is a wage record, recurring pay a benefit or deduction, one-time pay a period value", _LOKET),
    Rule("PAY-8", "Dated wage records are changed in the ways their chain allows", _LOKET, revision=2),
    Rule("PAY-9", "Loket's wage is the full-time one, and which amount Personio shows is said, never guessed", _LOKET),
    Rule("PAY-10", "Ended pay is closed or removed, and only on the evidence of complete reads", _SALARIES, revision=5),
    Rule("PAY-11", "Amounts are converted to Loket's period in decimal arithmetic and rounded once", OURS),
    Rule("PAY-12", "Pay for a period already run is sent and marked", OURS),
    Rule("PAY-13", "Hours are the same on both sides before a wage is changed", OURS, revision=3),
    Rule("PAY-14", "Pay that vanished with everything else of an Active person is not ended pay", OURS),
    Rule("PAY-15", "Pay that is not sent is named", OURS),
    Rule("RUN-1", "A run belongs to one legal entity and is started by someone", _MONTHLY),
    Rule("RUN-2", "A run works on one snapshot of both systems", OURS),
    Rule("RUN-3", "A legal entity has one run at a time", OURS),
    Rule("RUN-4", "Every person of the legal entity appears exactly once in the result", OURS),
    Rule("RUN-5", "One person's failure leaves the others' sync undisturbed", OURS),
    Rule("RUN-6", "Loket's answer is read, whatever its status code", _LOKET),
    Rule("RUN-7", "Conclusions are drawn from complete reads only", OURS),
    Rule("RUN-8", "Every write has a durable intent before it is sent, and exactly one final outcome", OURS),
    Rule("RUN-9", "The connection is checked before it is used", _SET_UP, revision=2),
    Rule("RUN-10", "A first roll-out begins with one person", _MONTHLY),
    Rule("RUN-11", "Payroll documents stay outside the write path", _OVERVIEW),
    Rule("RUN-12", "A complete read that cannot be true is not believed", OURS),
    Rule("RUN-13", "A run that would clear or create for unusually many people waits for a second person", OURS),
    Rule("RUN-14", "A run that was given a plan writes that plan, or nothing", OURS),
    Rule("RUN-15", "Between two full reads Loket's version numbers say whom to read again", OURS),
    Rule("DRIFT-1", "Drift is a difference in a supported field of an included, linked person", OURS),
    Rule("DRIFT-2", "Values are compared after normalisation", OURS, revision=2),
    Rule("DRIFT-3", "Every difference has one cause, and a change waiting in Personio is no alarm", OURS),
    Rule("DRIFT-4", "Drift ends by a run, by Loket or by Personio", OURS),
    Rule("DRIFT-5", "Differences of people left out are listed apart and never alerted", OURS),
    Rule("DRIFT-6", "The same drift is reported once", OURS),
    Rule("DRIFT-7", "Loket's own record of who changed a value is kept as evidence", _LOKET),
    Rule("DRIFT-8", "A difference may be accepted, and a person held out of a run, for a time and with a reason", OURS),
    Rule("AUD-1", "Every observed Personio change, every finding and every Loket write is an event", OURS),
    Rule("AUD-2", "Loket is read before it is written; the values before and after are kept", _RETRO),
    Rule("AUD-3", "An overwrite names field, before, after, actor, run, rule and, where told, effective date", OURS),
    Rule("AUD-4", "Every fact has two clocks: recorded at and effective on", OURS),
    Rule("AUD-5", "A Personio change is an observation that claims neither who made it nor when", OURS),
    Rule("AUD-6", "The compliance report lists overwritten fields per legal entity and period", OURS),
    Rule("AUD-7", "Terminations are kept as intervals", OURS),
    Rule("AUD-8", "Personal values are masked until someone unmasks them with a reason", OURS),
    Rule("AUD-9", "Erasure removes a person's values and keeps the facts", OURS),
    Rule("AUD-10", "Every run, check and validation names the settings it judged by, which are on record", OURS),
    Rule("AUD-12", "What other settings would have made of past runs can be asked; nothing is written", OURS),
    Rule("AUD-11", "Every decision can be derived again from the log, and one that does not follow is told", OURS),
    Rule("LOG-1", "The log is append-only, with dense positions", OURS),
    Rule("LOG-2", "A sealed checkpoint covers every event up to its position", OURS),
    Rule("LOG-3", "A single event can be proven part of a checkpoint", OURS),
    Rule("LOG-4", "Every read model can be rebuilt from the log and comes out equal", OURS),
    Rule("LOG-5", "Dropping a person's key leaves verification intact", OURS),
    Rule("LOG-6", "The limits of what the log proves are said openly", OURS),
    Rule("BUREAU-1", "What is another customer's is answered as what does not exist", OURS),
    Rule("BUREAU-2", "Work is shared so that no large customer keeps a small one waiting", OURS),
)

RULES: Final[Mapping[str, Rule]] = MappingProxyType({rule.id: rule for rule in _ALL})
"""Every rule by its id, in the order of the rules."""
REVISIONS: Final[Mapping[str, int]] = MappingProxyType({rule.id: rule.revision for rule in _ALL if rule.revision > 1})
"""Of the rules whose meaning has changed since they were first written."""
