using System.Management.Automation;

namespace Container.Cmdlets.Execution;

/// <summary>The pipeline of a cmdlet.</summary>
internal sealed class PipelineSink(PSCmdlet cmdlet) : IObjectSink
{
    public void Output(object value) => cmdlet.WriteObject(value);

    public void Error(ErrorRecord record) => cmdlet.WriteError(record);

    /// <summary>Sets $LASTEXITCODE, as a native command does.</summary>
    public void ExitCode(int code) => cmdlet.SessionState.PSVariable.Set("global:LASTEXITCODE", code);
}
