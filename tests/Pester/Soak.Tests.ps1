<#
A sample of bench/soak.ps1: three shells with random operations lose nothing and leave nothing.
#>

BeforeDiscovery {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    $skip = Get-SkipReason
}

Describe 'The soak' -Skip:([bool]$skip) {
    It 'loses nothing and leaves nothing' -Tag NeedsLimits {
        $told = pwsh -NoProfile -NonInteractive -File "$PSScriptRoot/../../bench/soak.ps1" -Seconds 8 -Seed 7 2>&1
        $LASTEXITCODE | Should -Be 0 -Because ($told -join "`n")
        $told | Should -Contain '0 failures'
        "$($told -match 'operations of 3 shells')" -replace '[,.]' | Should -Match '^\d\d+ operations'
        "$told" | Should -Match 'Exec done'
    }
}
