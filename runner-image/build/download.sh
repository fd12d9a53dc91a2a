# shellcheck shell=bash
# For the other build scripts: fetch a file and refuse it unless its SHA-256 is the one that was asked for.

# require NAME...: ends the build when one of these was not given.
require() {
    local name missing=()
    for name in "$@"; do
        if [[ -z ${!name:-} ]]; then missing+=("$name"); fi
    done
    if ((${#missing[@]} > 0)); then
        echo "ERROR: not given: ${missing[*]}." >&2
        echo "Give the version and the SHA-256 that the vendor publishes for this machine type ($(uname -m))." >&2
        exit 1
    fi
}

# fetch URL SHA256 FILE: from the cache of earlier builds where there is one (BuildKit).
fetch() {
    local url=$1 wanted=${2,,} file=$3 actual cache=/tmp/build/cache
    if [[ ! $wanted =~ ^[0-9a-f]{64}$ ]]; then
        echo "ERROR: '$2' is no SHA-256: 64 hexadecimal digits were expected for $url." >&2
        exit 1
    fi
    if [[ -f $cache/$wanted ]] && echo "$wanted  $cache/$wanted" | sha256sum --check --status; then
        echo "$url: from the cache"
        cp "$cache/$wanted" "$file"
        return
    fi
    curl --fail --silent --show-error --location --proto '=https,http' --retry 3 --connect-timeout 20 --output "$file" -- "$url" || {
        echo "ERROR: could not download $url; curl's reason is above." >&2
        exit 1
    }
    actual=$(sha256sum "$file" | cut -d ' ' -f 1)
    if [[ $actual != "$wanted" ]]; then
        echo "ERROR: $url has SHA-256 $actual, but $wanted was asked for." >&2
        echo "Compare with what the vendor publishes for this version and machine type ($(uname -m))." >&2
        exit 1
    fi
    if [[ -d $cache ]]; then
        find "$cache" -type f -atime +60 -delete
        cp "$file" "$cache/$wanted"
    fi
}

# download NAME URL FILE: a tool's release, as NAME_VERSION and NAME_SHA256 say, from NAME_URL if that is given; it gets into the bill of materials.
download() {
    local name=$1 url=$2 file=$3 prefix
    prefix=${name^^}
    prefix=${prefix//-/_}
    local version=${prefix}_VERSION sha256=${prefix}_SHA256 elsewhere=${prefix}_URL
    require "$version" "$sha256"
    url=${!elsewhere:-$url}
    fetch "$url" "${!sha256}" "$file"
    printf '%s\t%s\t%s\t%s\n' "$name" "${!version}" "$url" "${!sha256,,}" >>/tmp/build/downloads.tsv
}

# machine NAME-ON-X86_64 NAME-ON-AARCH64
machine() {
    case $(uname -m) in
        x86_64) echo "$1" ;;
        aarch64) echo "$2" ;;
        *) echo "ERROR: there is no download for machine type $(uname -m), only for x86_64 and aarch64." >&2; exit 1 ;;
    esac
}
