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

Describe 'Import-ContainerImage' -Skip:([bool]$skip) {
    It 'imports a root filesystem' {
        $made = Import-ContainerImage (Get-BusyboxArchive) -Tag imported:2
        $made.Name | Should -Be 'imported:2'
        Invoke-ContainerImage imported:2 /bin/busybox echo works | Should -Be 'works'
    }

    It 'knows an image without a tag by its id' {
        $made = Get-Item (Get-BusyboxArchive) | Import-ContainerImage
        $made.Id | Should -MatchExactly '^[0-9a-f]{64}$'
        $made | New-Container -Command /bin/true | Should -Not -BeNullOrEmpty
    }

    It 'imports in the background with -AsJob' {
        $job = Import-ContainerImage (Get-BusyboxArchive) -Tag background:1 -AsJob
        ($job | Wait-Job -Timeout 60 | Receive-Job).Name | Should -Be 'background:1'
        $job.State | Should -Be 'Completed'
        $job | Remove-Job
    }

    It 'changes nothing with -WhatIf' {
        $before = Get-StateHash
        Import-ContainerImage (Get-BusyboxArchive) -Tag never -WhatIf
        Get-StateHash | Should -Be $before
    }

    It 'says what is wrong' {
        { Import-ContainerImage /tmp/nothing.tar -ErrorAction Stop } | Should -Throw -ErrorId 'PathNotFound,*'
        { Import-ContainerImage /etc/passwd -ErrorAction Stop } | Should -Throw -ErrorId 'ArchiveInvalid,*'
    }
}
