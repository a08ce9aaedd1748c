CREATE TABLE end_dates_seen (
    legal_entity    TEXT,
    employee_number INTEGER,
    position        INTEGER,
    employment_id   TEXT,
    income_number   INTEGER,
    end_date        TEXT,
    recorded_at     TEXT,
    PRIMARY KEY (legal_entity, employee_number, position)
) STRICT, WITHOUT ROWID;
