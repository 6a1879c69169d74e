<#
From a user of the machine to root by configuration: what root reads is root's all the way, and neither XDG nor HOME
say where it is.
#>

BeforeDiscovery {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    $skip = Get-SkipReason
    if (-not $skip -and (id -u) -ne '0') { $skip = 'needs root' }
}

BeforeAll {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    if (Get-SkipReason) { return }
    $state = New-TestState
    $stranger = 61234
    $module = "$(Split-Path (Split-Path $PSScriptRoot))/artifacts/Container/Container.psd1"

    # What a stranger prepared: a configuration that leads to state, and state that looks like root's.
    $bait = "$state/bait"
    [void](New-Item -ItemType Directory "$bait/config/pscontainer", "$bait/.config/pscontainer", "$bait/state")
    $text = @{ storageRoot = "$bait/state"; stopTimeoutSec = 7 } | ConvertTo-Json
    foreach ($file in "$bait/config/pscontainer", "$bait/.config/pscontainer") {
        Set-Content "$file/configuration.json" $text
    }
    chown -R "${stranger}:$stranger" $bait

    # In a shell of its own, with an environment that sudo -E would have kept.
    function Invoke-AsRoot([hashtable] $Environment, [string] $Script) {
        $set = $Environment.Keys.ForEach{ "$_=$($Environment[$_])" }
        env -u PSCONTAINER_STATE_ROOT -u PSCONTAINER_RUN_ROOT -u PSCONTAINER_CONFIG_ROOT @set pwsh -NoProfile `
            -NonInteractive -c "Import-Module '$module'; try { $Script } catch { `$_.FullyQualifiedErrorId; `"`$_`" }"
    }
}

AfterAll { Remove-TestState $state }

Describe 'Root' -Skip:([bool]$skip) {
    It 'takes no place from <_>' -ForEach 'XDG_CONFIG_HOME', 'HOME', 'XDG_DATA_HOME', 'XDG_RUNTIME_DIR' {
        $place = if ($_ -eq 'XDG_CONFIG_HOME') { "$bait/config" } else { $bait }
        $script = '(Get-ContainerConfiguration).StorageRoot; (Get-ContainerConfiguration -Scope User).StopTimeoutSec
            (Get-ContainerHost).RunRoot'
        Invoke-AsRoot @{ $_ = $place; PSCONTAINER_RUN_ROOT = "$state/run" } $script |
            Should -Be '/var/lib/pscontainer', "$state/run"
        Invoke-AsRoot @{ $_ = $place; PSCONTAINER_STATE_ROOT = "$state/state" } '(Get-ContainerHost).RunRoot' |
            Should -Be '/run/pscontainer'
    }

    It 'is told of <Variable> that another user can change' -ForEach @(
        @{ Variable = 'PSCONTAINER_STATE_ROOT'; Path = 'state' }
        @{ Variable = 'PSCONTAINER_STATE_ROOT'; Path = 'state/not/there' }
        @{ Variable = 'PSCONTAINER_RUN_ROOT'; Path = 'state' }
        @{ Variable = 'PSCONTAINER_CONFIG_ROOT'; Path = 'config/pscontainer' }
        @{ Variable = 'PSCONTAINER_RUNTIME'; Path = 'psrun' }
        @{ Variable = 'PSCONTAINER_JOURNAL_SOCKET'; Path = 'socket' }
    ) {
        $environment = @{ PSCONTAINER_STATE_ROOT = "$state/state"; PSCONTAINER_RUN_ROOT = "$state/run" }
        $environment[$Variable] = "$bait/$Path"
        if ($Variable -eq 'PSCONTAINER_CONFIG_ROOT') { $environment.Remove('PSCONTAINER_STATE_ROOT') }
        $id, $message = Invoke-AsRoot $environment 'Get-Container'
        $id | Should -BeLike 'UntrustedPath,*'
        $message | Should -Match ([regex]::Escape("'$bait' belongs to user $stranger"))
    }

    It 'is told of a storageRoot that leads to another user' {
        [void](New-Item -ItemType Directory "$state/own")
        Set-Content "$state/own/configuration.json" (@{ storageRoot = "$bait/state" } | ConvertTo-Json)
        $id, $message = Invoke-AsRoot @{ PSCONTAINER_CONFIG_ROOT = "$state/own" } 'Get-Container'
        $id | Should -BeLike 'UntrustedPath,*'
        $message | Should -Match ([regex]::Escape("'$bait/state'"))
    }

    It 'is told of a seccomp profile of another user' {
        [void](Import-BusyboxImage)
        Set-Content "$bait/profile.json" '{ "defaultAction": "SCMP_ACT_ALLOW" }'
        chown "${stranger}:$stranger" "$bait/profile.json"
        { New-Container busybox -Name profiled -SeccompProfile "$bait/profile.json" -ErrorAction Stop } |
            Should -Throw -ErrorId 'UntrustedPath,*'
        Set-Content "$state/profile.json" '{ "defaultAction": "SCMP_ACT_ALLOW" }'
        New-Container busybox -Name profiled -SeccompProfile "$state/profile.json" | Should -Not -BeNullOrEmpty
    }

    It 'runs nothing of a forged state' {
        $id = '0123456789abcdef' * 4
        $forged = "$bait/state/containers/$id"
        [void](New-Item -ItemType Directory $forged)
        Set-Content "$forged/container.json" '{}'
        chown -R "${stranger}:$stranger" $bait
        Invoke-AsRoot @{ XDG_CONFIG_HOME = "$bait/config" } "(Get-Container -Id $id -ErrorAction Ignore).Count" |
            Should -Be '0'
    }

    It 'is told of <Entry> in <Variable> that is another user''s' -ForEach @(
        @{ Variable = 'PSCONTAINER_STATE_ROOT'; Entry = 'images' }
        @{ Variable = 'PSCONTAINER_RUN_ROOT'; Entry = 'eve' }
    ) {
        $homes = "$state/homes-$Entry"
        [void](New-Item -ItemType Directory "$homes/$Entry" -Force)
        chown $stranger "$homes/$Entry"
        $environment = @{ PSCONTAINER_STATE_ROOT = "$state/state"; PSCONTAINER_RUN_ROOT = "$state/run" }
        $environment[$Variable] = $homes
        $id, $message = Invoke-AsRoot $environment 'Get-Container'
        $id | Should -BeLike 'UntrustedPath,*'
        $message | Should -Match ([regex]::Escape("'$homes/$Entry' belongs to user $stranger"))
    }

    It 'is told of a container that is another user''s, and sees the others' {
        [void](Import-BusyboxImage)
        $theirs = New-Container busybox -Name theirs true
        [void](New-Container busybox -Name ours true)
        $place = "$env:PSCONTAINER_STATE_ROOT/containers/$($theirs.Id)"
        chown $stranger $place
        try {
            (Get-Container -WarningVariable told -WarningAction SilentlyContinue -ErrorAction SilentlyContinue `
                -ErrorVariable failed).Name | Should -Contain ours
            "$told$failed" | Should -Match ([regex]::Escape("'$place' belongs to user $stranger"))
            { Start-Container theirs -ErrorAction Stop } | Should -Throw -ErrorId 'UntrustedPath,*'
            { Remove-Container theirs -Force -ErrorAction Stop } | Should -Throw -ErrorId 'UntrustedPath,*'
            $place | Should -Exist
        }
        finally { chown root $place }
        Remove-Container theirs, ours
    }

    It 'gives what it runs later no place that a caller''s variable says' {
        $environment = @{
            PSCONTAINER_STATE_ROOT = $env:PSCONTAINER_STATE_ROOT; PSCONTAINER_RUN_ROOT = $env:PSCONTAINER_RUN_ROOT
            PATH = "${env:PATH}:$bait"; HOME = $bait
        }
        [void](Import-BusyboxImage)
        $id = Invoke-AsRoot $environment @"
            `$env:DOTNET_ROOT = '$bait'
            (New-Container busybox -AutoRemove -Start sleep 100).Id
"@
        $variables = (Get-Content "$env:PSCONTAINER_RUN_ROOT/containers/$id/monitor.json" | ConvertFrom-Json).removal.env
        Remove-Container $id -Force
        $variables | Should -Contain 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
        $variables -match [regex]::Escape($bait) | Should -BeNullOrEmpty
    }

    It 'keeps others from making its directory a moment later' {
        $path = "/tmp/pst-claim-$([guid]::NewGuid().ToString('n'))"
        try {
            [void](Invoke-AsRoot @{ PSCONTAINER_STATE_ROOT = $path; PSCONTAINER_RUN_ROOT = "$state/run" } 'Get-Container')
            stat -c '%u %a' $path | Should -Be '0 700'
        }
        finally { Remove-Item $path -ErrorAction Ignore }
    }
}
