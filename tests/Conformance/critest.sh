#!/usr/bin/env bash
# Runs Kubernetes' validation of a container runtime, critest, against containerd's CRI plugin or, where CRIO names its program,
# CRI-O, with each runtime that is given. Usage: CRITEST=PROGRAM CRICTL=PROGRAM critest.sh NAME=PATH…
# Both programs are those of one release of cri-tools. ONLY is a regular expression of tests, KEEP a directory that gets
# what each runtime's tests printed. The tests of pulling images are left out: no registry is asked for anything.
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
. "$(dirname "${BASH_SOURCE[0]}")/cri-common.sh"
for tool in "$CRITEST" "${CRICTL:-crictl}" gcc jq; do
    command -v "$tool" >/dev/null || { echo "$tool is not installed" >&2; exit 2; }
done
enter_namespace "$@"

work=$(mktemp -d /tmp/container-critest.XXXXXX)
trap end_cri EXIT
cd "$work" || exit 1
crictl() { command "${CRICTL:-crictl}" "$@"; }
start_cri "$@"

# The images of the suite come from the network; ours are busybox under their names. Its servers are told by what they
# print, the name of their process and its command line, and are asked for one page.
images=registry.k8s.io/e2e-test-images
printf '#!/bin/sh\nexec cat /proc/sysvipc/shm\n' >"$work/rootfs/bin/ipcs"
printf '#!/bin/sh\nexec pidof "$@"\n' >"$work/rootfs/bin/pgrep"
chmod +x "$work/rootfs/bin/ipcs" "$work/rootfs/bin/pgrep" && ln -f "$work/rootfs/bin/busybox" "$work/rootfs/bin/ls"
echo 'nobody:x:65534:65534:nobody:/:/bin/sh' >>"$work/rootfs/etc/passwd"
import $images/busybox:1.29-2
mkdir -p "$work/rootfs/www" "$work/rootfs/run" "$work/rootfs/var" && ln -s ../run "$work/rootfs/var/run" && echo page >"$work/rootfs/www/index.html"
cat >"$work/rootfs/bin/nginx" <<'END'
#!/bin/sh
trap 'exit 0' TERM
echo "httpd -D FOREGROUND"
echo $$ >/var/run/nginx.pid
httpd -p "$1" -h /www
while :; do sleep 1000 & wait $!; done
END
chmod +x "$work/rootfs/bin/nginx"
server() { import "$1" '{"Env":["PATH=/bin"],"Entrypoint":["/bin/nginx","'"$2"'","master process"]}'; }
server $images/nginx:1.14-2 80
server $images/httpd:2.4.39-4 80
server gcr.io/k8s-staging-cri-tools/hostnet-nginx-amd64:latest 12003
# A program with the set-user-id bit that says who it is.
printf '#include <stdio.h>\n#include <unistd.h>\nint main(void) { printf("Effective uid: %%d\\n", geteuid()); return 0; }\n' |
    gcc -static -x c -o "$work/rootfs/bin/nnp" - && chmod 4755 "$work/rootfs/bin/nnp" || exit 1
import $images/nonewprivs:1.3 '{"Env":["PATH=/bin"],"Entrypoint":["/bin/nnp"]}'
echo 'default-user:x:1000:1000::/tmp:/bin/sh' >"$work/rootfs/etc/passwd"
printf 'default-user:x:1000:\ngroup-defined-in-image:x:50000:default-user\n' >"$work/rootfs/etc/group"
import gcr.io/k8s-staging-cri-tools/test-image-predefined-group:latest '{"Env":["PATH=/bin"],"Cmd":["sh"],"User":"1000"}'

declare -A results tests passed failed skipped
for pair in "$@"; do
    name=${pair%%=*} passed[$name]=0 failed[$name]=0 skipped[$name]=0
    "$CRITEST" --runtime-endpoint "$CONTAINER_RUNTIME_ENDPOINT" --runtime-handler "$name" --report-dir "$work/$name" \
        --ginkgo.no-color --ginkgo.seed 1 --ginkgo.skip 'Image Manager' ${ONLY:+--ginkgo.focus "$ONLY"} \
        --ginkgo.json-report "$work/$name.json" >"$work/$name.out" 2>&1 </dev/null
    [ -n "${KEEP:-}" ] && cp "$work/$name.out" "$KEEP/$name.out"
    while IFS=$'\t' read -r state test; do
        case $state in
        passed) state=ok passed[$name]=$((passed[$name] + 1)) ;;
        skipped) skipped[$name]=$((skipped[$name] + 1)) ;;
        *) state=FAIL failed[$name]=$((failed[$name] + 1)) ;;
        esac
        results[$name $test]=$state tests[$test]=1
    done < <(jq -r '.[0].SpecReports[] | select(.LeafNodeType == "It") |
        "\(.State)\t\((.ContainerHierarchyTexts // []) + [.LeafNodeText] | join(" "))"' "$work/$name.json")
done

compare_tests "$@"
