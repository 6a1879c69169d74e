<#
An ordinary user: the same cmdlets, in a PowerShell of a user that is made for this run and removed after it. Once with
subordinate ids, once without. What the containers are is asserted from this side, in /proc and on the disk.
#>

BeforeDiscovery {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    $skip = Get-UserSkipReason
}

BeforeAll {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    if (Get-SkipReason) { return }
    . "$PSScriptRoot/RootlessUser.ps1"
}

AfterAll { if ($place) { Clear-RootlessUser } }

Describe 'A user with subordinate ids' -Tag 'NeedsRoot: makes users' -Skip:([bool]$skip) {
    BeforeAll {
        # The engine of root must not notice.
        $root = '/var/lib/pscontainer', '/run/pscontainer'
        $before = $root | Where-Object { Test-Path $_ } | ForEach-Object { "$(Get-ChildItem $_ -Name)" }
        $shell = Open-UserShell @'
            [void](ConvertTo-ContainerImage -Path PLACE/busybox.tar -Tag busybox -Change 'CMD ["sh"]', 'ENV PATH=/bin')
            [void](ConvertTo-ContainerImage -Path PLACE/owned.tar -Tag owned)
            [void](New-Container busybox -Name web -User user -Volume data:/data -Command sh -ArgumentList @(
                '-c', 'echo out; echo err >&2; trap exit TERM; sleep 1000 & wait') -Start)
            Wait-Container web -LogPattern err -Condition { Get-ContainerProcess web -ProcessName sleep } -TimeoutSec 60
            [pscustomobject]@{
                Pid = (Get-Container web).ProcessId
                Uid = Invoke-ContainerImage busybox id
                Map = (Invoke-ContainerImage busybox cat /proc/self/uid_map) -replace '\s+', ' '
                Owned = Invoke-ContainerImage owned -Command /bin/busybox -ArgumentList 'stat', '-c', '%u:%g %a', '/own'
                Exec = Invoke-ContainerCommand web -User root sh -ArgumentList '-c', (
                    'echo new > /data/file; chown 12:13 /data/file; mkdir /private; chown 7 /private;' +
                    'chmod 700 /private; echo x > /private/x; id -u')
                Log = @(Get-ContainerLog web | ForEach-Object { "$($_.Stream) $_" } | Sort-Object) -join ','
                Process = @(Get-ContainerProcess web | ForEach-Object { "$($_.User) $($_.ContainerProcessName)" }) -join ','
                Change = @(Get-ContainerChange web -Path '/private*' | ForEach-Object { "$($_.ContainerPath)" }) -join ','
                Terminal = (Invoke-ContainerImage busybox -Tty tty) -join ''
            } | ConvertTo-Json -Compress
            [void][Console]::In.ReadLine()
            Set-Content own text
            Copy-ContainerItem own /private/own -ToContainer web
            Copy-ContainerItem /private/x back -FromContainer web
            $stopped = Stop-Container web -PassThru
            Copy-ContainerItem /private/own again -FromContainer web
            [void](ConvertTo-ContainerImage -Name web -Tag made)
            Export-ContainerVolume data volume.tar | Out-Null
            [pscustomobject]@{
                Back = Get-Content back
                Again = Get-Content again
                State = "$($stopped.State)"
                Made = Invoke-ContainerImage made stat -ArgumentList '-c', '%u %a', '/private'
                Verified = Test-ContainerImage made -Integrity
                Tar = (tar --numeric-owner -tvf volume.tar | Select-String file).Line -replace '.* (12/13) .*', '$1'
                Host = Test-ContainerHost
            } | ConvertTo-Json -Compress
            [void][Console]::In.ReadLine()
            Get-Container | Remove-Container
            Remove-ContainerVolume data -Force
            Get-ContainerImage | Where-Object Name -NE host:latest | Remove-ContainerImage -Force
            'end'
'@.Replace('PLACE', $place)
        $errors = $shell.StandardError.ReadToEndAsync()
        $line = $shell.StandardOutput.ReadLine()
        if (-not $line) { throw $errors.Result }
        $seen = $line | ConvertFrom-Json
        $status = Get-Content "/proc/$($seen.Pid)/status"
        $maps = Get-Content "/proc/$($seen.Pid)/uid_map"
        $namespaces = 'user', 'mnt', 'pid', 'net', 'ipc', 'uts', 'cgroup' |
            Where-Object { (Get-Item "/proc/$($seen.Pid)/ns/$_").Target -eq (Get-Item "/proc/self/ns/$_").Target }
        $file = stat -c '%u:%g' "$place/home/.local/share/pscontainer/volumes/data/data/file"
        $modes = "$place/home/.local/share/pscontainer", "$place/run/pscontainer" |
            ForEach-Object { stat -c '%U %a' $_ }
        $mounts = Get-Content /proc/self/mountinfo | Select-String -SimpleMatch $place
        $shell.StandardInput.WriteLine()
        $line = $shell.StandardOutput.ReadLine()
        if (-not $line) { throw $errors.Result }
        $later = $line | ConvertFrom-Json
        $shell.StandardInput.WriteLine()
        $end = $shell.StandardOutput.ReadToEnd() + $errors.Result
        $shell.WaitForExit()
        $after = $root | Where-Object { Test-Path $_ } | ForEach-Object { "$(Get-ChildItem $_ -Name)" }
    }

    It 'has containers whose root is the user, and whose others are the subordinate ids' {
        $seen.Uid | Should -Match '^uid=0\(root\)'
        $seen.Map | Should -Be ' 0 0 1', ' 1 1 65535'
        $maps -replace '\s+', ' ' | Should -Be " 0 $uid 1", " 1 $first 65535"
        ($status | Select-String '^Uid:').Line | Should -Be "Uid:`t$(@($first + 999) * 4 -join "`t")"
        ($status | Select-String '^NoNewPrivs:').Line | Should -Be "NoNewPrivs:`t1"
        ($status | Select-String '^Seccomp:').Line | Should -Be "Seccomp:`t2"
        ($status | Select-String '^CapEff:').Line | Should -Be "CapEff:`t0000000000000000"
    }

    It 'shares no namespace with the host, and shows no mount there' {
        $namespaces | Should -BeNullOrEmpty
        $mounts | Should -BeNullOrEmpty
    }

    It 'has images whose files belong to others than root' { $seen.Owned | Should -Be '1000:1000 700' }

    It 'runs commands, keeps logs and lists processes' {
        $seen.Exec | Should -Be '0'
        $seen.Log | Should -Be 'Stderr err,Stdout out'
        $seen.Process | Should -BeLike '1000 s*,1000 s*'
        $seen.Terminal.Trim() | Should -Be '/dev/pts/0'
    }

    It 'has volumes with files of the container''s ids' {
        $file | Should -Be "$($first + 11):$($first + 12)"
        $later.Tar | Should -Be '12/13'
    }

    It 'copies to and from directories that the user cannot enter' {
        $later.Back | Should -Be 'x'
        $later.Again | Should -Be 'text'
        $later.State | Should -Be 'Exited'
    }

    It 'finds changes and makes images of them' {
        $seen.Change | Should -Be '/private,/private/x'
        $later.Made | Should -Be '7 700'
        $later.Verified | Should -BeTrue
    }

    It 'passes Test-ContainerHost' { $later.Host | Should -BeTrue }

    It 'keeps its state to itself, and removes all of it' {
        $modes | Should -Be "$user 700", "$user 700"
        $end.Trim() | Should -Be 'end'
        $left = find "$place/home/.local/share/pscontainer" "$place/run/pscontainer" -type f |
            Where-Object { $_ -notmatch '/(lock|\.lock|events|.*\.log|seccomp/.*|references\.json)$' }
        $left | Should -BeNullOrEmpty
        find "$place/home/.local/share/pscontainer" -not -uid $uid | Should -BeNullOrEmpty
        $after | Should -Be $before
    }
}

