"""What a look at a tenant can tell, and what it cannot."""

from __future__ import annotations

import pytest

from domain.examination import Asked, Look


@pytest.mark.parametrize(
    ("status", "readable"), [(199, False), (200, True), (204, True), (299, True), (300, False), (403, False)]
)
def test_only_an_answer_of_success_can_be_read(status: int, readable: bool) -> None:
    assert Asked("employees", status, needed=True).readable is readable


def test_a_right_is_judged_by_the_answer_to_its_own_question() -> None:
    look = Look(asked=(Asked("employees", 200, needed=True), Asked("audit trail", 403, needed=False)))

    assert look.may_read("employees") is True
    assert look.may_read("audit trail") is False


def test_of_what_was_not_asked_nothing_is_known() -> None:
    """A look ends at the first failure; what comes after it was never asked, which is no refusal."""
    assert Look(asked=(Asked("employees", 200, needed=True),)).may_read("audit trail") is None
