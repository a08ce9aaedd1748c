"""Findings block a legal entity's run, notices never do (CHECK-2). Codes and texts are ours."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from domain.values import FieldPath


class FindingCode(StrEnum):
    MISSING_EMPLOYEE_NUMBER = "MISSING_EMPLOYEE_NUMBER"
    EMPLOYEE_NUMBER_FORMAT = "EMPLOYEE_NUMBER_FORMAT"
    DUPLICATE_EMPLOYEE_NUMBER = "DUPLICATE_EMPLOYEE_NUMBER"
    MISSING_INCOME_NUMBER = "MISSING_INCOME_NUMBER"
    INCOME_NUMBER_RANGE = "INCOME_NUMBER_RANGE"
    DUPLICATE_INCOME_RELATION = "DUPLICATE_INCOME_RELATION"
    EMPLOYMENT_NOT_FOUND_IN_LOKET = "EMPLOYMENT_NOT_FOUND_IN_LOKET"
    ENTRY_DATE_MISMATCH = "ENTRY_DATE_MISMATCH"
    IDENTITY_MISMATCH = "IDENTITY_MISMATCH"
    BSN_FORMAT = "BSN_FORMAT"
    BSN_ELFPROEF = "BSN_ELFPROEF"
    IBAN_FORMAT = "IBAN_FORMAT"
    IBAN_CHECKSUM = "IBAN_CHECKSUM"
    POSTCODE_FORMAT = "POSTCODE_FORMAT"
    HOUSE_NUMBER_FORMAT = "HOUSE_NUMBER_FORMAT"
    WHOLE_NUMBER_FORMAT = "WHOLE_NUMBER_FORMAT"
    EMAIL_FORMAT = "EMAIL_FORMAT"
    DATE_FORMAT = "DATE_FORMAT"
    INVISIBLE_CHARACTER = "INVISIBLE_CHARACTER"
    VALUE_TOO_LONG = "VALUE_TOO_LONG"
    REQUIRED_FIELD_BLANK = "REQUIRED_FIELD_BLANK"
    UNKNOWN_CODE_VALUE = "UNKNOWN_CODE_VALUE"
    ATTRIBUTE_NOT_READABLE = "ATTRIBUTE_NOT_READABLE"
    STATUS_UNDECIDABLE = "STATUS_UNDECIDABLE"
    AMOUNT_RANGE = "AMOUNT_RANGE"
    AMOUNT_NOT_CONVERTIBLE = "AMOUNT_NOT_CONVERTIBLE"
    AMOUNT_BASIS_UNDECIDED = "AMOUNT_BASIS_UNDECIDED"
    COMPENSATION_NOT_MAPPED = "COMPENSATION_NOT_MAPPED"
    PAY_NOT_VISIBLE = "PAY_NOT_VISIBLE"
    PAY_NOT_READABLE = "PAY_NOT_READABLE"
    PAY_CATEGORY_UNKNOWN = "PAY_CATEGORY_UNKNOWN"
    PAY_TYPE_RENAMED = "PAY_TYPE_RENAMED"
    PAY_ENTITY_NOT_SHOWN = "PAY_ENTITY_NOT_SHOWN"
    PAY_AMBIGUOUS = "PAY_AMBIGUOUS"
    CONCEPT_AMBIGUOUS = "CONCEPT_AMBIGUOUS"
    EMPLOYEE_NOT_VISIBLE_IN_LOKET = "EMPLOYEE_NOT_VISIBLE_IN_LOKET"
    PART_TIME_FACTOR_DIFFERS = "PART_TIME_FACTOR_DIFFERS"
    HOURS_RANGE = "HOURS_RANGE"
    BIC_MISSING = "BIC_MISSING"


DUPLICATES: Final = frozenset({FindingCode.DUPLICATE_EMPLOYEE_NUMBER, FindingCode.DUPLICATE_INCOME_RELATION})
"""Findings that only show when several people are seen together."""

IDENTITY_FINDINGS: Final = DUPLICATES | {FindingCode.IDENTITY_MISMATCH}
"""The number may be somebody else's: while it is, nothing is concluded about whom it belongs to (MATCH-1, AUD-9)."""


