"""What a company's spring leaves in the log, and what runs, plans and checks tell of it, is what it was."""

from tests.golden.quarter import FILE, collected


def test_a_spring_is_told_as_it_was() -> None:
    assert collected() == FILE.read_text(encoding="utf-8"), (
        "read the difference; where it is meant: python -m tests.golden.quarter"
    )
