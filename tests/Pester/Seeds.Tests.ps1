<#
What the programs this project grew from do, step by step, through our cmdlets and psrun: asserted from inside the
container or in the kernel's files.
#>

BeforeDiscovery {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    $skip = Get-SkipReason
    $perl = [bool](Get-Command perl -CommandType Application -ErrorAction Ignore)
    $perlSkip = [bool]$skip -or -not $perl
}

BeforeAll {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    if (Get-SkipReason) { return }
    $state = New-TestState
    $image = Import-BusyboxImage
    $rootFs = "$state/rootfs"
    [void](New-Item -ItemType Directory $rootFs)
    tar -C $rootFs -xf (Get-BusyboxArchive)

    function Get-Status($Container, [string] $Field) {
        (Get-Content "/proc/$($Container.ProcessId)/status" |
            Where-Object { $_ -match "^${Field}:" }) -replace '^.*:\s*'
    }

    # A file of the container's control group, whichever version the host has.
    function Get-Limit($Container, [string] $Controller, [string] $Legacy, [string] $Unified) {
        $paths = @{}
        foreach ($line in Get-Content "/proc/$($Container.ProcessId)/cgroup") {
            $id, $names, $path = $line.Split(':', 3)
            foreach ($name in $names.Split(',')) { $paths[$name] = $path }
        }
        foreach ($root in "/sys/fs/cgroup/$Controller", '/sys/fs/cgroup', '/sys/fs/cgroup/unified') {
            $name = $root -like "*/$Controller" ? $Legacy : $Unified
            $found = "$root$($paths[$root -like "*/$Controller" ? $Controller : ''])/$name"
            if ($name -and (Test-Path $found)) { return (Get-Content $found) }
        }
    }

    # What perl's syscall() says: the number of the error, 0 for none.
    function Test-SystemCall([string] $Preset, [string] $Call) {
        New-ContainerConfiguration host -Preset $Preset -AutoRemove perl '-e' "syscall($Call); print `$! + 0" |
            New-Container | Start-Container -Attach
    }
}

AfterAll { Remove-TestState $state }

