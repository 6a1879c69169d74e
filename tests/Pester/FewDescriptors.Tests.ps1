<#
A shell that may have no more descriptors: whatever it was doing is said, with what to do about it, and nothing is lost.
#>

BeforeDiscovery {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    $skip = Get-SkipReason
}

BeforeAll {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    if (Get-SkipReason) { return }
    $state = New-TestState
    [void](Import-BusyboxImage)
    [void](New-Container busybox -Name running -Start sleep 100000)
    $idle = New-Container busybox -Name idle true

    Add-Type -Namespace Tests -Name Limits -MemberDefinition @'
        [DllImport("libc")] static extern int prlimit(int pid, int resource, ulong[] value, ulong[] old);
        public static ulong[] Get() { var now = new ulong[2]; prlimit(0, 7, null, now); return now; }
        public static void Set(ulong soft, ulong hard) { prlimit(0, 7, new[] { soft, hard }, null); }
'@
    $limit = [Tests.Limits]::Get()

    # Leaves this shell so many descriptors, numbers that are free.
    function Limit-Descriptor([int] $Free) {
        $taken = [Collections.Generic.HashSet[int]]::new()
        foreach ($path in [IO.Directory]::GetFileSystemEntries('/proc/self/fd')) {
            [void]$taken.Add([IO.Path]::GetFileName($path))
        }
        for ($number = 0; $Free -ge 0; $number++) { if (-not $taken.Contains($number)) { $Free-- } }
        [Tests.Limits]::Set($number - 1, $limit[1])
    }
}

AfterAll { Remove-TestState $state }

Describe 'A shell without descriptors' -Skip:([bool]$skip) {
    It 'is told by <Name>' -ForEach @(
        @{ Name = 'Get-Container'; Script = { Get-Container } }
        @{ Name = 'Get-ContainerImage'; Script = { Get-ContainerImage } }
        @{ Name = 'Get-ContainerLog'; Script = { Get-ContainerLog running } }
        @{ Name = 'Get-ContainerEvent'; Script = { Get-ContainerEvent } }
        @{ Name = 'Measure-Container'; Script = { Measure-Container running -IntervalSec 0.1 } }
        @{ Name = 'Invoke-ContainerCommand'; Script = { Invoke-ContainerCommand running true } }
        @{ Name = 'Set-Container'; Script = { Set-Container running -Label @{ few = '1' } } }
        @{ Name = 'New-ContainerVolume'; Script = { New-ContainerVolume kept } }
        @{ Name = 'New-Container'; Script = { New-Container busybox -Name more true } }
        # By its id: what fails only after the new name was written down has been done.
        @{ Name = 'Rename-Container'; Script = { Rename-Container -Id $idle.Id other } }
        @{ Name = 'Start-Container'; Script = { Start-Container other } }
        @{ Name = 'Stop-Container'; Script = { Stop-Container running -TimeoutSec 0 } }
    ) {
        # What is loaded only now would take descriptors too.
        { Get-Container nosuch -ErrorAction Stop } | Should -Throw
        $worked = $false
        for ($free = 0; $free -le 60 -and -not $worked; $free++) {
            $found = $null
            Limit-Descriptor $free
            try { $found = & $Script 2>&1 | Where-Object { $_ -is [Management.Automation.ErrorRecord] } }
            catch { $found = $_ }
            finally { [Tests.Limits]::Set($limit[0], $limit[1]) }
            if (-not $found) { $worked = $true; break }
            $problem = @($found)[0]
            Get-ErrorId $problem | Should -Be 'SystemCallFailed' -Because "$problem, with $free"
            "$problem" | Should -Match 'Too many open files'
            $problem.ErrorDetails.RecommendedAction | Should -Match '^Raise the limit of open files'
        }
        $worked | Should -BeTrue
        $free | Should -BeGreaterThan 0
    }

    It 'has lost nothing by it' {
        (Get-Container).Name | Sort-Object | Should -Be 'more', 'other', 'running'
        (Get-ChildItem "$env:PSCONTAINER_STATE_ROOT/containers").Name | Sort-Object |
            Should -Be ((Get-Container).Id | Sort-Object)
        (Start-Container running -PassThru).State | Should -Be 'Running'
        (Get-ContainerVolume).Name | Should -Be 'kept'
    }
}
