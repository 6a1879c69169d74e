#!/usr/bin/env pwsh
<#
Three shells do whatever comes, to containers of their own and to some that all of them have, and at the end nothing is lost
and nothing is left: bench/soak.ps1 [-Seconds N] [-Operations N] [-Seed N] [-Shells N] [-Execs N]. A seed's operations are
the same each time; in which order those of the shells meet is the machine's. -Execs then runs so many commands in one
container that is checked each second, and says what its monitor keeps. Needs busybox and a built module.
#>
[CmdletBinding()]
param(
    [int] $Seconds = 60,

    # Of each shell, at most.
    [int] $Operations = [int]::MaxValue,

    [int] $Seed = 1,
    [int] $Shells = 3,
    [int] $Execs = 0,

    # What a shell that this one starts is: its number, and where it works.
    [int] $Number = -1,
    [string] $Work = "/tmp/container-soak.$PID"
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
Import-Module "$(Split-Path $PSScriptRoot)/artifacts/Container/Container.psd1"
$env:PSCONTAINER_STATE_ROOT = "$Work/state"
$env:PSCONTAINER_RUN_ROOT = "$Work/run"
$env:PSCONTAINER_CONFIG_ROOT = "$Work/configuration"

# Kibibytes that a monitor may keep: its own pages, and its share of the others'.
$budget = 1100

# What another shell may do to a container at any moment has these answers, and no others.
$expected = 'ContainerNotFound', 'ContainerNotRunning', 'ContainerRunning', 'ContainerPaused', 'ContainerExists',
'VolumeExists', 'VolumeNotFound', 'VolumeInUse', 'WaitTimeout', 'ContainerPathNotFound', 'CommandFailed'

. "$PSScriptRoot/soak-shell.ps1"

if ($Number -ge 0) {
    Invoke-SoakShell -Number $Number -Seed $Seed -Seconds $Seconds -Operations $Operations -Expected $expected |
        ConvertTo-Json -Depth 5 -Compress
    return
}

function Get-Pss([int] $ProcessId) {
    foreach ($line in [IO.File]::ReadLines("/proc/$ProcessId/smaps_rollup")) {
        if ($line.StartsWith('Pss:')) { return [int]($line -replace '\D') }
    }
}

# What the monitor of a container keeps when it rests: it is looked at until it does.
function Get-Rest([string] $Id) {
    $monitor = (Get-Content "$Work/run/containers/$Id/state.json" | ConvertFrom-Json).monitorPid
    (1..100 | ForEach-Object { Start-Sleep -Milliseconds 50; Get-Pss $monitor } | Measure-Object -Minimum).Minimum
}

function New-SoakImage {
    $tree = "$Work/tree"
    [void](New-Item -ItemType Directory "$tree/bin", "$tree/tmp", "$tree/etc")
    Copy-Item (Get-Command busybox -CommandType Application | Select-Object -First 1).Source "$tree/bin/busybox"
    foreach ($applet in -split 'sh true false echo sleep cat') {
        [void](New-Item -ItemType SymbolicLink "$tree/bin/$applet" -Target busybox)
    }
    tar --numeric-owner --owner=0 --group=0 -C $tree -cf "$Work/soak.tar" .
    [void](ConvertTo-ContainerImage -LiteralPath "$Work/soak.tar" -Tag soak -Change 'CMD ["sh"]', 'ENV PATH=/bin')
}

# The processes of monitors that work here.
function Get-Monitor {
    foreach ($directory in [IO.Directory]::GetDirectories('/proc')) {
        $line = try { [IO.File]::ReadAllText("$directory/cmdline") } catch { '' }
        if ($line.Contains("$Work/run/") -and $line.Contains('monitor')) { Split-Path $directory -Leaf }
    }
}

function Get-Cgroup([string[]] $Id) {
    $mounts = Get-Content /proc/self/mountinfo | Where-Object { $_ -match ' - cgroup2? ' } | ForEach-Object { ($_ -split ' ')[4] }
    foreach ($mount in $mounts) {
        foreach ($known in $Id) { if (Test-Path "$mount/pscontainer/$known") { "$mount/pscontainer/$known" } }
    }
}

$failures = [Collections.Generic.List[string]]::new()
$children = @()
[void](New-Item -ItemType Directory $Work)
try {
    New-SoakImage
    $children = @(foreach ($shell in 0..($Shells - 1)) {
            $arguments = '-NoProfile', '-NonInteractive', '-File', $PSCommandPath, '-Number', $shell, '-Seed', $Seed,
            '-Seconds', $Seconds, '-Operations', $Operations, '-Work', $Work
            Start-Process pwsh -ArgumentList $arguments -PassThru -RedirectStandardOutput "$Work/$shell.json" `
                -RedirectStandardError "$Work/$shell.err"
        })
    $late = [datetime]::UtcNow.AddSeconds($Seconds + 120)
    foreach ($shell in $children) {
        $left = [int][math]::Max(1, ($late - [datetime]::UtcNow).TotalMilliseconds)
        if (-not $shell.WaitForExit($left)) { $failures.Add('a shell does not end'); $shell.Kill($true) }
    }
    $told = @(foreach ($shell in 0..($Shells - 1)) {
            $text = Get-Content "$Work/$shell.json" -Raw
            if ($text) { $text | ConvertFrom-Json }
            else { $failures.Add("shell ${shell}: $(Get-Content "$Work/$shell.err" -TotalCount 5)") }
        })
    foreach ($shell in $told) { $shell.Failures | Where-Object { $_ } | ForEach-Object { $failures.Add($_) } }

    # Nothing is lost: what a shell has made and not removed is there, and no more than that.
    $there = @(Get-Container)
    $mine = @($told | ForEach-Object { $_.Names } | Where-Object { $_ } | Sort-Object)
    $private = @($there.Name | Where-Object { $_ -like 'own*' } | Sort-Object)
    if ("$mine" -ne "$private") { $failures.Add("lost or too many: $(Compare-Object $mine $private | Out-String)") }
    if (-not (Test-ContainerStorage -Quick)) { $failures.Add("damaged: $(Test-ContainerStorage -Detailed | Out-String)") }

    $pss = 0
    if ($Execs -gt 0) {
        $served = New-Container soak -Name served -HealthCheck (New-ContainerHealthCheck -IntervalSec 1 true) -Start sleep 100000
        foreach ($step in 100, 1000, 10000 | Where-Object { $_ -le $Execs }) {
            while ($pss -lt $step) { Invoke-ContainerCommand served true; $pss++ }
            $rest = Get-Rest $served.Id
            '{0,8} commands: the monitor keeps {1} KiB' -f $step, $rest
            if ($rest -gt $budget) { $failures.Add("the monitor keeps $rest KiB after $step commands") }
        }
    }

    # Nothing is left.
    $there = @(Get-Container)
    Get-Container | Remove-Container -Force -Confirm:$false
    Get-ContainerVolume | Remove-ContainerVolume -Force -Confirm:$false
    $end = [datetime]::UtcNow.AddSeconds(10)
    while ((Get-Monitor) -and [datetime]::UtcNow -lt $end) { Start-Sleep -Milliseconds 50 }
    Get-Monitor | ForEach-Object { $failures.Add("a monitor is left: $_") }
    Get-Cgroup $there.Id | ForEach-Object { $failures.Add("a control group is left: $_") }
    Get-Content /proc/self/mountinfo | Where-Object { $_.Contains($Work) } | ForEach-Object { $failures.Add("a mount is left: $_") }
    foreach ($directory in "$Work/state/containers", "$Work/run/containers", "$Work/state/volumes") {
        Get-ChildItem $directory -Directory -ErrorAction Ignore | ForEach-Object { $failures.Add("a directory is left: $_") }
    }
    Get-ChildItem $Work/state -Recurse -File -Filter '*.tmp' | ForEach-Object { $failures.Add("a file is left: $_") }

    $count = ($told | Measure-Object Count -Sum).Sum
    $slowest = $told | Sort-Object Slowest | Select-Object -Last 1
    '{0:N0} operations of {1} shells, seed {2}; the slowest took {3:N0} ms ({4})' -f @(
        $count, $Shells, $Seed, $slowest.Slowest, $slowest.SlowestName)
    $told.Answers | ForEach-Object { $_.PSObject.Properties } | Group-Object Name | Sort-Object Name | ForEach-Object {
        '{0,8:N0} {1}' -f ($_.Group | Measure-Object Value -Sum).Sum, $_.Name
    }
}
finally {
    $children | Where-Object { -not $_.HasExited } | ForEach-Object { $_.Kill($true) }
    Get-Container | Remove-Container -Force -Confirm:$false
    if ((id -u) -eq '0') { Remove-Item $Work -Recurse -Force } else { unshare --map-auto --map-root-user rm -rf -- $Work }
}

$failures | Select-Object -Unique | ForEach-Object { "FAIL $_" }
'{0} failures' -f $failures.Count
exit [int]($failures.Count -gt 0)
