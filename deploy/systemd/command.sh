#!/bin/sh
# Any command as the service runs: sh deploy/systemd/command.sh login, or verify, or sync --entity 170. As root.
set -eu
set -- sh -c '
  export TWEELUIK_CONFIG="$CREDENTIALS_DIRECTORY/tweeluik.toml" TWEELUIK_LOG__KEY_FILE="$CREDENTIALS_DIRECTORY/key" \
    TWEELUIK_LOG__SIGNING_KEY_FILE="$CREDENTIALS_DIRECTORY/signing-key" TWEELUIK_LOG__CHECKPOINTS="$STATE_DIRECTORY/checkpoints"
  exec /opt/tweeluik/bin/tweeluik "$@"' tweeluik "$@"
for each in tweeluik.toml key signing-key; do
  set -- "--property=LoadCredential=$each:/etc/tweeluik/$each" "$@"
done
exec systemd-run --pty --wait --collect --quiet --property=DynamicUser=yes --property=User=tweeluik \
  --property=StateDirectory=tweeluik --property=StateDirectoryMode=0700 --property=UMask=0077 \
  --property=ProtectSystem=strict --property=ProtectHome=yes "$@"
