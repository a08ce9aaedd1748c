"""No plan leaves half an address in Loket, whatever is blank in Personio and whatever someone accepted (EDIT-2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.drift.differences import judge
from domain.planning.acceptance import Acceptance
from domain.planning.addresses import ADDRESS, ADDRESS_EXTRAS, ADDRESS_PARTS
from domain.planning.decide import Memory, decide
from domain.planning.writes import wanted
from domain.services.sync.remember import Remembered
from domain.snapshots import LoketEmployee
from domain.values import BLANK, EmployeeNumber, FieldPath, Observed
from tests.support.people import POLICY, TODAY, employee, loket, person, personio

PARTS: dict[str, list[Observed]] = {
    "street": ["Main St", "Central Ave", BLANK],
    "house_number": ["12", "14", BLANK],
    "house_number_addition": ["a", BLANK],
    "postal_code": ["1234 AB", "1000", BLANK],
    "city": ["Utrecht", "Gent", BLANK],
    "country": ["NL", "BE", BLANK],
}
REQUIRED = {FieldPath(f"address.{part}") for part in ("street", "houseNumber", "city", "country")}
NOWHERE: dict[str, Observed] = dict.fromkeys(PARTS, BLANK)
UTRECHT: dict[str, Observed] = {"street": "Main St", "house_number": "12", "postal_code": "1234 AB", "city": "Utrecht"}
GENT: dict[str, Observed] = {"street": "Rue Neuve", "house_number": "3", "postal_code": "1000", "city": "Gent"}

in_personio = st.one_of(
    st.just(NOWHERE), st.fixed_dictionaries({role: st.sampled_from(values) for role, values in PARTS.items()})
)
in_loket = st.sampled_from([NOWHERE, UTRECHT | {"country": "NL"}, GENT | {"country": "BE"}])
ALLOWED = replace(POLICY, entity=replace(POLICY.entity, allow_accepted_drift=True))


@given(
    said=in_personio,
    holds=in_loket,
    note=st.sampled_from(["third floor", BLANK]),
    accepted=st.sets(st.sampled_from(ADDRESS_PARTS)),
)
@settings(max_examples=400)
def test_what_a_plan_leaves_is_a_whole_address_or_none_and_the_check_agrees(
    said: dict[str, Observed], holds: dict[str, Observed], note: Observed, accepted: set[FieldPath]
) -> None:
    one, theirs = person(**said), _living(holds, note)
    want = wanted(one, ALLOWED, concept=False)
    left_alone = tuple(Acceptance(part, want[part], date(2026, 4, 7)) for part in sorted(accepted))
    memory = Memory(accepted={EmployeeNumber(4711): left_alone})

    plan = decide(personio(one), loket(theirs), (), memory, ALLOWED, today=TODAY)
    found = judge(plan, {one.id: one}, loket(theirs), Remembered({}, {}, {}), ALLOWED)

    (decision,) = plan.decisions
    planned = {change.field: change.after for write in decision.writes for change in write.changes}
    flagged = {finding.field for finding in decision.findings}
    assert {each.field for each in found.apart} == planned.keys() - flagged - {*ADDRESS_EXTRAS}
    if not decision.findings:
        left = {**theirs.fields, **planned}
        filled = {part for part in (*ADDRESS_PARTS, *ADDRESS_EXTRAS) if left[part] is not BLANK}
        assert not filled or filled >= REQUIRED
        goes = not filled and holds is not NOWHERE
        assert [write.removes for write in decision.writes] == ([ADDRESS] if goes else [None] * len(decision.writes))


def _living(holds: dict[str, Observed], note: Observed) -> LoketEmployee:
    one = employee(**{**NOWHERE, **holds})
    extras = {ADDRESS_EXTRAS[0]: BLANK if holds is NOWHERE else note}
    return replace(one, fields={**one.fields, **extras})
