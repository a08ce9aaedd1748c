"""What auditors ask for as tables a person can read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.table import Table

from api.presenters.values import local_time
from domain.overwriting import Counts, Did
from domain.values import so_many


def overwritten(console: Console, head: dict[str, Any], lines: Iterable[dict[str, Any]]) -> None:
    asked, totals = head["filter"], head["totals"]
    if head["warning"]:
        console.print(f"WARNING: {head['warning']}", style="bold red", markup=False)
    console.print(
        f"Overwritten Loket fields of legal entity {', '.join(asked['legal_entities'])}, "
        f"business dates {asked['from']} to {asked['to']}",
        style="bold",
    )
    table = _table("Position", "Number", "Field", "Before", "After", "Run", "By", "Rule", "Effective on", "Retroactive")
    for one in lines:
        cells = (
            one["position"], one["employee_number"], one["field"], _value(one["before"]), _value(one["after"]),
            one["run_id"], one["actor"], one["rule"], one["effective_on"], one["retroactive"],
        )  # fmt: skip
        table.add_row(*map(str, cells))
    console.print(table)
    runs = _table("Run", "Business date", "By", "Status", "Overwritten", "Filled", "Cleared")
    runs.columns[0].no_wrap = True
    for one in head["runs"]:
        runs.add_row(one["run_id"], one["business_date"] or "", one["actor"], one["status"], *_kinds(one))
    console.print(runs)
    counts = Counts(*(totals[kind] for kind in Did))
    console.print(
        f"{so_many(totals['people'], 'person', 'people')} in {so_many(totals['runs'], 'run', 'runs')}, {counts}"
    )
    console.print(
        f"made at {local_time(head['made_at'])} from the log as it was with "
        f"{so_many(head['log_size'], 'event', 'events')}; "
        "signed checkpoint:",
        style="dim",
    )
    console.print((head["checkpoint"] or "an empty log has none").strip(), style="dim", markup=False)


def _kinds(one: dict[str, Any]) -> tuple[str, ...]:
    return tuple(str(one[kind]) for kind in Did)


def _value(text: str | None) -> str:
    return "blank" if text is None else text


def _table(*titles: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in titles:
        table.add_column(title, overflow="fold")
    return table
