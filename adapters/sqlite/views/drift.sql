CREATE TABLE drift_cases (
    legal_entity    TEXT,
    employee_number INTEGER,
    field           TEXT,
    person_id       TEXT,
    state           TEXT,
    cause           TEXT,
    opened_at       TEXT,
    position        INTEGER,
    until           TEXT,
    how             TEXT,
    resolved_at     TEXT,
    PRIMARY KEY (legal_entity, employee_number, field)
) STRICT, WITHOUT ROWID;
CREATE INDEX drift_cases_open ON drift_cases (legal_entity, employee_number, field) WHERE state <> 'resolved';

CREATE TABLE held_out (
    legal_entity    TEXT,
    employee_number INTEGER,
    position        INTEGER,
    PRIMARY KEY (legal_entity, employee_number)
) STRICT, WITHOUT ROWID;

CREATE TABLE to_enter_in_personio (
    legal_entity    TEXT,
    employee_number INTEGER,
    field           TEXT,
    kept_at         TEXT,
    position        INTEGER,
    PRIMARY KEY (legal_entity, employee_number, field)
) STRICT, WITHOUT ROWID;

CREATE TABLE drift_checks (
    legal_entity TEXT PRIMARY KEY,
    check_id     TEXT,
    checked_at   TEXT,
    completed    INTEGER,
    concluded_id TEXT,
    concluded_at TEXT
) STRICT, WITHOUT ROWID;
