#!/bin/sh
# One customer's databases, made at any time as the owner of the server: sh postgres-tenant.sh NAME <password. NAME is the log's
# and NAME_keys the keys'; so is the role that works with them, which comes into no other customer's.
set -eu
name=$1 here=$(dirname "$0")
password=$(cat)
[ -n "$password" ]
createdb --username "$POSTGRES_USER" "$name"
psql --username "$POSTGRES_USER" --dbname "$name" --set ON_ERROR_STOP=1 --quiet --file "$here/../adapters/postgres/log_schema.sql"
printf %s "$password" | ROLE=$name POSTGRES_DB=$name PASSWORD_FILE=/dev/stdin sh "$here/postgres-roles.sh"
psql --username "$POSTGRES_USER" --dbname "$name" --set ON_ERROR_STOP=1 --set log="$name" --set keys="${name}_keys" <<'SQL'
REVOKE CONNECT, TEMPORARY ON DATABASE :"log", :"keys" FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE :"log" TO :"log";
SQL
