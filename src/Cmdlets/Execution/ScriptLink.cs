using System.Collections;
using System.Management.Automation;
using System.Text;
using Container.Cmdlets.Errors;
using Container.Cmdlets.Views;
using Container.Engine.Catalog;
using Container.Engine.Errors;

namespace Container.Cmdlets.Execution;

/// <summary>
/// Runs a script block in a pwsh inside a container over the streams every command has. Objects travel as CLIXML, one
/// base64 line each, so that they stream and memory stays bounded; the first line in is the script and its arguments,
/// the others are its input. Lines out begin with <see cref="Mark"/> and a letter for the stream; what programs write
/// past PowerShell has no mark and stays text.
/// </summary>
internal static class ScriptLink
{
    private const char Mark = '\u001e';
    private const int Depth = 3;

    // Runs in the container. The names are unlikely ones: the script block sees the scope it is called from.
    private const string Bootstrap = """
        $ProgressPreference = 'SilentlyContinue'
        $__utf8 = [Text.UTF8Encoding]::new($false)
        $__in = [IO.StreamReader]::new([Console]::OpenStandardInput(), $__utf8)
        $__out = [IO.StreamWriter]::new([Console]::OpenStandardOutput(), $__utf8)
        $__out.AutoFlush = $true
        $__read = {
            param($text)
            [Management.Automation.PSSerializer]::Deserialize($__utf8.GetString([Convert]::FromBase64String($text)))
        }
        $__write = {
            param($stream, $value)
            $xml = [Management.Automation.PSSerializer]::Serialize($value, 3)
            $__out.WriteLine("$([char]0x1e)$stream$([Convert]::ToBase64String($__utf8.GetBytes($xml)))")
        }
        $__error = {
            param($record)
            & $__write E @{
                Message = "$record"; Id = $record.FullyQualifiedErrorId
                Category = [int]$record.CategoryInfo.Category; Target = "$($record.TargetObject)"
            }
        }
        $__call = & $__read $__in.ReadLine()
        $__named = [hashtable]$__call.Parameter
        $__list = @($__call.ArgumentList)
        try {
            & { while ($null -ne ($__line = $__in.ReadLine())) { & $__read $__line } } |
                & ([scriptblock]::Create($__call.Script)) @__named @__list *>&1 | ForEach-Object {
                    if ($_ -is [Management.Automation.ErrorRecord]) { & $__error $_ }
                    elseif ($_ -is [Management.Automation.WarningRecord]) { & $__write W $_.Message }
                    elseif ($_ -is [Management.Automation.VerboseRecord]) { & $__write V $_.Message }
                    elseif ($_ -is [Management.Automation.DebugRecord]) { & $__write D $_.Message }
                    elseif ($_ -is [Management.Automation.InformationRecord]) { & $__write I "$_" }
                    else { & $__write O $_ }
                }
        }
        catch {
            & $__error $_
            exit 1
        }
        """;

    /// <summary>The command that runs script blocks.</summary>
    public static string[] Command { get; } =
    [
        "pwsh", "-NoLogo", "-NoProfile", "-NonInteractive", "-EncodedCommand",
        Convert.ToBase64String(Encoding.Unicode.GetBytes(Bootstrap)),
    ];

    /// <summary>The first line in.</summary>
    public static ReadOnlyMemory<byte> Call(ScriptBlock script, IDictionary? parameters, string[] arguments) =>
        Encode(new Hashtable
        {
            ["Script"] = script.ToString(),
            ["Parameter"] = parameters ?? new Hashtable(),
            ["ArgumentList"] = arguments,
        });

    /// <summary>An object as a line.</summary>
    public static ReadOnlyMemory<byte> Encode(object? value)
    {
        string xml = PSSerializer.Serialize(value, Depth);
        return Encoding.ASCII.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes(xml)) + "\n");
    }

    /// <summary>What a line says: an object of PowerShell's, or the line itself.</summary>
    public static (ScriptStream Stream, object? Value) Decode(string line, ContainerRecord container)
    {
        if (line.Length < 2 || line[0] != Mark) return (ScriptStream.Output, line);
        ScriptStream stream = (ScriptStream)line[1];
        try
        {
            string xml = Encoding.UTF8.GetString(Convert.FromBase64String(line[2..]));
            object? value = new InertObject(container.Name, container.Id).Make(CliXml.Read(xml));
            return (stream, stream == ScriptStream.Error ? Error(value, container.Name) : value);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // PowerShell's reader says nowhere what it throws.
            throw new EngineException(
                ErrorTable.ObjectInvalid, Messages.ObjectInvalid(container.Name), null, container.Name, failure);
        }
    }

    private static ErrorRecord Error(object? value, string container)
    {
        Hashtable fields = LanguagePrimitives.ConvertTo<Hashtable>(value) ?? [];
        string message = LanguagePrimitives.ConvertTo<string>(fields["Message"]);
        return ErrorTable.Shown(new ErrorRecord(
            new RemoteException(message),
            LanguagePrimitives.ConvertTo<string>(fields["Id"]) is { Length: > 0 } id ? VisibleText.OfMessage(id) : ErrorId.CommandFailed,
            (ErrorCategory)LanguagePrimitives.ConvertTo<int>(fields["Category"]),
            LanguagePrimitives.ConvertTo<string>(fields["Target"]) is { Length: > 0 } target ? target : container));
    }
}
