CREATE TABLE history (
    about    TEXT COLLATE "C",
    position BIGINT,
    PRIMARY KEY (about, position)
);

CREATE TABLE history_in_runs (
    part   TEXT COLLATE "C" PRIMARY KEY,
    first  BIGINT,
    places TEXT
) WITH (fillfactor = 70);

CREATE TABLE person_links (
    person_id       TEXT COLLATE "C",
    position        BIGINT,
    legal_entity    TEXT COLLATE "C",
    employee_number BIGINT,
    left_entity     BOOLEAN,
    PRIMARY KEY (person_id, position)
);
CREATE INDEX person_links_of_number ON person_links (legal_entity, employee_number);

CREATE TABLE history_runs (
    run_id       TEXT COLLATE "C" PRIMARY KEY,
    legal_entity TEXT COLLATE "C"
);
