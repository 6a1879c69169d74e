#!/usr/bin/env bash
# Drives podman with each runtime that is given, the same commands for all, and prints what each made of them.
# Usage: podman.sh NAME=PATH…   e.g. podman.sh crun=/usr/bin/crun psrun=$PSRUN
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
enter_namespace "$@"

work=$(mktemp -d /tmp/container-podman.XXXXXX)
trap 'cleanup' EXIT

# conmon leaves a file called oom where it is when a container runs out of memory.
cd "$work"
cleanup() {
    pd rm --all --force >/dev/null 2>&1
    pd pod rm --all --force >/dev/null 2>&1
    pd rmi --all --force >/dev/null 2>&1
    remove "$work"
    rmdir /sys/fs/cgroup/*/libpod_parent/conmon /sys/fs/cgroup/*/libpod_parent 2>/dev/null
}

make_root "$work/rootfs"

cat >"$work/containers.conf" <<'END'
[containers]
default_ulimits = ["nofile=20000:20000", "nproc=32768:32768"]
[engine]
runtime_supports_json = ["crun", "runc", "psrun"]
events_logger = "file"
END
cat >"$work/policy.json" <<'END'
{ "default": [{ "type": "insecureAcceptAnything" }] }
END
export CONTAINERS_CONF=$work/containers.conf

runtime_path=
pd() {
    podman --root "$work/store" --runroot "$work/run" --tmpdir "$work/tmp" --cgroup-manager=cgroupfs \
        --storage-driver=overlay ${runtime_path:+--runtime "$runtime_path"} "$@"
}
run() { pd run --network=none "$@"; }

tar -C "$work/rootfs" -c . | pd import - localhost/test:latest >/dev/null 2>&1 || { echo "podman import failed"; exit 1; }

# --- the cases: name, then commands whose output or exit code is compared ------------------------------------------

