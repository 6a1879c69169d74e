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

Describe 'Restart-Container' -Skip:([bool]$skip) {
    It 'asks, waits, and starts another first process on the same files' {
        $made = New-Container busybox -Start sh '-c' 'echo run >> /runs; trap exit TERM; sleep 1000 & wait'
        $made | Wait-Container -Path /runs -TimeoutSec 60
        $made | Restart-Container | Should -BeNullOrEmpty
        $now = $made | Get-Container
        $now.State | Should -Be 'Running'
        $now.ProcessId | Should -Not -Be $made.ProcessId
        $made | Wait-Container -Command sh, '-c', 'test $(wc -l < /runs) = 2' -TimeoutSec 60
    }

    It 'starts one that does not run' {
        $made = New-TestContainer
        ($made | Restart-Container -PassThru).State | Should -Be 'Running'
    }

    It 'kills at once with -Force, and after -TimeoutSec' {
        $made = New-Container busybox -Start sleep 1000
        ($made | Restart-Container -Force -PassThru).State | Should -Be 'Running'
        ($made | Restart-Container -TimeoutSec 1 -PassThru).State | Should -Be 'Running'
    }

    It 'keeps one that is to be removed when it ends' {
        $made = New-Container busybox -AutoRemove -Start sh '-c' 'trap exit TERM; sleep 1000 & wait'
        ($made | Restart-Container -TimeoutSec 5 -PassThru).Id | Should -Be $made.Id
        $made | Remove-Container -Force
    }

    It 'takes names, wildcards, ids, property names and objects' {
        $a = New-TestContainer "sweep-a$([guid]::NewGuid().ToString('n').Substring(0, 6))" -Start
        $b = New-TestContainer "sweep-b$([guid]::NewGuid().ToString('n').Substring(0, 6))" -Start
        (Restart-Container 'sweep-*' -Force -PassThru).Id | Sort-Object | Should -Be ($a.Id, $b.Id | Sort-Object)
        (Restart-Container -Id $a.Id.Substring(0, 12) -Force -PassThru).Id | Should -Be $a.Id
        ([pscustomobject]@{ ContainerId = $b.Id } | Restart-Container -Force -PassThru).Id | Should -Be $b.Id
        ($a | Restart-Container -Force -PassThru).Id | Should -Be $a.Id
        $a, $b | Remove-Container -Force
    }

    It 'waits for the health check with -Wait, so long' {
        $check = New-ContainerHealthCheck -IntervalSec 1 test '-e' /healthy
        $made = New-Container busybox -HealthCheck $check sh '-c' '(sleep 1.5; touch /healthy) & exec sleep 1000'
        ($made | Restart-Container -Wait -PassThru).Health | Should -Be 'Healthy'
        $never = New-Container busybox -HealthCheck (New-ContainerHealthCheck false) sleep 1000
        $never | Restart-Container -Wait -TimeoutSec 1 -PassThru -ErrorVariable problems -ErrorAction SilentlyContinue |
            Should -BeNullOrEmpty
        Get-ErrorId $problems[0] | Should -Be 'WaitTimeout'
        ($never | Get-Container).State | Should -Be 'Running'
        $made, $never | Remove-Container -Force
    }

    It 'changes nothing with -WhatIf' {
        $made = New-TestContainer -Start
        $made | Restart-Container -WhatIf
        ($made | Get-Container).ProcessId | Should -Be $made.ProcessId
    }

    It 'says ContainerNotFound' {
        { Restart-Container nothing -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerNotFound,*'
    }
}
