# Puts Docker's compose plugin into the folder given, from the release of Debian that has it, and leaves this machine's own packages alone.
set -eu
folder=$1 apt=$1/apt
mkdir -p "$folder/cli-plugins" "$apt/state/lists/partial" "$apt/cache/archives/partial"
mirror=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null | sed -nE 's#^(deb |URIs:)[^:]*(https?://[^ ]*debian/?)( .*)?$#\2#p' | head -n 1)
printf 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s trixie main\n' "${mirror:-http://deb.debian.org/debian}" >"$apt/sources.list"
own() {
  apt-get -q -o Dir::Etc::SourceList="$apt/sources.list" -o Dir::Etc::SourceParts=- -o Dir::State="$apt/state" -o Dir::State::status=/dev/null \
    -o Dir::Cache="$apt/cache" -o Acquire::Languages=none -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false -o APT::Sandbox::User=root "$@"
}
own update
(cd "$apt" && own download docker-compose && dpkg-deb -x docker-compose_*.deb root)
cp "$apt/root/usr/libexec/docker/cli-plugins/docker-compose" "$folder/cli-plugins/docker-compose"
rm -rf "$apt"
