<#
Limits of containers that run, in the files of a host that has cgroup v2 alone.
#>

BeforeDiscovery { $skip = -not (Select-String -Quiet uml_exchange /proc/cmdline) }

BeforeAll {
    Import-Module "$PSScriptRoot/Guest.psm1" -Force
    if (-not (Test-Guest)) { return }
    $state = New-GuestState
    $tree = "$state/tree"
    $limit = @{ UserNamespace = 'Host'; Memory = 64MB; PidsLimit = 50 }
    $made = New-Container -RootFsPath $tree -Name limited @limit -Start sleep 100000
    $cgroup = Get-CgroupPath $made.ProcessId
    $bundle = New-GuestBundle "$state/bundle" sleep 100000
    Start-GuestBundle $bundle plain
    $plain = Get-CgroupPath (psrun state plain | ConvertFrom-Json).pid

    function Get-Limit([string] $File, [string] $Path = $cgroup) { (Get-Content "$Path/$File") -join ' ' }

    function Send-Document([string] $Json) {
        Set-Content "$state/resources.json" $Json
        psrun update --resources "$state/resources.json" plain
        $LASTEXITCODE | Should -Be 0
    }
}

AfterAll {
    if (-not $state) { return }
    psrun delete --force plain
    Get-Container | Remove-Container -Force
    Test-Path $cgroup | Should -BeFalse
    Test-Path $plain | Should -BeFalse
}

Describe 'Set-Container on a container that runs' -Skip:$skip {
    It 'sets <File> with <Parameters.Keys>' -ForEach @(
        @{ Parameters = @{ Memory = 96MB }; File = 'memory.max'; Expected = "$(96MB)" }
        @{ Parameters = @{ Memory = 96MB; MemorySwap = 128MB }; File = 'memory.swap.max'; Expected = "$(32MB)" }
        @{ Parameters = @{ MemoryReservation = 32MB }; File = 'memory.low'; Expected = "$(32MB)" }
        @{ Parameters = @{ Cpu = 0.5 }; File = 'cpu.max'; Expected = '50000 100000' }
        @{ Parameters = @{ CpuWeight = 200 }; File = 'cpu.weight'; Expected = '200' }
        @{ Parameters = @{ PidsLimit = 77 }; File = 'pids.max'; Expected = '77' }
        @{ Parameters = @{ PidsLimit = -1 }; File = 'pids.max'; Expected = 'max' }
    ) {
        if (-not (Test-Path "$cgroup/$File")) {
            Set-ItResult -Skipped -Because "the kernel has no $File"
            return
        }
        Set-Container limited @Parameters
        Get-Limit $File | Should -Be $Expected
        (Get-Container limited).State | Should -Be 'Running'
    }

    It 'keeps them for the next start' {
        Set-Container limited -Memory 80MB -CpuWeight 300
        $again = Restart-Container limited -TimeoutSec 0 -PassThru
        $now = Get-CgroupPath $again.ProcessId
        Get-Limit memory.max $now | Should -Be "$(80MB)"
        Get-Limit cpu.weight $now | Should -Be '300'
    }

    It 'says what cannot be, and leaves the others' {
        $was = Get-Limit pids.max
        { Set-Container limited -CpuSet 4000 -ErrorAction Stop } | Should -Throw
        Get-Limit pids.max | Should -Be $was
        (Get-Container limited).State | Should -Be 'Running'
    }
}

