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

Describe 'New-Container' -Skip:([bool]$skip) {
    It 'creates a container and writes it' {
        $made = New-Container busybox -Name first sleep 100
        $made | Should -BeOfType ([Container.Cmdlets.Objects.ContainerInfo])
        $made.State | Should -Be 'Created'
        $made.Command | Should -Be 'sleep 100'
        $made.Id | Should -MatchExactly '^[0-9a-f]{64}$'
        (Get-Container first).Id | Should -Be $made.Id
    }

    It 'runs the hooks of a bundle' -Tag 'NeedsRoot: without -Rootless it is a bundle for root' {
        $bundle = New-Item -ItemType Directory "$state/hooked/rootfs"
        tar -xf (Get-BusyboxArchive) -C $bundle.FullName
        $file = New-ContainerConfiguration busybox sleep 1000 | New-ContainerSpec -Path $bundle.Parent.FullName
        $spec = Get-Content -Raw $file | ConvertFrom-Json -AsHashtable
        $spec.hooks = @{}
        foreach ($name in 'createRuntime', 'poststart', 'poststop') {
            $spec.hooks[$name] = @(@{ path = '/bin/sh'; args = 'sh', '-c', "echo $name >>$state/hooked/trace" })
        }
        $spec | ConvertTo-Json -Depth 20 | Set-Content $file
        New-Container -BundlePath "$state/hooked" -Name hooked -Start
        Get-Content "$state/hooked/trace" | Should -Be 'createRuntime', 'poststart'
        Stop-Container hooked -Force
        Wait-Until { @(Get-Content "$state/hooked/trace").Count -eq 3 }
        Get-Content "$state/hooked/trace" | Select-Object -Last 1 | Should -Be 'poststop'
        $spec.hooks = @{ poststart = @(@{ path = '/bin/sh'; args = 'sh', '-c', 'echo why; exit 3' }) }
        $spec | ConvertTo-Json -Depth 20 | Set-Content $file
        { New-Container -BundlePath "$state/hooked" -Name failing -Start -ErrorAction Stop } |
            Should -Throw "*poststart hook*exit code 3: why*" -ErrorId 'HookFailed*'
        (Get-Container failing).State | Should -Be 'Exited'
    }

    It 'lets nobody use a device node of a layer, or see what /proc/interrupts tells elsewhere' -Tag 'NeedsRoot: a range of ids' {
        $facts = Invoke-ContainerImage busybox sh '-c' 'grep " / / " /proc/self/mountinfo; ls /sys/kernel/irq | wc -l'
        $facts[0] | Should -Match ' / / [^ ]*\bnodev\b'
        $facts[-1] | Should -Be 0
    }

    It 'gives a name where none is given' {
        $a, $b = 1..2 | ForEach-Object { New-Container busybox true }
        $a.Name | Should -Not -BeNullOrEmpty
        $a.Name | Should -Not -Be $b.Name
    }

    It 'takes dashes in the arguments' {
        $made = New-Container busybox sh '-c' 'exit 3'
        $made.Configuration.ArgumentList | Should -Be '-c', 'exit 3'
        ($made | Start-Container -PassThru | Wait-Container) | Should -Be 3
    }

    It 'starts with -Start' {
        $made = New-TestContainer started -Start
        $made.State | Should -Be 'Running'
        $made.ProcessId | Should -BeGreaterThan 0
    }

    It 'takes images from the pipeline, as names and as objects' {
        ('busybox' | New-Container -Name piped1).ImageId | Should -Be $image.Id
        ($image | New-Container -Name piped2).ImageId | Should -Be $image.Id
    }

    It 'takes a configuration, over which parameters win' -Tag NeedsLimits {
        $made = New-Container busybox -Name source -Memory 64MB -Hostname one -Environment @{ A = '1' } true
        $copy = $made.Configuration | New-Container -Name copy -Hostname two
        $copy.Memory | Should -Be 64MB
        $copy.Hostname | Should -Be 'two'
        $copy.Configuration.Environment['A'] | Should -Be '1'
    }

    It 'takes a directory as root filesystem' {
        $tree = "$TestDrive/rootfs"
        [void](New-Item -ItemType Directory $tree)
        tar -xf (Get-BusyboxArchive) -C $tree
        $made = New-Container -RootFsPath $tree -Name ondir -Start sh '-c' 'echo here; touch /written'
        $made | Wait-Container -TimeoutSec 60 | Should -Be 0
        "$($made | Get-ContainerLog)" | Should -Be 'here'
    }

    It 'passes on what it is given' {
        $made = New-Container busybox -Name settings -Start -Hostname box -User user -WorkingDirectory /tmp/a `
            -Environment @{ COLOR = 'blue' } -Umask 077 -Tmpfs /scratch:size=1m -ReadOnly -Label a=b `
            -Ulimit nofile=123:456 sh '-c' (
            'hostname; id -un; pwd; echo $COLOR; umask; ulimit -n; touch /x; stat -f -c %T /scratch')
        $made | Wait-Container -TimeoutSec 60 | Out-Null
        $lines = $made | Get-ContainerLog -Stream Stdout | ForEach-Object Line
        $lines[0..5] | Should -Be 'box', 'user', '/tmp/a', 'blue', '0077', '123'
        $lines[6] | Should -Be 'tmpfs'
        "$($made | Get-ContainerLog -Stream Stderr)" | Should -Match 'Read-only'
        $made.Label['a'] | Should -Be 'b'
    }

    It 'mounts in every written form, a relative source from the current location' {
        [void](New-Item -ItemType Directory "$TestDrive/data" -Force)
        Set-Content "$TestDrive/data/file" 'from the host'
        Push-Location $TestDrive
        try {
            $forms = './data:/mnt:ro', "type=bind,source=$TestDrive/data,target=/mnt,readonly",
            @{ Source = './data'; Target = '/mnt'; ReadOnly = $true }
            foreach ($form in $forms) {
                Invoke-ContainerImage busybox -Volume $form cat /mnt/file | Should -Be 'from the host'
            }
        }
        finally { Pop-Location }
    }

    It 'refuses a mount that cannot be read' -ForEach @(
        'nothing', 'a:b', '/a:/b:/c:/d', '/a:/b:wrong', @{ Sorce = '/a' }
    ) {
        { New-Container busybox -Volume $_ } | Should -Throw -ErrorId 'ParameterArgumentTransformationError*'
    }

    It 'passes on variables of this shell' {
        $env:PST_INHERITED = 'yes'
        Invoke-ContainerImage busybox -InheritEnvironment 'PST_*' sh '-c' 'echo $PST_INHERITED' | Should -Be 'yes'
        Remove-Item Env:PST_INHERITED
    }

    It 'replaces with -Replace' {
        $old = New-TestContainer again -Start
        $new = New-Container busybox -Name again -Replace true
        $new.Id | Should -Not -Be $old.Id
        (Get-Container again).Id | Should -Be $new.Id
    }

    It 'changes nothing with -WhatIf' {
        $before = Get-StateHash
        New-Container busybox -Name never -Start -WhatIf true
        New-Container busybox -Name first -Replace -WhatIf true
        Get-StateHash | Should -Be $before
    }

    It 'says <Id> for <What>' -ForEach @(
        @{ What = 'an unknown image'; Id = 'ImageNotFound'; Arguments = @{ Image = 'nothing' } }
        @{ What = 'a name that is taken'; Id = 'ContainerExists'; Arguments = @{ Image = 'busybox'; Name = 'first' } }
        @{ What = 'a bad name'; Id = 'InvalidName'; Arguments = @{ Image = 'busybox'; Name = '../x' } }
        @{ What = 'a relative directory'; Id = 'InvalidConfiguration'; Arguments = @{ WorkingDirectory = 'a' } }
        @{ What = 'an unknown capability'; Id = 'InvalidConfiguration'; Arguments = @{ CapabilityAdd = 'CAP_X' } }
        @{ What = 'a bad id map'; Id = 'InvalidConfiguration'; Arguments = @{ UidMap = '0:x:1' } }
    ) {
        $count = @(Get-Container).Count
        if (-not $Arguments.ContainsKey('Image')) { $Arguments['Image'] = 'busybox' }
        New-Container @Arguments -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems | Should -HaveCount 1
        Get-ErrorId $problems[0] | Should -Be $Id
        @(Get-Container) | Should -HaveCount $count
    }

    It 'says <Id> for <What>, and leaves a container that can be looked at' -ForEach @(
        @{ What = 'a missing command'; Id = 'CommandNotFound'; Command = '/bin/nothing' }
        @{ What = 'a file that is no program'; Id = 'CommandNotExecutable'; Command = '/etc/plain' }
    ) {
        $made = New-Container busybox -Start -ErrorVariable problems -ErrorAction SilentlyContinue -Command $Command
        Get-ErrorId $problems[0] | Should -Be $Id
        $made.State | Should -Not -Be 'Running'
        $made | Remove-Container
    }
}
