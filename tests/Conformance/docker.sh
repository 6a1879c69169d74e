#!/usr/bin/env bash
# Drives docker with each runtime that is given as one of --add-runtime, and prints what each made of it. DOCKERD names
# the daemon where it is not in PATH; docker, docker-init and docker-proxy are looked for beside it first.
# Usage: docker.sh NAME=PATH…   e.g. docker.sh runc=/usr/sbin/runc psrun=$PSRUN
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
dockerd=${DOCKERD:-$(command -v dockerd)}
[ -x "$dockerd" ] || { echo "skipped: no dockerd in PATH, and DOCKERD names none"; exit 0; }
enter_namespace "$@"

work=$(mktemp -d /tmp/container-docker.XXXXXX)
chmod 0711 "$work"
PATH=$(dirname "$dockerd"):$PATH
export CONTAINERD_ADDRESS=$work/containerd.sock DOCKER_HOST=unix://$work/docker.sock DOCKER_CONFIG=$work/client
parent=conformance-docker-$$
ended() { [ ! -d "/proc/$1" ] || grep -q '^State:.Z' "/proc/$1/status"; }
cleanup() {
    local socket id pid
    for socket in "$work"/*.sock; do
        for id in $(docker --host "unix://$socket" ps -aq 2>/dev/null); do docker --host "unix://$socket" rm -f "$id" >/dev/null 2>&1; done
    done
    for pid in "$work"/*/pid; do pid=$(cat "$pid") && kill "$pid" && eventually ended "$pid"; done
    end_containerd
    remove "$work"
    rmdir "/sys/fs/cgroup/$parent" /sys/fs/cgroup/*/"$parent" 2>/dev/null
}
trap cleanup EXIT
cd "$work" || exit 1

# The key of image signatures and the directory of plug-ins have fixed places.
mount -t tmpfs tmpfs /run
mkdir "$work/etc" "$work/etc-work" && mount -t overlay -o "lowerdir=/etc,upperdir=$work/etc,workdir=$work/etc-work" overlay /etc
echo 'remapped:x:65500:65500::/:/bin/false' >>/etc/passwd
echo 'remapped:x:65500:' >>/etc/group
echo 'remapped:200000:65536' | tee /etc/subuid >/etc/subgid

start_containerd
added=()
for pair in "$@"; do added+=(--add-runtime "tested-${pair%%=*}=${pair#*=}"); done

# A daemon with its state in $work/$1 and its socket at $2; what follows are options of it.
start_daemon() {
    dockerd --host "unix://$2" --data-root "$work/$1/data" --exec-root "$work/$1/run" --pidfile "$work/$1/pid" \
        --config-file "$work/none" --group "$(id -g)" --containerd "$CONTAINERD_ADDRESS" --containerd-namespace "$1-$$" \
        --containerd-plugins-namespace "plugins-$1-$$" --cgroup-parent "/$parent" --exec-opt native.cgroupdriver=cgroupfs \
        --storage-driver "${DOCKER_STORAGE:-overlay2}" --oom-score-adjust 0 --experimental --log-level warn \
        --iptables=false --ip6tables=false "${added[@]}" "${@:3}" >"$work/$1.log" 2>&1 &
    eventually docker --host "unix://$2" version >/dev/null 2>&1 || { echo "dockerd does not start:"; cat "$work/$1.log"; return 1; }
    docker --host "unix://$2" import - test <"$work/image.tar" >/dev/null
}
make_root "$work/rootfs" && tar -C "$work/rootfs" -cf "$work/image.tar" . || exit 1
echo '{}' >"$work/none"
start_daemon daemon "$work/docker.sock" --bip 172.31.253.1/24 || exit 1

run() { timeout 60 docker run --runtime "tested-$runtime_name" --network none "$@"; }
id=
start() { id=$(run --detach "${@:1:$#-1}" test sh -c "${!#}"); }
end() { local result=$?; docker rm -f "$id"; return $result; }
inspect() { docker inspect --format "{{$1}}" "$id"; }
is() { [ "$(inspect "$1")" = "$2" ]; }
limit() { cat "/sys/fs/cgroup/$1/$parent/$id/$2" 2>/dev/null || cut -d' ' -f1 "/sys/fs/cgroup/$parent/$id/$3"; }
# A terminal that ends its input at once takes what was not read with it.
terminal() { sleep 5 | script -qec "$*" /dev/null; }
file_has() { grep -q "$2" "$1"; }

case_run() { [ "$(run --rm test echo hello)" = hello ]; }
case_run_exit_code() { run --rm test sh -c 'exit 7'; [ $? -eq 7 ]; }
case_run_command_not_found() { run --rm test /nope; [ $? -eq 127 ]; }
case_run_not_executable() { run --rm test /etc/passwd; [ $? -eq 126 ]; }
case_run_stdin() { [ "$(echo in | run --rm -i test cat)" = in ]; }
case_run_tty() { terminal timeout 30 docker run --runtime "tested-$runtime_name" --network none --rm -it test tty | grep -q /dev/; }
case_run_user() { [ "$(run --rm --user user test id -u)" = 1000 ]; }
case_run_groups() { run --rm --user user --group-add 2001 test id -G | grep -q 2001; }
case_run_workdir() { [ "$(run --rm --workdir /tmp test pwd)" = /tmp ]; }
case_run_workdir_made() { [ "$(run --rm --workdir /made/here test pwd)" = /made/here ]; }
case_run_env() { [ "$(run --rm --env A=b test sh -c 'echo $A')" = b ]; }
case_run_hostname() { [ "$(run --rm --hostname box test hostname)" = box ]; }
case_run_read_only() { run --rm --read-only test sh -c 'touch /file || echo refused' | grep -q refused; }
case_run_volume() { mkdir -p "$work/v" && run --rm --volume "$work/v:/v" test touch "/v/$runtime_name" && [ -e "$work/v/$runtime_name" ]; }
case_run_volume_ro() { mkdir -p "$work/v" && run --rm --volume "$work/v:/v:ro" test sh -c 'touch /v/other || echo refused' | grep -q refused; }
case_run_tmpfs() { run --rm --tmpfs /t:size=1m test sh -c 'mount | grep -q "on /t type tmpfs"'; }
case_run_cap_drop_all() { run --rm --cap-drop all test grep CapEff /proc/self/status | grep -q 0000000000000000; }
case_run_cap_add() { run --rm --cap-drop all --cap-add kill test grep CapEff /proc/self/status | grep -q 0000000000000020; }
case_run_seccomp_default() { run --rm test grep Seccomp: /proc/self/status | grep -q 2; }
case_run_seccomp_unconfined() { run --rm --security-opt seccomp=unconfined test grep Seccomp: /proc/self/status | grep -q 0; }
case_run_seccomp_profile() { echo '{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["mkdir","mkdirat"],"action":"SCMP_ACT_ERRNO","errnoRet":38}]}' >"$work/profile.json"; run --rm --security-opt "seccomp=$work/profile.json" test sh -c 'mkdir /tmp/d || echo refused' | grep -q refused; }
case_run_no_new_privileges() { run --rm --security-opt no-new-privileges test grep NoNewPrivs /proc/self/status | grep -q 1; }
case_run_privileged() { run --rm --privileged test sh -c 'grep CapEff /proc/self/status' | grep -qv 00000000a80425fb; }
case_run_pids_limit() { start --pids-limit 55 'sleep 100' && [ "$(limit pids pids.max pids.max)" = 55 ]; end; }
case_run_memory() { start --memory 64m 'sleep 100' && [ "$(limit memory memory.limit_in_bytes memory.max)" = 67108864 ]; end; }
case_run_cpus() { start --cpus 0.5 'sleep 100' && [ "$(limit cpu cpu.cfs_quota_us cpu.max)" = 50000 ]; end; }
case_run_cpuset() { start --cpuset-cpus 0 'sleep 100' && [ "$(limit cpuset cpuset.cpus cpuset.cpus)" = 0 ]; end; }
case_run_cgroupns() { run --rm --cgroupns private test sh -c 'cat /proc/self/cgroup' | grep -q ':/$'; }
case_run_ulimit() { [ "$(run --rm --ulimit nofile=333:333 test sh -c 'ulimit -n')" = 333 ]; }
case_run_device() { run --rm --device /dev/fuse test ls -l /dev/fuse | grep -q ^c; }
case_run_device_ro() { [ "$(run --rm --device /dev/fuse:/dev/fuse:r test sh -c 'true </dev/fuse && echo read; true >/dev/fuse || echo refused' | tr '\n' ' ')" = 'read refused ' ]; }
case_run_sysctl() { [ "$(run --rm --sysctl net.ipv4.ip_forward=1 test cat /proc/sys/net/ipv4/ip_forward)" = 1 ]; }
case_run_shm_size() { run --rm --shm-size 1m test df -k /dev/shm | grep -q 1024; }
case_run_oom_score() { [ "$(run --rm --oom-score-adj 77 test cat /proc/self/oom_score_adj)" = 77 ]; }
case_run_host_pid() { [ "$(run --rm --pid host test ps | wc -l)" -gt 3 ]; }
case_run_host_ipc() { [ "$(run --rm --ipc host test readlink /proc/self/ns/ipc)" = "$(readlink /proc/self/ns/ipc)" ]; }
case_run_host_network() { [ "$(timeout 60 docker run --rm --runtime "tested-$runtime_name" --network host test readlink /proc/self/ns/net)" = "$(readlink /proc/self/ns/net)" ]; }
case_run_bridge() { timeout 60 docker run --rm --runtime "tested-$runtime_name" test ip -o addr show eth0 | grep -q 172.31.253.; }
case_run_publish() {
    id=$(timeout 60 docker run --detach --runtime "tested-$runtime_name" --publish 127.0.0.1:18080:80 test sh -c 'while :; do echo served | nc -l -p 80; done') &&
        eventually eval '[ "$(busybox nc -w 2 127.0.0.1 18080 </dev/null)" = served ]'
    end
}
case_run_join_namespaces() { start --hostname shared --ipc shareable 'sleep 100' && [ "$(run --rm --pid "container:$id" --ipc "container:$id" test readlink /proc/1/ns/pid /proc/self/ns/ipc)" = "$(docker exec "$id" readlink /proc/1/ns/pid /proc/self/ns/ipc)" ]; end; }
case_run_init() { command -v docker-init >/dev/null || return 77; run --rm --init test ps | grep -q docker-init; }
case_run_oom() { start --memory 16m --memory-swap 16m 'tail /dev/zero' && [ "$(docker wait "$id")" = 137 ] && is .State.OOMKilled true; end; }
case_run_rm() { run --rm --name "gone-$runtime_name" test true && ! docker inspect "gone-$runtime_name"; }
case_run_cidfile() { run --rm --cidfile "$work/cid-$runtime_name" test true && [ -s "$work/cid-$runtime_name" ]; }
case_logs() { start 'echo logged; echo wrong >&2' && docker wait "$id" && [ "$(docker logs "$id" 2>&1 | sort | tr '\n' ' ')" = 'logged wrong ' ]; end; }
case_attach() { start 'sleep 1; echo attached' && docker attach "$id" | grep -q attached; end; }
case_exec() { start 'sleep 100' && [ "$(docker exec "$id" echo inside)" = inside ]; end; }
case_exec_stdin() { start 'sleep 100' && [ "$(echo in | docker exec -i "$id" cat)" = in ]; end; }
case_exec_exit_code() { start 'sleep 100'; docker exec "$id" sh -c 'exit 9'; [ $? -eq 9 ]; end; }
case_exec_not_found() { start 'sleep 100'; docker exec "$id" /nope; local r=$?; [ $r -eq 126 ] || [ $r -eq 127 ]; end; }
case_exec_user_env() { start 'sleep 100' && [ "$(docker exec --user user --env X=y --workdir /tmp "$id" sh -c 'id -u; echo $X; pwd' | tr '\n' ' ')" = '1000 y /tmp ' ]; end; }
case_exec_privileged() { start 'sleep 100' && docker exec --privileged "$id" grep CapEff /proc/self/status | grep -qv 00000000a80425fb; end; }
case_exec_detached() { start 'sleep 100' && docker exec -d "$id" touch /tmp/done && eventually docker exec "$id" ls /tmp/done; end; }
case_exec_tty() { start 'sleep 100' && terminal timeout 30 docker exec -it "$id" tty | grep -q /dev/; end; }
case_stop() { start 'trap "exit 3" TERM; echo ready; while :; do sleep 0.1; done' && eventually eval 'docker logs "$id" | grep -q ready' && docker stop -t 10 "$id" && is .State.ExitCode 3; end; }
case_stop_timeout() { start 'trap "" TERM; while :; do sleep 0.1; done' && docker stop -t 1 "$id" && is .State.ExitCode 137; end; }
case_kill() { start 'sleep 100' && docker kill "$id" && docker wait "$id" && is .State.ExitCode 137; end; }
case_kill_signal() { start 'trap "exit 4" USR1; echo ready; while :; do sleep 0.1; done' && eventually eval 'docker logs "$id" | grep -q ready' && docker kill --signal USR1 "$id" && [ "$(docker wait "$id")" = 4 ]; end; }
case_kill_host_pid() { start --pid host 'sleep 4321 & sleep 1234' && docker kill "$id" && docker wait "$id" && ! pgrep -x -f 'sleep 4321'; end; }
case_pause() { start 'sleep 100' && docker pause "$id" && is .State.Status paused && docker unpause "$id" && is .State.Status running; end; }
case_kill_paused() { start 'sleep 100' && docker pause "$id" && docker rm -f "$id" && ! docker inspect "$id"; }
case_top() { start 'sleep 100' && docker top "$id" | grep -q 'sleep 100'; end; }
case_stats() { start 'sleep 100' && docker stats --no-stream --format '{{.MemUsage}} {{.PIDs}}' "$id" | grep -q 'B /.*[1-9]$'; end; }
case_update() { start --memory 64m 'sleep 100' && docker update --memory 50m --memory-swap 60m --cpus 0.25 "$id" && [ "$(limit memory memory.limit_in_bytes memory.max)" = 52428800 ] && [ "$(limit cpu cpu.cfs_quota_us cpu.max)" = 25000 ]; end; }
case_update_pids() { start 'sleep 100' && docker update --pids-limit 66 "$id" && [ "$(limit pids pids.max pids.max)" = 66 ]; end; }
case_commit() { start 'touch /new' && docker wait "$id" && docker commit "$id" "committed-$runtime_name" && run --rm "committed-$runtime_name" ls /new; local r=$?; docker rmi "committed-$runtime_name"; (exit $r); end; }
case_cp() { start 'sleep 100' && echo data >"$work/data" && docker cp "$work/data" "$id:/tmp/data" && [ "$(docker exec "$id" cat /tmp/data)" = data ] && [ "$(docker cp "$id:/tmp/data" - | tar -xO)" = data ]; end; }
case_diff() { start 'touch /new' && docker wait "$id" && docker diff "$id" | grep -q '^A /new'; end; }
case_create_start() { id=$(docker create --runtime "tested-$runtime_name" --network none test echo started) && docker start --attach "$id" | grep -q started; end; }
case_restart() { start 'sleep 100' && docker restart -t 0 "$id" && is .State.Status running; end; }
case_restart_policy() { start --restart on-failure:2 'echo again; exit 5' && eventually is .RestartCount 2 && eventually is .State.Status exited && [ "$(docker logs "$id" | grep -c again)" = 3 ]; end; }
case_health() { start --health-cmd true --health-interval 300ms 'sleep 100' && eventually is .State.Health.Status healthy; end; }
case_health_failing() { start --health-cmd 'exit 1' --health-interval 300ms --health-retries 1 'sleep 100' && eventually is .State.Health.Status unhealthy; end; }
case_events() { start 'sleep 100' && docker rm -f "$id" && docker events --since 5m --until "$(($(date +%s) + 1))" --filter "container=$id" --format '{{.Action}}' | tr '\n' ' ' | grep -q 'create start .*die .*destroy'; }
case_failed_start_leaves_none() { ! run --rm --device /dev/fuse --entrypoint /nope test && [ -z "$(ls "$work/daemon/run/runtime-runc/moby" 2>/dev/null)" ]; }
case_userns_remap() { # of the daemon: --userns-remap
    [ -S "$work/remap.sock" ] || start_daemon remap "$work/remap.sock" --bridge none --userns-remap remapped || return 77
    (DOCKER_HOST=unix://$work/remap.sock; run --rm test cat /proc/self/uid_map | grep -q 200000 && start 'sleep 100' && [ "$(docker exec "$id" id -u)" = 0 ]; end)
}
case_userns_host() { [ "$(run --rm --userns host test readlink /proc/self/ns/user)" = "$(readlink /proc/self/ns/user)" ]; }
case_checkpoint_restore() {
    criu check >/dev/null 2>&1 || return 77
    start 'i=0; while :; do i=$((i+1)); echo $i >/tmp/count; sleep 0.1; done' && sleep 1 && docker checkpoint create "$id" one &&
        eventually is .State.Status exited && docker start --checkpoint one "$id" && sleep 1 && [ "$(docker exec "$id" cat /tmp/count)" -gt 10 ]
    end
}

run_cases "$@"
