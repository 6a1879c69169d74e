<#
What the pipeline sends to a command is what the command reads, byte for byte; and when the command takes no more, the
pipeline ends.
#>

BeforeDiscovery {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    $skip = Get-SkipReason
}

BeforeAll {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    if (Get-SkipReason) { return }
    $state = New-TestState
    $image = Import-BusyboxImage
    [void](New-Container busybox -Name reader -Start sleep 1000)
}

AfterAll { Remove-TestState $state }

Describe 'Bytes' -Skip:([bool]$skip) {
    BeforeAll {
        # No multiple of any block, with every byte in it.
        $file = "$state/random"
        $bytes = [Security.Cryptography.RandomNumberGenerator]::GetBytes(3 * 1MB + 4711)
        [IO.File]::WriteAllBytes($file, $bytes)
        $hash = (Get-FileHash $file).Hash.ToLowerInvariant() + '  -'
    }

    It 'arrive as they are from Get-Content, by blocks of <_>' -ForEach 1MB, 4711 {
        Get-Content $file -AsByteStream -ReadCount $_ | Invoke-ContainerImage busybox sha256sum | Should -Be $hash
        Get-Content $file -AsByteStream -ReadCount $_ | Invoke-ContainerCommand reader sha256sum | Should -Be $hash
    }

    It 'arrive as they are from <Name>' -ForEach @(
        @{ Name = 'Get-Content -Raw'; Make = { Get-Content $file -AsByteStream -Raw } }
        @{ Name = 'an array'; Make = { , $bytes } }
        @{ Name = 'an array in a PSObject'; Make = { , [psobject]::AsPSObject($bytes) } }
        @{ Name = 'a list'; Make = { , [Collections.Generic.List[byte]]$bytes } }
        @{ Name = 'an array of objects'; Make = { , [object[]]$bytes } }
        @{ Name = 'a segment'; Make = { , [ArraySegment[byte]]::new($bytes, 0, $bytes.Length) } }
        @{ Name = 'memory'; Make = { , [ReadOnlyMemory[byte]]::new($bytes) } }
        @{ Name = 'a stream'; Make = { [IO.MemoryStream]::new($bytes) } }
        @{ Name = 'arrays in an array'
            Make = { , @($bytes[0..99], [object[]]$bytes[100..199], [psobject]$bytes[200], $bytes[201..$bytes.Length]) }
        }
    ) {
        & $Make | Invoke-ContainerCommand reader sha256sum | Should -Be $hash
    }

    It 'arrive as they are from -InputObject, in a job, and one by one' {
        Invoke-ContainerImage busybox -InputObject $bytes sha256sum | Should -Be $hash
        Invoke-ContainerCommand reader -InputObject ([Collections.Generic.List[byte]]$bytes) sha256sum | Should -Be $hash
        $job = Get-Content $file -AsByteStream -ReadCount 1MB | Invoke-ContainerCommand reader -AsJob sha256sum
        $job | Receive-Job -Wait -AutoRemoveJob | Should -Be $hash
        [byte[]](0, 13, 10, 255) | Invoke-ContainerCommand reader od '-An' '-tx1' | Should -Match '^\s*00 0d 0a ff\s*$'
    }

    It 'are a file''s content, in whatever they come' {
        Get-Content $file -AsByteStream -ReadCount 1MB | Copy-ContainerItem -ToContainer reader -Destination /copy
        Invoke-ContainerCommand reader sha256sum /copy | Should -Be $hash.Replace('-', '/copy')
    }
}

Describe 'Text' -Skip:([bool]$skip) {
    It 'is a line for each object that has one' {
        $day = [datetime]::new(2026, 11, 30)
        'é', 1, 2.5, [char]'x', $true, [uri]'http://host/', $day, @('in', 'side') |
            Invoke-ContainerCommand reader cat |
            Should -Be 'é', '1', '2.5', 'x', 'True', 'http://host/', '11/30/2026 00:00:00', 'in', 'side'
    }

    It 'is what comes from other streams' {
        & { Write-Error wrong -ErrorAction Continue; Write-Warning careful; 'out' } *>&1 | Invoke-ContainerCommand reader cat |
            Should -Be 'wrong', 'careful', 'out'
    }
}

