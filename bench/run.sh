#!/usr/bin/env bash
# Measures psrun beside crun, runc and bwrap on the same bundles, and the module from inside pwsh beside crun and podman
# (bench/module.ps1), and holds the ratios to the budgets: bench/run.sh [--runs N] [--quick] [--floor]. PSRUN names the
# executable. The two of a pair run in turn (bench/turns.c), and what counts is the median of the ratios of each turn:
# the milliseconds are the machine's, which changes its speed from second to second. bench/README.md says how to read
# all of it.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source bench/bundle.sh
source bench/floor.sh

usage() { echo 'usage: bench/run.sh [--runs N] [--quick] [--floor]' >&2; exit 1; }
runs=80 seconds=9 arguments=("$@") # of one pair at one pace
quick='' floor=''
while [ $# -gt 0 ]; do
    case $1 in
        --runs) runs=${2:?} seconds=600; shift ;;
        --quick) quick=1 runs=15 seconds=3 ;;
        --floor) floor=1 ;;
        *) usage ;;
    esac
    shift
done
[[ $runs =~ ^[0-9]+$ && $runs -ge 5 ]] || { echo 'bench: --runs takes a number from 5' >&2; exit 1; }
psrun=${PSRUN:-$PWD/artifacts/Container/bin/linux-x64/psrun}

[ "$(id -u)" -eq 0 ] || { echo 'bench: needs root' >&2; exit 1; }
for tool in "$psrun" busybox gcc strace; do
    command -v "$tool" > /dev/null || { echo "bench: there is no $tool" >&2; exit 1; }
done

# crun refuses hybrid hosts: everyone is measured where the v2 tree beside v1 hierarchies is out of sight.
if [ -z "${BENCH_NAMESPACE:-}" ]; then
    BENCH_NAMESPACE=1 PSRUN=$psrun exec unshare --mount --propagation private bash "$PWD/bench/run.sh" "${arguments[@]}"
fi
mountpoint -q /sys/fs/cgroup/unified && umount /sys/fs/cgroup/unified

work=$(mktemp -d /tmp/container-bench.XXXXXX)
state=$(mktemp -d /dev/shm/container-bench.XXXXXX) # as /run is: where engines keep state, on memory
chmod 0755 "$work" # a container of a user namespace of its own has to get through
id=bench-$$
trap cleanup EXIT
trap 'exit 1' INT TERM
cleanup() {
    local tool one
    for tool in psrun crun runc; do
        for one in $id $id-sleep; do available $tool && $(line $tool delete --force $one) > /dev/null 2>&1; done
    done
    rmdir /sys/fs/cgroup/*/"${state##*/}" 2> /dev/null # the floor's, if it was interrupted
    rm -rf "$work" "$state"
}

# line TOOL ARGUMENTS…: its command line. No path of ours has blanks, so it may be split into words.
binary() { if [ "$1" = psrun ]; then echo "$psrun"; else command -v "$1"; fi; }
available() { [ -x "$(binary "$1")" ]; }
line() { local tool=$1; shift; echo "$(binary "$tool") --root $state/$tool $*"; }

write_bundle "$work/plain" plain /bin/true
write_bundle "$work/full" full /bin/true
write_bundle "$work/sleep" full /bin/sleep 1000
gcc -O2 -Wall -static -o "$work/turns" bench/turns.c || exit 1
turns() { timeout -k 5 1200 "$work/turns" -t $seconds "$@" 2> "$work/error"; }

# command_of TOOL ROW: what TOOL runs in that row.
command_of() {
    local tool=$1
    case $tool,$2 in
        bwrap,run) echo "$(binary bwrap) --unshare-all --ro-bind $work/plain/rootfs /" \
            "--proc /proc --dev /dev --tmpfs /dev/shm /bin/true" ;;
        floor,run) floor_of run $((${#run_groups[@]} - 1)) ;;
        floor,exec) floor_of exec $((${#exec_groups[@]} - 1)) ;;
        *,run) line "$tool" run --bundle "$work/full" $id ;;
        *,plain) line "$tool" run --bundle "$work/plain" $id ;;
        *,cycle) echo "$(line "$tool" create --bundle "$work/sleep" $id) ; $(line "$tool" start $id) ;" \
            "$(line "$tool" state $id) ; $(line "$tool" kill $id KILL) ; $(line "$tool" delete --force $id)" ;;
        *,exec) line "$tool" exec $id-sleep /bin/true ;;
        *,state) line "$tool" state $id-sleep ;;
        *,list) line "$tool" list ;;
    esac
}

