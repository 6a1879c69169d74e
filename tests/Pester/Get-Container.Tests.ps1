BeforeDiscovery {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    $skip = Get-SkipReason
}

BeforeAll {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    if (Get-SkipReason) { return }
    $state = New-TestState
    $image = Import-BusyboxImage
    $web = New-TestContainer web1 -Start
    $idle = New-Container busybox -Name web2 -Label @{ team = 'red'; tier = '1' } true
    $other = New-Container busybox -Name other -Label @{ team = 'blue' } true
}

AfterAll { Remove-TestState $state }

Describe 'Get-Container' -Skip:([bool]$skip) {
    It 'gets containers in every state' {
        (Get-Container).Name | Sort-Object | Should -Be 'other', 'web1', 'web2'
        (Get-Container web1).State | Should -Be 'Running'
        (Get-Container web2).State | Should -Be 'Created'
    }

    It 'finds by name, by full id and by a prefix of it' {
        (Get-Container web1).Id | Should -Be $web.Id
        (Get-Container $web.Id).Name | Should -Be 'web1'
        (Get-Container $web.Id.Substring(0, 12)).Name | Should -Be 'web1'
        (Get-Container -Id $web.Id.Substring(0, 12)).Name | Should -Be 'web1'
    }

    It 'takes several names, wildcards and positions' {
        (Get-Container web1, other).Name | Should -Be 'web1', 'other'
        (Get-Container 'web*').Name | Sort-Object | Should -Be 'web1', 'web2'
        (Get-Container WEB*).Name | Should -HaveCount 2
    }

    It 'is silent about a wildcard without a match' {
        Get-Container nothing* -ErrorVariable problems | Should -BeNullOrEmpty
        $problems | Should -BeNullOrEmpty
    }

    It 'takes names, objects and property names from the pipeline' {
        ('web1', 'web2' | Get-Container).Name | Should -Be 'web1', 'web2'
        ($web | Get-Container).Id | Should -Be $web.Id
        ($web | Select-Object Name, Id | Get-Container).Name | Should -Be 'web1'
        ([pscustomobject]@{ ContainerId = $web.Id } | Get-Container).Name | Should -Be 'web1'
        (Get-Container $web).Id | Should -Be $web.Id
        ([Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($web)) |
            Get-Container).Name | Should -Be 'web1'
    }

    It 'filters by state, image, label and time' {
        (Get-Container -State Running).Name | Should -Be 'web1'
        (Get-Container -State Created, Exited).Name | Sort-Object | Should -Be 'other', 'web2'
        Get-Container -Image busybox | Should -HaveCount 3
        Get-Container -Image 'busy*' | Should -HaveCount 3
        Get-Container -Image $image.Id.Substring(0, 12) | Should -HaveCount 3
        Get-Container -Image alpine | Should -BeNullOrEmpty
        (Get-Container -Label @{ team = 'red' }).Name | Should -Be 'web2'
        (Get-Container -Label team=*).Name | Sort-Object | Should -Be 'other', 'web2'
        Get-Container -Label @{ team = 'red'; tier = '2' } | Should -BeNullOrEmpty
        Get-Container -Before ([datetime]::Now.AddHours(-1)) | Should -BeNullOrEmpty
        Get-Container -Since ([datetime]::Now.AddHours(-1)) | Should -HaveCount 3
        (Get-Container -Latest).Name | Should -Be 'other'
    }

    It 'filters by volume and health, and counts bytes' {
        $check = New-ContainerHealthCheck true
        $mounts = 'data:/data', 'tmpfs:/scratch'
        $with = New-Container busybox -Name filtered -Mount $mounts -HealthCheck $check -Start sh `
            -ArgumentList '-c', 'dd if=/dev/zero of=/written bs=1024 count=2048; sleep 1000'
        (Get-Container -Volume data).Name | Should -Be 'filtered'
        (Get-Container -Volume '/scr*').Name | Should -Be 'filtered'
        Get-Container -Volume scratch | Should -BeNullOrEmpty
        $with | Wait-Container -Healthy -TimeoutSec 60
        (Get-Container -Health Healthy, Unhealthy).Name | Should -Be 'filtered'
        $with.Size | Should -BeNullOrEmpty
        Wait-Until { ($with | Get-Container -Size).Size -ge 2MB }
        (Get-Container web2 -Size).Size | Should -BeLessThan 1MB
        $with | Remove-Container -Force
        Remove-ContainerVolume data -Confirm:$false
    }

    It 'returns objects that say what they are' {
        $container = Get-Container web1
        $container | Should -BeOfType ([Container.Cmdlets.Objects.ContainerInfo])
        "$container" | Should -Be $container.Name
        $container.Image | Should -Be 'busybox'
        $container.ImageId | Should -Be $image.Id
        $container.ProcessId | Should -BeGreaterThan 0
        $container.UserNamespace | Should -Be 'Private'
        $container.Privileged | Should -BeFalse
        if ((id -u) -eq '0') { $container.IdRangeStart | Should -BeGreaterThan 65535 }
        else { $container.IdRangeStart | Should -BeNullOrEmpty }
        $container.ShortId | Should -Be $web.Id.Substring(0, 12)
        $container.Uptime | Should -BeGreaterThan ([timespan]::Zero)
        (Get-Container web2).Uptime | Should -BeNullOrEmpty
        (Get-Container web2).Label['team'] | Should -Be 'red'
        (Get-Container | Sort-Object).Name | Should -Be 'other', 'web1', 'web2'
    }

    It 'says ContainerNotFound for a literal name and goes on' {
        $found = Get-Container nothing, web1 -ErrorVariable problems -ErrorAction SilentlyContinue
        $found.Name | Should -Be 'web1'
        $problems | Should -HaveCount 1
        Get-ErrorId $problems[0] | Should -Be 'ContainerNotFound'
        $problems[0].FullyQualifiedErrorId | Should -Match ',Container.Cmdlets.Commands.GetContainerCommand$'
        $problems[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $problems[0].ErrorDetails.RecommendedAction | Should -Be 'Get-Container lists the containers there are.'
        $problems[0].TargetObject | Should -Be 'nothing'
    }

    It 'says SpecInvalid for one that is damaged, and goes on' {
        $bad = New-TestContainer damaged1
        $file = "$env:PSCONTAINER_STATE_ROOT/containers/$($bad.Id)/container.json"
        $kept = Get-Content $file -Raw
        Set-Content $file '{ "id": '
        $found = Get-Container -ErrorVariable problems -ErrorAction SilentlyContinue
        $found.Name | Should -Contain 'web1'
        $found.Name | Should -Not -Contain 'damaged1'
        $problems | Should -HaveCount 1
        Get-ErrorId $problems[0] | Should -Be 'SpecInvalid'
        $problems[0].ErrorDetails.RecommendedAction | Should -Match 'Repair-ContainerStorage'
        Set-Content $file $kept
        $bad | Remove-Container
    }

    It 'does not take a prefix that is too short, or that several share' {
        { Get-Container $web.Id.Substring(0, 2) -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerNotFound,*'
    }
}
