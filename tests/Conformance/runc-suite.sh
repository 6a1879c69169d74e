#!/usr/bin/env bash
# Runs runc's own integration tests (tests/integration/*.bats) with each runtime that is given.
# Usage: RUNC_SOURCE=CHECKOUT runc-suite.sh NAME=PATH…
# CHECKOUT is a source tree of runc with its helpers built: before 1.2 contrib/cmd/* (make, or go build in each; seccompagent
# with the tag seccomp), since then tests/cmd/_bin (make test-binaries); bats, gawk, jq and gcc have to be installed. ONLY is
# a pattern of test files (default *), e.g. ONLY='exec'; KEEP is a directory that gets what each runtime's tests printed.
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
enter_namespace "$@"
for tool in bats gawk jq script gcc; do
    command -v $tool >/dev/null || { echo "$tool is not installed" >&2; exit 2; }
done

work=$(mktemp -d /tmp/container-runc-suite.XXXXXX)
cleanup() {
    local state
    for state in /sys/fs/cgroup/freezer/runc-cgroups-integration-test/*/freezer.state; do
        [ -e "$state" ] && echo THAWED >"$state"
    done
    find /sys/fs/cgroup -depth -path '*/runc-cgroups-integration-test*' -type d -exec rmdir {} + 2>/dev/null
    losetup --list --noheadings --output NAME,BACK-FILE | awk '$2 ~ "^/tmp/bats-run" { print $1 }' | xargs -r -n 1 losetup -d
    remove "$work"
}
trap cleanup EXIT

# The images come from the network; ours are busybox, which as theirs has no user 1000 and none of the directories that
# a runtime makes. That of Debian is wanted for its ldconfig, bash and util-linux.
mkdir -p "$work/tree/contrib" && cp -r "$RUNC_SOURCE/tests" "$work/tree/"
[ -d "$RUNC_SOURCE/contrib/cmd" ] && cp -r "$RUNC_SOURCE/contrib/cmd" "$work/tree/contrib/"
cp "$RUNC_SOURCE/go.mod" "$work/tree/" && make_root "$work/rootfs"
mkdir -p "$work/rootfs/var" "$work/rootfs/home" "$work/rootfs/usr/bin" "$work/rootfs/usr/sbin" "$work/rootfs/lib"
rmdir "$work/rootfs/proc" "$work/rootfs/sys" "$work/rootfs/dev"
echo 'root:x:0:0:root:/root:/bin/sh' >"$work/rootfs/etc/passwd"
echo 'root:x:0:' >"$work/rootfs/etc/group"
tar -C "$work/rootfs" -cJf "$work/busybox.tar.xz" .
mkdir "$work/rootfs/sbin" && cp "$(command -v ldconfig || echo /sbin/ldconfig)" "$work/rootfs/sbin/"
for tool in bash findmnt chrt ionice; do
    path=$(command -v $tool) && for file in "$path" $(ldd "$path" | grep -o '/[^ ]*'); do
        mkdir -p "$work/rootfs/${file%/*}" && rm -f "$work/rootfs/$file" && cp -L "$file" "$work/rootfs/$file"
    done
done
tar -C "$work/rootfs" -cJf "$work/debian.tar.xz" .
mkdir "$work/hello" && cp "$(command -v busybox)" "$work/hello/hello"
tar -C "$work/hello" -cf "$work/hello.tar" .
printf '#!/bin/sh\necho BUSYBOX_IMAGE=%s\necho DEBIAN_IMAGE=%s\necho HELLO_IMAGE=%s\n' \
    "$work/busybox.tar.xz" "$work/debian.tar.xz" "$work/hello.tar" >"$work/tree/tests/integration/get-images.sh"

# What a test leaves in the background must not keep the output open: bats waits for its end.
sed -i 's/^\(\t("\$[{]*\(RECVTTY\|SECCOMP_AGENT\|TESTBINDIR\).*[^)\\]\) &) &$/\1 3>\&- >\/dev\/null 2>\&1 \&) \&/' \
    "$work/tree/tests/integration/helpers.bash"
sed -i 's/&>"$CONTAINER_OUTPUT") &/3>\&- &/' "$work/tree/tests/integration/update.bats"

declare -A results tests passed failed skipped
for pair in "$@"; do
    name=${pair%%=*} passed[$name]=0 failed[$name]=0 skipped[$name]=0
    # Called runc, as the tests of the texts of --help and --version want it.
    mkdir -p "$work/bin/$name" && ln -s "${pair#*=}" "$work/bin/$name/runc"
    for file in "$work/tree/tests/integration/"${ONLY:-*}.bats; do
        # The directory that enter_namespace has emptied: what crun leaves there, a test of delete takes for a cgroup.
        mountpoint -q /sys/fs/cgroup/unified && rm -rf /sys/fs/cgroup/unified/*
        # They take for granted that there is a controlling terminal.
        RUNC=$work/bin/$name/runc timeout -k 10 600 script -qec "bats --tap '$file'" /dev/null </dev/null 2>&1 |
            tr -d '\r' | sed "s/^\(ok\|not ok\) [0-9]* /\1 $(basename "$file" .bats): /" >>"$work/$name.tap"
    done
    [ -n "${KEEP:-}" ] && cp "$work/$name.tap" "$KEEP/$name.tap"
    while read -r line; do
        test=${line#not } test=${test#ok } result=ok
        case $line in
        *'# skip'*) result=skip skipped[$name]=$((skipped[$name] + 1)) ;;
        ok*) passed[$name]=$((passed[$name] + 1)) ;;
        *) result=FAIL failed[$name]=$((failed[$name] + 1)) ;;
        esac
        test=${test%% \# skip*}
        results[$name $test]=$result tests[$test]=1
    done < <(grep -E '^(ok|not ok) [^ ]+: ' "$work/$name.tap")
done

compare_tests "$@"
