CREATE TABLE entity_people (
    legal_entity    TEXT,
    person_id       TEXT,
    employee_number INTEGER,
    PRIMARY KEY (legal_entity, person_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX entity_people_by_number ON entity_people (legal_entity, employee_number);
CREATE INDEX entity_people_in_order ON entity_people (legal_entity, COALESCE(employee_number, -1), person_id);

CREATE TABLE open_intents (
    intent       TEXT PRIMARY KEY,
    legal_entity TEXT,
    stream       TEXT,
    position     INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX open_intents_of_entity ON open_intents (legal_entity, position);

CREATE TABLE link_states (
    legal_entity    TEXT,
    employee_number INTEGER,
    state           TEXT,
    loket_id        TEXT,
    position        INTEGER,
    PRIMARY KEY (legal_entity, employee_number)
) STRICT, WITHOUT ROWID;
CREATE INDEX link_states_concept ON link_states (legal_entity, employee_number) WHERE state = 'concept';

CREATE TABLE field_states (
    stream   TEXT,
    field    TEXT,
    position INTEGER,
    visible  INTEGER,
    PRIMARY KEY (stream, field)
) STRICT, WITHOUT ROWID;
