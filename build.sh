#!/usr/bin/env bash
# Builds, tests and shows the project on a bare Debian machine that has git and the .NET SDK.
# build.ps1 offers the same tasks from pwsh by calling this script.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

readonly configuration=Release
readonly module=artifacts/Container
readonly runtime=$module/bin/linux-x64/psrun
readonly pwsh_version=7.6.9 pester_version=6.2.0

usage() {
    cat <<'END'
usage: ./build.sh TASK

  setup        install what is missing (apt; PowerShell and Pester where the package feed has them)
  build        build everything; the module is then complete in artifacts/Container
  demo         build, then run several containers on the pseudo image "host"; downloads no image
  test         build, then run every test suite
  conformance  build, then run foreign suites and real clients against psrun
  fuzz         build, then read damaged documents, archives and packets: a minute each, or CONTAINER_FUZZ_SECONDS
  bench        build, then measure psrun and the module beside crun, runc, bwrap and podman
  docs         make the help of the pages in docs/en-US, and try their examples
  pack         build, then make artifacts/Container.VERSION.nupkg
  clean        remove artifacts
END
}

say() { printf '\n== %s\n' "$*"; }

# --- set-up --------------------------------------------------------------------------------------------------------

# What a build links with, what the tests and the demo use, and the libraries the module loads when it needs them.
readonly packages=(
    gcc libc6-dev zlib1g-dev libseccomp-dev libzstd1 busybox-static zstd bubblewrap uidmap iproute2 nftables
    user-mode-linux util-linux procps e2fsprogs xfsprogs strace crun runc
)
readonly peers=(podman)

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

# Where every user can run it: tests run as other users too.
readonly all_modules=/usr/local/share/powershell/Modules
if [ "$(id -u)" -eq 0 ]; then
    readonly tools=/opt/container-tools programs=/usr/local/bin modules=$all_modules
else
    readonly tools=$HOME/.local/share/container-tools programs=$HOME/.local/bin
    readonly modules=$HOME/.local/share/powershell/Modules
fi

# A pwsh of a dotnet tool is a launcher: the shell is its child, and goes on when the launcher is killed. One in root's
# home is nobody else's.
is_good_pwsh() {
    local file
    file=$(readlink -f "$1")
    [ ! -d "$(dirname "$file")/.store" ] || return 1
    [ "$(id -u)" -ne 0 ] || [ "${file#"${HOME:-/root}"/}" = "$file" ] || return 1
    "$1" --version 2>/dev/null | grep -qE '^PowerShell (7\.([6-9]|[1-9][0-9])|[89])'
}

find_shell() { find "$1" -path '*/unix/pwsh.dll' -printf '%h/pwsh' -quit 2>/dev/null || true; }

# A link to the shell, or where that does not find the .NET of this machine, what becomes the shell.
link_pwsh() {
    chmod a+x "$1"
    mkdir -p "$programs"
    ln -sfn "$1" "$programs/pwsh"
    if ! env -i HOME=/ "$programs/pwsh" --version >/dev/null 2>&1; then
        rm "$programs/pwsh"
        printf '#!/bin/sh\nDOTNET_ROOT=%q exec %q "$@"\n' "$(dirname "$(readlink -f "$(command -v dotnet)")")" "$1" \
            >"$programs/pwsh"
        chmod 755 "$programs/pwsh"
    fi
}

install_pwsh() {
    export PATH="$programs:$PATH"
    local found place=$tools/pwsh-$pwsh_version shell
    found=$(command -v pwsh) && is_good_pwsh "$found" && return
    shell=$(find_shell "$place")
    if [ -z "$shell" ]; then
        say "installing PowerShell $pwsh_version in $tools"
        # Not what a umask says: others run it.
        (umask 022 && dotnet tool install PowerShell --version $pwsh_version --tool-path "$place") >/dev/null 2>&1 || true
        shell=$(find_shell "$place")
    fi
    if [ -n "$shell" ]; then
        chmod -R a+rX "$tools"
        link_pwsh "$shell"
    elif [ -z "$found" ]; then
        cat <<END
This package feed does not have PowerShell $pwsh_version: what needs pwsh is skipped and counted.
To get it: install PowerShell 7.6 or later from your distribution.
END
    fi
    hash -r
}

