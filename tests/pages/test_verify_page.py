"""verify.html, opened from a file with the network cut: it says what offline_verifier.py says, and never more."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from adapters.log.verify_page.page import verify_page
from tests.pages.company import Company
from tests.pages.conftest import NARROW, ZOOMED, Visit
from tests.support.forgeries import (
    OWN_WORD,
    PROVEN,
    TABLE,
    Chance,
    by_chance,
    said_in_a_browser,
    said_offline,
    saved_page,
    shown_on_the_screen,
    table,
)
from tests.support.made_certificates import KEY, made_certificates


@pytest.fixture(scope="module")
def saved(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with saved_page(chromium, tmp_path_factory.mktemp("saved"), locale="nl-NL") as page:
        yield page


@pytest.fixture
def blank(saved: Page) -> Page:
    saved.reload()
    return saved


def test_each_forgery_of_the_table_is_told_as_it_is(blank: Page) -> None:
    claims = list(table())

    told = said_in_a_browser(blank, claims)

    assert {one.what: said for one, said in zip(claims, told, strict=True)} == {one.what: one.says for one in claims}


VERDICTS = {
    "en": ("PROVEN", "FITS TOGETHER, BUT WHOSE LOG IT IS WAS NOT CHECKED", "NOT PROVENThis proves nothing: ",
           "NOT CHECKEDNothing was concluded. "),
    "nl": ("BEWEZEN", "KLOPT IN ZICHZELF, MAAR VAN WIE HET LOGBOEK IS, IS NIET GECONTROLEERD",
           "NIET BEWEZENDit bewijst niets: ", "NIET GECONTROLEERDEr is niets vastgesteld. "),
}  # fmt: skip


@pytest.mark.parametrize("language", VERDICTS)
def test_each_forgery_of_the_table_is_shown_in_either_language(blank: Page, language: str) -> None:
    claims = list(table())
    blank.click(f"button[value={language}]")
    proven, own_word, not_proven, not_checked = VERDICTS[language]

    shown = dict(zip((one.what for one in claims), shown_on_the_screen(blank, claims), strict=True))

    begins = {
        PROVEN: ("say good", proven), OWN_WORD: ("say wait", own_word), "not checked": ("say wait", not_checked),
    }  # fmt: skip
    expected = {one.what: begins.get(one.says, ("say stop", not_proven)) for one in claims}
    assert {what: (painted, words[: len(expected[what][1])]) for what, (painted, words) in shown.items()} == expected
    reasons = {one.what: shown[one.what][1].removeprefix(not_proven) for one in claims if one.says not in begins}
    same = {what for what, reason in reasons.items() if reason.removesuffix(".") in {one.says for one in claims}}
    assert same == (set(reasons) if language == "en" else set())


def test_of_forgeries_by_chance_none_is_accepted_and_both_verifiers_say_the_same(blank: Page) -> None:
    claims = list(by_chance(made_certificates(), 500, Chance(11), str(KEY.verifier)))

    told = said_in_a_browser(blank, claims)

    assert {PROVEN, OWN_WORD}.isdisjoint(told)
    assert told == [said_offline(one) for one in claims]


def choose(page: Page, folder: Path, name: str, content: str) -> None:
    (folder / name).write_text(content)
    page.set_input_files("#certificate", folder / name)


def test_three_verdicts_in_words_and_none_outlives_what_it_was_made_of(blank: Page, tmp_path: Path) -> None:
    true, page = made_certificates()[1], blank

    def said() -> str:
        page.click(".act")
        page.wait_for_selector("#verdict .say")
        return page.inner_text("#verdict")

    choose(page, tmp_path, "one.json", true)
    by_its_own_word = said()
    assert by_its_own_word.startswith("KLOPT IN ZICHZELF, MAAR VAN WIE HET LOGBOEK IS, IS NIET GECONTROLEERD")
    assert "Van wie dit logboek is: er is geen sleutel opgegeven." in by_its_own_word

    page.fill("#key", str(KEY.verifier))
    assert page.inner_text("#verdict") == ""
    proven = said()
    assert proven.startswith("BEWEZEN\nGebeurtenis 1 staat in het logboek van 300 gebeurtenissen")
    assert ("Lange Gröte" in proven, "Van wie dit logboek is" in proven) == (True, False)
    assert page.locator("#verdict svg .own").count() == 2, "the event and the head, with the path between them"

    with page.expect_file_chooser():
        page.click("#certificate")
    assert page.inner_text("#verdict") == "", "the same file again is no change to a browser"
    choose(page, tmp_path, "one.json", true.replace('"version": 1', '"version": 2'))
    assert said().startswith("NIET BEWEZEN\nDit bewijst niets: de gebeurtenis staat niet in het ondertekende logboek")

    page.click("button[value=en]")
    assert page.inner_text("#verdict").startswith("NOT PROVEN\nThis proves nothing: the event is not in the log")


@pytest.mark.parametrize(
    "lacking",
    [
        "() => { crypto.subtle.importKey = () => { throw new DOMException('', 'NotSupportedError') } }",
        "() => { delete String.prototype.isWellFormed }",
    ],
    ids=("Ed25519", "whole characters"),
)
def test_a_browser_that_cannot_check_signatures_says_that_it_cannot(blank: Page, tmp_path: Path, lacking: str) -> None:
    page = blank
    page.evaluate(lacking)

    choose(page, tmp_path, "one.json", made_certificates()[0])
    page.click(".act")
    page.wait_for_selector("#verdict .say")

    assert page.inner_text("#verdict").startswith("NIET GECONTROLEERD\nEr is niets vastgesteld. Deze browser kan geen")


def test_its_own_policy_forbids_it_to_send_anything(saved: Page) -> None:
    page = saved.context.new_page()
    page.goto(saved.url)

    refused = page.evaluate("""() => new Promise((told) => {
      document.addEventListener("securitypolicyviolation", (event) => told(event.effectiveDirective));
      fetch("https://example.org").catch(() => {});
    })""")

    page.close()
    assert refused == "connect-src"


def test_everything_it_says_is_said_in_dutch_as_well(saved: Page) -> None:
    script = verify_page().decode()
    thrown = re.findall(r'(?:new (?:Rejected|Unable)\(\s*|TOO_OLD = )"([^"]+)"', script)
    said = [*thrown, *re.findall(r'\bsay\("([^"]+)"', script), *re.findall(r'\btold\("\w+", "([^"]+)"', script)]
    marked = saved.eval_on_selector_all("[data-say]", "each => each.map((one) => one.dataset.say)")

    lacking = saved.evaluate("(all) => all.filter((one) => !Object.hasOwn(DUTCH, one))", [*said, *marked])

    assert (lacking, len(said) > 40) == ([], True)


def test_it_can_be_read_by_everyone(blank: Page, office: Company, tmp_path: Path) -> None:
    page = blank
    choose(page, tmp_path, "one.json", made_certificates()[1])
    page.click(".act")
    page.wait_for_selector("#verdict .say")

    visit = Visit(office, page.context, page)
    assert (visit.violations(), visit.sideways(NARROW, ZOOMED) > 0) == ([], False)
    page.emulate_media(color_scheme="dark")
    assert visit.violations("color-contrast") == []


def test_the_table_tells_true_ones_from_forged_ones() -> None:
    rows = json.loads(TABLE.read_text())["rows"]

    accepted = {row["what"] for row in rows if row["says"] in (PROVEN, OWN_WORD)}

    assert {what for what in accepted if not what.startswith("true")} == set()
    assert len(rows) - len(accepted) > 100
