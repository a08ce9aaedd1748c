"""The small words everything else is said in: identities, paths, and the three values of an attribute."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from enum import Enum, StrEnum
from itertools import dropwhile
from typing import Final, Literal, NewType, TypeAlias, TypeVar

PersonId = NewType("PersonId", str)  # Personio person id, digits in a string
LegalEntityId = NewType("LegalEntityId", str)  # Personio legal entity id
EmployeeNumber = NewType("EmployeeNumber", int)  # Loket employeeNumber, 1..2_147_483_647 (MATCH-1)
IncomeNumber = NewType("IncomeNumber", int)  # Loket incomeRelationshipNumber, 1..9999 (MATCH-4)
FieldPath = NewType("FieldPath", str)  # a Loket field in dotted form: address.street
Actor = NewType("Actor", str)  # who: a person's name, "oidc:<subject>", "schedule:<name>", or "system"
RunId = NewType("RunId", str)
SubjectRef = NewType("SubjectRef", str)  # random reference of one natural person, never derived from anything

Said = TypeVar("Said")

MAX_EMPLOYEE_NUMBER: Final = 2_147_483_647
MAX_INCOME_NUMBER: Final = 9999


class Absence(Enum):
    """The two ways of having no value. Confusing them wipes people's data (EDIT-2)."""

    BLANK = 0  # the system showed us the field, and it is empty
    NOT_OBSERVED = 1  # the system did not show us the field at all

    def __repr__(self) -> str:
        return self.name

    def __bool__(self) -> bool:
        raise TypeError("an absence is neither true nor false: compare it with `is`")


BLANK: Final = Absence.BLANK
NOT_OBSERVED: Final = Absence.NOT_OBSERVED
Blank: TypeAlias = Literal[Absence.BLANK]
NotObserved: TypeAlias = Literal[Absence.NOT_OBSERVED]
Observed: TypeAlias = str | Absence
"""What a system said about a field: its text, BLANK, or NOT_OBSERVED. Numbers and codes are text too."""


class Answer(StrEnum):
    """A gate's answer. UNDECIDABLE is a finding, never a silent no (WHO-2, WHO-3)."""

    YES = "yes"
    NO = "no"
    UNDECIDABLE = "undecidable"


_DIGITS: Final = re.compile(r"[0-9]+")
LONGEST_NUMBER: Final = 40
"""Digits. No number anywhere here is as long, leading zeros included."""
LONGEST_TEXT: Final = 1_000
"""Bytes of UTF-8. Loket takes 255 characters at most, and all values of a person have to fit one log entry."""


_UNSEEN: Final = ("Cc", "Cf", "Zl", "Zp")
"""Unicode's categories of control characters, of zero-width, direction and other format characters, of line breaks."""
_ACCENTS: Final = ("Mn", "Me")
_FILLERS: Final = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and a sign that are drawn as nothing."""
_ADDED: Final = re.compile("[\u034f\u17b4\u17b5\u180b-\u180f\u2065\ufe00-\ufe0f\ufff0-\ufff8\U000e0000-\U000e0fff]")
"""What only changes how the character before it is drawn, and what Unicode keeps free to be drawn as nothing."""


def trimmed(text: str) -> str:
    """The text without white space and without what cannot be seen at its ends, such as a pasted zero-width space.

    Accents at its beginning, with no letter to stand on, are nothing to be seen either.
    """
    if text.isascii() and text.isprintable():  # almost every text
        return text.strip()
    kept = [place for place, each in enumerate(text) if not (each.isspace() or _unseen(each))]
    kept = list(dropwhile(lambda place: unicodedata.category(text[place]) in _ACCENTS, kept))
    return text[kept[0] : kept[-1] + 1] if kept else ""


def unseen_after(text: str) -> int | None:
    """How many characters stand before the first one inside the text that cannot be seen; None when there is none."""
    if text.isascii() and text.isprintable():
        return None
    inside = trimmed(text)
    return next((place for place, each in enumerate(inside) if _unseen(each)), None)


def seen(text: str) -> str:
    """The text as somebody reads it: nothing in it that cannot be seen, and one space for any white space."""
    kept = (" " if each.isspace() else "" if _unseen(each) else each for each in text)
    return " ".join("".join(kept).split())


def _unseen(each: str) -> bool:
    return unicodedata.category(each) in _UNSEEN or each in _FILLERS or bool(_ADDED.match(each))


def read_text(text: str) -> Observed:
    """What a system said in this text; one that cannot be put on record counts as not observed, never as blank.

    It may be too long, or hold half a character: JSON can say one half of a surrogate pair.
    """
    if not trimmed(text):
        return BLANK
    try:
        return text if len(text.encode()) <= LONGEST_TEXT else NOT_OBSERVED
    except UnicodeEncodeError:
        return NOT_OBSERVED


def people_by(said: Iterable[Iterable[Said]]) -> Counter[Said]:
    """How many people something is said of, each given what is said of them: once, however often it is."""
    return Counter(each for of_one in said for each in dict.fromkeys(of_one))


def so_many(count: int, one: str, many: str) -> str:
    """1 person, 2 people."""
    return f"{count} {one if count == 1 else many}"


def one_or_many(texts: tuple[str, str], count: int) -> str:
    """Of a text about one and a text about several, the one for so many."""
    return texts[0] if count == 1 else texts[1]


def whole_number(text: str) -> int | None:
    """The integer written in `text` in ASCII digits, with nothing seen around it; None when it is not one."""
    stripped = trimmed(text)
    return int(stripped) if len(stripped) <= LONGEST_NUMBER and _DIGITS.fullmatch(stripped) else None


def employee_number(value: Observed) -> EmployeeNumber | None:
    """The Loket employee number in a Personio value ("0156" is 156), or None when it names nobody (MATCH-1)."""
    number = None if isinstance(value, Absence) else whole_number(value)
    return EmployeeNumber(number) if number is not None and 1 <= number <= MAX_EMPLOYEE_NUMBER else None


def income_number(value: Observed) -> IncomeNumber | None:
    """The income relation number in a Personio value, 1..9999, or None (MATCH-4)."""
    number = None if isinstance(value, Absence) else whole_number(value)
    return IncomeNumber(number) if number is not None and 1 <= number <= MAX_INCOME_NUMBER else None
