CREATE TABLE overwritten_fields (
    position        BIGINT PRIMARY KEY,
    legal_entity    TEXT COLLATE "C",
    employee_number BIGINT,
    person_id       TEXT COLLATE "C",
    field           TEXT COLLATE "C",
    run_id          TEXT COLLATE "C",
    actor           TEXT,
    recorded_at     TEXT,
    rule            TEXT,
    cleared         BOOLEAN,
    filled          BOOLEAN,
    intent          TEXT COLLATE "C",
    caused_by       TEXT COLLATE "C"
);
CREATE INDEX overwritten_fields_in_order ON overwritten_fields (legal_entity, position);
CREATE INDEX overwritten_fields_of_number ON overwritten_fields (legal_entity, employee_number, position);
CREATE INDEX overwritten_fields_of_person ON overwritten_fields (legal_entity, person_id, position);
CREATE INDEX overwritten_fields_of_run ON overwritten_fields (legal_entity, run_id, position);
CREATE INDEX overwritten_fields_by_field ON overwritten_fields (legal_entity, field, position);
CREATE INDEX overwritten_fields_by_rule ON overwritten_fields (legal_entity, rule, position);
CREATE INDEX overwritten_fields_cleared ON overwritten_fields (legal_entity, cleared, position);

CREATE TABLE overwrite_causes (
    reference TEXT COLLATE "C" PRIMARY KEY,
    position  BIGINT
);

CREATE TABLE overwritten_counts (
    counted      TEXT COLLATE "C" PRIMARY KEY,
    run_id       TEXT COLLATE "C",
    legal_entity TEXT COLLATE "C",
    field        TEXT COLLATE "C",
    rule         TEXT COLLATE "C",
    overwritten  BIGINT,
    filled       BIGINT,
    cleared      BIGINT,
    last         BIGINT
);
CREATE INDEX overwritten_counts_of_run ON overwritten_counts (run_id);
CREATE INDEX overwritten_counts_to ON overwritten_counts (last);

CREATE TABLE overwritten_periods (
    intent   TEXT COLLATE "C",
    period   TEXT COLLATE "C",
    position BIGINT,
    PRIMARY KEY (intent, period)
);
