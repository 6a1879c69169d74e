# What can be seen of a container's life from outside: results, states, hooks, what is left. Functions variant_NAME, as those
# of variants.sh. To be sourced.

says() { printf '%s\n' "$2" | record "$1"; }
outcome() { [ "$1" -eq 0 ] && echo done || echo refused; }

# What a program that cannot be run, or ends badly, makes of run, create and exec, and what stays of the container.
variant_results() {
    local root=$bundle/rootfs changes label
    printf 'no program\n' >"$root/text"
    printf '#!/no/interpreter\n' >"$root/script"
    cp "$root/bin/busybox" "$root/private"
    chmod 755 "$root/text" "$root/script"
    chmod 700 "$root/private"
    for changes in '.args = ["true"]' '.args = ["sh", "-c", "exit 7"]' '.args = ["sh", "-c", "kill -9 $$; exit 3"]' \
        '.args = ["nothing"]' '.args = ["/no/such"]' '.args = ["/etc"]' '.args = ["/etc/passwd"]' '.args = ["/etc/passwd/x"]' \
        '.args = ["/text"]' '.args = ["/script"]' '.args = [""]' '.args = []' '.args = ["bin/true"]' '.args = ["./bin/true"]' \
        '.args = ["true"] | .cwd = "/not/there"' '.args = ["true"] | .cwd = "/etc/passwd"' '.args = ["true"] | .cwd = "relative"' \
        '.args = ["/private", "true"] | .user.uid = 1000' '.args = ["true"] | .env = ["A=1"]' '.args = ["true"] | .env = ["NOTHING"]' \
        '.args = ["true"] | .cwd = "/root/x"' '.args = ["true"] | .user.uid = 1000 | .cwd = "/root"'; do
        label="results $changes:"
        chmod 700 "$root/root"
        document ".process.env = [\"PATH=/bin\"] | .process |= ($changes)"
        jq .process "$bundle/config.json" >"$work/process.json"
        rt run --bundle "$bundle" c >/dev/null 2>&1 </dev/null
        says "$label" "run ends with $?"
        rt state c >/dev/null 2>&1 && says "$label" "run leaves a container"
        remains "$label run"
        clean
        rt create --bundle "$bundle" c >/dev/null 2>&1 </dev/null
        says "$label" "create ends with $?"
        if rt state c >/dev/null 2>&1; then
            rt start c >/dev/null 2>&1
            says "$label" "start ends with $?"
            eventually stopped
        else
            remains "$label create"
        fi
        clean
        document .
        sleeping "$label"
        rt exec --process "$work/process.json" c >/dev/null 2>&1 </dev/null
        says "$label" "exec ends with $?"
        clean
    done
    chmod 755 "$root/root"
    rm "$root/text" "$root/script" "$root/private"
}

