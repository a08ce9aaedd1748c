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
NO_PERIOD: Final = "the administration's payroll period is unknown"
FROM: Final = "from {day}"
WAGE_FROM: Final = "wage from {day}"
WAGE_ON: Final = "wage on {day}"
SALARY_FROM: Final = "salary from {day}"
SALARY_UNTIL: Final = "salary until {day}"
LOKET_NUMBER: Final = "Loket employee number {number}"

DETAILS: Final = (
    ONE_TO, TOO_LONG, UNSEEN_AFTER, BSN_OF, NOW_UNDER, NO_PERIOD, FROM, WAGE_FROM, WAGE_ON, SALARY_FROM, SALARY_UNTIL,
    LOKET_NUMBER,
)  # fmt: skip
