<#
OCI configurations: made, written and checked.
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
}

AfterAll { Remove-TestState $state }

Describe 'New-ContainerSpec' -Skip:([bool]$skip) {
    BeforeAll {
        $limit = (Test-UserLimit) ? @{ Memory = 64MB } : @{}
        $value = [securestring]::new()
        'hidden'.GetEnumerator() | ForEach-Object { $value.AppendChar($_) }
        [void](New-ContainerSecret key $value)
        $web = New-Container busybox -Name web -Hostname front @limit -Secret 'key,type=env,target=KEY' sleep 1
    }

    It 'makes one to start from' {
        $spec = New-ContainerSpec
        $spec | Should -BeOfType ([Container.Native.Oci.OciSpec])
        $spec.Process.Args | Should -Be 'sh'
        $spec.Linux.Namespaces.Type | Should -Not -Contain 'user'
        $spec | Out-String | Should -Match 'Namespaces +: \{pid, network'
    }

    It 'makes one for a user who is not root' {
        $spec = New-ContainerSpec -Rootless
        $spec.Linux.Namespaces.Type | Should -Contain 'user'
        $spec.Linux.UidMappings[0].Size | Should -Be 1
    }

    It 'shows that of a container, found by <By>, without its secrets' -ForEach @(
        @{ By = 'name'; Script = { New-ContainerSpec web } }
        @{ By = 'wildcard'; Script = { New-ContainerSpec 'w*' } }
        @{ By = 'piped name'; Script = { 'web' | New-ContainerSpec } }
        @{ By = 'object'; Script = { Get-Container web | New-ContainerSpec } }
        @{ By = 'property'; Script = { [pscustomobject]@{ Id = $web.Id } | New-ContainerSpec } }
    ) {
        $spec = & $Script
        $spec.Hostname | Should -Be 'front'
        $spec.Linux.Resources.Memory.Limit | Should -Be $limit.Memory
        ($spec.Linux.UidMappings | Measure-Object Size -Sum).Sum | Should -Be 65536
        $spec.Process.Env -match '^KEY=' | Should -BeNullOrEmpty
        $spec.Process.Env -match '^PATH=' | Should -Not -BeNullOrEmpty
    }

    It 'shows that of an image and of a configuration, and makes nothing' -Tag NeedsLimits {
        $before = Get-StateHash
        $spec = New-ContainerSpec -Image busybox
        $spec.Process.Args | Should -Be 'sh'
        $spec.Process.Env | Should -Contain 'PATH=/bin'
        $spec.Linux.CgroupsPath | Should -BeNullOrEmpty
        $spec.Mounts.Destination | Should -Not -Contain '/etc/hosts'
        $spec = New-ContainerConfiguration busybox -PidsLimit 7 -Volume /data -Tmpfs /t id | New-ContainerSpec
        $spec.Linux.Resources.Pids.Limit | Should -Be 7
        $spec.Mounts.Destination | Should -Contain '/t'
        $spec.Mounts.Destination | Should -Not -Contain '/data'
        Get-StateHash | Should -Be $before
    }

    It 'writes a bundle that psrun runs' -Tag 'NeedsRoot: without -Rootless it is a bundle for root' {
        $bundle = New-Item -ItemType Directory "$state/bundle/rootfs"
        tar -xf (Get-BusyboxArchive) -C $bundle.FullName
        $file = New-ContainerConfiguration busybox echo works | New-ContainerSpec -Path $bundle.Parent.FullName
        $file.FullName | Should -Be "$state/bundle/config.json"
        $runtime = if ($env:PSCONTAINER_RUNTIME) { $env:PSCONTAINER_RUNTIME }
        else { "$PSScriptRoot/../../artifacts/Container/bin/linux-x64/psrun" }
        & $runtime --root "$state/psrun" run --bundle "$state/bundle" "pst-$PID" | Should -Be 'works'
    }

    It 'writes nothing with -WhatIf' {
        New-ContainerSpec -Path "$state/none.json" -WhatIf
        Test-Path "$state/none.json" | Should -BeFalse
    }

    It 'replaces a file with -Force only' {
        $file = New-ContainerSpec -Path "$state/config.json"
        $length = $file.Length
        { New-ContainerSpec -Path $file.FullName -ErrorAction Stop } | Should -Throw -ErrorId 'PathExists,*'
        (New-ContainerSpec -Rootless -Path $file.FullName -Force).Length | Should -Not -Be $length
    }

    It 'says <Id>' -ForEach @(
        @{ Id = 'ContainerNotFound'; Script = { New-ContainerSpec none -ErrorAction Stop } }
        @{ Id = 'ImageNotFound'; Script = { New-ContainerSpec -Image none -ErrorAction Stop } }
        @{
            Id = 'VolumeNotFound'
            Script = { New-ContainerConfiguration busybox -Volume no:/v | New-ContainerSpec -ErrorAction Stop }
        }
        @{ Id = 'PathNotFound'; Script = { New-ContainerSpec -Path "$state/none/config.json" -ErrorAction Stop } }
        @{ Id = 'NotFileSystemPath'; Script = { New-ContainerSpec -Path Env:x -ErrorAction Stop } }
        @{
            Id = 'InvalidConfiguration'
            Script = { New-ContainerConfiguration | New-ContainerSpec -ErrorAction Stop }
        }
    ) {
        $Script | Should -Throw -ErrorId "$Id,*"
    }
}

