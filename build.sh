#!/usr/bin/env bash
# Runs the build: provisions the .NET SDK when it is missing, compiles only when a source is newer, then starts the program.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_USE_MSBUILD_SERVER=0

if command -v dotnet >/dev/null && dotnet --version >/dev/null 2>&1; then
  DOTNET_EXE=$(command -v dotnet)
  # The built program looks for the runtime only in the usual places, not along PATH.
  export DOTNET_ROOT=${DOTNET_ROOT:-$(dirname "$(readlink -f "$DOTNET_EXE")")}
else
  folder=$PWD/.nuke/temp/dotnet-unix
  DOTNET_EXE=$folder/dotnet
  if [ ! -x "$DOTNET_EXE" ]; then
    mkdir -p "$folder"
    channel=$(sed -nE 's/.*"version": *"([0-9]+\.[0-9]+).*/\1/p' global.json | head -n 1)
    echo "no .NET SDK found: installing $channel into .nuke/temp/dotnet-unix"
    curl -fsSL https://dot.net/v1/dotnet-install.sh -o "$folder/dotnet-install.sh"
    bash "$folder/dotnet-install.sh" --install-dir "$folder" --channel "$channel" --no-path
  fi
  export DOTNET_ROOT=$folder PATH=$folder:$PATH
fi
export DOTNET_EXE

program=artifacts/bin/_build/debug/_build
stamp=artifacts/bin/_build/built
if [ ! -x "$program" ] || [ ! -e "$stamp" ] || [ -n "$(find build src Directory.Build.props Directory.Packages.props global.json -newer "$stamp" -type f \
  \( -name '*.cs' -o -name '*.csproj' -o -name '*.props' -o -name '*.json' -o -name '*.sh' -o -name '*.service' -o -name '*.conf' -o -name 'Dockerfile' \) -print -quit)" ]; then
  echo "building RunnerBuild" >&2
  started=$(mktemp)
  trap 'rm -f "$started"' EXIT
  "$DOTNET_EXE" build build/_build.csproj -nologo -clp:NoSummary --verbosity quiet /nodeReuse:false /p:UseSharedCompilation=false >&2
  touch -r "$started" "$stamp"
  rm -f "$started"
fi
exec "$program" "$@"
