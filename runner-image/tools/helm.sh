# shellcheck shell=bash
# Helm, from the Helm project. SHA-256: helm-vVERSION-linux-ARCH.tar.gz.sha256sum beside the download.
set_up() {
    local arch
    arch=$(machine amd64 arm64)
    download helm "https://get.helm.sh/helm-v${HELM_VERSION-}-linux-$arch.tar.gz" helm.tar.gz
    tar -xzf helm.tar.gz --strip-components=1
    install -m 0755 helm /usr/local/bin/helm
    helm version
}
