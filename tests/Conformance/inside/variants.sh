# The documents of inside.sh, each a function variant_NAME, and the ways to start them. To be sourced.

# try NAME FILTER WAY…: the document changed by the filter, started in each way.
try() {
    local label=$1 filter=$2 way
    shift 2
    for way in "$@"; do
        document "$filter"
        "way_$way" "$label/$way"
        clean
    done
}

edit() { jq "$1" "$bundle/config.json" >"$work/edited" && cp "$work/edited" "$bundle/config.json"; }
result() { echo "$1 ends with $2" >>"$work/lines.$name"; }

# Runs "$@" and prints what it wrote, as facts of variant $1.
facts_of() {
    local label=$1
    shift
    { "$@" 2>&3 </dev/null | cat >"$work/out"; local code=${PIPESTATUS[0]}; } 3> >(cat >"$work/errors")
    result "$label" "$code"
    record "$label" <"$work/out"
}

# The same on a terminal of 30 lines, whose input never ends.
facts_on_terminal() {
    local label=$1
    shift
    script -qec "stty rows 30 cols 100; exec ${caller[*]} '$runtime' --root '$work/state' $* 9>&-" /dev/null \
        >"$work/out" 2>"$work/errors" <&9
    record "$label" <"$work/out"
}

way_run() { facts_of "$1" rt run --bundle "$bundle" c; }
way_tty() {
    edit '.process.terminal = true'
    facts_on_terminal "$1" run --bundle "$bundle" c
}
way_files() {
    rt run --bundle "$bundle" c >"$work/out" 2>"$work/errors" <"$bundle/config.json"
    result "$1" $?
    record "$1" <"$work/out"
}
way_create() {
    rt create --bundle "$bundle" --pid-file "$work/pid" c >"$work/out" 2>"$work/errors" </dev/null
    result "$1" $?
    rt start c >/dev/null 2>>"$work/errors"
    eventually stopped
    record "$1" <"$work/out"
}
stopped() { [ "$(rt state c 2>/dev/null | jq -r .status)" = stopped ]; }

# A caller whose own state must not matter: signals ignored and blocked, umask, directory, descriptors, processors.
way_odd_caller() {
    facts_of "$1" bash -c "cd /tmp; umask 077; trap '' USR1 PIPE; ulimit -c 0; exec 7</etc/passwd
        exec env --ignore-signal=HUP --block-signal=USR2 taskset -c 0 nice -n 5 ionice -c 2 -n 7 setarch -R \
            ${caller[*]} '$runtime' --root '$work/state' run --bundle '$bundle' c"
}

# A container that sleeps, for a second process in it.
sleeping() {
    edit '.process.args = ["/bin/sleep", "1000"]'
    rt run --detach --bundle "$bundle" c >/dev/null 2>"$work/errors" </dev/null || { result "$1" "no container"; return 1; }
}
way_exec() { sleeping "$1" && facts_of "$1" rt exec c /bin/facts; }
way_exec_user() { sleeping "$1" && facts_of "$1" rt exec --user 1000:2000 --env C=3 --env A=4 --cwd /tmp c /bin/facts; }
way_exec_capability() { sleeping "$1" && facts_of "$1" rt exec --user 1000 --cap CAP_NET_RAW --cap CAP_KILL c /bin/facts; }
way_exec_process() {
    jq .process "$bundle/config.json" >"$work/process.json"
    sleeping "$1" && facts_of "$1" rt exec --process "$work/process.json" c
}
way_exec_bare() {
    echo '{"args":["/bin/facts"],"cwd":"/tmp"}' >"$work/process.json"
    sleeping "$1" && facts_of "$1" rt exec --process "$work/process.json" c
}
way_exec_tty() { sleeping "$1" && facts_on_terminal "$1" exec --tty c /bin/facts; }
way_exec_detached() {
    sleeping "$1" || return
    rt exec --detach --pid-file "$work/pid" c /bin/facts >"$work/out" 2>"$work/errors" </dev/null
    result "$1" $?
    eventually grep -q '^sysctl fs/mqueue' "$work/out"
    record "$1" <"$work/out"
}
way_exec_odd_caller() {
    sleeping "$1" && facts_of "$1" bash -c "cd /tmp; umask 077; trap '' USR1 PIPE; ulimit -c 0; exec 7</etc/passwd
        exec env --ignore-signal=HUP --block-signal=USR2 taskset -c 0 nice -n 5 ionice -c 2 -n 7 setarch -R \
            ${caller[*]} '$runtime' --root '$work/state' exec c /bin/facts"
}

