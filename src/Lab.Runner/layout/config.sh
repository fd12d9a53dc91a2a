#!/bin/bash
# Registers or removes a runner.

cd "$(dirname "$(readlink -f "$0")")" || exit 1

if [ "$1" = remove ]; then
    exec ./bin/Runner.Listener "$@"
fi
exec ./bin/Runner.Listener configure "$@"
