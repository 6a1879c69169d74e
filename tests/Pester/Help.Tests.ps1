<#
What Get-Help shows is written by a person, complete, true and made of the documents in docs/en-US.
#>

BeforeDiscovery {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    Import-TestModule
    $cmdlets = Get-Command -Module Container -CommandType Cmdlet | ForEach-Object { @{ Name = $_.Name; Command = $_ } }
    $topics = Get-ChildItem "$PSScriptRoot/../../docs/en-US/about_*.md" | ForEach-Object { @{ Topic = $_.BaseName } }
}

BeforeAll {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    Import-TestModule
    $root = Split-Path (Split-Path $PSScriptRoot)
    $common = [Management.Automation.PSCmdlet]::CommonParameters +
    [Management.Automation.PSCmdlet]::OptionalCommonParameters

    # Defaults that nobody would want to read.
    $inWords = @{
        'Enter-Container -Shell' = 'bash, else sh'
        'Register-ContainerEvent -SourceIdentifier' = 'A new GUID'
    }
}

Describe 'The help of <Name>' -ForEach $cmdlets {
    BeforeAll { $help = Get-Help $Name -Full }

    It 'has synopsis, description, inputs, outputs and links' {
        $help.Synopsis | Should -Match '^[A-Z].+\.$'
        "$($help.description.Text)".Length | Should -BeGreaterThan 50
        $help.returnValues | Should -Not -BeNullOrEmpty
        $help.relatedLinks | Should -Not -BeNullOrEmpty
    }

    It 'describes every parameter' {
        foreach ($parameter in $Command.Parameters.Values | Where-Object Name -NotIn $common) {
            $text = ($help.parameters.parameter | Where-Object name -EQ $parameter.Name).description.Text
            "$text".Length | Should -BeGreaterThan 10 -Because $parameter.Name
        }
        $help.parameters.parameter.name | Where-Object { -not $Command.Parameters.ContainsKey($_) } |
            Should -BeNullOrEmpty
    }

    It 'has two examples or more, with parameters that exist' {
        @($help.examples.example).Count | Should -BeGreaterOrEqual 2
        foreach ($example in $help.examples.example) {
            $problems = $null
            $ast = [Management.Automation.Language.Parser]::ParseInput($example.code, [ref]$null, [ref]$problems)
            $problems | Should -BeNullOrEmpty
            foreach ($call in $ast.FindAll({ $args[0] -is [Management.Automation.Language.CommandAst] }, $true)) {
                $called = Get-Command $call.GetCommandName() -ErrorAction Ignore
                if ($called.ModuleName -ne 'Container') { continue }
                $isPiped = $call.Parent.PipelineElements.IndexOf($call) -gt 0
                $bound = [Management.Automation.Language.StaticParameterBinder]::BindCommand($call)
                $bound.BindingExceptions.Values.BindingException.ErrorId | Where-Object { $_ } |
                    Where-Object { $_ -ne 'PositionalParameterNotFound' } |
                    Where-Object { -not $isPiped -or $_ -notin 'MissingArgument', 'AmbiguousParameterSet' } |
                    Should -BeNullOrEmpty -Because $call.Extent.Text
            }
        }
    }

    It 'shows the syntax the cmdlet has' {
        @($help.syntax.syntaxItem).Count | Should -Be $Command.ParameterSets.Count
        foreach ($set in $Command.ParameterSets) {
            $own = @() + $set.Parameters.Name | Where-Object { $_ -notin $common } | Sort-Object
            $shown = $help.syntax.syntaxItem | Where-Object {
                "$($own)" -eq "$($_.parameter.name | Where-Object { $_ -notin $common } | Sort-Object)"
            }
            $shown | Should -Not -BeNullOrEmpty -Because $set.Name
        }
    }

    It 'says of each parameter what the cmdlet says' {
        foreach ($shown in $help.parameters.parameter) {
            $parameter = $Command.Parameters[$shown.name]
            $shown.type.name | Should -Be $parameter.ParameterType.ToString() -Because $shown.name
            $aliases = $parameter.Aliases.Count ? ($parameter.Aliases -join ', ') : 'none'
            $shown.aliases | Should -Be $aliases -Because $shown.name
            $wildcards = [bool]$parameter.Attributes.Where{ $_ -is [Management.Automation.SupportsWildcardsAttribute] }
            $shown.globbing | Should -Be "$wildcards" -Because $shown.name
        }
    }

    It 'says what holds where a parameter is not given' {
        $fresh = [Activator]::CreateInstance($Command.ImplementingType)
        foreach ($shown in $help.parameters.parameter) {
            $property = $Command.ImplementingType.GetProperty($shown.name)
            if (-not $property -or $property.PropertyType -eq [switch] -or $shown.required -eq 'true') { continue }
            $value = $property.GetValue($fresh)
            $isNothing = $null -eq $value -or "$value" -eq '' -or $value.Equals(0) -or $value.Equals($false) -or
            ($value -is [Collections.ICollection] -and -not $value.Count)
            $told = $inWords["$Name -$($shown.name)"] ?? ($value -join ', ')
            if (-not $isNothing) { $shown.defaultValue | Should -Be $told -Because $shown.name }
        }
    }

    It 'shows examples as they are typed' {
        $text = Get-Help $Name -Examples | Out-String -Width 200
        $text | Should -Not -Match '```'
        foreach ($example in $help.examples.example) {
            $example.code | Should -Not -BeNullOrEmpty
            $text | Should -Match ([regex]::Escape(($example.code -split "`n")[0].Trim()))
        }
    }

    # A page has an address where the manifest names the home of the project, else none that is no address.
    It 'has an online page or says that there is none' {
        $project = (Import-PowerShellDataFile "$root/Container.psd1").PrivateData.PSData['ProjectUri']
        $addresses = @($help.relatedLinks.navigationLink.uri | Where-Object { $_ })
        foreach ($address in $addresses) { ([uri]$address).Scheme | Should -BeIn 'http', 'https' }
        if ($project) { $addresses[0] | Should -BeLike "$project/*/$Name.md" }
        else { { Get-Help $Name -Online } | Should -Throw -ErrorId 'InvalidOperation,*' -Because 'it has no address' }
    }
}

Describe 'The help' {
    It 'has <Topic>' -ForEach $topics {
        $text = Get-Help $Topic | Out-String
        $text | Should -Match "(?m)^# $Topic"
        # An alias shows that nobody looked it up.
        $text | Should -Not -Match 'PS> (gctr|nctr|sactr|spctr|rctr)\b'
    }

    It 'tells the defaults that the engine has' {
        $state = New-TestState
        try {
            $default = { (Get-Help New-Container -Parameter $args[0]).defaultValue }
            $settings = Get-ContainerConfiguration
            & $default PidsLimit | Should -Be $settings.PidsLimit
            & $default StopTimeoutSec | Should -Be $settings.StopTimeoutSec
            & $default LogDriver | Should -Be $settings.LogDriver
            $spec = New-ContainerConfiguration host true | New-ContainerSpec
            $shm = $spec.Mounts | Where-Object Destination -EQ /dev/shm
            "$($shm.Options)" | Should -Match "size=$(Invoke-Expression (& $default ShmSize))"
            $spec.Linux.Resources.Pids.Limit | Should -Be (& $default PidsLimit)
        }
        finally { Remove-TestState $state }
    }

    It 'has a document for each cmdlet and none for others' {
        (Get-ChildItem "$root/docs/en-US/*-*.md").BaseName | Sort-Object |
            Should -Be ((Get-Command -Module Container -CommandType Cmdlet).Name | Sort-Object)
    }
}
