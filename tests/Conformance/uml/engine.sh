#!/usr/bin/env bash
# What this host's kernel may lack, in the guest of run.sh: project quotas, and v2 control groups that are delegated to
# an ordinary user. The guest runs the tests of them: of tests/Engine, and with pwsh of tests/Pester. Its last line is
# the count.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."

configuration=${CONFIGURATION:-debug}
psrun=${PSRUN:-$PWD/artifacts/publish/Runtime/release_linux-x64/psrun}
passed=0 failed=0 skipped=0
if ! command -v mkfs.ext4 > /dev/null; then
    echo 'the package e2fsprogs is not installed'
    echo '0 passed, 0 failed, 1 skipped'
    exit 0
fi

count() {
    passed=$((passed + ${1:-0})) failed=$((failed + $2)) skipped=$((skipped + ${3:-0}))
    if [[ $2 -gt 0 ]]; then sed 's/^failed /FAIL /' <<< "$output"; fi
}

# A guest that dies while it boots, as one in some does on a busy host, has said nothing yet: it gets a second try.
guest() {
    for _ in 1 2; do
        output=$(tests/Conformance/uml/run.sh --timeout 300 --env DOTNET_CLI_TELEMETRY_OPTOUT=1 --env "PSRUN=$psrun" \
            --env "PSCONTAINER_RUNTIME=$psrun" --env "PATH=$PATH" -- \
            "$PWD/tests/Conformance/uml/on-disk.sh" "$@" 2>&1)
        code=$?
        [[ $code -ne 125 ]] && break
    done
}

value() { sed -n "s/^ *$1: \([0-9]*\)\$/\1/p" <<< "$output" | tail -1; }

guest "$PWD/artifacts/bin/Engine.Tests/$configuration/Container.Engine.Tests" --no-progress --no-ansi \
    --filter-class Container.Engine.Tests.Volumes.QuotaTests
count "$(value succeeded)" "$([[ $code -eq 0 ]] && echo 0 || echo 1)" "$(value skipped)"

if [[ ! -r /etc/shadow ]]; then
    echo 'SKIP 20 tests, making a user in the guest needs root'
    count 0 0 20
elif pwsh -NoProfile -Command 'exit [int](-not (Get-Module -ListAvailable Pester))' > /dev/null 2>&1; then
    guest pwsh -NoProfile -NonInteractive -File "$PWD/tests/Pester/Invoke-Tests.ps1" -Name Rootless,RootlessCgroup \
        -Trace -FullName '*version 2*,What a user may not*'
    last=$(grep -E '^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$' <<< "$output" | tail -1)
    read -r p _ f _ s _ <<< "${last:-0 passed, 1 failed, 0 skipped}"
    count "$p" "${f//,/}" "$s"
else
    echo 'SKIP 20 tests, there is no pwsh with Pester'
    count 0 0 20
fi

printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
[[ $failed -eq 0 ]]
