"""The documentation site, from docs/ and what it links to: `make docs-site` builds it into build/site, or says why not.

Zensical makes the pages, and refuses a link to a page or heading that is not there. What it lets pass is looked for in
what it made: links and pictures to files that are not there, pages that no menu leads to, and anything that a browser
would fetch from elsewhere.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

ROOT: Final = Path(__file__).parents[2]
CONFIGURATION: Final = "zensical.toml"
NOT_INSTALLED: Final = "the tools of the documentation site are not installed: make install"

_STYLE: Final = Path(__file__).with_name("site.css")
_BESIDE: Final = {"CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md"}
_LINK: Final = re.compile(r"(\]\()(?!https?:|mailto:|#)([^)#\s]+)((?:#[^)\s]*)?\))")
_NAMED: Final = re.compile(r"^Feature: (.+)$", re.MULTILINE)
_LISTED: Final = re.compile(r"\]\(([\w-]+\.md)\)")
_DUTCH: Final = "nl"
_POLICY: Final = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "worker-src 'self' blob:; base-uri 'self'; form-action 'none'"
)
"""Of every page: the theme's script names addresses of libraries for what no page here has, such as drawings."""

_FOLDER: Final = "assets/javascripts/from-a-folder.js"
_OPENED: Final = """\
if (location.protocol === "file:") {
  const Served = window.Worker;
  const source = new Blob([SOURCE], { type: "text/javascript" });
  window.Worker = function () { return new Served(URL.createObjectURL(source)); };
}
"""
"""What a browser may not read from a folder is in a script, which it may."""
_FETCHING: Final = {
    "audio": ("src",), "embed": ("src",), "iframe": ("src",), "image": ("href", "xlink:href"), "img": ("src", "srcset"),
    "input": ("src",), "link": ("href",), "object": ("data",), "script": ("src",), "source": ("src", "srcset"),
    "track": ("src",), "use": ("href", "xlink:href"), "video": ("src", "poster"),
}  # fmt: skip
"""What a browser fetches without being asked, by element."""
_ELSEWHERE: Final = re.compile(r"^\s*(?:https?:|wss?:)?//", re.IGNORECASE)
_IN_STYLE: Final = re.compile(r"""(?:url\(\s*|@import\s+)["']?\s*((?:https?:)?//[^"')\s]+)""", re.IGNORECASE)
_IN_SCRIPT: Final = re.compile(
    r"""(?:\bfetch|\bimport|importScripts|new (?:Worker|SharedWorker|WebSocket|EventSource)|\.open|\.src ?=)"""
    r"""\(?\s*(?:"[A-Z]+",\s*)?["'`]((?:https?:|wss?:)?//[^"'`]+)"""
)


class NotBuilt(Exception):
    """Says why, a fault a line."""


def main() -> int:
    if find_spec("zensical") is None:
        print(NOT_INSTALLED, file=sys.stderr)
        return 2
    try:
        site = build(ROOT)
    except NotBuilt as reason:
        print(reason, file=sys.stderr)
        return 1
    print(f"{site.relative_to(ROOT)}/index.html: {len(list(site.rglob('*.html')))} pages")
    return 0


def build(root: Path) -> Path:
    """The folder of the site of this checkout. Raises NotBuilt."""
    settings = tomllib.loads((root / CONFIGURATION).read_text(encoding="utf-8"))["project"]
    source, site = root / settings["docs_dir"], root / settings["site_dir"]
    for folder in (source, site):
        shutil.rmtree(folder, ignore_errors=True)
    gather(root, source)
    where = _with_menu(root, source, settings)
    _refuse(unlisted(source, list(_leaves(tomllib.loads(where.read_text(encoding="utf-8"))["project"]["nav"]))))
    _make(where)
    _finish(site)
    pages = read(site)
    _refuse([*dead_links(site, pages), *fetched_elsewhere(site, pages)])
    return site


def gather(root: Path, source: Path) -> None:
    """docs/ and what belongs to it, each link leading to where its target is on the site. Raises NotBuilt."""
    shutil.copytree(root / "docs", source)
    shutil.copy(_STYLE, source)
    for name, page in _BESIDE.items():
        shutil.copy(root / name, source / page)
    (source / "features").mkdir()
    for feature in sorted((root / "features").glob("*.feature")):
        (source / "features" / f"{feature.stem}.md").write_text(_as_page(feature), encoding="utf-8")
    faults = [fault for page in sorted(source.rglob("*.md")) for fault in _link_anew(root, source, page)]
    _refuse(faults)


