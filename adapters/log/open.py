"""Opens the log on the database its URL names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from eventsourcing.persistence import PersistenceError

from adapters.log.application import LogApplication
from adapters.log.event_log import EventLog
from adapters.log.proof.checkpoints import CheckpointStore, Copies
from adapters.log.proof.notes import load_signing_key
from adapters.log.proof.proven import Prover
from adapters.log.proof.rows import StoredLog
from adapters.log.proof.witnessing import WitnessAddress, Witnessing
from adapters.log.sealing.event_macs import StoredMacs
from adapters.log.sealing.keys import KeyEncryptionKey, KeyStore, key_encryption_key
from adapters.log.sealing.vault import KeyVault
from adapters.log.where import SQLITE, beside_keys, signing_key_beside, sqlite_path
from adapters.sqlite.files import private_file
from adapters.sqlite.key_store import SqliteKeyStore
from adapters.sqlite.log_recorder import SqliteLogRecorder, sqlite_datastore
from adapters.sqlite.stored_log import SqliteStoredLog
from domain.errors import LogUnavailable, Misconfigured

if TYPE_CHECKING:
    from adapters.postgres.key_store import PostgresKeyStore
    from adapters.postgres.log_recorder import PostgresLogRecorder

_POSTGRES: Final = ("postgresql://", "postgres://")


def open_log(
    url: str,
    *,
    keys_url: str,
    checkpoints: Path,
    key_file: Path | None = None,
    signing_key_file: Path | None = None,
    witnesses: Sequence[WitnessAddress] = (),
) -> EventLog:
    """The log, with its tables made at first use.

    Keys that are configured nowhere are made beside the key store, or beside the checkpoint folder when the key store
    is a PostgreSQL one. Raises Misconfigured or LogUnavailable.
    """
    with ExitStack() as opened:
        store, beside = _key_store(keys_url), beside_keys(keys_url, checkpoints)
        opened.callback(store.close)
        key = _wrapping_key(store, key_file, beside)
        signing_key = load_signing_key(signing_key_file, signing_key_beside(beside))
        try:
            recorder = _recorder(url)
            opened.callback(recorder.datastore.close)
            recorder.create_table()
        except PersistenceError as cause:  # from the library's own constructors
            from adapters.postgres.pool import why

            raise LogUnavailable(f"the log's database did not answer: {why(cause.__cause__)}") from cause
        copies = Copies(checkpoints)
        macs = StoredMacs(store, key).begun(recorder.size)
        return EventLog(
            recorder,
            KeyVault(store, key),
            CheckpointStore(recorder, copies, signing_key),
            LogApplication(recorder, opened.pop_all().close),
            Witnessing(recorder, copies, witnesses),
            Prover(lambda: _as_it_lies(url), recorder.tree, copies, signing_key.verifier, macs),
            macs,
        )


def begun(url: str, *, keys_url: str, checkpoints: Path, signing_key_file: Path | None) -> bool:
    """Whether log, key store and signing key are there, so that opening them makes none. Raises LogUnavailable."""
    signing = signing_key_file or signing_key_beside(beside_keys(keys_url, checkpoints))
    files = [signing, *(path for path in map(sqlite_path, (url, keys_url)) if path is not None)]
    if not all(one.is_file() for one in files):
        return False
    if sqlite_path(url) is not None:
        return True
    from adapters.postgres.log_recorder import has_events

    return has_events(url)


@contextmanager
def open_macs(keys_url: str, checkpoints: Path, key_file: Path | None) -> Iterator[StoredMacs]:
    """Of the log's events, without opening the log. Raises Misconfigured or LogUnavailable."""
    with closing(_key_store(keys_url)) as store:
        yield StoredMacs(store, _wrapping_key(store, key_file, beside_keys(keys_url, checkpoints)))


def _wrapping_key(store: KeyStore, key_file: Path | None, beside: Path) -> KeyEncryptionKey:
    return key_encryption_key(store, key_file, beside.with_name(f"{beside.name}.key"))


def _as_it_lies(url: str) -> AbstractContextManager[StoredLog]:
    path = sqlite_path(url)
    if path is not None:
        return SqliteStoredLog(path)
    from adapters.postgres.stored_log import PostgresStoredLog  # a server's library is loaded where there is one

    return PostgresStoredLog(url)


def _recorder(url: str) -> SqliteLogRecorder | PostgresLogRecorder:
    path = sqlite_path(url)
    if path is not None:
        return SqliteLogRecorder(sqlite_datastore(str(private_file(path))))
    if url.startswith(_POSTGRES):
        from adapters.postgres.log_recorder import PostgresLogRecorder
        from adapters.postgres.pool import postgres_datastore

        return PostgresLogRecorder(postgres_datastore(url))
    raise Misconfigured(f"the log's url must begin with {SQLITE} or {_POSTGRES[0]}")


def _key_store(url: str) -> SqliteKeyStore | PostgresKeyStore:
    path = sqlite_path(url)
    if path is not None:
        return SqliteKeyStore(path)
    if url.startswith(_POSTGRES):
        from adapters.postgres.key_store import PostgresKeyStore

        return PostgresKeyStore(url)
    raise Misconfigured(f"the key store's url must begin with {SQLITE} or {_POSTGRES[0]}")
