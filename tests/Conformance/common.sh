# What the scripts here share: a namespace of their own, a root file system of busybox, and the table of cases.

# Starts the script again in namespaces of its own, without the empty v2 tree of a hybrid host, which crun refuses.
# $namespaces are unshare's options for more of them.
enter_namespace() {
    if [ -z "${CONTAINER_CONFORMANCE_NAMESPACE:-}" ]; then
        # shellcheck disable=SC2086
        exec env CONTAINER_CONFORMANCE_NAMESPACE=1 unshare --mount --net --propagation private ${namespaces:-} bash "$0" "$@"
    fi
    if mountpoint -q /sys/fs/cgroup/unified; then
        # What crun then writes to the directory must not stay on the host.
        umount /sys/fs/cgroup/unified && mount -t tmpfs tmpfs /sys/fs/cgroup/unified
    fi
    ip link set lo up
}

# Removes a directory with what is mounted in it, never what that shows: a test that failed may have left /sys there.
remove() {
    awk -v d="$1/" 'index($5, d) == 1 { print $5 }' /proc/self/mountinfo | sort -r | xargs -r umount -l
    rm -rf --one-file-system "$1"
}

make_root() {
    mkdir -p "$1/bin" "$1/etc" "$1/tmp" "$1/root" "$1/proc" "$1/sys" "$1/dev"
    cp "$(command -v busybox)" "$1/bin/busybox"
    for applet in $("$1/bin/busybox" --list | grep -vx busybox); do ln -sf busybox "$1/bin/$applet"; done
    echo 'root:x:0:0:root:/root:/bin/sh' >"$1/etc/passwd"
    echo 'user:x:1000:1000:user:/tmp:/bin/sh' >>"$1/etc/passwd"
    printf 'root:x:0:\nuser:x:1000:\nextra:x:2000:user\n' >"$1/etc/group"
}

# Writes an image of the root file system $1 as an archive of the OCI layout, named $2, to $3; $4 is its configuration.
make_image() {
    local layout config layer diff manifest settings=${4:-'{"Env":["PATH=/bin"],"Cmd":["sh"]}'}
    layout=$(mktemp -d) && mkdir -p "$layout/blobs/sha256"
    blob() { local sum; sum=$(sha256sum "$1" | cut -d' ' -f1) && mv "$1" "$layout/blobs/sha256/$sum" && echo "$sum"; }
    size() { stat -c %s "$layout/blobs/sha256/$1"; }
    tar -C "$1" -cf "$layout/layer" . && layer=$(blob "$layout/layer") && diff=$layer
    printf '{"architecture":"amd64","os":"linux","config":%s,"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' "$settings" "$diff" >"$layout/config"
    config=$(blob "$layout/config")
    printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:%s","size":%d},"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"sha256:%s","size":%d}]}' \
        "$config" "$(size "$config")" "$layer" "$(size "$layer")" >"$layout/manifest"
    manifest=$(blob "$layout/manifest")
    printf '{"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:%s","size":%d,"annotations":{"io.containerd.image.name":"%s","org.opencontainers.image.ref.name":"latest"}}]}' \
        "$manifest" "$(size "$manifest")" "$2" >"$layout/index.json"
    echo '{"imageLayoutVersion":"1.0.0"}' >"$layout/oci-layout"
    tar -C "$layout" -cf "$3" .
    rm -rf "$layout"
}

# Makes the root file system $1 of Debian with the packages $2, an archive, where it is not there; then mmdebstrap's options.
make_debian() {
    [ ! -O "$1" ] || return 0
    command -v mmdebstrap >/dev/null || { echo "mmdebstrap is not installed"; return 1; }
    mmdebstrap --quiet --format=tar --variant=minbase --include="$2" "${@:3}" bookworm "$1.$$" && mv "$1.$$" "$1" ||
        { rm -f "$1.$$"; echo "mmdebstrap made no root"; return 1; }
}

