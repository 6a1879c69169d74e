BeforeDiscovery {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    $skip = Get-SkipReason
}

BeforeAll {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    if (Get-SkipReason) { return }
    $state = New-TestState
    $image = Import-BusyboxImage
    $web = New-Container busybox -Name web -Start sleep 1000
    $module = (Get-Module Container).Path -replace '[^/]+$', 'Container.psd1'

    # What Ctrl+C does: another thread stops the pipeline. Returns how long that took.
    function Measure-Stop([string] $Script) {
        $shell = [powershell]::Create()
        try {
            [void]$shell.AddScript("Import-Module '$module'").Invoke()
            $shell.Commands.Clear()
            $running = $shell.AddScript($Script).BeginInvoke()
            Start-Sleep -Milliseconds 1500
            $running.IsCompleted | Should -BeFalse
            $watch = [Diagnostics.Stopwatch]::StartNew()
            $shell.Stop()
            $watch.ElapsedMilliseconds
        }
        finally { $shell.Dispose() }
    }
}

AfterAll { Remove-TestState $state }

Describe 'Ctrl+C' -Skip:([bool]$skip) {
    It 'ends at once: <Script>' -ForEach @(
        @{ Script = 'Wait-Container web' }
        @{ Script = 'Wait-Container web -TimeoutSec 100 -PassThru' }
        @{ Script = 'Wait-Container web -Port 80' }
        @{ Script = 'Wait-Container web -Any' }
        @{ Script = 'Get-ContainerLog web -Wait' }
        @{ Script = 'Connect-Container web' }
        @{ Script = 'Measure-Container web -Continuous -IntervalSec 100' }
        @{ Script = 'Get-ContainerProcess web | Wait-ContainerProcess' }
        @{ Script = 'Restart-Container web -TimeoutSec 100' }
        @{ Script = 'Get-Container web | Stop-Container -TimeoutSec 100' }
        @{ Script = 'Invoke-ContainerCommand web sleep 1000' }
        @{ Script = 'Invoke-ContainerCommand web yes' }
        @{ Script = '1..1000000 | Invoke-ContainerCommand web sleep 1000' }
        @{ Script = 'Invoke-ContainerCommand web yes | ForEach-Object { Start-Sleep 1 }' }
    ) {
        Measure-Stop $Script | Should -BeLessThan 50000
    }

    It 'leaves no process of the command, and the container alone' {
        [void](Measure-Stop 'Invoke-ContainerCommand web sleep 4711')
        Wait-Until { -not (Get-ContainerProcess web | Where-Object CommandLine -EQ 'sleep 4711') }
        (Get-Container web).ProcessId | Should -Be $web.ProcessId
    }

    It 'removes the container of Invoke-ContainerImage' {
        Measure-Stop 'Invoke-ContainerImage busybox sleep 1000' | Should -BeLessThan 50000
        (Get-Container).Name | Should -Be 'web'
    }
}
