<#
How much space there is in use, and freeing what nothing needs.
#>

BeforeDiscovery {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    $skip = Get-SkipReason
}

BeforeAll {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    if (Get-SkipReason) { return }
    $state = New-TestState
    [void](Import-BusyboxImage)
}

AfterAll { Remove-TestState $state }

Describe 'Measure- and Clear-ContainerStorage' -Skip:([bool]$skip) {
    BeforeAll {
        $running = New-Container busybox -Name runs -Volume used:/v -Start sleep 1000
        $script = 'dd if=/dev/zero of=/big bs=1M count=2'
        $ended = New-Container busybox -Name ended -Label @{ a = 'b' } -Start sh '-c' $script
        [void]($ended | Wait-Container)
        $dangling = ConvertTo-ContainerImage -Name ended
        [void](ConvertTo-ContainerImage -Name ended -Tag named:1 -Message other)
        [void](New-ContainerVolume free)
        [void](New-Container busybox -Volume /anonymous -Name short | Remove-Container)
    }

    It 'counts and measures' {
        $usage = Measure-ContainerStorage
        "$($usage.Type)" | Should -Be 'Container Image Volume'
        $usage.Total | Should -Be 2, 3, 3
        $usage.Active | Should -Be 1, 1, 1
        $usage[0].Size | Should -BeGreaterThan 2MB
        $usage[0].Reclaimable | Should -BeGreaterThan 2MB
        $usage[1].Size | Should -BeGreaterThan 2MB
        $usage[0].Item | Should -BeNullOrEmpty
        (Measure-ContainerStorage -Detailed)[0].Item.Name | Sort-Object | Should -Be 'ended', 'runs'
    }

    It 'changes nothing with -WhatIf, and leaves what does not fit' {
        Clear-ContainerStorage -All -Type Container, Image, Volume -Force -WhatIf | Should -BeNullOrEmpty
        Clear-ContainerStorage -Force -OlderThan 1.00:00:00 | Should -BeNullOrEmpty
        Clear-ContainerStorage -Force -Type Container -Label a=c | Should -BeNullOrEmpty
        (Measure-ContainerStorage).Total | Should -Be 2, 3, 3
    }

    It 'removes containers that ended and images without a name' {
        $removed = Clear-ContainerStorage -Force
        $removed.Type | Should -Be 'Container', 'Image'
        $removed[0].Name | Should -Be 'ended'
        $removed[0].Size | Should -BeGreaterThan 2MB
        $removed[1].Id | Should -Be $dangling.Id
        Test-ContainerImage named:1 | Should -BeTrue
    }

    It 'removes volumes nobody named, and with -All everything that nothing uses' {
        (Clear-ContainerStorage -Type Volume -Force).Name | Should -Match '^[0-9a-f]{64}$'
        (Clear-ContainerStorage -Type Volume, Image -All -Force).Name | Should -Be 'named:1', 'free'
        Test-ContainerVolume used | Should -BeTrue
        Test-ContainerImage busybox | Should -BeTrue
        (Get-Container runs).State | Should -Be 'Running'
    }
}
