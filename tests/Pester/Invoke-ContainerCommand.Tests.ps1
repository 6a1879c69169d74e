BeforeDiscovery {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    $skip = Get-SkipReason
}

BeforeAll {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    if (Get-SkipReason) { return }
    $state = New-TestState
    $image = Import-BusyboxImage
    $web = New-TestContainer web -Start
}

AfterAll { Remove-TestState $state }

Describe 'Invoke-ContainerCommand' -Skip:([bool]$skip) {
    It 'writes the lines of the command' {
        Invoke-ContainerCommand web echo one two | Should -Be 'one two'
        Invoke-ContainerCommand web sh '-c' 'printf "a\n\nb\r\nc"' | Should -Be 'a', '', 'b', 'c'
        $LASTEXITCODE | Should -Be 0
    }

    It 'takes names, ids, objects and the pipeline' {
        Invoke-ContainerCommand -Id $web.Id.Substring(0, 12) echo id | Should -Be 'id'
        Invoke-ContainerCommand $web echo object | Should -Be 'object'
        $web | Invoke-ContainerCommand -Command echo -ArgumentList piped | Should -Be 'piped'
        [pscustomobject]@{ ContainerId = $web.Id } | Invoke-ContainerCommand -Command echo -ArgumentList property |
            Should -Be 'property'
        Invoke-ContainerCommand 'we*' echo wild | Should -Be 'wild'
    }

    It 'runs in each of several' {
        $second = New-TestContainer web2 -Start
        Invoke-ContainerCommand web, web2 hostname | Should -HaveCount 2
        $web, $second | Invoke-ContainerCommand -Command hostname | Sort-Object -Unique | Should -HaveCount 2
        { 'x' | Invoke-ContainerCommand web, web2 -ErrorAction Stop cat } |
            Should -Throw -ErrorId 'InvalidParameterCombination,*'
        $second | Remove-Container -Force
    }

    It 'connects the pipeline to standard input, line by line while it runs' {
        'one', 'two' | Invoke-ContainerCommand web cat | Should -Be 'one', 'two'
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $times = 1..3 | ForEach-Object { Start-Sleep -Milliseconds 400; $_ } | Invoke-ContainerCommand web cat |
            ForEach-Object { $watch.ElapsedMilliseconds }
        ($times[2] - $times[0]) | Should -BeGreaterThan 300
    }

    It 'streams output while the command runs' {
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $times = Invoke-ContainerCommand web sh '-c' 'echo 1; sleep 1; echo 2' |
            ForEach-Object { $watch.ElapsedMilliseconds }
        ($times[1] - $times[0]) | Should -BeGreaterThan 800
    }

    It 'is binary safe both ways' {
        $bytes = [byte[]]::new(1MB)
        [Random]::new(42).NextBytes($bytes)
        $path = "$TestDrive/random"
        [IO.File]::WriteAllBytes($path, $bytes)
        $sum = (Get-FileHash $path -Algorithm SHA256).Hash

        (, $bytes | Invoke-ContainerCommand web sha256sum).Split(' ')[0] | Should -Be $sum
        $stream = [IO.File]::OpenRead($path)
        ($stream | Invoke-ContainerCommand web sha256sum).Split(' ')[0] | Should -Be $sum
        $stream.Dispose()
        ($bytes[0..9999] | Invoke-ContainerCommand web wc '-c').Trim() | Should -Be '10000'

        $back = [IO.MemoryStream]::new()
        , $bytes | Invoke-ContainerCommand web -NoOutputDecode cat | ForEach-Object { $back.Write($_) }
        [Convert]::ToHexString([Security.Cryptography.SHA256]::HashData($back.ToArray())) | Should -Be $sum
        $result = , $bytes | Invoke-ContainerCommand web -NoOutputDecode -PassThru cat
        [Convert]::ToHexString([Security.Cryptography.SHA256]::HashData($result.OutputBytes)) | Should -Be $sum
    }

    It 'does not block when the command reads nothing, or writes much before it reads' {
        1..20000 | Invoke-ContainerCommand web true | Should -BeNullOrEmpty
        $script = 'head -c 1000000 /dev/zero | tr "\0" "x" | fold -w 100; echo; wc -l'
        $lines = 1..20000 | Invoke-ContainerCommand web sh '-c' $script
        $lines | Should -HaveCount 10001
        $lines[-1].Trim() | Should -Be '20000'
    }

    It 'stops the command when the pipeline has enough' {
        Invoke-ContainerCommand web yes | Select-Object -First 3 | Should -Be 'y', 'y', 'y'
        Wait-Until { -not (Get-ContainerProcess web -ProcessName yes) }
    }

    It 'does not wait for what the command left in the background' {
        $watch = [Diagnostics.Stopwatch]::StartNew()
        Invoke-ContainerCommand web sh '-c' 'sleep 300 & echo left' | Should -Be 'left'
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 100
    }

    It 'passes text as UTF-8, cut anywhere' {
        'grün €', '漢字' | Invoke-ContainerCommand web dd bs=1 status=none | Should -Be 'grün €', '漢字'
    }

    It 'writes errors of the command as errors, not terminating' {
        $out = Invoke-ContainerCommand web -ErrorVariable problems -ErrorAction SilentlyContinue `
            sh '-c' 'echo before; echo wrong >&2; echo after'
        $out | Should -Be 'before', 'after'
        $problems | Should -HaveCount 1
        "$($problems[0])" | Should -Be 'wrong'
        $problems[0].CategoryInfo.Category | Should -Be 'FromStdErr'
        $problems[0].TargetObject | Should -Be 'web'
    }

    It 'has exit codes as errors, or as data with -PassThru' {
        Invoke-ContainerCommand web -ErrorVariable problems -ErrorAction SilentlyContinue sh '-c' 'exit 3'
        Get-ErrorId $problems[0] | Should -Be 'CommandFailed'
        "$($problems[0].ErrorDetails)" | Should -Match '\b3\b'
        $LASTEXITCODE | Should -Be 3
        $result = Invoke-ContainerCommand web -PassThru sh '-c' 'echo out; exit 4'
        $result.ExitCode | Should -Be 4
        $result.Output | Should -Be 'out'
        (Invoke-ContainerCommand web -PassThru sh '-c' 'kill -9 $$').ExitCode | Should -Be 137
    }

    It 'has user, directory and environment' {
        $settings = @{ User = 'user'; WorkingDirectory = '/tmp'; Environment = @{ COLOR = 'red' } }
        Invoke-ContainerCommand web @settings sh '-c' 'id -un; pwd; echo $COLOR' | Should -Be 'user', '/tmp', 'red'
    }

    It 'kills after -TimeoutSec' {
        Invoke-ContainerCommand web -TimeoutSec 1 -ErrorVariable problems -ErrorAction SilentlyContinue sleep 77
        Get-ErrorId $problems[0] | Should -Be 'WaitTimeout'
        Wait-Until { -not (Get-ContainerProcess web | Where-Object CommandLine -EQ 'sleep 77') }
    }

    It 'runs in the background with -AsJob' {
        $job = Invoke-ContainerCommand web -AsJob sh '-c' 'echo job; exit 2'
        $job | Wait-Job -Timeout 20 | Receive-Job -ErrorVariable problems -ErrorAction SilentlyContinue |
            Should -Be 'job'
        Get-ErrorId $problems[0] | Should -Be 'CommandFailed'
        $job.State | Should -Be 'Failed'
        $job.ExitCode | Should -Be 2
        $job.StatusMessage | Should -Match 'exit code 2'
        $job | Remove-Job
        $job = Invoke-ContainerCommand web -AsJob sh '-c' 'echo aside >&2'
        ($job | Wait-Job -Timeout 20).State | Should -Be 'Completed'
        $job.ExitCode | Should -Be 0
        $job | Remove-Job
    }

    It 'runs a script block where the container has PowerShell' {
        $box = New-Container host -Name box -Start sleep 1000
        $objects = Invoke-ContainerCommand box -Parameter @{ First = 1; Second = 2 } {
            param($First, $Second)
            [pscustomobject]@{ Id = $PID; Sum = $First + $Second }
            hostname
        }
        $objects[0].Sum | Should -Be 3
        $objects[1] | Should -Be $box.ShortId
        1..3 | Invoke-ContainerCommand box { $input | ForEach-Object { $_ * 2 } } | Should -Be 2, 4, 6
        $box | Invoke-ContainerCommand -ScriptBlock { "$args" } -ArgumentList a, b | Should -Be 'a b'

        $streams = @{
            WarningVariable = 'warnings'; WarningAction = 'SilentlyContinue'
            ErrorVariable = 'problems'; ErrorAction = 'SilentlyContinue'
        }
        $out = Invoke-ContainerCommand box @streams {
            Write-Warning careful; Write-Error wrong -ErrorId Mine; sh -c 'echo native; echo aside >&2'; 'last'
        }
        $out | Should -Be 'native', 'last'
        "$warnings" | Should -Be 'careful'
        $problems.FullyQualifiedErrorId -join ' ' | Should -Match 'Mine'

        $result = Invoke-ContainerCommand box -PassThru { 1; 'two'; throw 'up' }
        $result.Output | Should -Be 1, 'two'
        $result.ErrorOutput | Should -Be 'up'
        $result.ExitCode | Should -Be 1
        (Invoke-ContainerCommand box -PassThru { exit 5 }).ExitCode | Should -Be 5
        $box | Remove-Container -Force
    }

    It 'says PowerShellNotFoundInContainer' {
        Invoke-ContainerCommand web { 1 } -ErrorVariable problems -ErrorAction SilentlyContinue
        Get-ErrorId $problems[0] | Should -Be 'PowerShellNotFoundInContainer'
        $problems[0].CategoryInfo.Category | Should -Be 'NotInstalled'
        $problems[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }

    It 'changes nothing with -WhatIf' {
        $before = Get-StateHash
        Invoke-ContainerCommand web -WhatIf touch /never | Should -BeNullOrEmpty
        Get-StateHash | Should -Be $before
        Invoke-ContainerCommand web -PassThru test '-e' /never | ForEach-Object ExitCode | Should -Be 1
    }

    It 'says <Id> for <What>' -ForEach @(
        @{ What = 'an unknown container'; Id = 'ContainerNotFound'; Arguments = @{ Name = 'nothing' } }
        @{ What = 'a missing command'; Id = 'CommandNotFound'; Arguments = @{ Command = '/bin/nothing' }; Code = 127 }
        @{ What = 'no program'; Id = 'CommandNotExecutable'; Arguments = @{ Command = '/etc/plain' }; Code = 126 }
        @{ What = 'an unknown user'; Id = 'InvalidUser'; Arguments = @{ User = 'nobodyhere' } }
    ) {
        $usual = @{ Name = 'web'; Command = 'true' }
        foreach ($key in $usual.Keys) { if (-not $Arguments.ContainsKey($key)) { $Arguments[$key] = $usual[$key] } }
        Invoke-ContainerCommand @Arguments -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems | Should -HaveCount 1
        Get-ErrorId $problems[0] | Should -Be $Id
        if ($Code) { $LASTEXITCODE | Should -Be $Code }
    }

    It 'says what happened when the process that watches the container is killed' {
        $box = New-Container busybox -Start sleep 1000
        $monitor = (Get-Content "$state/run/containers/$($box.Id)/state.json" | ConvertFrom-Json).monitorPid
        $killer = Start-ThreadJob { Start-Sleep 1; kill -9 $using:monitor }
        $watch = [Diagnostics.Stopwatch]::StartNew()
        Invoke-ContainerCommand $box -ErrorVariable problems -ErrorAction SilentlyContinue sleep 1000
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 100
        $problems | Should -HaveCount 1
        $killer | Wait-Job | Remove-Job
        ($box | Get-Container).State | Should -Be 'Exited'
        $box | Remove-Container
    }

    It 'says ContainerNotRunning' {
        [void](New-TestContainer idle)
        { Invoke-ContainerCommand idle -ErrorAction Stop true } | Should -Throw -ErrorId 'ContainerNotRunning,*'
    }
}
