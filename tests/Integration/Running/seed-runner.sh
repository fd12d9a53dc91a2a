#!/bin/bash
# As the entry point of myoung34/github-runner does: registers with the token in its environment, takes the place of a runner of the same
# name, serves, and deregisters when it is told to end. The stand-in for the runner program knows no config.sh, so a just-in-time
# configuration stands for it, with the address that config.sh writes into `.runner`.
set -u
cd /actions-runner || exit 1

github() { curl -sS -X "$1" -H "Authorization: Bearer $ACCESS_TOKEN" "${@:3}" "$GITHUB_API/orgs/$ORG_NAME/actions/runners$2"; }
number() { github GET "?name=$RUNNER_NAME" | sed -nE 's/.*"runners":\[\{"id":([0-9]+).*/\1/p'; }
unpack() { sed -nE "s/.*\"$1\":\"([^\"]*)\".*/\1/p" | base64 -d; }

if [ ! -f .runner ]; then
  stale=$(number)
  [ -z "$stale" ] || github DELETE "/$stale"
  labels=\"${LABELS//,/\",\"}\"
  blob=$(github POST /generate-jitconfig -d "{\"name\":\"$RUNNER_NAME\",\"runner_group_id\":1,\"labels\":[$labels]}" | unpack encoded_jit_config)
  for file in .runner .credentials .credentials_rsaparams; do unpack "${file//./\\.}" <<<"$blob" >"$file"; done
  sed -i "s#^{#{\"gitHubUrl\":\"$GITHUB_URL/$ORG_NAME\",#" .runner
fi

trap 'github DELETE "/$(number)"; kill "$runner"' TERM
./bin/Runner.Listener run &
runner=$!
wait "$runner"
rm -f .runner .credentials .credentials_rsaparams
