#!/usr/bin/env bash
# Measures psrun beside crun, runc, bwrap and unshare, and the module from inside pwsh beside crun and podman
# (bench/module.ps1), in one run on the same bundles, and holds the ratios to the budgets
# of the design (docs/architecture.md): bench/run.sh [--runs N]. PSRUN names the executable. Only ratios within one run
# mean something; the milliseconds are the machine's. What an executable cannot do yet is "-".
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source bench/bundle.sh

runs=40
[ "${1:-}" = --runs ] && runs=$2
psrun=${PSRUN:-$PWD/artifacts/Container/bin/linux-x64/psrun}

[ "$(id -u)" -eq 0 ] || { echo 'bench: needs root' >&2; exit 1; }
for tool in hyperfine busybox jq; do
    command -v $tool > /dev/null || { echo "bench: $tool is not installed" >&2; exit 1; }
done

# crun refuses hybrid hosts: everyone is measured where the v2 tree beside v1 hierarchies is out of sight.
if [ -z "${BENCH_NAMESPACE:-}" ]; then
    BENCH_NAMESPACE=1 PSRUN=$psrun exec unshare --mount --propagation private bash "$PWD/bench/run.sh" --runs "$runs"
fi
mountpoint -q /sys/fs/cgroup/unified && umount /sys/fs/cgroup/unified

work=$(mktemp -d /tmp/container-bench.XXXXXX)
state=$(mktemp -d /dev/shm/container-bench.XXXXXX) # as /run is: where engines keep state, on memory
chmod 0755 "$work" # a container of a user namespace of its own has to get through
trap cleanup EXIT
cleanup() {
    local tool
    for tool in psrun crun runc; do
        available $tool && runtime $tool delete --force "bench-$$" > /dev/null 2>&1
    done
    rm -rf "$work" "$state"
}

write_bundle "$work/plain" plain /bin/true
write_bundle "$work/full" full /bin/true
write_bundle "$work/sleep" full /bin/sleep 1000

binary() { if [ "$1" = psrun ]; then echo "$psrun"; else command -v "$1"; fi; }
available() { [ -x "$(binary "$1")" ]; }
runtime() { local tool=$1; shift; "$(binary "$tool")" --root "$state/$tool" "$@"; }
line() { local tool=$1; shift; echo "$(binary "$tool") --root $state/$tool $*"; }

declare -A median

# measure KEY COMMAND LINE: the median in milliseconds, where the command works at all.
measure() {
    local key=$1 command=$2
    if ! bash -c "$command" > "$work/output" 2>&1 < /dev/null; then
        echo "bench: $key does not work here: $(tail -n 1 "$work/output" | cut -c 1-160)" >&2
        return
    fi
    hyperfine -N --warmup 3 --runs "$runs" --export-json "$work/result.json" "$command" > /dev/null 2> "$work/output" ||
        { echo "bench: $key failed while measured" >&2; return; }
    median[$key]=$(jq '.results[0].median * 1000' "$work/result.json")
}

# What one call of each runtime costs while a container of it sleeps.
measure_running() {
    local tool=$1
    [ -n "${median[$tool full]:-}" ] || return
    local id=bench-$$
    if ! runtime "$tool" run --detach --bundle "$work/sleep" "$id" > /dev/null 2> "$work/output" < /dev/null; then
        echo "bench: $tool run --detach does not work here: $(tail -n 1 "$work/output" | cut -c 1-160)" >&2
        return
    fi
    measure "$tool exec" "$(line "$tool" exec "$id" /bin/true)"
    measure "$tool state" "$(line "$tool" state "$id")"
    measure "$tool list" "$(line "$tool" list)"
    runtime "$tool" delete --force "$id" > /dev/null 2>&1
}

measure_cycle() {
    local tool=$1 id=bench-cycle-$$ part
    {
        echo 'set -e'
        for part in "create --bundle $work/sleep $id" "start $id" "state $id" "kill $id KILL" "delete --force $id"; do
            echo "$(line "$tool" "$part") > /dev/null 2>&1 < /dev/null"
        done
    } > "$work/cycle-$tool"
    measure "$tool cycle" "/bin/sh $work/cycle-$tool"
    runtime "$tool" delete --force "$id" > /dev/null 2>&1
}

