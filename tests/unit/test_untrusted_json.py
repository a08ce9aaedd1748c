"""Whatever JSON somebody sent or edited is read, or refused in the words of whoever reads it; nothing else happens."""

from __future__ import annotations

import ast
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from adapters.log.mapper import recorded
from adapters.log.proof.checkpoints import Copies
from adapters.log.proof.last_verdict import VerdictFile
from adapters.personio.webhooks import Unreadable, hint_of
from adapters.projections.recorded_pages import entry_of
from adapters.projections.runs import run_row
from adapters.transport import decode
from api.http.middleware import MAX_DEPTH, _depth
from domain.errors import LogDamaged, LogNotBelieved, ViewsDiffer
from domain.grounds.readers import NotJson, read_json
from tests.support.hostile_json import DEEP

ROOT: Final = Path(__file__).parents[2]
AT: Final = datetime(2026, 3, 20, tzinfo=UTC)
READ_ELSEWHERE: Final = {
    "domain/grounds/readers.py": "here it is",
    "adapters/log/offline_verifier.py": "imports nothing of ours",
    "domain/grounds/coding.py": "sealed by us",
    "api/reference/scenarios.py": "our own file",
    "api/http/schemas/examples.py": "our own file",
}


def event(content: bytes) -> object:
    return recorded((0, "custody", 0, "custody.loket_signed_in.v1", b'{"fact":{"client_id":' + content + b"}}"))


def later_event(content: bytes) -> object:
    return recorded((0, "custody", 0, "of.a_later_version.v1", b'{"fact":' + content + b"}"))


def run_in_a_view(content: bytes) -> object:
    more = (None, None, content.decode(), None, None, None, None, None)
    return run_row(("run-1", "170", None, "", "2026-03-20", 0, "completed", None, None, None, None, None, *more))


def entry_in_a_view(content: bytes) -> object:
    return entry_of((0, "2026-03-20", "", "", "", "", "170", None, None, None, None, content.decode()))


READERS: Final[dict[str, tuple[Callable[[bytes], object], type[Exception]]]] = {
    "what is sent to us": (read_json, NotJson),
    "an answer of Personio or Loket": (decode, NotJson),
    "a webhook": (lambda content: hint_of(content, AT), Unreadable),
    "an event": (event, LogDamaged),
    "an event of a later version": (later_event, LogDamaged),
    "a run in a view": (run_in_a_view, ViewsDiffer),
    "an entry in a view": (entry_in_a_view, ViewsDiffer),
}


@pytest.mark.parametrize("how", DEEP)
@pytest.mark.parametrize(("read", "refusal"), READERS.values(), ids=READERS)
def test_what_is_nested_without_end_is_refused_by_everybody(
    read: Callable[[bytes], object], refusal: type[Exception], how: str
) -> None:
    with pytest.raises(refusal):
        read(DEEP[how])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"a": 1, "a": 1}', {"a": 1}),
        (b'{"a": 1, "a": 2}', None),
        (b'{"a" : 1, "a" : 2}', None),
        (b'[{"a": {"b": [], "b": [1]}}]', None),
        (rb'{"a": "\ud800", "a": 2}', None),
        (rb'{"a": "b\u0022:", "c": "\":"}', {"a": 'b":', "c": '":'}),
    ],
)
def test_an_answer_that_names_something_twice_and_not_the_same_is_not_read(content: bytes, said: object) -> None:
    if said is not None:
        assert decode(content) == said
        return
    with pytest.raises(NotJson):
        decode(content)


@pytest.mark.parametrize("how", DEEP)
def test_the_checkpoint_folder_may_hold_anything(how: str, tmp_path: Path) -> None:
    """A line that is no head is none, and a verdict that cannot be read is not taken for OK."""
    (tmp_path / "a.checkpoints.jsonl").write_bytes(DEEP[how] + b"\n")
    (tmp_path / "verdict.json").write_bytes(DEEP[how])

    assert list(Copies(tmp_path).notes()) == []
    with pytest.raises(LogNotBelieved, match="cannot be read"):
        VerdictFile(tmp_path).believed()


@pytest.mark.parametrize(
    ("body", "deep"),
    [
        (b'{"a":[{"b":[]}]}', 4),
        (b'{"a":"[[[[","b":[]}', 2),
        (b'{"a":"\\"[[","b]]":[]}', 2),
        (b'{"a":"\\\\","b":[[]]}', 3),
        (b"]]]][[", 2),
        (b'["[[[', 1),
        (b"", 0),
    ],
)
def test_brackets_in_text_neither_open_nor_close_anything(body: bytes, deep: int) -> None:
    assert _depth(body) == deep


def test_every_hidden_nesting_is_deeper_than_a_body_may_be() -> None:
    assert [how for how, body in DEEP.items() if _depth(body) <= MAX_DEPTH] == []


def test_nobody_reads_json_but_by_the_one_function_that_refuses_it() -> None:
    """Typed readers are made in one place too, and who reads with one catches UNREADABLE."""
    found = {
        name
        for room in ("domain", "adapters", "api")
        for file in (ROOT / room).rglob("*.py")
        if "simulators" not in (name := str(file.relative_to(ROOT)))
        for call in (one for one in ast.walk(ast.parse(file.read_text())) if isinstance(one, ast.Call))
        if ast.unparse(call.func) in ("json.loads", "json.load", "msgspec.json.decode")
    }

    assert found - set(READ_ELSEWHERE) == set()
