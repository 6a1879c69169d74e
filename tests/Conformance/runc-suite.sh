#!/usr/bin/env bash
# Runs runc's own integration tests (tests/integration/*.bats) with each runtime that is given.
# Usage: RUNC_SOURCE=CHECKOUT runc-suite.sh NAME=PATH…
# CHECKOUT is a source tree of runc with contrib/cmd/* built (make, or go build in each); bats and jq have to be
# installed. ONLY is a pattern of test files (default *), e.g. ONLY='exec' or ONLY='{run,kill}'.
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
enter_namespace "$@"
for tool in bats jq script; do
    command -v $tool >/dev/null || { echo "$tool is not installed" >&2; exit 2; }
done

work=$(mktemp -d /tmp/container-runc-suite.XXXXXX)
trap 'remove "$work"' EXIT

# The images come from the network; ours is busybox for both.
mkdir -p "$work/tree/contrib" && cp -r "$RUNC_SOURCE/tests" "$work/tree/" && cp -r "$RUNC_SOURCE/contrib/cmd" "$work/tree/contrib/"
cp "$RUNC_SOURCE/go.mod" "$work/tree/" && make_root "$work/rootfs"
mkdir -p "$work/rootfs/var" "$work/rootfs/home" "$work/rootfs/usr/bin" "$work/rootfs/usr/sbin"
tar -C "$work/rootfs" -cJf "$work/image.tar.xz" .
mkdir "$work/hello" && cp "$(command -v busybox)" "$work/hello/hello"
tar -C "$work/hello" -cf "$work/hello.tar" .
printf '#!/bin/sh\necho BUSYBOX_IMAGE=%s\necho DEBIAN_IMAGE=%s\necho HELLO_IMAGE=%s\n' \
    "$work/image.tar.xz" "$work/image.tar.xz" "$work/hello.tar" >"$work/tree/tests/integration/get-images.sh"

mkdir "$work/bin"
for pair in "$@"; do
    name=${pair%%=*}
    ln -s "${pair#*=}" "$work/bin/$name"
    : >"$work/$name.tap"
    for file in "$work/tree/tests/integration/"${ONLY:-*}.bats; do
        # They take for granted that there is a controlling terminal.
        RUNC=$work/bin/$name timeout 300 script -qec "bats --tap '$file'" /dev/null </dev/null 2>&1 | tr -d '\r' |
            sed "s/^\(ok\|not ok\) [0-9]* /\1 $(basename "$file" .bats): /" >>"$work/$name.tap"
    done
    [ -n "${KEEP:-}" ] && cp "$work/$name.tap" "$KEEP/$name.tap"
done

worse=0
printf '%-64s' 'test (those with one result for all are counted only)'
for pair in "$@"; do printf '%-8s' "${pair%%=*}"; done
echo
while read -r test; do
    row='' peers=0 own=0 first='' same=1
    for pair in "$@"; do
        name=${pair%%=*}
        line=$(grep -E -m1 "^(ok|not ok) " < <(grep -F " $test" "$work/$name.tap"))
        case $line in
        *'# skip'*) result=skip ;;
        ok*) result=ok; [ "$name" = psrun ] || peers=1 ;;
        *) result=FAIL; [ "$name" = psrun ] && own=1 ;;
        esac
        [ -z "$first" ] && first=$result
        [ "$result" = "$first" ] || same=0
        row+=$(printf '%-8s' "$result")
    done
    [ $own -eq 1 ] && [ $peers -eq 1 ] && worse=$((worse + 1))
    [ $same -eq 0 ] && printf '%-64s%s\n' "${test:0:62}" "$row"
done < <(sed -n 's/^\(ok\|not ok\) //p' "$work"/*.tap | sed 's/ # skip.*//' | sort -u)
for pair in "$@"; do
    name=${pair%%=*}
    skipped=$(grep -c '^ok .*# skip' "$work/$name.tap")
    printf '%s: %d passed, %d failed, %d skipped\n' "$name" $(($(grep -c '^ok ' "$work/$name.tap") - skipped)) \
        "$(grep -c '^not ok ' "$work/$name.tap")" "$skipped"
done
echo "psrun fails $worse that a peer passes"
[ $worse -eq 0 ]
