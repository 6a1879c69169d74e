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

Describe 'Rename-Container' -Skip:([bool]$skip) {
    It 'renames, also while it runs, and frees the old name' {
        $made = New-TestContainer before -Start
        Rename-Container before after | Should -BeNullOrEmpty
        ($made | Get-Container).Name | Should -Be 'after'
        (Get-Container after).ProcessId | Should -Be $made.ProcessId
        Test-Container before | Should -BeFalse
        (New-TestContainer before).Name | Should -Be 'before'
        Stop-Container after
        (Get-ContainerEvent after -Action Exit).Name | Should -Be 'after'
    }

    It 'takes objects, ids and property names' {
        $made = New-TestContainer
        ($made | Rename-Container -NewName r1 -PassThru).Name | Should -Be 'r1'
        (Rename-Container -Id $made.Id -NewName r2 -PassThru).Name | Should -Be 'r2'
        ([pscustomobject]@{ ContainerId = $made.Id } | Rename-Container -NewName R2 -PassThru).Name |
            Should -BeExactly 'R2'
        ($made | Rename-Container -NewName R2 -PassThru).Id | Should -Be $made.Id
    }

    It 'mends what a rename that was killed has left' {
        $made = New-TestContainer whole
        # The first step alone: the new name is taken, the document still has the old one.
        [void](New-Item -ItemType SymbolicLink "$env:PSCONTAINER_STATE_ROOT/names/half" -Target $made.Id)
        Test-Container half | Should -BeFalse
        (Get-Container whole).Id | Should -Be $made.Id
        (New-TestContainer half).Name | Should -Be 'half'
    }

    It 'changes nothing with -WhatIf' {
        $made = New-TestContainer
        $made | Rename-Container -NewName other -WhatIf
        ($made | Get-Container).Name | Should -Be $made.Name
    }

    It 'says ContainerNotFound, ContainerExists and InvalidName' {
        { Rename-Container nothing other -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerNotFound,*'
        $made = New-TestContainer taken
        $other = New-TestContainer
        { $other | Rename-Container -NewName taken -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerExists,*'
        { $made | Rename-Container -NewName 'no good' -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidName,*'
        (Get-Container taken).Id | Should -Be $made.Id
    }
}
