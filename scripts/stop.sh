#!/usr/bin/env bash
# Ends the portal and the release service that a demonstration left running.
set -euo pipefail
cd "$(dirname "$0")/.."
[ -e demo/pids ] || exit 0
while read -r pid; do
    # A number may be another process's by now.
    if grep -qs farr "/proc/$pid/cmdline"; then kill "$pid"; fi
done <demo/pids
rm demo/pids
