CREATE TABLE alerts_raised (
    alert        TEXT PRIMARY KEY,
    legal_entity TEXT,
    raised_at    TEXT,
    position     INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX alerts_raised_in_order ON alerts_raised (position);
CREATE INDEX alerts_raised_of_entity ON alerts_raised (legal_entity, position);

CREATE TABLE alert_deliveries (
    alert        TEXT,
    target       TEXT,
    position     INTEGER,
    raised_at    TEXT,
    state        TEXT,
    attempts     INTEGER,
    next_at      TEXT,
    cause        TEXT,
    next_version INTEGER,
    PRIMARY KEY (alert, target)
) STRICT, WITHOUT ROWID;
CREATE INDEX alert_deliveries_waiting ON alert_deliveries (next_at, position, target) WHERE state = 'waiting';
