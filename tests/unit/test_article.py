"""The article, sentence by sentence, beside the rules: nothing of it led nowhere, and no rule of it has no sentence."""

from __future__ import annotations

from api.reference.scenarios import scenarios, texts
from domain.article import ARTICLE
from domain.rules import ARTICLE_SECTIONS, RULES


def test_every_section_is_told_once_by_its_own_title() -> None:
    assert sorted(one.title for one in ARTICLE) == sorted(ARTICLE_SECTIONS)


def test_every_rule_of_the_article_is_led_to_by_a_sentence_of_its_section_and_every_sentence_leads_to_one() -> None:
    led = {(section.title, rule) for section in ARTICLE for one in section.sentences for rule in one.rules}

    assert {(one.source, one.id) for one in RULES.values() if one.source in ARTICLE_SECTIONS} <= led
    assert {rule for _, rule in led} <= RULES.keys()
    assert [one.text for section in ARTICLE for one in section.sentences if not one.rules] == []


def test_every_scenario_is_told_whole_beside_its_name() -> None:
    assert scenarios().keys() == texts().keys() <= RULES.keys()
    for rule, names in scenarios().items():
        told = texts()[rule]
        assert [one.partition(": ")[2] for one in names] == [one.splitlines()[0].partition(": ")[2] for one in told]
        assert all("Then " in one or "Then the" in one for one in told)
