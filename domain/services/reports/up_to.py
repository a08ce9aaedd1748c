"""Up to where in the log a paper tells, and the signed head that it is proven under: one sentence for every paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from domain.alerts import Say, as_written
from domain.log import Checkpoint
from domain.values import one_or_many

_TOLD: Final = (
    "From the log as it was with 1 event, at position {last}.",
    "From the log as it was with {size} events, the last at position {last}.",
)
_ALL: Final = "The signed checkpoint below covers {covered} events, these among them."
_SOME: Final = "The signed checkpoint below covers {covered} events; those after it are not under one yet."
_NONE: Final = "They are not under a signed checkpoint yet."
_EMPTY: Final = "From an empty log."
TEXTS: Final = (*_TOLD, _ALL, _SOME, _NONE, _EMPTY)


def up_to(size: int, head: Checkpoint | None, say: Say = as_written, number: Callable[[int], str] = str) -> str:
    """`size` is how many events there were for what is told: what came later is not on the paper.

    The head may have been signed later, and then covers more, or earlier, and then not all of them.
    """
    if not size:
        return say(_EMPTY)
    covers = _NONE if head is None else _ALL if head.size >= size else _SOME
    told = say(one_or_many(_TOLD, size)).format(size=number(size), last=number(size - 1))
    return f"{told} {say(covers).format(covered=number(head.size if head else 0))}"
