BeforeDiscovery {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    $skip = Get-SkipReason
}

BeforeAll {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    if (Get-SkipReason) { return }
    $state = New-TestState
    $image = Import-BusyboxImage
}

AfterAll { Remove-TestState $state }

Describe 'New-ContainerConfiguration' -Skip:([bool]$skip) {
    It 'collects what is given, and touches nothing' {
        $before = Get-StateHash
        $made = New-ContainerConfiguration not-there -Memory 64MB -PidsLimit 20 -AutoRemove sleep '-x' 300
        Get-StateHash | Should -Be $before
        $made | Should -BeOfType ([Container.Engine.Configuration.ContainerConfiguration])
        $made.Image | Should -Be 'not-there'
        $made.Memory | Should -Be 64MB
        $made.Command | Should -Be 'sleep'
        $made.ArgumentList | Should -Be '-x', '300'
        $made.AutoRemove | Should -BeTrue
    }

    It 'goes into New-Container, and comes out of a container' -Tag NeedsLimits {
        $made = New-ContainerConfiguration busybox -Memory 64MB sleep 300 | New-Container -Name from
        $made.Memory | Should -Be 64MB
        $made.Command | Should -Be 'sleep 300'
        (New-ContainerConfiguration -Configuration $made.Configuration -Memory 32MB).Memory | Should -Be 32MB
    }

    It 'has presets, which parameters override' {
        $made = New-ContainerConfiguration busybox -Preset Contained -Memory 64MB
        $made.Memory | Should -Be 64MB
        $made.PidsLimit | Should -Be 64
        $made.CapabilityDrop | Should -Contain 'CAP_SYS_ADMIN'
        $made.UidMap | Should -Be '0:10000:2000'
        (New-ContainerConfiguration busybox -Preset Crabcan).CapabilityDrop | Should -Contain 'CAP_DAC_OVERRIDE'
    }

    It 'chooses how containers without a name are called' {
        $style = @{ Image = 'busybox'; NameStyle = 'AdjectiveNoun'; Command = 'true' }
        (New-Container @style).Name | Should -MatchExactly '^[a-z]+-[a-z]+-\d+$'
        (New-Container busybox -NameStyle Tarot true).Name | Should -MatchExactly '^[0-9a-f]{5,}c?-[a-z-]+$'
        (New-Container busybox -NameStyle Tarot -Name own true).Name | Should -Be 'own'
    }

    It 'takes images and directories from the pipeline' {
        ('a', 'b' | New-ContainerConfiguration).Image | Should -Be 'a', 'b'
        (Get-Item $TestDrive | New-ContainerConfiguration).RootFsPath | Should -Be "$TestDrive"
    }
}

Describe 'A configuration that has been elsewhere' -Skip:([bool]$skip) {
    BeforeAll {
        $all = @{
            Image = 'busybox'; Name = 'back'; Memory = '64m'; Cpu = 0.5; PidsLimit = 20; ReadOnly = $true
            Command = 'sleep'; ArgumentList = '300'; Environment = @{ Empty = '' }; Label = @{ x = '1' }
            CapabilityAdd = 'NET_RAW'; CapabilityDrop = 'MKNOD', 'CHOWN'; NoNewPrivileges = $false; User = '1000:1000'
            Volume = '/usr:/u:ro', 'data:/data'; Tmpfs = '/scratch:size=1m'; DnsServer = '10.0.0.1'
            NetworkNamespace = 'Host'; IpcNamespace = 'Container:other'; UtsNamespace = '/proc/1/ns/uts'
            HealthCheck = New-ContainerHealthCheck -IntervalSec 0.2 -Retries 7 sh '-c' true
            RestartPolicy = 'OnFailure'; RestartCount = 2; LogDriver = 'None'; Umask = '027'; TimeOffset = @{ boottime = 5 }
            DeviceReadBps = @{ '/dev/x' = '1m' }; StopTimeoutSec = 3; Init = $true; EntryPoint = @()
        }
        $old = New-ContainerConfiguration @all
        $serializer = [Management.Automation.PSSerializer]
    }

    It 'is what it was: <What>' -ForEach @(
        @{ What = 'JSON'; Way = { $old | ConvertTo-Json -Depth 5 | ConvertFrom-Json } }
        @{ What = 'JSON with words'; Way = { $old | ConvertTo-Json -Depth 5 -EnumsAsStrings | ConvertFrom-Json } }
        @{ What = 'JSON as a hashtable'; Way = { $old | ConvertTo-Json -Depth 5 | ConvertFrom-Json -AsHashtable } }
        @{ What = 'Clixml'; Way = { $serializer::Deserialize($serializer::Serialize($old, 5)) } }
        @{ What = 'JSON as shallow as it is by default'; Way = { $old | ConvertTo-Json | ConvertFrom-Json } }
        @{ What = 'Clixml as shallow as it is by default'
            Way = { Export-Clixml "$TestDrive/c" -InputObject $old; Import-Clixml "$TestDrive/c" } }
    ) {
        $back = New-ContainerConfiguration -Configuration (& $Way)
        $back | ConvertTo-Json -Depth 5 | Should -Be ($old | ConvertTo-Json -Depth 5)
        if ($What -match 'hashtable') { return }
        (& $Way | New-ContainerConfiguration -Hostname h) | ConvertTo-Json -Depth 5 |
            Should -Be ((New-ContainerConfiguration -Configuration $old -Hostname h) | ConvertTo-Json -Depth 5)
    }

    It 'goes into New-Container and New-ContainerSpec' {
        $old = New-ContainerConfiguration busybox -Name home -ReadOnly -CapabilityDrop ALL sleep 300
        $made = $old | ConvertTo-Json | ConvertFrom-Json | New-Container
        $made.Name, $made.Command, $made.Configuration.ReadOnly | Should -Be 'home', 'sleep 300', $true
        $made.Configuration.CapabilityDrop | Should -Be 'ALL'
        $made | Remove-Container
        $serializer::Deserialize($serializer::Serialize($old)) | New-Container -Start | Out-Null
        (Invoke-ContainerCommand home cat /proc/1/status) -match '^CapBnd' | Should -Match '0{16}$'
        Invoke-ContainerCommand -ErrorAction SilentlyContinue -ErrorVariable problems home touch /x
        $problems | Should -Not -BeNullOrEmpty
        Remove-Container home -Force
        ($old | ConvertTo-Json | ConvertFrom-Json | New-ContainerSpec).Root.Readonly | Should -BeTrue
        ($serializer::Deserialize($serializer::Serialize($old)) | New-ContainerSpec).Root.Readonly | Should -BeTrue
    }
}

Describe 'A command over a configuration' {
    It 'replaces the arguments too' {
        $old = New-ContainerConfiguration busybox sh '-c' 'echo orig'
        $new = New-ContainerConfiguration -Configuration $old date
        $new.Command | Should -Be 'date'
        $new.ArgumentList | Should -BeNullOrEmpty
        (New-ContainerConfiguration -Configuration $old).ArgumentList | Should -Be '-c', 'echo orig'
    }
}
