#!/bin/bash
# Starts the listener once, and turns its exit code into 2 (start it again) or 0.

cd "$(dirname "$(readlink -f "$0")")" || exit 1

./bin/Runner.Listener run "$@" &
listener=$!
if [ -n "$RUNNER_MANUALLY_TRAP_SIG" ]; then
    trap 'kill -TERM "$listener"; wait "$listener"; exit 0' TERM
fi
wait "$listener"
code=$?
case $code in
    0) echo "Runner listener exit with 0 return code, stop the service, no retry needed." ;;
    1) echo "Runner listener exit with terminated error, stop the service, no retry needed." ;;
    2 | 3 | 4)
        echo "Runner listener exit with retryable error, re-launch runner in 5 seconds."
        sleep 5
        exit 2
        ;;
    5) echo "Runner listener exit with Session Conflict error, stop the service, no retry needed." ;;
    *) echo "Exiting with unknown error code: $code" ;;
esac
echo "Exiting runner..."
exit 0
