#!/usr/bin/env bash
# kubectl, from the Kubernetes project. SHA-256: the file kubectl.sha256 beside the download.
set -euo pipefail
# shellcheck source=../build/download.sh
. /tmp/build/download.sh

require KUBECTL_VERSION KUBECTL_SHA256
arch=$(machine amd64 arm64)
url=${KUBECTL_URL:-https://dl.k8s.io/release/v$KUBECTL_VERSION/bin/linux/$arch/kubectl}

download "$url" "$KUBECTL_SHA256" kubectl
install -m 0755 kubectl /usr/local/bin/kubectl
kubectl version --client
