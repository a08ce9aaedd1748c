"""Days in the address of a page, as a form sends them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from fastapi import Query
from pydantic import BeforeValidator

from api.days import day


def _typed(given: object) -> object:
    return day(given) if isinstance(given, str) and given.strip() else given


TypedDay = Annotated[date | Literal[""] | None, BeforeValidator(_typed), Query()]
"""Empty where a field was left so."""
