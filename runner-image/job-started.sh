#!/usr/bin/env bash
# The runner program runs this when a job has begun (ACTIONS_RUNNER_HOOK_JOB_STARTED). Writes down which job it is, for the
# supervisor's history, which reads it when the job is over. Then a hook of the pool's own has its turn, if there is one.
# Nothing here may fail the job but that hook. The job's engine may still be about to start (see entrypoint).
set -u

{
    mkdir -p "$HOME"/_diag
    for name in GITHUB_REPOSITORY GITHUB_WORKFLOW GITHUB_RUN_ID GITHUB_RUN_ATTEMPT GITHUB_EVENT_NAME; do
        value=${!name-}
        printf '%s=%s\n' "$name" "${value//[[:cntrl:]]/ }"
    done >"$HOME"/_diag/job-started.env
} || true

while [[ -e /run/docker-starting ]]; do sleep 0.05; done

case ${POOL_HOOK_JOB_STARTED-} in
    '') ;;
    *.ps1) exec pwsh -command ". '$POOL_HOOK_JOB_STARTED'" ;;
    *) exec bash -e "$POOL_HOOK_JOB_STARTED" ;;
esac
