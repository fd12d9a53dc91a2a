#!/usr/bin/env bash
# Installs the distribution's packages and makes the user that jobs run as. Debian 12 and later, Ubuntu 22.04 and later.
set -euo pipefail

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

apt-get update -q

candidate() {
    apt-cache policy "$1" | sed -n 's/^  Candidate: //p' | grep -vx '(none)' || true
}

# The newest of the libicu packages, whose name carries the version.
libicu() {
    apt-cache pkgnames libicu | grep -Ex 'libicu[0-9]+(t64)?' | sort -V | tail -n 1
}

# Debian 13: docker-cli, docker-compose (2.x), docker-buildx. Ubuntu: docker-compose-v2, docker-buildx, the CLI in
# docker.io. Debian 12: the CLI in docker.io, no plugins; its docker-compose is the old program in Python.
docker_packages() {
    echo docker.io
    if [[ -n $(candidate docker-cli) ]]; then echo docker-cli; fi
    if [[ -n $(candidate docker-buildx) ]]; then
        echo docker-buildx
    else
        echo "NOTE: this distribution has no docker-buildx package: 'docker build' uses the classic builder." >&2
    fi
    if [[ -n $(candidate docker-compose-v2) ]]; then
        echo docker-compose-v2
    elif [[ $(candidate docker-compose) == 2.* || $(candidate docker-compose) == [3-9].* ]]; then
        echo docker-compose
    else
        echo "NOTE: this distribution has no compose plugin: 'docker compose' is not there. Choose a newer BASE." >&2
    fi
}

mapfile -t docker < <(docker_packages)
apt-get install -q -y --no-install-recommends \
    ansible-core ca-certificates curl git iptables jq openssh-client procps python3 sudo tar tini unzip xz-utils zip zstd \
    "$(libicu)" "${docker[@]}"
rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin /var/cache/apt/archives/*.deb /var/log/apt/* /var/log/dpkg.log

# Where the supervisor may put a daemon.json for the job's own engine.
mkdir -p /etc/docker

useradd --uid 1001 --user-group --groups docker --create-home --shell /bin/bash runner
printf 'runner ALL=(ALL:ALL) NOPASSWD: ALL\n' >/etc/sudoers.d/runner
chmod 0440 /etc/sudoers.d/runner
