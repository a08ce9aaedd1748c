"""What findings and notices say beside their code, of numbers and days only: templates of ours, so that what was stored
in English can be told in another language, whenever it was stored.
"""

from __future__ import annotations

from typing import Final

ONE_TO: Final = "1 to {most}"
TOO_LONG: Final = "{length} characters, Loket takes {most}"
UNSEEN_AFTER: Final = "an invisible character after character {before}"
BSN_OF: Final = "Loket holds this BSN for employee number {number}"
NOW_UNDER: Final = "Loket shows this employee under number {number}: enter it in Personio"
OF_CONCEPT: Final = "a concept employee that is in no list of Loket's, and is not gone"
NO_PERIOD: Final = "the administration's payroll period is unknown"
FROM: Final = "from {day}"
WAGE_FROM: Final = "wage from {day}"
WAGE_ON: Final = "wage on {day}"
SALARY_FROM: Final = "salary from {day}"
UNTIL: Final = "until {day}"
SALARY_UNTIL: Final = "salary until {day}"
LOKET_NUMBER: Final = "Loket employee number {number}"
COMPONENT: Final = "component {number}"
COMPONENT_ON: Final = "component {number} on {day}"
MAY_BE_WAGE: Final = "{said}: may be the wage that is missed from {day}"
MAY_BE_COMPONENT: Final = "{said}: may be what is missed of component {number} from {day}"

DETAILS: Final = (
    ONE_TO, TOO_LONG, UNSEEN_AFTER, BSN_OF, NOW_UNDER, OF_CONCEPT, NO_PERIOD, FROM, WAGE_FROM, WAGE_ON, SALARY_FROM,
    SALARY_UNTIL, LOKET_NUMBER, COMPONENT, COMPONENT_ON, UNTIL, MAY_BE_WAGE, MAY_BE_COMPONENT,
)  # fmt: skip

CONCEPT_CONFIRMATION: Final = "JOIN-2: this is a concept employee in Loket; a payroll administrator completes it there"
WITHHELD: Final = "JOIN-4: recurring and one-time pay ({said}) stay behind until the concept employee is completed"
PAY_WRITTEN: Final = "PAY-6: recurring and one-time pay was written ({number})"
REBUILT: Final = "PAY-8: a rebuild that an earlier run began is finished"
MEANWHILE: Final = (
    "RUN-2: not sent, for something was recorded about this employee number meanwhile; the next run plans it anew"
)
NOT_READ: Final = "RUN-5: nothing was sent, Loket could not be read before the write: {said}"
NOT_SENT: Final = "RUN-5: nothing was sent ({said})"
REFUSED: Final = "RUN-5: Loket refused the write (HTTP {number})"
NOT_ATTEMPTED: Final = "RUN-5: not attempted, Loket has stopped answering; the next run plans it anew"
NOT_APPLIED: Final = "RUN-8: the write was not applied; the next run plans it anew"
ANSWER_LOST: Final = "RUN-8: the answer was lost; the write is confirmed by read-back"
THIRD_VALUE: Final = "RUN-8: Loket holds a third value; the next run judges it afresh"
ACCEPTED: Final = "DRIFT-8: {field} is accepted as it is in Loket until {day}"
REBUILT_IN_PART: Final = "PAY-8: the {chain} were rebuilt for {landed} of {steps} steps only; the next run finishes it"
WRITTEN_EARLIER: Final = (
    "RUN-8: 1 field written by run {run}, which was cut off",
    "RUN-8: {number} fields written by run {run}, which was cut off",
)
NOT_KNOWN: Final = "RUN-8: whether the write was applied is unknown ({said}); the next run reads it back first"

MESSAGES: Final = (
    CONCEPT_CONFIRMATION, WITHHELD, PAY_WRITTEN, REBUILT, MEANWHILE, NOT_READ, NOT_SENT, REFUSED, NOT_ATTEMPTED,
    NOT_APPLIED, ANSWER_LOST, THIRD_VALUE, ACCEPTED, REBUILT_IN_PART, *WRITTEN_EARLIER, NOT_KNOWN,
)  # fmt: skip
"""What a run says of one person, its rule first; `field` is a path of Loket, `said` what somebody wrote."""