without() { printf '.linux.namespaces |= map(select(.type != "%s"))' "$1"; }
mapped='.linux.namespaces += [{ type: "user" }]
    | .linux.uidMappings = [{ containerID: 0, hostID: 100000, size: 65536 }] | .linux.gidMappings = .linux.uidMappings'
by_path='(.linux.namespaces[] | select(.type | IN("network", "ipc", "uts"))) |= (.path = "/proc/\($holder)/ns/\(
    {network: "net", ipc: "ipc", uts: "uts"}[.type])") | del(.hostname)'
all_capabilities='["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_SETUID", "CAP_SETGID", "CAP_NET_RAW", "CAP_SYS_ADMIN"] as $c
    | .process.capabilities |= (.bounding = $c | .permitted = $c | .effective = $c)'

variant_root() { try root . run create files tty odd_caller exec exec_user exec_process exec_bare exec_tty exec_detached exec_odd_caller; }
variant_user() { try user '.process.user = { uid: 1000, gid: 1000 }' run create tty exec exec_process exec_tty; }
variant_stranger() { try stranger '.process.user = { uid: 4321, gid: 8765, umask: 7 }' run exec exec_user; }
variant_groups() { try groups '.process.user = { uid: 1000, gid: 1000, additionalGids: [5, 2000, 1000] }' run exec exec_process; }
variant_capabilities() {
    try capabilities "$all_capabilities" run exec exec_user exec_capability
    try ambient "$all_capabilities | .process.user.uid = 1000 | .process.capabilities |= (.inheritable = .permitted | .ambient = [\"CAP_CHOWN\"])" \
        run exec exec_capability
}
variant_writable() { try writable '.root.readonly = false | .process.noNewPrivileges = false | del(.linux.readonlyPaths)' run exec; }
variant_environment() {
    try empty-environment '.process.env = []' run exec
    try same-names '.process.env = ["PATH=/nowhere", "A=first", "PATH=/bin", "HOME=", "A=last"]' run exec exec_user exec_process
    try odd-names '.process.env = ["PATH=/bin", "A=", "=B", "C D=e", "E=é\n"]' run
}
variant_minimal() {
    try minimal 'del(.hostname, .root.readonly, .process.env, .process.rlimits, .process.capabilities, .process.noNewPrivileges)
        | .linux |= { namespaces: [{ type: "mount" }], cgroupsPath } | .mounts |= .[:2]' run exec
    try no-mounts '.mounts = [] | .linux.maskedPaths = [] | .linux.readonlyPaths = []' run
    try no-cgroup-path 'del(.linux.cgroupsPath)' run
}
variant_host_namespaces() {
    try host-pid "$(without pid)" run exec
    try host-network "$(without network)" run
    try host-ipc "$(without ipc) | .mounts |= map(select(.type != \"mqueue\"))" run
    try host-uts "$(without uts) | del(.hostname)" run
    try host-cgroup "$(without cgroup)" run exec
}
variant_joined() {
    try joined "$by_path" run exec
    try joined-pid '(.linux.namespaces[] | select(.type == "pid")).path = "/proc/\($holder)/ns/pid_for_children"' run
}
variant_time() {
    try time '.linux.namespaces += [{ type: "time" }] | .linux.timeOffsets = { monotonic: { secs: 1000 }, boottime: { secs: 5000, nanosecs: 7 } }' run exec
}
variant_user_namespace() {
    try user-namespace "$mapped" run create tty exec exec_user exec_tty
    try user-namespace-user "$mapped | .process.user = { uid: 1000, gid: 1000, additionalGids: [2000] }" run exec
    try user-namespace-host-network "$mapped | $(without network)" run
    try user-namespace-host-pid "$mapped | $(without pid)" run
}
variant_placement() {
    try placement '.process.oomScoreAdj = 300 | .process.scheduler = { policy: "SCHED_BATCH", nice: 3 } | .process.ioPriority = { class: "IOPRIO_CLASS_BE", priority: 6 }
        | .process.rlimits += [{ type: "RLIMIT_CORE", soft: 0, hard: 0 }, { type: "RLIMIT_NPROC", soft: 99, hard: 999 }]' run exec exec_process
}
variant_filter() {
    try filter '.linux.seccomp = { defaultAction: "SCMP_ACT_ALLOW", syscalls: [{ names: ["mkdir"], action: "SCMP_ACT_ERRNO" }] }' run exec
    try filter-privileges '.linux.seccomp = { defaultAction: "SCMP_ACT_ALLOW", syscalls: [{ names: ["mkdir"], action: "SCMP_ACT_ERRNO" }] }
        | .process.noNewPrivileges = false' run exec
}
variant_mounts() {
    try mounts '.mounts += [
        { destination: "/a/new", type: "bind", source: ($work + "/source"), options: ["bind", "ro", "nosuid"] },
        { destination: "/a/file", type: "bind", source: ($work + "/source/file"), options: ["rbind", "rprivate"] },
        { destination: "/b", type: "tmpfs", source: "tmpfs", options: ["size=1m", "mode=1770", "uid=1000", "noexec"] },
        { destination: "/b/slave", type: "none", source: ($work + "/source"), options: ["rbind", "rslave", "nodev"] },
        { destination: "/c", source: ($work + "/source"), options: ["bind", "noatime", "rw"] },
        { destination: "/tmp", type: "tmpfs", options: ["tmpcopyup"] }] | .root.readonly = false' run
    local propagation
    for propagation in shared slave private unbindable rslave rprivate; do
        try "propagation-$propagation" ".linux.rootfsPropagation = \"$propagation\"" run
    done
    try cgroup-writable '(.mounts[] | select(.type == "cgroup")).options = ["nosuid", "noexec", "nodev", "relatime", "rw"]' run
    try no-options '.mounts |= map(del(.options)) | .linux.readonlyPaths = []' run
}
variant_devices() {
    try devices '.linux.devices = [
        { path: "/dev/fuse", type: "c", major: 10, minor: 229, fileMode: 438, uid: 1000, gid: 5 },
        { path: "/dev/deep/down", type: "c", major: 1, minor: 3 },
        { path: "/dev/pipe", type: "p", fileMode: 384 },
        { path: "/dev/null", type: "c", major: 1, minor: 3, fileMode: 384 }]
        | .linux.resources.devices += [{ allow: true, type: "c", major: 10, minor: 229, access: "rw" }]' run
    try user-namespace-devices "$mapped | .linux.devices = [{ path: \"/dev/kmsg\", type: \"c\", major: 1, minor: 11, fileMode: 438 }]" run
}
variant_resources() {
    try resources '.linux.resources += { memory: { limit: 67108864, swap: 134217728, reservation: 33554432, swappiness: 10, disableOOMKiller: true },
        cpu: { shares: 512, quota: 50000, period: 100000, cpus: "0", mems: "0" }, pids: { limit: 55 } } | .process.args = ["/bin/sh", "-c",
        "cd /sys/fs/cgroup; grep . cpu*/cpu.* cpuset/cpuset.[cm]* pids/pids.max memory/memory.[lso]*  devices/devices.list 2>/dev/null | grep -vE \"stat|usage|slab|oom_kill |numa\""]' run
    try sysctl '.linux.sysctl = { "net.ipv4.ip_forward": "1", "kernel.shmmax": "65536", "kernel.domainname": "inside.test", "fs.mqueue.msg_max": "20" }' run
}