class NoticeCode(StrEnum):
    ON_LEAVE_LEFT_OUT = "ON_LEAVE_LEFT_OUT"
    BSN_BLANK = "BSN_BLANK"
    BSN_UNUSUAL_PREFIX = "BSN_UNUSUAL_PREFIX"
    BSN_NOT_READABLE_IN_LOKET = "BSN_NOT_READABLE_IN_LOKET"
    NOT_READ_IN_LOKET = "NOT_READ_IN_LOKET"
    CONCEPT_LEFTOVER = "CONCEPT_LEFTOVER"
    CONCEPT_FOR_LONG_EMPLOYED = "CONCEPT_FOR_LONG_EMPLOYED"
    FILLED_IN_LOKET = "FILLED_IN_LOKET"
    CONCEPT_GONE = "CONCEPT_GONE"
    CONCEPT_NUMBER_DIFFERS = "CONCEPT_NUMBER_DIFFERS"
    CONCEPT_RENUMBERED = "CONCEPT_RENUMBERED"
    CONCEPT_UNDER_EARLIER_NUMBER = "CONCEPT_UNDER_EARLIER_NUMBER"
    EMPLOYED_UNDER_EARLIER_NUMBER = "EMPLOYED_UNDER_EARLIER_NUMBER"
    IBAN_COMPONENT_UNKNOWN = "IBAN_COMPONENT_UNKNOWN"
    OPEN_EMPLOYMENT_LEFT = "OPEN_EMPLOYMENT_LEFT"
    MANUAL_FOLLOW_UP = "MANUAL_FOLLOW_UP"
    PAY_DIFFERS_AT_START_DATE = "PAY_DIFFERS_AT_START_DATE"
    PAY_ONLY_IN_LOKET = "PAY_ONLY_IN_LOKET"
    PAY_ENDED_IN_PERSONIO = "PAY_ENDED_IN_PERSONIO"
    PAY_BEFORE_EMPLOYMENT = "PAY_BEFORE_EMPLOYMENT"
    SALARY_BESIDE_ANOTHER = "SALARY_BESIDE_ANOTHER"
    PAY_TYPE_NOT_SENT = "PAY_TYPE_NOT_SENT"
    PAY_WITHDRAWN = "PAY_WITHDRAWN"
    PROCESSED_PERIOD_AFFECTED = "PROCESSED_PERIOD_AFFECTED"
    PART_TIME_FACTOR_DIFFERS = "PART_TIME_FACTOR_DIFFERS"
    PART_TIME_FACTOR_UNKNOWN = "PART_TIME_FACTOR_UNKNOWN"
    HOURS_NOT_COMPARED = "HOURS_NOT_COMPARED"
    EMPLOYED_IN_TWO_ENTITIES = "EMPLOYED_IN_TWO_ENTITIES"


OF_PAY: Final = frozenset(
    {
        FindingCode.AMOUNT_RANGE,
        FindingCode.AMOUNT_NOT_CONVERTIBLE,
        FindingCode.AMOUNT_BASIS_UNDECIDED,
        FindingCode.COMPENSATION_NOT_MAPPED,
        FindingCode.PAY_CATEGORY_UNKNOWN,
        FindingCode.PAY_TYPE_RENAMED,
        FindingCode.PAY_AMBIGUOUS,
        FindingCode.PART_TIME_FACTOR_DIFFERS,
        FindingCode.HOURS_RANGE,
    }
)
"""Found by looking at pay: while nothing can be said of somebody's pay, none of them is found and none is over."""


class Acts(StrEnum):
    """Who must act on a finding or a notice."""

    HR = "hr"  # in Personio
    PAYROLL = "payroll"  # in Loket, or it is theirs to decide
    OPERATOR = "operator"  # rights, mappings and settings of the connection


NOT_SEEN: Final = frozenset({NoticeCode.BSN_NOT_READABLE_IN_LOKET, NoticeCode.NOT_READ_IN_LOKET})
"""About what should have been compared and could not be: each an error of its run (RUN-9)."""

OF_WRITES: Final = frozenset({NoticeCode.PAY_WITHDRAWN, NoticeCode.PROCESSED_PERIOD_AFFECTED})
"""Notices about what a run writes: where nothing is written they would be untrue."""

