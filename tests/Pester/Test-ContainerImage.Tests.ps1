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

Describe 'Test-ContainerImage' -Skip:([bool]$skip) {
    It 'answers by reference, id and wildcard, without an error for what is not there' {
        Test-ContainerImage busybox, nothing, host, 'busy*', 'no*' -ErrorVariable problems |
            Should -Be $true, $false, $true, $true, $false
        Test-ContainerImage -Id $image.Id.Substring(0, 12) | Should -BeTrue
        $image | Test-ContainerImage | Should -BeTrue
        'busybox' | Test-ContainerImage | Should -BeTrue
        $problems | Should -BeNullOrEmpty
    }
}
