#!/usr/bin/env bash
# Runs the validation programs of OCI runtime-tools with each runtime that is given.
# Usage: RUNTIME_TOOLS_SOURCE=CHECKOUT runtime-tools.sh NAME=PATH…
# CHECKOUT is a source tree of runtime-tools, built: make runtimetest validation-executables.
# ONLY is a pattern of program names (default *); KEEP is a directory that gets what each program printed.
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
enter_namespace "$@"

work=$(mktemp -d /tmp/container-runtime-tools.XXXXXX)
cleanup() {
    local pair
    for pair in "${pairs[@]}"; do clean "${pair%%=*}"; done
    remove "$work"
}
clean() {
    local id
    for id in $("$work/bin/$1" list -q 2>/dev/null); do "$work/bin/$1" delete --force "$id" >/dev/null 2>&1; done
}
pairs=("$@")
trap cleanup EXIT

# The programs know no --root.
mkdir "$work/bin"
for pair in "$@"; do
    mkdir "$work/state-${pair%%=*}"
    printf '#!/bin/sh\nexec %q --root %q "$@"\n' "${pair#*=}" "$work/state-${pair%%=*}" >"$work/bin/${pair%%=*}"
    chmod +x "$work/bin/${pair%%=*}"
done
cd "$RUNTIME_TOOLS_SOURCE" || exit 2
printf '%-44s' 'program: tests passed/failed'
for pair in "$@"; do printf '%-10s' "${pair%%=*}"; done
echo
declare -A passed failed
worse=()
# The names of the tests that passed, without those that were not tried.
passes() { sed -n '/# SKIP/d; s/^ *ok [0-9]*[ -]*//p' "$1" | sort -u; }
for program in validation/*/${ONLY:-*}.t; do
    [ -x "$program" ] || { echo "no program matches: is the checkout built?"; exit 2; }
    name=$(basename "$program" .t) row=''
    : >"$work/peers"
    : >"$work/own"
    for pair in "$@"; do
        runtime=${pair%%=*}
        TMPDIR=$work RUNTIME=$work/bin/$runtime timeout 120 "./$program" >"$work/out" 2>&1 </dev/null
        ok=$(grep -cE '^ *ok ' "$work/out") bad=$(grep -cE '^ *not ok ' "$work/out")
        [ $((ok + bad)) -eq 0 ] && bad=1
        passed[$runtime]=$((${passed[$runtime]:-0} + ok)) failed[$runtime]=$((${failed[$runtime]:-0} + bad))
        row+=$(printf '%-10s' "$ok/$bad")
        if [ "$runtime" = psrun ]; then passes "$work/out" >"$work/own"; else passes "$work/out" >>"$work/peers"; fi
        clean "$runtime"
        [ -n "${KEEP:-}" ] && cp "$work/out" "$KEEP/$name.$runtime.tap"
        [ -n "${VERBOSE:-}" ] && [ "$bad" -gt 0 ] && sed "s/^/    $runtime: /" "$work/out"
    done
    printf '%-44s%s\n' "$name" "$row"
    if [ ! -s "$work/own" ] && [ -s "$work/peers" ]; then
        worse+=("$name: all of it")
    else
        while read -r test; do worse+=("$name: $test"); done < <(comm -23 <(sort -u "$work/peers") "$work/own")
    fi
done
for pair in "$@"; do
    printf '%s: %d passed, %d failed\n' "${pair%%=*}" "${passed[${pair%%=*}]}" "${failed[${pair%%=*}]}"
done
echo "psrun fails ${#worse[@]} that a peer passes"
[ ${#worse[@]} -eq 0 ] && exit
printf '    %s\n' "${worse[@]}"
exit 1
