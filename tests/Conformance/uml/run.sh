#!/bin/bash
# Runs a command in a user-mode Linux guest whose only cgroup hierarchy is v2, on this machine's own root file system,
# and returns its output and exit code:
#
#     tests/Conformance/uml/run.sh [--timeout SECONDS] [--memory SIZE] [--env NAME=VALUE]… [--systemd] -- COMMAND…
#
# The guest (package user-mode-linux: no KVM, one processor, kernel 6.1) sees the host's files, the current directory
# included; what it writes goes to a tmpfs that ends with it. Controllers: cpu, io, memory, pids. No network but lo.
# With --systemd the host's systemd is its process 1, with D-Bus.
# Exit codes of its own: 64 usage, 69 not installed, 124 timed out, 125 the guest died.
set -uo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
timeout=300
memory=2G
variables=()
systemd=

while [[ $# -gt 0 ]]; do
    case $1 in
        --timeout) timeout=$2; shift 2 ;;
        --memory) memory=$2; shift 2 ;;
        --env) variables+=("$2"); shift 2 ;;
        --systemd) systemd=uml_systemd; shift ;;
        --) shift; break ;;
        *) echo "run.sh: unknown option '$1'" >&2; exit 64 ;;
    esac
done
if [[ $# -eq 0 ]]; then
    sed -n '2,5s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
    exit 64
fi
if ! command -v linux.uml > /dev/null; then
    echo 'run.sh: linux.uml is not installed (Debian: user-mode-linux)' >&2
    exit 69
fi

# The guest's memory is a file in TMPDIR, the exchange directory is read and written by the guest.
work=$(mktemp -d /dev/shm/container-uml-XXXXXXXX)
trap 'rm -rf "$work"' EXIT
{
    printf 'cd %q || exit 126\n' "$PWD"
    for variable in ${variables[@]+"${variables[@]}"}; do printf 'export %q\n' "$variable"; done
    printf 'exec'
    printf ' %q' "$@"
    printf '\n'
} > "$work/command"
: > "$work/stdout"
: > "$work/stderr"

# Why: registers.c.
preload=
if grep -q amx_tile /proc/cpuinfo; then
    gcc -O2 -shared -fPIC -o "$work/registers.so" "$here/registers.c" -ldl || exit 69
    preload=$work/registers.so
fi

LD_PRELOAD=$preload TMPDIR=/dev/shm timeout --kill-after=10 "$timeout" linux.uml \
    "mem=$memory" root=/dev/root rootfstype=hostfs rootflags=/ ro quiet panic=-1 \
    "init=$here/init.sh" "uml_exchange=$work" "uml_dir=$work/run" $systemd con0=null,fd:1 con=null \
    < /dev/null > "$work/console" 2>&1
status=$?

cat "$work/stdout"
cat "$work/stderr" >&2
if [[ -s $work/exit ]]; then exit "$(< "$work/exit")"; fi
if [[ $status -eq 124 || $status -eq 137 ]]; then
    echo "run.sh: the guest was stopped after $timeout s" >&2
    exit 124
fi
echo 'run.sh: the guest died; its console:' >&2
tail -n 30 "$work/console" >&2
exit 125
