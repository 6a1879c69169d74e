BeforeDiscovery {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    $skip = Get-SkipReason
}

BeforeAll {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    if (Get-SkipReason) { return }
    $state = New-TestState
    $image = Import-BusyboxImage
    $web = New-Container busybox -Name web -Start sleep 1000
    $failed = New-Container busybox -Name failed -Start sh '-c' 'echo hello; exit 3'
    [void]($failed | Wait-Container)
    $PSStyle.OutputRendering = 'PlainText'
}

AfterAll { Remove-TestState $state }

Describe 'Views' -Skip:([bool]$skip) {
    It 'shows containers as a table' {
        $text = Get-Container | Out-String -Width 120
        $text | Should -Match 'ShortId +Name +Image +State +Status +Uptime +Command'
        $text | Should -Match "$($web.ShortId) +web +busybox +Running +\d+s +sleep 1000"
        $text | Should -Match 'failed +busybox +Exited +Exit 3 '
    }

    It 'says the same of the state as the property, and of health in a column of its own' {
        $ill = New-Container busybox -Name ill -HealthCheck (New-ContainerHealthCheck -IntervalSec 0.1 -Retries 1 false) `
            -Start sleep 1000
        $ill | Wait-Container -Condition { $_.Health -eq 'Unhealthy' } -TimeoutSec 60
        $now = Get-Container ill
        $now.State, $now.Status, $now.Health | Should -Be 'Running', 'Unhealthy', 'Unhealthy'
        $now | Out-String -Width 120 | Should -Match 'ill +busybox +Running +Unhealthy +\d+s '
        $ill | Remove-Container -Force
        (Get-Container web).Status | Should -BeNullOrEmpty
        (Get-Container failed).Status | Should -Be 'Exit 3'
    }

    It 'keeps the short id where a line is 80 long, whatever the names are' {
        $long = New-Container busybox -Name "a-container-of-a-rather-long-name-$('x' * 20)" `
            sh '-c' 'echo a command that is longer than any line of a terminal can be; exec sleep 1000'
        foreach ($made in $long, $web) { Get-Container | Out-String -Width 80 | Should -Match $made.ShortId }
        $long | Remove-Container
    }

    It 'has no page of nothing in the JSON and the list of a container, and words for enumerations' {
        $made = New-Container busybox -Name worded -Volume '/usr:/u:ro' -Tmpfs /scratch -NetworkNamespace Host true
        $json = $made | ConvertTo-Json
        $back = $json | ConvertFrom-Json
        $back.State, $back.Health, $back.NetworkNamespace | Should -Be 'Created', 'None', 'Host'
        $back.Mount.Type | Should -Be 'Bind', 'Tmpfs'
        $back.PSObject.Properties.Name | Should -Not -Contain 'Configuration'
        @($json -split "`n" -match ': null').Count | Should -BeLessThan 18
        $list = $made | Format-List * | Out-String -Width 200
        $list | Should -Not -Match 'RootFsPath|= ,'
        "$($made.Configuration)" | Should -Match '^Image=busybox; Name=worded; '
        $made.Configuration.Image | Should -Be 'busybox'
        $made.Configuration.NetworkNamespace.Kind | Should -Be 'Host'
        (New-ContainerConfiguration busybox -Mount $made.Mount).Mount | Should -Be $made.Configuration.Mount
        $made.Mount | Out-String | Should -Match 'Bind +True +/u +/usr'
        $made | Remove-Container
    }

    It 'shows one as a list' {
        $text = $web | Format-List | Out-String
        $text | Should -Match "Id +: $($web.Id)"
        $text | Should -Match 'UserNamespace +: Private'
    }

    It 'shows images as table, list and wide' {
        $row = "busybox +latest +$($image.ShortId) +\d{4}-\d\d-\d\d \d\d:\d\d +[\d.]+ (KB|MB)"
        $image | Out-String | Should -Match $row
        $image | Format-List | Out-String | Should -Match 'Command +: \{sh\}'
        $image | Format-Wide | Out-String | Should -Match 'busybox:latest'
    }

    It 'shows logs, processes, results, the host and its checks' {
        $failed | Get-ContainerLog | Out-String |
            Should -Match 'Container: failed[\s\S]+\d\d:\d\d:\d\d\.\d+ +Stdout +hello'
        $web | Get-ContainerProcess | Out-String | Should -Match 'Container: web[\s\S]+HostId[\s\S]+sleep 1000'
        Invoke-ContainerCommand web -PassThru echo hi | Out-String | Should -Match 'web +echo hi +0 +[\d.]+ s +hi'
        Get-ContainerHost | Out-String | Should -Match 'KernelRelease +: '
        Test-ContainerHost -Detailed | Out-String | Should -Match 'Name +Passed +Required +Detail'
    }

    It 'colours the state only where the terminal can' {
        $PSStyle.OutputRendering = 'Ansi'
        try { $text = Get-Container web | Out-String }
        finally { $PSStyle.OutputRendering = 'PlainText' }
        if ($Host.UI.SupportsVirtualTerminal) { $text | Should -Match ([regex]::Escape("`e[")) }
        (Get-Container web | Out-String) | Should -Not -Match ([regex]::Escape("`e["))
    }
}
