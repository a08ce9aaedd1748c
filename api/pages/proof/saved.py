"""verify.html, to be saved: the page that proves a certificate on the reader's own machine."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Depends, Response

from adapters.log.verify_page.page import NAME, verify_page
from api.http.dependencies import Public

router = APIRouter(dependencies=[Depends(Public())])
ADDRESS: Final = f"/{NAME}"


@router.get(ADDRESS)
async def saved() -> Response:
    """As a file, never as a page of this server: a browser that saves a page it shows may write it anew."""
    named = {"Content-Disposition": f'attachment; filename="{NAME}"', "Cache-Control": "no-cache"}
    return Response(verify_page(), media_type="text/html; charset=utf-8", headers=named)
