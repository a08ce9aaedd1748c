#!/bin/sh
# Runs once in a new database, as its owner, after the log's tables were made: the role that Tweeluik works with may append
# to the log and read it, and never change it. Its views, keys and queue are tables of its own.
set -eu
psql --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" --set ON_ERROR_STOP=1 \
  --set password="$(cat /run/secrets/tweeluik_password)" --set database="$POSTGRES_DB" <<'SQL'
CREATE ROLE tweeluik LOGIN PASSWORD :'password';
GRANT CREATE ON DATABASE :"database" TO tweeluik;
GRANT USAGE, CREATE ON SCHEMA public TO tweeluik;
GRANT SELECT, INSERT ON stored_events, log_tiles, log_checkpoints TO tweeluik;
GRANT SELECT, UPDATE ON log_lock TO tweeluik;
SQL
