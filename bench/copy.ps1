#!/usr/bin/env pwsh
<#
.SYNOPSIS
How fast Copy-ContainerItem is, both ways: one file and a tree of many, a container that runs and one that does not.
.EXAMPLE
pwsh -NoProfile -File bench/copy.ps1
#>
[CmdletBinding()]
param(
    [ValidateRange(1, 64)] [int] $Runs = 3,
    [string] $Module = "$PSScriptRoot/../artifacts/Container/Container.psd1"
)

$ErrorActionPreference = 'Stop'
$place = "/tmp/container-copy-$([guid]::NewGuid().ToString('n').Substring(0, 8))"
$env:PSCONTAINER_STATE_ROOT = "$place/state"
$env:PSCONTAINER_RUN_ROOT = "$place/run"
Import-Module $Module

function Measure-Copy([string] $What, [long] $Bytes, [int] $Count, [scriptblock] $Copy, [scriptblock] $Clean) {
    $best = 1..$Count | ForEach-Object {
        & $Clean
        (Measure-Command $Copy).TotalSeconds
    } | Sort-Object | Select-Object -First 1
    '{0,-44} {1,8:n0} MB/s' -f $What, ($Bytes / $best / 1e6)
}

try {
    [void](New-Item -ItemType Directory "$place/image/bin", "$place/image/tmp", "$place/tree")
    Copy-Item /bin/busybox "$place/image/bin/busybox"
    tar -C "$place/image" -cf "$place/image.tar" .
    [void](ConvertTo-ContainerImage -LiteralPath "$place/image.tar" -Tag bench)
    head -c 512M /dev/urandom > "$place/file"

    # 4,000 files of 4 KB to 256 KB, 200 MB in all.
    $random = [Random]::new(1)
    $total = 0L
    foreach ($i in 1..4000) {
        $directory = "$place/tree/$($i % 40)"
        if ($i -le 40) { [void][IO.Directory]::CreateDirectory($directory) }
        $bytes = [byte[]]::new($i % 10 ? 4096 * $random.Next(1, 16) : 262144)
        $total += $bytes.Length
        [IO.File]::WriteAllBytes("$directory/$i", $bytes)
    }
    sync
    [void](New-Container bench -Name running -Start /bin/busybox sleep 100000)
    [void](New-Container bench -Name stopped /bin/busybox)
    foreach ($name in 'running', 'stopped') {
        Measure-Copy "file of 512 MB, to a $name container" 512MB $Runs {
            Copy-ContainerItem "$place/file" /tmp/file -ToContainer $name -Force
        } { }
        Measure-Copy "file of 512 MB, from a $name container" 512MB $Runs {
            Copy-ContainerItem /tmp/file "$place/back" -FromContainer $name -Force
        } { Remove-Item "$place/back" -ErrorAction Ignore }
        $script:count = 0
        Measure-Copy "4,000 files of $([int]($total / 1e6)) MB, to a $name container" $total $Runs {
            Copy-ContainerItem "$place/tree" "/tmp/tree$script:count" -ToContainer $name -Recurse
        } { $script:count++ }
        Measure-Copy "4,000 files of $([int]($total / 1e6)) MB, from a $name container" $total $Runs {
            Copy-ContainerItem '/tmp/tree1' "$place/tree-back" -FromContainer $name -Recurse
        } { Remove-Item "$place/tree-back" -Recurse -Force -ErrorAction Ignore }
        Measure-Copy "the same with cp -r, for comparison" $total $Runs { cp -r "$place/tree" "$place/cp" } {
            Remove-Item "$place/cp" -Recurse -Force -ErrorAction Ignore
        }
    }
}
finally {
    Get-Container | Remove-Container -Force
    Remove-Item -LiteralPath $place -Recurse -Force
}
