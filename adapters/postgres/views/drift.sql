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
    kept_at         TEXT,
    kept            BIGINT,
    kept_until      TEXT,
    PRIMARY KEY (legal_entity, employee_number, field)
);
CREATE INDEX drift_cases_open ON drift_cases (legal_entity, employee_number, field) WHERE state <> 'resolved';
CREATE INDEX drift_cases_unsettled ON drift_cases (legal_entity, employee_number, field)
WHERE state <> 'resolved' OR (kept_at IS NOT NULL AND kept_until IS NULL);

CREATE TABLE held_out (
    legal_entity    TEXT COLLATE "C",
    employee_number BIGINT,
    position        BIGINT,
    ended_at        TEXT,
    PRIMARY KEY (legal_entity, employee_number)
);

CREATE TABLE drift_checks (
    legal_entity TEXT COLLATE "C",
    position     BIGINT,
    check_id     TEXT,
    checked_at   TEXT,
    completed    BOOLEAN,
    PRIMARY KEY (legal_entity, position)
);
