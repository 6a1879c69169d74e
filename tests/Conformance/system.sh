#!/usr/bin/env bash
# Debian's systemd as the first process of a container of the module. Usage: system.sh psrun=$PSRUN, with the module built
# in artifacts/Container. The root file system is made once by mmdebstrap and kept at SYSTEM_ROOT. uml/system.sh runs the
# same on cgroup v2.
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
module=$(readlink -f "$(dirname "${BASH_SOURCE[0]}")/../../artifacts/Container/Container.psd1")
[ -f "$module" ] || { echo "skipped: the module is not built"; exit 0; }
archive=${SYSTEM_ROOT:-/var/tmp/container-conformance-systemd.tar}
why=$(make_debian "$archive" systemd,systemd-sysv,dbus) || { echo "skipped: ${why##*$'\n'}"; exit 0; }

work=/tmp/container-system.$$
mkdir "$work" || exit 1
trap 'cleanup' EXIT
cleanup() {
    ps 'Reset-ContainerHost -Force' >/dev/null 2>&1
    remove "$work"
}
export PSCONTAINER_STATE_ROOT=$work/state PSCONTAINER_RUN_ROOT=$work/run PSCONTAINER_CONFIG_ROOT=$work/configuration
for pair in "$@"; do [ "${pair%%=*}" = psrun ] && export PSCONTAINER_RUNTIME=${pair#*=}; done

cat >"$work/functions.ps1" <<'END'
$ErrorActionPreference = 'Stop'
$PSStyle.OutputRendering = 'PlainText'
function Wait-Until([scriptblock] $Condition) {
    for ($i = 0; $i -lt 1200 -and -not (& $Condition); $i++) { Start-Sleep -Milliseconds 100 }
    if (-not (& $Condition)) { throw "in vain: $Condition" }
}
function Get-Said([string] $Name) { (Get-ContainerLog $Name).Line.TrimEnd("`r") }
function Invoke-In([string] $Name, [string] $Script) { Invoke-ContainerCommand $Name -ErrorAction Ignore sh '-c' $Script }

# Starts a system and waits until it says of itself how it is.
function Start-System([string] $Name, [hashtable] $Given = @{}) {
    $made = New-Container debian -Name $Name @Given -Start /sbin/init
    Wait-Until { (Invoke-In $Name 'systemctl is-system-running 2>/dev/null') -in 'running', 'degraded' }
    $made
}
function Assert($Actual, $Expected) { if ("$Actual" -cne "$Expected") { throw "'$Actual' is not '$Expected'" } }
function Get-Cgroups($Made) { find /sys/fs/cgroup -type d -name $Made.Id }
END
ps() { pwsh -NoProfile -NonInteractive -Command "Import-Module '$module'; . '$work/functions.ps1'; $1"; }

ps "[void](ConvertTo-ContainerImage -LiteralPath '$archive' -Tag debian)" || { echo "the module made no image"; exit 1; }

case_boots() { ps '
    $made = Start-System boots
    Assert (Invoke-In boots "systemctl is-system-running") running
    Assert (Invoke-In boots "systemctl --failed --no-legend --plain | wc -l") 0
    Assert (Invoke-In boots "cat /run/systemd/container; systemd-detect-virt") "pscontainer container-other"
    $member = Get-Content "/proc/$($made.ProcessId)/cgroup" | Where-Object { $_ -match "/$($made.Id)/init.scope$" }
    if (-not $member) { throw "systemd is not in a cgroup of its own" }'; }

case_console_and_journal() { ps '
    [void](Start-System journal)
    Invoke-In journal "logger -t test from-the-journal; systemd-run --quiet --wait echo from-a-unit"
    foreach ($text in "Welcome to Debian", "Reached target multi-user.target", "test*: from-the-journal", "from-a-unit") {
        Wait-Until { Get-Said journal | Where-Object { $_ -like "*$text*" } }
    }'; }

case_units_have_cgroups() { ps '
    $made = Start-System units
    Invoke-In units "systemd-run --quiet --unit=own sleep 1000"
    Wait-Until { Get-ContainerProcess units | Where-Object { $_.CommandLine -match "sleep 1000" } }
    $id = (Get-ContainerProcess units | Where-Object { $_.CommandLine -match "sleep 1000" }).HostId
    $member = Get-Content "/proc/$id/cgroup" | Where-Object { $_ -match "/$($made.Id)/system.slice/own.service$" }
    if (-not $member) { throw (Get-Content "/proc/$id/cgroup") }
    Invoke-In units "systemctl stop own"
    if (Test-Path "/proc/$id") { throw "the unit goes on" }'; }

case_limits_hold_for_units() { ps '
    [void](Start-System limits @{ Memory = 200MB; MemorySwap = 200MB })
    Assert (Invoke-In limits "systemd-run --quiet --wait sh -c `"head -c 400M /dev/zero | tail >/dev/null`" && echo enough") ""
    Assert (Invoke-In limits "systemctl is-system-running") degraded
    Assert (Get-Container limits).State Running'; }

case_stops_and_restarts() { ps '
    $made = Start-System stops
    Restart-Container stops
    Wait-Until { (Invoke-In stops "systemctl is-system-running 2>/dev/null") -eq "running" }
    $time = Measure-Command { Stop-Container stops -TimeoutSec 60 }
    Assert (Get-Container stops).ExitCode 0
    if ($time.TotalSeconds -gt 30) { throw $time }
    if (-not (Get-Said stops | Where-Object { $_ -like "*Reached target*Shutdown*" })) { throw "it was killed" }
    Assert (Get-Cgroups $made) ""'; }

case_killed_leaves_nothing() { ps '
    $made = Start-System killed
    Invoke-In killed "systemd-run --quiet --unit=deep sleep 1000"
    Stop-Container killed -Force
    Assert (Get-Cgroups $made) ""'; }

case_powers_itself_off() { ps '
    $made = Start-System off
    Invoke-In off "systemctl poweroff"
    Wait-Until { (Get-Container off).State -eq "Exited" }
    Assert (Get-Container off).ExitCode 0
    Assert (Get-Cgroups $made) ""'; }

case_read_only() { ps '
    [void](Start-System fixed @{ ReadOnly = $true })
    Assert (Invoke-In fixed "touch /x 2>/dev/null || echo read-only") read-only'; }

case_without_user_namespace() { ps '
    [void](Start-System bare @{ UserNamespace = "Host" })
    Assert (Invoke-In bare "systemctl is-system-running") running
    $limit = (Invoke-In bare "ls /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max 2>/dev/null")
    Assert (Invoke-In bare "sh -c `"echo 1G >$limit`" 2>/dev/null || echo refused") refused'; }

run_cases "psrun=${PSCONTAINER_RUNTIME:-}"
