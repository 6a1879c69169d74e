#!/usr/bin/env pwsh
<#
Measures the module from inside pwsh beside crun and podman, in turn on the same busybox root, and holds it to the
budgets of the design: bench/module.ps1 -Work DIRECTORY -State DIRECTORY [-Runs N] [-Seconds N] [-Containers N]. Called
by bench/run.sh, which hides the v2 tree of a hybrid host from everyone, as crun refuses it. It exits with the number
of those that are over.
#>
[CmdletBinding()]
param(
    [int] $Runs = 40,
    [int] $Seconds = 10,
    [int] $Containers = 1000,
    [Parameter(Mandatory)] [string] $Work,
    [Parameter(Mandatory)] [string] $State
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$root = Split-Path $PSScriptRoot
$failures = 0
$row = '{0,-58} {1,8:n2} {2,8:n2}   {3,5:n2}  {4,-13}         {5,6:n2}  {6}'

function Get-Part([double[]] $Values, [double] $Part) {
    @($Values | Sort-Object)[[int][math]::Floor($Part * ($Values.Count - 1) + 0.5)]
}

function Measure-Time([scriptblock] $Action) { (Measure-Command { & $Action | Out-Null }).TotalMilliseconds }

function Write-Row([string] $Title, [double[]] $Values, [double] $Other, [double[]] $Ratios, [double] $Budget) {
    $ratio = Get-Part $Ratios 0.5
    $verdict = if ($ratio -le $Budget) { 'PASS' } else { $script:failures++; 'over' }
    $spread = '{0:n2} to {1:n2}' -f (Get-Part $Ratios 0.25), (Get-Part $Ratios 0.75)
    $row -f $Title, (Get-Part $Values 0.5), $Other, $ratio, $spread, $Budget, $verdict
}

# A figure that has no peer to take turns with, beside its budget.
function Write-Figure([string] $Title, [double[]] $Values, [double] $Budget) {
    $ratios = @($Values | ForEach-Object { $_ / $Budget })
    Write-Row -Title $Title -Values $Values -Other $Budget -Ratios $ratios -Budget 1
}

# Ours and theirs in turn, so many milliseconds apart; what counts is the median of the ratios.
function Measure-Turn([string] $Title, [scriptblock] $Ours, [scriptblock] $Theirs, [int] $Pause, [double] $Budget) {
    Measure-Time $Ours | Out-Null
    Measure-Time $Theirs | Out-Null
    $clock = [Diagnostics.Stopwatch]::StartNew()
    $turns = for ($i = 0; $i -lt $Runs -and ($i -lt 5 -or $clock.Elapsed.TotalSeconds -lt $Seconds); $i++) {
        [Threading.Thread]::Sleep($Pause)
        $our = Measure-Time $Ours
        [Threading.Thread]::Sleep($Pause)
        $their = Measure-Time $Theirs
        [pscustomobject]@{ Ours = $our; Theirs = $their; Ratio = $our / $their }
    }
    Write-Row -Title $Title -Values $turns.Ours -Other (Get-Part $turns.Theirs 0.5) -Ratios $turns.Ratio -Budget $Budget
}

function Get-Pss([int] $ProcessId) {
    $line = Get-Content "/proc/$ProcessId/smaps_rollup" | Where-Object { $_ -like 'Pss:*' }
    [int]($line -replace '\D')
}

$env:PSCONTAINER_STATE_ROOT = "$Work/module-state"
$env:PSCONTAINER_RUN_ROOT = "$State/module"

# In a pwsh of its own each time: what is loaded once costs nothing after.
$measureImport = "(Measure-Command { Import-Module '$root/artifacts/Container/Container.psd1' }).TotalMilliseconds"
$import = 1..7 | ForEach-Object { [double](pwsh -NoProfile -NonInteractive -Command $measureImport) }
Import-Module "$root/artifacts/Container/Container.psd1"

tar -C "$Work/plain/rootfs" -cf "$Work/rootfs.tar" .
$image = ConvertTo-ContainerImage -Path "$Work/rootfs.tar" -Tag bench -Change 'ENV PATH=/bin'

$row -f 'from inside pwsh (ms)', 'module', 'peer', 'ratio', 'quartiles', 'budget', ''
$invoke = { Invoke-ContainerImage bench true }
$crun = { crun --root "$State/crun" run --bundle "$Work/full" "bench-$PID" }
$cycle = {
    $made = New-Container bench true
    $made | Start-Container
    $made | Wait-Container
    $made | Remove-Container
}
Measure-Turn 'Invoke-ContainerImage, cold, of crun run' $invoke $crun 40 0.75
Measure-Turn 'Invoke-ContainerImage, hot, of crun run' $invoke $crun 0 0.75
Measure-Turn 'New-, Start-, Wait-, Remove-Container, hot, of crun run' $cycle $crun 0 1

if (Get-Command podman -ErrorAction Ignore) {
    $conf = "$Work/containers.conf"
    Set-Content $conf '[containers]', 'default_ulimits = ["nofile=20000:20000", "nproc=32768:32768"]'
    Set-Content "$Work/policy.json" '{ "default": [{ "type": "insecureAcceptAnything" }] }'
    $env:CONTAINERS_CONF = $conf
    $podman = @(
        '--root', "$Work/podman", '--runroot', "$State/podman", '--tmpdir', "$Work/podman-tmp"
        '--cgroup-manager=cgroupfs', '--runtime', (Get-Command crun).Source
    )
    podman @podman import --signature-policy "$Work/policy.json" "$Work/rootfs.tar" localhost/bench 2>&1 | Out-Null
    Measure-Turn 'Invoke-ContainerImage, hot, of podman run' $invoke {
        podman @podman run --rm --network=none localhost/bench /bin/true
        if ($LASTEXITCODE) { throw "podman run ended with $LASTEXITCODE" }
    } 0 (1 / 12)
    podman @podman rmi --all --force 2>&1 | Out-Null
}

# Of twenty, as they share what they do not write to; some seconds idle, after which each has let go what it can.
$running = 1..20 | ForEach-Object { New-Container bench -Start sleep 1000 }
Start-Sleep 8
$pss = $running | ForEach-Object {
    Get-Pss (Get-Content "$env:PSCONTAINER_RUN_ROOT/containers/$($_.Id)/state.json" | ConvertFrom-Json).MonitorPid
}
$running | Remove-Container -Force

# Of half of them and of all, also what this shell computes meanwhile, which other load on the machine does not change.
$half, $all = foreach ($part in 1, 2) {
    1..($Containers / 2) | ForEach-Object { New-Container bench true } | Out-Null
    $turns = foreach ($i in 1..15) {
        $before = [Environment]::CpuUsage.TotalTime
        $time = Measure-Time { Get-Container }
        [pscustomobject]@{ Time = $time; Processor = ([Environment]::CpuUsage.TotalTime - $before).TotalMilliseconds }
    }
    [pscustomobject]@{ Time = $turns.Time; Processor = $turns.Processor }
}
$twice = 2 * (Get-Part $half.Processor 0.5)
Write-Figure 'Import-Module' $import 60
Write-Figure 'PSS of an idle monitor (KiB)' $pss 922
Write-Figure "Get-Container of $Containers" $all.Time 40
$linear = @{
    Title  = "the same, processor, of twice that of $($Containers / 2)"
    Values = $all.Processor
    Other  = $twice
    Ratios = @($all.Processor | ForEach-Object { $_ / $twice })
    Budget = 1.2
}
Write-Row @linear
Get-Container | Remove-Container

# One minute of ten hours.
$first = [datetimeoffset]::UtcNow.AddHours(-10)
$rest = '"type":"container","action":"exec","id":"{0}","name":"bench","attributes":{{"command":"sh","pid":"1234"}}' -f ('ab' * 32)
$events = foreach ($i in 1..56000) { '{"time":"' + $first.AddSeconds($i * 36000 / 56000).ToString('O') + '",' + $rest + '}' }
[IO.File]::WriteAllLines("$env:PSCONTAINER_STATE_ROOT/events.log", $events)
$since = 1..15 | ForEach-Object { Measure-Time { Get-ContainerEvent -Since ([datetime]::Now.AddMinutes(-1)) } }
Write-Figure 'Get-ContainerEvent -Since one minute, of 56,000' $since 50
$image | Remove-ContainerImage
exit $failures
