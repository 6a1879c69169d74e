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

Describe 'Wait-Container' -Skip:([bool]$skip) {
    It 'writes the exit code, as data' {
        New-Container busybox -Start sh '-c' 'sleep 0.3; exit 5' | Wait-Container -ErrorVariable problems | Should -Be 5
        $problems | Should -BeNullOrEmpty
    }

    It 'has the exit code of one that removes itself, before and after it has gone' {
        New-Container busybox -AutoRemove -Start sh '-c' 'sleep 0.5; exit 3' | Wait-Container | Should -Be 3
        New-Container busybox -AutoRemove -Start sh '-c' 'exit 4' | Wait-Container | Should -Be 4
        $made = New-Container busybox -AutoRemove -Start sh '-c' 'exit 5'
        Wait-Until { -not (Test-Container $made.Name) }
        $ended = $made | Wait-Container -PassThru
        $ended.ExitCode | Should -Be 5
        $ended.Name | Should -Be $made.Name
    }

    It 'need not come for one that removes itself to go' {
        $made = New-Container busybox -AutoRemove -Start true
        Wait-Until { -not (Test-Path "$env:PSCONTAINER_STATE_ROOT/containers/$($made.Id)") }
    }

    It 'takes names, ids and wildcards, and writes one code for each' {
        $a = New-Container busybox -Name code1 -Start sh '-c' 'exit 1'
        [void](New-Container busybox -Name code2 -Start sh '-c' 'exit 2')
        Wait-Container 'code*' | Sort-Object | Should -Be 1, 2
        Wait-Container -Id $a.Id | Should -Be 1
        Wait-Container code2, code1 | Should -Be 2, 1
    }

    It 'writes the container with -PassThru' {
        $ended = New-Container busybox -Start true | Wait-Container -PassThru
        $ended.State | Should -Be 'Exited'
        $ended.ExitCode | Should -Be 0
        $ended.FinishedAt | Should -Not -BeNullOrEmpty
    }

    It 'tells of the signal, and of the kernel that killed for memory' -Tag NeedsLimits {
        $killed = New-Container busybox -Start sh '-c' 'kill -9 $$; sleep 10' | Wait-Container -PassThru
        $killed.ExitCode | Should -BeIn 0, 137
        $eater = New-Container busybox -Memory 16MB -MemorySwap 16MB -Start sh '-c' 'x=x; while :; do x=$x$x; done'
        $end = $eater | Wait-Container -TimeoutSec 30 -PassThru
        $end.ExitCode | Should -Be 137
        $end.OutOfMemory | Should -BeTrue
    }

    It 'waits for a state' {
        $made = New-TestContainer -Start
        ($made | Wait-Container -State Running -PassThru).Id | Should -Be $made.Id
    }

    It 'waits for a line, a file, a port, a command and a script block' {
        $made = New-Container busybox -Name conditions -Start sh '-c' (
            'sleep 0.5; echo server is ready; touch /tmp/flag; nc -l -p 8080 & trap exit TERM; sleep 1000 & wait')
        ($made | Wait-Container -LogPattern 'IS re.dy$' -TimeoutSec 60 -PassThru).State | Should -Be 'Running'
        ($made | Wait-Container -Path /tmp/flag -TimeoutSec 60 -PassThru).Id | Should -Be $made.Id
        ($made | Wait-Container -Port 8080 -TimeoutSec 60 -PassThru).Id | Should -Be $made.Id
        ($made | Wait-Container -Command test, -f, /tmp/flag -TimeoutSec 60 -PassThru).Id | Should -Be $made.Id
        ($made | Wait-Container -Condition { $_.State -eq 'Running' } -TimeoutSec 60 -PassThru).Id | Should -Be $made.Id
        ($made | Wait-Container -Path /tmp/flag -Port 8080 -LogPattern ready$ -PassThru).Id | Should -Be $made.Id
    }

    It 'finds gone what removes itself, also when the shell that started it went before' {
        $module = (Get-Module Container).Path -replace '[^/]+$', 'Container.psd1'
        $go = "$TestDrive/go"
        $shell = Start-TestShell "Import-Module '$module'
            `$made = New-Container busybox -Name orphan -AutoRemove -Volume '$($TestDrive):/t', /own -Start sh '-c' (
                'until [ -e /t/go ]; do sleep 0.1; done; exit 6')
            Set-Content '$TestDrive/new' `$made.Id; Rename-Item '$TestDrive/new' id; Start-Sleep 1000"
        try {
            Wait-Until { Test-Path "$TestDrive/id" }
            $id = Get-Content "$TestDrive/id"
            Test-Path "$env:PSCONTAINER_STATE_ROOT/containers/$id" | Should -BeTrue
        }
        finally { Stop-TestShell $shell }
        [void](New-Item $go)

        # Nobody lists anything here: files alone say that it has gone.
        Wait-Until { -not (Test-Path "$env:PSCONTAINER_STATE_ROOT/containers/$id") }
        Wait-Until { -not (Test-Path "$env:PSCONTAINER_RUN_ROOT/containers/$id") }
        Wait-Until { -not (Get-ContainerVolume) }
        Wait-Container -Id $id | Should -Be 6
    }

    It 'asks for a port and a page in the network of the container, not in the host''s' {
        $page = 'printf "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok"'
        $serve = "echo '$page' > /tmp/page; nc -ll -p 8642 -e sh /tmp/page & trap exit TERM; wait"
        $made = New-Container busybox -Name inside -Start sh '-c' $serve
        foreach ($name in 'localhost', '127.0.0.1') {
            ($made | Wait-Container -HttpUri "http://${name}:8642/" -TimeoutSec 60 -PassThru).Id | Should -Be $made.Id
        }
        ($made | Wait-Container -Port 8642 -TimeoutSec 60 -PassThru).Id | Should -Be $made.Id

        # What the host serves is not the container's, and a proxy of the host's is nobody's.
        $other = New-TestContainer outside -Start
        $listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
        $listener.Start()
        try {
            $port = $listener.LocalEndpoint.Port
            $env:http_proxy = "http://127.0.0.1:$port"
            foreach ($condition in @{ Port = $port }, @{ HttpUri = "http://localhost:$port/" }) {
                $other | Wait-Container @condition -TimeoutSec 1 -ErrorVariable problems -ErrorAction SilentlyContinue |
                    Should -BeNullOrEmpty
                Get-ErrorId $problems[0] | Should -Be 'WaitTimeout'
            }
            $listener.Pending() | Should -BeFalse
            ($made | Wait-Container -HttpUri 'http://localhost:8642/' -TimeoutSec 60 -PassThru).Id | Should -Be $made.Id
        }
        finally {
            $listener.Stop()
            Remove-Item Env:http_proxy
        }
        $made, $other | Remove-Container -Force
    }

    It 'says WaitTimeout when the time is up, and leaves the container' {
        $made = New-TestContainer patient -Start
        foreach ($arguments in @{}, @{ Path = '/nothing' }, @{ Port = 1 }) {
            $made | Wait-Container -TimeoutSec 1 @arguments -ErrorVariable problems -ErrorAction SilentlyContinue |
                Should -BeNullOrEmpty
            Get-ErrorId $problems[0] | Should -Be 'WaitTimeout'
            $problems[0].CategoryInfo.Category | Should -Be 'OperationTimeout'
        }
        ($made | Get-Container).State | Should -Be 'Running'
    }

    It 'gives up on what a container that has ended cannot reach' {
        $made = New-Container busybox -Start true
        $made | Wait-Container -TimeoutSec 60 | Should -Be 0
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $made | Wait-Container -Port 80 -TimeoutSec 300 -ErrorVariable problems -ErrorAction SilentlyContinue
        Get-ErrorId $problems[0] | Should -Be 'ContainerNotRunning'
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 100
    }

    It 'returns the first of several with -Any' {
        $slow = New-TestContainer slow -Start
        $fast = New-Container busybox -Name fast -Start sleep 0.5
        (Wait-Container slow, fast -Any -TimeoutSec 60).Name | Should -Be 'fast'
        $slow, $fast | Remove-Container -Force
    }

    It 'honours -TimeoutSec for one that was never started, and says what it waits for' {
        $made = New-TestContainer
        $messages = $made |
            Wait-Container -TimeoutSec 1 -Verbose 4>&1 -ErrorAction SilentlyContinue -ErrorVariable problems
        "$messages" | Should -Match 'never started'
        Get-ErrorId $problems[0] | Should -Be 'WaitTimeout'
    }

    It 'refuses what is no regular expression' {
        { Wait-Container any -LogPattern '(' } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
    }

    It 'says ContainerNotFound' {
        { Wait-Container nothing -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerNotFound,*'
    }
}
