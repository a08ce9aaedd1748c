"""A log from before is read for ever: history, report and certificates say what they said when it was written."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from tests.golden.old_logs import FORMATS, LOGS, asked, unpacked


@pytest.mark.parametrize("number", FORMATS)
def test_a_log_of_each_format_answers_what_it_answered(number: int, tmp_path: Path) -> None:
    with closing(unpacked(number, tmp_path)) as log:
        assert asked(log) == (LOGS / f"format_{number}.txt").read_text(encoding="utf-8"), (
            "read the difference; where sentences were changed on purpose: python -m tests.golden.old_logs"
        )
