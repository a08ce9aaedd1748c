"""The handover sheet over HTTP and on paper: in both languages, and with names only for a reason that is on record."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date

import pytest
from pdfminer.high_level import extract_text

from adapters.reports.handover import handover_pdf
from api.http.dependencies import REASON
from api.presenters.handover import handover
from api.presenters.handover_paper import Imprint, handover_paper
from domain.access import Role
from domain.events.custody import ValuesUnmasked
from domain.planning.findings import NOTICE_TEXT, NoticeCode
from domain.values import EmployeeNumber, LegalEntityId, PersonId
from domain.views.handed import Line
from domain.views.handover import Sheet
from domain.views.matters import Section
from domain.views.runs import LastRuns
from tests.support.played_day import RUNS, Day, day
from tests.support.scribe import MARCH_15
from tests.support.stated import stated
from tests.support.world import TULP

SHEET = "/v1/legal-entities/170/handover"
LONG = "Wilhelmina Johanna van der Zeer-Lange-Naam tot Nederhemert-Zuid"


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    """Jan's employment ended in Loket on 30 April 2026, which the run of 15 March saw."""
    with day(tmp_path_factory.mktemp("handover")) as made:
        for day_of_march in (14, 15):
            made.world.clock.travel(date(2026, 3, day_of_march))
            headers = {"Idempotency-Key": f"run-of-{day_of_march}"}
            assert made.api.post(RUNS, {}, made.key(Role.PAYROLL_ADMIN, "Fatima"), headers).status_code == 202
            for thread in made.api.web.runs:
                thread.join()
            made.world.payroll.end_employment(TULP, made.world.people["Jan"].number, date(2026, 4, 30))
        yield made


def test_it_names_numbers_and_no_names_in_either_language(one: Day) -> None:
    told = {
        language: one.api.get(SHEET, one.key(Role.AUDITOR, "Anja"), language=language).json()
        for language in ("nl", "en")
    }

    (line,) = [each for section in told["nl"]["sections"] for each in section["lines"]]
    assert (line["employee_number"], line["name"], line["code"]) == (one.world.people["Jan"].number, None, "END-2")
    assert (line["text"][:8], told["en"]["sections"][2]["lines"][0]["text"][:7]) == ("heeft ee", "has an ")
    assert told["en"]["sections"][1] == {
        "section": "concepts", "title": "Complete these concept employees in Loket", "lines": [], "unseen": [],
    }  # fmt: skip
    (lost,) = [each for each in told["nl"]["sections"] if each["section"] == "lost"]
    assert (lost["lines"], [one["reason"] for one in lost["unseen"]]) == ([], ["not_compared"])
    assert lost["unseen"][0]["text"].startswith("Onbekend: nog niet vergeleken.")


def test_names_need_a_role_and_a_reason_and_are_on_record_before_they_are_told(one: Day) -> None:
    auditor, fatima = one.key(Role.AUDITOR, "Anja"), one.key(Role.PAYROLL_ADMIN, "Fatima")
    size = one.api.web.store.log.size()
    assert one.api.get(SHEET, auditor, {REASON: "handover"}, names=True).status_code == 403
    assert one.api.get(SHEET, fatima, names=True).status_code == 422
    assert one.api.web.store.log.size() == size

    answer = one.api.get(SHEET, fatima, {REASON: "the accountant asked"}, names=True)

    (line,) = [each for section in answer.json()["sections"] for each in section["lines"]]
    assert (line["name"], answer.headers["cache-control"]) == ("Jan de Bakker", "no-store")
    shown = [each.fact for each in one.api.web.store.log.page(size - 1, 50) if isinstance(each.fact, ValuesUnmasked)]
    assert [(each.what, one.world.people["Jan"].number in each.employee_numbers) for each in shown] == [("names", True)]


def test_a_pdf_says_the_same(one: Day) -> None:
    answer = one.api.get(SHEET, one.key(Role.AUDITOR, "Anja"), format="pdf", language="nl")

    text = " ".join(extract_text(io.BytesIO(answer.content)).replace("\u200b", "").split())
    assert answer.headers["content-type"] == "application/pdf"
    number, unknown = str(one.world.people["Jan"].number), "Onbekend: nog niet vergeleken."
    for said in ("Overdrachtslijst", unknown, "15 maart 2026", number, "END-2", "niet getoond"):
        assert said in text


def test_sixty_lines_with_long_names_are_all_on_paper() -> None:
    text = NOTICE_TEXT[NoticeCode.PAY_ONLY_IN_LOKET]
    lonely, never = NoticeCode.PAY_ONLY_IN_LOKET, LastRuns(None, None, None, None, None)
    lines = tuple(
        Line(lonely, PersonId("1"), EmployeeNumber(number), lonely.value, text, detail="component 12")
        for number in range(4711, 4771)
    )
    sheet = Sheet(LegalEntityId("170"), date(2026, 3, 15), never, None, None, lines, dict.fromkeys(Section, ()))
    names = dict.fromkeys(range(4711, 4771), LONG)
    imprint = Imprint("Tulp Logistiek B.V.", "Fatima", MARCH_15, 1204, None)

    paper = handover_pdf(handover_paper(handover(sheet, "en", names=names), imprint))

    printed = extract_text(io.BytesIO(paper)).replace("\n", " ")
    assert [number for number in names if str(number) not in stated(printed)] == []
    assert printed.count("Wilhelmina") == 60
    assert "1,204 events" in printed
