# shellcheck shell=bash
# GitHub's command line, from its releases. SHA-256: gh_VERSION_checksums.txt beside the download.
set_up() {
    local arch
    arch=$(machine amd64 arm64)
    download gh "https://github.com/cli/cli/releases/download/v${GH_VERSION-}/gh_${GH_VERSION-}_linux_$arch.tar.gz" gh.tar.gz
    tar -xzf gh.tar.gz --strip-components=1
    install -m 0755 bin/gh /usr/local/bin/gh
    gh --version
}
