<#
One shell of bench/soak.ps1. Every operation has a share; what one works on is one of its own containers, of which it knows
what is to come out, or one that all shells have.
#>

function Get-SoakOperation {
    # Those of which it knows what is to come out: the container is its own, and runs.
    $own = @{
        Exec     = {
            $word = "word$($random.Next())"
            $read = Invoke-ContainerCommand $name echo $word
            if ($read -ne $word) { "$name echoed '$read', not $word" }
        }
        ExitCode = {
            $code = $random.Next(1, 100)
            $read = (Invoke-ContainerCommand $name -PassThru sh '-c' "exit $code").ExitCode
            if ($read -ne $code) { "$name ended with $read, not $code" }
        }
        Copy     = {
            $text = "text$($random.Next())"
            $text | Copy-ContainerItem -ToContainer $name -Destination /tmp/copied
            $read = Invoke-ContainerCommand $name cat /tmp/copied
            if ($read -ne $text) { "$name has '$read', not $text" }
        }
        Pause    = {
            Suspend-Container $name
            if ((Get-Container $name).State -ne 'Paused') { "$name is not paused" }
            Resume-Container $name
        }
        Restart  = { Restart-Container $name -Force }
        Rename   = {
            $new = "own$Number-$($random.Next())"
            Rename-Container $name $new
            [void]$names.Remove($name)
            [void]$names.Add($new)
        }
        Remove   = {
            Remove-Container $name -Force
            [void]$names.Remove($name)
            if (Test-Container $name) { "$name is still there" }
        }
        Log      = { if (@(Get-ContainerLog $name)[0].Line -ne 'begun') { "the log of $name has no beginning" } }
    }

    # Those that anything may come of.
    $shared = @{
        New        = { New-Container soak -Name $name -Start sh '-c' "echo begun; sleep 0.$($random.Next(10))" }
        Start      = { Start-Container $name }
        Stop       = { Stop-Container $name -Force }
        Remove     = { Remove-Container $name -Force }
        Exec       = { Invoke-ContainerCommand $name true }
        Signal     = { Send-ContainerSignal $name CONT }
        Pause      = { Suspend-Container $name }
        Resume     = { Resume-Container $name }
        Limit      = { Set-Container $name -PidsLimit $random.Next(50, 100) }
        Copy       = { 'text' | Copy-ContainerItem -ToContainer $name -Destination /tmp/copied }
        Wait       = { Wait-Container $name -TimeoutSec 1 }
        Log        = { Get-ContainerLog $name -Tail 5 }
        Process    = { Get-ContainerProcess $name }
        Measure    = { Measure-Container $name }
        List       = { Get-Container }
        Event      = { Get-ContainerEvent -Since ([datetime]::Now.AddSeconds(-10)) }
        Volume     = { New-ContainerVolume "shared$($random.Next(3))" }
        NoVolume   = { Remove-ContainerVolume "shared$($random.Next(3))" -Force }
        Image      = {
            $read = Invoke-ContainerImage soak echo hello
            if ($read -ne 'hello') { "an image echoed '$read'" }
        }
    }
    @{ Own = $own; Shared = $shared }
}

function Invoke-SoakShell {
    param([int] $Number, [int] $Seed, [int] $Seconds, [int] $Operations, [string[]] $Expected)

    $random = [random]::new($Seed * 1000 + $Number)
    $names = [Collections.Generic.List[string]]::new()
    $answers = @{}
    $failures = [Collections.Generic.List[string]]::new()
    $table = Get-SoakOperation
    $slowest = 0
    $slowestName = ''
    $end = [datetime]::UtcNow.AddSeconds($Seconds)
    for ($count = 0; $count -lt $Operations -and [datetime]::UtcNow -lt $end -and $failures.Count -lt 20; $count++) {
        $isOwn = $random.Next(3) -eq 0
        if ($isOwn -and $names.Count -lt 4) {
            $kind = 'Make'
            $name = "own$Number-$($random.Next())"
            $operation = {
                [void](New-Container soak -Name $name -Start sh '-c' 'echo begun; exec sleep 100000')
                [void]$names.Add($name)
            }
        }
        else {
            $group = $isOwn ? 'Own' : 'Shared'
            $kind = @($table[$group].Keys | Sort-Object)[$random.Next($table[$group].Count)]
            $name = $isOwn ? $names[$random.Next($names.Count)] : "shared$($random.Next(6))"
            $operation = $table[$group][$kind]
        }

        $timer = [Diagnostics.Stopwatch]::StartNew()
        $answer = 'done'
        try {
            # What an operation of its own writes is what was wrong, as is what has no answer at all.
            $written = @(. $operation 2>&1 3>$null | Where-Object { $_ -is [string] -and ($isOwn -or $kind -eq 'Image') -and $kind -ne 'Make' })
            $written | ForEach-Object { $failures.Add("$kind, operation $count of shell ${Number}: $_") }
        }
        catch {
            $answer = ($_.FullyQualifiedErrorId -split ',')[0]
            if ($isOwn -or $answer -notin $Expected) { $failures.Add("$kind of ${name}, operation $count of shell ${Number}: ${answer}: $_") }
        }

        $answers["$kind $answer"] = 1 + $answers["$kind $answer"]
        if ($timer.ElapsedMilliseconds -gt $slowest) { ($slowest, $slowestName) = $timer.ElapsedMilliseconds, $kind }
    }

    [pscustomobject]@{
        Count       = $count
        Names       = @($names)
        Answers     = $answers
        Failures    = @($failures)
        Slowest     = $slowest
        SlowestName = $slowestName
    }
}
