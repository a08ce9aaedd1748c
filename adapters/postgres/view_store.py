"""Rows and positions of the views in PostgreSQL, in the database the log is in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from typing import Any, Final

from psycopg import Connection, Error

from adapters.postgres.pool import SharedPool
from adapters.projections.projection import Key, Projection, Table, TableWrites, Value
from adapters.projections.runner import StatementFailed, Step, newer_than_this, positions_in
from adapters.projections.view_sql import view_sql
from domain.errors import LogUnavailable

_VIEWS: Final = "adapters.postgres.views"
_POSITIONS: Final = """
CREATE TABLE view_positions (
    view     TEXT COLLATE "C" PRIMARY KEY,
    version  BIGINT NOT NULL,
    position BIGINT NOT NULL
)
"""
_MOVED: Final = """
WITH step (view, version, read, reached) AS (
    SELECT * FROM unnest(%s::text[], %s::bigint[], %s::bigint[], %s::bigint[])
), held AS MATERIALIZED (
    SELECT view FROM view_positions WHERE view = ANY(%s) ORDER BY view FOR UPDATE
)
UPDATE view_positions AS stood SET position = step.reached FROM step JOIN held USING (view)
WHERE stood.view = step.view AND stood.version = step.version AND stood.position = step.read
RETURNING stood.view
"""
"""Rows are held in one order whoever moves which of them, so that no two wait for each other."""

_ALL_THERE: Final = "SELECT bool_and(to_regclass(name) IS NOT NULL) FROM unnest(%s::text[]) AS name"
_OWNED: Final = "SELECT bool_and(pg_has_role(relowner, 'USAGE')) FROM pg_class WHERE oid = ANY(%s::text[]::regclass[])"
_MISSING: Final = """
SELECT index_name FROM unnest(%s::text[], %s::text[]) AS wanted (index_name, table_name)
WHERE to_regclass(index_name) IS NULL AND to_regclass(table_name) IS NOT NULL
"""
_MAKING: Final = 0x7765656C  # one maker of tables at a time: CREATE TABLE races with itself
_TYPES: Final[dict[type, str]] = {str: "text", int: "bigint", bool: "boolean"}


class PostgresViewStore:
    """`adapters.projections.runner.ViewStore`.

    Commits are not waited for on disk: after a power failure rows and position go back together, and are caught up.
    """

    def __init__(self, url: str) -> None:
        self._pool = SharedPool(url)

    def close(self) -> None:
        self._pool.close()

    def rows(self, sql: str, *values: Value | list[str]) -> list[tuple[Any, ...]]:
        with self._connection() as db:
            return db.execute(sql, values).fetchall()

    def prepare(self, projection: Projection) -> None:
        if self._version(projection) != projection.version:
            self._prepare(projection)
        self.index(projection)

    def _prepare(self, projection: Projection) -> None:
        with self._transaction() as db:
            db.execute("SELECT pg_advisory_xact_lock(%s)", (_MAKING,))
            version = self._version(projection, db)
            if version > projection.version:
                raise newer_than_this(projection)
            if version < projection.version:
                self._make(projection, db)

    def positions(self, projections: Sequence[Projection]) -> Sequence[int]:
        rows = self.rows("SELECT view, version, position FROM view_positions")
        return positions_in(rows, projections)

    def advance(self, steps: Sequence[Step]) -> Set[Projection]:
        names = [one.projection.name for one in steps]
        versions, reads = [one.projection.version for one in steps], [one.read for one in steps]
        with self._transaction() as db:
            values = (names, versions, reads, [one.reached for one in steps], names)
            moved = {view for (view,) in db.execute(_MOVED, values).fetchall()}
            for one in steps:
                for write in one.writes if one.projection.name in moved else ():
                    _write(write, db)
        return {one.projection for one in steps if one.projection.name in moved}

    def looked_up(self, table: Table, keys: Set[str]) -> Mapping[Key, Key]:
        if not keys:
            return {}
        (key,) = table.key
        columns = ", ".join((key, *table.columns))
        with self._connection() as db:
            sql = f"SELECT {columns} FROM {table.name} WHERE {key} = ANY(%s)"  # noqa: S608 (our own names)
            return {row[:1]: row[1:] for row in db.execute(sql, (sorted(keys),)).fetchall()}

    def clear(self, projection: Projection) -> None:
        tables = [table.name for table in projection.tables]
        with self._transaction() as db:
            if db.execute(_ALL_THERE, (tables,)).fetchone() == (True,):
                self._start(projection, db)
                db.execute(f"TRUNCATE {', '.join(tables)}")  # a worker may empty tables, but not make them
                indexes = view_sql(_VIEWS, projection.name).indexes
                if indexes and db.execute(_OWNED, (tables,)).fetchone() == (True,):
                    db.execute(f"DROP INDEX IF EXISTS {', '.join(index.name for index in indexes)}")
            else:
                self._make(projection, db)

    def index(self, projection: Projection) -> None:
        """And tell the planner what there is: it knows nothing of rows that came at once."""
        indexes = view_sql(_VIEWS, projection.name).indexes
        wanted = [index.name for index in indexes], [index.table for index in indexes]
        if not indexes or not self.rows(_MISSING, *wanted) or self.rows(_OWNED, wanted[1]) != [(True,)]:
            return
        with self._transaction() as db:
            db.execute("SELECT pg_advisory_xact_lock(%s)", (_MAKING,))
            missing = {name for (name,) in db.execute(_MISSING, wanted).fetchall()}
            for index in indexes:
                if index.name in missing:  # as told before the table was locked: somebody may just have made it
                    db.execute(index.statement.replace("CREATE INDEX", "CREATE INDEX IF NOT EXISTS"))
            for table in projection.tables:
                db.execute(f"ANALYZE {table.name}")

    def _version(self, projection: Projection, db: Connection | None = None) -> int:
        """The version of the view that is there, 0 for none; makes no table, which a worker may have no right to."""
        with self._transaction(db) as reader:
            if reader.execute("SELECT to_regclass('view_positions')").fetchone() == (None,):
                return 0
            made = reader.execute("SELECT version FROM view_positions WHERE view = %s", (projection.name,)).fetchone()
            return int(made[0]) if made else 0

    def _make(self, projection: Projection, db: Connection) -> None:
        """Without indexes."""
        if db.execute("SELECT to_regclass('view_positions')").fetchone() == (None,):
            db.execute(_POSITIONS)
        self._start(projection, db)
        for table in projection.tables:
            db.execute(f"DROP TABLE IF EXISTS {table.name}")
        for statement in view_sql(_VIEWS, projection.name).tables:
            db.execute(statement)

    def _start(self, projection: Projection, db: Connection) -> None:
        """Before the tables are touched, as every writer does: whoever holds this row may."""
        db.execute(
            "INSERT INTO view_positions (view, version, position) VALUES (%s, %s, -1) "
            "ON CONFLICT (view) DO UPDATE SET version = excluded.version, position = excluded.position",
            (projection.name, projection.version),
        )

    @contextmanager
    def _connection(self) -> Iterator[Connection]:
        db: Connection | None = None
        try:
            with self._pool.connection() as db:
                yield db
        except Error as cause:
            if db is None or db.closed:
                raise LogUnavailable("the views' database does not answer") from cause
            raise StatementFailed("the views' database could not do what was asked of it") from cause

    @contextmanager
    def _transaction(self, db: Connection | None = None) -> Iterator[Connection]:
        if db is not None:
            yield db
        else:
            with self._connection() as own, own.transaction():
                own.execute("SET LOCAL synchronous_commit = off")
                yield own


def _write(write: TableWrites, db: Connection) -> None:
    """One statement per set of columns, whatever the number of rows; each key is in it once."""
    table = write.table
    types = {name: _TYPES[type_] for name, type_ in {**table.key, **table.columns}.items()}
    if write.drops:
        arrays = ", ".join(f"%s::{types[name]}[]" for name in table.key)
        same = " AND ".join(f"{table.name}.{name} = gone.{name}" for name in table.key)
        gone = f"unnest({arrays}) AS gone ({', '.join(table.key)})"
        db.execute(f"DELETE FROM {table.name} USING {gone} WHERE {same}", _transposed(write.drops))  # noqa: S608
    for columns, rows in write.batches():
        if table.grows:
            _copy(table, columns, rows, db)
            continue
        arrays = ", ".join(f"%s::{types[name]}[]" for name in columns)
        changed = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in table.key)
        meeting = f"UPDATE SET {changed}" if changed else "NOTHING"
        db.execute(
            f"INSERT INTO {table.name} ({', '.join(columns)}) SELECT * FROM unnest({arrays}) "  # noqa: S608
            f"ON CONFLICT ({', '.join(table.key)}) DO {meeting}",
            _transposed(rows),
            prepare=True,
        )


def _copy(table: Table, columns: Sequence[str], rows: Sequence[Key], db: Connection) -> None:
    statement = f"COPY {table.name} ({', '.join(columns)}) FROM STDIN"
    with db.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _transposed(rows: Any) -> list[list[Value]]:
    return [list(column) for column in zip(*rows, strict=True)]
