<#
Control groups of an ordinary user, where somebody gave the user some: what the cmdlets are asked for is asserted in the
kernel's files.
#>

BeforeDiscovery {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    $skip = Get-UserSkipReason
}

BeforeAll {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    if (Get-SkipReason) { return }
    . "$PSScriptRoot/RootlessUser.ps1"
}

AfterAll { if ($place) { Clear-RootlessUser } }

Describe 'A control group that was given to the user' -Tag 'NeedsRoot: makes users' -Skip:([bool]$skip) {
    BeforeAll {
        $trees = 'memory', 'pids', 'freezer' | ForEach-Object { "/sys/fs/cgroup/$_" }
        $legacy = -not ($trees | Where-Object { -not (Test-Path "$_/tasks") })
        if ($legacy) {
            $given = $trees | ForEach-Object { "$_/pscontainer-$uid" }
            [void](New-Item -ItemType Directory $given)
            chown -R $user @given
            $lines = Invoke-AsUser @'
                [void](ConvertTo-ContainerImage -Path PLACE/busybox.tar -Tag busybox -Change 'ENV PATH=/bin')
                [void](New-Container busybox -Name limited -Memory 64MB -PidsLimit 33 sleep -ArgumentList 1000 -Start)
                Suspend-Container limited -PassThru | ForEach-Object { "$($_.State)" }
                Resume-Container limited
                $groups = (Get-Content "/proc/$((Get-Container limited).ProcessId)/cgroup") -match 'memory|pids'
                $groups | ForEach-Object {
                    $name, $path = $_.Split(':')[1, 2]
                    $limit = @{ memory = 'memory.limit_in_bytes'; pids = 'pids.max' }[$name]
                    "$name $(Get-Content "/sys/fs/cgroup/$name$path/$limit")"
                }
                Remove-Container limited -Force
'@.Replace('PLACE', $place)
        }
    }

    AfterAll {
        if ($legacy) { $given | ForEach-Object { [IO.Directory]::Delete($_) } }
    }

    It 'limits and freezes what is in it' {
        if (-not $legacy) {
            Set-ItResult -Skipped -Because 'needs cgroup v1 hierarchies; tests/Conformance/uml has version 2'
            return
        }

        $lines | Should -Contain 'Paused'
        $lines | Should -Contain 'memory 67108864'
        $lines | Should -Contain 'pids 33'
    }
}

Describe 'A version 2 control group that was delegated' -Tag 'NeedsRoot: makes users' -Skip:([bool]$skip) {
    BeforeAll {
        $unified = Test-Path /sys/fs/cgroup/cgroup.controllers
        if ($unified) {
            $given = "/sys/fs/cgroup/psu-$uid"
            Set-Content /sys/fs/cgroup/cgroup.subtree_control '+cpu +memory +pids'
            [void](New-Item -ItemType Directory "$given/shell")

            # What systemd gives away with Delegate=yes: cgroups(7), "Delegation".
            $files = 'cgroup.procs', 'cgroup.subtree_control', 'cgroup.threads'
            chown $user $given "$given/shell" @($files | ForEach-Object { "$given/$_", "$given/shell/$_" })
            $lines = Invoke-AsUser -Group "$given/shell" @'
                [void](ConvertTo-ContainerImage -Path PLACE/busybox.tar -Tag busybox -Change 'ENV PATH=/bin')
                $box = New-Container busybox -Name box -Memory 64MB -PidsLimit 10 -Cpu 0.25 -Start sleep 1000
                $group = "/sys/fs/cgroup" + (Get-Content "/proc/$($box.ProcessId)/cgroup").Substring(3)
                "group $($group.Replace($box.Id, 'ID'))"
                'memory.max', 'pids.max', 'cpu.max' | ForEach-Object { "$_ $(Get-Content "$group/$_")" }
                Suspend-Container box -PassThru | ForEach-Object { "state $($_.State)" }
                Resume-Container box
                $forks = 'for i in 1 2 3 4 5 6 7 8 9 10 11 12; do sleep 99 & done; wait'
                Invoke-ContainerCommand box -TimeoutSec 20 -ErrorAction SilentlyContinue sh '-c' $forks
                "forks $([bool]((Get-Content "$group/pids.events") -match '^max [1-9]'))"
                Remove-Container box -Force
                $big = New-Container busybox -Memory 16MB -Start sh '-c' 'x=$(yes | head -c 60000000)'
                $big = $big | Wait-Container -TimeoutSec 60 -PassThru
                "big $($big.ExitCode) $($big.OutOfMemory)"
                $busy = New-Container busybox -Cpu 0.25 -Start sh '-c' 'while :; do :; done'
                $group = "/sys/fs/cgroup" + (Get-Content "/proc/$($busy.ProcessId)/cgroup").Substring(3)
                for ($i = 0; $i -lt 1200 -and -not $throttled; $i++) {
                    Start-Sleep -Milliseconds 50
                    $throttled = (Get-Content "$group/cpu.stat") -match '^nr_throttled [1-9]'
                }
                "throttled $([bool]$throttled)"
                $busy, $big | Remove-Container -Force
                "left $(@(Get-ChildItem GIVEN -Directory -Name) -join ',')"
'@.Replace('PLACE', $place).Replace('GIVEN', $given)
        }
    }

    AfterAll {
        if ($unified) { find $given -depth -type d -exec rmdir '{}' ';' }
    }

    It 'limits what is in it: <_>' -ForEach @(
        'group /sys/fs/cgroup/psu-UID/pscontainer/ID', 'memory.max 67108864', 'pids.max 10', 'cpu.max 25000 100000'
        'state Paused', 'forks True', 'big 137 True', 'throttled True', 'left shell'
    ) {
        if (-not $unified) {
            Set-ItResult -Skipped -Because 'needs a version 2 host; tests/Conformance/uml/engine.sh is one'
            return
        }

        $lines | Should -Contain $_.Replace('UID', $uid)
    }
}
