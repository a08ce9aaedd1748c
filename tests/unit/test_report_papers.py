"""Reports that are handed over: cells keep their words, every line is explained, files open where they go."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from pdfminer.high_level import extract_pages
from pdfminer.layout import LTChar

from adapters.reports import glyphs
from adapters.reports.csv_file import excel_text_of, write_csv
from adapters.reports.files import Format, write
from adapters.reports.overwritten import TEXTS
from adapters.reports.pdf_file import pdf
from adapters.reports.xlsx_file import write_xlsx
from api.languages import translations
from domain.attributes import GROSS_WAGE
from domain.overwriting import Counts
from domain.rules import RULES
from domain.services.reports.overwritten import CauseSeen, OverwrittenField, OverwrittenReport, Retroactive
from domain.values import Actor, EmployeeNumber, FieldPath, LegalEntityId, PersonId, RunId
from domain.views.overwritten_fields import FieldTotal, OverwrittenFilters, OverwrittenRow, OverwrittenTotals
from tests.support.printed import characters

ENTITY = LegalEntityId("170")
EMAIL = FieldPath("contactInformation.emailAddress")
DAY = date(2026, 3, 15)
LONG = "wilhelmina-alexandrina.oosterbeek-vandervelde@mail.example.org"
UNBROKEN = "Hottentottententententoonstelling" * 3
IBAN = "NL91ABNA0417164300"


def line(position: int, before: str, after: str, *, seen: bool = True, field: FieldPath = EMAIL) -> OverwrittenField:
    row = OverwrittenRow(
        position=position, legal_entity=ENTITY, employee_number=EmployeeNumber(4711), person_id=PersonId("3007"),
        field=field, run_id=RunId("20260315-093114-37a317"), business_date=DAY, actor=Actor("schedule:sync"),
        recorded_at=datetime(2026, 3, 15, 8, tzinfo=UTC), rule="EDIT-1", cleared=False, filled=False, cause=None,
        periods=(),
    )  # fmt: skip
    cause = CauseSeen(position=4, first_seen_on=DAY, previously_observed_at=None) if seen else None
    return OverwrittenField(
        row=row,
        in_words=lambda _: "It was overwritten.",
        before=before,
        after=after,
        cause=cause,
        effective_on=None,
        retroactive=Retroactive.NOT_TOLD,
    )


def report(*lines: OverwrittenField) -> OverwrittenReport:
    return OverwrittenReport(
        filters=OverwrittenFilters(entities=(ENTITY,), since=DAY, until=DAY), made_at=datetime(2026, 3, 16, tzinfo=UTC),
        made_by=Actor("Anja"), unmasked=True, checkpoint=None, runs=(),
        totals=OverwrittenTotals(by_person=(), by_field=(FieldTotal(field=EMAIL, counts=Counts(len(lines))),)),
        lines=lambda: iter(lines), entity_names={"170": "Tulp Logistiek B.V."}, about=(("Ordered by", "Bram"),),
    )  # fmt: skip


def pages(document: bytes) -> list[list[LTChar]]:
    return [list(characters(page)) for page in extract_pages(io.BytesIO(document))]


def text_of(document: bytes) -> str:
    return "".join(each.get_text() for page in pages(document) for each in page).replace("\u200b", "")


def test_no_character_of_a_long_value_lies_over_another() -> None:
    document = pdf(report(line(1, LONG, UNBROKEN), line(2, UNBROKEN, LONG), line(3, IBAN, LONG)))

    over = [
        (one.get_text(), other.get_text())
        for page in pages(document)
        for index, one in enumerate(page)
        for other in page[index + 1 :]
        if one.get_text().strip() and other.get_text().strip()
        and min(one.x1, other.x1) - max(one.x0, other.x0) > 1
        and min(one.y1, other.y1) - max(one.y0, other.y0) > 0.5 * min(one.height, other.height)
    ]  # fmt: skip

    assert over == []
    assert LONG in text_of(document).replace("\n", "")


def test_the_document_names_the_legal_entity_the_cause_and_the_rule_in_words() -> None:
    said = text_of(pdf(report(line(1, "a", "b"), line(2, "c", "d", seen=False)))).replace("\n", "").replace(" ", "")

    for sentence in (
        "170 (Tulp Logistiek B.V.)",
        "Ordered by",
        "Bram",
        "first seen on 2026-03-15 (position 4), effective date not told",
        "no change seen in Personio: Loket held another value",
        "A change to a supported attribute reaches Loket on the next run",
        "Private e-mail",
    ):
        assert sentence.replace(" ", "") in said


def test_characters_without_a_glyph_are_named_on_the_first_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(glyphs, "_drawable", lambda: frozenset({ord("م")}))

    assert glyphs.without_glyph(["Łukasz Παπαδόπουλος Шевченко Nguyễn m\u200b", "م", "王ส王"]) == ("ส", "王")
    said = text_of(pdf(report(line(1, "王", "م"))))

    assert "(U+738B)" in said
    assert "(U+0645)" not in said


def test_a_document_that_can_show_everything_says_nothing_of_fonts() -> None:
    assert "no font" not in text_of(pdf(report(line(1, "Łódź", "Straße")))).replace("\n", " ")


def test_a_dutch_excel_opens_the_csv_made_for_it_by_a_double_click() -> None:
    plain, excel = io.StringIO(), io.StringIO()
    told = report(line(1, "Łódź; 1", "1-2"), line(2, "3500.25", "-12.5", field=GROSS_WAGE))

    write_csv(told, plain)
    write_csv(told, excel, for_excel=True)

    assert plain.getvalue().startswith('"kind","position"')
    assert excel.getvalue().startswith('\ufeff"kind";"position"')
    assert all(cells in plain.getvalue() for cells in ('"Łódź; 1","1-2"', '"3500.25","-12.5"'))
    assert all(cells in excel.getvalue() for cells in ('"Łódź; 1";"\'1-2"', '"3500,25";"-12,5"'))


@pytest.mark.parametrize("text", [
    "0612345678", "1-2", "3/4", "1.234", "12.50", "10:30", "1e5", "12 a", "1 1/2", " 07", "1" * 16, "2026-03", "1E5",
    ",5", ".5", "1 mei 12:30",
    "5%", "12,5 %", "€ 5", "€5,00", "5 €", "(5)", "1 mei", "1 MEI 2026", "1-mrt-26", "03 okt. 2026 12:30", "15 March",
    "mei 26", "sept 2026", "MRT1", "March 1, 2026", "waar", "Onwaar", "TRUE", " 1 mei ",
])  # fmt: skip
def test_a_text_that_a_dutch_excel_would_change_keeps_its_characters(text: str) -> None:
    assert excel_text_of(text) == f"'{text}"


DAYS = ("15-3-2026", "2026-03-15", "15/3/26", "2026/3/15", "15.03.2026", "15-3", "15 mei", "May 15, 2026")
TIMES = ("9:00", "09:00", "9:", "9:00:30", "9:00:30,5", "9:00 PM", "9:00pm", "9:00:30 a", "9 am")


@pytest.mark.parametrize("time", TIMES)
@pytest.mark.parametrize("day", DAYS)
def test_a_day_and_a_time_keep_their_characters_in_any_form_and_order(day: str, time: str) -> None:
    for text in (time, f"{day} {time}", f"{day}, {time}", f"{day}  {time}", f"{time} {day}"):
        assert excel_text_of(text) == f"'{text}"


@pytest.mark.parametrize("text", [
    "4711", "-5", "0", "2026-03-15", "12 bis", "1234 AB", "4711, 4712", "12a", "•••", "", "Mei", "April", "Mei Lan",
    "Junistraat 1", "Waarland", "1 meisje", "5% korting", "Marsman", "1 b", "2 decimeter", "Jan 1e", "Sepp 2",
    "15-3-2026 9", "15-3-2026 9:00 uur", "om 9:00", "9:00 bis", "12-14 bis", "2026-03-15 t/m 2026-03-20", "1 mei 9 uur",
])  # fmt: skip
def test_a_text_that_an_excel_leaves_alone_has_no_apostrophe(text: str) -> None:
    assert excel_text_of(text) == text


WARNING = "Made from a log that is known to be bad, and may not say what happened: TAMPERED at event 5."


@pytest.mark.parametrize("wanted", Format)
def test_every_paper_of_a_log_that_is_known_to_be_bad_says_so(wanted: Format) -> None:
    bad, good = io.BytesIO(), io.BytesIO()

    write(replace(report(line(1, "a", "b")), warning=WARNING), wanted, bad)
    write(report(line(1, "a", "b")), wanted, good)

    assert WARNING in said_by(wanted, bad)
    assert "known to be bad" not in said_by(wanted, good)


def said_by(wanted: Format, out: io.BytesIO) -> str:
    if wanted is Format.PDF:
        return text_of(out.getvalue()).replace("\n", "")
    if wanted is not Format.XLSX:
        return out.getvalue().decode()
    with ZipFile(out) as book:
        first = book.read("xl/workbook.xml").decode()
        said = "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))
    assert ("known to be bad" in said) == ('<sheet name="WARNING" sheetId="1"' in first)
    return said


NASTY = {
    "a formula": "=cmd|' /C calc'!A1",
    "a formula after what is not seen": "\t\u200b\r\n@SUM(1)",
    "escape sequences": "\x1b[31mred\x1b]0;title\x07 \x9b1m \x00 \x7f",
    "another direction": "\u202egnorw\u202c شارع الملك فيصل שלום",
    "other scripts": "王小明 佐々木 กรุงเทพ Ελλάδα Шевченко 😀👩\u200d👩\u200d👧",
    "very long": "Hottentottententententoonstelling" * 40,
    "markup": "#emph[x] $x$ *a* <b>&amp;</b> [/red] _x_ \\u{41}",
    "half a character": "\ufffe\ufffd",
}


@pytest.mark.parametrize("wanted", Format)
@pytest.mark.parametrize("value", NASTY.values(), ids=NASTY.keys())
def test_every_paper_takes_every_text_and_no_cell_begins_a_formula(wanted: Format, value: str) -> None:
    out = io.BytesIO()

    write(report(line(1, value, value)), wanted, out)

    if wanted is Format.CSV:
        rows = list(csv.DictReader(io.StringIO(out.getvalue().decode(), newline="")))
        assert rows[-1]["after"].replace("'", "") == value.replace("'", "")
        assert not any(cell.lstrip("\t\r\n\u200b").startswith(("=", "+", "@")) for cell in rows[-1].values())
    if wanted is Format.XLSX:
        with ZipFile(out) as book:
            sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
        assert [one.tag for one in sheet.iter() if one.tag.endswith("}f")] == []
    if wanted is Format.PDF:
        within = [(one.x1, one.y0) for page in pages(out.getvalue()) for one in page if one.get_text().strip()]
        assert max(x for x, _ in within) <= 842
        assert min(y for _, y in within) >= 0


def test_a_workbook_says_whose_it_is_in_words() -> None:
    out = io.BytesIO()

    write_xlsx(report(line(1, "a", "b")), out)

    with ZipFile(out) as book:
        said = "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))
    assert "170 (Tulp Logistiek B.V.)" in said
    assert "Bram" in said
    assert "['170']" not in said


def in_dutch(*lines: OverwrittenField) -> OverwrittenReport:
    return replace(report(*lines), language="nl", say=translations("nl").gettext)


def test_a_document_and_a_workbook_in_dutch_say_nothing_in_english_but_what_somebody_wrote() -> None:
    lines = (line(1, "a", "b"), line(2, "c", "d", seen=False))
    out = io.BytesIO()
    write_xlsx(in_dutch(*lines), out)
    with ZipFile(out) as book:
        workbook = "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))
    paper = text_of(pdf(in_dutch(*lines))).replace("\n", "").replace(" ", "")
    sentences = [one for one in TEXTS if " " in one and translations("nl").gettext(one) != one]

    assert "Overschreven velden in Loket".replace(" ", "") in paper
    assert "Overschreven velden" in workbook
    assert [one for one in sentences if one.replace(" ", "") in paper or f">{one}<" in workbook] == []
    assert RULES["EDIT-1"].statement.replace(" ", "") not in paper
