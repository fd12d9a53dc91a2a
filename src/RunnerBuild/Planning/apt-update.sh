# shellcheck shell=bash
# apt_update: fetches the package lists. apt waits for dpkg's lock when it is told to, but never for that of the lists, which the
# update of a machine's first boot holds: that is tried again for ten minutes. Anything else that is wrong is said at once.
apt_update() {
  local errors tries
  exec 3>&1
  for ((tries = 0; tries < 120; tries++)); do
    if errors=$(LC_ALL=C apt-get -o DPkg::Lock::Timeout=600 -q update 2>&1 >&3); then
      [ -z "$errors" ] || printf '%s\n' "$errors" >&2
      return 0
    fi
    [[ $errors == *"Could not get lock"* || $errors == *"Unable to lock"* ]] || break
    echo "waiting: ${errors%%$'\n'*}"
    sleep 5
  done
  printf '%s\n' "$errors" >&2
  return 100
}
