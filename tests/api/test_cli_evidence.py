"""`tweeluik evidence`: everything of a period in one archive, checked offline; not one byte of it can change."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from pdfminer.high_level import extract_text

from adapters.log import offline_verifier
from adapters.log.offline_verifier import Rejected, verified_archive
from adapters.log.proof.notes import SigningKey
from adapters.reports.overwritten import TEXTS as PAPER
from adapters.reports.summary import TEXTS as SUMMARY
from api.bootstrap import open_store
from api.config.settings import load
from api.languages import tongue, translations
from domain.events.custody import PeopleNamed
from domain.events.loket import WriteIntended, WriteKind
from domain.events.personio import AttributesObserved
from domain.events.runs import OutcomeRecorded
from domain.events.values import FieldValue
from domain.log import Fact, Meta, Pending, StreamAppend
from domain.services.replay.derive import TEXTS as DERIVED
from domain.streams import CUSTODY, loket_stream, person_stream, run_stream
from domain.values import BLANK, Actor, EmployeeNumber, PersonId, RunId
from domain.views.history import lines
from tests.support.audited_office import FORMULA, TULP, Office
from tests.support.audited_office import office as office  # the fixture

BAKKER = tuple(FieldValue(f"personalDetails.{name}", value) for name, value in
               [("firstName", BLANK), ("initials", "B."), ("prefix", "de"), ("lastName", "Bakker")])  # fmt: skip
MARCH = ("evidence", "--entity", "170", "--period", "2026-03")


@pytest.fixture
def pack(office: Office, tmp_path: Path) -> Path:
    with open_store(load(office.config)) as store:
        intended = WriteIntended(
            intent="i-9", run_id="run-1", person_id="3009", kind=WriteKind.EMPLOYEE, target="g", subject="s", changes=()
        )
        left_out = OutcomeRecorded(
            person_id="3010", employee_number=4714, outcome="left_out", reason="END-2", rule="END-2"
        )
        facts: list[tuple[object, Fact]] = [
            (loket_stream(TULP, EmployeeNumber(4713)), intended),
            (run_stream(RunId("run-2")), left_out),
            (person_stream(PersonId("3010")), AttributesObserved(subject="s-bakker", values=BAKKER)),
        ]
        for stream, fact in facts:
            version = len(store.log.stream(stream))  # type: ignore[arg-type]
            recorded_at = store.log.at([0])[0].meta.recorded_at
            meta = Meta(recorded_at=recorded_at, actor=Actor("Anna"), correlation="run-2")
            store.log.append([StreamAppend(stream, version, [Pending(fact)])], meta=meta)  # type: ignore[arg-type]
    path = tmp_path / "evidence.zip"
    assert office.run(*MARCH, "--out", str(path))[0] == 0
    return path


def rewritten(pack: Path, change: dict[str, bytes | None]) -> Path:
    """A copy with these files replaced, added, or left out."""
    other = pack.with_name("changed.zip")
    with zipfile.ZipFile(pack) as old, zipfile.ZipFile(other, "w") as new:
        contents: dict[str, bytes | None] = {name: old.read(name) for name in old.namelist()} | change
        for name, data in contents.items():
            if data is not None:
                new.writestr(name, data)
    return other


def parts(pack: Path) -> dict[str, str]:
    with zipfile.ZipFile(pack) as archive:
        return {name: archive.read(name).decode(errors="replace") for name in archive.namelist()}


def test_it_holds_plans_outcomes_exclusions_and_a_proof_for_every_overwritten_value(pack: Path) -> None:
    held = parts(pack)

    kinds = {name: [json.loads(row)["event"] for row in held[f"{name}.ndjson"].splitlines()]
             for name in ("plan", "outcomes", "exclusions", "overrides", "drift", "access")}  # fmt: skip
    assert kinds["plan"] == ["loket_record.write_intended.v1"]
    assert kinds["outcomes"] == ["sync_run.started.v1", "sync_run.completed.v1"] * 2
    assert kinds["exclusions"] == ["sync_run.outcome_recorded.v1"]
    assert (kinds["overrides"], kinds["drift"], kinds["access"]) == ([], [], [])
    head, *fields = map(json.loads, held["overwritten.ndjson"].splitlines())
    assert head["totals"]["fields"] == len(fields) == 4
    assert {name for name in held if name.startswith("certificates/")} == {
        f"certificates/{one['position']}.json" for one in fields
    }
    assert any(one["id"] == "EDIT-2" for one in json.loads(held["rules.json"])["rules"])


def test_it_names_everyone_it_speaks_of_and_people_by_name_only_in_clear(
    pack: Path, office: Office, tmp_path: Path
) -> None:
    opened = tmp_path / "opened.zip"
    office.run(*MARCH, "--out", str(opened), "--unmask", "--reason", "tax audit")

    masked, clear = ([json.loads(row) for row in parts(one)["people.ndjson"].splitlines()] for one in (pack, opened))
    known = [(4711, "3007", 3, 0), (4712, "3008", 0, 1), (4713, "3009", 0, 0), (4714, "3010", 0, 0)]

    for told in (masked, clear):
        keys = ("employee_number", "person_id", "overwritten", "cleared")
        assert [tuple(one[each] for each in keys) for one in told] == known
    assert [one["left_out"] for one in masked] == [[], [], [], ["END-2"]]
    assert [one["name"] for one in masked] == [None] * 4
    assert [one["name"] for one in clear] == [None, None, None, "B. de Bakker"]
    with open_store(load(office.config)) as store:
        named = [one.fact.people for one in store.log.stream(CUSTODY) if isinstance(one.fact, PeopleNamed)]
    assert set(named[0]) == {"s", "s-bakker", "s-jan", "s-sanne"}  # also who is only planned for, or left out


def test_its_summary_says_every_event_in_it_as_a_sentence(pack: Path, office: Office, tmp_path: Path) -> None:
    opened = tmp_path / "opened.zip"
    office.run(*MARCH, "--out", str(opened), "--unmask", "--reason", "tax audit")

    for path, shown in ((pack, False), (opened, True)):
        with zipfile.ZipFile(path) as archive:
            said = extract_text(io.BytesIO(archive.read("summary.pdf")))
        said = "".join(said.replace("\u200b", "").split())
        held = [rows for name, rows in parts(path).items() if name.endswith(".ndjson")]
        lines = [json.loads(row) for rows in held for row in rows.splitlines()]
        sentences = [one["sentence"] for one in lines if "position" in one]

        assert [one for one in sentences if "".join(one.split()) not in said] == []
        assert len(sentences) == 4 + 1 + 4 + 1
        assert ("Bakker" in said, "MainSt" in said) == (shown, shown)


def test_what_people_read_in_it_is_dutch_where_that_was_asked_and_what_machines_read_is_the_same(
    pack: Path, office: Office, tmp_path: Path
) -> None:
    asked = tmp_path / "bewijs.zip"
    assert office.run(*MARCH, "--out", str(asked), "--language", "nl")[0] == 0

    told, dutch = parts(asked), translations("nl").gettext
    with zipfile.ZipFile(asked) as archive:
        said = "".join(extract_text(io.BytesIO(archive.read("summary.pdf"))).replace("\u200b", "").split())
    held = [json.loads(row) for name, rows in told.items() if name.endswith(".ndjson") for row in rows.splitlines()]
    with open_store(load(office.config)) as store:
        sealed = store.log.at([one["position"] for one in held if "position" in one])
        told_in_dutch = [one.sentence for one in lines(store.vault.marked(sealed), tongue("nl"))]
        in_dutch = [one.partition(";")[0] for one in told_in_dutch]  # since when is looked up elsewhere
    papers = [one for one in (*SUMMARY, *DERIVED, *PAPER) if " " in one and "{" not in one and dutch(one) != one]

    assert len(in_dutch) == 4 + 1 + 4 + 1
    assert [one for one in in_dutch if "".join(one.split()) not in said] == []
    english = [one["sentence"] for one in held if "sentence" in one]
    assert [one for one in english if "".join(one.split()) in said and one not in in_dutch] == []
    assert [one for one in papers if one.replace(" ", "") in said] == []
    assert told["README.txt"].startswith("Bewijs van werkgevers 170, 2026-03-01 tot en met 2026-03-31.")
    assert re.search(r"\nGemaakt op [-0-9]{10} [:0-9]{8} \(Amsterdam\) door ", told["README.txt"])
    same = [name for name in told if name.endswith((".ndjson", ".json")) and not name.startswith("certificates/")]
    heads = {name: told[name].splitlines()[1:] for name in same}
    assert heads == {name: parts(pack)[name].splitlines()[1:] for name in same}
    assert verified_archive(asked)


def test_the_verifier_inside_it_proves_it_without_the_product(pack: Path, tmp_path: Path) -> None:
    alone = tmp_path / "alone"
    alone.mkdir()
    with zipfile.ZipFile(pack) as archive:
        archive.extract("offline_verifier.py", alone)
    shutil.copy(pack, alone / "pack.zip")

    run = subprocess.run(
        [sys.executable, "-I", "offline_verifier.py", "pack.zip"],
        cwd=alone,
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stdout
    assert "WAS NOT CHECKED: 4 overwritten values are part of the signed log." in run.stdout


def test_it_is_masked_unless_someone_gave_a_reason(pack: Path, office: Office, tmp_path: Path) -> None:
    opened = tmp_path / "opened.zip"
    refused, _, _ = office.run(*MARCH, "--out", str(opened), "--unmask")
    office.run(*MARCH, "--out", str(opened), "--unmask", "--reason", "tax audit")

    assert refused == 2
    assert not any(FORMULA in text or "Main St" in text for text in parts(pack).values())
    assert "Main St" in parts(opened)["overwritten.ndjson"]
    assert verified_archive(opened)


@pytest.mark.parametrize(
    "name", ["overwritten.ndjson", "outcomes.ndjson", "rules.json", "checkpoint.txt", "SHA256SUMS", "SHA256SUMS.note"]
)
def test_a_changed_file_is_told(pack: Path, name: str) -> None:
    changed = parts(pack)[name].replace("2", "3", 1).encode() + b" "

    with pytest.raises(Rejected):
        verified_archive(rewritten(pack, {name: changed}))


@pytest.mark.parametrize("change", [{"exclusions.ndjson": None}, {"more.txt": b"made up"}, {"SHA256SUMS.note": None}])
def test_a_file_left_out_or_added_is_told(pack: Path, change: dict[str, bytes | None]) -> None:
    with pytest.raises(Rejected):
        verified_archive(rewritten(pack, change))


def test_an_archive_signed_by_someone_else_is_told_to_who_holds_the_logs_key(pack: Path) -> None:
    key = parts(pack)["public_key.txt"].strip()

    assert verified_archive(pack, key)
    with pytest.raises(Rejected):
        verified_archive(pack, str(SigningKey.generate().verifier))


def test_a_file_that_is_no_period_is_one_line(office: Office, tmp_path: Path) -> None:
    code, _, err = office.run("evidence", "--entity", "170", "--period", "March", "--out", str(tmp_path / "x.zip"))

    assert code == 2
    assert "March is no month; write 2026-03" in err


def test_the_verifier_told_a_damaged_archive_says_so_in_one_line(
    pack: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with zipfile.ZipFile(pack) as archive:
        member = archive.getinfo("overwritten.ndjson")
    data = bytearray(pack.read_bytes())
    data[member.header_offset + 30 + len(member.filename) + member.compress_size // 2] ^= 0xFF  # within its content
    pack.write_bytes(bytes(data))

    assert offline_verifier.main([str(pack)]) == 1
    assert capsys.readouterr().out.startswith("NOT PROVEN")
