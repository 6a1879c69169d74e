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

Describe 'Test-ContainerHost' -Skip:([bool]$skip) {
    It 'answers whether containers can run here' {
        Test-ContainerHost | Should -BeTrue
    }

    It 'writes each check with -Detailed' {
        $checks = Test-ContainerHost -Detailed
        $checks.Count | Should -BeGreaterThan 3
        $checks[0] | Should -BeOfType ([Container.Cmdlets.Objects.ContainerHostCheck])
        $checks | Where-Object { -not $_.Passed } | ForEach-Object { $_.RecommendedAction | Should -Not -BeNullOrEmpty }
        $checks | Where-Object { $_.Required -and -not $_.Passed } | Should -BeNullOrEmpty
    }

    It 'answers for one feature' {
        $check = Test-ContainerHost -Detailed | Where-Object Passed | Select-Object -First 1
        Test-ContainerHost -Feature $check.Name | Should -BeTrue
        Test-ContainerHost -Feature NoSuchFeature | Should -BeFalse
        (Test-ContainerHost -Detailed -Feature $check.Name).Name | Should -Be $check.Name
    }
}
