#!/usr/bin/env bash
# The module and psrun in the guest of run.sh: on a host with cgroup v2 alone, whose clock may be set. Its last line is
# the count.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."

if ! command -v pwsh > /dev/null; then
    echo 'there is no pwsh'
    echo '0 passed, 0 failed, 1 skipped'
    exit 0
fi

# A guest that dies while it boots, as one in some does on a busy host, has said nothing yet: it gets a second try.
for _ in 1 2; do
    output=$(tests/Conformance/uml/run.sh --timeout 600 --env "PATH=$PATH" --env DOTNET_CLI_TELEMETRY_OPTOUT=1 \
        --env "PSCONTAINER_RUNTIME=${PSCONTAINER_RUNTIME:-}" -- "$(command -v pwsh)" -NoProfile -NonInteractive \
        -File tests/Pester/Invoke-Tests.ps1 -Trace -Name "../Conformance/uml/guest/${1:-*}" 2>&1)
    code=$?
    [[ $code -ne 125 ]] && break
done
printf '%s\n' "$output"
if ! grep -qE '^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$' <<< "$output"; then
    echo '0 passed, 1 failed, 0 skipped'
    exit 1
fi
exit $code
