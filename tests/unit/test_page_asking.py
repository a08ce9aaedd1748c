"""What a browser may keep of a page that asks several questions."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from starlette.responses import Response

from api.pages.asking import PageAsking


def asking(*, names: bool = False) -> PageAsking:
    """One page for somebody, over a log that stands still."""
    views, log = SimpleNamespace(catch_up=lambda: None), SimpleNamespace(size=lambda: 5)
    web: Any = SimpleNamespace(store=SimpleNamespace(log=log, views=views), entities={})
    url = SimpleNamespace(path="/e/170", query="")
    request: Any = SimpleNamespace(path_params={}, headers={}, url=url, scope={})
    caller: Any = SimpleNamespace(subject="Anja", credential="key-1", entities=None, role="auditor")
    now = datetime(2026, 3, 16, 9, tzinfo=UTC)
    return PageAsking(web, caller, request, Response(), now, session=SimpleNamespace(names=names))  # type: ignore[arg-type]


def test_a_page_that_had_one_answer_in_clear_is_kept_by_no_browser_whatever_it_asks_after_that() -> None:
    one = asking()

    one.fresh(clear=True)
    one.fresh()

    assert (one.response.headers["cache-control"], one.response.headers.get("etag")) == ("no-store", None)


def test_no_page_of_a_session_that_shows_names_is_kept() -> None:
    one = asking(names=True)

    one.fresh()

    assert one.response.headers["cache-control"] == "no-store"