remains() {
    says "$1" "leaves in its root: $(ls -A "$work/state" 2>/dev/null | tr '\n' ' ')"
    says "$1" "leaves cgroups: $(find /sys/fs/cgroup -path /sys/fs/cgroup/unified -prune -o -path "*$group/*" -type d -print 2>/dev/null | sed "s|.*$group||" | sort -u | tr '\n' ' ')"
}

tree() { (cd "$bundle/rootfs" && find . -path ./bin -prune -o -printf '%p %y%m %U:%G %s\n' | grep -v '^\.[^ ]* d[0-9]* [0-9:]* [0-9]*$' ; find . -path ./bin -prune -o -type d -printf '%p d%m %U:%G\n') | sort; }

# What each verb says in each state, and what state prints. The states of one container, by the way to them.
variant_states() {
    local state verb
    for state in none created running paused stopped deleted; do
        for verb in state start "kill c 0" "kill c TERM" "kill --all c TERM" pause resume ps update exec delete "delete --force" create run; do
            document '.process.args = ["/bin/sh", "-c", "trap exit TERM; while :; do sleep 0.1; done"] | .annotations = { "org.example.a": "b" }'
            case $state in
            created) rt create --bundle "$bundle" c ;;
            running | paused | stopped) rt run --detach --bundle "$bundle" c ;;
            deleted) rt run --detach --bundle "$bundle" c; rt delete --force c ;;
            esac >/dev/null 2>&1 </dev/null
            case $state in
            paused) rt pause c ;;
            stopped) rt kill c KILL; eventually stopped ;;
            esac >/dev/null 2>&1
            case $verb in
            kill*) rt ${verb/ c / } >/dev/null 2>&1 ;;
            update) rt update --pids-limit 50 c >/dev/null 2>&1 ;;
            exec) rt exec c /bin/true >/dev/null 2>&1 </dev/null ;;
            create | run) rt "$verb" --bundle "$bundle" ${verb/run/--detach} c >/dev/null 2>&1 </dev/null ;;
            *) rt $verb c >/dev/null 2>&1 ;;
            esac
            says "states $state: $verb" "$(outcome $?)"
            [ "$state" = paused ] && rt resume c >/dev/null 2>&1
            clean
        done
    done
}

variant_documents() {
    local status
    document '.process.args = ["/bin/sleep", "1000"] | .annotations = { "org.example.a": "b" }'
    rt create --bundle "$bundle" --pid-file "$work/pid" c >/dev/null 2>&1 </dev/null
    says documents "the file of the process id has mode $(stat -c %a "$work/pid") and ends in $(tail -c 1 "$work/pid" | od -An -c | tr 0-9 N)"
    says documents "it holds the process: $([ "$(cat "$work/pid")" = "$(rt state c | jq .pid)" ] && echo yes || echo no)"
    for status in created running paused stopped; do
        case $status in
        running) rt start c ;;
        paused) rt pause c ;;
        stopped) rt resume c; rt kill c KILL; eventually stopped ;;
        esac >/dev/null 2>&1
        says "documents state $status:" "$(rt state c | jq -cS 'del(.created, .owner) | if .pid > 1 then .pid = "N" else . end' | jq -r 'to_entries[] | "\(.key) \(.value)"')"
        says "documents list $status:" "$(rt list --format json | jq -rS '.[0] | del(.created, .owner) | if .pid > 1 then .pid = "N" else . end | to_entries[] | "\(.key) \(.value)"')"
    done
    says documents "list prints $(rt list | head -1 | tr -s ' \t' ' ')"
    clean
}

hook_points=(prestart createRuntime createContainer startContainer poststart poststop)

# What hooks see: each prints its facts and the state that it reads. $work/hooks is at the same path in the container.
variant_hooks() {
    local point filter environment
    mkdir -p "$work/hooks"
    chmod 777 "$work/hooks"
    for environment in null '["A=1", "PATH=/bin", "A=2"]'; do
        filter='.root.readonly = false | .process.args = ["/bin/true"]
            | .mounts += [{ destination: ($work + "/hooks"), type: "bind", source: ($work + "/hooks"), options: ["rbind", "rw"] }]'
        for point in "${hook_points[@]}"; do
            local program="$bundle/rootfs/bin"
            [ $point = startContainer ] && program=/bin
            filter+=" | .hooks.$point = [{ path: \"$program/facts\", args: [\"facts\", \"$point \", \"$work/hooks/facts\"], env: $environment },
                { path: \"$program/busybox\", args: [\"sh\", \"-c\", \"cat >$work/hooks/$point; echo $point >>$work/hooks/order\"], env: $environment }]
                | if $environment == null then del(.hooks.$point[].env) else . end"
        done
        for verb in run create; do
            rm -f "$work/hooks/"*
            document "$filter"
            if [ $verb = run ]; then
                rt run --bundle "$bundle" c >/dev/null 2>"$work/errors" </dev/null
                says "hooks $environment $verb" "ends with $?"
            else
                rt create --bundle "$bundle" c >/dev/null 2>"$work/errors" </dev/null
                says "hooks $environment $verb" "order at create: $(tr '\n' ' ' 2>/dev/null <"$work/hooks/order")"
                rt start c >/dev/null 2>>"$work/errors" </dev/null
                eventually stopped
                says "hooks $environment $verb" "order at start: $(tr '\n' ' ' 2>/dev/null <"$work/hooks/order")"
                rt delete c >/dev/null 2>>"$work/errors" </dev/null
            fi
            says "hooks $environment $verb" "order: $(tr '\n' ' ' 2>/dev/null <"$work/hooks/order")"
            record "hooks $environment $verb" <"$work/hooks/facts"
            for point in "${hook_points[@]}"; do
                says "hooks $environment $verb $point state:" "$([ -e "$work/hooks/$point" ] && jq -rS 'if .pid > 0 then .pid = "N" else . end | to_entries[] | "\(.key) \(.value)"' "$work/hooks/$point")"
            done
            clean
        done
    done
    rm -rf "$work/hooks"
}

# A hook that fails, at each point: what the command says, whether the container stays, which hooks still run.
variant_failing_hooks() {
    local point
    mkdir -p "$work/hooks"
    for point in "${hook_points[@]}"; do
        rm -f "$work/hooks/order"
        local program="$bundle/rootfs/bin/busybox"
        [ $point = startContainer ] && program=/bin/busybox
        document ".process.args = [\"/bin/sleep\", \"1000\"] | .hooks.poststop = [{ path: \"$bundle/rootfs/bin/busybox\", args: [\"sh\", \"-c\", \"echo poststop >>$work/hooks/order\"] }]
            | .hooks.$point |= [{ path: \"$program\", args: [\"sh\", \"-c\", \"exit 3\"] }] + ."
        rt create --bundle "$bundle" c >/dev/null 2>&1 </dev/null
        says "failing hook $point" "create: $(outcome $?)"
        if rt state c >/dev/null 2>&1; then
            rt start c >/dev/null 2>&1 </dev/null
            says "failing hook $point" "start: $(outcome $?)"
            sleep 0.3
            says "failing hook $point" "then: $(rt state c 2>/dev/null | jq -r .status)"
            rt kill c KILL >/dev/null 2>&1
            eventually stopped
            rt delete c >/dev/null 2>&1
            says "failing hook $point" "delete: $(outcome $?)"
        fi
        says "failing hook $point" "poststop has run: $([ -e "$work/hooks/order" ] && echo yes || echo no)"
        remains "failing hook $point"
        clean
    done
    rm -rf "$work/hooks"
}

# What is left in the bundle, where places for mounts have to be made in the root.
variant_left() {
    mkdir -p "$work/fresh"
    tree >"$work/tree"
    try left '.root.readonly = false | .process.user.umask = 63 | .mounts += [
        { destination: "/new/deep/directory", type: "tmpfs" },
        { destination: "/new/deep/file", type: "bind", source: "/etc/hostname", options: ["bind"] }]' run
    says left "$(tree | comm -13 "$work/tree" -)"
    (cd "$bundle/rootfs" && rm -rf new)
    remains left
}