case_run() { [ "$(run --rm test echo hello)" = hello ]; }
case_run_exit_code() { run --rm test sh -c 'exit 7'; [ $? -eq 7 ]; }
case_run_command_not_found() { run --rm test /nope; [ $? -eq 127 ]; }
case_run_not_executable() { run --rm test /etc/passwd; [ $? -eq 126 ]; }
case_run_stdin() { [ "$(echo in | run --rm -i test cat)" = in ]; }
# Where the input of script ends at once, what was written and not yet read is lost at times, whatever the runtime.
case_run_tty() { sleep 5 | script -qec "podman --root $work/store --runroot $work/run --tmpdir $work/tmp --cgroup-manager=cgroupfs --storage-driver=overlay --runtime $runtime_path run --network=none --rm -it test tty" /dev/null | grep -q /dev/pts; }
case_run_user() { [ "$(run --rm --user user test id -u)" = 1000 ]; }
case_run_groups() { run --rm --user user test id -G | grep -q 2000; }
case_run_workdir() { [ "$(run --rm --workdir /tmp test pwd)" = /tmp ]; }
case_run_env() { [ "$(run --rm --env A=b test sh -c 'echo $A')" = b ]; }
case_run_hostname() { [ "$(run --rm --hostname box test hostname)" = box ]; }
case_run_read_only() { run --rm --read-only test sh -c "touch /file || echo refused" | grep -q refused; }
case_run_volume() { mkdir -p "$work/v" && run --rm --volume "$work/v:/v" test touch /v/file && [ -e "$work/v/file" ]; }
case_run_volume_ro() { mkdir -p "$work/v" && run --rm --volume "$work/v:/v:ro" test sh -c "touch /v/other || echo refused" | grep -q refused; }
case_run_tmpfs() { run --rm --tmpfs /t:size=1m test sh -c 'mount | grep -q "on /t type tmpfs"'; }
case_run_cap_drop_all() { run --rm --cap-drop all test grep CapEff /proc/self/status | grep -q 0000000000000000; }
case_run_cap_add() { run --rm --cap-drop all --cap-add kill test grep CapEff /proc/self/status | grep -q 0000000000000020; }
case_run_seccomp_unconfined() { run --rm --security-opt seccomp=unconfined test grep Seccomp: /proc/self/status | grep -q 0; }
case_run_seccomp_default() { run --rm test grep Seccomp: /proc/self/status | grep -q 2; }
case_run_no_new_privileges() { run --rm --security-opt no-new-privileges test grep NoNewPrivs /proc/self/status | grep -q 1; }
case_run_privileged() { run --rm --privileged test sh -c 'grep CapEff /proc/self/status' | grep -qv 0000000000000000; }
case_run_pids_limit() { [ "$(run --rm --pids-limit 55 test sh -c 'cat /sys/fs/cgroup/pids/pids.max 2>/dev/null || cat /sys/fs/cgroup/pids.max')" = 55 ]; }
case_run_memory() { [ "$(run --rm --memory 64m test sh -c 'cat /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null || cat /sys/fs/cgroup/memory.max')" = 67108864 ]; }
case_run_cpus() { [ "$(run --rm --cpus 0.5 test sh -c 'cat /sys/fs/cgroup/cpu/cpu.cfs_quota_us 2>/dev/null || cut -d" " -f1 /sys/fs/cgroup/cpu.max')" = 50000 ]; }
case_run_ulimit() { [ "$(run --rm --ulimit nofile=333:333 --ulimit nproc=32768:32768 test sh -c 'ulimit -n')" = 333 ]; }
case_run_device() { run --rm --device /dev/fuse test ls -l /dev/fuse | grep -q ^c; }
case_run_sysctl() { [ "$(run --rm --sysctl net.ipv4.ip_forward=1 test cat /proc/sys/net/ipv4/ip_forward)" = 1 ]; }
case_run_userns() { run --rm --userns=auto:size=1000 test cat /proc/self/uid_map | grep -q 1000 || run --rm --uidmap 0:100000:1000 test cat /proc/self/uid_map | grep -q 100000; }
case_run_uidmap() { run --rm --uidmap 0:100000:5000 test cat /proc/self/uid_map | grep -q 100000; }
case_run_host_pid() { [ "$(run --rm --pid host test ps | wc -l)" -gt 3 ]; }
case_run_init() { command -v catatonit >/dev/null || return 77; run --rm --init test ps | grep -q podman-init; }
case_run_shm_size() { run --rm --shm-size 1m test df -k /dev/shm | grep -q 1024; }
case_run_oom() { run --rm --memory 16m --memory-swap 16m test tail /dev/zero; [ $? -eq 137 ]; }
case_detached_logs() { run --detach --name d1 test echo logged && pd wait d1 && pd logs d1 | grep -q logged; local r=$?; pd rm -f d1; return $r; }
case_exec() { run --detach --name e1 test sleep 100 && [ "$(pd exec e1 echo inside)" = inside ]; local r=$?; pd rm -f -t 0 e1; return $r; }
case_exec_exit_code() { run --detach --name e2 test sleep 100; pd exec e2 sh -c 'exit 9'; local r=$?; pd rm -f -t 0 e2; [ $r -eq 9 ]; }
case_exec_not_found() { run --detach --name e3 test sleep 100; pd exec e3 /nope; local r=$?; pd rm -f -t 0 e3; [ $r -eq 127 ]; }
case_exec_user_env() { run --detach --name e4 test sleep 100; [ "$(pd exec --user user --env X=y --workdir /tmp e4 sh -c 'id -u; echo $X; pwd' | tr '\n' ' ')" = "1000 y /tmp " ]; local r=$?; pd rm -f -t 0 e4; return $r; }
case_exec_detached() { run --detach --name e5 test sleep 100; pd exec -d e5 touch /tmp/done; sleep 0.5; pd exec e5 ls /tmp/done; local r=$?; pd rm -f -t 0 e5; return $r; }
case_stop() { run --detach --name s1 test sh -c 'trap "exit 3" TERM; while :; do sleep 0.1; done'; sleep 0.3; pd stop -t 5 s1; [ "$(pd inspect --format '{{.State.ExitCode}}' s1)" = 3 ]; local r=$?; pd rm -f s1; return $r; }
case_kill() { run --detach --name k1 test sleep 100; pd kill --signal KILL k1; pd wait k1; [ "$(pd inspect --format '{{.State.ExitCode}}' k1)" = 137 ]; local r=$?; pd rm -f k1; return $r; }
case_pause() { run --detach --name p1 test sleep 100; pd pause p1 && [ "$(pd inspect --format '{{.State.Status}}' p1)" = paused ] && pd unpause p1 && [ "$(pd inspect --format '{{.State.Status}}' p1)" = running ]; local r=$?; pd rm -f -t 0 p1; return $r; }
case_top() { run --detach --name t1 test sleep 100; pd top t1 pid comm | grep -q sleep; local r=$?; pd rm -f -t 0 t1; return $r; }
case_stats() { run --detach --name st1 test sleep 100; pd stats --no-stream --format '{{.MemUsage}}' st1 | grep -q B; local r=$?; pd rm -f -t 0 st1; return $r; }
case_update() { run --detach --name u1 test sleep 100; pd update --memory 50m u1; [ "$(pd exec u1 sh -c 'cat /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null || cat /sys/fs/cgroup/memory.max')" = 52428800 ]; local r=$?; pd rm -f -t 0 u1; return $r; }
case_commit() { run --name c1 test touch /new && pd commit c1 committed && run --rm committed ls /new; local r=$?; pd rm -f c1; return $r; }
case_cp() { run --detach --name cp1 test sleep 100; echo data >"$work/data"; pd cp "$work/data" cp1:/tmp/data && [ "$(pd exec cp1 cat /tmp/data)" = data ]; local r=$?; pd rm -f -t 0 cp1; return $r; }
case_create_start() { pd create --network=none --name cs1 test echo started && pd start --attach cs1 | grep -q started; local r=$?; pd rm -f cs1; return $r; }
case_restart() { run --detach --name r1 test sleep 100; pd restart -t 0 r1 && [ "$(pd inspect --format '{{.State.Status}}' r1)" = running ]; local r=$?; pd rm -f -t 0 r1; return $r; }
case_health() { run --detach --name h1 --health-cmd 'true' --health-interval disable test sleep 100; pd healthcheck run h1; local r=$?; pd rm -f -t 0 h1; return $r; }
case_shared_namespaces() { run --detach --name n1 --hostname shared test sleep 100; [ "$(pd run --rm --network=none --uts container:n1 --pid container:n1 --ipc container:n1 test hostname)" = shared ]; local r=$?; pd rm -f -t 0 n1; return $r; }
case_run_seccomp_profile() { echo '{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["mkdir","mkdirat"],"action":"SCMP_ACT_ERRNO","errnoRet":38}]}' >"$work/profile.json"; run --rm --security-opt "seccomp=$work/profile.json" test sh -c 'mkdir /tmp/d || echo refused' | grep -q refused; }
case_run_rm() { run --rm --name gone test true && ! pd container exists gone; }
case_exec_tty() { run --detach --name et1 test sleep 100; sleep 5 | script -qec "podman --root $work/store --runroot $work/run --tmpdir $work/tmp --cgroup-manager=cgroupfs --storage-driver=overlay --runtime $runtime_path exec -it et1 tty" /dev/null | grep -q /dev/pts; local r=$?; pd rm -f -t 0 et1; return $r; }
case_pod() { pd pod create --network=none --infra-image localhost/test:latest --infra-command 'sleep 1000' --hostname pod --name pod1 && [ "$(pd run --rm --pod pod1 test hostname)" = pod ]; local r=$?; pd pod rm -f -t 0 pod1; return $r; }
case_attach() { run --detach --interactive --name at1 test sh -c 'sleep 1; echo attached'; pd attach at1 | grep -q attached; local r=$?; pd rm -f -t 0 at1; return $r; }
case_checkpoint_restore() {
    criu check >/dev/null 2>&1 || return 77
    run --detach --name ck1 test sh -c 'i=0; while :; do i=$((i+1)); echo $i >/tmp/count; sleep 0.1; done'; sleep 1
    pd container checkpoint ck1 && [ "$(pd inspect --format '{{.State.Status}}' ck1)" = exited ] && pd container restore ck1 &&
        sleep 1 && [ "$(pd exec ck1 cat /tmp/count)" -gt 10 ]
    local r=$?; pd rm -f -t 0 ck1; return $r
}

run_cases "$@"
