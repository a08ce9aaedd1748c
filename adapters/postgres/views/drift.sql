CREATE TABLE drift_cases (
    legal_entity    TEXT COLLATE "C",
    employee_number BIGINT,
    field           TEXT COLLATE "C",
    person_id       TEXT,
    state           TEXT,
    cause           TEXT,
    opened_at       TEXT,
    position        BIGINT,
    until           TEXT,
    how             TEXT,
    resolved_at     TEXT,
    PRIMARY KEY (legal_entity, employee_number, field)
);
CREATE INDEX drift_cases_open ON drift_cases (legal_entity, employee_number, field) WHERE state <> 'resolved';

CREATE TABLE held_out (
    legal_entity    TEXT COLLATE "C",
    employee_number BIGINT,
    position        BIGINT,
    PRIMARY KEY (legal_entity, employee_number)
);

CREATE TABLE to_enter_in_personio (
    legal_entity    TEXT COLLATE "C",
    employee_number BIGINT,
    field           TEXT COLLATE "C",
    kept_at         TEXT,
    position        BIGINT,
    PRIMARY KEY (legal_entity, employee_number, field)
);

CREATE TABLE drift_checks (
    legal_entity TEXT COLLATE "C" PRIMARY KEY,
    check_id     TEXT,
    checked_at   TEXT,
    completed    BOOLEAN,
    concluded_id TEXT,
    concluded_at TEXT
);
