BeforeDiscovery {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    $skip = Get-SkipReason
}

BeforeAll {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    if (Get-SkipReason) { return }
    $state = New-TestState
    $root = $env:PSCONTAINER_STATE_ROOT
    [void](Import-BusyboxImage)
    $value = [securestring]::new()
    $value.AppendChar('x')
}

AfterAll {
    if ($state) { Reset-ContainerHost -Force }
    Remove-TestState $state
}

Describe 'Reset-ContainerHost' -Skip:([bool]$skip) {
    BeforeEach {
        if (-not (Test-ContainerImage busybox)) { [void](Import-BusyboxImage) }
        $running = New-Container busybox -Name running -Volume data:/v -Start sleep 1000
        $damaged = New-Container busybox -Name damaged -Start sleep 1000
        [void](New-ContainerSecret key $value)
        Set-ContainerConfiguration -StopTimeoutSec 1
        Set-Content "$root/foreign" 'not ours'
        Set-Content "$root/containers/$($damaged.Id)/container.json" '{'
    }

    It 'changes nothing with -WhatIf' {
        $before = Get-StateHash
        Reset-ContainerHost -WhatIf
        Get-StateHash | Should -Be $before
        Test-ProcessAlive $running.ProcessId | Should -BeTrue
        Reset-ContainerHost -Force
    }

    It 'removes everything of ours, what runs and what is damaged too, and nothing else' {
        Reset-ContainerHost -Force | Should -BeNullOrEmpty
        (Get-ChildItem $root -Force).Name | Should -Be 'foreign'
        Get-ChildItem "$env:PSCONTAINER_RUN_ROOT" -Force | Should -BeNullOrEmpty
        foreach ($container in $running, $damaged) {
            Test-ProcessAlive $container.ProcessId | Should -BeFalse
            Test-Path "/sys/fs/cgroup/pscontainer/$($container.Id)" | Should -BeFalse
            Test-Path "/sys/fs/cgroup/*/pscontainer/$($container.Id)" | Should -BeFalse
        }
        (Get-ContainerConfiguration).StopTimeoutSec | Should -Be 1
        Get-Container | Should -BeNullOrEmpty
        (Get-ContainerImage).Repository | Should -Be 'host'
        Reset-ContainerHost -Force
    }

    It 'leaves a host on which containers can be made again' {
        Reset-ContainerHost -Force
        [void](Import-BusyboxImage)
        Invoke-ContainerImage busybox echo again | Should -Be 'again'
        New-Container busybox -Name running | Remove-Container
    }

    It 'says StateDirectoryUnusable where it may not remove' {
        Reset-ContainerHost -Force
        [void](New-ContainerVolume kept)
        chattr +i "$root/volumes/kept/volume.json" 2>$null
        if ($LASTEXITCODE) { Set-ItResult -Skipped -Because 'the file system has no immutable files'; return }
        try {
            { Reset-ContainerHost -Force } | Should -Throw -ErrorId 'StateDirectoryUnusable,*'
            Test-Path "$root/volumes/kept/volume.json" | Should -BeTrue
        }
        finally { chattr -i "$root/volumes/kept/volume.json" }
        Reset-ContainerHost -Force
        Test-Path "$root/volumes" | Should -BeFalse
    }
}
