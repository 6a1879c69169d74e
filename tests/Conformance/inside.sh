#!/usr/bin/env bash
# What can be seen from inside a container, of the same documents, with each runtime that is given.
# Usage: inside.sh NAME=PATH…   (psrun and at least one peer)
# inside/facts.c and facts.sh print what a process sees, inside/variants.sh has the documents and the ways to start them.
# Fails on each line that psrun alone has, and on each that every peer has and psrun has not, unless docs/conformance.md
# lists it with a reason; and on a reason that matches no line any more, where all variants ran beside crun and runc.
# ONLY is a pattern of variants; KEEP is a directory that gets the lines of each runtime.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/common.sh"
enter_namespace "$@"
for tool in gcc jq script busybox; do
    command -v $tool >/dev/null || { echo "$tool is not installed"; exit 77; }
done

work=$(mktemp -d /tmp/container-inside.XXXXXX)
bundle=$work/bundle
group=/$(basename "$work")
chmod 755 "$work"
. "$here/inside/variants.sh"
. "$here/inside/life.sh"

# The peers change the owner of standard streams, also where that is /dev/null: not the host's.
mknod -m 666 "$work/null" c 1 3
mount --bind "$work/null" /dev/null

# Standard input that never ends, and the holder of the namespaces that containers join.
mkfifo "$work/silence"
exec 9<>"$work/silence"
unshare --net --ipc --uts --pid sh -c 'sleep 3600 & exec sleep 3600' </dev/null >/dev/null 2>&1 9>&- &
holder=$!
cleanup() {
    # One is the first process of its pid namespace: a softer signal is not for it.
    { kill -KILL $(pgrep -P "$holder") "$holder"; wait "$holder"; } 2>/dev/null
    clean
    remove "$work"
}
trap cleanup EXIT

# Ends what a variant has left: the same place serves all runtimes, so that all see the same paths.
clean() {
    [ -n "${runtime:-}" ] && [ -d "$work/state" ] && "$runtime" --root "$work/state" delete --force c >/dev/null 2>&1
    remove "$work/state"
    rm -f "$work/out" "$work/errors" "$work/order"
    chown 0:0 /dev/null
    chmod 666 /dev/null
    find /sys/fs/cgroup -depth -path "*$group*" -type d -exec rmdir {} + 2>/dev/null
}

# The caller's environment is the same for all and everywhere: hooks show it.
caller=(env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/nowhere CALLER=1 timeout --foreground -k 5 60)
rt() { "${caller[@]}" "$runtime" --root "$work/state" "$@" 9>&-; }

mkdir -p "$bundle"
make_root "$bundle/rootfs"
gcc -static -O1 -o "$bundle/rootfs/bin/facts" "$here/inside/facts.c" || exit 2
cp "$here/inside/facts.sh" "$bundle/rootfs/"
chmod 1777 "$bundle/rootfs/tmp"

# The base document with the changes of a filter of jq; $holder and $work are known to it.
document() { jq -f "$here/inside/config.jq" -n --arg group "$group" | jq --arg holder "$holder" --arg work "$work" "$1" >"$bundle/config.json"; }

# What must differ (numbers of processes, mounts, pipes), and what is of the caller's place on this host.
spaces=()
for space in cgroup ipc mnt net pid time user uts; do
    for process in self "$holder"; do
        name=$([ "$process" = self ] && echo host || echo joined)
        spaces+=(-e "s/\\(namespace .*\\)$(readlink "/proc/$process/ns/$space" | sed 's/[][]/\\&/g')\$/\\1$name/")
    done
done
while IFS=: read -r _ _ path; do
    [ "$path" = / ] || spaces+=(-e "s#\\(cgroup [0-9].*\\)$path#\\1/CALLER#")
done </proc/self/cgroup
normalise() {
    tr -d '\r' | sed -e "s#$work#WORK#g" -e "s#$group#/GROUP#g" -e "s#$runtime#RUNTIME#g" "${spaces[@]}" \
        -e 's/\(pipe\|socket\|anon_inode\):\[[0-9]*\]/\1:[N]/g' -e 's/\(namespace .* \)[a-z]*:\[[0-9]*\]$/\1own/' \
        -e 's/;_ses.c$/;c/' -e 's/\(nr_inodes\|size\)=[0-9]\{6,\}k*/\1=N/g' -e 's/Seccomp_filters:.*/Seccomp_filters: N/' -e '/status NS/s/NN*/N/2g' |
        awk -f "$here/inside/mounts.awk"
}

# Puts a prefix before each line of a variant started in one way.
record() { normalise | label="$1" awk '{ print ENVIRON["label"], $0 }' >>"$work/lines.$name"; }

for pair in "$@"; do : >"$work/lines.${pair%%=*}"; done
for variant in $(declare -F | sed -n 's/^declare -f variant_//p'); do
    # shellcheck disable=SC2053
    [[ $variant == ${ONLY:-*} ]] || continue
    for pair in "$@"; do
        name=${pair%%=*} runtime=${pair#*=}
        "variant_$variant" </dev/null
    done
done

. "$here/inside/compare.sh"
