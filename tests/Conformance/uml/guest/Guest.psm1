<#
What the tests in the guest share. Its kernel maps no ids of memory file systems, so containers have the host's ids.
#>

Set-StrictMode -Version Latest

$script:Root = Split-Path (Split-Path (Split-Path (Split-Path $PSScriptRoot)))
$script:Runtime = $env:PSCONTAINER_RUNTIME ?? "$script:Root/artifacts/Container/bin/linux-x64/psrun"

function Test-Guest {
    [OutputType([bool])]
    param()

    Select-String -Quiet uml_exchange /proc/cmdline
}

function New-GuestState {
    [CmdletBinding(SupportsShouldProcess)]
    [OutputType([string])]
    param()

    $path = "/run/guest-$([guid]::NewGuid().ToString('n').Substring(0, 8))"
    if (-not $PSCmdlet.ShouldProcess($path, 'Create')) { return }
    [void](New-Item -ItemType Directory "$path/state", "$path/run", "$path/runtime")
    $env:PSCONTAINER_STATE_ROOT = "$path/state"
    $env:PSCONTAINER_RUN_ROOT = "$path/run"
    $env:PSCONTAINER_CONFIG_ROOT = "$path/configuration"
    $script:Path = $path
    Import-Module "$script:Root/artifacts/Container/Container.psd1" -Global
    New-GuestTree "$path/tree"
    $path
}

function New-GuestTree {
    [CmdletBinding(SupportsShouldProcess)]
    param([string] $Path)

    if (-not $PSCmdlet.ShouldProcess($Path, 'Create')) { return }
    [void](New-Item -ItemType Directory "$Path/bin", "$Path/dev", "$Path/proc", "$Path/sys")
    Copy-Item /bin/busybox "$Path/bin/busybox"
    foreach ($name in 'cat', 'dd', 'echo', 'mknod', 'sh', 'sleep', 'wc') { ln -s busybox "$Path/bin/$name" }
}

function New-GuestBundle {
    [CmdletBinding(SupportsShouldProcess)]
    [OutputType([string])]
    param([string] $Path, [Parameter(ValueFromRemainingArguments)] [string[]] $Command)

    if (-not $PSCmdlet.ShouldProcess($Path, 'Create')) { return }
    New-GuestTree "$Path/rootfs"
    psrun spec --bundle $Path
    $config = Get-Content "$Path/config.json" | ConvertFrom-Json -AsHashtable
    $config.process.terminal = $false
    $config.process.args = $Command
    $config.process.env = @('PATH=/bin')
    foreach ($set in 'bounding', 'effective', 'permitted') { $config.process.capabilities.$set += 'CAP_MKNOD' }
    $config.root.readonly = $false
    Set-Content "$Path/config.json" ($config | ConvertTo-Json -Depth 20)
    $Path
}

# The directory of a process in the only hierarchy.
function Get-CgroupPath {
    [OutputType([string])]
    param([Parameter(Mandatory)] [int] $ProcessId)

    '/sys/fs/cgroup' + ((Get-Content "/proc/$ProcessId/cgroup") -replace '^0::')
}

# The runtime, with a root of its own. Its end is the test's concern.
function Invoke-GuestRuntime { & $script:Runtime --root "$script:Path/runtime" @args }

Set-Alias psrun Invoke-GuestRuntime

# A container that stays would keep the pipe of its output open, and pwsh waits for the end of that.
function Start-GuestBundle {
    [CmdletBinding(SupportsShouldProcess)]
    param([string] $Bundle, [string] $Id)

    if (-not $PSCmdlet.ShouldProcess($Id, 'Start')) { return }
    sh -c 'exec "$0" "$@" < /dev/null > /dev/null 2>&1' $script:Runtime --root "$script:Path/runtime" run --detach `
        --bundle $Bundle $Id
}

Export-ModuleMember -Function *-* -Alias psrun
