#!/bin/bash
# Keeps the variables that jobs of a configured runner are to see.

cd "$(dirname "$(readlink -f "$0")")" || exit 1

for name in LANG JAVA_HOME ANT_HOME M2_HOME ANDROID_HOME ANDROID_SDK_ROOT GRADLE_HOME NVM_BIN NVM_PATH LD_LIBRARY_PATH PERL5LIB; do
    if [ -n "${!name}" ]; then
        echo "$name=${!name}" >>.env
    fi
done
echo "$PATH" >.path