def _as_page(feature: Path) -> str:
    text = feature.read_text(encoding="utf-8")
    named = _NAMED.search(text)
    return f"# {named[1] if named else feature.stem}\n\n```gherkin\n{text}```\n"


def _link_anew(root: Path, source: Path, page: Path) -> list[str]:
    """Write the page with its links as they are on the site; the links that lead to nothing there."""
    at, faults = _origin(root, source, page), []

    def moved(found: re.Match[str]) -> str:
        target = Path(os.path.normpath(at.parent / unquote(found[2])))
        on_site = _on_site(root, source, target / "README.md" if target.is_dir() else target)
        if on_site is None or not on_site.exists():
            faults.append(f"{at.relative_to(root)}: {found[2]} is not on the site")
            return found[0]
        return f"{found[1]}{os.path.relpath(on_site, page.parent)}{found[3]}"

    page.write_text(_LINK.sub(moved, page.read_text(encoding="utf-8")), encoding="utf-8")
    return faults


def _origin(root: Path, source: Path, page: Path) -> Path:
    """Where a page was before it was gathered."""
    name = page.relative_to(source)
    beside = {there: here for here, there in _BESIDE.items()}
    return root / beside[name.as_posix()] if name.as_posix() in beside else root / "docs" / name


def _on_site(root: Path, source: Path, target: Path) -> Path | None:
    if target.is_relative_to(root / "docs"):
        return source / target.relative_to(root / "docs")
    name = target.relative_to(root).as_posix() if target.is_relative_to(root) else ""
    if target.suffix == ".feature":
        return source / "features" / f"{target.stem}.md"
    return source / _BESIDE[name] if name in _BESIDE else None


def _with_menu(root: Path, source: Path, settings: dict[str, object]) -> Path:
    """The configuration with each "folder/*" of its menu told page by page; where it lies."""
    text = (root / CONFIGURATION).read_text(encoding="utf-8")
    for folder in re.findall(r'"([\w/-]+)/\*"', text):
        pages = ", ".join(f'"{folder}/{name}"' for name in _in_order(source / folder))
        text = text.replace(f'"{folder}/*"', f"[{pages}]")
    where = root / "build" / CONFIGURATION
    for folder in ("docs_dir", "site_dir"):
        text = text.replace(f'"{settings[folder]}"', f'"{Path(str(settings[folder])).relative_to("build")}"')
    where.write_text(text, encoding="utf-8")
    return where


def _in_order(folder: Path) -> Sequence[str]:
    """The pages of a folder, as its README lists them where it has one."""
    pages = sorted(one.name for one in folder.glob("*.md"))
    if "README.md" not in pages:
        return pages
    listed = list(dict.fromkeys(_LISTED.findall((folder / "README.md").read_text(encoding="utf-8"))))
    return ["README.md", *(one for one in listed if one in pages)]


def _leaves(menu: object) -> Iterator[str]:
    if isinstance(menu, str):
        yield menu
    elif isinstance(menu, list):
        for each in menu:
            yield from _leaves(each)
    elif isinstance(menu, dict):
        yield from _leaves(list(menu.values()))


def unlisted(source: Path, menu: Sequence[str]) -> list[str]:
    """Pages that no menu leads to, and entries of the menu that lead to no page."""
    pages = {one.relative_to(source).as_posix() for one in source.rglob("*.md")}
    return [f"{one}: no menu of {CONFIGURATION} leads there" for one in sorted(pages - set(menu))] + [
        f"{one}: in the menu of {CONFIGURATION}, and not there" for one in sorted(set(menu) - pages)
    ]


def _make(configuration: Path) -> None:
    command = [sys.executable, "-m", "zensical", "build", "--strict", "--clean", "-f", str(configuration)]
    environment = {**os.environ, "NO_COLOR": "1"}
    made = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if made.returncode:
        said = re.sub(r"\x1b\[[0-9;]*m", "", made.stdout + made.stderr)
        raise NotBuilt(said.partition("Traceback")[0].strip() or said)


