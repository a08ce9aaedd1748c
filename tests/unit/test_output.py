"""What a command prints cannot steer a terminal, and a file it writes is whole, private, or not there at all."""

from __future__ import annotations

import ast
import errno
import json
import os
import stat
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.cli.output import as_json_text, data_out, own_folder, printable, printable_data, whole_file
from domain.errors import CannotWrite

ROOT: Final = Path(__file__).parents[2]
STEERING: Final = "\x1b]0;title\x07 \x1b[2J \x9b2J \x08 \x7f \u202e \u2066 \u200f \u2028 \r"
EVERYDAY: Final = "Łukasz d'Aubigné-Ğ\tb\n\r\nمريم 名前 👩‍💻"


def test_what_could_steer_a_terminal_is_shown_as_its_code_and_the_rest_as_it_is() -> None:
    shown = printable(STEERING)

    assert not [each for each in shown if each in STEERING and each not in " ]0;title[2J"]
    assert "\\u001b]0;title\\u0007" in shown
    assert printable(EVERYDAY) == EVERYDAY


@given(st.recursive(st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_json_for_a_terminal_says_exactly_what_it_was_given(data: object) -> None:
    text = as_json_text(data)

    assert json.loads(text) == data
    assert printable(text) == text


def test_commands_print_texts_of_ours_as_they_are_and_everything_else_printable() -> None:
    bare = {
        f"{file.name}:{call.lineno}"
        for file in (ROOT / "api" / "cli").rglob("*.py")
        for call in ast.walk(ast.parse(file.read_text()))
        if isinstance(call, ast.Call) and ast.unparse(call.func) in ("print", "typer.echo", "sys.stdout.write")
        for text in call.args[:1]
        if not isinstance(text, ast.Constant)
        and not (isinstance(text, ast.Call) and ast.unparse(text.func) in ("printable", "as_json_text"))
    }

    assert bare == set()


def test_keys_and_lists_are_made_printable_too() -> None:
    assert printable_data({"\x9bname": [("\x1b[2J", 1, None)]}) == {"\\u009bname": [["\\u001b[2J", 1, None]]}


def test_a_file_is_readable_by_its_owner_only_and_replaces_the_old_one_when_it_is_whole(tmp_path: Path) -> None:
    place = tmp_path / "report.csv"
    place.write_text("old")
    place.chmod(0o644)

    with data_out(place) as file:
        file.write("new")
        assert place.read_text() == "old"

    assert place.read_text() == "new"
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [place]


def test_a_fault_half_way_leaves_the_old_file_and_no_draft(tmp_path: Path) -> None:
    place = tmp_path / "report.csv"
    place.write_text("old")

    def half_a_report() -> None:
        with data_out(place) as file:
            file.write("half")
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(CannotWrite, match="No space left on device"):
        half_a_report()

    assert place.read_text() == "old"
    assert list(tmp_path.iterdir()) == [place]


@pytest.mark.parametrize(
    ("place", "why"),
    [("nowhere/report.csv", "No such file or directory"), (".", "Is a directory"), ("/dev/full", "No space left")],
)
def test_a_place_that_takes_no_file_is_one_sentence(
    place: str, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(CannotWrite, match=why) as refusal, whole_file(Path(place)) as draft:
        draft.write_text("something")

    assert place in str(refusal.value)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_read_only_is_not_replaced(tmp_path: Path) -> None:
    kept = tmp_path / "report.csv"
    kept.write_text("old")
    kept.chmod(0o400)

    with pytest.raises(CannotWrite, match="the file there is read-only"), whole_file(kept) as draft:
        draft.write_text("new")

    assert kept.read_text() == "old"
    assert list(tmp_path.iterdir()) == [kept]


def test_a_link_keeps_leading_to_the_file_it_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("old")
    (tmp_path / "link").symlink_to("file")

    with whole_file(tmp_path / "link") as draft:
        draft.write_text("new")

    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").read_text() == "new"


def test_a_folder_of_certificates_is_its_owners_only(tmp_path: Path) -> None:
    with own_folder(tmp_path / "a" / "certificates") as folder:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotWrite), own_folder(tmp_path / "file"):
        pass
