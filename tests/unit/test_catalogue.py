"""What a customer's [[attribute]] makes of the catalogue: what it tells is changed or added, what it does not stays."""

from __future__ import annotations

from domain.attributes import CATALOGUE, FIRST_CLASS, Attribute, Kind, Override, Role, catalogue, retention_of
from domain.personal import Retention
from domain.values import FieldPath

PHONE, EMAIL, GENDER, NATIONALITY = Role("phone"), Role("email"), Role("gender"), Role("nationality")
OURS = {row.role: row for row in CATALOGUE}
ELSEWHERE = FieldPath("custom.place")


def row(role: Role, *overrides: Override, mapped: tuple[Role, ...] | None = None) -> Attribute | None:
    found = catalogue((role,) if mapped is None else mapped, overrides)
    return next((one for one in found if one.role == role), None)


def test_what_is_mapped_is_in_the_catalogue_and_the_first_class_attributes_always() -> None:
    assert row(PHONE) == OURS[PHONE]
    assert row(PHONE, mapped=()) is None
    assert {one.role for one in catalogue(())} == {*FIRST_CLASS} & {*OURS}


def test_an_attribute_that_is_turned_off_is_gone_and_the_others_stay() -> None:
    found = catalogue((PHONE, EMAIL), [Override(PHONE, off=True), Override(NATIONALITY, off=True)])

    assert PHONE not in {one.role for one in found}
    assert EMAIL in {one.role for one in found}


def test_an_override_that_tells_nothing_changes_nothing() -> None:
    assert row(PHONE, Override(PHONE)) == OURS[PHONE]
    assert row(GENDER, Override(GENDER)) == OURS[GENDER]


def test_what_an_override_tells_is_changed() -> None:
    changed = row(PHONE, Override(PHONE, max_length=20, nullable=False))

    assert changed is not None
    assert (changed.max_length, changed.nullable) == (20, False)
    assert (changed.field, changed.concept, changed.label) == (OURS[PHONE].field, OURS[PHONE].concept, "Phone")


def test_another_path_goes_for_concepts_too_unless_they_have_one_of_their_own_or_no_place() -> None:
    iban = Role("iban")

    def concept(role: Role, *, in_concept: bool = True) -> FieldPath | None:
        changed = row(role, Override(role, ELSEWHERE, in_concept=in_concept))
        assert changed is not None
        assert changed.field == ELSEWHERE
        return changed.concept

    assert concept(PHONE) == ELSEWHERE
    assert concept(PHONE, in_concept=False) is None
    assert concept(iban) == FieldPath("iban")
    assert concept(EMAIL) is None


def test_other_keys_stand_beside_what_is_known_of_the_field_and_no_longer_where_the_path_is_another() -> None:
    keys = {"X": "9"}
    here, there = row(GENDER, Override(GENDER, keys=keys)), row(GENDER, Override(GENDER, ELSEWHERE, keys=keys))

    assert here and here.codes  # noqa: PT018
    assert there and there.codes  # noqa: PT018
    assert here.keys == there.keys == keys
    assert (here.codes.list_name, there.codes.list_name) == ("gender", "place")
    assert here.codes.known_as
    assert not there.codes.known_as
    assert here.codes.configured == "the codes of [[attribute]] gender"


def test_a_new_attribute_is_as_told_may_be_blank_unless_told_and_has_a_label_of_its_words() -> None:
    new = row(NATIONALITY, Override(NATIONALITY, ELSEWHERE, max_length=9, kind=Kind.DATE))
    strict = row(NATIONALITY, Override(NATIONALITY, ELSEWHERE, nullable=False, in_concept=False))
    coded = row(Role("work_permit"), Override(Role("work_permit"), ELSEWHERE, keys={"Yes": "1"}))

    assert new and strict and coded  # noqa: PT018
    assert (new.kind, new.max_length, new.nullable, new.field, new.concept) == (
        Kind.DATE,
        9,
        True,
        ELSEWHERE,
        ELSEWHERE,
    )
    assert new.codes is None
    assert (strict.nullable, strict.concept) == (False, None)
    assert (coded.kind, coded.label, coded.keys) == (Kind.CODE, "work permit", {"Yes": "1"})
    assert coded.codes is not None
    assert coded.codes.configured == "the codes of [[attribute]] work_permit"


def test_a_tenant_s_own_keys_replace_ours_of_that_role() -> None:
    (found,) = (one for one in catalogue((GENDER,), keys={GENDER: {"MALE": "7"}}) if one.role == GENDER)

    assert found.keys == {"MALE": "7"}
    assert found.codes is not None
    assert found.codes.configured == "[loket.codes.gender]"


def test_contact_details_are_kept_for_two_years_and_everything_else_for_seven() -> None:
    assert retention_of("contactInformation.phoneNumber") is Retention.HR_2Y
    assert retention_of("address.street") is Retention.FISCAL_7Y
    assert retention_of("something.else") is Retention.FISCAL_7Y
    assert retention_of(None) is Retention.FISCAL_7Y
