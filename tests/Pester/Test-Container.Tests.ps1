BeforeDiscovery {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    $skip = Get-SkipReason
}

BeforeAll {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    if (Get-SkipReason) { return }
    $state = New-TestState
    $image = Import-BusyboxImage
    $web = New-TestContainer web1 -Start
    [void](New-Container busybox -Name idle true)
}

AfterAll { Remove-TestState $state }

Describe 'Test-Container' -Skip:([bool]$skip) {
    It 'answers by name, id and wildcard, without an error for what is not there' {
        Test-Container web1 -ErrorVariable problems | Should -BeTrue
        Test-Container nothing -ErrorVariable +problems | Should -BeFalse
        Test-Container $web.Id | Should -BeTrue
        Test-Container -Id $web.Id.Substring(0, 12) | Should -BeTrue
        Test-Container 'w*' | Should -BeTrue
        Test-Container 'x*' -ErrorVariable +problems | Should -BeFalse
        $problems | Should -BeNullOrEmpty
    }

    It 'answers for each of several, from the pipeline too' {
        Test-Container web1, nothing, idle | Should -Be $true, $false, $true
        'web1', 'nothing' | Test-Container | Should -Be $true, $false
        $web | Test-Container | Should -BeTrue
        [pscustomobject]@{ ContainerId = $web.Id } | Test-Container | Should -BeTrue
    }

    It 'looks at the state' {
        Test-Container web1 -State Running | Should -BeTrue
        Test-Container idle -State Running | Should -BeFalse
        Test-Container 'i*' -State Created | Should -BeTrue
    }
}
