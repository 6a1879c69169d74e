<#
Containers with an init as first process. The init is a script: Debian's systemd is run by tests/Conformance/system.sh.
#>

BeforeDiscovery {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    $skip = Get-SkipReason
}

BeforeAll {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    if (Get-SkipReason) { return }
    $state = New-TestState

    # It says what it finds, and ends only with the signal that systemd takes for "power off": SIGRTMIN+3.
    $tree = (New-Item -ItemType Directory "$state/init").FullName
    tar -xf (Get-BusyboxArchive) -C $tree
    [void](New-Item -ItemType Directory "$tree/sbin", "$tree/run/kept", "$tree/var/log/journal")
    Set-Content "$tree/run/kept/file" 'of the image'
    Set-Content "$tree/sbin/init" @'
#!/bin/sh
trap 'echo powered off; exit 7' 37
trap : TERM
echo "container $container $container_uuid"
for place in /sys/fs/cgroup/systemd /sys/fs/cgroup/unified /sys/fs/cgroup; do
    [ -e $place/cgroup.procs ] || continue
    mkdir $place/below && echo 1 >$place/below/cgroup.procs && echo "made $place/below"
done
for place in /sys/fs/cgroup/*; do
    [ -L $place ] || [ -e /sys/fs/cgroup/cgroup.procs ] || ! mkdir $place/more 2>/dev/null || echo "more $place"
done
for limit in /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max; do
    [ -e $limit ] && (echo 1000000000 >$limit) 2>/dev/null && echo "raised $limit"
done
grep -E ' /(run|run/lock|tmp|var/log/journal) ' /proc/mounts | awk '{ print "mount", $2, $3 }'
cat /run/kept/file /run/systemd/journald.conf.d/pscontainer.conf 2>/dev/null
[ -t 1 ] && echo console >/dev/console
echo ready
while :; do sleep 1000 & wait $!; done
'@
    chmod 0755 "$tree/sbin/init"
    tar --numeric-owner --owner=0 --group=0 -C $tree -cf "$state/init.tar" .
    [void](ConvertTo-ContainerImage -LiteralPath "$state/init.tar" -Tag init -Change 'ENV PATH=/bin')

    function Get-Spec([Parameter(ValueFromPipeline)] $Configuration) {
        $path = "$state/spec-$([guid]::NewGuid().ToString('n'))"
        [void](New-Item -ItemType Directory "$path/rootfs")
        $Configuration | New-ContainerSpec -Path $path | Get-Content -Raw | ConvertFrom-Json
    }

    # What the container has said, once it is ready, without the terminal's carriage returns.
    function Get-Said([string] $Name) {
        Wait-Until { (Get-ContainerLog $Name).Line -match '^ready' }
        (Get-ContainerLog $Name).Line.TrimEnd("`r")
    }
}

AfterAll { Remove-TestState $state }

Describe 'A system container' -Skip:([bool]$skip) {
    It 'has what systemd asks for, and stops by its signal' -Tag 'NeedsRoot: a user has the cgroups that were delegated' {
        $made = New-Container init -Name system -Start /sbin/init
        $said = Get-Said system
        $said | Should -Contain "container pscontainer $($made.Id.Substring(0, 32))"
        foreach ($target in '/run', '/run/lock', '/tmp', '/var/log/journal') {
            $said | Should -Contain "mount $target tmpfs"
        }
        $said | Should -Contain 'of the image'
        $said | Should -Contain 'ForwardToConsole=yes'
        $said | Should -Contain 'console'
        $made.Configuration.Tty | Should -BeTrue

        # What it made, the kernel has; and it is in there, seen from the host.
        $here = @($said -match '^made ' -replace '^made ')
        $here | Should -Not -BeNullOrEmpty
        $member = @(Get-Content "/proc/$($made.ProcessId)/cgroup")
        $named = @($member -match '^(\d+:name=systemd|0:):') -match "/$($made.Id)/below$"
        $named.Count | Should -Be $here.Count
        $limited = $member -notmatch '^(\d+:name=systemd|0:):'
        $limited | Should -Not -Match '/below$'

        # Further processes can be had all the same.
        Invoke-ContainerCommand system echo here | Should -Be 'here'

        # What limits it cannot be changed from inside.
        $said -match '^more ' -replace '^more ' |
            ForEach-Object { $_ | Should -BeIn '/sys/fs/cgroup/systemd', '/sys/fs/cgroup/unified' }
        $said -match '^raised' | Should -BeNullOrEmpty

        Send-ContainerSignal system TERM
        (Get-Container system).State | Should -Be 'Running'
        Stop-Container system
        (Get-Container system).ExitCode | Should -Be 7
        (Get-ContainerLog system).Line.TrimEnd("`r") | Should -Contain 'powered off'
        Get-ChildItem /sys/fs/cgroup -Recurse -Depth 4 -Directory -Filter $made.Id -ErrorAction Ignore |
            Should -BeNullOrEmpty
    }

    It 'limits itself no more without a user namespace' -Tag 'NeedsRoot: the user namespace of the host' {
        $made = New-Container init -Name bare -UserNamespace Host -Start /sbin/init
        $said = Get-Said bare
        $said -match '^made ' | Should -Not -BeNullOrEmpty
        if (Test-Path /sys/fs/cgroup/memory) {
            # v1: root of the host owns every file, so the mounts are read-only.
            $said -match '^more ' -replace '^more ' |
            ForEach-Object { $_ | Should -BeIn '/sys/fs/cgroup/systemd', '/sys/fs/cgroup/unified' }
            $said -match '^raised' | Should -BeNullOrEmpty
        }
        Stop-Container bare
        (Get-Container bare).ExitCode | Should -Be 7
        $made | Should -Not -BeNullOrEmpty
    }

    It 'is one only where the command is an init' {
        $plain = New-Container init -Name plain -Start sh '-c' 'echo "container $container"; touch /sys/fs/cgroup/x /sys/fs/cgroup/*/x; echo ready'
        $said = Get-Said plain
        $said | Should -Contain 'container '
        $plain.Configuration.Tty | Should -BeFalse
        @($said -match '^mount ') | Should -BeNullOrEmpty
    }

    It 'recognises <_>' -ForEach '/sbin/init', '/usr/sbin/init', '/lib/systemd/systemd', '/usr/lib/systemd/systemd', 'systemd' {
        $spec = New-ContainerConfiguration init $_ | Get-Spec
        $spec.process.env | Should -Contain 'container=pscontainer'
        $spec.mounts.Where({ $_.destination -eq '/sys/fs/cgroup' }).options | Should -Contain 'rw'
        $spec.process.terminal | Should -BeTrue
    }

    It 'is none with -Systemd Off, and one with Always' {
        $off = New-ContainerConfiguration init -Systemd Off /sbin/init | Get-Spec
        $off.process.env -match '^container=' | Should -BeNullOrEmpty
        $off.mounts.Where({ $_.destination -eq '/sys/fs/cgroup' }).options | Should -Contain 'ro'
        $always = New-ContainerConfiguration init -Systemd Always /bin/other | Get-Spec
        $always.process.env | Should -Contain 'container=pscontainer'
    }

    It 'keeps what the user says' {
        $given = @{
            StopSignal = 'USR1'; Environment = @{ container = 'mine' }; Tmpfs = '/run:size=1m'; Systemd = 'Always'
        }
        $made = New-Container init -Name said @given sh '-c' 'echo "container $container"; cat /proc/mounts; echo ready'
        $made.Configuration.StopSignal | Should -Be 'USR1'
        Start-Container said
        $said = Get-Said said
        $said | Should -Contain 'container mine'
        @($said -match ' /run tmpfs ') | Should -HaveCount 1
        $said -match ' /run tmpfs ' | Should -Match 'size=1024k'
    }

    It 'refuses -Systemd Always with <Name>' -ForEach @(
        @{ Name = '-Init'; Given = @{ Init = $true } }
        @{ Name = '-PidNamespace'; Given = @{ PidNamespace = 'Host' } }
        @{ Name = '-CgroupNamespace'; Given = @{ CgroupNamespace = 'Host' } }
    ) {
        { New-Container init -ErrorAction Stop -Systemd Always @Given /sbin/init } |
            Should -Throw "*system container cannot be had with $Name*" -ErrorId 'InvalidConfiguration*'
    }
}
