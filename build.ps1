#!/usr/bin/env pwsh
<#
.SYNOPSIS
    The tasks of build.sh from pwsh.
.EXAMPLE
    ./build.ps1 -Task Test
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Setup', 'Build', 'Demo', 'Test', 'Docs', 'Pack', 'Conformance', 'Fuzz', 'Bench', 'Clean')]
    [string] $Task = 'Build'
)

& "$PSScriptRoot/build.sh" $Task.ToLowerInvariant()
exit $LASTEXITCODE
