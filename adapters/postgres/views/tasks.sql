CREATE TABLE tasks (
    position        BIGINT PRIMARY KEY,
    legal_entity    TEXT COLLATE "C",
    person_id       TEXT,
    employee_number BIGINT,
    code            TEXT,
    field           TEXT,
    since           TEXT,
    seen_by         TEXT,
    told            BIGINT,
    taken_by        TEXT,
    taken_until     TEXT,
    ended_at        TEXT,
    how             TEXT,
    ended_rule      TEXT,
    ended_by        TEXT
);
CREATE INDEX tasks_open ON tasks (legal_entity, position) WHERE ended_at IS NULL;
CREATE INDEX tasks_of_entity ON tasks (legal_entity, position);
CREATE INDEX tasks_ended ON tasks (legal_entity, position) WHERE ended_at IS NOT NULL;

CREATE TABLE task_cases (
    stream TEXT COLLATE "C" PRIMARY KEY,
    task   BIGINT,
    open   BOOLEAN,
    own    BOOLEAN,
    seen   TEXT
);

CREATE TABLE task_people (
    person  TEXT COLLATE "C" PRIMARY KEY,
    streams TEXT
);

CREATE TABLE task_runs (
    run          TEXT COLLATE "C" PRIMARY KEY,
    legal_entity TEXT
);

CREATE TABLE task_looks (
    legal_entity TEXT COLLATE "C" PRIMARY KEY,
    look         TEXT,
    kind         TEXT,
    at           TEXT,
    position     BIGINT
);

CREATE TABLE task_seconds (
    name         TEXT COLLATE "C" PRIMARY KEY,
    legal_entity TEXT,
    what         TEXT,
    asked_by     TEXT,
    good_until   TEXT,
    position     BIGINT
);
CREATE INDEX task_seconds_of_entity ON task_seconds (legal_entity, good_until);
