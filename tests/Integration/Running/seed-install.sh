# The installation that DeployRunners takes over: runners of a compose file that restart after each job, behind a oneshot unit, with the
# token in files and a timer that prunes. Arguments: address of GitHub, token.
set -eu
mkdir -p /opt/github-runners/runner-1/_work /opt/github-runners/runner-2/_work
cd /opt/github-runners
printf '%s' "$2" >.github_token
printf 'ACCESS_TOKEN=%s\n' "$2" >.env
for n in 1 2; do
  cat <<SERVICE
  github-runner-$n:
    image: myoung34/github-runner:latest
    container_name: github-runner-$n
    restart: always
    environment:
      ACCESS_TOKEN: \${ACCESS_TOKEN}
      GITHUB_URL: $1
      GITHUB_API: $1/api/v3
      RUNNER_SCOPE: org
      ORG_NAME: acme
      RUNNER_NAME: github-runner-$n
      LABELS: self-hosted,seed,seed-$n
      EPHEMERAL: "true"
      RUNNER_ALLOW_RUNASROOT: "1"
    volumes:
      - /var/run/docker.sock:/var/run/docker.sock
      - /opt/github-runners/.github_token:/opt/.github_token:ro
      - /opt/github-runners/runner-$n/_work:/actions-runner/_work
SERVICE
done | { echo services:; cat; } >docker-compose.yml

cat >/etc/systemd/system/github-docker-runners.service <<'UNIT'
[Unit]
Description=GitHub Actions runners in Docker
Requires=docker.service
After=docker.service network-online.target

[Service]
Type=oneshot
RemainAfterExit=yes
WorkingDirectory=/opt/github-runners
ExecStart=/usr/bin/docker compose up -d
ExecStop=/usr/bin/docker compose down
ExecReload=/bin/sh -c 'docker compose pull && docker compose up -d'
TimeoutStartSec=300

[Install]
WantedBy=multi-user.target
UNIT
cat >/etc/systemd/system/docker-prune.service <<'UNIT'
[Service]
Type=oneshot
ExecStart=/usr/bin/docker image prune -af
UNIT
cat >/etc/systemd/system/docker-prune.timer <<'UNIT'
[Timer]
OnCalendar=daily
[Install]
WantedBy=timers.target
UNIT
systemctl daemon-reload
systemctl enable --now docker-prune.timer
systemctl enable github-docker-runners.service
systemctl restart github-docker-runners.service
