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

Describe 'Get-ContainerEvent' -Skip:([bool]$skip) {
    It 'has each step of a life once, in order' -Tag NeedsLimits {
        $made = New-Container busybox -Name life -Start sh '-c' 'trap "exit 4" TERM; while :; do sleep 0.1; done'
        $made | Suspend-Container
        $made | Resume-Container
        Invoke-ContainerCommand life -ErrorAction SilentlyContinue sh '-c' 'exit 6'
        Invoke-ContainerCommand life -ErrorAction SilentlyContinue nothing
        Rename-Container life lives
        Set-Container lives -Memory 64MB
        Stop-Container lives
        Remove-Container lives
        $events = Get-ContainerEvent $made.Id | Where-Object Action -NE Signal
        $events.Action | Should -Be @(
            'Create', 'Start', 'Pause', 'Resume', 'Exec', 'ExecExit', 'Rename', 'Update', 'Exit', 'Remove')
        $events[0] | Should -BeOfType ([Container.Cmdlets.Objects.ContainerEvent])
        $events[0].Type | Should -Be 'Container'
        ($events | Where-Object Action -EQ Exit).Attribute.exitCode | Should -Be '4'
        $exec, $end = $events | Where-Object Action -In Exec, ExecExit
        $exec.Attribute.command | Should -Be 'sh' -Because 'its arguments may be secret'
        $end.Attribute.exitCode | Should -Be '6'
        $end.Attribute.pid | Should -Be $exec.Attribute.pid
        ($events | Where-Object Action -EQ Rename).Attribute.oldName | Should -Be 'life'
        $events | Sort-Object Timestamp | ForEach-Object Action | Should -Be $events.Action
    }

    It 'tells of restarts and of the kernel that killed for memory' -Tag NeedsLimits {
        $made = New-Container busybox -RestartPolicy OnFailure -RestartCount 2 -Start sh '-c' 'exit 3'
        $made | Wait-Container -TimeoutSec 60 | Should -Be 3
        @($made | Get-ContainerEvent -Action Restart).Count | Should -Be 2
        @($made | Get-ContainerEvent -Action Exit).Count | Should -Be 3
        $eater = New-Container busybox -Memory 16MB -MemorySwap 16MB -Start sh '-c' 'x=x; while :; do x=$x$x; done'
        [void]($eater | Wait-Container -TimeoutSec 30)
        @($eater | Get-ContainerEvent -Action OutOfMemory).Count | Should -Be 1
    }

    It 'has the end of a container whose monitor was killed, once' {
        $made = New-TestContainer -Start
        $file = "$env:PSCONTAINER_RUN_ROOT/containers/$($made.Id)/state.json"
        $monitor = (Get-Content $file | ConvertFrom-Json).monitorPid
        Stop-Process -Id $monitor -Force
        ($made | Wait-Container -TimeoutSec 60 -PassThru).State | Should -Be 'Exited'
        [void](Get-Container)
        $ends = @($made | Get-ContainerEvent -Action Exit)
        $ends.Count | Should -Be 1
        $ends[0].Attribute.recovered | Should -Be 'true'
    }

    It 'chooses by time, kind, number and name' {
        $before = Get-Date
        $made = New-TestContainer chosen
        (Get-ContainerEvent -Since $before).Name | Should -Contain 'chosen'
        Get-ContainerEvent 'chos*' -Until $before | Should -BeNullOrEmpty
        @(Get-ContainerEvent -First 2).Count | Should -Be 2
        Get-ContainerEvent -Type Volume -Container chosen | Should -BeNullOrEmpty
        (Get-ContainerEvent -Container 'CHOS*').Id | Should -Be $made.Id
        'chosen' | Get-ContainerEvent -Action Create | ForEach-Object Id | Should -Be $made.Id
    }

    It 'tells what happens to images' {
        $start = Get-Date
        $made = ConvertTo-ContainerImage -LiteralPath (Get-BusyboxArchive) -Tag told -Change 'ENV TOLD=1'
        Add-ContainerImageTag told other:1
        ConvertTo-ContainerImage -LiteralPath (Get-BusyboxArchive) -Tag other:1 -Change 'ENV TOLD=2' | Out-Null
        Export-ContainerImage told -Path "$state/told.tar" | Out-Null
        Remove-ContainerImage told, other:1
        Import-ContainerImage "$state/told.tar" | Out-Null
        Remove-ContainerImage told
        $events = Get-ContainerEvent -Type Image -Since $start
        "$($events | ForEach-Object { "$($_.Action):$($_.Name -replace '^.*/' -replace ':latest')" })" | Should -Be (
            'Import:told Tag:other:1 Untag:other:1 Import:other:1 Export:told ' +
            'Untag:told Remove:told Untag:other:1 Remove:other:1 Import:told Untag:told Remove:told')
        $events[0].Id | Should -Be $made.Id
        $events[2].Id | Should -Be $made.Id
        $events[3].Id | Should -Not -Be $made.Id
    }

    It 'tells what happens to volumes and secrets' {
        $start = Get-Date
        [void](New-ContainerVolume told)
        Export-ContainerVolume told -Path "$state/volume.tar" | Out-Null
        Import-ContainerVolume told -Path "$state/volume.tar" | Out-Null
        $made = New-Container busybox -Volume /anonymous, told:/told
        $made | Remove-Container -Volume
        Remove-ContainerVolume told -Force
        $events = Get-ContainerEvent -Type Volume -Since $start
        ($events | Where-Object Name -EQ told).Action | Should -Be 'Create', 'Export', 'Import', 'Remove'
        ($events | Where-Object Name -NE told).Action | Should -Be 'Create', 'Remove'

        $value = [securestring]::new()
        $value.AppendChar('x')
        New-ContainerSecret told -Value $value | Out-Null
        New-ContainerSecret told -Value $value -Replace | Out-Null
        Remove-ContainerSecret told
        $events = Get-ContainerEvent -Type Secret
        $events.Action | Should -Be 'Create', 'Update', 'Remove'
        $events.Id | Select-Object -Unique | Should -Be 'told'
    }

    It 'passes over half a line' {
        Add-Content "$env:PSCONTAINER_STATE_ROOT/events.log" '{"time":"2026-01-01T00:00:00Z","type":"conta' -NoNewline
        $made = New-TestContainer whole
        ($made | Get-ContainerEvent).Action | Should -Be 'Create'
    }
}
