"""Every finding and notice says what to do, and who does it."""

from __future__ import annotations

from domain.planning.findings import ACTS, DO, NOTICE_ACTS, NOTICE_TEXT, FindingCode, NoticeCode


def test_every_finding_says_who_does_what() -> None:
    assert set(DO) == set(ACTS) == set(FindingCode)


def test_every_notice_says_who_looks_at_it() -> None:
    assert set(NOTICE_TEXT) == set(NOTICE_ACTS) == set(NoticeCode)
