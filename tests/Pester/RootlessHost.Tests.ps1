<#
The image host of an ordinary user: what is the user's is out of reach in it, wherever it lies.
#>

BeforeDiscovery {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    $skip = Get-UserSkipReason
    if (-not $skip -and (id -u) -ne '0') { $skip = 'needs root' }
    if (-not $skip -and -not (Test-Path /usr/bin/python3)) { $skip = 'needs python3' }
}

BeforeAll {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    if ((id -u) -ne '0' -or (Get-UserSkipReason)) { return }
    . "$PSScriptRoot/RootlessUser.ps1"

    # A directory that no list of names foresees, and one below a directory that is shown.
    $name = "psh$([guid]::NewGuid().ToString('n').Substring(0, 8))"
    $places = "/$name", "/opt/$name"
    groupadd "$name-g"
    usermod --append --groups "$name-g" $user
    foreach ($where in $places) {
        [void](New-Item -ItemType Directory "$where/own" -Force)
        Set-Content "$where/own/key" 'a key'
        Set-Content "$where/group" 'of the group'
        Set-Content "$where/readable" 'for everybody'
        chown -R "${user}:" "$where/own"
        chmod 700 "$where/own"
        chown "root:$name-g" "$where/group"
        chmod 640 "$where/group"
    }

    # A program of the user's that does what it is told: its socket is the user's.
    $server = "import socket,os`nfor p in ['$($places -join "','")']:`n" +
    " s=socket.socket(socket.AF_UNIX)`n s.bind(p+'/own/socket')`n s.listen()`n" +
    " s=socket.socket(socket.AF_UNIX)`n s.bind(p+'/open')`n s.listen()`n"
    chown "${user}:" $places
    setpriv --reuid $user --regid $user --init-groups /usr/bin/python3 -c $server
    $connect = 'import socket,sys
for p in sys.argv[1:]:
    try:
        socket.socket(socket.AF_UNIX).connect(p)
        print("connected", p)
    except ConnectionRefusedError:
        print("connected", p)
    except OSError as e:
        print("no")'
    Set-Content "$place/connect.py" $connect
    $files = ($places | ForEach-Object { "$_/own/key", "$_/group" }) -join ' '
    $sockets = ($places | ForEach-Object { "$_/own/socket", "$_/open" }) -join ' '

    $lines = Invoke-AsUser @'
        "files [$(Invoke-ContainerImage host sh '-c' 'cat FILES 2>/dev/null; :')]"
        "shown $(Invoke-ContainerImage host cat OPT/readable)"
        "top $(Invoke-ContainerImage host ls '-1' / | Sort-Object)"
        "connect $(Get-Content PLACE/connect.py -Raw | Invoke-ContainerImage host -Interactive /usr/bin/python3 '-' SOCKETS)"
        "state [$(Invoke-ContainerImage host sh '-c' "ls $HOME/.local $env:XDG_RUNTIME_DIR 2>/dev/null; :")]"
        $box = New-Container host -Name box -Volume vol:/vol -Start sleep 1000
        "map $(Invoke-ContainerCommand box cat /proc/self/uid_map)"
        "ids $(Invoke-ContainerCommand box id)"
        "outside $(Select-String '^(Uid|Groups):' "/proc/$($box.ProcessId)/status" | ForEach-Object Line)"
        "process $((Get-ContainerProcess box)[0].User)"
        'text' | Copy-ContainerItem -Destination /tmp/text -ToContainer box
        Copy-ContainerItem /etc/passwd /vol/copied -ToContainer box
        "copied $(Invoke-ContainerCommand box sh '-c' 'stat -c %u /tmp/text /vol/copied; echo more >> /tmp/text; echo v > /vol/v; cat /vol/v')"
        Copy-ContainerItem /tmp/text ./text -FromContainer box
        "back $(Get-Content ./text)"
        "writes $(Invoke-ContainerCommand box sh '-c' 'mkdir /made && ls -d /made; touch /usr/made 2>/dev/null || echo refused')"
        try { New-Container host -NetworkNamespace Container:box -Start true | Out-Null; 'joined host' } catch { "$_" }
        [void](ConvertTo-ContainerImage -Path PLACE/busybox.tar -Tag busybox -Change 'CMD ["sh"]', 'ENV PATH=/bin')
        try { New-Container busybox -NetworkNamespace Container:box true }
        catch { "mixed $($_.FullyQualifiedErrorId.Split(',')[0])" }
        Get-Container | Remove-Container -Force
        Get-ContainerVolume | Remove-ContainerVolume -Force
        Get-ContainerImage | Where-Object Name -NE host:latest | Remove-ContainerImage -Force
        "left $((Get-ChildItem "$HOME/.local/share/pscontainer/containers").Count)"
'@.Replace('FILES', $files).Replace('SOCKETS', $sockets).Replace('PLACE', $place).Replace('OPT', "/opt/$name")
}

