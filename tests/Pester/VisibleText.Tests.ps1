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
    # A property of each kind that can hold text holds text that acts.
    function Get-Hostile([type] $Type, [int] $Depth) {
        $element = if ($Type.IsArray) { $Type.GetElementType() } elseif ($Type.IsGenericType) { $Type.GetGenericArguments()[-1] }
        if ($Type -in [string], [object]) { $evil }
        elseif ($Type.IsValueType -or $Depth -gt 3) { }
        elseif ("$Type" -match 'Dictionary') { @{ $evil = $evil } }
        elseif ($element) { , @((Get-Hostile $element ($Depth + 1)), (Get-Hostile $element ($Depth + 1))) }
        else {
            $properties = [ordered]@{}
            foreach ($property in $Type.GetProperties()) { $properties[$property.Name] = Get-Hostile $property.PropertyType ($Depth + 1) }
            $properties
        }
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
        $class = [AppDomain]::CurrentDomain.GetAssemblies().ForEach{ $_.GetType($Type) }.Where{ $_ }[0]
        $class | Should -Not -BeNullOrEmpty
        $hostile = Get-Hostile $class
        $hostile.PSTypeName = $Type
        $object = [pscustomobject] $hostile
        $shown = switch ($Kind) {
            'ListControl' { $object | Format-List | Get-Shown }
            'WideControl' { $object | Format-Wide | Get-Shown }
            default { $object | Format-Table | Get-Shown }
        }
        Assert-Inert $shown
        if ($Xml -match 'VisibleText') { $shown | Should -Match '␛' }
    }

    It 'is kept from views of types of ours that there may be' {
        # What a view takes as it is is no text, whoever wrote it.
        foreach ($view in $views) {
            $class = [AppDomain]::CurrentDomain.GetAssemblies().ForEach{ $_.GetType($view.Type) }.Where{ $_ }[0]
            foreach ($name in [regex]::Matches($view.Xml, '(?<=<PropertyName>)\w+').Value) {
                $holds = $class.GetProperty($name).PropertyType
                $holds = [Nullable]::GetUnderlyingType($holds) ?? $holds
                $holds.IsValueType | Should -BeTrue -Because "$($view.Type) $name"
            }
        }
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

    It 'is seen of what is in a list, whatever it is' {
        $made = New-Container busybox -Name mounted -Mount @{ Type = 'Tmpfs'; Target = "/a`ab" } true
        Assert-Inert ($made | Format-List | Get-Shown)
        Assert-Inert ($made.Mount | Get-Shown)
        $of = [Container.Cmdlets.Views.VisibleText]
        foreach ($value in [pscustomobject]@{ A = $evil }, @([pscustomobject]@{ A = $evil }), [char]7,
            [Collections.Generic.KeyValuePair[string, string]]::new($evil, $evil), [version]'1.2', $null, 7, [datetime]::Now) {
            Assert-Inert "$($of::Of($value))"
        }
        $of::Of(7) | Should -BeOfType ([int])
        $of::Of([datetime]::MinValue) | Should -BeOfType ([datetime])
    }

    It 'is seen in what is completed, which is still the name' {
        $names = "q`e]0;x`a", "s'p", "d`"`$(1)``b`e", "n`nl"
        [void](New-Container busybox -Name named -Start sleep 1000)
        foreach ($name in $names) { 'x' | Copy-ContainerItem -ToContainer named -Destination "/tmp/$name" }
        'root:x:0:0::/:/bin/sh', "us`er:x:1`e:1::/:/bin/sh" | Copy-ContainerItem -ToContainer named -Destination /etc/passwd -Force
        # What the store cannot answer in time is not completed, or is by PowerShell from the host's files.
        $found = foreach ($line in 'cat /tmp/', '-User u') {
            $line = "Invoke-ContainerCommand named $line"
            Wait-Until { $script:matched = (TabExpansion2 $line $line.Length).CompletionMatches; "$($matched.ToolTip)" -match 'in named' }
            $matched
        }
        foreach ($one in $found) { Assert-Inert "$($one.CompletionText)$($one.ListItemText)$($one.ToolTip)" }
        $texts = $found.CompletionText | ForEach-Object { & ([scriptblock]::Create($_ -match '^[\x22\x27]' ? $_ : "'$_'")) }
        foreach ($text in @($names | ForEach-Object { "/tmp/$_" }) + "us`er") { $texts | Should -Contain $text }
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
        foreach ($failure in $failures) {
            foreach ($view in 'ConciseView', 'NormalView', 'CategoryView') {
                $ErrorView = $view
                Assert-Inert (($failure | Get-Shown) -replace [regex]::Escape($failure.InvocationInfo.Line))
            }
            Assert-Inert $failure.ErrorDetails.RecommendedAction
        }
        @($failures.Exception.Message) -match '\e' | Should -Not -BeNullOrEmpty
    }
}
