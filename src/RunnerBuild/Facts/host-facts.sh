# Everything that is asked of a host, in one go. It only reads. Each line: kind, then fields, separated by tabs.
# Arguments: a nonce; then `file PATH`, `text PATH` (a file whose content may be shown), `unit NAME`, `package NAME`, `account NAME` or
# `image NAME`, as many as needed.
set -u
export LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
say() { local IFS=$'\t'; printf '%s\n' "$*"; }
# An engine that hangs must not hang whoever only looks.
docker() { timeout 20 docker "$@"; }

nonce=$1
shift
files=() texts=() units=() packages=() accounts=() images=()
while (($#)); do
  case $1 in
    file) files+=("$2") ;;
    text) files+=("$2") texts+=("$2") ;;
    image) images+=("$2") ;;
    unit) units+=("$2") ;;
    package) packages+=("$2") ;;
    account) accounts+=("$2") ;;
  esac
  shift 2
done

say clock "$(date +%s.%N)"
(. /etc/os-release && say system "$ID" "${VERSION_ID:-}" "${VERSION_CODENAME:-}")
say architecture "$(dpkg --print-architecture 2>/dev/null || uname -m)"
say disk "$(df -B1 --output=size,avail / | tail -n1 | awk '{print $1 "\t" $2}')"
say virtualization "$(systemd-detect-virt 2>/dev/null || true)"
say uuid "$(cat /sys/class/dmi/id/product_uuid 2>/dev/null || true)"
[ ! -e /snap/docker ] || say snapdocker yes
grep -ls '^[^#]*download\.docker\.com' /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources | while read -r source; do say dockersource "$source"; done
# The network card's, so that networks of jobs do not send frames it would drop.
say mtu "$(cat "/sys/class/net/$(ip -o route show default 2>/dev/null | awk '{for (i = 1; i < NF; i++) if ($i == "dev") {print $(i + 1); exit}}')/mtu" 2>/dev/null || echo 1500)"
say bridge "$(ip -4 -brief address show docker0 2>/dev/null | sed -nE 's|.* ([0-9.]+)/.*|\1|p')"
# Installed and switched off, as on machines that were installed by hand, is as good as absent.
if [ -d /etc/cloud ] && [ ! -e /run/cloud-init/disabled ] && command -v cloud-init >/dev/null; then
  [ -e /var/lib/cloud/instance/boot-finished ] && say cloudinit done || say cloudinit running
else
  say cloudinit absent
fi

