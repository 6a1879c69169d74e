namespace Container.Engine.Settings;

/// <summary>Where the engine keeps its files; what is null comes from the environment or the default.</summary>
public sealed record EngineOptions
{
    /// <summary>
    /// State that survives a reboot: PSCONTAINER_STATE_ROOT, else what the configuration says, else
    /// /var/lib/pscontainer.
    /// </summary>
    public string? StateRoot { get; init; }

    /// <summary>State of what runs: PSCONTAINER_RUN_ROOT, else /run/pscontainer.</summary>
    public string? RunRoot { get; init; }

    /// <summary>The psrun executable: PSCONTAINER_RUNTIME, else bin/linux-x64/psrun beside the assembly.</summary>
    public string? RuntimePath { get; init; }

    /// <summary>Where systemd's journal listens: PSCONTAINER_JOURNAL_SOCKET, else /run/systemd/journal/socket.</summary>
    public string? JournalSocket { get; init; }

    /// <summary>
    /// Where the configuration files are: PSCONTAINER_CONFIG_ROOT, else /etc/pscontainer and the user's directory.
    /// </summary>
    public string? ConfigurationRoot { get; init; }

    /// <summary>
    /// A program that opens the engine and lists its containers, and its arguments: a monitor runs it when a container
    /// that removes itself has ended and this process has gone. Where it is null the next command that comes by does it.
    /// </summary>
    public IReadOnlyList<string>? Sweeper { get; init; }
}
