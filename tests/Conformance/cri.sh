#!/usr/bin/env bash
# Drives containerd's CRI plugin or, where CRIO names its program, CRI-O, as the kubelet does, with each runtime as a
# handler of pods, by crictl, and prints what each made of it. Usage: cri.sh NAME=PATH…   e.g. cri.sh runc=/usr/sbin/runc psrun=$PSRUN
# crictl is that of CRICTL or of PATH; CNI_PLUGINS is where the network plugins are (default /usr/lib/cni).
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
. "$(dirname "${BASH_SOURCE[0]}")/cri-common.sh"
command -v "${CRICTL:-crictl}" >/dev/null || { echo "crictl is not installed" >&2; exit 2; }
enter_namespace "$@"

work=$(mktemp -d /tmp/container-cri.XXXXXX)
cleanup() {
    end_cri
    cgroups -name cgroup.procs -exec cat {} + | grep -xE '[0-9]{1,7}' | sort -u | xargs -r kill -KILL
    eventually no_cgroups
}
cgroups() { find /sys/fs/cgroup/"$parent" /sys/fs/cgroup/*/"$parent" "$@"; } 2>/dev/null
no_cgroups() { cgroups -depth -type d -exec rmdir {} +; [ -z "$(cgroups -maxdepth 0)" ]; }
trap cleanup EXIT
cd "$work" || exit 1
crictl() { command "${CRICTL:-crictl}" "$@"; }
parent=$(basename "$work")
start_cri "$@"
import localhost/test:1

# Makes a pod with the runtime under test; $1 is a jq program that changes its configuration. Its id is in $pod.
pod() {
    jq -n --arg name "p$RANDOM$RANDOM" --arg logs "$work/logs" --arg parent "/$parent" '{
        metadata: { name: $name, namespace: "conformance", uid: $name, attempt: 0 }, hostname: $name,
        log_directory: ($logs + "/" + $name),
        linux: { cgroup_parent: ($parent + "/" + $name), security_context: { namespace_options: { pid: 1 } } } } | '"${1:-.}" >"$work/pod.json" &&
        logs=$(jq -r .log_directory "$work/pod.json") group=$(jq -r .linux.cgroup_parent "$work/pod.json") && mkdir -p "$logs" &&
        pod=$(crictl runp --runtime "$runtime_name" "$work/pod.json")
}
# Makes a container in $pod, and a pod where there is none; $1 is a jq program, the rest the command. Its id is in $id.
create() {
    local change=${1:-.}
    shift
    { [ -n "$pod" ] || pod; } && jq -n --arg name "c$RANDOM$RANDOM" '{ metadata: { name: $name }, image: { image: "localhost/test:1" },
        log_path: ($name + ".log"), command: $ARGS.positional,
        linux: { security_context: { namespace_options: { pid: 1 } } } } | '"$change" --args -- "$@" >"$work/container.json" &&
        id=$(crictl create "$pod" "$work/container.json" "$work/pod.json")
}
start() { create "$@" && crictl start "$id" >/dev/null; }
# What the container printed that has ended by now is in $printed.
output() { start "$@" && eventually ended && printed=$(crictl logs "$id" 2>&1); }
sleeper() { start "${1:-.}" sleep 1000; }
pod= id= logs= group= printed=
end() {
    local result=$?
    [ -n "$pod" ] || return 1
    # Most are a sleep that would let the engine wait.
    for id in $(crictl ps --quiet --pod "$pod"); do crictl stop --timeout 0 "$id"; done >/dev/null 2>&1
    crictl rmp --force "$pod"
    eventually gone || { echo "something of the pod is left:"; result=1; groups_of_pod; pgrep -af "$pod"; grep "$pod" /proc/self/mountinfo; }
    rm -rf "$logs"
    return $result
}
# Nothing of the pod is left: no shim, no mount, no cgroup but those that CRI-O makes for conmon.
gone() { ! pgrep -f "$pod" && ! grep "$pod" /proc/self/mountinfo && ! groups_of_pod; } >/dev/null
groups_of_pod() { { compgen -G "/sys/fs/cgroup$group/?*/"; compgen -G "/sys/fs/cgroup/pids$group/?*/"; } | grep -v /crio-conmon-; }
inspect() { crictl inspect "$id" | jq -r "$1"; }
state() { inspect .status.state; }
ended() { [ "$(state)" = CONTAINER_EXITED ]; }
execute() { timeout 30 "${CRICTL:-crictl}" exec --sync "$id" "$@"; }
streamed() { timeout 30 "${CRICTL:-crictl}" exec "$@"; }
# A terminal that ends its input at once takes what was not read with it.
terminal() { sleep 5 | timeout 60 script -qec "$*" /dev/null; }
namespace() { execute readlink "/proc/self/ns/$1"; }
status() { execute grep "^$1:" /proc/self/status | cut -f2; }
limit() { execute cat "/sys/fs/cgroup/$1" 2>/dev/null || execute cat "/sys/fs/cgroup/$2"; }

case_pod() { pod && [ "$(crictl inspectp "$pod" | jq -r .status.state)" = SANDBOX_READY ]; end; }
case_pod_stop() { pod && crictl stopp "$pod" && [ "$(crictl inspectp "$pod" | jq -r .status.state)" = SANDBOX_NOTREADY ]; end; }
case_pod_stats() { sleeper && eventually stats_of_pod; end; }
stats_of_pod() { crictl statsp --output json "$pod" | jq -e '.stats[0].linux.process.processCount.value | tonumber > 0'; }
case_pod_network() { sleeper && execute ip address show eth0 | grep -q 'inet 10.199.' && execute ip route | grep -q 'default via 10.199.0.1'; end; }
case_pod_network_shared() { sleeper && local one; one=$(namespace net) && sleeper && [ "$(namespace net)" = "$one" ] && [ "$one" != "$(readlink /proc/self/ns/net)" ]; end; }
case_pod_network_other() {
    start . httpd -f -h /etc && local first=$pod address
    address=$(crictl inspectp "$pod" | jq -r .status.network.ip)
    pod && sleeper && execute sh -c "printf 'GET /passwd HTTP/1.0\r\n\r\n' | nc $address 80" | grep -q root
    local result=$?
    crictl rmp --force "$first"
    (exit $result)
    end
}
case_pod_network_host() { pod 'del(.hostname) | .linux.security_context.namespace_options.network = 2' && sleeper '.linux.security_context.namespace_options.network = 2' && [ "$(namespace net)" = "$(readlink /proc/self/ns/net)" ]; end; }
fetch() { (exec 3<>"/dev/tcp/$1/$2" && printf 'GET /passwd HTTP/1.0\r\n\r\n' >&3 && timeout 5 cat <&3 | grep root); }
case_pod_port_mapping() {
    pod '.port_mappings = [{ protocol: 0, container_port: 80, host_port: 18080 }]' && start . httpd -f -h /etc &&
        eventually fetch 10.199.0.1 18080
    end
}
case_pod_port_forward() {
    start . httpd -f -h /etc
    "${CRICTL:-crictl}" port-forward "$pod" 18081:80 & local forward=$!
    eventually fetch 127.0.0.1 18081
    local result=$?
    kill $forward && wait $forward
    (exit $result)
    end
}
case_pod_hostname() { pod '.hostname = "called"' && sleeper && [ "$(execute hostname)" = called ] && [ "$(execute cat /etc/hostname)" = called ]; end; }
case_pod_dns() { pod '.dns_config = { servers: ["10.10.10.10"], searches: ["a.example"] }' && sleeper && execute cat /etc/resolv.conf | grep -q 'nameserver 10.10.10.10'; end; }
case_pod_sysctls() { pod '.linux.sysctls = { "kernel.shm_rmid_forced": "1", "net.ipv4.ip_local_port_range": "1024 65000" }' && sleeper && [ "$(execute cat /proc/sys/kernel/shm_rmid_forced)" = 1 ] && execute cat /proc/sys/net/ipv4/ip_local_port_range | grep -q 65000; end; }
case_pod_cgroup_parent() { pod ".linux.cgroup_parent = \"/$parent/inner\"" && sleeper && grep -q "/$parent/inner/.*$id" "/proc/$(inspect .info.pid)/cgroup"; end; }
case_pod_pid_shared() { pod '.linux.security_context.namespace_options.pid = 0' && sleeper '.linux.security_context.namespace_options.pid = 0' && execute ps | grep -q '1 .*pause' && execute ps | grep -q 'sleep 1000'; end; }
case_pod_pid_container() { sleeper && [ "$(execute cat /proc/1/comm)" = sleep ]; end; }
case_pod_pid_node() { pod '.linux.security_context.namespace_options.pid = 2' && sleeper '.linux.security_context.namespace_options.pid = 2' && [ "$(namespace pid)" = "$(readlink /proc/self/ns/pid)" ]; end; }
case_pod_pid_target() {
    sleeper && local target=$id &&
        sleeper ".linux.security_context.namespace_options = { pid: 3, target_id: \"$target\" }" && local one &&
        one=$(namespace pid) && id=$target && [ "$(namespace pid)" = "$one" ]
    end
}
case_pod_ipc_shared() { sleeper && local one; one=$(namespace ipc) && sleeper && [ "$(namespace ipc)" = "$one" ] && [ "$one" != "$(readlink /proc/self/ns/ipc)" ]; end; }
case_pod_ipc_node() { pod '.linux.security_context.namespace_options.ipc = 2' && sleeper '.linux.security_context.namespace_options.ipc = 2' && [ "$(namespace ipc)" = "$(readlink /proc/self/ns/ipc)" ]; end; }
case_pod_shm_shared() { sleeper && execute touch /dev/shm/seen && sleeper && execute ls /dev/shm/seen; end; }
case_pod_privileged() { pod '.linux.security_context.privileged = true'; end; }
case_pod_many_containers() {
    pod && local ids=() i
    for i in 1 2 3 4 5 6 7 8; do create . sleep 1000 && ids+=("$id"); done
    for i in "${ids[@]}"; do crictl start "$i" & done
    wait
    [ "$(crictl ps --quiet --pod "$pod" --state running | wc -l)" -eq 8 ]
    end
}

case_container() { output . echo hello && [ "$printed" = hello ]; end; }
case_container_exit_code() { start . sh -c 'exit 7' && eventually ended && [ "$(inspect .status.exitCode)" = 7 ]; end; }
case_container_signalled() { start . sh -c 'kill -9 $$; sleep 10' && sleeper && start . sh -c 'exec sleep 1000' && kill -9 "$(inspect .info.pid)" && eventually ended && [ "$(inspect .status.exitCode)" = 137 ]; end; }
# containerd says so when the container is started, CRI-O when it is made.
case_container_not_found() { ! start . /nope 2>"$work/said" && { [ -z "$id" ] || inspect .status.message >>"$work/said"; } && grep -Eq 'no such file|not found' "$work/said"; end; }
case_container_restarted() { output . echo one && crictl rm "$id" && output . echo two && [ "$printed" = two ]; end; }
case_container_stop() { start . sh -c 'trap "exit 3" TERM; echo up; while :; do sleep 0.1; done' && eventually logged up && crictl stop --timeout 20 "$id" && [ "$(inspect .status.exitCode)" = 3 ]; end; }
logged() { crictl logs "$id" 2>&1 | grep -q "$1"; }
case_container_stop_kill() { sleeper && crictl stop --timeout 0 "$id" && [ "$(inspect .status.exitCode)" = 137 ]; end; }
case_container_remove_force() { sleeper && crictl rm --force "$id" && ! crictl inspect "$id"; end; }
case_container_environment() { output '.envs = [{ key: "A", value: "b" }] | .working_dir = "/tmp"' sh -c 'echo $A $PWD' && [ "$printed" = "b /tmp" ]; end; }
case_container_made_directory() { output '.working_dir = "/made/here"' pwd && [ "$printed" = /made/here ]; end; }
case_container_memory() { sleeper '.linux.resources = { memory_limit_in_bytes: 67108864 }' && [ "$(limit memory/memory.limit_in_bytes memory.max)" = 67108864 ]; end; }
case_container_cpu() { sleeper '.linux.resources = { cpu_quota: 50000, cpu_period: 100000, cpu_shares: 512, cpuset_cpus: "0" }' && limit cpu/cpu.cfs_quota_us cpu.max | grep -q 50000; end; }
case_container_out_of_memory() { start '.linux.resources = { memory_limit_in_bytes: 16777216 }' tail /dev/zero && eventually ended && [ "$(inspect .status.reason)" = OOMKilled ]; end; }
case_container_oom_score() { output '.linux.resources = { oom_score_adj: 900 }' cat /proc/self/oom_score_adj && [ "$printed" = 900 ]; end; }
case_container_devices() { output '.devices = [{ container_path: "/dev/seen", host_path: "/dev/full", permissions: "rwm" }]' ls -l /dev/seen && grep -q '^c.*1,  *7 ' <<<"$printed"; end; }
case_container_many_start() { pod && local i; for i in 1 2 3 4 5 6; do output . echo "$i" && [ "$printed" = "$i" ] || break; done; [ "$i" = 6 ]; end; }

case_log_streams() { start . sh -c 'echo one; echo two >&2' && eventually ended && grep -q ' stdout F one' "$logs"/*.log && grep -q ' stderr F two' "$logs"/*.log; end; }
case_log_terminal() { start '.tty = true' sh -c 'tty; echo seen' && eventually ended && crictl logs "$id" | grep -q /dev/ && logged seen; end; }
case_log_large() { output . sh -c 'i=0; while [ $i -lt 20000 ]; do i=$((i+1)); echo line $i; done' && [ "$(echo "$printed" | wc -l)" = 20000 ]; end; }
case_attach() { start '.stdin = true' sh -c 'read line; echo got $line; sleep 1000' && (echo in; sleep 2) | timeout 20 "${CRICTL:-crictl}" attach --stdin "$id"; logged 'got in'; end; }
case_attach_terminal() { start '.tty = true | .stdin = true' sh -c 'read line; echo got $line; sleep 1000' && (echo in; sleep 2) | timeout 10 script -qec "'${CRICTL:-crictl}' attach --stdin --tty $id" /dev/null; logged 'got in'; end; }
case_stdin_once() { start '.stdin = true | .stdin_once = true' cat && (echo in; sleep 1) | timeout 20 "${CRICTL:-crictl}" attach --stdin "$id"; eventually ended && logged in; end; }

case_exec_sync() { sleeper && [ "$(execute echo inside)" = inside ]; end; }
case_exec_sync_exit_code() { sleeper && execute sh -c 'exit 9' 2>&1 | grep -q 'exited with 9'; end; }
case_exec_sync_timeout() { sleeper && ! timeout 30 "${CRICTL:-crictl}" exec --sync --timeout 1 "$id" tail -f /dev/null; eventually alone; end; }
alone() { execute true && ! execute pidof tail; }
case_exec_not_found() { sleeper && ! execute /nope && [ "$(execute echo still)" = still ]; end; }
case_exec_stream() { sleeper && [ "$(streamed "$id" sh -c 'echo out; echo err >&2' 2>/dev/null)" = out ]; end; }
case_exec_stream_exit_code() { sleeper && streamed "$id" sh -c 'exit 9' 2>&1 | grep -q 'exit code 9'; end; }
case_exec_stdin() { sleeper && [ "$( (echo in; sleep 1) | streamed --interactive "$id" head -n 1)" = in ]; end; }
# The shim loses what a program writes that ends at once, whatever the runtime.
case_exec_terminal() { sleeper && terminal "'${CRICTL:-crictl}' exec --interactive --tty $id sh -c 'tty; sleep 0.5'" | grep -q /dev/; end; }
case_exec_many() { sleeper && local i; for i in $(seq 20); do execute true & done; wait; [ "$(execute echo still)" = still ]; end; }
case_stats() { sleeper && eventually stats_of_container; end; }
stats_of_container() { crictl stats --output json "$id" | jq -e '.stats[0].memory.workingSetBytes.value | tonumber > 0'; }
case_update_memory() { sleeper '.linux.resources = { memory_limit_in_bytes: 67108864 }' && crictl update --memory 134217728 "$id" && [ "$(limit memory/memory.limit_in_bytes memory.max)" = 134217728 ]; end; }
case_update_cpu() { sleeper && crictl update --cpu-quota 30000 --cpu-period 100000 --cpu-share 256 --cpuset-cpus 0 "$id" && limit cpu/cpu.cfs_quota_us cpu.max | grep -q 30000; end; }

case_mount() { mkdir -p "$work/v" && echo data >"$work/v/f" && output ".mounts = [{ container_path: \"/v\", host_path: \"$work/v\" }]" cat /v/f && [ "$printed" = data ]; end; }
case_mount_read_only() { mkdir -p "$work/v" && output ".mounts = [{ container_path: \"/v\", host_path: \"$work/v\", readonly: true }]" sh -c 'touch /v/x || echo refused' && grep -q refused <<<"$printed"; end; }
case_mount_from_host() { propagate 1 && mkdir -p "$work/shared/late" && mount -t tmpfs late "$work/shared/late" && touch "$work/shared/late/seen" && execute ls /v/late/seen; unshared; }
case_mount_to_host() { propagate 2 && mkdir -p "$work/shared/back" && execute mount -t tmpfs back /v/back && mountpoint "$work/shared/back"; unshared; }
case_mount_private() { propagate 0 && mkdir -p "$work/shared/late" && mount -t tmpfs late "$work/shared/late" && touch "$work/shared/late/seen" && ! execute ls /v/late/seen; unshared; }
propagate() {
    mkdir -p "$work/shared" && mount --bind "$work/shared" "$work/shared" && mount --make-rshared "$work/shared" &&
        sleeper ".mounts = [{ container_path: \"/v\", host_path: \"$work/shared\", propagation: $1 }] | .linux.security_context.capabilities.add_capabilities = [\"SYS_ADMIN\"]"
}
unshared() { end; local result=$?; umount -R "$work/shared"; return $result; }

case_security_user() { output '.linux.security_context.run_as_user.value = 1000' id -u && [ "$printed" = 1000 ]; end; }
case_security_user_name() { output '.linux.security_context.run_as_username = "user"' sh -c 'echo $(id -u) $(id -G)' && [ "$printed" = "1000 1000 2000" ]; end; }
case_security_groups() { output '.linux.security_context |= (.run_as_user.value = 1000 | .run_as_group.value = 3000 | .supplemental_groups = [4000])' id -G && [ "$(echo "$printed" | tr ' ' '\n' | sort | xargs)" = "2000 3000 4000" ]; end; }
case_security_read_only() { output '.linux.security_context.readonly_rootfs = true' sh -c 'touch /x || echo refused' && grep -q refused <<<"$printed"; end; }
case_security_default_caps() { sleeper && [ "$(status CapEff)" = 00000000a80425fb ]; end; }
case_security_add_cap() { sleeper '.linux.security_context.capabilities.add_capabilities = ["NET_ADMIN"]' && [ "$(status CapEff)" = 00000000a80435fb ]; end; }
case_security_drop_all() { sleeper '.linux.security_context.capabilities.drop_capabilities = ["ALL"]' && [ "$(status CapBnd)" = 0000000000000000 ]; end; }
case_security_no_new_privileges() { sleeper '.linux.security_context.no_new_privs = true' && [ "$(status NoNewPrivs)" = 1 ]; end; }
case_security_seccomp_default() { sleeper '.linux.security_context.seccomp = { profile_type: 0 }' && [ "$(status Seccomp)" = 2 ] && ! execute unshare -m true; end; }
case_security_seccomp_off() { sleeper '.linux.security_context.seccomp = { profile_type: 1 }' && [ "$(status Seccomp)" = 0 ]; end; }
case_security_seccomp_file() {
    echo '{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{ "names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO" }] }' >"$work/profile.json"
    sleeper ".linux.security_context.seccomp = { profile_type: 2, localhost_ref: \"$work/profile.json\" }" && execute touch /tmp/x && ! execute mkdir /tmp/d
    end
}
case_security_masked() { sleeper '.linux.security_context |= (.masked_paths = ["/proc/kcore", "/sys/firmware"] | .readonly_paths = ["/proc/sys"])' && [ -z "$(execute head -c 1 /proc/kcore)" ] && ! execute sh -c 'echo x >/proc/sys/kernel/domainname'; end; }
case_security_unmasked() { sleeper '.linux.security_context |= (.masked_paths = [] | .readonly_paths = [])' && ! execute grep -E ' /proc/(sys|kcore) ' /proc/self/mountinfo; end; }
case_security_privileged() { pod '.linux.security_context.privileged = true' && sleeper '.linux.security_context.privileged = true' && execute ls /dev/fuse && execute mount -t tmpfs t /tmp; end; }
# What runs must live on without the engine, which finds it again.
case_restart_of_engine() {
    sleeper
    local before
    before=$(inspect .info.pid) && end_engine && start_engine && [ "$(inspect .info.pid)" = "$before" ] && [ "$(execute echo still)" = still ]
    end
}

run_cases "$@"
