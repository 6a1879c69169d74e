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

Describe 'Start-Container' -Skip:([bool]$skip) {
    It 'starts by name and writes nothing' {
        $made = New-TestContainer byname
        Start-Container byname | Should -BeNullOrEmpty
        ($made | Get-Container).State | Should -Be 'Running'
    }

    It 'starts by id, object, property name and wildcard' {
        $a, $b, $c, $d = 'many1', 'many2', 'many3', 'many4' | ForEach-Object { New-TestContainer $_ }
        Start-Container -Id $a.Id.Substring(0, 12)
        $b | Start-Container
        $c | Select-Object Id | Start-Container
        Start-Container 'many*'
        ($a, $b, $c, $d | Get-Container).State | Should -Be 'Running', 'Running', 'Running', 'Running'
    }

    It 'writes what runs with -PassThru' {
        $started = New-TestContainer passed | Start-Container -PassThru
        $started.State | Should -Be 'Running'
        $started.StartedAt | Should -BeGreaterThan ([datetime]::Now.AddMinutes(-1))
    }

    It 'writes what the container writes with -Attach' {
        $made = New-Container busybox sh '-c' 'echo one; echo wrong >&2; echo two; exit 3'
        $out = $made | Start-Container -Attach -ErrorVariable problems -ErrorAction SilentlyContinue
        $out | Should -Be 'one', 'two'
        "$($problems[0])" | Should -Be 'wrong'
        Get-ErrorId $problems[1] | Should -Be 'CommandFailed'
        $LASTEXITCODE | Should -Be 3
        ($made | Get-ContainerLog).Count | Should -Be 3
    }

    It 'leaves one that runs alone' {
        $made = New-TestContainer twice -Start
        ($made | Start-Container -PassThru).ProcessId | Should -Be $made.ProcessId
    }

    It 'starts one that has ended again' {
        $made = New-Container busybox -Name again -Start sh '-c' 'echo once'
        $made | Wait-Container -TimeoutSec 60 | Should -Be 0
        $made | Start-Container -PassThru | Wait-Container -TimeoutSec 60 | Should -Be 0
        @($made | Get-ContainerLog).Count | Should -Be 2
    }

    It 'prints the launch plan with -WhatIf -Verbose and changes nothing' {
        $made = New-TestContainer planned
        $before = Get-StateHash
        $text = $made | Start-Container -WhatIf -Verbose 4>&1 | Out-String
        $text | Should -Match 'pivot|mount'
        $text.Split("`n").Count | Should -BeGreaterThan 10
        Get-StateHash | Should -Be $before
        ($made | Get-Container).State | Should -Be 'Created'
    }

    It 'names the target as a person would' {
        $made = New-TestContainer target
        $module = (Get-Module Container).Path -replace '[^/]+$', 'Container.psd1'
        pwsh -NoProfile -Command "Import-Module '$module'; Start-Container target -WhatIf" |
            Out-String | Should -Match "Container 'target' \($($made.ShortId)\)"
    }

    It 'says ContainerNotFound and goes on' {
        $made = New-TestContainer goeson
        'nothing', 'goeson' | Start-Container -ErrorVariable problems -ErrorAction SilentlyContinue
        Get-ErrorId $problems[0] | Should -Be 'ContainerNotFound'
        ($made | Get-Container).State | Should -Be 'Running'
    }

    It 'tells a failure whose text is longer than a packet' {
        $long = New-Container busybox ('/no/' + 'x' * 70000)
        $long | Start-Container -ErrorVariable problems -ErrorAction SilentlyContinue
        Get-ErrorId $problems[0] | Should -BeIn 'CommandNotFound', 'CommandNotExecutable', 'SystemCallFailed'
        $problems[0].Exception.Message | Should -Match '^exec ''/no/x+…'
        $long | Remove-Container
    }

    It 'says CommandNotFound for a command that is not there' {
        $made = New-Container busybox /bin/nothing
        $made | Start-Container -ErrorVariable problems -ErrorAction SilentlyContinue
        Get-ErrorId $problems[0] | Should -Be 'CommandNotFound'
        $problems[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
    }
}

Describe 'Start-Container of one that is paused' -Skip:([bool]$skip) {
    It 'says so' {
        $made = New-TestContainer -Start
        $made | Suspend-Container
        { $made | Start-Container -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerPaused,*'
        (Get-Container $made.Name).State | Should -Be 'Paused'
        $made | Resume-Container
        $made | Remove-Container -Force
    }
}
