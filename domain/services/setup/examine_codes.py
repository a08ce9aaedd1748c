"""The part of an examination about codes: option lists of Personio, keys of Loket, and the words between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from domain.attributes import CONSIDER, COUNTRY, Attribute, Codes, Kind, Role
from domain.examination import Check, Code, Look, Verdict
from domain.planning.comparison import comparable
from domain.planning.kinds import folded, word_of
from domain.services.setup.propose import known_codes
from domain.settings import Policy

_SHOWN: Final = 10  # words or keys of a list; the rest are counted


def check_codes(
    personio: Look, loket: Look, ids: Mapping[Role, str], policy: Policy, countries: Mapping[str, int]
) -> Iterator[Check]:
    """Every coded role that is mapped. What neither side lists cannot be checked, and its own line says so."""
    mapped = {row.role for row in policy.catalogue}
    yield from _consider(_options(personio, ids, CONSIDER), policy)
    for row in policy.catalogue:
        if row.codes:
            listed = (loket.codes or {}).get(row.codes.list_name.casefold(), ())
            yield from _coded(row, row.codes, _options(personio, ids, row.role), listed)
    if COUNTRY in mapped:
        offered = None if loket.codes is None else loket.codes.get("country", ())
        yield from _countries(_options(personio, ids, COUNTRY), offered, countries)


def _options(look: Look, ids: Mapping[Role, str], role: Role) -> tuple[str, ...]:
    attribute = look.attributes.get(ids.get(role, "")) if look.attributes else None
    return attribute.options if attribute else ()


def _consider(options: tuple[str, ...], policy: Policy) -> Iterator[Check]:
    if not options:
        return
    name = "options of Consider in NL payroll"
    known = [word for word in options if word_of(word, policy.rules.truthy, folded) is not None]
    if known:
        yield Check(name, Verdict.OK, f"Yes is: {_some(known)}")
    else:
        told = f"none of its options means Yes: {_some(options)}"
        yield Check(name, Verdict.FAULT, told, "add the word that means Yes to rules.truthy")


def _coded(row: Attribute, codes: Codes, options: tuple[str, ...], offered: tuple[Code, ...]) -> Iterator[Check]:
    """Keys that are not there, keys that Loket calls by another known word, and words of Personio without a key."""
    words, meant = _words(offered), known_codes(codes, offered)
    wrong = [f"{word} is {key}, which Loket does not have" for word, key in codes.keys.items() if key not in words]
    wrong += [
        f"{word} is {key}, which Loket calls {words[key]}"
        for word, key in codes.keys.items()
        if key in words and word in meant and meant[word].key != key
    ]
    wrong = wrong if offered else []
    without = [word for word in options if word_of(word, codes.keys) is None]
    name, do = f"codes of {row.role}", f"correct {codes.configured}"
    if without and not wrong:
        yield Check(name, Verdict.FAULT, f"no key for: {_some(without)}", do)
    elif offered:
        yield _judged(name, codes.keys, words, wrong, do)


def _words(offered: tuple[Code, ...]) -> dict[str, str]:
    """Loket's word for each of its keys."""
    return {one.key: one.word for one in offered}


def _judged(name: str, configured: Mapping[str, str], words: Mapping[str, str], wrong: list[str], do: str) -> Check:
    if not wrong:
        return Check(name, Verdict.OK, ", ".join(f"{word} is {words[key]}" for word, key in configured.items()))
    has = _some([f"{key} {word}" for key, word in words.items()])
    return Check(name, Verdict.FAULT, f"{'; '.join(wrong)}; Loket has: {has}", do)


def _countries(
    options: tuple[str, ...], offered: tuple[Code, ...] | None, configured: Mapping[str, int]
) -> Iterator[Check]:
    keys = {one.key for one in offered or ()}
    wrong = [f"{iso} is {key}" for iso, key in configured.items() if keys and str(key) not in keys]
    if wrong:
        told = f"Loket has no such country: {_some(wrong)}"
        yield Check("codes of country", Verdict.FAULT, told, "correct [loket.codes.country]")
    known = {comparable(Kind.COUNTRY, one) for one in (*configured, *(code.iso for code in offered or ()))}
    if not options or not known:
        return
    unknown = [word for word in options if comparable(Kind.COUNTRY, word) not in known]
    name = "options of country"
    if unknown:
        do = "make them two-letter ISO codes in Personio, or give each its key in [loket.codes.country]"
        yield Check(name, Verdict.FAULT, f"Loket has no country for: {_some(unknown)}", do)
    else:
        yield Check(name, Verdict.OK, f"Loket knows all {len(options)}")


def _some(words: list[str] | tuple[str, ...]) -> str:
    more = f" and {len(words) - _SHOWN} more" if len(words) > _SHOWN else ""
    return ", ".join(words[:_SHOWN]) + more
