CREATE TABLE entity_people (
    legal_entity    TEXT COLLATE "C",
    person_id       TEXT COLLATE "C",
    employee_number BIGINT,
    PRIMARY KEY (legal_entity, person_id)
);
CREATE INDEX entity_people_by_number ON entity_people (legal_entity, employee_number);
CREATE INDEX entity_people_in_order ON entity_people (legal_entity, COALESCE(employee_number, -1), person_id);

CREATE TABLE open_intents (
    intent       TEXT COLLATE "C" PRIMARY KEY,
    legal_entity TEXT COLLATE "C",
    stream       TEXT COLLATE "C",
    position     BIGINT
);
CREATE INDEX open_intents_of_entity ON open_intents (legal_entity, position);

CREATE TABLE link_states (
    legal_entity    TEXT COLLATE "C",
    employee_number BIGINT,
    state           TEXT,
    loket_id        TEXT,
    position        BIGINT,
    PRIMARY KEY (legal_entity, employee_number)
);
CREATE INDEX link_states_concept ON link_states (legal_entity, employee_number) WHERE state = 'concept';

CREATE TABLE field_states (
    stream   TEXT COLLATE "C",
    field    TEXT COLLATE "C",
    position BIGINT,
    visible  BOOLEAN,
    PRIMARY KEY (stream, field)
);
