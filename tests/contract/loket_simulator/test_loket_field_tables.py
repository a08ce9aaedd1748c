"""The simulator's own field tables have what the document names."""

from collections.abc import Iterator
from typing import Any

import pytest

from adapters.loket.writable import Keys
from adapters.simulators.loket.schema import BSN, CONCEPT, CONTACT_SINCE_2021, EMPLOYEE, Field, Kind
from adapters.simulators.loket.schema_employment import BENEFIT, EMPLOYMENT, PERIOD_DATA, SEPA, WAGE, WORKING_HOURS
from domain.events.loket import WriteKind
from tests.support.wholes import KEYS


def test_the_field_tables_have_the_fields_the_document_names() -> None:
    assert len(list(_leaves(EMPLOYEE))) == 47
    assert {name for name, each in EMPLOYEE.fields.items() if each.required} == {
        "employeeNumber",
        "exclusionFromAbsenceStatus",
        "travel",
        "personalDetails",
        "contactInformation",
    }
    assert {name for name, each in CONCEPT.fields.items() if each.required} == {"uniqueName", "employeeData"}
    assert {name for name, each in WAGE.fields.items() if each.required} == {"startDate"}
    assert {name for name, each in SEPA.fields.items() if each.required} == {
        "iban",
        "payrollComponent",
        "visibleOnPayslip",
    }
    assert {name for name, each in BENEFIT.fields.items() if each.required} == {
        "payrollComponent",
        "startDate",
        "value",
    }
    assert sum(each.required for each in EMPLOYMENT.fields.values()) == 16


@pytest.mark.parametrize(
    ("kind", "schema"),
    [
        (WriteKind.EMPLOYEE, EMPLOYEE),
        (WriteKind.CONCEPT, CONCEPT),
        (WriteKind.BSN, BSN),
        (WriteKind.PAYMENT, SEPA),
        (WriteKind.WAGE, WAGE),
        (WriteKind.BENEFIT, BENEFIT),
        (WriteKind.HOURS, WORKING_HOURS),
        (WriteKind.PERIOD_DATA, PERIOD_DATA),
    ],
)
def test_what_the_client_wants_shown_before_it_replaces_is_what_can_be_set(kind: WriteKind, schema: Field) -> None:
    """Without the business addresses of a concept, which its pinned version lacks, and what an upsert names itself."""
    aside = {"payrollPeriod", "payrollComponents"} if kind is WriteKind.PERIOD_DATA else set()
    aside |= set(CONTACT_SINCE_2021) if kind is WriteKind.CONCEPT else set()
    assert _settable(schema, aside) == _plain(KEYS[kind])


def _settable(schema: Field, aside: set[str]) -> dict[str, Any]:
    return {
        name: _settable(each, aside) if each.kind is Kind.OBJECT and each.options is None and inside else None
        for name, each in schema.fields.items()
        if not each.read_only and name not in aside
        for inside in [name not in ("payrollAdministration", "nonPayrollAdministration")]
    }


def _plain(keys: Keys) -> dict[str, Any]:
    return {name: None if inner is None else _plain(inner) for name, inner in keys.items()}


def _leaves(schema: Field) -> Iterator[str]:
    for name, each in schema.fields.items():
        if each.kind is Kind.OBJECT and each.options is None:
            yield from _leaves(each)
        else:
            yield name
