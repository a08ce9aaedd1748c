"""The monthly review of access: who read what, whose values were shown, which keys were given or revoked."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from api.http.dependencies import Asking, Requires
from api.http.schemas.answers import Answer
from api.presenters.access import review
from domain.access import Permission

router = APIRouter(tags=["access"])
Month = Annotated[str, Query(pattern=r"^[1-9][0-9]{3}-(0[1-9]|1[0-2])$", description="Such as 2026-03, in UTC")]


class ReadInMonth(Answer):
    reader: str
    role: str
    what: str
    legal_entity: str | None = Field(description="null where the question named none; for those who see all of them")
    times: int
    employees: int = Field(description="How many different employees were asked about by number")


class UnmaskedInMonth(Answer):
    position: int
    actor: str
    at: datetime
    what: str
    legal_entity: str
    employee_number: int | None = Field(description="null where the values of several people were shown")


class KeyInMonth(Answer):
    position: int
    by: str
    key_id: str
    holder: str
    what: str = Field(description="created or revoked")


class AccessReview(Answer):
    month: str
    read: list[ReadInMonth]
    unmasked: list[UnmaskedInMonth]
    keys: list[KeyInMonth] = Field(description="Keys that open a legal entity of the caller")


@router.get("/access-review")
def access_review(asking: Annotated[Asking, Depends(Requires(Permission.REVIEW_ACCESS))], month: Month) -> AccessReview:
    """Who read what in a month, whose values were shown, and which keys were given or revoked, from the log (AUD-8).

    Reading reaches the log within a minute. The same as `tweeluik access-review`, for the caller's legal entities.
    """
    asking.reads("access-review")
    return AccessReview.model_validate(review(asking.web.store.log, month, asking.caller.sees))
