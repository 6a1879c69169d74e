<#
Secrets: kept for their owner only, given to containers as files and variables, in no image and no list.
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
    function ConvertTo-Secure([string] $Text) {
        $value = [securestring]::new()
        foreach ($letter in $Text.GetEnumerator()) { $value.AppendChar($letter) }
        $value
    }
}

AfterAll { Remove-TestState $state }

Describe 'New-, Get-, Test- and Remove-ContainerSecret' -Skip:([bool]$skip) {
    It 'keeps a value of <From>, for root only' -ForEach @(
        @{ From = 'pipeline' }, @{ From = 'file' }, @{ From = 'variable' }
    ) {
        $made = switch ($From) {
            'pipeline' { ConvertTo-Secure 'pÄss' | New-ContainerSecret $From -Label @{ a = 'b' } }
            'file' { [IO.File]::WriteAllText("$state/value", 'pÄss'); New-ContainerSecret $From -Path "$state/value" }
            'variable' { $env:PST_SECRET = 'pÄss'; New-ContainerSecret $From -EnvironmentVariable PST_SECRET }
        }
        $made | Should -BeOfType ([Container.Cmdlets.Objects.ContainerSecretInfo])
        $made.Length | Should -Be 5
        $made.Value | Should -BeNullOrEmpty
        ConvertFrom-SecureString (Get-ContainerSecret $From -Value).Value -AsPlainText | Should -Be 'pÄss'
        $directory = "$env:PSCONTAINER_STATE_ROOT/secrets/$From"
        stat -c %a "$env:PSCONTAINER_STATE_ROOT/secrets" $directory "$directory/value" | Should -Be '700', '700', '600'
    }

    It 'finds, tests and removes by name, wildcard, object and property' {
        'r1', 'r2', 'r3', 'r4' | ForEach-Object { [void](New-ContainerSecret $_ (ConvertTo-Secure x)) }
        Test-ContainerSecret r1, none, 'r*' | Should -Be $true, $false, $true
        Remove-ContainerSecret r1
        Get-ContainerSecret r2 | Remove-ContainerSecret
        [pscustomobject]@{ Name = 'r3' } | Remove-ContainerSecret
        'r*' | Remove-ContainerSecret
        Get-ContainerSecret 'r*' | Should -BeNullOrEmpty
    }

    It 'says <Id>' -ForEach @(
        @{ Id = 'SecretNotFound'; Script = { Get-ContainerSecret none -ErrorAction Stop } }
        @{ Id = 'SecretNotFound'; Script = { New-Container busybox -Secret none -ErrorAction Stop } }
        @{
            Id = 'SecretExists'
            Script = { 1, 2 | ForEach-Object { New-ContainerSecret twice (ConvertTo-Secure x) -ErrorAction Stop } }
        }
        @{ Id = 'InvalidName'; Script = { New-ContainerSecret ../x (ConvertTo-Secure x) -ErrorAction Stop } }
        @{ Id = 'PathNotFound'; Script = { New-ContainerSecret f -Path /none -ErrorAction Stop } }
        @{ Id = 'InvalidConfiguration'; Script = { New-ContainerSecret e ([securestring]::new()) -ErrorAction Stop } }
        @{ Id = 'InvalidConfiguration'; Script = { New-Container busybox -Secret 'twice,what=x' -ErrorAction Stop } }
    ) {
        $Script | Should -Throw -ErrorId "$Id,*"
    }

    It 'removes all there are with -All, but those in use' {
        $before = $env:PSCONTAINER_STATE_ROOT
        try {
            $env:PSCONTAINER_STATE_ROOT = "$state/all"
            'a1', 'a2' | ForEach-Object { [void](New-ContainerSecret $_ (ConvertTo-Secure x)) }
            Remove-ContainerSecret -All:$false
            Remove-ContainerSecret -All -WhatIf
            (Get-ContainerSecret).Name | Should -Be 'a1', 'a2'
            $made = New-Container host -Secret a1
            Remove-ContainerSecret -All -ErrorVariable problems -ErrorAction SilentlyContinue
            Get-ErrorId $problems[0] | Should -Be 'SecretInUse'
            (Get-ContainerSecret).Name | Should -Be 'a1'
            $made | Remove-Container
            Remove-ContainerSecret -All
            Get-ContainerSecret | Should -BeNullOrEmpty
        }
        finally { $env:PSCONTAINER_STATE_ROOT = $before }
    }

    It 'changes nothing with -WhatIf' {
        New-ContainerSecret what (ConvertTo-Secure x) -WhatIf
        Remove-ContainerSecret file -WhatIf
        Test-ContainerSecret what, file | Should -Be $false, $true
    }
}

Describe 'A container''s secrets' -Skip:([bool]$skip) {
    BeforeAll { [void](New-ContainerSecret key (ConvertTo-Secure 'hidden-in-plain')) }

    It 'are files of their owner, and variables' {
        $secrets = 'key', 'key,target=/etc/app.key,uid=1000,gid=1000,mode=0400', 'key,type=env,target=KEY'
        $script = 'cat /run/secrets/key; echo; stat -c "%u:%g %a" /run/secrets/key /etc/app.key; echo $KEY
            echo x 2>/dev/null > /run/secrets/key || echo refused'
        Invoke-ContainerImage busybox -Secret $secrets -ArgumentList sh, '-c', $script 2>$null |
            Should -Be 'hidden-in-plain', '0:0 444', '1000:1000 400', 'hidden-in-plain', 'refused'
    }

    It 'are in no image, no change, no listing, and nobody else''s file' {
        $made = New-Container busybox -Name holder -Secret key, 'key,type=env,target=KEY' -Start sleep 1000
        $image = ConvertTo-ContainerImage -Name holder
        grep -rl hidden-in-plain "$env:PSCONTAINER_STATE_ROOT/images" | Should -BeNullOrEmpty
        $made | Get-ContainerChange | ForEach-Object ContainerPath | Should -Not -Contain '/run/secrets/key'
        ($made | ConvertTo-Json -Depth 6) | Should -Not -Match 'hidden-in-plain'
        foreach ($file in grep -rl hidden-in-plain $env:PSCONTAINER_STATE_ROOT) {
            stat -c %a $file | Should -Be '600'
        }
        { Remove-ContainerSecret key -ErrorAction Stop } | Should -Throw -ErrorId 'SecretInUse,*'
        (Get-ContainerSecret key).Container | Should -Be 'holder'
        $image | Remove-ContainerImage
        $made | Remove-Container -Force
        grep -rl hidden-in-plain $env:PSCONTAINER_RUN_ROOT | Should -BeNullOrEmpty
    }

    It 'have the new value after -Replace and a start' {
        $made = New-Container busybox -Secret key cat -ArgumentList /run/secrets/key
        [void](New-ContainerSecret key (ConvertTo-Secure 'second') -Replace)
        $made | Start-Container
        [void]($made | Wait-Container)
        "$($made | Get-ContainerLog)" | Should -Be 'second'
        $made | Remove-Container
    }
}
