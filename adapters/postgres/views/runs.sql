CREATE TABLE runs (
    run_id        TEXT COLLATE "C" PRIMARY KEY,
    legal_entity  TEXT COLLATE "C",
    business_date TEXT,
    actor         TEXT,
    started_at    TEXT,
    position      BIGINT,
    status        TEXT,
    ended_at      TEXT COLLATE "C",
    reason        TEXT,
    message       TEXT,
    fingerprint   TEXT,
    counts        TEXT,
    released      TEXT,  -- fingerprint of the braked plan that this run was let pass with
    accepted_read TEXT,  -- fingerprint of the doubted read that somebody accepted for this run
    sizes         TEXT,  -- of a read that was not believed: [what, before, now] of each
    tallies       TEXT,  -- everyone once: [outcome, reason, people] of each
    read          TEXT,  -- when, and how many: Personio, Loket, people, employees, concept employees, whom not again, since when
    plan          TEXT,  -- fingerprint of the only plan that it might write
    plan_now      TEXT,  -- and of what it would have written instead
    only_numbers  TEXT   -- employee numbers of a pilot
);
CREATE INDEX runs_in_order ON runs (position);
CREATE INDEX runs_of_entity ON runs (legal_entity, position);
CREATE INDEX runs_of_day ON runs (legal_entity, business_date, position);
CREATE INDEX runs_open ON runs (legal_entity, position) WHERE status = 'in_progress';
CREATE INDEX runs_braked ON runs (legal_entity, ended_at, position) WHERE reason = 'BRAKE';
CREATE INDEX runs_doubted ON runs (legal_entity, ended_at, position)
WHERE fingerprint IS NOT NULL AND (reason = 'IMPLAUSIBLE_READ' OR status = 'blocked');
CREATE INDEX runs_unread ON runs (legal_entity, position) WHERE reason = 'RUN-7';
CREATE INDEX runs_released ON runs (legal_entity, released, position) WHERE released IS NOT NULL;
CREATE INDEX runs_with_accepted_read ON runs (legal_entity, position) WHERE accepted_read IS NOT NULL;
CREATE INDEX runs_accepted_read ON runs (legal_entity, accepted_read, position) WHERE accepted_read IS NOT NULL;
CREATE INDEX runs_completed_by ON runs (legal_entity, started_at) WHERE status IN ('completed', 'completed_with_errors');
CREATE INDEX runs_completed ON runs (legal_entity, position) WHERE status IN ('completed', 'completed_with_errors');

CREATE TABLE run_outcomes (
    run_id   TEXT COLLATE "C",
    position BIGINT,
    outcome  TEXT,
    reason   TEXT,
    people   TEXT,  -- [person, employee number, 1 if a handover sheet tells of it] of each whom the event tells of
    noted    BOOLEAN,  -- whether one does
    PRIMARY KEY (run_id, position)
);
CREATE INDEX run_outcomes_noted ON run_outcomes (run_id, position) WHERE noted;

CREATE TABLE member_outcomes (
    member       TEXT COLLATE "C" PRIMARY KEY,  -- legal entity and person
    legal_entity TEXT COLLATE "C",
    person_id    TEXT COLLATE "C",
    run_id       TEXT COLLATE "C",
    outcome      TEXT COLLATE "C",
    reason       TEXT COLLATE "C",
    position     BIGINT,
    since        BIGINT  -- of the first of the runs that have told the same without a break
);
CREATE INDEX member_outcomes_of_person ON member_outcomes (legal_entity, person_id);
CREATE INDEX member_outcomes_told ON member_outcomes (legal_entity, outcome, reason);
CREATE INDEX member_outcomes_under ON member_outcomes (legal_entity, reason);

CREATE TABLE run_overwrites (
    run_id    TEXT COLLATE "C",
    position  BIGINT,
    person_id TEXT COLLATE "C",
    field     TEXT COLLATE "C",
    PRIMARY KEY (run_id, position)
);
CREATE INDEX run_overwrites_of_person ON run_overwrites (run_id, person_id, position);