# Peak resident memory of run and of all it starts, in KiB.
measure_memory() {
    local tool=$1 best
    best=$(for _ in 1 2 3; do
        busybox time -v "$(binary "$tool")" --root "$state/$tool" run --bundle "$work/plain" "bench-$$" 2>&1 < /dev/null |
            sed -n 's/.*Maximum resident set size (kbytes): //p'
    done | sort -n | head -n 1)
    [ -n "$best" ] && median[$tool rss]=$best
}

for tool in psrun crun runc; do
    available $tool || { echo "bench: there is no $tool" >&2; continue; }
    mkdir -p "$state/$tool"
    measure "$tool plain" "$(line $tool run --bundle "$work/plain" "bench-$$")"
    measure "$tool full" "$(line $tool run --bundle "$work/full" "bench-$$")"
    measure_cycle $tool
    measure_running $tool
    [ -n "${median[$tool plain]:-}" ] && measure_memory $tool
done
if command -v bwrap > /dev/null; then
    measure "bwrap plain" "bwrap --unshare-pid --unshare-ipc --unshare-uts --unshare-net --unshare-cgroup-try --ro-bind $work/plain/rootfs / --proc /proc --dev /dev --tmpfs /dev/shm /bin/true"
fi
measure "unshare plain" "unshare --mount --pid --ipc --uts --net --cgroup --fork chroot $work/plain/rootfs /bin/true"

# number KEY: what was measured, or "-".
number() { local value=${median[$1]:-}; [ -n "$value" ] && printf '%.2f' "$value" || printf -- '-'; }

over=0 unmeasured=0
# row TITLE WHAT BUDGET: psrun against each, and the budget against crun.
row() {
    local title=$1 what=$2 budget=$3 ratio=- verdict=-
    local ours=${median[psrun $2]:-} theirs=${median[crun $2]:-}
    if [ -n "$ours" ] && [ -n "$theirs" ]; then
        ratio=$(awk -v a="$ours" -v b="$theirs" 'BEGIN { printf "%.2f", a / b }')
        if [ "$budget" != - ]; then
            verdict=$(awk -v a="$ratio" -v b="$budget" 'BEGIN { print a <= b ? "PASS" : "over" }')
            [ $verdict = over ] && over=$((over + 1))
        fi
    elif [ "$budget" != - ]; then
        unmeasured=$((unmeasured + 1))
    fi
    printf '%-30s %9s %9s %9s %9s %9s   %6s %7s  %s\n' "$title" "$(number "psrun $what")" "$(number "crun $what")" \
        "$(number "runc $what")" "$(number "bwrap $what")" "$(number "unshare $what")" "$ratio" "$budget" "$verdict"
}

printf '\n%s; %s; medians of %s runs, milliseconds\n\n' "$(uname -r)" "$(nproc) processors, load $(cut -d ' ' -f 1 /proc/loadavg)" "$runs"
printf '%-30s %9s %9s %9s %9s %9s   %6s %7s\n' "" psrun crun runc bwrap unshare "/crun" budget
row 'run /bin/true, everything on' full 0.60
row 'run /bin/true, plain' plain -
row 'create start state kill delete' cycle -
row 'exec /bin/true' exec 0.70
row 'state' state 1.00
row 'list' list 1.00
row 'peak memory of run (KiB)' rss -

if command -v pwsh > /dev/null; then
    printf '\n'
    pwsh -NoProfile -NonInteractive -File bench/module.ps1 -Work "$work" -State "$state" -Runs "$runs" || over=$((over + $?))
else
    echo 'bench: there is no pwsh, so the module is not measured (./build.sh setup says how to get it)' >&2
    unmeasured=$((unmeasured + 6))
fi
printf '\n%d over budget, %d not measured\n' $over $unmeasured
[ $over -eq 0 ]
