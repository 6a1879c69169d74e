<#
What comes through the pipeline: plain objects and rows count by their Id or Name, objects of another kind by the
property that refers to what the cmdlet works on, or they are refused; never by a name of their own.
#>

BeforeDiscovery {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    Import-TestModule
    $skip = Get-SkipReason
    function Get-Kind($Command) {
        $attribute = $Command.Parameters['Name'].Attributes | Where-Object { $_.GetType().Name -eq 'ObjectNameAttribute' }
        if (-not $attribute) { return }
        [string]$attribute.GetType().GetFields('NonPublic,Instance').Where({ $_.FieldType -eq [type] })[0].GetValue($attribute).Name
    }
    # These need a terminal; a process is not found by a container's name alone.
    $targets = Get-Command -Module Container -CommandType Cmdlet | Where-Object {
        $_.Name -notin 'Enter-Container', 'Connect-Container', 'Invoke-ContainerCommand' -and $_.Parameters['Name'] } |
        ForEach-Object { @{ Name = $_.Name; Kind = Get-Kind $_ } } | Where-Object Kind
}

BeforeAll {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    if (Get-SkipReason) { return }
    $state = New-TestState
    $image = Import-BusyboxImage
    $c1 = New-TestContainer c1 -Start
    Add-ContainerImageTag busybox c1
    [void](New-ContainerVolume c1)
    [void](New-ContainerSecret c1 -Value (ConvertTo-SecureString text -AsPlainText))
    [void](New-Item "$TestDrive/c1")
    $objects = [ordered]@{
        ContainerInfo       = Get-Container c1
        ContainerProcess    = @(Get-ContainerProcess c1)[0]
        ContainerStatistics = Measure-Container c1 -IntervalSec 0.1
        ContainerImageInfo  = Get-ContainerImage c1
        ContainerVolumeInfo = Get-ContainerVolume c1
        ContainerSecretInfo = Get-ContainerSecret c1
        FileInfo            = Get-Item "$TestDrive/c1"
        Process             = Get-Process -Id $PID
        SelectedProcess     = Get-ContainerVolume c1 | Select-Object Name
    }
    $more = @{
        'Rename-Container'          = @{ NewName = 'c2' }
        'Copy-Container'            = @{ NewName = 'c2' }
        'Export-Container'          = @{ Path = "$TestDrive/out.tar" }
        'Export-ContainerImage'     = @{ Path = "$TestDrive/out.tar" }
        'Export-ContainerVolume'    = @{ Path = "$TestDrive/out.tar" }
        'Wait-Container'            = @{ State = 'Running'; TimeoutSec = 5 }
        'Start-ContainerProcess'    = @{ Command = 'true' }
        'ConvertTo-ContainerImage'  = @{ Tag = 'other' }
        'Add-ContainerImageTag'     = @{ Tag = 'other' }
        'Measure-Container'         = @{ IntervalSec = 0.1 }
        'Set-Container'             = @{ PidsLimit = 100 }
        'Remove-ContainerImageTag'  = @{ Tag = 'c1' }
        'Import-ContainerVolume'    = @{ Path = "$TestDrive/c1" }
    }
    function Invoke-Piped($Cmdlet, $Object) {
        $settings = if ($more.Contains($Cmdlet)) { $more[$Cmdlet].Clone() } else { @{} }
        if ((Get-Command $Cmdlet).Parameters.ContainsKey('WhatIf')) { $settings.WhatIf = $true }
        $problems = $null
        try { [void]($Object | & $Cmdlet @settings -ErrorVariable problems -ErrorAction SilentlyContinue) }
        catch { return $_ }
        $problems | Where-Object { $_ -is [Management.Automation.ErrorRecord] } | Select-Object -First 1
    }
    $refusal = '^ParameterArgumentTransformationError'
    $missing = '^HealthCheckMissing'
}

AfterAll { Remove-TestState $state }

Describe '<Name> of a pipeline' -Skip:([bool]$skip) -ForEach $targets {
    It 'takes its own kind and what refers to it, and refuses the rest' {
        foreach ($type in $objects.Keys) {
            # It takes files.
            if ($type -eq 'FileInfo' -and $Name -eq 'ConvertTo-ContainerImage') { continue }
            $problem = Invoke-Piped $Name $objects[$type]
            $refers = ($Kind -eq 'ContainerInfo' -and $type -in 'ContainerProcess', 'ContainerStatistics') -or
            ($Kind -eq 'ContainerImageInfo' -and $type -eq 'ContainerInfo')
            if ($type -eq $Kind -or $refers) {
                if ($problem -and $problem.FullyQualifiedErrorId -notmatch $missing) {
                    "$type $($problem.FullyQualifiedErrorId) $problem" | Should -BeNullOrEmpty
                }
            }
            elseif ($type -ne 'SelectedProcess' -or $Kind -ne 'ContainerVolumeInfo') {
                $problem.FullyQualifiedErrorId | Should -Match $refusal -Because $type
            }
        }
    }

    It 'takes plain objects, rows and what has been elsewhere' {
        $id = $objects[$Kind].Id
        $own = $objects[$Kind]
        $plain = @(
            [pscustomobject]@{ Name = 'c1' }
            "Name`nc1" | ConvertFrom-Csv
            '{ "Name": "c1" }' | ConvertFrom-Json
            [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($own))
            $own | Select-Object -Property Name, Id
            if ($id) { [pscustomobject]@{ Id = $id } }
        )
        foreach ($object in $plain) {
            $problem = Invoke-Piped $Name $object
            if ($problem -and $problem.FullyQualifiedErrorId -notmatch $missing) {
                "$object $($problem.FullyQualifiedErrorId) $problem" | Should -BeNullOrEmpty
            }
        }
    }
}

