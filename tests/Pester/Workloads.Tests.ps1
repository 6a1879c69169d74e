<#
What programs that people run in containers need: files that they may write, devices, rights, and an end with the shell.
#>

BeforeDiscovery {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    $skip = Get-SkipReason
    $fuse = [bool](Select-String '^\s*229 fuse$' /proc/misc -ErrorAction Ignore)
    $python = [bool](Get-Command python3 -CommandType Application -ErrorAction Ignore)
}

BeforeAll {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    if (Get-SkipReason) { return }
    $state = New-TestState
    $image = Import-BusyboxImage
}

AfterAll { Remove-TestState $state }

Describe 'The files of the engine in /etc' -Skip:([bool]$skip) {
    BeforeAll {
        $script = 'for f in hosts resolv.conf hostname; do stat -c "%u:%g %a" /etc/$f; echo "# new" >> /etc/$f; ' +
        'tail -n 1 /etc/$f; done'
        $expected = '0:0 644', '# new', '0:0 644', '# new', '0:0 644', '# new'
    }

    It 'belong to the container''s root, who writes them' {
        Invoke-ContainerImage busybox sh '-c' $script | Should -Be $expected
        Invoke-ContainerImage busybox -Privileged sh '-c' $script | Should -Be $expected
        Invoke-ContainerImage host sh '-c' $script | Should -Be $expected
    }

    It 'do so with ids of one''s own, and without a user namespace' -Tag 'NeedsRoot: -UidMap' {
        Invoke-ContainerImage busybox -UidMap 0:700000:1000 sh '-c' $script | Should -Be $expected
        Invoke-ContainerImage busybox -UserNamespace Host sh '-c' $script | Should -Be $expected
    }

    It 'are no other user''s, and read-only with -ReadOnly' {
        Invoke-ContainerImage busybox -User user sh '-c' 'echo x >> /etc/hosts || echo refused' 2>$null |
            Should -Be 'refused'
        Invoke-ContainerImage busybox -ReadOnly sh '-c' 'echo x >> /etc/hosts || echo refused' 2>&1 |
            ForEach-Object { "$_" } | Should -Contain 'refused'
    }

    It 'stay as they were written, and are the container''s own' {
        [void](New-Container busybox -Name written sh '-c' 'cat /etc/hosts; echo 192.0.2.1 there >> /etc/hosts')
        Start-Container written -Attach | Select-String there | Should -BeNullOrEmpty
        Start-Container written -Attach | Select-String there | Should -HaveCount 1
        Invoke-ContainerImage busybox cat /etc/hosts | Select-String there | Should -BeNullOrEmpty

        # While it does not run, the file is its root's too.
        Set-Content "$state/hosts" '192.0.2.2 copied'
        Copy-ContainerItem "$state/hosts" -ToContainer written -Destination /etc/hosts
        Start-Container written -Attach | Should -Be '192.0.2.2 copied'
        (Get-Container written).ExitCode | Should -Be 0
    }
}

Describe 'A device that is not everybody''s' -Tag 'NeedsRoot: mknod' -Skip:([bool]$skip -or -not $fuse) {
    BeforeAll {
        # No container has it by itself, and opening it changes nothing.
        $node = "$state/node"
        mknod $node c 10 229
        chown 0:5 $node
        chmod 0640 $node
        $look = 'stat -c "%u:%g %a %t:%T" /dev/mine; { true < /dev/mine; } 2>/dev/null && echo readable; ' +
        '{ true > /dev/mine; } 2>/dev/null && echo writable; true'
    }

    AfterAll { Remove-Item $node }

    It 'is its root''s, usable, with the mode that it has' {
        Invoke-ContainerImage busybox -Device "${node}:/dev/mine:r" sh '-c' $look | Should -Be '0:0 640 a:e5', 'readable'
        Invoke-ContainerImage busybox -Device "${node}:/dev/mine" sh '-c' $look |
            Should -Be '0:0 640 a:e5', 'readable', 'writable'
        Invoke-ContainerImage busybox -UserNamespace Host -Device "${node}:/dev/mine:r" sh '-c' $look |
            Should -Be '0:0 640 a:e5', 'readable'
    }

    It 'is its user''s, without capabilities' {
        Invoke-ContainerImage busybox -User 1000 -CapabilityDrop ALL -Device "${node}:/dev/mine:r" sh '-c' $look |
            Should -Be '1000:1000 640 a:e5', 'readable'
    }

    It 'is open to none that was not given it' {
        Invoke-ContainerImage busybox -Device "${node}:/dev/mine:w" sh '-c' $look | Should -Be '0:0 640 a:e5', 'writable'
        Invoke-ContainerImage busybox sh '-c' 'ls /dev/mine 2>&1 || true' | Should -Match 'No such file'
    }

    It 'leaves the host''s node alone' {
        stat -c '%u:%g %a' $node | Should -Be '0:5 640'
        (findmnt -rno TARGET) -match 'mine' | Should -BeNullOrEmpty
    }
}