ON_ANY_FINDING: Final = "or set Consider in NL payroll to No (CHECK-3)"

DO: Final[dict[FindingCode, str]] = {
    FindingCode.MISSING_EMPLOYEE_NUMBER: "enter the employee number agreed with payroll",
    FindingCode.EMPLOYEE_NUMBER_FORMAT: "correct the employee number: digits only, from 1 to 2,147,483,647",
    FindingCode.DUPLICATE_EMPLOYEE_NUMBER: "two included people have this employee number: correct the wrong one",
    FindingCode.MISSING_INCOME_NUMBER: "ask payroll for the income number",
    FindingCode.INCOME_NUMBER_RANGE: "correct the income number: a whole number from 1 to 9999",
    FindingCode.DUPLICATE_INCOME_RELATION: "income relation not unique: payroll and HR must agree on the numbers",
    FindingCode.EMPLOYMENT_NOT_FOUND_IN_LOKET: (
        "wait for payroll to create the employment in Loket, ask them to, or correct the income number"
    ),
    FindingCode.ENTRY_DATE_MISMATCH: (
        "copy Loket's start date into Entry date, or have payroll correct the start date in Loket"
    ),
    FindingCode.IDENTITY_MISMATCH: "check that the employee number belongs to this person",
    FindingCode.BSN_FORMAT: "correct the BSN: 9 digits",
    FindingCode.BSN_ELFPROEF: "correct the BSN: it fails the 11-test; never invent one",
    FindingCode.IBAN_FORMAT: "correct the IBAN: its pattern or length does not fit its country",
    FindingCode.IBAN_CHECKSUM: "correct the IBAN: its check digits do not fit",
    FindingCode.POSTCODE_FORMAT: "correct the postal code: four digits and two letters, such as 1234 AB",
    FindingCode.HOUSE_NUMBER_FORMAT: "enter only the number here and the rest in House number addition",
    FindingCode.WHOLE_NUMBER_FORMAT: "correct the number: digits only, from 1 to 2,147,483,647",
    FindingCode.EMAIL_FORMAT: "correct the e-mail address",
    FindingCode.DATE_FORMAT: "correct the date: a real day, written YYYY-MM-DD",
    FindingCode.INVISIBLE_CHARACTER: "type the value anew: it was pasted with a character that cannot be seen",
    FindingCode.VALUE_TOO_LONG: "shorten it; nothing is cut silently",
    FindingCode.REQUIRED_FIELD_BLANK: "enter a value: Loket does not accept a blank",
    FindingCode.UNKNOWN_CODE_VALUE: "map the value in the configuration, or correct it",
    FindingCode.ATTRIBUTE_NOT_READABLE: "restore the right to read it, or its mapping; shorten a text over 1,000 bytes",
    FindingCode.STATUS_UNDECIDABLE: "set the employment status in Personio",
    FindingCode.AMOUNT_RANGE: "correct the amount: from 0.01 to 999,999.99 in euros, two decimals",
    FindingCode.AMOUNT_NOT_CONVERTIBLE: "enter weekly and full-time hours, and a monthly or yearly interval",
    FindingCode.AMOUNT_BASIS_UNDECIDED: (
        "say in the configuration whether Personio shows a part-timer's full-time or own amount; doctor shows what fits"
    ),
    FindingCode.COMPENSATION_NOT_MAPPED: "map the compensation type to a payroll component, or disable the type",
    FindingCode.PAY_AMBIGUOUS: (
        "two amounts hold from one day, or salaries of two types are paid at once: end one of them in Personio, or "
        "have whoever operates this product name the type that is sent"
    ),
    FindingCode.PAY_NOT_VISIBLE: (
        "Personio showed a salary of this person and now shows no pay at all: restore the credential's right to the "
        "compensations of this legal entity; if all their pay was really removed, let another person accept the read"
    ),
    FindingCode.PAY_NOT_READABLE: (
        "Personio lists pay of this person that makes no sense: correct it there; until then nothing of their pay is "
        "changed or ended"
    ),
    FindingCode.PAY_CATEGORY_UNKNOWN: (
        "Personio lists this pay in a category we do not know, and does not list other pay that Loket has, or lists "
        "less of it: it may be that pay; have every type that is sent named in the configuration, or leave the person "
        "out; until then nothing of their pay is changed or ended"
    ),
    FindingCode.PAY_TYPE_RENAMED: (
        "Personio lists this pay, whose type is not sent, and lists nobody's pay any more under a name that is: it "
        "may be that type under a new name; name the new type in the configuration instead of the old one; if it is "
        "other pay, take the old name out there and end the pay in Loket by hand, or leave the person out; until then "
        "nothing of their pay is changed or ended"
    ),
    FindingCode.PAY_ENTITY_NOT_SHOWN: (
        "the person is employed in two legal entities, and Personio does not show whose pay this is: restore the "
        "credential's right to see it, or else both may pay it"
    ),
    FindingCode.PART_TIME_FACTOR_DIFFERS: (
        "make the weekly and full-time hours the same in Personio and Loket, or let weekly hours be sent"
    ),
    FindingCode.HOURS_RANGE: "correct the weekly hours: from 0.01 to 99.99",
    FindingCode.CONCEPT_AMBIGUOUS: "several concept employees carry this number: delete the wrong one in Loket",
    FindingCode.BIC_MISSING: "this Loket needs a BIC beside a foreign IBAN: enter both in Loket",
    FindingCode.EMPLOYEE_NOT_VISIBLE_IN_LOKET: (
        "Loket no longer shows an employee it showed before: restore the Loket user's rights; if Loket really removed "
        "the employee, a second person says so with people release"
    ),
}
"""What a person must do about each finding; for every one of them, excluding the person lifts the block too."""

