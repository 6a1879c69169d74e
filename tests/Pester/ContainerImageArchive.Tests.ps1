<#
Images made of containers, named, looked into, written to archives and read from them; with skopeo and podman where
they are installed.
#>

BeforeDiscovery {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    $skip = Get-SkipReason
    $skopeo = [bool](Get-Command skopeo -ErrorAction Ignore)
}

BeforeAll {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    if (Get-SkipReason) { return }
    $state = New-TestState
    $busybox = Import-BusyboxImage
    function Invoke-Once([string] $Image, [string] $Script) {
        Invoke-ContainerImage $Image -ArgumentList sh, '-c', $Script
    }
    $script = 'echo made > /made; rm /etc/plain; rm -r /root; mkdir /root; ln -s /etc /link; chown 5:6 /made
        chmod 4755 /made; mkdir /keep; echo 1 > /keep/a; ln /keep/a /keep/b'
    $source = New-Container busybox -Name source -Environment @{ A = 'b' } -Start sh -ArgumentList '-c', $script
    [void]($source | Wait-Container)
    $change = 'CMD ["sh"]', 'LABEL x=y'
    $two = ConvertTo-ContainerImage -Name source -Tag two:1 -Author me -Message 'two layers' -Change $change
    # What both images show inside, to compare.
    $look = 'cat /made; stat -c "%u:%g %a" /made; ls /etc/plain 2>/dev/null; readlink /link; stat -c %h /keep/b
        ls /root'
    $seen = Invoke-Once two:1 $look
}

AfterAll { Remove-TestState $state }

Describe 'ConvertTo-ContainerImage' -Skip:([bool]$skip) {
    It 'adds a layer of what the container changed' {
        $seen | Should -Be 'made', '5:6 4755', '/etc', '2'
        $two.Layer | Should -HaveCount 2
        $two.Layer[0] | Should -Be $busybox.Layer[0]
        $two.Label['x'] | Should -Be 'y'
        $two.Command | Should -Be 'sh'
        $two.Environment | Should -Contain 'A=b'
    }

    It 'makes one layer with -Squash, and none where nothing changed' {
        $one = $source | ConvertTo-ContainerImage -Tag one:1 -Squash
        $one.Layer | Should -HaveCount 1
        Invoke-Once one:1 $look | Should -Be $seen
        $made = New-Container busybox -Name unchanged
        ($made | Select-Object Id | ConvertTo-ContainerImage).Layer | Should -HaveCount 1
    }

    It 'pauses a container that runs, and lets it go on' {
        $made = New-TestContainer live -Start
        'live' | ConvertTo-ContainerImage -Tag live:1 | Should -Not -BeNullOrEmpty
        (Get-Container live).State | Should -Be 'Running'
        (ConvertTo-ContainerImage live -Pause:$false).Id | Should -Not -BeNullOrEmpty
        $made | Remove-Container -Force
    }

    It 'can be mounted, several layers too' {
        $mount = 'type=image,source=two:1,target=/i'
        Invoke-ContainerImage busybox -Mount $mount -ArgumentList cat, /i/made | Should -Be 'made'
    }

    It 'says <Id>' -ForEach @(
        @{ Id = 'ContainerNotFound'; With = @{ Name = 'none' } }
        @{ Id = 'InvalidReference'; With = @{ Name = 'source'; Tag = 'host:latest' } }
        @{ Id = 'InvalidConfiguration'; With = @{ Name = 'source'; Change = 'WHAT x' } }
    ) {
        { ConvertTo-ContainerImage @With -ErrorAction Stop } | Should -Throw -ErrorId "$Id,*"
    }
}

