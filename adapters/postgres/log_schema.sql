-- The log on PostgreSQL. notification_id is position + 1 and always given by us under the lock, never a sequence.
-- The lock is taken on an empty table of its own, so that nobody needs the right to change the log in order to lock it.
SELECT pg_advisory_xact_lock(8247012345678);

-- Its partitions are made by log_room, each with unique versions of streams of its own. Older logs have none, and work as they are.
CREATE TABLE IF NOT EXISTS stored_events (
    notification_id bigint PRIMARY KEY,
    originator_id text COLLATE "C" NOT NULL,
    originator_version bigint NOT NULL,
    topic text COLLATE "C" NOT NULL,
    state bytea NOT NULL,
    leaf bytea NOT NULL
) PARTITION BY RANGE (notification_id);

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

-- How many events a partition holds: whole tiles, some GB. A log keeps what it began with.
CREATE OR REPLACE FUNCTION log_width() RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT 4194304::bigint';

-- A version of a stream comes once: within a partition its index says so, over several of them this does.
CREATE OR REPLACE FUNCTION refuse_repeated() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF EXISTS (SELECT FROM (SELECT originator_id, min(originator_version) AS version FROM added GROUP BY 1) AS begun
            CROSS JOIN LATERAL (
                SELECT FROM stored_events AS held WHERE held.originator_id = begun.originator_id
                    AND held.originator_version >= begun.version
                    AND held.notification_id < (SELECT min(notification_id) FROM added) OFFSET 0) AS repeated) THEN
        RAISE unique_violation USING MESSAGE = 'a version of a stream comes once';
    END IF;
    RETURN NULL;
END $$;
DO $$ BEGIN  -- whatever whoever inserts calls stored_events
    EXECUTE format('ALTER FUNCTION refuse_repeated() SET search_path = %I, pg_temp', current_schema());
END $$;

-- Makes the next partition unless more than half of one is free beyond so many events, and answers for how many there is room.
-- It is made apart and then attached, for which nobody who reads or appends has to wait. Statement triggers of the table
-- are not asked where somebody names a partition, so it has its own; and whoever reads the table reads it, as a backup does.
CREATE OR REPLACE FUNCTION log_room(used bigint, place text DEFAULT current_schema()) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    events CONSTANT regclass := format('%I.stored_events', place);
    room bigint;
    width bigint;
    part text;
    readers text;
BEGIN
    IF (SELECT relkind FROM pg_class WHERE oid = events) <> 'p' THEN
        RETURN NULL;
    END IF;
    EXECUTE format('SELECT %I.log_width()', place) INTO width;
    SELECT coalesce(max(substring(pg_get_expr(relpartbound, oid) FROM 'TO \(''(\d+)''\)')::bigint) - 1, 0) INTO room
        FROM pg_inherits JOIN pg_class ON oid = inhrelid WHERE inhparent = events;
    IF room - used > width / 2 THEN
        RETURN room;
    END IF;
    part := format('%I.%I', place, 'stored_events_' || room / width);
    EXECUTE format('CREATE TABLE %s (LIKE %s INCLUDING ALL, UNIQUE (originator_id, originator_version))', part, events);
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %s
        FOR EACH STATEMENT EXECUTE FUNCTION %I.refuse_change()', part, place);
    EXECUTE format('ALTER TABLE %s ATTACH PARTITION %s FOR VALUES FROM (%s) TO (%s)',
        events, part, room + 1, room + 1 + width);
    SELECT string_agg(CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END, ', ') INTO readers
        FROM pg_class, aclexplode(relacl) WHERE oid = events AND privilege_type = 'SELECT';
    IF readers IS NOT NULL THEN
        EXECUTE format('GRANT SELECT ON %s TO %s', part, readers);
    END IF;
    IF room > 0 AND NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = events AND tgname = 'repeated') THEN
        EXECUTE format('CREATE TRIGGER repeated AFTER INSERT ON %s REFERENCING NEW TABLE AS added
            FOR EACH STATEMENT EXECUTE FUNCTION %I.refuse_repeated()', events, place);
    END IF;
    RETURN room + width;
END $$;

SELECT log_room(0);

-- Every so many tiles, whoever appends sees to it that there is room, as the owner: a role that may only append cannot make a table.
-- It names what it calls by place and types, and only the owner can make it a trigger. Where it fails, the next one tries.
CREATE OR REPLACE FUNCTION make_room() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '1s' AS $$ BEGIN
    EXECUTE format('SELECT %I.log_room($1, $2)', TG_TABLE_SCHEMA) USING 256 * (NEW.tile_index + 1), TG_TABLE_SCHEMA::text;
    RETURN NULL;
EXCEPTION WHEN OTHERS THEN
    RAISE WARNING 'the next partition of the log was not made: %', SQLERRM;
    RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION make_room() FROM PUBLIC;

CREATE OR REPLACE TRIGGER make_room AFTER INSERT ON log_tiles FOR EACH ROW
    WHEN (NEW.level = 0 AND 256 * (NEW.tile_index + 1) % (log_width() / 64) = 0) EXECUTE FUNCTION make_room();
