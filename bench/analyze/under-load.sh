#!/bin/sh
# A server under pgbench's load, with somebody who locks a table against everybody now and then: which locks the analysis
# holds, whether it writes, and whether it ends within its budget. Needs psql and pgbench, and a build.
#   SERVER_URL=postgres://postgres@127.0.0.1/shop sh bench/analyze/under-load.sh [budget in seconds] [rounds]
budget=${1:-5}
rounds=${2:-5}
pgbench -q -i -s 5 "$SERVER_URL" 2>/dev/null
pgbench -n -c 8 -T 600 "$SERVER_URL" >/dev/null 2>&1 &
load=$!
while :; do psql -qAtX "$SERVER_URL" -c 'BEGIN; LOCK TABLE pgbench_tellers IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(0.3); COMMIT' >/dev/null; done &
locker=$!
modes=$(mktemp)
while :; do psql -qAtX "$SERVER_URL" -c "SELECT DISTINCT l.mode, a.backend_xid IS NOT NULL FROM pg_locks l JOIN pg_stat_activity a USING (pid)
  WHERE a.application_name = 'senior-backend' AND l.locktype = 'relation'" >>"$modes" 2>&1; done &
watcher=$!
for round in $(seq "$rounds"); do
  started=$(date +%s%N)
  node dist/cli/main.js db analyze --connection "$SERVER_URL" --budget "$budget" --json >/dev/null 2>&1
  echo "| $round | $? | $(((($(date +%s%N) - started)) / 1000000)) |"
done
kill $watcher $locker $load
echo "modes of locks, and whether a transaction number was taken:"
sort "$modes" | uniq -c
rm -f "$modes"