[ ${#packages[@]} = 0 ] || dpkg-query -W -f 'package\t${Package}\t${Version}\t${db:Status-Status}\n' "${packages[@]}" 2>/dev/null

for account in ${accounts[@]+"${accounts[@]}"}; do
  if entry=$(getent passwd "$account"); then
    IFS=: read -r name _ uid gid _ home _ <<<"$entry"
    say account "$name" "$uid" "$gid" "$home" "$(id -Gn "$name")"
  fi
done

# Hashed together with a number used once, so that the answer tells nothing about a secret that another run could compare.
for file in ${files[@]+"${files[@]}"}; do
  if [ -L "$file" ]; then
    say link "$file" "$(readlink "$file")"
  elif [ -d "$file" ]; then
    say directory "$file" "$(stat -c $'0%a\t%U:%G' "$file")"
  elif [ -e "$file" ]; then
    say file "$file" "$(stat -c $'0%a\t%U:%G\t%.3Y' "$file")" "$({ printf %s "$nonce"; cat "$file"; } | sha256sum | cut -d' ' -f1)"
  fi
done

for file in ${texts[@]+"${texts[@]}"}; do
  if [ -f "$file" ] && [ "$(stat -L -c %s "$file")" -lt 65536 ]; then say text "$file" "$(base64 -w0 "$file")"; fi
done

# The option is not in every systemd; without it the second has to do.
show() { systemctl show "$@" -p ActiveState,UnitFileState,NeedDaemonReload,ActiveEnterTimestamp 2>/dev/null; }
# Told in the clock that files have. Not made from the time since boot, which stands still while a machine sleeps.
for unit in ${units[@]+"${units[@]}"}; do
  declare -A p=()
  while IFS="=" read -r key value; do p[$key]=$value; done < <(show "$unit" --timestamp=us+utc || show "$unit")
  since=$(date -d "${p[ActiveEnterTimestamp]:-n/a}" +%s.%N 2>/dev/null) || since=0
  say unit "$unit" "${p[ActiveState]:-}" "${p[UnitFileState]:-}" "${p[NeedDaemonReload]:-}" "$since"
done

if type -P docker >/dev/null; then
  # Docker aligns what stands between tabs, so the fields come with bars between them.
  if engine=$(docker version --format 'engine|{{.Server.Version}}|{{.Server.APIVersion}}|{{.Client.Version}}' 2>/dev/null); then
    client=${engine##*|}
    {
      echo "${engine%|*}"
      docker ps --all --filter label=com.docker.compose.project=github-runners --format 'container|{{.Names}}|{{.Image}}|{{.State}}|{{.Label "runnerbuild.runner"}}|{{.Label "runnerbuild.host"}}|{{.Label "runnerbuild.credential"}}'
      docker ps --all --format 'used|{{.Image}}'
      docker info --format 'liverestore|{{.LiveRestoreEnabled}}|{{.Swarm.LocalNodeState}}' 2>/dev/null
    } | tr '|' '\t'
    # The label beside the name: a name can be given to anything.
    mapfile -t built < <(docker image ls --filter label=runnerbuild.recipe --format '{{.Repository}}:{{.Tag}}' | grep -v '<none>')
    [ ${#built[@]} = 0 ] || paste <(printf 'image\t%s\n' "${built[@]}") <(docker image inspect --format '{{index .Config.Labels "runnerbuild.recipe"}}' "${built[@]}" 2>/dev/null)
    # Before 23 the command line speaks to the engine's BuildKit itself; since then its plugin buildx does.
    if [[ $client =~ ^(19|20|21|22)\. ]] || ls {/usr/libexec,/usr/lib,/usr/local/libexec,/usr/local/lib}/docker/cli-plugins/docker-buildx ~root/.docker/cli-plugins/docker-buildx 2>/dev/null | grep -q .; then say buildkit yes; fi
    for image in ${images[@]+"${images[@]}"}; do
      if docker image inspect "$image" >/dev/null 2>&1; then say pulled "$image"; fi
    done
  fi
fi

for stored in /etc/github-runners/credentials/* /etc/github-runners/jobs/* /etc/github-runners/jobs/*/*; do
  [ ! -e "$stored" ] || say stored "$stored"
done

# Runners of a compose file, which this program takes over.
if grep -qi '^Type=oneshot' /etc/systemd/system/github-docker-runners.service 2>/dev/null; then say earlierunit yes; fi
for timer in docker-prune.timer; do
  [ ! -e "/etc/systemd/system/$timer" ] || say earliertimer "$timer"
done
for path in /opt/github-runners/.github_token /opt/github-runners/.env /opt/github-runners/runner-*; do
  [ ! -e "$path" ] || say earlierpath "$path"
done

# Prints a word of a runner's `.runner` file, whose names come in either case.
word() { sed -nE "s/.*\"$2\" *: *\"?([^\",]*).*/\1/Ip" <<<"$1" | head -n1; }
earlier_runner() {
  local name=$1 state=$2 processes listener place settings=''
  processes=$(docker top "$name" -eo pid,args 2>/dev/null)
  listener=$(grep -oE '/[^ ]*/bin/Runner\.Listener' <<<"$processes" | head -n1)
  for place in "${listener%/bin/Runner.Listener}" /actions-runner /runner /home/runner; do
    [ -z "$place" ] || settings=$(docker cp "$name:$place/.runner" - 2>/dev/null | tar -xO 2>/dev/null) && [ -n "$settings" ] && break
  done
  settings=$(tr -d '\r\n' <<<"$settings" | sed 's/,/,\n/g')
  say earlierrunner "$name" "$state" "$(grep -q 'Runner\.Worker' <<<"$processes" && echo busy || echo idle)" \
    "$(word "$settings" agentName)" "$(word "$settings" agentId)" "$(word "$settings" gitHubUrl)"
}
if type -P docker >/dev/null; then
  while IFS='|' read -r name state host project; do
    if [ -n "$name" ] && [ -z "$host" ] && { [[ $name =~ ^github-runner-[0-9]+$ ]] || [ "$project" = github-runners ]; }; then
      earlier_runner "$name" "$state"
    fi
  done < <(docker ps --all --format '{{.Names}}|{{.State}}|{{.Label "runnerbuild.host"}}|{{.Label "com.docker.compose.project"}}' 2>/dev/null)
fi

if [ -S /run/github-runners/control.sock ] && status=$(timeout 5 /opt/github-runners/bin/runnerctl status --json 2>/dev/null); then
  say supervisor "$(tr -d '\n\t' <<<"$status")"
fi
