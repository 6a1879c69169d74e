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

Describe 'New-ContainerConfiguration' -Skip:([bool]$skip) {
    It 'collects what is given, and touches nothing' {
        $before = Get-StateHash
        $made = New-ContainerConfiguration not-there -Memory 64MB -PidsLimit 20 -AutoRemove sleep '-x' 300
        Get-StateHash | Should -Be $before
        $made | Should -BeOfType ([Container.Engine.Containers.ContainerConfiguration])
        $made.Image | Should -Be 'not-there'
        $made.Memory | Should -Be 64MB
        $made.Command | Should -Be 'sleep'
        $made.ArgumentList | Should -Be '-x', '300'
        $made.AutoRemove | Should -BeTrue
    }

    It 'goes into New-Container, and comes out of a container' {
        $made = New-ContainerConfiguration busybox -Memory 64MB sleep 300 | New-Container -Name from
        $made.Memory | Should -Be 64MB
        $made.Command | Should -Be 'sleep 300'
        (New-ContainerConfiguration -Configuration $made.Configuration -Memory 32MB).Memory | Should -Be 32MB
    }

    It 'takes images and directories from the pipeline' {
        ('a', 'b' | New-ContainerConfiguration).Image | Should -Be 'a', 'b'
        (Get-Item $TestDrive | New-ContainerConfiguration).RootFsPath | Should -Be "$TestDrive"
    }
}
