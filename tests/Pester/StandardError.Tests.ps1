<#
What a command writes to standard error is in the error stream, and is no failure; an exit code other than zero is one.
#>

BeforeDiscovery {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    $skip = Get-SkipReason
    $cases = @{ Cmdlet = 'Invoke-ContainerCommand'; Target = 'web' }, @{ Cmdlet = 'Invoke-ContainerImage'; Target = 'busybox' }
}

BeforeAll {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    if (Get-SkipReason) { return }
    $state = New-TestState
    [void](Import-BusyboxImage)
    [void](New-TestContainer web -Start)
}

AfterAll { Remove-TestState $state }

Describe 'Standard error of <Cmdlet>' -Skip:([bool]$skip) -ForEach $cases {
    It 'ends nothing with $ErrorActionPreference = Stop, and leaves $? alone' {
        $ErrorActionPreference = 'Stop'
        $out = & $Cmdlet $Target sh '-c' 'echo w >&2; sleep 0.2; echo went on' 2>$null
        $succeeded = $?
        $out | Should -Be 'went on'
        $succeeded | Should -BeTrue
        $LASTEXITCODE | Should -Be 0
        & $Cmdlet $Target -ErrorAction Stop sh '-c' 'echo w >&2; echo went on' 2>$null | Should -Be 'went on'
    }

    It 'leaves $? alone with $ErrorActionPreference = Continue' {
        $ErrorActionPreference = 'Continue'
        & $Cmdlet $Target sh '-c' 'echo w >&2' 2>$null
        $? | Should -BeTrue
    }

    It 'is redirected, merged in order and collected' {
        & $Cmdlet $Target sh '-c' 'echo one >&2; echo two >&2' 2>"$TestDrive/errors"
        Get-Content "$TestDrive/errors" -Raw | Should -Match '(?s)one.*two'
        $all = & $Cmdlet $Target sh '-c' 'echo a; sleep 0.3; echo b >&2; sleep 0.3; echo c' 2>&1
        "$all" | Should -Be 'a b c'
        $all[1] | Should -BeOfType ([Management.Automation.ErrorRecord])
        Get-ErrorId $all[1] | Should -Be 'CommandErrorOutput'
        $all[1].TargetObject | Should -Not -BeNullOrEmpty
        & $Cmdlet $Target -ErrorVariable lines sh '-c' 'echo one >&2; echo two >&2' 2>$null
        "$lines" | Should -Be 'one two'
    }

    It 'may be long' {
        $ErrorActionPreference = 'Stop'
        & $Cmdlet $Target sh '-c' 'seq 100000 >&2' 2>&1 | Select-Object -Last 1 -Property @{ n = 'Text'; e = { "$_" } } |
            ForEach-Object Text | Should -Be '100000'
    }

    It 'is not hidden by a preference, as that of a native command is not' {
        $ErrorActionPreference = 'SilentlyContinue'
        & $Cmdlet $Target sh '-c' 'echo w >&2' 2>&1 | Should -HaveCount 1
    }

    It 'differs from an exit code, which is a failure' {
        $ErrorActionPreference = 'Continue'
        & $Cmdlet $Target sh '-c' 'exit 3' 2>$null
        $? | Should -BeFalse
        $ErrorActionPreference = 'Stop'
        { & $Cmdlet $Target sh '-c' 'echo w >&2; exit 3' 2>$null } | Should -Throw -ErrorId 'CommandFailed,*'
    }
}
