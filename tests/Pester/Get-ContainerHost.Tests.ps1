BeforeDiscovery {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    $skip = Get-SkipReason
}

BeforeAll {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    if (Get-SkipReason) { return }
    $state = New-TestState
}

AfterAll { Remove-TestState $state }

Describe 'Get-ContainerHost' -Skip:([bool]$skip) {
    It 'describes the host and the engine' {
        $found = Get-ContainerHost
        $found | Should -BeOfType ([Container.Cmdlets.Objects.ContainerHostInfo])
        $found.KernelRelease | Should -Be (uname -r)
        $found.CgroupMode | Should -BeIn 'v1', 'v2', 'hybrid'
        $found.StateRoot | Should -Be $env:PSCONTAINER_STATE_ROOT
        $found.RunRoot | Should -Be $env:PSCONTAINER_RUN_ROOT
        $found.RuntimePath | Should -Exist
        $found.RuntimeVersion | Should -Not -BeNullOrEmpty
        $found.Version | Should -Be (Get-Module Container).Version.ToString()
        $found.ContainerCount | Should -Be 0
        $found.ImageCount | Should -BeGreaterOrEqual 1
        $found.TotalMemory | Should -BeGreaterThan 100MB
    }
}
