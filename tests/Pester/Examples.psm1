<#
The examples of the pages in docs/en-US, and a shell in which they are tried.

An example is a block of powershell and, where it writes something, a block of output after it. What differs from run to
run (ids, times, sizes, numbers of three digits and more) stands there as it once was, and counts as equal; a line of three
dots stands for any lines, and three dots at the end of one for any rest of it.
#>

Set-StrictMode -Version Latest

# Each example has so long: all of them are quick where nothing else is done.
$script:Patience = 60

# What is written until somebody presses Ctrl+C is looked at for so long.
$script:Look = 2

function Get-HelpExample {
    [CmdletBinding()]
    param([Parameter(Mandatory, ValueFromPipeline)] [IO.FileInfo] $Page)

    process {
        $text = Get-Content $Page -Raw
        if ($Page.BaseName -like 'about_*') { return Get-AboutExample $Page $text }
        $section = [regex]::Match($text, '(?ms)^## EXAMPLES$(.*?)^## ').Groups[1].Value
        $number = 0
        foreach ($part in [regex]::Matches($section, '(?ms)^### (.+?)$(.*?)(?=^### |\z)')) {
            $output = [regex]::Match($part.Value, '(?ms)^```output\r?\n(.*?)^```$')
            [pscustomobject]@{
                Page   = $Page.BaseName
                Path   = $Page.FullName
                Number = ++$number
                Title  = $part.Groups[1].Value
                Code   = [regex]::Match($part.Value, '(?ms)^```powershell\r?\n(.*?)\r?\n```$').Groups[1].Value
                Shows  = $true
                Output = $output.Success ? $output.Groups[1].Value : ''
            }
        }
    }
}

# In the pages about something an example is an indented block, in which lines after a prompt are typed. What is not shown is
# no part of the example there.
function Get-AboutExample([IO.FileInfo] $Page, [string] $Text) {
    $number = 0
    foreach ($block in [regex]::Matches($Text, '(?m)(?:^    .+\n?)+')) {
        $lines = $block.Value.TrimEnd() -split '\n' | ForEach-Object { $_.Substring(4) }
        $typed = @($lines | Where-Object { $_.StartsWith('PS> ') } | ForEach-Object { $_.Substring(4) })
        if (-not $typed) { continue }
        $shown = @($lines | Where-Object { -not $_.StartsWith('PS> ') })
        [pscustomobject]@{
            Page   = $Page.BaseName
            Path   = $Page.FullName
            Number = ++$number
            Title  = $typed[0]
            Code   = $typed -join "`n"
            Shows  = [bool]$shown
            Output = $shown -join "`n"
        }
    }
}

# A shell with the module, in a directory and with a state of its own, in which nobody is asked.
function New-ExampleShell {
    [CmdletBinding(SupportsShouldProcess)]
    param([Parameter(Mandatory)] [string] $Module, [Parameter(Mandatory)] [string] $Work)

    if (-not $PSCmdlet.ShouldProcess($Work, 'Create')) { return }
    [void](New-Item -ItemType Directory -Path $Work)
    $shell = [runspacefactory]::CreateRunspace()
    $shell.Open()
    $begin = {
        param($Module, $Work)
        Import-Module $Module
        Set-Location $Work
        $global:ConfirmPreference = 'None'
        $global:PSStyle.OutputRendering = 'PlainText'
    }
    [void][powershell]::Create($shell).AddScript($begin).AddArgument($Module).AddArgument($Work).Invoke()
    $shell
}

