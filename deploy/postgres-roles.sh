#!/bin/sh
# Runs once in a new database, as its owner, after the log's tables were made: the role that Tweeluik works with may append
# to the log and read it, and never change it. Its views and queue are tables of its own, and its keys are in a database
# of their own, so that no backup of the log holds a key. The file of the password must be readable for whoever runs this.
set -eu
role=${ROLE:-tweeluik}
password=$(cat "${PASSWORD_FILE:-/run/secrets/tweeluik_password}")
[ -n "$password" ]
psql --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" --set ON_ERROR_STOP=1 \
  --set role="$role" --set password="$password" --set database="$POSTGRES_DB" <<'SQL'
CREATE ROLE :"role" LOGIN PASSWORD :'password';
GRANT CREATE ON DATABASE :"database" TO :"role";
GRANT USAGE, CREATE ON SCHEMA public TO :"role";
GRANT SELECT, INSERT ON stored_events, log_tiles, log_checkpoints TO :"role";
GRANT SELECT ON stored_events_0 TO :"role"; -- the first partition, for backups; later ones are made so
GRANT SELECT, UPDATE ON log_lock TO :"role";
SQL
createdb --username "$POSTGRES_USER" --owner "$role" "${POSTGRES_DB}_keys"