Describe 'What is neither text nor bytes' -Skip:([bool]$skip) {
    It 'is an error, and nothing works on half of the input: <Name>' -ForEach @(
        @{ Name = 'a table'; Value = @{ a = 1 } }
        @{ Name = 'an object'; Value = [pscustomobject]@{ a = 1 } }
        @{ Name = 'a process'; Value = (Get-Process -Id $PID) }
        @{ Name = 'a file'; Value = (Get-Item /etc/passwd) }
        @{ Name = 'a document'; Value = ([xml]'<a>text</a>') }
        @{ Name = 'one among others'; Value = @('text', @{ a = 1 }) }
    ) {
        $count = 0
        $out = 'first', $Value, 'last' | ForEach-Object { $count++; , $_ } |
            Invoke-ContainerImage busybox -ErrorVariable problems -ErrorAction SilentlyContinue `
                sh '-c' 'cat > /dev/null; echo read all'
        $out | Should -BeNullOrEmpty
        $problems | Should -HaveCount 1
        Get-ErrorId $problems[0] | Should -Be 'InputNotTextOrBytes'
        $problems[0].CategoryInfo.Category | Should -Be 'InvalidType'
        $problems[0].ErrorDetails.RecommendedAction | Should -Match 'Out-String'
        $count | Should -Be 2
        Get-Container | Where-Object Name -NE reader | Should -BeNullOrEmpty
    }

    It 'fails a job, and makes no file' {
        $job = @{ a = 1 } | Invoke-ContainerCommand reader -AsJob cat
        Wait-Job $job | ForEach-Object State | Should -Be 'Failed'
        Get-ErrorId $job.Error[0] | Should -Be 'InputNotTextOrBytes'
        Remove-Job $job
        { 'text', @{ a = 1 } | Copy-ContainerItem -ToContainer reader -Destination /half } |
            Should -Throw -ErrorId 'InputNotTextOrBytes,*'
        { Invoke-ContainerCommand reader -ErrorAction Stop cat /half 2>$null } | Should -Throw -ErrorId 'CommandFailed,*'
    }
}

Describe 'A time limit that is reached while the pipeline still sends' -Skip:([bool]$skip) {
    It 'is one error, and ends the pipeline: <Command>' -ForEach @(
        @{ Command = 'cat' }
        @{ Command = 'sleep' }
    ) {
        foreach ($target in @{ Image = 'busybox' }, @{ Name = 'reader' }) {
            $cmdlet = $target.ContainsKey('Image') ? 'Invoke-ContainerImage' : 'Invoke-ContainerCommand'
            $sent = 0
            $watch = [Diagnostics.Stopwatch]::StartNew()
            $after = @(1..100000 | ForEach-Object { $sent++; Start-Sleep -Milliseconds 10; $_ } |
                & $cmdlet @target -TimeoutSec 1 -ErrorVariable problems -ErrorAction SilentlyContinue `
                    -Command $Command -ArgumentList @('1000' | Where-Object { $Command -eq 'sleep' }) |
                ForEach-Object -Process { $_ } -End { 'downstream ends' })
            $LASTEXITCODE | Should -Be 137
            $problems | Should -HaveCount 1
            Get-ErrorId $problems[0] | Should -Be 'WaitTimeout'
            $after[-1] | Should -Be 'downstream ends'
            $sent | Should -BeLessThan 10000
            $watch.Elapsed.TotalSeconds | Should -BeLessThan 30
        }
    }

    It 'is data with -PassThru, once' {
        $result = 1..100000 | ForEach-Object { Start-Sleep -Milliseconds 10; $_ } |
            Invoke-ContainerCommand reader -TimeoutSec 1 -PassThru -ErrorAction SilentlyContinue cat
        $result | Should -HaveCount 1
        $result.TimedOut | Should -BeTrue
    }

    It 'kills the command on time, whatever the pipeline waits for' {
        $seen = & { 'one'; Wait-Until { $script:id = Get-ContainerProcess reader | Where-Object ContainerProcessName -EQ cat; $id }
            Wait-Until { -not (Test-ProcessAlive $id.HostId) }
            'killed' | Set-Content "$state/seen"; 'two' } |
            Invoke-ContainerCommand reader -TimeoutSec 2 -ErrorVariable problems -ErrorAction SilentlyContinue cat
        Get-Content "$state/seen" | Should -Be 'killed'
        Get-ErrorId $problems[0] | Should -Be 'WaitTimeout'
    }
}
