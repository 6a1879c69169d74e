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
        $text | Should -Match 'Name +Image +State +Exit +Uptime +Command +ShortId'
        $text | Should -Match "web +busybox +Running +\d+s +sleep 1000 +$($web.ShortId)"
        $text | Should -Match 'failed +busybox +Exited +3 '
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
