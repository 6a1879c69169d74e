<#
What takes the terminal at a console, as docker run -it does: a shell of a new container, and one that is started. And what
Ctrl+C does there to what takes long.
#>

BeforeDiscovery {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    $skip = Get-SkipReason
    if (-not (Get-Command script -CommandType Application -ErrorAction Ignore)) { $skip = 'needs script(1)' }
}

BeforeAll {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    if (Get-SkipReason) { return }
    $state = New-TestState
    $image = Import-BusyboxImage
    $module = (Get-Module Container).Path -replace '[^/]+$', 'Container.psd1'
}

AfterAll { Remove-TestState $state }

Describe 'Invoke-ContainerImage -Tty -Interactive' -Skip:([bool]$skip) {
    It 'has the terminal: keys, Ctrl+C, the size from the first line on, and gives it back' {
        $text = Invoke-AtTerminal 'Invoke-ContainerImage busybox -Tty -Interactive sh' @(
            '[#$] ', 'stty size; tty; echo p$$\r', '^p1', 'echo sleeps; sleep 100\r', '^sleeps', '\003'
            '\^C', 'echo still h""ere\r', 'still here', 'exit 7\r')
        $text | Should -Match '30 100'
        $text | Should -Match '/dev/(console|pts/0)'
        $text | Should -Match 'still here'
        $text | Should -Match 'code 7'
        $text | Should -Match '(?<!-)icanon'
        Get-Container | Should -BeNullOrEmpty
    }

    It 'leaves the container to itself when the user detaches' {
        $text = Invoke-AtTerminal 'Invoke-ContainerImage busybox -Name left -Verbose -Tty -Interactive sh' @(
            '[#$] ', 'echo p$$\r', '^p1', '\020\021')
        $text | Should -Match 'Detached from the container .left.'
        $text | Should -Match '(?<!-)icanon'
        (Get-Container left).State | Should -Be 'Running'
        Remove-Container left -Force
    }

    It 'ends with the shell that had it' {
        $file = "$TestDrive/hang.ps1"
        Set-Content $file "Import-Module '$module'", "Set-Content '$TestDrive/new' `$PID; Rename-Item '$TestDrive/new' id",
            'Invoke-ContainerImage busybox -Name hung -Keep -Tty -Interactive sh'
        $typing = "cd $TestDrive; while [ ! -e id ] || kill -0 `$(cat id) 2> /dev/null; do sleep 0.1; done"
        Set-Content "$TestDrive/screen.sh" "($typing) | script -qec 'pwsh -NoProfile -File $file' /dev/null > /dev/null"
        $screen = Start-Process bash -PassThru -ArgumentList "$TestDrive/screen.sh"
        try { Wait-Until { (Test-Container hung) -and (Get-Container hung).State -eq 'Running' } }
        finally {
            Wait-Until { Test-Path "$TestDrive/id" }
            Stop-Process -Id (Get-Content "$TestDrive/id") -Force
        }
        Wait-Until { (Get-Container hung).State -eq 'Exited' }
        (Get-Container hung).ExitCode | Should -Be 137
        $screen.WaitForExit()
        Remove-Container hung
    }

    It 'is over after its time, and the terminal is as it was' {
        $text = Invoke-AtTerminal 'Invoke-ContainerImage busybox -TimeoutSec 3 -Tty -Interactive sh' @('[#$] ', 'echo p$$\r')
        $text | Should -Match 'code 137'
        $text | Should -Match '(?<!-)icanon'
    }

    It 'says what cannot be executed, with the terminal as it was' {
        $text = Invoke-AtTerminal @'
Invoke-ContainerImage busybox -Tty -Interactive -ErrorAction SilentlyContinue -ErrorVariable e nothing
$e.FullyQualifiedErrorId
'@ @('CommandNotFound', '')
        $text | Should -Match 'CommandNotFound,'
        $text | Should -Match '(?<!-)icanon'
    }

    It 'writes lines and reads the pipeline where that is asked for' {
        $text = Invoke-AtTerminal @'
"lines " + (Invoke-ContainerImage busybox -Tty -Interactive echo a | ForEach-Object { "<$_>" })
"fed " + ('x' | Invoke-ContainerImage busybox -Interactive cat | ForEach-Object { "<$_>" })
'@ @('fed', '')
        $text | Should -Match 'lines <a>'
        $text | Should -Match 'fed <x>'
    }

    It 'says where there is no terminal what to use instead' {
        $text = setsid --wait pwsh -NoProfile -Command @"
            Import-Module '$module'
            Invoke-ContainerImage busybox -Tty -Interactive -ErrorVariable e -ErrorAction SilentlyContinue sh
            New-Container busybox -Name none -Tty -Interactive sh |
                Start-Container -Attach -ErrorVariable +e -ErrorAction SilentlyContinue
            `$e | ForEach-Object { `$_.FullyQualifiedErrorId; `$_.ErrorDetails.RecommendedAction }
            (Get-Container none).State
"@
        $text | Should -Contain 'NoTerminal,Container.Cmdlets.Commands.InvokeContainerImageCommand'
        $text | Should -Contain 'NoTerminal,Container.Cmdlets.Commands.StartContainerCommand'
        @($text -match 'Connect-Container').Count | Should -Be 2
        $text[-1] | Should -Be 'Created'
        Remove-Container none
    }
}

Describe 'Start-Container -Attach of a terminal' -Skip:([bool]$skip) {
    It 'has the terminal, and gives it back' {
        [void](New-Container busybox -Name shell -Tty -Interactive sh)
        $text = Invoke-AtTerminal 'Start-Container shell -Attach' @(
            '[#$] ', 'stty size; echo p$$\r', '^p1', 'exit 5\r')
        $text | Should -Match '30 100'
        $text | Should -Match 'code 5'
        $text | Should -Match '(?<!-)icanon'
        (Get-Container shell).ExitCode | Should -Be 5
        Remove-Container shell
    }
}

Describe 'Ctrl+C in an export that compresses' -Skip:([bool]$skip) {
    BeforeAll {
        # More than a gzip does while somebody presses a key.
        New-Container busybox -Name large -Start dd -ArgumentList 'if=/dev/urandom', 'of=/data', 'bs=1M', 'count=256' |
            Wait-Container -TimeoutSec 100 | Should -Be 0
        [void](ConvertTo-ContainerImage -Name large -Tag large)
    }

    AfterAll { Remove-Container large; Remove-ContainerImage large }

    It 'ends it and leaves nothing: <Line>' -ForEach @(
        @{ Line = 'Export-Container large out.tar.gz -Compression Gzip' }
        @{ Line = 'Export-ContainerImage large image.tar.gz -Format DockerArchive -Compression Gzip' }
    ) {
        $place = New-Item -ItemType Directory "$TestDrive/$([guid]::NewGuid())"
        $text = Invoke-AtTerminal @"
Set-Location '$place'
try { $Line } finally { [Console]::WriteLine("left `$((Get-ChildItem -Force).Count) of it, `$(stty -a)") }
"@ @('Export.*(\[|MB)', '\003')
        $text | Should -Match 'left 0 of it'
        $text | Should -Match '(?<!-)icanon'
        Test-ContainerStorage | Should -BeTrue
    }
}
