"""One Chromium and one company with its pages for all tests here; what a browser must never do fails the test."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest
from axe_playwright_python import sync_playwright as axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from api.languages import translations
from domain.access import Role
from tests.pages.chromium import HOW, OPTIONS, found
from tests.pages.company import Company, company
from tests.pages.planted import plant

WIDE: Final = 1280
NARROW: Final = 390
ZOOMED: Final = 320  # 1280 at 400 %
BOTH: Final = pytest.mark.parametrize(
    "visit", [("nl-NL", WIDE), ("en-GB", WIDE)], indirect=True, ids=["Dutch", "English"]
)
"""A journey in either language."""
NARROW_TOO: Final = pytest.mark.parametrize(
    "visit", [("nl-NL", WIDE), ("en-GB", NARROW)], indirect=True, ids=["Dutch, wide", "English, narrow"]
)
"""The same on either screen; what is wrong with a page is looked for on both (`Visit.wrong`)."""

AXE: Final = Path(axe.__file__).with_name("axe.min.js").read_text()
_ITS_OWN: Final = ("Failed to load resource", "Clear-Site-Data header on ")
"""What Chromium says itself of a page of 403, 404 or 422, and of a cache that it cleared as it was told."""


@pytest.fixture(scope="module")
def chromium(office: Company) -> Iterator[Browser]:
    """For one file: Playwright keeps the thread's event loop, and other tests want one of their own."""
    where = found()
    if where is None:
        pytest.fail(HOW)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=where, args=list(OPTIONS))
        yield browser
        browser.close()


@pytest.fixture(scope="session", autouse=True)
def _told_often() -> Iterator[None]:
    """How far something is, so that nobody waits for it here."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("api.http.going.TOLD_EVERY", 0.1)
        yield


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    with company(tmp_path_factory.mktemp("pages")) as one:
        plant(one)
        yield one


@dataclass
class Visit:
    """A browser of somebody's; `complaints` is what must stay empty."""

    office: Company
    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)
    script: bool = True
    dutch: bool = True

    def settle(self) -> None:
        """Until what takes long is over: the page loads itself anew, or is looked at again where it has no script."""
        for thread in list(self.office.api.web.runs):
            thread.join()
        if self.script:
            self.page.wait_for_selector("main:not(:has([data-follow]))")
        elif self.page.locator("[data-follow]").count():
            self.press("[data-follow] + p a")

    def sign_in(self, role: Role = Role.PAYROLL_ADMIN, entities: tuple[str, ...] | None = None) -> None:
        self.paste(self.office.key(role, entities))

    def paste(self, key: str) -> None:
        self.go("/sign-in")
        self.page.locator("#key:focus").fill(key)  # a browser complains where it may not focus it any more
        self.press("main button")

    def press(self, what: str) -> None:
        """What leads to another page, until that is there: a click alone may return while the page before still is."""
        with self.page.expect_navigation():
            self.page.click(what)

    def go(self, path: str) -> int:
        answer = self.page.goto(self.office.url + path)
        return answer.status if answer else 304

    @property
    def text(self) -> str:
        return self.page.inner_text("body")

    def say(self, english: str) -> str:
        """The text in the language of the page, as it is in the catalogue."""
        return translations(str(self.page.get_attribute("html", "lang"))).gettext(english)

    def violations(self, *rules: str) -> list[str]:
        """What axe finds wrong with the page as it is; by these rules of its, or by all."""
        asked = json.dumps({"resultTypes": ["violations"], **({"runOnly": rules} if rules else {})})
        self.page.evaluate(f"() => {{ if (!window.axe) {{ {AXE} }} }}")
        found: Any = self.page.evaluate(f"axe.run({asked}).then(result => result.violations)")
        return [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]]

    def wrong(self) -> list[str]:
        """What axe finds on a wide and on a narrow screen, and whether it is wider than either; axe is a script."""
        if not self.script:
            return []
        was, found = self.page.viewport_size, []
        for width in (WIDE, NARROW):
            self.page.set_viewport_size({"width": width, "height": 900})
            found += [*self.violations(), *(["sideways"] if self.sideways() > 0 else [])]
        if was:
            self.page.set_viewport_size(was)
        return found

    def on_paper(self) -> list[str]:
        """What is wrong with it once it is printed: a heading over nothing, a button, cards, something dark or cut."""
        was = self.page.viewport_size
        self.page.set_viewport_size({"width": A4, "height": 900})
        self.page.emulate_media(media="print", color_scheme="dark")
        found: list[str] = self.page.evaluate(ON_PAPER)
        self.page.emulate_media(media="null", color_scheme="null")
        if was:
            self.page.set_viewport_size(was)
        return found

    def sideways(self, *widths: int) -> int:
        """Pixels by which the page is wider than the window; than the worst of these widths."""
        was = self.page.viewport_size
        found = []
        for width in widths or (None,):
            if width:
                self.page.set_viewport_size({"width": width, "height": 900})
            found.append(self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))
        if widths and was:
            self.page.set_viewport_size(was)
        return max(found)


