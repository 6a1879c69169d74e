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

Describe 'Wait-ContainerProcess' -Skip:([bool]$skip) {
    BeforeAll { $made = New-TestContainer waiting -Start }

    It 'writes the exit code as data, also of one that has ended' {
        $process = Start-ContainerProcess waiting sh '-c' 'sleep 0.3; exit 4'
        $process | Wait-ContainerProcess -TimeoutSec 60 | Should -Be 4
        $process | Wait-ContainerProcess -TimeoutSec 60 | Should -Be 4
    }

    It 'takes ids inside, and writes the process with -PassThru' {
        $process = Start-ContainerProcess waiting sleep 0.3
        (Wait-ContainerProcess waiting $process.ContainerProcessId -PassThru -TimeoutSec 60).HostId | Should -Be $process.HostId
    }

    It 'writes nothing for a process whose exit code nobody told' {
        $made = New-Container busybox -Start sh '-c' 'while :; do sleep 1; done'
        for ($i = 0; $i -lt 100 -and -not $child; $i++) { $child = $made | Get-ContainerProcess -ProcessName sleep }
        $child | Wait-ContainerProcess -TimeoutSec 60 -ErrorVariable problems | Should -BeNullOrEmpty
        $problems | Should -BeNullOrEmpty
        $made | Remove-Container -Force
    }

    It 'says WaitTimeout, and leaves the process' {
        $process = Start-ContainerProcess waiting sleep 1000
        { $process | Wait-ContainerProcess -TimeoutSec 1 -ErrorAction Stop } | Should -Throw -ErrorId 'WaitTimeout,*'
        @(Get-ContainerProcess waiting -ProcessId $process.ContainerProcessId).Count | Should -Be 1
    }

    It 'says ContainerNotFound and ProcessNotFound' {
        { Wait-ContainerProcess nothing 1 -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerNotFound,*'
        { Wait-ContainerProcess waiting 999 -ErrorAction Stop } | Should -Throw -ErrorId 'ProcessNotFound,*'
    }
}
