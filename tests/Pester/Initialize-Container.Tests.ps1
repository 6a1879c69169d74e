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

Describe 'Initialize-Container' -Skip:([bool]$skip) {
    It 'prepares, and the start only starts' {
        $made = New-TestContainer prepared
        Initialize-Container prepared | Should -BeNullOrEmpty
        ($made | Get-Container).State | Should -Be 'Initialized'
        ($made | Initialize-Container -PassThru).State | Should -Be 'Initialized'
        ($made | Start-Container -PassThru).State | Should -Be 'Running'
        ($made | Initialize-Container -PassThru).State | Should -Be 'Running'
        $made | Stop-Container -PassThru | ForEach-Object State | Should -Be 'Exited'
    }

    It 'is undone by Remove-Container' {
        $made = New-TestContainer
        $made | Initialize-Container
        $file = "$env:PSCONTAINER_RUN_ROOT/containers/$($made.Id)/state.json"
        $monitor = (Get-Content $file | ConvertFrom-Json).monitorPid
        $made | Remove-Container
        Test-ProcessAlive $monitor | Should -BeFalse
        $made | Test-Container | Should -BeFalse
    }

    It 'takes wildcards, ids and property names' {
        $made = 1..2 | ForEach-Object { New-TestContainer "many$_" }
        (Initialize-Container 'many*' -PassThru).State | Should -Be 'Initialized', 'Initialized'
        (Initialize-Container -Id $made[0].Id -PassThru).Id | Should -Be $made[0].Id
        ([pscustomobject]@{ ContainerId = $made[1].Id } | Initialize-Container -PassThru).Id | Should -Be $made[1].Id
    }

    It 'starts no monitor with -WhatIf, and says ContainerNotFound' {
        $made = New-TestContainer
        $made | Initialize-Container -WhatIf
        ($made | Get-Container).State | Should -Be 'Created'
        { Initialize-Container nothing -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerNotFound,*'
    }
}
