using System.Collections.Concurrent;
using System.Management.Automation;
using Container.Cmdlets.Errors;
using Container.Cmdlets.Loading;
using Container.Cmdlets.Views;
using Container.Engine;
using Container.Engine.Errors;
using Container.Engine.Host;
using Container.Native.Syscalls;

namespace Container.Cmdlets;

/// <summary>
/// What every cmdlet of the module shares: the engine, one token that Ctrl+C cancels and every wait observes, and the
/// way from an exception to an error record.
/// </summary>
public abstract class ContainerCmdlet : PSCmdlet, IDisposable
{
    private static int s_hasWarned;

    private readonly CancellationTokenSource _stop = new();
    private ContainerEngine? _engine;

    /// <summary>The engine, opened when it is first needed; without it the command ends.</summary>
    internal ContainerEngine Engine => _engine ??= Open();

    /// <summary>Cancelled when the pipeline is stopped.</summary>
    internal CancellationToken StopToken => _stop.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends every wait of this cmdlet; called on another thread when the user presses Ctrl+C.</summary>
    protected override void StopProcessing()
    {
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The command ended while the stop was on its way.
        }
    }

    /// <summary>Releases what the command opened.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing) _stop.Dispose();
    }

    /// <summary>
    /// Does something for one object. Its failure becomes a non-terminating error and the pipeline goes on, unless the
    /// host itself is unusable.
    /// </summary>
    internal bool Attempt(object? target, Action action)
    {
        ConcurrentQueue<string> warnings = new();
        try
        {
            using (EngineWarning.Hear(warnings.Enqueue)) action();
            return true;
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
        catch (EngineException failure) when (ErrorTable.IsFatal(failure))
        {
            ThrowTerminatingError(ErrorTable.Record(failure, target));
        }
        catch (Exception failure) when (failure is EngineException or SystemCallException or IOException
            or UnauthorizedAccessException)
        {
            WriteError(ErrorTable.Record(failure, target));
        }
        finally
        {
            // The engine works on threads of its own, too, which may not write.
            foreach (string warning in warnings) WriteWarning(warning);
        }

        return false;
    }

    /// <inheritdoc cref="Attempt(object?, Action)"/>
    internal T? Attempt<T>(object? target, Func<T?> function)
        where T : class
    {
        T? result = null;
        Attempt(target, () => { result = function(); });
        return result;
    }

    /// <summary>Whether a parameter was given.</summary>
    internal bool IsBound(string parameter) => MyInvocation.BoundParameters.ContainsKey(parameter);

    /// <summary>What was given, <c>$null</c> too, else what is.</summary>
    internal T Given<T>(string parameter, T given, T old) => IsBound(parameter) ? given : old;

    /// <summary>Says once what this user's containers lack.</summary>
    internal void WarnOfMissingIds()
    {
        if (HostService.Warning is { } warning && Interlocked.Exchange(ref s_hasWarned, 1) == 0) WriteWarning(warning);
    }

    /// <inheritdoc cref="Cmdlet.WriteWarning(string)"/>
    internal new void WriteWarning(string text) => base.WriteWarning(VisibleText.OfMessage(text));

    /// <inheritdoc cref="Cmdlet.WriteVerbose(string)"/>
    internal new void WriteVerbose(string text) => base.WriteVerbose(VisibleText.OfMessage(text));

    /// <inheritdoc cref="Cmdlet.WriteDebug(string)"/>
    internal new void WriteDebug(string text) => base.WriteDebug(VisibleText.OfMessage(text));

    /// <inheritdoc cref="Cmdlet.ShouldProcess(string, string)"/>
    internal new bool ShouldProcess(string target, string action) =>
        base.ShouldProcess(VisibleText.OfMessage(target), action);

    /// <summary>Reports a failure that the cmdlet found itself.</summary>
    internal void WriteError(string id, string message, object? target, string? action = null) =>
        WriteError(ErrorTable.Record(new EngineException(id, message, action, target), target));

    /// <summary>Ends the command with a failure that concerns all of it.</summary>
    internal void Fail(string id, string message, object? target, string? action = null) =>
        ThrowTerminatingError(ErrorTable.Record(new EngineException(id, message, action, target), target));

    /// <summary>
    /// ShouldProcess for a cmdlet that asks before it acts: with -Force it does not ask, unless -Confirm was given;
    /// -WhatIf holds either way.
    /// </summary>
    internal bool ShouldProcess(string target, string action, bool force)
    {
        const string preference = "ConfirmPreference";
        if (!force || IsBound("Confirm")) return ShouldProcess(target, action);
        object before = SessionState.PSVariable.GetValue(preference);
        SessionState.PSVariable.Set(preference, ConfirmImpact.None);
        try
        {
            return ShouldProcess(target, action);
        }
        finally
        {
            SessionState.PSVariable.Set(preference, before);
        }
    }

    private ContainerEngine Open()
    {
        try
        {
            return ContainerEngine.Open(Sweeper.Options);
        }
        catch (EngineException failure)
        {
            ThrowTerminatingError(ErrorTable.Record(failure, null));
            throw;
        }
    }

    /// <summary>Whether a switch such as -Verbose is on, bound or by preference.</summary>
    internal bool IsEnabled(string switchName, string preferenceName) =>
        MyInvocation.BoundParameters.TryGetValue(switchName, out object? bound)
            ? bound is SwitchParameter { IsPresent: true }
            : GetVariableValue(preferenceName) is ActionPreference preference
                && preference is not (ActionPreference.SilentlyContinue or ActionPreference.Ignore);
}
