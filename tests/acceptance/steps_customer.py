"""Steps about what a customer has chosen in the configuration."""

from __future__ import annotations

from dataclasses import replace

from pytest_bdd import given, parsers

from domain.attributes import CODED_ROWS, GENDER
from domain.settings import AbsentIsBlank
from tests.acceptance import words
from tests.acceptance.words import LABEL
from tests.support.scene import Scene
from tests.support.world import ENTITIES


@given("leave counts as Active in this legal entity")
def leave_is_active(scene: Scene) -> None:
    scene.world.leave_counts_as_active = True


@given(parsers.re(r"the answer \"(?P<word>\w+)\" counts as Yes for this customer"))
def truthy(scene: Scene, word: str) -> None:
    scene.world.rules = replace(scene.world.rules, truthy=scene.world.rules.truthy | {word})


@given(parsers.re(rf"the {LABEL} is mandatory for this customer"))
def mandatory(scene: Scene, label: str) -> None:
    rules = scene.world.rules
    scene.world.rules = replace(rules, mandatory=rules.mandatory | {words.role(label)})


@given(parsers.re(rf"the {LABEL} is not mapped by this customer"))
def not_mapped(scene: Scene, label: str) -> None:
    scene.world.mapped -= {words.role(label)}


@given("the identity check is switched off for this customer")
def no_identity_guard(scene: Scene) -> None:
    scene.world.rules = replace(scene.world.rules, identity_guard=False)


@given(parsers.re(r"this customer maps the gender \"(?P<gender>\w+)\" to Loket's \"(?P<code>\w+)\""))
def gender_mapped(scene: Scene, gender: str, code: str) -> None:
    word, key = str(words.in_personio("gender", gender)), words.LOKET_GENDERS[code]
    scene.world.keys[GENDER] = {**CODED_ROWS[GENDER].keys, word: key}


@given("this customer's Personio leaves empty attributes out")
def absent_is_blank(scene: Scene) -> None:
    scene.world.hr.omit_empties()
    scene.world.rules = replace(scene.world.rules, absent_is_blank=AbsentIsBlank.ALWAYS)


@given(parsers.re(r"the configuration names the employer of (?P<other>[\w ]+) by mistake"))
def wrong_employer(scene: Scene, other: str) -> None:
    scene.world.configured_employer = ENTITIES[other]


@given("this customer's Loket takes no foreign IBAN without its BIC")
def bic_required(scene: Scene) -> None:
    scene.world.rules = replace(scene.world.rules, bic_required=True)
