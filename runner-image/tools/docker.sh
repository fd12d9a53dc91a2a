# shellcheck shell=bash
# Docker's engine, command line, compose and buildx, as far as the distribution has them.
# Debian 13: docker-cli, docker-compose (2.x), docker-buildx. Ubuntu: docker-compose-v2, docker-buildx, the CLI in
# docker.io. Debian 12: the CLI in docker.io, no plugins; its docker-compose is the old program in Python.
packages() {
    echo docker.io iptables
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
