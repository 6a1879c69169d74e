<#
Which property of what objects binds by its name to which parameter of PowerShell's cmdlets and of ours, all of them, with the
reason why that is right: HostBinding.txt. What is inside a container is nowhere taken for a thing of the host.
HOSTBINDING_UPDATE=1 writes the file anew; what is new in it has a question mark, which is a failure.
#>

BeforeDiscovery {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    $skip = Get-SkipReason
}

BeforeAll {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    Import-TestModule
    $file = "$PSScriptRoot/HostBinding.txt"
    $things = 'file', 'process', 'machine', 'container'
    $modules = 'Core', 'Management', 'Utility', 'Security', 'Archive', 'Host', 'ThreadJob', 'PSResourceGet' |
        ForEach-Object { "Microsoft.PowerShell.$_" }

    # What the file says: Name = class, Type.Member = reason.
    $class = @{}
    $reason = @{}
    foreach ($line in Get-Content $file -ErrorAction Ignore) {
        if ($line -match '^(\?|[a-z]+) +(\w+): ') { $class[$Matches[2]] = $Matches[1] }
        elseif ($line -match '^(\w+\.\w+) \(\w+\): (.+)$') { $reason[$Matches[1]] = $Matches[2] }
    }

    # What there is.
    $modules | Where-Object { $_ -notlike '*.Core' } | Import-Module
    $binders = @{}
    foreach ($command in Get-Command -Module ($modules + 'Container') -CommandType Cmdlet, Function) {
        foreach ($parameter in $command.Parameters.Values) {
            if (-not @($parameter.ParameterSets.Values).Where{ $_.ValueFromPipelineByPropertyName }) { continue }
            foreach ($name in @($parameter.Name) + @($parameter.Aliases)) {
                $known = $binders.Keys | Where-Object { $_ -eq $name } | Select-Object -First 1
                $binders[$known ?? $name] += , $command.Name
            }
        }
    }

    $assembly = [Container.Cmdlets.Commands.GetContainerCommand].Assembly
    $types = @($assembly.GetExportedTypes().Where{ $_.Namespace -eq 'Container.Cmdlets.Objects' }) +
        (Get-Command -Module Container -CommandType Cmdlet).OutputType.Type.Where{ "$($_.Namespace)" -match '^Container\b' } |
        Sort-Object Name -Unique
    $members = foreach ($type in $types) {
        $own = @($type.GetProperties().Name) + @((Get-TypeData $type.FullName).Members.Keys) | Sort-Object -Unique
        foreach ($name in $own) {
            $bound = $binders.Keys | Where-Object { $_ -eq $name }
            if ($bound) { [pscustomobject]@{ Member = "$($type.Name).$name"; Name = $bound; Class = $class[$bound] ?? '?' } }
        }
    }

    # The names of cmdlets, of ours as a number: there each takes what is its own kind (Binding.Tests.ps1).
    function Get-Line {
        foreach ($name in $binders.Keys | Sort-Object) {
            $others = $binders[$name] | Where-Object { (Get-Command $_).ModuleName -ne 'Container' } | Sort-Object -Unique
            $ours = $binders[$name] | Where-Object { (Get-Command $_).ModuleName -eq 'Container' } | Sort-Object -Unique
            "{0,-9} {1}: {2}" -f ($class[$name] ?? '?'), $name, (@($others) + @(if ($ours) { 'Container' }) -join ' ')
        }
    }
    $lines = @(Get-Line)
    $text = @(
        '# Names by which cmdlets of PowerShell and of this module (Container) take something from a property, and what they name by'
        '# it: a file, a process, a machine, a container, something of this session, an option of the work, or a name or value of'
        '# whatever the cmdlet is about.'
        $lines
        ''
        '# Members of our objects that have such a name.'
        $members | ForEach-Object { "$($_.Member) ($($_.Class)): $($reason[$_.Member] ?? '?')" }
    )
    if ($env:HOSTBINDING_UPDATE) { $text | Set-Content $file }

    $inert = $assembly.GetType('Container.Cmdlets.Execution.InertObject')
    function Get-Inert([object] $Sent) {
        $read = $assembly.GetType('Container.Cmdlets.Execution.CliXml').GetMethod('Read')
        $xml = [Management.Automation.PSSerializer]::Serialize($Sent, 3)
        $maker = [Activator]::CreateInstance($inert, 'box', 'f00d')
        , $inert.GetMethod('Make').Invoke($maker, @(, $read.Invoke($null, @($xml))))
    }
    function Get-Bound($Object) {
        $binders.Keys.Where{ $class[$_] -in $things -and $null -ne $Object.psobject.Properties[$_] } | Sort-Object
    }
}

Describe 'Names that bind' {
    It 'are those of the file' {
        Get-Content $file | Should -Be $text
    }

    It 'are each understood, and each member of ours has a reason' {
        $class.Keys | Where-Object { $class[$_] -notin $things + 'session', 'option', 'name' } | Should -BeNullOrEmpty
        $members | Where-Object { ($reason[$_.Member] ?? '?') -eq '?' } | ForEach-Object Member | Should -BeNullOrEmpty
    }

    It 'are things of the host where a member of ours names a file, a process or a machine' {
        $members | Where-Object { $_.Class -in 'file', 'process', 'machine' -and $reason[$_.Member] -notlike 'of the host*' } |
            ForEach-Object Member | Should -BeNullOrEmpty
    }
}

