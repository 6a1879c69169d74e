using System.Management.Automation;
using System.Reflection;

namespace Container.Cmdlets.Execution;

/// <summary>
/// Ends the commands whose output a cmdlet takes, as Select-Object -First does: those after it go on to their end. The
/// exception for that is not public.
/// </summary>
internal static class UpstreamCommands
{
    private static readonly Type? s_exception = typeof(PSCmdlet).Assembly.GetType(
        "System.Management.Automation.StopUpstreamCommandsException");

    /// <summary>Does not return where there are any, on a PowerShell that has the exception.</summary>
    public static void Stop(PSCmdlet cmdlet)
    {
        if (!cmdlet.MyInvocation.ExpectingInput || s_exception is null) return;
        const BindingFlags Any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        throw (Exception)Activator.CreateInstance(s_exception, Any, binder: null, [cmdlet], culture: null)!;
    }
}
