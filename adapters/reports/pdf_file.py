"""The report as PDF: title page with filter, totals, checkpoint and how to verify; then runs, totals and the table."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, Final

import typst

from adapters.reports.glyphs import without_glyph
from adapters.reports.overwritten import VERIFY, because, counted, filter_in_words, head, json_line, warned, words_of
from domain.errors import Misconfigured
from domain.planning.business_date import time_told
from domain.rules import RULES
from domain.services.reports.overwritten import OverwrittenReport
from domain.views.sentences import label, name_of

MOST_LINES: Final = 3_000
"""A document for reading: more lines than this belong in a workbook, which is written in constant memory."""


def write_pdf(report: OverwrittenReport, path: Path) -> None:
    path.write_bytes(pdf(report))


def pdf(report: OverwrittenReport) -> bytes:
    """Never on disk. Raises Misconfigured when it would be longer than anyone reads."""
    totals = report.totals
    if totals.counts.fields > MOST_LINES:
        raise Misconfigured(
            f"{totals.counts.fields} fields are too many for a PDF ({MOST_LINES} at most): "
            "narrow the filter or take xlsx"
        )
    say = report.say
    about = {
        "Legal entity": ", ".join(map(report.name_of, report.filters.entities)),
        "Filtered by": ", ".join(f"{say(name)} {value}" for name, value in _more(report)) or say("everything"),
        "Made at": f"{time_told(report.made_at)} (Amsterdam)",
        "Made by": report.made_by,
        "Personal values": say("shown in clear") if report.unmasked else say("masked"),
        "Written in Loket": counted(report),
        "People": str(len(totals.by_person)),
        "Runs": str(len(report.runs)),
    }
    data = head(report)
    lines = [
        {**json_line(line), "label": name_of(line.row.field, say), "because": because(line, say)}
        for line in report.lines()
    ]
    data |= {
        "about": [(say(name), text) for name, text in (*about.items(), *report.about)],
        "lines": lines,
        "rules": [(rule, say(statement)) for rule, statement in statements(line["rule"] for line in lines)],
        "language": report.language,
        "words": {**words_of(report), **{label(one.field): name_of(one.field, say) for one in totals.by_field}},
        "up_to": report.up_to,
        "warning": warned(report),
        "verify": say(VERIFY).split("`"),
    }
    return compiled("overwritten.typ", "report", data)


def statements(rules: Iterable[str | None]) -> list[tuple[str, str]]:
    """These rules in words, in the order of the register."""
    named = set(rules)
    return [(rule.id, rule.statement) for rule in RULES.values() if rule.id in named]


def compiled(template: str, name: str, data: dict[str, Any]) -> bytes:
    """The document that the template makes of the data, which it takes by this name."""
    missing = [f"{each} (U+{ord(each):04X})" for each in without_glyph(_texts(data))]
    none = data.get("words", {}).get(_NONE, _NONE)
    shown = {**data, "without_glyph": missing, "checkpoint": data["checkpoint"] or none}
    with as_file(files("adapters.reports").joinpath(template)) as path:
        return typst.compile(str(path), sys_inputs={name: json.dumps(shown, ensure_ascii=False)})


def _texts(*data: Any) -> Iterator[str]:
    """Every text in data that is ready for JSON."""
    for each in data:
        match each:
            case str():
                yield each
            case dict():
                yield from _texts(*each.values())
            case list() | tuple():
                yield from _texts(*each)


def _more(report: OverwrittenReport) -> list[tuple[str, object]]:
    """What narrows the report beyond entities and period."""
    return [(name.replace("_", " "), value) for name, value in filter_in_words(report).items() if name not in _ON_TITLE]


_NONE: Final = "an empty log has none"
_ON_TITLE: Final = ("legal_entities", "from", "to")
