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

Describe 'Watch-ContainerEvent' -Skip:([bool]$skip) {
    It 'writes what happens from now on, until there is enough' {
        [void](New-TestContainer earlier)
        $shell = [powershell]::Create()
        $module = (Get-Module Container).Path -replace '[^/]+$', 'Container.psd1'
        [void]$shell.AddScript("Import-Module '$module'; Watch-ContainerEvent 'new*' -Action Create, Remove -Count 2")
        $running = $shell.BeginInvoke()
        # It has begun when it has seen something: until then containers come and go.
        for ($i = 0; $i -lt 1000 -and -not $running.IsCompleted; $i++) {
            New-TestContainer "new$i" | Remove-Container
            Start-Sleep -Milliseconds 50
        }
        $running.AsyncWaitHandle.WaitOne(60000) | Should -BeTrue
        $seen = $shell.EndInvoke($running)
        $shell.Dispose()
        $seen.Count | Should -Be 2
        $seen.Name | Should -Not -Contain 'earlier'
    }

    It 'begins earlier with -Since, and ends with -TimeoutSec' {
        $made = New-TestContainer since
        $seen = Watch-ContainerEvent -Since (Get-Date).AddMinutes(-5) -Container since -TimeoutSec 1
        $seen.Id | Should -Be $made.Id
        $watch = [Diagnostics.Stopwatch]::StartNew()
        Watch-ContainerEvent nothing -TimeoutSec 1 -ErrorVariable problems | Should -BeNullOrEmpty
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 100
        $problems | Should -BeNullOrEmpty
    }
}
