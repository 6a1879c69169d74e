<#
Budgets of the design: what it costs to import the module and to list a thousand containers. Each is the best of some
tries, because what disturbs a measurement only ever makes it longer.
#>

BeforeDiscovery {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    $skip = Get-SkipReason
}

BeforeAll {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    if (Get-SkipReason) { return }
    $state = New-TestState
    $image = Import-BusyboxImage
    $module = (Get-Module Container).Path -replace '[^/]+$', 'Container.psd1'

    function Measure-Best([int] $Tries, [scriptblock] $Script) {
        (1..$Tries | ForEach-Object { (Measure-Command $Script).TotalMilliseconds } | Measure-Object -Minimum).Minimum
    }
}

AfterAll { Remove-TestState $state }

Describe 'What it costs' -Tag Slow -Skip:([bool]$skip) {
    It 'imports within 150 ms' {
        $script = "`$w = [Diagnostics.Stopwatch]::StartNew(); Import-Module '$module'; `$w.Elapsed.TotalMilliseconds"
        $best = (1..5 | ForEach-Object { [double](pwsh -NoProfile -NonInteractive -Command $script) } |
                Measure-Object -Minimum).Minimum
        "import: $([int]$best) ms" | Out-Host
        $best | Should -BeLessThan 150
    }

    It 'lists a thousand containers within 100 ms, and linearly' {
        1..250 | ForEach-Object { [void](New-Container busybox true) }
        $few = Measure-Best 10 { Get-Container }
        251..1000 | ForEach-Object { [void](New-Container busybox true) }
        $many = Measure-Best 10 { Get-Container }
        @(Get-Container) | Should -HaveCount 1000
        "250: $([int]$few) ms, 1000: $([int]$many) ms" | Out-Host
        $many | Should -BeLessThan 100
        $many | Should -BeLessThan (8 * $few)
    }

    It 'finds one of a thousand by id without looking at the others' {
        $id = (Get-Container | Select-Object -First 1).Id
        Measure-Best 10 { Get-Container -Id $id } | Should -BeLessThan 20
    }

    It 'completes among a thousand' {
        $line = 'Get-Container -Name '
        [void](TabExpansion2 $line $line.Length)
        Measure-Best 5 { TabExpansion2 $line $line.Length } | Should -BeLessThan 300
    }
}
