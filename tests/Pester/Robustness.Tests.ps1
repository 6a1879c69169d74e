<#
What is killed in the middle leaves nothing: the next command says what is so, and mends it. Rounds in CI are few; for
more set CONTAINER_TEST_ROUNDS, as in 500, and CONTAINER_TEST_RUNSPACES, as in 100.
#>

BeforeDiscovery {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    $skip = Get-SkipReason
}

BeforeAll {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    if (Get-SkipReason) { return }
    $state = New-TestState
    $image = Import-BusyboxImage
    $module = (Get-Module Container).Path -replace '[^/]+$', 'Container.psd1'
    $rounds = [int]($env:CONTAINER_TEST_ROUNDS ?? 50)
    $runspaces = [int]($env:CONTAINER_TEST_RUNSPACES ?? 20)

    # The processes of this test's containers and monitors: those whose files are below its run directory. The one that
    # reaches files for a user ends with its shell.
    function Get-MonitorId {
        Get-ChildItem /proc -Directory | Where-Object Name -Match '^\d+$' | ForEach-Object {
            $line = Get-Content "$_/cmdline" -Raw -ErrorAction Ignore
            if ($line -and $line.Contains($env:PSCONTAINER_RUN_ROOT) -and $line -notmatch "`0files`0") { [int]$_.Name }
        }
    }

    function Get-MonitorOf($Container) {
        (Get-Content "$env:PSCONTAINER_RUN_ROOT/containers/$($Container.Id)/state.json" | ConvertFrom-Json).monitorPid
    }

    function Get-Figure([int] $Id) {
        $kilobytes = (Get-Content "/proc/$Id/smaps_rollup" | Where-Object { $_ -match '^Pss:' }) -replace '\D'
        [pscustomobject]@{
            Memory      = [long]$kilobytes * 1KB
            Descriptors = @(Get-ChildItem "/proc/$Id/fd").Count
            Threads     = @(Get-ChildItem "/proc/$Id/task").Count
        }
    }
}

AfterAll { Remove-TestState $state }

