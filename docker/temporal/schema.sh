#!/bin/sh
# Makes both databases and brings their schemas up to date. Every step may be repeated.
set -eu
sql() { temporal-sql-tool --plugin postgres12 --ep postgres -p 5432 -u temporal "$@"; }

for db in temporal:temporal temporal_visibility:visibility; do
  name=${db%%:*}
  schema=/etc/temporal/schema/postgresql/v12/${db##*:}/versioned
  sql --db "$name" create
  # Fails where the schema has a version already; then the update below is all there is to do.
  sql --db "$name" setup-schema -v 0.0 || true
  sql --db "$name" update-schema -d "$schema"
done
