"""Which questions a caller may ask: by role, and by the legal entities a key or token sees."""

from __future__ import annotations

import pytest

from domain.access import PERMITTED, Caller, Permission, Role
from domain.values import Actor

READS_ENTRIES = [role for role in Role if Permission.READ_ENTRIES in PERMITTED[role]]


def caller(role: Role, entities: frozenset[str] | None) -> Caller:
    return Caller(Actor("Anja"), role, entities, "key-1")


@pytest.mark.parametrize("role", READS_ENTRIES)
def test_entries_of_the_whole_log_are_for_those_who_see_every_legal_entity(role: Role) -> None:
    assert caller(role, None).may(Permission.READ_ENTRIES)
    assert not caller(role, frozenset({"170", "171"})).may(Permission.READ_ENTRIES)


@pytest.mark.parametrize("role", Role)
def test_every_other_question_is_a_matter_of_the_role_alone(role: Role) -> None:
    others = set(Permission) - {Permission.READ_ENTRIES}

    for entities in (None, frozenset({"170"})):
        assert {one for one in others if caller(role, entities).may(one)} == PERMITTED[role] - {Permission.READ_ENTRIES}


def test_a_legal_entity_exists_for_those_who_see_it() -> None:
    assert caller(Role.AUDITOR, frozenset({"170"})).sees("170")
    assert not caller(Role.AUDITOR, frozenset({"170"})).sees("171")
    assert caller(Role.AUDITOR, None).sees("171")
