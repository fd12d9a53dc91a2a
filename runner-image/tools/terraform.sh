#!/usr/bin/env bash
# Terraform, from HashiCorp's releases. SHA-256: terraform_VERSION_SHA256SUMS beside the download.
set -euo pipefail
# shellcheck source=../build/download.sh
. /tmp/build/download.sh

require TERRAFORM_VERSION TERRAFORM_SHA256
arch=$(machine amd64 arm64)
url=${TERRAFORM_URL:-https://releases.hashicorp.com/terraform/$TERRAFORM_VERSION/terraform_${TERRAFORM_VERSION}_linux_$arch.zip}

download "$url" "$TERRAFORM_SHA256" terraform.zip
unzip -q terraform.zip terraform
install -m 0755 terraform /usr/local/bin/terraform
terraform version
