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

Describe 'Use-Container' -Skip:([bool]$skip) {
    BeforeAll { $arguments = @{ Image = 'busybox'; Command = 'sleep'; ArgumentList = '1000' } }

    It 'gives the block a container that runs, and removes it' {
        $seen = Use-Container @arguments -Name scope -ScriptBlock {
            $_.State
            Invoke-ContainerCommand $_ hostname
            $id = $_.Id
        }
        $seen[0] | Should -Be 'Running'
        $id | Should -Match "^$($seen[1])"
        Test-Container $id | Should -BeFalse
    }

    It 'removes it after an error, and the error goes on' {
        { Use-Container @arguments -Name failing -ScriptBlock { throw 'from the block' } } |
            Should -Throw 'from the block'
        Test-Container failing | Should -BeFalse
    }

    It 'removes it when the pipeline has enough' {
        Use-Container @arguments -Name enough -ScriptBlock { 1..1000 } | Select-Object -First 3 | Should -Be 1, 2, 3
        Test-Container enough | Should -BeFalse
    }

    It 'removes it after Ctrl+C' {
        $shell = [powershell]::Create()
        $module = (Get-Module Container).Path -replace '[^/]+$', 'Container.psd1'
        [void]$shell.AddScript("Import-Module '$module'
            Use-Container busybox -Name stopped -Command sleep -ArgumentList 1000 { Start-Sleep 1000 }")
        $running = $shell.BeginInvoke()
        Wait-Until { (Get-Container 'stopped*').State -eq 'Running' }
        $running.IsCompleted | Should -BeFalse
        $shell.Stop()
        $shell.Dispose()
        Test-Container stopped | Should -BeFalse
    }

    # Nobody lists anything meanwhile: files alone say that it has gone.
    It 'ends and removes it with a shell that is killed: <What>' -ForEach @(
        @{ What = 'a new one'; Script = 'Use-Container busybox -Command sleep -ArgumentList 1000' }
        @{ What = 'one that is there'; Script = 'New-Container busybox sleep 1000 | Use-Container -ScriptBlock' }
        @{ What = 'one with a terminal'; Script = 'Use-Container busybox -Tty -Command sleep -ArgumentList 1000' }
    ) {
        $module = (Get-Module Container).Path -replace '[^/]+$', 'Container.psd1'
        $shell = Start-TestShell "Import-Module '$module'
            $Script { Set-Content '$TestDrive/new' `$_.Id, `$_.ProcessId; Rename-Item '$TestDrive/new' id; Start-Sleep 1000 }"
        try {
            Wait-Until { Test-Path "$TestDrive/id" }
            $id, $first = Get-Content "$TestDrive/id"
            Remove-Item "$TestDrive/id"
            Test-Path "/proc/$first" | Should -BeTrue
        }
        finally { Stop-TestShell $shell }
        Wait-Until { -not (Test-Path "/proc/$first") }
        Wait-Until { -not (Test-Path "$env:PSCONTAINER_STATE_ROOT/containers/$id") }
        Wait-Until { -not (Test-Path "$env:PSCONTAINER_RUN_ROOT/containers/$id") }
    }

    It 'ends one that ran already with a shell that is killed' {
        $made = New-TestContainer found -Start
        $module = (Get-Module Container).Path -replace '[^/]+$', 'Container.psd1'
        $shell = Start-TestShell "Import-Module '$module'
            Get-Container found | Use-Container -ScriptBlock { Set-Content '$TestDrive/used' 1; Start-Sleep 1000 }"
        try { Wait-Until { Test-Path "$TestDrive/used" } }
        finally { Stop-TestShell $shell }
        Wait-Until { -not (Test-Path "/proc/$($made.ProcessId)") }
        Wait-Until { -not (Get-Container 'foun*') }
    }

    It 'removes one that a shell had which was killed before it could start it' {
        $module = (Get-Module Container).Path -replace '[^/]+$', 'Container.psd1'
        $shell = Start-TestShell "Import-Module '$module'
            Use-Container busybox -Name early -Command sleep -ArgumentList 1000 { Start-Sleep 1000 }"
        try {
            Wait-Until { Test-Path "$env:PSCONTAINER_STATE_ROOT/containers/*/container.json" }
        }
        finally { Stop-TestShell $shell }
        Wait-Until { -not (Get-Container) }
    }

    It 'waits first with -WaitFor' {
        $ready = @{ LogPattern = 'is re.dy$'; Path = '/tmp/flag' }
        $script = 'sleep 0.5; touch /tmp/flag; echo it is ready; sleep 1000'
        Use-Container busybox -Command sh -ArgumentList '-c', $script `
            -WaitFor $ready -TimeoutSec 60 { Invoke-ContainerCommand $_ ls /tmp } | Should -Be 'flag'
        { Use-Container @arguments -WaitFor @{ Path = '/none' } -TimeoutSec 1 { 'never' } -ErrorAction Stop } |
            Should -Throw -ErrorId 'WaitTimeout,*'
        { Use-Container @arguments -WaitFor @{ Moon = 'full' } { 'never' } -ErrorAction Stop } |
            Should -Throw -ErrorId 'InvalidConfiguration,*'
        Get-Container | Should -BeNullOrEmpty
    }

    It 'takes containers that are there, and starts them' {
        $many = 1..2 | ForEach-Object { New-TestContainer }
        $many | Use-Container -ScriptBlock { $_.State } | Should -Be 'Running', 'Running'
        Get-Container | Should -BeNullOrEmpty
    }

    It 'makes nothing with -WhatIf' {
        $before = Get-StateHash
        Use-Container @arguments { 'never' } -WhatIf | Should -BeNullOrEmpty
        Get-StateHash | Should -Be $before
    }

    It 'says ImageNotFound, and removes what cannot be started' {
        { Use-Container nothing { 'never' } -ErrorAction Stop } | Should -Throw -ErrorId 'ImageNotFound,*'
        { Use-Container busybox -Command /none { 'never' } -ErrorAction Stop } |
            Should -Throw -ErrorId 'CommandNotFound,*'
        Get-Container | Should -BeNullOrEmpty
    }
}
