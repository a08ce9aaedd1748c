#!/bin/sh
# Runs once in a new server, as its owner: the database in which the workers of all customers share their work, and its role.
set -eu
password=$(cat "${PASSWORD_FILE:-/run/secrets/queue_password}")
[ -n "$password" ]
psql --username "$POSTGRES_USER" --dbname postgres --set ON_ERROR_STOP=1 --set password="$password" <<'SQL'
CREATE ROLE tweeluik_queue LOGIN PASSWORD :'password';
CREATE DATABASE tweeluik_queue OWNER tweeluik_queue;
REVOKE CONNECT, TEMPORARY ON DATABASE tweeluik_queue FROM PUBLIC;
SQL
