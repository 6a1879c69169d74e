<#
What takes its time says how far it is: import, export, copy and commit.
#>

BeforeDiscovery {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    $skip = Get-SkipReason
}

BeforeAll {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    if (Get-SkipReason) { return }
    $state = New-TestState
    $image = Import-BusyboxImage
    $module = (Get-Module Container).Path -replace '[^/]+$', 'Container.psd1'
    $made = New-TestContainer large -Start
    Invoke-ContainerCommand large sh '-c' 'dd if=/dev/urandom of=/large bs=1M count=48 2> /dev/null'
    [void](New-Item -ItemType Directory "$state/out")
    dd if=/dev/urandom "of=$state/out/large" bs=1M count=48 status=none

    # The progress of a line, and that it ends.
    function Get-Progress([string] $Line) {
        $shell = [powershell]::Create()
        try {
            [void]$shell.AddScript("Import-Module '$module'; $Line").Invoke()
            $shell.Streams.Error | Should -BeNullOrEmpty -Because $Line
            $shell.Streams.Progress.ReadAll() | Where-Object Activity -NotMatch 'Preparing modules'
        }
        finally { $shell.Dispose() }
    }
}

AfterAll { Remove-TestState $state }

Describe 'Progress' -Skip:([bool]$skip) {
    It 'is shown while and gone after: <Line>' -ForEach @(
        @{ Line = 'Export-Container large $state/out/container.tar' }
        @{ Line = 'ConvertTo-ContainerImage large -Tag large' }
        @{ Line = 'Export-ContainerImage large $state/out/image.tar' }
        @{ Line = 'Export-ContainerImage large $state/out/layout -Format OciLayout' }
        @{ Line = 'Export-ContainerImage large $state/out/docker.tar.gz -Format DockerArchive -Compression Gzip' }
        @{ Line = 'Remove-ContainerImage large; Import-ContainerImage $state/out/image.tar -Tag other' }
        @{ Line = 'ConvertTo-ContainerImage -LiteralPath $state/out/container.tar -Tag third' }
        @{ Line = 'Copy-ContainerItem $state/out/large -ToContainer large -Destination /copied' }
        @{ Line = 'Copy-ContainerItem /large -FromContainer large -Destination $state/out/copied' }
        @{ Line = '[void](New-ContainerVolume v); Import-ContainerVolume v $state/out/container.tar' }
        @{ Line = 'Export-ContainerVolume v $state/out/volume.tar' }
    ) {
        $records = @(Get-Progress $ExecutionContext.InvokeCommand.ExpandString($Line))
        $records.Count | Should -BeGreaterThan 1
        @($records | Where-Object RecordType -EQ Processing).Count | Should -BeGreaterThan 0
        $records[-1].RecordType | Should -Be 'Completed'
        $records.Activity | Sort-Object -Unique | Should -HaveCount 1
    }
}
