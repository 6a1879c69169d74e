#!/usr/bin/env bash
# Real clients and foreign suites against psrun, beside crun and runc where they are installed. PSRUN names the
# executable; RUNC_SOURCE and RUNTIME_TOOLS_SOURCE name built checkouts, CRICTL and CRITEST the programs of cri-tools
# where PATH has them not, and CRIO that of CRI-O; without them those suites are left out.
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
missing() { for tool in "$@"; do command -v "$tool" >/dev/null || { echo "$tool is not installed"; return; }; done; }

try inside "$(missing gcc jq crun runc)"
try podman "$(missing podman)"
try containerd "$(missing containerd)"
export CRICTL=${CRICTL:-crictl} CRITEST=${CRITEST:-critest}
bridge=${CNI_PLUGINS:-/usr/lib/cni}/bridge
crio=${CRIO:-crio}
CRIO='' try cri "$(missing containerd "$CRICTL" jq "$bridge")"
CRIO='' try critest "$(missing containerd "$CRICTL" "$CRITEST" jq gcc "$bridge")"
CRIO=$(command -v "$crio") try cri "$(missing "$crio" conmon skopeo "$CRICTL" jq "$bridge")"
CRIO=$(command -v "$crio") try critest "$(missing "$crio" conmon skopeo "$CRICTL" "$CRITEST" jq gcc "$bridge")"
try docker "$([ -n "${DOCKERD:-}" ] || missing dockerd)"
try system "$([ -f /var/tmp/container-conformance-systemd.tar ] || missing mmdebstrap pwsh)"
try uml/system "$(missing linux.uml pwsh)"
try images "$(missing podman skopeo pwsh)"
try workloads "$([ -f /var/tmp/container-conformance-servers.tar ] || missing mmdebstrap)$(missing pwsh curl)"
try soak "$(missing pwsh busybox)"
try runtime-tools "$(unset_variable RUNTIME_TOOLS_SOURCE)"
try runc-suite "$(unset_variable RUNC_SOURCE)"
exit $result
