BeforeDiscovery {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    $skip = Get-SkipReason
}

BeforeAll {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    if (Get-SkipReason) { return }
    $state = New-TestState
    $image = Import-BusyboxImage
    $script = 'for i in 1 2 3; do echo out $i; echo err $i >&2; sleep 0.1; done'
    $talker = New-Container busybox -Name talker -Start sh '-c' $script
    [void]($talker | Wait-Container)
}

AfterAll { Remove-TestState $state }

Describe 'Get-ContainerLog' -Skip:([bool]$skip) {
    It 'writes lines with their time and stream' {
        $entries = Get-ContainerLog talker
        $entries | Should -HaveCount 6
        $entries[0] | Should -BeOfType ([Container.Cmdlets.Objects.ContainerLogEntry])
        $entries[0].Container | Should -Be 'talker'
        $entries[0].ContainerId | Should -Be $talker.Id
        ($entries | Where-Object Stream -EQ Stdout).Line | Should -Be 'out 1', 'out 2', 'out 3'
        $entries[-1].Timestamp | Should -BeGreaterThan $entries[0].Timestamp
        [math]::Abs(($entries[0].Timestamp - [datetime]::Now).TotalMinutes) | Should -BeLessThan 10
    }

    It 'goes into Select-String as text' {
        (Get-ContainerLog talker | Select-String 'err 2').Line | Should -Be 'err 2'
    }

    It 'chooses by tail, stream, pattern and time' {
        (Get-ContainerLog talker -Tail 2).Count | Should -Be 2
        Get-ContainerLog talker -Tail 0 | Should -BeNullOrEmpty
        (Get-ContainerLog talker -Stream Stderr).Line | Should -Be 'err 1', 'err 2', 'err 3'
        (Get-ContainerLog talker -Pattern '2$').Line | Sort-Object | Should -Be 'err 2', 'out 2'
        $entries = Get-ContainerLog talker
        Get-ContainerLog talker -Since $entries[2].Timestamp | Should -HaveCount 4
        Get-ContainerLog talker -Until $entries[2].Timestamp | Should -HaveCount 2
    }

    It 'takes objects, ids and wildcards' {
        $talker | Get-ContainerLog | Should -HaveCount 6
        Get-ContainerLog -Id $talker.Id.Substring(0, 12) | Should -HaveCount 6
        $talker | Select-Object Id | Get-ContainerLog | Should -HaveCount 6
        Get-ContainerLog 'talk*' | Should -HaveCount 6
    }

    It 'follows with -Wait until the container ends, each line as it comes' {
        $made = New-Container busybox -Start sh '-c' 'echo one; sleep 1; echo two; sleep 1; echo three'
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $times = $made | Get-ContainerLog -Wait | ForEach-Object { $watch.Elapsed.TotalSeconds }
        $times | Should -HaveCount 3
        $times[0] | Should -BeLessThan ($times[2] - 1)
    }

    It 'follows several, and stops when the pipeline has enough' {
        $many = 1..3 | ForEach-Object { New-Container busybox -Start sh '-c' "echo from $_; sleep 1" }
        ($many | Get-ContainerLog -Wait).Line | Sort-Object | Should -Be 'from 1', 'from 2', 'from 3'
        $endless = 1..2 | ForEach-Object { New-Container busybox -Start sh '-c' 'while :; do echo x; sleep 0.1; done' }
        $endless | Get-ContainerLog -Wait | Select-Object -First 5 | Should -HaveCount 5
        $endless | Remove-Container -Force
    }

    It 'is empty for a container that has written nothing' {
        $made = New-TestContainer silent
        $made | Get-ContainerLog | Should -BeNullOrEmpty
        # One that does not run writes nothing more: there is nothing to follow.
        $made | Get-ContainerLog -Wait | Should -BeNullOrEmpty
        { Get-ContainerLog silent -Pattern '(' } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
    }

    It 'says ContainerNotFound' {
        { Get-ContainerLog nothing -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerNotFound,*'
    }
}
