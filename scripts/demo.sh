#!/usr/bin/env bash
# From nothing to a report on screen and a running portal: the commands of the README on a synthetic country with every feed, each shown
# as it runs.
# Thirteen months of 112,000 people: a year, and the month before it, for a month is complete by the twelve before.
set -euo pipefail
cd "$(dirname "$0")/.."
PATH="$PWD/.venv/bin:$PATH"
scripts/stop.sh
rm -rf demo && mkdir demo && cd demo
export FARR_HOME=home
# Large enough that providers and commissioners have figures of most measures, small enough for some minutes.
SCALE=${SCALE:-0.002}

step() { printf '\n\033[1m%s\033[0m\n' "$(printf '[%dm%02ds]' $((SECONDS / 60)) $((SECONDS % 60))) $1"; }
show() { printf '\033[2m$ %s\033[0m\n' "$(shorter "$@")"; }
# what the shell made of the patterns below, said as they were
shorter() { printf '%s ' "$@" | sed -E 's#((raw|clean)(/resent)?/)[^ ]*(\.clean)?\.parquet( \1[^ ]*\.parquet)+#\1*.parquet#; s#(raw/registered_population_)[^ ]*\.csv( \1[^ ]*\.csv)+#\1*.csv#'; }
run() { show "$@"; "$@"; }
quietly() { show "$@"; "$@" >>log.txt 2>&1 || { tail -20 log.txt; exit 1; }; }
# Of few people the gate may refuse what too much was asked around before: the rest goes on then, and nothing else is forgiven.
answered() {
    show "$@"
    "$@" 2> >(tee refusal.txt >&2) && return
    wait $!
    grep -q 'was refused' refusal.txt
}
told() { python -c "import json; truth = json.load(open('raw/truth.json')); print($1)"; }

step "1. Thirteen months of synthetic hospital activity, as a supplier would hold it: names, NHS numbers, postcodes, all made up"
run farr synth --months 13 --scale "$SCALE" --seed 7 --ending 2025-03 --out raw

step "2. An agreement, approved by the guardian and the risk owner: nothing runs without it"
quietly farr agreement signatory --as guardian --name "Dr A. Example" --out guardian.pem
quietly farr agreement signatory --as risk-owner --name "B. Example" --out risk-owner.pem
quietly farr agreement new demo --title "Demonstration" --purpose benchmarking --dataset apc_episode --dataset op_attendance \
    --dataset ae_attendance --dataset critical_care --from 2024-03 --to 2025-03 --ends "$(date -d '+1 year' +%F)" \
    --opt-outs applied --opt-outs-reason "Data are used for planning, beyond direct care"
quietly farr agreement approve demo --as guardian --key guardian.pem
quietly farr agreement approve demo --as risk-owner --key risk-owner.pem
run farr agreement show demo

step "3. At the supplier: pseudonyms, districts, deciles and ages instead of people; opt-outs applied; the risk that is left"
quietly farr keygen --out supplier.key
papers=(--agreement home/agreements/demo.json --signatories home/signatories.json --key supplier.key
    --small-areas raw/small_areas.csv --opt-outs raw/opt_outs.txt)