Describe 'psrun update' -Skip:$skip {
    It 'sets <File>' -ForEach @(
        @{ Options = '--memory', '60m'; File = 'memory.max'; Expected = "$(60MB)" }
        @{ Options = '--memory-reservation', '20m'; File = 'memory.low'; Expected = "$(20MB)" }
        @{ Options = '--memory', '60m', '--memory-swap', '90m'; File = 'memory.swap.max'; Expected = "$(30MB)" }
        @{ Options = '--cpu-share', '2048'; File = 'cpu.weight'; Expected = '174' }
        @{ Options = '--cpu-quota', '50000', '--cpu-period', '200000'; File = 'cpu.max'; Expected = '50000 200000' }
        @{ Options = '--cpu-idle', '1'; File = 'cpu.idle'; Expected = '1' }
        @{ Options = '--cpu-idle', '0'; File = 'cpu.idle'; Expected = '0' }
        @{ Options = '--pids-limit', '66'; File = 'pids.max'; Expected = '66' }
    ) {
        if (-not (Test-Path "$plain/$File")) {
            Set-ItResult -Skipped -Because "the kernel has no $File"
            return
        }
        psrun update @Options plain
        $LASTEXITCODE | Should -Be 0
        Get-Limit $File $plain | Should -Be $Expected
    }

    It 'takes unified settings as they are' {
        Send-Document '{"unified": {"memory.high": "50000000", "pids.max": "44", "cpu.weight": "123"}}'
        Get-Limit memory.high $plain | Should -Be '49999872'
        Get-Limit pids.max $plain | Should -Be '44'
        Get-Limit cpu.weight $plain | Should -Be '123'
    }

    It 'limits input and output of a device' {
        $device = Get-ChildItem /sys/block | Select-Object -First 1
        if (-not $device -or -not (Test-Path "$plain/io.max")) {
            Set-ItResult -Skipped -Because 'the guest has no block device, or no io.max'
            return
        }
        $major, $minor = (Get-Content "$($device.FullName)/dev") -split ':'
        $place = "{""major"": $major, ""minor"": $minor, ""rate"": "
        Send-Document "{""blockIO"": {""throttleReadBpsDevice"": [${place}1048576}],
            ""throttleWriteIOPSDevice"": [${place}100}]}}"
        Get-Limit io.max $plain | Should -Match "${major}:$minor rbps=1048576 wbps=max riops=max wiops=100"
    }

    It 'leaves the devices as they are, which only a new container is given' {
        psrun exec plain mknod /zero c 1 5
        psrun exec plain dd if=/zero of=/dev/null bs=1 count=1 2>$null
        $LASTEXITCODE | Should -Be 0
        # The kernel's log is no part of every container.
        psrun exec plain mknod /log c 1 11
        Send-Document ('{"devices": [{"allow": true, "type": "c", "major": 1, "minor": 11, "access": "rw"}],' +
            '"pids": {"limit": 40}}')
        Get-Limit pids.max $plain | Should -Be '40'
        psrun exec plain sh '-c' ': > /log' 2>$null
        $LASTEXITCODE | Should -Not -Be 0
        psrun exec plain dd if=/zero of=/dev/null bs=1 count=1 2>$null
        $LASTEXITCODE | Should -Be 0
    }
}

Describe 'A hierarchy of v2 alone' -Skip:$skip {
    It 'pauses and resumes' {
        $path = Get-CgroupPath (Get-Container limited).ProcessId
        (Suspend-Container limited -PassThru).State | Should -Be 'Paused'
        Get-Limit cgroup.events $path | Should -Match 'frozen 1'
        (Resume-Container limited -PassThru).State | Should -Be 'Running'
        Get-Limit cgroup.events $path | Should -Match 'frozen 0'
        psrun pause plain
        Get-Limit cgroup.events $plain | Should -Match 'frozen 1'
        (psrun state plain | ConvertFrom-Json).status | Should -Be 'paused'
        psrun resume plain
        Get-Limit cgroup.events $plain | Should -Match 'frozen 0'
    }

    It 'is measured' {
        $limit = @{ UserNamespace = 'Host'; Memory = 64MB; PidsLimit = 20 }
        $burner = New-Container -RootFsPath $tree -Name burner @limit -Start sh '-c' 'while :; do :; done'
        $path = Get-CgroupPath $burner.ProcessId
        $found = Measure-Container burner
        $found.CpuPercent | Should -BeGreaterThan 10
        $found.CpuTime | Should -BeGreaterThan ([timespan]::Zero)
        $found.Memory | Should -BeGreaterThan 0
        $found.Memory | Should -BeLessOrEqual 64MB
        $found.MemoryLimit | Should -Be 64MB
        $found.Processes | Should -Be (Get-Limit pids.current $path)
        $found.ProcessLimit | Should -Be 20
        @(Measure-Container 'burner', 'limited').Count | Should -Be 2
        (psrun events --stats plain | ConvertFrom-Json).data.pids.current | Should -BeGreaterThan 0
        $burner | Remove-Container -Force
    }

    It 'tells of an end for want of memory' {
        $limit = @{ UserNamespace = 'Host'; Memory = 16MB; MemorySwap = 16MB }
        $command = 'dd', 'if=/dev/zero', 'of=/dev/null', 'bs=64M', 'count=1'
        $eater = New-Container -RootFsPath $tree -Name eater @limit -Start $command[0] $command[1..4]
        Wait-Container eater -TimeoutSec 60 | Should -Be 137
        ($eater | Get-Container).OutOfMemory | Should -BeTrue
        $eater | Remove-Container
    }
}