AfterAll {
    if (-not $name) { return }
    Clear-RootlessUser
    groupdel "$name-g"
    Remove-Item $places -Recurse -Force
}

Describe 'The image host of an ordinary user' -Tag 'NeedsRoot: makes users' -Skip:([bool]$skip) {
    It 'has no file of the user or of the user''s groups' { $lines | Should -Contain 'files []' }

    It 'has what everybody may read' { $lines | Should -Contain 'shown for everybody' }

    It 'shows the system''s directories, and no others' {
        $top = ($lines -match '^top ') -replace '^top ' -split ' '
        $top | Should -Contain usr
        $top | Should -Contain etc
        $top | Where-Object { $_ -notin -split 'bin sbin lib lib32 lib64 libx32 usr etc opt nix gnu dev proc sys run tmp var root home' } |
            Should -BeNullOrEmpty
    }

    It 'reaches no socket of the user''s' {
        $sockets -split ' ' | ForEach-Object { stat -c %F $_ | Should -Be 'socket' }
        ($lines -match '^connect ') | Should -Be 'connect no no no no'
    }

    It 'has nothing of the module''s state' { $lines | Should -Contain 'state []' }

    It 'has a root that is the first subordinate id, without groups' {
        ($lines -match '^map ') -replace '\s+', ' ' | Should -Be 'map 0 1 65535'
        ($lines -match '^ids ') | Should -Match '^ids uid=0\S* gid=0\S* groups=0\S*$'
        ($lines -match '^outside ') -replace '\s+', ' ' -replace ' $' |
            Should -Be "outside Uid: $first $first $first $first Groups: $first"
        $lines | Should -Contain 'process 0'
    }

    It 'takes files and volumes, which are its root''s' {
        $lines | Should -Contain 'copied 0 0 v'
        $lines | Should -Contain 'back text more'
        $lines | Should -Contain 'writes /made refused'
    }

    It 'shares namespaces with its like alone' {
        $lines | Should -Contain 'joined host'
        $lines | Should -Contain 'mixed InvalidConfiguration'
    }

    It 'leaves nothing' { $lines | Should -Contain 'left 0' }
}

Describe 'The image host of a user without subordinate ids' -Tag 'NeedsRoot: makes users' -Skip:([bool]$skip) {
    BeforeAll {
        usermod --del-subuids "$first-$($first + 65535)" $user
        $lines = Invoke-AsUser @'
            try { Invoke-ContainerImage host true } catch { "refused $($_.FullyQualifiedErrorId.Split(',')[0])" }
            "asked $(Invoke-ContainerImage host -UserNamespace Host id '-u')"
            "left $(@(Get-Container).Count)"
'@
    }

    It 'is refused' { $lines | Should -Contain 'refused SubordinateIdsMissing' }

    It 'is there for who asks, with a warning' {
        $lines | Should -Contain 'asked 0'
        @($lines -match '^WARNING: Root of the container is you').Count | Should -Be 1
        $lines | Should -Contain 'left 0'
    }
}