over=() unmeasured=0
declare -A alone faults memory

# verdict NAME VALUE BUDGET: into $verdict, and what is over is remembered.
verdict() {
    verdict=
    [ "$3" = - ] && return
    verdict=PASS
    awk -v a="$2" -v b="$3" 'BEGIN { exit !(a > b) }' && { verdict=over; over+=("$1: $2, budget $3"); }
}

# print_row NAME FIGURE OURS THEIRS RATIO FIRST-QUARTILE THIRD-QUARTILE BEST BUDGET
print_row() {
    verdict "$1, $2" "$(printf '%.2f' "$5")" "$9"
    printf '%-48s %-9s %8.2f %8.2f   %5.2f  %5.2f to %4.2f  %5s   %6s%s\n' "$@" "${verdict:+  $verdict}"
}

# in_turn TITLE ROW PEER PACE WALL-BUDGET PROCESSOR-BUDGET [TOOL]: psrun and a peer, at one pace; a budget may be "-".
in_turn() {
    local title=$1 row=$2 peer=$3 pace=$4 wall=$5 processor=$6 tool=${7:-psrun} pause=0
    [ "$pace" = cold ] && pause=40
    local name="$title, $pace, of $peer's" result
    # shellcheck disable=SC2046 # words are what is wanted
    if ! available "$peer" ||
        ! result=$(turns -n "$runs" -p $pause -- $(command_of "$tool" "$row") -- $(command_of "$peer" "$row")); then
        printf '%-48s not measured: %s\n' "$name" "$(tail -n 1 "$work/error" 2> /dev/null | cut -c 1-160)"
        unmeasured=$((unmeasured + 1))
        return
    fi
    local ours theirs
    { read -ra ours; read -ra theirs; } <<< "$result"
    print_row "$name" wall "${ours[1]}" "${theirs[1]}" "${theirs[@]:11:3}" \
        "$(awk -v a="${ours[9]}" -v b="${theirs[9]}" 'BEGIN { printf "%.2f", a / b }')" "$wall"
    print_row "$name" processor "${ours[4]}" "${theirs[4]}" "${theirs[@]:14:3}" - "$processor"
    if [ "$pace$tool" = hotpsrun ]; then
        alone[psrun $row]=${ours[1]} faults[psrun $row]=${ours[7]} memory[psrun $row]=${ours[8]}
        alone[$peer $row]=${theirs[1]} faults[$peer $row]=${theirs[7]} memory[$peer $row]=${theirs[8]}
    fi
}

# A hundred at once: of each, how long the slowest but one took.
at_once() {
    local result ours theirs bound
    [ -n "${alone[psrun exec]:-}" ] || { unmeasured=$((unmeasured + 1)); return; }
    # shellcheck disable=SC2046
    result=$(turns -n 5 -j 100 -- $(command_of psrun exec) -- $(command_of crun exec)) ||
        { echo "a hundred execs at once: $(tail -n 1 "$work/error")"; unmeasured=$((unmeasured + 1)); return; }
    { read -ra ours; read -ra theirs; } <<< "$result"
    bound=$(awk -v alone="${alone[psrun exec]}" -v cores="$(nproc)" 'BEGIN { printf "%.0f", 2 * 100 * alone / cores }')
    verdict 'a hundred execs at once, p99 (ms)' "$(printf '%.0f' "${ours[10]}")" "$bound"
    printf '%-48s %-9s %8.0f %8.0f   of crun; may be 2 x 100 x one alone / processors: %6s  %s\n' \
        'a hundred execs at once' 'p99' "${ours[10]}" "${theirs[10]}" "$bound" "$verdict"
}

