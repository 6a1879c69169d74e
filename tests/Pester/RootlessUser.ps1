<#
A user who is made for one file of tests, and PowerShells of that user. BeforeAll sources this and then has $user, $uid,
$first (of the subordinate ids), $place (a directory with what ships and the user's run, other and home) and these
functions; Clear-RootlessUser belongs in AfterAll.
#>

$archive = Get-BusyboxArchive
$place = "/tmp/psu-$([guid]::NewGuid().ToString('n').Substring(0, 8))"
$user = "psu$([guid]::NewGuid().ToString('n').Substring(0, 8))"
[void](New-Item -ItemType Directory "$place/run", "$place/other", "$place/tree/own", "$place/tree/bin")

# Nobody but root can enter the source tree; what ships is what a user has.
Copy-Item (Join-Path $PSScriptRoot ../../artifacts/Container) "$place/Container" -Recurse
Copy-Item $archive "$place/busybox.tar"
Copy-Item /bin/busybox "$place/tree/bin/busybox"
Set-Content "$place/tree/own/file" content
chown -R 1000:1000 "$place/tree/own"
chmod 700 "$place/tree/own"
tar --numeric-owner -C "$place/tree" -cf "$place/owned.tar" .
chmod -R a+rX "$place/Container" $place/*.tar
useradd --home-dir "$place/home" --create-home --shell /bin/sh $user
$uid = [int](id -u $user)
$first = [int]((Select-String "^${user}:" /etc/subuid).Line -split ':')[1]
chown -R "${user}:" "$place/run" "$place/other"
chmod 700 "$place/run" "$place/other"

# One PowerShell for most of the tests: they say what it shall do, and where it has to stop to be looked at.
# With a group it is in that from its first moment, as what systemd starts is.
function Open-UserShell(
    [string] $Script, [string] $Run = "$place/run", [string[]] $Variable = @(), [string] $Group = '') {
    $start = [Diagnostics.ProcessStartInfo]::new($Group ? 'sh' : 'setpriv')
    $enter = $Group ? @('-c', "echo `$`$ > $Group/cgroup.procs; exec `"`$@`"", 'sh', 'setpriv') : @()
    $code = "`$ErrorActionPreference = 'Stop'; Import-Module $place/Container/Container.psd1; $Script"
    $words = $enter + @('--reuid', $user, '--regid', $user, '--init-groups', 'env', '-i', "PATH=$env:PATH",
        "HOME=$place/home", "XDG_RUNTIME_DIR=$Run", 'TERM=dumb', 'NO_COLOR=1') + $Variable
    $words + @('pwsh', '-NoProfile', '-NonInteractive', '-Command', $code) |
        ForEach-Object { $start.ArgumentList.Add($_) }
    $start.RedirectStandardInput = $start.RedirectStandardOutput = $start.RedirectStandardError = $true
    $start.WorkingDirectory = "$place/home"
    [Diagnostics.Process]::Start($start)
}

function Invoke-AsUser(
    [string] $Script, [string] $Run = "$place/run", [string[]] $Variable = @(), [string] $Group = '') {
    $shell = Open-UserShell $Script $Run $Variable $Group
    $errors = $shell.StandardError.ReadToEndAsync()
    $shell.StandardInput.Close()
    $text = $shell.StandardOutput.ReadToEnd() + $errors.Result
    $shell.WaitForExit()
    $text -split "`n" | Where-Object { $_ }
}

function Clear-RootlessUser {
    foreach ($id in @(ps -o pid= -U $user)) { Stop-Process -Id ([int]$id) -Force -ErrorAction Ignore }
    userdel $user 2>$null
    Remove-Item -LiteralPath $place -Recurse -Force
}
