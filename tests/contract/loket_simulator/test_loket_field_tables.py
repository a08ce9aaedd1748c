"""The simulator's own field tables have what the document names."""

from collections.abc import Iterator

from adapters.simulators.loket.schema import CONCEPT, EMPLOYEE, Field, Kind
from adapters.simulators.loket.schema_employment import BENEFIT, EMPLOYMENT, SEPA, WAGE


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


def _leaves(schema: Field) -> Iterator[str]:
    for name, each in schema.fields.items():
        if each.kind is Kind.OBJECT and each.options is None:
            yield from _leaves(each)
        else:
            yield name
