#!/usr/bin/env bash
# A real systemd and D-Bus, and cgroup v2: the guest of run.sh runs the tests of the systemd cgroup driver, of services
# that are containers, and of what psrun does otherwise on v2. Its last line is the count.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."

executable=artifacts/bin/Runtime.Tests/${CONFIGURATION:-debug}/Container.Runtime.Tests
if [[ ! -x /lib/systemd/systemd || ! -x /usr/bin/dbus-daemon ]]; then
    echo 'the packages systemd and dbus are not installed'
    echo '0 passed, 0 failed, 1 skipped'
    exit 0
fi
psrun=${PSRUN:-$PWD/artifacts/publish/Runtime/release_linux-x64/psrun}

# A guest that dies while it boots, as one in some does on a busy host, has said nothing yet: it gets a second try.
for _ in 1 2; do
    output=$(tests/Conformance/uml/run.sh --systemd --timeout 300 --env DOTNET_CLI_TELEMETRY_OPTOUT=1 \
        --env PSRUN_SYSTEMD_GUEST=1 --env "PSRUN=$psrun" -- "$PWD/$executable" --no-progress --no-ansi \
        --filter-class Container.Runtime.Tests.Config.SystemdTests \
        --filter-class Container.Runtime.Tests.Config.SystemdGuestTests \
        --filter-class Container.Runtime.Tests.Config.ResourceTests \
        --filter-class Container.Runtime.Tests.EventsTests 2>&1)
    code=$?
    [[ $code -ne 125 ]] && break
done
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
