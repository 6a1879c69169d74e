using System.Management.Automation;

namespace Container.Cmdlets.Execution;

/// <summary>The pipeline of a cmdlet.</summary>
internal sealed class PipelineSink(PSCmdlet cmdlet) : IObjectSink
{
    private StandardErrorWriter? _standardError;

    public void Output(object value) => cmdlet.WriteObject(value);

    public void Error(ErrorRecord record) => cmdlet.WriteError(record);

    public void StandardError(ErrorRecord line) =>
        (_standardError ??= new StandardErrorWriter(cmdlet)).Write(line);

    public void Message(ScriptStream stream, string text)
    {
        if (stream == ScriptStream.Warning) cmdlet.WriteWarning(text);
        else if (stream == ScriptStream.Verbose) cmdlet.WriteVerbose(text);
        else if (stream == ScriptStream.Debug) cmdlet.WriteDebug(text);
        else cmdlet.WriteInformation(text, []);
    }

    /// <summary>Sets $LASTEXITCODE, as a native command does.</summary>
    public void ExitCode(int code) => cmdlet.SessionState.PSVariable.Set("global:LASTEXITCODE", code);
}
