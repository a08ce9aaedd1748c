"""The part of an examination about what the documents of both systems leave open: each line holds, does not, or was
not seen, and says which setting follows (RUN-9)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from math import ceil
from typing import Final

from domain.events.loket import WriteKind
from domain.examination import Check, Verdict
from domain.planning.business_date import time_told
from domain.planning.rights import ASK, UNKNOWN_WORDS, missing, named, readable
from domain.sights import Count, Cursor, Filters, Limit, LoketSights, Pairs, PersonioSights, WebhookEvents
from domain.values import so_many

_MINUTE: Final = "%Y-%m-%d %H:%M"
_PAGE: Final = 50  # persons and employments in one answer
_SEEN: Final = {True: Verdict.HOLDS, False: Verdict.DOES_NOT_HOLD, None: Verdict.NOT_SEEN}


def check_personio(sights: PersonioSights, people: int) -> Iterator[Check]:
    """`people`: how many a sweep has to read."""
    yield _empties(sights.empties)
    yield _pairs(sights.pairs)
    yield from _employments(sights.employments)
    yield _pay(sights.without_pay)
    for name, seen in sights.cursors.items():
        yield from _cursor(name, seen)
    yield _sweep(sights.limits, people)
    yield from _windows(sights)


def check_loket(sights: LoketSights, before: int | None, without_employment: Count | None) -> Iterator[Check]:
    """`before`: employees in the last accepted sweep of this legal entity."""
    yield _rights(sights.activities)
    yield _employees(sights, before)
    if without_employment is not None:
        told = f"{_of(without_employment, 'employee')} without an employment that the Loket user sees"
        odd = bool(without_employment.of) and without_employment.seen > 0
        do = "see in Loket whether they have one: if so, the user's role or saved filter hides it" if odd else ""
        yield Check("Loket shows the employments of every employee", _SEEN[_all(without_employment)], told, do)
    yield _self_service(sights.self_service)


def check_webhook(events: WebhookEvents, received: datetime | None) -> Iterator[Check]:
    """`events` of the last days as Personio lists them; `received`: when something last came here, a ping too."""
    forms = "; ".join(f"{count} with {keys}" for keys, count in sorted(events.keys.items()))
    told = (
        f"of {so_many(events.count, 'event', 'events')}: {forms}"
        if events.count
        else "nothing has happened in the last seven days"
    )
    do = "such an event has everybody read again, at most every 15 minutes: nothing is lost" if events.nobody else ""
    named = events.nobody == 0 if events.count else None
    yield Check("Personio's webhook events name a person", _SEEN[named], told, do)
    came = f"something last came {time_told(received, _MINUTE)} (Amsterdam)" if received else "nothing has ever come"
    arrived = received is not None and events.newest is not None and received >= events.newest
    if events.newest is not None:
        came = f"{came}, the newest event is of {time_told(events.newest, _MINUTE)}"
    do = "" if arrived or events.newest is None else "see that public_url reaches `tweeluik serve` from outside"
    yield Check("what happens in Personio comes in", _SEEN[arrived if events.newest else None], came, do)


def _all(lacking: Count) -> bool | None:
    return lacking.seen == 0 if lacking.of else None


def _empties(seen: Mapping[str, int]) -> Check:
    name = "Personio leaves empty attributes out"
    if not seen:
        return Check(name, Verdict.NOT_SEEN, "no attribute was empty in the older API, or it is not to be read")
    told = ", ".join(f"{count} {how}" for how, count in sorted(seen.items()))
    left_out = seen.get("left out", 0) == sum(seen.values())
    some = 0 < seen.get("left out", 0) < sum(seen.values())
    do = (
        'rules.absent_is_blank = "if_shown" fits' if left_out else "rules.absent_is_blank decides only what is left out"
    )
    do = "some are hidden, not empty: give the credential the right to all attributes" if some else do
    return Check(name, _SEEN[left_out], f"of what is empty in the older API: {told}", do)


def _pairs(seen: Pairs | None) -> Check:
    name = "Personio's older API calls attributes by the same ids"
    if seen is None:
        return Check(name, Verdict.NOT_SEEN, "one of the two lists is empty or not to be read")
    differ = seen.by_number + seen.unpaired
    told = f"{seen.same} the same, {seen.by_number} by their number ({seen.by_value} confirmed by a value), "
    told += f"{seen.unpaired} unlike any"
    do = "take the ids of [personio.attributes] from the list of persons, not from the older API" if differ else ""
    return Check(name, _SEEN[not differ if seen.same + differ else None], told, do)


_LOST: Final = {
    "legal_entity": "nobody can be told to belong to this legal entity: make the credential anew, with all rights",
    "employment_start_date": "make the credential anew, with the right to it",
    "weekly_working_hours": "part-timers' pay cannot be converted: make the credential anew, with the right to it",
    "full_time_weekly_working_hours": "part-timers' pay cannot be converted: make the credential anew, with the right",
    "termination": "the last day of those who leave is not shown: make the credential anew, older ones never show it",
}


def _employments(seen: Mapping[str, Count]) -> Iterator[Check]:
    for key, lost in _LOST.items():
        shown = seen.get(key)
        name = f"Personio shows {key} of employments"
        if shown is None or not shown.of:
            yield Check(name, Verdict.NOT_SEEN, "no employment, or none that ended, was looked at")
        else:
            yield Check(name, _SEEN[shown.seen > 0], f"in {shown}", "" if shown.seen else lost)


def _pay(seen: Count | None) -> Check:
    name = "Personio shows the pay of everybody with a salary"
    if seen is None or not seen.of:
        return Check(name, Verdict.NOT_SEEN, "no salary is to be read in the older API")
    do = "give the credential the compensations of every legal entity that is synced" if seen.seen else ""
    return Check(name, _SEEN[seen.seen == 0], f"{seen} with a salary in the older API have no compensation", do)


def _cursor(name: str, seen: Cursor) -> Iterator[Check]:
    if seen.advances is False:
        do = "a sweep would end as incomplete: tell Personio's support"
        yield Check(
            f"Personio's pages of {name} go on", Verdict.DOES_NOT_HOLD, "the second page is the first again", do
        )
    else:
        told = "the second page is another" if seen.advances else "there is only one page"
        yield Check(f"Personio's pages of {name} go on", _SEEN[seen.advances], told)
    how = {
        None: "no second page with a filter was seen",
        Filters.KEPT: "the second page keeps to the filter",
        Filters.REFUSED: "a filter beside a cursor is refused, and its own link keeps to it",
        Filters.FORGOTTEN: "the second page is one of an unfiltered list",
    }[seen.filters]
    lost = seen.filters is Filters.FORGOTTEN
    do = "nothing: such a read ends as incomplete and is never believed; tell Personio's support" if lost else ""
    holds = None if seen.filters is None else not lost
    yield Check(f"Personio's pages of {name} keep to their filter", _SEEN[holds], how, do)


def _of(count: Count, what: str) -> str:
    return f"{count.seen} of {so_many(count.of, what, f'{what}s')}"


def _sweep(limits: Mapping[str, Limit | None], people: int) -> Check:
    """How long reading everybody takes at the pace that the answers allow; employments are asked for one by one."""
    name = "Personio's limits allow a sweep in ten minutes"
    known = {endpoint: one for endpoint, one in limits.items() if one and one.per_second > 0}
    told = ", ".join(
        f"{endpoint} {one.per_second:g} a second, {one.at_once:g} at once" for endpoint, one in known.items()
    )
    if not known:
        return Check(name, Verdict.NOT_SEEN, "no answer names a limit: a 429 slows everything down that asks")
    slowest = min(known.values(), key=lambda one: one.per_second)
    requests = people + ceil(people / _PAGE)
    seconds = ceil(max(0.0, requests - slowest.at_once) / slowest.per_second)
    fits = seconds <= 600
    do = "" if fits else "plan runs and checks outside working hours, and install the webhook"
    takes = f"{so_many(people, 'person takes', 'people take')} {so_many(requests, 'request', 'requests')}"
    return Check(name, _SEEN[fits], f"{told}: {takes}, about {so_many(seconds, 'second', 'seconds')}", do)


def _windows(sights: PersonioSights) -> Iterator[Check]:
    ahead = "Personio shows the pay of coming months"
    do = (
        ""
        if sights.future_window is not False
        else "set months_ahead = 0 under [pay]: then future pay is sent once its month has begun"
    )
    yield Check(ahead, _SEEN[sights.future_window], "a window two months ahead was asked for", do)
    month = "Personio answers a window of 31 days"
    do = "pay cannot be read by the month: report it" if sights.long_window is False else ""
    yield Check(month, _SEEN[sights.long_window], "January of this year was asked for", do)
    words = ", ".join(sorted(sights.unknown_words)) or "none unknown"
    do = (
        "pay of an unknown category is not sent; of an unknown interval it is a finding" if sights.unknown_words else ""
    )
    yield Check("Personio's categories and intervals of pay are known", _SEEN[not sights.unknown_words], words, do)
    if sights.fixed_salaries is not None:
        several = sights.fixed_salaries > 1
        do = "name the ones that are base salary in compensation_types" if several else ""
        told = f"{so_many(sights.fixed_salaries, 'type', 'types')} of that category"
        yield Check("Personio has one type of fixed salary", _SEEN[not several], told, do)


def _rights(activities: frozenset[str] | None) -> Check:
    name = "the Loket user has every right that a sync may need"
    if not readable(activities):
        told = UNKNOWN_WORDS if activities is not None else "Loket gives no list of the user's rights"
        return Check(name, Verdict.NOT_SEEN, told)
    lacking = missing(WriteKind, activities)
    if not lacking:
        return Check(name, Verdict.HOLDS, so_many(len(activities or ()), "is listed", "are listed"))
    return Check(
        name, Verdict.DOES_NOT_HOLD, f"not listed: {named(lacking)}", f"{ASK}; a run that needs one is refused"
    )


def _employees(sights: LoketSights, before: int | None) -> Check:
    name = "Loket shows as many employees as at the last sync"
    if sights.employees is None:
        return Check(name, Verdict.NOT_SEEN, "Loket does not tell how many it lists")
    highest = "" if sights.highest_number is None else f", the highest number is {sights.highest_number}"
    told = f"{so_many(sights.employees, 'employee', 'employees')}{highest}"
    if before is None:
        return Check(
            name, Verdict.NOT_SEEN, f"{told}; no run has completed yet", "compare them with the number in Loket"
        )
    fewer = sights.employees < before
    do = "see in Loket whether they are gone: if not, the user's role hides them" if fewer else ""
    return Check(name, _SEEN[not fewer], f"{told}; {before} at the last sync", do)


def _self_service(seen: Count | None) -> Check:
    name = "no concept employee is in self-service"
    if seen is None:
        return Check(name, Verdict.NOT_SEEN, "concept employees cannot be read")
    do = "what new hires fill in is not cleared; see FILLED_IN_LOKET in the plan" if seen.seen else ""
    return Check(name, _SEEN[seen.seen == 0], f"{_of(seen, 'concept employee')} open to the new hire", do)
