#!/usr/bin/env bash
# From nothing to a report on screen: the commands of the README on a synthetic country, each shown as it runs.
set -euo pipefail
cd "$(dirname "$0")/.."
PATH="$PWD/.venv/bin:$PATH"
rm -rf demo && mkdir demo && cd demo
export FARR_HOME=home

step() { printf '\n\033[1m%s\033[0m\n' "[$((SECONDS / 60))m$(printf %02d $((SECONDS % 60)))s] $1"; }
run() { printf '\033[2m$ %s\033[0m\n' "$*"; "$@"; }
quietly() { printf '\033[2m$ %s\033[0m\n' "$*"; "$@" >>log.txt || { tail -20 log.txt; exit 1; }; }

step "1. Two years of synthetic hospital activity, as a supplier would hold it: names, NHS numbers, postcodes, all made up"
run farr synth --months 24 --scale 0.01 --seed 7 --ending 2025-03 --out raw

step "2. An agreement, approved by the guardian and the risk owner: nothing runs without it"
quietly farr agreement signatory --as guardian --name "Dr A. Example" --out guardian.pem
quietly farr agreement signatory --as risk-owner --name "B. Example" --out risk-owner.pem
quietly farr agreement new demo --title "Demonstration" --purpose benchmarking --dataset apc_episode --from 2023-04 --to 2025-03 \
    --ends "$(date -d '+1 year' +%F)" --opt-outs applied --opt-outs-reason "Data are used for planning, beyond direct care"
quietly farr agreement approve demo --as guardian --key guardian.pem
quietly farr agreement approve demo --as risk-owner --key risk-owner.pem
run farr agreement show demo

step "3. At the supplier: pseudonyms, districts, deciles and ages instead of people; opt-outs applied; the risk that is left"
quietly farr keygen --out supplier.key
run farr deidentify raw/apc_episode_*.parquet --agreement home/agreements/demo.json --signatories home/signatories.json \
    --key supplier.key --small-areas raw/small_areas.csv --opt-outs raw/opt_outs.txt --out clean
run farr risk clean/apc_episode_2025-03.clean.parquet --feed apc_episode --out risk

step "4. In the lab: a file that still points to people is refused, and changes nothing"
run farr ingest raw/apc_episode_2025-03.parquet || true

step "5. In the lab: reference files and 24 months are checked and loaded; what is wrong is set aside, by row, column and rule"
quietly farr ingest raw/organisation.csv raw/hrg_trim_point.csv raw/commissioner_feature.csv raw/registered_population_*.csv
run farr ingest clean/*.clean.parquet
run farr check clean/apc_episode_2025-03.clean.parquet
run farr build

step "6. How does commissioner 90L stand against the ten most like it?"
run farr benchmark --organisation 90L --measure emergency_admissions --norm similar_ten
run farr report --organisation 90L --norm similar_ten --out report

step "Done. The report: demo/report/90L.html"
