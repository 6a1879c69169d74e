#!/usr/bin/env bash
# Runs every test suite that this machine can run, compares the machine with what it was before, and prints the count.
# Called by build.sh with PSRUN, PSCONTAINER_RUNTIME and CONFIGURATION set.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source tests/leaks.sh
source tests/watch.sh

# Seconds in which some test ends, however busy the machine is. A guest says all at its end.
readonly longest=600 longest_guest=1800
passed=0 failed=0 skipped=0
log=$(mktemp) table=$(mktemp) before=$(mktemp) after=$(mktemp)
trap 'end_watched; rm -f "$log" "$table" "$before" "$after"' EXIT
trap 'exit 130' INT TERM

begin() {
    suite=$1 begun=$SECONDS
    printf '\n== %s\n' "$suite"
}

# What the suite that began adds to the count.
count() {
    passed=$((passed + $1)) failed=$((failed + $2)) skipped=$((skipped + $3))
    printf '%6d s  %5d passed, %d failed, %d skipped: %s\n' $((SECONDS - begun)) "$1" "$2" "$3" "$suite" >>"$table"
}

skip_all() {
    begin "$1"
    printf 'skipped, %s tests: %s\n' "$2" "$3"
    count 0 0 "$2"
}

# Runs the suite that began, whose output is then in $log and whose exit code in $code; false where there is no more to
# say: tests/as-user.sh says why it cannot be run here, or the suite hung.
run() {
    local limit=$1
    shift
    watch "$limit" "$log" "$@"
    code=$?
    if [ $code -eq 77 ]; then
        printf 'skipped: %s\n' "$(tail -1 "$log")"
        count 0 0 1
    elif [ $code -eq 124 ]; then
        grep -E '^(failed|FAIL|not ok) ' "$log" | head -50
        printf 'FAIL %s: ended, since nothing happened for %d s in:\n' "$suite" "$limit"
        running_tests "$log" | sed 's/^/    /'
        count 0 1 0
    else
        return 0
    fi
    return 1
}

# Adds to the count; an exit code that no failed test explains is a failure too.
finish() {
    local bad=$2
    if [ $code -ne 0 ] && [ "$bad" -eq 0 ]; then
        echo "$suite: no test failed, but the run ended with $code"
        bad=1
    fi
    count "$1" "$bad" "$3"
}

value() { sed -n "s/^ *$1: \([0-9]*\)\$/\1/p" "$log" | tail -1; }

# One of our test executables: Microsoft.Testing.Platform prints a summary of four lines.
run_xunit() {
    begin "$1"
    shift
    run $longest "$@" --no-progress --no-ansi --output Detailed --long-running 60 --xunit-diagnostics on || return
    # The reason of a test that was skipped is on the next line, what is wrong with one that failed on the next ones.
    awk '/^skipped / { getline; sub(/^ */, ""); left[$0]++ }
        END { for (reason in left) printf "SKIP %d tests, %s\n", left[reason], reason }' "$log" | sort
    grep -vE '^(passed|skipped) ' "$log" | grep -E -A12 '^failed ' | head -300
    grep -E '^(Test run summary|  (total|failed|succeeded|skipped):)' "$log"
    if [ -z "$(value succeeded)" ]; then
        tail -30 "$log"
        count 0 1 0
    else
        finish "$(value succeeded)" "$(value failed)" "$(value skipped)"
    fi
}

# A script of ours whose last line is "N passed, N failed, N skipped".
run_counted() {
    local limit=$1 last p f s _
    begin "$2"
    shift 2
    run "$limit" "$@" || return
    grep -E '^SKIP' "$log"
    grep -E -A5 '^(not ok|FAIL)' "$log" | grep -vE '^[0-9]+ passed, ' | head -100
    if grep -q '^run.sh: the guest was stopped' "$log"; then
        echo "FAIL the guest was in: $(running_tests "$log")"
    fi
    last=$(grep -E '^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$' "$log" | tail -1)
    if [ -z "$last" ]; then
        tail -40 "$log"
        echo "$suite: no count"
        count 0 1 0
    else
        echo "$last"
        read -r p _ f _ s _ <<<"$last"
        finish "$p" "${f//,/}" "$s"
    fi
}

run_guest() {
    if command -v linux.uml >/dev/null; then
        run_counted $longest_guest "$1, in a user-mode-linux guest" bash "tests/Conformance/uml/$2"
    else
        skip_all "$1, in a user-mode-linux guest" 1 "the package user-mode-linux is not installed"
    fi
}

run_pester() {
    local name=$1 missing=
    shift
    if ! command -v pwsh >/dev/null; then
        missing="there is no pwsh; install PowerShell 7.6 (see ./build.sh setup)"
    elif ! pwsh -NoProfile -NonInteractive -Command \
        'exit [int](-not (Get-Module -ListAvailable Pester | Where-Object { $_.Version.Major -ge 6 }))' >/dev/null 2>&1; then
        missing="pwsh has no Pester 6 (see ./build.sh setup)"
    fi
    if [ -n "$missing" ]; then
        skip_all "$name" "$(grep -rhoE '^\s*It ' tests/Pester --include='*.Tests.ps1' | wc -l)" "$missing"
    else
        run_counted $longest "$name" "$@" -Trace
    fi
}

snapshot >"$before"

run_counted $longest "tests/watch.sh" tests/watch-test.sh
for name in Native Runtime Engine; do
    run_xunit $name "artifacts/bin/$name.Tests/$CONFIGURATION/Container.$name.Tests"
done
for name in Native Runtime Engine; do
    run_xunit "$name, as an ordinary user" tests/as-user.sh $name
done
run_pester "Pester" pwsh -NoProfile -NonInteractive -File tests/Pester/Invoke-Tests.ps1
run_pester "Pester, as an ordinary user" tests/as-user.sh Pester
run_guest "cgroup v2" tests.sh
run_guest "quotas and delegated control groups" engine.sh
run_guest "systemd cgroup driver" systemd.sh
run_guest "clock and limits" clock.sh
run_guest "the module on Linux 6.1" module.sh

# A sample: all of it is in tests/Conformance/run.sh.
name="what a process finds inside, beside crun and runc"
if command -v crun >/dev/null && command -v runc >/dev/null && [ "$(id -u)" -eq 0 ]; then
    ONLY='@(root|user_namespace)' run_counted $longest_guest "$name" \
        bash tests/Conformance/inside.sh "crun=$(command -v crun)" "runc=$(command -v runc)" "psrun=$PSRUN"
else
    skip_all "$name" 2 "crun and runc are not installed, or this is not root"
fi

name="workloads, on the image of this machine"
if command -v pwsh >/dev/null && [ "$(id -u)" -eq 0 ]; then
    WORKLOADS_ROOT=host MODES=root ONLY='@(gcc|python|io_uring|bytes*|job*|log_pattern|bind*|memory_limit|busybox*)' \
        run_counted $longest "$name" bash tests/Conformance/workloads.sh "psrun=$PSRUN"
else
    skip_all "$name" 9 "there is no pwsh, or this is not root"
fi

begin "what the run left behind"
settle "$before" "$after"
if diff "$before" "$after"; then
    echo "nothing"
    count 1 0 0
else
    count 0 1 0
fi

printf '\n== all in %d s\n' $SECONDS
cat "$table"
printf '\n%d passed, %d failed, %d skipped\n' $passed $failed $skipped
[ $failed -eq 0 ] && [ $passed -gt 0 ]
