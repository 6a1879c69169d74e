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

# Columns of bench/turns.c, from 0: 1 wall time, 4 processor time, 7 page faults; 17 and 18 what each adds to the one
# before.
print_groups() { # TITLE HOT COLD NAME…: one line for each group
    local title=$1 hot cold of_hot of_cold name
    mapfile -t hot <<< "$2"
    mapfile -t cold <<< "$3"
    shift 3
    printf '%-48s %9s %9s %9s   %9s %9s %9s %7s\n' "$title" hot cold processor '+ hot' '+ cold' '+ proc.' faults
    for name in "$@"; do
        read -ra of_hot <<< "${hot[0]}"
        read -ra of_cold <<< "${cold[0]}"
        printf '%-48s %9.2f %9.2f %9.2f   %9.2f %9.2f %9.2f %7d\n' "$name" "${of_hot[1]}" "${of_cold[1]}" \
            "${of_hot[4]}" "${of_hot[17]}" "${of_cold[17]}" "${of_hot[18]}" "${of_hot[7]}"
        hot=("${hot[@]:1}") cold=("${cold[@]:1}")
    done
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
