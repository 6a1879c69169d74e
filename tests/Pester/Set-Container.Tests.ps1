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

    It 'lifts every limit again, of a container that runs and for its next start' -Tag 'NeedsRoot: all limits' {
        $made = New-TestContainer lifted -Start
        function Get-Kernel([string] $Controller, [string] $OldFile, [string] $NewFile) {
            $lines = Get-Content "/proc/$(($made | Get-Container).ProcessId)/cgroup"
            $own = @($lines -match ":([^:]*,)?$Controller(,[^:]*)?:")[0]
            $file = $own ? $OldFile : $NewFile
            $group = ($own ? $own : @($lines -match '^0::')[0]) -replace '^\d+:[^:]*:'
            $mounts = @(Get-Content /proc/self/mountinfo) -match " - cgroup .*\b$Controller\b"
            $place = $own ? $mounts[0].Split(' ')[4] : '/sys/fs/cgroup'
            (Get-Content "$place$group/$file" -ErrorAction Ignore) -join ' '
        }
        function Get-Limit {
            [pscustomobject]@{
                Memory      = Get-Kernel memory memory.limit_in_bytes memory.max
                Swap        = Get-Kernel memory memory.memsw.limit_in_bytes memory.swap.max
                Reservation = Get-Kernel memory memory.soft_limit_in_bytes memory.low
                Cpu         = (Get-Kernel cpu cpu.cfs_quota_us cpu.max) -replace ' .*'
                CpuSet      = Get-Kernel cpuset cpuset.effective_cpus cpuset.cpus.effective
                CpuWeight   = Get-Kernel cpu cpu.shares cpu.weight
            }
        }
        # On version 2 there are no files before there is a limit; afterwards they say what the kernel says by default.
        function Assert-Lifted {
            $now = Get-Limit
            foreach ($name in $none.PSObject.Properties.Name) {
                if ($none.$name) { $now.$name | Should -Be $none.$name -Because $name }
                else { $now.$name | Should -BeIn '', 'max', '0', '100', (Get-Content /sys/devices/system/cpu/online) -Because $name }
            }
        }
        $none = Get-Limit

        # Not every kernel has it.
        $sets = if ('cpuset' -in (Get-ContainerHost).CgroupController) { @{ CpuSet = '0' } } else { @{} }
        Set-Container lifted -Memory 48MB -MemorySwap 96MB -MemoryReservation 16MB -Cpu 0.5 -CpuWeight 50 -PidsLimit 17 @sets
        $limited = Get-Limit
        foreach ($name in 'Memory', 'Swap', 'Reservation', 'Cpu', 'CpuWeight') {
            # Swap is not accounted everywhere.
            if ($none.$name) { $limited.$name | Should -Not -Be $none.$name -Because $name }
        }
        if ($sets.Count) { $limited.CpuSet | Should -Be '0' }
        Set-Container lifted -Memory $null -MemorySwap $null -MemoryReservation $null -Cpu $null -CpuSet $null `
            -CpuWeight $null -PidsLimit $null
        Assert-Lifted
        Get-Kernel pids pids.max pids.max | Should -BeIn 'max', ''
        $now = $made | Get-Container
        @($now.Memory, $now.Cpu, $now.Configuration.CpuSet, $now.Configuration.CpuWeight) -ne $null | Should -BeNullOrEmpty
        $made | Restart-Container -Force
        Assert-Lifted
        Get-Kernel pids pids.max pids.max | Should -BeIn 'max', ''
    }

    It 'lifts the limit of memory alone, and of swap alone' -Tag NeedsLimits {
        $made = New-Container busybox -Name alone -Memory 64MB -MemorySwap 128MB -Start sleep 1000
        { Set-Container alone -Memory $null -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidConfiguration,*'
        Set-Container alone -MemorySwap $null
        ($made | Measure-Container -IntervalSec 0.1).MemoryLimit | Should -Be 64MB
        Set-Container alone -Memory $null
        ($made | Measure-Container -IntervalSec 0.1).MemoryLimit | Should -BeNullOrEmpty
        (Copy-Container alone alone2 -PidsLimit $null).Configuration.PidsLimit | Should -Be -1
    }

    It 'takes a health check and a restart policy back' {
        $made = New-Container busybox -RestartPolicy Always -HealthCheck true sleep 1000
        $now = $made | Set-Container -RestartPolicy $null -HealthCheck $null -PassThru
        $now.Configuration.RestartPolicy | Should -Be 'No'
        $now.Configuration.HealthCheck | Should -BeNullOrEmpty
    }

    It 'reads sizes as people write them: <Text>' -Tag NeedsLimits -ForEach @(
        @{ Text = '64m'; Bytes = 64MB }
        @{ Text = '64MB'; Bytes = 64MB }
        @{ Text = '64MiB'; Bytes = 64MB }
        @{ Text = '0.5g'; Bytes = 512MB }
        @{ Text = '67108864'; Bytes = 64MB }
    ) {
        $made = New-Container busybox -Memory $Text true
        ($made | Set-Container -MemoryReservation $Text -PassThru).Configuration.MemoryReservation | Should -Be $Bytes
        $made.Memory | Should -Be $Bytes
        (New-ContainerConfiguration busybox -ShmSize $Text).ShmSize | Should -Be $Bytes
        (New-ContainerMount -Type Tmpfs -Target /t -Size $Text).Size | Should -Be $Bytes
        (New-ContainerConfiguration busybox -Mount @{ Type = 'Tmpfs'; Target = '/t'; Size = $Text }).Mount[0].Size |
            Should -Be $Bytes
        (New-ContainerConfiguration busybox -DeviceReadBps @{ '/dev/x' = $Text }).DeviceReadBps['/dev/x'] |
            Should -Be $Bytes
        (New-ContainerConfiguration busybox -DeviceReadBps "/dev/x=$Text").DeviceReadBps['/dev/x'] | Should -Be $Bytes
    }

    It 'refuses a size that is none, and a limit out of range' {
        $made = New-TestContainer
        foreach ($text in '64x', 'm', '', '-5m', '1e3') {
            { $made | Set-Container -Memory $text -ErrorAction Stop } |
                Should -Throw -ErrorId 'ParameterArgumentTransformationError,*' -Because $text
        }
        foreach ($limit in @{ Memory = 0 }, @{ Cpu = 0 }, @{ PidsLimit = -2 }, @{ BlockIOWeight = 1001 }) {
            { $made | Set-Container @limit -ErrorAction Stop } |
                Should -Throw -ErrorId 'ParameterArgumentValidationError,*' -Because "$($limit.Keys)"
        }
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
