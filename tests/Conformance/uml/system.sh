#!/usr/bin/env bash
# Debian's systemd in containers on a host with cgroup v2 alone, and with systemd itself: system.sh in the guest of run.sh.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
archive=${SYSTEM_ROOT:-/var/tmp/container-conformance-systemd.tar}
[ -f "$archive" ] || { echo "skipped: system.sh has not made $archive"; exit 0; }
psrun=${PSRUN:-$PWD/artifacts/Container/bin/linux-x64/psrun}
exec tests/Conformance/uml/run.sh --systemd --memory 3G --timeout 900 --env "PATH=$PATH" --env "SYSTEM_ROOT=$archive" \
    --env "ONLY=${ONLY:-}" --env "VERBOSE=${VERBOSE:-}" -- \
    "$PWD/tests/Conformance/uml/on-disk.sh" bash tests/Conformance/system.sh "psrun=$psrun"
