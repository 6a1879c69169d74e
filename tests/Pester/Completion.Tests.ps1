BeforeDiscovery {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    $skip = Get-SkipReason
}

BeforeAll {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    if (Get-SkipReason) { return }
    $state = New-TestState
    $image = Import-BusyboxImage
    [void](New-TestContainer running1 -Start)
    [void](New-Container busybox -Name 'idle1' true)
    function Get-Completion([string] $Text) {
        (TabExpansion2 $Text $Text.Length).CompletionMatches.CompletionText
    }

    # The first completion of a process compiles what it needs and may be late.
    [void](Get-Completion 'Get-Container -Name ')
    Start-Sleep 1
}

AfterAll { Remove-TestState $state }

Describe 'Completion' -Skip:([bool]$skip) {
    It 'knows the names' {
        Get-Completion 'Get-Container ' | Should -Be 'idle1', 'running1'
        Get-Completion 'Get-Container -Name ru' | Should -Be 'running1'
        Get-Completion 'gctr id' | Should -Be 'idle1'
    }

    It 'knows what the verb can do something with' {
        Get-Completion 'Start-Container ' | Should -Be 'idle1'
        Get-Completion 'Stop-Container ' | Should -Be 'running1'
        Get-Completion 'Invoke-ContainerCommand ' | Should -Be 'running1'
        Get-Completion 'spctr ' | Should -Be 'running1'
        Get-Completion 'Remove-Container ' | Should -Be 'idle1', 'running1'
    }

    It 'knows ids' {
        $id = (Get-Container idle1).Id
        Get-Completion "Get-Container -Id $($id.Substring(0, 5))" | Should -Be $id
    }

    It 'knows images, without :latest, and ids after two digits' -Skip {
        Get-Completion 'New-Container ' | Should -Be 'busybox', 'host'
        Get-Completion 'Invoke-ContainerImage bu' | Should -Be 'busybox'
        Get-Completion "Get-ContainerImage $($image.Id.Substring(0, 6))" | Should -Be $image.Id
    }

    It 'knows the programs of a container that runs' {
        Get-Completion 'Invoke-ContainerCommand running1 hostn' | Should -Be 'hostname'
        Get-Completion 'Invoke-ContainerCommand idle1 hostn' | Should -Not -Contain 'hostname'
    }

    It 'knows signals, capabilities and namespaces' {
        Get-Completion 'Stop-Container x -Signal US' | Should -Be 'USR1', 'USR2'
        Get-Completion 'Stop-Container x -Signal SIGH' | Should -Be 'SIGHUP'
        Get-Completion 'New-Container busybox -CapabilityAdd CAP_NET_' | Should -Contain 'CAP_NET_ADMIN'
        Get-Completion 'New-Container busybox -PidNamespace ' | Should -Contain 'Container:running1'
    }

    It 'has the image and state as tooltip' {
        (TabExpansion2 'Get-Container ru' 16).CompletionMatches[0].ToolTip | Should -Be 'busybox Running'
    }

    It 'never fails and is quick, whatever the state is' {
        $kept = $env:PSCONTAINER_STATE_ROOT
        try {
            $env:PSCONTAINER_STATE_ROOT = '/proc/nothing'
            $watch = [Diagnostics.Stopwatch]::StartNew()
            $found = (TabExpansion2 'Get-Container -Name zz' 22).CompletionMatches
            $watch.ElapsedMilliseconds | Should -BeLessThan 2000
            $found.CompletionText | Should -Not -Contain 'zz'
        }
        finally { $env:PSCONTAINER_STATE_ROOT = $kept }
    }
}
