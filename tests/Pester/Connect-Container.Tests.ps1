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

Describe 'Connect-Container' -Skip:([bool]$skip) {
    It 'writes lines and the exit code until the container ends' {
        $made = New-Container busybox -Start sh '-c' 'sleep 0.5; echo out; echo error >&2; sleep 0.3; exit 3'
        $lines = $made | Connect-Container -ErrorVariable problems -ErrorAction SilentlyContinue
        $lines | Should -Be 'out'
        $problems | ForEach-Object { Get-ErrorId $_ } | Should -Be 'CommandErrorOutput', 'CommandFailed'
        $LASTEXITCODE | Should -Be 3
    }

    It 'leaves the container when the pipeline has enough' {
        $made = New-Container busybox -Name endless -Start sh '-c' 'while :; do echo x; sleep 0.05; done'
        Connect-Container endless | Select-Object -First 3 | Should -Be 'x', 'x', 'x'
        Connect-Container -Id $made.Id -NoStdin | Select-Object -First 1 | Should -Be 'x'
        ($made | Get-Container).State | Should -Be 'Running'
        $made | Remove-Container -Force
    }

    It 'passes Ctrl+C on, unless -NoSignalProxy is there' {
        $module = (Get-Module Container).Path -replace '[^/]+$', 'Container.psd1'
        $made = New-Container busybox -Name trapping -Start sh '-c' 'trap "exit 42" INT; while :; do sleep 0.1; done'
        foreach ($option in '-NoSignalProxy', '') {
            ($made | Get-Container).State | Should -Be 'Running'
            $shell = [powershell]::Create()
            [void]$shell.AddScript("Import-Module '$module'").Invoke()
            $shell.Commands.Clear()
            [void]$shell.AddScript("Connect-Container trapping $option").BeginInvoke()
            Start-Sleep -Milliseconds 1500
            $shell.Stop()
            $shell.Dispose()
        }
        $made | Wait-Container -TimeoutSec 60 | Should -Be 42
        @($made | Get-ContainerEvent -Action Signal).Count | Should -Be 1

        # A pipeline that has enough interrupts nobody.
        $made = New-Container busybox -Start sh '-c' 'trap "exit 42" INT; while :; do echo x; sleep 0.05; done'
        $made | Connect-Container | Select-Object -First 1 | Should -Be 'x'
        $made | Get-ContainerEvent -Action Signal | Should -BeNullOrEmpty
        $made | Remove-Container -Force
    }

    It 'relays a terminal, and detaches by its keys' {
        $made = New-Container busybox -Name shell -Tty -Interactive -Start sh
        $module = (Get-Module Container).Path -replace '[^/]+$', 'Container.psd1'
        $command = "pwsh -NoProfile -NonInteractive -Command 'Import-Module $module; Connect-Container shell -Verbose'"
        # script(1) gives pwsh a terminal; a line is typed until the relay is there to pass it on.
        $screen = "$state/screen"
        $typed = "for i in `$(seq 600); do grep -q relayed $screen 2> /dev/null && break
            printf 'echo re\\layed\n'; sleep 0.1; done; printf '\020\021'; sleep 1"
        sh -c "($typed) | timeout 90 script -qefc `"$command`" $screen" | Out-Null
        Get-Content $screen -Raw | Should -Match 'relayed'
        ($made | Get-Container).State | Should -Be 'Running'
        $made | Remove-Container -Force
    }

    It 'says ContainerNotFound, ContainerNotRunning and ContainerPaused, and refuses keys that are none' `
        -Tag NeedsLimits {
        { Connect-Container nothing -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerNotFound,*'
        $made = New-TestContainer
        { $made | Connect-Container -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerNotRunning,*'
        $made | Start-Container -PassThru | Suspend-Container
        { $made | Connect-Container -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerPaused,*'
        { $made | Connect-Container -DetachKey 'ctrl-' } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
        $made | Remove-Container -Force
    }
}
