<#
Logs in systemd's journal, which hosts of tests do not have: a socket takes what it would, a script shows it as
journalctl does.
#>

BeforeDiscovery {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    $skip = Get-SkipReason
}

BeforeAll {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    if (Get-SkipReason) { return }
    $state = New-TestState
    [void](Import-BusyboxImage)
    $env:PSCONTAINER_JOURNAL_SOCKET = "$state/journal.sock"
    $path = $env:PATH

    [void](New-Item -ItemType Directory "$state/bin")
    Set-Content "$state/bin/journalctl" @"
#!/bin/sh
echo "`$*" >> '$state/calls'
case "`$*" in *--sync*) exit 0 ;; *--follow*) cat '$state/entries'; exec sleep 1000 ;; *) cat '$state/entries' ;; esac
"@
    chmod +x "$state/bin/journalctl"

    # Takes what has been sent and writes it down as journalctl -o json shows it.
    function Receive-Entry([Net.Sockets.Socket] $Socket) {
        $buffer = [byte[]]::new(65536)
        $time = [DateTimeOffset]::UtcNow.ToUnixTimeMilliseconds() * 1000
        $lines = while ($Socket.Available) {
            $length = $Socket.Receive($buffer)
            $entry = @{ '__CURSOR' = "c$time"; '__REALTIME_TIMESTAMP' = "$time" }
            $time++
            foreach ($line in [Text.Encoding]::UTF8.GetString($buffer, 0, $length).TrimEnd("`n").Split("`n")) {
                $name, $value = $line.Split('=', 2)
                $entry[$name] = $value
            }
            ConvertTo-Json $entry -Compress
        }
        Set-Content "$state/entries" $lines
    }
}

AfterAll {
    if (-not $state) { return }
    $env:PATH = $path
    Remove-TestState $state
    Remove-Item Env:PSCONTAINER_JOURNAL_SOCKET
}

