"""The auditor's walk: from what is claimed of somebody's street to a proof on a machine without a network."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser

from adapters.log.verify_page.page import verify_page
from domain.access import Role
from tests.pages.conftest import BOTH, Visit
from tests.support.forgeries import saved_page

VERDICTS = {
    "nl": ("BEWEZEN\nGebeurtenis ", "NIET BEWEZEN", "Straat is in Loket overschreven: •••"),
    "en": ("PROVEN\nEvent ", "NOT PROVEN", "Street was overwritten in Loket: •••"),
}


@BOTH
def test_from_a_claim_to_an_offline_proof_in_eight_clicks(visit: Visit, chromium: Browser, tmp_path: Path) -> None:
    page, clicks = visit.page, 0
    visit.sign_in(Role.AUDITOR)
    visit.go("/e/170")
    elsewhere = str(visit.office.api.web.store.log.verifier)
    language = str(page.get_attribute("html", "lang"))
    say, proven, unproven, overwritten = visit.say, *VERDICTS[language]
    asked: list[str] = []
    visit.context.on("request", lambda one: asked.append(one.url))

    def click(what: str) -> None:
        nonlocal clicks
        page.click(what)
        clicks += 1

    def press(what: str) -> None:
        with page.expect_navigation():
            click(what)

    def save(what: str) -> Path:
        with page.expect_download() as begun:
            click(what)
        begun.value.save_as(tmp_path / begun.value.suggested_filename)
        return tmp_path / begun.value.suggested_filename

    press(f"nav.menu >> text={say('Overwritten')}")
    press("tbody tr:first-child td:last-child a")
    press(f"text={say('Prove it, without believing us')}")
    assert page.inner_text("h1").startswith(overwritten)
    certificate, saved = save(f"text={say('Save the certificate')}"), save(f"text={say('Save verify.html')}")
    assert saved.read_bytes() == verify_page()
    visit.context.set_offline(True)
    asked.clear()

    with saved_page(chromium, tmp_path, locale={"nl": "nl-NL", "en": "en-GB"}[language]) as page:
        page.context.on("request", lambda one: asked.append(one.url))
        with page.expect_file_chooser() as chooser:
            click("#certificate")
        chooser.value.set_files(certificate)
        page.fill("#key", elsewhere)
        click(".act")
        page.wait_for_selector("#verdict .say")
        assert page.inner_text("#verdict").startswith(proven)
        assert "field_overwritten" in page.inner_text("#verdict")

        with page.expect_file_chooser() as again:
            page.click("#certificate")
        again.value.set_files(certificate)
        assert page.inner_text("#verdict") == "", "the same file chosen again proves nothing by itself"

        certificate.write_text(certificate.read_text().replace("4711", "4712"))
        page.set_input_files("#certificate", certificate)
        page.click(".act")
        page.wait_for_selector("#verdict .say")
        assert page.inner_text("#verdict").startswith(unproven)
    visit.context.set_offline(False)
    assert [one for one in asked if not one.startswith(("file:", "data:", "blob:"))] == [], "no request left"
    assert clicks <= 8
