"""Plan and drift check cannot disagree: what one would write is what the other finds, whatever the values (DRIFT-1)."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.attributes import CATALOGUE, PAYMENT_BIC, Kind
from domain.drift.differences import judge
from domain.planning.addresses import ADDRESS_EXTRAS
from domain.planning.decide import Memory, decide
from domain.services.sync.remember import Remembered
from domain.values import BLANK, NOT_OBSERVED, FieldPath, Observed
from tests.support.people import POLICY, SANNE, TODAY, employee, loket, person, personio

FREE = sorted(
    row.role
    for row in CATALOGUE
    if not row.is_key and row.kind is not Kind.CODE and row.role not in ("bsn", "date_of_birth", "last_name")
)
values = st.sampled_from(["Main St", "main st", " Main St ", "12", "1234ab", "1234 AB", "NL", "a@b.nl", "A@B.NL"])
observed: st.SearchStrategy[Observed] = st.one_of(values, st.just(BLANK), st.just(NOT_OBSERVED))
sides = st.dictionaries(st.sampled_from(FREE), observed, max_size=6)


@given(personio_side=sides, loket_side=sides)
@settings(max_examples=300)
def test_the_fields_a_plan_would_write_are_the_fields_a_check_finds(
    personio_side: dict[str, Observed], loket_side: dict[str, Observed]
) -> None:
    one = person(**personio_side)
    iban = loket_side.pop("iban", SANNE["iban"])
    held = loket(employee(**loket_side), iban=iban if isinstance(iban, str) else SANNE["iban"])

    plan = decide(personio(one), held, (), Memory(), POLICY, today=TODAY)
    found = judge(plan, {one.id: one}, held, Remembered({}, {}, {}), POLICY)

    (decision,) = plan.decisions
    flagged = {finding.field for finding in decision.findings}
    planned = {change.field for write in decision.writes for change in write.changes}
    assert {each.field for each in found.drift} == planned - flagged - {*ADDRESS_EXTRAS, PAYMENT_BIC}
    assert not {each.field for each in found.drift} & {each.field for each in found.not_compared}


def test_a_street_that_differs_is_found_by_both() -> None:
    one, held = person(street="Central Ave"), loket(employee())

    plan = decide(personio(one), held, (), Memory(), POLICY, today=TODAY)
    found = judge(plan, {one.id: one}, held, Remembered({}, {}, {}), POLICY)

    street = [FieldPath("address.street")]
    assert [each.field for each in found.drift] == street
    assert [change.field for each in plan.decisions for write in each.writes for change in write.changes] == street
