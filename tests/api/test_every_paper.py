"""Every kind of paper, in both languages, of one company's spring: what a reader would stumble over is not on it."""

from __future__ import annotations

import importlib
import inspect
import io
import pkgutil
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from babel.messages.pofile import read_po
from pdfminer.converter import PDFPageAggregator
from pdfminer.layout import LTChar, LTPage
from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import resolve1

import adapters.reports
import api.presenters
from api.languages import LOCALE, translations
from domain.events.report import ReportKind
from domain.services.reports.sheet import Sheet
from tests.support.english import english_in
from tests.support.papers import LANGUAGES, Paper, papers
from tests.support.printed import characters

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
MARGIN = 28  # points
BODY = 10.2  # points: what is larger is a heading
NAME = re.compile(r"\b[A-Z]{3,}(?:_[A-Z]+)+\b")
PYTHON = re.compile(r"\['|\{'|datetime\.|Decimal\(|\bNone\b|\bTrue\b|\bFalse\b|<\w+ object| at 0x")
PDFS = [f"{kind}.{language}.pdf" for kind in
        ("overwritten_fields", "pay_mutations", "evidence", "handover", "what_if", "known_earlier")
        for language in LANGUAGES]  # fmt: skip
BOOKS = [f"{kind}.{language}.xlsx" for kind in ("overwritten_fields", "pay_mutations", "what_if", "known_earlier")
         for language in LANGUAGES]  # fmt: skip


@dataclass(frozen=True)
class Printed:
    """A PDF as a reader sees it."""

    paper: Paper

    @cached_property
    def pages(self) -> list[tuple[LTPage, list[LTChar]]]:
        fonts = PDFResourceManager()
        seen = PDFPageAggregator(fonts)  # as it is drawn: nothing is put together to lines
        reader, found = PDFPageInterpreter(fonts, seen), []
        for each in PDFPage.get_pages(io.BytesIO(self.paper.content)):
            reader.process_page(each)
            page = seen.get_result()
            found.append((page, list(characters(page))))
        return found

    @cached_property
    def raw(self) -> str:
        return "".join(each.get_text() for _, page in self.pages for each in page)

    @property
    def text(self) -> str:
        """Without spaces, which a document has none of where a line ends."""
        return "".join(self.raw.replace("\u200b", "").split())


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Paper]:
    return {one.name: one for one in papers(tmp_path_factory.mktemp("papers"))}


@pytest.fixture(scope="module")
def printed(made: dict[str, Paper]) -> dict[str, Printed]:
    return {name: Printed(one) for name, one in made.items() if one.format == "pdf"}


def test_every_kind_that_the_product_makes_is_here(made: dict[str, Paper]) -> None:
    modules = [importlib.import_module(f"api.presenters.{one.name}")
               for one in pkgutil.iter_modules(api.presenters.__path__)]  # fmt: skip
    sheets = {
        name
        for module in modules
        for name, each in inspect.getmembers(module, inspect.isfunction)
        if each.__module__ == module.__name__ and not name.startswith("_") and each.__annotations__.get("return") in
        ("Sheet", Sheet)
    }  # fmt: skip
    templates = {one.stem for one in Path(adapters.reports.__path__[0]).glob("*.typ")}

    assert sheets == {"pay_sheet", "what_if_sheet", "exposure_sheet"}
    assert templates == {"paper", "overwritten", "evidence", "handover", "sheet"}
    assert {one.kind for one in made.values()} == {*ReportKind, "handover", "what_if", "known_earlier"}
    assert sorted(made) == sorted([*PDFS, *BOOKS])


@pytest.mark.parametrize("name", PDFS)
def test_nothing_on_a_page_leaves_it_or_lies_over_something_else(printed: dict[str, Printed], name: str) -> None:
    outside, over = [], []
    for page, found in printed[name].pages:
        shown = [one for one in found if one.get_text().strip("\u200b \n")]
        outside += [one.get_text() for one in shown if one.x0 < MARGIN or one.x1 > page.width - MARGIN
                    or one.y0 < 14 or one.y1 > page.height - 14]  # fmt: skip
        lines = defaultdict(list)
        for one in shown:
            lines[round(one.y0, 1)].append(one)
        for line in lines.values():
            line.sort(key=lambda one: one.x0)
            over += [
                (one.get_text(), other.get_text())
                for one, other in pairwise(line)
                if one.x1 - other.x0 > max(1, 0.12 * one.size)
            ]
        for low, high in pairwise(sorted(lines)):
            over += [
                (one.get_text(), other.get_text())
                for one in lines[low]
                for other in lines[high]
                if high - low < 0.5 * one.height and min(one.x1, other.x1) - max(one.x0, other.x0) > 1
            ]

    assert (outside, over) == ([], [])