def _finish(site: Path) -> None:
    """Let no page fetch anything from elsewhere; tell what reads Dutch aloud or breaks its words that it is Dutch."""
    policy = f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    _searched_from_a_folder(site)
    for page in sorted(site.rglob("*.html")):
        language = _DUTCH if page.is_relative_to(site / _DUTCH) else "en"
        text = page.read_text(encoding="utf-8")
        text = text.replace('<html lang="en"', f'<html lang="{language}"', 1)
        head, script = (
            '<meta charset="utf-8">',
            f'<script src="{os.path.relpath(site / _FOLDER, page.parent)}"></script>',
        )
        page.write_text(text.replace(head, f"{head}\n{policy}\n{script}", 1), encoding="utf-8")


def _searched_from_a_folder(site: Path) -> None:
    """A page that is opened from a folder may read neither the index nor the script that searches: give it both."""
    index = (site / "search.json").read_text(encoding="utf-8")
    (site / "search.js").write_text(f"var __index = {index};\n", encoding="utf-8")
    (worker,) = (site / "assets/javascripts/workers").glob("search.*.js")
    source = json.dumps(worker.read_text(encoding="utf-8"))
    (site / _FOLDER).write_text(_OPENED.replace("SOURCE", source), encoding="utf-8")


class _Page(HTMLParser):
    """Its links, its anchors, and what a browser fetches for it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.fetched: list[str] = []
        self.scripts: list[str] = []
        self.styles: list[str] = []
        self.closed = _POLICY in text
        self._inside = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._inside = tag
        self.anchors.update(given[name] for name in ("id", "name") if name in given)
        self.styles.append(given.get("style", ""))
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag == "link" and not _loads(given.get("rel", "")):
            return
        for name in _FETCHING.get(tag, ()):
            parts = given.get(name, "").split(",") if name == "srcset" else [given.get(name, "")]
            self.fetched += [part.split()[0] if name == "srcset" else part for part in parts if part.strip()]

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "script":
            self.scripts.append(data)
        if self._inside == "style":
            self.styles.append(data)


def _loads(relation: str) -> bool:
    return not set(relation.split()) <= {"canonical", "prev", "next", "alternate", "author", "license"}


def read(site: Path) -> Mapping[Path, _Page]:
    """Every page and drawing of the site."""
    paths = sorted(one for one in site.rglob("*") if one.suffix in (".html", ".svg"))
    return {one: _Page(one.read_text(encoding="utf-8")) for one in paths}


def dead_links(site: Path, pages: Mapping[Path, _Page]) -> list[str]:
    """Links, pictures, scripts and style sheets of pages that lead to nothing on the site."""
    found = []
    for path, page in pages.items():
        for link in (*page.links, *page.fetched):
            at = urlsplit(link)
            if at.scheme or at.netloc or path.name == "404.html":
                continue
            target = Path(os.path.normpath(path.parent / unquote(at.path))) if at.path else path
            target = target / "index.html" if target.is_dir() else target
            if not target.is_file():
                found.append(f"{path.relative_to(site)}: {link} leads to nothing")
            elif at.fragment and target in pages and unquote(at.fragment) not in pages[target].anchors:
                found.append(f"{path.relative_to(site)}: {link}: the page has no such heading")
    return found


def fetched_elsewhere(site: Path, pages: Mapping[Path, _Page]) -> list[str]:
    """What a browser that opens the site would ask another machine for, by page, style sheet or script."""
    found = []
    for path, page in pages.items():
        if path.suffix == ".html" and not page.closed:
            found.append(f"{path.relative_to(site)}: no policy keeps it from fetching things from elsewhere")
        away = [one for one in page.fetched if _ELSEWHERE.match(one)]
        away += [one for part in page.styles for one in _IN_STYLE.findall(part)]
        away += [one for part in page.scripts for one in _IN_SCRIPT.findall(part)]
        found += [f"{path.relative_to(site)}: would fetch {one}" for one in away]
    for path in sorted(one for one in site.rglob("*") if one.suffix in (".css", ".js")):
        away = (_IN_STYLE if path.suffix == ".css" else _IN_SCRIPT).findall(path.read_text(encoding="utf-8"))
        found += [f"{path.relative_to(site)}: would fetch {one}" for one in away]
    return found


def _refuse(faults: Sequence[str]) -> None:
    if faults:
        raise NotBuilt("\n".join(faults))


if __name__ == "__main__":
    sys.exit(main())
