"""A list of a period, ready for any file: typed columns, in the language of whoever reads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple, TypeAlias

Cell: TypeAlias = str | int | bool | Decimal | date | datetime | None
Row: TypeAlias = Mapping[str, Cell]
"""A line by the names of the columns."""


class Column(NamedTuple):
    name: str
    title: str
    width: int  # characters, in a spreadsheet


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """`about` is told before the list: name, in words, what it says. `shown` is the list as it is printed."""

    name: str
    language: str
    title: str
    subtitle: str
    about: Sequence[tuple[str, str, str]]
    columns: Sequence[Column]
    rows: Sequence[Row]
    heads: Sequence[str]  # of the printed list
    widths: Sequence[tuple[float, bool]]  # of each of its columns beside the others, and whether it holds amounts
    shown: Sequence[Sequence[str | None]]
    rules: Sequence[tuple[str, str]]  # named in it, in words
    rules_title: str
    nothing: str  # where there is no line
    about_title: str  # of a workbook's second sheet
    log: str  # up to where it tells, in words
    size: int  # how many events the log had for it
    checkpoint: str | None
    warning: str | None
    warned: tuple[str, str]  # the word, and the warning, for people
