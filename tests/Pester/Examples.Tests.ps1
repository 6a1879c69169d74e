<#
Every example of every page does what the page says, on fixtures. EXAMPLES_UPDATE=1 writes what they wrote into the pages,
for a person to read.
#>

BeforeDiscovery {
    Import-Module "$PSScriptRoot/Helpers.psm1", "$PSScriptRoot/Examples.psm1" -Force
    $skip = Get-SkipReason
    $fixtures = & "$PSScriptRoot/ExampleFixtures.ps1"
    $only = $env:EXAMPLES_PAGE ?? '*'
    $pages = Get-ChildItem "$PSScriptRoot/../../docs/en-US/*.md" | Where-Object BaseName -Like $only | ForEach-Object {
        @{
            Page     = $_.BaseName
            Examples = @($_ | Get-HelpExample | ForEach-Object {
                    @{ Number = $_.Number; Title = $_.Title; Example = $_; Reason = $fixtures.Skip["$($_.Page) $($_.Number)"] }
                })
        }
    } | Where-Object { $_.Examples }
}

BeforeAll {
    Import-Module "$PSScriptRoot/Helpers.psm1", "$PSScriptRoot/Examples.psm1" -Force
    if (Get-SkipReason) { return }
    $fixtures = & "$PSScriptRoot/ExampleFixtures.ps1"
    $root = Split-Path (Split-Path $PSScriptRoot)
    $module = "$root/artifacts/Container/Container.psd1"

    # The images of all pages, made once: busybox with programs that other images would have.
    $template = New-TestState
    $archive = "$template/example.tar"
    $tree = "$template/tree"
    [void](New-Item -ItemType Directory $tree)
    tar -C $tree -xf (Get-BusyboxArchive)
    $programs = @{
        serve      = 'trap exit TERM QUIT; echo started; while :; do sleep 0.1; done'
        psql       = 'case "$1" in -c) echo 1;; *) while read line; do echo CREATE TABLE; done;; esac'
        pg_isready = 'exit 0'
        pg_dump    = 'echo "-- $1"'
        backup     = 'exit 0'
        make       = 'echo "make: Nothing to be done."'
        convert    = 'cat'
        nginx      = 'while :; do sleep 0.1; done'
        worker     = 'trap exit TERM USR1; while :; do sleep 0.1; done'
        migrate    = 'sleep 8'
    }
    foreach ($name in $programs.Keys) {
        Set-Content "$tree/bin/$name" "#!/bin/sh`n$($programs[$name])"
        chmod 755 "$tree/bin/$name"
    }

    tar --numeric-owner --owner=0 --group=0 -C $tree -cf $archive .
    $all = @{ LiteralPath = $archive }
    [void](ConvertTo-ContainerImage @all -Tag busybox -Change 'CMD ["sh"]', 'ENV PATH=/bin')
    [void](ConvertTo-ContainerImage @all -Tag app -Change 'CMD ["sleep", "1000"]', 'ENV PATH=/bin')
    $ready = '["sh", "-c", "echo database system is ready to accept connections; exec sleep 1000"]'
    [void](ConvertTo-ContainerImage @all -Tag postgres -Change "CMD $ready", 'ENV PATH=/bin')
    Add-ContainerImageTag app app:1, web-image, tools, build
}

AfterAll {
    if (-not (Test-Path variable:template)) { return }
    $env:PSCONTAINER_STATE_ROOT = "$template/state"
    $env:PSCONTAINER_RUN_ROOT = "$template/run"
    $env:PSCONTAINER_CONFIG_ROOT = "$template/configuration"
    Remove-TestState $template
}

Describe 'The examples of <Page>' -ForEach $pages -Skip:([bool]$skip) -Tag 'NeedsRoot: the pages show what is root''s' {
    BeforeAll {
        $state = New-TestState
        Remove-Item "$state/state"
        cp -a "$template/state" "$state/state"
        $shell = New-ExampleShell $module "$state/work"
        $shell.SessionStateProxy.SetVariable('archive', $archive)
        $begin = "$($fixtures.Functions)`n$(Get-Command Wait-Until | ForEach-Object { "function Wait-Until { $($_.Definition) }" })"
        $prepared = (Invoke-Example $shell $begin).Error
        if ($fixtures.Pages[$Page]) { $prepared += (Invoke-Example $shell "$($fixtures.Pages[$Page])").Error }
    }

    AfterAll {
        $shell.Dispose()
        Remove-TestState $state
    }

    It '<Number>: <Title>' -ForEach $Examples {
        if ($Reason) { Set-ItResult -Skipped -Because $Reason; return }
        $prepared | Should -BeNullOrEmpty
        $code = $Example.Code.Replace('/etc/systemd/system', "$state/work")
        $result = Invoke-Example $shell $code -Endless:("$Page $Number" -in $fixtures.Endless)
        $text = $result.Text.Replace("$state/work", '/home/me').Replace("$state/state", '/var/lib/pscontainer').
            Replace("$root/artifacts", '/usr/local/share/powershell/Modules').Replace("$state/run", '/run/pscontainer').Replace("$state/configuration", '/etc/pscontainer')
        $result.Error | Should -BeNullOrEmpty
        if (-not $Example.Shows) { return }
        if ($env:EXAMPLES_UPDATE -and -not (Test-Output $Example.Output $text)) { Update-Example $Example $text }
        else { Test-Output $Example.Output $text | Should -BeTrue -Because "it writes`n$text" }
    }
}
