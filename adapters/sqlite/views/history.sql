CREATE TABLE history (
    about    TEXT,
    position INTEGER,
    PRIMARY KEY (about, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE history_in_runs (
    part   TEXT PRIMARY KEY,
    first  INTEGER,
    places TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE person_links (
    person_id       TEXT,
    position        INTEGER,
    legal_entity    TEXT,
    employee_number INTEGER,
    left_entity     INTEGER,
    PRIMARY KEY (person_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX person_links_of_number ON person_links (legal_entity, employee_number);

CREATE TABLE history_runs (
    run_id       TEXT PRIMARY KEY,
    legal_entity TEXT
) STRICT, WITHOUT ROWID;
