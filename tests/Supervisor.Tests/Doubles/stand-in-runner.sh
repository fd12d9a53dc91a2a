#!/bin/sh
# Speaks as the runner program does; a test lets it go on by making files in its root directory.
# QUIT=N: ends at once with N. MUTE=1: never listens. LINGER=1: stays when its job is completed, until a file /leave.
for file in .runner .credentials .credentials_rsaparams; do
  [ -f "/home/runner/$file" ] || { echo "no $file"; exit 1; }
done
if [ -n "$QUIT" ]; then echo "An error occurred: it does not work"; exit "$QUIT"; fi
if [ -n "$MUTE" ]; then echo "Connecting"; while :; do sleep 0.1; done; fi
echo "2026-01-01 00:00:00Z: Listening for Jobs"
while [ ! -f /job ]; do
  if [ -f /quit ]; then exit "$(cat /quit)"; fi
  sleep 0.05
done
# As the image's hook does, where a test says what.
if [ -n "$JOB_STARTED" ]; then mkdir -p /home/runner/_diag; printf "%b" "$JOB_STARTED" > /home/runner/_diag/job-started.env; fi
echo "2026-01-01 00:00:01Z: Running job: $(cat /job)"
while [ ! -f /done ]; do sleep 0.05; done
echo "2026-01-01 00:00:02Z: Job $(cat /job) completed with result: Succeeded"
while [ -n "$LINGER" ] && [ ! -f /leave ]; do sleep 0.05; done
