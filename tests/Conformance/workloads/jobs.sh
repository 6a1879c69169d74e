# Jobs: bytes in and out, limits, files with the right owners.

case_bytes_of_pipeline() {
    head -c 20971520 /dev/urandom >"$place/shared/bytes"
    chmod a+r "$place/shared/bytes"
    [ "$(feed tools "$place/shared/bytes" -- sha256sum | cut -d' ' -f1)" = "$(sha256sum <"$place/shared/bytes" | cut -d' ' -f1)" ]
}

case_job_with_time_limit() { ! limited tools 2 -- sleep 600.25 && [ -z "$(pgrep -xf 'sleep 600.25')" ]; }

case_log_pattern() {
    start tools job -- sh -c 'for i in 1 2 3; do sleep 0.2; echo "step $i"; done; echo "database system is ready"; exec sleep 600' &&
        await_log job 'database system is READY' && [ "$(logged job | grep -c '^step')" = 3 ] && over job
}

case_long_log() {
    start tools job -- sh -c 'seq 100000; echo end' && ended job 0 && logged job >"$work/said" &&
        [ "$(tail -1 "$work/said")" = end ] && [ "$(wc -l <"$work/said")" = 100001 ] && over job
}

case_exit_code_of_signal() {
    start tools job -- sh -c 'trap "echo told; exit 9" TERM; echo up; while :; do sleep 0.1; done' && await_log job up &&
        stop job 9 && logged job | grep -x told && over job
}

# What is root's and a user's inside is theirs on the host too.
case_bind_mount_owners() {
    not_in user
    local data=$place/shared/data
    rm -rf "$data" && mkdir -m 777 "$data" && echo of-the-host >"$data/given" && chown 33:33 "$data/given"
    [ "$(once tools --volume="$data:/data" -- stat -c '%u:%g' /data/given)" = 33:33 ] &&
        once tools --volume="$data:/data" -- sh -c 'echo text >/data/root' &&
        once tools --volume="$data:/data" --user=33:33 -- sh -c 'echo text >/data/user; echo more >>/data/given' &&
        [ "$(stat -c '%u:%g' "$data"/{root,user,given} | tr '\n' ' ')" = '0:0 33:33 33:33 ' ]
}

case_named_volume() {
    once tools --volume=kept:/data -- sh -c 'echo text >/data/file' &&
        [ "$(once tools --volume=kept:/data:ro -- sh -c 'cat /data/file; touch /data/x 2>/dev/null || echo refused' | tr '\n' ' ')" = \
            'text refused ' ]
}

case_user_and_groups() {
    [ "$(once tools --user=33:0 --workdir=/tmp -- sh -c 'id -u; id -g; pwd; touch /etc/x 2>/dev/null || echo refused' | tr '\n' ' ')" = \
        '33 0 /tmp refused ' ]
}

case_read_only_root() {
    [ "$(once tools --read-only --tmpfs=/mnt --tmpfs=/tmp:size=1m -- sh -c 'touch /x 2>/dev/null || echo refused
        touch /mnt/x && echo there; head -c 2000000 /dev/zero 2>/dev/null >/tmp/x || echo full' | tr '\n' ' ')" = \
        'refused there full ' ]
}

case_memory_limit() {
    not_in user
    start tools job --memory=64m --memory-swap=64m -- tail /dev/zero && ended job 137 && over job
}

# The first process goes on where only a child had too much.
case_memory_limit_of_child() {
    not_in user
    start tools job --memory=64m --memory-swap=64m -- sh -c 'tail /dev/zero; echo "ended with $?"; exec sleep 600' &&
        await_log job 'ended with 137' && inside job -- true && over job
}

case_process_limit() {
    not_in user
    start tools job --pids-limit=20 -- sh -c 'for i in $(seq 50); do sleep 600 & done' && ended job 2 && logged job
    logged job 2>&1 | grep -i 'fork' && over job
}

case_busybox_server() {
    local program
    program=$(command -v busybox) || return 77
    echo 'a page of busybox' >"$place/shared/index.html"
    cp "$program" "$place/shared/"
    start tools web --volume="$place/shared:/mnt:ro" --user=33:33 -- /mnt/busybox httpd -f -p 8082 -h /mnt &&
        await_port web 8082 && [ "$(inside web -- /mnt/busybox wget -qO- http://127.0.0.1:8082/)" = 'a page of busybox' ] &&
        over web
}
