"""Results as tables a person can read; the same data as the JSON, in fewer words."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.presenters.values import local_day, local_time
from domain.values import so_many

_COLOURS = {
    "updated": "green", "concept_created": "green", "concept_updated": "green", "unchanged": "dim",
    "left_out": "dim", "blocked": "red", "failed": "red", "unknown": "yellow",
    "completed": "green", "completed_with_errors": "yellow", "refused": "red", "cut_off": "yellow",
}  # fmt: skip


def run_report(console: Console, data: dict[str, Any]) -> None:
    console.print(_title(f"Run {data['run_id']}", data["status"], f"business date {data['business_date']}"))
    if data.get("message"):
        console.print(data["message"], style="bold", markup=False)
    table = _table("Person", "Number", "Outcome", "Reason", "Overwritten and messages")
    for one in data.get("outcomes", ()):
        told = [*(_written(each, data["run_id"]) for each in one["overwritten"]), *one["messages"]]
        _row(table, one["person_id"], one["employee_number"], _word(one["outcome"]), one["reason"], "\n".join(told))
    if table.row_count:
        console.print(table)
    if (data.get("read") or {}).get("not_read_again"):
        read, since = data["read"], local_time(data["read"]["unchanged_since"])
        spared = f"{read['not_read_again']} of {read['people']} not read again: read at {since} or later"
        spared += ", and unchanged since, Loket says"
        console.print(spared, style="dim", markup=False)
    console.print(_counts(data["counts"]))


def derived(console: Console, data: dict[str, Any]) -> None:
    table = _table("Look", "At", "Decisions", "Agree", "Rule changed", "Erased or not kept", "Do not follow")
    table.columns[0].no_wrap = True
    for one in data["looks"]:
        counts = one["verdicts"]
        lacking = counts["erased"] + counts["not_kept"]
        agree, changed = counts["agrees"], counts["rule_changed"]
        at = local_time(one["at"])
        _row(table, one["name"], at, one["people"], agree, changed, lacking, counts["deviation"])
    console.print(table)
    for one in data["looks"]:
        for each in one["differing"]:
            who = each["employee_number"] or f"person {each['person_id']}"
            why = f"by a changed rule ({', '.join(one['rules_changed'])})" if each["verdict"] == "rule_changed" else ""
            console.print(f"{one['name']}, {who} {why}: {'; '.join(each['differences'])}", style="red", markup=False)
        for said in (one["went_on"] or {}).get("differences", ()):
            console.print(f"{one['name']}, as a whole: {said}", style="red", markup=False)
    for one in data["not_derivable"]:
        console.print(f"{one['name']}: {one['why']}", style="dim", markup=False)
    follow = "all follow from the log" if not data["deviations"] else f"{data['deviations']} do not follow"
    console.print(f"{so_many(data['decisions'], 'decision', 'decisions')} derived again: {follow}")
    runs = data["runs"]
    if sum(runs.values()):
        told = [f"{so_many(runs['agrees'] + runs['rule_changed'], 'run', 'runs')} went on as follows from them"]
        told += [f"{runs['deviation']} did not"] if runs["deviation"] else []
        told += [f"of {runs['not_kept']} it cannot be said"] if runs["not_kept"] else []
        console.print(", ".join(told))


def what_ifs(console: Console, data: dict[str, Any]) -> None:
    table = _table("Look", "Business date", "", "Taking part", "With findings", "Written", "Cleared", "Created", "Held")
    for one in data["looks"]:
        for name in ("then", "other"):
            side = one[name]
            held = "held" if side["blocked"] else "stopped by the brake" if side["braked"] else ""
            counts = (side["included"], side["with_findings"], side["writing"], side["clearing"], side["creating"])
            _row(table, one["name"], one["business_date"], name, *counts, held)
    console.print(table)
    for one in data["looks"]:
        for each in one["people"]:
            then, other = (_told_side(each[side]) for side in ("then", "other"))
            person = f"person {each['person_id']}" if each["person_id"] else "everybody"
            who = each["employee_number"] or person
            console.print(f"{one['name']}, {who}: {then}; instead {other}", markup=False)
    unread = sorted({role for one in data["looks"] for role in one["never_read"]})
    if unread:
        console.print(f"never read in these runs, so nobody can say: {', '.join(unread)}", style="yellow", markup=False)
    if any(one["pay_unknown"] for one in data["looks"]):
        console.print("pay that was not read in these runs would be asked for: nobody can say", style="yellow")
    if any(one["words_unknown"] for one in data["looks"]):
        console.print("of who was left out only yes or no is kept, not the word: nobody can say", style="yellow")
    apart = len({each["person_id"] for one in data["looks"] for each in one["people"]})
    looks = so_many(len(data["looks"]), "look", "looks")
    console.print(f"something else would have become of {so_many(apart, 'person', 'people')} in {looks}")


def _told_side(side: dict[str, Any]) -> str:
    fields = ", ".join(dict.fromkeys(each["field"] for each in side["writes"]))
    return " ".join(filter(None, (side["outcome"], side["reason"], *side["findings"], f"({fields})" if fields else "")))


def plan(console: Console, data: dict[str, Any]) -> None:
    state = (
        "blocked" if data["blocked"] else "would be stopped by the brake" if data["braking"] else "nothing is written"
    )
    console.print(
        _title(f"Plan for legal entity {data['legal_entity']}", state, f"business date {data['business_date']}")
    )
    for one in data["about_to_be_overwritten"]:
        held = _shown(one["loket"])
        by = f" by {one['changed_by']}" if one["changed_by"] else ""
        since = f", seen since {local_day(one['since'])}" if one["since"] else ""
        when = f" on {local_day(one['changed_at'])}" if one["changed_at"] else since
        said = f"{one['employee_number']} {one['field']}: typed into Loket by hand{by}{when}, {held} would be lost"
        console.print(said, style="yellow", markup=False)
    table = _table("Person", "Number", "Would be", "Reason", "Writes and messages")
    for one in data["people"]:
        writes = [_change(each) for write in one["writes"] for each in write["changes"]]
        told = "\n".join([*writes, *one["messages"]])
        _row(table, one["person_id"], one["employee_number"], _word(one["outcome"]), one["reason"], told)
    console.print(table)
    console.print(_counts(data["counts"]))
    for note in data["notes"]:
        console.print(f"note: {note}", style="dim", markup=False)
    console.print(f"fingerprint {data['fingerprint']}, under settings {data['settings'][:12]}")


def findings(console: Console, data: dict[str, Any]) -> None:
    if not data["findings"]:
        people = so_many(data["included"], "included person", "included people")
        console.print(f"No findings on {people} of legal entity {data['legal_entity']}.")
        _other_than_before(console, data)
        return
    table = _table("Person", "Number", "Finding", "Field", "Do")
    for one in data["findings"]:
        detail = f" ({one['detail']})" if one["detail"] else ""
        proposal = f"; proposed: {one['proposal']}" if one["proposal"] else ""
        do = f"{one['do']}{proposal}"
        _row(table, one["person_id"], one["employee_number"], one["code"], f"{one['field'] or ''}{detail}", do)
    console.print(table)
    console.print("Each of them blocks the whole legal entity: fix it, or set Consider in NL payroll to No.")
    _other_than_before(console, data)


def _other_than_before(console: Console, data: dict[str, Any]) -> None:
    """What is other than at the look before this one."""
    before = data["since"]
    if data["new"] is None:
        console.print("A run or check looked meanwhile, and tells what is new.", markup=False)
        return
    if before is None:
        console.print("Nobody had looked before.")
        return
    moved = " ".join(f"{len(data[what])} {what}," for what in ("new", "changed", "ended")).removesuffix(",")
    kind = before["kind"].replace("_", " ")
    console.print(f"Since {kind} {before['look']} on {local_time(before['at'])}: {moved}.", markup=False)
    for one in data["ended"]:
        under = f", {one['under']}" if one["under"] else ""
        whom = one["employee_number"] or f"person {one['person_id']}"
        field = f" {one['field']}" if one["field"] else ""
        console.print(f"ended: {whom} {one['code']}{field} ({one['because'].replace('_', ' ')}{under})", markup=False)


def people(console: Console, data: dict[str, Any]) -> None:
    table = _table("Person", "Number", "Included", "Reason", "Findings and messages")
    for one in data["people"]:
        included = Text("yes", "green") if one["included"] else Text("no", "dim")
        reason = f"{one['reason'] or ''} {one['label']}".strip()
        _row(table, one["person_id"], one["employee_number"], included, reason, "\n".join(one["messages"]))
    console.print(table)


def employees(console: Console, data: dict[str, Any]) -> None:
    table = _table("Number", "Person", "Link", "Outcome", "Reason", "Since")
    for one in data["people"]:
        since = local_time(one["since"]) if one["since"] else ""
        _row(table, one["employee_number"], one["person_id"], one["link"], one["outcome"], one["reason"], since)
    console.print(table)


def attributes(console: Console, data: dict[str, Any]) -> None:
    table = _table("Role", "Personio attribute", "Loket field", "Limit", "A blank")
    said = {"clears": "clears the field", "finding": "is a finding", "gate": "means No, or a finding"}
    for one in data["attributes"]:
        _row(table, one["role"], one["personio"], one["loket"], one.get("max_length"), said[one["blank"]])
    console.print(table)
    console.print(data["note"])


def history(console: Console, data: dict[str, Any]) -> None:
    console.print(f"Employee {data['employee_number']} of legal entity {data['legal_entity']}")
    table = _table("Position", "Recorded at", "By", "What happened", "Rule")
    for one in data["events"]:
        _row(table, one["position"], local_time(one["recorded_at"]), one["actor"], one["sentence"], one["rule"])
    console.print(table)


def runs(console: Console, data: dict[str, Any]) -> None:
    table = _table("Run", "Entity", "Business date", "Status", "By", "Outcomes")
    table.columns[0].no_wrap = True  # an id that is cut cannot be given back
    for one in data["runs"]:
        counts = ", ".join(f"{count} {name}" for name, count in one["counts"].items()) or (one["message"] or "")
        _row(
            table, one["run_id"], one["legal_entity"], one["business_date"], _word(one["status"]), one["actor"], counts
        )
    console.print(table)


def settings(console: Console, data: dict[str, Any]) -> None:
    if not data["settings"]:
        console.print("No run, drift check or validation has judged anybody by settings that are on record yet.")
        return
    table = _table("Since", "By", "Settings", "Tweeluik", "What changed")
    for one in data["settings"]:
        changes = one["changes"]
        told = [f"{each['setting']}: {_json(each['before'])} → {_json(each['after'])}" for each in changes or ()]
        what = "\n".join(told) or ("the first on record" if changes is None else "the version only")
        _row(table, local_time(one["since"]), one["actor"], one["digest"][:12], one["product"], what)
    console.print(table)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def verification(console: Console, data: dict[str, Any]) -> None:
    console.print(Text(data["verdict"], "bold green" if data["verdict"] == "OK" else "bold red"), data["reason"])
    for one in (data["views"] or ())[1:]:
        console.print(f"also view {one['view']}: {one['what']}", markup=False)
    if data["checkpoint"]:
        console.print(data["checkpoint"].strip(), style="dim", markup=False)
    if "decisions" in data:
        derived(console, data["decisions"])


def rebuilt(console: Console, data: dict[str, Any]) -> None:
    console.print(f"Every view was rebuilt from {so_many(data['events'], 'event', 'events')}.")


def _title(what: str, state: str, when: str) -> Text:
    return Text.assemble((what, "bold"), "  ", (state.replace("_", " "), _COLOURS.get(state, "bold")), f"  {when}")


def _table(*columns: str) -> Table:
    table = Table(*columns, box=None, pad_edge=False, header_style="bold")
    table.columns[-1].overflow = "fold"
    return table


def _row(table: Table, *cells: object) -> None:
    table.add_row(*(cell if isinstance(cell, Text) else Text("" if cell is None else str(cell)) for cell in cells))


def _word(outcome: str) -> Text:
    return Text(outcome.replace("_", " "), _COLOURS.get(outcome, ""))


def _written(one: dict[str, Any], run_id: str) -> str:
    by = "" if one["run_id"] == run_id else f", by run {one['run_id']} before it was cut off"
    return f"{_change(one)}{by}"


def _change(one: dict[str, Any]) -> str:
    before, after = (_shown(one[side]) for side in ("before", "after"))
    since = f" ({one['effective_on']})" if one.get("effective_on") else ""  # told for pay only
    changed = f"{before} cleared" if one["after"] is None else f"{before} → {after}"
    return f"{one['field']}{since}: {changed}"


def _shown(value: object) -> str:
    return "blank" if value is None else str(value)


def _counts(counts: dict[str, int]) -> str:
    total = sum(counts.values())
    parts: Iterable[str] = (f"{count} {name.replace('_', ' ')}" for name, count in counts.items())
    return f"{so_many(total, 'person', 'people')}: {', '.join(parts)}" if counts else "nobody was decided on"
