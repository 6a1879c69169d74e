<#
What a pwsh in a container sends is whatever the container wants: objects from there are data, and no file, process or
code of the host is reached through them.
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
    $forger = New-Container busybox -Name forger -Start sleep 1000
    $secret = "$state/secret"
    Set-Content $secret 'of the host'

    # The container's pwsh says these lines, whatever it is told.
    function Send-Line([string[]] $Line, [char] $Stream = 'O') {
        $text = ($Line | ForEach-Object { "printf '\036$Stream%s\n' '$_'" }) -join "`n"
        "#!/bin/sh`n$text" | Copy-ContainerItem -Destination /bin/pwsh -ToContainer forger
        Invoke-ContainerCommand forger chmod 755 /bin/pwsh
        Invoke-ContainerCommand forger { 1 }
    }

    function ConvertTo-Line([string] $Xml) { [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($Xml)) }

    function Send-Object([object] $Value) {
        Send-Line (ConvertTo-Line ([Management.Automation.PSSerializer]::Serialize($Value, 3)))
    }

    $head = '<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">'
    function Send-Xml([string] $Xml) { Send-Line (ConvertTo-Line "$head$Xml</Objs>") }
}

AfterAll { Remove-TestState $state }

Describe 'Objects from a container' -Skip:([bool]$skip) {
    It 'name no file of the host by <_>' -ForEach @(
        'PSPath', 'FullName', 'LiteralPath', 'LP', 'Path', 'FilePath', 'pspath', 'fullname'
    ) {
        $object = Send-Object ([pscustomobject]@{ $_ = $secret; Other = 'data' })
        $object.Other | Should -Be 'data'
        $object.$_ | Should -BeNullOrEmpty
        { $object | Get-Content -ErrorAction Stop } | Should -Throw
        { $object | Get-Item -ErrorAction Stop } | Should -Throw
        { $object | Copy-ContainerItem -ToContainer forger -Destination /tmp/stolen -ErrorAction Stop } | Should -Throw
        Invoke-ContainerCommand forger sh '-c' 'cat /tmp/stolen 2>&1; rm -f /tmp/stolen' | Should -Not -Match 'of the host'
    }

    It 'name none when a file of the host is sent back whole' {
        $object = Send-Object (Get-Item $secret)
        $object.ContainerFullName | Should -Be $secret
        $object.Length | Should -Be 12
        { $object | Get-Content -ErrorAction Stop } | Should -Throw
        "$object" | Should -Not -Be $secret
        $object.psobject.TypeNames[0] | Should -Be 'Deserialized.Container:System.IO.FileInfo'
    }

    It 'name none by the members of <_>' -ForEach @(
        '<I32>5</I32>', '<I64>5</I64>', '<B>true</B>', '<C>65</C>', '<By>5</By>', '<Db>0.5</Db>', '<D>0.5</D>', '<DT>2026-01-02T00:00:00</DT>',
        '<TS>PT1S</TS>', '<G>12345678-1234-1234-1234-123456789012</G>', '<URI>http://x/</URI>', '<Version>1.2</Version>',
        '<BA>AQID</BA>'
    ) {
        $object = Send-Xml "<Obj RefId=`"0`">$_<MS><S N=`"PSPath`">$secret</S><S N=`"LiteralPath`">$secret</S></MS></Obj>"
        $object | Should -Not -BeNullOrEmpty
        $object.PSPath | Should -BeNullOrEmpty
        $object.LiteralPath | Should -BeNullOrEmpty
    }

    It 'name none by the members of a string, below a list or in a table' {
        $line = 'text' | Add-Member PSPath $secret -PassThru
        $text = Send-Object $line
        $text | Should -Be 'text'
        $text.PSPath | Should -BeNullOrEmpty
        $inner = [pscustomobject]@{ PSPath = $secret; Kept = 1 }
        $list = Send-Object @([pscustomobject]@{ Items = @($inner); Table = @{ one = $inner } })
        $list.Items[0].Kept, $list.Table.one.Kept | Should -Be 1, 1
        "$($list.Items[0].PSPath)$($list.Table.one.PSPath)" | Should -BeNullOrEmpty
    }

    It 'choose no text that they convert to' {
        $object = Send-Xml "<Obj RefId=`"0`"><ToString>$secret</ToString><MS><I32 N=`"A`">1</I32></MS></Obj>"
        $object.A | Should -Be 1
        { $object | Get-Content -ErrorAction Stop } | Should -Throw
    }

    It 'are not alive: <Name>' -ForEach @(
        @{ Name = 'address'; Script = { [ipaddress]'10.0.0.1' } }
        @{ Name = 'culture'; Script = { [cultureinfo]'de-DE' } }
        @{ Name = 'xml'; Script = { [xml]'<x><PSPath>/etc/shadow</PSPath></x>' } }
        @{ Name = 'script'; Script = { { Remove-Item / } } }
        @{ Name = 'credential'; Script = { [pscredential]::new('u', [securestring]::new()) } }
    ) {
        $object = Send-Object (& $Script)
        foreach ($type in [ipaddress], [cultureinfo], [xml], [scriptblock], [pscredential]) {
            $object | Should -Not -BeOfType $type
        }
    }

    It 'have nothing that was registered for their type' {
        Update-TypeData -TypeName Deserialized.Bait -MemberType ScriptProperty -MemberName Run -Value { 'ran' } -Force
        Update-TypeData -TypeName Bait -MemberType ScriptProperty -MemberName Run -Value { 'ran' } -Force
        try {
            $object = Send-Xml '<Obj RefId="0"><TN RefId="0"><T>Bait</T></TN><MS><I32 N="A">1</I32></MS></Obj>'
            $object.A | Should -Be 1
            $object.Run | Should -BeNullOrEmpty
        }
        finally { 'Bait', 'Deserialized.Bait' | ForEach-Object { Remove-TypeData $_ } }
    }

    It 'say whose they are, whatever they say themselves' {
        $object = Send-Object ([pscustomobject]@{ PSContainerName = 'other'; PSContainerId = '1'; A = 1 })
        $object.PSContainerName, $object.PSContainerId | Should -Be 'forger', $forger.Id
    }

    It 'are what they were otherwise' {
        $sent = [pscustomobject]@{
            Text = 'ä'; Number = 7; Long = [long]::MaxValue; Real = 1.5; Yes = $true; Nothing = $null
            Day = [datetime]'2026-11-30'; Span = [timespan]'1:00'; Id = [guid]::Empty; Bytes = [byte[]](1, 2)
            List = 1, 'two'; Table = @{ a = 1 }; State = [DayOfWeek]::Friday; Again = [DayOfWeek]::Friday
        }
        $object = Send-Object $sent
        $object.Text, $object.Number, $object.Long, $object.Real, $object.Yes | Should -Be 'ä', 7, ([long]::MaxValue), 1.5, $true
        $object.Nothing | Should -BeNullOrEmpty
        $object.Day, $object.Span, $object.Id | Should -Be $sent.Day, $sent.Span, $sent.Id
        $object.Bytes | Should -Be 1, 2
        $object.List | Should -Be 1, 'two'
        $object.Table.a | Should -Be 1
        $object.State, $object.Again | Should -Be 'Friday', 'Friday'
    }

    It 'do nothing to the terminal as errors and messages: <Kind>' -ForEach @(
        @{ Kind = 'Error'; Stream = 'E' }, @{ Kind = 'Warning'; Stream = 'W' }, @{ Kind = 'Information'; Stream = 'I' }
    ) {
        $ErrorActionPreference = 'Continue'
        $evil = "A`e]0;owned`a`u{9b}2J"
        $sent = $Kind -eq 'Error' ? @{ Message = $evil; Id = $evil; Category = 7; Target = $evil } : $evil
        $line = ConvertTo-Line ([Management.Automation.PSSerializer]::Serialize($sent, 3))
        $said = Send-Line $line $Stream *>&1
        $job = Invoke-ContainerCommand forger { 1 } -AsJob
        $said = @($said) + @(Receive-Job $job -Wait -AutoRemoveJob *>&1)
        $said.Count | Should -Be 2
        foreach ($record in $said) {
            foreach ($view in 'ConciseView', 'NormalView', 'CategoryView') {
                $ErrorView = $view
                $shown = ($record | Out-String -Width 300) -replace '\e\[[\d;]*m'
                $shown | Should -Not -Match '[\x00-\x08\x0b-\x1f\x7f-\x9f]'
                if ($view -ne 'CategoryView') { $shown | Should -Match '␛' }
            }
        }
        if ($Kind -eq 'Error') { $said[0].Exception.Message, $said[0].TargetObject | Should -Be $evil, $evil }
    }

    It 'that cannot be read are an error: <Name>' -ForEach @(
        @{ Name = 'base64'; Line = '%%%' }
        @{ Name = 'xml'; Xml = '<Obj' }
        @{ Name = 'entities'; Whole = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><Objs>&x;</Objs>' }
        @{ Name = 'a number'; Xml = '<I32>x</I32>' }
        @{ Name = 'a type that is missing'; Xml = '<Obj RefId="0"><TNRef RefId="9"/></Obj>' }
        @{ Name = 'no object'; Whole = '<Other/>' }
    ) {
        $line = if ($Line) { $Line } elseif ($Whole) { ConvertTo-Line $Whole } else { ConvertTo-Line "$head$Xml</Objs>" }
        { Send-Line $line } | Should -Throw -ErrorId 'ObjectInvalid,*'
    }

    It 'that hold themselves end' {
        $xml = '<Obj RefId="0"><MS><Ref N="Me" RefId="0"/><I32 N="A">1</I32></MS></Obj>'
        (Send-Xml $xml).A | Should -Be 1
    }
}
