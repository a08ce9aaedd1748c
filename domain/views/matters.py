"""Which kinds of matters wait for somebody, who acts on each, where it stands, and what happens if nobody does.

Nobody else says so: *Today*, the handover sheet and whoever counts have these, in this order, and no others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from typing import Final

from domain.planning.findings import Acts, NoticeCode
from domain.schedule import Job


class Matter(StrEnum):
    """What is no notice of a run, and no job that is late."""

    FIRST_RUN = "first_run"
    BRAKE = "brake"
    READ_DOUBTED = "read_doubted"
    NOT_READ = "not_read"
    PLAN_CHANGED = "plan_changed"
    RUN_REFUSED = "run_refused"
    RUN_BLOCKED = "run_blocked"
    RUN_CUT_OFF = "run_cut_off"
    RELEASE = "release"
    MORE_PEOPLE = "more_people"
    TASK_HR = "task_hr"
    TASK_PAYROLL = "task_payroll"
    TASK_OPERATOR = "task_operator"
    UNKNOWN = "unknown"
    FAILED = "failed"
    CONCEPT = "concept"
    ENDS_IN_LOKET = "ends_in_loket"
    ENDS_IN_PERSONIO = "ends_in_personio"
    DIFFERS = "differs"
    FORESEEN = "foreseen"
    TO_ENTER = "to_enter"
    LET_GO = "let_go"


What = Matter | NoticeCode | Job
"""A late job is a matter of its own."""


class By(StrEnum):
    """The one party that acts."""

    PAYROLL = "payroll"
    HR = "hr"
    OPERATOR = "operator"
    SECOND = "second"


WHO: Final[Mapping[By, str]] = {
    By.PAYROLL: "payroll",
    By.HR: "HR, in Personio",
    By.OPERATOR: "the operator of the connection",
    By.SECOND: "a second person",
}


class Section(StrEnum):
    """The headings, in their order."""

    SECOND = "second"
    CONCEPTS = "concepts"
    LEAVERS = "leavers"
    BY_HAND = "by_hand"
    LOST = "lost"
    PAY = "pay"
    NOT_TAKEN = "not_taken"
    PAYROLL = "payroll"
    HR = "hr"
    OPERATOR = "operator"
    KNOW = "know"


TITLES: Final[Mapping[Section, str]] = {
    Section.SECOND: "A second person has to agree",
    Section.CONCEPTS: "Complete these concept employees in Loket",
    Section.LEAVERS: "End or reinstate these employments by hand",
    Section.BY_HAND: "Change these in Loket by hand",
    Section.LOST: "Different in Loket, and overwritten by the next run",
    Section.PAY: "Pay that was not sent, or differs, and why",
    Section.NOT_TAKEN: "What Loket did not take, or nobody knows whether it did",
    Section.PAYROLL: "Tasks of payroll, which hold the sync",
    Section.HR: "Questions for HR",
    Section.OPERATOR: "For the operator of the connection",
    Section.KNOW: "Good to know",
}
SUBJECTS: Final[Mapping[Section, str]] = {
    Section.SECOND: "Request",
    Section.CONCEPTS: "Concept employee",
    Section.LEAVERS: "End of employment",
    Section.BY_HAND: "Data in Loket",
    Section.LOST: "Difference",
    Section.PAY: "Pay",
    Section.NOT_TAKEN: "Write to Loket",
    Section.PAYROLL: "Task",
    Section.HR: "Data in Personio",
    Section.OPERATOR: "Connection",
    Section.KNOW: "Note",
}
"""What a line is about that names no field and no component."""


@dataclass(frozen=True, slots=True)
class About:
    """`one` and `many` stand behind a number. `next_run`: the next run goes by it, so when that is decides."""

    who: By
    section: Section
    one: str
    many: str
    do: str
    otherwise: str
    next_run: bool = False
    to_know: bool = False  # nobody has to do anything


_PAYROLL, _HR, _OPERATOR, _SECOND = By.PAYROLL, By.HR, By.OPERATOR, By.SECOND
_HOLDS: Final = (
    "Until then nothing new goes to Loket for anyone, no change of pay either: Loket pays by what it holds now."
)
_NO_RUN: Final = "Nothing is written to Loket until a run goes through."

ABOUT: Final[Mapping[What, About]] = {
    Matter.FIRST_RUN: About(
        _PAYROLL, Section.NOT_TAKEN, "first run to be made", "first runs to be made",
        "Check on the page Tasks what has to be corrected, look at the plan, and start that: for everybody, or a few.",
        "Nothing goes to Loket before a first run.", next_run=True,
    ),
    Matter.BRAKE: About(
        _SECOND, Section.SECOND, "plan that the brake stopped", "plans that the brake stopped",
        "Look at the plan and agree to it, or have Personio corrected.",
        "Until then nothing of this plan is written to Loket, no change of pay either.",
    ),
    Matter.READ_DOUBTED: About(
        _SECOND, Section.SECOND, "read that was not believed", "reads that were not believed",
        "Look in both systems and say that what was read is true, or have the right to read it restored.", _NO_RUN,
    ),
    Matter.NOT_READ: About(
        _OPERATOR, Section.OPERATOR, "run that could not begin", "runs that could not begin",
        "The page of the run says what could not be read, or which right or setting has to be seen to.", _NO_RUN,
    ),
    Matter.PLAN_CHANGED: About(
        _PAYROLL, Section.NOT_TAKEN, "run whose plan had changed", "runs whose plan had changed",
        "Look at the plan as it is now, and start that.", _NO_RUN, next_run=True,
    ),
    Matter.RUN_REFUSED: About(
        _PAYROLL, Section.NOT_TAKEN, "run that was refused", "runs that were refused",
        "The page of the run says why. Make a new plan, and start it.", _NO_RUN, next_run=True,
    ),
    Matter.RUN_BLOCKED: About(
        _PAYROLL, Section.NOT_TAKEN, "run that was blocked, by tasks that are resolved now",
        "runs that were blocked, by tasks that are resolved now",
        "Start a run, or wait for the planned one.", _NO_RUN, next_run=True,
    ),
    Matter.RUN_CUT_OFF: About(
        _PAYROLL, Section.NOT_TAKEN, "run that was cut off", "runs that were cut off",
        "Start a run, or wait for the planned one: it reads back what was left open. Enter nothing by hand before.",
        "Until then it is not known for whom Loket has everything.", next_run=True,
    ),
    Matter.TASK_HR: About(
        _HR, Section.HR, "task for HR, in Personio", "tasks for HR, in Personio",
        "Correct it in Personio.", _HOLDS, next_run=True,
    ),
    Matter.TASK_PAYROLL: About(
        _PAYROLL, Section.PAYROLL, "task for payroll",
        "tasks for payroll", "Resolve it in Loket, or decide.", _HOLDS, next_run=True
    ),
    Matter.TASK_OPERATOR: About(
        _OPERATOR, Section.OPERATOR, "task for the operator of the connection",
        "tasks for the operator of the connection",
        "Restore a right or a setting.", _HOLDS, next_run=True,
    ),
    Job.SYNC: About(
        _OPERATOR, Section.OPERATOR, "planned run is late", "planned runs are late",
        "Look why it was not done.", "Nothing is sent to Loket until a run is made.",
    ),
    Matter.UNKNOWN: About(
        _PAYROLL, Section.NOT_TAKEN, "employee whose write to Loket has an unknown outcome",
        "employees whose writes to Loket have an unknown outcome",
        "Enter nothing by hand: the next run reads it back, and repeats nothing blindly.",
        "Until then nobody knows whether Loket has it.", next_run=True,
    ),
    Matter.FAILED: About(
        _PAYROLL, Section.NOT_TAKEN, "employee of whom Loket did not take everything",
        "employees of whom Loket did not take everything",
        "Look on the page of the run why, and enter by hand in Loket what cannot wait.",
        "Loket goes on with the old data; the next run tries again whatever is still different.", next_run=True,
    ),
    Matter.RELEASE: About(
        _SECOND, Section.SECOND, "report to be released", "reports to be released",
        "Look first at what was asked and why: it shows personal values.",
        "Nobody gets it before a second person agrees.",
    ),
    Matter.MORE_PEOPLE: About(
        _SECOND, Section.SECOND, "request to open more people's values", "requests to open more people's values",
        "Look at why it was asked, and agree or not.", "Until then no more people's values can be opened.",
    ),
    Matter.CONCEPT: About(
        _PAYROLL, Section.CONCEPTS, "concept employee waits in Loket",
        "concept employees wait in Loket", "Complete it in Loket.",
        "Until then recurring and one-time payments are not sent, and Loket pays the employee nothing.", next_run=True,
    ),
    NoticeCode.OPEN_EMPLOYMENT_LEFT: About(
        _PAYROLL, Section.LEAVERS, "employee who left, and whose employment in Loket is open",
        "employees who left, and whose employments in Loket are open",
        "End the employment in Loket.", "Loket goes on paying them.",
    ),
    Matter.ENDS_IN_PERSONIO: About(
        _PAYROLL, Section.LEAVERS, "employment ended in Personio, but goes on in Loket",
        "employments ended in Personio, but go on in Loket",
        "End it in Loket; if that is wrong, ask HR to correct Personio.",
        "Loket goes on paying, and no change of the employee goes to Loket.",
    ),
    Matter.ENDS_IN_LOKET: About(
        _HR, Section.LEAVERS, "employment has an end date in Loket, and in Personio another last day or none",
        "employments have an end date in Loket, and in Personio another last day or none",
        "Enter that last day in Personio; if it is wrong, ask payroll to correct it in Loket.",
        "No change of the employee goes to Loket, not even before the end date.",
    ),
    NoticeCode.PAY_ENDED_IN_PERSONIO: About(
        _PAYROLL, Section.PAY, "employee with pay that Personio ended", "employees with pay that Personio ended",
        "End it in Loket by hand.", "Loket goes on paying it.",
    ),
    NoticeCode.PAY_BEFORE_EMPLOYMENT: About(
        _PAYROLL, Section.PAY, "employee with one-time pay from before the employment",
        "employees with one-time pay from before the employment",
        "If it is due, enter it in Loket by hand.", "It is not sent.",
    ),
    NoticeCode.SALARY_BESIDE_ANOTHER: About(
        _HR, Section.PAY, "employee with a salary that waits, for an earlier one goes on",
        "employees with a salary that waits, for an earlier one goes on",
        "If it takes the other's place, end the other in Personio on the day before.",
        "Loket goes on paying the earlier one, until it ends.",
    ),
    NoticeCode.PAY_ONLY_IN_LOKET: About(
        _PAYROLL, Section.PAY, "employee with pay that only Loket has", "employees with pay that only Loket has",
        "Correct one of the two systems.", "Loket goes on paying it: no run changes it.",
    ),
    NoticeCode.PAY_DIFFERS_AT_START_DATE: About(
        _PAYROLL, Section.PAY, "employee whose pay from before the start date differs",
        "employees whose pay from before the start date differs",
        "Look which of the two is right, and correct Loket by hand.", "It stays as it is in Loket: no run changes it.",
    ),
    NoticeCode.PART_TIME_FACTOR_DIFFERS: About(
        _PAYROLL, Section.PAY, "employee whose wage Loket scales by other hours",
        "employees whose wage Loket scales by other hours",
        "Make the hours the same in Personio and Loket.", "Loket goes on paying by its own hours.",
    ),
    NoticeCode.PART_TIME_FACTOR_UNKNOWN: About(
        _PAYROLL, Section.PAY, "employee whose part-time factor only one system shows",
        "employees whose part-time factor only one system shows",
        "Enter the hours and the full week in Loket, or ask HR to enter them in Personio.",
        "Nobody notices when the wage is scaled by the wrong hours.",
    ),
    NoticeCode.PROCESSED_PERIOD_AFFECTED: About(
        _PAYROLL, Section.PAY, "employee with a change in a period that was paid already",
        "employees with a change in a period that was paid already",
        "Look in Loket whether it has to be settled.", "The payroll of that period stays as it was run.",
    ),
    NoticeCode.IBAN_COMPONENT_UNKNOWN: About(
        _PAYROLL, Section.BY_HAND, "employee with a new bank account that Loket does not take",
        "employees with a new bank account that Loket does not take",
        "Enter the bank account in Loket.", "Loket does not pay to the new account.",
    ),
    Matter.DIFFERS: About(
        _PAYROLL, Section.LOST, "difference between the systems", "differences between the systems",
        "Decide about it on the page Differences; what has to stay is entered in Personio.",
        "The next run overwrites in Loket what nobody decides about.", next_run=True,
    ),
    Matter.FORESEEN: About(
        _HR, Section.LOST, "value in Loket that is blank in Personio", "values in Loket that are blank in Personio",
        "Enter it in Personio.", "The next run clears it in Loket.", next_run=True,
    ),
    NoticeCode.FILLED_IN_LOKET: About(
        _HR, Section.LOST, "concept employee with data that Personio does not have",
        "concept employees with data that Personio does not have",
        "Enter it in Personio.", "The first run after completion clears it in Loket.",
    ),
    Matter.TO_ENTER: About(
        _HR, Section.HR, "value of Loket that is right, and not in Personio",
        "values of Loket that are right, and not in Personio",
        "Enter Loket's value in Personio.", "Runs go on writing Personio's value to Loket.", next_run=True,
    ),
    NoticeCode.MANUAL_FOLLOW_UP: About(
        _PAYROLL, Section.BY_HAND, "employee whose data differs, and whom no run changes any more",
        "employees whose data differs, and whom no run changes any more",
        "Change it in Loket by hand.", "Loket keeps the old data.",
    ),
    NoticeCode.CONCEPT_NUMBER_DIFFERS: About(
        _PAYROLL, Section.BY_HAND, "concept employee who was finalised under another number",
        "concept employees who were finalised under another number",
        "Make the number the same in both systems, with HR.", "No change of the employee goes to Loket.",
    ),
    NoticeCode.CONCEPT_RENUMBERED: About(
        _PAYROLL, Section.BY_HAND, "concept employee who has another number, or none",
        "concept employees who have another number, or none",
        "Make the number the same in both systems, with HR.", "No change of the concept employee goes to Loket.",
    ),
    NoticeCode.CONCEPT_GONE: About(
        _PAYROLL, Section.BY_HAND, "concept employee who is gone from Loket",
        "concept employees who are gone from Loket",
        "Look in Loket whether that was meant.", "The next run creates the concept employee again.",
    ),
    NoticeCode.CONCEPT_LEFTOVER: About(
        _PAYROLL, Section.BY_HAND, "concept employee who is left over", "concept employees who are left over",
        "Delete it in Loket.", "It stays in Loket beside the employee, and can be completed by mistake.",
    ),
    NoticeCode.CONCEPT_UNDER_EARLIER_NUMBER: About(
        _PAYROLL, Section.BY_HAND, "concept employee who waits under an earlier number",
        "concept employees who wait under an earlier number",
        "Delete it in Loket.", "Once both are completed, the same person is paid twice.",
    ),
    NoticeCode.EMPLOYED_UNDER_EARLIER_NUMBER: About(
        _PAYROLL, Section.BY_HAND, "employee whose employment runs under an earlier number",
        "employees whose employment runs under an earlier number",
        "Find out with HR which number is right, and make it the same in both systems.",
        "Who is employed under both numbers is paid twice.",
    ),
    NoticeCode.CONCEPT_FOR_LONG_EMPLOYED: About(
        _HR, Section.HR, "employee who is long in service, and new to Loket",
        "employees who are long in service, and new to Loket",
        "Check the employee number with payroll.", "Loket may have the same person twice.",
    ),
    NoticeCode.BSN_BLANK: About(
        _HR, Section.HR, "employee without a BSN", "employees without a BSN",
        "Enter the BSN in Personio.", "The anonymous rate normally applies.",
    ),
    NoticeCode.BSN_UNUSUAL_PREFIX: About(
        _HR, Section.HR, "employee whose BSN starts with 8 or 9", "employees whose BSN starts with 8 or 9",
        "Check the BSN in Personio.", "The wage return is normally refused.",
    ),
    NoticeCode.HOURS_NOT_COMPARED: About(
        _HR, Section.PAY, "employee whose hours only one system shows", "employees whose hours only one system shows",
        "Enter the hours in Personio, or ask payroll to enter them in Loket.",
        "Nobody notices when the wage is scaled by the wrong hours.",
    ),
    NoticeCode.PAY_TYPE_NOT_SENT: About(
        _OPERATOR, Section.PAY, "employee with pay that is not sent", "employees with pay that is not sent",
        "Map the type to a payroll component, or list the types that are sent.", "Loket does not pay it.",
    ),
    NoticeCode.BSN_NOT_READABLE_IN_LOKET: About(
        _OPERATOR, Section.OPERATOR, "employee whose BSN cannot be read in Loket",
        "employees whose BSN cannot be read in Loket",
        "Restore the right of the Loket user.", "The BSN is neither compared nor written.",
    ),
    NoticeCode.NOT_READ_IN_LOKET: About(
        _OPERATOR, Section.OPERATOR, "employee of whom Loket does not show everything",
        "employees of whom Loket does not show everything",
        "Restore the right of the Loket user; if that is not it, ask Loket why.",
        "What Loket does not show is neither compared nor written: no change of it goes there, no raise either.",
    ),
    Job.DRIFT_CHECK: About(
        _OPERATOR, Section.OPERATOR, "planned drift check is late", "planned drift checks are late",
        "Look why it was not done.", "What was changed in Loket goes unnoticed until then.",
    ),
    Job.LOOK_AHEAD: About(
        _OPERATOR, Section.OPERATOR, "planned look-ahead is late", "planned look-aheads are late",
        "Look why it was not done.", "The next run may overwrite values of which nobody was warned.",
    ),
    Job.VERIFY: About(
        _OPERATOR, Section.OPERATOR, "verification of the log is late", "verifications of the log are late",
        "Look why it was not done.", "Until then nobody knows whether the log is sound.",
    ),
    Job.RETENTION: About(
        _OPERATOR, Section.OPERATOR, "erasure of what is too old is late", "erasures of what is too old are late",
        "Look why it was not done.", "What is too old is kept longer than it may be.",
    ),
    Job.DERIVE: About(
        _OPERATOR, Section.OPERATOR, "check of earlier decisions is late", "checks of earlier decisions are late",
        "Look why it was not done.", "A decision that does not follow from the rules goes unnoticed until then.",
    ),
    Job.REPORTS: About(
        _OPERATOR, Section.OPERATOR, "planned making of reports is late", "planned makings of reports are late",
        "Look why it was not done.", "Until then there are no reports of the month before.",
    ),
    NoticeCode.ON_LEAVE_LEFT_OUT: About(
        _PAYROLL, Section.KNOW, "employee on leave, who is left out", "employees on leave, who are left out",
        "Enter in Loket by hand what changes for them.", "No change of theirs goes to Loket while they are on leave.",
        to_know=True,
    ),
    NoticeCode.PAY_WITHDRAWN: About(
        _PAYROLL, Section.PAY, "employee whose pay was removed in Personio",
        "employees whose pay was removed in Personio",
        "Look whether that was meant; if not, ask HR to enter it in Personio again.", "Loket does not pay it any more.",
        to_know=True,
    ),
    Matter.LET_GO: About(
        _PAYROLL, Section.LOST, "difference that somebody let go", "differences that somebody let go",
        "Nothing: somebody said that it may be overwritten.", "The next run overwrites it in Loket.", next_run=True,
        to_know=True,
    ),
    NoticeCode.EMPLOYED_IN_TWO_ENTITIES: About(
        _HR, Section.KNOW, "employee who is employed in two legal entities",
        "employees who are employed in two legal entities",
        "Look whether both employments are meant.", "Both legal entities pay them.", to_know=True,
    ),
}  # fmt: skip
"""What blocks payroll most comes first, what is only good to know last."""

PLACE: Final = {what: place for place, what in enumerate(ABOUT)}
OF_ACTS: Final[Mapping[Acts | None, Matter]] = {
    Acts.HR: Matter.TASK_HR, Acts.PAYROLL: Matter.TASK_PAYROLL, Acts.OPERATOR: Matter.TASK_OPERATOR,
    None: Matter.TASK_OPERATOR,
}  # fmt: skip
"""Of tasks; what only a later version knows is the operator's."""

OF_REFUSAL: Final[Mapping[str, Matter]] = {
    "IMPLAUSIBLE_READ": Matter.READ_DOUBTED, "RUN-7": Matter.NOT_READ, "RUN-9": Matter.NOT_READ,
    "PAY-2": Matter.NOT_READ, "RUN-14": Matter.PLAN_CHANGED,
}  # fmt: skip
"""By why a run was refused, where nobody has to agree to its plan any more."""

TEXTS: Final = (
    *chain.from_iterable(((one.one, one.many), one.do, one.otherwise) for one in ABOUT.values()), *WHO.values(),
    *SUBJECTS.values(), *TITLES.values(),
)  # fmt: skip
"""All that is said of matters, to be translated."""
