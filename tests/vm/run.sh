#!/usr/bin/env bash
# Runs a scenario in a virtual machine with real kernel drivers: README.md.
# Usage: run.sh sensors [--json]
#   exit code 0: all that was checked is right; 1: something is not; 69: no virtual machine can be had here, and the last line of the errors says why
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
image=$(bash image/image.sh)
exec python3 -B scenario.py "$1" "$image" "${@:2}"
