"""The auditor's walk: from what is claimed of somebody's street to a proof on a machine without a network."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser

from adapters.log.verify_page.page import verify_page
from domain.access import Role
from tests.pages.conftest import Visit
from tests.support.forgeries import saved_page


def test_from_a_claim_to_an_offline_proof_in_eight_clicks(visit: Visit, chromium: Browser, tmp_path: Path) -> None:
    page, clicks = visit.page, 0
    visit.sign_in(Role.AUDITOR)
    visit.go("/e/170")
    elsewhere = str(visit.office.api.web.store.log.verifier)

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

    press("nav.menu >> text=Overschreven")
    press("tbody tr:first-child td:last-child a")
    press("text=Bewijs het, zonder ons te geloven")
    assert page.inner_text(".say").startswith("Straat is in Loket overschreven: •••")
    certificate, saved = save("text=Sla het certificaat op"), save("text=Sla verify.html op")
    assert saved.read_bytes() == verify_page()
    visit.context.set_offline(True)

    with saved_page(chromium, tmp_path, locale="nl-NL") as page:
        with page.expect_file_chooser() as chooser:
            click("#certificate")
        chooser.value.set_files(certificate)
        page.fill("#key", elsewhere)
        click(".act")
        page.wait_for_selector("#verdict .say")
        assert page.inner_text("#verdict").startswith("BEWEZEN\nGebeurtenis ")
        assert "field_overwritten" in page.inner_text("#verdict")

        certificate.write_text(certificate.read_text().replace("4711", "4712"))
        page.set_input_files("#certificate", certificate)
        page.click(".act")
        page.wait_for_selector("#verdict .say")
        assert page.inner_text("#verdict").startswith("NIET BEWEZEN")
    assert clicks <= 8
