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

Describe 'Send-ContainerSignal' -Skip:([bool]$skip) {
    It 'sends TERM, or another signal by name or number' {
        $script = 'trap "echo got hup" HUP; trap "exit 3" TERM; while :; do sleep 0.1; done'
        $made = New-Container busybox -Start sh '-c' $script
        $made | Send-ContainerSignal -Signal HUP
        $made | Wait-Container -LogPattern '^got hup$' -TimeoutSec 60
        $made | Send-ContainerSignal -Signal 1 | Should -BeNullOrEmpty
        $made | Send-ContainerSignal
        $made | Wait-Container -TimeoutSec 60 | Should -Be 3
    }

    It 'sends it to another process by its id inside' {
        $made = New-TestContainer -Start
        $process = Start-ContainerProcess $made.Name sleep 1000
        Send-ContainerSignal $made.Name KILL -ProcessId $process.ContainerProcessId
        $process | Wait-ContainerProcess -TimeoutSec 60 | Should -Be 137
        ($made | Get-Container).State | Should -Be 'Running'
    }

    It 'takes names, wildcards, ids, property names and objects' {
        $a = New-TestContainer "sweep-a$([guid]::NewGuid().ToString('n').Substring(0, 6))" -Start
        $b = New-TestContainer "sweep-b$([guid]::NewGuid().ToString('n').Substring(0, 6))" -Start
        $both = Send-ContainerSignal 'sweep-*' -Signal CONT -PassThru
        $both.Id | Sort-Object | Should -Be ($a.Id, $b.Id | Sort-Object)
        (Send-ContainerSignal -Id $a.Id.Substring(0, 12) -Signal CONT -PassThru).Id | Should -Be $a.Id
        ([pscustomobject]@{ ContainerId = $b.Id } | Send-ContainerSignal -Signal CONT -PassThru).Id | Should -Be $b.Id
        ($a | Send-ContainerSignal -Signal CONT -PassThru).Id | Should -Be $a.Id
        $a, $b | Remove-Container -Force
    }

    It 'changes nothing with -WhatIf' {
        $made = New-TestContainer -Start
        $made | Send-ContainerSignal -Signal KILL -WhatIf
        ($made | Get-Container).ProcessId | Should -Be $made.ProcessId
    }

    It 'says ContainerNotFound, ContainerNotRunning, ProcessNotFound, and refuses an unknown signal' {
        { Send-ContainerSignal nothing -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerNotFound,*'
        $made = New-TestContainer
        { $made | Send-ContainerSignal -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerNotRunning,*'
        $made | Start-Container
        { $made | Send-ContainerSignal -ProcessId 999 -ErrorAction Stop } | Should -Throw -ErrorId 'ProcessNotFound,*'
        { $made | Send-ContainerSignal -Signal WRONG -ErrorAction Stop } |
            Should -Throw -ErrorId 'InvalidConfiguration,*'
    }
}
