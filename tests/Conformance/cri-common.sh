# What the scripts of Kubernetes' interface share: a containerd with its CRI plugin, or CRI-O where CRIO names its program
# (pinns of CRI-O beside it), a network and an image of the pause container, all of the script's own.

# No process of theirs outlives the script, and no segment of shared memory.
namespaces='--ipc --pid --fork --kill-child --mount-proc'
engine=$([ -n "${CRIO:-}" ] && echo crio || echo containerd)

# Puts a directory of the script's own over that of the cgroup hierarchies, with the same ones in it: CRI-O makes directories
# for controllers that are not there.
own_hierarchies() {
    local hierarchies=$work/hierarchies directory
    mkdir "$hierarchies" && mount -t tmpfs tmpfs "$hierarchies" || return
    for directory in /sys/fs/cgroup/*/; do
        mountpoint -q "$directory" || continue
        mkdir "$hierarchies/$(basename "$directory")" && mount --bind "$directory" "$hierarchies/$(basename "$directory")" || return
    done
    mount --rbind "$hierarchies" /sys/fs/cgroup && umount -R "$hierarchies"
}

# Starts the engine with the runtimes NAME=PATH… as handlers of those names. No registry is asked for anything.
start_cri() {
    export CONTAINERD_ADDRESS=$work/cri.sock CONTAINERD_NAMESPACE=k8s.io CRI_CONFIG_FILE=$work/crictl.yaml TMPDIR=$work
    export CONTAINER_RUNTIME_ENDPOINT=unix://$work/cri.sock IMAGE_SERVICE_ENDPOINT=unix://$work/cri.sock
    [ "$(stat -fc %T /sys/fs/cgroup)" != tmpfs ] || own_hierarchies || exit 1
    # Sockets of the shims and results of the network plugins are at fixed paths: they are the script's own, too.
    mkdir -p /run/$engine && mount -t tmpfs tmpfs /run/$engine
    cni_existed=$([ -d /var/lib/cni ] && echo yes)
    mkdir -p /var/lib/cni && mount -t tmpfs tmpfs /var/lib/cni
    mkdir -p "$work/net.d"
    cat >"$work/net.d/10-bridge.conflist" <<END
{ "cniVersion": "0.4.0", "name": "conformance", "plugins": [
  { "type": "bridge", "bridge": "cri0", "isGateway": true,
    "ipam": { "type": "host-local", "dataDir": "$work/cni", "ranges": [[{ "subnet": "10.199.0.0/24" }]], "routes": [{ "dst": "0.0.0.0/0" }] } },
  { "type": "portmap", "capabilities": { "portMappings": true }, "snat": true } ] }
END
    printf 'timeout: 30\n' >"$CRI_CONFIG_FILE"
    configure_$engine "$@" && start_engine
    echo "by $engine:"

    make_root "$work/rootfs"
    # Process 1 of a pod: it waits for what is orphaned in it, and ends when it is asked to.
    printf '#!/bin/sh\ntrap "exit 0" TERM INT\ntail -f /dev/null & while :; do wait; done\n' >"$work/rootfs/bin/pause"
    chmod +x "$work/rootfs/bin/pause"
    import localhost/pause:1 '{"Env":["PATH=/bin"],"Entrypoint":["/bin/pause"]}'
}

configure_containerd() {
    local pair
    cat >"$work/config.toml" <<END
version = 2
root = "$work/containerd/root"
state = "$work/containerd/state"
[grpc]
  address = "$CONTAINERD_ADDRESS"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "localhost/pause:1"
  stream_server_address = "127.0.0.1"
  stream_server_port = "0"
  restrict_oom_score_adj = true
  tolerate_missing_hugetlb_controller = true
  netns_mounts_under_state_dir = true
[plugins."io.containerd.grpc.v1.cri".cni]
  bin_dir = "${CNI_PLUGINS:-/usr/lib/cni}"
  conf_dir = "$work/net.d"
[plugins."io.containerd.grpc.v1.cri".containerd]
  default_runtime_name = "${1%%=*}"
END
    for pair in "$@"; do
        cat >>"$work/config.toml" <<END
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.${pair%%=*}]
  runtime_type = "io.containerd.runc.v2"
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.${pair%%=*}.options]
  BinaryName = "${pair#*=}"
END
    done
    program=(containerd --config "$work/config.toml" --log-level warn)
}

# Makes $work/bin/$1, the runtime $2. CRI-O lowers the OOM score of a pod's first process, for which root may lack the right
# (CAP_SYS_RESOURCE): then no runtime gets that from it.
without_score() {
    mkdir -p "$work/bin"
    if (echo -998 >/proc/self/oom_score_adj) 2>/dev/null; then
        ln -s "$2" "$work/bin/$1"
        return
    fi
    cat >"$work/bin/$1" <<END
#!/bin/bash
arguments="\$*"
if [[ \$arguments =~ " create "(.* )?--bundle" "([^ ]+) ]]; then
    config=\${BASH_REMATCH[2]}/config.json
    jq 'if (.process.oomScoreAdj // 0) < 0 then del(.process.oomScoreAdj) else . end' "\$config" >"\$config.new" && mv "\$config.new" "\$config"
fi
exec "$2" "\$@"
END
    chmod +x "$work/bin/$1"
}

# With the capabilities that containerd gives, and without a process of the pod's own where none is needed.
configure_crio() {
    local pair
    echo '{ "default": [{ "type": "insecureAcceptAnything" }] }' >"$work/policy.json"
    cat >"$work/crio.conf" <<END
[crio]
root = "$work/crio/root"
runroot = "$work/crio/run"
storage_driver = "overlay"
log_dir = "$work/crio/log"
version_file = "$work/crio/version"
version_file_persist = "$work/crio/version-kept"
clean_shutdown_file = "$work/crio/clean"
[crio.api]
listen = "$work/cri.sock"
stream_address = "127.0.0.1"
stream_port = "0"
[crio.runtime]
default_runtime = "${1%%=*}"
conmon = "$(command -v conmon)"
conmon_cgroup = "pod"
cgroup_manager = "cgroupfs"
pinns_path = "${CRIO%/*}/pinns"
namespaces_dir = "$work/crio/namespaces"
container_exits_dir = "$work/crio/exits"
container_attach_socket_dir = "/run/crio"
hooks_dir = []
apparmor_profile = "unconfined"
default_capabilities = ["CHOWN", "DAC_OVERRIDE", "FSETID", "FOWNER", "MKNOD", "NET_RAW", "SETGID", "SETUID", "SETFCAP",
    "SETPCAP", "NET_BIND_SERVICE", "SYS_CHROOT", "KILL", "AUDIT_WRITE"]
[crio.image]
pause_image = "localhost/pause:1"
pause_command = "/bin/pause"
signature_policy = "$work/policy.json"
[crio.network]
network_dir = "$work/net.d"
plugin_dirs = ["${CNI_PLUGINS:-/usr/lib/cni}"]
END
    for pair in "$@"; do
        without_score "${pair%%=*}" "${pair#*=}"
        printf '[crio.runtime.runtimes.%s]\nruntime_path = "%s"\nruntime_type = "oci"\nruntime_root = "%s"\n' \
            "${pair%%=*}" "$work/bin/${pair%%=*}" "$work/crio/state-${pair%%=*}" >>"$work/crio.conf"
    done
    program=("$CRIO" --config "$work/crio.conf" --config-dir "" --log-level warn)
}

# The pid of the engine is in a file, as a case, which is a process of its own, starts it again.
start_engine() {
    "${program[@]}" >>"$work/engine.log" 2>&1 &
    echo $! >"$work/engine.pid"
    eventually crictl info >/dev/null 2>&1 || { echo "$engine does not start:"; cat "$work/engine.log"; exit 1; }
}
end_engine() {
    kill "$(cat "$work/engine.pid")" && eventually engine_ended
}
engine_ended() { ! crictl info; } >/dev/null 2>&1

# Imports the root file system as an image named $1 with the configuration $2.
import() {
    make_image "$work/rootfs" "$1" "$work/image.tar" "${2:-}" && "import_$engine" "$1" >/dev/null || exit 1
    eventually crictl inspecti "$1" >/dev/null 2>&1 || { echo "the CRI does not see the image $1"; exit 1; }
}
import_containerd() { ctr images import "$work/image.tar"; }
import_crio() {
    skopeo --policy "$work/policy.json" copy -q "oci-archive:$work/image.tar:latest" \
        "containers-storage:[overlay@$work/crio/root+$work/crio/run]$1"
}

end_cri() {
    timeout 60 crictl rmp --all --force >/dev/null 2>&1
    end_engine
    pgrep -f "$work/cri.sock" | xargs -r kill -KILL
    umount /var/lib/cni
    [ -n "$cni_existed" ] || rmdir /var/lib/cni
    remove "$work"
    # CRI-O leaves the cgroups of conmon.
    find /sys/fs/cgroup -maxdepth 2 \( -name k8s.io -o -name 'crio-conmon-*' -o -name crio \) -type d -exec rmdir {} + 2>/dev/null
}
