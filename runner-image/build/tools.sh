#!/usr/bin/env bash
# Installs the tool sets named in TOOLS; each is a file of that name beside this one, in tools/.
set -euo pipefail

here=$(dirname "$(readlink -f "$0")")

read -ra tools <<<"${TOOLS:-}"
for tool in "${tools[@]}"; do
    if [[ ! $tool =~ ^[a-z0-9-]+$ || ! -f $here/tools/$tool.sh ]]; then
        known=("$here"/tools/*.sh)
        known=("${known[@]##*/}")
        echo "ERROR: there is no tool set '$tool'. There are: ${known[*]%.sh}." >&2
        exit 1
    fi
    scratch=$(mktemp -d)
    (cd "$scratch" && bash "$here/tools/$tool.sh")
    rm -rf "$scratch"
done