Describe 'Test-ContainerSpec' -Skip:([bool]$skip) {
    BeforeAll {
        $directory = (New-Item -ItemType Directory "$state/specs").FullName
        $good = (New-ContainerSpec -Path "$directory/good.json").FullName
        (Get-Content $good -Raw).Replace('"pid"', '"pit"') | Set-Content "$directory/wrong.json"
        '{ "ociVersion"' | Set-Content "$directory/half.json"
    }

    It 'tells good from bad: path, wildcard, bundle, property and object' {
        Test-ContainerSpec $good | Should -BeTrue
        Test-ContainerSpec "$directory/*.json" | Should -Be $true, $false, $false
        Test-ContainerSpec "$directory/none.json" | Should -BeFalse
        [void](New-ContainerSpec -Path $directory)
        Get-Item "$directory/config.json" | Test-ContainerSpec | Should -BeTrue
        Test-ContainerSpec -LiteralPath $directory | Should -BeTrue
        New-ContainerSpec | Test-ContainerSpec | Should -BeTrue
    }

    It 'says what is wrong and where, and nothing where nothing is' {
        Test-ContainerSpec $good -Detailed | Should -BeNullOrEmpty
        $issue = Test-ContainerSpec "$directory/wrong.json" -Detailed
        $issue | Should -BeOfType ([Container.Cmdlets.Objects.OciSpecIssue])
        $issue.JsonPath | Should -Be 'linux.namespaces[0].type'
        $issue.Message | Should -Match 'pit'
        $issue.File | Should -Be "$directory/wrong.json"
        $issue | Out-String | Should -Match 'JsonPath +Message'
        (Test-ContainerSpec "$directory/half.json" -Detailed).Message | Should -Match 'line 2, byte 1'
        (Test-ContainerSpec "$directory/none.json" -Detailed).Message | Should -Match 'no file'
    }

    It 'takes no fifo and no huge file for one' {
        mkfifo "$directory/fifo"
        truncate -s 100M "$directory/huge"
        (Test-ContainerSpec -LiteralPath "$directory/fifo" -Detailed).Message | Should -Match 'regular'
        (Test-ContainerSpec -LiteralPath "$directory/huge" -Detailed).Message | Should -Match 'limit'
    }

    It 'says NotFileSystemPath' {
        { Test-ContainerSpec -LiteralPath Env:x -ErrorAction Stop } | Should -Throw -ErrorId 'NotFileSystemPath,*'
    }
}
