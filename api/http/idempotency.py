"""Idempotency-Key: the same request again gets the same answer again, and nothing is done twice."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from typing import Annotated, Final

from fastapi import Header

from api.http.dependencies import Asking
from api.http.problems import Refused
from domain.errors import RowEdited

IdempotencyKey = Annotated[str, Header(min_length=8, max_length=100, pattern=r"^[A-Za-z0-9_.:-]+$")]


_APART: Final = 0.2  # seconds between two looks whether the first request has been answered


def once(asking: Asking, key: str, request: str, make: Callable[[], str]) -> str:
    """The answer of `make`, or the one it gave before; a key is one caller's, and one request's.

    What comes to nothing leaves the key free.
    """
    access, caller = asking.web.access, asking.caller.subject
    said = f"{asking.request.url.path} {request}".encode()
    fingerprint = asking.web.store.vault.keyed_digest("idempotency", said)  # a reason may quote what can be guessed
    for looks_left in range(asking.looks, -1, -1):
        try:
            reserved = access.reserve(caller, key, fingerprint)
        except RowEdited:
            met = hashlib.sha256(f"{caller} {key}".encode()).hexdigest()[:16]
            asking.web.key_store_alerts.met(met, "the answer to a repeated request")
            raise
        if reserved is None:
            break
        if reserved.fingerprint != fingerprint:
            raise Refused(409, "key-reused", "this Idempotency-Key was used for another request")
        if reserved.answer is not None:
            return reserved.answer
        if not looks_left:
            raise Refused(409, "in-flight", "the first request with this Idempotency-Key has not been answered yet")
        time.sleep(_APART)
    try:
        answer = make()
    except BaseException:
        access.release(caller, key)
        raise
    access.answer(caller, key, fingerprint, answer)
    return answer
