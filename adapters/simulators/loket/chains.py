"""Linked chains (Loket API 8): no gaps, new records only at the end, a new record closes the one before it."""

from datetime import date, timedelta

from adapters.simulators.loket.app import broken_rule
from adapters.simulators.loket.audit import User
from adapters.simulators.loket.state import LoketState
from adapters.simulators.loket.store import Entity
from adapters.simulators.wire.envelope import Document


def chain(state: LoketState, table: str, employment_id: str) -> list[Entity]:
    return sorted(state.table(table).of(employment_id), key=lambda each: str(each.data["startDate"]))


def in_force(state: LoketState, table: str, employment_id: str, day: str) -> Document | None:
    """The record of a chain on a day; what a read may see of it."""
    for record in state.table(table).of(employment_id):
        data = record.shown
        if data and data["startDate"] <= day and (data["endDate"] is None or day <= data["endDate"]):
            return data
    return None


def append(state: LoketState, table: str, employment: Entity, data: Document, by: User | None) -> Entity:
    """Adds the newest record; refused when it does not start after the one before it or outside the employment."""
    start = data["startDate"]
    _inside(employment, start)
    records = chain(state, table, employment.id)
    if records:
        newest = records[-1]
        if start <= newest.data["startDate"]:
            raise broken_rule(f"startDate must be after {newest.data['startDate']}")
        closed = newest.data | {"endDate": day_before(start)}
        if by is None:
            newest.data = closed
        else:
            state.replace(table, newest, closed, by)
    return state.create(table, employment.id, data | {"endDate": employment.data["endDate"]}, by)


def change(state: LoketState, table: str, employment: Entity, record: Entity, data: Document, by: User) -> None:
    """Replaces a record in place; its start may move as far as its neighbours allow."""
    records = chain(state, table, employment.id)
    at = records.index(record)
    start = data["startDate"]
    _inside(employment, start)
    before = records[at - 1] if at else None
    after = records[at + 1] if at + 1 < len(records) else None
    if before and start <= before.data["startDate"]:
        raise broken_rule(f"startDate must be after {before.data['startDate']}")
    if after and start >= after.data["startDate"]:
        raise broken_rule(f"startDate must be before {after.data['startDate']}")
    if before and start != record.data["startDate"]:
        state.replace(table, before, before.data | {"endDate": day_before(start)}, by)
    state.replace(table, record, data | {"endDate": record.data["endDate"]}, by)


def remove(state: LoketState, table: str, employment: Entity, record: Entity, by: User) -> None:
    """Only the newest record can go; the one before it runs on."""
    records = chain(state, table, employment.id)
    if record is not records[-1]:
        raise broken_rule("only the newest record can be deleted")
    state.delete(table, record, by)
    if len(records) > 1:
        state.replace(table, records[-2], records[-2].data | {"endDate": employment.data["endDate"]}, by)


def day_before(day: str) -> str:
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()


def _inside(employment: Entity, start: str) -> None:
    if start < employment.data["startDate"]:
        raise broken_rule("startDate is before the start of the employment")
    if employment.data["endDate"] is not None and start > employment.data["endDate"]:
        raise broken_rule("startDate is after the end of the employment")