NOT_BELIEVED: Final = "the read is complete and cannot be believed: {said}. Nothing was changed"
FEWER_SHOW: Final = "Far fewer people show {who} than before"
PAY_HIDDEN: Final = (
    "Of 1 person who had a salary no pay is shown",
    "Of {number} people who had a salary no pay is shown",
)
ACCEPT_READ: Final = "look in both systems; if it is true, let another person run: sync --accept-read {plan}"
ACCEPT_HIDDEN: Final = "if that is so in Personio, let another person run: sync --accept-read {plan}"
BRAKED: Final = (
    "the brake: of {people} people {clearing} would have fields cleared or pay ended and {creating} would become "
    "concept employees, {writes} writes in all; look at the plan, then let another person run: sync --confirm {plan}"
)
OTHER_PLAN: Final = (
    "the plan that was to be written is {plan}, and the systems now make it {now}: nothing was written; look at the "
    "new plan"
)
TAKEN_OVER: Final = (
    "another run took this legal entity over; what was sent is on record and is read back by the next run"
)
MOVED_MEANWHILE: Final = "{said}: another legal entity's run recorded the same person just now; run again"
WRITTEN_BEFORE: Final = "RUN-8: written before this run by runs that were cut off, and told with it: {said}"
FIELDS_OF_RUN: Final = ("run {run}: 1 field", "run {run}: {number} fields")
NUMBERS_NOT_TOLD: Final = (
    "Loket does not tell its version numbers: BSN and payment record of everybody are read every time"
)
NUMBERS_WENT_BACK: Final = "Loket's version numbers are lower than they were: everybody was read again"
NUMBER_MISSING: Final = "Loket tells no version number of somebody who was there: everybody was read again"
NUMBERS_DOUBTED: Final = (
    "Loket's version numbers were found wrong: everybody is read every time, until somebody trusts them again"
)
RIGHTS_NOT_TOLD: Final = "Loket does not list the user's rights, which may be fewer than they were: everybody was read"
NOT_READ_AGAIN: Final = "{number} of {people} not read again: read at {clock} or later, and unchanged since, Loket says"
NUMBERS_WRONG: Final = (
    "Loket's version numbers are wrong: they did not move with 1 change ({fields})",
    "Loket's version numbers are wrong: they did not move with {number} changes ({fields})",
)
NOBODY_HAS: Final = "nobody in legal entity {entity} has employee number {said} in Personio"
TYPES_NOT_SENT: Final = (
    "PAY-15: pay that is not sent, without a payroll component, with the number of people: {said}",
    "PAY-15: pay that is not sent, not listed in compensation_types, with the number of people: {said}",
)
"""The second where the types that are sent are listed."""
NOT_SHOWN: Final = "RUN-9: not shown by Loket, neither compared nor written, with the number of people: {said}"
BASIS_UNDECIDED: Final = (
    "PAY-9: amounts_are is undecided; of part-timers' wages in Loket 1 equals Personio's amount as the "
    "full-time one, {effective} as the person's own, {neither} neither",
    "PAY-9: amounts_are is undecided; of part-timers' wages in Loket {full_time} equal Personio's amount as the "
    "full-time one, {effective} as the person's own, {neither} neither",
)

REMARKS: Final = (
    NOT_BELIEVED, FEWER_SHOW, *PAY_HIDDEN, ACCEPT_READ, ACCEPT_HIDDEN, BRAKED, OTHER_PLAN, TAKEN_OVER, MOVED_MEANWHILE,
    WRITTEN_BEFORE, *FIELDS_OF_RUN, NUMBERS_NOT_TOLD, NUMBERS_WENT_BACK, NUMBER_MISSING, NUMBERS_DOUBTED,
    RIGHTS_NOT_TOLD, NOT_READ_AGAIN, *NUMBERS_WRONG, NOBODY_HAS, *TYPES_NOT_SENT, NOT_SHOWN, *BASIS_UNDECIDED,
)  # fmt: skip
"""What runs, checks and plans say as a whole, or of how they read."""
