"""Every kind of alert is raised by what happens, heard once by a real receiver, and over when it is over."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from adapters.access.keys import AccessKeys
from adapters.log.proof.verdicts import Verdict
from adapters.simulators.company.generate import Colleague, generate_company
from adapters.simulators.company.populate import add_to_personio
from api.bootstrap import open_access_keys, open_store, open_tools
from api.demo.tampering import change_one_byte
from api.tasks.verify import verify_log
from domain.errors import LogDamaged
from domain.events.alert import AlertKind
from domain.planning.decide import NO_WRITES, Plan, decide
from domain.planning.eligibility import NOT_CONSIDERED
from domain.rules import REVISIONS
from domain.services.alerts.key_store import KeyStoreAlerts
from domain.services.journal import Journal
from domain.services.reading.versions_believed import trust_versions
from domain.services.replay.derive import derive, record
from domain.services.replay.looks import looks_between
from domain.services.replay.replay import replay
from domain.streams import DERIVATIONS
from domain.values import Actor
from tests.support.inboxes import SECRET, Receiver, receiver
from tests.support.planned import Office, local_instant, office

DAYS = """
compensation_start_date = 2026-03-01
[legal_entity.schedule]
sync = "0 20 * * *"
reports = "10 6 18 * *"
[schedule]
drift_check = "30 6 * * *"
verify = "0 5 * * *"
derive = "0 5 * * *"
[alerts]
private_hosts = ["127.0.0.1"]
tasks_open_days = 1
"""
STREET = "address.street"
AT = ("05:00", "06:30", "20:00")  # the log is verified, drift is checked, and what is left is sent to Loket


@dataclass
class Desk:
    """A company of four, synced every evening, looked at every morning, and somebody who hears of it."""

    office: Office
    hook: Receiver
    day: str = "2026-03-16"
    heard: list[dict[str, Any]] = field(default_factory=list)

    def lives(self, *times: str) -> None:
        """What the schedule does at these times of this day; all that was said of it is heard."""
        with self.office.scheduler() as scheduler:
            for time in times:
                self.office.clock.instant = local_instant(f"{self.day}T{time}")
                with suppress(LogDamaged):  # it ends the schedule of this process
                    scheduler.look()
                    scheduler.look()
        self.heard += [body["data"]["kinds"] for _, body in self.hook.posts]
        self.hook.posts.clear()

    def lives_a_day(self) -> None:
        self.lives(*AT)
        self.day = str((self.office.clock.instant + timedelta(days=1)).date())

    def count(self, kind: AlertKind, word: str) -> int:
        """How often it was said in all messages that one of this kind opened, recovered or happened."""
        return sum(one[kind][word] for one in self.heard if kind in one)

    @property
    def loket(self) -> Any:
        return self.office.running.loket

    @property
    def personio(self) -> Any:
        return self.office.running.personio

    def colleague(self, n: int = 0) -> Colleague:
        return self.office.running.company.colleagues[n]

    def employment(self, n: int = 0) -> dict[str, int]:
        one = self.colleague(n)
        return {"number": one.employee_number, "income_number": one.income_number}

    def moves(self, street: str, n: int = 0) -> None:
        """In Personio."""
        self.personio.edit(self.colleague(n).person_id, "street", street)

    def is_moved(self, street: str, n: int = 0) -> None:
        """In Loket, by hand."""
        self.loket.edit_employee(self.colleague(n).employee_number, {STREET: street})


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with receiver() as hook:
        target = f"[alerts.targets.desk]\nurl = '{hook.url}'\nsecret = '{SECRET}'\n"
        with office(tmp_path, f"sqlite:///{tmp_path}/log.db", DAYS + target, local="2026-03-15T12:00") as one:
            hook.now = one.clock.now
            desk = Desk(one, hook)
            desk.lives("04:00")
            desk.lives_a_day()
            desk.heard.clear()
            yield desk


Deed = Callable[[Desk], Any]


def nothing(_: Desk) -> None:
    """It ends by itself: the evening's run puts it right."""


def unexplained(desk: Desk) -> None:
    desk.moves("Central Ave", 1)
    desk.lives_a_day()  # our own write teaches what Loket calls a street
    desk.loket.silence_audit_trail()
    desk.is_moved("Harbour Rd")


NEWCOMER = generate_company(5, seed=7).colleagues[-1]  # the first four are at work


def joins(desk: Desk) -> None:
    add_to_personio(desk.personio, desk.office.running.company, NEWCOMER)


def is_completed(desk: Desk) -> None:
    desk.loket.finalise_concept(NEWCOMER.employee_number)


