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
$configuration.Run.Path = @($Name -split ',' | ForEach-Object { Join-Path $PSScriptRoot "$_.Tests.ps1" } | Get-Item | ForEach-Object FullName)
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = $Verbosity
if ([Console]::IsOutputRedirected) { $configuration.Output.RenderMode = 'Plaintext' }
$result = Invoke-Pester -Configuration $configuration

'{0} passed, {1} failed, {2} skipped' -f $result.PassedCount, $result.FailedCount, $result.SkippedCount
exit ([int]($result.Result -ne 'Passed'))
