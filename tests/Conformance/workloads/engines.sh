# The words of the cases, for the module and for podman. Options are those of podman; what is particular to a mode is
# added here.
#
#     start ROOT NAME [OPTION…] -- COMMAND…     a container that goes on
#     once ROOT [OPTION…] -- COMMAND…           one that ends with its command, and is gone
#     inside NAME [OPTION…] -- COMMAND…         a command in a container
#     outside NAME COMMAND…                     a program of the host, in the network of a container
#     await_port, await_log NAME WHAT           until a server answers, or says so
#     restart NAME, stop NAME CODE              stop fails where the container ends with another code
#     over NAME…                                removes containers and fails where something of them is left

export PSCONTAINER_STATE_ROOT PSCONTAINER_RUN_ROOT PSCONTAINER_CONFIG_ROOT PSCONTAINER_RUNTIME=$work/psrun
cp -r "$built" "$work/module"
for pair in "$@"; do [ "${pair%%=*}" = psrun ] && cp "${pair#*=}" "$work/psrun"; done
[ -x "$work/psrun" ] || cp "$work/module/bin/linux-x64/psrun" "$work/psrun"

echo '{ "default": [{ "type": "insecureAcceptAnything" }] }' >"$work/policy.json"
printf '[containers]\ndefault_ulimits = ["nofile=20000:20000", "nproc=32768:32768"]\n[engine]\nevents_logger = "file"\n' \
    >"$work/containers.conf"
export CONTAINERS_CONF=$work/containers.conf

# --- modes -----------------------------------------------------------------------------------------------------------

mode='' user='' prefix=() as=()
begin_mode() {
    place=$work/$mode
    install -d "$place/state" "$place/shared"
    prefix=()
    [ "$mode" != user ] || make_user || return
    PSCONTAINER_STATE_ROOT=$place/state PSCONTAINER_RUN_ROOT=$place/run PSCONTAINER_CONFIG_ROOT=$place/configuration
}

make_user() {
    local program
    for program in useradd userdel setpriv newuidmap newgidmap; do
        command -v $program >/dev/null || { echo "$program is not installed" >"$work/why"; return 1; }
    done
    user=psw$(head -c 4 /dev/urandom | od -An -tx4 | tr -d ' ')
    useradd --home-dir "$place" --shell /bin/sh "$user" 2>"$work/why" || { user=''; return 1; }
    grep -q "^$user:" /etc/subuid || usermod --add-subuids 200100000-200165535 --add-subgids 200100000-200165535 "$user"
    install -d -m 700 -o "$user" "$place/xdg"
    chown -R "$user:" "$place"
    prefix=(setpriv --reuid "$user" --regid "$user" --init-groups env "HOME=$place" "XDG_RUNTIME_DIR=$place/xdg")
}

end_mode() {
    pd rm --all --force -t 0 >/dev/null 2>&1
    [ "$mode" != user ] || pd system migrate >/dev/null 2>&1
    ps 'Reset-ContainerHost -Force' >/dev/null 2>&1
    if [ -n "$user" ]; then
        "${prefix[@]}" podman unshare rm -rf "$place/podman" >/dev/null 2>&1
        local process
        for process in $(command ps -o pid= -U "$user"); do kill -9 "$process" 2>/dev/null; done
        eventually userdel "$user" 2>/dev/null
        user=''
    fi
    remove "$place"
}

cleanup() {
    [ -z "$mode" ] || [ ! -d "$work/$mode" ] || end_mode
    remove "$work"
    rmdir /sys/fs/cgroup/*/libpod_parent/conmon /sys/fs/cgroup/*/libpod_parent 2>/dev/null
}

# What a server is in a hardened container: its own user, not root.
as() { [ "$mode" != hardened ] || as=(--user="$1"); }
not_in() { [[ " $* " != *" $mode "* ]] || exit 77; }

# --- roots -----------------------------------------------------------------------------------------------------------