Describe 'A1, contained.c' -Tag 'NeedsRoot: -UidMap' -Skip:([bool]$skip) {
    BeforeAll {
        $one = New-ContainerConfiguration -Preset Contained -RootFsPath $rootFs -User 1500:1500 sleep 1000 |
            New-Container -Start
        $status = { Get-Status $one $args[0] }
    }

    It 'step 1: takes a root directory, a user id and a command' {
        $one.State | Should -Be 'Running'
        (& $status 'Uid').Split("`t")[0] | Should -Be '11500'
        ($one | Get-ContainerProcess).CommandLine | Should -Be 'sleep 1000'
    }

    It 'step 3: has a tarot card as its host name' {
        $card = '(fool|magician|high-priestess|empress|emperor|hierophant|lovers|chariot|strength|hermit|wheel|',
        'justice|hanged-man|death|temperance|devil|tower|star|moon|sun|judgment|world)' -join ''
        $one.Name | Should -MatchExactly "^[0-9a-f]{5,}(-$card|c-[a-z]+-of-(swords|wands|pentacles|cups))`$"
        Invoke-ContainerCommand $one hostname | Should -Be $one.Name
    }

    It 'step 4: gives the container no descriptor of its parent' {
        (Get-ChildItem "/proc/$($one.ProcessId)/fd").Name | Should -Be '0', '1', '2'
    }

    It 'step 5: limits memory, processor shares, processes, block devices and descriptors' {
        Get-Limit $one memory memory.limit_in_bytes memory.max | Should -Be 1GB
        Get-Limit $one pids pids.max pids.max | Should -Be 64
        Get-Limit $one cpu cpu.shares cpu.weight | Should -BeIn 256, 25
        $weight = Get-Limit $one blkio blkio.weight io.weight
        if ($weight) { "$weight" | Should -Match '\b10$' }
        Invoke-ContainerCommand $one sh '-c' 'ulimit -n; ulimit -Hn' | Should -Be '64', '64'
    }

    It 'step 6: has namespaces of its own: <_>' -ForEach 'mnt', 'cgroup', 'pid', 'ipc', 'net', 'uts' {
        (Get-Item "/proc/$($one.ProcessId)/ns/$_").Target | Should -Not -Be (Get-Item "/proc/self/ns/$_").Target
    }

    It 'step 7: sees its root and nothing of the old one' {
        Invoke-ContainerCommand $one ls /root /tmp | Should -Not -Match 'oldroot'
        Get-Content "/proc/$($one.ProcessId)/mountinfo" | Where-Object { $_ -match ' /(home|boot|var) ' } |
            Should -BeNullOrEmpty
        Get-Content /proc/self/mountinfo | Where-Object { $_ -match $one.Id } | Should -BeNullOrEmpty
    }

    It 'step 8: maps 2000 ids from 10000 on, and gives up its other groups' {
        (Get-Content "/proc/$($one.ProcessId)/uid_map").Trim() -replace '\s+', ' ' | Should -Be '0 10000 2000'
        (Get-Content "/proc/$($one.ProcessId)/gid_map").Trim() -replace '\s+', ' ' | Should -Be '0 10000 2000'
        & $status Groups | Should -Match '^(11500)?\s*$'
    }

    It 'step 9: drops twenty capabilities from the bounding set, and has none to inherit' {
        $dropped = 30, 37, 29, 36, 2, 4, 14, 33, 32, 27, 31, 34, 21, 22, 16, 23, 17, 24, 25, 35
        $bounding = [Convert]::ToUInt64((& $status CapBnd), 16)
        foreach ($bit in $dropped) { $bounding -band [ulong]1 -shl $bit | Should -Be 0 -Because $bit }
        [Numerics.BitOperations]::PopCount($bounding) |
            Should -Be ([int](Get-Content /proc/sys/kernel/cap_last_cap) - 19)
        [Convert]::ToUInt64((& $status CapInh), 16) | Should -Be 0
    }

    It 'step 10: denies set-user-ID modes and user namespaces, without no_new_privs' {
        & $status Seccomp | Should -Be '2'
        & $status NoNewPrivs | Should -Be '0'
        $script = 'touch /tmp/f; chmod 755 /tmp/f && echo plain; chmod 4755 /tmp/f; chmod 2755 /tmp/f; unshare -U true'
        $result = Invoke-ContainerCommand $one -PassThru sh '-c' $script
        $result.Output | Should -Be 'plain'
        @($result.ErrorOutput -match 'not permitted').Count | Should -Be 3
    }

    It 'step 10: denies <Call>' -Skip:$perlSkip -ForEach @(
        @{ Call = '250, 0, 0, 0, 0, 0'; Error = 1 }
        @{ Call = '101, 0, 0, 0, 0'; Error = 1 }
        @{ Call = '16, 0, 0x5412, 0'; Error = 1 }
        @{ Call = '16, 0, 0x100005412, 0'; Error = 1 }
        @{ Call = '435, 0, 0'; Error = 38 }
        @{ Call = '452, -100, 0, 04755, 0'; Error = 1 }
    ) {
        Test-SystemCall Contained $Call | Should -Be $Error
    }

    It 'step 11: passes nothing of this shell''s environment on' {
        $env:SEED_TEST = 'leak'
        Invoke-ContainerCommand $one env | Should -Not -Match 'leak'
        Remove-Item Env:SEED_TEST
    }

    It 'step 12: returns the exit code, and removes the control groups' {
        $made = New-ContainerConfiguration -Preset Contained -RootFsPath $rootFs sh '-c' 'exit 42' |
            New-Container -Start
        $made | Wait-Container -TimeoutSec 60 | Should -Be 42
        Get-ChildItem /sys/fs/cgroup -Directory | ForEach-Object { "$_/pscontainer/$($made.Id)" } |
            Where-Object { Test-Path $_ } | Should -BeNullOrEmpty
    }
}

