"""Which media type a caller accepts most."""

from __future__ import annotations

import pytest

from api.http.negotiation import accepted

JSON, CSV, PDF = "application/json", "text/csv; charset=utf-8", "application/pdf"
OFFERED = (JSON, CSV, PDF)


@pytest.mark.parametrize(
    ("header", "best"),
    [
        ("", JSON),
        ("  ", JSON),
        ("*/*", JSON),
        ("text/csv", CSV),
        ("TEXT/CSV ; Q=0.5", CSV),
        ("text/csv;charset=utf-8", CSV),
        ("text/*", CSV),
        ("application/*", JSON),
        ("application/pdf;q=0.8, text/csv;q=0.9", CSV),
        ("application/pdf, text/csv;q=0.999", PDF),
        ("text/csv, application/pdf", CSV),
        ("application/pdf, text/csv", CSV),
        ("*/*;q=0.1, application/pdf", PDF),
        ("application/pdf, */*;q=0.1", PDF),
        ("application/json;q=0, */*", CSV),
        ("*/*, application/*;q=0.2, application/pdf;q=1", CSV),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", JSON),
        ("text/csv;q=1.5, application/pdf;q=0.1", PDF),
        ("text/csv;q=0.1234, application/pdf;q=0.1", PDF),
        ("nonsense, text/csv", CSV),
        ("text/html", None),
        ("text/csv;q=0", None),
        ("*/*;q=0", None),
        ("csv", None),
        ("text/", None),
    ],
)
def test_the_most_specific_range_gives_the_weight_and_the_order_of_the_offer_breaks_a_tie(
    header: str, best: str | None
) -> None:
    assert accepted(header, OFFERED) == best