# The image of a root for this engine in this mode, made at its first use.
image() {
    if [ -n "${WORKLOADS_ROOT:-}" ]; then
        [ "$1" = tools ] || exit 77
        echo "$WORKLOADS_ROOT"
        return
    fi
    local made=$place/$runtime_name.$1 archive
    archive=$(archive_of "$1")
    [ -O "$archive" ] || { echo "there is no root $1" >&2; exit 77; }
    if [ ! -e "$made" ]; then
        "${runtime_name}_image" "$archive" "$1" >&2 || return
        touch "$made"
    fi
    [ "$runtime_name" = psrun ] && echo "$1" || echo "localhost/$1"
}

# Skips the case where the machine has not the programs, and its own root is all there is.
needs() {
    [ -n "${WORKLOADS_ROOT:-}" ] || return 0
    local program
    for program in "$@"; do PATH=/usr/bin:/usr/sbin:/bin:/sbin command -v "$program" >/dev/null || exit 77; done
}

# --- the module --------------------------------------------------------------------------------------------------------

ps() {
    timeout 300 "${prefix[@]}" pwsh -NoProfile -NonInteractive -Command "
        Import-Module '$work/module/Container.psd1'
        \$ErrorActionPreference = 'Stop'; \$PSStyle.OutputRendering = 'PlainText'
        $1"
}

quoted() { local word; for word in "$@"; do printf " '%s'" "${word//\'/\'\'}"; done; }

declare -A parameters=(
    [--cap-add]=CapabilityAdd [--cap-drop]=CapabilityDrop [--env]=Environment [--hostname]=Hostname [--memory]=Memory
    [--memory-swap]=MemorySwap [--network]=NetworkNamespace [--pids-limit]=PidsLimit [--read-only]=ReadOnly
    [--tmpfs]=Tmpfs [--user]=User [--volume]=Volume [--workdir]=WorkingDirectory [--raise]=NoNewPrivileges
)
in_powershell() {
    local option name
    local -A values=()
    for option in "$@"; do
        name=${parameters[${option%%=*}]} value=${option#*=}
        case $option in
        --read-only) values[$name]=' ' ;;
        --raise) values[$name]=':$false' ;;
        --env=*) values[$name]=" @{ '${value%%=*}' = '${value#*=}' }" ;;
        *) values[$name]+="${values[$name]:+,}$(quoted "$value")" ;;
        esac
    done
    for name in "${!values[@]}"; do printf ' -%s%s' "$name" "${values[$name]}"; done
}

psrun_image() { ps "[void](ConvertTo-ContainerImage -LiteralPath '$1' -Tag $2)"; }
psrun_start() { ps "New-Container $1 -Name $2$(in_powershell "${options[@]}")$(quoted "${command[@]}") | Start-Container"; }
psrun_once() { ps "Invoke-ContainerImage $1$(in_powershell "${options[@]}")$(quoted "${command[@]}")"; }
psrun_inside() { ps "Invoke-ContainerCommand $1$(in_powershell "${options[@]}")$(quoted "${command[@]}")"; }
psrun_pid() { ps "(Get-Container $1).ProcessId"; }
psrun_await_port() { ps "Wait-Container $1 -Port $2 -TimeoutSec 120"; }
psrun_await_log() { ps "Wait-Container $1 -LogPattern '$2' -TimeoutSec 120"; }
psrun_log() { ps "(Get-ContainerLog $1).Line"; }
psrun_restart() { ps "Restart-Container $1"; }
psrun_stop() { ps "Stop-Container $1; Wait-Container $1"; }
psrun_wait() { ps "Wait-Container $1 -TimeoutSec 120"; }
psrun_remove() { ps "Remove-Container $(printf '%s,' "$@" | sed 's/,$//') -Force; Get-Container"; }
psrun_feed() { ps "Get-Content -AsByteStream -ReadCount 1MB '$2' | Invoke-ContainerImage $1$(quoted "${command[@]}")"; }
psrun_limited() { ps "Invoke-ContainerImage $1 -TimeoutSec $2$(quoted "${command[@]}")"; }

# --- podman ------------------------------------------------------------------------------------------------------------

pd() {
    timeout 300 "${prefix[@]}" podman --root "$place/podman/store" --runroot "$place/podman/run" --tmpdir "$place/podman/tmp" \
        --cgroup-manager=cgroupfs --storage-driver=overlay "$@"
}
# Podman lets programs raise themselves unless it is told.
podman_options() {
    local option rest=() raise=
    for option in "${options[@]}"; do [ "$option" = --raise ] && raise=1 || rest+=("$option"); done
    [ -n "$raise" ] || rest+=(--security-opt=no-new-privileges)
    [[ " ${options[*]} " == *' --network='* ]] || rest+=(--network=none)
    options=("${rest[@]}")
}

