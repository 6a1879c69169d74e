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

Describe 'New-ContainerMount' -Skip:([bool]$skip) {
    It 'makes a bind that New-Container takes' {
        Set-Content "$TestDrive/file" 'content'
        Push-Location $TestDrive
        $mount = New-ContainerMount . /data -ReadOnly -Propagation rprivate -Option noexec
        Pop-Location
        $mount | Should -BeOfType ([Container.Engine.Configuration.ContainerMount])
        $mount.Source | Should -Be "$TestDrive"
        $mount.IdMap | Should -BeTrue
        $mount.Option | Should -Be 'rprivate', 'noexec'
        Invoke-ContainerImage busybox -Mount $mount cat /data/file | Should -Be 'content'
        Invoke-ContainerImage busybox -Mount $mount -ErrorVariable problems -ErrorAction SilentlyContinue touch /data/x
        $problems[0].ToString() | Should -Match 'Read-only'
    }

    It 'makes a temporary filesystem' {
        $mount = New-ContainerMount -Type Tmpfs -Target /scratch -Size 8MB -Mode 0700
        $mount.Mode | Should -Be 0x1C0
        Invoke-ContainerImage busybox -Mount $mount stat '-c' '%a' /scratch | Should -Be '700'
    }

    It 'refuses what cannot be mounted' {
        { New-ContainerMount -Target /data -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidMountSpecification,*'
        { New-ContainerMount . / -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidMountSpecification,*'
        { New-ContainerMount . data } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
    }
}
