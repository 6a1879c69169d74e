using System.Collections;
using System.Management.Automation;
using Container.Cmdlets.Binding;
using Container.Cmdlets.Completion;
using Container.Cmdlets.Errors;
using Container.Cmdlets.Interactive;
using Container.Engine.Catalog;
using Container.Engine.Monitor;
using Container.Native.Terminal;

namespace Container.Cmdlets.Commands;

/// <summary>Opens a shell in a container that runs, at the terminal; the only cmdlet that touches it.</summary>
[Cmdlet(VerbsCommon.Enter, "Container", DefaultParameterSetName = NameSet)]
[Alias("etctr")]
[OutputType(typeof(void))]
public sealed class EnterContainerCommand : ContainerSingleTargetCommand
{
    // The best shell an image is likely to have, found by the one all have.
    private static readonly string[] s_anyShell =
        ["/bin/sh", "-c", "if command -v bash > /dev/null; then exec bash; else exec sh; fi"];

    /// <summary>The shell and its arguments; bash where the container has it, else sh.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Shell { get; set; } = s_anyShell;

    /// <summary>NAME or UID, with an optional :GROUP or :GID.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(UserCompleter))]
    public string? User { get; set; }

    /// <summary>The absolute working directory inside.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? WorkingDirectory { get; set; }

    /// <summary>Environment variables over the container's.</summary>
    [Parameter]
    [MapTransformation]
    public IDictionary? Environment { get; set; }

    private protected override void ProcessContainer(ContainerRecord container)
    {
        if (!HostTerminal.IsPresent)
        {
            WriteError(ErrorTable.NoTerminal, Messages.NoTerminal, container.Name, Messages.UseInvoke);
            return;
        }

        Dictionary<string, string> environment = new(TextMap.From(Environment) ?? TextMap.Empty);
        environment.TryAdd("TERM", System.Environment.GetEnvironmentVariable("TERM") ?? "xterm");
        ExecOptions options = new()
        {
            Command = Shell,
            User = User,
            WorkingDirectory = WorkingDirectory,
            Environment = environment,
            Tty = true,
            Interactive = true,
        };
        using ExecSession session = Engine.Containers.Exec(container.Id, options, StopToken);
        ContainerExit exit;
        using (HostTerminal host = HostTerminal.TryTake()!)
        {
            using TerminalRelay relay = new(host, session);
            exit = relay.Run(StopToken)!;
        }

        SessionState.PSVariable.Set("global:LASTEXITCODE", exit.ExitCode);
    }
}
