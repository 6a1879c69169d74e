#!/usr/bin/env bash
# Drives containerd's runc.v2 shim with each runtime that is given, by ctr, and prints what each made of it.
# Usage: containerd.sh NAME=PATH…   e.g. containerd.sh runc=/usr/sbin/runc psrun=$PSRUN
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
enter_namespace "$@"

work=$(mktemp -d /tmp/container-containerd.XXXXXX)
export CONTAINERD_ADDRESS=$work/containerd.sock CONTAINERD_NAMESPACE=conformance-$$
cleanup() {
    local id
    for id in $(ctr tasks ls -q 2>/dev/null); do ctr tasks delete --force "$id" >/dev/null 2>&1; done
    for id in $(ctr containers ls -q 2>/dev/null); do ctr containers delete "$id" >/dev/null 2>&1; done
    end_containerd
    remove "$work"
    rm -rf "/run/containerd/runc/$CONTAINERD_NAMESPACE"
    rmdir "/sys/fs/cgroup/$CONTAINERD_NAMESPACE" /sys/fs/cgroup/*/"$CONTAINERD_NAMESPACE" 2>/dev/null
}
trap cleanup EXIT
cd "$work" || exit 1

start_containerd

make_root "$work/rootfs"
make_image "$work/rootfs" docker.io/library/test:latest "$work/image.tar"
image=docker.io/library/test:latest
ctr images import "$work/image.tar" >/dev/null || exit 1

# ctr run with the runtime under test; what stands before the image is given first, then --, then id and command.
run() {
    local options=()
    while [ "$1" != -- ]; do options+=("$1"); shift; done
    shift
    timeout 30 ctr run --runtime io.containerd.runc.v2 --runc-binary "$runtime_path" "${options[@]}" "$image" "$@"
}
id=
new_id() { id=c$RANDOM$RANDOM; }
start() { new_id; run --detach "${@:1:$#-1}" -- "$id" sh -c "${!#}"; }
end() {
    local result=$?
    ctr tasks kill --signal KILL --all "$id"
    eventually stopped
    ctr tasks delete "$id"
    ctr containers delete "$id"
    return $result
}
status() { ctr tasks ls | awk -v id="$id" '$1 == id { print $3 }'; }
stopped() { [ "$(status)" = STOPPED ] || [ -z "$(status)" ]; }
execute() { timeout 30 ctr tasks exec --exec-id "e$RANDOM$RANDOM" "$@"; }
limit() { cut -d' ' -f1 "/sys/fs/cgroup/$1/$CONTAINERD_NAMESPACE/$id/$2" 2>/dev/null || cut -d' ' -f1 "/sys/fs/cgroup/$CONTAINERD_NAMESPACE/$id/$3"; }
# A terminal that ends its input at once takes what was not read with it.
terminal() { sleep 5 | script -qec "$*" /dev/null; }

case_run() { new_id; [ "$(run --rm -- "$id" echo hello)" = hello ]; }
case_run_exit_code() { new_id; run --rm -- "$id" sh -c 'exit 7'; [ $? -eq 7 ]; }
case_run_command_not_found() { new_id; ! run --rm -- "$id" /nope && ! ctr tasks ls -q | grep -q "$id"; local r=$?; ctr containers delete "$id"; return $r; }
case_run_stdin() { new_id; [ "$(echo in | run --rm -- "$id" head -n 1)" = in ]; }
case_run_tty() { new_id; terminal timeout 30 ctr run --runc-binary "$runtime_path" --rm -t "$image" "$id" tty | grep -q /dev/; }
case_run_env_cwd() { new_id; [ "$(run --rm --env A=b --cwd /tmp -- "$id" sh -c 'echo $A $PWD')" = "b /tmp" ]; }
case_run_read_only() { new_id; run --rm --read-only -- "$id" sh -c 'touch /x || echo refused' | grep -q refused; }
case_run_mount() { mkdir -p "$work/v"; echo data >"$work/v/f"; new_id; [ "$(run --rm --mount "type=bind,src=$work/v,dst=/v,options=rbind:ro" -- "$id" cat /v/f)" = data ]; }
case_run_memory_limit() { start --memory-limit 67108864 'sleep 100' && [ "$(limit memory memory.limit_in_bytes memory.max)" = 67108864 ]; end; }
case_run_cpus() { start --cpus 0.5 'sleep 100' && [ "$(limit cpu cpu.cfs_quota_us cpu.max)" = 50000 ]; end; }
case_run_seccomp() { new_id; run --rm --seccomp -- "$id" grep Seccomp: /proc/self/status | grep -q 2; }
case_run_privileged() { new_id; run --rm --privileged -- "$id" grep CapEff /proc/self/status | grep -qv 00000000a80425fb; }
case_run_cap_drop() { new_id; run --rm --cap-drop CAP_KILL -- "$id" grep CapEff /proc/self/status | grep -q 00000000a80425db; }
case_run_device() { new_id; run --rm --device /dev/fuse -- "$id" ls -l /dev/fuse | grep -q ^c; }
case_run_host_network() { new_id; [ "$(run --rm --net-host -- "$id" readlink /proc/self/ns/net)" = "$(readlink /proc/self/ns/net)" ]; }
case_run_join_namespace() { start 'sleep 100' && local first=$id && new_id && [ "$(run --rm --with-ns "uts:/proc/$(ctr tasks ls | awk -v id="$first" '$1 == id { print $2 }')/ns/uts" -- "$id" hostname)" != "" ]; local r=$?; id=$first; (exit $r); end; }
case_run_pid_file() { new_id; run --detach --pid-file "$work/pid" -- "$id" sleep 100 && [ -d "/proc/$(cat "$work/pid")" ]; end; }
case_run_log() { new_id; run --detach --log-uri "file://$work/log" -- "$id" echo logged && eventually grep -q logged "$work/log"; end; }
case_exec() { start 'sleep 100' && [ "$(execute "$id" echo inside)" = inside ]; end; }
case_exec_exit_code() { start 'sleep 100'; execute "$id" sh -c 'exit 9'; [ $? -eq 9 ]; end; }
case_exec_not_found() { start 'sleep 100' && ! execute "$id" /nope; end; }
case_exec_user_cwd() { start 'sleep 100' && [ "$(execute --user 1000 --cwd /tmp "$id" sh -c 'echo $(id -u) $PWD')" = "1000 /tmp" ]; end; }
# The shim loses what a program writes that ends at once, whatever the runtime.
case_exec_tty() { start 'sleep 100' && terminal timeout 30 ctr tasks exec -t --exec-id t1 "$id" sh -c "'tty; sleep 0.5'" | grep -q /dev/; end; }
case_exec_detached() { start 'sleep 100' && execute --detach "$id" touch /tmp/done && eventually execute "$id" ls /tmp/done; end; }
case_pause_resume() { start 'sleep 100' && ctr tasks pause "$id" && [ "$(status)" = PAUSED ] && ctr tasks resume "$id" && [ "$(status)" = RUNNING ]; end; }
case_kill() { start 'sleep 100' && ctr tasks kill --signal KILL "$id" && eventually stopped; end; }
case_kill_term() { start 'trap "exit 3" TERM; while :; do sleep 0.1; done' && sleep 0.5 && ctr tasks kill "$id" && eventually stopped; end; }
case_kill_all() { start 'sleep 200 & sleep 100' && ctr tasks kill --all --signal KILL "$id" && eventually stopped; end; }
case_delete_force() { start 'sleep 100' && ctr tasks delete --force "$id" && [ -z "$(status)" ]; end; }
case_delete_exit_code() { start 'exit 5' && eventually stopped && ctr tasks delete "$id" 2>&1 | grep -q 'exit code 5'; end; }
case_ps() { start 'sleep 100' && [ "$(ctr tasks ps "$id" | wc -l)" -ge 2 ]; end; }
case_metrics() { start 'sleep 100' && ctr tasks metrics "$id" | grep -Eq 'memory.usage|pids.current'; end; }
case_out_of_memory() { new_id; run --rm --memory-limit 16777216 -- "$id" tail /dev/zero; [ $? -eq 137 ]; }
case_checkpoint_restore() {
    criu check >/dev/null 2>&1 || return 77
    start 'i=0; while :; do i=$((i+1)); echo $i >/tmp/count; sleep 0.1; done' && sleep 0.5 &&
        ctr containers checkpoint --rw --image --task "$id" "localhost/checkpoint:$id" && ctr tasks kill --signal KILL "$id" && eventually stopped &&
        ctr tasks delete "$id"; ctr containers delete "$id"
    ctr containers restore --rw --live "$id" "localhost/checkpoint:$id" && [ "$(status)" = RUNNING ]
    end
}

run_cases "$@"
