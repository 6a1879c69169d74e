<#
A clock that jumps, as at a first contact with a time server: nothing that runs may notice. Only in the guest, whose
clock is its own.
#>

BeforeDiscovery { $skip = -not (Select-String -Quiet uml_exchange /proc/cmdline) }

BeforeAll {
    Import-Module "$PSScriptRoot/Guest.psm1" -Force
    if (-not (Test-Guest)) { return }
    $state = New-GuestState
    $tree = "$state/tree"
    $script = 'i=0; while :; do echo $i; i=$((i + 1)); sleep 0.2; done'
    [void](New-Container -RootFsPath $tree -Name ticking -UserNamespace Host -Start sh '-c' $script)
    [void](New-Container -RootFsPath $tree -Name checked -UserNamespace Host -Start -HealthCheck (
            New-ContainerHealthCheck -IntervalSec 1 sh, '-c', 'echo x >> /checks') sleep 100000)
    Wait-Container checked -Healthy -TimeoutSec 60
    $bundle = New-GuestBundle "$state/bundle" sleep 100000
    Start-GuestBundle $bundle plain

    function Get-Check { (Invoke-ContainerCommand checked wc '-l' /checks) -replace '\D' }
}

AfterAll {
    if (-not $state) { return }
    psrun delete --force plain
    Get-Container | Remove-Container -Force
}

Describe 'A clock that jumps by <Jump>' -Skip:$skip -ForEach @(
    @{ Jump = '1 day'; Seconds = 86400 }
    @{ Jump = '-1 day'; Seconds = -86400 }
    @{ Jump = '10 years'; Seconds = 315360000 }
    @{ Jump = '-10 years'; Seconds = -315360000 }
) {
    BeforeAll {
        $before = @(Get-Container)
        $events = @(Get-ContainerEvent).Count
        $lines = @(Get-ContainerLog ticking).Count
        $checks = [int](Get-Check)
        # So many seconds are left of it, whatever the clock says.
        [void](New-Container -RootFsPath $tree -Name limited -UserNamespace Host -TimeoutSec 10 -Start sleep 100000)
        $restart = @{ RestartPolicy = 'OnFailure'; RestartCount = 3 }
        $command = '-c', 'sleep 0.5; exit 4'
        [void](New-Container -RootFsPath $tree -Name failing -UserNamespace Host @restart -Start sh $command)
        $clock = [Diagnostics.Stopwatch]::StartNew()
        $from = [DateTimeOffset]::Now
        date --set "@$($from.ToUnixTimeSeconds() + $Seconds)"
        $atOnce = (Get-Container limited).State
    }

    AfterAll { Remove-Container limited, failing -Force }

    It 'changes nothing of what runs' {
        foreach ($was in $before) {
            $now = Get-Container $was.Name
            $now.State | Should -Be 'Running'
            $now.ProcessId | Should -Be $was.ProcessId
            $now.RestartCount | Should -Be 0
            ($now.Uptime - $was.Uptime) | Should -BeGreaterOrEqual ([timespan]::Zero)
            ($now.Uptime - $was.Uptime).TotalSeconds | Should -BeLessThan 120
            Invoke-ContainerCommand $was.Name echo here | Should -Be 'here'
        }
        psrun list --format json | ConvertFrom-Json | ForEach-Object status | Should -Be 'running'
        psrun exec plain echo here | Should -Be 'here'
        $listed = Get-ContainerProcess ticking | Where-Object HostId -EQ (Get-Container ticking).ProcessId
        $differ = (Get-Date) - $listed.StartTime - (Get-Container ticking).Uptime
        [math]::Abs($differ.TotalSeconds) | Should -BeLessThan 10
    }

    It 'keeps to the time limit' {
        $atOnce | Should -Be 'Running'
        Wait-Container limited -TimeoutSec 30 | Should -Be 137
        $clock.Elapsed.TotalSeconds | Should -BeGreaterThan 3
        (Get-Container limited).Error | Should -Match 'time limit'
    }

    It 'keeps to the pauses between restarts' {
        Wait-Container failing -TimeoutSec 30 | Should -Be 4
        (Get-Container failing).RestartCount | Should -Be 3
        $clock.Elapsed.TotalSeconds | Should -BeLessThan 60
    }

    It 'keeps to the interval of health checks' {
        Wait-Container checked -Condition { [int](Get-Check) -ge $checks + 3 } -TimeoutSec 30
        (Get-Container checked).Health | Should -Be 'Healthy'
        [int](Get-Check) | Should -BeLessThan ($checks + 60)
    }

    It 'loses no line of a log' {
        $all = @(Get-ContainerLog ticking)
        $all.Count | Should -BeGreaterThan $lines
        $all.Line | Should -Be (0..($all.Count - 1))
        @(Get-ContainerLog ticking -Tail 3).Line[0] | Should -BeGreaterOrEqual ($all.Count - 3)
        # What was written since the jump, by the clock as it is now.
        Wait-Container ticking -LogPattern "^$($all.Count + 5)$" -TimeoutSec 20
        $recent = @(Get-ContainerLog ticking -Since (Get-Date).AddSeconds(-2))
        $recent.Line | Should -Contain "$($all.Count + 5)"
        $until = @(Get-ContainerLog ticking -Until (Get-Date))
        $until.Line | Should -Contain "$($all.Count + 5)"
    }

    It 'loses no event, and none changes its place' {
        $all = @(Get-ContainerEvent)
        $all.Count | Should -BeGreaterThan $events
        $mine = $all[$events..($all.Count - 1)] | Where-Object Name -EQ failing
        @($mine.Action) -join ' ' |
            Should -Match '^Create Start Exit Restart Start Exit Restart Start Exit Restart Start Exit$'
        @(Get-ContainerEvent -Since (Get-Date).AddMinutes(-5)).Count | Should -BeGreaterThan 0
    }

    It 'lets what is new start, stop and be found dead' {
        $made = New-Container -RootFsPath $tree -Name new -UserNamespace Host -Start sleep 100000
        $watch = [Diagnostics.Stopwatch]::StartNew()
        ($made | Stop-Container -TimeoutSec 1 -PassThru).State | Should -Be 'Exited'
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 20
        ($made | Start-Container -PassThru).State | Should -Be 'Running'
        $id = (Get-Content "$env:PSCONTAINER_RUN_ROOT/containers/$($made.Id)/state.json" | ConvertFrom-Json).monitorPid
        Stop-Process -Id $id -Force
        Wait-Container new -TimeoutSec 20
        (Get-Container new).State | Should -Be 'Exited'
        Remove-Container new -Force
    }
}
