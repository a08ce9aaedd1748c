CREATE TABLE tasks (
    position        INTEGER PRIMARY KEY,
    legal_entity    TEXT,
    person_id       TEXT,
    employee_number INTEGER,
    code            TEXT,
    field           TEXT,
    since           TEXT,
    seen_by         TEXT,
    told            INTEGER,
    taken_by        TEXT,
    taken_until     TEXT,
    ended_at        TEXT,
    how             TEXT,
    ended_rule      TEXT,
    ended_by        TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX tasks_open ON tasks (legal_entity, position) WHERE ended_at IS NULL;
CREATE INDEX tasks_of_entity ON tasks (legal_entity, position);
CREATE INDEX tasks_ended ON tasks (legal_entity, position) WHERE ended_at IS NOT NULL;

CREATE TABLE task_cases (
    stream TEXT PRIMARY KEY,
    task   INTEGER,
    open   INTEGER,
    own    INTEGER,
    seen   TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE task_people (
    person  TEXT PRIMARY KEY,
    streams TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE task_runs (
    run          TEXT PRIMARY KEY,
    legal_entity TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE task_looks (
    legal_entity TEXT PRIMARY KEY,
    look         TEXT,
    kind         TEXT,
    at           TEXT,
    position     INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE task_seconds (
    name         TEXT PRIMARY KEY,
    legal_entity TEXT,
    what         TEXT,
    asked_by     TEXT,
    good_until   TEXT,
    position     INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX task_seconds_of_entity ON task_seconds (legal_entity, good_until);
