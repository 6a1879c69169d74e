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

Describe 'Register-ContainerEvent' -Skip:([bool]$skip) {
    It 'queues events, until they are unregistered' {
        Register-ContainerEvent 'queued*' -SourceIdentifier containers -Action Create | Should -BeNullOrEmpty
        try {
            for ($i = 0; $i -lt 1000 -and -not (Get-Event containers -ErrorAction Ignore); $i++) {
                [void](New-TestContainer "queued$i")
                Start-Sleep -Milliseconds 50
            }
            $first = @(Get-Event containers)[0].SourceArgs[0]
            $first | Should -BeOfType ([Container.Cmdlets.Objects.ContainerEvent])
            $first.Name | Should -Match '^queued'
        }
        finally { Unregister-Event containers }
        Get-EventSubscriber containers -ErrorAction Ignore | Should -BeNullOrEmpty
    }

    It 'runs a script block, so often' {
        $job = Register-ContainerEvent 'script*' { $Event.SourceArgs[0].Name } `
            -MaxTriggerCount 1 -Action Create -SourceIdentifier once
        $job | Should -BeOfType ([Management.Automation.PSEventJob])
        for ($i = 0; $i -lt 1000 -and (Get-EventSubscriber once -ErrorAction Ignore); $i++) {
            [void](New-TestContainer "script$i")
            Start-Sleep -Milliseconds 50
        }
        @(Receive-Job $job) | Should -HaveCount 1
        $job | Remove-Job -Force
    }
}