WRONG: Final[dict[FindingCode, str]] = {
    FindingCode.MISSING_EMPLOYEE_NUMBER: "no employee number",
    FindingCode.EMPLOYEE_NUMBER_FORMAT: "no number that Loket can have",
    FindingCode.DUPLICATE_EMPLOYEE_NUMBER: "two people have the same employee number",
    FindingCode.MISSING_INCOME_NUMBER: "no income number",
    FindingCode.INCOME_NUMBER_RANGE: "not a whole number from 1 to 9999",
    FindingCode.DUPLICATE_INCOME_RELATION: "two people have the same employee number and income number",
    FindingCode.EMPLOYMENT_NOT_FOUND_IN_LOKET: "Loket has no employment with this income number",
    FindingCode.ENTRY_DATE_MISMATCH: "not the start date of the employment in Loket",
    FindingCode.IDENTITY_MISMATCH: "in Loket this employee number seems to be somebody else's",
    FindingCode.BSN_FORMAT: "not 9 digits",
    FindingCode.BSN_ELFPROEF: "does not pass the 11-test",
    FindingCode.IBAN_FORMAT: "pattern or length does not fit the country",
    FindingCode.IBAN_CHECKSUM: "check digits do not fit",
    FindingCode.POSTCODE_FORMAT: "not in the form 1234 AB",
    FindingCode.HOUSE_NUMBER_FORMAT: "more than the number alone",
    FindingCode.WHOLE_NUMBER_FORMAT: "not a whole number",
    FindingCode.EMAIL_FORMAT: "no e-mail address",
    FindingCode.DATE_FORMAT: "not a day that exists",
    FindingCode.INVISIBLE_CHARACTER: "has a character that cannot be seen",
    FindingCode.VALUE_TOO_LONG: "longer than Loket takes",
    FindingCode.REQUIRED_FIELD_BLANK: "blank, which Loket does not take",
    FindingCode.UNKNOWN_CODE_VALUE: "a value of which the configuration does not say what it is in Loket",
    FindingCode.ATTRIBUTE_NOT_READABLE: "cannot be read in Personio",
    FindingCode.STATUS_UNDECIDABLE: "the employment status does not say whether the person takes part",
    FindingCode.AMOUNT_RANGE: "an amount that Loket does not take",
    FindingCode.AMOUNT_NOT_CONVERTIBLE: "hours, or a monthly or yearly interval, are missing",
    FindingCode.AMOUNT_BASIS_UNDECIDED: "nobody has said whether this is a full-time amount",
    FindingCode.COMPENSATION_NOT_MAPPED: "pay without a payroll component",
    FindingCode.PAY_AMBIGUOUS: "two amounts hold from one day, or two salaries at once",
    FindingCode.PAY_NOT_VISIBLE: "Personio shows no pay any more",
    FindingCode.PAY_NOT_READABLE: "Personio lists pay that makes no sense",
    FindingCode.PAY_CATEGORY_UNKNOWN: "pay in a category we do not know, which may be other pay that Personio lacks",
    FindingCode.PAY_TYPE_RENAMED: "pay of a type that is not sent, which may be other pay under a new name",
    FindingCode.PAY_ENTITY_NOT_SHOWN: "Personio does not show which legal entity pays this",
    FindingCode.PART_TIME_FACTOR_DIFFERS: "other hours than in Loket",
    FindingCode.HOURS_RANGE: "not from 0.01 to 99.99 hours",
    FindingCode.CONCEPT_AMBIGUOUS: "several concept employees in Loket have this number",
    FindingCode.BIC_MISSING: "a foreign IBAN without a BIC",
    FindingCode.EMPLOYEE_NOT_VISIBLE_IN_LOKET: "Loket does not show the employee any more",
}
"""What is so, behind the name of the field where there is one; what to do about it says `DO`."""