ON_PAPER: Final = """() => {
  const seen = (one) => one.checkVisibility() && one.getClientRects().length > 0;
  const main = document.querySelector("main"), found = [];
  for (const heading of main.querySelectorAll("h2, h3")) {
    if (!seen(heading)) continue;
    let after = heading.nextElementSibling;
    while (after && !seen(after)) after = after.nextElementSibling;
    if (!after || /^H[123]$/.test(after.tagName)) found.push("nothing below " + heading.innerText);
  }
  for (const one of document.querySelectorAll("form, button, input, select, .menu, .pager")) {
    if (seen(one)) found.push("to be pressed: " + one.outerHTML.slice(0, 80));
  }
  for (const one of main.querySelectorAll("table")) {
    if (seen(one) && getComputedStyle(one).display !== "table") found.push("cards: " + one.innerText.slice(0, 40));
  }
  for (const one of document.querySelectorAll("body, body *:not(svg *)")) {
    const [red, green, blue, solid = 1] = getComputedStyle(one).backgroundColor.match(/[\\d.]+/g).map(Number);
    if (seen(one) && solid > 0.1 && red + green + blue < 600) found.push("dark: " + one.outerHTML.slice(0, 80));
  }
  if (/Choose a line|Kies hierboven/.test(main.innerText)) found.push("an invitation that paper cannot take");
  if (document.documentElement.scrollWidth > innerWidth) found.push("wider than the paper");
  return found;
}"""
A4: Final = 681
"""Pixels of a page between its margins."""


@dataclass
class Windows:
    """Windows of the browser, each somebody's for a while: a new one costs seconds, so that one left is used again."""

    browser: Browser
    left: dict[tuple[str, bool], list[Page]] = field(default_factory=dict)

    @contextmanager
    def open(self, office: Company, locale: str, width: int, *, script: bool = True) -> Iterator[Visit]:
        """Without a cookie of whoever was here before. What went wrong in it is never used again."""
        left = self.left.setdefault((locale, script), [])
        page = left.pop() if left else self._new(locale, script)
        page.set_viewport_size({"width": width, "height": 900})
        one = Visit(office, page.context, page, script=script, dutch=locale.startswith("nl"))
        hearing: dict[Any, Callable[[Any], None]] = {
            "console": lambda said: None if said.text.startswith(_ITS_OWN) else one.complaints.append(said.text),
            "pageerror": lambda error: one.complaints.append(str(error)),
            "request": lambda asked: None if asked.url.startswith(office.url) else one.complaints.append(asked.url),
        }
        for event, heard in hearing.items():
            page.on(event, heard)
        yield one
        for event, heard in hearing.items():
            page.remove_listener(event, heard)
        assert one.complaints == []
        page.goto("about:blank")  # what follows something would load itself anew in the midst of the next visit
        page.context.clear_cookies()
        page.emulate_media(media="null", color_scheme="null", forced_colors="null")
        left.append(page)

    def _new(self, locale: str, script: bool) -> Page:
        return self.browser.new_context(locale=locale, java_script_enabled=script, bypass_csp=False).new_page()


@pytest.fixture(scope="module")
def windows(chromium: Browser) -> Windows:
    return Windows(chromium)


@pytest.fixture
def visit(windows: Windows, office: Company, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """In Dutch on a wide screen, unless the test says otherwise with a parameter (language, width)."""
    locale, width = getattr(request, "param", ("nl-NL", WIDE))
    with windows.open(office, locale, width) as one:
        yield one
