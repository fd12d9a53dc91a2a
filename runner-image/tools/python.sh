# shellcheck shell=bash
# Python 3 with pip and virtual environments, the distribution's.
packages() {
    echo python3 python3-pip python3-venv
}
