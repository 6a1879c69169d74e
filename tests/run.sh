#!/usr/bin/env bash
# Runs every test suite that this machine can run, compares the machine with what it was before, and prints the count.
# Called by build.sh with PSRUN, PSCONTAINER_RUNTIME and CONFIGURATION set.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source tests/leaks.sh

passed=0 failed=0 skipped=0
log=$(mktemp)
trap 'rm -f "$log" "$before" "$after"' EXIT

count() { passed=$((passed + $1)) failed=$((failed + $2)) skipped=$((skipped + $3)); }

# One of our test executables: Microsoft.Testing.Platform prints a summary of four lines.
run_xunit() {
    local name=$1
    shift
    printf '\n== %s tests\n' "$name"
    timeout 900 "$@" >"$log" 2>&1
    local code=$?
    is_left_out $code && return
    grep -vE '^(xUnit|  *$)' "$log" | grep -E '^(failed|skipped|  [A-Z]|Test run summary|  (total|failed|succeeded|skipped):)' | head -200
    local succeeded bad left
    succeeded=$(value succeeded) bad=$(value failed) left=$(value skipped)
    if [ -z "$succeeded" ]; then
        tail -30 "$log"
        bad=1 succeeded=0 left=0
    elif [ $code -ne 0 ] && [ "$bad" -eq 0 ]; then
        echo "$name: no test failed, but the run ended with $code"
        bad=1
    fi
    count "$succeeded" "$bad" "$left"
}

# tests/as-user.sh says why it cannot be run here.
is_left_out() {
    [ "$1" -eq 77 ] || return 1
    printf 'skipped: %s\n' "$(tail -1 "$log")"
    count 0 0 1
}

value() { sed -n "s/^ *$1: \([0-9]*\)\$/\1/p" "$log" | tail -1; }

# A script of ours whose last line is "N passed, N failed, N skipped".
run_counted() {
    local name=$1
    shift
    printf '\n== %s\n' "$name"
    timeout 900 "$@" >"$log" 2>&1
    local code=$? last
    is_left_out $code && return
    last=$(grep -E '^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$' "$log" | tail -1)
    grep -E -A5 '^(not ok|FAIL|SKIP)' "$log" | head -100
    if [ -z "$last" ]; then
        tail -40 "$log"
        echo "$name: no count"
        count 0 1 0
        return
    fi
    echo "$last"
    read -r p _ f _ s _ <<<"$last"
    count "$p" "${f//,/}" "$s"
    if [ $code -ne 0 ] && [ "${f//,/}" -eq 0 ]; then
        echo "$name: no test failed, but the run ended with $code"
        count 0 1 0
    fi
}

skip_all() {
    printf '\n== %s: skipped, %s tests: %s\n' "$1" "$2" "$3"
    count 0 0 "$2"
}

before=$(mktemp) after=$(mktemp)
snapshot >"$before"

for suite in Native Runtime Engine; do
    run_xunit $suite artifacts/bin/$suite.Tests/$CONFIGURATION/Container.$suite.Tests --no-progress --no-ansi
done
for suite in Native Engine; do
    run_xunit "$suite, as an ordinary user:" tests/as-user.sh $suite
done

if command -v linux.uml >/dev/null; then
    run_counted "cgroup v2, in a user-mode-linux guest" bash tests/Conformance/uml/tests.sh
    run_counted "quotas and delegated control groups, in a user-mode-linux guest" bash tests/Conformance/uml/engine.sh
    run_counted "systemd cgroup driver, in a user-mode-linux guest" bash tests/Conformance/uml/systemd.sh
    run_counted "clock and limits, in a user-mode-linux guest" bash tests/Conformance/uml/clock.sh
else
    skip_all "cgroup v2 guest" 1 "the package user-mode-linux is not installed"
fi

pester_tests=$(grep -rhoE '^\s*It ' tests/Pester --include='*.Tests.ps1' 2>/dev/null | wc -l)
if ! command -v pwsh >/dev/null; then
    skip_all "Pester" "$pester_tests" "there is no pwsh; install PowerShell 7.6 (see ./build.sh setup)"
elif ! pwsh -NoProfile -NonInteractive -Command 'exit [int](-not (Get-Module -ListAvailable Pester))' >/dev/null 2>&1; then
    skip_all "Pester" "$pester_tests" "pwsh has no Pester; run Install-PSResource Pester"
else
    run_counted "Pester" pwsh -NoProfile -NonInteractive -File tests/Pester/Invoke-Tests.ps1
    run_counted "Pester, as an ordinary user" tests/as-user.sh Pester
    if command -v linux.uml >/dev/null; then
        run_counted "the module on Linux 6.1, in a user-mode-linux guest" bash tests/Conformance/uml/module.sh
    else
        skip_all "The module in a guest" 1 "the package user-mode-linux is not installed"
    fi
fi

printf '\n== what the run left behind\n'
settle "$before" "$after"
if diff "$before" "$after"; then
    echo "nothing"
    count 1 0 0
else
    count 0 1 0
fi

printf '\n%d passed, %d failed, %d skipped\n' $passed $failed $skipped
[ $failed -eq 0 ] && [ $passed -gt 0 ]
