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

Describe 'Resume-Container' -Skip:([bool]$skip) {
    It 'lets a frozen container go on, and is idempotent' -Tag NeedsLimits {
        $made = New-TestContainer -Start
        $made | Suspend-Container
        $made | Resume-Container | Should -BeNullOrEmpty
        ($made | Get-Container).State | Should -Be 'Running'
        ($made | Resume-Container -PassThru).ProcessId | Should -Be $made.ProcessId
        Invoke-ContainerCommand $made echo alive | Should -Be 'alive'
    }

    It 'takes names, wildcards, ids, property names and objects' {
        $a = New-TestContainer "sweep-a$([guid]::NewGuid().ToString('n').Substring(0, 6))" -Start
        $b = New-TestContainer "sweep-b$([guid]::NewGuid().ToString('n').Substring(0, 6))" -Start
        (Resume-Container 'sweep-*' -PassThru).Id | Sort-Object | Should -Be ($a.Id, $b.Id | Sort-Object)
        (Resume-Container -Id $a.Id.Substring(0, 12) -PassThru).Id | Should -Be $a.Id
        ([pscustomobject]@{ ContainerId = $b.Id } | Resume-Container -PassThru).Id | Should -Be $b.Id
        ($a | Resume-Container -PassThru).Id | Should -Be $a.Id
        $a, $b | Remove-Container -Force
    }

    It 'changes nothing with -WhatIf' -Tag NeedsLimits {
        $made = New-TestContainer -Start
        $made | Suspend-Container
        $made | Resume-Container -WhatIf
        ($made | Get-Container).State | Should -Be 'Paused'
        $made | Remove-Container -Force
    }

    It 'says ContainerNotFound and ContainerNotRunning' {
        { Resume-Container nothing -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerNotFound,*'
        $made = New-TestContainer
        { $made | Resume-Container -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerNotRunning,*'
    }
}
