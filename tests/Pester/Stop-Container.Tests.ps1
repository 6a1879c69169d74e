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

Describe 'Stop-Container' -Skip:([bool]$skip) {
    It 'asks, and the container ends by itself' {
        $made = New-TestContainer asked -Start
        $watch = [Diagnostics.Stopwatch]::StartNew()
        Stop-Container asked -TimeoutSec 100 | Should -BeNullOrEmpty
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 50
        $now = $made | Get-Container
        $now.State | Should -Be 'Exited'
        $now.ProcessId | Should -BeNullOrEmpty
    }

    It 'kills what does not listen, after -TimeoutSec' {
        $made = New-Container busybox -Start sleep 1000
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $stopped = $made | Stop-Container -TimeoutSec 1 -PassThru
        $watch.Elapsed.TotalSeconds | Should -BeGreaterThan 0.9
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 50
        $stopped.ExitCode | Should -Be 137
    }

    It 'kills at once with -Force' {
        $made = New-Container busybox -Start sleep 1000
        ($made | Stop-Container -Force -PassThru).ExitCode | Should -Be 137
    }

    It 'sends another signal' {
        $made = New-Container busybox -Start sh '-c' 'trap "exit 7" USR1; while :; do sleep 0.1; done'
        ($made | Stop-Container -Signal USR1 -PassThru).ExitCode | Should -Be 7
    }

    It 'waits for several side by side' {
        $many = 1..5 | ForEach-Object { New-Container busybox -Name "side$_" -Start sleep 1000 }
        $watch = [Diagnostics.Stopwatch]::StartNew()
        Stop-Container 'side*' -TimeoutSec 5
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 20
        $many | Get-Container | ForEach-Object State | Should -Be (@('Exited') * 5)
    }

    It 'has nothing against one that does not run' {
        $made = New-TestContainer idle
        Stop-Container idle -ErrorVariable problems
        $problems | Should -BeNullOrEmpty
        $made | Stop-Container -Verbose 4>&1 | Out-String | Should -Match 'does not run'
    }

    It 'takes ids and property names' {
        $a = New-TestContainer -Start
        $b = New-TestContainer -Start
        Stop-Container -Id $a.Id.Substring(0, 12)
        [pscustomobject]@{ ContainerId = $b.Id } | Stop-Container
        ($a, $b | Get-Container).State | Should -Be 'Exited', 'Exited'
    }

    It 'changes nothing with -WhatIf' {
        $made = New-TestContainer whatif -Start
        $before = Get-StateHash
        $made | Stop-Container -WhatIf
        $made | Stop-Container -Force -WhatIf
        Get-StateHash | Should -Be $before
        ($made | Get-Container).ProcessId | Should -Be $made.ProcessId
    }

    It 'says ContainerNotFound, and refuses an unknown signal' {
        { Stop-Container nothing -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerNotFound,*'
        $made = New-TestContainer -Start
        { $made | Stop-Container -Signal WRONG -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidConfiguration,*'
    }
}
