#!/usr/bin/env bash
# Images that the module exports, loaded and run by podman and copied by skopeo; and what they save, imported and run by
# the module. Usage: images.sh psrun=$PSRUN, with the module built in artifacts/Container.
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
module=$(readlink -f "$(dirname "${BASH_SOURCE[0]}")/../../artifacts/Container/Container.psd1")
[ -f "$module" ] || { echo "skipped: the module is not built"; exit 0; }
enter_namespace "$@"

# Podman takes a path with capital letters for a name that has none.
work=/tmp/container-images.$$
mkdir "$work" || exit 1
trap 'cleanup' EXIT
cd "$work"
cleanup() {
    pd rmi --all --force >/dev/null 2>&1
    ps 'Reset-ContainerHost -Force' >/dev/null 2>&1
    remove "$work"
    rmdir /sys/fs/cgroup/*/libpod_parent/conmon /sys/fs/cgroup/*/libpod_parent 2>/dev/null
}

echo '{ "default": [{ "type": "insecureAcceptAnything" }] }' >"$work/policy.json"
printf '[containers]\ndefault_ulimits = ["nofile=20000:20000", "nproc=32768:32768"]\n' >"$work/containers.conf"
export CONTAINERS_CONF=$work/containers.conf
export PSCONTAINER_STATE_ROOT=$work/state PSCONTAINER_RUN_ROOT=$work/run-state
export PSCONTAINER_CONFIG_ROOT=$work/configuration
for pair in "$@"; do [ "${pair%%=*}" = psrun ] && export PSCONTAINER_RUNTIME=${pair#*=}; done

pd() {
    podman --root "$work/store" --runroot "$work/run" --tmpdir "$work/tmp" --cgroup-manager=cgroupfs \
        --storage-driver=overlay "$@"
}
run() { pd run --rm --network=none "$@"; }
ps() { pwsh -NoProfile -NonInteractive -Command "Import-Module '$module'; \$ErrorActionPreference = 'Stop'; $1"; }
sk() { skopeo --policy "$work/policy.json" "$@"; }

# Two layers, the upper with a file changed and one removed, and all that a configuration can say.
make_root "$work/rootfs"
echo 'old' >"$work/rootfs/etc/changed" && echo 'gone' >"$work/rootfs/etc/removed" && echo >"$work/rootfs/etc/mode"
tar -C "$work/rootfs" --numeric-owner --owner=0 --group=0 -cf "$work/rootfs.tar" .
changes='echo new > /etc/changed; rm /etc/removed; chmod 4751 /etc/mode'
ps "\$settings = 'ENV PATH=/bin', 'ENV WHO=me', 'USER 1000'
    [void](ConvertTo-ContainerImage -LiteralPath '$work/rootfs.tar' -Tag base -Change \$settings)
    \$made = New-Container base -Name change -User 0 -Start sh '-c' '$changes'
    [void](\$made | Wait-Container)
    \$settings = 'USER 1000', 'CMD [\"cat\", \"/etc/changed\"]', 'LABEL a=b'
    (\$made | ConvertTo-ContainerImage -Tag app:1 -Change \$settings).Id" >"$work/id" \
    || { echo "the module made no image"; exit 1; }
id=$(tail -1 "$work/id")

# Whether an image of podman's is ours: its id, what it runs, and what its layers show.
is_app() {
    { pd image inspect --format '{{.Id}}' "$1"; run "$1"; run "$1" sh -c "$look"; } >"$work/found"
    printf '%s\nnew\n1000\nme\nremoved\n4751\n' "$id" | diff - "$work/found"
}
look='id -u; echo $WHO; test -e /etc/removed || echo removed; stat -c %a /etc/mode'

load() {
    rm -rf "$work/archive"
    ps "[void](Export-ContainerImage app:1 '$work/archive' -Format $1 -Compression $2)" || return
    pd rmi --all --force >/dev/null

    # These versions of podman and skopeo read no docker archive that is compressed, their own neither.
    if [ "$1$2" = DockerArchiveGzip ]; then mv "$work/archive" "$work/archive.gz" && gunzip "$work/archive.gz"; fi
    local loaded
    if [ "$1" = OciLayout ]; then loaded=$(pd pull -q "oci:$work/archive"); else loaded=$(pd load -q -i "$work/archive"); fi
    echo "podman: $loaded"
    is_app "${loaded##* }"
}

save() {
    load OciArchive None || return
    rm -rf "$work/back"
    pd save -q --format "$1" -o "$work/back" "$id" || return
    ps "\$PSNativeCommandUseErrorActionPreference = \$false
        Remove-ContainerImage app:1
        \$image = Import-ContainerImage '$work/back' -Tag app:1
        \$image.Id
        Invoke-ContainerImage app:1" >"$work/imported" || return
    cat "$work/imported"
    [ "$(cat "$work/imported")" = "$(printf '%s\nnew' "$id")" ]
}

copy() {
    rm -rf "$work/archive" "$work/copied"
    ps "[void](Export-ContainerImage app:1 '$work/archive' -Format $1)" || return
    sk copy -q "$2:$work/archive" "$3:$work/copied" || return

    # The other form may write the same configuration in other words.
    ps "[void](Import-ContainerImage '$work/copied' -Tag copied)
        Invoke-ContainerImage copied
        Invoke-ContainerImage copied sh '-c' '$look'
        Remove-ContainerImage copied" | diff <(printf 'new\n1000\nme\nremoved\n4751\n') -
}

case_load_oci_archive() { load OciArchive None; }
case_load_oci_archive_gzip() { load OciArchive Gzip; }
case_load_docker_archive() { load DockerArchive None; }
case_load_docker_archive_gzip() { load DockerArchive Gzip; }
case_pull_oci_layout() { load OciLayout None; }
case_pull_oci_layout_gzip() { load OciLayout Gzip; }
case_save_oci_archive() { save oci-archive; }
case_save_oci_directory() { save oci-dir; }
case_save_docker_archive() { save docker-archive; }
case_copy_oci_to_docker() { copy OciArchive oci-archive docker-archive; }
case_copy_docker_to_oci() { copy DockerArchive docker-archive oci-archive; }

run_cases "psrun=${PSCONTAINER_RUNTIME:-}"
