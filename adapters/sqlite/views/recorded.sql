CREATE TABLE recorded (
    position        INTEGER PRIMARY KEY,
    recorded_at     TEXT,
    kind            TEXT,
    stream          TEXT,
    actor           TEXT,
    run             TEXT,
    legal_entity    TEXT,
    person_id       TEXT,
    employee_number INTEGER,
    rule            TEXT,
    effective_on    TEXT,
    fields          TEXT
) STRICT;
CREATE INDEX recorded_of_entity ON recorded (legal_entity, position);
CREATE INDEX recorded_in_run ON recorded (legal_entity, run, position);
CREATE INDEX recorded_of_kind ON recorded (legal_entity, kind, position);
CREATE INDEX recorded_by_actor ON recorded (legal_entity, actor, position);
CREATE INDEX recorded_under_rule ON recorded (legal_entity, rule, position, kind, effective_on) WHERE rule IS NOT NULL;
CREATE INDEX recorded_with_effect ON recorded (legal_entity, position, effective_on) WHERE effective_on IS NOT NULL;

CREATE TABLE recorded_fields (
    legal_entity TEXT,
    field        TEXT,
    position     INTEGER,
    PRIMARY KEY (legal_entity, field, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE recorded_people (
    part   TEXT PRIMARY KEY,
    first  INTEGER,
    places TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE recorded_numbers (
    part   TEXT PRIMARY KEY,
    first  INTEGER,
    places TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE recorded_owners (
    stream       TEXT PRIMARY KEY,
    legal_entity TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE recorded_hours (
    hour  TEXT PRIMARY KEY,
    first INTEGER,
    last  INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE recorded_decisions (
    decision     TEXT PRIMARY KEY,
    legal_entity TEXT,
    rule         TEXT,
    times        INTEGER
) STRICT, WITHOUT ROWID
