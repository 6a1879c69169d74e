using System.Management.Automation;
using Container.Cmdlets.Errors;
using Container.Engine.Catalog;
using Container.Engine.Containers;
using Container.Engine.Monitor;
using Container.Native.Terminal;

namespace Container.Cmdlets.Interactive;

/// <summary>The user's terminal at that of a container's first process.</summary>
internal static class AttachedTerminal
{
    /// <summary>Whether nobody in the pipeline waits for what a cmdlet writes.</summary>
    public static bool IsLast(PSCmdlet cmdlet) =>
        cmdlet.MyInvocation.PipelinePosition == cmdlet.MyInvocation.PipelineLength;

    /// <summary>Says that there is no terminal, and how a container with one is used without.</summary>
    public static bool Require(ContainerCmdlet cmdlet, object? target)
    {
        if (HostTerminal.IsPresent) return true;
        cmdlet.WriteError(ErrorTable.NoTerminal, Messages.NoTerminalHere, target, Messages.UseConnect);
        return false;
    }

    /// <summary>How to start a container whose terminal is at the user's from its first line on.</summary>
    /// <param name="cmdlet">Whose terminal it is to be.</param>
    /// <param name="endsWithCaller">Whether it ends when this shell does.</param>
    public static StartOptions Start(PSCmdlet cmdlet, bool endsWithCaller)
    {
        System.Management.Automation.Host.Size size = cmdlet.Host.UI.RawUI.WindowSize;
        return new StartOptions
        {
            AttachStdin = true, EndsWithCaller = endsWithCaller, Width = size.Width, Height = size.Height,
        };
    }

    /// <summary>
    /// Relays until the container has ended, and sets <c>$LASTEXITCODE</c>; false when the user has detached.
    /// </summary>
    public static bool Relay(ContainerCmdlet cmdlet, ContainerRecord container, ExecSession session, string detachKey)
    {
        ContainerExit? exit;
        using (HostTerminal host = HostTerminal.TryTake()!)
        {
            using TerminalRelay relay = new(host, session)
            {
                Detach = DetachSequence.Parse(detachKey),
                Resize = (width, height) => cmdlet.Engine.Containers.Resize(container.Id, width, height),
            };
            exit = relay.Run(cmdlet.StopToken);
        }

        if (exit is not null) cmdlet.SessionState.PSVariable.Set("global:LASTEXITCODE", exit.ExitCode);
        else cmdlet.WriteVerbose(Messages.Detached(container.Name));
        return exit is not null;
    }
}
