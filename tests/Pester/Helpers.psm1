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
    Remove-Tree $Path
    Remove-Item Env:PSCONTAINER_STATE_ROOT, Env:PSCONTAINER_RUN_ROOT, Env:PSCONTAINER_CONFIG_ROOT
}

# An ordinary user's containers leave files of ids that the user can only remove in a namespace that has them.
function Remove-Tree {
    [CmdletBinding(SupportsShouldProcess)]
    param([Parameter(Mandatory)] [string] $Path)

    if (-not $PSCmdlet.ShouldProcess($Path, 'Remove')) { return }
    if ((id -u) -eq '0') { Remove-Item -LiteralPath $Path -Recurse -Force }
    else { unshare --map-auto --map-root-user rm -rf -- $Path }
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
    $made = New-Container busybox -Name $Name sh -ArgumentList '-c', 'trap exit TERM; sleep 1000 & wait' -Start:$Start

    # Until the shell has its trap, a first process is not reached by the signal.
    $term = 0x4000
    if ($Start) {
        Wait-Until {
            $caught = (Get-Content "/proc/$($made.ProcessId)/status") -match '^SigCgt:' -replace '^SigCgt:\s*'
            [Convert]::ToUInt64("$caught", 16) -band $term
        }
    }

    $made
}

# The names and content of every file of the state: equal before and after whatever changes nothing.
function Get-StateHash {
    [CmdletBinding()]
    [OutputType([string])]
    param()

    # Nobody but a container's own root enters the place where an overlay works.
    $roots = $env:PSCONTAINER_STATE_ROOT, $env:PSCONTAINER_RUN_ROOT
    $files = find @roots -path '*/work/work' -prune -o -printf '%p %y %m %l\n' | Sort-Object
    $content = find @roots -path '*/work/work' -prune -o -type f -name '*.json' -print | Sort-Object | Get-FileHash |
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

# Starts a PowerShell and returns the process that is the shell: pwsh on PATH may be a launcher (a dotnet tool's is),
# whose child is the shell and goes on when the launcher is killed. To be ended with Stop-TestShell.
function Start-TestShell {
    [CmdletBinding(SupportsShouldProcess)]
    [OutputType([Diagnostics.Process])]
    param([Parameter(Mandatory)] [string] $Script)

    if (-not $PSCmdlet.ShouldProcess('pwsh', 'Start')) { return }
    $place = "/tmp/pst-shell-$([guid]::NewGuid().ToString('n'))"
    [void](New-Item -ItemType Directory $place)
    try {
        $code = "Set-Content '$place/new' `$PID; Rename-Item '$place/new' id; $Script"
        $started = Start-Process pwsh -PassThru -RedirectStandardOutput "$place/out" -ArgumentList @(
            '-NoProfile', '-NonInteractive', '-EncodedCommand',
            [Convert]::ToBase64String([Text.Encoding]::Unicode.GetBytes($code)))
        Wait-Until { $started.HasExited -or (Test-Path "$place/id") }
        Get-Process -Id (Get-Content "$place/id")
    }
    finally {
        Remove-Item $place -Recurse -Force
    }
}

function Stop-TestShell {
    [CmdletBinding(SupportsShouldProcess)]
    param([Parameter(Mandatory)] [Diagnostics.Process] $Shell)

    if (-not $PSCmdlet.ShouldProcess($Shell.Id, 'Stop')) { return }
    Stop-Process -Id $Shell.Id -Force -ErrorAction Ignore

    # Its locks are free when the last of its threads has ended, not with the first, which makes it a zombie.
    Wait-Until { -not (Test-Path "/proc/$($Shell.Id)") }
}

# Waits for what comes about soon, and on a busy machine later.
function Wait-Until {
    [CmdletBinding()]
    param([Parameter(Mandatory)] [scriptblock] $Condition)

    $watch = [Diagnostics.Stopwatch]::StartNew()
    while (-not (& $Condition)) {
        if ($watch.Elapsed.TotalSeconds -gt 60) { throw "In vain waited for: $Condition" }
        Start-Sleep -Milliseconds 20
    }
}

# What a person sees who runs a script at a terminal of 100 columns and types, when the screen shows what is waited for.
# The last lines are the exit code, and whether the terminal is as it was.
function Invoke-AtTerminal {
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [string] $Command,

        # What is waited for (grep -E), and what is then typed (printf), in turn. A screen that never shows it ends it.
        [Parameter(Mandatory)] [AllowEmptyString()] [string[]] $Dialogue
    )

    $place = "/tmp/pst-terminal-$([guid]::NewGuid().ToString('n'))"
    [void](New-Item -ItemType Directory $place)
    try {
        Set-Content "$place/run.ps1" @(
            "Import-Module '$script:ModulePath'", $Command, '"code $LASTEXITCODE"',
            'stty -a | grep -o -e -icanon -e icanon')
        $lines = for ($i = 0; $i -lt $Dialogue.Count; $i += 2) {
            "for i in `$(seq 600); do grep -Eq -- '$($Dialogue[$i])' screen 2> /dev/null && break; sleep 0.1; done"
            "sleep 0.2; printf '$($Dialogue[$i + 1])'"
        }
        $end = 'for i in $(seq 600); do grep -q icanon screen 2> /dev/null && break; sleep 0.1; done'
        Set-Content "$place/type.sh" (@("cd $place") + $lines + $end)
        $start = "stty cols 100 rows 30; pwsh -NoProfile -File $place/run.ps1"
        bash -c "bash $place/type.sh | timeout 120 script -qefc '$start' $place/screen" | Out-String
    }
    finally {
        Remove-Item $place -Recurse -Force
    }
}

