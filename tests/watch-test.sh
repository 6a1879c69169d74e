#!/usr/bin/env bash
# Tests tests/watch.sh. Its last line is the count.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
source ./watch.sh

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0 skipped=0

check() {
    if [ "$2" = "$3" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'FAIL %s: %q, not %q\n' "$1" "$2" "$3"
    fi
}

watch 60 "$work/log" bash -c 'echo done; exit 3'
check 'the exit code is the command'\''s' $? 3
check 'the output is in the file' "$(cat "$work/log")" done

# Slower as a whole than the limit, but never silent for so long.
watch 4 "$work/log" bash -c 'for i in 1 2 3 4 5 6; do echo "$i"; sleep 1; done'
check 'who goes on is not ended' $? 0

# As xUnit does: that a test still runs is no progress. What the suite started, also what ignores TERM, ends with it.
watch 3 "$work/log" bash -c "
    echo 'passed Other.Tests.Passes (3ms)'
    (trap '' TERM; echo \$BASHPID >$work/child; while :; do sleep 0.1; done) &
    trap 'echo cleaned >$work/cleaned; exit' TERM
    for i in \$(seq 100); do echo \"[Long Running Test] 'Some.Tests.Hangs', Elapsed: 00:00:0\$i\"; sleep 0.5; done"
check 'who hangs is ended' $? 124
check 'with the name of the test' "$(running_tests "$work/log")" Some.Tests.Hangs
check 'after it could clean up' "$(cat "$work/cleaned" 2>&1)" cleaned
for _ in $(seq 50); do kill -0 "$(cat "$work/child")" 2>/dev/null || break; sleep 0.1; done
check 'with its children' "$(kill -0 "$(cat "$work/child")" 2>/dev/null; echo $?)" 1

if ! pwsh -NoProfile -NonInteractive -Command 'exit [int](-not (Get-Module -ListAvailable Pester))' >/dev/null 2>&1; then
    skipped=2
else
    cat >"$work/Hang.Tests.ps1" <<'END'
Describe 'Outer' {
    It 'passes <N>' -ForEach @{ N = 1 } { 1 | Should -Be 1 }
    Context 'inner' { It 'hangs' { Start-Sleep -Seconds 1000 } }
}
END
    watch 20 "$work/log" pwsh -NoProfile -NonInteractive -File "$PWD/Pester/Invoke-Tests.ps1" \
        -Name "$(realpath --relative-to="$PWD/Pester" "$work")/Hang" -Trace
    check 'a Pester suite that hangs is ended' $? 124
    check 'with the name of the test' "$(running_tests "$work/log")" 'Hang.Tests.ps1: Outer.inner.hangs'
fi

printf '%d passed, %d failed, %d skipped\n' $passed $failed $skipped
[ $failed -eq 0 ]
