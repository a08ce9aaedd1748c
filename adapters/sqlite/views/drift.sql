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
    kept_at         TEXT,
    kept            INTEGER,
    kept_until      TEXT,
    PRIMARY KEY (legal_entity, employee_number, field)
) STRICT, WITHOUT ROWID;
CREATE INDEX drift_cases_open ON drift_cases (legal_entity, employee_number, field) WHERE state <> 'resolved';
CREATE INDEX drift_cases_unsettled ON drift_cases (legal_entity, employee_number, field)
WHERE state <> 'resolved' OR (kept_at IS NOT NULL AND kept_until IS NULL);

CREATE TABLE held_out (
    legal_entity    TEXT,
    employee_number INTEGER,
    position        INTEGER,
    ended_at        TEXT,
    PRIMARY KEY (legal_entity, employee_number)
) STRICT, WITHOUT ROWID;

CREATE TABLE drift_checks (
    legal_entity TEXT,
    position     INTEGER,
    check_id     TEXT,
    checked_at   TEXT,
    completed    INTEGER,
    PRIMARY KEY (legal_entity, position)
) STRICT, WITHOUT ROWID;
