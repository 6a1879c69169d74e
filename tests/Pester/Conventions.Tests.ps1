<#
The rules of PowerShell's cmdlet guidelines that a program can check, over every cmdlet the module exports.
#>

BeforeDiscovery {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    Import-TestModule
    $commands = Get-Command -Module Container -CommandType Cmdlet
    $byName = { param($items) @($items | ForEach-Object { @{ Name = $_.Name; Command = $_ } }) }
    $cmdlets = & $byName $commands
    $verbs = 'New', 'Start', 'Stop', 'Remove', 'Invoke', 'Import', 'ConvertTo', 'Suspend', 'Resume', 'Restart',
    'Rename', 'Set', 'Send', 'Copy', 'Initialize', 'Use', 'Export', 'Add', 'Clear', 'Repair', 'Reset'
    # These make an object and nothing else.
    $factories = 'New-ContainerConfiguration', 'New-ContainerMount', 'New-ContainerHealthCheck',
    'ConvertTo-ContainerUnit'
    $changing = & $byName ($commands | Where-Object { $_.Verb -in $verbs -and $_.Name -notin $factories })
    $analyzer = [bool](Get-Module -ListAvailable PSScriptAnalyzer)
    $types = [AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { $_.GetName().Name -eq 'Container.Cmdlets' } |
        ForEach-Object GetExportedTypes
    $outputTypes = @($types | Where-Object Namespace -EQ 'Container.Cmdlets.Objects' |
            ForEach-Object { @{ Name = $_.Name; Type = $_ } })
}

BeforeAll {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    Import-TestModule
    $root = Split-Path (Split-Path $PSScriptRoot)
    $common = [Management.Automation.PSCmdlet]::CommonParameters +
    [Management.Automation.PSCmdlet]::OptionalCommonParameters
    function Get-OwnParameter($Command) { $Command.Parameters.Values | Where-Object Name -NotIn $common }
    $manifest = Import-PowerShellDataFile "$root/artifacts/Container/Container.psd1"
    $sources = Get-ChildItem "$root/src/Cmdlets" -Recurse -Filter *.cs
    $views = [xml](Get-Content "$root/artifacts/Container/Container.Format.ps1xml" -Raw)
    $formatted = $views.SelectNodes('//ViewSelectedBy/TypeName').InnerText
}

Describe 'A cmdlet: <Name>' -ForEach $cmdlets {
    It 'has an approved verb' {
        (Get-Verb).Verb | Should -Contain $Command.Verb
    }

    It 'has a singular noun that starts with Container' {
        $Command.Noun | Should -MatchExactly '^Container([A-Z][A-Za-z]*)?$'
        $Command.Noun -replace 'Process$' | Should -Not -Match 's$'
    }

    It 'is implemented by a class of its name in a file of its name' {
        $type = $Command.ImplementingType
        $type.Name | Should -BeExactly "$($Command.Verb)$($Command.Noun)Command"
        $type.Namespace | Should -Match '\.Commands$'
        $type.IsPublic -and $type.IsSealed | Should -BeTrue
        $sources.Name | Should -Contain "$($type.Name).cs"
    }

    It 'has parameters in Pascal case, singular, none with a reserved name' {
        # Names that end in s without being plurals.
        $singular = 'Bps', 'Iops', 'Address', 'Access', 'Milliseconds', 'Tmpfs', 'NoNewPrivileges', 'Continuous'
        foreach ($parameter in Get-OwnParameter $Command) {
            $parameter.Name | Should -MatchExactly '^[A-Z][A-Za-z0-9]*$'
            $parameter.Name | Should -Not -BeIn $common
            if (-not ($singular | Where-Object { $parameter.Name.EndsWith($_) })) {
                $parameter.Name | Should -Not -MatchExactly '[a-rt-z]s$'
            }
        }
    }

    It 'has no parameter of type bool' {
        Get-OwnParameter $Command | Where-Object ParameterType -EQ ([bool]) | Should -BeNullOrEmpty
    }

    It 'takes one object by value in each parameter set' {
        foreach ($set in $Command.ParameterSets) {
            @($set.Parameters | Where-Object ValueFromPipeline).Count | Should -BeLessOrEqual 1 -Because $set.Name
        }
    }

    It 'takes pipeline input in each parameter set' {
        # Hosts are one; a bundle is a path that stands alone; the archives come by property name.
        $exempt = @{
            'Get-ContainerHost'        = '*'
            'Test-ContainerHost'       = '*'
            'Get-ContainerHostFeature' = '*'
            'New-ContainerMount'       = '*'
            'New-ContainerHealthCheck' = '*'
            'Use-Container'            = 'Image'
            'New-Container'            = 'Bundle'
            'New-ContainerSpec'        = 'Default', 'Image'
            'Test-ContainerSpec'       = 'Path'
            'Get-ContainerConfiguration' = '*'
            'Reset-ContainerHost'      = '*'
            'ConvertTo-ContainerUnit'  = 'Host'
            'Start-Container'          = 'Boot'
            'Start-ContainerProcess'   = 'Container'
            'Test-ContainerStorage'    = '*'
            'Repair-ContainerStorage'  = 'All'
            'ConvertTo-ContainerImage' = 'Path'
            'Copy-ContainerItem'       = 'ToContainer'
            'Clear-ContainerStorage'   = '*'
            'Measure-ContainerStorage' = '*'
            'Import-ContainerImage'    = 'Path'
            'Remove-ContainerSecret'   = 'All'
        }
        foreach ($set in $Command.ParameterSets) {
            if ($exempt[$Command.Name] | Where-Object { $set.Name -like $_ }) { continue }
            @($set.Parameters | Where-Object { $_.ValueFromPipeline -or $_.ValueFromPipelineByPropertyName }).Count |
                Should -BeGreaterThan 0 -Because $set.Name
        }
    }

    It 'has at most two positions' {
        foreach ($set in $Command.ParameterSets) {
            @($set.Parameters | Where-Object Position -GE 0).Count | Should -BeLessOrEqual 2 -Because $set.Name
        }
    }

    It 'says where it takes wildcards' {
        $attribute = [Management.Automation.SupportsWildcardsAttribute]
        foreach ($name in 'Name', 'Path') {
            $parameter = $Command.Parameters[$name]
            # One object has no wildcards: a new name, one target, a path inside a container.
            if (-not $parameter -or $parameter.ParameterType -eq [string]) { continue }
            @($parameter.Attributes | Where-Object { $_ -is $attribute }).Count | Should -Be 1 -Because $name
        }
    }

    It 'has a literal twin for a path of the host' {
        $path = $Command.Parameters['Path']
        # Wait-Container's path is one inside the container. One path is literal itself.
        if (-not $path -or $Command.Name -in 'Wait-Container', 'Get-ContainerChange') { return }
        if ($path.ParameterType -eq [string]) {
            $path.Aliases | Should -Contain 'LiteralPath'
            return
        }
        $Command.Parameters['LiteralPath'].Aliases | Should -Contain 'PSPath'
    }

    It 'completes names, ids and images' {
        foreach ($name in 'Name', 'Id', 'Image', 'Signal') {
            $parameter = $Command.Parameters[$name]
            # A name that is in all sets is that of something new.
            if (-not $parameter) { continue }
            if ($name -eq 'Name' -and $parameter.ParameterSets.ContainsKey('__AllParameterSets')) { continue }
            $completer = [Management.Automation.ArgumentCompleterAttribute]
            @($parameter.Attributes | Where-Object { $_ -is $completer }).Count | Should -Be 1 -Because $name
        }
    }

    It 'says what it writes, and never just object' {
        $Command.OutputType.Count | Should -BeGreaterThan 0
        $Command.OutputType.Type | Should -Not -Contain ([object])
        # What a script block writes is the script's own.
        if ($Command.Name -ne 'Use-Container') { $Command.OutputType.Type | Should -Not -Contain ([psobject]) }
        if ($Command.Parameters.ContainsKey('PassThru')) { $Command.OutputType.Count | Should -BeGreaterThan 1 }
    }
}

Describe 'A cmdlet that changes state: <Name>' -ForEach $changing {
    It 'has -WhatIf and -Confirm' {
        $Command.Parameters.Keys | Should -Contain 'WhatIf'
        $Command.Parameters.Keys | Should -Contain 'Confirm'
    }
}

Describe 'A type that is written: <Name>' -ForEach $outputTypes {
    It 'is sealed, compares and has its own text' {
        $Type.IsSealed | Should -BeTrue
        $Type.GetInterface('IComparable`1') | Should -Not -BeNullOrEmpty
        $Type.GetMethod('ToString', [type[]]@()).DeclaringType | Should -Be $Type
    }

    It 'has a view' {
        $formatted | Should -Contain $Type.FullName
    }
}

Describe 'All cmdlets' {
    It 'give a parameter of one name one type' {
        # A container's own mounts and the like differ from what the same word means elsewhere.
        $several = @{
            Name    = 'New takes one, the others several'
            Id      = 'Enter takes one'
            InputObject = 'the noun decides'
            Command = 'a condition is a whole command line'
            Path    = 'one inside a container, several on the host'
            Type    = 'the noun decides'
            Value   = 'a secret has one, and asking for it is a switch'
            Container = 'names of some in a filter, the objects elsewhere'
            Digest  = 'a filter takes several, a test one'
            Size    = 'asking for it is a switch, elsewhere it is one'
            State   = 'a filter takes several, a condition one'
            Image   = 'a filter takes several, creation one'
            Tag     = 'an image is made with one, and given several'
            Volume  = 'creation mounts them, removal takes them along'
            Option  = 'a driver has a map, a mount a list'
        }
        $types = @{}
        foreach ($command in Get-Command -Module Container -CommandType Cmdlet) {
            foreach ($parameter in Get-OwnParameter $command) {
                if ($several.ContainsKey($parameter.Name)) { continue }
                $type = [Nullable]::GetUnderlyingType($parameter.ParameterType) ?? $parameter.ParameterType
                if (-not $types.ContainsKey($parameter.Name)) { $types[$parameter.Name] = $type }
                $type | Should -Be $types[$parameter.Name] -Because "$($command.Name) -$($parameter.Name)"
            }
        }
    }

    It 'are those the manifest names, aliases too' {
        $exported = (Get-Module Container).ExportedCmdlets.Keys | Sort-Object
        $exported | Should -Be ($manifest.CmdletsToExport | Sort-Object)
        $aliases = (Get-Module Container).ExportedAliases.Keys | Sort-Object
        $aliases | Should -Be ($manifest.AliasesToExport | Sort-Object)
    }
}

Describe 'The manifest' {
    It 'is valid' {
        Test-ModuleManifest "$root/artifacts/Container/Container.psd1" | Should -Not -BeNullOrEmpty
    }

    It 'has no wildcard, no prefix and says what it needs' {
        foreach ($field in 'FunctionsToExport', 'VariablesToExport', 'CmdletsToExport', 'AliasesToExport') {
            $manifest.ContainsKey($field) | Should -BeTrue -Because $field
            $manifest[$field] | Should -Not -Contain '*'
        }
        $manifest.ContainsKey('DefaultCommandPrefix') | Should -BeFalse
        $manifest.PowerShellVersion | Should -Be '7.6'
        $manifest.CompatiblePSEditions | Should -Be 'Core'
        $manifest.PrivateData.PSData.Tags | Should -Contain 'Linux'
        $manifest.PrivateData.PSData.Tags | Should -Contain 'PSEdition_Core'
    }

    It 'ships our assemblies, and Tmds.LibC for each processor' {
        (Get-ChildItem "$root/artifacts/Container" -Filter *.dll).Name | Sort-Object |
            Should -Be @('Container.Cmdlets.dll', 'Container.Engine.dll', 'Container.Native.dll')
        Get-ChildItem "$root/artifacts/Container/bin" -Recurse -Filter *.dll |
            ForEach-Object { [IO.Path]::GetRelativePath("$root/artifacts/Container/bin", $_.FullName) } | Sort-Object |
            Should -Be @('linux-arm64/Tmds.LibC.dll', 'linux-x64/Tmds.LibC.dll')
    }

    It 'is the same at the root but for the place of its files' {
        $source = Get-Content "$root/Container.psd1" -Raw
        $source.Replace('artifacts/Container/', '').Trim() |
            Should -Be (Get-Content "$root/artifacts/Container/Container.psd1" -Raw).Trim()
    }
}

Describe 'The source' {
    It 'has none of: <Pattern>' -ForEach @(
        @{ Pattern = '\bConsole\.' }
        @{ Pattern = 'Write-Host' }
        @{ Pattern = 'throw new Exception\(' }
        @{ Pattern = 'NotSpecified' }
        @{ Pattern = 'ShouldContinue' }
        @{ Pattern = 'Path\.GetFullPath|GetCurrentDirectory|Environment\.CurrentDirectory' }
        @{ Pattern = 'ErrorRecord\([^)]*, this\)' }
    ) {
        $sources | Select-String -Pattern $Pattern -CaseSensitive | ForEach-Object Path | Should -BeNullOrEmpty
    }
}

Describe 'The error table' {
    BeforeAll {
        $assembly = [Container.Cmdlets.Commands.GetContainerCommand].Assembly
        $table = $assembly.GetType('Container.Cmdlets.Errors.ErrorTable')
        $ids = $table.GetProperty('Ids').GetValue($null)
        $known = [Container.Engine.Errors.ErrorId].GetFields() | ForEach-Object { $_.GetRawConstantValue() }
    }

    It 'has every id of the engine but that of system calls, whose error number decides' {
        $known | Where-Object { $_ -ne 'SystemCallFailed' } | ForEach-Object { $ids | Should -Contain $_ }
    }

    It 'knows what to do about each, but what a command says itself and what an error number decides' {
        $known | Where-Object { $_ -notin 'SystemCallFailed', 'CommandFailed' } | ForEach-Object {
            $action = [Container.Engine.Errors.EngineException]::new($_, 'text').RecommendedAction
            $action | Should -Match '^[A-Z].*\.$' -Because $_
        }
    }

    It 'has ids that are unique and Pascal case' {
        $known | Sort-Object -Unique | Should -HaveCount $known.Count
        $ids | ForEach-Object { $_ | Should -MatchExactly '^[A-Z][A-Za-z]+$' }
    }
}

Describe 'The scripts' -Skip:(-not $analyzer) {
    It 'have nothing that PSScriptAnalyzer objects to' {
        # Now and then it loses its own commands, or its process (PowerShell/PSScriptAnalyzer issue 2205).
        $analysis = "
            `$ErrorActionPreference = 'Stop'
            Get-ChildItem '$root' -Recurse -Include *.ps1, *.psm1, *.psd1 |
                Where-Object FullName -NotMatch '/artifacts/' |
                Invoke-ScriptAnalyzer -Settings '$root/PSScriptAnalyzerSettings.psd1' |
                ForEach-Object { '{0}:{1} {2}' -f `$_.ScriptName, `$_.Line, `$_.RuleName }"
        for ($i = 0; $i -lt 5; $i++) {
            $found = pwsh -NoProfile -NonInteractive -Command $analysis 2>&1
            if ($LASTEXITCODE -eq 0) { break }
        }
        $found | Should -BeNullOrEmpty
        $LASTEXITCODE | Should -Be 0
    }
}

Describe 'Importing' {
    It 'works from the root of the repository' {
        $script = "(Import-Module '$root/Container.psd1' -PassThru).ExportedCmdlets.Count"
        pwsh -NoProfile -NonInteractive -Command $script | Should -Be $manifest.CmdletsToExport.Count
    }

    It 'touches no state' {
        $state = "/tmp/pst-none-$([guid]::NewGuid().ToString('n'))"
        pwsh -NoProfile -NonInteractive -Command "
            `$env:PSCONTAINER_STATE_ROOT = '$state'; `$env:PSCONTAINER_RUN_ROOT = '$state'
            Import-Module '$root/artifacts/Container/Container.psd1'"
        Test-Path $state | Should -BeFalse
    }
}
