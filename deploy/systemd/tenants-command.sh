#!/bin/sh
# Any command as the services for tenants run: sh deploy/systemd/tenants-command.sh tenants add tulp, or --tenant tulp login. As root.
set -eu
exec systemd-run --pty --wait --collect --quiet --property=DynamicUser=yes --property=User=tweeluik \
  --property="StateDirectory=tweeluik tweeluik/tenants" --property=StateDirectoryMode=0700 --property=UMask=0077 \
  --property=ProtectSystem=strict --property=ProtectHome=yes --property=Environment=TWEELUIK_TENANTS=%S/tweeluik/tenants \
  /opt/tweeluik/bin/tweeluik "$@"
