"""Concept employees we remember and no list shows: whether they are gone, or kept from our sight (MATCH-3, MATCH-5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from domain.errors import Misconfigured, NotFound, ReadFailed
from domain.events.loket import WriteKind
from domain.ports import LoketTarget
from domain.records.loket_record import LoketRecord
from domain.settings import LegalEntity
from domain.snapshots import LoketSnapshot
from domain.values import EmployeeNumber


def hidden_concepts(
    target: LoketTarget,
    entity: LegalEntity,
    known: Mapping[EmployeeNumber, Iterable[LoketRecord]],
    loket: LoketSnapshot,
) -> dict[EmployeeNumber, str]:
    """By number the id of one that is missing from the lists and not gone: each of these is asked for by itself."""
    listed = {one.id for one in loket.concepts} | {one.id for one in loket.employees.values()}
    missing = [
        (number, record.concept_id)
        for number, records in sorted(known.items())
        for record in records
        if record.concept_id is not None and record.concept_id not in listed and number not in loket.employees
    ]
    gone = {one for one in sorted({one for _, one in missing}) if _is_gone(target, entity, one)}
    return {number: one for number, one in missing if one not in gone}


def _is_gone(target: LoketTarget, entity: LegalEntity, concept: str) -> bool:
    """Only a 404 says so."""
    try:
        target.fetch(entity, WriteKind.CONCEPT, concept)
    except NotFound:
        return True
    except (ReadFailed, Misconfigured):
        return False
    return False
