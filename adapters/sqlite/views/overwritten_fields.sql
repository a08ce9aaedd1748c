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
CREATE INDEX overwritten_fields_of_number ON overwritten_fields (employee_number, position);
CREATE INDEX overwritten_fields_of_person ON overwritten_fields (person_id, position);
CREATE INDEX overwritten_fields_of_run ON overwritten_fields (run_id, position);
CREATE INDEX overwritten_fields_by_field ON overwritten_fields (field, position);
CREATE INDEX overwritten_fields_of_entity ON overwritten_fields (legal_entity, position);
CREATE INDEX overwritten_fields_by_rule ON overwritten_fields (rule, position);

CREATE TABLE overwrite_causes (
    reference TEXT PRIMARY KEY,
    position  INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE overwritten_periods (
    intent   TEXT,
    period   TEXT,
    position INTEGER,
    PRIMARY KEY (intent, period)
) STRICT, WITHOUT ROWID;