Describe 'What is killed' -Skip:([bool]$skip) {
    It 'leaves nothing behind, whenever it is' {
        $random = [Random]::new(4711)
        for ($round = 0; $round -lt $rounds; $round++) {
            $worker = [powershell]::Create()
            [void]$worker.AddScript("Import-Module '$module'
                `$made = New-Container busybox -Name 'round' -Start sleep 1000
                `$made | Stop-Container -TimeoutSec 0
                `$made | Start-Container
                `$made | Remove-Container -Force")
            $running = $worker.BeginInvoke()
            Start-Sleep -Milliseconds $random.Next(0, 60)
            foreach ($id in Get-MonitorId) { Stop-Process -Id $id -Force -ErrorAction Ignore }
            [void]$running.AsyncWaitHandle.WaitOne(60000)
            $running.IsCompleted | Should -BeTrue -Because "round $round"
            $worker.Dispose()

            # The next commands: what is there is what they say, and goes.
            foreach ($left in Get-Container) {
                $left.State | Should -BeIn 'Created', 'Exited', 'Running', 'Initialized' -Because "round $round"
                if ($left.State -eq 'Running') { Test-Path "/proc/$($left.ProcessId)" | Should -BeTrue }
            }
            Get-Container | Remove-Container -Force
            Get-Container | Should -BeNullOrEmpty
            Get-ChildItem "$env:PSCONTAINER_STATE_ROOT/containers", "$env:PSCONTAINER_RUN_ROOT/containers" |
                Should -BeNullOrEmpty -Because "round $round"
            Get-ChildItem "$env:PSCONTAINER_STATE_ROOT/names" | Should -BeNullOrEmpty -Because "round $round"
        }
        Get-MonitorId | Should -BeNullOrEmpty
    }

    It 'leaves nothing behind when it is the shell' {
        $shells = [Math]::Max(3, $rounds / 10)
        # Whatever becomes of this shell, that one ends too.
        $loop = "Import-Module '$module'; `$end = (Get-Date).AddMinutes(2)
            while ((Get-Date) -lt `$end) { New-Container busybox -Start sleep 1000 | Remove-Container -Force }"
        for ($round = 0; $round -lt $shells; $round++) {
            $shell = Start-TestShell $loop
            try {
                Wait-Until { Get-ChildItem "$env:PSCONTAINER_RUN_ROOT/containers" -ErrorAction Ignore }
                Start-Sleep -Milliseconds (37 * $round % 100)
            }
            finally {
                Stop-TestShell $shell
            }
            Get-Container | Remove-Container -Force
            Get-ChildItem "$env:PSCONTAINER_STATE_ROOT/containers" | ForEach-Object { "$_ has $(Get-ChildItem $_)" } |
                Should -BeNullOrEmpty -Because "round $round"
        }
        # A monitor that nobody has told to start anything gives up by itself; one with a container has been killed.
        (New-TestContainer after -Start).State | Should -Be 'Running'
        Remove-Container after -Force
    }
}

Describe 'Many at once' -Skip:([bool]$skip) {
    It 'create, start, list and remove, each their own' {
        $results = 1..$runspaces | ForEach-Object -ThrottleLimit $runspaces -Parallel {
            Import-Module $using:module
            $made = New-Container busybox -Name "own$_" -Start -ErrorAction Stop sleep 1000
            [void](Get-Container)
            $made | Stop-Container -TimeoutSec 0
            $ended = $made | Get-Container
            $made | Remove-Container -Force -ErrorAction Stop
            "$($ended.State) $($ended.ExitCode)"
        }
        $results.Count | Should -Be $runspaces
        $results | Select-Object -Unique | Should -Be 'Exited 137'
        Get-Container | Should -BeNullOrEmpty
    }

    It 'mend what was left behind, all together' {
        $left = 1..3 | ForEach-Object { New-Container busybox -Name "left$_" -Start sleep 1000 }
        foreach ($id in $left | ForEach-Object { Get-MonitorOf $_ }) { Stop-Process -Id $id -Force }
        # The second was being removed, the third was there before the host was started again.
        Remove-Item "$env:PSCONTAINER_STATE_ROOT/containers/$($left[1].Id)/container.json"
        Remove-Item "$env:PSCONTAINER_RUN_ROOT/containers/$($left[2].Id)" -Recurse -Force
        $results = 1..$runspaces | ForEach-Object -ThrottleLimit $runspaces -Parallel {
            Import-Module $using:module
            (Get-Container -ErrorAction Stop | ForEach-Object { "$($_.Name) $($_.State)" }) -join ', '
            if ($_ % 4 -eq 0) { Remove-Container 'left*' -Force -ErrorAction SilentlyContinue }
        }
        $results.Count | Should -Be $runspaces
        $results | Should -Not -Match 'left2|Running'
        Get-Container | Should -BeNullOrEmpty
        foreach ($id in $left.ProcessId) { Wait-Until { -not (Test-ProcessAlive $id) } }
        Get-ChildItem "$env:PSCONTAINER_STATE_ROOT/containers", "$env:PSCONTAINER_RUN_ROOT/containers",
        "$env:PSCONTAINER_STATE_ROOT/names" | Should -BeNullOrEmpty
    }

    It 'under the same name: one has it, the others are told' {
        $results = 1..$runspaces | ForEach-Object -ThrottleLimit $runspaces -Parallel {
            Import-Module $using:module
            $made = New-Container busybox -Name same -ErrorAction SilentlyContinue -ErrorVariable problems
            if ($made) { $made.Id } else { $problems[0].FullyQualifiedErrorId.Split(',')[0] }
        }
        @($results | Where-Object { $_ -match '^[0-9a-f]{64}$' }).Count | Should -Be 1
        @($results -eq 'ContainerExists').Count | Should -Be ($runspaces - 1)
        Remove-Container same
    }

    It 'change the same container: no change is lost' {
        $made = New-TestContainer changed -Start
        1..$runspaces | ForEach-Object -ThrottleLimit $runspaces -Parallel {
            Import-Module $using:module
            Set-Container changed -Label @{ "label$_" = "$_" }
        }
        ($made | Get-Container).Label.Count | Should -Be $runspaces
        Remove-Container changed -Force
    }
}

Describe 'A monitor stays as it is' -Skip:([bool]$skip) {
    It 'beside <Name>' -Tag NeedsLimits -ForEach @(
        @{ Name = 'a flood of output'; Script = 'yes'; Limit = @{} }
        @{ Name = 'a storm of zombies'; Script = 'while :; do (sleep 0 & ) ; done'; Limit = @{ PidsLimit = 64 } }
        @{ Name = 'a storm of zombies, with an init'; Script = 'while :; do (sleep 0 & ) ; done'; Limit = @{
                PidsLimit = 64; Init = $true
            }
        }
        @{ Name = 'zombies that the first process leaves'; Script = '(while :; do (sleep 0 & ); done) & exec sleep 1000'
            Limit = @{ PidsLimit = 64; Init = $true }
        }
        @{ Name = 'a fork bomb'; Script = '(f() { f | f & }; f) & exec sleep 1000'; Limit = @{ PidsLimit = 64 } }
    ) {
        $made = New-Container busybox @Limit -Start sh '-c' $Script
        $monitor = Get-MonitorOf $made
        Start-Sleep -Milliseconds 500
        $before = Get-Figure $monitor
        Start-Sleep -Seconds 2
        $after = Get-Figure $monitor
        $after.Threads | Should -Be $before.Threads
        $after.Descriptors | Should -BeLessOrEqual ($before.Descriptors + 1)
        $after.Memory | Should -BeLessThan ($before.Memory + 2MB)
        $made | Remove-Container -Force
    }

    It 'beside a container that does not read its input' {
        $made = New-Container busybox -Name deaf -Interactive -Start sleep 1000
        $monitor = Get-MonitorOf $made
        $before = Get-Figure $monitor
        $shell = [powershell]::Create()
        [void]$shell.AddScript("Import-Module '$module'; 1..1000000 | Invoke-ContainerCommand deaf sleep 1000")
        [void]$shell.BeginInvoke()
        Start-Sleep -Seconds 2
        $after = Get-Figure $monitor
        $shell.Stop()
        $shell.Dispose()
        $after.Memory | Should -BeLessThan ($before.Memory + 2MB)
        $made | Remove-Container -Force
    }
}
