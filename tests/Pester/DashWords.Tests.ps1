<#
One rule for every cmdlet with a command: after the command's first word an unquoted word with a dash is the command's
or an error, never the cmdlet's; before it, one that is no parameter is an error; -- ends the cmdlet's parameters.
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
    $web = New-TestContainer web -Start
    $unknown = 'ParameterUnknown,*'
    $after = 'ParameterAfterCommand,*'
}

AfterAll { Remove-TestState $state }

Describe 'A word with a dash' -Skip:([bool]$skip) {
    It 'is an error where it is a parameter misspelt, and nothing is made' {
        { New-Container busybox -Start sh '-c' 'exec sleep 100' -CapabiltyDrop ALL -ReadOnyl } |
            Should -Throw -ErrorId $after -ExpectedMessage '*-CapabilityDrop*'
        { New-Container busybox -Start sh '-c' 'exec sleep 100' -ReadOnyl } |
            Should -Throw -ErrorId $after -ExpectedMessage '*-ReadOnly*'
        { New-Container busybox -Memroy 64MB sleep 100 } |
            Should -Throw -ErrorId $unknown -ExpectedMessage '*did you mean -Memory*'
        { New-ContainerConfiguration busybox -Memroy 64MB } | Should -Throw -ErrorId $unknown
        { Invoke-ContainerImage busybox -ReadOnyl true } | Should -Throw -ErrorId $unknown
        { Invoke-ContainerCommand web -Usre user id } | Should -Throw -ErrorId $unknown
        { Start-ContainerProcess web -Usre user id } | Should -Throw -ErrorId $unknown
        { New-ContainerHealthCheck -Intervall 5 true } | Should -Throw -ErrorId $unknown
        Get-Container | Should -HaveCount 1
    }

    It 'is an error after the command where the binder has taken it for a parameter' {
        { Invoke-ContainerCommand web grep -v root /etc/passwd } |
            Should -Throw -ErrorId $after -ExpectedMessage "*-Verbose*quote it ('-v') or put -- before the command*"
        { Invoke-ContainerCommand web date -d 2020-01-01 } | Should -Throw -ErrorId $after
        { Invoke-ContainerCommand web find / -name passwd } | Should -Throw -ErrorId $after
        { Invoke-ContainerCommand web id -User user } | Should -Throw -ErrorId $after
        { Invoke-ContainerImage busybox sh -c 'id -u' } | Should -Throw
        { Invoke-ContainerImage busybox id -Memory:64MB } | Should -Throw -ErrorId $after
        { New-Container busybox sleep 100 -Start } | Should -Throw -ErrorId $after
        { New-ContainerConfiguration busybox id -Privileged } | Should -Throw -ErrorId $after
        { Start-ContainerProcess web sleep 100 -User user } | Should -Throw -ErrorId $after
        { New-ContainerHealthCheck wget '-q' http://localhost -IntervalSec 5 } | Should -Throw -ErrorId $after
        { $web | Invoke-ContainerCommand -Command grep -v root } | Should -Throw -ErrorId $after
        { Invoke-ContainerCommand -Id $web.Id grep -v root } | Should -Throw -ErrorId $after
        Get-Container | Should -HaveCount 1
    }

    It 'is the command''s after its first word' {
        Invoke-ContainerCommand web ls -la /etc/plain | Should -Match '^-rw'
        Invoke-ContainerImage busybox echo -x --color=x -- -1 | Should -Be '-x --color=x -1'
        (New-ContainerConfiguration busybox ls -Zx).ArgumentList | Should -Be '-Zx'
        (New-ContainerHealthCheck -IntervalSec 5 wget -q -O- http://x).Command | Should -Be 'wget', '-q', '-O-', 'http://x'
        (New-Container busybox -Name made ls -x).Configuration.ArgumentList | Should -Be '-x'
        Remove-Container made
    }

    It 'is the command''s where it is quoted, and after --' {
        $lines = 'user:x:1000:1000:user:/:/bin/sh'
        Invoke-ContainerCommand web grep '-v' root /etc/passwd | Should -Be $lines
        Invoke-ContainerCommand web grep "-v" root /etc/passwd | Should -Be $lines
        Invoke-ContainerCommand web -- grep -v root /etc/passwd | Should -Be $lines
        Invoke-ContainerCommand web -User user -- id -un | Should -Be 'user'
        Invoke-ContainerCommand web echo -- -User a -- b | Should -Be '-User a -- b'
        $option = '-v'
        Invoke-ContainerCommand web grep $option root /etc/passwd | Should -Be $lines
    }

    It 'is seen on continued lines, in substitutions and in scripts' {
        { Invoke-ContainerCommand web `
                grep `
                -v root /etc/passwd } | Should -Throw -ErrorId $after
        { "$(if ($true) { Invoke-ContainerCommand web grep -v root /etc/passwd })" } | Should -Throw -ErrorId $after
        { 'x' | Invoke-ContainerCommand web grep -v y | ForEach-Object { $_ } } | Should -Throw -ErrorId $after
        { Invoke-Expression 'Invoke-ContainerCommand web grep -v root /etc/passwd' } | Should -Throw -ErrorId $after
        { & (Get-Command Invoke-ContainerCommand) web grep -v root } | Should -Throw -ErrorId $after
        { Invoke-ContainerCommand web grep –v root } | Should -Throw -ErrorId $after
        $shell = [powershell]::Create('CurrentRunspace').AddScript('Invoke-ContainerCommand web grep -v root')
        try { { $shell.Invoke() } | Should -Throw '*could be -Verbose*' } finally { $shell.Dispose() }
    }

    It 'is taken as it comes where it has no text' {
        function Invoke-Web { Invoke-ContainerCommand web @args }
        Invoke-Web echo -x '-v' -foo | Should -Be '-x -v -foo'
        $words = 'web', 'echo', '-v'
        Invoke-ContainerCommand @words -x | Should -Be '-v -x'
        { Invoke-ContainerCommand @words -d } | Should -Throw -ErrorId $after
        $settings = @{ Name = 'web'; User = 'user' }
        Invoke-ContainerCommand @settings id -un | Should -Be 'user'
        Invoke-ContainerCommand id @settings -un | Should -Be 'user'
        $named = @{ Name = 'web'; Command = 'id' }
        Invoke-ContainerCommand @named -User user | Should -Match '^uid=1000'
        { Invoke-ContainerCommand @named -Usre user } | Should -Throw -ErrorId $unknown
        { Invoke-ContainerCommand @settings id -Privileged } | Should -Throw -ErrorId $after
        $shell = [powershell]::Create('CurrentRunspace').AddCommand('Invoke-ContainerCommand')
        'web', 'echo', '-v', '-XX:+a' | ForEach-Object { [void]$shell.AddArgument($_) }
        try { $shell.Invoke() | Should -Be '-v -XX:+a' } finally { $shell.Dispose() }
    }

    It 'stays in one piece' {
        Invoke-ContainerCommand web echo -XX:+UseG1GC -Da.b=c -Xy:b -z:5 -zz: f x-y |
            Should -Be '-XX:+UseG1GC -Da.b=c -Xy:b -z:5 -zz: f x-y'
        $result = Invoke-ContainerCommand web sh '-c' 'for i; do echo "$i"; done' sh -XX:+UseG1GC -Da.b=c -zz: f
        $result | Should -Be '-XX:+UseG1GC', '-Da.b=c', '-zz:', 'f'
        (New-ContainerConfiguration busybox java -XX:+UseG1GC -Dx.y=1).ArgumentList |
            Should -Be '-XX:+UseG1GC', '-Dx.y=1'
    }

    It 'is a parameter anywhere where -ArgumentList or a script block leaves no doubt' {
        $web | Invoke-ContainerCommand -Command id -ArgumentList '-un' -User user | Should -Be 'user'
        Invoke-ContainerCommand web id -ArgumentList '-un' -User user | Should -Be 'user'
        { Invoke-ContainerCommand web id -ArgumentList '-un' -Usre user } | Should -Throw
        { Invoke-ContainerCommand web { 1 } -ErrorAction Stop } | Should -Throw -ErrorId 'PowerShellNotFound*'
        { Invoke-ContainerCommand web { 1 } -Usre user } | Should -Throw -ErrorId $unknown
    }

    It 'of other engines is told what it is here' {
        { Invoke-ContainerImage -it busybox sh } |
            Should -Throw -ErrorId $unknown -ExpectedMessage '*-Interactive -Tty*'
        { New-Container --rm busybox true } | Should -Throw -ErrorId $unknown -ExpectedMessage '*-AutoRemove*'
        { New-Container --cap-drop ALL busybox true } |
            Should -Throw -ErrorId $unknown -ExpectedMessage '*-CapabilityDrop*'
        { New-Container busybox --memory=64m true } | Should -Throw -ErrorId $unknown -ExpectedMessage '*-Memory*'
    }
}

Describe 'An argument that is $null' -Skip:([bool]$skip) {
    It 'is an error' {
        $none = $null
        { New-Container busybox echo a $none b } | Should -Throw -ErrorId 'NullArgument,*'
        { Invoke-ContainerCommand web echo a $null } | Should -Throw -ErrorId 'NullArgument,*'
        { New-ContainerHealthCheck -IntervalSec 1 true $none } | Should -Throw
        Invoke-ContainerCommand web echo a '' b | Should -Be 'a  b'
    }
}
