#!/usr/bin/env bash
# Runs the build: starts its program at once when nothing changed since it was compiled, else compiles it first, with an SDK that it fetches when there is none.
# Works with bash 3.2, which macOS has.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
artifacts=$root/artifacts
# The engine is a property of MSBuild, so a variable of the environment chooses it too.
[ "${NukeEngine:-}" = package ] && artifacts=$root/artifacts/package
program=$artifacts/bin/_build/debug/_build
state=$artifacts/build.state
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
# From elsewhere too it is this build that runs; from within, the engine finds the root by itself.
case $PWD/ in "$root"/*) ;; *) export NUKE_ROOT="${NUKE_ROOT:-$root}" ;; esac

# All that the program is made of. What is elsewhere, as fleets, tests and documents, leaves it as it is.
sources() {
  find "$root/build" "$root/src" "$root/docs/canary.yml" "$root/Directory.Build.props" "$root/Directory.Packages.props" "$root/global.json" \
    \( -name bin -o -name obj -o -path "$root/build/fleets" \) -prune -o -type f "$@" 2>/dev/null || true
}

# What the state holds: where the SDK is, which SDKs are there, and the names of all sources (a deleted file is newer than nothing).
describe() {
  printf '%s\n' "$1"
  ls "$1/sdk" 2>/dev/null || true
  sources -print | LC_ALL=C sort
}

is_current() {
  [ -x "$program" ] && [ -f "$state" ] || return 1
  IFS= read -r DOTNET_ROOT <"$state"
  [ -x "$DOTNET_ROOT/dotnet" ] && [ -z "$(sources -newer "$state" -print -quit)" ] && [ "$(describe "$DOTNET_ROOT")" = "$(cat "$state")" ]
}

# The real place of dotnet: the program looks for its runtime there, not along PATH.
resolve() {
  local path=$1 link
  while link=$(readlink "$path"); do
    case $link in /*) path=$link ;; *) path=$(dirname "$path")/$link ;; esac
  done
  (cd "$(dirname "$path")" && pwd -P)
}

find_sdk() {
  if command -v dotnet >/dev/null && (cd "$root" && dotnet --version) >/dev/null 2>&1; then
    DOTNET_ROOT=$(resolve "$(command -v dotnet)")
    return
  fi
  DOTNET_ROOT=$root/.nuke/temp/dotnet-unix
  if [ -x "$DOTNET_ROOT/dotnet" ] && (cd "$root" && "$DOTNET_ROOT/dotnet" --version) >/dev/null 2>&1; then
    return
  fi
  local version
  version=$(sed -nE 's/.*"version": *"([^"]+)".*/\1/p' "$root/global.json" | head -n 1)
  echo "There is no .NET SDK for global.json ($version): installing it into .nuke/temp/dotnet-unix" >&2
  mkdir -p "$DOTNET_ROOT"
  curl -fsSL --retry 3 https://dot.net/v1/dotnet-install.sh -o "$DOTNET_ROOT/dotnet-install.sh"
  bash "$DOTNET_ROOT/dotnet-install.sh" --install-dir "$DOTNET_ROOT" --version "$version" --no-path >&2
}

compile() {
  find_sdk
  echo "building RunnerBuild" >&2
  mkdir -p "$artifacts"
  # A file that changes while the compiler runs is newer than this one.
  : >"$state.$$"
  trap 'rm -f "$state.$$"' EXIT
  export DOTNET_ROOT
  "$DOTNET_ROOT/dotnet" build "$root/build/_build.csproj" -nologo -clp:NoSummary -verbosity:quiet -nodeReuse:false >&2
  describe "$DOTNET_ROOT" >"$state.new.$$"
  touch -r "$state.$$" "$state.new.$$"
  mv -f "$state.new.$$" "$state"
  rm -f "$state.$$"
}

is_current || compile
export DOTNET_ROOT DOTNET_EXE=$DOTNET_ROOT/dotnet PATH=$PATH:$DOTNET_ROOT
exec "$program" "$@"
