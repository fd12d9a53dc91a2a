#!/usr/bin/env bash
# Installs the distribution's packages, the tool sets' too, and makes the user that jobs run as. Debian 12 and later, Ubuntu 22.04 and later.
set -euo pipefail
# shellcheck source=sets.sh
. /tmp/build/sets.sh

export DEBIAN_FRONTEND=noninteractive

# The container is thrown away after one job: nothing is gained by waiting for the disk, nor by manuals.
cat >/etc/dpkg/dpkg.cfg.d/runner-image <<'DPKG'
force-unsafe-io
path-exclude=/usr/share/man/*
path-exclude=/usr/share/locale/*
path-exclude=/usr/share/doc/*
path-include=/usr/share/doc/*/copyright
DPKG
printf 'Acquire::Languages "none";\nAcquire::Retries "3";\n' >/etc/apt/apt.conf.d/90runner-image

# Package scripts must start no service, neither while the image is built nor in a job.
printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
chmod 0755 /usr/sbin/policy-rc.d

# With BuildKit, packages that were downloaded stay for the next build; Debian's images have a rule that removes them at once.
readonly archives=/var/cache/apt/archives clean=/etc/apt/apt.conf.d/docker-clean keep=/etc/apt/apt.conf.d/99keep
kept=no
if grep -q " $archives " /proc/mounts; then
    kept=yes
    if [[ -f $clean ]]; then mv "$clean" "$clean.disabled"; fi
    printf 'Binary::apt::APT::Keep-Downloaded-Packages "true";\nAPT::Keep-Downloaded-Packages "true";\n' >"$keep"
fi

apt-get update -q

candidate() {
    apt-cache policy "$1" | sed -n 's/^  Candidate: //p' | grep -vx '(none)' || true
}

# The newest of the libicu packages, whose name carries the version.
libicu() {
    apt-cache pkgnames libicu | grep -Ex 'libicu[0-9]+(t64)?' | sort -V | tail -n 1
}

wanted=(ca-certificates curl git jq openssh-client procps sudo tar tini unzip xz-utils zip zstd "$(libicu)")
for name in "${chosen[@]}"; do
    said=$(in_set "$name" packages)
    read -ra more <<<"${said//$'\n'/ }"
    wanted+=("${more[@]}")
done
# The base image's own packages too: its security updates come out before it does.
apt-get upgrade -q -y --no-install-recommends
apt-get install -q -y --no-install-recommends "${wanted[@]}"

if [[ $kept == yes ]]; then
    # What no source has any more is not needed again.
    apt-get autoclean -q
    rm -f "$keep"
    if [[ -f $clean.disabled ]]; then mv "$clean.disabled" "$clean"; fi
else
    rm -rf "$archives"/*.deb
fi
rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin /var/log/apt/* /var/log/dpkg.log

# Where the supervisor may put a daemon.json for the job's own engine.
mkdir -p /etc/docker

# Whoever has no set with Docker may still get the host's socket.
getent group docker >/dev/null || groupadd --system docker
useradd --uid 1001 --user-group --groups docker --create-home --shell /bin/bash runner
printf 'runner ALL=(ALL:ALL) NOPASSWD: ALL\n' >/etc/sudoers.d/runner
chmod 0440 /etc/sudoers.d/runner
