<#
Volumes: made, found, mounted, filled, kept, removed.
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
    function Invoke-Once([hashtable] $With, [string] $Script) {
        Invoke-ContainerImage busybox @With -ArgumentList sh, '-c', $Script
    }
}

AfterAll { Remove-TestState $state }

Describe 'New-, Get-, Test- and Remove-ContainerVolume' -Skip:([bool]$skip) {
    It 'makes one, finds it and removes it' {
        $made = New-ContainerVolume one -Label @{ team = 'db' }
        $made | Should -BeOfType ([Container.Cmdlets.Objects.ContainerVolumeInfo])
        "$made" | Should -Be 'one'
        (Get-ContainerVolume ONE).Label['team'] | Should -Be 'db'
        Get-ContainerVolume -Label team=d* | Should -HaveCount 1
        Test-ContainerVolume one, nothing, 'o*' | Should -Be $true, $false, $true
        Remove-ContainerVolume one -Force | Should -BeNullOrEmpty
        Test-ContainerVolume one | Should -BeFalse
    }

    It 'takes names, objects, properties and wildcards' {
        'v1', 'v2', 'v3', 'v4' | New-ContainerVolume | Should -HaveCount 4
        'v1' | Remove-ContainerVolume -Force
        Get-ContainerVolume v2 | Remove-ContainerVolume -Force
        [pscustomobject]@{ Name = 'v3' } | Remove-ContainerVolume -Force
        Remove-ContainerVolume 'v*' -Force
        Get-ContainerVolume 'v*' | Should -BeNullOrEmpty
    }

    It 'says <Id>' -ForEach @(
        @{ Id = 'VolumeNotFound'; Script = { Get-ContainerVolume nothing -ErrorAction Stop } }
        @{ Id = 'VolumeExists'; Script = { 'twice', 'Twice' | New-ContainerVolume -ErrorAction Stop } }
        @{ Id = 'InvalidName'; Script = { New-ContainerVolume '../up' -ErrorAction Stop } }
        @{ Id = 'InvalidConfiguration'; Script = { New-ContainerVolume d -Driver nfs -ErrorAction Stop } }
        @{ Id = 'InvalidConfiguration'; Script = { New-ContainerVolume d -Option o=x -ErrorAction Stop } }
    ) {
        $Script | Should -Throw -ErrorId "$Id,*"
    }

    It 'limits its size, or says that the file system cannot' {
        New-ContainerVolume limited -Size 1MB -ErrorVariable problems -ErrorAction SilentlyContinue
        if ($problems) {
            Get-ErrorId $problems[0] | Should -Be 'KernelFeatureMissing'
            Test-ContainerVolume limited | Should -BeFalse
        }
    }

    It 'changes nothing with -WhatIf' {
        [void](New-ContainerVolume stays)
        $before = Get-StateHash
        New-ContainerVolume what -WhatIf
        Remove-ContainerVolume stays -Force -WhatIf
        Export-ContainerVolume stays "$state/x.tar" -WhatIf
        Get-StateHash | Should -Be $before
        Test-Path "$state/x.tar" | Should -BeFalse
    }
}