quietly farr deidentify raw/*.parquet "${papers[@]}" --out clean
quietly farr risk clean/apc_episode_2025-03.clean.parquet --feed apc_episode --out risk

step "4. In the lab: a file that still points to people is refused, and changes nothing"
run farr ingest raw/apc_episode_2025-03.parquet || true

step "5. In the lab: reference files and thirteen months of four feeds are checked and loaded; what is wrong is set aside, by row and rule"
quietly farr ingest raw/organisation.csv raw/organisation_successor.csv raw/organisation_parent.csv raw/hrg_trim_point.csv \
    raw/national_price.csv raw/hrg_tariff_rule.csv raw/market_forces_factor.csv raw/contract_plan.csv raw/provider_cost.csv raw/commissioner_feature.csv raw/provider_feature.csv raw/peer_list.csv raw/local_code.csv raw/local_activity.csv raw/population_projection.csv \
    raw/population_by_deprivation.csv \
    raw/deprivation.csv raw/resident_population.csv raw/registered_population_*.csv
settled=() open=()
for each in clean/*.clean.parquet; do
    name=$(basename "$each" .clean.parquet)
    if [ -e "raw/resent/$name.parquet" ]; then open+=("$each"); else settled+=("$each"); fi
done
quietly farr ingest "${settled[@]}" --freeze
quietly farr ingest "${open[@]}"
run farr months --dataset apc_episode
run farr build

step "6. How does commissioner 90L stand against the ten most like it?"
run farr benchmark --organisation 90L --measure emergency_admissions --norm similar_ten

LATE=$(told "next(iter(truth['late']['sent']))")
step "7. Provider $LATE sent only part of the last month: the month is left out of its year, and the figure says so"
run farr benchmark --organisation "$LATE" --measure length_of_stay

step "8. Months are sent again, the last whole and two corrected: they replace the months, and only what they can change is built again"
quietly farr deidentify raw/resent/*.parquet "${papers[@]}" --out clean/resent
quietly farr ingest clean/resent/*.clean.parquet --freeze
run farr build
run farr benchmark --organisation "$LATE" --measure length_of_stay --by specialty

step "9. What changed for commissioner 90L; a report of every measure is drawn meanwhile"
run farr changes --organisation 90L
show farr report --organisation 90L --norm similar_ten --out report
farr report --organisation 90L --norm similar_ten --out report >report.txt 2>&1 &
drawn=$!

step "10. Standard views for a portal: signed releases and their catalogue"
PUBLISHED=(emergency_admissions ae_four_hour_performance day_case_rate length_of_stay spend_per_head op_did_not_attend)
run farr publish $(printf -- '--measure %s ' "${PUBLISHED[@]}") --breakdown none

step "11. Contracts: above plan or below, which bills to challenge, and what another tariff would cost; statements of each for the portal"
answered farr contract --provider ZAK --through 2024-12
answered farr publish-statements contract --period 2024-04..2024-12
answered farr publish-statements challenge
run farr reprice no_excess_days --level commissioner
run farr publish-statements scenario no_excess_days specialised_to_nation

step "12. An analyst's commentary: written, signed, approved by a second person, sent"
quietly farr pack signatory --name "A. Analyst" --out analyst.pem
quietly farr pack signatory --name "B. Reviewer" --out reviewer.pem
quietly farr pack new year-90L --organisation 90L --measure emergency_admissions --norm similar_ten --title "Emergencies of 90L" \
    --author "A. Analyst" --key analyst.pem
sed -i 's/^## Overall$/&\n\n**{{finding:emergency_admissions}}** All of it is made up, and written to show a pack./' home/packs/year-90L/draft/commentary.md
quietly farr pack submit year-90L --as "A. Analyst" --key analyst.pem
quietly farr pack approve year-90L --as "B. Reviewer" --key reviewer.pem
run farr pack render year-90L --out packs

wait "$drawn" || { tail -20 report.txt; exit 1; }
step "13. The portal: what was published, for those who may see it; anything else is asked of the release service"
quietly farr client add portal --agreement demo --out portal.pem
quietly farr portal init portal --lab home --service-key portal.pem --insecure-http
show farr serve
nohup farr serve >serve.log 2>&1 </dev/null & echo $! >pids
PORT=$(python -c "
import socket
def free(port):
    with socket.socket() as each: return each.connect_ex(('127.0.0.1', port)) != 0
print(next(port for port in range(8000, 8100) if free(port)))")
FARR_PORTAL=portal DJANGO_SETTINGS_MODULE=farr.portal.settings python ../scripts/demo_people.py demo benchmarking >accounts.txt
show farr portal run --port "$PORT" --portal portal
nohup farr portal run --port "$PORT" --portal portal >portal.log 2>&1 </dev/null & echo $! >>pids
for _ in $(seq 60); do
    if python -c "import urllib.request; urllib.request.urlopen('http://127.0.0.1:$PORT/health/')" 2>/dev/null; then break; fi
    sleep 1
done
python -c "import urllib.request; urllib.request.urlopen('http://127.0.0.1:$PORT/health/')" || { tail -20 portal.log; exit 1; }

step "Done. The report: demo/report/90L.html. The portal: http://127.0.0.1:$PORT/ until you type: make stop"
cat accounts.txt
