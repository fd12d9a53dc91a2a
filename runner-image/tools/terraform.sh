# shellcheck shell=bash
# Terraform, from HashiCorp's releases. SHA-256: terraform_VERSION_SHA256SUMS beside the download.
set_up() {
    local arch
    arch=$(machine amd64 arm64)
    download terraform "https://releases.hashicorp.com/terraform/${TERRAFORM_VERSION-}/terraform_${TERRAFORM_VERSION-}_linux_$arch.zip" terraform.zip
    unzip -q terraform.zip terraform
    install -m 0755 terraform /usr/local/bin/terraform
    terraform version
}
