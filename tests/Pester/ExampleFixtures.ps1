<#
What the examples of a page find: run in their shell, in their directory, before the first of them. They may come one after
the other, as a reader would type them.
#>
@{
    Functions = {
        # A container that runs until it is asked to end: then it listens to signals already.
        function Start-Example {
            param([string] $Name, [string] $Script, [hashtable] $With = @{})
            $command = $Script ? @{ Command = 'sh'; ArgumentList = '-c', $Script } : @{ Command = 'serve' }
            $made = New-Container busybox @With @command -Name $Name -Start
            if ($Script) { $made } else { $made | Wait-Container -LogPattern started -TimeoutSec 60 -PassThru }
        }

        # One that writes the same again and again, so that whoever looks finds it from any moment on.
        function Start-Repeating {
            param([string] $Name, [string] $Script, [hashtable] $With = @{})
            Start-Example $Name "trap exit TERM; while :; do $Script; sleep 0.2; done" $With
        }

        # One that ends and begins again every second.
        function Start-Returning {
            param([string] $Name)
            Start-Example $Name 'sleep 1' -With @{ RestartPolicy = 'Always' }
        }

        # One that has ended.
        function Complete-Example {
            param([string] $Name, [string] $Script = 'echo done')
            Start-Example $Name $Script | Wait-Container -ErrorAction Ignore
        }

        # A person who types a password.
        function Read-Host {
            param([switch] $AsSecureString)
            if ($AsSecureString) { ConvertTo-SecureString 'secret' -AsPlainText -Force } else { 'secret' }
        }

        function systemctl { }

        # What debootstrap makes, smaller.
        function debootstrap {
            New-Item -ItemType Directory ./tree | Out-Null
            tar -C ./tree -xf $archive
        }
    }

    # Pages without a line here find nothing but the images.
    Pages     = @{
        'about_Container'           = { Start-Example db }
        'about_Container_Commands'  = {
            Start-Example web; Start-Example db
            New-Container host -Name box -Start sleep 100
            Set-Content names.txt 'carol', 'alice'
            sh -c 'echo insert | gzip > dump.gz'
        }
        'about_Container_Images'    = { zstd -q $archive -o rootfs.tar.zst; Copy-Item $archive ./app.tar }
        'Clear-ContainerStorage'    = { Complete-Example job1; Complete-Example job2; New-ContainerVolume data }
        'Connect-Container'         = { Start-Repeating web 'echo fine; echo an error' }
        'ConvertTo-ContainerImage'  = { Copy-Item $archive ./rootfs.tar }
        'ConvertTo-ContainerUnit'   = { Start-Example web1 }
        'Copy-Container'            = { Start-Example web }
        'Copy-ContainerItem'        = {
            Start-Example web 'mkdir -p /var/log /srv; echo one > /var/log/a.log; echo two > /var/log/b.log; trap exit TERM; while :; do sleep 0.1; done'
            mkdir site
            Set-Content ./site/index.html '<html/>'
            Set-Content ./data.bin ([byte[]](1..9)) -AsByteStream
            Set-Content ./one.json '{}'
            Set-Content ./two.json '{}'
            Wait-Container web -Path /var/log/b.log -PassThru
        }
        'Export-Container'          = { Complete-Example web }
        'Export-ContainerImage'     = { Add-ContainerImageTag app:1 db:1 }
        'Export-ContainerVolume'    = { New-ContainerVolume data }
        'Get-Container'             = {
            Start-Example web -With @{ Label = @{ team = 'red'; tier = 'front' }; Memory = 64MB }
            Start-Example db -With @{ Memory = 128MB }
            Complete-Example job
        }
        'Get-ContainerChange'       = { Complete-Example web 'echo new > /etc/made; rm /etc/plain; echo x >> /etc/group' }
        'Get-ContainerEvent'        = { Start-Example web 'exit 3' | Wait-Container -ErrorAction Ignore }
        'Get-ContainerLog'          = {
            Start-Example web 'echo GET /index; echo an error >&2; for i in 1 2 3; do echo GET /page$i; done; sleep 1'
            Wait-Container web -LogPattern page3 -PassThru
        }
        'Get-ContainerProcess'      = {
            Start-Example web 'trap exit TERM; nginx & wait'
            Wait-Until { Get-ContainerProcess web -ProcessName nginx }
        }
        'Get-ContainerSecret'       = { New-ContainerSecret db (Read-Host -AsSecureString) }
        'Get-ContainerVolume'       = { New-ContainerVolume data -Label @{ team = 'db1' }; New-ContainerVolume cache; New-Container busybox -Name web -Volume data:/data }
        'Get-ContainerImage'        = { Add-ContainerImageTag app:1 registry.example.com/app:1 }
        'Import-ContainerImage'     = { zstd -q $archive -o rootfs.tar.zst; Export-ContainerImage app:1 app.tar }
        'Import-ContainerVolume'    = {
            New-ContainerVolume old; Export-ContainerVolume old ./data.tar; Export-ContainerVolume old ./data.tar.gz -Compression Gzip
        }
        'Initialize-Container'      = { New-Container busybox -Name web sleep 100; 1..2 | ForEach-Object { New-Container busybox -Name "job$_" sleep 100 } }
        'Invoke-ContainerCommand'   = {
            Start-Example web; Start-Example web2; Start-Example db
            New-Container host -Name box -Start sleep 100
            Set-Content dump.sql 'create table a (b int);', 'create table c (d int);'
        }
        'Invoke-ContainerImage'     = {
            Set-Content names.txt 'carol', 'alice', 'bob', 'alice'
            Set-Content photo.jpg ([byte[]](1..9)) -AsByteStream
        }
        'Measure-Container'         = { Start-Example web; Start-Example db }
        'Measure-ContainerStorage'  = { Complete-Example web }
        'New-Container'             = { mkdir data }
        'New-ContainerMount'        = { mkdir site }
        'New-ContainerSecret'       = { Set-Content server.key 'key'; $env:DB_PASSWORD = 'secret' }
        'New-ContainerSpec'         = { New-Container busybox -Name web1 sleep 100; mkdir bundle }
        'Register-ContainerEvent'   = { Start-Returning job }
        'Remove-Container'          = { Complete-Example job; Start-Example web; Start-Example test1 }
        'Remove-ContainerImage'     = { Add-ContainerImageTag app:1 test/app:1, other:1 }
        'Remove-ContainerImageTag'  = { Add-ContainerImageTag app:1 app:1.2, app:old, app:older }
        'Remove-ContainerSecret'    = { 'db', 'test-1' | ForEach-Object { New-ContainerSecret $_ (Read-Host -AsSecureString) } }
        'Remove-ContainerVolume'    = { 'data', 'cache', 'test-1' | ForEach-Object { New-ContainerVolume $_ } }
        'Rename-Container'          = { Start-Example web }
        'Restart-Container'         = { Start-Example web }
        'Resume-Container'          = { Start-Example web; Start-Example db; Suspend-Container web, db }
        'Send-ContainerSignal'      = {
            Start-Example nginx 'trap "" HUP; trap exit TERM; echo ready; while :; do sleep 0.1; done'
            Start-Example web 'trap exit TERM; worker & wait'
            Wait-Until { Get-ContainerProcess web -ProcessName worker }
        }
        'Set-Container'             = { Start-Example web -With @{ Label = @{ team = 'red' } } }
        'Start-Container'           = {
            New-Container busybox -Name web sleep 100
            Start-Example old | Stop-Container
            New-Container busybox -Name job sh '-c' 'echo working; echo done'
        }
        'Start-ContainerProcess'    = { Start-Example web; Start-Example db }
        'Stop-Container'            = { 'web', 'test1', 'nginx' | ForEach-Object { Start-Example $_ } }
        'Stop-ContainerProcess'     = {
            Start-Example web 'sleep 1000 & worker & worker & while :; do sleep 0.1; done'
            Wait-Until { @(Get-ContainerProcess web -ProcessName worker).Count -eq 2 }
        }
        'Suspend-Container'         = { Start-Example web; Start-Example db }
        'Test-Container'            = { New-Container busybox -Name web sleep 100 }
        'Test-ContainerHealth'      = { Start-Example web -With @{ HealthCheck = New-ContainerHealthCheck 'true' } }
        'Test-ContainerSpec'        = { mkdir bundle; New-ContainerSpec -Path ./bundle }
        'Test-ContainerImage'       = { Export-ContainerImage app:1 app.tar; Remove-ContainerImage app:1 -Force }
        'Use-Container'             = { New-Container busybox -Name tmp1 echo hello }
        'Wait-Container'            = {
            New-Container busybox -Name web sh '-c' 'echo ready; exec httpd -f -p 8080'
            'runner1', 'runner2', 'runner3' | ForEach-Object { Start-Example $_ "sleep $($_[-1])" }
            Start-Example db
        }
        'Wait-ContainerProcess'     = {
            Start-Example web
            Start-ContainerProcess web migrate
        }
        'Watch-ContainerEvent'      = { Start-Returning job1 }
    }

    # What cannot be tried, and why.
    Skip      = @{
        'Connect-Container 1'      = 'needs somebody at a terminal: Connect-Container.Tests'
        'Connect-Container 2'      = 'needs somebody at a terminal: Connect-Container.Tests'
        'Enter-Container 1'        = 'needs somebody at a terminal: Enter-Container.Tests'
        'Enter-Container 2'        = 'needs somebody at a terminal: Enter-Container.Tests'
        'New-ContainerVolume 3'    = 'needs a file system with project quotas: the v2 guest has one'
        'Remove-ContainerSecret 3' = 'asks a person'
    }

    # What goes on until Ctrl+C.
    Endless   = @('Watch-ContainerEvent 1')
}
