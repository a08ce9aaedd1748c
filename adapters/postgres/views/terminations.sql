CREATE TABLE end_dates_seen (
    legal_entity    TEXT COLLATE "C",
    employee_number BIGINT,
    position        BIGINT,
    employment_id   TEXT,
    income_number   BIGINT,
    end_date        TEXT,
    recorded_at     TEXT,
    PRIMARY KEY (legal_entity, employee_number, position)
);
