"""The article sentence by sentence, the rules each led to, and what a rule decided: which sentence made us do this?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path
from fastapi.responses import HTMLResponse

from api.http.routes import rules as asked
from api.http.schemas.answers import RuleItem
from api.languages import tongue
from api.pages.asking import PageAsking, Signed
from api.pages.frame import shown
from api.pages.listing import Listing, as_json
from api.pages.names import names_of
from api.reference.scenarios import texts
from domain.access import Permission
from domain.article import ARTICLE, Section, Sentence
from domain.outcomes import outcomes_in
from domain.rules import ARTICLE as TITLE
from domain.rules import ARTICLE_SECTIONS, OURS
from domain.values import LegalEntityId
from domain.views.history import HistoryLine, lines
from domain.views.recorded import Entry, Filters
from domain.whose import NO_ENTITY

router = APIRouter()
Reader = Annotated[PageAsking, Depends(Signed(Permission.READ_RULES))]
_LATEST: Final = 10
_COLUMNS: Final = ("id", "statement", "source", "decisions")


@dataclass(frozen=True, slots=True)
class RulesPage:
    """`others` are rules of other public pages and of Loket's documents, `ours` those that no page says."""

    article: Sequence[Section]
    title: str
    by_id: Mapping[str, RuleItem]
    ours: tuple[RuleItem, ...]
    others: tuple[RuleItem, ...]
    never: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision under a rule; `address` is whose page tells the rest: of several people that of the run."""

    entry: Entry
    line: HistoryLine
    number: int | None
    people: int
    address: str | None


@dataclass(frozen=True, slots=True)
class RulePage:
    """`latest` is None for whoever reads without people. `led_by` are the sentences of the article behind the rule."""

    rule: RuleItem
    section: str | None
    ours: bool
    led_by: tuple[Sentence, ...]
    scenarios: tuple[tuple[str, str], ...]  # name and text
    latest: tuple[Decided, ...] | None


@router.get("/rules")
def rules(asking: Reader) -> HTMLResponse:
    found = asked.rules(asking)
    page = RulesPage(
        article=ARTICLE,
        title=TITLE,
        by_id={one.id: one for one in found.items},
        ours=tuple(one for one in found.items if one.source == OURS),
        others=tuple(one for one in found.items if one.source != OURS and one.source not in ARTICLE_SECTIONS),
        never=tuple(found.never_exercised),
    )
    listing = Listing("rules", _COLUMNS, lambda: map(as_json, found.items), lambda _: {})
    return shown(asking, "rules.html", entity=None, current="rules", page=page, listing=listing)


@router.get("/rules/{rule_id}")
def rule(asking: Reader, rule_id: Annotated[str, Path(pattern=r"^[A-Z]{1,8}-[0-9]{1,3}$")]) -> HTMLResponse:
    found = asked.rule(asking, rule_id)
    page = RulePage(
        rule=found,
        section=found.source if found.source in ARTICLE_SECTIONS else None,
        ours=found.source == OURS,
        led_by=tuple(one for section in ARTICLE for one in section.sentences if rule_id in one.rules),
        scenarios=tuple(_told(found, texts().get(rule_id, ()))),
        latest=tuple(_latest(asking, rule_id)) if asking.caller.may(Permission.READ_PEOPLE) else None,
    )
    return shown(asking, "rule.html", entity=None, current="rules", page=page, names=_names(asking, page.latest or ()))


def _told(rule: RuleItem, found: Sequence[str]) -> Iterator[tuple[str, str]]:
    for name, text in zip(rule.scenarios, found, strict=True):
        yield name, text.partition("\n")[2]


def _latest(asking: PageAsking, rule: str) -> Iterator[Decided]:
    """The last ten of the caller's legal entities, masked as anywhere."""
    store, mine = asking.web.store, [one for one in asking.entities() if one != NO_ENTITY]
    entries = store.views.recorded.find(mine, Filters(rule=rule), before=asking.seen + 1, limit=_LATEST).entries
    events = store.vault.marked(store.log.at([one.position for one in entries]))
    told = {
        line.position: (line, event) for line, event in zip(lines(events, tongue(asking.language)), events, strict=True)
    }
    for one in entries:
        line, event = told[one.position]
        outcomes = outcomes_in(event.fact)
        number = outcomes[0].employee_number if len(outcomes) == 1 else one.employee_number
        several = f"runs/{one.run}" if outcomes and asking.opens("/e/{entity}/runs/{run_id}") else None
        base, page = f"/e/{one.legal_entity}", f"people/{number}" if number else several
        yield Decided(one, line, number, len(outcomes), f"{base}/{page}" if page else None)


def _names(asking: PageAsking, latest: Sequence[Decided]) -> Mapping[tuple[str, int], str]:
    """Those that this session shows, by legal entity and number."""
    found: dict[tuple[str, int], str] = {}
    for entity in {one.entry.legal_entity for one in latest}:
        numbers = [one.number for one in latest if one.entry.legal_entity == entity]
        found |= {(entity, number): name for number, name in names_of(asking, LegalEntityId(entity), numbers).items()}
    return found
