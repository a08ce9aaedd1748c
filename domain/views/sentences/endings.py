"""What runs said of somebody, and what runs, checks and validations said as a whole: stored in English.

A part that is one of these templates is told anew; anything else was said by a system or a person, and stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from domain.personal import Personal
from domain.planning.details import FEWER_SHOW, MESSAGES, PAY_HIDDEN, REMARKS
from domain.planning.eligibility import LEFT_OUT
from domain.planning.findings import DO
from domain.planning.plausible import DOUBTS
from domain.planning.rights import NOT_ALLOWED, UNKNOWN_WORDS
from domain.views.sentences.reasons import REASONS
from domain.views.sentences.retold import notice, retold, template
from domain.views.sentences.tongue import ENGLISH, Tongue

_BETWEEN: Final = "; "

FOUND: Final = (
    "{code}: 1 person",
    "{code}: {number} people",
    "{code} {path}: 1 person",
    "{code} {path}: {number} people",
)
STOPPED: Final = (
    "run {run} is in progress for this legal entity; wait for it to end",
    "stream {path} does not end at version {number} any more",
    NOT_ALLOWED,
)
NOT_READ: Final = (
    "{system} gave no usable answer to {method} {path}: {said}",
    "Personio answered HTTP {number} to {path}",
    "Personio answered HTTP {number} to {path} (trace id {trace})",
    "Loket answered HTTP {number} to {path}",
    "a later page of {path} could not be read: {said}",
    "page {number} of {path} could not be read: {said}",
    "Personio's answer to {path} is not a list",
    "Loket's answer to {path} is not a list",
    "Loket's totals of {path} do not add up: the list changes while it is read",
    "the Personio credential may not read {path} (HTTP {number}): add the right to it",
    "the Loket user or client may not read {path} (HTTP 403): ask for the right to it",
    "Loket does not accept a fresh token on {path} (HTTP 401): sign in with `tweeluik login`",
    "Loket no longer accepts the refresh token: sign in again with `tweeluik login`",
    "nobody has signed in to Loket yet: do it with `tweeluik login`",
    "Personio refuses the client id or secret (HTTP {number}); check [personio]",
    "the Loket user's saved filter hides people ({said}): in Loket set the employment filter of this employer to all "
    "employments, without any administration, department, category or on-call choice",
)
NOTED: Final = (
    "Personio does not show the legal entity of 1 person",
    "Personio does not show the legal entity of {number} people",
    "Personio does not list the readable attributes (HTTP {number}): absent means blank only for attributes that "
    "somebody shows",
    "Personio's list of attributes has names of its own: {said}",
    "Loket does not show the user's saved filter: make sure that it hides nobody",
    "Loket names no saved filter of the user: make sure that it hides nobody",
)
BESIDE: Final = tuple(f"{{said}}. {one}" for one in (FEWER_SHOW, *PAY_HIDDEN))
"""After what else was found."""

OF_A_BAD_LOG: Final = (
    "Made from a log that is known to be bad, and may not say what happened: {said}.",
    "the log did not verify: {code}, found by {who} at {at}",
    "the log did not verify: {code} at event {number}, found by {who} at {at}",
    "the verdict of the last verification cannot be read",
)
NO_ANSWER: Final = (
    "connect timeout", "no connection", "read timeout", "write timeout", "no free connection", "connection lost",
    "connection lost in the middle of the answer", "unreadable answer", "the run was cut off", "not visible in Loket",
    "answer too large", "refused by the proxy", "certificate not trusted", "host name not found",
)  # fmt: skip
UNREADABLE: Final = (
    "unreadable answer, HTTP {number}", "no id in an answer of HTTP {number}", "certificate not trusted by {who}",
)  # fmt: skip
ENDINGS: Final = (
    *FOUND,
    *STOPPED,
    *NOT_READ,
    *NOTED,
    UNKNOWN_WORDS,
    *REMARKS,
    *DOUBTS,
    *BESIDE,
    *OF_A_BAD_LOG,
    *UNREADABLE,
    *NO_ANSWER,
    *REASONS,
)
WORDS: Final = ENDINGS
"""To be translated."""

_LEFT_OUT: Final = {f"{one.rule} {one.label}: {one.hint}": one for one in LEFT_OUT}
_FINDING: Final = re.compile(r"(?P<code>[A-Z0-9_]+)(?: (?P<field>[^ :()]+))?(?: \((?P<detail>.*)\))?: (?P<do>.+)")


def ending(text: str, t: Tongue) -> str:
    """Part by part: the longest that is ours as a whole first, for some of ours have semicolons of their own."""
    if t is ENGLISH:
        return text
    parts, told = text.split(_BETWEEN), list[str]()
    while parts:
        many, said = next(
            (
                (many, found)
                for many in range(len(parts), 0, -1)
                if (found := template(_BETWEEN.join(parts[:many]), t, ENDINGS, ending)) is not None
            ),
            (1, parts[0]),
        )
        told.append(said)
        parts = parts[many:]
    return _BETWEEN.join(told)


def messages(said: tuple[Personal, ...], t: Tongue) -> Iterator[Personal]:
    """What a run said of one person, as it was stored: findings and notices, code first, and how writes went."""
    for one in said:
        yield message(one, t) if type(one) is str else one


def message(text: str, t: Tongue) -> str:
    """One of them, or a notice; anything else as it is."""
    if left_out := _LEFT_OUT.get(text):
        return f"{left_out.rule} {left_out.label}: {t.say(left_out.hint)}"
    return template(text, t, MESSAGES, ending) or _finding(text, t) or notice(text, t)


def _finding(text: str, t: Tongue) -> str | None:
    found = _FINDING.fullmatch(text)
    if found is None or found["do"] not in DO.values():
        return None
    where = f" {found['field']}" if found["field"] else ""
    detail = f" ({retold(found['detail'], t)})" if found["detail"] else ""
    return f"{found['code']}{where}{detail}: {t.say(found['do'])}"
