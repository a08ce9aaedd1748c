"""The handover sheet as PDF: a list to work from, with a box to tick at every line."""

from __future__ import annotations

from typing import Any

from adapters.reports.pdf_file import compiled


def handover_pdf(paper: dict[str, Any]) -> bytes:
    """Of everything that is printed, in the language of whoever reads it. Never on disk."""
    return compiled("handover.typ", "sheet", paper)
