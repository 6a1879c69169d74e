BeforeDiscovery {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    $skip = Get-SkipReason
}

BeforeAll {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    if (Get-SkipReason) { return }
    $state = New-TestState
    $image = Import-BusyboxImage
}

AfterAll { Remove-TestState $state }

Describe 'Copy-Container' -Skip:([bool]$skip) {
    It 'creates one like it, with what is given' -Tag NeedsLimits {
        $made = New-Container busybox -Name source -Memory 64MB -Label @{ a = 'b' } sleep 1000
        $copy = Copy-Container source target -Memory 32MB
        $copy.Name | Should -Be 'target'
        $copy.Memory | Should -Be 32MB
        $copy.Command | Should -Be 'sleep 1000'
        $copy.Label.a | Should -Be 'b'
        $copy.State | Should -Be 'Created'
        ($made | Copy-Container -Start).State | Should -Be 'Running'
        (Copy-Container -Id $made.Id).Memory | Should -Be 64MB
        ([pscustomobject]@{ ContainerId = $made.Id } | Copy-Container).Memory | Should -Be 64MB
        @(Copy-Container 'sour*').Count | Should -Be 1
    }

    It 'creates nothing with -WhatIf' {
        $made = New-TestContainer
        $before = Get-StateHash
        $made | Copy-Container -NewName other -WhatIf | Should -BeNullOrEmpty
        Get-StateHash | Should -Be $before
    }

    It 'says ContainerNotFound and ContainerExists' {
        { Copy-Container nothing -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerNotFound,*'
        $made = New-TestContainer taken
        { $made | Copy-Container -NewName taken -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerExists,*'
    }
}
