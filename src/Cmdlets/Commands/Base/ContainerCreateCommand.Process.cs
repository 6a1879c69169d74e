using System.Collections;
using System.Management.Automation;
using Container.Cmdlets.Binding;
using Container.Cmdlets.Completion;
using Container.Engine.Configuration;

namespace Container.Cmdlets.Commands;

public abstract partial class ContainerCreateCommand
{
    /// <summary>The command; with -ArgumentList it replaces the image's.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(CommandCompleter))]
    public virtual string? Command { get; set; }

    /// <summary>What follows the command, or the image's entry point.</summary>
    [Parameter(ValueFromRemainingArguments = true)]
    [AllowEmptyCollection]
    [AllowEmptyString]
    [Alias("Args")]
    [ArgumentCompleter(typeof(ContainerPathCompleter))]
    public virtual string[]? ArgumentList { get; set; }

    /// <summary>Replaces the image's entry point; an empty array removes it.</summary>
    [Parameter]
    [AllowEmptyCollection]
    public string[]? EntryPoint { get; set; }

    /// <summary>Environment variables over those of the image.</summary>
    [Parameter]
    [MapTransformation]
    public IDictionary? Environment { get; set; }

    /// <summary>Files of NAME=VALUE lines.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? EnvironmentFile { get; set; }

    /// <summary>Names of this shell's environment variables to pass on, with wildcards.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? InheritEnvironment { get; set; }

    /// <summary>The absolute working directory inside.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? WorkingDirectory { get; set; }

    /// <summary>NAME or UID, with an optional :GROUP or :GID.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(UserCompleter))]
    public string? User { get; set; }

    /// <summary>Further groups, names or ids.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? SupplementaryGroup { get; set; }

    /// <summary>The file mode creation mask, in octal as in 022.</summary>
    [Parameter]
    [ValidatePattern("^0?[0-7]{1,3}$")]
    public string? Umask { get; set; }

    /// <summary>Put a first process before the command that forwards signals and reaps orphans.</summary>
    [Parameter]
    public SwitchParameter Init { get; set; }

    /// <summary>
    /// Whether it is a system of its own, with systemd or another init as first process: Auto, the default, where its
    /// command is one, Always or Off.
    /// </summary>
    [Parameter]
    public ContainerSystemd? Systemd { get; set; }

    /// <summary>Give it a terminal.</summary>
    [Parameter]
    public SwitchParameter Tty { get; set; }

    /// <summary>Keep standard input open.</summary>
    [Parameter]
    public SwitchParameter Interactive { get; set; }

    /// <summary>The signal that asks it to stop.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SignalCompleter))]
    public string? StopSignal { get; set; }

    /// <summary>Seconds between that signal and SIGKILL.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int? StopTimeoutSec { get; set; }

    /// <summary>Sees to what was written for the command.</summary>
    /// <param name="target">The parameter that takes the first place.</param>
    private protected void CheckCommand(string target)
    {
        string[] arguments = DashWords.Check(this, ArgumentList ?? [], target);
        if (ArgumentList is not null) ArgumentList = arguments;
    }

    private ContainerConfiguration ConfigureProcess(ContainerConfiguration made) => made with
    {
        Command = Command ?? made.Command,
        // A command that is given comes with its own arguments, or with none.
        ArgumentList = ArgumentList ?? (Command is null ? made.ArgumentList : null),
        EntryPoint = EntryPoint ?? made.EntryPoint,
        Environment = Inherited(TextMap.From(Environment)) ?? made.Environment,
        EnvironmentFile = EnvironmentFile?.Select(HostPath).ToArray() ?? made.EnvironmentFile,
        WorkingDirectory = WorkingDirectory ?? made.WorkingDirectory,
        User = User ?? made.User,
        SupplementaryGroup = SupplementaryGroup ?? made.SupplementaryGroup,
        Umask = Umask is null ? made.Umask : Convert.ToUInt32(Umask, 8),
        Init = IsBound(nameof(Init)) ? Init : made.Init,
        Systemd = Systemd ?? made.Systemd,
        Tty = IsBound(nameof(Tty)) ? Tty : made.Tty,
        Interactive = IsBound(nameof(Interactive)) ? Interactive : made.Interactive,
        StopSignal = StopSignal ?? made.StopSignal,
        StopTimeoutSec = StopTimeoutSec ?? made.StopTimeoutSec,
    };

    private IReadOnlyDictionary<string, string>? Inherited(IReadOnlyDictionary<string, string>? given)
    {
        if (InheritEnvironment is null) return given;
        Dictionary<string, string> all = new(StringComparer.Ordinal);
        WildcardPattern[] patterns = [.. InheritEnvironment.Select(name => Wildcards.Exact(name))];
        foreach (DictionaryEntry variable in System.Environment.GetEnvironmentVariables())
        {
            string name = (string)variable.Key;
            if (patterns.Any(pattern => pattern.IsMatch(name))) all[name] = (string?)variable.Value ?? "";
        }

        foreach ((string name, string value) in given ?? TextMap.Empty) all[name] = value;
        return all;
    }
}
