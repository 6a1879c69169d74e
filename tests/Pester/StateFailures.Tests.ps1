<#
What hosts do to files: a disk that is full, a file system that is read-only, a reboot, a clock that is set back. The
errors say what is wrong and what to do, and nothing is lost.
#>

BeforeDiscovery {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    $skip = Get-SkipReason
}

BeforeAll {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    if (Get-SkipReason) { return }
    $state = New-TestState
    $root = $env:PSCONTAINER_STATE_ROOT

    # In memory and small, so that it can be filled.
    mount -t tmpfs -o size=12m,mode=755 pst $root
    [void](Import-BusyboxImage)
    [void](New-ContainerVolume kept)
    [void](New-Container busybox -Name kept -Volume kept:/v sleep 1000)
    Set-Content "$state/file" 'content'
    Copy-ContainerItem "$state/file" /v/file -ToContainer kept
    $script = 'while :; do echo line; head -c 3000 /dev/zero | tr "\0" a; echo; sleep 0.05; done'
    [void](New-Container busybox -Name running -Start sh '-c' $script)
    Wait-Container running -LogPattern aaa -TimeoutSec 60

    function Test-Kept {
        (Get-Container).Name | Should -Be 'kept', 'running'
        Test-ContainerImage busybox -Integrity | Should -BeTrue
        Get-Content "$((Get-ContainerVolume kept).MountPoint)/file" | Should -Be 'content'
        (Get-ContainerImage busybox).Reference | Should -HaveCount 1
        Get-ContainerSecret | Should -BeNullOrEmpty
        (Get-ChildItem "$root/names").Name | Should -Be 'kept', 'running'
        (Get-ChildItem "$root/containers").Name | Sort-Object | Should -Be ((Get-Container).Id | Sort-Object)
        Get-ChildItem "$root/ids" -Exclude lock | Should -HaveCount 2
    }

    function Get-Problem([scriptblock] $Script) {
        try { $found = & $Script 2>&1 | Where-Object { $_ -is [Management.Automation.ErrorRecord] } }
        catch { $found = $_ }
        @($found)[0]
    }

    function Add-Secret {
        $value = [securestring]::new()
        $value.AppendChar('x')
        New-ContainerSecret more -Value $value
    }

    function Get-State($Container) {
        Get-Content "$env:PSCONTAINER_RUN_ROOT/containers/$($Container.Id)/state.json" | ConvertFrom-Json -AsHashtable
    }

    function Edit-State($Container, [hashtable] $Change, [string] $Root = $env:PSCONTAINER_RUN_ROOT) {
        $found = Get-State $Container
        foreach ($name in $Change.Keys) { $found[$name] = $Change[$name] }
        Set-Content "$Root/containers/$($Container.Id)/state.json" ($found | ConvertTo-Json -Compress)
    }

    # As proc(5) has it, field 22.
    function Get-StartTime([int] $Id) { [long]((Get-Content "/proc/$Id/stat") -replace '^.*\) ' -split ' ')[19] }

    # Ends a container and its monitor without a trace of it in the files, as a power cut does.
    function Invoke-PowerCut($Container) {
        $found = Get-State $Container
        Stop-Process -Id $found.monitorPid, $found.pid -Force -ErrorAction Ignore
        Wait-Until { -not (Get-Process -Id $found.monitorPid, $found.pid -ErrorAction Ignore) }
    }
}

AfterAll {
    if (-not $state) { return }
    Get-Container | Remove-Container -Force
    umount -l $root
    Remove-TestState $state
}

