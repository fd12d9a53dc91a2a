#!/usr/bin/env bash
# Unpacks the runner program into /home/runner, owned by the user it runs as.
set -euo pipefail
# shellcheck source=download.sh
. /tmp/build/download.sh

require RUNNER_VERSION RUNNER_SHA256
arch=$(machine x64 arm64)

archive=$(mktemp)
download runner "https://github.com/actions/runner/releases/download/v$RUNNER_VERSION/actions-runner-linux-$arch-$RUNNER_VERSION.tar.gz" "$archive"
chmod 0644 "$archive"
setpriv --reuid runner --regid runner --init-groups tar -xzf "$archive" -C /home/runner
rm -f "$archive"

if [[ ! -x /home/runner/bin/Runner.Listener ]]; then
    echo "ERROR: what was downloaded has no program bin/Runner.Listener: it is no release of actions/runner." >&2
    exit 1
fi
