"""What today's code makes of odd values of every kind: as written, as compared, and what is wrong with them.

python -m tests.golden.forms        writes `forms.txt` anew, unless a value comes out otherwise under the same revisions

The spring of `decided.py` holds no such values, so that no decision of it shows that their forms have changed.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from domain.attributes import Kind
from domain.planning.eligibility import considered
from domain.planning.kinds import TREATMENTS, Beside
from domain.rules import REVISIONS
from tests.support.people import POLICY, person

FILE: Final = Path(__file__).with_name("forms.txt")
_BESIDE: Final = Beside(dutch_address=True, words=("Niet\u00a0bekend",), countries=("NL",))
_YES: Final = replace(POLICY, rules=replace(POLICY.rules, truthy=frozenset({"niet\u00a0bekend"})))
_ODD: Final = (
    *("Grote\u00a0Markt", "Van\u2009Dam", "a\u3000b", "a\u1680b", "a  b", "a\tb", "a\nb", "a\u200bb", "\u200b a\ufeff"),
    *("Café", "Cafe\u0301", "\u0301a", "Straße", "İ", "ĳ", "ﬁ", "\u3164", "1011\u00a0ab", "1011AB", "1011  AB"),
    *("0011 AB", "nl", "N\u00a0L", "nl91\u00a0abna 0417164300", "NL92ABNA0417164300", "12345678", "123456782", "٣"),
    *("0012", "12-A", "12\u00a0A", "2147483648", "2026-03-15T00:00:00+01:00", "15-03-2026", "1.5", "1,50", "1e3", "-1"),
    *("1_0", "NaN", "niet bekend", "Niet bekend", "Niet\u202fbekend", "X@y.nl", "x\u00a0@y.nl", "x@y"),
)


def forms() -> list[str]:
    """One line for each kind and value, and for each whether it means yes (WHO-3)."""
    lines = []
    for kind in Kind:
        one = TREATMENTS[kind]
        for text in _ODD:
            fault = one.fault(text, _BESIDE)
            lines.append(f"{kind} {text!a}: {one.written(text)!a} {one.compared(text)!a} {fault or 'right'}")
    said = {text: considered(person(consider_in_nl_payroll=text), _YES) for text in _ODD}
    return lines + [f"considered {text!a}: {answer}" for text, answer in said.items()]


def made() -> str:
    revised = ", ".join(f"{rule} {revision}" for rule, revision in sorted(REVISIONS.items()))
    return "\n".join([f"revisions: {revised}", *forms()]) + "\n"


def unrevised() -> list[str]:
    """The values that come out otherwise than on record, though every rule has the revision it had then."""
    before, now = FILE.read_text().splitlines(), made().splitlines()
    answers = dict(line.rsplit(": ", 1) for line in now)
    changed = [line for line in before if answers.get(line.rsplit(": ", 1)[0], "") != line.rsplit(": ", 1)[1]]
    return changed if before[:1] == now[:1] else []


if __name__ == "__main__":
    if FILE.exists() and (them := unrevised()):
        raise SystemExit(f"raise the revision of the rules that changed in domain/rules.py first: {them}")
    FILE.write_text(made())
