"""The rules, what they were made to decide, and the attributes."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path

from api.http.dependencies import Asking, Requires
from api.http.problems import not_found
from api.http.schemas.answers import Attributes, RuleItem, Rules
from api.presenters import attributes as present
from api.reference.scenarios import scenarios
from domain.access import Permission
from domain.rules import RULES, Rule

router = APIRouter(tags=["rules"])
Everyone = Annotated[Asking, Depends(Requires(Permission.READ_RULES))]


@router.get("/rules")
def rules(asking: Everyone) -> Rules:
    """Every rule with its source, the scenarios that hold us to it, and how often it decided."""
    asking.reads("rules")
    decided = asking.web.store.views.recorded.decisions(asking.entities())
    items = [_item(rule, decided.get(rule.id, 0)) for rule in RULES.values()]
    return Rules(items=items, never_exercised=[one.id for one in items if not one.decisions])


@router.get("/rules/{rule_id}")
def rule(asking: Everyone, rule_id: Annotated[str, Path(pattern=r"^[A-Z]{1,8}-[0-9]{1,3}$")]) -> RuleItem:
    """One rule. The decisions themselves: `/v1/events?rule=`."""
    asking.reads("rules")
    if rule_id not in RULES:
        raise not_found()
    decided = asking.web.store.views.recorded.decisions(asking.entities())
    return _item(RULES[rule_id], decided.get(rule_id, 0))


@router.get("/attributes")
def attributes(asking: Everyone) -> Attributes:
    """Role, Personio attribute, Loket field, limit, and what a blank does. The list is ours, not Personio's."""
    settings = asking.web.settings
    return Attributes.model_validate(present.attributes(settings.catalogue(), settings.personio.attributes))


def _item(rule: Rule, decisions: int) -> RuleItem:
    return RuleItem(
        id=rule.id,
        statement=rule.statement,
        source=rule.source,
        scenarios=list(scenarios().get(rule.id, ())),
        decisions=decisions,
    )
