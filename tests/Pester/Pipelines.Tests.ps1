BeforeDiscovery {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    $skip = Get-SkipReason
}

BeforeAll {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    if (Get-SkipReason) { return }
    $state = New-TestState
    $image = Import-BusyboxImage
}

AfterAll { Remove-TestState $state }

Describe 'The pipelines the module is for' -Skip:([bool]$skip) {
    It 'makes, starts and waits for twenty' {
        $codes = 1..20 | ForEach-Object { New-Container busybox -Name "job$_" sh '-c' "exit $($_ % 3)" } |
            Start-Container -PassThru | Wait-Container
        $codes | Should -Be (1..20 | ForEach-Object { $_ % 3 })
        Get-Container | Where-Object State -EQ Exited | Should -HaveCount 20
        Get-Container | Remove-Container
        Get-Container | Should -BeNullOrEmpty
    }

    It 'stops all that run' {
        1..5 | ForEach-Object { New-TestContainer "svc$_" -Start } | Should -HaveCount 5
        Get-Container | Where-Object State -EQ Running | Stop-Container
        Get-Container | Where-Object State -EQ Running | Should -BeNullOrEmpty
        (Get-Container | Where-Object State -EQ Exited) | Should -HaveCount 5
    }

    It 'works from a table of wishes' {
        $wishes = "Name,Image`ncsv1,busybox`ncsv2,busybox" | ConvertFrom-Csv
        $wishes | ForEach-Object { New-Container $_.Image -Name $_.Name true } | Should -HaveCount 2
        Get-Container csv* | Group-Object Image | ForEach-Object Name | Should -Be 'busybox'
    }

    It 'streams a gigabyte in bounded memory' {
        $web = New-TestContainer big -Start
        [GC]::Collect()
        $before = (Get-Process -Id $PID).WorkingSet64
        $script:most = 0
        $script:bytes = 0L
        Invoke-ContainerCommand $web -NoOutputDecode head '-c' 1073741824 /dev/zero | ForEach-Object {
            $script:bytes += $_.Length
            if ($script:bytes % 64MB -lt 64KB) {
                $script:most = [math]::Max($script:most, (Get-Process -Id $PID).WorkingSet64)
            }
        }
        $script:bytes | Should -Be 1GB
        ($script:most - $before) | Should -BeLessThan 200MB
    }

    It 'streams many lines in bounded memory' {
        [GC]::Collect()
        $before = (Get-Process -Id $PID).WorkingSet64
        $count = 0
        $line = '0123456789' * 4
        Invoke-ContainerCommand big sh '-c' "yes $line | head -n 2000000" | ForEach-Object { $count++ }
        $count | Should -Be 2000000
        ((Get-Process -Id $PID).WorkingSet64 - $before) | Should -BeLessThan 200MB
    }

    It 'passes a line that never ends on in pieces' {
        $pieces = Invoke-ContainerCommand big head '-c' 5000000 /dev/zero
        ($pieces | Measure-Object Length -Sum).Sum | Should -Be 5000000
        ($pieces | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 1MB
    }

    It 'leaves no descriptor, thread or process of its own behind' {
        function Get-Usage {
            [GC]::Collect()
            [GC]::WaitForPendingFinalizers()
            Start-Sleep -Milliseconds 500
            @((Get-ChildItem "/proc/$PID/fd").Count, (Get-ChildItem "/proc/$PID/task").Count)
        }
        1..20 | ForEach-Object { [void](Invoke-ContainerCommand big echo $_) }
        $before = Get-Usage
        1..100 | ForEach-Object { [void]("$_" | Invoke-ContainerCommand big cat) }
        1..20 | ForEach-Object { Invoke-ContainerCommand big yes | Select-Object -First 1 } | Should -HaveCount 20
        1..10 | ForEach-Object { [void](Invoke-ContainerImage busybox true) }
        Wait-Until {
            $after = Get-Usage
            $after[0] -le $before[0] + 3 -and $after[1] -le $before[1] + 10
        }
        Wait-Until { -not (Get-ContainerProcess big | Where-Object ContainerProcessName -In yes, cat) }
    }

    It 'works in many runspaces at a time' {
        $module = (Get-Module Container).Path -replace '[^/]+$', 'Container.psd1'
        $out = 1..16 | ForEach-Object -ThrottleLimit 8 -Parallel {
            Import-Module $using:module
            Invoke-ContainerImage busybox echo "number $_"
        }
        $out | Sort-Object | Should -Be (1..16 | ForEach-Object { "number $_" } | Sort-Object)
        Get-Container | Where-Object Name -NotIn big, csv1, csv2, svc1, svc2, svc3, svc4, svc5 | Should -BeNullOrEmpty
    }
}