Describe 'A capability for a user who is not root' -Skip:([bool]$skip) {
    BeforeAll {
        $sets = 'CapInh', 'CapPrm', 'CapEff', 'CapAmb'
        $show = 'grep -E "^Cap(Inh|Prm|Eff|Amb)" /proc/self/status | cut -f 2'
        $admin = '{0:x16}' -f (1L -shl 12)
        $none = '{0:x16}' -f 0
    }

    It 'is there when it was asked for, in run, exec and image' {
        Invoke-ContainerImage busybox -User 1000 -CapabilityAdd NET_ADMIN sh '-c' $show | Should -Be (@($admin) * 4)
        [void](New-Container busybox -Name able -User user -CapabilityAdd NET_ADMIN -Start sleep 1000)
        foreach ($set in $sets) {
            (Get-Content "/proc/$((Get-Container able).ProcessId)/status") -match "^${set}:\s$admin" | Should -HaveCount 1
        }
        Invoke-ContainerCommand able sh '-c' $show | Should -Be (@($admin) * 4)
        Invoke-ContainerCommand able ip link set lo mtu 1234
        $LASTEXITCODE | Should -Be 0
    }

    It 'is there for no other user, and none is there that was not asked for' {
        Invoke-ContainerCommand able -User 1001 sh '-c' $show | Should -Be (@($none) * 4)
        Invoke-ContainerImage busybox -User 1000 sh '-c' $show | Should -Be (@($none) * 4)
        Invoke-ContainerImage busybox -User 1000 -CapabilityAdd ALL -CapabilityDrop NET_ADMIN, SYS_ADMIN sh '-c' $show |
            ForEach-Object { [Convert]::ToUInt64($_, 16) -band 0x201000 } | Should -Be 0, 0, 0, 0
        (Invoke-ContainerImage busybox -CapabilityAdd NET_ADMIN sh '-c' $show)[0, 3] | Should -Be $none, $none
    }
}

Describe 'ping' -Skip:([bool]$skip -or -not $python) {
    BeforeAll {
        $ping = @'
import socket, os, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM, socket.IPPROTO_ICMP)
s.settimeout(30)
s.sendto(b"\x08\0\0\0\0\0\0\1text", ("127.0.0.1", 0))
print(s.recv(100)[8:].decode(), os.getuid(), os.getgid())
'@
    }

    It 'needs no capability, whoever the user is' {
        Invoke-ContainerImage host -CapabilityDrop ALL python3 '-c' $ping | Should -Be 'text 0 0'
        Invoke-ContainerImage host -CapabilityDrop ALL -User 1000:1000 python3 '-c' $ping | Should -Be 'text 1000 1000'
        Invoke-ContainerImage host -User 60000:60000 python3 '-c' $ping | Should -Be 'text 60000 60000'
    }

    It 'is for the groups of -Sysctl, where that names them' {
        $set = @{ 'net.ipv4.ping_group_range' = '7 8' }
        Invoke-ContainerImage busybox -Sysctl $set cat /proc/sys/net/ipv4/ping_group_range | Should -Match '^7\s8$'
        { Invoke-ContainerImage host -Sysctl $set -User 9:9 -ErrorAction Stop python3 '-c' $ping 2>$null } |
            Should -Throw -ErrorId 'CommandFailed,*'
    }

    It 'works with odd maps of groups, and changes nothing of the host' -Tag 'NeedsRoot: -GidMap' {
        $before = Get-Content /proc/sys/net/ipv4/ping_group_range
        foreach ($map in @('0:700000:10'), @('0:700100:1', '1:700000:5'), @('5:700000:1', '0:700100:5')) {
            Invoke-ContainerImage host -UidMap 0:700000:1000 -GidMap $map python3 '-c' $ping | Should -Be 'text 0 0'
        }
        foreach ($mode in @{ NetworkNamespace = 'Host' }, @{ UserNamespace = 'Host' }, @{ PidNamespace = 'Host' }) {
            Invoke-ContainerImage busybox @mode true
            $LASTEXITCODE | Should -Be 0
        }
        Get-Content /proc/sys/net/ipv4/ping_group_range | Should -Be $before
    }
}

