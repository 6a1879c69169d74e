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

Describe 'Test-ContainerHealth' -Skip:([bool]$skip) {
    It 'checks now, and counts' {
        $check = New-ContainerHealthCheck -IntervalSec 1000 sh '-c' 'echo looked; test -f /ok'
        $made = New-Container busybox -Name checked -HealthCheck $check -Start sleep 1000
        Test-ContainerHealth checked | Should -BeFalse
        Invoke-ContainerCommand checked touch /ok
        $made | Test-ContainerHealth | Should -BeTrue
        ($made | Get-Container).Health | Should -Be 'Healthy'
        $result = Test-ContainerHealth -Id $made.Id -Detailed
        $result.Output | Should -Be 'looked'
        $result.ExitCode | Should -Be 0
        $result.Health | Should -Be 'Healthy'
        [pscustomobject]@{ ContainerId = $made.Id } | Test-ContainerHealth | Should -BeTrue
    }

    It 'is what Start-Container -Wait and Wait-Container -Healthy wait for' {
        $check = New-ContainerHealthCheck -IntervalSec 0.2 test '-f' /ok
        $made = New-Container busybox -HealthCheck $check sh '-c' 'sleep 0.7; touch /ok; sleep 1000'
        $started = $made | Start-Container -Wait -TimeoutSec 60 -PassThru
        $started.Health | Should -Be 'Healthy'
        ($made | Wait-Container -Healthy -PassThru).Health | Should -Be 'Healthy'
        $never = New-Container busybox -HealthCheck false sleep 1000
        { $never | Start-Container -Wait -TimeoutSec 1 -ErrorAction Stop } | Should -Throw -ErrorId 'WaitTimeout,*'
        ($never | Get-Container).State | Should -Be 'Running'
        $made, $never | Remove-Container -Force
    }

    It 'says what is wrong' -Tag NeedsLimits {
        { Test-ContainerHealth nothing -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerNotFound,*'
        $made = New-TestContainer
        { $made | Test-ContainerHealth -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerNotRunning,*'
        $made | Start-Container
        { $made | Test-ContainerHealth -ErrorAction Stop } | Should -Throw -ErrorId 'HealthCheckMissing,*'
        $made | Suspend-Container
        { $made | Test-ContainerHealth -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerPaused,*'
        $made | Remove-Container -Force
    }
}