# Prints the tests in which the runtimes (NAME=PATH each) differ and how many each passes, from the arrays results (of
# "NAME TEST": ok, FAIL or skip), tests, passed, failed and skipped. Fails where psrun fails what a peer passes.
compare_tests() {
    local pair name test row peers first same result worse=()
    printf '%-88s' 'test (those with one result for all are counted only)'
    for pair in "$@"; do printf '%-8s' "${pair%%=*}"; done
    echo
    while read -r test; do
        row='' peers=0 first='' same=1
        for pair in "$@"; do
            name=${pair%%=*} result=${results[$name $test]:-none}
            [ "$name" != psrun ] && [ "$result" = ok ] && peers=1
            [ "$result" = "${first:=$result}" ] || same=0
            row+=$(printf '%-8s' "$result")
        done
        case ${results[psrun $test]:-none} in FAIL | none) [ $peers -eq 1 ] && worse+=("$test") ;; esac
        [ $same -eq 0 ] && printf '%-88s%s\n' "${test:0:86}" "$row"
    done < <(printf '%s\n' "${!tests[@]}" | sort)
    for pair in "$@"; do
        name=${pair%%=*}
        printf '%s: %d passed, %d failed, %d skipped\n' "$name" "${passed[$name]}" "${failed[$name]}" "${skipped[$name]}"
    done
    echo "psrun fails ${#worse[@]} that a peer passes"
    [ ${#worse[@]} -eq 0 ] || printf '    %s\n' "${worse[@]}"
    [ ${#worse[@]} -eq 0 ] && [ "${passed[psrun]:-1}" -gt 0 ]
}

# Starts a containerd of the script's own, at CONTAINERD_ADDRESS and with its state in $work; end_containerd ends it.
containerd=
start_containerd() {
    cat >"$work/config.toml" <<END
version = 2
root = "$work/containerd/root"
state = "$work/containerd/state"
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[grpc]
  address = "$CONTAINERD_ADDRESS"
END
    containerd --config "$work/config.toml" --log-level warn >"$work/containerd.log" 2>&1 &
    containerd=$!
    eventually ctr version >/dev/null 2>&1 || { echo "containerd does not start:"; cat "$work/containerd.log"; exit 1; }
}
end_containerd() { [ -n "$containerd" ] && kill "$containerd" 2>/dev/null && wait "$containerd" 2>/dev/null; }

# Polls a command until it succeeds, for at most ten seconds.
eventually() {
    for _ in $(seq 100); do "$@" && return; sleep 0.1; done
    return 1
}

# Runs every function case_* with each runtime NAME=PATH, prints a table, and fails where psrun fails what a peer does.
# A case may return 77: it cannot be tried here. ONLY is a pattern of names, VERBOSE prints what a failure said, and what
# psrun's alone said comes last. all_passed, all_failed and all_skipped count over several tables.
all_passed=0 all_failed=0 all_skipped=0
run_cases() {
    local name pair result passed=0 failed=0 skipped=0 worse=0
    : >"$work/worse"
    printf '%-28s' case
    for pair in "$@"; do printf '%-8s' "${pair%%=*}"; done
    echo
    for name in $(declare -F | sed -n 's/^declare -f case_//p'); do
        # shellcheck disable=SC2053
        [ -n "${ONLY:-}" ] && [[ "$name" != $ONLY ]] && continue
        printf '%-28s' "$name"
        local peers=0 own=0
        for pair in "$@"; do
            runtime_name=${pair%%=*} runtime_path=${pair#*=}
            # grep -q ends with the first match, and who still writes to it then fails.
            (set +e +o pipefail; "case_$name") >"$work/out" 2>&1 </dev/null
            result=$?
            case $result in
            0) printf '%-8s' ok; passed=$((passed + 1)); [ "$runtime_name" = psrun ] || peers=$((peers + 1)) ;;
            77) printf '%-8s' skip; skipped=$((skipped + 1)) ;;
            *) printf '%-8s' FAIL; failed=$((failed + 1)); [ "$runtime_name" = psrun ] && own=1 && cp "$work/out" "$work/own" ;;
            esac
            [ $result -ne 0 ] && [ -n "${VERBOSE:-}" ] && { echo; sed 's/^/    /' "$work/out"; }
        done
        if [ $own -eq 1 ] && { [ $peers -gt 0 ] || [ $# -eq 1 ]; }; then
            worse=$((worse + 1))
            { echo "FAIL $name:"; tail -5 "$work/own" | sed 's/^/    /'; } >>"$work/worse"
        fi
        echo
    done
    cat "$work/worse"
    printf '%d passed, %d failed, %d skipped; psrun fails %d that a peer passes\n' $passed $failed $skipped $worse
    all_passed=$((all_passed + passed)) all_failed=$((all_failed + failed)) all_skipped=$((all_skipped + skipped))
    [ $worse -eq 0 ]
}
