<#
The unit files, and that what they call starts after a reboot what is to be started, and nothing else.
#>

BeforeDiscovery {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    $skip = Get-SkipReason
    $verify = [bool](Get-Command systemd-analyze -ErrorAction Ignore)
}

BeforeAll {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    if (Get-SkipReason) { return }
    $state = New-TestState
    [void](Import-BusyboxImage)

    # What systemd does with a line: variables, then the words of the command (systemd.service(5), "Command lines").
    function Invoke-Unit([string] $Unit, [string] $Key) {
        $line = ($Unit -split "`n" -match "^$Key=") -replace "^$Key="
        $words = [regex]::Matches($line, '"((?:[^"\\]|\\.)*)"|(\S+)') | ForEach-Object {
            ($_.Groups[1].Value + $_.Groups[2].Value) -replace '\\(.)', '$1' -replace '%%', '%' -replace '\$\$', '$'
        }
        $variables = $Unit -split "`n" -match '^Environment=' -replace '^Environment="?|"?$' -replace '%%', '%'
        env -i @variables $words[0] @($words | Select-Object -Skip 1)
    }

    # Processes and the run directory go, and what was kept is of another boot.
    function Invoke-Reboot {
        foreach ($file in Get-ChildItem "$env:PSCONTAINER_RUN_ROOT/containers/*/state.json") {
            $document = Get-Content $file | ConvertFrom-Json
            $running = $document.monitorPid, $document.pid | Where-Object { $_ -and (Test-ProcessAlive $_) }
            $running | ForEach-Object { kill -9 $_ }
            foreach ($id in $running) { Wait-Until { -not (Test-ProcessAlive $id) } }
        }
        Remove-Item "$env:PSCONTAINER_RUN_ROOT/*" -Recurse -Force
        foreach ($file in Get-ChildItem "$env:PSCONTAINER_STATE_ROOT/containers/*/state.json") {
            (Get-Content $file -Raw) -replace '"bootId":"[^"]*"', '"bootId":"another"' | Set-Content $file
        }
        $own = (Get-ChildItem "$env:PSCONTAINER_STATE_ROOT/containers").Name
        $left = Test-ContainerStorage -Detailed -Quick |
            Where-Object { $_.Kind -eq 'CgroupRemains' -and $_.Id -in $own }
        if ($left) { [void]($left | Repair-ContainerStorage -Force) }
    }
}

AfterAll { Remove-TestState $state }

Describe 'ConvertTo-ContainerUnit' -Skip:([bool]$skip) {
    BeforeAll {
        [void](New-Container busybox -Name one -StopSignal KILL sleep 1000)
        $pipeline = Get-Container one
    }

    It 'writes a unit for a container, found by <By>' -ForEach @(
        @{ By = 'name'; Script = { ConvertTo-ContainerUnit one } }
        @{ By = 'wildcard'; Script = { ConvertTo-ContainerUnit 'o*' } }
        @{ By = 'piped name'; Script = { 'one' | ConvertTo-ContainerUnit } }
        @{ By = 'object'; Script = { $pipeline | ConvertTo-ContainerUnit } }
        @{ By = 'property'; Script = { [pscustomobject]@{ Id = $pipeline.Id } | ConvertTo-ContainerUnit } }
    ) {
        $unit = & $Script
        $unit | Should -BeOfType ([string])
        $unit | Should -Match "(?m)^Description=Container one$"
        $unit | Should -Match "(?m)^ExecStart=\S*pwsh .*Start-Container -Id $($pipeline.Id)"
        $unit | Should -Match "(?m)^ExecStop=\S*pwsh .*Stop-Container -Id $($pipeline.Id)"
        $unit | Should -Match "(?m)^Environment=PSCONTAINER_STATE_ROOT=$env:PSCONTAINER_STATE_ROOT$"
        $unit | Should -Match "(?m)^WantedBy=$((id -u) -eq '0' ? 'multi-user' : 'default').target$"
    }

    It 'writes units that systemd takes' -Skip:(-not $verify) {
        ConvertTo-ContainerUnit | Set-Content "$state/pst-host.service"
        ConvertTo-ContainerUnit one | Set-Content "$state/pst-one.service"
        systemd-analyze verify --man=no "$state/pst-host.service" "$state/pst-one.service" 2>&1 |
            Where-Object { $_ -match 'pst-(host|one)' } | Should -BeNullOrEmpty
    }

    It 'keeps odd characters of paths' {
        $before = $env:PSCONTAINER_STATE_ROOT
        $env:PSCONTAINER_STATE_ROOT = "$state/100% a`"b"
        try { $unit = ConvertTo-ContainerUnit }
        finally { $env:PSCONTAINER_STATE_ROOT = $before }
        $unit | Should -Match ([regex]::Escape("Environment=`"PSCONTAINER_STATE_ROOT=$state/100%% a\`"b`""))
    }

    It 'writes one that starts and stops its container' {
        $unit = ConvertTo-ContainerUnit one
        Invoke-Unit $unit ExecStart
        $LASTEXITCODE | Should -Be 0
        (Get-Container one).State | Should -Be 'Running'
        Invoke-Unit $unit ExecStop
        (Get-Container one).State | Should -Be 'Exited'
    }

    It 'writes one that systemd starts and stops' -Skip:(-not (Test-Path /run/systemd/system)) {
        $name = "pst-$([guid]::NewGuid().ToString('n')).service"
        ConvertTo-ContainerUnit one | Set-Content "/run/systemd/system/$name"
        try {
            systemctl daemon-reload
            systemctl start $name
            $LASTEXITCODE | Should -Be 0
            (Get-Container one).State | Should -Be 'Running'
            systemctl stop $name
            $LASTEXITCODE | Should -Be 0
            (Get-Container one).State | Should -Be 'Exited'
        }
        finally {
            Remove-Item "/run/systemd/system/$name"
            systemctl daemon-reload
        }
    }

    It 'says ContainerNotFound' {
        { ConvertTo-ContainerUnit none -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerNotFound,*'
    }
}

Describe 'Starting at boot' -Skip:([bool]$skip) {
    It 'starts what its policy wants, and nothing else' {
        $policies = @{
            always = 'Always'; alwaysstopped = 'Always'; unless = 'UnlessStopped'; unlessstopped = 'UnlessStopped'
            unlessnever = 'UnlessStopped'; failure = 'OnFailure'; no = 'No'
        }
        foreach ($name in $policies.Keys) {
            $start = $name -ne 'unlessnever'
            [void](New-Container busybox -Name $name -RestartPolicy $policies[$name] -StopSignal KILL -Start:$start `
                    sleep 1000)
        }
        Stop-Container alwaysstopped, unlessstopped
        $unit = ConvertTo-ContainerUnit
        Invoke-Reboot
        Get-Container | Where-Object State -EQ 'Running' | Should -BeNullOrEmpty
        Start-Container -Boot -WhatIf
        Get-Container | Where-Object State -EQ 'Running' | Should -BeNullOrEmpty

        Invoke-Unit $unit ExecStart
        $LASTEXITCODE | Should -Be 0
        (Get-Container | Where-Object State -EQ 'Running').Name | Sort-Object |
            Should -Be 'always', 'alwaysstopped', 'unless'

        # Once more it has nothing to do.
        Start-Container -Boot -PassThru | Should -BeNullOrEmpty

        # What was stopped after that is not started the next time.
        Stop-Container unless
        Invoke-Reboot
        (Start-Container -Boot -PassThru).Name | Sort-Object | Should -Be 'always', 'alwaysstopped'
    }
}