Describe 'A full disk' -Tag 'NeedsRoot: mounts' -Skip:([bool]$skip) {
    BeforeAll {
        dd if=/dev/zero "of=$root/filler" bs=4k count=4096 2>$null
        dd if=/dev/zero "of=$root/filler" bs=1 count=4096 conv=notrunc oflag=append 2>$null
    }

    AfterAll { Remove-Item "$root/filler" -ErrorAction Ignore }

    It 'is said by what makes a <What>, and nothing is left of it' -ForEach @(
        @{ What = 'image'; Script = { ConvertTo-ContainerImage -LiteralPath (Get-BusyboxArchive) -Change 'ENV A=b' } }
        @{ What = 'name'; Script = { Add-ContainerImageTag busybox more:1 } }
        @{ What = 'container'; Script = { New-Container busybox -Name more } }
        @{ What = 'container and runs it'; Script = { Invoke-ContainerImage busybox echo x } }
        @{ What = 'copy'; Script = { Copy-Container kept -NewName more } }
        @{ What = 'volume'; Script = { New-ContainerVolume more } }
        @{ What = 'secret'; Script = { Add-Secret } }
        @{ What = 'file'; Script = { Copy-ContainerItem /bin/busybox /more -ToContainer kept } }
        @{ What = 'archive'; Script = { Export-Container kept -Path "$root/more.tar" } }
        @{ What = 'new name'; Script = { Rename-Container kept other } }
        @{ What = 'change'; Script = { Set-Container kept -Memory 64MB } }
    ) {
        $problem = Get-Problem $Script
        $problem.CategoryInfo.Category | Should -Be 'QuotaExceeded'
        Get-ErrorId $problem | Should -Be 'SystemCallFailed'
        "$problem" | Should -Match 'No space left'
        $problem.ErrorDetails.RecommendedAction | Should -Match '^Free space'
        Test-Kept
    }

    It 'keeps nobody from running what there is, and from removing it' {
        (Start-Container kept -PassThru).State | Should -Be 'Running'
        Invoke-ContainerCommand kept echo works | Should -Be 'works'
        (Stop-Container kept -TimeoutSec 0 -PassThru).State | Should -Be 'Exited'
        (Get-Container running).State | Should -Be 'Running'
        (Restart-Container running -Force -PassThru).State | Should -Be 'Running'
        Get-ContainerLog running -Tail 1 | Should -HaveCount 1
        Test-Kept
    }

    It 'is over when there is space, and the log says what it lacks' {
        # What ended above has given space back: full again, until the log, of which more comes all the time, stands still.
        dd if=/dev/zero "of=$root/filler" bs=4k count=4096 conv=notrunc oflag=append 2>$null
        $log = "$root/containers/$((Get-Container running).Id)/container.log"
        Wait-Until {
            $length = (Get-Item $log).Length
            Start-Sleep -Milliseconds 300
            (Get-Item $log).Length -eq $length
        }
        Remove-Item "$root/filler"
        New-Container busybox -Name again | Remove-Container
        New-ContainerVolume again | Remove-ContainerVolume -Force
        Wait-Container running -LogPattern 'bytes of output could not be logged' -TimeoutSec 60
        Test-Kept
    }
}

Describe 'A run directory that is full' -Tag 'NeedsRoot: mounts' -Skip:([bool]$skip) {
    It 'refuses a start, and does not lose the end of what runs' {
        $run = $env:PSCONTAINER_RUN_ROOT
        try {
            $env:PSCONTAINER_RUN_ROOT = "$state/small"
            [void](New-Item -ItemType Directory "$state/small")
            mount -t tmpfs -o size=256k,mode=755 pst "$state/small"
            $check = New-ContainerHealthCheck -IntervalSec 1 true
            $script = 'trap "exit 9" TERM; while :; do sleep 0.1; done'
            $made = New-Container busybox -HealthCheck $check -Start sh '-c' $script
            $other = New-Container busybox sleep 1000
            dd if=/dev/zero "of=$state/small/filler" bs=4k count=4096 2>$null
            $problem = Get-Problem { Start-Container -Id $other.Id }
            $problem.CategoryInfo.Category | Should -Be 'QuotaExceeded'
            $problem.ErrorDetails.RecommendedAction | Should -Match '^Free space'
            $made | Wait-Container -Healthy -TimeoutSec 60
            ($made | Stop-Container -TimeoutSec 60 -PassThru).ExitCode | Should -Be 9
            ($made | Get-Container).State | Should -Be 'Exited'
            Remove-Item "$state/small/filler"
            ($other | Start-Container -PassThru).State | Should -Be 'Running'
            $made, $other | Remove-Container -Force
        }
        finally {
            umount -l "$state/small"
            $env:PSCONTAINER_RUN_ROOT = $run
        }
        Test-Kept
    }
}

Describe 'A state directory that is read-only' -Tag 'NeedsRoot: mounts' -Skip:([bool]$skip) {
    BeforeAll {
        mount --bind $root $root
        mount -o 'remount,bind,ro' $root
    }

    AfterAll { umount $root }

    It 'ends what would write at once' -ForEach @(
        @{ Script = { New-Container busybox -Name more } }
        @{ Script = { ConvertTo-ContainerImage -LiteralPath (Get-BusyboxArchive) -Change 'ENV A=b' } }
        @{ Script = { Remove-ContainerImage busybox -Force } }
        @{ Script = { New-ContainerVolume more } }
        @{ Script = { Add-Secret } }
        @{ Script = { Start-Container kept } }
        @{ Script = { Remove-Container running -Force } }
        @{ Script = { Copy-ContainerItem /bin/busybox /more -ToContainer kept } }
    ) {
        $problem = Get-Problem $Script
        Get-ErrorId $problem | Should -Be 'StateDirectoryUnusable'
        $problem.ErrorDetails.RecommendedAction | Should -Match '^Mount .* for writing'
        Test-Kept
    }

    It 'lets everybody look, run commands, and stop' {
        Get-ContainerLog running -Tail 1 | Should -HaveCount 1
        Invoke-ContainerCommand running echo works | Should -Be 'works'
        @(Get-ContainerEvent).Count | Should -BeGreaterThan 0
        Stop-Container running -TimeoutSec 0
        (Get-Container running).State | Should -Be 'Exited'
        Wait-Container running | Should -Be 137
        Test-Kept
    }
}