Describe 'A2, crabcan' -Tag 'NeedsRoot: -UidMap' -Skip:([bool]$skip) {
    BeforeAll {
        [void](New-Item -ItemType Directory "$state/added")
        Set-Content "$state/added/file" 'from the host'
        $volume = "$state/added:/mnt/added:noidmap"
        $two = New-ContainerConfiguration -Preset Crabcan -RootFsPath $rootFs -Volume $volume -User 0 sleep 1000 |
            New-Container -Start
    }

    It 'refuses a root that is no directory' {
        $bad = New-ContainerConfiguration -Preset Crabcan -RootFsPath "$state/none" true
        { $bad | New-Container -Start -ErrorAction Stop } | Should -Throw
    }

    It 'has an adjective, a noun and a number as its host name' {
        $two.Name | Should -MatchExactly '^[a-z]+-(cat|world|coffee|girl|man|book|pinguin|moon)-\d{1,3}$'
        Invoke-ContainerCommand $two hostname | Should -Be $two.Name
    }

    It 'adds directories of the host' {
        Invoke-ContainerCommand $two cat /mnt/added/file | Should -Be 'from the host'
    }

    It 'has a weight of 50, and 21 capabilities less, really dropped' {
        $two.Configuration.BlockIOWeight | Should -Be 50
        $bounding = [Convert]::ToUInt64((Get-Status $two CapBnd), 16)
        $bounding -band 2 | Should -Be 0
        [Convert]::ToUInt64((Get-Status $two CapEff), 16) | Should -Be $bounding
    }

    It 'limits descriptors in the container, not in its parent' {
        Invoke-ContainerCommand $two sh '-c' 'ulimit -n' | Should -Be '64'
    }

    It 'answers <Call> with <Error>' -Skip:$perlSkip -ForEach @(
        @{ Call = '101, 0, 0, 0, 0'; Error = 0 }
        @{ Call = '16, 0, 0x5412, 0'; Error = 1 }
        @{ Call = '16, 0, 0x5413, 0'; Error = 25 }
        @{ Call = '435, 0, 0'; Error = 38 }
        @{ Call = '452, -100, 0, 04755, 0'; Error = 1 }
    ) {
        Test-SystemCall Crabcan $Call | Should -Be $Error
    }

    It 'leaves no directory behind' {
        $two | Remove-Container -Force
        Get-ChildItem "$env:PSCONTAINER_STATE_ROOT/containers" | Where-Object Name -EQ $two.Id | Should -BeNullOrEmpty
    }
}

Describe 'A3, electrocat' -Skip:([bool]$skip) {
    It 'checks what it is given, and says what is wrong' {
        { New-Container -RootFsPath "$state/none" -ErrorAction Stop true } | Should -Throw
        { New-ContainerConfiguration -Preset Nothing } | Should -Throw -ErrorId 'CannotConvertArgumentNoMessage,*'
    }
}

Describe 'A4, Morgan Jones' -Skip:([bool]$skip) {
    BeforeAll {
        $offset = @{ boottime = 86400000; monotonic = 86400000 }
        $four = New-Container -RootFsPath $rootFs -TimeOffset $offset -Start sleep 1000
        $mounts = Invoke-ContainerCommand $four cat /proc/mounts
    }

    It 'has namespaces of its own: <_>' -ForEach 'user', 'pid', 'mnt', 'uts', 'cgroup', 'time', 'net' {
        (Get-Item "/proc/$($four.ProcessId)/ns/$_").Target | Should -Not -Be (Get-Item "/proc/self/ns/$_").Target
    }

    It 'sees another boot time' {
        [double](Invoke-ContainerCommand $four cat /proc/uptime).Split(' ')[0] | Should -BeGreaterThan 86400000
        { New-Container busybox -TimeOffset @{ realtime = 1 } -ErrorAction Stop true } |
            Should -Throw -ErrorId 'InvalidConfiguration,*'
    }

    It 'mounts <Path> as <Type>' -ForEach @(
        @{ Path = '/proc'; Type = 'proc'; Option = 'nosuid', 'nodev', 'noexec' }
        @{ Path = '/dev'; Type = 'tmpfs'; Option = @('nosuid') }
        @{ Path = '/dev/shm'; Type = 'tmpfs'; Option = 'nosuid', 'nodev', 'noexec' }
        @{ Path = '/dev/mqueue'; Type = 'mqueue'; Option = 'nosuid', 'nodev', 'noexec' }
        @{ Path = '/dev/pts'; Type = 'devpts'; Option = 'nosuid', 'noexec' }
        @{ Path = '/sys'; Type = 'sysfs'; Option = 'ro', 'nosuid', 'nodev', 'noexec' }
    ) {
        $line = @($mounts | Where-Object { $_.Split(' ')[1] -eq $Path })[0].Split(' ')
        $line[2] | Should -Be $Type
        foreach ($one in $Option) { $line[3].Split(',') | Should -Contain $one }
    }

    It 'has the device <Name>' -ForEach @(
        @{ Name = 'null'; Number = '1 3' }, @{ Name = 'zero'; Number = '1 5' }, @{ Name = 'full'; Number = '1 7' }
        @{ Name = 'tty'; Number = '5 0' }, @{ Name = 'random'; Number = '1 8' }, @{ Name = 'urandom'; Number = '1 9' }
    ) {
        Invoke-ContainerCommand $four stat '-c' '%t %T %a' "/dev/$Name" | Should -Be "$Number 666"
    }

    It 'has the modes and links of /dev' {
        Invoke-ContainerCommand $four stat '-c' '%a' /dev /dev/shm | Should -Be '755', '1777'
        Invoke-ContainerCommand $four readlink /dev/ptmx | Should -Be 'pts/ptmx'
    }

    It 'runs commands without a word on standard error' {
        (Invoke-ContainerCommand $four -PassThru ls /).ErrorOutput | Should -BeNullOrEmpty
    }

    It 'ends with its first process' {
        $child = Start-ContainerProcess $four.Name sleep 1000
        $four | Stop-Container -Force
        Test-Path "/proc/$($child.HostId)" | Should -BeFalse
    }
}

