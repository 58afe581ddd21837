#!/bin/sh
# Makes both databases and brings their schemas up to date. Every step may be repeated: what is there already is left as it is, and an
# error ends the whole (Temporal 1.31: tools/sql and tools/common/schema/setuptask.go of https://github.com/temporalio/temporal).
set -eu
sql() { temporal-sql-tool --plugin postgres12 --ep postgres -p 5432 -u temporal "$@"; }

for db in temporal:temporal temporal_visibility:visibility; do
  name=${db%%:*}
  sql --db "$name" create
  sql --db "$name" setup-schema -v 0.0
  sql --db "$name" update-schema -d "/etc/temporal/schema/postgresql/v12/${db##*:}/versioned"
done