Describe 'A program whose file has capabilities' -Tag 'NeedsRoot: security.capability' -Skip:([bool]$skip -or -not $python) {
    BeforeAll {
        # As Debian's ping has: cap_net_raw=ep.
        $tree = "$state/capable"
        [void](New-Item -ItemType Directory "$tree/bin", "$tree/dev", "$tree/proc", "$tree/sys", "$tree/etc")
        Copy-Item /bin/busybox "$tree/bin/busybox"
        Copy-Item /bin/busybox "$tree/bin/grep"
        python3 -c 'import os, struct, sys
os.setxattr(sys.argv[1], "security.capability", struct.pack("<5I", 0x2000001, 1 << 13, 0, 0, 0))' "$tree/bin/grep"
        [void](ConvertTo-ContainerImage -LiteralPath $tree -Tag capable -Change 'ENV PATH=/bin')
        $raw = '{0:x16}' -f (1L -shl 13)
        $none = '{0:x16}' -f 0
    }

    It 'runs without them where nothing raises anyone' {
        Invoke-ContainerImage capable -User 1000 grep CapEff /proc/self/status | Should -Be "CapEff:`t$none"
        Invoke-ContainerImage capable -User 1000 -CapabilityAdd NET_RAW -CapabilityDrop ALL -Privileged `
            grep NoNewPrivs /proc/self/status | Should -Be "NoNewPrivs:`t1"
        $container = New-Container -RootFsPath $tree -User 1000 -Start -Command /bin/busybox -ArgumentList sleep, 1000
        Invoke-ContainerCommand $container.Id grep CapEff /proc/self/status | Should -Be "CapEff:`t$none"
    }

    It 'has them where that is asked for' {
        Invoke-ContainerImage capable -User 1000 -CapabilityAdd NET_RAW -NoNewPrivileges:$false `
            grep CapEff /proc/self/status | Should -Be "CapEff:`t$raw"
        { Invoke-ContainerImage capable -User 1000 -NoNewPrivileges:$false -ErrorAction Stop grep x /proc/self/status } |
            Should -Throw
    }

    It 'is named by the error when it fails' -ForEach @(
        @{ Mode = '2755'; Open = $false; Advice = '*set-group-ID*NoNewPrivileges:$false*' }
        @{ Mode = '4755'; Open = $false; Advice = '*set-user-ID*NoNewPrivileges:$false*' }
        @{ Mode = '4755'; Open = $true; Advice = '' }
        @{ Mode = '0755'; Open = $false; Advice = '' }
    ) {
        Copy-Item /bin/busybox "$tree/bin/false"
        chmod $Mode "$tree/bin/false"
        $setting = @{ RootFsPath = $tree; NoNewPrivileges = -not $Open }
        $container = New-Container @setting -Start -Command /bin/busybox -ArgumentList sleep, 1000
        Invoke-ContainerCommand $container.Id -ErrorVariable problems -ErrorAction SilentlyContinue false
        Get-ErrorId $problems[0] | Should -Be 'CommandFailed'
        "$($problems[0].ErrorDetails.RecommendedAction)" | Should -BeLike $Advice
        $container | Remove-Container -Force
    }
}

Describe 'io_uring' -Skip:([bool]$skip -or -not $python) {
    It 'is answered as by a kernel without it, so that programs fall back' {
        Invoke-ContainerImage host python3 '-c' @'
import ctypes, errno
libc = ctypes.CDLL(None, use_errno=True)
for number in 425, 426, 427:
    libc.syscall(number, 1, 0, 0, 0, 0, 0)
    print(errno.errorcode[ctypes.get_errno()])
'@ | Should -Be 'ENOSYS', 'ENOSYS', 'ENOSYS'
    }
}

Describe 'The end of the shell' -Skip:([bool]$skip) {
    BeforeAll {
        # Runs a line in a shell of its own, waits for the container, ends the shell, and says who is still there.
        function Get-Survivor([string] $Line, [string] $Signal) {
            $stays = "stays$Signal"
            $fore = "fore$Signal"
            $shell = Start-TestShell @"
Import-Module '$((Get-Module Container).Path)'
[void](New-Container busybox -Name $stays -Start sleep 1000)
$($Line.Replace('NAME', $fore))
"@
            try {
                Wait-Until { $shell.HasExited -or (Get-Container $fore -ErrorAction Ignore).State -eq 'Running' }
                $started = Get-Container $fore, $stays
                kill "-$Signal" $shell.Id
                Wait-Until { -not (Test-ProcessAlive $shell.Id) }
                Wait-Until { -not (Test-ProcessAlive $started[0].ProcessId) }
                Test-ProcessAlive $started[1].ProcessId
                Wait-Until { (Get-Container $fore -ErrorAction Ignore).State -ne 'Running' }
                Remove-Container $stays -Force
                Remove-Container $fore -ErrorAction Ignore
            }
            finally {
                Stop-TestShell $shell
            }
        }
    }

    It 'ends what Invoke-ContainerImage runs, by <Signal>, and nothing else' -ForEach @(
        @{ Signal = 'TERM' }
        @{ Signal = 'KILL' }
    ) {
        Get-Survivor 'Invoke-ContainerImage busybox -Name NAME sleep 1000' $Signal | Should -BeTrue
        Get-Survivor 'Invoke-ContainerImage busybox -Name NAME -Keep sleep 1000' $Signal | Should -BeTrue
        Get-Survivor '[void](Invoke-ContainerImage busybox -Name NAME -AsJob sleep 1000); Start-Sleep 1000' $Signal |
            Should -BeTrue
    }

    It 'leaves what was started to go on, attached or not' {
        $shell = Start-TestShell @"
Import-Module '$((Get-Module Container).Path)'
[void](New-Container busybox -Name attached sleep 1000)
Start-Container attached -Attach
"@
        try {
            Wait-Until { (Get-Container attached -ErrorAction Ignore).State -eq 'Running' }
            $id = (Get-Container attached).ProcessId
        }
        finally {
            Stop-TestShell $shell
        }

        # Its monitor has served somebody since, and so has seen that the shell went.
        Invoke-ContainerCommand attached echo here | Should -Be 'here'
        Test-ProcessAlive $id | Should -BeTrue
        Remove-Container attached -Force
    }
}
