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

Describe 'Stop-ContainerProcess' -Skip:([bool]$skip) {
    BeforeAll { $made = New-TestContainer stopping -Start }

    It 'asks, by object and by id' {
        $process = Start-ContainerProcess stopping sleep 1000
        $process | Stop-ContainerProcess | Should -BeNullOrEmpty
        $process | Wait-ContainerProcess -TimeoutSec 60 | Should -Be 143
        $process = Start-ContainerProcess stopping sleep 1000
        $process.ContainerProcessId | Stop-ContainerProcess stopping
        $process | Wait-ContainerProcess -TimeoutSec 60 | Should -Be 143
    }

    It 'kills with -Force, and sends another signal' {
        $process = Start-ContainerProcess stopping sh '-c' 'trap : TERM; while :; do sleep 0.1; done'
        $process | Stop-ContainerProcess -Force
        $process | Wait-ContainerProcess -TimeoutSec 60 | Should -Be 137
        $process = Start-ContainerProcess stopping sleep 1000
        Stop-ContainerProcess stopping $process.ContainerProcessId -Signal INT
        $process | Wait-ContainerProcess -TimeoutSec 60 | Should -Be 130
    }

    It 'has nothing against one that has ended' {
        $process = Start-ContainerProcess stopping true
        [void]($process | Wait-ContainerProcess -TimeoutSec 60)
        $process | Stop-ContainerProcess -ErrorVariable problems
        $problems | Should -BeNullOrEmpty
    }

    It 'changes nothing with -WhatIf' {
        $process = Start-ContainerProcess stopping sleep 1000
        $process | Stop-ContainerProcess -WhatIf
        @(Get-ContainerProcess stopping -ProcessId $process.ContainerProcessId).Count | Should -Be 1
    }

    It 'says ContainerNotFound and ProcessNotFound' {
        { Stop-ContainerProcess nothing 1 -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerNotFound,*'
        { Stop-ContainerProcess stopping 999 -ErrorAction Stop } | Should -Throw -ErrorId 'ProcessNotFound,*'
    }
}
