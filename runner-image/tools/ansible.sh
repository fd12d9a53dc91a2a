# shellcheck shell=bash
# Ansible's core and its built-in modules; collections come with `ansible-galaxy collection install`. The package `ansible` has 200 MB more.
packages() {
    echo ansible-core python3
}
