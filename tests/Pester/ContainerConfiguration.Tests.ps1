<#
The configuration files of host and user.
#>

BeforeDiscovery {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    $skip = Get-SkipReason
}

BeforeAll {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    if (Get-SkipReason) { return }
    $state = New-TestState
    [void](Import-BusyboxImage)
    $file = "$env:PSCONTAINER_CONFIG_ROOT/configuration.json"

    # An ordinary user changes the user's file unless told otherwise.
    $PSDefaultParameterValues['Set-ContainerConfiguration:Scope'] = 'System'
}

AfterAll {
    $PSDefaultParameterValues.Remove('Set-ContainerConfiguration:Scope')
    Remove-TestState $state
}

Describe 'Get- and Set-ContainerConfiguration' -Skip:([bool]$skip) {
    AfterEach { Remove-Item $env:PSCONTAINER_CONFIG_ROOT -Recurse -Force -ErrorAction Ignore }

    It 'tells the defaults, and makes no file' {
        $found = Get-ContainerConfiguration
        $found | Should -BeOfType ([Container.Cmdlets.Objects.ContainerModuleConfiguration])
        $found.StorageRoot | Should -Be $env:PSCONTAINER_STATE_ROOT
        $parent = if ((id -u) -eq '0') { '/pscontainer' } else { $found.CgroupParent }
        $found.LogDriver, $found.CgroupParent, $found.PidsLimit, $found.StopTimeoutSec |
            Should -Be 'File', $parent, 2048, 10
        $found.Path | Should -BeNullOrEmpty
        (Get-ContainerConfiguration -Scope System).Path | Should -Be $file
        (Get-ContainerConfiguration -Scope System).LogDriver | Should -BeNullOrEmpty
        Test-Path $env:PSCONTAINER_CONFIG_ROOT | Should -BeFalse
        $found | Out-String | Should -Match 'StorageRoot +LogDriver'
    }

    It 'changes one setting and keeps the others; the user''s win over the host''s' {
        Set-ContainerConfiguration -PidsLimit 100 -LogDriver None
        Set-ContainerConfiguration -StopTimeoutSec 3
        Set-ContainerConfiguration -PidsLimit 200 -Scope User
        $system = Get-ContainerConfiguration -Scope System
        $system.PidsLimit, $system.LogDriver, $system.StopTimeoutSec | Should -Be 100, 'None', 3
        $found = Get-ContainerConfiguration
        $found.PidsLimit, $found.LogDriver, $found.StopTimeoutSec | Should -Be 200, 'None', 3
        $found.Path | Should -HaveCount 2
        stat -c %a $file | Should -Be '644'
        Set-ContainerConfiguration -PidsLimit $null -Scope User
        (Get-ContainerConfiguration).PidsLimit | Should -Be 100
        $system | Set-ContainerConfiguration -Scope User
        (Get-ContainerConfiguration -Scope User).StopTimeoutSec | Should -Be 3
    }

    It 'is what containers are created with that say nothing themselves' -Tag NeedsLimits {
        Set-ContainerConfiguration -PidsLimit 50 -LogOption @{ 'max-file' = '7' } -StopTimeoutSec 1
        $made = New-Container busybox -Start true
        [void]($made | Wait-Container)
        $made.Configuration.PidsLimit, $made.Configuration.LogDriver | Should -Be 50, 'File'
        $made.Configuration.LogOption['max-file'] | Should -Be '7'
        $made.Configuration.StopTimeoutSec | Should -Be 1
        $made | Remove-Container
        $own = New-Container busybox -PidsLimit 60 -LogDriver None -StopTimeoutSec 2
        $own.Configuration.PidsLimit, $own.Configuration.LogDriver, $own.Configuration.StopTimeoutSec |
            Should -Be 60, 'None', 2
        $own.Configuration.LogOption | Should -BeNullOrEmpty
        $own | Remove-Container
        Set-ContainerConfiguration -CgroupParent /pst
        $other = New-Container busybox
        (New-ContainerSpec $other.Name).Linux.CgroupsPath | Should -Be "/pst/$($other.Id)"
        $other | Remove-Container
    }

    It 'says where the state is, unless the environment does' {
        Set-ContainerConfiguration -StorageRoot "$state/elsewhere"
        (Get-ContainerConfiguration).StorageRoot | Should -Be $env:PSCONTAINER_STATE_ROOT
        $before = $env:PSCONTAINER_STATE_ROOT
        $env:PSCONTAINER_STATE_ROOT = $null
        try {
            (Get-ContainerConfiguration).StorageRoot | Should -Be "$state/elsewhere"
            [void](New-ContainerVolume here)
            Test-Path "$state/elsewhere/volumes/here" | Should -BeTrue
            Remove-ContainerVolume here -Force
        }
        finally { $env:PSCONTAINER_STATE_ROOT = $before }
    }

    It 'ends every command with one error where a file cannot be used: <What>' -ForEach @(
        @{ What = 'half'; Text = '{ "pidsLimit": 1' }
        @{ What = 'misspelt'; Text = '{ "pidLimit": 1 }' }
        @{ What = 'wrong type'; Text = '{ "pidsLimit": "many" }' }
        @{ What = 'wrong value'; Text = '{ "pidsLimit": 0 }' }
        @{ What = 'relative'; Text = '{ "storageRoot": "var" }' }
        @{ What = 'option'; Text = '{ "logOption": { "max": "1" } }' }
    ) {
        [void](New-Item -ItemType Directory $env:PSCONTAINER_CONFIG_ROOT)
        Set-Content $file $Text
        { Get-ContainerConfiguration } | Should -Throw -ErrorId 'DefinitionInvalid,*' -ExpectedMessage "*$file*"
        { Set-ContainerConfiguration -PidsLimit 5 } | Should -Throw -ErrorId 'DefinitionInvalid,*'
        { New-Container busybox } | Should -Throw -ErrorId 'DefinitionInvalid,*'
        Get-Content $file | Should -Be $Text
        $before = $env:PSCONTAINER_STATE_ROOT
        $env:PSCONTAINER_STATE_ROOT = $null
        try { { Get-Container } | Should -Throw -ErrorId 'DefinitionInvalid,*' }
        finally { $env:PSCONTAINER_STATE_ROOT = $before }
    }

    It 'says <Id>' -ForEach @(
        @{ Id = 'InvalidConfiguration'; Script = { Set-ContainerConfiguration -PidsLimit 0 -ErrorAction Stop } }
        @{ Id = 'InvalidConfiguration'; Script = { Set-ContainerConfiguration -CgroupParent x -ErrorAction Stop } }
        @{ Id = 'InvalidConfiguration'; Script = { Set-ContainerConfiguration -LogOption a=b -ErrorAction Stop } }
        @{ Id = 'InvalidConfiguration'; Script = { Set-ContainerConfiguration -StopTimeoutSec -1 -ErrorAction Stop } }
    ) {
        $Script | Should -Throw -ErrorId "$Id,*"
        Test-Path $file | Should -BeFalse
    }

    It 'changes nothing with -WhatIf' {
        Set-ContainerConfiguration -PidsLimit 5 -WhatIf
        Test-Path $env:PSCONTAINER_CONFIG_ROOT | Should -BeFalse
    }

    It 'loses no change of several at once' {
        $module = "$PSScriptRoot/../../artifacts/Container/Container.psd1"
        $settings = @{ PidsLimit = 5 }, @{ StopTimeoutSec = 6 }, @{ LogDriver = 'None' }, @{ CgroupParent = '/a' }
        $settings | ForEach-Object -Parallel {
            Import-Module $using:module
            $setting = $_
            1..5 | ForEach-Object { Set-ContainerConfiguration @setting -Scope System }
        } -ThrottleLimit 4
        $found = Get-ContainerConfiguration -Scope System
        $found.PidsLimit, $found.StopTimeoutSec, $found.LogDriver, $found.CgroupParent | Should -Be 5, 6, 'None', '/a'
    }
}
