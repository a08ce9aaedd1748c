"""Steps about the log itself: changed behind our back, verified, proven, rebuilt, erased. Always on a real database."""

from __future__ import annotations

import json
import sqlite3

import psycopg
import pytest
from pytest_bdd import given, parsers, then, when

from adapters.log import offline_verifier
from adapters.log.proof.certificate import certificate
from adapters.log.proof.checkpoints import Copies
from adapters.log.proof.verdicts import Verdict, Verification
from adapters.log.proof.verify import verify
from adapters.log.stored import checkpoint_key, open_stored
from adapters.projections.register import PROJECTIONS
from domain.errors import LogDamaged
from domain.events.loket import FieldOverwritten
from domain.personal import Lost, Retention
from domain.streams import loket_stream
from domain.values import EmployeeNumber, SubjectRef
from tests.acceptance import words
from tests.acceptance.words import DATE, LABEL, NAME
from tests.support.log_site import LogSite
from tests.support.scene import Scene
from tests.support.world import facts
from tests.support.world_over_http import OverHttp

_STATEMENTS = {
    "change": "UPDATE stored_events SET originator_version = originator_version + 1000",
    "remove": "DELETE FROM stored_events",
}


# --- what happens to it ---


@when(parsers.re(r"someone tries to (?P<action>change|remove) an event in the database"))
def attempt(scene: Scene, action: str) -> None:
    site = _site(scene)
    with pytest.raises((sqlite3.DatabaseError, psycopg.Error), match=r"append-only"):
        site.execute(f"{_STATEMENTS[action]} WHERE {_row(site)} = 2")


@when(parsers.re(r"one bit of event (?P<position>\d+) is changed behind our back"))
def bit_changed(scene: Scene, position: str) -> None:
    site = _site(scene)
    _disarm(site)
    row = int(position) + 1
    state = bytes(site.execute(f"SELECT state FROM stored_events WHERE {_row(site)} = ?", (row,))[0][0])
    changed = state[:-5] + bytes([state[-5] ^ 1]) + state[-4:]
    site.execute(f"UPDATE stored_events SET state = ? WHERE {_row(site)} = ?", (changed, row))


@when("the last event is removed behind our back")
def tail_cut(scene: Scene) -> None:
    site = _site(scene)
    site.cut(scene.world.tools().log.size() - 1)


@given("every view is rebuilt from the log")
@when("every view is rebuilt from the log")
def rebuilt(scene: Scene) -> None:
    scene.rows_before = _view_rows(scene)
    _wiring(scene).views.rebuild()


@when(parsers.re(rf"(?P<name>{NAME})'s keys are destroyed"))
def erased(scene: Scene, name: str) -> None:
    for subject in _subjects(scene, name):
        for retention in Retention:
            _wiring(scene).log.vault.destroy(SubjectRef(subject), retention)


# --- what is told about it ---


@then("the database refuses")
def refused(scene: Scene) -> None:
    """The attempt itself expected to be refused; here nothing may have been lost."""
    assert [one.position for one in scene.world.everything()] == list(range(scene.world.tools().log.size()))


@then("the log verifies")
def verifies(scene: Scene) -> None:
    assert _verified(scene).ok, _verified(scene)


@then(parsers.re(r"the log is told to be tampered with at position (?P<position>\d+)"))
def tampered(scene: Scene, position: str) -> None:
    found = _verified(scene)
    assert (found.verdict, found.first, found.last) == (Verdict.TAMPERED, int(position), int(position))


@then("the log is told to be truncated")
def truncated(scene: Scene) -> None:
    assert _verified(scene).verdict is Verdict.TRUNCATED


@then(parsers.re(rf"a sync on {DATE} is refused because the log is damaged"))
def damaged(scene: Scene, day: str) -> None:
    with pytest.raises(LogDamaged):
        scene.world.run(words.day(day))


@then("every event of the earlier run is still there, unchanged")
def nothing_lost(scene: Scene) -> None:
    log = scene.world.tools().log
    assert log.page(-1, len(scene.earlier)) == scene.earlier
    assert log.size() > len(scene.earlier) > 0


@then("the positions of the log run from 0 without a gap")
def dense(scene: Scene) -> None:
    log = scene.world.tools().log
    assert [one.position for one in log.replay()] == list(range(log.size()))


@then(parsers.re(rf"each event of the history of (?P<name>{NAME}) is proven part of the last checkpoint"))
def proven(scene: Scene, name: str) -> None:
    history = scene.world.history(name)
    assert facts(history, FieldOverwritten)
    for event in history:
        assert offline_verifier.verified(_certificate(scene, event.position))


@then(parsers.re(r"the proof of event (?P<one>\d+) does not prove event (?P<other>\d+)"))
def not_proven(scene: Scene, one: str, other: str) -> None:
    proof, event = json.loads(_certificate(scene, int(one))), json.loads(_certificate(scene, int(other)))["event"]
    with pytest.raises(offline_verifier.Rejected):
        offline_verifier.verified(json.dumps({**proof, "event": event}))


@then("every view holds the same rows as before")
def same_rows(scene: Scene) -> None:
    assert scene.rows_before
    assert any(rows for rows in scene.rows_before.values())
    assert _view_rows(scene) == scene.rows_before


@then(parsers.re(rf"the history still shows that her {LABEL} was overwritten, but no longer what it was"))
def shredded(scene: Scene, label: str) -> None:
    found = [one for one in facts(scene.world.history(scene.last), FieldOverwritten) if one.field == words.path(label)]
    assert [(one.before, one.after) for one in found] == [(Lost.SHREDDED, Lost.SHREDDED)]


def _wiring(scene: Scene) -> OverHttp:
    assert isinstance(scene.world.wiring, OverHttp)
    return scene.world.wiring


def _site(scene: Scene) -> LogSite:
    return _wiring(scene).site


def _row(site: LogSite) -> str:
    return "rowid" if site.is_sqlite else "notification_id"


def _disarm(site: LogSite) -> None:
    """Whoever has the database in hands switches its triggers off first."""
    if site.is_sqlite:
        site.execute("DROP TRIGGER stored_events_no_update")
    else:
        site.execute("ALTER TABLE stored_events DISABLE TRIGGER append_only")


def _verified(scene: Scene) -> Verification:
    site = _site(scene)
    folder = site.folder / "checkpoints"
    with open_stored(site.url) as stored:
        key = checkpoint_key(site.keys_url, folder, None)
        return verify(stored, Copies(folder), key, now=scene.world.clock.now())


def _certificate(scene: Scene, position: int) -> str:
    site, log = _site(scene), _wiring(scene).log
    head = log.checkpoint()
    assert head is not None
    with log.recorder.tree() as tree:
        key = checkpoint_key(site.keys_url, site.folder / "checkpoints", None)
        return json.dumps(certificate(log.recorder.at([position])[0], tree, head, key))


def _subjects(scene: Scene, name: str) -> set[str]:
    """References of one person in the facts of their own streams."""
    one = scene.world.people[name]
    stream = loket_stream(one.entity.personio_id, EmployeeNumber(one.number))
    recorded = scene.world.tools().log.stream(stream)
    return {subject for event in recorded if (subject := getattr(event.fact, "subject", ""))}


def _view_rows(scene: Scene) -> dict[str, list[str]]:
    """Every row of every table of every view."""
    scene.world.tools().views.catch_up()
    site = _site(scene)
    tables = [table.name for projection in PROJECTIONS for table in projection.tables]
    return {name: sorted(map(repr, site.execute(f"SELECT * FROM {name}"))) for name in tables}
