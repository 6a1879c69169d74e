<#
What Get-Help shows is written by a person, complete, true and made of the documents in docs/en-US.
#>

BeforeDiscovery {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    Import-TestModule
    $cmdlets = Get-Command -Module Container -CommandType Cmdlet | ForEach-Object { @{ Name = $_.Name; Command = $_ } }
    $topics = Get-ChildItem "$PSScriptRoot/../../docs/en-US/about_*.md" | ForEach-Object { @{ Topic = $_.BaseName } }
    $platyps = [bool](Get-Module -ListAvailable Microsoft.PowerShell.PlatyPS)
}

BeforeAll {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    Import-TestModule
    $root = Split-Path (Split-Path $PSScriptRoot)
    $common = [Management.Automation.PSCmdlet]::CommonParameters +
    [Management.Automation.PSCmdlet]::OptionalCommonParameters
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
                $bound = [Management.Automation.Language.StaticParameterBinder]::BindCommand($call)
                $bound.BindingExceptions.Values.BindingException.ErrorId | Where-Object { $_ } |
                    Where-Object { $_ -ne 'PositionalParameterNotFound' } |
                    Should -BeNullOrEmpty -Because $call.Extent.Text
            }
        }
    }

    It 'shows the syntax the cmdlet has' {
        @($help.syntax.syntaxItem).Count | Should -Be $Command.ParameterSets.Count
    }
}

Describe 'The help' {
    It 'has <Topic>' -ForEach $topics {
        $text = Get-Help $Topic | Out-String
        $text | Should -Match "(?m)^# $Topic"
        # An alias shows that nobody looked it up.
        $text | Should -Not -Match 'PS> (gctr|nctr|sactr|spctr|rctr)\b'
    }

    It 'is what the documents say' -Skip:(-not $platyps) {
        Import-Module Microsoft.PowerShell.PlatyPS
        [void](Import-MarkdownCommandHelp -Path "$root/docs/en-US/*-*.md" |
                Export-MamlCommandHelp -OutputFolder "$TestDrive/help" -Force)
        $file = 'Container.Cmdlets.dll-Help.xml'
        Get-Content "$TestDrive/help/Container/$file" -Raw |
            Should -Be (Get-Content "$root/module/en-US/$file" -Raw) -Because './build.sh docs makes it'
    }

    It 'has a document for each cmdlet and none for others' {
        (Get-ChildItem "$root/docs/en-US/*-*.md").BaseName | Sort-Object |
            Should -Be ((Get-Command -Module Container -CommandType Cmdlet).Name | Sort-Object)
    }
}
