"""The monthly review of access: who read what, whose values were shown, who was given a key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse

from api.http.routes import access as asked
from api.http.routes.access import AccessReview
from api.pages.asking import PageAsking, Signed
from api.pages.frame import shown
from api.pages.listing import Listing, as_json
from api.presenters.values import Json
from domain.access import Permission

router = APIRouter()
Reviewer = Annotated[PageAsking, Depends(Signed(Permission.REVIEW_ACCESS))]
_MONTH: Final = r"^([1-9][0-9]{3}-(0[1-9]|1[0-2]))?$"
_COLUMNS: Final = (
    "section", "reader", "role", "actor", "by", "what", "legal_entity", "times", "employees", "employee_number", "at",
    "key_id", "holder", "position",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class AccessPage:
    """`first` is the first day of the month; `after` None for the month that is going on."""

    review: AccessReview
    first: date
    before: str
    after: str | None


@router.get("/access")
def access(asking: Reviewer, month: Annotated[str, Query(pattern=_MONTH)] = "") -> HTMLResponse:
    """Of this month, or the one in the address, in UTC."""
    first = date.fromisoformat(f"{month or f'{asking.now:%Y-%m}'}-01")
    found = asked.access_review(asking, f"{first:%Y-%m}")
    past = first < asking.now.date().replace(day=1)
    page = AccessPage(
        review=found,
        first=first,
        before=f"{first - timedelta(days=1):%Y-%m}",
        after=f"{first + timedelta(days=31):%Y-%m}" if past else None,
    )
    listing = Listing("access", _COLUMNS, lambda: _rows(found), lambda _: {})
    return shown(asking, "access.html", entity=None, current="access", page=page, listing=listing)


def _rows(found: AccessReview) -> Iterator[Json]:
    yield from ({**as_json(one), "section": "read"} for one in found.read)
    yield from ({**as_json(one), "section": "shown"} for one in found.unmasked)
    yield from ({**as_json(one), "section": "keys"} for one in found.keys)
