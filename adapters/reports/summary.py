"""The evidence of a period for reading: runs, people, and every event in it as a sentence, as PDF."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice, zip_longest
from typing import Any, Final, TypeAlias

from adapters.reports.overwritten import counted, head, warned, words_of
from adapters.reports.pdf_file import MOST_LINES, compiled, statements
from domain.alerts import Say
from domain.overwriting import Counts
from domain.planning.business_date import time_told
from domain.services.reports.overwritten import OverwrittenField, OverwrittenReport
from domain.views.sentences import Tongue, label

Line = dict[str, Any]
"""One event as the archive tells it, ready for JSON."""

_Who: TypeAlias = tuple[str | None, int | None]
"""Personio's id and the employee number, as far as they are told."""

_TITLES: Final = {
    "plan": "Intended writes",
    "outcomes": "Outcomes",
    "exclusions": "Who was left out",
    "overrides": "Decisions people made",
    "drift": "Where the systems differed",
    "access": "Who was shown personal values",
}
_WRITTEN: Final = "Overwritten, filled and cleared fields"
_EMPLOYEE: Final = "employee {}"
TEXTS: Final = (
    *_TITLES.values(), _WRITTEN, _EMPLOYEE, "Evidence", "{from} to {to}", "The log this was made from", "People",
    "This is one file of a signed archive. `python offline_verifier.py` and the name of the archive checks that no "
    "file in it was changed, and that every overwritten value is in the signed log. Each line below stands in the "
    "archive's NDJSON too, under its position in the log.",
    "Nobody is spoken of.", "Personio person", "Name", "Left out by", "Nothing in this period.", "Recorded at", "About",
    "What happened", "1 more is in {file}.", "{count} more are in {file}.", "masked, names among them",
    "People spoken of", "Decisions",
)  # fmt: skip
"""What the summary says besides what every report does, to be translated."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """Somebody the archive speaks of. The name is None while values are masked, or where the log holds none."""

    person_id: str | None
    employee_number: int | None
    name: str | None
    counts: Counts
    left_out: tuple[str, ...]  # by which rules

    def as_json(self) -> Line:
        return {
            "person_id": self.person_id,
            "employee_number": self.employee_number,
            "name": self.name,
            **self.counts.as_json(),
            "left_out": list(self.left_out),
        }


def spoken_of(report: OverwrittenReport, parts: Mapping[str, Sequence[Line]]) -> tuple[Spoken, ...]:
    """Everyone, without names, by employee number and Personio's id; whoever is known by both is one line."""
    wrote: dict[_Who, Counts] = {(one.person_id, one.employee_number): one.counts for one in report.totals.by_person}
    told = [_named(line) for lines in parts.values() for line in lines]
    both = {one for one in (*wrote, *told) if None not in one}
    person_of, number_of = {number: person for person, number in both}, dict(both)

    def whole(person: str | None, number: int | None) -> _Who:
        return person or person_of.get(number), number_of.get(person) if number is None else number

    left: dict[_Who, set[str]] = {}
    for line in parts["exclusions"]:
        left.setdefault(whole(*_named(line)), set()).add(line["rule"] or "")
    everyone = {*wrote, *(whole(*one) for one in told)} - {(None, None)}
    return tuple(
        Spoken(*who, None, wrote.get(who, Counts()), tuple(sorted(left.get(who, set()) - {""})))
        for who in sorted(everyone, key=lambda who: (who[1] is None, who[1] or 0, who[0] or ""))
    )


def summary(
    report: OverwrittenReport,
    people: Sequence[Spoken],
    parts: Mapping[str, Sequence[Line]],
    derived: str,
    spoken: Mapping[str, Sequence[str]],
) -> bytes:
    """At most 3,000 lines of each part; what is more is counted, and in the part's NDJSON.

    `derived` says what came of making the decisions again; `spoken` are the sentences of each part in its order, in
    the language of the report, where it is not English.
    """
    say = report.say
    name_of = {one.employee_number: one.name for one in people} | {one.person_id: one.name for one in people}
    written = [_as_line(one, report.tongue) for one in islice(report.lines(), MOST_LINES)]
    shown = [
        _part(say(_WRITTEN), "overwritten", written, report.totals.counts.fields),
        *(_part(say(title), name, parts[name], len(parts[name]), spoken[name]) for name, title in _TITLES.items()),
    ]
    for one in (line for part in shown for line in part["lines"]):
        one["about"] = _whom(one, name_of, say)
    data = head(report)
    about = {
        "Legal entity": ", ".join(map(report.name_of, report.filters.entities)),
        "Made at": f"{time_told(report.made_at)} (Amsterdam)",
        "Made by": report.made_by,
        "Personal values": say("shown in clear") if report.unmasked else say("masked, names among them"),
        "Written in Loket": counted(report),
        "People spoken of": str(len(people)),
        "Runs": str(len(report.runs)),
        "Decisions": derived,
    }
    rules = {line["rule"] for part in shown for line in part["lines"]} | {
        each for one in people for each in one.left_out
    }
    data |= {
        "about": [(say(name), text) for name, text in (*about.items(), *report.about)],
        "people": [_person(one) for one in people],
        "parts": shown,
        "rules": [(rule, say(text)) for rule, text in statements(rules.union(*(one.left_out for one in people)))],
        "language": report.language,
        "up_to": report.up_to,
        "warning": warned(report),
        "words": {
            **words_of(report), **{text: say(text) for text in TEXTS},
            **{label(one.field): report.tongue.label(one.field) for one in report.totals.by_field},
        },
    }  # fmt: skip
    return compiled("evidence.typ", "paper", data)


def _part(title: str, name: str, lines: Sequence[Line], count: int, spoken: Sequence[str] = ()) -> Line:
    """`spoken` are the sentences to be shown instead of those of the lines, where there are any."""
    some = [
        {
            "position": line["position"],
            "at": time_told(datetime.fromisoformat(line["recorded_at"])),
            "actor": line["actor"],
            "person_id": line.get("person_id"),
            "employee_number": line.get("employee_number"),
            "rule": line["rule"],
            "sentence": said or line["sentence"],
        }
        for line, said in zip_longest(lines[:MOST_LINES], spoken[:MOST_LINES])
    ]
    return {"title": title, "file": f"{name}.ndjson", "lines": some, "more": count - len(some)}


def _whom(line: Line, name_of: Mapping[Any, str | None], say: Say) -> str:
    """The number, Personio's id, and the name where it is shown."""
    person, number = _named(line)
    named = name_of.get(person) or name_of.get(number)
    said = (
        named,
        say(_EMPLOYEE).format(number) if number is not None else None,
        f"Personio {person}" if person else None,
    )
    return ", ".join(filter(None, said))


def _person(one: Spoken) -> Line:
    name = {"name": one.name or "", "left_out": ", ".join(one.left_out)}
    number = "" if one.employee_number is None else str(one.employee_number)
    return {**one.as_json(), **name, "employee_number": number, "person_id": one.person_id or ""}


def _as_line(one: OverwrittenField, t: Tongue) -> Line:
    row = one.row
    return {
        "position": row.position,
        "recorded_at": row.recorded_at.isoformat(),
        "actor": row.actor,
        "person_id": row.person_id,
        "employee_number": row.employee_number,
        "rule": row.rule,
        "sentence": one.in_words(t),
    }


def _named(line: Line) -> _Who:
    return line.get("person_id"), line.get("employee_number")
