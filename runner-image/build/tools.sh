#!/usr/bin/env bash
# Installs what the chosen tool sets have beside packages, and their checks.
set -euo pipefail
# shellcheck source=sets.sh
. /tmp/build/sets.sh
# shellcheck source=download.sh
. /tmp/build/download.sh

# What each set downloads: NAME_VERSION=… and so on.
read -ra pins <<<"${TOOL_PINS:-}"
for pin in "${pins[@]}"; do
    if [[ ! $pin =~ ^[A-Z0-9_]+_(VERSION|SHA256|URL)=.+$ ]]; then
        echo "ERROR: TOOL_PINS has '$pin'; it should be NAME_VERSION=…, NAME_SHA256=… or NAME_URL=…." >&2
        exit 1
    fi
    export "${pin?}"
done

readonly checks=/usr/local/share/runnerbuild/checks
mkdir -p "$checks"
for name in "${chosen[@]}"; do
    scratch=$(mktemp -d)
    cd "$scratch"
    in_set "$name" set_up
    cd /
    rm -rf "$scratch"
    if [[ -f $sets/$name.check ]]; then install -m 0755 "$sets/$name.check" "$checks/$name"; fi
done
