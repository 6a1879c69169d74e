#!/usr/bin/env bash
# Runs a test suite as an ordinary user with subordinate ids, who is made for it and removed after it, in a copy of what
# was built: nobody but root can enter root's directories.
#
#     tests/as-user.sh Native|Engine|Runtime [ARGUMENT…]    the executable of xUnit
#     tests/as-user.sh Pester [ARGUMENT…]                   tests/Pester/Invoke-Tests.ps1 -AsUser
#
# The user gets control groups where the host has version 1 hierarchies; tests/Pester/Rootless.Tests.ps1 has a user
# without any. Needs root, and CONFIGURATION as build.sh sets it. Exit code 77: cannot be run here, with the reason.
# Of tests/Runtime only what is of users runs: psrun by itself maps one id, most of its tests are of many.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

skip() {
    printf '%s\n' "$1"
    exit 77
}

[ "$(id -u)" -eq 0 ] || skip "making a user needs root"
for program in useradd userdel setpriv newuidmap newgidmap; do
    command -v $program >/dev/null || skip "$program is not installed"
done

configuration=${CONFIGURATION:-release}
name=psu$(head -c 4 /dev/urandom | od -An -tx4 | tr -d ' ')
place=/tmp/$name
groups=()
trap finish EXIT

finish() {
    local process start count
    for process in $(ps -o pid= -U "$name" 2>/dev/null); do kill -9 "$process" 2>/dev/null; done
    # A process that was killed leaves its group a moment later.
    for group in "${groups[@]}"; do
        for _ in $(seq 50); do
            find "$group" -depth -type d -exec rmdir {} \; 2>/dev/null
            [ -d "$group" ] || break
            sleep 0.1
        done
    done

    # What tests that failed left in /tmp, theirs and their containers'.
    IFS=: read -r _ start count <<<"$(grep -m 1 "^$name:" /etc/subuid)"
    find /tmp -mindepth 1 -maxdepth 1 -user "$name" -exec rm -rf {} + 2>/dev/null
    [ -n "$count" ] && find /tmp -mindepth 1 -maxdepth 1 -uid "+$((start - 1))" -uid "-$((start + count))" \
        -exec rm -rf {} + 2>/dev/null
    userdel "$name" 2>/dev/null
    rm -rf "$place"
}

mkdir -m 755 "$place"
useradd --home-dir "$place/home" --create-home --shell /bin/sh "$name" || skip "useradd failed"
grep -q "^$name:" /etc/subuid && grep -q "^$name:" /etc/subgid ||
    usermod --add-subuids 200000000-200065535 --add-subgids 200000000-200065535 "$name" || skip "no subordinate ids"
uid=$(id -u "$name")
install -d -m 700 -o "$name" "$place/run"

mkdir -p "$place/src/artifacts/bin"
cp -r Container.slnx Container.psd1 module src tests docs bench "$place/src/"
cp -r artifacts/Container "$place/src/artifacts/"
suite=$1
shift
if [ "$suite" != Pester ]; then
    mkdir -p "$place/src/artifacts/bin/$suite.Tests"
    cp -r "artifacts/bin/$suite.Tests/$configuration" "$place/src/artifacts/bin/$suite.Tests/"
fi
chown -R "$name:" "$place/src"

for controller in memory pids freezer cpu cpuacct cpuset blkio; do
    [ -e "/sys/fs/cgroup/$controller/tasks" ] || continue
    group=/sys/fs/cgroup/$controller/pscontainer-$uid
    mkdir "$group" && groups+=("$group")
    if [ $controller = cpuset ]; then
        for file in cpuset.cpus cpuset.mems; do cat "$group/../$file" >"$group/$file"; done
    fi
    chown -R "$name:" "$group"
done

as_user() {
    setpriv --reuid "$name" --regid "$name" --init-groups env -i -C "$place/src" "PATH=$PATH" "HOME=$place/home" \
        "XDG_RUNTIME_DIR=$place/run" TERM=dumb NO_COLOR=1 LANG=C.UTF-8 DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 \
        "PSRUN=$runtime" "PSCONTAINER_RUNTIME=$runtime" "$@"
}

runtime=$place/src/artifacts/Container/bin/linux-x64/psrun
if [ "$suite" = Pester ]; then
    as_user pwsh -NoProfile -NonInteractive -Command 'exit [int](-not (Get-Module -ListAvailable Pester))' \
        >/dev/null 2>&1 || skip "pwsh or its module Pester is not where other users can use it"
    as_user pwsh -NoProfile -NonInteractive -File tests/Pester/Invoke-Tests.ps1 -AsUser "$@"
else
    # What the compiled assemblies refer to is the same for everybody.
    filter=(--filter-not-namespace 'Container.Engine.Tests.Architecture')
    [ "$suite" != Runtime ] || filter=(--filter-class '*UnprivilegedTests')
    as_user "artifacts/bin/$suite.Tests/$configuration/Container.$suite.Tests" "${filter[@]}" "$@"
fi
