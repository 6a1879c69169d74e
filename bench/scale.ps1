#!/usr/bin/env pwsh
<#
Starts many containers and keeps them running, and says whether the last ones cost what the first ones did:
bench/scale.ps1 [-Containers N] [-Part N]. Needs root, busybox and a built module (./build.sh build); takes minutes. The
figures of a part are medians; memory is PSS, the monitor's and that of the container's first process.
#>
[CmdletBinding()]
param(
    [int] $Containers = 1000,
    [int] $Part = 100
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$root = Split-Path $PSScriptRoot
$work = "/tmp/container-scale.$PID"
$run = "/dev/shm/container-scale.$PID" # as /run is: on memory
$failures = 0

function Get-Median([double[]] $Values) { @($Values | Sort-Object)[[int][math]::Floor($Values.Count / 2)] }

function Measure-Time([scriptblock] $Action) { (Measure-Command { & $Action | Out-Null }).TotalMilliseconds }

# What this shell computes meanwhile, which other load on the machine does not change.
function Measure-Processor([scriptblock] $Action) {
    $before = [Environment]::CpuUsage.TotalTime
    & $Action | Out-Null
    ([Environment]::CpuUsage.TotalTime - $before).TotalMilliseconds
}

function Get-Pss([int] $ProcessId) {
    foreach ($line in [IO.File]::ReadLines("/proc/$ProcessId/smaps_rollup")) {
        if ($line.StartsWith('Pss:')) { return [int]($line -replace '\D') }
    }
}

# What each of them takes, in KiB, and how many descriptors its monitor has.
function Get-Figure([object[]] $Made) {
    $figures = foreach ($container in $Made) {
        $state = Get-Content "$run/containers/$($container.Id)/state.json" | ConvertFrom-Json
        [pscustomobject]@{
            Monitor     = Get-Pss $state.monitorPid
            First       = Get-Pss $state.pid
            Descriptors = [IO.Directory]::GetFileSystemEntries("/proc/$($state.monitorPid)/fd").Count
        }
    }
    [pscustomobject]@{
        Monitor     = Get-Median $figures.Monitor
        First       = Get-Median $figures.First
        Descriptors = Get-Median $figures.Descriptors
    }
}

function Get-Kernel {
    $lines = Get-Content /proc/meminfo | Where-Object { $_ -match '^(Slab|PageTables|KernelStack|Percpu):' }
    ($lines -replace '\D' | Measure-Object -Sum).Sum
}

function Write-Figure([string] $Title, [double] $Value, [string] $Unit, [double] $Budget = 0) {
    $verdict = ''
    if ($Budget) {
        $isOver = $Value -gt $Budget
        if ($isOver) { $script:failures++ }
        $verdict = '{0}, budget {1}' -f ($isOver ? 'over' : 'PASS'), $Budget
    }
    '{0,-58} {1,10:n2} {2,-4} {3}' -f $Title, $Value, $Unit, $verdict
}

$folders = 'state', 'tree/bin', 'tree/proc', 'tree/dev', 'tree/sys' | ForEach-Object { "$work/$_" }
[void](New-Item -ItemType Directory ($folders + $run))
$env:PSCONTAINER_STATE_ROOT = "$work/state"
$env:PSCONTAINER_RUN_ROOT = $run
$env:PSCONTAINER_CONFIG_ROOT = "$work/configuration"
Import-Module "$root/artifacts/Container/Container.psd1"
try {
    Copy-Item (Get-Command busybox).Source "$work/tree/bin/busybox"
    foreach ($name in 'sleep', 'true') { ln -s busybox "$work/tree/bin/$name" }
    tar -C "$work/tree" -cf "$work/tree.tar" .
    [void](ConvertTo-ContainerImage "$work/tree.tar" -Tag scale -Change 'ENV PATH=/bin')
    $one = New-Container scale -Start true # what is loaded once costs nothing after
    [void]($one | Wait-Container)
    $one | Remove-Container

    $all = [Collections.Generic.List[object]]::new()
    $parts = [Collections.Generic.List[object]]::new()
    $kernel = Get-Kernel
    while ($all.Count -lt $Containers) {
        $times = foreach ($i in 1..$Part) {
            $clock = [Diagnostics.Stopwatch]::StartNew()
            $all.Add((New-Container scale -Name "scale$($all.Count)" -Start sleep 100000))
            $clock.Elapsed.TotalMilliseconds
        }
        Start-Sleep 10 # idle, each lets go what it can
        $figure = Get-Figure $all.GetRange($all.Count - $Part, $Part)
        $list = Get-Median (1..5 | ForEach-Object { Measure-Time { Get-Container } })
        $now = Get-Kernel
        $parts.Add([pscustomobject]@{
                'Running' = $all.Count
                'Start ms' = [math]::Round((Get-Median $times), 1)
                'Monitor KiB' = $figure.Monitor
                'First KiB' = $figure.First
                'Descriptors' = $figure.Descriptors
                'Kernel KiB' = [math]::Round(($now - $kernel) / $Part)
                'List ms' = [math]::Round($list, 1)
            })
        $kernel = $now
        '{0} of {1} run' -f $all.Count, $Containers | Write-Verbose
    }
    $parts | Format-Table | Out-String -Width 120

    $each = Get-Figure $all
    $first = $parts[0]
    $last = $parts[$parts.Count - 1]
    Write-Figure 'start of the last part, to the first' ($last.'Start ms' / $first.'Start ms') '' 1.5
    Write-Figure "PSS of a monitor, $($all.Count) running" $each.Monitor KiB 1126
    Write-Figure "PSS of a first process, $($all.Count) running" $each.First KiB
    Write-Figure 'Get-Container' $last.'List ms' ms ($Containers / 10)
    Write-Figure 'Get-Container of one, by name' (Measure-Time { Get-Container scale0 }) ms
    $list = Get-Median (1..5 | ForEach-Object { Measure-Processor { Get-Container } })
    Write-Figure 'Get-Container, computing' $list ms
    $measure = Measure-Time { Measure-Container 'scale*' -IntervalSec 0.1 }
    Write-Figure 'Measure-Container of all, twice as it takes a share' $measure ms
    $measure = Measure-Processor { Measure-Container 'scale*' -IntervalSec 0.1 }
    Write-Figure 'Measure-Container, computing' $measure ms
    $line = 'Stop-Container '
    Write-Figure 'completion of a name' (Get-Median (1..5 | ForEach-Object {
                Measure-Time { [void](TabExpansion2 $line $line.Length) }
            })) ms
    Write-Figure 'Invoke-ContainerCommand in one' (Get-Median (1..5 | ForEach-Object {
                Measure-Time { Invoke-ContainerCommand scale0 true }
            })) ms
    $removal = Measure-Time { Remove-Container 'scale*' -Force }
    Write-Figure 'Remove-Container -Force, for each' ($removal / $all.Count) ms
}
finally {
    Get-Container | Remove-Container -Force
    Remove-Item $work, $run -Recurse -Force
}
exit $failures
