BeforeDiscovery {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    $skip = Get-SkipReason
}

BeforeAll {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    if (Get-SkipReason) { return }
    $state = New-TestState
    $image = Import-BusyboxImage
    $web = New-Container busybox -Name web -Start sh '-c' 'trap exit TERM; sleep 999 & wait'
    [void]($web | Wait-Container -Condition { @($_ | Get-ContainerProcess).Count -eq 2 } -TimeoutSec 60 -PassThru)
}

AfterAll { Remove-TestState $state }

Describe 'Get-ContainerProcess' -Skip:([bool]$skip) {
    It 'writes the processes with both their ids' {
        $processes = Get-ContainerProcess web
        $first = $processes | Where-Object ContainerProcessId -EQ 1
        $first.ContainerProcessName | Should -Be 'sh'
        $first.HostId | Should -Be $web.ProcessId
        $first.User | Should -Be 0
        $first.HostUser | Should -Be ($web.IdRangeStart ?? (id -u))
        $first.WorkingSet | Should -BeGreaterThan 0
        $first.Container | Should -Be 'web'
        ($processes | Where-Object ContainerProcessName -EQ sleep).CommandLine | Should -Be 'sleep 999'
    }

    It 'chooses by name and id' {
        (Get-ContainerProcess web -ProcessName 'sle*').ContainerProcessName | Should -Be 'sleep'
        (Get-ContainerProcess web -ProcessId 1).ContainerProcessName | Should -Be 'sh'
    }

    It 'takes objects, ids and wildcards' {
        $web | Get-ContainerProcess | Should -Not -BeNullOrEmpty
        Get-ContainerProcess -Id $web.Id | Should -Not -BeNullOrEmpty
        Get-ContainerProcess 'w*' | Should -Not -BeNullOrEmpty
    }

    It 'says ContainerNotRunning and ContainerNotFound' {
        $idle = New-TestContainer idle
        { Get-ContainerProcess idle -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerNotRunning,*'
        { Get-ContainerProcess nothing -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerNotFound,*'
    }
}

Describe 'Without a name' -Skip:([bool]$skip) {
    It 'all that run are meant, and one that has ended is no error in a pipeline' {
        $running = New-TestContainer runs -Start
        $stopped = New-TestContainer stopped
        (Get-ContainerProcess -ErrorAction Stop).Container | Should -Contain runs
        (Measure-Container -IntervalSec 0.1 -ErrorAction Stop).Container | Should -Contain runs
        $running, $stopped | Get-ContainerProcess -ErrorAction Stop | Should -HaveCount (@(Get-ContainerProcess runs).Count)
        ($running, $stopped | Measure-Container -IntervalSec 0.1 -ErrorAction Stop).Container | Should -Be runs
        { Get-ContainerProcess stopped -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerNotRunning,*'
        $running, $stopped | Remove-Container -Force
    }
}
