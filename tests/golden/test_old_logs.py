"""A log from before is read for ever: history, report and certificates say what they said when it was written."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from adapters.log.proof.checkpoints import Copies
from adapters.log.proof.verdicts import Verdict
from adapters.log.proof.verify import verify
from adapters.log.stored import open_stored
from tests.golden.old_logs import FORMATS, LOGS, NOW, asked, unpacked


@pytest.mark.parametrize("number", FORMATS)
def test_a_log_of_each_format_answers_what_it_answered(number: str, tmp_path: Path) -> None:
    with closing(unpacked(number, tmp_path)) as log:
        assert asked(log) == (LOGS / f"format_{number}.txt").read_text(encoding="utf-8"), (
            "read the difference; where sentences were changed on purpose: python -m tests.golden.old_logs"
        )


@pytest.mark.parametrize("number", FORMATS)
def test_a_log_of_each_format_verifies_and_every_key_is_tried(number: str, tmp_path: Path) -> None:
    """One key was destroyed and no erasure says so: it is missed, and no other is."""
    with closing(unpacked(number, tmp_path)) as log, open_stored(f"sqlite:///{tmp_path}/log.db") as stored:
        found = verify(stored, Copies(tmp_path / "checkpoints"), log.verifier, now=NOW)
        keys = log.key_check().held_against(stored, found.size)

    assert (found.verdict, len(keys.gone), keys.exchanged, keys.back) == (Verdict.OK, 1, (), ())
