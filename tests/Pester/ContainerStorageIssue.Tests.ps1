<#
What is wrong with the state is found, told and mended; what runs, and what somebody works on, is left alone.
#>

BeforeDiscovery {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    $skip = Get-SkipReason
}

BeforeAll {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    if (Get-SkipReason) { return }
    $state = New-TestState
    $root = $env:PSCONTAINER_STATE_ROOT
    $image = Import-BusyboxImage
    $live = New-Container busybox -Name live -Start sleep 1000
    $ended = New-Container busybox -Name ended -Start true
    [void]($ended | Wait-Container)
    $id = 'ab' * 32
    # Above any pid there can be.
    $dead = 4194305

    # Those of other states, which tests beside this one have, are not ours to talk about.
    function Get-Issue([switch] $Full) {
        Test-ContainerStorage -Detailed -Quick:(-not $Full) |
            Where-Object { $_.Kind -ne 'CgroupRemains' -or $_.Id -in $ended.Id, $id }
    }
    function Get-CgroupPath([string] $Id) {
        $mode = (Get-ContainerHost).CgroupMode
        $base = if ($mode -eq 'v2') { '/sys/fs/cgroup' } else { '/sys/fs/cgroup/pids' }
        "$base/pscontainer/$Id"
    }
}

AfterAll { Remove-TestState $state }

