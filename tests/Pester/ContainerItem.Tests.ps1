<#
Files between host and container, what a container changed, and its root as an archive.
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
    $tree = (New-Item -ItemType Directory "$state/tree/sub").Parent.FullName
    Set-Content "$tree/file" 'of the host'
    Set-Content "$tree/sub/deep" 'deep'
    if ((id -u) -eq '0') { chown 12:13 "$tree/file" }
    chmod 4750 "$tree/file"
    ln -s /etc/shadow "$tree/link"
    $mine = "$(id -u):$(id -g)"
    $running = New-TestContainer copyrun -Start
    $stopped = New-Container busybox -Name copystop -Volume files:/data sh
    function Invoke-In([string] $Script) { Invoke-ContainerCommand copyrun sh '-c' $Script }
}

AfterAll { Remove-TestState $state }

Describe 'Copy-ContainerItem' -Skip:([bool]$skip) {
    It 'copies a tree to and from a container: <Name>' -ForEach @(@{ Name = 'copyrun' }, @{ Name = 'copystop' }) {
        Copy-ContainerItem $tree /tmp -ToContainer $Name -Recurse | Should -BeNullOrEmpty
        $made = Copy-ContainerItem /tmp/tree "$state/back-$Name" -FromContainer $Name -Recurse -PassThru
        $made | Should -BeOfType ([IO.DirectoryInfo])
        Get-Content "$($made.FullName)/file" | Should -Be 'of the host'
        Get-Content "$($made.FullName)/sub/deep" | Should -Be 'deep'
        (Get-Item "$($made.FullName)/link").LinkTarget | Should -Be '/etc/shadow'
        stat -c '%u:%g %a' "$($made.FullName)/file" | Should -Be "$mine 750"
    }

    It 'gives copies to root, and keeps owners with -Archive' -Tag 'NeedsRoot: chown' {
        Copy-ContainerItem "$tree/file" /tmp/plain -ToContainer copyrun
        Copy-ContainerItem "$tree/file" /tmp/kept -ToContainer $running -Archive -IncludeSpecial -PassThru |
            ForEach-Object ContainerPath | Should -Be '/tmp/kept'
        Invoke-In 'stat -c "%u:%g %a" /tmp/plain /tmp/kept' | Should -Be '0:0 750', '12:13 4750'
        Copy-ContainerItem /tmp/kept "$state/kept" -FromContainer copyrun -Archive -IncludeSpecial
        stat -c '%u:%g %a' "$state/kept" | Should -Be '12:13 4750'
        Copy-ContainerItem /tmp/kept "$state/kept" -FromContainer copyrun -Archive -WarningVariable said -WarningAction Ignore
        stat -c '%u:%g %a' "$state/kept" | Should -Be '12:13 750'
        "$said" | Should -Match 'IncludeSpecial'
    }

    It 'writes bytes, byte arrays and streams as they are, and copies files' {
        $bytes = [byte[]](0..255 + 13, 10, 0)
        [IO.File]::WriteAllBytes("$state/bytes", $bytes)
        $stream = [IO.File]::OpenRead("$state/bytes")
        $bytes | Copy-ContainerItem -ToContainer copyrun -Destination /tmp/single
        , $bytes | Copy-ContainerItem -ToContainer copyrun -Destination /tmp/block
        try { $stream | Copy-ContainerItem -ToContainer copyrun -Destination /tmp/stream }
        finally { $stream.Dispose() }
        [IO.FileInfo]"$state/bytes" | Copy-ContainerItem -ToContainer copyrun -Destination /tmp/file
        Get-Item "$state/bytes" | Copy-ContainerItem -ToContainer copyrun -Destination /tmp/item
        $expected = (sha256sum "$state/bytes").Split()[0]
        Invoke-In 'sha256sum /tmp/single /tmp/block /tmp/stream /tmp/file /tmp/item' |
            ForEach-Object { $_.Split()[0] } | Sort-Object -Unique | Should -Be $expected
    }

    It 'writes what comes down the pipeline' {
        'one', 'two' | Copy-ContainerItem -ToContainer copyrun -Destination /tmp/text
        Invoke-In 'cat /tmp/text; stat -c %u:%a /tmp/text' | Should -Be 'one', 'two', '0:644'
        Get-ChildItem $tree -File -Filter file | Copy-ContainerItem -ToContainer copyrun -Destination /tmp/piped
        Invoke-In 'cat /tmp/piped' | Should -Be 'of the host'
    }

    It 'reaches volumes of a container that does not run' {
        'in the volume' | Copy-ContainerItem -ToContainer copystop -Destination /data/new
        Get-Content "$((Get-ContainerVolume files).MountPoint)/new" | Should -Be 'in the volume'
        $stopped | Select-Object Id | Copy-ContainerItem -Path /data/n* -Destination $state
        Get-Content "$state/new" | Should -Be 'in the volume'
    }

    It 'makes missing directories with -Force only' {
        { Copy-ContainerItem "$tree/file" /no/such/place -ToContainer copyrun -ErrorAction Stop } |
            Should -Throw -ErrorId 'ContainerPathNotFound,*'
        Copy-ContainerItem "$tree/file" /no/such/place -ToContainer copyrun -Force
        Invoke-In 'cat /no/such/place; stat -c %u /no' | Should -Be 'of the host', '0'
    }

    It 'stays inside the container, whatever its links say' {
        Invoke-In 'ln -s /../../../../../../etc /tmp/out; ln -s /../../etc/hostname /tmp/name; mkdir -p /tmp/evil'
        Copy-ContainerItem "$tree/file" /tmp/out/pst-escaped -ToContainer copyrun
        Test-Path /etc/pst-escaped | Should -BeFalse
        Invoke-In 'cat /etc/pst-escaped' | Should -Be 'of the host'
        Copy-ContainerItem /tmp/name "$state/name" -FromContainer copyrun
        Get-Content "$state/name" | Should -Be $running.Id.Substring(0, 12)
        Invoke-In 'ln -s /etc/passwd /tmp/evil/link'
        Copy-ContainerItem /tmp/evil "$state/evil" -FromContainer copyrun -Recurse
        (Get-Item "$state/evil/link").LinkTarget | Should -Be '/etc/passwd'
    }

    It 'stays inside while the container exchanges a directory for a link' {
        $script = 'mkdir /race /race/d /race/x; ln -s / /race/l; echo 1 > /race/d/f
            while [ -e /race/x ]; do
                mv -T /race/d /race/t; mv -T /race/l /race/d; mv -T /race/d /race/l; mv -T /race/t /race/d
            done 2>/dev/null &'
        Invoke-In $script
        foreach ($attempt in 1..15) {
            Copy-ContainerItem "$tree/file" "/race/d/pst-raced-$attempt" -ToContainer copyrun -ErrorAction Ignore
            Copy-ContainerItem /race/d/f "$state/raced" -FromContainer copyrun -ErrorAction Ignore
        }
        Invoke-In 'rmdir /race/x'
        Get-ChildItem / -Filter 'pst-raced*' | Should -BeNullOrEmpty
    }

    It 'refuses a device by name, and leaves it out of a tree with a warning' -Tag 'NeedsRoot: device nodes' {
        { Copy-ContainerItem /dev/null "$state/null" -FromContainer copyrun -ErrorAction Stop } |
            Should -Throw -ErrorId 'InvalidConfiguration,*'
        Test-Path "$state/null" | Should -BeFalse
        [void](New-Item -ItemType Directory "$state/nodes")
        mknod "$state/nodes/null" c 1 3
        Set-Content "$state/nodes/file" 'beside it'
        Copy-ContainerItem "$state/nodes" /tmp -ToContainer copyrun -Recurse -WarningVariable said -WarningAction Ignore
        $said | Should -HaveCount 1
        "$said" | Should -Match '/null'
        Invoke-In 'ls /tmp/nodes' | Should -Be 'file'
    }

    It 'copies at 200 MB/s or more' {
        $big = "$state/big"
        [IO.File]::WriteAllBytes($big, [byte[]]::new(256MB))
        # Once to warm up; a machine under load may stall one, so the best of three counts.
        $rates = foreach ($attempt in 1..3) {
            $seconds = (Measure-Command { Copy-ContainerItem $big /tmp/big -ToContainer copyrun }).TotalSeconds
            256 / $seconds
        }
        ($rates | Measure-Object -Maximum).Maximum | Should -BeGreaterThan 200
        Invoke-In 'rm /tmp/big'
        Remove-Item $big
    }

    It 'says <Id>' -ForEach @(
        @{ Id = 'ContainerNotFound'; With = @{ Path = '/etc/hostname'; Destination = '/x'; ToContainer = 'none' } }
        @{ Id = 'PathNotFound'; With = @{ Path = '/none'; Destination = '/x'; ToContainer = 'copyrun' } }
        @{ Id = 'ContainerPathNotFound'; With = @{ Path = '/none'; Destination = '/'; FromContainer = 'copyrun' } }
        @{ Id = 'ContainerPathNotFound'; With = @{ Path = '/etc/group'; Destination = 'x'; ToContainer = 'copyrun' } }
    ) {
        { Copy-ContainerItem @With -ErrorAction Stop } | Should -Throw -ErrorId "$Id,*"
    }

    It 'copies nothing with -WhatIf' {
        Copy-ContainerItem "$tree/file" /tmp/what -ToContainer copyrun -WhatIf
        'x' | Copy-ContainerItem -ToContainer copyrun -Destination /tmp/what -WhatIf
        Copy-ContainerItem /etc/passwd "$state/what" -FromContainer copyrun -WhatIf
        Invoke-In 'ls /tmp/what 2>/dev/null || echo none' | Should -Be 'none'
        Test-Path "$state/what" | Should -BeFalse
    }
}

