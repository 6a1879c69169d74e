# What the kernel itself takes for what the bundles ask: a table of what each group of work adds (bench/floor.c), and what
# psrun adds to that. To be sourced by bench/run.sh, whose functions it uses.

v1_hierarchies() { awk '{ for (i = 7; i < NF; i++) if ($i == "-" && $(i + 1) == "cgroup") print $5 }' /proc/self/mountinfo; }

# floor_of run|exec GROUP: its command line.
floor_of() {
    case $1 in
        run) echo "$work/floor $2 $work/full/rootfs $state" $(v1_hierarchies) ;;
        exec) echo "$work/floor exec $2 $(running_pid psrun) psrun-$id-sleep.scope" $(v1_hierarchies) ;;
    esac
}
running_pid() { $(line "$1" state $id-sleep) | sed -n 's/^ *"pid": *\([0-9]*\),.*/\1/p'; }

make_floor() {
    gcc -O2 -Wall -static -o "$work/floor" bench/floor.c || return
    [ -n "$(v1_hierarchies)" ] || { echo 'bench: the floor is of control groups v1, of which this host has none' >&2; return 1; }
}

# Columns of bench/turns.c from 0: 1 wall time, 4 processor time, 17 and 18 what each adds to the one before.
print_groups() { # HOT COLD, one line for each group; names are on standard input
    local hot cold name i=0
    printf '%-46s %9s %9s %9s   %9s %9s %9s\n' "$3" 'hot' 'cold' 'processor' '+ hot' '+ cold' '+ proc.'
    while read -r name; do
        i=$((i + 1))
        read -ra hot < <(sed -n ${i}p <<< "$1")
        read -ra cold < <(sed -n ${i}p <<< "$2")
        printf '%-46s %9.2f %9.2f %9.2f   %9.2f %9.2f %9.2f\n' \
            "$name" "${hot[1]}" "${cold[1]}" "${hot[4]}" "${hot[17]}" "${cold[17]}" "${hot[18]}"
    done
}

# floor_table run|exec: the groups and then all of psrun, every one in turn.
floor_table() {
    local what=$1 group hot cold programs=() names
    if [ "$what" = run ]; then
        mapfile -t names < <("$work/floor")
    else
        names=('a static program that starts and ends' 'clone, execve of /bin/true, its end' 'joining the namespaces'
            'entering the control groups' 'signals, capabilities, ids, limits' 'seccomp filter')
    fi
    for group in "${!names[@]}"; do programs+=(-- $(floor_of "$what" $group)); done
    programs+=(-- $(command_of psrun "$what"))
    names+=("psrun $what: its own start, checks, messages")
    hot=$(turns -n "$runs" "${programs[@]}") && cold=$(turns -n $((runs / 2 + 5)) -p 40 "${programs[@]}") ||
        { echo "bench: the floor of $what cannot be measured: $(tail -n 1 "$work/error")" >&2; return 1; }
    printf '%s\n' "${names[@]}" | print_groups "$hot" "$cold" "ms: $what"
}

floor() {
    local seconds=$((seconds * 3)) end
    floor_table run && echo && floor_table exec || return
    # shellcheck disable=SC2046
    end=$("$work/floor" end "$runs" "$work/full/rootfs" "$state" $(v1_hierarchies)) &&
        printf '\nOf these the end of the first process of a container, with its namespaces and mounts: %s ms, %s of processor time.\n' $end
    # shellcheck disable=SC2046
    turns -n "$runs" -- $(floor_of run 0) -- $(binary psrun) --version | tail -n 1 | awk '
        { printf "Of what psrun adds the start of its program (--version, beyond a static one): %.2f ms, %.2f of processor time.\n\n", $18, $19 }'
}