Describe 'Test- and Repair-ContainerStorage' -Skip:([bool]$skip) {
    It 'find nothing where nothing is wrong' {
        Get-Issue | Should -BeNullOrEmpty
        Test-ContainerStorage -Quick | Should -BeOfType ([bool])
    }

    It 'find, show with -WhatIf and mend: <Kind> (<What>)' -ForEach @(
        @{
            Kind = 'ContainerRemains'; What = 'never finished'
            Script = {
                [void](New-Item -ItemType Directory "$root/containers/$id/bundle")
                ln -s $id "$root/names/half"
                ln -s $id "$root/ids/7fff0000"
            }
            Gone = { "$root/containers/$id", "$root/names/half", "$root/ids/7fff0000" }
        }
        @{
            Kind = 'ContainerRemains'; What = 'of what ran'
            Script = { [void](New-Item -ItemType Directory "$env:PSCONTAINER_RUN_ROOT/containers/$id") }
            Gone = { "$env:PSCONTAINER_RUN_ROOT/containers/$id" }
        }
        @{
            Kind = 'NameRemains'; What = 'name'
            Script = { ln -s $id "$root/names/stray" }; Gone = { "$root/names/stray" }
        }
        @{
            Kind = 'IdRangeRemains'; What = 'ids'
            Script = { ln -s $id "$root/ids/7fff0000" }; Gone = { "$root/ids/7fff0000" }
        }
        @{
            Kind = 'ContainerDamaged'; What = 'document'
            Script = {
                $made = New-Container busybox -Name damaged
                Set-Content "$root/containers/$($made.Id)/container.json" '{ "id":'
            }
            Gone = { "$root/names/damaged" }
        }
        @{
            Kind = 'TemporaryFile'; What = 'container'
            Script = { [void](New-Item "$root/containers/$($ended.Id)/.container.json.$dead.ab.tmp") }
            Gone = { "$root/containers/$($ended.Id)/.container.json.$dead.ab.tmp" }
        }
        @{
            Kind = 'TemporaryFile'; What = 'layer'
            Script = { [void](New-Item -ItemType Directory "$root/images/tmp/ab/tree") }
            Gone = { "$root/images/tmp/ab" }
        }
        @{
            Kind = 'TemporaryFile'; What = 'volume'
            Script = { [void](New-Item -ItemType Directory "$root/volumes/.draft-$dead-ab") }
            Gone = { "$root/volumes/.draft-$dead-ab" }
        }
        @{
            Kind = 'LayerRemains'; What = 'layer'
            Script = { [void](New-Item -ItemType Directory "$root/images/layers/$id/tree") }
            Gone = { "$root/images/layers/$id" }
        }
        @{
            Kind = 'BlobRemains'; What = 'document'
            Script = { [void](New-Item "$root/images/blobs/sha256/$id") }; Gone = { "$root/images/blobs/sha256/$id" }
        }
        @{
            Kind = 'SecretRemains'; What = 'no document'
            Script = { [void](New-Item -ItemType Directory "$root/secrets/half") }; Gone = { "$root/secrets/half" }
        }
        @{
            Kind = 'ImageDamaged'; What = 'missing document'
            Script = {
                $other = ConvertTo-ContainerImage -Name ended -Tag other
                Remove-Item "$root/images/blobs/sha256/$($other.Id)"
            }
            Gone = { "$root/images/records/$($other.Id).json" }
        }
        @{
            Kind = 'ImageDamaged'; What = 'changed document'
            Script = {
                $other = ConvertTo-ContainerImage -Name ended -Tag other
                Set-Content "$root/images/blobs/sha256/$($other.Id)" '{}'
            }
            Gone = { "$root/images/records/$($other.Id).json" }
        }
        @{
            Kind = 'ImageDamaged'; What = 'record'
            Script = {
                $other = ConvertTo-ContainerImage -Name ended -Tag other
                Set-Content "$root/images/records/$($other.Id).json" '{'
            }
            Gone = { "$root/images/records/$($other.Id).json" }
        }
    ) {
        if ($Kind -eq 'IdRangeRemains' -and (id -u) -ne '0') {
            Set-ItResult -Skipped -Because 'the containers of an ordinary user have no ranges of their own'
            return
        }

        [void](New-Item -ItemType Directory "$root/secrets", "$root/volumes" -Force)
        . $Script
        try {
            $issues = @(Get-Issue)
            $issues | Should -HaveCount 1
            $issues.Kind | Should -Be $Kind
            $issues.Repairable | Should -BeTrue
            $issues.Message | Should -Match '\.$'
            $issues | Repair-ContainerStorage -WhatIf
            Get-Issue | Should -HaveCount 1
            $mended = $issues | Repair-ContainerStorage -Force
            $mended.Repaired | Should -BeTrue
            & $Gone | Where-Object { Test-Path -LiteralPath $_ } | Should -BeNullOrEmpty
            if ($Kind -in 'ImageDamaged', 'LayerRemains') { [void](Repair-ContainerStorage -Force) }
            Get-Issue | Should -BeNullOrEmpty
            (Get-Container live).ProcessId | Should -Be $live.ProcessId
        }
        finally {
            & $Gone | ForEach-Object { Remove-Item -LiteralPath $_ -Recurse -Force -ErrorAction Ignore }
        }
    }

    It 'mend the names of images, whole or one' {
        $file = "$root/images/references.json"
        $before = Get-Content $file -Raw
        $names = $before | ConvertFrom-Json -AsHashtable
        $names['stray:latest'] = $id
        $names | ConvertTo-Json | Set-Content $file
        (Get-Issue).Kind | Should -Be 'TagRemains'
        (Repair-ContainerStorage -Force).Id | Should -Contain 'stray:latest'
        Test-ContainerImage busybox | Should -BeTrue
        Set-Content $file '{'
        (Get-Issue).Kind | Should -Be 'TagsDamaged'
        (Repair-ContainerStorage -Force).Kind | Should -Contain 'TagsDamaged'
        Get-Issue | Should -BeNullOrEmpty
        Get-ContainerImage $image.Id | Add-ContainerImageTag -Tag busybox
    }

    It 'mend a layer that was changed, unless a container uses it' {
        $digest = (Get-ContainerImageHistory busybox).Digest.Where({ $_ }, 'First')
        $base = "$root/images/layers/$($digest -replace '.*:')"
        Set-Content "$base/tree/etc/plain" 'changed here'
        try {
            $issue = Get-Issue -Full
            $issue.Kind | Should -Be 'LayerDamaged'
            Test-ContainerStorage | Should -BeFalse
            { $issue | Repair-ContainerStorage -Force -ErrorAction Stop } | Should -Throw -ErrorId 'ImageInUse,*'
            Get-Issue | Should -BeNullOrEmpty
        }
        finally { Set-Content "$base/tree/etc/plain" 'not a program' }
        touch -r "$base/tree/etc/group" "$base/tree/etc/plain"

        $other = New-Container busybox -Name writes -Start sh '-c' 'echo x > /x'
        [void]($other | Wait-Container)
        [void]($other | ConvertTo-ContainerImage -Tag written)
        $layer = (Get-ContainerImageHistory written)[0].Digest -replace '.*:'
        Set-Content "$root/images/layers/$layer/tree/x" 'other'
        $issue = Get-Issue -Full | Where-Object Id -Match $layer
        $issue.Message | Should -Match 'written'
        [void]($issue | Repair-ContainerStorage -Force)
        Test-ContainerImage written, busybox | Should -Be $false, $true
        Remove-Container writes
    }

    It 'mend a container whose monitor was killed' {
        $made = New-Container busybox -Name orphan -Start sleep 1000
        $document = Get-Content "$env:PSCONTAINER_RUN_ROOT/containers/$($made.Id)/state.json" | ConvertFrom-Json
        kill -9 $document.monitorPid
        Wait-Until { -not (Test-Path "/proc/$($document.monitorPid)") }
        $issue = Get-Issue
        $issue.Kind | Should -Be 'ContainerAbandoned'
        [void]($issue | Repair-ContainerStorage -Force)
        Get-Issue | Should -BeNullOrEmpty
        (Get-Container orphan).State | Should -Be 'Exited'
        Remove-Container orphan
    }

    It 'mend mounts and control groups of containers that do not run' -Tag 'NeedsRoot: mounts' {
        $place = "$root/containers/$($ended.Id)/upper"
        mount -t tmpfs -o mode=755 pst $place
        [void](New-Item -ItemType Directory (Get-CgroupPath $ended.Id), (Get-CgroupPath $id) -Force)
        try {
            $issues = Get-Issue
            $issues.Kind | ForEach-Object ToString | Sort-Object |
                Should -Be 'CgroupRemains', 'CgroupRemains', 'MountRemains'
            [void]($issues | Repair-ContainerStorage -Force)
            Get-Issue | Should -BeNullOrEmpty
            mountpoint -q $place
            $LASTEXITCODE | Should -Not -Be 0
            Test-Path (Get-CgroupPath $live.Id) | Should -BeTrue
        }
        finally {
            mountpoint -q $place
            if (-not $LASTEXITCODE) { umount $place }
            (Get-CgroupPath $ended.Id), (Get-CgroupPath $id) | Where-Object { Test-Path $_ } |
                ForEach-Object { rmdir $_ }
        }
    }

    It 'tell what cannot be mended: <Kind> is <Id>' -ForEach @(
        @{
            Kind = 'ContainerImageMissing'; Id = 'ImageNotFound'
            Script = {
                [void](ConvertTo-ContainerImage -Name ended -Tag gone)
                [void](New-Container gone -Name without)
                Remove-ContainerImage gone -Force
            }
            Clear = { Remove-Container without }
        }
        @{
            Kind = 'VolumeDamaged'; Id = 'SpecInvalid'
            Script = {
                [void](New-ContainerVolume kept)
                Remove-Item "$root/volumes/kept/volume.json"
                Set-Content "$root/volumes/kept/data/file" mine
            }
            Clear = {
                Get-Content "$root/volumes/kept/data/file" | Should -Be mine
                Remove-Item "$root/volumes/kept" -Recurse
            }
        }
    ) {
        & $Script
        try {
            $issue = Get-Issue
            $issue.Kind | Should -Be $Kind
            $issue.Repairable | Should -BeFalse
            { $issue | Repair-ContainerStorage -Force -ErrorAction Stop } | Should -Throw -ErrorId "$Id,*"
            (Get-Issue).Kind | Should -Be $Kind
        }
        finally { & $Clear }
    }

    It 'leave alone what somebody works on' {
        [void](New-Item -ItemType Directory "$root/containers/$id")
        $lock = [IO.File]::Open("$root/containers/$id/lock", 'OpenOrCreate', 'ReadWrite', 'None')
        try { Get-Issue | Should -BeNullOrEmpty }
        finally { $lock.Dispose() }
        (Get-Issue).Kind | Should -Be 'ContainerRemains'
        [void](Repair-ContainerStorage -Force)
    }

    It 'show what is wrong as a table' {
        ln -s $id "$root/names/shown"
        Get-Issue | Out-String -Width 150 |
            Should -Match 'Kind +Repairable +Repaired +Message\s+-+[\s\S]+NameRemains +True +False'
        [void](Repair-ContainerStorage -Force)
    }
}
