"""The style sheet and the icon: their names hold their hash, so that they may be kept for ever."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Response

from api.http.dependencies import Public
from api.http.problems import not_found
from api.pages.rendering import files

router = APIRouter(dependencies=[Depends(Public())])


@router.get("/static/{name}")
async def static(name: str) -> Response:
    found = files().get(name)
    if found is None:
        raise not_found()
    content, media_type = found
    return Response(content, media_type=media_type, headers={"Cache-Control": "public, max-age=31536000, immutable"})
