"""The key store held against the log by a verification, on both databases."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.log.event_log import EventLog
from adapters.log.proof.verdicts import KeysHeld, Verdict, Verification
from adapters.log.sealing.key_check import with_keys
from adapters.log.sealing.keys import WrappedKey
from adapters.log.stored import open_stored
from domain.events.erasure import DestroyedKey, ErasureCompleted
from domain.personal import Retention
from domain.streams import ERASURES
from tests.support.log_site import META, LogSite, gates, overwritten, to
from tests.support.raw_sql import execute

PEOPLE = 4


class Held:
    """A log of a few people, each with a value under a key of their own, and the store of these keys."""

    def __init__(self, site: LogSite, log: EventLog) -> None:
        self.site, self.log = site, log
        self.subjects = [log.vault.subject() for _ in range(PEOPLE)]
        for number, subject in enumerate(self.subjects):
            for version in range(2):
                facts = overwritten(subject, "Main St", "Central Ave"), gates(number)
                log.append([to(f"person:{number}", 2 * version, *facts)], meta=META)

    def key(self, number: int) -> WrappedKey:
        found: WrappedKey = self.log.vault._store.of_subjects([self.subjects[number]])[0]
        return found

    def run(self, sql: str) -> None:
        execute(self.site.keys_url, sql)

    def replace(self, number: int, wrapped: bytes) -> None:
        value = f"'\\x{wrapped.hex()}'::bytea" if not self.site.is_sqlite else f"x'{wrapped.hex()}'"
        self.run(f"UPDATE data_keys SET wrapped = {value} WHERE key_id = '{self.key(number).key_id}'")

    def erase(self, number: int) -> None:
        key = self.key(number)
        fact = ErasureCompleted(
            erasure="e", person_id="1", keys=(DestroyedKey(key.subject, Retention(key.retention), key.key_id),)
        )
        self.log.append([to(ERASURES, 0, fact)], meta=META)
        self.log.vault.destroy(self.subjects[number], Retention(key.retention))

    def check(self, *lost: str) -> Verification:
        with open_stored(self.site.url) as stored:
            sound = Verification(Verdict.OK, self.log.size(), "sound")
            return with_keys(sound, stored, self.log.key_check(frozenset(lost)))


@pytest.fixture
def held(log_url: str, tmp_path: Path) -> Iterator[Held]:
    site = LogSite.at(log_url, tmp_path)
    with site.open() as log:
        yield Held(site, log)


def test_a_key_store_that_belongs_to_the_log_is_sound_erasures_included(held: Held) -> None:
    held.erase(1)

    assert (held.check().verdict, held.check().keys) == (Verdict.OK, KeysHeld(PEOPLE))


def test_a_key_that_is_gone_without_an_erasure_is_told_with_the_first_event_that_needs_it(held: Held) -> None:
    key = held.key(2)
    held.run(f"DELETE FROM data_keys WHERE key_id = '{key.key_id}'")

    found = held.check()

    assert (found.verdict, found.first) == (Verdict.KEYS_DIFFER, 8)
    assert found.keys == KeysHeld(PEOPLE, gone=((key.key_id, 8),))
    assert found.reason == "keys that the log needs: 4; 1 gone without an erasure"
    assert held.check(key.key_id).ok


def test_keys_that_were_swapped_or_made_anew_under_the_same_name_are_told(held: Held) -> None:
    one, other, third = held.key(0), held.key(1), held.key(3)
    held.replace(0, other.wrapped)
    context = f"data key {third.key_id} {third.subject} {third.retention}"
    held.replace(3, held.log.vault._key.wrap(os.urandom(32), context))

    found = held.check().keys

    assert found == KeysHeld(PEOPLE, exchanged=((one.key_id, 0), (third.key_id, 12)))


def test_a_key_that_is_back_after_an_erasure_is_told(held: Held) -> None:
    key = held.key(1)
    held.erase(1)
    held.log.vault._store.add([key])

    found = held.check()

    assert (found.verdict, found.keys) == (Verdict.KEYS_DIFFER, KeysHeld(PEOPLE, back=(key.key_id,)))
