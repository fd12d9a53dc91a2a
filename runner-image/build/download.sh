# shellcheck shell=bash
# For the other build scripts: fetch a file and refuse it unless its SHA-256 is the one that was asked for.

# require NAME...: ends the build when one of these build arguments was not given.
require() {
    local name missing=()
    for name in "$@"; do
        if [[ -z ${!name:-} ]]; then missing+=("$name"); fi
    done
    if ((${#missing[@]} > 0)); then
        echo "ERROR: build argument not given: ${missing[*]}." >&2
        echo "Give the version and the SHA-256 that the vendor publishes for this machine type ($(uname -m))." >&2
        exit 1
    fi
}

# download URL SHA256 FILE
download() {
    local url=$1 wanted=${2,,} file=$3 actual
    if [[ ! $wanted =~ ^[0-9a-f]{64}$ ]]; then
        echo "ERROR: '$2' is no SHA-256: 64 hexadecimal digits were expected for $url." >&2
        exit 1
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
}

# machine NAME-ON-X86_64 NAME-ON-AARCH64
machine() {
    case $(uname -m) in
        x86_64) echo "$1" ;;
        aarch64) echo "$2" ;;
        *) echo "ERROR: there is no download for machine type $(uname -m), only for x86_64 and aarch64." >&2; exit 1 ;;
    esac
}
