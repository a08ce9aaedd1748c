CREATE TABLE planned_jobs (
    legal_entity TEXT,
    job          TEXT,
    timetable    TEXT,
    since        TEXT,
    started      TEXT,
    done         TEXT,
    done_at      TEXT,
    outcome      TEXT,
    reference    TEXT,
    not_before   TEXT,
    told         TEXT,
    next_version INTEGER,
    PRIMARY KEY (legal_entity, job)
) STRICT, WITHOUT ROWID;

CREATE TABLE loket_versions_seen (
    legal_entity TEXT PRIMARY KEY,
    version      INTEGER,
    next_version INTEGER
) STRICT, WITHOUT ROWID