def answer_lost(desk: Desk) -> None:
    joins(desk)
    desk.loket.faults.add("reset_before", method="POST", path="*/conceptemployees")


def one_bit_is_turned(desk: Desk) -> None:
    """In the file, behind the log's back; once more, and it is as it was."""
    change_one_byte(f"sqlite:///{desk.office.config.parent}/log.db", 5)


def is_verified(desk: Desk) -> None:
    """By somebody, once the file is as it was: no schedule believes in a log again by itself."""
    one_bit_is_turned(desk)
    looks = [verify_log(desk.office.settings, actor=Actor("Olga"), clock=desk.office.clock).verdict for _ in range(2)]
    assert looks == [Verdict.STALE, Verdict.OK]  # no head was signed meanwhile


def edits_the_key_store(statement: str) -> Deed:
    """Past the product; then somebody looks at the keys."""

    def edit(desk: Desk) -> None:
        settings, clock = desk.office.settings, desk.office.clock
        with open_store(settings, clock=clock) as store, open_access_keys(settings, store) as access:
            with closing(sqlite3.connect(desk.office.config.parent / "log-keys.db", isolation_level=None)) as rows:
                rows.execute(statement)
            keys = AccessKeys(access, store.log, clock)
            KeyStoreAlerts(store.log, clock, settings.alerts.alert_targets()).stands(keys.edited())

    return edit


def nobody_corrects_it(desk: Desk) -> None:
    """For a whole day."""
    desk.personio.edit(desk.colleague().person_id, "postal_code", "0123 AB")
    desk.lives_a_day()
    assert desk.count(AlertKind.TASK_OPEN_LONG, "opened") == 0


def misjudges(desk: Desk) -> None:
    """A run of which somebody was left out whom no rule leaves out."""

    def otherwise(*read: Any, **about: Any) -> Plan:
        first, *others = (plan := decide(*read, **about)).decisions
        return replace(plan, decisions=(replace(first, left_out=NOT_CONSIDERED, writes=NO_WRITES), *others))

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("domain.services.sync.decided.decide", otherwise)
        desk.lives_a_day()


def no_number_moves(desk: Desk) -> None:
    """A fault of Loket's: an address is typed in, and its counter stands still."""
    desk.loket.switches.versions_stand_still = True
    desk.is_moved("Harbour Rd")


def is_trusted(desk: Desk) -> None:
    desk.loket.switches.versions_stand_still = False
    settings = desk.office.settings
    with open_store(settings, clock=desk.office.clock) as store, open_tools(settings, store) as tools:
        store.views.catch_up()
        journal = Journal(tools=tools, actor=Actor("Olga"), correlation="by-hand")
        trust_versions(settings.policy("170"), journal, reason="Loket has mended it")


def is_explained(desk: Desk) -> None:
    """Somebody derives everything again with a version in which the rule is another one."""
    settings = desk.office.settings
    with (
        open_store(settings, clock=desk.office.clock) as store,
        open_tools(settings, store) as tools,
        pytest.MonkeyPatch.context() as patched,
    ):
        patched.setattr("domain.services.replay.derive.replay", partial(replay, revisions={**REVISIONS, "WHO-3": 9}))
        derived = derive(store.log, store.vault, looks_between(store.log))
        journal = Journal(tools=tools, actor=Actor("Olga"), correlation="by-hand")
        journal.knows(DERIVATIONS, len(store.log.stream(DERIVATIONS)))
        record(journal, derived, settings.alerts.alert_targets(), first=0, last=store.log.size() - 1)


def nobody_looks(desk: Desk) -> None:
    desk.day = "2026-03-19"


def cannot_be_written(desk: Desk) -> None:
    """A view, by whatever somebody did to the database."""
    with closing(sqlite3.connect(desk.office.config.parent / "log.db", isolation_level=None)) as db:
        db.execute(
            "CREATE TRIGGER stuck BEFORE UPDATE ON view_positions WHEN NEW.view = 'recorded' "
            "BEGIN SELECT RAISE(ABORT, 'no'); END"
        )


def can_be_written_again(desk: Desk) -> None:
    with closing(sqlite3.connect(desk.office.config.parent / "log.db", isolation_level=None)) as db:
        db.execute("DROP TRIGGER stuck")


