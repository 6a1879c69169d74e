#!/usr/bin/env bash
# Real clients against psrun, beside crun and runc where they are installed. PSRUN names the executable.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

runtimes=()
for peer in crun runc; do
    path=$(command -v $peer) && runtimes+=("$peer=$path")
done

printf '== podman\n'
if command -v podman >/dev/null; then
    bash podman.sh "${runtimes[@]}" psrun="$PSRUN"
else
    echo "skipped: podman is not installed"
fi
