#!/bin/sh
# `nieuwswacht` as the service runs it: its user, its archive, its secrets. Only root may use it.
set -eu
if [ -t 0 ] && [ -t 1 ]; then how=--pty; else how=--pipe; fi
exec systemd-run --quiet --wait --collect "$how" \
    --property=DynamicUser=yes --property=User=nieuwswacht --property=UMask=0077 \
    --property="StateDirectory=nieuwswacht nieuwswacht/backups" \
    --property=StateDirectoryMode=0700 \
    --property=LoadCredential=secrets:/etc/nieuwswacht/secrets \
    --setenv=NIEUWSWACHT_CONFIG=/etc/nieuwswacht \
    /opt/nieuwswacht/bin/nieuwswacht "$@"
