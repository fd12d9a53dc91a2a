#!/bin/bash
# Runs the listener until it wants no relaunch. As with the official program, the exit code says nothing of the job.

cd "$(dirname "$(readlink -f "$0")")" || exit 1

stop() {
    kill -TERM "$helper"
    wait "$helper"
    exit "$1"
}

if [ -n "$RUNNER_MANUALLY_TRAP_SIG" ]; then
    trap 'stop 130' INT
    trap 'stop 143' TERM
fi

while :; do
    ./run-helper.sh "$@" &
    helper=$!
    wait "$helper"
    [ $? -eq 2 ] || exit 0
    echo "Restarting runner..."
done
