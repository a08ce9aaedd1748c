-- The log on PostgreSQL. notification_id is position + 1 and always given by us under the lock, never a sequence.
-- The lock is taken on an empty table of its own, so that nobody needs the right to change the log in order to lock it.
SELECT pg_advisory_xact_lock(8247012345678);

CREATE TABLE IF NOT EXISTS stored_events (
    notification_id bigint PRIMARY KEY,
    originator_id text COLLATE "C" NOT NULL,
    originator_version bigint NOT NULL,
    topic text COLLATE "C" NOT NULL,
    state bytea NOT NULL,
    leaf bytea NOT NULL,
    UNIQUE (originator_id, originator_version)
);

CREATE TABLE IF NOT EXISTS log_tiles (
    level integer NOT NULL,
    tile_index bigint NOT NULL,
    hashes bytea NOT NULL,
    root bytea NOT NULL,
    PRIMARY KEY (level, tile_index)
);

CREATE TABLE IF NOT EXISTS log_checkpoints (
    size bigint NOT NULL,
    machine text NOT NULL,
    note text NOT NULL,
    UNIQUE (size, machine, note)
);

CREATE TABLE IF NOT EXISTS log_lock ();

-- What an append reads under the lock: a function's statements are planned once a session, a batch's at every append.
-- Stable: all of it from one snapshot, taken when the lock is held.
CREATE OR REPLACE FUNCTION log_seen(
    streams text[], OUT ever bigint, OUT size bigint, OUT last_leaf bytea, OUT versions bigint[]
) LANGUAGE plpgsql STABLE AS $$ BEGIN
    ever := greatest((SELECT 256 * (max(tile_index) + 1) FROM log_tiles WHERE level = 0),
                     (SELECT max(log_checkpoints.size) FROM log_checkpoints));
    SELECT notification_id, leaf INTO size, last_leaf FROM stored_events ORDER BY notification_id DESC LIMIT 1;
    versions := ARRAY(SELECT (SELECT max(originator_version) FROM stored_events WHERE originator_id = stream)
                      FROM unnest(streams) WITH ORDINALITY AS asked (stream, place) ORDER BY place);
END $$;

CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the log is append-only'; END; $$;

CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON stored_events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON log_tiles
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON log_checkpoints
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
