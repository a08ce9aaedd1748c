"""Loket API 4: metadata and hierarchy."""

import pytest

from tests.contract.loket_simulator.desk import EE, Desk, E, M


@pytest.mark.parametrize("wrapper", ["_embedded", "content", None])
def test_4_metadata_lists_options_in_whatever_wrapper(desk: Desk, wrapper: str | None) -> None:
    desk.loket.set_switch("metadata_wrapper", wrapper)
    places = (f"{EE}/{desk.anouk}/metadata", f"{desk.employer}/conceptemployees/metadata")

    for answer in (desk.get(place) for place in places):
        fields = {each["field"]: each["options"] for each in (answer[wrapper] if wrapper else answer)}
        assert fields["gender"] == [{"key": 1, "value": "Man"}, {"key": 2, "value": "Vrouw"}]
        iso = {each["isoCode"]: each["key"] for each in fields["country"]}
        assert (iso["NL"], iso["BE"]) == (530, 540)


def test_4_wage_types_are_1_periodic_and_2_hourly(desk: Desk) -> None:
    fields = {each["field"]: each["options"] for each in desk.items(f"{M}/{desk.job}/wages/metadata")}

    assert [each["key"] for each in fields["grossWageType"]] == [1, 2]


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/v2/providers", {"id", "name"}),
        (E, {"id", "employerNumber", "companyName", "chamberOfCommerceNumber", "address"}),
        (f"{E}/minimized", {"id", "employerNumber", "companyName"}),
        (
            "{employer}/payrolladministrations",
            {"id", "name", "description", "clientNumber", "payrollPeriodType", "payrollTaxesNumber", "startDate"},
        ),
        ("{employer}/administrations", {"id", "description", "clientNumber", "isPayrollAdministration", "startDate"}),
        ("{employer}/departments", {"id", "code", "description", "subDepartmentOf"}),
        ("{employer}/functions", {"key", "description", "group"}),
        (
            f"{E}/payrolladministrations/{{administration}}/payrollcomponents/year/2026",
            {"key", "description", "category", "deductionOrPayment", "canBeSupplemented"},
        ),
        (
            f"{E}/payrolladministrations/{{administration}}/payrollperiods",
            {"id", "year", "periodNumber", "startDate", "endDate", "payrollPeriodType", "payrollRuns"},
        ),
        (
            f"{E}/payrolladministrations/{{administration}}/payrollperiods/minimized",
            {"id", "year", "periodNumber", "hasApprovedPayrollRun"},
        ),
    ],
)
def test_4_the_hierarchy_is_listed_with_its_fields(desk: Desk, path: str, names: set[str]) -> None:
    items = desk.items(path.format(employer=desk.employer, administration=desk.loket.administration_id))

    assert items
    assert names <= set(items[0])
