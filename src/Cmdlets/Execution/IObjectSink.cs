using System.Management.Automation;

namespace Container.Cmdlets.Execution;

/// <summary>Where a command's output goes: the pipeline, or a job.</summary>
internal interface IObjectSink
{
    void Output(object value);

    void Error(ErrorRecord record);

    void Message(ScriptStream stream, string text);

    void ExitCode(int code);
}