Describe 'An object from a container' {
    It 'has no name of a thing, of whatever kind it is: <Name>' -ForEach @(
        @{ Name = 'a plain object'; Type = $null }, @{ Name = 'of a type'; Type = 'Deserialized.System.IO.FileInfo' }
        @{ Name = 'of a process'; Type = 'Deserialized.System.Diagnostics.Process' }
    ) {
        $sent = [pscustomobject]@{}
        if ($Type) { $sent.psobject.TypeNames.Insert(0, $Type) }
        foreach ($bound in $binders.Keys) { $sent.psobject.Properties.Add([psnoteproperty]::new($bound, 'x'), $true) }
        $object = Get-Inert $sent
        Get-Bound $object | Should -BeNullOrEmpty
        $object.psobject.Properties.Name | Should -Contain 'ContainerPath'
        $object.psobject.Properties.Name | Should -Contain 'ContainerProcessId'
        foreach ($plain in 'Id', 'Name', 'Value') {
            $object.psobject.Properties.Name -contains $plain | Should -Be ($plain -eq 'Value' -or $Name -notlike '*process')
        }
    }

    It 'that was a process there is none here' {
        foreach ($process in (Get-Process -Id $PID), (Get-Process -Id $PID | Select-Object Id, Name)) {
            $object = Get-Inert $process
            $object.ContainerProcessId, $object.ContainerProcessName | Should -Be $PID, $process.Name
            { $object | Stop-Process -WhatIf -ErrorAction Stop } | Should -Throw -ErrorId 'InputObjectNotBound,*'
        }
    }

    It 'says whose it is: <Name>' -ForEach @(
        @{ Name = 'table'; Value = @{ PSContainerName = 'other'; pscontainerid = 'other'; a = 1 }; Count = 1 }
        @{ Name = 'ordered'; Value = [ordered]@{ a = 1; b = 2 }; Count = 2 }
        @{ Name = 'list'; Value = @(1, 2, 3); Count = 3 }
        @{ Name = 'bytes'; Value = [byte[]](1, 2); Count = 2 }
        @{ Name = 'object'; Value = [pscustomobject]@{ Count = 7 }; Count = 7 }
    ) {
        $object = Get-Inert $Value
        $object.Count | Should -Be $Count
        $object.PSContainerName, $object.PSContainerId | Should -Be 'box', 'f00d'
    }

    It 'makes no settings of a container: <Name>' -ForEach @(
        @{ Name = 'table'; Value = @{ Image = 'host'; Privileged = $true } }
        @{ Name = 'object'; Value = [pscustomobject]@{ Image = 'host'; Privileged = $true } }
    ) {
        { Get-Inert $Value | New-Container -WhatIf -ErrorAction Stop } | Should -Throw
        { New-ContainerConfiguration host -Mount (Get-Inert @{ Type = 'Bind'; Source = '/'; Target = '/x' }) -ErrorAction Stop } |
            Should -Throw
    }

    It 'says it in a list for each object' {
        $object = Get-Inert @([pscustomobject]@{ A = 1 }, [pscustomobject]@{ A = 2 })
        ($object | ForEach-Object PSContainerName) | Should -Be 'box', 'box'
    }
}

Describe 'What is inside' -Skip:([bool]$skip) {
    BeforeAll {
        $state = New-TestState
        $image = Import-BusyboxImage
        $box = New-Container busybox -Name box -Start sh '-c' 'echo x > /etc/passwd; exec sleep 1000'
        Wait-Until { (Get-ContainerProcess box).CommandLine -eq 'sleep 1000' }
    }

    AfterAll { Remove-TestState $state }

    It 'is no process of the host' {
        $processes = Get-ContainerProcess box
        $processes[0].ContainerProcessId, $processes[0].ContainerProcessName | Should -Be 1, 'sleep'
        { $processes | Stop-Process -WhatIf -ErrorAction Stop } | Should -Throw -ErrorId 'InputObjectNotBound,*'
        { $processes | Select-Object * | Stop-Process -WhatIf -ErrorAction Stop } | Should -Throw -ErrorId 'InputObjectNotBound,*'
        { $processes | Wait-Process -Timeout 1 -ErrorAction Stop } | Should -Throw -ErrorId 'InputObjectNotBound,*'
        @($processes | Stop-ContainerProcess -WhatIf).Count | Should -Be 0
    }

    It 'is no file of the host' {
        $inside = @(Get-ContainerChange box | Where-Object ContainerPath -EQ /etc/passwd) +
            @('text' | Copy-ContainerItem -ToContainer box -Destination /etc/group -Force -PassThru)
        $inside.ContainerPath | Should -Be '/etc/passwd', '/etc/group'
        foreach ($item in $inside) {
            { $item | Get-Content -ErrorAction Stop } | Should -Throw -ErrorId 'InputObjectNotBound,*'
            # What has no property of that name is taken as text.
            { $item | Get-Item -ErrorAction Stop } | Should -Throw -ErrorId 'PathNotFound,*'
            { $item | Remove-Item -WhatIf -ErrorAction Stop } | Should -Throw -ErrorId 'PathNotFound,*'
        }
    }
}
