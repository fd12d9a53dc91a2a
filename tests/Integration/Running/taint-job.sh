# One job of many on a slot: fails when something of an earlier job on this slot is there, then leaves one of each kind itself.
# Every mark carries the runner's name, which begins with the slot's, so that what a job on another slot leaves meanwhile is not taken for it.
set -euo pipefail
slot=${RUNNER_NAME%-*} mark=taint-$RUNNER_NAME kinds=0 found=0
has_docker() { command -v docker >/dev/null && docker info >/dev/null 2>&1; }

# Arguments: a kind, then lines among which a mark of an earlier job on this slot would be.
look() {
  kinds=$((kinds + 1))
  local seen
  seen=$(grep -aoE "taint-$slot-[a-z0-9]+" <<<"${2-}" | grep -vx "$mark" | sort -u || true)
  if [ -n "$seen" ]; then
    echo "left by an earlier job: $1 $seen"
    found=$((found + 1))
  fi
}

work=$(dirname "$GITHUB_WORKSPACE") tools=${RUNNER_TOOL_CACHE:-$GITHUB_WORKSPACE/../../_tool}
mkdir -p "$tools"
look "in the root file system" "$(sudo ls / /usr/local/bin /etc)"
look "in a folder for temporary files" "$(ls /tmp /var/tmp "$RUNNER_TEMP")"
look "in the home folder" "$(ls -A "$HOME" | cat; sudo ls -A /root)"
look "in the work folder" "$(ls -A "$GITHUB_WORKSPACE" "$work" "$work/..")"
look "in the tool cache" "$(ls "$tools")"
look "in the environment" "$(env; cat /etc/environment 2>/dev/null)"
look "among the processes" "$(cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\0' '\n')"
if has_docker; then
  look "among containers" "$(docker ps --all --format '{{.Names}}')"
  look "among images" "$(docker image ls --format '{{.Repository}}:{{.Tag}}')"
  look "among volumes" "$(docker volume ls --quiet)"
  look "among networks" "$(docker network ls --format '{{.Name}}')"
  look "in the build cache" "$(docker buildx du --verbose 2>/dev/null)"
  look "in an image's history" "$(docker image ls --quiet | sort -u | xargs -r docker history --no-trunc --format '{{.CreatedBy}}' 2>/dev/null)"
fi
if ((found)); then exit 1; fi

sudo touch "/$mark" "/usr/local/bin/$mark" "/etc/$mark"
touch "/tmp/$mark" "/var/tmp/$mark" "$RUNNER_TEMP/$mark" "$HOME/$mark" "$GITHUB_WORKSPACE/$mark" "$work/$mark" "$tools/$mark"
echo "TAINT=$mark" >>"$GITHUB_ENV"
echo "TAINT=$mark" | sudo tee -a /etc/environment >/dev/null
(RUNNER_TRACKING_ID='' exec -a "$mark" sleep 600) >/dev/null 2>&1 &
if has_docker; then
  mkdir "image-$mark"
  cp /usr/bin/tini-static "image-$mark/program"
  echo "$mark" >"image-$mark/$mark"
  printf 'FROM scratch\nCOPY program /program\nCOPY %s /%s\nENTRYPOINT ["/program", "--"]\n' "$mark" "$mark" >"image-$mark/Dockerfile"
  docker build --quiet --tag "$mark:latest" "image-$mark"
  docker volume create "$mark" >/dev/null
  docker network create "$mark" >/dev/null
  docker run --name "$mark" --volume "$mark:/data" --volume /anonymous --network "$mark" "$mark:latest" /program --version
fi
echo "$kinds kinds of marks looked for and left"
