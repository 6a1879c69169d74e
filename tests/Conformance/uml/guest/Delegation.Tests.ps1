<#
Who may change the limits of a system container, on a host that has cgroup v2 alone.
#>

BeforeDiscovery { $skip = -not (Select-String -Quiet uml_exchange /proc/cmdline) }

BeforeAll {
    Import-Module "$PSScriptRoot/Guest.psm1" -Force
    if (-not (Test-Guest)) { return }
    $state = New-GuestState
    $tree = "$state/tree"
    [void](New-Item -ItemType Directory "$tree/sbin")
    Set-Content "$tree/sbin/init" @'
#!/bin/sh
echo 1000000000 >/sys/fs/cgroup/memory.max && echo raised
echo "kind [$container]"
echo ready
exec sleep 100000
'@
    chmod 0755 "$tree/sbin/init"

    # How control groups are mounted is looked at once in a process.
    function Start-System([string] $Given) {
        pwsh -NoProfile -NonInteractive -c "Import-Module '$((Get-Module Container).Path)'
            `$ErrorActionPreference = 'Stop'
            try {
                `$made = New-Container -RootFsPath $tree -Memory 64MB $Given -Start /sbin/init
                while (-not ((Get-ContainerLog `$made).Line -match '^ready')) { Start-Sleep -Milliseconds 50 }
                'limit ' + (Get-Content ('/sys/fs/cgroup' + ((Get-Content /proc/`$(`$made.ProcessId)/cgroup) -replace '^0::') + '/memory.max'))
                (Get-ContainerLog `$made).Line.Trim() -match '^kind'
                Remove-Container `$made -Force
            }
            catch { `$_.FullyQualifiedErrorId; `"`$_`" }"
    }
}

# Root of the container is who made its control groups.
Describe 'A system container with <Given>' -Skip:$skip -ForEach @(
    @{ Given = '-UserNamespace Host' }
    @{ Given = '-UidMap 0:0:65536' }
) {
    It 'is kept from its limits by nsdelegate' {
        Start-System $Given | Should -Be "limit $(64MB)", 'kind [pscontainer]'
    }

    It 'is none where nothing keeps it from them' {
        mount -o remount -t cgroup2 cgroup2 /sys/fs/cgroup
        try {
            Start-System $Given | Should -Be "limit $(64MB)", 'kind []'
            $id, $text = Start-System "$Given -Systemd Always"
            $id | Should -BeLike 'InvalidConfiguration,*'
            $text | Should -BeLike '*nsdelegate*'
        }
        finally { mount -o remount,nsdelegate /sys/fs/cgroup }
    }
}