Describe 'A container''s volumes' -Skip:([bool]$skip) {
    It 'are made on first use, get what the image has, keep what is written' {
        Invoke-Once @{ Volume = 'etc:/etc' } 'cat /etc/plain; echo new > /etc/new; id -u'  |
            Should -Be 'not a program', '0'
        Invoke-Once @{ Volume = 'etc:/mnt' } 'cat /mnt/new; stat -c %u:%g /mnt/new /mnt/plain' |
            Should -Be 'new', '0:0', '0:0'
    }

    It 'belong to the same ids in every container, and nothing is chowned' {
        Invoke-Once @{ Volume = 'ids:/v'; User = '0' } 'touch /v/f; chown 1000:1000 /v/f'
        Invoke-Once @{ Volume = 'ids:/v' } 'stat -c %u:%g /v/f' | Should -Be '1000:1000'
        stat -c %u:%g "$((Get-ContainerVolume ids).MountPoint)/f" | Should -Be "$(Get-HostId 1000):$(Get-HostId 1000)"
    }

    It 'are read-only when asked, and left empty with nocopy' {
        Invoke-Once @{ Volume = 'ids:/v:ro' } 'touch /v/g 2>/dev/null || echo refused' |
            Should -Be 'refused'
        Invoke-Once @{ Volume = 'none:/etc2:nocopy', 'none2:/etc:nocopy' } 'ls /etc/plain 2>/dev/null || echo empty' |
            Should -Be 'empty'
    }

    It 'are in use as long as the container is there' {
        $made = New-Container busybox -Name user -Volume held:/v
        (Get-ContainerVolume held).Container | Should -Be 'user'
        Get-ContainerVolume -Unused | ForEach-Object Name | Should -Not -Contain 'held'
        { Remove-ContainerVolume held -Force -ErrorAction Stop } | Should -Throw -ErrorId 'VolumeInUse,*'
        $made | Remove-Container -Volume
        Test-ContainerVolume held | Should -BeTrue
        [void](New-Container busybox -AutoRemove -Volume held:/v -Start sleep 2)
        { Remove-ContainerVolume held -Force -TimeoutSec 1 -ErrorAction Stop } | Should -Throw -ErrorId 'VolumeInUse,*'
        Remove-ContainerVolume held -Force -TimeoutSec 60
        Test-ContainerVolume held | Should -BeFalse
    }

    It 'go with it when nobody named them' {
        $made = New-Container busybox -Volume /data
        $name = $made.Mount[0].Source
        $name | Should -Match '^[0-9a-f]{64}$'
        (Get-ContainerVolume $name).Anonymous | Should -BeTrue
        $made | Remove-Container -Volume
        Test-ContainerVolume $name | Should -BeFalse
    }

    It 'are made where the image wants them' {
        [void](ConvertTo-ContainerImage -Path (Get-BusyboxArchive) -Tag with -Change 'VOLUME /etc', 'CMD ["sh"]')
        $made = New-Container with
        $made.Mount.Target | Should -Be '/etc'
        Get-ChildItem (Get-ContainerVolume $made.Mount[0].Source).MountPoint | ForEach-Object Name |
            Should -Contain 'plain'
        $made | Remove-Container -Volume
    }

    It 'refuses a volume over what isolates' {
        { New-Container busybox -Volume bad:/proc -ErrorAction Stop } |
            Should -Throw -ErrorId 'InvalidMountSpecification,*'
    }
}

Describe 'Export- and Import-ContainerVolume' -Skip:([bool]$skip) {
    BeforeAll {
        [void](New-ContainerVolume source)
        $script = 'echo a > /v/a; ln -s /etc/shadow /v/link; ln /v/a /v/b; mkdir /v/d; chown 7:8 /v/d'
        Invoke-Once @{ Volume = 'source:/v' } $script
    }

    It 'brings everything back, compressed with <Compression>' -ForEach @(
        @{ Compression = 'None' }, @{ Compression = 'Gzip' }
    ) {
        $file = Export-ContainerVolume source "$state/$Compression.tar" -Compression $Compression
        $file | Should -BeOfType ([IO.FileInfo])
        $made = New-ContainerVolume "from$Compression" | Import-ContainerVolume -Path $file
        $made.Name | Should -Be "from$Compression"
        Invoke-Once @{ Volume = "from${Compression}:/v" } 'cat /v/b; readlink /v/link; stat -c "%u:%g %h" /v/d /v/a' |
            Should -Be 'a', '/etc/shadow', '7:8 2', '0:0 2'
    }

    It 'replaces only when told to' {
        $file = Export-ContainerVolume source "$state/again.tar"
        { Export-ContainerVolume source $file.FullName -ErrorAction Stop } | Should -Throw -ErrorId 'PathExists,*'
        { Export-ContainerVolume source $file.FullName -Force -NoClobber -ErrorAction Stop } |
            Should -Throw -ErrorId 'PathExists,*'
        Export-ContainerVolume source $file.FullName -Force | Should -Not -BeNullOrEmpty
        { Import-ContainerVolume source $file.FullName -ErrorAction Stop } | Should -Throw -ErrorId 'VolumeNotEmpty,*'
        Import-ContainerVolume source $file.FullName -Force | Should -Not -BeNullOrEmpty
        { Import-ContainerVolume source "$state/nothing.tar" -Force -ErrorAction Stop } |
            Should -Throw -ErrorId 'PathNotFound,*'
    }

    It 'keeps the volume when the archive is no good' {
        Set-Content "$state/bad.tar" ('x' * 2000)
        { Import-ContainerVolume source "$state/bad.tar" -Force -ErrorAction Stop } |
            Should -Throw -ErrorId 'ArchiveInvalid,*'
        Invoke-Once @{ Volume = 'source:/v' } 'cat /v/a' | Should -Be 'a'
        Get-ChildItem "$env:PSCONTAINER_STATE_ROOT/volumes" -Force -Filter '.draft*' | Should -BeNullOrEmpty
    }
}

