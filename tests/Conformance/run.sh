#!/usr/bin/env bash
# Real clients and foreign suites against psrun, beside crun and runc where they are installed. PSRUN names the
# executable; RUNC_SOURCE and RUNTIME_TOOLS_SOURCE name built checkouts, without which those suites are left out.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1

runtimes=()
for peer in crun runc; do
    path=$(command -v $peer) && runtimes+=("$peer=$path")
done
runtimes+=("psrun=$PSRUN")

result=0
try() {
    printf '== %s\n' "$1"
    if [ -n "$2" ]; then
        echo "skipped: $2"
    else
        bash "$1.sh" "${runtimes[@]}" || result=1
    fi
}
unset_variable() { [ -n "${!1:-}" ] || echo "$1 names no checkout"; }
missing() { command -v "$1" >/dev/null || echo "$1 is not installed"; }

try podman "$(missing podman)"
try containerd "$(missing containerd)"
try docker "$([ -n "${DOCKERD:-}" ] || missing dockerd)"
try images "$(missing podman)$(missing skopeo)$(missing pwsh)"
try runtime-tools "$(unset_variable RUNTIME_TOOLS_SOURCE)"
try runc-suite "$(unset_variable RUNC_SOURCE)"
exit $result
