BeforeDiscovery {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    $skip = Get-SkipReason
}

BeforeAll {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    if (Get-SkipReason) { return }
    $state = New-TestState
    $image = Import-BusyboxImage
    $other = Import-BusyboxImage registry.example.com/team/app:1.2
}

AfterAll { Remove-TestState $state }

Describe 'Get-ContainerImage' -Skip:([bool]$skip) {
    It 'gets all images, the built-in one too' {
        (Get-ContainerImage).Name | Should -Contain 'host:latest'
        (Get-ContainerImage).Name | Should -Contain 'busybox:latest'
    }

    It 'finds by reference with and without tag, by id and by a prefix of it' {
        (Get-ContainerImage busybox).Id | Should -Be $image.Id
        (Get-ContainerImage busybox:latest).Id | Should -Be $image.Id
        (Get-ContainerImage $image.Id).Name | Should -Be $image.Name
        (Get-ContainerImage -Id $image.Id.Substring(0, 12)).Id | Should -Be $image.Id
        (Get-ContainerImage 'busy*').Id | Should -Be $image.Id
        (Get-ContainerImage 'registry.example.com/*').Tag | Should -Be '1.2'
    }

    It 'filters by digest and platform' {
        (Get-ContainerImage -Digest $image.Digest).Id | Select-Object -Unique | Should -Be $image.Id
        Get-ContainerImage -Digest sha256:x* | Should -BeNullOrEmpty
        (Get-ContainerImage -Platform linux/*).Name | Should -Contain 'busybox:latest'
        Get-ContainerImage -Platform windows/amd64 | Should -BeNullOrEmpty
    }

    It 'takes names, objects and property names from the pipeline' {
        ('busybox' | Get-ContainerImage).Id | Should -Be $image.Id
        ($image | Get-ContainerImage).Id | Should -Be $image.Id
        ($image | Select-Object Id | Get-ContainerImage).Id | Should -Be $image.Id
    }

    It 'returns objects that say what they are' {
        $found = Get-ContainerImage busybox
        $found | Should -BeOfType ([Container.Cmdlets.Objects.ContainerImageInfo])
        "$found" | Should -Be $image.Id
        $found.Repository | Should -Be 'busybox'
        $found.Tag | Should -Be 'latest'
        $found.Size | Should -BeGreaterThan 100KB
        $found.Command | Should -Be 'sh'
        $found.Environment | Should -Be 'PATH=/bin'
        $found.OperatingSystem | Should -Be 'linux'
        $found.Layer | Should -HaveCount 1
        $found.ShortId | Should -Be $image.Id.Substring(0, 12)
    }

    It 'says ImageNotFound for a literal, nothing for a wildcard' {
        { Get-ContainerImage nothing -ErrorAction Stop } | Should -Throw -ErrorId 'ImageNotFound,*'
        Get-ContainerImage nothing* | Should -BeNullOrEmpty
    }
}
