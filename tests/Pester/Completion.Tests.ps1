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

    # What is not known in time is not completed, and this machine may be busy.
    function Assert-Completion([string] $Text, [string[]] $Expected) {
        Wait-Until { "$(Get-Completion $Text)" -eq "$Expected" }
    }
}

AfterAll { Remove-TestState $state }

Describe 'Completion' -Skip:([bool]$skip) {
    It 'knows the names' {
        Assert-Completion 'Get-Container ' 'idle1', 'running1'
        Assert-Completion 'Get-Container -Name ru' 'running1'
        Assert-Completion 'gctr id' 'idle1'
    }

    It 'knows what the verb can do something with' {
        Assert-Completion 'Start-Container ' 'idle1'
        Assert-Completion 'Stop-Container ' 'running1'
        Assert-Completion 'Invoke-ContainerCommand ' 'running1'
        Assert-Completion 'spctr ' 'running1'
        Assert-Completion 'Remove-Container ' 'idle1', 'running1'
    }

    It 'knows ids' {
        $id = (Get-Container idle1).Id
        Assert-Completion "Get-Container -Id $($id.Substring(0, 5))" $id
    }

    It 'knows images, without :latest, and ids after two digits' {
        Assert-Completion 'New-Container ' 'busybox', 'host'
        Assert-Completion 'Invoke-ContainerImage bu' 'busybox'
        Assert-Completion "Get-ContainerImage $($image.Id.Substring(0, 6))" $image.Id
    }

    It 'knows the programs of a container that runs' {
        Assert-Completion 'Invoke-ContainerCommand running1 hostn' 'hostname'
        Get-Completion 'Invoke-ContainerCommand idle1 hostn' | Should -Not -Contain 'hostname'
    }

    It 'knows signals, capabilities and namespaces' {
        Assert-Completion 'Stop-Container x -Signal US' 'USR1', 'USR2'
        Assert-Completion 'Stop-Container x -Signal SIGH' 'SIGHUP'
        Assert-Completion 'New-Container busybox -CapabilityAdd CAP_NET_AD' 'CAP_NET_ADMIN'
        Assert-Completion 'New-Container busybox -PidNamespace Container:' 'Container:running1'
    }

    It 'knows capabilities as people write them' {
        Assert-Completion 'New-Container busybox -CapabilityAdd NET_AD' 'NET_ADMIN'
        Assert-Completion 'New-Container busybox -CapabilityDrop CHOWN,SYS_P' 'SYS_PACCT', 'SYS_PTRACE'
        Assert-Completion 'New-Container busybox -CapabilityDrop al' 'ALL'
    }

    It 'knows programs, users and paths of an image, and offers no files of the host' {
        Push-Location $TestDrive
        try {
            [void](New-Item "$TestDrive/hostn-of-the-host", "$TestDrive/use-of-the-host")
            foreach ($line in 'New-Container busybox hostn', 'Invoke-ContainerImage busybox hostn',
                'New-ContainerConfiguration busybox hostn', 'Invoke-ContainerCommand running1 hostn') {
                Assert-Completion $line 'hostname'
            }
            foreach ($line in 'New-Container busybox -User us', 'Invoke-ContainerCommand running1 -User us') {
                Assert-Completion $line 'user'
            }
            foreach ($line in 'New-Container busybox cat /etc/pass', 'Invoke-ContainerCommand running1 cat /etc/pass') {
                Assert-Completion $line '/etc/passwd'
            }
            foreach ($line in 'New-Container busybox cat use', 'New-Container busybox use-',
                'Invoke-ContainerCommand running1 cat use', 'New-Container busybox -User use-',
                'New-Container busybox -Volume use-', 'New-Container busybox -CapabilityAdd use-',
                'New-Container nothing use', 'Invoke-ContainerImage busybox use-') {
                Get-Completion $line | Should -Not -Match 'of-the-host' -Because $line
            }
        }
        finally { Pop-Location }
    }

    It 'searches the path of the image' {
        [void](Get-Container running1 | ConvertTo-ContainerImage -Tag pathless -Change 'ENV PATH=/nowhere')
        Assert-Completion 'New-Container busybox hostn' 'hostname'
        Get-Completion 'New-Container pathless hostn' | Should -Not -Contain 'hostname'
    }

    It 'knows volumes, and paths of the host where one is mounted' {
        [void](New-ContainerVolume completed)
        Assert-Completion 'New-Container busybox -Volume comp' 'completed:'
        Assert-Completion 'New-Container busybox -Volume /et' '/etc'
    }

    It 'has the image and state as tooltip' {
        Assert-Completion 'Get-Container ru' 'running1'
        (TabExpansion2 'Get-Container ru' 16).CompletionMatches[0].ToolTip | Should -Be 'busybox Running'
    }

    It 'never fails and is quick, whatever the state is' {
        $kept = $env:PSCONTAINER_STATE_ROOT
        try {
            $env:PSCONTAINER_STATE_ROOT = '/proc/nothing'
            $watch = [Diagnostics.Stopwatch]::StartNew()
            $found = (TabExpansion2 'Get-Container -Name zz' 22).CompletionMatches
            $watch.ElapsedMilliseconds | Should -BeLessThan 20000
            $found.CompletionText | Should -Not -Contain 'zz'
        }
        finally { $env:PSCONTAINER_STATE_ROOT = $kept }
    }
}
