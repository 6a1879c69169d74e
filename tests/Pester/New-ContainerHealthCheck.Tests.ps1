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

Describe 'New-ContainerHealthCheck' -Skip:([bool]$skip) {
    It 'makes a check that New-Container takes, beside text and arrays' {
        $check = New-ContainerHealthCheck -IntervalSec 0.5 -TimeoutSec 2 -StartPeriodSec 3 -RetryCount 4 test '-f' /ok
        $check | Should -BeOfType ([Container.Engine.Configuration.ContainerHealthCheck])
        $check.Command | Should -Be 'test', '-f', '/ok'
        $check.Interval.TotalSeconds | Should -Be 0.5
        $check.Retries | Should -Be 4
        (New-Container busybox -HealthCheck $check true).Configuration.HealthCheck.StartPeriod.TotalSeconds |
            Should -Be 3
        (New-Container busybox -HealthCheck 'a | b' true).Configuration.HealthCheck.Command |
            Should -Be '/bin/sh', '-c', 'a | b'
        (New-ContainerHealthCheck -Retries 5 'test -f /ok').Command | Should -Be '/bin/sh', '-c', 'test -f /ok'
        (New-ContainerHealthCheck /ok).Command | Should -Be '/ok'
        (New-Container busybox -HealthCheck a, b true).Configuration.HealthCheck.Command | Should -Be 'a', 'b'
    }

    It 'acts on an unhealthy container: <Action>' -ForEach @(
        @{ Action = 'None'; Condition = { $_.Health -eq 'Unhealthy' } }
        @{ Action = 'Restart'; Condition = { $_.RestartCount -ge 1 } }
        @{ Action = 'Stop'; Condition = { $_.State -eq 'Exited' -and $_.ExitCode -eq 0 } }
        @{ Action = 'Kill'; Condition = { $_.State -eq 'Exited' -and $_.ExitCode -eq 137 } }
    ) {
        $check = New-ContainerHealthCheck -IntervalSec 0.2 -RetryCount 2 -FailureAction $Action false
        $made = New-Container busybox -HealthCheck $check -Start sh '-c' 'trap "exit 0" TERM; sleep 1000 & wait'
        $made | Wait-Container -Condition $Condition -TimeoutSec 60 -ErrorAction Stop
        @(Get-ContainerEvent $made.Id -Action Health).Count | Should -BeGreaterOrEqual 1
        $made | Remove-Container -Force
    }

    It 'does not count failures in the start period, and kills a check that takes too long' {
        $check = New-ContainerHealthCheck -IntervalSec 0.1 -TimeoutSec 1 -StartPeriodSec 60 -RetryCount 1 sleep 100
        $made = New-Container busybox -HealthCheck $check -Start sleep 1000
        $made | Wait-Container -Condition { $_.HealthOutput } -TimeoutSec 60 -ErrorAction Stop
        ($made | Get-Container).Health | Should -Be 'Starting'
        ($made | Get-Container).HealthOutput | Should -Match 'too long'
        $made | Remove-Container -Force
    }
}
