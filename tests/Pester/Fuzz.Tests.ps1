<#
Damaged CLIXML, as a hostile container may send it: read as data or refused with an id, and nothing alive comes of it. The
reader needs PowerShell, so the fuzzer of the C# tests is compiled here.
#>

BeforeAll {
    Import-Module "$PSScriptRoot/Helpers.psm1" -Force
    Import-TestModule
    $fuzzer = Get-Content "$PSScriptRoot/../Shared/Fuzzer.cs" -Raw
    Add-Type -TypeDefinition @"
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.ExceptionServices;
$fuzzer

public static class CliXmlFuzz
{
    public static void Run(byte[][] seeds, MethodInfo decode, object container, Action<object> look, Func<Exception, bool> isRefusal)
    {
        Fuzzer.Run(seeds, input =>
        {
            foreach (char stream in "OE")
            {
                string line = "\u001e" + stream + Convert.ToBase64String(input);
                try
                {
                    object item = decode.Invoke(null, [line, container]);
                    look(item.GetType().GetField("Item2").GetValue(item));
                }
                catch (TargetInvocationException failure) when (stream == 'E' && isRefusal(failure.InnerException))
                {
                    // Not every object is an error.
                }
                catch (TargetInvocationException failure)
                {
                    ExceptionDispatchInfo.Throw(failure.InnerException);
                }
            }
        }, isRefusal);
    }
}
"@
    $assembly = [Container.Cmdlets.Commands.GetContainerCommand].Assembly
    $decode = $assembly.GetType('Container.Cmdlets.Execution.ScriptLink').GetMethod('Decode')
    $container = [Runtime.CompilerServices.RuntimeHelpers]::GetUninitializedObject([Container.Engine.Catalog.ContainerRecord])
    $head = '<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">'
    function Read-Sent([string] $Xml) {
        $line = "$([char]0x1e)O" + [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes("$head$Xml</Objs>"))
        $decode.Invoke($null, @($line, $container)).Item2
    }
    foreach ($name in 'Name', 'Id') { $container.GetType().GetProperty($name).SetValue($container, 'box') }
}

Describe 'CLIXML that is damaged' {
    It 'is read as data or refused' {
        $xml = @(
            [pscustomobject]@{ Text = 'a_x000A_'; Number = 7; Real = 1.5; Yes = $true; Nothing = $null; Day = [datetime]'2026-11-30'
                Span = [timespan]'1:00'; Id = [guid]::Empty; Bytes = [byte[]](1, 2); List = 1, 'two'; Table = @{ a = @{ b = 1 } } }
            , @(1, @(2, 3))
            [ordered]@{ Message = 'm'; Id = 'i'; Category = 7; Target = 't' }
            @([DayOfWeek]::Friday, [DayOfWeek]::Monday, [version]'1.2', [uri]'http://x/', [char]65, [decimal]1)
            (Get-Item /usr), (Get-Process -Id $PID | Select-Object Id, Name, Path)
            { script }, [xml]'<a b="c"/>', [ipaddress]'10.0.0.1', [cultureinfo]'de-DE', [pscredential]::new('u', [securestring]::new())
            $Error[0]
        ) | ForEach-Object { [Management.Automation.PSSerializer]::Serialize($_, 3) }
        $xml += $head + '<Obj RefId="0"><TN RefId="0">' +
            '<T>A</T></TN><MS><Ref N="Me" RefId="0"/><Obj N="Q" RefId="1"><QUE><I32>1</I32></QUE></Obj><SS N="S">01</SS></MS></Obj></Objs>'
        $data = [string], [char], [bool], [byte], [sbyte], [int16], [uint16], [int], [uint32], [long], [uint64], [single], [double],
            [decimal], [datetime], [timespan], [guid], [version], [uri], [byte[]], [hashtable], [Collections.ArrayList],
            [Management.Automation.PSCustomObject], [Management.Automation.ErrorRecord]
        [Container.Tests.CliXmlFuzz]::Run($xml.ForEach{ , [Text.Encoding]::UTF8.GetBytes($_) }, $decode, $container, [Action[object]] {
                param($value)
                $bare = $value -is [psobject] ? $value.psobject.BaseObject : $value
                if ($null -ne $bare -and $bare.GetType() -notin $data) { throw "alive: $($bare.GetType())" }
                [void] "$value$($value.CategoryInfo)"
            }, [Func[Exception, bool]] { param($failure) $failure.Id -eq 'ObjectInvalid' })
    }

    It 'is refused where it is deep, before anything is made of it' {
        # Elements in XElement in each other cost the square of their depth.
        $deep = 25000
        foreach ($xml in @(
                "$('<Obj RefId="0"><LST>' * $deep)$('</LST></Obj>' * $deep)"
                "$('<Obj><MS>' * $deep)$('</MS></Obj>' * $deep)"
                "$('<Obj><DCT><En>' * $deep)$('</En></DCT></Obj>' * $deep)"
                "$('<a>' * $deep)$('</a>' * $deep)")) {
            $failure = { Read-Sent $xml } | Should -Throw -PassThru
            $failure.Exception.GetBaseException().Message | Should -Be 'It is nested too deeply.'
        }
    }

    It 'has few names of a type, which every object of it gets' {
        $types = -join (1..10000 | ForEach-Object { "<T>A$_</T>" })
        $read = $assembly.GetType('Container.Cmdlets.Execution.CliXml').GetMethod('Read').Invoke($null, @(
                "$head<Obj RefId=`"0`"><TN RefId=`"0`">$types</TN><MS><I32 N=`"A`">1</I32></MS></Obj></Objs>"))
        $read.psobject.TypeNames.Count | Should -BeLessThan 20
        $read.psobject.TypeNames[0] | Should -Be 'Deserialized.Container:A1'
    }
}
