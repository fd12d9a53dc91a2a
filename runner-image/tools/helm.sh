#!/usr/bin/env bash
# Helm, from the Helm project. SHA-256: helm-vVERSION-linux-ARCH.tar.gz.sha256sum beside the download.
set -euo pipefail
# shellcheck source=../build/download.sh
. /tmp/build/download.sh

require HELM_VERSION HELM_SHA256
arch=$(machine amd64 arm64)
url=${HELM_URL:-https://get.helm.sh/helm-v$HELM_VERSION-linux-$arch.tar.gz}

download "$url" "$HELM_SHA256" helm.tar.gz
tar -xzf helm.tar.gz --strip-components=1 "linux-$arch/helm"
install -m 0755 helm /usr/local/bin/helm
helm version
