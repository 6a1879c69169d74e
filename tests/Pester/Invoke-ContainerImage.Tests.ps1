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

Describe 'Invoke-ContainerImage' -Skip:([bool]$skip) {
    It 'writes the lines of the command and removes the container' {
        Invoke-ContainerImage busybox echo one two | Should -Be 'one two'
        Invoke-ContainerImage busybox sh '-c' 'echo a; echo; echo " b "; printf c' | Should -Be 'a', '', ' b ', 'c'
        $LASTEXITCODE | Should -Be 0
        Get-Container | Should -BeNullOrEmpty
    }

    It 'keeps it with -Keep' {
        Invoke-ContainerImage busybox -Name kept -Keep true
        (Get-Container kept).State | Should -Be 'Exited'
        Remove-Container kept
    }

    It 'runs on the host image' {
        Invoke-ContainerImage host sh '-c' 'id -u; ls -ld / | cut -c1-10' | Should -Be '0', 'drwxr-xr-x'
    }

    It 'connects the pipeline to standard input' {
        'one', 'two' | Invoke-ContainerImage busybox cat | Should -Be 'one', 'two'
        Invoke-ContainerImage busybox -InputObject 'a', 'b' cat | Should -Be 'a', 'b'
        1..3 | Invoke-ContainerImage busybox wc '-l' | Should -Match '^\s*3$'
    }

    It 'says CommandFailed, and has the code in $LASTEXITCODE' {
        $out = Invoke-ContainerImage busybox -ErrorVariable problems -ErrorAction SilentlyContinue `
            sh '-c' 'echo out; echo err >&2; exit 3'
        $LASTEXITCODE | Should -Be 3
        $out | Should -Be 'out'
        $problems | Should -HaveCount 2
        Get-ErrorId $problems[0] | Should -Be 'CommandErrorOutput'
        "$($problems[0])" | Should -Be 'err'
        Get-ErrorId $problems[1] | Should -Be 'CommandFailed'
        $problems.CategoryInfo.Category | Sort-Object -Unique | Should -Be 'FromStdErr'
        Get-Container | Should -BeNullOrEmpty
    }

    It 'has exit codes as data with -PassThru' {
        $script = 'echo out; echo err >&2; exit 3'
        $result = Invoke-ContainerImage busybox -PassThru -ErrorVariable problems sh '-c' $script
        $problems | Should -BeNullOrEmpty
        $result | Should -BeOfType ([Container.Cmdlets.Objects.ContainerCommandResult])
        $result.ExitCode | Should -Be 3
        $result.Output | Should -Be 'out'
        $result.ErrorOutput | Should -Be 'err'
        $result.Duration | Should -BeGreaterThan ([timespan]::Zero)
    }

    It 'kills after -TimeoutSec, says WaitTimeout and leaves nothing' {
        $watch = [Diagnostics.Stopwatch]::StartNew()
        Invoke-ContainerImage busybox -TimeoutSec 1 -ErrorVariable problems -ErrorAction SilentlyContinue sleep 1000
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 100
        Get-ErrorId $problems[0] | Should -Be 'WaitTimeout'
        Get-Container | Should -BeNullOrEmpty
    }

    It 'tells that the kernel killed for memory' -Tag NeedsLimits {
        Invoke-ContainerImage busybox -Memory 16MB -MemorySwap 16MB `
            -ErrorVariable problems -ErrorAction SilentlyContinue sh '-c' 'x=x; while :; do x=$x$x; done'
        Get-ErrorId $problems[-1] | Should -Be 'OutOfMemory'
        $problems[-1].CategoryInfo.Category | Should -Be 'LimitsExceeded'
        $LASTEXITCODE | Should -Be 137
    }

    It 'runs in the background with -AsJob' {
        $job = 'in' | Invoke-ContainerImage busybox -AsJob sh '-c' 'cat; sleep 0.3; echo done'
        $job | Should -BeOfType ([Management.Automation.Job])
        $job | Wait-Job -Timeout 30 | Receive-Job | Should -Be 'in', 'done'
        $job.State | Should -Be 'Completed'
        $job | Remove-Job
        $endless = Invoke-ContainerImage busybox -AsJob sleep 1000
        $endless | Stop-Job
        $endless.State | Should -Be 'Stopped'
        $endless | Remove-Job
        Get-Container | Should -BeNullOrEmpty
    }

    It 'leaves neither container nor anonymous volume, even of a shell that was killed' {
        Invoke-ContainerImage busybox -Volume /anonymous touch /anonymous/file
        Get-ContainerVolume | Should -BeNullOrEmpty
        $module = (Get-Module Container).Path -replace '[^/]+$', 'Container.psd1'
        $command = "Import-Module '$module'; Invoke-ContainerImage busybox -Name killed -Volume /anonymous sleep 3"
        $shell = Start-TestShell $command
        Wait-Until { (Get-Container 'killed*').State -eq 'Running' }
        Stop-TestShell $shell
        Wait-Until { -not (Get-Container) }
        Get-ContainerVolume | Should -BeNullOrEmpty
    }

    It 'changes nothing with -WhatIf' {
        $before = Get-StateHash
        Invoke-ContainerImage busybox -WhatIf echo no | Should -BeNullOrEmpty
        Get-StateHash | Should -Be $before
    }

    It 'says <Id> for <What>, and leaves nothing' -ForEach @(
        @{ What = 'an unknown image'; Id = 'ImageNotFound'; Arguments = @{ Image = 'nothing' } }
        @{ What = 'a missing command'; Id = 'CommandNotFound'; Arguments = @{ Command = '/bin/nothing' } }
        @{ What = 'no program'; Id = 'CommandNotExecutable'; Arguments = @{ Command = '/etc/plain' } }
    ) {
        if (-not $Arguments.ContainsKey('Image')) { $Arguments['Image'] = 'busybox' }
        Invoke-ContainerImage @Arguments -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems | Should -HaveCount 1
        Get-ErrorId $problems[0] | Should -Be $Id
        Get-Container | Should -BeNullOrEmpty
    }
}
