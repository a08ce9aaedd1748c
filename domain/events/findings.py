"""The facts of validations and of the cases of findings; their stored names stand in `domain.events.catalogue`.

A validation is one fact of the stream `check:<check id>`. A case is one finding of one person, its code and its field:
stream `finding:<legal entity>:<person>:<code>:<field>`, from first seen to its end and, should it be found again, on to
its next opening (CHECK-5). Whichever run or check looked is the correlation of the event.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from domain.log import Fact
from domain.personal import Personal


class LookedBy(StrEnum):
    """What can see findings."""

    RUN = "run"
    DRIFT_CHECK = "drift_check"
    VALIDATION = "validation"


class FindingEnd(StrEnum):
    """How a finding ended. Nothing else ends one: what could not be judged stays as it was."""

    NOT_FOUND = "no_longer_found"  # looked for, and not there: somebody corrected it
    LEFT_OUT = "person_left_out"  # nobody looked for it: the person takes no part, by the rule of the fact
    GONE = "person_gone"  # Personio shows no such person, and no run had ever counted them among the legal entity's


class ValidationCompleted(Fact, frozen=True, kw_only=True):
    """Both systems were read completely and everyone was judged; nothing was written to Loket."""

    legal_entity: str
    business_date: date
    personio_read_at: datetime
    loket_read_at: datetime
    people: int
    included: int
    left_out: dict[str, int]  # people by rule
    findings: dict[str, int]  # by code
    notices: dict[str, int]  # by code
    opened: int  # cases
    changed: int
    ended: int
    fingerprint: str  # of the plan: a run that decides the same has the same one
    policy: str | None = None  # digest of the settings that everybody was judged by (AUD-10)
    settled: bool = True  # False: a run or check that looked meanwhile tells of the cases
    notes: tuple[str, ...] = ()


class ValidationRefused(Fact, frozen=True, kw_only=True):
    """A system could not be read completely, or a complete read was not believed: nothing was concluded."""

    legal_entity: str
    reason: str
    message: str


# --- finding_case ------------------------------------------------------------------------------------------------


class FindingOpened(Fact, frozen=True, kw_only=True):
    """A finding was seen for the first time, or `again` after it had ended. Without a subject nothing is quoted."""

    legal_entity: str
    person_id: str
    employee_number: int | None
    code: str
    seen_by: LookedBy
    field: str | None = None
    again: bool = False
    subject: str = ""
    detail: Personal | None = None
    proposal: Personal | None = None


class FindingChanged(Fact, frozen=True, kw_only=True):
    """It is there still, and another detail or proposal goes with it."""

    legal_entity: str
    person_id: str
    employee_number: int | None
    code: str
    seen_by: LookedBy
    field: str | None = None
    subject: str = ""
    detail: Personal | None = None
    proposal: Personal | None = None


class FindingResolved(Fact, frozen=True, kw_only=True):
    """It is over. `rule` is the one that leaves the person out, where that is how."""

    legal_entity: str
    person_id: str
    employee_number: int | None
    code: str
    seen_by: LookedBy
    how: FindingEnd
    field: str | None = None


class TaskTaken(Fact, frozen=True, kw_only=True):
    """Somebody, the actor, sees to it: until the end of that day in Amsterdam, unless it ends before (CHECK-6)."""

    legal_entity: str
    person_id: str
    employee_number: int | None
    code: str
    until: date
    field: str | None = None


class TaskGivenBack(Fact, frozen=True, kw_only=True):
    """Whoever took it does not see to it any more."""

    legal_entity: str
    person_id: str
    employee_number: int | None
    code: str
    field: str | None = None
