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

    It 'keeps others from making its directory a moment later' {
        $path = "/tmp/pst-claim-$([guid]::NewGuid().ToString('n'))"
        try {
            [void](Invoke-AsRoot @{ PSCONTAINER_STATE_ROOT = $path; PSCONTAINER_RUN_ROOT = "$state/run" } 'Get-Container')
            stat -c '%u %a' $path | Should -Be '0 700'
        }
        finally { Remove-Item $path -ErrorAction Ignore }
    }
}