Describe 'A5, Rusty Container Runtime' -Skip:([bool]$skip) {
    It 'has images from archives with a command of their own' {
        $made = ConvertTo-ContainerImage -LiteralPath (Get-BusyboxArchive) -Tag neko -Change 'CMD ["echo", "default"]'
        $made | Should -Not -BeNullOrEmpty
        Invoke-ContainerImage neko | Should -Be 'default'
        Invoke-ContainerImage neko echo other | Should -Be 'other'
    }

    It 'creates, starts, stops and deletes, in namespaces and with limits' -Tag NeedsLimits {
        $made = New-Container neko -Memory 32MB sleep 1000
        $made.State | Should -Be 'Created'
        ($made | Start-Container -PassThru).State | Should -Be 'Running'
        ($made | Measure-Container -IntervalSec 0.1).MemoryLimit | Should -Be 32MB
        ($made | Stop-Container -TimeoutSec 0 -PassThru).State | Should -Be 'Exited'
        $made | Remove-Container
        Test-Container $made.Id | Should -BeFalse
    }
}

Describe 'A6, railcar' -Skip:([bool]$skip) {
    It 'ends with 128 and the signal' {
        $made = New-Container busybox -Start sleep 1000
        $made | Send-ContainerSignal -Signal KILL
        $made | Wait-Container -TimeoutSec 60 | Should -Be 137
    }

    It 'has the five sets of capabilities, a mask of 022 and a null device for input' {
        $made = New-Container busybox -Start sleep 1000
        foreach ($set in 'CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb') {
            Get-Status $made $set | Should -Match '^[0-9a-f]{16}$'
        }
        Get-Status $made Umask | Should -Be '0022'
        (Get-Item "/proc/$($made.ProcessId)/fd/0").Target | Should -Be '/dev/null'
        $made | Remove-Container -Force
    }

    It 'has an init of its own with -Init: it forwards signals, reaps, and ends as the command does' {
        $script = 'trap "exit 7" USR1; (sleep 0.1 &) ; (sleep 0.1 &) ; while :; do sleep 0.1; done'
        $made = New-Container busybox -Init -Start sh '-c' $script
        $inside = Invoke-ContainerCommand $made cat /proc/1/comm
        $inside | Should -Be 'init'
        @(Get-ChildItem "/proc/$($made.ProcessId)/fd") | Should -BeNullOrEmpty
        Invoke-ContainerCommand $made sh '-c' 'tr -d "\0" < /proc/1/cmdline' | Should -BeNullOrEmpty
        Wait-Until { -not ($made | Get-ContainerProcess | Where-Object State -EQ 'Z') }
        $made | Send-ContainerSignal -Signal USR1
        $made | Wait-Container -TimeoutSec 60 | Should -Be 7

        # Without a handler a first process ignores what asks it to end; behind an init it does not.
        $made = New-Container busybox -Init -Start sleep 1000
        ($made | Stop-Container -TimeoutSec 60 -PassThru).ExitCode | Should -Be 143
        { New-Container busybox -Init -Start -ErrorAction Stop /none } | Should -Throw -ErrorId 'CommandNotFound,*'
        Invoke-ContainerImage busybox -Init -Tty echo terminal | Should -Match 'terminal'
    }

    It 'refuses ids with .. and /' {
        $runtime = $env:PSCONTAINER_RUNTIME
        if (-not $runtime) { $runtime = "$((Get-Module Container).ModuleBase)/bin/linux-x64/psrun" }
        foreach ($id in '..', 'a/b', '../a') {
            & $runtime --root "$state/psrun" state $id *> "$state/said"
            $LASTEXITCODE | Should -Not -Be 0
        }
    }
}
