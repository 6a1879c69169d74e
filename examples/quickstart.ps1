<#
.SYNOPSIS
    The main job in one sitting: containers from a pipeline, a table, logs, a command inside, limits, removal.
.DESCRIPTION
    Uses the pseudo image "host", the machine's own root file system seen read-only by nobody, so nothing is
    downloaded. What an ordinary user may not is left out, and said. Ends with an error if anything is not as it should
    be.
#>
[CmdletBinding()]
param()

$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/../Container.psd1"

function Write-Step([string] $Text) { Write-Output '', "PS> $Text" }

function Assert-That([bool] $Condition, [string] $Message) {
    if (-not $Condition) { throw "the demo expected otherwise: $Message" }
}

$missing = Test-ContainerHost -Detailed | Where-Object -Not Passed
$limited = -not ($missing.Name -match '^Cgroup(Memory|Pids)$')
if (-not $limited) { Write-Output 'No control group is this user''s: limits are left out (docs/rootless.md).' }
if ($missing.Name -eq 'SubordinateIds') {
    Write-Output 'This user has no subordinate ids: containers have one user, root (docs/rootless.md).'
}
$limits = $limited ? @{ Memory = 64MB; PidsLimit = 50 } : @{}

try {
    Write-Step '''web'', ''worker'', ''batch'' | ForEach-Object { New-Container host -Name $_ … } | Start-Container'
    'web', 'worker', 'batch' | ForEach-Object {
        New-Container host -Name $_ @limits sh '-c' "echo hello from $_; exec sleep 300"
    } | Start-Container

    Write-Step 'Get-Container'
    Get-Container | Out-String
    Assert-That ((Get-Container -State Running).Count -eq 3) 'three containers run'

    Write-Step 'Get-Container w* | Get-ContainerLog'
    Wait-Container web, worker -LogPattern 'hello' -TimeoutSec 20 -PassThru | Get-ContainerLog | Out-String

    Write-Step 'Invoke-ContainerCommand web id'
    Invoke-ContainerCommand web id

    if ($limited) {
        Write-Step 'Invoke-ContainerCommand web sh -c ''cat /sys/fs/cgroup/memory*/memory.limit_in_bytes …'''
        $limit = Invoke-ContainerCommand web sh '-c' (
            'cat /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null || cat /sys/fs/cgroup/memory.max')
        $limit
        Assert-That ([long] $limit -eq 64MB) "the container sees its limit of 64 MB, not $limit"

        Write-Step 'New-Container host -Name hungry -Memory 32MB -Start tail /dev/zero | Wait-Container'
        New-Container host -Name hungry -Memory 32MB -Start tail /dev/zero | Wait-Container -TimeoutSec 60
        Get-Container hungry | Format-List Name, State, ExitCode, OutOfMemory | Out-String
        Assert-That (Get-Container hungry).OutOfMemory 'a container killed for its memory says so'
    }

    Write-Step 'Get-Container | Where-Object State -eq Running | Stop-Container -TimeoutSec 1'
    Get-Container | Where-Object State -EQ Running | Stop-Container -TimeoutSec 1

    Write-Step 'Get-Container | Select-Object Name, State, ExitCode'
    Get-Container | Select-Object Name, State, ExitCode | Out-String
}
finally {
    Write-Step 'Get-Container | Remove-Container -Force'
    Get-Container | Remove-Container -Force
}

Assert-That (-not (Get-Container)) 'nothing is left'
Write-Output 'nothing is left'
