"""Pictures of some pages for the documents, from a company whose days are always the same: `make pages-pictures`.

Beside them lies what each was made from, as digests of its templates and of the style sheet, so that a test notices
one that is older.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from jinja2 import Environment, meta
from playwright.sync_api import sync_playwright

from api.pages.rendering import HERE, STATIC
from domain.access import Role
from tests.pages.chromium import HOW, OPTIONS, found
from tests.pages.company import company
from tests.pages.conftest import NARROW, WIDE

FOLDER: Final = Path(__file__).parents[2] / "docs" / "pages"
MADE_FROM: Final = FOLDER / "made-from.json"
PICTURES: Final = {
    "today": ("/e/170", "today.html"),
    "tasks": ("/e/170/tasks", "tasks.html"),
    "run": ("/e/170/runs/{run}", "run.html"),
}
"""By name: what is opened, and the template that makes it."""

WIDTHS: Final = {WIDE: 900, NARROW: 844}
ENGLISH: Final = "en-GB"
SEEN: Final = ((ENGLISH, WIDE), (ENGLISH, NARROW), ("nl-NL", WIDE))
"""In which languages and widths; the Dutch ones are for the handbook."""

LARGEST: Final = 200_000  # bytes
_TEMPLATES: Final = HERE / "templates"


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    where = found()
    assert where, HOW
    with tempfile.TemporaryDirectory() as folder, company(Path(folder)) as office, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=where, args=list(OPTIONS))
        for language, width in SEEN:
            size = {"width": width, "height": WIDTHS[width]}
            page = browser.new_context(locale=language, viewport=size, color_scheme="light").new_page()  # type: ignore[arg-type]
            page.goto(f"{office.url}/sign-in")
            page.fill("#key", office.api.key(Role.PAYROLL_ADMIN, ("170",), holder="Marieke"))
            page.click("main button")
            for name, (path, _) in PICTURES.items():
                page.goto(office.url + office.at(path))
                page.screenshot(path=picture(name, width, language))
        browser.close()
    MADE_FROM.write_text(json.dumps({name: made_from(name) for name in PICTURES}, indent=2) + "\n", encoding="utf-8")


def picture(name: str, width: int, language: str = ENGLISH) -> Path:
    return FOLDER / (f"{name}-{width}.png" if language == ENGLISH else f"{name}-{width}-nl.png")


def made_from(name: str) -> str:
    """Of everything that decides how the page looks, but for what it is about."""
    digest = hashlib.sha256((STATIC / "pages.css").read_bytes())
    for template in sorted(set(_with_parts(PICTURES[name][1]))):
        digest.update((_TEMPLATES / template).read_bytes())
    return digest.hexdigest()[:16]


def _with_parts(template: str) -> Iterator[str]:
    yield template
    parsed = Environment(extensions=["jinja2.ext.i18n"]).parse((_TEMPLATES / template).read_text(encoding="utf-8"))
    for other in meta.find_referenced_templates(parsed):
        if other:
            yield from _with_parts(other)


if __name__ == "__main__":
    main()
