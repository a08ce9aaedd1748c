"""The documentation site is whole, is found one's way in in both languages, and asks no other machine for anything."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Locator, Page, sync_playwright

from tests.pages.chromium import HOW, OPTIONS, found
from tests.site.build import NOT_INSTALLED, ROOT, NotBuilt, build, fetched_elsewhere, read

pytestmark = pytest.mark.skipif(find_spec("zensical") is None, reason=NOT_INSTALLED)

GATHERED: Final = ("docs", "features", "zensical.toml", "CONTRIBUTING.md", "CHANGELOG.md")
SMALL: Final = """
[project]
site_name = "Small"
docs_dir = "build/site-source"
site_dir = "build/site"
use_directory_urls = false
nav = [{ "Front" = "index.md" }, { "Other" = "other.md" }, "contributing.md", "changelog.md"]
[project.theme]
font = false
"""


def checkout(folder: Path) -> Path:
    """What the site of this checkout is made of."""
    for name in GATHERED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)
    return folder


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A checkout of two documents, whose site is whole."""
    for name in ("docs", "features", "build"):
        (tmp_path / name).mkdir()
    (tmp_path / "zensical.toml").write_text(SMALL)
    (tmp_path / "docs/index.md").write_text("# Front\n\n[other](other.md#below), [change](../CONTRIBUTING.md)\n")
    (tmp_path / "docs/other.md").write_text("# Other\n\n## Below\n\ntext\n")
    for name in ("CONTRIBUTING.md", "CHANGELOG.md"):
        (tmp_path / name).write_text(f"# {name}\n")
    return tmp_path


def test_a_whole_site_is_built(small: Path) -> None:
    site = build(small)

    assert {one.name for one in site.glob("*.html")} >= {"index.html", "other.html", "contributing.html"}
    assert 'href="contributing.html"' in (site / "index.html").read_text()


def appended(name: str, text: str) -> Callable[[Path], None]:
    def append(root: Path) -> None:
        (root / name).write_text((root / name).read_text() + text)

    return append


def unlisted(root: Path) -> None:
    (root / "docs/third.md").write_text("# Third\n")


def gone(root: Path) -> None:
    (root / "docs/other.md").unlink()
    (root / "docs/index.md").write_text("# Front\n")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (appended("docs/index.md", "\n[gone](gone.md)\n"), "docs/index.md: gone.md is not on the site"),
        (appended("docs/index.md", "\n[code](../domain/rules.py)\n"), "../domain/rules.py is not on the site"),
        (appended("docs/index.md", "\n[no such](other.md#above)\n"), "anchor does not exist"),
        (unlisted, "third.md: no menu of zensical.toml leads there"),
        (gone, "other.md: in the menu of zensical.toml, and not there"),
    ],
)  # fmt: skip
def test_a_site_that_is_not_whole_is_not_built(small: Path, spoil: Callable[[Path], None], said: str) -> None:
    spoil(small)

    with pytest.raises(NotBuilt) as refused:
        build(small)

    assert said in str(refused.value)


def test_everything_that_is_wrong_with_the_pages_that_were_made_is_told_at_once(small: Path) -> None:
    spoiled = """
<img src="pages/gone.png"> <img src="//img.example.org/x.png">
<a href="other.html#above">x</a>
<script src="https://cdn.example.org/x.js"></script>
<p style="background: url(http://img.example.org/y.png)">x</p>
"""
    appended("docs/index.md", spoiled)(small)

    with pytest.raises(NotBuilt) as refused:
        build(small)

    assert str(refused.value).splitlines() == [
        "index.html: other.html#above: the page has no such heading",
        "index.html: pages/gone.png leads to nothing",
        "index.html: would fetch //img.example.org/x.png",
        "index.html: would fetch https://cdn.example.org/x.js",
        "index.html: would fetch http://img.example.org/y.png",
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("style.css", "@import 'https://fonts.example.org/x.css';"),
        ("style.css", "p { background: url(//img.example.org/x.png) }"),
        ("script.js", 'fetch("https://api.example.org/")'),
        ("script.js", "importScripts('//cdn.example.org/x.js')"),
        ("page.html", "<p>without a policy</p>"),
    ],
)
def test_what_would_be_fetched_from_elsewhere_is_told(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)

    assert [one for one in fetched_elsewhere(tmp_path, read(tmp_path)) if one.startswith(f"{name}: ")]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the site of this checkout."""
    return build(checkout(tmp_path_factory.mktemp("site")))


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    """Where it is served."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Silent, directory=str(site))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    where = found()
    if where is None:
        pytest.fail(HOW)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=where, args=list(OPTIONS))
        yield browser.new_page()
        browser.close()


def test_the_site_asks_no_other_machine_for_anything(address: str, page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    for name in ("index.html", "nl/elke-dag.html", "reference/rules.html", "features/runs.html"):
        page.goto(f"{address}/{name}")
    refused = page.evaluate("fetch('https://example.org/').then(() => 'asked', () => 'refused')")

    assert asked
    assert [one for one in asked if not one.startswith((address, "data:", "blob:"))] == []
    assert refused == "refused"


@pytest.mark.parametrize(("name", "language"), [("nl/elke-dag.html", "nl"), ("auditing.html", "en")])
def test_a_page_says_in_which_language_it_is(address: str, page: Page, name: str, language: str) -> None:
    page.goto(f"{address}/{name}")

    assert page.get_attribute("html", "lang") == language


def search(page: Page, address: str) -> Locator:
    """Where words are typed."""
    page.goto(f"{address}/index.html")
    typed = page.locator("input[aria-label=Search]")
    while not typed.is_visible():  # the button is there before its script is
        page.click("button.md-search__button")
        page.wait_for_timeout(50)
    return typed


@pytest.mark.parametrize(
    ("word", "leads_to"),
    [
        ("overdrachtslijst", "nl/"),
        ("conceptmedewerker", "nl/"),
        ("mutatieoverzicht", "nl/maandeinde.html"),
        ("refresh token", "operating.html"),
        ("cosignature", "glossary.html"),
    ],
)
def test_words_of_both_languages_are_found(address: str, page: Page, word: str, leads_to: str) -> None:
    search(page, address).fill(word)

    page.locator(f"ol a[href*='{leads_to}']").first.wait_for()


def test_a_site_that_is_opened_from_a_folder_is_searched_too(site: Path, page: Page) -> None:
    search(page, site.as_uri()).fill("overdrachtslijst")
    page.locator("ol a[href*='nl/']").first.click()
    page.wait_for_url("file:///**/nl/*.html*")

    assert page.get_attribute("html", "lang") == "nl"
