# shellcheck shell=bash
# Node.js with npm, from nodejs.org: the distribution's npm brings some 500 packages. SHA-256: SHASUMS256.txt beside the download.
set_up() {
    local arch
    arch=$(machine x64 arm64)
    download node "https://nodejs.org/dist/v${NODE_VERSION-}/node-v${NODE_VERSION-}-linux-$arch.tar.xz" node.tar.xz
    tar -xJf node.tar.xz --strip-components=1 --no-same-owner -C /usr/local \
        --exclude=CHANGELOG.md --exclude=LICENSE --exclude=README.md --exclude='share/doc' --exclude='share/man'
    node --version
}