# Counts do not depend on how busy the machine is.
calls_of() {
    # shellcheck disable=SC2046
    timeout -k 5 60 strace -f -c -o "$work/calls" $(command_of "$1" "$2") > /dev/null 2>&1 < /dev/null || return
    awk '$NF == "total" { print $4 }' "$work/calls"
}
print_counts() { # TITLE, then one figure for each of psrun, crun, runc, bwrap
    printf '%-48s' "$1"; shift
    printf ' %9s' "$@"; echo
}
counts() {
    local row tool calls seen most
    printf '\n%-48s %9s %9s %9s %9s\n' 'counts' psrun crun runc bwrap
    for row in run exec; do
        calls=() most=
        for tool in psrun crun runc bwrap; do
            calls+=("$([ "$tool $row" != 'bwrap exec' ] && available $tool && calls_of $tool $row || echo -)")
            [ $tool = psrun ] && most=$(awk '$NF != "total" && $4 ~ /^[0-9]+$/ { print $4, $NF }' "$work/calls" |
                sort -rn | head -n 8 | awk '{ printf "%s%s %d", (NR > 1 ? ", " : ""), $2, $1 }')
        done
        print_counts "system calls of $row" "${calls[@]}"
        echo "    most of psrun's: $most"
        seen=()
        for tool in psrun crun runc bwrap; do seen+=("${faults[$tool $row]:--}"); done
        print_counts "page faults of $row" "${seen[@]}"
    done
    seen=()
    for tool in psrun crun runc bwrap; do seen+=("${memory[$tool run]:--}"); done
    print_counts 'peak memory of run (KiB)' "${seen[@]}"
}

for tool in psrun crun runc; do
    available $tool || continue
    mkdir -p "$state/$tool"
    # shellcheck disable=SC2046
    $(line $tool run --detach --bundle "$work/sleep" $id-sleep) > /dev/null 2> "$work/error" < /dev/null ||
        echo "bench: $tool run --detach does not work here: $(tail -n 1 "$work/error" | cut -c 1-160)" >&2
done

printf '%s; %s processors, load %s; medians of up to %s turns\n\n' \
    "$(uname -r)" "$(nproc)" "$(cut -d ' ' -f 1 /proc/loadavg)" "$runs"
[ "$(cut -d . -f 1 /proc/loadavg)" -lt "$(nproc)" ] ||
    printf 'Others are at work on this machine: wall times say little, processor times stand.\n\n'
print_header() {
    printf '%-48s %-9s %8s %8s   %5s  %-13s %5s   %6s\n' '' 'ms' "$1" peer ratio quartiles best budget
}
if [ -n "$floor" ]; then
    floor
    exit
fi
print_header psrun
in_turn 'run, everything on' run crun cold 0.45 0.70
in_turn 'run, everything on' run crun hot 0.55 0.70
in_turn 'run, everything on' run bwrap cold 1.40 -
in_turn 'run, everything on' run bwrap hot 1.40 -
in_turn 'exec' exec crun cold 0.30 0.70
in_turn 'exec' exec crun hot 0.60 0.70
in_turn 'state' state crun hot 0.75 -
in_turn 'list' list crun hot 0.75 -
in_turn 'run, plain' plain crun hot - -
if [ -z "$quick" ]; then
    in_turn 'run, plain' plain crun cold - -
    in_turn 'state' state crun cold 0.75 -
    in_turn 'list' list crun cold 0.75 -
    in_turn 'create start state kill delete' cycle crun cold - -
    in_turn 'create start state kill delete' cycle crun hot - -
    in_turn 'run, everything on' run runc hot - -
    in_turn 'run, plain' plain runc hot - -
    in_turn 'exec' exec runc hot - -
fi
at_once
counts

if ! command -v pwsh > /dev/null; then
    echo 'bench: there is no pwsh, so the module is not measured (./build.sh setup says how to get it)' >&2
    unmeasured=$((unmeasured + 6))
elif [ -z "$quick" ]; then
    printf '\n'
    pwsh -NoProfile -NonInteractive -File bench/module.ps1 -Work "$work" -State "$state" -Runs "$runs" \
        -Seconds $seconds || over+=("$? of the module's")
fi

printf '\n%d over budget, %d not measured\n' ${#over[@]} $unmeasured
[ ${#over[@]} -eq 0 ] || printf '    %s\n' "${over[@]}"
[ ${#over[@]} -eq 0 ]