Describe 'Other mounts' -Skip:([bool]$skip) {
    BeforeAll {
        $source = (New-Item -ItemType Directory "$state/source").FullName
        Set-Content "$source/file" 'of the host'
        if ((id -u) -eq '0') { chown 4711:4712 "$source/file" }
    }

    It 'shows a bind''s files as those of another user, with <Mount>' -Tag 'NeedsRoot: -MapUser' -ForEach @(
        @{ Mount = 'string' }, @{ Mount = 'fields' }, @{ Mount = 'hashtable' }
    ) {
        $value = switch ($Mount) {
            'string' { "${source}:/s:mapuser=4711:1000,mapgroup=4712:1000" }
            'fields' { "type=bind,source=$source,target=/s,mapuser=4711:1000,mapgroup=4712:1000" }
            'hashtable' { @{ Source = $source; Target = '/s'; MapUser = '4711:1000'; MapGroup = '4712:1000' } }
        }
        Invoke-Once @{ Mount = $value; User = '1000:1000' } 'stat -c %u:%g /s/file; echo more >> /s/file; cat /s/file' |
            Select-Object -First 2 | Should -Be '1000:1000', 'of the host'
        stat -c %u:%g "$source/file" | Should -Be '4711:4712'
    }

    It 'keeps the changes to an overlay in the container' {
        $script = 'trap exit TERM; echo x > /s/made; sleep 100 & wait'
        $made = New-Container busybox -Start -Volume "${source}:/s:O" sh -ArgumentList '-c', $script
        Invoke-ContainerCommand $made.Id sh '-c' 'until [ -e /s/made ]; do :; done; cat /s/made; stat -c %u /s/made' |
            Should -Be 'x', '0'
        Test-Path "$source/made" | Should -BeFalse
        $made | Remove-Container -Force
    }

    It 'mounts an image, of one layer or more, read-only' {
        $script = 'cat /i/etc/plain; touch /i/x 2>/dev/null || stat -c %u /i/etc'
        Invoke-Once @{ Mount = 'type=image,source=busybox,target=/i' } $script | Should -Be 'not a program', '0'
    }

    It 'gives a temporary file system its size and mode' {
        $script = 'stat -c %a /t; dd if=/dev/zero of=/t/f bs=64k count=64 2>/dev/null || echo full'
        Invoke-Once @{ Tmpfs = '/t:size=1m,mode=700' } $script | Should -Be '700', 'full'
    }

    It 'leaves temporary file systems writable in a read-only root' {
        $script = 'touch /x 2>/dev/null || echo refused; touch /tmp/x && echo written'
        Invoke-Once @{ ReadOnly = $true; Tmpfs = '/tmp' } $script | Should -Be 'refused', 'written'
    }

    It 'binds read-only all the way down' -Tag 'NeedsRoot: mounts' {
        $below = (New-Item -ItemType Directory "$source/below").FullName
        mount -t tmpfs pst $below
        try {
            Invoke-Once @{ Volume = "${source}:/s:ro" } 'touch /s/below/x 2>/dev/null || echo refused' |
                Should -Be 'refused'
        }
        finally { umount $below }
    }

    It 'says what is wrong with <Mount>' -ForEach @(
        @{ Mount = '/nowhere:/x' }, @{ Mount = 'v:relative' }, @{ Mount = 'v:/x:what' }, @{ Mount = '-v:/x' }
        @{ Mount = 'v:/x:mapuser=a' }, @{ Mount = 'type=image,target=/x' }
    ) {
        { New-Container busybox -Volume $Mount -ErrorAction Stop } | Should -Throw
    }
}
