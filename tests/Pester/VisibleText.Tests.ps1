<# What a container, an image or an archive says must not act on the terminal of who looks at it. #>
BeforeDiscovery {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    $skip = Get-SkipReason
    [xml] $format = Get-Content "$PSScriptRoot/../../module/Container.Format.ps1xml" -Raw
    $views = foreach ($view in $format.Configuration.ViewDefinitions.View) {
        foreach ($type in $view.ViewSelectedBy.TypeName) {
            @{ Type = $type; Kind = @($view.ChildNodes.Name -like '*Control')[0]; Xml = $view.OuterXml }
        }
    }
}

BeforeAll {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    if (Get-SkipReason) { return }
    $state = New-TestState
    $image = Import-BusyboxImage
    $rendering = $PSStyle.OutputRendering
    $PSStyle.OutputRendering = 'Ansi'
    $evil = "A`e]0;owned`a`u{9b}2J`u{202e}B"

    # What our own views colour is theirs.
    function Get-Shown([Parameter(ValueFromPipeline)] $InputObject) {
        end { ($input | Out-String -Width 300) -replace '\e\[[\d;]*m' }
    }
    function Assert-Inert([string] $Text) {
        $Text | Should -Not -Match '[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]' -Because 'it would act on the terminal'
    }
}

AfterAll {
    if ($rendering) { $PSStyle.OutputRendering = $rendering }
    Remove-TestState $state
}

Describe 'Text of others' -Skip:([bool]$skip) {
    It 'does not act on the terminal in the view <Kind> of <Type>' -ForEach $views {
        # Checked when they are given, or of our own making.
        $checked = 'Name', 'Id', 'ShortId', 'Image', 'ImageId', 'Container', 'ContainerId', 'Digest', 'Reference', 'Repository',
            'Tag', 'Architecture', 'OperatingSystem', 'Layer', 'Driver', 'Source', 'Target', 'Option', 'Type', 'Version', 'State', 'Status', 'Health',
            'StateRoot', 'RunRoot', 'RuntimePath', 'RuntimeVersion', 'KernelRelease', 'StorageRoot', 'LogDriver', 'LogOption',
            'CgroupParent', 'Untagged', 'Deleted', 'File', 'Item', 'RecommendedAction', 'CgroupController', 'Feature', 'Action',
            'CgroupMode', 'Category', 'OciVersion', 'UserNamespace', 'NetworkNamespace'
        $class = [AppDomain]::CurrentDomain.GetAssemblies().ForEach{ $_.GetType($Type) }.Where{ $_ }[0]
        $properties = [ordered]@{ PSTypeName = $Type }
        foreach ($name in [regex]::Matches($Xml, '(?<=\$_\.)\w+|(?<=<PropertyName>)\w+').Value | Sort-Object -Unique | Where-Object { $_ -ne 'ShortId' }) {
            $holds = "$($class.GetProperty($name).PropertyType)"
            $properties[$name] = if ($name -in $checked) { 'plain' }
            elseif ($holds -match 'Dictionary') { @{ $evil = $evil } }
            elseif ($holds -match 'List.*string|string\[') { , @($evil, $evil) }
            elseif ($holds -eq 'string' -or $holds -eq 'System.Object') { $evil }
        }

        $class | Should -Not -BeNullOrEmpty
        $shown = [pscustomobject] $properties
        Assert-Inert ($Kind -eq 'ListControl' ? ($shown | Format-List | Get-Shown) : ($shown | Format-Table | Get-Shown))
    }

    It 'is seen in the views, and kept in the properties' {
        $container = New-Container busybox -Label @{ note = $evil } -Start sh '-c' "printf '\033]0;log\007\n'; exec sleep 1000 # $evil"
        Wait-Until { @($container | Get-ContainerLog).Count }
        $container.Command | Should -Match ([regex]::Escape($evil))
        foreach ($shown in ($container | Get-Container | Format-Table | Get-Shown), ($container | Get-Container | Format-List | Get-Shown)) {
            Assert-Inert $shown
            $shown | Should -Match 'A␛]0;owned␇\\u009b2J\\u202eB'
        }

        $entry = $container | Get-ContainerLog
        $entry.Line | Should -Be "`e]0;log`a"
        Assert-Inert ($entry | Get-Shown)
        [void](Start-ContainerProcess $container.Name sh '-c' "sleep 1000; : '$evil'")
        $processes = $container | Get-ContainerProcess
        @($processes.CommandLine) -match '\e' | Should -Not -BeNullOrEmpty
        Assert-Inert ($processes | Get-Shown)
        $container | Remove-Container -Force
    }

    It 'is seen in messages' {
        $ErrorActionPreference = 'Continue'
        $evil = "A`eB`aC`u{9b}D"
        New-Container busybox -Name plain true | Out-Null
        $failures = @(
            New-Container "no$evil" 2>&1
            Copy-ContainerItem "/no$evil" "$TestDrive" -FromContainer plain 2>&1
            Get-Container "no$evil" 2>&1
            Get-ContainerImage "no$evil" 2>&1
            Invoke-ContainerImage busybox "/no$evil" 2>&1)
        $failures.Count | Should -BeGreaterOrEqual 4
        foreach ($failure in $failures) { Assert-Inert ($failure | Get-Shown) }
        @($failures.Exception.Message) -match '\e' | Should -Not -BeNullOrEmpty
    }
}
