CREATE TABLE alerts_raised (
    alert        TEXT COLLATE "C" PRIMARY KEY,
    legal_entity TEXT COLLATE "C",
    raised_at    TEXT,
    position     BIGINT
);
CREATE INDEX alerts_raised_in_order ON alerts_raised (position);
CREATE INDEX alerts_raised_of_entity ON alerts_raised (legal_entity, position);

CREATE TABLE alert_deliveries (
    alert        TEXT COLLATE "C",
    target       TEXT COLLATE "C",
    position     BIGINT,
    raised_at    TEXT,
    state        TEXT,
    attempts     BIGINT,
    next_at      TEXT COLLATE "C",
    cause        TEXT,
    next_version BIGINT,
    PRIMARY KEY (alert, target)
);
CREATE INDEX alert_deliveries_waiting ON alert_deliveries (next_at, position, target) WHERE state = 'waiting';
