# In a container of the runner image: the security updates that its packages lack, as `package=version`, one a line. Only the distribution's
# security suites are asked, whose lists are short; a distribution that has none of that name is asked as a whole.
set -eu
export LC_ALL=C DEBIAN_FRONTEND=noninteractive
place=$(mktemp -d)
mkdir -p "$place/parts" "$place/lists/partial"
for source in /etc/apt/sources.list.d/*.sources; do
  [ ! -e "$source" ] || awk 'BEGIN { RS = ""; ORS = "\n\n" } /-security/' "$source" >"$place/parts/$(basename "$source")"
done
grep -hsE '^deb .*-security' /etc/apt/sources.list /etc/apt/sources.list.d/*.list >"$place/security.list" || true
options=()
if [ -n "$(cat "$place"/parts/* "$place/security.list" 2>/dev/null)" ]; then
  options=(-o "Dir::Etc::sourcelist=$place/security.list" -o "Dir::Etc::sourceparts=$place/parts")
fi
options+=(-o "Dir::State::lists=$place/lists" -o Acquire::Languages=none -o Acquire::Retries=0 -o Acquire::http::Timeout=10 -o APT::Sandbox::User=root)
apt-get "${options[@]}" -qq update >&2
apt-get "${options[@]}" -qq --simulate upgrade | sed -nE 's/^Inst ([^ ]+) \[[^]]*\] \(([^ ]+) .*/\1=\2/p' | sort
