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

Describe 'Suspend-Container' -Skip:([bool]$skip) {
    It 'freezes every process, and is idempotent' -Tag NeedsLimits {
        $made = New-Container busybox -Start sh '-c' 'while :; do echo x; sleep 0.05; done'
        $made | Suspend-Container | Should -BeNullOrEmpty
        ($made | Get-Container).State | Should -Be 'Paused'
        Wait-Until {
            $count = @($made | Get-ContainerLog).Count
            Start-Sleep -Milliseconds 300
            @($made | Get-ContainerLog).Count -eq $count
        }
        ($made | Suspend-Container -PassThru).State | Should -Be 'Paused'
        $made | Remove-Container -Force
    }

    It 'takes names, wildcards, ids, property names and objects' -Tag NeedsLimits {
        $a = New-TestContainer "sweep-a$([guid]::NewGuid().ToString('n').Substring(0, 6))" -Start
        $b = New-TestContainer "sweep-b$([guid]::NewGuid().ToString('n').Substring(0, 6))" -Start
        (Suspend-Container 'sweep-*' -PassThru).Id | Sort-Object | Should -Be ($a.Id, $b.Id | Sort-Object)
        (Suspend-Container -Id $a.Id.Substring(0, 12) -PassThru).Id | Should -Be $a.Id
        ([pscustomobject]@{ ContainerId = $b.Id } | Suspend-Container -PassThru).Id | Should -Be $b.Id
        ($a | Suspend-Container -PassThru).Id | Should -Be $a.Id
        $a, $b | Remove-Container -Force
    }

    It 'changes nothing with -WhatIf' {
        $made = New-TestContainer -Start
        $made | Suspend-Container -WhatIf
        ($made | Get-Container).State | Should -Be 'Running'
    }

    It 'says ContainerNotFound and ContainerNotRunning' {
        { Suspend-Container nothing -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerNotFound,*'
        $made = New-TestContainer
        { $made | Suspend-Container -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerNotRunning,*'
    }
}
