"""What the product says changes on purpose only."""

from __future__ import annotations

from tests.golden.sentences import changed, sentences

SOURCE = '''
"""Holds nothing."""
LIMIT = 3
"""Of people in one run."""

def check(count: Annotated[int, Option(help="How many.")], name: str) -> None:
    """Not said."""
    if count > LIMIT:
        raise TooMany(f"{count} people{' or more' if name else ''}, not {LIMIT}")
    database.execute("SELECT name FROM people WHERE number = ?")
    log.info("two words", "SELECT_name/{}/{}")
    print("three words here", "one")
'''


def test_every_sentence_is_on_record() -> None:
    assert changed() == ""


def test_errors_help_and_other_texts_are_found_and_sql_and_docstrings_are_not() -> None:
    assert sentences(SOURCE) == ["How many.", "{} people{}, not {}", "or more", "three words here"]