Describe 'A log in the journal' -Skip:([bool]$skip) {
    It 'needs one to be there, when the container is made and when it is started' {
        $problem = { New-Container busybox -LogDriver Journald -ErrorAction Stop } | Should -Throw -PassThru
        Get-ErrorId $problem | Should -Be 'JournalUnavailable'
        $problem.CategoryInfo.Category | Should -Be 'ResourceUnavailable'
        $problem.ErrorDetails.RecommendedAction | Should -Match 'LogDriver File'
        Get-Container | Should -BeNullOrEmpty

        New-Item $env:PSCONTAINER_JOURNAL_SOCKET
        $made = New-Container busybox -LogDriver Journald true
        { $made | Start-Container -ErrorAction Stop } | Should -Throw -ErrorId 'JournalUnavailable,*'
        Remove-Item $env:PSCONTAINER_JOURNAL_SOCKET
        { $made | Start-Container -ErrorAction Stop } | Should -Throw -ErrorId 'JournalUnavailable,*'
        $made | Remove-Container
    }

    It 'has options of its own' {
        $socket = [Net.Sockets.Socket]::new('Unix', 'Dgram', 'Unspecified')
        $socket.Bind([Net.Sockets.UnixDomainSocketEndPoint]::new($env:PSCONTAINER_JOURNAL_SOCKET))
        try {
            foreach ($wrong in @{ 'max-size' = '10m' }, @{ tag = "a`nb" }, @{ tag = '' }) {
                { New-Container busybox -LogDriver Journald -LogOption $wrong -ErrorAction Stop } |
                    Should -Throw -ErrorId 'InvalidConfiguration,*'
            }
            { New-Container busybox -LogOption @{ tag = 'a' } -ErrorAction Stop } |
                Should -Throw -ErrorId 'InvalidConfiguration,*'
            $tag = @{ tag = '{{.Name}}/{{.ID}}' }
            $made = New-Container busybox -Name tagged -LogDriver Journald -LogOption $tag -Start echo x
            [void]($made | Wait-Container)
            Receive-Entry $socket
            (Get-Content "$state/entries" | ConvertFrom-Json).SYSLOG_IDENTIFIER |
                Should -Be "tagged/$($made.Id.Substring(0, 12))"
        }
        finally { $socket.Dispose() }
        Remove-Container tagged
    }

    It 'is read with journalctl' {
        $socket = [Net.Sockets.Socket]::new('Unix', 'Dgram', 'Unspecified')
        $socket.Bind([Net.Sockets.UnixDomainSocketEndPoint]::new($env:PSCONTAINER_JOURNAL_SOCKET))
        try {
            $script = 'echo one; sleep 0.1; echo two >&2; sleep 0.1
                printf thr; sleep 0.1; echo ee; printf "\033[1mfour"'
            $made = New-Container busybox -Name written -LogDriver Journald -Start sh '-c' $script
            [void]($made | Wait-Container)
            Receive-Entry $socket
        }
        finally { $socket.Dispose() }

        $env:PATH = $state
        { Get-ContainerLog written -ErrorAction Stop } | Should -Throw -ErrorId 'JournalUnavailable,*'
        $env:PATH = "$state/bin:$path"

        $entries = Get-ContainerLog written
        $entries.Line | Should -Be 'one', 'two', 'three', "`e[1mfour"
        "$($entries.Stream)" | Should -Be 'Stdout Stderr Stdout Stdout'
        $second = [DateTimeOffset]::new($entries[0].Timestamp).ToUnixTimeSeconds()
        $entries[1].Timestamp - $entries[0].Timestamp | Should -Be ([timespan]::FromMicroseconds(1))
        (Get-ContainerLog written -Tail 2).Line | Should -Be 'three', "`e[1mfour"
        (Get-ContainerLog written -Stream Stderr).Line | Should -Be 'two'
        (Get-ContainerLog written -Since $entries[1].Timestamp -Until $entries[2].Timestamp).Line | Should -Be 'two'
        (Get-ContainerLog written -Wait).Line | Should -HaveCount 4
        $made | Wait-Container -LogPattern 'thr.e' -TimeoutSec 60 -PassThru | Should -Not -BeNullOrEmpty
        "$(Get-Content "$state/calls" | Where-Object { $_ -match '--until' })" |
            Should -Match "CONTAINER_ID_FULL=$($made.Id) _UID=$(id -u) --since=@$second --until=@$($second + 1)$"

        # Bytes that are no text are numbers; what is no entry is passed over.
        Add-Content "$state/entries" '{"__CURSOR":"d","__REALTIME_TIMESTAMP":"1","PRIORITY":"6","MESSAGE":[98,255]}'
        Add-Content "$state/entries" '{"__CURSOR":"e","MESSAGE":null}', 'no json'
        (Get-ContainerLog written -Tail 1).Line | Should -Be "`e[1mfourb$([char]0xFFFD)"
        Remove-Container written
    }

    It 'is followed until the container ends' {
        $socket = [Net.Sockets.Socket]::new('Unix', 'Dgram', 'Unspecified')
        $socket.Bind([Net.Sockets.UnixDomainSocketEndPoint]::new($env:PSCONTAINER_JOURNAL_SOCKET))
        $env:PATH = "$state/bin:$path"
        try {
            Set-Content "$state/entries" '{"__CURSOR":"a","__REALTIME_TIMESTAMP":"1700000000000000","MESSAGE":"line"}'
            $made = New-Container busybox -Name ends -LogDriver Journald -Start sleep 1
            ($made | Get-ContainerLog -Wait).Line | Should -Contain 'line'
            $endless = New-Container busybox -Name endless -LogDriver Journald -Start sleep 1000
            ($endless | Get-ContainerLog -Wait | Select-Object -First 2).Line | Should -Be 'line', 'line'
        }
        finally { $socket.Dispose() }
        Get-Container | Remove-Container -Force
        Get-Process sleep -ErrorAction Ignore | Where-Object { $_.Parent.Id -eq $PID } | Should -BeNullOrEmpty
    }
}