# The first of the user's subordinate ids; nothing for root and for users without.
function Get-SubordinateStart {
    [CmdletBinding()]
    [OutputType([int])]
    param()

    $line = Select-String "^$(id -un):(\d+):" /etc/subuid -ErrorAction Ignore | Select-Object -First 1
    if ($line -and (id -u) -ne '0') { [int]$line.Matches[0].Groups[1].Value }
}

# What an id of a container's files is on this side. Root's layers and volumes are shown under other ids, a user's not.
function Get-HostId {
    [CmdletBinding()]
    [OutputType([int])]
    param([Parameter(Mandatory)] [int] $Id)

    $start = Get-SubordinateStart
    if ($null -eq $start) { $Id } elseif ($Id) { $start + $Id - 1 } else { [int](id -u) }
}

# The short form of an error's id, without the class.
function Get-ErrorId {
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [Management.Automation.ErrorRecord] $ErrorRecord)

    $ErrorRecord.FullyQualifiedErrorId.Split(',')[0]
}

# Whether containers can be limited and suspended: an ordinary user's where root gave the user control groups.
function Test-UserLimit {
    [CmdletBinding()]
    [OutputType([bool])]
    param()

    Import-TestModule
    -not (Test-ContainerHost -Detailed -Feature CgroupMemory, CgroupPids, CgroupCpu | Where-Object -Not Passed)
}

# Why tests that start containers cannot run here; nothing where they can. An ordinary user runs all of them, but those
# that say with a tag "NeedsRoot: reason" what they need root for, or with "NeedsLimits" that they need control groups.
function Get-SkipReason {
    [CmdletBinding()]
    [OutputType([string])]
    param()

    if ((id -u) -ne '0' -and -not (Get-SubordinateStart)) { return 'needs subordinate ids' }
    $runtime = $env:PSCONTAINER_RUNTIME
    if (-not $runtime) { $runtime = "$script:Root/artifacts/Container/bin/linux-x64/psrun" }
    if (-not (Test-Path $runtime)) { return 'needs psrun' }
    if (-not (Test-Path /bin/busybox)) { return 'needs /bin/busybox (package busybox-static)' }
}

# Why tests that make a user of their own cannot run here; nothing where they can.
function Get-UserSkipReason {
    [CmdletBinding()]
    [OutputType([string])]
    param()

    if ($skip = Get-SkipReason) { return $skip }
    $missing = 'useradd', 'userdel', 'setpriv', 'newuidmap', 'newgidmap' |
        Where-Object { -not (Get-Command $_ -CommandType Application -ErrorAction Ignore) }
    if ($missing) { "needs $missing" }
}

Export-ModuleMember -Function *-*
