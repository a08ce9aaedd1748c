"""One Chromium and one company with its pages for all tests here; what a browser must never do fails the test."""

from __future__ import annotations

import asyncio
import json
from asyncio import AbstractEventLoop
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from axe_playwright_python import sync_playwright as axe
from playwright.sync_api import Browser, BrowserContext, Error, Page, Response, sync_playwright

from api.languages import translations
from domain.access import Role
from tests.pages.chromium import HOW, OPTIONS, found
from tests.pages.company import Company, company
from tests.pages.planted import plant
from tests.support.waiting import PATIENCE

WIDE: Final = 1280
NARROW: Final = 390
ZOOMED: Final = 320  # 1280 at 400 %


@dataclass(frozen=True)
class Way:
    """How somebody goes: in which language, on which screen first, whether scripts run, and whether both screens are
    gone through (`Visit.crossing`)."""

    locale: str = "nl-NL"
    width: int = WIDE
    script: bool = True
    crossing: bool = False

    @property
    def dutch(self) -> bool:
        return self.locale.startswith("nl")

    def __str__(self) -> str:
        screen = ("wide" if self.width == WIDE else "narrow") + (" first" if self.crossing else "")
        return ", ".join(("Dutch" if self.dutch else "English", screen, *(() if self.script else ("without script",))))


def ways(*each: Way) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("visit", each, indirect=True, ids=str)


ACROSS: Final = (Way("nl-NL", WIDE, crossing=True), Way("en-GB", NARROW, crossing=True))
"""Both languages on both screens: where somebody acts on the wide one in Dutch, they act on the narrow one in English,
and at the next step the other way round. Every page they come to is looked at on both."""

CROSSED: Final = ways(*ACROSS)
SCRIPT_OR_NOT: Final = ways(*ACROSS, *(replace(one, width=WIDE + NARROW - one.width, script=False) for one in ACROSS))
BOTH: Final = ways(Way("nl-NL"), Way("en-GB"))
"""What is the same on every screen."""

AXE: Final = Path(axe.__file__).with_name("axe.min.js").read_text()
_GOES_ON: Final = "Execution context was destroyed, most likely because of a navigation"
_BROKEN_OFF: Final = "is interrupted by another navigation"
_ITS_OWN: Final = ("Failed to load resource", "Clear-Site-Data header on ")
"""What Chromium says itself of a page of 403, 404 or 422, and of a cache that it cleared as it was told."""


@pytest.fixture(scope="package")
def browser() -> Iterator[tuple[Browser, AbstractEventLoop]]:
    """One for all files here, and the event loop that Playwright keeps for it."""
    where = found()
    if where is None:
        pytest.fail(HOW)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=where, args=list(OPTIONS))
        loop = asyncio.get_running_loop()
        asyncio._set_running_loop(None)
        yield launched, loop
        asyncio._set_running_loop(loop)
        launched.close()


@pytest.fixture(scope="module")
def chromium(browser: tuple[Browser, AbstractEventLoop]) -> Iterator[Browser]:
    """For one file: tests that have no browser want a loop of their own in this thread."""
    launched, loop = browser
    asyncio._set_running_loop(loop)
    yield launched
    asyncio._set_running_loop(None)


@pytest.fixture(scope="session", autouse=True)
def _told_often() -> Iterator[None]:
    """How far something is, so that nobody waits for it here."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("api.http.going.TOLD_EVERY", 0.1)
        yield


@pytest.fixture(scope="session")
def shared_office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    with company(tmp_path_factory.mktemp("shared")) as one:
        plant(one)
        yield one


@pytest.fixture
def office(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """One for all tests that only look; one of its own for each test that is marked as one that acts."""
    if not acts(request):
        yield request.getfixturevalue("shared_office")
        return
    with company(tmp_path_factory.mktemp("own")) as one:
        plant(one)
        yield one


def acts(request: pytest.FixtureRequest) -> bool:
    return request.node.get_closest_marker("acts") is not None


@pytest.fixture(autouse=True)
def _looks_only(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whoever does not act leaves the company as it was, or the next test would find another one by chance."""
    if acts(request) or "office" not in request.fixturenames:
        yield
        return
    one: Company = request.getfixturevalue("office")
    clock, log = one.world.clock, one.api.web.store.log
    begun, size = clock.now(), log.size()
    yield
    clock.sleep((begun - clock.now()) / timedelta(seconds=1))
    written = {event.name for event in log.page(size - 1, 1000) if not event.name.startswith("access.")}
    assert written == set(), "it acts, and has to be marked as such"


