<#
Sandboxes and containers inside a container: bwrap and unshare with -Nesting, psrun and the module with -Privileged.
#>

BeforeDiscovery {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    $skip = Get-SkipReason
}

BeforeAll {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    if (Get-SkipReason) { return }
    $state = New-TestState
    $module = Split-Path (Get-Module Container).Path
}

AfterAll { Remove-TestState $state }

Describe '-Nesting' -Skip:([bool]$skip) {
    BeforeAll {
        New-Container host -Name nesting -Nesting -Start sleep 1000
        New-Container host -Name plain -Start sleep 1000
        function Invoke-Inside([string] $Name, [string] $User, [string] $Script) {
            Invoke-ContainerCommand $Name -User $User -ErrorAction Ignore sh '-c' "$Script; echo code `$?" 2>$null
        }
    }

    It 'lets bwrap make its sandbox, with a proc of its own, as user <_>' -ForEach '0', '1000' {
        $bwrap = 'bwrap --ro-bind / / --unshare-all --proc /proc --dev /dev sh -c "echo pid \$\$"'
        Invoke-Inside nesting $_ $bwrap | Should -Be 'pid 2', 'code 0'
        Invoke-Inside plain $_ $bwrap | Should -Be 'code 1'
    }

    It 'lets a browser make its own: user, pid and network namespace and chroot' {
        $browser = 'unshare --user --map-root-user --pid --net --fork sh -c "chroot /proc/self/fdinfo /x 2>/dev/null; echo \$? \$\$"'
        Invoke-Inside nesting 1000 $browser | Should -Be '127 1', 'code 0'
        Invoke-Inside plain 1000 $browser | Should -Be 'code 1'
    }

    It 'gives the container itself nothing' {
        foreach ($line in 'CapEff', 'CapBnd', 'NoNewPrivs', 'Seccomp') {
            $command = "grep ^${line}: /proc/self/status"
            Invoke-Inside nesting 0 $command | Should -Be (Invoke-Inside plain 0 $command)
        }
        Invoke-Inside nesting 0 'unshare --mount true' | Should -Be 'code 1'
        Invoke-Inside nesting 0 'mount -t tmpfs none /tmp' | Should -Not -Be 'code 0'
        Invoke-Inside nesting 0 'test -w /proc/sys/vm/drop_caches || test -w /proc/sys/kernel/core_pattern' | Should -Be 'code 1'
        Invoke-Inside nesting 0 'test -w /proc/sysrq-trigger' | Should -Be 'code 1'
    }

    It 'shows /proc whole and keeps /sys covered, inside a sandbox too' {
        Invoke-Inside nesting 0 'grep -c " /proc/" /proc/self/mountinfo' | Should -Be '0', 'code 1'
        Invoke-Inside nesting 0 'ls /sys/firmware' | Should -Be 'code 0'
        Invoke-Inside nesting 0 'unshare -Urnm sh -c "umount /sys/firmware || mount -t sysfs none /tmp"' |
            Should -Not -Be 'code 0'
    }

    It 'is refused in the user namespace of the host' {
        { New-Container host -Nesting -UserNamespace Host -ErrorAction Stop sh } |
            Should -Throw '*-Nesting needs a user namespace*' -ErrorId 'InvalidConfiguration*'
    }

    It 'is off unless asked for, and shows in the configuration' {
        (Get-Container plain).Configuration.Nesting | Should -BeFalse
        (Get-Container nesting).Configuration.Nesting | Should -BeTrue
    }
}

Describe 'A container inside a privileged one' -Skip:([bool]$skip) -Tag 'NeedsRoot: an ordinary user has no ids to share' {
    BeforeAll {
        $shown = "${module}:/mnt:ro", "$(Get-BusyboxArchive):/busybox.tar:ro"
        New-Container host -Name outer -Privileged -Volume $shown -Start sleep 1000
        $inside = (Get-Container outer).ProcessId
    }

    It 'is run by psrun with any namespaces' {
        $script = @'
mkdir -p /tmp/b/rootfs/bin && cp /bin/busybox /tmp/b/rootfs/bin && cd /tmp/b && /mnt/bin/linux-x64/psrun spec &&
sed -i 's/"terminal": true/"terminal": false/; s/"sh"/"\/bin\/busybox","readlink","\/proc\/self\/ns\/pid"/' config.json &&
/mnt/bin/linux-x64/psrun --root /tmp/r run x 2>/dev/null
'@
        $found = Invoke-ContainerCommand outer sh '-c' $script
        $found | Should -Match '^pid:\['
        $found | Should -Not -Be (readlink "/proc/$inside/ns/pid")
    }

    It 'is run by the module, from its images too' {
        $script = @'
$ErrorActionPreference = 'Stop'
Import-Module /mnt/Container.psd1
[void](ConvertTo-ContainerImage -LiteralPath /busybox.tar -Tag busybox -Change 'ENV PATH=/bin')
foreach ($image in 'host', 'busybox') {
    $made = New-Container $image -Name "in-$image" -Start sleep 1000
    Invoke-ContainerCommand $made sh '-c' 'id -u; readlink /proc/1/ns/user; echo x >/tmp/x && cat /tmp/x'
    if ($image -eq 'host') {
        # Its root is not who made it, whose files the image shows.
        Invoke-ContainerCommand $made sh '-c' 'cat /secret 2>/dev/null || echo closed; mkdir /made && echo made'
    }
    Stop-Container $made -Force
}
Get-Container | ForEach-Object { "$($_.Name) $($_.State)" }
Get-Container | Remove-Container -Confirm:$false
(Test-ContainerStorage).Count
'@
        Invoke-ContainerCommand outer sh '-c' 'echo own >/secret && chmod 600 /secret'
        $found = @(Invoke-ContainerCommand outer pwsh '-NoProfile' '-NonInteractive' '-Command' $script)
        $found[3, 4] | Should -Be 'closed', 'made'
        $found = $found[0..2] + $found[5..99]
        $found[0, 2, 3, 5] | Should -Be '0', 'x', '0', 'x'
        $own = readlink "/proc/$inside/ns/user"
        $found[1], $found[4] | ForEach-Object { $_ | Should -Match '^user:\['; $_ | Should -Not -Be $own }
        $found[6, 7] | Sort-Object | Should -Be 'in-busybox Exited', 'in-host Exited'
    }
}
