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

Describe 'Measure-Container' -Skip:([bool]$skip) {
    It 'measures processor, memory and processes' -Tag NeedsLimits {
        $made = New-Container busybox -Name busy -Memory 64MB -PidsLimit 50 -Start sh '-c' 'while :; do :; done'
        $measured = $made | Measure-Container
        $measured | Should -BeOfType ([Container.Cmdlets.Objects.ContainerStatistics])
        $measured.Container | Should -Be 'busy'
        $measured.ContainerId | Should -Be $made.Id
        $measured.CpuPercent | Should -BeGreaterThan 5
        $measured.CpuTime.TotalMilliseconds | Should -BeGreaterThan 0
        $measured.Memory | Should -BeGreaterThan 10KB
        $measured.MemoryLimit | Should -Be 64MB
        $measured.MemoryPercent | Should -BeLessThan 100
        $measured.Processes | Should -BeGreaterOrEqual 1
        $measured.ProcessLimit | Should -Be 50
        $made | Remove-Container -Force
    }

    It 'writes one object for each container and interval' {
        $many = 1..3 | ForEach-Object { New-TestContainer "m$_" -Start }
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $measured = Measure-Container 'm*' -Count 3 -IntervalSec 0.3
        $watch.Elapsed.TotalSeconds | Should -BeGreaterThan 0.8
        $measured | Group-Object Container | ForEach-Object Count | Should -Be 3, 3, 3
        @(Measure-Container 'm*' -Continuous -IntervalSec 0.1 | Select-Object -First 7).Count | Should -Be 7
        $many | Remove-Container -Force
    }

    It 'ends when the containers have ended' {
        $made = New-Container busybox -Start sleep 1
        @($made | Measure-Container -Continuous -IntervalSec 0.2).Count | Should -BeGreaterThan 1
    }

    It 'takes ids and property names, and passes over what does not run in a wildcard' {
        $made = New-TestContainer one -Start
        [void](New-TestContainer other)
        (Measure-Container -Id $made.Id -IntervalSec 0.1).Container | Should -Be 'one'
        ([pscustomobject]@{ ContainerId = $made.Id } | Measure-Container -IntervalSec 0.1).Container | Should -Be 'one'
        (Measure-Container 'o*' -IntervalSec 0.1).Container | Should -Be 'one'
    }

    It 'says ContainerNotFound and ContainerNotRunning' {
        { Measure-Container nothing -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerNotFound,*'
        { Measure-Container (New-TestContainer).Name -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerNotRunning,*'
    }
}
