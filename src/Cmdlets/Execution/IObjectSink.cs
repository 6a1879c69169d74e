using System.Management.Automation;

namespace Container.Cmdlets.Execution;

/// <summary>Where a command's output goes: the pipeline, or a job.</summary>
internal interface IObjectSink
{
    void Output(object value);

    void Error(ErrorRecord record);

    /// <summary>A line of the command's standard error, which is no failure.</summary>
    void StandardError(ErrorRecord line);

    /// <summary>A message, as it is shown.</summary>
    void Message(ScriptStream stream, string text);

    void ExitCode(int code);
}
