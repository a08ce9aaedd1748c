"""Who is signed in, on both databases: a row that we wrote, whose time is not up, and whose key still counts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from adapters.access.sessions import IDLE, LONGEST, Session, Sessions
from adapters.access.store import StoredSession
from adapters.log.proof.last_verdict import VerdictFile
from adapters.log.proof.verdicts import Verdict, Verification
from api.bootstrap import open_access_keys
from domain.access import Caller, KeyStanding, Role
from domain.alerts import AlertRecord
from domain.streams import alert_stream
from domain.values import Actor, LegalEntityId
from tests.support.http_api import NOW, Api, http_api
from tests.support.raw_sql import execute

A_MINUTE = timedelta(minutes=1)
KEYLESS = Caller(Actor("oidc:anja"), Role.AUDITOR, frozenset({"170"}), "https://login.example.org/")


@pytest.fixture
def api(log_url: str, tmp_path: Path) -> Iterator[Api]:
    with http_api(log_url, tmp_path) as one:
        yield one


def sessions(api: Api, link: str | None = None) -> Sessions:
    return Sessions(api.web.access, api.web.keys, api.clock, link)


def signed_in(api: Api, role: Role = Role.PAYROLL_ADMIN) -> tuple[str, Caller]:
    caller = api.web.keys.caller(api.key(role))
    assert not isinstance(caller, KeyStanding)
    return sessions(api).begin(caller, language="nl"), caller


def test_a_session_is_whoever_began_it(api: Api) -> None:
    secret, caller = signed_in(api)

    found = sessions(api).session(secret)

    assert found is not None
    assert (found.caller, found.language, found.names) == (caller, "nl", {})
    assert sessions(api).session(secret[:-1]) is None


def test_a_session_ends_with_its_key_at_once(api: Api) -> None:
    secret, caller = signed_in(api)

    api.web.keys.revoke(caller.credential, actor=Actor("Petra"))

    assert sessions(api).session(secret) is None


@pytest.mark.parametrize("idle", [True, False], ids=["nobody clicked for half an hour", "eight hours"])
def test_a_session_ends_by_itself(api: Api, idle: bool) -> None:
    secret = sessions(api).begin(KEYLESS, language="en")
    step = IDLE if idle else IDLE - timedelta(minutes=1)

    while api.clock.instant < NOW + (IDLE if idle else LONGEST):
        assert sessions(api).session(secret) is not None
        api.clock.instant += step

    assert sessions(api).session(secret) is None


def test_a_session_ends_with_the_token_it_began_with(api: Api) -> None:
    secret = sessions(api).begin(KEYLESS, language="en", until=NOW + timedelta(minutes=5))

    api.clock.instant = NOW + timedelta(minutes=5)

    assert sessions(api).session(secret) is None


def test_a_session_that_was_ended_is_over_and_the_others_are_not(api: Api) -> None:
    (first, _), (second, caller) = signed_in(api), signed_in(api)
    both = sessions(api)
    assert len(list(both.of(caller))) == 2

    both.end(held(both, first).row)

    assert both.session(first) is None
    assert [one.row.digest for one in both.of(caller)] == [held(both, second).row.digest]


def test_of_many_sessions_this_one_and_the_newest_are_listed_and_the_earlier_ones_counted(api: Api) -> None:
    secret, caller = signed_in(api)
    here = sha256(secret.encode()).hexdigest()
    for _ in range(3):
        api.clock.instant += A_MINUTE
        last = sessions(api).begin(caller, language="nl")
    newest, more = sessions(api).newest(caller, here=here, most=2)
    api.clock.instant = NOW + IDLE

    later, none_more = sessions(api).newest(caller, here=here, most=3)

    assert [one.row.digest for one in newest] == [here, sha256(last.encode()).hexdigest()]
    assert (more, len(later), none_more) == (2, 3, 0)
    assert here not in [one.row.digest for one in later]


def test_sessions_of_a_revoked_key_are_not_in_the_way_of_those_that_count(api: Api) -> None:
    _, caller = signed_in(api)
    other = api.web.keys.caller(api.key(Role.PAYROLL_ADMIN, None, holder="Anja (payroll_admin)"))
    assert isinstance(other, Caller)
    for _ in range(3):
        api.clock.instant += A_MINUTE
        sessions(api).begin(other, language="nl")
    api.web.keys.revoke(other.credential, actor=Actor("Petra"))

    newest, more = sessions(api).newest(caller, most=2)

    assert (other.subject, other.credential == caller.credential) == (caller.subject, False)
    assert ([one.caller.credential for one in newest], more) == ([caller.credential], 0)


@pytest.mark.parametrize("edit", ["role = 'auditor'", "ends_at = '2099-01-01T00:00:00+00:00'", "mac = NULL"])
def test_a_session_whose_row_was_edited_does_not_count(api: Api, edit: str) -> None:
    secret, caller = signed_in(api)

    execute(api.web.settings.log.keys, f"UPDATE sessions SET {edit}")

    assert sessions(api).session(secret) is None
    assert list(sessions(api).of(caller)) == []
    assert told(api) == ["changed in the store"]


@pytest.mark.parametrize("keyless", [False, True], ids=["with a key", "at a provider"])
def test_a_session_that_was_ended_stays_so_when_its_row_comes_back(api: Api, keyless: bool) -> None:
    """It is told once, as every row of the key store is, and it is over when the row is gone."""
    secret, caller = (sessions(api).begin(KEYLESS, language="nl"), KEYLESS) if keyless else signed_in(api)
    keys, ours = api.web.settings.log.keys, sessions(api)
    execute(keys, "CREATE TABLE kept AS SELECT * FROM sessions")
    ours.end(held(ours, secret).row)
    assert told(api) == []

    execute(keys, "INSERT INTO sessions SELECT * FROM kept")
    api.clock.instant += A_MINUTE
    back = (ours.session(secret), list(ours.of(caller)), told(api), told(api))
    execute(keys, "DELETE FROM sessions")

    assert back == (None, [], ["signed out on record"], ["signed out on record"])
    assert told(api) == []


def test_whoever_signs_out_while_the_log_is_not_believed_stays_out_and_it_is_on_record_later(api: Api) -> None:
    secret, caller = signed_in(api)
    keys, ours = api.web.settings.log.keys, sessions(api)
    execute(keys, "CREATE TABLE kept AS SELECT * FROM sessions")
    found(api, Verdict.TAMPERED)

    ours.end_of(secret)

    execute(keys, "INSERT INTO sessions SELECT * FROM kept")
    assert (ours.session(secret), list(ours.of(caller))) == (None, [])
    found(api, Verdict.OK)
    api.web.seal()
    api.clock.instant += A_MINUTE
    with open_access_keys(api.web.settings, api.web.store) as another:
        assert Sessions(another, api.web.keys, api.clock).session(secret) is None
    assert told(api) == ["signed out on record"]


def found(api: Api, verdict: Verdict) -> None:
    folder = VerdictFile(Path(api.web.settings.log.checkpoints))
    folder.keep(Verification(verdict, 1, "because", 1, 1), at=NOW, by=Actor("Anja"))


def test_whoever_signs_out_as_the_server_is_killed_is_out_and_nobody_is_alarmed_at_once(api: Api) -> None:
    secret, _ = signed_in(api)
    asked: list[str] = []
    with open_access_keys(api.web.settings, api.web.store) as cut_off:
        cut_off.end_session = killed  # type: ignore[method-assign]
        with pytest.raises(KeyboardInterrupt):
            Sessions(cut_off, api.web.keys, api.clock).end_of(secret)

    left = Sessions(api.web.access, api.web.keys, api.clock, tell=lambda: asked.append("told"))

    assert (left.session(secret), asked, told(api)) == (None, [], [])


def killed(_digest: str) -> None:
    raise KeyboardInterrupt


def test_an_older_row_of_a_session_brings_back_what_was_shown_and_no_more(api: Api) -> None:
    """Nor is it seen any later than it was."""
    secret, caller = signed_in(api)
    keys, ours = api.web.settings.log.keys, sessions(api)
    ours.shows_names(held(ours, secret), "170", {4711})
    execute(keys, "CREATE TABLE kept AS SELECT * FROM sessions")
    ours.shows_names(held(ours, secret), "170", ())
    execute(keys, "DELETE FROM sessions")
    execute(keys, "INSERT INTO sessions SELECT * FROM kept")

    back = held(ours, secret)
    api.clock.instant += IDLE

    assert (back.caller, back.names) == (caller, {"170": {4711}})
    assert ours.session(secret) is None


def test_a_session_whose_row_is_gone_is_over(api: Api) -> None:
    secret, _ = signed_in(api)

    execute(api.web.settings.log.keys, "DELETE FROM sessions")

    assert sessions(api).session(secret) is None


def test_a_row_that_somebody_planted_is_no_session_and_is_told(api: Api) -> None:
    signed_in(api)
    columns = ", ".join(StoredSession._fields[1:])

    planted = f"INSERT INTO sessions SELECT '{sha256(b'mine').hexdigest()}', {columns} FROM sessions"
    execute(api.web.settings.log.keys, planted)

    assert sessions(api).session("mine") is None
    assert told(api) == ["planted"]


def test_whoever_comes_with_a_session_that_came_back_is_told_of_at_once(api: Api) -> None:
    secret, _ = signed_in(api)
    execute(api.web.settings.log.keys, "UPDATE sessions SET role = 'privacy_officer'")
    asked: list[str] = []

    ours = Sessions(api.web.access, api.web.keys, api.clock, tell=lambda: asked.append("told"))

    assert (ours.session(secret), ours.session("nobody's"), asked) == (None, None, ["told"])


def told(api: Api) -> list[str]:
    """What of the key store is refused, as the alert about it stands once the next head is signed."""
    api.web.seal()
    record = AlertRecord.of(api.web.store.log.stream(alert_stream(LegalEntityId(""), "key-store")))
    return sorted(one.what for one in record.open)


def test_what_a_session_may_change_is_its_language_and_its_names(api: Api) -> None:
    secret, _ = signed_in(api)
    ours = sessions(api)

    ours.speaks(held(ours, secret), "en")
    ours.shows_names(held(ours, secret), "170", {4711})

    assert (held(ours, secret).language, held(ours, secret).names) == ("en", {"170": {4711}})


def test_a_request_at_the_same_moment_brings_back_nothing_that_was_hidden(api: Api) -> None:
    secret, _ = signed_in(api)
    ours = sessions(api)
    ours.shows_names(held(ours, secret), "170", {4711})
    before = held(ours, secret)

    ours.shows_names(before, "170", ())
    ours.speaks(before, "en")
    assert not ours.access.replace_session(before.row)

    assert (held(ours, secret).language, held(ours, secret).names) == ("en", {})


def test_a_session_that_was_ended_meanwhile_stays_ended(api: Api) -> None:
    secret, _ = signed_in(api)
    ours = sessions(api)
    before = held(ours, secret)
    ours.end(before.row)

    ours.speaks(before, "en")

    assert ours.session(secret) is None


def test_a_session_of_a_link_counts_on_the_server_that_made_it(api: Api) -> None:
    caller = Caller(Actor("Marieke"), Role.PAYROLL_ADMIN, None, "link one")
    secret = sessions(api, "one").begin(caller, language="nl")

    assert held(sessions(api, "one"), secret).caller == caller
    assert sessions(api, "two").session(secret) is None


def held(ours: Sessions, secret: str) -> Session:
    found = ours.session(secret)
    assert found is not None
    return found
