"""Rows of a view that somebody edited so that they cannot be read: said as every other edit is, and never a fault."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from domain.errors import ViewsDiffer

_Row = ParamSpec("_Row")
_T = TypeVar("_T")


def of_view(view: str) -> Callable[[Callable[_Row, _T]], Callable[_Row, _T]]:
    """Decorates what makes something of a row; of one that no fold can have made it raises ViewsDiffer."""

    def decorated(make: Callable[_Row, _T]) -> Callable[_Row, _T]:
        @wraps(make)
        def made(*row: _Row.args, **named: _Row.kwargs) -> _T:
            try:
                return make(*row, **named)
            except (ValueError, TypeError, KeyError, AttributeError) as reason:
                raise ViewsDiffer(view) from reason

        return made

    return decorated
