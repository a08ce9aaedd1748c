"""The forms of values that decisions stand on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.attributes import Kind
from domain.planning.kinds import TREATMENTS
from tests.golden import forms


def test_values_have_the_forms_on_record_or_a_revision_was_raised() -> None:
    """Old decisions are derived again with today's forms: one that changed has to be explained (AUD-11)."""
    assert forms.unrevised() == [], (
        "these come out otherwise than before: if that is meant, raise the `revision` of the rules that changed "
        "(DRIFT-2, CHECK-1, WHO-3, …) in domain/rules.py; then `python -m tests.golden.forms`"
    )
    assert forms.FILE.read_text() == forms.made(), "put them on record: python -m tests.golden.forms"


@pytest.mark.parametrize("kind", Kind)
def test_a_form_that_changes_without_a_revision_is_noticed(kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TREATMENTS, kind, replace(TREATMENTS[kind], compared=str.swapcase))

    assert {line.split()[0] for line in forms.unrevised()} == {kind}
