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

Describe 'Remove-Container' -Skip:([bool]$skip) {
    It 'removes by name, id, object, property name and wildcard, and writes nothing' {
        $a, $b, $c, $d, $e = 'rm1', 'rm2', 'rm3', 'rm4', 'rm5' | ForEach-Object { New-TestContainer $_ }
        Remove-Container rm1 | Should -BeNullOrEmpty
        Remove-Container -Id $b.Id
        $c | Remove-Container
        $d | Select-Object Id | Remove-Container
        Remove-Container 'rm*'
        $a, $b, $c, $d, $e | Test-Container | Should -Be (@($false) * 5)
    }

    It 'leaves nothing of it' {
        $made = New-TestContainer gone -Start
        $made | Remove-Container -Force
        Get-ChildItem $state -Recurse -Force | Where-Object FullName -Match $made.Id | Should -BeNullOrEmpty
        Get-Process -Id $made.ProcessId -ErrorAction SilentlyContinue | Where-Object { -not $_.HasExited } |
            Should -BeNullOrEmpty
    }

    It 'says ContainerRunning for one that runs, unless forced' {
        $made = New-TestContainer busy -Start
        Remove-Container busy -ErrorVariable problems -ErrorAction SilentlyContinue
        Get-ErrorId $problems[0] | Should -Be 'ContainerRunning'
        $problems[0].CategoryInfo.Category | Should -Be 'InvalidOperation'
        $problems[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        Remove-Container busy -Force
        $made | Test-Container | Should -BeFalse
    }

    It 'lets it end by itself for -TimeoutSec, and takes those that use it with -Dependent' `
        -Tag 'NeedsRoot: joining a namespace' {
        $made = New-Container busybox -Name graceful -Mount 'trace:/trace' -Start sh `
            -ArgumentList '-c', 'trap "touch /trace/ended; exit" TERM; touch /trace/ready; while :; do sleep 0.1; done'
        $path = (Get-ContainerVolume trace).MountPoint
        Wait-Until { Test-Path "$path/ready" }
        [void](New-Container busybox -Name user1 -NetworkNamespace Container:graceful sleep 1000)
        [void](New-Container busybox -Name user2 -PidNamespace Container:user1 sleep 1000)
        Remove-Container graceful -Force -TimeoutSec 60 -Dependent
        $made | Test-Container | Should -BeFalse
        Test-Container user1, user2 | Should -Be $false, $false
        Test-Path "$path/ended" | Should -BeTrue
        Remove-ContainerVolume trace -Confirm:$false
    }

    It 'says ContainerNotFound for a literal, and goes on' {
        [void](New-TestContainer next)
        'nothing', 'next' | Remove-Container -ErrorVariable problems -ErrorAction SilentlyContinue
        Get-ErrorId $problems[0] | Should -Be 'ContainerNotFound'
        Test-Container next | Should -BeFalse
    }

    It 'changes nothing with -WhatIf' {
        [void](New-TestContainer whatif -Start)
        $before = Get-StateHash
        Remove-Container whatif -Force -WhatIf
        Get-StateHash | Should -Be $before
    }
}
