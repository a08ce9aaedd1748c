"""The commands for auditors, on a log of two runs: reports in every format, certificates, what is shown to whom."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from adapters.log import offline_verifier
from adapters.log.offline_verifier import Rejected, verified
from api.bootstrap import open_store
from api.config.settings import load
from domain.events.custody import ValuesUnmasked
from domain.personal import MASK
from domain.streams import CUSTODY
from tests.support.audited_office import CONFIG, FORMULA, MARCH, Office
from tests.support.audited_office import office as office  # the fixture


def test_the_report_tells_everything_about_an_overwrite_but_its_values(office: Office) -> None:
    report = office.json("overwritten", *MARCH, "--json")

    first, *_, last = report["overwritten"]
    assert first == {
        "position": office.street,
        "legal_entity": "170",
        "employee_number": 4711,
        "person_id": "3007",
        "field": "address.street",
        "label": "Street",
        "before": MASK,
        "after": MASK,
        "cleared": False,
        "run_id": "run-1",
        "business_date": "2026-03-15",
        "recorded_at": "2026-03-15T08:30:00+00:00",
        "actor": "Anna",
        "rule": "EDIT-1",
        "first_seen_on": "2026-03-15",
        "cause": 1,
        "effective_on": "not told",
        "retroactive": "not told",
        "processed_periods": [],
        "sentence": f"Street was overwritten in Loket: {MASK} became {MASK}; first seen on 15 March 2026, "
        "effective date not told by Personio, retroactive: unknown.",
    }
    assert (last["before"], last["after"], last["cleared"], last["cause"]) == (MASK, None, True, None)
    kinds = ("fields", "overwritten", "filled", "cleared")
    assert [[one[each] for each in kinds] for one in report["runs"]] == [[4, 3, 0, 1], [0, 0, 0, 0]]
    assert [report["totals"][each] for each in kinds] == [4, 3, 0, 1]
    assert f"\n{report['log_size']}\n" in report["checkpoint"]


def test_unmasking_needs_a_reason_and_is_on_record_under_the_checkpoint_of_that_very_report(office: Office) -> None:
    refused, out, complaint = office.run("overwritten", *MARCH, "--json", "--unmask")
    report = office.json("overwritten", *MARCH, "--json", "--unmask", "--reason", "tax audit", "--number", "4711")

    assert (refused, out) == (2, "")
    assert "--reason" in complaint
    assert [one["after"] for one in report["overwritten"]] == [FORMULA, "1990-01-02", "3100.50"]
    with open_store(load(office.config)) as store:
        (recorded,) = store.vault.opened(store.log.stream(CUSTODY))
    assert report["log_size"] <= recorded.position < int(report["checkpoint"].split("\n")[1])
    assert recorded.meta.actor == "Bram"
    assert isinstance(recorded.fact, ValuesUnmasked)
    assert (recorded.fact.employee_number, recorded.fact.reason) == (4711, "tax audit")
    assert recorded.fact.subject == "s-sanne"


def test_csv_has_a_line_for_the_report_each_run_and_each_field_and_no_cell_is_a_formula(office: Office) -> None:
    _, out, _ = office.run("overwritten", *MARCH, "--format", "csv", "--unmask", "--reason", "tax audit")

    rows = list(csv.DictReader(io.StringIO(out)))

    assert [row["kind"] for row in rows] == ["report", "run", "run", *["overwritten"] * 4]
    assert json.loads(rows[0]["note"].partition("Checkpoint: ")[2]).startswith("tweeluik/")
    assert rows[2]["note"] == "completed, 0 fields: 0 overwritten, 0 filled, 0 cleared"
    assert (rows[3]["before"], rows[3]["after"]) == ("Main St", f"'{FORMULA}")
    assert all(not cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())


def test_ndjson_is_the_head_and_then_a_line_a_field(office: Office) -> None:
    _, out, _ = office.run("overwritten", *MARCH, "--format", "ndjson", "--field", "address.street")

    head, line = map(json.loads, out.splitlines())

    assert (head["kind"], head["filter"]["field"], head["totals"]["overwritten"]) == ("report", "address.street", 1)
    assert (line["kind"], line["position"]) == ("overwritten", office.street)


def test_a_workbook_has_typed_dates_and_numbers_a_frozen_header_and_texts_that_are_no_formulas(
    office: Office, tmp_path: Path
) -> None:
    book = tmp_path / "report.xlsx"
    code, _, _ = office.run(
        "overwritten", *MARCH, "--format", "xlsx", "--out", str(book), "--unmask", "--reason", "tax audit"
    )

    with zipfile.ZipFile(book) as parts:
        fields = parts.read("xl/worksheets/sheet1.xml").decode()
        about = parts.read("xl/worksheets/sheet4.xml").decode()

    assert code == 0
    assert '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>' in fields
    assert "<f>" not in fields
    assert 't="inlineStr"><is><t>=HYPERLINK' in fields
    assert "<v>3100.50</v>" in fields  # a wage is a number
    assert "<v>32875</v>" in fields  # 2 January 1990 in a spreadsheet's calendar
    assert "— tweeluik/" in about


def test_a_period_in_which_nothing_was_overwritten_is_a_pdf_too(office: Office, tmp_path: Path) -> None:
    paper = tmp_path / "report.pdf"
    code, _, _ = office.run(
        "overwritten",
        "--entity",
        "170",
        "--from",
        "1990-01-01",
        "--to",
        "1990-01-31",
        "--format",
        "pdf",
        "--out",
        str(paper),
    )

    assert code == 0
    assert paper.read_bytes().startswith(b"%PDF")


def test_a_pdf_has_the_checkpoint_on_its_title_page(office: Office, tmp_path: Path) -> None:
    paper = tmp_path / "report.pdf"
    code, _, _ = office.run("overwritten", *MARCH, "--format", "pdf", "--out", str(paper))

    assert code == 0
    assert paper.read_bytes().startswith(b"%PDF-")


def test_a_table_for_the_eye_masks_too_and_ends_with_the_checkpoint(office: Office) -> None:
    code, out, _ = office.run("overwritten", *MARCH)

    assert code == 0
    assert "Main St" not in out
    assert "2 people in 2 runs, 4 fields: 3 overwritten, 0 filled, 1 cleared" in out
    assert "— tweeluik/" in out


def test_a_certificate_is_proven_offline_and_opens_nothing_unless_it_was_unmasked(
    office: Office, tmp_path: Path
) -> None:
    closed, opening = tmp_path / "closed.json", tmp_path / "open.json"
    office.run("certificate", str(office.street), "--out", str(closed))
    office.run("certificate", str(office.street), "--out", str(opening), "--unmask", "--reason", "court case")

    alone = subprocess.run(
        [sys.executable, offline_verifier.__file__, str(closed)],
        capture_output=True, text=True, check=False, cwd=tmp_path,
    )  # fmt: skip

    assert alone.returncode == 0
    assert f"WAS NOT CHECKED: event {office.street}, loket_record.field_overwritten.v1" in alone.stdout
    assert "Main St" not in alone.stdout + closed.read_text()
    assert "before: Main St" in verified(opening.read_text())
    forged = json.loads(closed.read_text())
    forged["event"]["state"] = forged["event"]["state"].replace("3007", "3008")
    with pytest.raises(Rejected):
        verified(json.dumps(forged))


def test_a_certificate_opens_the_values_of_its_own_event_and_of_nothing_else(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "open.json"
    office.run("certificate", str(office.email), "--out", str(path), "--unmask", "--reason", "court case")

    proof = json.loads(path.read_text())

    assert proof["field_keys"] == []
    assert [opening["retention"] for opening in proof["openings"]] == ["hr_2y"]


def test_a_certificate_that_was_to_open_values_says_so_when_it_cannot(office: Office) -> None:
    code, out, err = office.run("certificate", "0", "--unmask", "--reason", "court case")

    assert code == 0
    assert "openings" not in json.loads(out)
    assert "the certificate opens nothing" in err


def test_every_field_of_a_report_gets_a_certificate_of_its_own_when_asked_for(office: Office, tmp_path: Path) -> None:
    folder = tmp_path / "proofs"
    office.run("overwritten", *MARCH, "--json", "--certificates", str(folder), "--number", "4711")

    files = sorted(folder.iterdir())

    assert len(files) == 3
    assert all(verified(path.read_text()) for path in files)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("overwritten", *MARCH, "--format", "docx"), "--format is table, json, ndjson, csv, xlsx or pdf, not docx"),
        (("overwritten", "--entity", "999", "--from", "2026-03-01", "--to", "2026-03-31"), "999 is not enabled"),
        (("certificate", "99999"), "no event at position 99999"),
    ],
)
def test_a_wrong_question_is_one_line_and_exit_2(office: Office, arguments: tuple[str, ...], said: str) -> None:
    code, out, err = office.run(*arguments)

    assert (code, out) == (2, "")
    assert said in err


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("r.pdf", b"%PDF"),
        ("r.XLSX", b"PK"),
        ("r.csv", b'"kind"'),
        ("r.json", b"{"),
        ("r.ndjson", b'{"kind"'),
        ("r.txt", b"Over"),
    ],
)
def test_a_file_is_what_its_name_ends_in(office: Office, tmp_path: Path, name: str, begins: bytes) -> None:
    code, _, err = office.run("overwritten", *MARCH, "--out", str(tmp_path / name))

    assert (code, err) == (0, "")
    assert (tmp_path / name).read_bytes().startswith(begins)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ("overwritten", *MARCH, "--out", "r.pdf", "--format", "csv"),
            "--format asks for csv and --out r.pdf asks for pdf",
        ),
        (
            ("overwritten", *MARCH, "--out", "r.xlsx", "--csv-for-excel"),
            "--csv-for-excel asks for csv and --out r.xlsx",
        ),
        (("overwritten", *MARCH, "--json", "--format", "pdf"), "--format asks for pdf and --json asks for json"),
        (("overwritten", *MARCH, "--out", "r.zip"), "r.zip ends in .zip, and what is written there is table, json"),
        (("certificate", "1", "--out", "c.pdf"), "c.pdf ends in .pdf, and what is written there is json"),
        (("evidence", "--period", "2026-03", "--out", "e.pdf"), "e.pdf ends in .pdf, and what is written there is zip"),
    ],
)
def test_a_format_that_contradicts_the_name_of_the_file_is_one_line(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(tmp_path)

    code, out, err = office.run(*arguments)

    assert (code, out, err.count("\n")) == (2, "", 1)
    assert said in err
    assert not list(tmp_path.glob("*.*df")) + list(tmp_path.glob("[rce].*"))


def test_more_people_than_one_caller_opens_within_a_day_take_a_second_person(office: Office) -> None:
    office.config.write_text(f"{CONFIG}[access]\npeople_a_day = 1\n")
    opening = ("overwritten", *MARCH, "--json", "--unmask", "--reason", "tax audit")
    clear = ("evidence", "--period", "2026-03", "--out", str(office.config.with_name("e.zip")), *opening[-3:])

    one, both, pack = (office.run(*asked) for asked in ((*opening, "--number", "4711"), opening, clear))
    asked = office.json("more-people", "ask", "--people", "1", "--reason", "[/] the auditor's sample", "--json")[
        "asked"
    ]
    own = [office.run("more-people", "agree", asked, actor=name) for name in ("Bram", "BRAM\u200b ", "Вram")]
    still = office.run(*opening)
    waiting = office.run("more-people", "list", actor="Joost [/red]")
    agreed = office.run("more-people", "agree", asked, actor="Joost [/red]")
    then = [office.run(*each) for each in (opening, clear)]
    elsewhere = office.run(*opening, actor="Eva")

    assert [code for code, _, _ in (one, both, pack, still)] == [0, 2, 2, 2]
    for _, out, said in (both, pack, still):
        assert (out, said.count("\n")) == ("", 1)
        assert "more than 1 person's values within a day: ask for more with `tweeluik more-people ask`" in said
    assert [code for code, _, _ in own] == [2, 2, 2]
    assert waiting[:2] == (0, f"{asked}: Bram, 1 more person of legal entity 170\n")
    assert agreed[:2] == (0, "Bram may open the values of 1 more person\n")
    assert [code for code, _, _ in then] == [0, 0]
    assert elsewhere[0] == 2  # what Bram may says nothing of Eva


def test_what_a_name_says_in_brackets_or_between_colons_is_only_its_text(office: Office) -> None:
    office.run("more-people", "ask", "--people", "1", "--reason", "why", actor="[/red] :warning: [bold]Eva")

    assert office.run("more-people", "list")[1].startswith("more-0: [/red] :warning: [bold]Eva, 1 more person")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("history", "99999999999999999999"), "2147483647"),
        (("overwritten", "--number", "99999999999999999999"), "2147483647"),
        (("overwritten", "--rule", "EDIT2"), "there is no rule EDIT2, but EDIT-2"),
        (("overwritten", "--from", "29-02-2025"), "29-02-2025: there is no such day"),
        (("overwritten", "--from", ""), "--from has no value: leave it out, or say what is meant"),
        (("overwritten", "--from", "٢٠٢٦-٠٣-١٥"), "ambiguous or no date"),
        (("overwritten", "--from", "2026-05-01", "--to", "2026-04-01"), "the first day, 2026-05-01, is after the last"),
        (("runs", "walk"), "the log has no run walk"),
        (("runs", "run"), "run begins the ids of 2 runs: run-2, run-1"),
        (("terminations", "--entity", "999"), "legal entity 999 is not enabled in the configuration; enabled are: 170"),
    ],
)
def test_what_cannot_be_meant_is_one_line_that_says_what_can(
    office: Office, arguments: tuple[str, ...], said: str
) -> None:
    code, out, err = office.run(*arguments)

    assert (code, out, err.count("\n")) == (2, "", 1)
    assert said in err
