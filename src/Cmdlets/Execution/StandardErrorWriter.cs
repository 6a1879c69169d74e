using System.Management.Automation;
using System.Reflection;

namespace Container.Cmdlets.Execution;

/// <summary>
/// Writes what a command says on standard error to the error stream the way PowerShell does for native commands: it
/// can be redirected and collected, but it ends nothing whatever $ErrorActionPreference says, and $? does not fall.
/// WriteError can do neither; the method behind it can, and is not public.
/// </summary>
internal sealed class StandardErrorWriter
{
    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic;

    private readonly PSCmdlet _cmdlet;
    private readonly Action<ErrorRecord, ActionPreference?, bool>? _write;
    private readonly Action<object>? _remember;

    public StandardErrorWriter(PSCmdlet cmdlet)
    {
        _cmdlet = cmdlet;
        _write = Find<Action<ErrorRecord, ActionPreference?, bool>>("_WriteErrorSkipAllowCheck");
        _remember = Find<Action<object>>("AppendErrorToVariables");
    }

    /// <summary>Writes one line.</summary>
    public void Write(ErrorRecord line)
    {
        if (_write is null)
        {
            _cmdlet.WriteError(line);
            return;
        }

        line.CategoryInfo.Activity = _cmdlet.MyInvocation.MyCommand.Name;

        // -ErrorVariable and $Error, which the way of native commands leaves out.
        _remember?.Invoke(line);
        _write(line, null, true);
    }

    private T? Find<T>(string name)
        where T : Delegate =>
        _cmdlet.CommandRuntime.GetType().GetMethod(name, Hidden)?.CreateDelegate<T>(_cmdlet.CommandRuntime);
}