def reach(page: Page, url: str) -> Response | None:
    """Goes there, however often the page before loads itself anew at that very moment and breaks it off."""
    while True:
        try:
            return page.goto(url)
        except Error as reason:
            if _BROKEN_OFF not in str(reason):
                raise


@dataclass
class Visit:
    """A browser of somebody's; `complaints` is what must stay empty."""

    office: Company
    context: BrowserContext
    page: Page
    way: Way = Way()
    complaints: list[str] = field(default_factory=list)
    acted_on: set[int] = field(default_factory=set)
    seen: set[tuple[str, int, str]] = field(default_factory=set)

    @property
    def dutch(self) -> bool:
        return self.way.dutch

    @property
    def script(self) -> bool:
        return self.way.script

    @property
    def language(self) -> str:
        return "nl" if self.dutch else "en"

    def settle(self) -> None:
        """Until what takes long is over: the page loads itself anew, or is looked at again where it has no script."""
        for thread in list(self.office.api.web.runs):
            thread.join()
        if self.script:
            self.page.wait_for_selector("main:not(:has([data-follow]))")
        elif self.page.locator("[data-follow]").count():
            self._follow("[data-follow] + p a")
        self._look_on_both()

    def sign_in(self, role: Role = Role.PAYROLL_ADMIN, entities: tuple[str, ...] | None = None) -> None:
        self.paste(self.office.key(role, entities))

    def paste(self, key: str) -> None:
        reach(self.page, f"{self.office.url}/sign-in")
        self.page.locator("#key:focus").fill(key)  # a browser complains where it may not focus it any more
        self.press("main button")

    def press(self, what: str) -> None:
        """What leads to another page; whoever crosses goes on there on the other screen."""
        self.acted_on.add(self.width)
        self._follow(what)
        if self.way.crossing:
            self.look()
            self.width = WIDE + NARROW - self.width
            self.look()

    def _follow(self, what: str) -> None:
        """Until the other page is there: a click alone may return while the page before still is."""
        with self.page.expect_navigation():
            self.page.click(what)

    def go(self, path: str) -> int:
        answer = reach(self.page, self.office.url + path)
        self._look_on_both()
        return answer.status if answer else 304

    @property
    def width(self) -> int:
        return self.page.viewport_size["width"]

    @width.setter
    def width(self, pixels: int) -> None:
        self.page.set_viewport_size({"width": pixels, "height": 900})

    @contextmanager
    def on(self, *widths: int) -> Iterator[Iterator[int]]:
        """Each screen in turn, and then the one that it was."""
        was = self.width

        def turn() -> Iterator[int]:
            for self.width in widths:
                yield self.width

        yield turn()
        self.width = was

    def _look_on_both(self) -> None:
        if self.way.crossing and self.look():
            with self.on(WIDE + NARROW - self.width) as other:
                for _ in other:
                    self.look()

    def look(self) -> bool:
        """Whether the page fits the screen, and whatever can be pressed or filled in is within reach, once it is whole;
        whether its state is one that nobody saw yet on this screen in this language."""
        try:
            while not (seen := self.page.evaluate(OUT_OF_REACH)):
                self.page.wait_for_load_state()
        except Error as reason:
            if _GOES_ON not in str(reason):
                raise
            return False  # it loads itself anew at this moment: `settle` looks when that is over
        found, state = seen
        self.complaints += [f"{one}, {self.width} pixels wide: {self.page.url}" for one in found]
        return self._new(f"looked {state}")

    def _new(self, state: str) -> bool:
        one = (self.language, self.width, state)
        return one not in self.seen and not self.seen.add(one)

    @property
    def text(self) -> str:
        return self.page.inner_text("body")

    def say(self, english: str) -> str:
        """The text in the language of the page, as it is in the catalogue."""
        return translations(str(self.page.get_attribute("html", "lang"))).gettext(english)

    def violations(self, *rules: str, without: Sequence[str] = ()) -> list[str]:
        """What axe finds wrong with the page as it is; by these rules of its, or by all but some."""
        how = {"runOnly": rules} if rules else {"rules": {one: {"enabled": False} for one in without}}
        asked = json.dumps({"resultTypes": ["violations"], "preload": False, "selectors": False, **how})
        self.page.evaluate(f"() => {{ if (!window.axe) {{ {AXE} }} }}")
        found: Any = self.page.evaluate(f"axe.run({asked}).then(result => result.violations)")
        return [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]]

    def wrong(self) -> list[str]:
        """What axe finds on a wide and on a narrow screen, once for each state of a page in each language.

        What needs no script to be made is looked at where there is one. Colours are looked at on the screen that the
        way began on: in the other language it is the other one.
        """
        found = []
        with self.on(*((WIDE, NARROW) if self.script else ())) as screens:
            for width in screens:
                if self._new(f"axe {self.page.evaluate(STATE)}"):
                    found += self.violations(without=() if width == self.way.width else [COLOURS])
        return found

    def on_paper(self) -> list[str]:
        """What is wrong with it once it is printed: a heading over nothing, a button, cards, something dark or cut."""
        self.width = A4
        self.page.emulate_media(media="print", color_scheme="dark")
        found: list[str] = self.page.evaluate(ON_PAPER)
        self.page.emulate_media(media="null", color_scheme="null")
        return found

    def sideways(self, *widths: int) -> int:
        """Pixels by which the page is wider than the window; than the worst of these widths."""
        with self.on(*(widths or (self.width,))) as screens:
            return max(self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth") for _ in screens)


COLOURS: Final = "color-contrast"
"""The rule of axe's that takes as long as all others."""

STATE: Final = """location.pathname.replace(/[^/]*\\d[^/]*/g, "#") + [...new Set([
  ...document.querySelectorAll("body *")].map((one) =>
     one.tagName + one.className + one.id + (one.disabled ? "-" : "") + (one.ariaInvalid ?? ""))
)]"""
"""Which page it is, and what kinds of things are on it."""

OUT_OF_REACH: Final = """() => {
  if (document.readyState !== "complete") return null;
  const found = document.documentElement.scrollWidth > innerWidth ? ["sideways"] : [];
  for (const one of document.querySelectorAll(
      "main :is(button:enabled, a.button, input:not([type=hidden]), select, textarea)")) {
    if (!one.checkVisibility({visibilityProperty: true})) continue;
    one.scrollIntoView({block: "center"});
    const {left, right, top, bottom} = one.getBoundingClientRect();
    if (left < 0 || right > innerWidth) found.push("cut off: " + one.outerHTML.slice(0, 80));
    const there = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    if (!one.contains(there)) found.push("covered: " + one.outerHTML.slice(0, 80));
  }
  scrollTo(0, 0);
  return [found, STATE];
}""".replace("STATE", STATE)
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
    seen: set[tuple[str, int, str]] = field(default_factory=set)

    @contextmanager
    def open(self, office: Company, way: Way) -> Iterator[Visit]:
        """Without a cookie of whoever was here before. What went wrong in it is never used again."""
        left = self.left.setdefault((way.locale, way.script), [])
        page = left.pop() if left else self._new(way)
        page.set_viewport_size({"width": way.width, "height": 900})
        one = Visit(office, page.context, page, way, seen=self.seen)
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
        assert not way.crossing or one.acted_on == {WIDE, NARROW}
        reach(page, "about:blank")  # what follows something would load itself anew in the midst of the next visit
        page.context.clear_cookies()
        page.emulate_media(media="null", color_scheme="null", forced_colors="null")
        left.append(page)

    def _new(self, way: Way) -> Page:
        context = self.browser.new_context(locale=way.locale, java_script_enabled=way.script)
        context.set_default_timeout(PATIENCE * 1000)
        return context.new_page()


@pytest.fixture(scope="package")
def all_windows(browser: tuple[Browser, AbstractEventLoop]) -> Windows:
    return Windows(browser[0])


@pytest.fixture(scope="module")
def windows(all_windows: Windows, chromium: Browser) -> Windows:
    return all_windows


@pytest.fixture
def visit(windows: Windows, office: Company, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """In Dutch on a wide screen, unless the test names its ways."""
    with windows.open(office, getattr(request, "param", Way())) as one:
        yield one