# Runs a text in the shell; returns what it writes, as the console shows it, and its errors.
function Invoke-Example {
    [CmdletBinding()]
    param([Parameter(Mandatory)] $Shell, [Parameter(Mandatory)] [string] $Code, [switch] $Endless)

    $run = [powershell]::Create($Shell)
    try {
        [void]$run.AddScript($Code)
        if (-not $Endless) { [void]$run.AddCommand('Out-String').AddParameter('Width', 100) }
        $pending = $run.BeginInvoke()
        $ended = $pending.AsyncWaitHandle.WaitOne([timespan]::FromSeconds($Endless ? $script:Look : $script:Patience))
        $failure = $null
        $text = ''
        if (-not $ended) { $run.Stop() }
        try { if ($ended) { $text = $run.EndInvoke($pending) -join '' } }
        catch { $failure = $_.Exception.InnerException }
        $errors = @($run.Streams.Error | ForEach-Object { "$($_.FullyQualifiedErrorId): $_" })
        if ($failure) { $errors += "$failure" }
        if (-not $ended -and -not $Endless) { $errors += "it has not ended in $script:Patience seconds" }
        [pscustomobject]@{ Text = $text; Error = $errors }
    }
    finally { $run.Dispose() }
}

# The lines of an output without what differs from run to run.
function ConvertTo-Comparable {
    [CmdletBinding()]
    [OutputType([string[]])]
    param([AllowEmptyString()] [string] $Text)

    $text = $Text -replace '\x1b\[[0-9;]*m'
    foreach ($line in $text -split '\r?\n') {
        $line = $line -replace '(sha256:)?\b(?=[0-9a-f]*\d)[0-9a-f]{10,64}\b…?', '<id>'
        $line = $line -replace '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}', '<id>'
        $line = $line -replace '\d{4}-\d\d-\d\d[T ]\S+|\d{1,2}/\d{1,2}/\d{4} \d{1,2}:\d\d(:\d\d)?( [AP]M)?', '<time>'
        $line = $line -replace '\b(\d+\.)?\d+:\d\d:\d\d(\.\d+)?', '<time>'
        $line = $line -replace '\d+(\.\d+)? ?([KMGT]i?)?B\b', '<size>'
        $line = $line -replace '\d+ (milli)?(second|minute|hour|day)s? ago', '<time>'
        $line = $line -replace '\b\d+[smhd]\b', '<time>'
        $line = $line -replace '\b[a-z]+_[a-z]+\b', '<name>'
        $line = $line -replace '\b\d+\.\d+\b|\b\d[\d,]{2,}\b', '<number>'
        $line = ($line -replace '-{2,}', '-' -replace '\s+', ' ').Trim()
        if ($line) { $line }
    }
}

# Whether an output is the one that a page shows.
function Test-Output {
    [CmdletBinding()]
    [OutputType([bool])]
    param([AllowEmptyString()] [string] $Expected, [AllowEmptyString()] [string] $Text)

    $pattern = @(ConvertTo-Comparable $Expected) | ForEach-Object {
        $_ -eq '...' ? '(?:.*\n)*?' : ([regex]::Escape($_) -replace '\\\.\\\.\\\.$', '.*') + '\n'
    }
    $lines = @(ConvertTo-Comparable $Text) | ForEach-Object { "$_`n" }
    "$(-join $lines)" -cmatch "\A$(-join $pattern)\z"
}

# Writes into a page what an example has written.
function Update-Example {
    [CmdletBinding(SupportsShouldProcess)]
    param([Parameter(Mandatory)] $Example, [AllowEmptyString()] [string] $Text)

    if (-not $PSCmdlet.ShouldProcess($Example.Path)) { return }
    $lines = ($Text -split '\r?\n').TrimEnd() -join "`n"
    $block = $Text.Trim() ? "`n`n``````output`n$($lines.Trim("`n"))`n``````" : ''
    $page = Get-Content $Example.Path -Raw
    $code = [regex]::Escape("``````powershell`n$($Example.Code)`n``````")
    $at = "(?s)(?<=### $([regex]::Escape($Example.Title))`n`n)($code)(`n`n``````output`n.*?`n``````)?"
    Set-Content $Example.Path ([regex]::Replace($page, $at, { param($match) $match.Groups[1].Value + $block })) -NoNewline
}

Export-ModuleMember -Function *-*