podman_image() { pd import "$1" "localhost/$2:latest" >/dev/null; }
podman_start() { podman_options; pd run --detach --name "$2" "${options[@]}" "$1" "${command[@]}" >/dev/null; }
podman_once() { podman_options; pd run --rm "${options[@]}" "$1" "${command[@]}"; }
podman_inside() { pd exec "${options[@]}" "$1" "${command[@]}"; }
podman_pid() { pd inspect --format '{{.State.Pid}}' "$1"; }
podman_await_port() { eventually outside "$1" bash -c "</dev/tcp/127.0.0.1/$2"; }
podman_await_log() { for _ in 1 2 3 4 5 6; do eventually podman_says "$@" && return; done; return 1; }
podman_says() { pd logs "$1" 2>&1 | grep -qiE "$2"; }
podman_log() { pd logs "$1"; }
podman_restart() { pd restart "$1"; }
podman_stop() { pd stop "$1" >&2 && pd wait "$1"; }
podman_wait() { pd wait "$1"; }
podman_remove() { pd rm --force -t 0 "$@" >&2; pd ps --all --quiet; }
podman_feed() { podman_options; pd run --rm -i "${options[@]}" "$1" "${command[@]}" <"$2"; }
podman_limited() { podman_options; pd run --rm --timeout "$2" "${options[@]}" "$1" "${command[@]}"; }

# --- what cases say ------------------------------------------------------------------------------------------------------

# Options up to --, the command after it.
split() {
    options=()
    while [ "$1" != -- ]; do options+=("$1"); shift; done
    shift
    command=("$@")
}
harden() {
    [ "$mode" = hardened ] || return 0
    options+=(--cap-drop=ALL --read-only)
    [[ " ${options[*]} " == *' --tmpfs='* ]] || options+=(--tmpfs=/tmp --tmpfs=/run)
}

start() {
    local root name=$2 dirty=$place/$runtime_name.dirty
    root=$(image "$1") || exit
    # What a case that failed has left.
    [ ! -e "$dirty" ] || "${runtime_name}_remove" $(cat "$dirty") >/dev/null 2>&1
    echo "$name" >"$dirty"
    shift 2
    split "$@"
    harden
    "${runtime_name}_start" "$root" "$name"
}
once() { local root; root=$(image "$1") || exit; shift; split "$@"; harden; "${runtime_name}_once" "$root"; }
inside() { local name=$1; shift; split "$@"; "${runtime_name}_inside" "$name"; }
feed() { local root file=$2; root=$(image "$1") || exit; shift 2; split "$@"; harden; "${runtime_name}_feed" "$root" "$file"; }
limited() { local root=$1 time=$2; root=$(image "$1") || exit; shift 2; split "$@"; harden; "${runtime_name}_limited" "$root" "$time"; }
outside() { local name=$1; shift; nsenter --net="/proc/$("${runtime_name}_pid" "$name")/ns/net" "$@"; }
await_port() { "${runtime_name}_await_port" "$@"; }
await_log() { "${runtime_name}_await_log" "$@"; }
logged() { "${runtime_name}_log" "$1"; }
restart() { "${runtime_name}_restart" "$1" >/dev/null; }
ended() { local code; code=$("${runtime_name}_wait" "$1"); [ "$code" = "$2" ] || { echo "$1 ended with $code"; return 1; }; }
stop() { local code; code=$("${runtime_name}_stop" "$1"); [ "$code" = "$2" ] || { echo "$1 ended with $code"; return 1; }; }
over() {
    local name pids=() left
    for name in "$@"; do pids+=("$("${runtime_name}_pid" "$name")"); done
    left=$("${runtime_name}_remove" "$@")
    for name in "${pids[@]}"; do [ "${name:-0}" = 0 ] || [ ! -e "/proc/$name" ] || left+=" process $name"; done
    [ -z "$left" ] || { echo "left: $left"; return 1; }
    rm "$place/$runtime_name.dirty"
}
