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

Describe 'ConvertTo-ContainerImage' -Skip:([bool]$skip) {
    BeforeAll { $archive = Get-BusyboxArchive }

    It 'makes an image of a root filesystem' {
        $made = ConvertTo-ContainerImage -Path $archive -Tag made:1 -Author me -Message 'a test' `
            -Change 'CMD ["echo", "by default"]', 'ENV COLOR=blue', 'LABEL kind=test', 'USER user', 'WORKDIR /tmp'
        $made | Should -BeOfType ([Container.Cmdlets.Objects.ContainerImageInfo])
        $made.Name | Should -Be 'made:1'
        $made.Command | Should -Be 'echo', 'by default'
        $made.Environment | Should -Contain 'COLOR=blue'
        $made.Label['kind'] | Should -Be 'test'
        $made.User | Should -Be 'user'
        $made.WorkingDirectory | Should -Be '/tmp'
        Invoke-ContainerImage made:1 -Environment @{ PATH = '/bin' } | Should -Be 'by default'
    }

    It 'takes files from the pipeline and wildcards, compressed or not' {
        Copy-Item $archive "$TestDrive/a.tar"
        gzip -k "$TestDrive/a.tar"
        zstd -q "$TestDrive/a.tar" -o "$TestDrive/a.tar.zst"
        $made = Get-ChildItem "$TestDrive/a.tar*" | ConvertTo-ContainerImage
        $made | Should -HaveCount 3
        $made.Layer | Sort-Object -Unique | Should -HaveCount 1
        ConvertTo-ContainerImage "$TestDrive/a.tar*" | Should -HaveCount 3 -Because 'no container has a slash'
    }

    It 'changes nothing with -WhatIf' {
        $before = Get-StateHash
        ConvertTo-ContainerImage -Path $archive -Tag never -WhatIf
        Get-StateHash | Should -Be $before
    }

    It 'says what is wrong with <What>' -ForEach @(
        @{ What = 'a missing file'; Path = '/tmp/nothing.tar'; Id = 'PathNotFound' }
        @{ What = 'a path that is none'; Path = 'Env:/PATH'; Id = 'NotFileSystemPath' }
        @{ What = 'a file that is no archive'; Path = '/etc/passwd'; Id = 'ArchiveInvalid' }
    ) {
        $count = @(Get-ContainerImage).Count
        ConvertTo-ContainerImage -Path $Path -ErrorVariable problems -ErrorAction SilentlyContinue |
            Should -BeNullOrEmpty
        Get-ErrorId $problems[0] | Should -Be $Id
        @(Get-ContainerImage) | Should -HaveCount $count
    }

    It 'says InvalidReference' {
        { ConvertTo-ContainerImage -Path $archive -Tag 'NOT A TAG' -ErrorAction Stop } |
            Should -Throw -ErrorId 'InvalidReference,*'
    }
}
