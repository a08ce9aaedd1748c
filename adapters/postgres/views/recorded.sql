CREATE TABLE recorded (
    position        BIGINT PRIMARY KEY,
    recorded_at     TEXT COLLATE "C",
    kind            TEXT COLLATE "C",
    stream          TEXT COLLATE "C",
    actor           TEXT COLLATE "C",
    run             TEXT COLLATE "C",
    legal_entity    TEXT COLLATE "C",
    person_id       TEXT COLLATE "C",
    employee_number BIGINT,
    rule            TEXT COLLATE "C",
    effective_on    TEXT COLLATE "C",
    fields          TEXT COLLATE "C"
);
CREATE INDEX recorded_of_entity ON recorded (legal_entity, (position + 0));
CREATE INDEX recorded_in_run ON recorded (legal_entity, run, (position + 0));
CREATE INDEX recorded_of_kind ON recorded (legal_entity, kind, (position + 0));
CREATE INDEX recorded_by_actor ON recorded (legal_entity, actor, (position + 0));
CREATE INDEX recorded_under_rule ON recorded (legal_entity, rule, (position + 0), kind, effective_on) WHERE rule IS NOT NULL;
CREATE INDEX recorded_with_effect ON recorded (legal_entity, (position + 0), effective_on) WHERE effective_on IS NOT NULL;

CREATE TABLE recorded_fields (
    legal_entity TEXT COLLATE "C",
    field        TEXT COLLATE "C",
    position     BIGINT,
    PRIMARY KEY (legal_entity, field, position)
);

CREATE TABLE recorded_people (
    part   TEXT COLLATE "C" PRIMARY KEY,
    first  BIGINT,
    places TEXT
) WITH (fillfactor = 70);

CREATE TABLE recorded_numbers (
    part   TEXT COLLATE "C" PRIMARY KEY,
    first  BIGINT,
    places TEXT
) WITH (fillfactor = 70);

CREATE TABLE recorded_owners (
    stream       TEXT COLLATE "C" PRIMARY KEY,
    legal_entity TEXT COLLATE "C"
);

CREATE TABLE recorded_hours (
    hour  TEXT COLLATE "C" PRIMARY KEY,
    first BIGINT,
    last  BIGINT
);

CREATE TABLE recorded_decisions (
    decision     TEXT COLLATE "C" PRIMARY KEY,
    legal_entity TEXT COLLATE "C",
    rule         TEXT COLLATE "C",
    times        BIGINT
);