ACTS: Final[dict[FindingCode, Acts]] = {
    FindingCode.MISSING_EMPLOYEE_NUMBER: Acts.HR,
    FindingCode.EMPLOYEE_NUMBER_FORMAT: Acts.HR,
    FindingCode.DUPLICATE_EMPLOYEE_NUMBER: Acts.HR,
    FindingCode.MISSING_INCOME_NUMBER: Acts.PAYROLL,
    FindingCode.INCOME_NUMBER_RANGE: Acts.HR,
    FindingCode.DUPLICATE_INCOME_RELATION: Acts.PAYROLL,
    FindingCode.EMPLOYMENT_NOT_FOUND_IN_LOKET: Acts.PAYROLL,
    FindingCode.ENTRY_DATE_MISMATCH: Acts.HR,
    FindingCode.IDENTITY_MISMATCH: Acts.HR,
    FindingCode.BSN_FORMAT: Acts.HR,
    FindingCode.BSN_ELFPROEF: Acts.HR,
    FindingCode.IBAN_FORMAT: Acts.HR,
    FindingCode.IBAN_CHECKSUM: Acts.HR,
    FindingCode.POSTCODE_FORMAT: Acts.HR,
    FindingCode.HOUSE_NUMBER_FORMAT: Acts.HR,
    FindingCode.WHOLE_NUMBER_FORMAT: Acts.HR,
    FindingCode.EMAIL_FORMAT: Acts.HR,
    FindingCode.DATE_FORMAT: Acts.HR,
    FindingCode.INVISIBLE_CHARACTER: Acts.HR,
    FindingCode.VALUE_TOO_LONG: Acts.HR,
    FindingCode.REQUIRED_FIELD_BLANK: Acts.HR,
    FindingCode.UNKNOWN_CODE_VALUE: Acts.OPERATOR,
    FindingCode.ATTRIBUTE_NOT_READABLE: Acts.OPERATOR,
    FindingCode.STATUS_UNDECIDABLE: Acts.HR,
    FindingCode.AMOUNT_RANGE: Acts.HR,
    FindingCode.AMOUNT_NOT_CONVERTIBLE: Acts.HR,
    FindingCode.AMOUNT_BASIS_UNDECIDED: Acts.OPERATOR,
    FindingCode.COMPENSATION_NOT_MAPPED: Acts.OPERATOR,
    FindingCode.PAY_NOT_VISIBLE: Acts.OPERATOR,
    FindingCode.PAY_NOT_READABLE: Acts.HR,
    FindingCode.PAY_CATEGORY_UNKNOWN: Acts.OPERATOR,
    FindingCode.PAY_TYPE_RENAMED: Acts.OPERATOR,
    FindingCode.PAY_ENTITY_NOT_SHOWN: Acts.OPERATOR,
    FindingCode.PAY_AMBIGUOUS: Acts.HR,
    FindingCode.CONCEPT_AMBIGUOUS: Acts.PAYROLL,
    FindingCode.EMPLOYEE_NOT_VISIBLE_IN_LOKET: Acts.OPERATOR,
    FindingCode.PART_TIME_FACTOR_DIFFERS: Acts.PAYROLL,
    FindingCode.HOURS_RANGE: Acts.HR,
    FindingCode.BIC_MISSING: Acts.PAYROLL,
}
"""Who does what `DO` says; where two could, the one who knows the answer."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to fix. `detail` never quotes a value; `proposal` may, and is personal."""

    code: FindingCode
    field: FieldPath | None = None
    detail: str = ""
    proposal: str | None = None

    @property
    def text(self) -> str:
        """One line for people: code first, then where, then what to do."""
        where = f" {self.field}" if self.field else ""
        detail = f" ({self.detail})" if self.detail else ""
        return f"{self.code}{where}{detail}: {DO[self.code]}"


