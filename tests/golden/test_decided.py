"""What was decided in the spring is decided today, or a rule says that it has changed."""

from typing import Final

from domain.rules import REVISIONS
from tests.golden.decided import differing

OTHERWISE: Final = 0
RAISED: Final[dict[str, int]] = {
    "WHO-3": 2, "CHECK-1": 2, "MATCH-3": 3, "PAY-3": 3, "PAY-8": 2, "PAY-10": 5, "PAY-13": 3, "RUN-9": 2, "DRIFT-2": 2,
}  # fmt: skip
"""How many old decisions come out otherwise, and the revisions of rules that explain it: changed together."""


def test_old_decisions_follow_from_todays_rules_or_a_revision_was_raised() -> None:
    found = differing()

    assert (len(found), dict(REVISIONS)) == (OTHERWISE, RAISED), (
        f"{len(found)} decisions come out otherwise than before, such as {found[:3]}: if that is meant, raise the "
        "`revision` of the rules that changed in domain/rules.py, and tell both here"
    )
