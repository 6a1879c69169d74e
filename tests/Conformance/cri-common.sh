# What the scripts of Kubernetes' interface share: a containerd with its CRI plugin, a network and an image of the pause
# container, all of the script's own.

# No process of theirs outlives the script, and no segment of shared memory.
namespaces='--ipc --pid --fork --kill-child --mount-proc'

# Starts containerd with the runtimes NAME=PATH… as handlers of those names. No registry is asked for anything.
start_cri() {
    local pair config network=10.199.0.0/24
    export CONTAINERD_ADDRESS=$work/containerd.sock CONTAINERD_NAMESPACE=k8s.io CRI_CONFIG_FILE=$work/crictl.yaml TMPDIR=$work
    export CONTAINER_RUNTIME_ENDPOINT=unix://$CONTAINERD_ADDRESS IMAGE_SERVICE_ENDPOINT=unix://$CONTAINERD_ADDRESS
    # Sockets of the shims and results of the network plugins are at fixed paths: they are the script's own, too.
    mkdir -p /run/containerd && mount -t tmpfs tmpfs /run/containerd
    mkdir -p "$work/net.d"
    cat >"$work/net.d/10-bridge.conflist" <<END
{ "cniVersion": "0.4.0", "name": "conformance", "plugins": [
  { "type": "bridge", "bridge": "cri0", "isGateway": true,
    "ipam": { "type": "host-local", "dataDir": "$work/cni", "ranges": [[{ "subnet": "$network" }]], "routes": [{ "dst": "0.0.0.0/0" }] } },
  { "type": "portmap", "capabilities": { "portMappings": true }, "snat": true } ] }
END
    cni_existed=$([ -d /var/lib/cni ] && echo yes)
    mkdir -p /var/lib/cni && mount -t tmpfs tmpfs /var/lib/cni
    config="[plugins.\"io.containerd.grpc.v1.cri\"]
  sandbox_image = \"localhost/pause:1\"
  stream_server_address = \"127.0.0.1\"
  stream_server_port = \"0\"
  restrict_oom_score_adj = true
  tolerate_missing_hugetlb_controller = true
  netns_mounts_under_state_dir = true
[plugins.\"io.containerd.grpc.v1.cri\".cni]
  bin_dir = \"${CNI_PLUGINS:-/usr/lib/cni}\"
  conf_dir = \"$work/net.d\"
[plugins.\"io.containerd.grpc.v1.cri\".containerd]
  default_runtime_name = \"${1%%=*}\""
    for pair in "$@"; do
        config+="
[plugins.\"io.containerd.grpc.v1.cri\".containerd.runtimes.${pair%%=*}]
  runtime_type = \"io.containerd.runc.v2\"
[plugins.\"io.containerd.grpc.v1.cri\".containerd.runtimes.${pair%%=*}.options]
  BinaryName = \"${pair#*=}\""
    done
    printf 'timeout: 30\n' >"$CRI_CONFIG_FILE"
    start_containerd "$config"

    make_root "$work/rootfs"
    # Process 1 of a pod: it waits for what is orphaned in it, and ends when it is asked to.
    printf '#!/bin/sh\ntrap "exit 0" TERM INT\ntail -f /dev/null & while :; do wait; done\n' >"$work/rootfs/bin/pause"
    chmod +x "$work/rootfs/bin/pause"
    import localhost/pause:1 '{"Env":["PATH=/bin"],"Entrypoint":["/bin/pause"]}'
}

# Imports the root file system as an image named $1 with the configuration $2.
import() {
    make_image "$work/rootfs" "$1" "$work/image.tar" "${2:-}" && ctr images import "$work/image.tar" >/dev/null || exit 1
    eventually crictl inspecti "$1" >/dev/null 2>&1 || { echo "the CRI does not see the image $1"; exit 1; }
}

end_cri() {
    timeout 60 crictl rmp --all --force >/dev/null 2>&1
    [ -e "$work/pid" ] && containerd=$(cat "$work/pid")
    end_containerd
    pgrep -f "address $work/containerd.sock" | xargs -r kill -KILL
    umount /var/lib/cni
    [ -n "$cni_existed" ] || rmdir /var/lib/cni
    remove "$work"
    rmdir /sys/fs/cgroup/k8s.io /sys/fs/cgroup/*/k8s.io 2>/dev/null
}
