# The state of the machine that a container can leak into: mounts, cgroups, network links and namespaces, firewall
# tables, processes of ours and our state directories. To be sourced.

snapshot() {
    awk '{ print "mount", $5, $9 }' /proc/self/mountinfo | sort
    find /sys/fs/cgroup -mindepth 2 -type d 2>/dev/null | grep -vE '/process_api(/|$)' | sort | sed 's/^/cgroup /'
    ip -o link show 2>/dev/null | awk -F': ' '{ print "link", $2 }' | sort
    ip netns list 2>/dev/null | sort | sed 's/^/netns /'
    command -v nft >/dev/null && nft list tables 2>/dev/null | sort
    pgrep -af 'psrun|linux\.uml' | grep -vE 'pgrep|run\.sh' | sed 's/^[0-9]* /process /' | sort
    find /tmp /run/psrun /run/pscontainer /var/lib/pscontainer -maxdepth 1 -mindepth 1 \
        \( -name 'pscontainer*' -o -name 'container-*' -o -path '/run/*' -o -path '/var/*' \) 2>/dev/null | sort | sed 's/^/file /'
    count_namespaces
    processes_elsewhere
}

# Namespaces that no process of ours holds any more go at once; one that stays is held by a leaked process or mount.
count_namespaces() {
    local kind
    for kind in mnt net pid user uts ipc cgroup; do
        printf 'namespaces %s %d\n' "$kind" \
            "$(find /proc -maxdepth 3 -path "/proc/[0-9]*/ns/$kind" -printf '%l\n' 2>/dev/null | sort -u | wc -l)"
    done
}

# Who is in namespaces that are not this shell's, when it was started, and what its control group is: names what the
# counts above can only tell of. Kernel threads have no command line.
processes_elsewhere() {
    local directory kind there
    for directory in /proc/[0-9]*; do
        [ -n "$(tr -d '\0' 2>/dev/null <"$directory/cmdline")" ] || continue
        for kind in mnt net pid; do
            there=$(readlink "$directory/ns/$kind") && [ "$there" != "$(readlink "/proc/self/ns/$kind")" ] || continue
            printf 'process %s: %s (since %s; %s)\n' "${directory#/proc/}" \
                "$(tr '\0' ' ' 2>/dev/null <"$directory/cmdline")" "$(ps -o lstart= -p "${directory#/proc/}")" \
                "$(tr '\n' ' ' 2>/dev/null <"$directory/cgroup")"
            break
        done
    done
}

# The kernel frees cgroups and processes a moment after their last user: wait up to ten seconds for the same picture.
settle() {
    local i
    for i in $(seq 20); do
        snapshot >"$2"
        cmp -s "$1" "$2" && return
        sleep 0.5
    done
}