Describe 'A pipeline' -Skip:([bool]$skip) {
    It 'finds the container that is meant' {
        ([pscustomobject]@{ Name = 'c1' } | Get-Container).Id | Should -Be $c1.Id
        ([pscustomobject]@{ ContainerId = $c1.Id; Name = 'other' } | Get-Container).Id | Should -Be $c1.Id
        (Get-ContainerProcess c1 | Select-Object -First 1 | Get-Container).Id | Should -Be $c1.Id
        ("Image,Command`nbusybox,true" | ConvertFrom-Csv | Get-ContainerImage).Id | Should -Be $image.Id
        $made = "Image`nbusybox" | ConvertFrom-Csv | New-Container
        $made.Image | Should -Match 'busybox'
        $made | Remove-Container
    }

    It 'brings the containers of Invoke-ContainerCommand in the same way' {
        [pscustomobject]@{ ContainerId = $c1.Id } | Invoke-ContainerCommand -Command echo -ArgumentList a | Should -Be 'a'
        Get-ContainerProcess c1 | Select-Object -First 1 | Invoke-ContainerCommand -Command echo -ArgumentList b |
            Should -Be 'b'
        foreach ($object in [pscustomobject]@{ Name = 'c1' }, ("Name`nc1" | ConvertFrom-Csv),
            ('{ "Name": "c1" }' | ConvertFrom-Json), ($c1 | Select-Object Name, Id), ($c1 | Select-Object Name),
            [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($c1)), $c1) {
            $object | Invoke-ContainerCommand -Command hostname | Should -Be $c1.Id.Substring(0, 12)
            $object | Start-ContainerProcess -Command true | ForEach-Object ContainerId | Should -Be $c1.Id
        }
        foreach ($type in 'ContainerVolumeInfo', 'ContainerSecretInfo', 'FileInfo', 'Process') {
            $objects[$type] | Invoke-ContainerCommand -Command touch -ArgumentList /tmp/wrong `
                -ErrorVariable problems -ErrorAction SilentlyContinue
            $problems | Should -Not -BeNullOrEmpty -Because $type
        }
        Invoke-ContainerCommand c1 ls /tmp | Should -BeNullOrEmpty
    }

    It 'brings the containers of a script block, too' {
        foreach ($object in $c1, [pscustomobject]@{ Name = 'c1' }, [pscustomobject]@{ ContainerId = $c1.Id; Name = 'x' }) {
            $object | Invoke-ContainerCommand -ScriptBlock { 1 } -ErrorVariable problems -ErrorAction SilentlyContinue
            Get-ErrorId $problems[0] | Should -Be 'PowerShellNotFoundInContainer' -Because $object
        }
    }

    It 'makes containers of rows and of plain objects' {
        $rows = "Name,Image,Memory,ReadOnly,Command,Comment`nr1,busybox,,True,true,a`nr2,busybox,,False,true,b" |
            ConvertFrom-Csv
        { $rows | Select-Object -ExcludeProperty Comment | New-Container -ErrorAction Stop } | Should -Not -Throw
        (Get-Container r1).Configuration.ReadOnly, (Get-Container r2).Configuration.ReadOnly | Should -Be $true, $false
        [pscustomobject]@{ Image = 'busybox'; Name = 'r3'; Environment = @{ A = 1 }; CapabilityDrop = 'ALL' } |
            New-Container -Command true
        (Get-Container r3).Configuration.Environment['A'], (Get-Container r3).Command | Should -Be '1', 'true'
        Remove-Container r1, r2, r3
        [pscustomobject]@{ Name = 'busybox' } | New-Container -Command true | Remove-Container
    }

    It 'refuses a setting that there is not' {
        foreach ($row in [pscustomobject]@{ Image = 'busybox'; Name = 'bad'; ReadOnyl = $true },
            [pscustomobject]@{ Image = 'busybox'; Name = 'bad'; ReadOnly = 'perhaps' },
            [pscustomobject]@{ Image = 'busybox'; Name = 'bad'; Memory = '64x' }) {
            $row | New-Container -ErrorVariable problems -ErrorAction SilentlyContinue
            $problems[0].FullyQualifiedErrorId | Should -Match $refusal -Because $row
        }
        { New-Container -Configuration @{ Image = 'busybox'; ReadOnyl = $true } -ErrorAction Stop } |
            Should -Throw -ErrorId 'ParameterArgumentTransformationError,*'
        Test-Container bad | Should -BeFalse
    }

    It 'does not remove a container by the name of a volume' {
        Get-ContainerVolume c1 | Remove-Container -Force -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -Match $refusal
        Get-Container c1 | Remove-ContainerVolume -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -Match $refusal
        Test-Container c1 | Should -BeTrue
        Test-ContainerVolume c1 | Should -BeTrue
    }
}