Describe 'A reboot' -Tag 'NeedsRoot: mounts' -Skip:([bool]$skip) {
    BeforeEach {
        [void](Start-Container running)
        $container = Get-Container running
        $stranger = Start-Process sleep 1000 -PassThru
    }

    AfterEach {
        $stranger.HasExited | Should -BeFalse
        $stranger.Kill()
        Stop-Container running -TimeoutSec 0
    }

    It 'ends what ran, whoever has its process id now' {
        Invoke-PowerCut $container
        $time = Get-StartTime $stranger.Id
        Edit-State $container @{
            bootId = [guid]::NewGuid().ToString(); pid = $stranger.Id; monitorPid = $stranger.Id; pidStartTime = $time
            monitorStartTime = $time
        }
        $now = Get-Container running
        $now.State | Should -Be 'Exited'
        $now.ExitCode | Should -Be 255
        $now.Error | Should -Match 'restarted'
        Get-ErrorId (Get-Problem { Invoke-ContainerCommand running true }) | Should -Be 'ContainerNotRunning'
        Get-ErrorId (Get-Problem { Send-ContainerSignal running KILL }) | Should -Be 'ContainerNotRunning'
        Stop-Container running -Force
        Wait-Container running -TimeoutSec 60 | Should -Be 255
        (Start-Container running -PassThru).State | Should -Be 'Running'
        Test-Kept
    }

    It 'is noticed where the run directory is empty after it' {
        Edit-State $container @{ bootId = [guid]::NewGuid().ToString() } -Root $root
        Invoke-PowerCut $container
        Remove-Item "$env:PSCONTAINER_RUN_ROOT/*" -Recurse -Force
        (Get-Container running).State | Should -Be 'Exited'
        (Restart-Container running -PassThru).State | Should -Be 'Running'
        Test-Kept
    }

    It 'is not what a process id that is used again in the same boot looks like' {
        Invoke-PowerCut $container
        Edit-State $container @{
            pid = $stranger.Id; monitorPid = $stranger.Id; pidStartTime = 1; monitorStartTime = 1
        }
        $now = Get-Container running
        $now.State | Should -Be 'Exited'
        $now.ExitCode | Should -Be 137
        $now.Error | Should -Match 'was killed'
        (Restart-Container running -Force -PassThru).State | Should -Be 'Running'
        Test-Kept
    }
}

Describe 'A clock that is set back' -Tag 'NeedsRoot: mounts' -Skip:([bool]$skip) {
    BeforeAll {
        # What was written before it was.
        [void](Start-Container running)
        $container = Get-Container running
        $future = [DateTimeOffset]::UtcNow.AddYears(1)
        Edit-State $container @{ startedAt = $future.ToString('o') }
        $document = "$root/containers/$($container.Id)/container.json"
        $text = (Get-Content $document -Raw) -replace '("createdAt":")[^"]*', "`${1}$($future.ToString('o'))"
        [IO.File]::WriteAllText($document, $text)
        $happened = @{ time = $future; type = 'container'; action = 'create'; id = $container.Id; name = 'running' }
        Add-Content "$root/events.log" ($happened | ConvertTo-Json -Compress)
    }

    It 'makes no time less than none' {
        $now = Get-Container running
        $now.State | Should -Be 'Running'
        $now.StartedAt | Should -BeGreaterThan (Get-Date).AddDays(300)
        $now.Uptime | Should -BeGreaterThan ([timespan]::Zero)
        $now.Uptime | Should -BeLessThan ([timespan]::FromMinutes(10))
        $now | Format-Table | Out-String | Should -Match 'running'
        $now | Format-List | Out-String | Should -Match 'running'
        (Measure-Container running).CpuPercent | Should -BeGreaterOrEqual 0
        Clear-ContainerStorage -Type Container -OlderThan ([timespan]::Zero) -Force -WhatIf
    }

    It 'hides no line and no event' {
        Wait-Container running -LogPattern line -TimeoutSec 60
        Get-ContainerLog running -Since (Get-Date).AddYears(2) | Should -BeNullOrEmpty
        (Get-ContainerEvent running).Action | Should -Contain 'Create'
        $subscriber = Register-ContainerEvent running -SourceIdentifier clock -Action Pause
        $subscriber | Should -BeNullOrEmpty
        Suspend-Container running
        (Wait-Event -SourceIdentifier clock -Timeout 20).SourceArgs[0].Action | Should -Be 'Pause'
        Unregister-Event clock
        Remove-Event clock
        Resume-Container running
    }

    It 'does not keep it from ending and starting' {
        (Stop-Container running -TimeoutSec 0 -PassThru).State | Should -Be 'Exited'
        (Restart-Container running -PassThru).State | Should -Be 'Running'
        (Get-Container running).StartedAt | Should -BeLessThan (Get-Date).AddDays(1)
        Test-Kept
    }
}
