#!/usr/bin/env bash
# The cgroup tests on a v2-only host: the guest of run.sh runs the executable of tests/Native. Its last line is the count.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."

executable=artifacts/bin/Native.Tests/${CONFIGURATION:-debug}/Container.Native.Tests
output=$(tests/Conformance/uml/run.sh --timeout 600 --env DOTNET_CLI_TELEMETRY_OPTOUT=1 -- "$PWD/$executable" \
    --no-progress --no-ansi --filter-class 'Container.Native.Tests.Cgroups.*' \
    --filter-not-class Container.Native.Tests.Cgroups.LegacyCgroupTests 2>&1)
code=$?
value() { sed -n "s/^ *$1: \([0-9]*\)\$/\1/p" <<< "$output" | tail -1; }

passed=$(value succeeded) failed=$(value failed) skipped=$(value skipped)
if [[ -z $passed || ($code -ne 0 && $failed -eq 0) ]]; then
    failed=$((${failed:-0} + 1))
fi
if [[ $failed -gt 0 ]]; then
    sed 's/^failed /FAIL /' <<< "$output"
fi
printf '%d passed, %d failed, %d skipped\n' "${passed:-0}" "$failed" "${skipped:-0}"
[[ $failed -eq 0 ]]
