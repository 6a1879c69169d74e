<#
.SYNOPSIS
Runs the Pester tests and prints how many passed, failed and were skipped.
.EXAMPLE
./Invoke-Tests.ps1
.EXAMPLE
./Invoke-Tests.ps1 -Name Get-Container
.EXAMPLE
./Invoke-Tests.ps1 -AsUser
As an ordinary user: without what says nothing new of users. tests/as-user.sh makes one.
#>
[CmdletBinding()]
[OutputType([int])]
param(
    # Names of test files without .Tests.ps1, with wildcards.
    [string[]] $Name = '*',

    # What Pester prints.
    [ValidateSet('None', 'Normal', 'Detailed', 'Diagnostic')]
    [string] $Verbosity = 'Normal',

    # Full names of tests, their blocks' included, with wildcards; the others are left out and not counted.
    [string[]] $FullName = @(),

    # Leave out the files that tell nothing new of users.
    [switch] $AsUser,

    # Name each test when it begins: tests/watch.sh says so which one hangs.
    [switch] $Trace
)

# Words, which are the same whoever reads them, and what takes long because it counts to a thousand.
$neutral = -split 'Cancellation Completion Conventions ConvertTo-ContainerUnit Examples Fuzz Help New-ContainerConfiguration Pipelines
    Robustness Views'

$ErrorActionPreference = 'Stop'
Import-Module Pester -MinimumVersion 6.0

$configuration = New-PesterConfiguration
$files = $Name -split ',' | ForEach-Object { Get-Item (Join-Path $PSScriptRoot "$_.Tests.ps1") }
if ($AsUser) { $files = $files | Where-Object { $_.Name.Replace('.Tests.ps1', '') -notin $neutral } }
$configuration.Run.Path = @($files.FullName)
$configuration.Run.PassThru = $true
$isRoot = (id -u) -eq '0'
if ($FullName) { $configuration.Filter.FullName = $FullName -split ',' }
if (-not $isRoot) {
    Import-Module "$PSScriptRoot/Helpers.psm1"
    $configuration.Filter.ExcludeTag = @('NeedsRoot:*') + @('NeedsLimits' | Where-Object { -not (Test-UserLimit) })
}
$configuration.Output.Verbosity = $Trace ? 'Detailed' : $Verbosity
if ($Trace) {
    $configuration.Debug.WriteDebugMessages = $true
    $configuration.Debug.WriteDebugMessagesFrom = 'Runtime'
}
if ([Console]::IsOutputRedirected) { $configuration.Output.RenderMode = 'Plaintext' }
$result = Invoke-Pester -Configuration $configuration

# A test has its own reason or that of a block around it.
$left = if ($isRoot) { @() } else { @($result.Tests | Where-Object { -not $_.ShouldRun }) }
$left | Group-Object {
    $tags = @($_.Tag)
    for ($block = $_.Block; $block; $block = $block.Parent) { $tags += $block.Tag }
    $tags -like 'Needs*' | Select-Object -First 1
} | ForEach-Object { 'SKIP {0} tests, {1}' -f $_.Count, $_.Name }
# Others say in their file what they need.
$result.Skipped | Group-Object { $_.Block.ExpandedPath } | ForEach-Object {
    'SKIP {0} tests of {1}: {2}' -f $_.Count, (Split-Path $_.Group[0].ScriptBlock.File -Leaf), $_.Name
}
foreach ($test in $result.Failed) {
    'FAIL {0}: {1}' -f $test.ExpandedPath, ("$($test.ErrorRecord.DisplayErrorMessage)" -replace '\s*\n\s*', ' | ')
}
foreach ($file in $result.FailedContainers) { 'FAIL {0}: {1}' -f $file, ($file.ErrorRecord -join ' | ') }
'{0} passed, {1} failed, {2} skipped' -f $result.PassedCount, ($result.FailedCount + $result.FailedContainersCount), ($result.SkippedCount + $left.Count)
exit ([int]($result.Result -ne 'Passed'))
