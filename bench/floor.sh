# What the kernel itself takes for what the bundles ask: a table of what each group of work adds (bench/floor), and what
# psrun adds to that. To be sourced by bench/run.sh, whose functions it uses.

v1_hierarchies() {
    awk '{ for (i = 7; i < NF; i++) if ($i == "-" && $(i + 1) == "cgroup") print $5 }' /proc/self/mountinfo
}

# floor_of run|exec GROUP: its command line.
floor_of() {
    case $1 in
        run) echo "$work/floor run $2 $work/full/rootfs $state" $(v1_hierarchies) ;;
        exec) echo "$work/floor exec $2 $sleeping psrun-$id-sleep.scope" $(v1_hierarchies) ;;
    esac
}

make_floor() {
    [ -n "$(v1_hierarchies)" ] || { echo 'bench: the floor is one of control groups v1; here are none' >&2; return 1; }
    gcc -O2 -Wall -static -o "$work/floor" bench/floor/*.c || return
    sleeping=$($(line psrun state $id-sleep) | sed -n 's/^ *"pid": *\([0-9]*\),.*/\1/p')
    mapfile -t run_groups < <("$work/floor" run)
    mapfile -t exec_groups < <("$work/floor" exec)
}

# Columns of bench/turns.c: 5 processor time, 8 page faults, 10 the wall time of the fastest tenth, 19 the processor
# time beyond that of the one before.
print_groups() { # TITLE HOT COLD NAME…: one line for each group
    local title=$1 hot=$2 cold=$3
    shift 3
    printf '%-48s %9s %9s %9s   %9s %9s %9s %7s\n' "$title" hot cold processor '+ hot' '+ cold' '+ proc.' faults
    paste -d '|' <(printf '%s\n' "$@") <(awk '{ print $10, $5, $19, $8 }' <<< "$hot") \
        <(awk '{ print $10 }' <<< "$cold") |
        awk -F '[| ]' '{
            name = $0; sub(/\|.*/, "", name); cold = $NF; faults = $(NF - 1); added = $(NF - 2)
            processor = $(NF - 3); hot = $(NF - 4)
            printf "%-48s %9.2f %9.2f %9.2f   %9.2f %9.2f %9.2f %7d\n", name, hot, cold, processor,
                hot - last_hot, cold - last_cold, added, faults
            last_hot = hot; last_cold = cold
        }'
}

# floor_table run|exec GROUP…: each group, and then all of psrun, in turn.
floor_table() {
    local what=$1 group hot cold programs=()
    shift
    for ((group = 0; group < $#; group++)); do programs+=($(floor_of "$what" $group) --); done
    programs+=($(command_of psrun "$what"))
    hot=$(turns -n "$runs" -- "${programs[@]}") && cold=$(turns -n "$runs" -p 40 -- "${programs[@]}") ||
        { echo "bench: the floor of $what cannot be measured: $(tail -n 1 "$work/error")" >&2; return 1; }
    print_groups "$what, ms" "$hot" "$cold" "$@" "psrun $what: its start, checks, messages"
}

floor() {
    local row pace seconds=$((seconds * 3))
    make_floor && floor_table run "${run_groups[@]}" && echo && floor_table exec "${exec_groups[@]}" || return
    # shellcheck disable=SC2046
    printf '\nIn these the end of a first process, with its namespaces and mounts: %.2f ms, %.2f of processor time.\n' \
        $("$work/floor" end "$runs" "$work/full/rootfs" "$state" $(v1_hierarchies))
    # shellcheck disable=SC2046
    printf 'In what psrun adds the start of its program: %.2f ms, %.2f of processor time, %d page faults.\n\n' \
        $(turns -n "$runs" -- $(floor_of run 0) -- "$psrun" --version | awk 'NR == 2 { print $18, $19, $8 }')
    print_header floor
    for row in run exec; do
        for pace in cold hot; do in_turn "the floor of $row" $row crun $pace - - floor; done
    done
    for pace in cold hot; do in_turn "the floor of run" run bwrap $pace - - floor; done
}
