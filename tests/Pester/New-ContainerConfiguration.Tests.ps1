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

    It 'goes into New-Container, and comes out of a container' -Tag NeedsLimits {
        $made = New-ContainerConfiguration busybox -Memory 64MB sleep 300 | New-Container -Name from
        $made.Memory | Should -Be 64MB
        $made.Command | Should -Be 'sleep 300'
        (New-ContainerConfiguration -Configuration $made.Configuration -Memory 32MB).Memory | Should -Be 32MB
    }

    It 'has presets, which parameters override' {
        $made = New-ContainerConfiguration busybox -Preset Contained -Memory 64MB
        $made.Memory | Should -Be 64MB
        $made.PidsLimit | Should -Be 64
        $made.CapabilityDrop | Should -Contain 'CAP_SYS_ADMIN'
        $made.UidMap | Should -Be '0:10000:2000'
        (New-ContainerConfiguration busybox -Preset Crabcan).CapabilityDrop | Should -Contain 'CAP_DAC_OVERRIDE'
    }

    It 'chooses how containers without a name are called' {
        $style = @{ Image = 'busybox'; NameStyle = 'AdjectiveNoun'; Command = 'true' }
        (New-Container @style).Name | Should -MatchExactly '^[a-z]+-[a-z]+-\d+$'
        (New-Container busybox -NameStyle Tarot true).Name | Should -MatchExactly '^[0-9a-f]{5,}c?-[a-z-]+$'
        (New-Container busybox -NameStyle Tarot -Name own true).Name | Should -Be 'own'
    }

    It 'takes images and directories from the pipeline' {
        ('a', 'b' | New-ContainerConfiguration).Image | Should -Be 'a', 'b'
        (Get-Item $TestDrive | New-ContainerConfiguration).RootFsPath | Should -Be "$TestDrive"
    }
}

Describe 'A command over a configuration' {
    It 'replaces the arguments too' {
        $old = New-ContainerConfiguration busybox sh '-c' 'echo orig'
        $new = New-ContainerConfiguration -Configuration $old date
        $new.Command | Should -Be 'date'
        $new.ArgumentList | Should -BeNullOrEmpty
        (New-ContainerConfiguration -Configuration $old).ArgumentList | Should -Be '-c', 'echo orig'
    }
}
