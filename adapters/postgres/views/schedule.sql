CREATE TABLE planned_jobs (
    legal_entity TEXT COLLATE "C",
    job          TEXT COLLATE "C",
    timetable    TEXT,
    since        TEXT,
    started      TEXT,
    done         TEXT,
    done_at      TEXT,
    outcome      TEXT,
    reference    TEXT,
    not_before   TEXT,
    told         TEXT,
    next_version BIGINT,
    PRIMARY KEY (legal_entity, job)
);

CREATE TABLE loket_versions_seen (
    legal_entity TEXT COLLATE "C" PRIMARY KEY,
    version      BIGINT,
    next_version BIGINT
);
