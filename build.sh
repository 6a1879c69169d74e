#!/usr/bin/env bash
# Builds, tests and shows the project on a bare Debian machine that has git and the .NET SDK.
# build.ps1 offers the same tasks from pwsh by calling this script.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

readonly configuration=Release
readonly module=artifacts/Container
readonly runtime=$module/bin/linux-x64/psrun

usage() {
    cat <<'END'
usage: ./build.sh TASK

  setup        install what is missing (apt; pwsh through dotnet tool where the feed has it)
  build        build everything; the module is then complete in artifacts/Container
  demo         build, then run several containers on the pseudo image "host"; downloads no image
  test         build, then run every test suite
  conformance  build, then run foreign suites and real clients against psrun
  bench        build, then measure psrun and the module beside crun, runc, bwrap and podman
  docs         build the help from docs/en-US
  pack         build, then make artifacts/Container.VERSION.nupkg
  clean        remove artifacts
END
}

say() { printf '\n== %s\n' "$*"; }

# --- set-up --------------------------------------------------------------------------------------------------------

# What a build links with, what the tests and the demo use, and the libraries the module loads when it needs them.
readonly packages=(
    gcc libc6-dev zlib1g-dev libseccomp2 libzstd1 busybox-static zstd bubblewrap uidmap iproute2 nftables
    user-mode-linux util-linux procps e2fsprogs xfsprogs
)
readonly peers=(crun runc podman hyperfine strace)

install_packages() {
    local missing=() package
    for package in "$@"; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return
    if [ "$(id -u)" -ne 0 ]; then
        echo "not root, so not installed: ${missing[*]} (apt-get install ${missing[*]})" >&2
        return
    fi
    say "installing ${missing[*]}"
    apt-get -qq update
    DEBIAN_FRONTEND=noninteractive apt-get -qq -y install --no-install-recommends "${missing[@]}" >/dev/null
}

install_pwsh() {
    export PATH="$PATH:$HOME/.dotnet/tools"
    command -v pwsh >/dev/null && return
    say "installing pwsh with dotnet tool"
    dotnet tool install --global PowerShell --allow-roll-forward >/dev/null 2>&1 || cat <<'END'
pwsh is not on this machine and this package feed does not have it: what needs it is skipped and counted.
To get it: install PowerShell 7.6 or later from your distribution, or run "dotnet tool install --global PowerShell".
END
}

setup() {
    command -v dotnet >/dev/null || { echo "the .NET SDK 10 is needed: https://dot.net" >&2; exit 1; }
    install_packages "${packages[@]}"
    install_pwsh
}

# --- build ---------------------------------------------------------------------------------------------------------

build() {
    setup
    say "building"
    dotnet publish src/Runtime -c $configuration -v quiet -nologo
    dotnet build Container.slnx -c $configuration -v quiet -nologo
    install -D -m 0755 artifacts/publish/Runtime/release_linux-x64/psrun "$runtime"
    echo "the module is in $module; in pwsh: Import-Module ./Container.psd1"
}

# --- tasks that run what was built ------------------------------------------------------------------------------------

demo() {
    build
    export PSCONTAINER_STATE_ROOT PSCONTAINER_RUN_ROOT
    local root
    root=$(mktemp -d /tmp/container-demo.XXXXXX)
    PSCONTAINER_STATE_ROOT=$root/state PSCONTAINER_RUN_ROOT=$root/run
    local result=0
    if command -v pwsh >/dev/null; then
        say "demo, in pwsh: examples/quickstart.ps1"
        pwsh -NoProfile -NonInteractive -File examples/quickstart.ps1 || result=$?
    else
        say "demo, without pwsh: the same job through psrun, examples/quickstart.sh"
        PSRUN=$PWD/$runtime bash examples/quickstart.sh || result=$?
    fi
    rm -rf "$root"
    return $result
}

run_tests() {
    build
    PSRUN=$PWD/$runtime PSCONTAINER_RUNTIME=$PWD/$runtime CONFIGURATION=${configuration,,} bash tests/run.sh
}

conformance() {
    build
    install_packages "${peers[@]}"
    PSRUN=$PWD/$runtime bash tests/Conformance/run.sh
}

bench() {
    build
    install_packages "${peers[@]}"
    PSRUN=$PWD/$runtime bash bench/run.sh
}

require_pwsh() {
    command -v pwsh >/dev/null || { echo "this task needs pwsh 7.6" >&2; exit 1; }
}

docs() {
    setup
    require_pwsh
    pwsh -NoProfile -NonInteractive -Command "
        Import-Module Microsoft.PowerShell.PlatyPS -ErrorAction Stop
        Import-MarkdownCommandHelp -Path docs/en-US/*-*.md |
            Export-MamlCommandHelp -OutputFolder artifacts/help -Force | Out-Null
        Copy-Item artifacts/help/Container/*.xml module/en-US/"
}

pack() {
    build
    require_pwsh
    pwsh -NoProfile -NonInteractive -Command "Compress-PSResource -Path $module -DestinationPath artifacts"
}

case "${1:-}" in
    setup | build | demo | conformance | bench | docs | pack) "$1" ;;
    test) run_tests ;;
    clean) rm -rf artifacts ;;
    *) usage; [ "${1:-}" = "" ] || exit 1 ;;
esac
