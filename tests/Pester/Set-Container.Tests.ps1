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

Describe 'Set-Container' -Skip:([bool]$skip) {
    It 'changes the limits of a container that runs, at once' -Tag NeedsLimits {
        $made = New-TestContainer live -Start
        Set-Container live -Memory 48MB -PidsLimit 17 -Cpu 0.5 | Should -BeNullOrEmpty
        $now = Measure-Container live -IntervalSec 0.1
        $now.MemoryLimit | Should -Be 48MB
        $now.ProcessLimit | Should -Be 17
        ($made | Get-Container).Memory | Should -Be 48MB
        ($made | Get-Container).ProcessId | Should -Be $made.ProcessId
    }

    It 'changes what a device may do, one device after the other' -Tag 'NeedsRoot: limits of devices' {
        $device, $number = Get-ChildItem /sys/block | ForEach-Object { "/dev/$($_.Name)", (Get-Content "$_/dev") } |
            Select-Object -First 2
        if (-not $device -or -not (Test-Path $device)) {
            Set-ItResult -Skipped -Because 'there is no block device'
            return
        }
        $made = New-TestContainer throttled -Start
        function Get-Limit {
            $group = @(Get-Content "/proc/$($made.ProcessId)/cgroup") -match ':blkio:|^0::' | Select-Object -First 1
            $path = $group -replace '^\d+:[^:]*:'
            $files = "/sys/fs/cgroup$path/io.max", "/sys/fs/cgroup/blkio$path/blkio.throttle.read_bps_device"
            @(Get-Content $files -ErrorAction Ignore) -match "^$number " -join ''
        }
        Set-Container throttled -DeviceReadBps @{ $device = 3MB }
        Get-Limit | Should -Match '3145728'
        ($made | Get-Container).Configuration.DeviceReadBps[$device] | Should -Be 3MB
        Set-Container throttled -DeviceReadBps @{ $device = 0 } -DeviceWriteIops @{ $device = 77 }
        Get-Limit | Should -Not -Match '3145728'
        $made | Remove-Container -Force
    }

    It 'keeps them for the next start, and what was not given as it was' -Tag NeedsLimits {
        $made = New-Container busybox -Name kept -Memory 64MB -PidsLimit 9 -Start sleep 1000
        ($made | Set-Container -Memory 32MB -PassThru).Configuration.PidsLimit | Should -Be 9
        $made | Restart-Container -Force
        $now = $made | Measure-Container -IntervalSec 0.1
        $now.MemoryLimit | Should -Be 32MB
        $now.ProcessLimit | Should -Be 9
    }

    It 'changes labels, restart policy and health check' {
        $made = New-Container busybox -Label @{ a = '1'; b = '2' } -Start sleep 1000
        $now = $made | Set-Container -Label @{ a = ''; c = '3' } -RestartPolicy OnFailure -RestartCount 1 `
            -HealthCheck (New-ContainerHealthCheck -IntervalSec 0.2 true) -PassThru
        $now.Label.Keys | Sort-Object | Should -Be 'b', 'c'
        ($made | Wait-Container -Healthy -TimeoutSec 60 -PassThru).Health | Should -Be 'Healthy'
        $made | Send-ContainerSignal -Signal KILL
        $made | Wait-Container -Condition { $_.RestartCount -eq 1 -and $_.State -eq 'Running' } -TimeoutSec 60
        $made | Remove-Container -Force
    }

    It 'takes wildcards, ids and property names' -Tag NeedsLimits {
        $made = 1..2 | ForEach-Object { New-TestContainer "many$_" }
        (Set-Container 'many*' -Memory 16MB -PassThru).Memory | Should -Be 16MB, 16MB
        (Set-Container -Id $made[0].Id -Memory 17MB -PassThru).Memory | Should -Be 17MB
        ([pscustomobject]@{ ContainerId = $made[0].Id } | Set-Container -Memory 18MB -PassThru).Memory | Should -Be 18MB
    }

    It 'leaves everything as it was where a limit is refused' -Tag NeedsLimits {
        $made = New-Container busybox -Name refused -Memory 64MB -Start sleep 1000
        { Set-Container refused -Memory 1KB -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidConfiguration,*'
        { Set-Container refused -CpuSet 999 -ErrorAction Stop } | Should -Throw
        ($made | Get-Container).Memory | Should -Be 64MB
        ($made | Get-Container).Configuration.CpuSet | Should -BeNullOrEmpty
        ($made | Restart-Container -Force -PassThru).State | Should -Be 'Running'
    }

    It 'changes nothing with -WhatIf, and says ContainerNotFound' {
        $made = New-TestContainer -Start
        $before = Get-StateHash
        $made | Set-Container -Memory 32MB -WhatIf
        Get-StateHash | Should -Be $before
        { Set-Container nothing -Memory 32MB -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerNotFound,*'
    }
}
