@{
    Severity     = @('Error', 'Warning', 'Information')
    IncludeRules = @('*')
    ExcludeRules = @(
        # The words of a command in a container, and the names of Pester's blocks, are positional by design.
        'PSAvoidUsingPositionalParameters'
        # What BeforeAll assigns Pester uses in the blocks that follow.
        'PSUseDeclaredVarsMoreThanAssignments'
        # UTF-8 without a mark is what pwsh reads and writes.
        'PSUseBOMForUnicodeEncodedFile'
    )
    Rules        = @{
        PSPlaceOpenBrace           = @{
            Enable = $true; OnSameLine = $true; NewLineAfter = $true; IgnoreOneLineBlock = $true
        }
        PSPlaceCloseBrace          = @{ Enable = $true; NewLineAfter = $true; IgnoreOneLineBlock = $true }
        PSUseConsistentIndentation = @{
            Enable = $true; IndentationSize = 4; PipelineIndentation = 'IncreaseIndentationForFirstPipeline'
        }
        PSUseConsistentWhitespace  = @{
            Enable = $true; CheckPipe = $true; IgnoreAssignmentOperatorInsideHashTable = $true
        }
        PSUseCorrectCasing         = @{ Enable = $true }
        PSAvoidLongLines           = @{ Enable = $true; MaximumLineLength = 120 }
        PSUseCompatibleSyntax      = @{ Enable = $true; TargetVersions = @('7.0') }
    }
}
