"""What was ever stored must be readable for ever: one example of each stored name and version, none ever removed."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from adapters.log.mapper import Row, recorded, stored
from adapters.log.proof.tree import leaf
from adapters.log.sealing.event_macs import EventMacs
from adapters.log.sealing.keys import KeyEncryptionKey, WrappedKey
from adapters.log.sealing.vault import KeyVault
from adapters.sqlite.key_store import SqliteKeyStore
from domain.events.catalogue import NAME_OF, STORED_NAMES
from domain.events.loket import FieldOverwritten
from tests.golden.make import EVENTS, META

EXAMPLES = sorted(EVENTS.glob("*.json"))


def test_every_stored_name_has_an_example_and_no_name_was_changed_or_removed() -> None:
    """After adding an event, `python -m tests.golden.make` writes its example. An example is never edited."""
    assert {path.stem for path in EXAMPLES} == set(STORED_NAMES)
    assert len(NAME_OF) == len(STORED_NAMES)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_a_stored_event_reads_and_writes_as_it_did(path: Path) -> None:
    state = path.read_bytes().rstrip(b"\n")

    event = recorded((12, "sample:1", 7, path.stem, state))

    assert type(event.fact) is STORED_NAMES[path.stem]
    assert event.meta == META
    assert stored(event.stream, event.version, event.meta, event.fact) == ("sample:1", 7, path.stem, state)


def test_the_mac_of_a_stored_event_still_fits() -> None:
    golden = json.loads((EVENTS.parent / "mac.json").read_text())
    row = Row(golden["stream"], golden["version"], golden["name"], golden["state"].encode())
    macs = EventMacs(bytes.fromhex(golden["key"]), 0, lambda: 0)

    assert macs.ours(12, *row)
    assert not macs.ours(12, *row._replace(originator_version=8))
    assert recorded((12, *row)).meta == META


@pytest.mark.parametrize(
    ("sample", "given_away"), [("sealed.json", []), ("sealed_2.json", ["fiscal_7y"]), ("sealed_3.json", [])]
)
def test_a_value_sealed_in_any_format_still_opens_and_its_leaf_is_the_same(
    sample: str, given_away: list[str], tmp_path: Path
) -> None:
    """The seal, the wrapping of keys and the leaf are formats too. Only of the second format keys leave."""
    golden = json.loads((EVENTS.parent / sample).read_text())
    store = SqliteKeyStore(tmp_path / "keys.db")
    key_id, subject, retention, wrapped = golden["key"]
    store.add([WrappedKey(key_id, subject, retention, base64.b64decode(wrapped))])
    vault = KeyVault(store, KeyEncryptionKey(base64.b64decode(golden["key_encryption_key"])))
    event = recorded((12, "sample:1", 7, "loket_record.field_overwritten.v1", golden["state"].encode()))

    (opened,) = vault.opened([event])

    assert isinstance(opened.fact, FieldOverwritten)
    assert (opened.fact.before, opened.fact.after) == ("Main St", "Central Ave")
    assert [key.retention for key in vault.field_keys(event)] == given_away
    shown = [{**each._asdict(), "plain": base64.b64encode(each.plain).decode()} for each in vault.openings(event)]
    assert shown == ([golden["opening"]] if "opening" in golden else [])
    assert vault.keyed_digest("sample", b"111222333") == golden["digest"]
    assert leaf(12, "sample:1", 7, event.name, golden["state"].encode()).hex() == golden["leaf"]
