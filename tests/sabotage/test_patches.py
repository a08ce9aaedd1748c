"""The broken builds are kept fit for use; `make sabotage` tries them all."""

from __future__ import annotations

import pytest

from tests.sabotage.patches import Sabotage, sabotages
from tests.sabotage.run import ROOT


@pytest.mark.parametrize("one", sabotages(), ids=lambda one: one.name)
def test_a_broken_build_can_still_be_made(one: Sabotage) -> None:
    applied = one.apply(ROOT, "--check")

    assert applied.returncode == 0, f"the code has moved on; make the patch anew: {applied.stderr}"
    assert one.caught_by
