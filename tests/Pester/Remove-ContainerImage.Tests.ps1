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

Describe 'Remove-ContainerImage' -Skip:([bool]$skip) {
    BeforeEach { [void](Import-BusyboxImage removable:1) }

    It 'removes by reference and leaves others' {
        Remove-ContainerImage removable:1 | Should -BeNullOrEmpty
        Test-ContainerImage removable:1 | Should -BeFalse
        Test-ContainerImage busybox | Should -BeTrue
    }

    It 'writes what was removed with -PassThru' {
        $removal = Remove-ContainerImage removable:1 -PassThru
        $removal | Should -BeOfType ([Container.Cmdlets.Objects.ContainerImageRemoval])
        $removal.Untagged | Should -Be 'removable:1'
        $removal.Deleted | Should -Contain $removal.Id
    }

    It 'takes the names only with -NoPrune' {
        $id = (Get-ContainerImage removable:1).Id
        Add-ContainerImageTag removable:1 -Tag removable:2
        $removal = Remove-ContainerImage 'removable:2' -NoPrune -PassThru
        $removal.Untagged | Should -Be 'removable:2'
        $removal = Remove-ContainerImage removable:1 -NoPrune -PassThru
        $removal.Deleted | Should -BeNullOrEmpty
        (Get-ContainerImage -Dangling).Id | Should -Be $id
        Test-ContainerImage -Id $id -Integrity | Should -BeTrue
        Add-ContainerImageTag -Id $id -Tag removable:1
        Remove-ContainerImage -Id $id
        Get-ContainerImage -Dangling | Should -BeNullOrEmpty
    }

    It 'changes nothing with -WhatIf' {
        $before = Get-StateHash
        Remove-ContainerImage removable:1 -WhatIf
        Get-ContainerImage 'remov*' | Remove-ContainerImage -Force -WhatIf
        Get-StateHash | Should -Be $before
    }

    It 'says ImageInUse while a container uses it' {
        $made = New-TestContainer user
        $image | Remove-ContainerImage -ErrorVariable problems -ErrorAction SilentlyContinue
        Get-ErrorId $problems[0] | Should -Be 'ImageInUse'
        $problems[0].CategoryInfo.Category | Should -Be 'ResourceBusy'
        $made | Remove-Container
    }

    It 'says ImageNotFound, and does not take the built-in one' {
        { Remove-ContainerImage nothing -ErrorAction Stop } | Should -Throw -ErrorId 'ImageNotFound,*'
        { Remove-ContainerImage host -ErrorAction Stop } | Should -Throw
        Test-ContainerImage host | Should -BeTrue
    }

    It 'takes only the names that were written, and every name of an object' {
        Add-ContainerImageTag removable:1 -Tag removable:2, other:1
        Remove-ContainerImage removable:2
        (Get-ContainerImage removable:1).Reference | Should -Be 'removable:1', 'other:1'
        Remove-ContainerImage 'remov*'
        Test-ContainerImage removable:1, other:1 | Should -Be $false, $true
        Add-ContainerImageTag other:1 -Tag removable:1
        (Get-ContainerImage other:1 | Remove-ContainerImage -PassThru).Untagged | Should -Be 'other:1', 'removable:1'
        Test-ContainerImage removable:1 | Should -BeFalse
    }

    It 'removes by object, and leaves nothing' {
        Get-ContainerImage | Where-Object Name -NE host:latest | Remove-ContainerImage
        Test-ContainerImage busybox, removable:1 | Should -Be $false, $false
        Get-ChildItem $state/state -Recurse -Filter busybox | Should -BeNullOrEmpty
    }
}
