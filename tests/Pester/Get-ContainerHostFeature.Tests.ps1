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

Describe 'Get-ContainerHostFeature' -Skip:([bool]$skip) {
    It 'lists what the runtime and the kernel have' {
        $features = Get-ContainerHostFeature
        $features | Should -BeOfType ([Container.Cmdlets.Objects.ContainerHostFeature])
        ($features | Where-Object Category -EQ Namespace).Name | Should -Contain 'user'
        ($features | Where-Object Category -EQ Capability).Name | Should -Contain 'CAP_CHOWN'
        ($features | Where-Object { $_.Category -eq 'Namespace' -and $_.Name -eq 'pid' }).Available | Should -BeTrue
    }

    It 'chooses by name and category, with wildcards' {
        (Get-ContainerHostFeature 'cap_sys_adm*').Name | Should -Be 'CAP_SYS_ADMIN'
        Get-ContainerHostFeature -Category cgroup | ForEach-Object Category | Select-Object -Unique |
            Should -Be 'Cgroup'
        Get-ContainerHostFeature no-such-thing | Should -BeNullOrEmpty
    }
}
