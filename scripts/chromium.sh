#!/usr/bin/env bash
# Debian's Chromium, in which the portal's journeys run: installed where it is missing and can be.
set -euo pipefail
if [ -x /usr/bin/chromium ]; then exit 0; fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing Debian's Chromium, in which the portal's journeys run ..."
    { apt-get install -y --no-install-recommends chromium || { apt-get update && apt-get install -y --no-install-recommends chromium; }; } >/dev/null 2>&1 && exit 0
fi
echo "Chromium is not installed: the portal's journeys will be skipped; apt-get install chromium"
