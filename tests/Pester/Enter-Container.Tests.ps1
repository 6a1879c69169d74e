BeforeDiscovery {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    $skip = Get-SkipReason
    if (-not (Get-Command script -CommandType Application -ErrorAction Ignore)) { $skip = 'needs script(1)' }
}

BeforeAll {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    if (Get-SkipReason) { return }
    $state = New-TestState
    $image = Import-BusyboxImage
    $web = New-TestContainer web -Start
    $module = (Get-Module Container).Path -replace '[^/]+$', 'Container.psd1'
}

AfterAll { Remove-TestState $state }

Describe 'Enter-Container' -Skip:([bool]$skip) {
    It 'opens a shell at the terminal, passes Ctrl+C and the size on, and gives the terminal back' {
        $text = Invoke-AtTerminal 'Enter-Container web' @(
            '[#$] ', 'hostname\r', $web.ShortId, 'stty size\r', '30 100', 'echo sleeps; sleep 100\r', '^sleeps', '\003'
            '\^C', 'echo still h""ere\r', 'still here', 'exit 7\r')
        $text | Should -Match $web.ShortId
        $text | Should -Match '30 100'
        $text | Should -Match 'still here'
        $text | Should -Match 'code 7'
        $text | Should -Match '(?<!-)icanon'
    }

    It 'takes a shell, a user and variables' {
        $settings = '-Shell sh,-i -User user -Environment COLOR=blue -WorkingDirectory /tmp'
        $text = Invoke-AtTerminal "Get-Container web | Enter-Container $settings" @(
            '[#$] ', 'id -un; pwd; echo $COLOR\r', '^blue', 'exit\r')
        $text | Should -Match "(?m)^user`r?`n/tmp`r?`nblue"
    }

    It 'says NoTerminal where there is none' {
        $text = setsid --wait pwsh -NoProfile -Command @"
            Import-Module '$module'
            Enter-Container web -ErrorVariable e -ErrorAction SilentlyContinue
            `$e.FullyQualifiedErrorId
"@
        $text | Should -Be 'NoTerminal,Container.Cmdlets.Commands.EnterContainerCommand'
    }

    It 'says ContainerNotFound and ContainerNotRunning' {
        { Enter-Container nothing -ErrorAction Stop } | Should -Throw -ErrorId 'ContainerNotFound,*'
    }
}
