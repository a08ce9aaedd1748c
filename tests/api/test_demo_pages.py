"""The demo in a browser: its pages are up while the story is told, and whoever looks there may be anybody of it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import httpx
import pytest

from api.demo.served import Demo, begun, serve
from api.pages.made_up import STOPS, Chapter
from domain.errors import Misconfigured
from domain.events.erasure import ErasureCompleted
from domain.events.loket import ChangedBy, LoketFieldChanged
from domain.streams import CUSTODY, ERASURES
from domain.values import LegalEntityId
from tests.pages.reading import texts
from tests.support.http_served import serving
from tests.support.ports import free_port
from tests.support.waiting import until

ROOT = Path(__file__).parents[2]
HERE = "127.0.0.1"
OURS = {"Sec-Fetch-Site": "same-origin"}


@dataclass
class Told:
    demo: Demo
    client: httpx.Client
    said: list[str] = field(default_factory=list)
    stood: list[tuple[str, str]] = field(default_factory=list)  # Today and the handover sheet, as each chapter begins

    def hears(self, chapter: str) -> None:
        self.said.append(chapter)
        today, sheet = (self.client.get(f"/e/170{path}").text for path in ("", "/handover"))
        self.stood.append((today, sheet))

    def be(self, who: str, onward: str = "/") -> httpx.Response:
        return self.client.post("/me/role", data={"who": who, "next": onward}, headers=OURS)


@pytest.fixture(scope="module")
def told() -> Iterator[Told]:
    """From beginning to end, looked at by whoever followed the link before it began."""
    port = free_port()
    with (
        begun(port) as demo,
        serving(demo.app, demo.web.settings.serve, port=port),
        httpx.Client(base_url=demo.site.origin, trust_env=False, follow_redirects=True) as client,
    ):
        one = Told(demo, client)
        assert "Een verzonnen bedrijf" in client.get(f"/sign-in/link/{demo.site.link}").text
        with demo.told(pace=0, say=one.hears) as thread:
            thread.join()
            yield one


def test_the_whole_story_is_told_while_the_pages_are_up(told: Told) -> None:
    assert told.said[: len(Chapter) - 1] == list(Chapter)[:-1]
    assert told.demo.made_up.chapter is Chapter.TOLD


def test_the_tour_has_seven_stops_and_each_is_there(told: Told) -> None:
    tour = told.demo.made_up.tour

    assert len(tour) == len(STOPS) == 7
    assert {address: told.client.get(address).status_code for _, address in tour} == {one: 200 for _, one in tour}


def test_the_story_leaves_a_brake_an_edit_and_a_joiner_to_somebody_and_has_erased_somebody(told: Told) -> None:
    store = told.demo.web.store
    store.views.catch_up()

    text = told.client.get("/e/170").text

    assert ("noodrem" in text, "1 verschil" in text, "1 conceptmedewerker" in text) == (True, True, True)
    assert any(isinstance(one.fact, ErasureCompleted) for one in store.log.stream(ERASURES))
    assert store.views.runs.runs(LegalEntityId("170"), limit=1)[0].reason == "BRAKE"


def test_only_what_somebody_typed_into_loket_was_changed_by_somebody_else(told: Told) -> None:
    """Not what went with a wage that was deleted to be made again."""
    log = told.demo.web.store.log
    moved = [one.fact for one in log.page(-1, log.size()) if isinstance(one.fact, LoketFieldChanged)]

    assert {one.field for one in moved if one.changed_by is ChangedBy.OURS} == {"wage.applyPayGrade"}
    assert {one.field for one in moved if one.changed_by is ChangedBy.SOMEONE_ELSE} <= {"address.street"}


def test_what_only_one_system_holds_is_not_called_the_same(told: Told) -> None:
    page = told.client.get("/e/170/people/202").text
    row = page.partition('data-label="Veld">Soort brutoloon<')[2].partition("</tr>")[0]

    assert ("zoals het hoort" in row, ">gelijk<" in row) == (True, False)


def test_everything_in_the_story_happens_on_its_own_days(told: Told) -> None:
    """What is verified, too: the log of a made-up spring knows no other time."""
    log = told.demo.web.store.log
    days = {one.meta.recorded_at.date() for one in log.page(-1, log.size()) if one.stream == CUSTODY}

    assert max(days) < date(2026, 4, 1)


SEEN_BY = {
    "Marieke (payroll)": (
        "/e/170", "/e/170/tasks?ended=true", "/e/170/people", "/e/170/plan", "/e/170/runs", "/e/170/differences",
        "/e/170/overwritten", "/e/170/leavers", "/e/170/ahead", "/e/170/handover", "/e/170/reports", "/operation",
        "/proof",
        *(f"/e/170/runs/demo-{at}" for at in range(1, 9)),
    ),
    "Ingrid (auditor)": ("/e/170/runs", "/log", "/access", "/rules", "/rules/PAY-8", "/e/170/people/202"),
}  # fmt: skip
NO_WORD = re.compile(r"\b(?!www\.|https?:)[a-z]+(?:\.[a-z]+[A-Z]?\w*)+\b|\b[a-z]+(?:_[a-z]+)+\b")
NAMES = re.compile(r"\S+@\S+|https?://\S+|witness\.example\.org|\w+\.(?:html|py|zip|toml|md|nl)\b|B\.V\.")
"""Addresses and files, which are named as they are."""


def test_no_sentence_of_a_page_holds_a_path_or_a_key_of_the_configuration(told: Told) -> None:
    """What names a setting stands apart, as code."""
    wrong = {}
    for who, paths in SEEN_BY.items():
        told.be(who)
        numbers = re.findall(r"/e/170/people/\d+", told.client.get("/e/170/people").text)
        for language in ("en", "nl"):
            told.client.post("/me/language", data={"language": language, "next": "/"}, headers=OURS)
            for path in dict.fromkeys((*paths, *numbers)):
                said = " ".join(texts(told.client.get(path).raise_for_status().text))
                if found := set(NO_WORD.findall(NAMES.sub("", said))):
                    wrong[language, path] = found
    told.be("Marieke (payroll)")

    assert wrong == {}


def test_today_and_the_handover_sheet_know_the_same_matters_all_along(told: Told) -> None:
    known = [
        (matters(today, r'<tr id="(\w+)">(.*?)</tr>'), matters(sheet, r'<tbody id="(\w+)">(.*?)</tbody>'))
        for today, sheet in told.stood
    ]

    assert [(one, other) for one, other in known if one != other] == []
    assert len({str(one) for one, _ in known}) > 4, "the story changes what waits"
    assert set().union(*(one for one, _ in known)) >= {
        "first_run", "task_hr", "concept", "ends_in_loket", "brake", "differs", "ON_LEAVE_LEFT_OUT",
        "MANUAL_FOLLOW_UP", "PART_TIME_FACTOR_DIFFERS",
    }  # fmt: skip


def matters(page: str, pattern: str) -> dict[str, set[str]]:
    """Of each the people whom it is about; the story has no more than a page shows."""
    found = re.findall(pattern, page, re.DOTALL)
    return {what: set(re.findall(r'/people/(\d+)"', rows)) for what, rows in found}


def test_a_witness_has_cosigned_what_the_story_left(told: Told) -> None:
    log = told.demo.web.store.log

    until(lambda: log.witnessed(100), "a witness's signature")


def test_whoever_looks_becomes_somebody_else_by_a_session_of_their_own_key(told: Told) -> None:
    before = dict(told.client.cookies)

    page = told.be("Fatima (HR)", "/e/170/tasks")

    assert ("Fatima (HR)</a> · HR" in page.text, page.url.path) == (True, "/e/170/tasks")
    assert httpx.get(f"{told.demo.site.origin}/me", cookies=before, trust_env=False).status_code == 303
    assert told.be("Nobody").status_code == 400
    assert "Marieke (payroll)</a>" in told.be("Marieke (payroll)").text


def test_nobody_changes_roles_without_being_signed_in(told: Told) -> None:
    answer = httpx.post(
        f"{told.demo.site.origin}/me/role", data={"who": "Fatima (HR)"}, headers=OURS,
        trust_env=False,
    )  # fmt: skip

    assert (answer.status_code, answer.headers["location"], answer.cookies) == (303, "/sign-in?next=/me", {})


def test_only_the_command_demo_knows_the_demo() -> None:
    """So no other server can have its switch of roles."""
    known = {
        str(path.relative_to(ROOT))
        for folder in ("api", "adapters", "domain")
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r"\bapi\.demo\b|\bMadeUp\(", path.read_text(encoding="utf-8"))
    }

    assert {one for one in known if not one.startswith("api/demo/")} == {"api/cli/commands/demo.py"}


def test_a_port_that_is_taken_is_said_before_anything_begins() -> None:
    with socket.create_server((HERE, 0)) as taken, pytest.raises(Misconfigured, match="Address already in use"):
        serve(taken.getsockname()[1])


def test_ctrl_c_in_the_middle_of_the_story_leaves_nothing_behind(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "from api.cli.main import entry; entry()", "demo", "--serve", "--port", "0"]
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment, cwd=ROOT) as process:
        assert process.stderr is not None
        said = next(line for line in process.stderr if line.startswith("16 March"))

        process.send_signal(signal.SIGINT)
        rest = process.stderr.read()

    assert (said.strip(), process.returncode, "Traceback" in rest) == (Chapter.HELD, 0, False)
    assert list(tmp_path.iterdir()) == []