NOTICE_TEXT: Final[dict[NoticeCode, str]] = {
    NoticeCode.ON_LEAVE_LEFT_OUT: "on leave counts as not active here; people on leave are usually still paid",
    NoticeCode.BSN_BLANK: "no BSN: the anonymous rate normally applies",
    NoticeCode.BSN_UNUSUAL_PREFIX: "a BSN that starts with 8 or 9 is normally refused in the wage return",
    NoticeCode.BSN_NOT_READABLE_IN_LOKET: "Loket does not let us read the BSN: it was neither compared nor written",
    NoticeCode.NOT_READ_IN_LOKET: "Loket does not show these fields: they were neither compared nor written",
    NoticeCode.CONCEPT_LEFTOVER: "a concept employee with the same number is left over in Loket",
    NoticeCode.FILLED_IN_LOKET: (
        "entered in the concept employee in Loket and blank in Personio: left as it is; enter it in Personio, "
        "or the first run after completion clears it"
    ),
    NoticeCode.CONCEPT_FOR_LONG_EMPLOYED: (
        "in service for more than 60 days, yet unknown in Loket: check the number, the employer and the user's rights"
    ),
    NoticeCode.CONCEPT_GONE: "the earlier concept employee no longer exists in Loket",
    NoticeCode.CONCEPT_NUMBER_DIFFERS: "the concept employee was finalised in Loket under another employee number",
    NoticeCode.CONCEPT_RENUMBERED: "the concept employee has another employee number in Loket, or none",
    NoticeCode.CONCEPT_UNDER_EARLIER_NUMBER: (
        "a concept employee made for this person still waits in Loket under an earlier employee number: delete it there"
    ),
    NoticeCode.EMPLOYED_UNDER_EARLIER_NUMBER: (
        "an employment of this person still runs in Loket under an earlier employee number: find out with HR which "
        "number is right"
    ),
    NoticeCode.IBAN_COMPONENT_UNKNOWN: "Loket names no payroll component for a new bank account: enter it in Loket",
    NoticeCode.OPEN_EMPLOYMENT_LEFT: "the person left this legal entity, but the employment in Loket is still open",
    NoticeCode.MANUAL_FOLLOW_UP: "Loket has ended the employment and Personio differs: change it in Loket by hand",
    NoticeCode.PAY_DIFFERS_AT_START_DATE: (
        "pay from before the compensation start date differs from Loket; it is never changed (PAY-4)"
    ),
    NoticeCode.PAY_ONLY_IN_LOKET: "Loket holds pay that Personio does not: it is left alone, correct one of the two",
    NoticeCode.PAY_ENDED_IN_PERSONIO: "Personio ended pay that Loket cannot close by itself: end it in Loket by hand",
    NoticeCode.PAY_BEFORE_EMPLOYMENT: (
        "one-time pay has a day before this employment begins in Loket, and is not sent: if it is due, enter it in "
        "Loket by hand, or have HR enter it in Personio from the first day of the employment"
    ),
    NoticeCode.SALARY_BESIDE_ANOTHER: (
        "this salary runs beside another, of a different type, that began before: it is not sent until that one ends; "
        "if it is to take the other's place sooner, have HR end the other on the day before this one begins"
    ),
    NoticeCode.PAY_WITHDRAWN: (
        "Personio no longer has pay that we sent: Loket's record of it is removed, as if it had never been"
    ),
    NoticeCode.PAY_TYPE_NOT_SENT: (
        "pay of this type has no payroll component and is not sent: map it, or list the types that are sent"
    ),
    NoticeCode.PART_TIME_FACTOR_DIFFERS: (
        "Loket scales the wage by other hours than Personio shows: make them the same in both systems"
    ),
    NoticeCode.PART_TIME_FACTOR_UNKNOWN: (
        "one of the two systems shows no hours (or 0), or no full week, for a salary: Loket may scale it by other hours"
    ),
    NoticeCode.HOURS_NOT_COMPARED: "one of the two systems shows no hours, or no full week: they were not compared",
    NoticeCode.EMPLOYED_IN_TWO_ENTITIES: (
        "an employment in another legal entity runs at the same time: here the one in this legal entity counts"
    ),
    NoticeCode.PROCESSED_PERIOD_AFFECTED: "affects a processed period: the payroll of this period was already run",
}

