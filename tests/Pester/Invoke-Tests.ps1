<#
.SYNOPSIS
Runs the Pester tests and prints how many passed, failed and were skipped.
.EXAMPLE
./Invoke-Tests.ps1
.EXAMPLE
./Invoke-Tests.ps1 -Name Get-Container
#>
[CmdletBinding()]
[OutputType([int])]
param(
    # Names of test files without .Tests.ps1, with wildcards.
    [string[]] $Name = '*',

    # What Pester prints.
    [ValidateSet('None', 'Normal', 'Detailed', 'Diagnostic')]
    [string] $Verbosity = 'Normal'
)

$ErrorActionPreference = 'Stop'
Import-Module Pester -MinimumVersion 5.0

$configuration = New-PesterConfiguration
$files = $Name -split ',' | ForEach-Object { Get-Item (Join-Path $PSScriptRoot "$_.Tests.ps1") }
$configuration.Run.Path = @($files.FullName)
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = $Verbosity
if ([Console]::IsOutputRedirected) { $configuration.Output.RenderMode = 'Plaintext' }
$result = Invoke-Pester -Configuration $configuration

foreach ($test in $result.Failed) {
    'FAIL {0}: {1}' -f $test.ExpandedPath, ("$($test.ErrorRecord.DisplayErrorMessage)" -replace '\s*\n\s*', ' | ')
}
'{0} passed, {1} failed, {2} skipped' -f $result.PassedCount, $result.FailedCount, $result.SkippedCount
exit ([int]($result.Result -ne 'Passed'))