@pytest.mark.parametrize("name", PDFS)
def test_each_page_says_which_it_is_and_of_what(printed: dict[str, Printed], name: str) -> None:
    found = printed[name].pages
    title = "".join(one.get_text() for one in found[0][1] if one.size > 17).strip()

    assert title
    for number, (page, shown) in enumerate(found, 1):
        foot = "".join(one.get_text() for one in shown if one.y1 < 50)
        head = "".join(one.get_text() for one in shown if one.y0 > page.height - (60 if number > 1 else 250))
        assert f"{number} / {len(found)}" in foot
        assert title in head


@pytest.mark.parametrize("name", PDFS)
def test_no_heading_is_the_last_of_its_page(printed: dict[str, Printed], name: str) -> None:
    for _, shown in printed[name].pages:
        headings = [one.y0 for one in shown if one.size > BODY and "Bold" in one.fontname]
        body = [one.y0 for one in shown if one.size <= BODY and one.y0 > 50]
        assert not headings or min(body) < min(headings)


@pytest.mark.parametrize("name", PDFS)
def test_no_word_of_ours_is_cut_and_nothing_is_called_by_the_name_of_a_constant(
    printed: dict[str, Printed], name: str
) -> None:
    raw = printed[name].raw

    assert re.findall(r"[^\W\d_A-Z]+\u200b[^\W\d_A-Z]+", raw) == []
    if not name.startswith("evidence"):  # there a code stands before its words
        assert NAME.findall(raw.replace("\u200b", "")) == []


@pytest.mark.parametrize("name", PDFS)
def test_it_is_in_its_language_alone(printed: dict[str, Printed], name: str) -> None:
    one = printed[name]
    with (LOCALE / "nl.po").open("rb") as file:
        both = [(each.id, each.string) for each in read_po(file) if isinstance(each.id, str) and each.id]
    other = 0 if one.paper.language == "nl" else 1
    said = ("".join(pair[other].split()) for pair in both if "{" not in pair[0] and "%" not in pair[0])
    sentences = {each for each in said if len(each) > 24}
    own = {"".join(pair[1 - other].split()) for pair in both}

    assert [each for each in sentences - own if each in one.text] == []


@pytest.mark.parametrize("name", [one for one in (*PDFS, *BOOKS) if ".nl." in one])
def test_no_word_of_a_dutch_one_is_english(made: dict[str, Paper], printed: dict[str, Printed], name: str) -> None:
    """But what people and systems said in English, in this company."""
    if name in PDFS:
        found = english_in(" ".join(printed[name].raw.replace("\u200b", "").split()))
    else:
        cells = (one.text for _, rows in sheets(made[name]) for row in rows for one in row if one.kind == "s")
        found = set().union(*map(english_in, cells))

    assert found - TYPED == set()


@pytest.mark.parametrize("name", PDFS)
def test_it_carries_its_fonts_and_says_its_language(made: dict[str, Paper], name: str) -> None:
    document = PDFDocument(PDFParser(io.BytesIO(made[name].content)))
    ids = {each for table in document.xrefs for each in table.get_objids()}
    found = [document.getobj(each) for each in ids]
    fonts = [one for one in found if isinstance(one, dict) and str(one.get("Type")) == "/'FontDescriptor'"]

    assert fonts
    assert all({"FontFile", "FontFile2", "FontFile3"} & one.keys() for one in fonts)
    assert resolve1(document.catalog["Lang"]).decode() == made[name].language


