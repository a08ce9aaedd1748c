CREATE TABLE overwritten_fields (
    position        INTEGER PRIMARY KEY,
    legal_entity    TEXT,
    employee_number INTEGER,
    person_id       TEXT,
    field           TEXT,
    run_id          TEXT,
    actor           TEXT,
    recorded_at     TEXT,
    rule            TEXT,
    cleared         INTEGER,
    filled          INTEGER,
    intent          TEXT,
    caused_by       TEXT
) STRICT;
CREATE INDEX overwritten_fields_in_order ON overwritten_fields (legal_entity, position);
CREATE INDEX overwritten_fields_of_number ON overwritten_fields (legal_entity, employee_number, position);
CREATE INDEX overwritten_fields_of_person ON overwritten_fields (legal_entity, person_id, position);
CREATE INDEX overwritten_fields_of_run ON overwritten_fields (legal_entity, run_id, position);
CREATE INDEX overwritten_fields_by_field ON overwritten_fields (legal_entity, field, position);
CREATE INDEX overwritten_fields_by_rule ON overwritten_fields (legal_entity, rule, position);
CREATE INDEX overwritten_fields_cleared ON overwritten_fields (legal_entity, cleared, position);

CREATE TABLE overwrite_causes (
    reference TEXT PRIMARY KEY,
    position  INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE overwritten_counts (
    counted      TEXT PRIMARY KEY,
    run_id       TEXT,
    legal_entity TEXT,
    field        TEXT,
    rule         TEXT,
    overwritten  INTEGER,
    filled       INTEGER,
    cleared      INTEGER,
    last         INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX overwritten_counts_of_run ON overwritten_counts (run_id);
CREATE INDEX overwritten_counts_to ON overwritten_counts (last);

CREATE TABLE overwritten_periods (
    intent   TEXT,
    period   TEXT,
    position INTEGER,
    PRIMARY KEY (intent, period)
) STRICT, WITHOUT ROWID;
