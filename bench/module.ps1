#!/usr/bin/env pwsh
<#
Measures the module from inside pwsh beside crun and podman, in one run on the same busybox root, and holds it to the
budgets of the design: bench/module.ps1 -Work DIRECTORY -State DIRECTORY [-Runs N] [-Containers N]. Called by
bench/run.sh, which hides the v2 tree of a hybrid host from everyone, as crun refuses it. Only ratios within one run
mean something.
#>
[CmdletBinding()]
param(
    [int] $Runs = 20,
    [int] $Containers = 1000,
    [Parameter(Mandatory)] [string] $Work,
    [Parameter(Mandatory)] [string] $State
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$root = Split-Path $PSScriptRoot
$failures = 0

function Measure-Median([int] $Count, [scriptblock] $Action) {
    & $Action | Out-Null
    $times = foreach ($i in 1..$Count) { (Measure-Command { & $Action | Out-Null }).TotalMilliseconds }
    @($times | Sort-Object)[[int][math]::Floor($Count / 2)]
}

# The value, what it is compared with, and the budget as a multiple of that.
function Write-Row([string] $Title, [double] $Value, [double] $Other, [string] $OtherName, [double] $Budget) {
    $ratio = $Value / $Other
    $verdict = if ($ratio -le $Budget) { 'PASS' } else { $script:failures++; 'over' }
    $cells = $Title, $Value, $Other, $OtherName, $ratio, $Budget, $verdict
    '{0,-46} {1,9:n2} {2,9:n2} {3,-16} {4,7:n3} {5,7:n3}  {6}' -f $cells
}

function Get-Pss([int] $ProcessId) {
    $line = Get-Content "/proc/$ProcessId/smaps_rollup" | Where-Object { $_ -like 'Pss:*' }
    [int]($line -replace '\D')
}

$env:PSCONTAINER_STATE_ROOT = "$Work/module-state"
$env:PSCONTAINER_RUN_ROOT = "$State/module"

# In a pwsh of its own each time: what is loaded once costs nothing after.
$measureImport = "(Measure-Command { Import-Module '$root/artifacts/Container/Container.psd1' }).TotalMilliseconds"
$import = 1..5 | ForEach-Object { [double](pwsh -NoProfile -NonInteractive -Command $measureImport) } | Sort-Object
Import-Module "$root/artifacts/Container/Container.psd1"

tar -C "$Work/plain/rootfs" -cf "$Work/rootfs.tar" .
$image = ConvertTo-ContainerImage -Path "$Work/rootfs.tar" -Tag bench -Change 'ENV PATH=/bin'

'{0,-46} {1,9} {2,9} {3,-16} {4,7} {5,7}' -f 'inside pwsh (ms)', 'module', 'other', '', 'ratio', 'budget'
Write-Row -Title 'Import-Module' -Value $import[2] -Other 150 -OtherName 'ms' -Budget 1

$cycle = Measure-Median $Runs {
    $made = New-Container bench true
    $made | Start-Container
    $made | Wait-Container
    $made | Remove-Container
}
$invoke = Measure-Median $Runs { Invoke-ContainerImage bench true }
$crun = Measure-Median $Runs { crun --root "$State/crun" run --bundle "$Work/full" "bench-$PID" }
Write-Row -Title 'New-, Start-, Wait-, Remove-Container' -Value $cycle -Other $crun -OtherName 'crun run' -Budget 1
Write-Row -Title 'Invoke-ContainerImage' -Value $invoke -Other $crun -OtherName 'crun run' -Budget 1

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
    $other = Measure-Median ([math]::Max(3, $Runs / 4)) {
        podman @podman run --rm --network=none localhost/bench /bin/true
        if ($LASTEXITCODE) { throw "podman run ended with $LASTEXITCODE" }
    }
    Write-Row -Title 'Invoke-ContainerImage' -Value $invoke -Other $other -OtherName 'podman run' -Budget (1 / 15)
    podman @podman rmi --all --force 2>&1 | Out-Null
}

# Of twenty, as they share what they do not write to; some seconds idle, after which each has let go what it can.
$running = 1..20 | ForEach-Object { New-Container bench sleep 1000 -Start }
Start-Sleep 8
$pss = $running | ForEach-Object {
    Get-Pss (Get-Content "$env:PSCONTAINER_RUN_ROOT/containers/$($_.Id)/state.json" | ConvertFrom-Json).MonitorPid
}
$average = ($pss | Measure-Object -Average).Average
Write-Row -Title 'PSS of an idle monitor (KiB)' -Value $average -Other 1126 -OtherName "conmon's" -Budget 1
$running | Remove-Container -Force

1..$Containers | ForEach-Object { New-Container bench true } | Out-Null
$list = Measure-Median 10 { Get-Container }
Write-Row -Title "Get-Container, $Containers containers" -Value $list -Other ($Containers / 10) -OtherName ms -Budget 1
Get-Container | Remove-Container
$image | Remove-ContainerImage
exit $failures
