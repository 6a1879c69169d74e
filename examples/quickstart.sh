#!/usr/bin/env bash
# The main job without pwsh, through psrun as any OCI engine drives it: the machine's own root, read-only and seen by
# nobody, is the root file system, so nothing is downloaded. What an ordinary user may not is left out, and said.
# PSRUN names the executable.
set -euo pipefail

# Root gives a container 65,536 ids and limits. A user gives it the own id, as psrun by itself maps one (the module maps
# subordinate ids), and no limits: psrun makes no control group for a user.
if [ "$(id -u)" -eq 0 ]; then
    limited=1 first_uid=1000000 first_gid=1000000 ids=65536
else
    limited= first_uid=$(id -u) first_gid=$(id -g) ids=1
    echo "A user's containers have one id here, and no limits: those are left out (docs/rootless.md)."
fi

work=$(mktemp -d /tmp/container-quickstart.XXXXXX)
psrun() { "$PSRUN" --root "$work/state" "$@"; }

cleanup() {
    local id
    for id in $(psrun list --quiet); do psrun delete --force "$id"; done
    rm -rf "$work"
}
trap cleanup EXIT

step() { printf '\n$ %s\n' "$*"; }
fail() { echo "the demo expected otherwise: $*" >&2; exit 1; }

# A bundle: name, memory limit in bytes, command line for sh.
bundle() {
    local cgroup=
    [ -z "$limited" ] || cgroup="\"cgroupsPath\": \"/container-quickstart/$1\",
    \"resources\": { \"memory\": { \"limit\": $2 }, \"pids\": { \"limit\": 50 } },"
    mkdir -p "$work/$1"
    cat >"$work/$1/config.json" <<END
{
  "ociVersion": "1.2.0",
  "root": { "path": "/", "readonly": true },
  "hostname": "$1",
  "process": {
    "args": ["sh", "-c", "$3"], "cwd": "/", "user": { "uid": 0, "gid": 0 }, "noNewPrivileges": true,
    "env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root"]
  },
  "mounts": [
    { "destination": "/proc", "type": "proc", "source": "proc", "options": ["nosuid", "noexec", "nodev"] },
    { "destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "mode=755"] },
    { "destination": "/sys", "type": "sysfs", "source": "sysfs", "options": ["nosuid", "noexec", "nodev", "ro"] },
    { "destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup", "options": ["nosuid", "noexec", "nodev", "ro"] },
    { "destination": "/tmp", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "nodev"] },
    { "destination": "/run", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "nodev"] },
    { "destination": "/var", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "nodev"] },
    { "destination": "/home", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "nodev"] },
    { "destination": "/root", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "nodev"] }
  ],
  "linux": {
    $cgroup
    "uidMappings": [{ "containerID": 0, "hostID": $first_uid, "size": $ids }],
    "gidMappings": [{ "containerID": 0, "hostID": $first_gid, "size": $ids }],
    "namespaces": [
      { "type": "user" }, { "type": "pid" }, { "type": "mount" }, { "type": "ipc" }, { "type": "uts" },
      { "type": "network" }, { "type": "cgroup" }
    ],
    "maskedPaths": ["/proc/kcore", "/proc/keys", "/sys/firmware"],
    "readonlyPaths": ["/proc/bus", "/proc/sys"]
  }
}
END
}

step "psrun create, start: three containers"
for name in web worker batch; do
    bundle "$name" 67108864 "echo hello from $name; exec sleep 300"
    psrun create --bundle "$work/$name" "$name" </dev/null >"$work/$name.log" 2>&1 || { cat "$work/$name.log"; exit 1; }
    psrun start "$name"
done

step "psrun list"
psrun list
[ "$(psrun list --quiet | wc -l)" -eq 3 ] || fail "three containers"

step "the log of web"
for _ in $(seq 300); do grep -q hello "$work/web.log" && break; sleep 0.1; done
cat "$work/web.log"
grep -q "hello from web" "$work/web.log" || fail "a line in the log"

step "psrun exec web id"
psrun exec web id

if [ -n "$limited" ]; then
    step "the memory limit, seen from inside"
    limit=$(psrun exec web sh -c 'cat /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null || cat /sys/fs/cgroup/memory.max')
    echo "$limit"
    [ "$limit" = 67108864 ] || fail "a limit of 64 MB"

    step "psrun run hungry: more memory than it may have"
    bundle hungry 33554432 "exec tail /dev/zero"
    code=0
    psrun run --bundle "$work/hungry" hungry </dev/null || code=$?
    echo "exit code $code"
    [ $code -eq 137 ] || fail "killed for its memory: exit code 137, not $code"
fi

step "psrun kill, delete"
for name in web worker batch; do psrun delete --force "$name"; done
psrun list
[ -z "$(psrun list --quiet)" ] || fail "nothing is left"
rmdir /sys/fs/cgroup/*/container-quickstart /sys/fs/cgroup/container-quickstart 2>/dev/null || true
echo "nothing is left"