NOTICE_ACTS: Final[dict[NoticeCode, Acts]] = {
    NoticeCode.ON_LEAVE_LEFT_OUT: Acts.PAYROLL,
    NoticeCode.BSN_BLANK: Acts.HR,
    NoticeCode.BSN_UNUSUAL_PREFIX: Acts.HR,
    NoticeCode.BSN_NOT_READABLE_IN_LOKET: Acts.OPERATOR,
    NoticeCode.NOT_READ_IN_LOKET: Acts.OPERATOR,
    NoticeCode.CONCEPT_LEFTOVER: Acts.PAYROLL,
    NoticeCode.CONCEPT_FOR_LONG_EMPLOYED: Acts.HR,
    NoticeCode.FILLED_IN_LOKET: Acts.HR,
    NoticeCode.CONCEPT_GONE: Acts.PAYROLL,
    NoticeCode.CONCEPT_NUMBER_DIFFERS: Acts.PAYROLL,
    NoticeCode.CONCEPT_RENUMBERED: Acts.PAYROLL,
    NoticeCode.CONCEPT_UNDER_EARLIER_NUMBER: Acts.PAYROLL,
    NoticeCode.EMPLOYED_UNDER_EARLIER_NUMBER: Acts.PAYROLL,
    NoticeCode.IBAN_COMPONENT_UNKNOWN: Acts.PAYROLL,
    NoticeCode.OPEN_EMPLOYMENT_LEFT: Acts.PAYROLL,
    NoticeCode.MANUAL_FOLLOW_UP: Acts.PAYROLL,
    NoticeCode.PAY_DIFFERS_AT_START_DATE: Acts.PAYROLL,
    NoticeCode.PAY_ONLY_IN_LOKET: Acts.PAYROLL,
    NoticeCode.PAY_ENDED_IN_PERSONIO: Acts.PAYROLL,
    NoticeCode.PAY_BEFORE_EMPLOYMENT: Acts.PAYROLL,
    NoticeCode.SALARY_BESIDE_ANOTHER: Acts.HR,
    NoticeCode.PAY_TYPE_NOT_SENT: Acts.OPERATOR,
    NoticeCode.PAY_WITHDRAWN: Acts.PAYROLL,
    NoticeCode.PROCESSED_PERIOD_AFFECTED: Acts.PAYROLL,
    NoticeCode.PART_TIME_FACTOR_DIFFERS: Acts.PAYROLL,
    NoticeCode.PART_TIME_FACTOR_UNKNOWN: Acts.PAYROLL,
    NoticeCode.HOURS_NOT_COMPARED: Acts.HR,
    NoticeCode.EMPLOYED_IN_TWO_ENTITIES: Acts.HR,
}
"""Who looks at each notice; none of them holds anybody up."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A remark that never blocks. `detail` names fields or ids, never values."""

    code: NoticeCode
    detail: str = ""

    @property
    def text(self) -> str:
        return f"{self.code}: {NOTICE_TEXT[self.code]}" + (f" ({self.detail})" if self.detail else "")