CONDITIONS: dict[AlertKind, tuple[Deed, Deed]] = {
    AlertKind.DRIFT: (lambda desk: desk.is_moved("Harbour Rd"), nothing),
    AlertKind.UNEXPLAINED_CHANGE: (unexplained, nothing),
    AlertKind.RUN_BLOCKED: (
        lambda desk: desk.personio.edit(desk.colleague().person_id, "postal_code", "0123 AB"),
        lambda desk: desk.personio.edit(desk.colleague().person_id, "postal_code", "1011 AB"),
    ),
    AlertKind.TASK_OPEN_LONG: (
        nobody_corrects_it,
        lambda desk: desk.personio.edit(desk.colleague().person_id, "postal_code", "1011 AB"),
    ),
    AlertKind.CONCEPT_WAITING: (joins, is_completed),
    AlertKind.ABOUT_TO_BE_OVERWRITTEN: (lambda desk: desk.is_moved("Harbour Rd"), nothing),
    AlertKind.TERMINATION_DISAGREEMENT: (
        lambda desk: desk.loket.terminate(end_date="2026-06-30", **desk.employment()),
        lambda desk: desk.loket.reinstate(**desk.employment()),
    ),
    AlertKind.PAY_ONLY_IN_LOKET: (
        lambda desk: desk.loket.add_wage(start_date="2026-04-01", gross_wage=4100.0, **desk.employment(1)),
        lambda desk: desk.personio.set_salary(desk.colleague(1).person_id, "3000.00", "2026-04-01"),
    ),
    AlertKind.UNKNOWN_OUTCOME: (answer_lost, nothing),
    AlertKind.IMPLAUSIBLE_READ: (
        lambda desk: desk.personio.hide_key("status"),
        lambda desk: desk.personio.reveal_keys(),
    ),
    AlertKind.KEY_STORE_EDITED: (
        edits_the_key_store("INSERT INTO api_keys VALUES ('tw_1', '', 'Anja', 'auditor', 'null', '', '', NULL, '')"),
        edits_the_key_store("DELETE FROM api_keys"),
    ),
    AlertKind.VIEW_BEHIND: (cannot_be_written, can_be_written_again),
    AlertKind.DECISION_DEVIATES: (misjudges, is_explained),
    AlertKind.LOKET_VERSIONS: (no_number_moves, is_trusted),
    AlertKind.LOG_INTEGRITY: (one_bit_is_turned, is_verified),
    AlertKind.CHECK_MISSED: (nobody_looks, nothing),
}
AT_ONCE: tuple[tuple[AlertKind, ...], ...] = (  # what does not touch one another is played in one company
    (AlertKind.DRIFT, AlertKind.ABOUT_TO_BE_OVERWRITTEN, AlertKind.KEY_STORE_EDITED),
    (AlertKind.RUN_BLOCKED, AlertKind.TASK_OPEN_LONG, AlertKind.VIEW_BEHIND),
    (AlertKind.CONCEPT_WAITING, AlertKind.TERMINATION_DISAGREEMENT, AlertKind.PAY_ONLY_IN_LOKET),
)
ALONE = [(kind,) for kind in CONDITIONS if kind not in chain(*AT_ONCE)]
HAPPENINGS: dict[AlertKind, Deed] = {
    AlertKind.OVERWRITTEN: lambda desk: desk.moves("Central Ave"),
    AlertKind.REPORT_MADE: nothing,  # it is planned for that day
    AlertKind.CLEARED: lambda desk: desk.personio.edit(desk.colleague().person_id, "personal_email", None),
}


@pytest.mark.parametrize("kinds", [*AT_ONCE, *ALONE], ids=" and ".join)
def test_what_begins_is_heard_once_and_so_is_its_end(desk: Desk, kinds: tuple[AlertKind, ...]) -> None:
    for kind in kinds:
        CONDITIONS[kind][0](desk)
    desk.lives_a_day()
    begun = {kind: desk.count(kind, "opened") for kind in kinds}
    for kind in kinds:
        CONDITIONS[kind][1](desk)
    desk.lives_a_day()
    desk.lives_a_day()

    assert min(begun.values()) >= 1
    assert {kind: desk.count(kind, "opened") for kind in kinds} == begun
    assert {kind: desk.count(kind, "recovered") for kind in kinds} == begun


def test_a_quiet_day_is_a_quiet_day_and_what_happens_after_it_is_heard_once(desk: Desk) -> None:
    desk.lives_a_day()
    assert desk.heard == []

    for happens in HAPPENINGS.values():
        happens(desk)
    desk.lives_a_day()
    desk.lives_a_day()

    assert {kind: desk.count(kind, "happened") for kind in HAPPENINGS} == dict.fromkeys(HAPPENINGS, 1)


def test_every_kind_has_its_case() -> None:
    assert CONDITIONS.keys() | HAPPENINGS.keys() == set(AlertKind)
