#!/usr/bin/env bash
# What an administrator runs, as containers of the module (the cmdlets, in pwsh) and of podman in the same run: servers,
# tool chains, programs that become another user, jobs with limits. Usage: workloads.sh psrun=$PSRUN, with the module
# built in artifacts/Container. Their root file systems are made once by mmdebstrap from this machine's feed and kept in
# /var/tmp. MODES has some of root (what a container has by default), hardened (no capability but those a case names, a
# read-only root, a server's own user) and user (an ordinary user's containers, the cases in $sample).
#
# WORKLOADS_ROOT=host takes the module's image of this machine for all roots, without podman: what needs a program that
# is not here is skipped. tests/run.sh does that.
set -uo pipefail
here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
. "$here/common.sh"
built=$(readlink -f "$here/../../artifacts/Container")
[ -f "$built/Container.psd1" ] || { echo "skipped: the module is not built"; exit 0; }
# The roots, and what is in them; what case_apt installs without a network lies in the cache of apt.
declare -A packages=(
    [servers]=nginx,apache2,postgresql,mariadb-server,redis-server,rabbitmq-server,openssh-server,openssh-client,curl,cron,at,sudo,iputils-ping,procps,iproute2,postfix
    [tools]=openjdk-17-jdk-headless,nodejs,golang-go,python3,gcc,libc6-dev,gdb,procps
)
readonly download='chroot "$1" apt-get -qq -y --no-install-recommends --download-only install git vim'
archive_of() { echo "/var/tmp/container-conformance-$1.tar"; }
if [ -z "${WORKLOADS_ROOT:-}" ] && [ -z "${CONTAINER_CONFORMANCE_NAMESPACE:-}" ]; then
    make_debian "$(archive_of servers)" "${packages[servers]}"
    make_debian "$(archive_of tools)" "${packages[tools]}" --skip=cleanup/apt --customize-hook="$download"
fi
enter_namespace "$@"

readonly sample='@(nginx|postgresql|redis|java|python|gdb|ping_of_user|bytes_of_pipeline|job_with_time_limit|named_volume)'

# Podman takes a path with capital letters for a name that has none.
work=/tmp/container-workloads.$$
mkdir -m 755 "$work" || exit 1
trap 'cleanup' EXIT
cd "$work" || exit 1

. "$here/workloads/engines.sh"
. "$here/workloads/servers.sh"
. "$here/workloads/users.sh"
. "$here/workloads/tools.sh"
. "$here/workloads/jobs.sh"

pairs=("psrun=$PSCONTAINER_RUNTIME")
[ -z "${WORKLOADS_ROOT:-}" ] && command -v podman >/dev/null && pairs+=("podman=$(command -v podman)")
only=${ONLY:-} result=0
for mode in ${MODES:-root hardened user}; do
    printf '== %s\n' "$mode"
    begin_mode || { echo "skipped: $(cat "$work/why")"; continue; }
    ONLY=$only
    [ "$mode" != user ] || ONLY=${only:-$sample}
    run_cases "${pairs[@]}" || result=1
    end_mode
done
printf '%d passed, %d failed, %d skipped\n' "$all_passed" "$all_failed" "$all_skipped"
exit $result
