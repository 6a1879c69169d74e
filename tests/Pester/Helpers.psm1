<#
What the test files share: the module as it ships, a state of their own, and an image made of busybox alone.
#>

Set-StrictMode -Version Latest

$script:Root = Split-Path (Split-Path $PSScriptRoot)
$script:ModulePath = Join-Path $script:Root 'artifacts/Container/Container.psd1'

function Import-TestModule {
    [CmdletBinding()]
    param()

    if (-not (Test-Path $script:ModulePath)) { throw "Build first: there is no $script:ModulePath." }
    if (-not (Get-Module Container)) { Import-Module $script:ModulePath -Global }
}

# A directory below /tmp, not TestDrive, holds the state: TestDrive's own clean-up follows into what containers made.
function New-TestState {
    [CmdletBinding(SupportsShouldProcess)]
    [OutputType([string])]
    param()

    $path = "/tmp/pst-$([guid]::NewGuid().ToString('n').Substring(0, 12))"
    if (-not $PSCmdlet.ShouldProcess($path, 'Create')) { return }
    Import-TestModule
    [void](New-Item -ItemType Directory -Path "$path/state", "$path/run")
    $env:PSCONTAINER_STATE_ROOT = "$path/state"
    $env:PSCONTAINER_RUN_ROOT = "$path/run"
    $env:PSCONTAINER_CONFIG_ROOT = "$path/configuration"
    $path
}

function Remove-TestState {
    [CmdletBinding(SupportsShouldProcess)]
    param([string] $Path)

    if (-not $Path -or -not $PSCmdlet.ShouldProcess($Path, 'Remove')) { return }
    Get-Container | Remove-Container -Force -Confirm:$false
    Remove-Item -LiteralPath $Path -Recurse -Force
    Remove-Item Env:PSCONTAINER_STATE_ROOT, Env:PSCONTAINER_RUN_ROOT, Env:PSCONTAINER_CONFIG_ROOT
}

# One archive for all files of a run: making it takes longer than most tests.
function Get-BusyboxArchive {
    [CmdletBinding()]
    [OutputType([string])]
    param()

    $archive = "/tmp/pst-busybox-$(id -u).tar"
    if (Test-Path $archive) { return $archive }

    $tree = "/tmp/pst-tree-$([guid]::NewGuid().ToString('n'))"
    try {
        [void](New-Item -ItemType Directory -Path ('bin', 'dev', 'etc', 'proc', 'root', 'sys', 'tmp', 'var' |
                    ForEach-Object { "$tree/$_" }))
        Copy-Item /bin/busybox "$tree/bin/busybox"
        foreach ($applet in (/bin/busybox --list)) {
            if ($applet -ne 'busybox') {
                [void](New-Item -ItemType SymbolicLink -Path "$tree/bin/$applet" -Target busybox)
            }
        }
        Set-Content "$tree/etc/passwd" "root:x:0:0:root:/root:/bin/sh`nuser:x:1000:1000:user:/:/bin/sh"
        Set-Content "$tree/etc/group" "root:x:0:`nuser:x:1000:`nextra:x:2000:user"
        Set-Content "$tree/etc/plain" 'not a program'
        chmod 1777 "$tree/tmp"
        tar --numeric-owner --owner=0 --group=0 -C $tree -cf "$archive.$PID" .
        Move-Item "$archive.$PID" $archive -Force
    }
    finally {
        Remove-Item $tree -Recurse -Force
    }
    $archive
}

function Import-BusyboxImage {
    [CmdletBinding()]
    param([string] $Tag = 'busybox')

    ConvertTo-ContainerImage -LiteralPath (Get-BusyboxArchive) -Tag $Tag -Change 'CMD ["sh"]', 'ENV PATH=/bin'
}

# A container whose process ends at once when asked to.
function New-TestContainer {
    [CmdletBinding(SupportsShouldProcess)]
    param([string] $Name = "t$([guid]::NewGuid().ToString('n').Substring(0, 8))", [switch] $Start)

    if (-not $PSCmdlet.ShouldProcess($Name, 'Create')) { return }
    New-Container busybox -Name $Name sh -ArgumentList '-c', 'trap exit TERM; sleep 1000 & wait' -Start:$Start
}

# The names and content of every file of the state: equal before and after whatever changes nothing.
function Get-StateHash {
    [CmdletBinding()]
    [OutputType([string])]
    param()

    $files = find $env:PSCONTAINER_STATE_ROOT $env:PSCONTAINER_RUN_ROOT -printf '%p %y %m %l\n' | Sort-Object
    $roots = $env:PSCONTAINER_STATE_ROOT, $env:PSCONTAINER_RUN_ROOT
    $content = Get-ChildItem $roots -Recurse -File -Include *.json -Force | Sort-Object FullName | Get-FileHash |
        ForEach-Object Hash
    $bytes = [Text.Encoding]::UTF8.GetBytes((@($files) + @($content)) -join "`n")
    [Convert]::ToHexString([Security.Cryptography.SHA256]::HashData($bytes))
}

# Whether a process runs: one that has ended and that nobody has asked for yet does not.
function Test-ProcessAlive {
    [CmdletBinding()]
    [OutputType([bool])]
    param([Parameter(Mandatory)] [int] $Id)

    "$(Get-Content "/proc/$Id/stat" -ErrorAction Ignore)" -match '\) [^ZX]'
}

# The short form of an error's id, without the class.
function Get-ErrorId {
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [Management.Automation.ErrorRecord] $ErrorRecord)

    $ErrorRecord.FullyQualifiedErrorId.Split(',')[0]
}

# Why tests that start containers cannot run here; nothing where they can.
function Get-SkipReason {
    [CmdletBinding()]
    [OutputType([string])]
    param()

    if ((id -u) -ne '0') { return 'needs root' }
    $runtime = $env:PSCONTAINER_RUNTIME
    if (-not $runtime) { $runtime = "$script:Root/artifacts/Container/bin/linux-x64/psrun" }
    if (-not (Test-Path $runtime)) { return 'needs psrun' }
    if (-not (Test-Path /bin/busybox)) { return 'needs /bin/busybox (package busybox-static)' }
}

Export-ModuleMember -Function *-*
