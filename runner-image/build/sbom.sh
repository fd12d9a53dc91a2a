#!/usr/bin/env bash
# Writes the image's bill of materials: every package of the distribution, and every download with its hash. CycloneDX 1.5,
# https://cyclonedx.org/docs/1.5/json/. No times and no random numbers in it: the same image has the same.
set -euo pipefail

readonly place=/usr/local/share/runnerbuild
mkdir -p "$place"
# shellcheck source=/dev/null
. /etc/os-release
# shellcheck disable=SC2016
dpkg-query --show --showformat '${db:Status-Status}\t${Package}\t${Version}\t${Architecture}\n' | sed -n 's/^installed\t//p' >/tmp/build/packages.tsv
touch /tmp/build/downloads.tsv

jq --null-input --arg id "$ID" --arg release "${VERSION_ID:-}" --arg runner "${RUNNER_VERSION:-}" \
    --rawfile packages /tmp/build/packages.tsv --rawfile downloads /tmp/build/downloads.tsv '
    def rows($text): $text | split("\n") | map(select(length > 0) | split("\t"));
    {
      "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json",
      bomFormat: "CycloneDX", specVersion: "1.5", version: 1,
      metadata: { component: { "bom-ref": "image", type: "container", name: "runnerbuild/runner", version: $runner } },
      components: (
        [{ "bom-ref": "system", type: "operating-system", name: $id, version: $release }]
        + (rows($downloads) | map({
            "bom-ref": "download/\(.[0])", type: "application", name: .[0], version: .[1],
            hashes: [{ alg: "SHA-256", content: .[3] }],
            externalReferences: [{ type: "distribution", url: .[2] }]
          }))
        + (rows($packages) | sort | map({
            "bom-ref": "package/\(.[0]):\(.[2])", type: "library", name: .[0], version: .[1],
            purl: "pkg:deb/\($id)/\(.[0] | @uri)@\(.[1] | @uri)?arch=\(.[2])&distro=\($id)-\($release)"
          }))
      )
    }' >"$place/sbom.cdx.json"