Describe 'Get-ContainerChange' -Skip:([bool]$skip) {
    BeforeAll {
        $script = 'echo new > /tmp/new; rm /etc/plain; echo more >> /etc/passwd; mkdir /d; echo f > /d/f
            rm -r /root; mkdir /root; mkdir /var/e; chmod 700 /var; trap exit TERM; sleep 1000 & wait'
        $made = New-Container busybox -Name changes -Start sh -ArgumentList '-c', $script
        Invoke-ContainerCommand changes sh '-c' 'while [ $(stat -c %a /var) != 700 ]; do :; done'
    }

    It 'lists what is added, changed and deleted, and nothing else' {
        $found = $made | Get-ContainerChange
        $found | ForEach-Object { "$($_.Kind) $($_.ContainerPath)" } | Should -Be @(
            'Added /d', 'Added /d/f', 'Changed /etc', 'Changed /etc/passwd', 'Deleted /etc/plain'
            'Changed /tmp', 'Added /tmp/new', 'Changed /var', 'Added /var/e')
        $found[0].Container | Should -Be 'changes'
        "$($found[0])" | Should -Be 'Added /d'
    }

    It 'filters by path and kind' {
        (Get-ContainerChange changes '/etc/*' -Kind Deleted).ContainerPath | Should -Be '/etc/plain'
        'changes' | Get-ContainerChange -Kind Added | Should -HaveCount 4
        { Get-ContainerChange none -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerNotFound,*'
    }
}

Describe 'Export-Container' -Skip:([bool]$skip) {
    It 'writes the root of a container, owners as the container has them: <Name>' -ForEach @(
        @{ Name = 'copyrun' }, @{ Name = 'copystop' }
    ) {
        'x' | Copy-ContainerItem -ToContainer $Name -Destination /tmp/exported
        $file = Export-Container $Name "$state/$Name.tar"
        $file | Should -BeOfType ([IO.FileInfo])
        ($file | Import-ContainerImage).Size | Should -BeGreaterThan 0 -Because 'it pipes by its path'
        $list = tar --numeric-owner -tvf $file.FullName
        $list -match ' 0/0 .* ./tmp/exported$|0/0 .*tmp/exported$' | Should -HaveCount 1
        $list -match 'bin/busybox$' | Should -Not -BeNullOrEmpty
        $list -match ' /?(\./)?proc/.' | Should -BeNullOrEmpty
    }

    It 'compresses, and replaces only when told to' {
        $file = Export-Container copystop "$state/c.tgz" -Compression Gzip
        gzip -t $file.FullName
        $LASTEXITCODE | Should -Be 0
        { Export-Container copystop $file.FullName -ErrorAction Stop } | Should -Throw -ErrorId 'PathExists,*'
        $stopped | Export-Container -Path $file.FullName -Force | Should -Not -BeNullOrEmpty
        Export-Container copystop "$state/what.tar" -WhatIf
        Test-Path "$state/what.tar" | Should -BeFalse
    }

    It 'does not hand the host''s own root out' {
        [void](New-Container host -Name onhost)
        { Export-Container onhost "$state/h.tar" -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidConfiguration,*'
        Test-Path "$state/h.tar" | Should -BeFalse
    }
}