install_pester() {
    command -v pwsh >/dev/null || return 0
    [ ! -d "$modules/Pester/$pester_version" ] && [ ! -d "$all_modules/Pester/$pester_version" ] || return 0
    say "installing Pester $pester_version in $modules"
    local work
    work=$(mktemp -d)
    cat >"$work/pester.csproj" <<END
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
  <ItemGroup><PackageDownload Include="Pester" Version="[$pester_version]" /></ItemGroup>
</Project>
END
    cp nuget.config "$work/"
    if dotnet restore "$work" --packages "$work/packages" >"$work/log" 2>&1; then
        mkdir -p "$modules/Pester"
        chmod a+rx "$(dirname "$modules")" "$modules"
        cp -r "$work/packages/pester/$pester_version/tools" "$modules/Pester/$pester_version"
        chmod -R a+rX "$modules/Pester"
    else
        tail -3 "$work/log"
        echo "This package feed does not have Pester $pester_version: its suites are skipped and counted."
    fi
    rm -rf "$work"
}

setup() {
    command -v dotnet >/dev/null || { echo "the .NET SDK 10 is needed: https://dot.net" >&2; exit 1; }
    install_packages "${packages[@]}"
    install_pwsh
    install_pester
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

# Whether nobody but root can change what is in this directory, as root's PSCONTAINER_RUNTIME has to be (SECURITY.md).
is_roots() {
    local directory=$PWD
    while [ -n "$directory" ]; do
        [ -z "$(find "$directory" -maxdepth 0 \( ! -uid 0 -o -perm /022 ! -perm -1000 \))" ] || return 1
        directory=${directory%/*}
    done
}

run_tests() {
    build
    local tried=$PWD/$runtime copy='' result=0
    if [ "$(id -u)" -eq 0 ] && ! is_roots; then
        copy=$(mktemp -d /tmp/container-runtime.XXXXXX)
        chmod 0755 "$copy"
        cp "$tried" "$copy/psrun"
        tried=$copy/psrun
    fi
    PSRUN=$tried PSCONTAINER_RUNTIME=$tried CONFIGURATION=${configuration,,} bash tests/run.sh || result=$?
    [ -z "$copy" ] || rm -rf "$copy"
    return $result
}

conformance() {
    build
    install_packages "${peers[@]}"
    PSRUN=$PWD/$runtime bash tests/Conformance/run.sh
}

# Other inputs in every run; what fails is kept below /tmp, with the seed that made it.
fuzz() {
    build
    export CONTAINER_FUZZ_SECONDS=${CONTAINER_FUZZ_SECONDS:-60} CONTAINER_FUZZ_SEED=${CONTAINER_FUZZ_SEED:-$RANDOM}
    local suite result=0
    for suite in Native Engine; do
        say "$suite, $CONTAINER_FUZZ_SECONDS s each, seed $CONTAINER_FUZZ_SEED"
        "artifacts/bin/$suite.Tests/${configuration,,}/Container.$suite.Tests" --no-progress --no-ansi \
            --filter-class '*FuzzTests' || result=1
    done
    say "objects of containers, $CONTAINER_FUZZ_SECONDS s"
    pwsh -NoProfile -NonInteractive -File tests/Pester/Invoke-Tests.ps1 -Name Fuzz || result=1
    return $result
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
    dotnet build src/Cmdlets -c $configuration -v quiet -nologo
    ! command -v pwsh >/dev/null || pwsh -NoProfile -NonInteractive -File tests/Pester/Invoke-Tests.ps1 -Name Help,Examples
}

pack() {
    build
    require_pwsh
    pwsh -NoProfile -NonInteractive -Command "Compress-PSResource -Path $module -DestinationPath artifacts"
}

case "${1:-}" in
    setup | build | demo | conformance | fuzz | bench | docs | pack) "$1" ;;
    test) run_tests ;;
    clean) rm -rf artifacts ;;
    *) usage; [ "${1:-}" = "" ] || exit 1 ;;
esac