TYPED = {"certificate", "verify", "the", "audit", "city", "typed", "elsewhere", "agreed", "with"}
UP_TO = {
    "en": re.compile(r"itwaswith(\d+)events,thelastatposition(\d+)\.Thesignedcheckpointbelowcovers(\d+)events"),
    "nl": re.compile(r"hetwasbij(\d+)gebeurtenissen,delaatsteoppositie(\d+)\.Deondertekendestandhieronderomvat(\d+)"),
}


@pytest.mark.parametrize("name", [*PDFS, *BOOKS])
def test_it_names_up_to_where_it_tells_and_the_head_that_proves_it(
    made: dict[str, Paper], printed: dict[str, Printed], name: str
) -> None:
    """Reports that open values are under a head that covers their being opened too."""
    paper = made[name]
    told = [one.text for _, rows in sheets(paper) for row in rows for one in row] if name in BOOKS else []
    text = printed[name].text if name in PDFS else "".join("".join(told).split())

    ((size, last, covered),) = (map(int, found) for found in UP_TO[paper.language].findall(text))

    assert (last, covered >= size) == (size - 1, True)
    assert re.search(rf"tweeluik/[0-9a-f]+?{covered}[\w+/]+=—tweeluik/", text)


def test_a_column_in_which_no_line_says_anything_is_not_printed(printed: dict[str, Printed]) -> None:
    heading = "".join(translations("nl").gettext("Payroll periods already run").split())

    assert heading not in printed["pay_mutations.nl.pdf"].text


# --- workbooks ---


@dataclass(frozen=True)
class Cell:
    kind: str  # n, b or s
    text: str


def sheets(book: Paper) -> Iterator[tuple[ElementTree.Element, list[list[Cell]]]]:
    """Each sheet, and its rows by column."""
    with ZipFile(io.BytesIO(book.content)) as archive:
        shared = [
            "".join(each.text or "" for each in one.iter(f"{MAIN}t"))
            for one in ElementTree.fromstring(archive.read("xl/sharedStrings.xml")).iter(f"{MAIN}si")
        ] if "xl/sharedStrings.xml" in archive.namelist() else []  # fmt: skip
        for name in sorted(one for one in archive.namelist() if one.startswith("xl/worksheets/sheet")):
            sheet = ElementTree.fromstring(archive.read(name))
            yield sheet, [[_cell(one, shared) for one in row] for row in sheet.iter(f"{MAIN}row")]


def _cell(one: ElementTree.Element, shared: list[str]) -> Cell:
    value = one.find(f"{MAIN}v")
    if one.get("t") == "s" and value is not None:
        return Cell("s", shared[int(value.text or 0)])
    text = "".join(each.text or "" for each in one.iter(f"{MAIN}t"))
    return Cell("s", text) if one.get("t") == "inlineStr" else Cell(one.get("t", "n"), value.text or "") if (
        value is not None
    ) else Cell("s", "")  # fmt: skip


@pytest.mark.parametrize("name", BOOKS)
def test_a_workbook_keeps_its_first_row_in_sight_and_shows_every_number_whole(
    made: dict[str, Paper], name: str
) -> None:
    for sheet, rows in sheets(made[name]):
        pane = sheet.find(f".//{MAIN}pane")
        widths = [float(one.get("width", 0)) for one in sheet.iter(f"{MAIN}col")
                  for _ in range(int(one.get("min", 1)), int(one.get("max", 1)) + 1)]  # fmt: skip
        assert pane is not None
        assert (pane.get("state"), pane.get("ySplit")) == ("frozen", "1")
        assert rows
        for row in rows[1:]:
            assert [one.text for one, width in zip(row, widths, strict=False)
                    if one.kind == "n" and len(one.text.split(".")[0]) > width] == []  # fmt: skip


@pytest.mark.parametrize("name", BOOKS)
def test_a_workbook_holds_amounts_as_numbers_and_no_text_of_the_program(made: dict[str, Paper], name: str) -> None:
    texts, numbers = [], 0
    for _, rows in sheets(made[name]):
        texts += [one.text for row in rows for one in row if one.kind == "s"]
        numbers += sum(1 for row in rows[1:] for one in row if one.kind == "n")

    assert [one for one in texts if PYTHON.search(one)] == []
    assert [one for one in texts if re.fullmatch(r"-?\d+[.,]\d\d", one)] == []
    assert [one for one in texts if NAME.search(one)] == []
    assert numbers > 0