Describe 'Namespaces of another container of the user' -Tag 'NeedsRoot: makes users' -Skip:([bool]$skip) {
    BeforeAll {
        $shell = Open-UserShell @'
            [void](ConvertTo-ContainerImage -Path PLACE/busybox.tar -Tag busybox -Change 'CMD ["sh"]', 'ENV PATH=/bin')
            $first = New-Container busybox -Name first -Start sleep 1000
            $second = New-Container busybox -Name second -PidNamespace Container:first -IpcNamespace Container:first `
                -NetworkNamespace Container:first -Start sh '-c' 'sleep 2000 & sleep 3000'
            $third = New-Container busybox -Name third -NetworkNamespace Container:second -Tty -Start sh
            [pscustomobject]@{
                Id = $first.ProcessId, $second.ProcessId, $third.ProcessId
                Seen = Invoke-ContainerCommand second sh '-c' 'id -u; cat /proc/1/cmdline; ls /sys/class/net'
            } | ConvertTo-Json -Compress
            [void][Console]::In.ReadLine()
            Remove-Container second -Force -Dependent
            $left = @(Get-ContainerProcess first | Where-Object State -NE 'Z').CommandLine
            $second = New-Container busybox -Name second -NetworkNamespace Container:first sleep 1000
            Restart-Container first -Force
            Start-Container second
            $now = Get-Container first, second
            [pscustomobject]@{
                Id = $now.ProcessId
                Left = $left
            } | ConvertTo-Json -Compress
            [void][Console]::In.ReadLine()
            Stop-Container first -Force
            try { Restart-Container second -Force } catch { $_.FullyQualifiedErrorId }
            Get-Container | Remove-Container -Force
            Get-ContainerImage | Where-Object Name -NE host:latest | Remove-ContainerImage -Force
            'end'
'@.Replace('PLACE', $place)
        $errors = $shell.StandardError.ReadToEndAsync()
        function Read-Seen {
            $line = $shell.StandardOutput.ReadLine()
            if (-not $line) { throw $errors.Result }
            $seen = $line | ConvertFrom-Json
            $shared = 'user', 'pid', 'net', 'ipc', 'mnt', 'uts' | Where-Object {
                $kind = $_
                $targets = $seen.Id | ForEach-Object { (Get-Item "/proc/$_/ns/$kind").Target }
                @($targets | Select-Object -Unique).Count -eq 1
            }
            $own = $shared | Where-Object {
                (Get-Item "/proc/$($seen.Id[0])/ns/$_").Target -eq (Get-Item "/proc/self/ns/$_").Target
            }
            $seen | Add-Member @{ Shared = $shared -join ','; Host = $own -join ',' } -PassThru
        }
        $seen = Read-Seen
        $shell.StandardInput.WriteLine()
        $later = Read-Seen
        $shell.StandardInput.WriteLine()
        $end = $shell.StandardOutput.ReadToEnd() + $errors.Result
        $shell.WaitForExit()
    }

    It 'are joined together with its user namespace' {
        $seen.Shared | Should -Be 'user,net'
        $seen.Host | Should -BeNullOrEmpty
    }

    It 'are what the container''s own proc and sys show' {
        $seen.Seen[0] | Should -Be '0'
        $seen.Seen[1] | Should -BeLike 'sleep?1000?lo'
    }

    It 'keep nothing of a container that has been removed' { $later.Left | Should -Be 'sleep 1000' }

    It 'are joined anew at the next start' { $later.Shared | Should -Be 'user,net' }

    It 'are those of a container that runs' { $end | Should -Match 'ContainerNotRunning[\s\S]*end' }
}

Describe 'What a user may not' -Tag 'NeedsRoot: makes users' -Skip:([bool]$skip) {
    BeforeAll {
        $lines = Invoke-AsUser @'
            [void](ConvertTo-ContainerImage -Path PLACE/busybox.tar -Tag busybox -Change 'CMD ["sh"]', 'ENV PATH=/bin')
            function Test-Refusal([string] $Name, [scriptblock] $Script) {
                try { & $Script; "$Name none" }
                catch {
                    $details = [bool]$_.ErrorDetails.RecommendedAction
                    "$Name $($_.FullyQualifiedErrorId.Split(',')[0]) $($_.CategoryInfo.Category) $details"
                }
            }
            Test-Refusal memory { New-Container busybox -Name m -Memory 64MB }
            Test-Refusal pids { New-Container busybox -Name m -PidsLimit 10 }
            Test-Refusal cpu { New-Container busybox -Name m -Cpu 0.5 }
            Test-Refusal map { New-Container busybox -Name m -UidMap 0:5000:10 }
            Test-Refusal mapuser {
                New-Container busybox -Name m -Mount @{ Type = 'bind'; Source = '/usr'; Target = '/x'; MapUser = '0' }
            }
            Test-Refusal size { New-ContainerVolume sized -Size 1MB }
            Test-Refusal join { New-Container busybox -Name m -NetworkNamespace /proc/1/ns/net }
            $others = 1..2 | ForEach-Object { New-Container busybox -Name "other$_" }
            Test-Refusal several {
                New-Container busybox -Name m -NetworkNamespace Container:other1 -IpcNamespace Container:other2
            }
            $others | Remove-Container
            "left $(@(Get-Container).Count) $(@(Get-ContainerVolume).Count)"
            "host $(Invoke-ContainerImage host sh -ArgumentList '-c', (
                'cat /etc/shadow 2>/dev/null; ls -A /home; stat -c %u /etc/passwd /usr/bin; id -u;' +
                'mkdir /made && ls -d /made; touch /usr/made 2>/dev/null || echo refused'))"
            "bind $(Invoke-ContainerImage busybox -Volume /etc:/e:ro sh -ArgumentList '-c',
                'cat /e/shadow 2>/dev/null; touch /e/x 2>/dev/null; stat -c %u /e/shadow')"
'@.Replace('PLACE', $place)
    }

    It 'is refused: <_>' -ForEach @(
        'memory CgroupNotDelegated PermissionDenied True', 'pids CgroupNotDelegated PermissionDenied True'
        'cpu CgroupNotDelegated PermissionDenied True', 'map InvalidConfiguration InvalidArgument True'
        'mapuser InvalidMountSpecification InvalidArgument True'
        'size KernelFeatureMissing NotInstalled True', 'join InvalidConfiguration InvalidArgument True'
        'several InvalidConfiguration InvalidArgument True'
    ) { $lines | Should -Contain $_ }

    It 'leaves nothing of what was refused' { $lines | Should -Contain 'left 0 0' }

    It 'reads nothing of the host that the user cannot' { $lines | Should -Contain 'bind 65534' }

    It 'sees the host''s files as nobody''s in the image host, and changes none' {
        $lines | Should -Contain 'host 65534 65534 0 /made refused'
        Test-Path /made | Should -BeFalse
    }
}

Describe 'A user without subordinate ids' -Tag 'NeedsRoot: makes users' -Skip:([bool]$skip) {
    BeforeAll {
        usermod --del-subuids "$first-$($first + 65535)" $user
        $lines = Invoke-AsUser @'
            [void](ConvertTo-ContainerImage -Path PLACE/busybox.tar -Tag single -Change 'ENV PATH=/bin')
            "id $(Invoke-ContainerImage single id -ArgumentList '-u')"
            "map $(Invoke-ContainerImage single cat /proc/self/uid_map)"
            try { [void](ConvertTo-ContainerImage -Path PLACE/owned.tar -Tag owned) }
            catch { "owned $($_.FullyQualifiedErrorId.Split(',')[0]) $($_.CategoryInfo.Category)" }
            try { Invoke-ContainerImage single -User 1000 id }
            catch { "user $($_.FullyQualifiedErrorId.Split(',')[0])" }
            "ids $(Test-ContainerHost -Feature SubordinateIds) host $(Test-ContainerHost)"
            Get-ContainerImage single | Remove-ContainerImage
'@.Replace('PLACE', $place)
    }

    It 'is told so once' {
        @($lines -match '^WARNING: .*one user and one group, root: /etc/subuid has no ids').Count | Should -Be 1
    }

    It 'has containers with root alone' {
        $lines | Should -Contain 'id 0'
        ($lines -match '^map') -replace '\s+', ' ' | Should -Be 'map 0 0 1'
        $lines | Should -Contain 'user InvalidUser'
        $lines | Should -Contain 'ids False host True'
    }

    It 'cannot have images with files of others' {
        $lines | Should -Contain 'owned SubordinateIdsMissing PermissionDenied'
    }
}

Describe 'A run directory that is somebody else''s' -Tag 'NeedsRoot: makes users' -Skip:([bool]$skip) {
    It 'is refused' {
        $fallback = "/tmp/pscontainer-$user"
        [void](New-Item -ItemType Directory $fallback)
        try {
            $lines = Invoke-AsUser -Run '' @'
                try { [void](ConvertTo-ContainerImage -Path PLACE/busybox.tar -Tag other) }
                catch { "refused $($_.FullyQualifiedErrorId.Split(',')[0])" }
'@.Replace('PLACE', $place)
            $lines | Should -Contain 'refused StateDirectoryUnusable'
        }
        finally {
            Remove-Item -LiteralPath $fallback -Recurse -Force
        }
    }
}
