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

Describe 'Start-ContainerProcess' -Skip:([bool]$skip) {
    BeforeAll { $made = New-TestContainer processes -Start }

    It 'returns at once, with the process' {
        $process = Start-ContainerProcess processes sleep 1000
        $process | Should -BeOfType ([Container.Cmdlets.Objects.ContainerProcess])
        $process.CommandLine | Should -Be 'sleep 1000'
        $process.Container | Should -Be 'processes'
        (Get-ContainerProcess processes -ProcessId $process.ContainerProcessId).HostId | Should -Be $process.HostId
        $process | Stop-ContainerProcess -Force
    }

    It 'writes into files of the host' {
        $script = 'echo out; echo error >&2'
        $process = $made | Start-ContainerProcess -Command sh -ArgumentList '-c', $script `
            -RedirectStandardOutput "$TestDrive/out" -RedirectStandardError "$TestDrive/error"
        $process | Wait-ContainerProcess -TimeoutSec 60 | Should -Be 0
        Get-Content "$TestDrive/out" | Should -Be 'out'
        Get-Content "$TestDrive/error" | Should -Be 'error'
        $both = "$TestDrive/both"
        Start-ContainerProcess processes -RedirectStandardOutput $both -RedirectStandardError $both sh '-c' $script |
            Wait-ContainerProcess | Should -Be 0
        Get-Content "$TestDrive/both" | Should -Be 'out', 'error'
    }

    It 'has user, directory and environment' {
        Start-ContainerProcess processes -User 1000 -WorkingDirectory /tmp -Environment @{ A = 'b' } `
            -RedirectStandardOutput "$TestDrive/as" sh '-c' 'id -u; pwd; echo $A' |
            Wait-ContainerProcess -TimeoutSec 60 | Should -Be 0
        Get-Content "$TestDrive/as" | Should -Be '1000', '/tmp', 'b'
    }

    It 'outlives the shell that started it' {
        $script = "Import-Module '$((Get-Module Container).Path -replace '[^/]+$', 'Container.psd1')'
            (Start-ContainerProcess processes sleep 4242).ContainerProcessId"
        $id = pwsh -NoProfile -NonInteractive -Command $script
        (Get-ContainerProcess processes -ProcessId $id).CommandLine | Should -Be 'sleep 4242'
        Stop-ContainerProcess processes $id -Force
    }

    It 'takes wildcards, ids and property names' {
        @(Start-ContainerProcess 'proc*' true).Count | Should -Be 1
        @(Start-ContainerProcess -Id $made.Id true).Count | Should -Be 1
        (Start-ContainerProcess -Container $made true).Container | Should -Be 'processes'
        @([pscustomobject]@{ ContainerId = $made.Id } | Start-ContainerProcess -Command true).Count | Should -Be 1
    }

    It 'starts nothing with -WhatIf' {
        Start-ContainerProcess processes -WhatIf sleep 777 | Should -BeNullOrEmpty
        Get-ContainerProcess processes | Where-Object CommandLine -EQ 'sleep 777' | Should -BeNullOrEmpty
    }

    It 'says what is wrong' {
        { Start-ContainerProcess nothing -ErrorAction Stop true } | Should -Throw -ErrorId 'ContainerNotFound,*'
        { Start-ContainerProcess processes -ErrorAction Stop /none } | Should -Throw -ErrorId 'CommandNotFound,*'
        { Start-ContainerProcess processes -ErrorAction Stop /etc/plain } |
            Should -Throw -ErrorId 'CommandNotExecutable,*'
        $idle = New-TestContainer
        { $idle | Start-ContainerProcess -ErrorAction Stop -Command true } |
            Should -Throw -ErrorId 'ContainerNotRunning,*'
        { Start-ContainerProcess processes -RedirectStandardOutput /none/file -ErrorAction Stop true } | Should -Throw
    }
}