Describe 'Tags and history' -Skip:([bool]$skip) {
    It 'adds and takes names' {
        Add-ContainerImageTag two:1 two:new, other/two | Should -BeNullOrEmpty
        (Get-ContainerImage two:new).Id | Should -Be $two.Id
        (Get-ContainerImage other/two).Reference | Should -HaveCount 3
        { Add-ContainerImageTag busybox two:new -ErrorAction Stop } | Should -Throw -ErrorId 'ImageExists,*'
        ($busybox | Add-ContainerImageTag -Tag two:new -Force -PassThru).Id | Should -Be $busybox.Id
        Remove-ContainerImageTag busybox two:new
        $two | Remove-ContainerImageTag -Tag other/two
        (Get-ContainerImage two:1).Reference | Should -Be 'two:1'
        { Remove-ContainerImageTag two:1 none:1 -ErrorAction Stop } | Should -Throw -ErrorId 'ImageNotFound,*'
        { Add-ContainerImageTag host h:1 -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidReference,*'
    }

    It 'changes nothing with -WhatIf' {
        $before = (Get-ContainerImage | Sort-Object Name).Reference
        Add-ContainerImageTag two:1 what:1 -WhatIf
        Remove-ContainerImageTag two:1 two:1 -WhatIf
        ConvertTo-ContainerImage -Name source -Tag what:2 -WhatIf
        Export-ContainerImage two:1 "$state/what.tar" -WhatIf
        (Get-ContainerImage | Sort-Object Name).Reference | Should -Be $before
        Test-Path "$state/what.tar" | Should -BeFalse
    }

    It 'tells how an image was made, the newest first' {
        $steps = Get-ContainerImageHistory two:1
        $steps | Should -HaveCount 2
        $steps[0].Comment | Should -Be 'two layers'
        $steps[0].Author | Should -Be 'me'
        $steps.Digest | Should -Be $two.Layer[1, 0]
        $steps[1].Size | Should -BeGreaterThan 100KB
        ($two | Get-ContainerImageHistory).Image | Select-Object -Unique | Should -Be $two.Id
    }
}

Describe 'Test-ContainerImage -Integrity' -Skip:([bool]$skip) {
    It 'sees a layer that was changed' {
        Test-ContainerImage two:1, host -Integrity | Should -Be $true, $true
        Test-ContainerImage two:1 -Digest $two.Digest | Should -BeTrue
        Test-ContainerImage two:1 -Digest "sha256:$('0' * 64)" | Should -BeFalse
        $layer = $two.Layer[1] -replace '^sha256:'
        $file = "$env:PSCONTAINER_STATE_ROOT/images/layers/$layer/tree/keep/a"
        Set-Content $file 2 -NoNewline
        Test-ContainerImage two:1 -Integrity -WarningAction SilentlyContinue | Should -BeFalse
        Set-Content $file 1
        Test-ContainerImage two:1 -Integrity | Should -BeTrue
    }
}

Describe 'Export- and Import-ContainerImage: <Format>, <Compression>' -Skip:([bool]$skip) -ForEach @(
    @{ Format = 'OciArchive'; Compression = 'None' }
    @{ Format = 'OciArchive'; Compression = 'Gzip' }
    @{ Format = 'OciLayout'; Compression = 'Gzip' }
    @{ Format = 'OciArchive'; Compression = 'Zstd' }
    @{ Format = 'DockerArchive'; Compression = 'None' }
    @{ Format = 'DockerArchive'; Compression = 'Gzip' }
    @{ Format = 'DockerArchive'; Compression = 'Zstd' }
) {
    It 'brings images back under the same ids and names' {
        $path = "$state/$Format-$Compression"
        $file = Export-ContainerImage two:1, busybox $path -Format $Format -Compression $Compression
        $file.FullName | Should -Be $path
        $old = $env:PSCONTAINER_STATE_ROOT
        $env:PSCONTAINER_STATE_ROOT = "$state/other-$Format-$Compression"
        try {
            $read = Import-ContainerImage $path
            $read.Id | Should -Be $two.Id, $busybox.Id
            $read.Name | Should -Be 'two:1', 'busybox:latest'
            Test-ContainerImage two:1, busybox -Integrity | Should -Be $true, $true
            Invoke-Once two:1 $look | Should -Be $seen
        }
        finally { $env:PSCONTAINER_STATE_ROOT = $old }
    }
}

Describe 'Other programs' -Tag 'NeedsRoot: skopeo unpacks with chown' -Skip:([bool]$skip -or -not $skopeo) {
    It 'read what is exported, and write what is imported' {
        Export-ContainerImage two:1 "$state/oci.tar" | Should -Not -BeNullOrEmpty
        $copy = 'copy', '--quiet', '--insecure-policy'
        skopeo @copy "oci-archive:$state/oci.tar" "docker-archive:$state/docker.tar:three:3" 2>&1 |
            Should -BeNullOrEmpty
        $made = Import-ContainerImage "$state/docker.tar"
        $made.Id | Should -Be $two.Id
        $made.Reference | Should -Contain 'docker.io/library/three:3'
        Export-ContainerImage two:1 "$state/d2.tar" -Format DockerArchive | Should -Not -BeNullOrEmpty
        skopeo @copy "docker-archive:$state/d2.tar" "oci:$state/layout:x:1" 2>&1 | Should -BeNullOrEmpty
        (Import-ContainerImage "$state/layout" -Tag five:1).Layer | Should -Be $two.Layer
        skopeo @copy "oci:$state/layout:x:1" "dir:$state/dir" 2>&1 | Should -BeNullOrEmpty
        (Import-ContainerImage "$state/dir" -Tag six:1).Layer | Should -Be $two.Layer
    }
}

Describe 'A name that another image has' -Skip:([bool]$skip) {
    It 'moves with a warning' {
        Export-ContainerImage busybox "$state/moves.tar" | Should -Not -BeNullOrEmpty
        Add-ContainerImageTag two:1 moved:1
        $made = Import-ContainerImage "$state/moves.tar" -Tag moved:1 -WarningVariable said -WarningAction Ignore
        $made.Id | Should -Be $busybox.Id
        "$said" | Should -Match $two.Id.Substring(0, 12)
        $job = Import-ContainerImage "$state/moves.tar" -Tag moved:1 -AsJob | Wait-Job
        $job.Warning | Should -HaveCount 0
        Remove-ContainerImageTag busybox moved:1
        $job | Remove-Job
    }
}

Describe 'What is refused' -Skip:([bool]$skip) {
    BeforeAll {
        [void](Export-ContainerImage two:1 "$state/layout2" -Format OciLayout)
        function Copy-Layout([string] $Name) { cp -r "$state/layout2" "$state/$Name"; "$state/$Name" }
    }

    It 'content that is not what its digest says' {
        $layout = Copy-Layout changed
        $blob = Get-ChildItem "$layout/blobs/sha256" | Sort-Object Length | Select-Object -First 1
        Add-Content $blob.FullName ' '
        { Import-ContainerImage $layout -Tag bad:1 -ErrorAction Stop } | Should -Throw -ErrorId 'DigestMismatch,*'
        Test-ContainerImage bad:1 | Should -BeFalse
    }

    It 'a digest that is a path' {
        $layout = Copy-Layout traversal
        $index = Get-Content "$layout/index.json" -Raw
        $index -replace 'sha256:[0-9a-f]{64}', 'sha256:../../../../etc/passwd' | Set-Content "$layout/index.json"
        { Import-ContainerImage $layout -ErrorAction Stop } | Should -Throw -ErrorId 'DigestMismatch,*'
    }

    It 'a document that is both index and manifest' {
        $layout = Copy-Layout both
        $body = '{"schemaVersion":2,"config":{"digest":"x"},"layers":[],"manifests":[]}'
        $hash = [Convert]::ToHexString([Security.Cryptography.SHA256]::HashData([Text.Encoding]::UTF8.GetBytes($body)))
        [IO.File]::WriteAllText("$layout/blobs/sha256/$($hash.ToLower())", $body)
        "{`"manifests`":[{`"digest`":`"sha256:$($hash.ToLower())`",`"size`":1}]}" | Set-Content "$layout/index.json"
        { Import-ContainerImage $layout -ErrorAction Stop } | Should -Throw -ErrorId 'ArchiveInvalid,*'
    }

    It 'a name that is the built-in image''s, and a file that is there' {
        { Import-ContainerImage "$state/layout2" -Tag host -ErrorAction Stop } |
            Should -Throw -ErrorId 'InvalidReference,*'
        { Export-ContainerImage two:1 "$state/layout2" -Format OciLayout -ErrorAction Stop } |
            Should -Throw -ErrorId 'PathExists,*'
        { Export-ContainerImage two:1 $state -Format OciLayout -Force -ErrorAction Stop } |
            Should -Throw -ErrorId 'PathExists,*'
        { Export-ContainerImage host "$state/h.tar" -ErrorAction Stop } |
            Should -Throw -ErrorId 'InvalidConfiguration,*'
    }

    It 'a gzip archive <What>' -ForEach @(@{ What = 'that is cut off' }, @{ What = 'with a wrong checksum' }) {
        $bytes = [IO.MemoryStream]::new()
        $zip = [IO.Compression.GZipStream]::new($bytes, [IO.Compression.CompressionLevel]::Fastest, $true)
        $zip.Write([IO.File]::ReadAllBytes((Get-BusyboxArchive)))
        $zip.Dispose()
        $content = $bytes.ToArray()
        if ($What -eq 'that is cut off') { $content = $content[0..($content.Length - 7)] }
        else { $content[$content.Length - 6] = $content[$content.Length - 6] -bxor 1 }
        [IO.File]::WriteAllBytes("$state/cut.tgz", $content)
        { Import-ContainerImage "$state/cut.tgz" -Tag cut -ErrorAction Stop } |
            Should -Throw -ErrorId 'ArchiveInvalid,*'
        Test-ContainerImage cut | Should -BeFalse
    }
}
