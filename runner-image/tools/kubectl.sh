# shellcheck shell=bash
# kubectl, from the Kubernetes project. SHA-256: the file kubectl.sha256 beside the download.
set_up() {
    local arch
    arch=$(machine amd64 arm64)
    download kubectl "https://dl.k8s.io/release/v${KUBECTL_VERSION-}/bin/linux/$arch/kubectl" kubectl
    install -m 0755 kubectl /usr/local/bin/kubectl
    kubectl version --client
}
